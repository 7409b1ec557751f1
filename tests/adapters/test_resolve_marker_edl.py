"""Resolve's marker EDL: real lists, and what the writer must do to them."""

from __future__ import annotations

import io
from fractions import Fraction
from pathlib import Path
from typing import Any

import opentimelineio as otio
import pytest

import postsync
from postsync.errors import FormatError
from postsync.formats import Claim
from postsync.model import (
    Character,
    Cue,
    PlainMarker,
    TimelineFacts,
    cue_marker,
    put_characters,
    put_timeline_facts,
    timeline_facts,
    timeline_markers,
    to_otio_marker,
)
from postsync.report import Report
from postsync.timing import Rate, as_rate, seconds_of_frame
from postsync_adapters.resolve_marker_edl import MarkerEdlReadOptions, MarkerEdlWriteOptions, read, sniff, write

REAL = {
    "resolve/marker-edl/notes_and_colours_quoted.edl": (5, "25", "00:00:00:00"),
    "cues/resolve/markers_with_notes_fr.edl": (9, "24", "01:00:00:00"),
    "edl/Remendo-Minecraft/Timeline 1.edl": (82, "29.97", "01:00:00:00"),
    "edl/Remendo-Minecraft/Timeline 3.edl": (51, "29.97", "01:00:00:00"),
    "edl/edl-to-youtube/example.edl": (13, "25", "00:00:00:00"),
}


def read_bytes(data: bytes, report: Report | None = None, **options: Any) -> Any:
    (timeline,) = read(io.BytesIO(data), Report() if report is None else report, MarkerEdlReadOptions(**options))
    return timeline


def written(timeline: Any, report: Report | None = None, **options: Any) -> str:
    file = io.BytesIO()
    write(timeline, file, Report() if report is None else report, MarkerEdlWriteOptions(**options))
    return file.getvalue().decode()


def plains(timeline: Any) -> list[PlainMarker]:
    return [plain for _, plain in timeline_markers(timeline)]


def essence(timeline: Any) -> list[tuple[Any, ...]]:
    return [(one.record_in, one.duration, one.name, one.comment, one.colour) for one in plains(timeline)]


def make(*markers: PlainMarker, rate: str = "24", start: int | None = None) -> Any:
    exact = as_rate(rate)
    timeline = otio.schema.Timeline("R1")
    put_timeline_facts(timeline, TimelineFacts(exact, 3600 * exact.nominal if start is None else start))
    timeline.tracks.markers.extend(to_otio_marker(marker, exact.fps) for marker in markers)
    return timeline


def at(frame: int, rate: str = "24", **facts: Any) -> PlainMarker:
    return PlainMarker(seconds_of_frame(frame, as_rate(rate)), **facts)


def event(times: str, body: str, number: int = 1) -> bytes:
    return (
        f"TITLE: T\nFCM: NON-DROP FRAME\n\n{number:03}  001      V     C        {times} {times}  \n{body}\n\n".encode()
    )


ONE = "01:00:10:00 01:00:10:01"


@pytest.mark.parametrize("name", REAL)
def test_every_marker_of_a_real_list_is_read(corpus: Path, name: str) -> None:
    count, rate, start = REAL[name]
    data = (corpus / name).read_bytes()
    timeline = read_bytes(data)
    facts = timeline_facts(timeline)
    assert sniff(data[:4096]) is Claim.CERTAIN
    assert (len(plains(timeline)), facts.rate.name, facts.start_timecode) == (count, rate, start)


@pytest.mark.parametrize("name", REAL)
def test_a_real_list_written_again_reads_the_same(corpus: Path, name: str) -> None:
    timeline = read_bytes((corpus / name).read_bytes())
    again = read_bytes(written(timeline).encode(), rate=timeline_facts(timeline).rate)
    assert essence(again) == essence(timeline)


def test_a_real_list_in_order_is_written_byte_for_byte(corpus: Path) -> None:
    data = (corpus / "resolve/marker-edl/notes_and_colours_quoted.edl").read_bytes()
    assert written(read_bytes(data)).rstrip() == data.decode().rstrip()


def test_the_rate_and_the_start_are_said_to_be_guessed(corpus: Path) -> None:
    report = Report()
    read_bytes((corpus / "cues/resolve/markers_with_notes_fr.edl").read_bytes(), report)
    assert {loss.code: loss.level for loss in report} == {"rate-guessed": "loss", "start-guessed": "note"}


def test_given_rate_and_start_nothing_is_guessed(corpus: Path) -> None:
    report = Report()
    data = (corpus / "cues/resolve/markers_with_notes_fr.edl").read_bytes()
    timeline = read_bytes(data, report, rate=as_rate("23.976"), start="00:59:50:00")
    assert timeline_facts(timeline).start_timecode == "00:59:50:00" and not report.losses
    assert plains(timeline)[0].record_in == Fraction((28 * 24 + 6) * 1001, 24000)


def test_a_note_that_ends_in_a_line_break_is_read(corpus: Path) -> None:
    timeline = read_bytes((corpus / "cues/resolve/markers_with_notes_fr.edl").read_bytes())
    marker = next(one for one in plains(timeline) if one.name == "Marker 72")
    assert marker.comment == "Tache claire en haut a gauche et en bas"


def test_lengths_are_frames_and_one_frame_is_a_point(corpus: Path) -> None:
    timeline = read_bytes((corpus / "edl/edl-to-youtube/example.edl").read_bytes())
    assert plains(timeline)[0].duration == Fraction(976, 25)
    assert plains(read_bytes(event(ONE, " |C:ResolveColorBlue |M:A |D:1")))[0].duration == 0


def test_a_work_that_remembers_a_marker_list_is_opened_as_a_work(tmp_path: Path) -> None:
    postsync.write(read_bytes(event(ONE, " |C:ResolveColorBlue |M:A |D:1")), tmp_path / "work.otio")
    again, _ = postsync.read(tmp_path / "work.otio")
    assert [marker.name for marker in again.tracks.markers] == ["A"]


def test_a_length_beyond_the_markers_own_frame_is_the_frame_it_ends_on() -> None:
    report = Report()
    text = event(ONE, " |C:ResolveColorBlue |M:A |D:86688").decode()  # 01:00:10:00 is frame 86640
    more = (
        "002  001      V     C        01:00:20:00 01:00:20:01 01:00:20:00 01:00:20:01\n |C:ResolveColorRed |M:B |D:1\n"
    )
    first, second = plains(read_bytes((text + more).encode(), report, rate=as_rate("24")))
    assert (first.duration, second.duration) == (2, 0)
    assert any(loss.facts.get("now") == "48 frames" for loss in report)
    early = (
        "TITLE: T\n\n001  001  V  C  00:00:01:00 00:00:01:01 00:00:01:00 00:00:01:01\n |C:ResolveColorBlue |M:A |D:48\n"
    )
    assert plains(read_bytes(early.encode(), rate=as_rate("24")))[0].duration == 2


@pytest.mark.parametrize("body", ["note |C:ResolveColorRed |D:48", "note |M:A |D:48", "note |D:48"])
def test_a_marker_without_a_name_or_a_colour_is_read(body: str) -> None:
    first = event("01:00:09:00 01:00:09:01", " |C:ResolveColorBlue |M:first |D:1").decode()
    again = plains(read_bytes((first + event(ONE, body, 2).decode()).encode(), rate=as_rate("24")))
    assert [(marker.comment, marker.duration) for marker in again] == [("", 0), ("note", 2)]


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
def test_any_line_ending_is_read(end: str) -> None:
    data = event(ONE, "first\nsecond\n |C:ResolveColorSky |M:A |D:1").decode().replace("\n", end).encode()
    (marker,) = plains(read_bytes(data))
    assert (marker.comment, marker.colour) == ("first\nsecond", "sky")


def test_bars_in_texts_are_read_from_the_right() -> None:
    (marker,) = plains(read_bytes(event(ONE, "this |M:or |D:9 that |C:ResolveColorRed |M:A|B |D:5")))
    assert (marker.comment, marker.name, marker.duration) == ("this |M:or |D:9 that", "A|B", Fraction(5, 24))


def test_numbers_past_999_and_any_order_are_read() -> None:
    body = " |C:ResolveColorRed |M:A |D:1"
    data = event("01:00:20:00 01:00:20:01", body, 1234) + event(ONE, body, 7)
    assert [marker.origin for marker in plains(read_bytes(data))] == ["event 007", "event 1234"]


def test_drop_frame_lists_are_29_97_drop() -> None:
    data = event("01:01:00;02 01:01:00;03", " |C:ResolveColorRed |M:A |D:1").replace(b"NON-DROP", b"DROP")
    timeline = read_bytes(data)
    assert timeline_facts(timeline).rate.name == "29.97 DF"
    assert plains(timeline)[0].record_in == Fraction(1800 * 1001, 30000)


def test_an_event_without_a_marker_is_noted() -> None:
    report = Report()
    data = event(ONE, "* FROM CLIP NAME: x") + event(ONE, " |C:ResolveColorRed |M:A |D:1")
    assert len(plains(read_bytes(data, report))) == 1
    assert "line-ignored" in {loss.code for loss in report}


def test_an_event_whose_place_is_no_label_is_noted_and_the_others_kept() -> None:
    report = Report()
    body = " |C:ResolveColorRed |M:A |D:1"
    faulty = event("01:00:20:00 01:00:20:01", body).replace(
        b"01:00:20:00 01:00:20:01  \n", b"01:00:2x:00 01:00:20:01  \n"
    )
    assert len(plains(read_bytes(event(ONE, body) + faulty, report))) == 1
    assert "line-ignored" in {loss.code for loss in report}


def test_a_file_without_events_is_refused() -> None:
    with pytest.raises(FormatError, match="an event with a marker"):
        read_bytes(b"TITLE: x\n|C:ResolveColorBlue\n")


def test_a_label_that_drop_frame_leaves_out_is_mended_and_said() -> None:
    report = Report()
    data = event("01:01:00:00 01:01:00:01", " |C:ResolveColorRed |M:A |D:1")
    read_bytes(data, report, rate=as_rate("29.97 DF"), start="01:00:00;00")
    assert [loss.code for loss in report] == ["timecode-repaired"]


def test_the_second_of_two_markers_on_one_frame_takes_the_next_free_frame_and_keeps_its_end() -> None:
    report = Report()
    ten = Fraction(10, 24)
    text = written(make(at(48, name="A", duration=ten), at(48, name="B", duration=ten), at(49, name="C")), report)
    assert [one.record_in * 24 for one in plains(read_bytes(text.encode()))] == [48, 49, 50]
    assert [line.rsplit("|D:")[1] for line in text.splitlines() if "|D:" in line] == ["10", "1", "8"]
    assert [loss.code for loss in report] == ["marker-nudged"]


def test_texts_are_made_fit_for_the_line_and_it_is_said() -> None:
    report = Report()
    text = written(make(at(0, name="A|B", comment="one\ntwo"), at(5, comment="3 men")), report)
    assert "one two |C:ResolveColorBlue |M:A/B |D:1" in text and "- 3 men |C:" in text
    assert [loss.code for loss in report] == ["marker-text-changed"] * 3


def test_a_text_that_changes_in_two_ways_is_told_once_and_that_of_a_cue_field_by_field() -> None:
    report = Report()
    written(make(at(0, comment="3 men|one\nhorse")), report)
    assert [loss.facts["now"] for loss in report] == ["'- 3 men/one horse'"]
    report, timeline = Report(), cue_timeline(line="a|b")
    written(timeline, report)
    assert "marker-text-changed" not in [loss.code for loss in report]


def test_colours_become_the_nearest_of_sixteen() -> None:
    report = Report()
    text = written(make(at(0, colour="magenta"), at(5, colour="fuchsia")), report)
    assert "ResolveColorFuchsia" in text and [loss.facts["was"] for loss in report] == ["magenta"]


def cue_timeline(**facts: Any) -> Any:
    timeline = make()
    clock = timeline_facts(timeline)
    put_characters(timeline, [Character(id="1", name="ROBIN", colour="mint")])
    cue = Cue(**{"uid": "abc123", "number": "R106", "record_in": 240, "record_out": 280, "character": "1",
                 "line": "Hold there!", **facts})  # fmt: skip
    timeline.tracks.markers.append(cue_marker(cue, clock, "ROBIN"))
    return timeline


def test_a_cue_is_named_by_number_and_character_and_carries_its_uid() -> None:
    text = written(cue_timeline())
    assert "01:00:10:00 01:00:10:01 01:00:10:00 01:00:10:01  \n" in text
    assert "Hold there! {adr=abc123} |C:ResolveColorMint |M:R106 ROBIN |D:40\n" in text


def test_without_tags_only_the_line_is_written() -> None:
    assert "\nHold there! |C:" in written(cue_timeline(), tags="none")


def test_a_line_that_begins_with_a_digit_comes_back_as_it_was() -> None:
    text = written(cue_timeline(line="3 men came."))
    assert "\n- 3 men came. {adr=abc123} |C:" in text
    assert plains(read_bytes(text.encode()))[0].comment == "3 men came. {adr=abc123}"


@pytest.mark.parametrize("rate", ["23.976", "24", "25", "29.97", "29.97 DF", "30", "50", "59.94", "59.94 DF", "60"])
def test_markers_keep_their_frame_at_every_rate(rate: str) -> None:
    exact: Rate = as_rate(rate)
    timeline = make(
        *(at(frame, rate, name=str(frame)) for frame in (0, 1, 1799, 1800, 17982, 107891, 215783)), rate=rate
    )
    start = timeline_facts(timeline).start_timecode
    again = read_bytes(written(timeline).encode(), rate=exact, start=start)
    assert essence(again)[-1][0] == seconds_of_frame(215783, exact)
    assert [one.record_in for one in plains(again)] == [one.record_in for one in plains(timeline)]


def test_a_note_of_thousands_of_lines_full_of_bars_is_read_whole():
    lines = "\n".join(f"line {number} |C:ResolveColor |M:no |D:never" for number in range(3000))
    times = "01:00:00:00 01:00:00:01 01:00:00:00 01:00:00:01"
    text = f"TITLE: R1\n\n001  001  V  C  {times}\n{lines} |C:ResolveColorBlue |M:long |D:1\n"
    ((_, marker),) = timeline_markers(read_bytes(text.encode(), rate=as_rate("24")))
    assert (marker.name, marker.colour, marker.comment.count("\n")) == ("long", "blue", 2999)
