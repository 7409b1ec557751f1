"""Reaper's region and marker list: every ruler it is exported under, and cues there and back."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from adapters.carriers import (
    CUE,
    at,
    codes,
    labels,
    plains,
    read_bytes,
    timeline_facts,
    with_cues,
    with_markers,
    written,
)
from postsync.cueing import spot
from postsync.errors import FormatError
from postsync.formats import Claim
from postsync.model import Project, timeline_cues
from postsync.report import Report
from postsync_adapters.reaper_markers import FORMAT, sniff

HEADER = "#,Name,Start,End,Length,Color\n"


@pytest.mark.parametrize(
    ("start", "end"), [("62.5", "64.0"), ("1:02.500", "1:04.000"), ("0:01:02.500", "0:01:04.000"), ("00:01:02:12", "")]
)
def test_seconds_minutes_hours_and_timecode_are_read(start, end):
    text = f"{HEADER}R1,Hold there!,{start},{end},{'00:00:01:12' if not end else ''},FF0000\n"
    (marker,) = plains(read_bytes(FORMAT, text, rate="24"))
    assert sniff(text.encode()) is Claim.CERTAIN
    assert (marker.record_in, marker.duration, marker.name) == (Fraction("62.5"), Fraction("1.5"), "Hold there!")
    assert (marker.colour, marker.colour_rgb, marker.origin) == ("red", "#FF0000", "R1")


def test_a_marker_has_no_length_and_needs_no_colour_column():
    (marker,) = plains(read_bytes(FORMAT, '#,Name,Start,End,Length\nM1,"a, ""b""",1:02.500,,\n', rate="24"))
    assert (marker.duration, marker.name, marker.colour) == (0, 'a, "b"', None)


def test_times_of_a_project_with_an_offset_keep_their_hour():
    timeline = read_bytes(FORMAT, f"{HEADER}M1,a,1:00:10.000,,,\n", rate="25")
    assert (timeline_facts(timeline).start_timecode, labels(timeline)) == ("01:00:00:00", ["01:00:10:00"])


def test_the_rate_is_told_by_the_times_and_said_to_be_guessed():
    report = Report()
    rows = "".join(f"M{n},x,{float(Fraction((n * 7 + 30) * 1001, 30000)):.3f},,,\n" for n in range(1, 20))
    timeline = read_bytes(FORMAT, HEADER + rows, report)
    assert timeline_facts(timeline).rate.name == "29.97"
    assert codes(report)[0] == "rate-guessed"
    assert all((one.record_in * Fraction(30000, 1001)).denominator == 1 for one in plains(timeline))


@pytest.mark.parametrize("start", ["5.1.00", "7760000"])
def test_bars_and_samples_are_refused_with_what_to_do(start):
    with pytest.raises(FormatError, match="set the ruler to seconds or timecode"):
        read_bytes(FORMAT, f"{HEADER}R1,a,{start},,,\n")


def test_a_table_without_its_header_is_refused():
    with pytest.raises(FormatError, match="the header #,Name"):
        read_bytes(FORMAT, "a,b\n1,2\n")


def test_a_time_that_is_none_is_named():
    report = Report()
    read_bytes(FORMAT, f"{HEADER}M1,a,soon,,,\nM2,b,1.0,,,\n", report, rate="24")
    assert "line-ignored" in codes(report)


def test_cues_are_regions_and_come_back_with_their_uid_and_colour():
    text = written(FORMAT, with_cues(CUE, replace(CUE, uid="7KQ2M9XE", number="R107", record_out=None))).decode()
    assert text.splitlines()[1:] == [
        "R1,R106 ROBIN: Hold there! {adr=7KQ2M9XD},1:00:10.000000000,1:00:11.666666667,0:00:01.666666667,E12401",
        "M1,R107 ROBIN: Hold there! {adr=7KQ2M9XE},1:00:10.000000000,,,E12401",
    ]
    back = read_bytes(FORMAT, text, rate="24")
    spot(back, Project(), Report())
    assert timeline_cues(back)[0] == CUE
    assert timeline_cues(back)[1].record_out is None


def test_timecode_is_written_where_it_is_asked_for():
    text = written(FORMAT, with_cues(CUE), times="timecode").decode()
    assert "01:00:10:00,01:00:11:16,00:00:01:16" in text


def test_plain_markers_go_along_with_their_comments_after_their_names():
    text = written(FORMAT, with_markers(at(24, name="VFX", comment="clean up", frames=12))).decode()
    assert "R1,VFX: clean up,1:00:01.000000000,1:00:01.500000000" in text
