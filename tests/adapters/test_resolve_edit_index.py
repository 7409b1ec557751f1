"""Resolve's edit index: markers among clips, columns by their names."""

from __future__ import annotations

from fractions import Fraction

import pytest

from adapters.carriers import codes, plains, read_bytes
from postsync.errors import FormatError
from postsync.formats import Claim
from postsync.report import Report
from postsync_adapters.resolve_edit_index import FORMAT, sniff

HEADER = ["#", "Reel", "V", "C", "Source In", "Source Out", "Record In", "Record Out", "Name", "Color", "Notes"]
CLIP = ["1", "A001", "V1", "C", "01:00:00:00", "01:00:02:00", "01:00:00:00", "01:00:02:00", "A001_C003", "", ""]
MARKER = ["2", "", "", "", "", "", "01:00:10:00", "01:00:11:16", "R106 ROBIN", "Red", "Hold, there!"]


def table(delimiter, *rows):
    return "".join(delimiter.join(f'"{cell}"' for cell in row) + "\r\n" for row in (HEADER, *rows))


@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_rows_without_a_source_are_markers_and_clips_are_counted(delimiter):
    text, report = table(delimiter, CLIP, MARKER), Report()
    (marker,) = plains(read_bytes(FORMAT, text, report, rate="24", start="01:00:00:00"))
    assert sniff(text.encode()) is Claim.CERTAIN
    assert (marker.record_in, marker.duration, marker.name) == (10, Fraction(40, 24), "R106 ROBIN")
    assert (marker.colour, marker.comment) == ("red", "Hold, there!")
    assert [(loss.code, loss.facts["name"]) for loss in report] == [("element-ignored", "1 row of clips")]


def test_columns_are_found_by_their_names_in_any_order():
    text = "Colour,Notes,Record Out,Name,Record In\nSky,note,01:00:00:01,x,01:00:00:00\n"
    (marker,) = plains(read_bytes(FORMAT, text, rate="24"))
    assert (marker.name, marker.colour, marker.comment, marker.duration) == ("x", "sky", "note", 0)


def test_a_row_without_a_time_is_named_and_another_table_refused():
    report = Report()
    read_bytes(FORMAT, table(",", MARKER, ["x"] * 11), report, rate="24")
    assert "line-ignored" in codes(report)
    assert sniff(b"cue,in,out\n") is Claim.NO
    with pytest.raises(FormatError, match="Record In, Record Out and Name"):
        read_bytes(FORMAT, "cue,in,out\n1,2,3\n")
