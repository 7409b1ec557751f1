"""Premiere's marker list: its header, its displays of time, what its line breaks do, both encodings."""

from __future__ import annotations

from fractions import Fraction

import pytest

from adapters.carriers import codes, labels, plains, read_bytes, timeline_facts
from postsync.cueing import spot
from postsync.errors import FormatError, RateError
from postsync.formats import Claim
from postsync.model import Project, timeline_cues
from postsync.report import Report
from postsync_adapters.premiere_markers import FORMAT, sniff

HEADER = "Marker Name\tDescription\tIn\tOut\tDuration\tMarker Type\t\n"
ROW = "R106 ROBIN\tHold there!\t01:00:10:00\t01:00:11:16\t00:00:01:16\tComment\t\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_row_is_a_marker_in_any_encoding_that_it_states(encoding):
    data = (HEADER + ROW).encode(encoding)
    timeline = read_bytes(FORMAT, data, rate="24")
    (marker,) = plains(timeline)
    assert sniff(data) is Claim.CERTAIN
    assert (marker.name, marker.comment, marker.duration) == ("R106 ROBIN", "Hold there!", Fraction(40, 24))
    assert labels(timeline) == ["01:00:10:00"]
    spot(timeline, Project(), Report())
    assert [(cue.number, cue.line) for cue in timeline_cues(timeline)] == [("R106", "Hold there!")]


def test_semicolons_everywhere_are_drop_frame():
    text = HEADER + "Test\tSome comment\t00;11;23;01\t00;11;24;25\t00;00;01;24\tChapter\n"
    timeline = read_bytes(FORMAT, text)
    (marker,) = plains(timeline)
    assert (timeline_facts(timeline).rate.name, labels(timeline)) == ("29.97 DF", ["00:11:23;01"])
    assert (marker.kind, marker.duration) == ("chapter", Fraction(54 * 1001, 30000))


def test_a_description_that_runs_over_lines_and_tabs_is_put_together():
    text = HEADER + "A\tone\n\ntwo\tthree\t01:00:10:00\t01:00:10:00\t00:00:00:00\tComment\n" + ROW
    first, _ = plains(read_bytes(FORMAT, text, rate="24"))
    assert (first.name, first.comment, first.duration) == ("A", "one\n\ntwo\tthree", 0)


def test_a_header_in_another_language_is_known_by_its_rows():
    text = HEADER.replace("Marker Name", "Markername").replace("Description", "Beschreibung") + ROW
    assert sniff(text.encode()) is Claim.CERTAIN


def test_frame_numbers_are_read():
    text = HEADER + "a\t\t240\t280\t40\tComment\n"
    assert plains(read_bytes(FORMAT, text, rate="24"))[0].record_in == 10
    with pytest.raises(RateError, match="give it with --rate"):
        read_bytes(FORMAT, text)


def test_types_of_the_web_are_kept():
    (marker,) = plains(read_bytes(FORMAT, HEADER + ROW.replace("Comment", "Flash Cue Point"), rate="24"))
    assert marker.extra == {"premiere": {"type": "Flash Cue Point"}}


def test_feet_and_lists_without_rows_are_refused_with_what_to_do_and_a_broken_end_is_named():
    with pytest.raises(FormatError, match="display to timecode"):
        read_bytes(FORMAT, HEADER + "a\t\t12+04\t13+00\t0+12\tComment\n")
    report = Report()
    read_bytes(FORMAT, HEADER + ROW + "cut off\tin the mid", report, rate="24")
    assert "line-ignored" in codes(report)
