"""WebVTT: voices, identifiers, styles, and cues there and back."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from adapters.carriers import CUE, codes, cues_of, plains, read_bytes, with_cues, written
from postsync.errors import FormatError
from postsync.formats import Claim
from postsync.model import timeline_cues
from postsync.report import Report
from postsync_adapters.webvtt import FORMAT, sniff

FILE = """WEBVTT - R1

STYLE
::cue { color: lime }

NOTE of nobody

R106
00:10.000 --> 00:11.667 align:start
<v.loud ROBIN>Hold &amp; <i>wait</i>!</v>

00:00:12.000 --> 00:00:13.000
Nobody says this
"""


def test_a_voice_makes_a_cue_and_its_identifier_the_number():
    timeline = read_bytes(FORMAT, FILE, rate="24")
    assert sniff(FILE.encode()) is Claim.CERTAIN
    assert cues_of(timeline) == [(240, 280, "R106", "robin", "Hold & wait!")]
    assert [(one.record_in, one.comment, one.kind) for one in plains(timeline)[1:]] == [
        (12, "Nobody says this", "caption")
    ]


def test_several_voices_in_a_block_are_a_cue_each():
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v A>One</v>\n<v B>Two\n"
    assert [cue[3:] for cue in cues_of(read_bytes(FORMAT, text, rate="24"))] == [("a", "One"), ("b", "Two")]


def test_styles_and_notes_are_written_again():
    text = written(FORMAT, read_bytes(FORMAT, FILE, rate="24")).decode()
    assert text.startswith("WEBVTT - R1\n\nSTYLE\n::cue { color: lime }\n\nNOTE of nobody\n\nR106 {adr=")


def test_identifiers_that_only_count_are_no_numbers():
    text = "WEBVTT\n\n7\n00:01.000 --> 00:02.000\n<v A>One\n"
    assert cues_of(read_bytes(FORMAT, text, rate="24"))[0][2] is None


def test_the_tag_stands_in_the_identifier_and_the_cue_comes_back():
    cue = replace(CUE, line="Hold <there>\n-> & wait", colour=None)
    data = written(FORMAT, with_cues(cue, replace(cue, uid="7KQ2M9XE", number="R107", record_out=None)))
    assert b"R106 {adr=7KQ2M9XD}\n00:00:10.000 --> 00:00:11.667\n<v ROBIN>Hold &lt;there&gt;" in data
    back = timeline_cues(read_bytes(FORMAT, data, rate="24", start="01:00:00:00"))
    assert back == [cue, replace(cue, uid="7KQ2M9XE", number="R107", record_out=None)]


def test_a_tag_that_is_full_brings_the_whole_record():
    cue = replace(CUE, colour=None, note="plane --> over", priority=1, status="recorded")
    data = written(FORMAT, with_cues(cue), tags="full")
    assert timeline_cues(read_bytes(FORMAT, data, rate="24", start="01:00:00:00")) == [cue]


def test_a_block_without_times_is_named():
    report = Report()
    read_bytes(FORMAT, "WEBVTT\n\nabc\ndef\n", report, rate="24")
    assert "line-ignored" in codes(report)


def test_a_file_without_the_signature_is_refused():
    assert sniff(b"WEBVTTX") is Claim.NO
    with pytest.raises(FormatError, match="the signature WEBVTT"):
        read_bytes(FORMAT, "1\n00:01.000 --> 00:02.000\nx\n")


def test_milliseconds_of_a_frame_are_the_frame_again():
    text = "WEBVTT\n\n00:01.418 --> 00:02.000\n<v A>One\n"
    (cue,) = timeline_cues(read_bytes(FORMAT, text, rate="23.976"))
    assert (cue.record_in, cue.precise_in) == (34, None)
    assert Fraction(34 * 1001, 24000) != Fraction("1.418")
