"""A made shoot with every mishap, conformed by lists of every kind: nothing is wrong, what waits is explained.

`benchmarks/rushes.py` runs the whole of it.
"""

from __future__ import annotations

import pytest

from made_rushes import rushes_of_list
from made_shoot import LISTS, conformed_list, heard_shoot, judged, made_shoot
from postsync.conforming.rushes import recordings_of
from postsync.conforming.rushes.book import Book
from postsync.conforming.rushes.events import events_of
from postsync.conforming.rushes.matching import match_events
from postsync.formats.conversion import read_file
from postsync.model import timeline_facts
from postsync.report import Report
from postsync.verbs import rushes_index


@pytest.fixture(scope="module")
def shoot(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shoot")
    made = made_shoot(3, files=2200, events=200)
    made.write(folder / "rushes")
    rushes_index([folder / "rushes"], out=folder / "film.sqlite", jobs=1)
    return made, folder


@pytest.mark.parametrize("name", LISTS)
def test_nothing_of_a_list_is_wrong_and_nearly_all_is_placed(shoot, name):
    made, folder = shoot
    done, truths = conformed_list(made, name, folder / "film.sqlite", folder)
    found = judged(done.conform, truths, folder / "rushes", name)
    assert found.wrong == []
    assert found.right >= 0.85 * found.events


def test_with_sound_at_hand_all_that_is_placed_is_proven_on_its_sample(tmp_path):
    made, room = heard_shoot(5, 16, tmp_path)
    done, truths = conformed_list(made, "synced.otio", tmp_path / "rushes", tmp_path, search=[room], check=True)
    found = judged(done.conform, truths, tmp_path / "rushes", "synced.otio", exact=True)
    assert found.wrong == []
    assert found.right == 16
    assert all(match.proof.same for match in done.conform.placed)


@pytest.mark.parametrize("name", ["INS4_R1_DX_092117.edl", "INS4_R3_DX_092117.edl", "ToD_R4_LOCK3.1_030618_Video.edl"])
def test_every_event_of_a_real_list_is_placed_on_rushes_made_of_its_reels_and_times(corpus, name):
    timeline = read_file(corpus / "edl" / "pycmx" / name, Report()).choose()
    events = events_of(timeline)
    found = match_events(events, Book.of(recordings_of(rushes_of_list(events))), timeline_facts(timeline))
    with_source = [match for match in found.matches if match.event.roll and match.event.timed]
    assert len(with_source) > 300
    assert [match.event.name for match in with_source if not match.placed] == []
    assert all(match.pieces[0].recording.first.roll == match.event.roll_text for match in with_source)
