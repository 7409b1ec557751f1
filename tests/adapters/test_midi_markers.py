"""MIDI marker files: every frame on a whole tick, the start in the SMPTE offset, and a reader that forgives."""

from __future__ import annotations

import io
import struct
from fractions import Fraction

import mido
import opentimelineio as otio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postsync.cueing import spot
from postsync.errors import FormatError, PostsyncError, RateError
from postsync.formats.format import write_to
from postsync.model import (
    Character,
    Cue,
    PlainMarker,
    Project,
    TimelineFacts,
    cue_marker,
    put_characters,
    put_timeline_facts,
    timeline_cues,
    timeline_facts,
    timeline_markers,
    to_otio_marker,
)
from postsync.report import Report
from postsync.timing import RATES, Rate, parse_timecode, seconds_of_frame
from postsync_adapters.midi_markers import FORMAT, MidiReadOptions, MidiWriteOptions, read, sniff, write
from postsync_adapters.midi_markers.write import grid_for

FILM = Rate.of(Fraction(24))
NTSC_FILM = Rate.of(Fraction(24000, 1001))
DROP = Rate.of(Fraction(30000, 1001), True)


def timeline_at(rate: Rate, start: str, frames: list[int]) -> otio.schema.Timeline:
    timeline = otio.schema.Timeline(name="R1")
    put_timeline_facts(timeline, TimelineFacts(rate, parse_timecode(start, rate)))
    for frame in frames:
        timeline.tracks.markers.append(to_otio_marker(PlainMarker(seconds_of_frame(frame, rate), name=f"f{frame}")))
    return timeline


def cue_timeline(line: str, rate: Rate = FILM) -> otio.schema.Timeline:
    timeline = timeline_at(rate, "01:00:00:00", [])
    put_characters(timeline, [Character("robin", "ROBIN")])
    cue = Cue(uid="7KQ2M9XD", number="R106", character="robin", line=line, record_in=240, record_out=280)
    timeline.tracks.markers.append(cue_marker(cue, timeline_facts(timeline), "ROBIN"))
    return timeline


def written(timeline: otio.schema.Timeline, report: Report | None = None, **options: object) -> bytes:
    file = io.BytesIO()
    write(timeline, file, Report() if report is None else report, MidiWriteOptions(**options))
    return file.getvalue()


def read_back(data: bytes, report: Report | None = None, **options: object) -> otio.schema.Timeline:
    return read(io.BytesIO(data), Report() if report is None else report, MidiReadOptions(**options))[0]


def markers_of(timeline: otio.schema.Timeline) -> list[PlainMarker]:
    return [plain for _, plain in timeline_markers(timeline)]


def chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack(">I", len(body)) + body


def midi_file(body: bytes, division: bytes = b"\x03\xc0", before: bytes = b"") -> bytes:
    return chunk(b"MThd", b"\x00\x01\x00\x01" + division) + before + chunk(b"MTrk", body)


OFFSET_25 = b"\x00\xff\x54\x05\x21\x00\x00\x00\x00"


@pytest.mark.parametrize("rate", RATES, ids=lambda rate: rate.name)
def test_every_frame_of_a_day_is_written_and_read_back(rate: Rate):
    frames = [0, 1, 23, 100_001, rate.frames_per_day - 1]
    report = Report()
    data = written(timeline_at(rate, "00:00:00:00", frames), report)
    assert not report.of_level("loss")
    back = read_back(data, rate=rate)
    assert [marker.record_in for marker in markers_of(back)] == [seconds_of_frame(frame, rate) for frame in frames]


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(RATES), st.data())
def test_any_frame_at_any_start_comes_back(rate: Rate, data: st.DataObject):
    start = data.draw(st.integers(0, rate.frames_per_day - 1))
    frame = data.draw(st.integers(0, rate.frames_per_day - 1))
    timeline = timeline_at(rate, "00:00:00:00", [frame])
    put_timeline_facts(timeline, TimelineFacts(rate, start))
    back = read_back(written(timeline), rate=rate)
    assert timeline_facts(back).start_frame == start
    assert markers_of(back)[0].record_in == seconds_of_frame(frame, rate)


def test_tempo_and_ticks_are_those_of_the_table():
    table = {"23.976": (500500, 80), "24": (500000, 80), "25": (480000, 80), "29.97": (500500, 64), "29.97 DF": (500500, 64),
             "30": (500000, 64), "47.952": (500500, 40), "48": (500000, 40), "50": (480000, 40), "59.94": (500500, 32),
             "60": (500000, 32)}  # fmt: skip
    for rate in RATES:
        if rate.name in table:
            grid = grid_for(rate)
            assert (grid.tempo, grid.ticks_per_frame, grid.pulses) == (*table[rate.name], 960), rate.name


def test_the_bytes_are_those_that_hosts_expect():
    data = written(timeline_at(DROP, "01:00:00;00", [30]))
    assert data.startswith(b"MThd\x00\x00\x00\x06\x00\x01\x00\x01\x03\xc0")
    assert b"\x00\xff\x54\x05\x41\x00\x00\x00\x00" in data, "hour 1, code 2: 30 drop"
    assert b"\xff\x51\x03" + (500500).to_bytes(3, "big") in data
    assert b"\xff\x58\x04\x04\x02\x18\x08" in data
    assert b"\xff\x06\x03f30" in data
    assert data.endswith(b"\xff\x2f\x00")


def test_mido_reads_the_same_ticks():
    midi = mido.MidiFile(file=io.BytesIO(written(timeline_at(NTSC_FILM, "00:59:50:00", [240, 241]))))
    ticks, tick = [], 0
    for message in midi.tracks[0]:
        tick += message.time
        if message.type == "marker":
            ticks.append(tick)
    assert ticks == [240 * 80, 241 * 80]


def test_a_marker_at_the_hour_of_a_session_that_starts_before_it_keeps_its_label():
    back = read_back(written(timeline_at(FILM, "00:59:50:00", [240])))
    facts = timeline_facts(back)
    assert facts.timecode(markers_of(back)[0].record_in) == "01:00:00:00"


def test_a_session_may_cross_midnight():
    back = read_back(written(timeline_at(FILM, "23:59:59:00", [48])))
    assert timeline_facts(back).timecode(markers_of(back)[0].record_in) == "00:00:01:00"


def test_two_markers_on_one_frame_keep_their_order():
    timeline = timeline_at(FILM, "01:00:00:00", [])
    for name in ("second by name", "first by name"):
        timeline.tracks.markers.append(to_otio_marker(PlainMarker(Fraction(1), name=name)))
    assert [marker.name for marker in markers_of(read_back(written(timeline)))] == ["second by name", "first by name"]


def test_a_cue_is_named_with_number_character_line_and_a_tag_with_its_out():
    data = written(cue_timeline("Hold there!"))
    assert b"R106 ROBIN: Hold there! {adr=7KQ2M9XD;o=40}" in data
    back = read_back(data)
    spot(back, Project(), Report())
    cue = timeline_cues(back)[0]
    assert (cue.uid, cue.number, cue.line, cue.record_in, cue.record_out) == (
        "7KQ2M9XD",
        "R106",
        "Hold there!",
        240,
        280,
    )


HOSTILE = ["<b>bold</b>", "\"quoted\" 'so'", "=1+1", "שלום עולם", "住手！", "🎬 cut", "two\nlines\tand a tab", "-No!"]


@pytest.mark.parametrize("line", HOSTILE)
def test_hostile_text_arrives_or_the_report_names_the_change(line: str):
    report = Report()
    back = read_back(written(cue_timeline(line), report, tags="full"))
    spot(back, Project(), Report())
    cue = timeline_cues(back)[0]
    assert cue.line == line, "the full tag carries the true line past ASCII"
    assert ("text-replaced" in [loss.code for loss in report]) == (not line.isascii())


def test_letters_that_become_question_marks_are_said_with_the_way_out():
    report = Report()
    written(cue_timeline("Никто не придёт."), report)
    (told,) = [loss for loss in report if loss.code == "letters-replaced"]
    assert "--option text=utf8" in told.sentence()
    for line, options in (("Où? ¿Là?", {}), ("Никто не придёт.", {"text": "utf8"})):
        report = Report()
        written(cue_timeline(line), report, **options)
        assert "letters-replaced" not in [loss.code for loss in report]


def test_utf8_is_written_where_asked_for_and_read_always():
    report = Report()
    data = written(cue_timeline("住手！ שלום 🎬"), report, text="utf8")
    assert "住手！ שלום 🎬".encode() in data
    assert len(report) == 0
    assert "住手！ שלום 🎬" in markers_of(read_back(data))[0].name


def test_bias_and_host_rounding_vanish_on_reading():
    report = Report()
    back = read_back(written(timeline_at(FILM, "01:00:00:00", [1000]), bias_ticks=2), report)
    assert markers_of(back)[0].record_in == seconds_of_frame(1000, FILM)
    moved = [loss for loss in report if loss.code == "time-rounded"]
    assert moved[0].moved_by == -Fraction(2, 24 * 80)


def test_a_time_between_ticks_goes_to_the_nearest_and_is_reported():
    timeline, report = timeline_at(FILM, "01:00:00:00", []), Report()
    timeline.tracks.markers.append(to_otio_marker(PlainMarker(Fraction(1, 7), name="odd")))
    written(timeline, report)
    assert abs(report.worst_move()) <= Fraction(1, 24 * 80 * 2)
    assert report.worst_move() > 0


def test_24_and_30_are_told_from_their_ntsc_twins_by_our_tempo_and_the_guess_is_reported():
    report = Report()
    assert timeline_facts(read_back(written(timeline_at(NTSC_FILM, "01:00:00:00", [])), report)).rate == NTSC_FILM
    assert [loss.code for loss in report] == ["rate-guessed"]
    assert timeline_facts(read_back(written(timeline_at(FILM, "01:00:00:00", [])))).rate == FILM


def test_a_file_without_smpte_offset_asks_for_the_rate():
    data = midi_file(b"\x00\xff\x06\x01A\x00\xff\x2f\x00")
    with pytest.raises(RateError, match="--rate"):
        read_back(data)
    assert markers_of(read_back(data, rate=FILM))[0].name == "A"


def test_foreign_chunks_wrappers_and_notes_are_stepped_over():
    body = (
        OFFSET_25
        + b"\x00\x90\x3c\x64\x10\x3c\x00\x00\xf0\x02\x01\xf7\x00\xff\x59\x02\x0c\x00\x00\xff\x06\x01A\x00\xff\x2f\x00"
    )
    plain, report = midi_file(body, before=chunk(b"XFIH", b"1234")), Report()
    wrapped = b"RIFF" + struct.pack("<I", len(plain) + 12) + b"RMIDdata" + struct.pack("<I", len(plain)) + plain
    for data in (plain, wrapped):
        assert sniff(data) == 2
        assert [marker.name for marker in markers_of(read_back(data, report))] == ["A"]
    assert "element-ignored" in [loss.code for loss in report]


def test_a_truncated_track_gives_what_came_before_and_says_so():
    report = Report()
    data = midi_file(OFFSET_25 + b"\x00\xff\x06\x01A\x00\xff\x06\x7fB")
    assert [marker.name for marker in markers_of(read_back(data, report))] == ["A"]
    assert [loss.code for loss in report] == ["element-ignored"]


def test_smpte_division_counts_in_milliseconds():
    body = OFFSET_25 + b"\x87\x68\xff\x06\x01A\x00\xff\x2f\x00"
    assert markers_of(read_back(midi_file(body, division=b"\xe7\x28")))[0].record_in == 1


def test_a_tempo_change_in_mid_file_counts_from_where_it_stands():
    slow = b"\xff\x51\x03" + (1_000_000).to_bytes(3, "big")
    body = OFFSET_25 + b"\x8f\x00" + slow + b"\x8f\x00\xff\x06\x01A\x00\xff\x2f\x00"
    assert markers_of(read_back(midi_file(body)))[0].record_in == 3


@pytest.mark.parametrize(
    "data", [b"", b"MThd", b"not midi at all", midi_file(b"", division=b"\x00\x00"), chunk(b"MThd", bytes(6))]
)
def test_what_is_no_midi_file_is_refused(data: bytes):
    with pytest.raises(FormatError):
        read_back(data)


TEMPO_OF_60 = b"\xff\x51\x03" + (1_000_000).to_bytes(3, "big")


def midi_of(kind: int, *tracks: bytes) -> bytes:
    head = chunk(b"MThd", struct.pack(">HH", kind, len(tracks)) + b"\x03\xc0")
    return head + b"".join(chunk(b"MTrk", track) for track in tracks)


def test_a_tempo_in_the_first_track_counts_for_all_and_in_format_2_for_its_own():
    first, second = OFFSET_25 + b"\x00" + TEMPO_OF_60, b"\x8f\x00\xff\x06\x01A\x00\xff\x2f\x00"
    assert [markers_of(read_back(midi_of(kind, first, second)))[0].record_in for kind in (1, 2)] == [2, 1]


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("shift_jis", "走れ、今すぐに。兄はどこ"),
        ("mac_roman", "Où est-il… café"),
        ("cp1252", "Où est-il… café"),
        ("utf-8", "Où 走れ"),
    ],
)
def test_names_in_what_a_system_has_are_read_and_the_guess_is_reported(encoding: str, text: str):
    body, report = OFFSET_25, Report()
    for name in (text, f"{text} 2"):
        data = name.encode(encoding)
        body += b"\x10\xff\x06" + bytes([len(data)]) + data
    back = read_back(midi_file(body), report)
    assert [marker.name for marker in markers_of(back)] == [text, f"{text} 2"]
    assert ("text-encoding-guessed" in [loss.code for loss in report]) == (encoding != "utf-8")


def test_an_encoding_can_be_named():
    body = OFFSET_25 + b"\x00\xff\x06\x01\x8e"
    assert markers_of(read_back(midi_file(body), text="mac_roman"))[0].name == "é"
    assert markers_of(read_back(midi_file(body), text="cp1252"))[0].name == "Ž"


@pytest.mark.parametrize("size", [0, 3, 2**32 - 1])
def test_a_track_of_a_wrong_size_ends_where_the_next_begins(size: int):
    marker = b"\x00\xff\x06\x01%c\x00\xff\x2f\x00"
    first, second = OFFSET_25 + marker % b"A", marker % b"B"
    data = midi_of(1, first, second).replace(struct.pack(">I", len(first)), struct.pack(">I", size), 1)
    report = Report()
    assert [one.name for one in markers_of(read_back(data, report))] == ["A", "B"]
    assert "element-ignored" in [loss.code for loss in report]


def test_a_change_of_text_is_noted_once():
    report, file = Report(), io.BytesIO()
    write_to(FORMAT, cue_timeline("Où — là?"), file, report, MidiWriteOptions())
    assert [loss.code for loss in report if "Où" in str(loss.facts)] == ["cue-field-changed"]


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_damaged_file_reads_or_is_refused_in_a_sentence(data: st.DataObject):
    whole = written(timeline_at(FILM, "01:00:00:00", [1, 20, 300]))
    at = data.draw(st.integers(0, len(whole) - 1))
    hurt = whole[:at] + data.draw(st.binary(max_size=6)) + whole[at + data.draw(st.integers(0, 12)) :]
    try:
        read_back(hurt, rate=FILM)
    except PostsyncError as fault:
        assert fault.sentence()
