"""A sample of the pairs of carriers: each with the next. All of them: `python benchmarks/cue_pairs.py`."""

from __future__ import annotations

import pytest

import postsync
from carrier_pairs import Pairs, carriers
from cue_matrix import made_timeline
from postsync.formats import conversion

CARRIERS = carriers()
SAMPLE = list(zip(CARRIERS, [*CARRIERS[1:], CARRIERS[0]], strict=True))


@pytest.fixture(scope="module")
def pairs():
    return Pairs(made_timeline(15, seed=6))


@pytest.mark.parametrize(("first", "second"), SAMPLE)
def test_no_cue_loses_its_uid_what_both_hold_comes_through_and_the_rest_is_named(pairs, first, second):
    found = pairs.through(first, second)
    assert (found.uids, found.wrong, found.unnamed) == (found.cues, [], [])
    assert found.fields > 0


@pytest.mark.parametrize(
    ("name", "written_as"),
    [
        ("R1.csv", "cue_table"), ("R1.fairlight.csv", "fairlight_adr"), ("R1.reaper.csv", "reaper_markers"),
        ("R1.rpp", "reaper_project"), ("R1.cubase.xml", "cubase_archive"), ("R1.srt", "srt"), ("R1.vtt", "webvtt"),
        ("R1.ttml", "ttml"), ("R1.dapt", "dapt"), ("R1.wav", "wav_markers"),
    ],
)  # fmt: skip
def test_a_name_says_which_carrier_is_written_and_its_content_which_is_read(tmp_path, name, written_as):
    timeline = made_timeline(3, seed=1)
    assert conversion.format_for_writing(tmp_path / name, None, None, timeline).name == written_as
    postsync.write(timeline, tmp_path / name)
    assert conversion.recognise(tmp_path / name).name == written_as
