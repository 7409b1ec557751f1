"""Track archives of Cubase: markers on ticks and on seconds, tempo ramps, and cues there and back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from adapters.carriers import CUE, codes, labels, plains, read_bytes, read_path, timeline_facts, with_cues, written
from postsync.cueing import spot
from postsync.errors import FormatError
from postsync.formats import Claim
from postsync.model import Project, timeline_cues
from postsync.report import Report
from postsync_adapters.cubase_archive import FORMAT, sniff


@pytest.mark.parametrize(
    ("name", "markers", "rate", "start"),
    [("BasicMarkers", 3, "23.976", "00:59:59:10"), ("MusicalAndLinearTest", 20, "30", "01:00:00:00")],
)
def test_every_marker_of_a_real_archive_is_read_at_the_clock_that_it_states(corpus, name, markers, rate, start):
    path, report = corpus / "cues" / "cubase" / f"{name}.xml", Report()
    timeline = read_path(FORMAT, path, report)
    facts = timeline_facts(timeline)
    assert sniff(path.read_bytes()[:4096]) is Claim.CERTAIN
    assert (len(plains(timeline)), facts.rate.name, facts.start_timecode) == (markers, rate, start)
    assert codes(report) == []


def test_a_linear_marker_stands_where_the_program_shows_it(corpus):
    timeline = read_path(FORMAT, corpus / "cues" / "cubase" / "BasicMarkers.xml")
    assert labels(timeline)[0] == "01:00:00:00"
    assert plains(timeline)[0].attached_to.track == "TC Markers"


def test_ticks_over_tempo_changes_and_a_ramp_are_the_seconds_of_the_same_markers(corpus):
    found = {"Markers": [], "TC Markers": []}
    for one in plains(read_path(FORMAT, corpus / "cues" / "cubase" / "MusicalAndLinearTest.xml")):
        found[one.attached_to.track].append((one.name, one.record_in, one.duration))
    for (name, start, length), (named, second, lasting) in zip(*found.values(), strict=True):
        assert name == named
        assert abs(start - second) < 0.00003 and abs(length - lasting) < 0.00001


def test_cues_become_cycle_markers_on_a_track_for_each_character_and_come_back():
    marian = replace(CUE, uid="7KQ2M9XE", number="M1", character="marian", line='"No" & <never>', record_out=None)
    data = written(FORMAT, with_cues(CUE, marian, rate="23.976"))
    assert b'"MRangeMarkerEvent"' in data and b'"FrameType" value="12"' in data
    back = read_bytes(FORMAT, data)
    assert [one.attached_to.track for one in plains(back)] == ["MARIAN", "ROBIN"]
    spot(back, Project(), Report())
    assert sorted((replace(cue, colour="red") for cue in timeline_cues(back)), key=lambda cue: cue.number) == [
        marian,
        CUE,
    ]


def test_all_cues_go_on_one_track_where_that_is_asked_for():
    back = read_bytes(FORMAT, written(FORMAT, with_cues(CUE), tracks="one"))
    assert plains(back)[0].attached_to.track == "Markers"


def test_tracks_that_are_no_marker_tracks_are_named(corpus):
    data = (corpus / "cues" / "cubase" / "BasicMarkers.xml").read_bytes()
    report = Report()
    read_bytes(FORMAT, data.replace(b"MMarkerTrackEvent", b"MAudioTrackEvent", 1), report)
    assert codes(report) == ["element-ignored"]


def test_an_archive_without_markers_and_one_that_defines_entities_are_refused():
    with pytest.raises(FormatError, match="a marker track"):
        read_bytes(FORMAT, "<tracklist2/>")
    with pytest.raises(FormatError, match="entities of its own"):
        read_bytes(FORMAT, '<!DOCTYPE t [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><tracklist2>&b;</tracklist2>')


def test_a_number_that_is_none_is_named_with_its_line():
    text = written(FORMAT, with_cues(CUE)).decode().replace('"Start" value="10"', '"Start" value="ten"')
    with pytest.raises(FormatError, match=r"line \d+.*a number for Start"):
        read_bytes(FORMAT, text)
