"""Tables of markers by their headers: columns in any order, any delimiter, and what is no such table."""

from __future__ import annotations

from fractions import Fraction

import pytest

from adapters.carriers import codes, labels, plains, read_bytes
from postsync.cueing import spot
from postsync.errors import FormatError
from postsync.formats import Claim
from postsync.model import Project, timeline_cues
from postsync.report import Report
from postsync_adapters.marker_table import FORMAT, sniff

ROWS = [
    ["ID", "Description", "Position", "End", "Length", "Track"],
    ["1", "R106 ROBIN: Hold, there!", "01:00:10:00", "01:00:11:16", "00:00:01:16", "ROBIN"],
    ["2", "Fix colour", "01:00:20:00", "", "", "Markers"],
]


def table(rows, mark=","):
    return "\r\n".join(mark.join(f'"{cell}"' for cell in row) for row in rows).encode()


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_columns_are_known_by_their_headers_whatever_parts_them(mark):
    data = table(ROWS, mark)
    timeline = read_bytes(FORMAT, data, rate="24")
    first, second = plains(timeline)
    assert sniff(data) is Claim.MAYBE
    assert labels(timeline) == ["01:00:10:00", "01:00:20:00"]
    assert (first.duration, second.duration, first.attached_to.track) == (Fraction(40, 24), 0, "ROBIN")
    spot(timeline, Project(), Report())
    assert [(cue.number, cue.line) for cue in timeline_cues(timeline)] == [("R106", "Hold, there!")]


def test_a_list_of_seconds_and_durations_with_columns_that_say_nothing_is_read():
    text = "Name\tStart\tDuration\tTime Format\tType\tDescription\nROBIN\t0:10.500\t0:01.250\tdecimal\tCue\tNo!\n"
    (marker,) = plains(read_bytes(FORMAT, text.encode(), rate="24", start="00:00:00:00"))
    assert (marker.record_in, marker.duration) == (Fraction(21, 2), Fraction(5, 4))
    assert (marker.name, marker.comment) == ("ROBIN", "No!")


@pytest.mark.parametrize(
    "text", ["ID,Position\n1,01:00:00:00\n", "Character,Start,Line\nA,01:00:00:00,No\n", "", "Name,Start\nA,B\n"]
)
def test_a_table_with_other_columns_is_not_one_of_markers(text):
    assert sniff(text.encode()) is Claim.NO


def test_bars_are_refused_and_rows_without_a_time_are_named():
    with pytest.raises(FormatError, match="tempo map"):
        read_bytes(FORMAT, b"Name,Position\nA,5.1.1\n", rate="24")
    report = Report()
    read_bytes(FORMAT, b"Name,Position\nA,01:00:00:00\nB,\n", report, rate="24")
    assert "line-ignored" in codes(report)
