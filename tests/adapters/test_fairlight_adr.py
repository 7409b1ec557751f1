"""The cue list of Fairlight's ADR panel: both widths, what hands do to it, and cues there and back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from adapters.carriers import CUE, codes, cues_of, read_bytes, timeline_facts, with_cues, written
from postsync.errors import CannotWrite, FormatError
from postsync.formats import Claim
from postsync.model import timeline_cues
from postsync.report import Report
from postsync_adapters.fairlight_adr import FORMAT, sniff

SIX = '"1","01:00:05:00","01:00:07:12","MARY","I never said that.<br>Never.","False"\n'
FOUR = '"01:00:05:00","01:00:07:12","MARY","I never said that.<br>Never."\n'


@pytest.mark.parametrize("text", [SIX, FOUR, "\ufeff" + SIX, FOUR.replace('"', ""), SIX.replace("<br>", "<BR />")])
def test_both_widths_are_read_quoted_or_not(text):
    timeline = read_bytes(FORMAT, text, rate="24")
    assert sniff(text.encode()) is Claim.CERTAIN
    assert cues_of(timeline) == [(120, 180, None, "mary", "I never said that.\nNever.")]
    assert timeline_facts(timeline).start_timecode == "01:00:00:00"


def test_a_row_that_is_done_is_recorded():
    (cue,) = timeline_cues(read_bytes(FORMAT, SIX.replace("False", "True"), rate="24"))
    assert cue.status == "recorded"


def test_a_comma_in_dialogue_that_nobody_quoted_stays_in_it():
    text = "01:00:05:00,01:00:07:12,MARY,Well, never.\n"
    assert cues_of(read_bytes(FORMAT, text, rate="24"))[0][4] == "Well, never."


def test_the_number_stands_before_the_dialogue_with_two_spaces_and_comes_back():
    text = written(FORMAT, with_cues(CUE)).decode()
    assert text == '"1","01:00:10:00","01:00:11:16","ROBIN","R106  Hold there!","False"\n'
    assert cues_of(read_bytes(FORMAT, text, rate="24")) == [(240, 280, "R106", "robin", "Hold there!")]


def test_the_number_can_be_left_out_and_is_then_named_as_lost():
    report = Report()
    text = written(FORMAT, with_cues(CUE), report, number="none", columns=4).decode()
    assert text == '"01:00:10:00","01:00:11:16","ROBIN","Hold there!"\n'
    assert ("cue-field-not-carried", "number") in [(loss.code, loss.facts.get("field")) for loss in report]


def test_with_the_tag_the_cue_keeps_its_uid_and_whole_record():
    cue = replace(CUE, line="Hold\nthere, <you>!", note="plane", priority=2, colour=None)
    text = written(FORMAT, with_cues(cue), tags="full").decode()
    (back,) = timeline_cues(read_bytes(FORMAT, text, rate="24", start="01:00:00:00"))
    assert back == cue


def test_markers_that_are_no_cues_stay_out_and_are_named():
    from adapters.carriers import at, with_markers

    report = Report()
    assert written(FORMAT, with_markers(at(10, name="Fix colour")), report) == b""
    assert codes(report) == ["feature-not-carried"]


def test_rows_without_times_are_named():
    report = Report()
    read_bytes(FORMAT, SIX + '"2","soon","later","MARY","Well","False"\n', report, rate="24")
    assert "line-ignored" in codes(report)


def test_rates_whose_frames_have_three_digits_are_refused_in_one_sentence():
    with pytest.raises(CannotWrite, match="frames of two digits"):
        written(FORMAT, with_cues(CUE, rate="120"))


def test_a_table_of_something_else_is_refused_in_one_sentence():
    assert sniff(b"name,age\nMary,7\n") is Claim.NO
    with pytest.raises(FormatError, match="rows of id, in, out"):
        read_bytes(FORMAT, "name,age\nMary,7\n")
