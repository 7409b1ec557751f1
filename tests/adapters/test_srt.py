"""SubRip: what editors write and players forgive, and cues there and back."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from adapters.carriers import (
    CUE,
    at,
    codes,
    cues_of,
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
from postsync_adapters.srt import FORMAT, sniff
from postsync_adapters.webvtt import FORMAT as VTT

PLAIN = "1\n00:00:10,000 --> 00:00:11,667\nHold there!\n\n2\n00:00:12,000 --> 00:00:13,000\nNo!\n"


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        "\ufeff" + PLAIN.replace("\n", "\r\n"),
        PLAIN.replace(",", "."),
        PLAIN.replace("667", "667  X1:40 X2:600 Y1:20"),
    ],
)
def test_marks_line_ends_and_coordinates_are_no_hindrance(text):
    timeline = read_bytes(FORMAT, text, rate="24")
    first, second = plains(timeline)
    assert sniff(text.encode()) is Claim.CERTAIN
    assert (first.record_in, first.duration, first.comment) == (10, Fraction(40, 24), "Hold there!")
    assert (second.comment, second.kind) == ("No!", "caption")


def test_formatting_is_kept_beside_the_text():
    text = '1\n00:00:01,000 --> 00:00:02,000\n{\\an8}<i>Hold</i> <font color="#fff">there</font> {softly}!\n'
    (marker,) = plains(read_bytes(FORMAT, text, rate="24"))
    assert marker.comment == "Hold there {softly}!"
    assert "<i>" in marker.extra["srt"]["text"]


def test_an_empty_line_inside_a_text_ends_nothing_and_a_number_in_it_is_text():
    text = "1\n00:00:01,000 --> 00:00:02,000\nHow many?\n\n7\n\n2\n00:00:03,000 --> 00:00:04,000\nOh.\n"
    assert [one.comment for one in plains(read_bytes(FORMAT, text, rate="24"))] == ["How many?\n\n7", "Oh."]


def test_subtitles_are_no_cues_until_that_is_asked_for():
    timeline = read_bytes(FORMAT, PLAIN.replace("Hold", "ROBIN: Hold"), rate="24")
    spot(timeline, Project(), Report())
    assert cues_of(timeline) == []
    spot(timeline, Project(), Report(), all_markers=True)
    assert cues_of(timeline)[0][3:] == ("robin", "Hold there!")


def test_times_from_an_hour_on_are_taken_for_timecode():
    timeline = read_bytes(FORMAT, PLAIN.replace("00:00:1", "01:00:1"), rate="23.976")
    assert timeline_facts(timeline).start_timecode == "01:00:00:00"
    assert plains(timeline)[0].record_in == Fraction(240 * 1001, 24000)


def test_the_line_is_written_after_the_name_and_viewers_see_no_tag():
    assert written(FORMAT, with_cues(CUE)).decode() == "1\n00:00:10,000 --> 00:00:11,667\nROBIN: Hold there!\n\n"
    assert "\nHold there!\n" in written(FORMAT, with_cues(CUE), text="line").decode()
    assert "\nR106 ROBIN: Hold there!\n" in written(FORMAT, with_cues(CUE), text="number").decode()


def test_the_timecode_is_written_where_it_is_asked_for():
    assert "01:00:10,000 --> 01:00:11,667" in written(FORMAT, with_cues(CUE, rate="23.976"), times="timecode").decode()


def test_with_the_tag_a_cue_comes_back_whole():
    cues = [
        replace(CUE, colour=None, note="plane"),
        replace(CUE, uid="7KQ2M9XE", number=None, line="NOTE: x", character=None),
    ]
    cues[1] = replace(cues[1], record_in=300, record_out=None, colour=None)
    data = written(FORMAT, with_cues(*cues), tags="full")
    assert timeline_cues(read_bytes(FORMAT, data, rate="24", start="01:00:00:00")) == cues


def test_a_cue_without_an_out_is_shown_as_long_as_it_takes_to_read_and_the_report_says_so():
    report = Report()
    cues = [
        replace(CUE, record_out=None),
        replace(CUE, uid="7KQ2M9XE", record_in=480, record_out=None, line="Nobody will come for us. " * 3),
    ]
    data = written(FORMAT, with_cues(*cues), report).decode()
    assert "00:00:10,000 --> 00:00:11,000" in data
    assert "00:00:20,000 --> 00:00:23,529" in data
    assert [loss.code for loss in report if loss.level == "note"] == ["cue-shown-to-be-read"] * 2


@pytest.mark.parametrize("fmt", [FORMAT, VTT], ids=["srt", "webvtt"])
def test_a_cue_that_lasts_as_long_as_its_line_takes_to_read_has_its_out_in_the_tag(fmt):
    cue = replace(CUE, colour=None, record_out=CUE.record_in + 24)
    data = written(fmt, with_cues(cue), tags="uid")
    (back,) = timeline_cues(read_bytes(fmt, data, rate="24", start="01:00:00:00"))
    assert (back.record_in, back.record_out) == (cue.record_in, cue.record_out)
    other = written(fmt, with_cues(replace(cue, record_out=CUE.record_in + 25)), tags="uid")
    assert b"o=" in data and b"o=" not in other


def test_what_does_not_fit_is_named():
    report = Report()
    written(FORMAT, with_cues(CUE), report)
    assert [(loss.code, loss.facts.get("field")) for loss in report if "field" in loss.facts] == [
        ("cue-field-not-carried", "number"),
        ("cue-field-not-carried", "colour"),
    ]
    report = Report()
    assert written(FORMAT, with_markers(at(10, name="Fix colour")), report) == b""
    assert set(codes(report)) == {"feature-not-carried"}


def test_subtitles_that_were_moved_before_the_beginning_keep_their_times():
    text = PLAIN.replace("00:00:10,000", "-00:00:01,500")
    assert sniff(text.encode()) is Claim.CERTAIN
    first = plains(read_bytes(FORMAT, text.encode(), rate="24"))[0]
    assert (first.record_in, first.comment) == (Fraction(-3, 2), "Hold there!")


def test_strays_ahead_of_the_first_subtitle_hide_no_format():
    assert sniff(f"Translated by nobody\n\n{PLAIN}".encode()) is Claim.CERTAIN


def test_a_text_without_times_is_refused():
    with pytest.raises(FormatError, match="00:00:10,000 -->"):
        read_bytes(FORMAT, "1\nHold there!\n")
