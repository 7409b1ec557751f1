"""Sound nested in every way that Final Cut has, turned over and played from the AAF on made media."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from null_documents import CASES
from null_test import null_test, sound_clips
from postsync.verbs import opened

DOCUMENTS = ["CompoundClips", "MulticamMarkers", "SyncClipRoles", "JFK_Moon_Demo_START", "resolve_1.10_multicam_25in24"]


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest, tmp_path: Path):
    path = tmp_path / "document.fcpxml"
    path.write_text(CASES[request.param].text(), encoding="utf-8")
    return path, CASES[request.param]


def test_what_is_read_is_what_must_sound(case):
    path, wanted = case
    found = Counter(
        (clip.media.name, channel, clip.record_in, clip.record_out, clip.source_in)
        for clip in sound_clips(opened(path).choose(None))
        for channel in clip.facts.channels
    )
    assert found == Counter(wanted.heard)


def test_what_is_written_sounds_at_every_sample_that_is_asked(case, tmp_path):
    path, wanted = case
    outcome = null_test(path, tmp_path)
    assert (outcome.faults, outcome.right) == ([], len(wanted.heard))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_real_documents_that_nest_their_sound_play_as_they_are_read(corpus, tmp_path, name):
    outcome = null_test(corpus / "fcpxml" / f"{name}.fcpxml", tmp_path)
    assert (outcome.faults, outcome.right) == ([], outcome.clips)
