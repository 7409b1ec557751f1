"""Media Composer's marker list: real exports of every width, what editors did to them, and cues there and back."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.avid_markers_made import CUE, at, essence, plains, seconds, with_cues, with_markers
from postsync.cueing import spot
from postsync.errors import FormatError, PostsyncError
from postsync.formats import Claim
from postsync.formats.format import guarded
from postsync.model import Attachment, Project, timeline_cues, timeline_facts
from postsync.report import Report
from postsync.timing import RATES, Rate, as_rate, format_timecode
from postsync_adapters.avid_markers import (
    FORMAT,
    MarkerListReadOptions,
    MarkerListWriteOptions,
    read,
    sniff,
    write,
)

REAL = {
    "GT3001 MASTER LOCK 11242020 Markers List.txt": (42, 6, "01:00:00:00", {"green": 39, "white": 3}),
    "GT4006_VFXMarkers_022822_Markers.txt": (
        236,
        6,
        "00:00:00:00",
        {"magenta": 218, "green": 7, "black": 7, "cyan": 4},
    ),
    "GT_3002_Markers.txt": (92, 5, "01:00:00:00", {"red": 92}),
    "TOA_Reel_01_MARKERS.txt": (13, 6, "01:00:00:00", {"red": 6, "green": 6, "white": 1}),
}
"""Records, columns, hour of the first, colours: counted in the files with cut(1) and sort(1)."""

LINE = "ADR\t01:00:10:00\tV1\tred\tR106 ROBIN: Hold there!\t40\n"


def read_bytes(data: bytes | str, report: Report | None = None, **options: Any) -> Any:
    raw = data.encode() if isinstance(data, str) else data
    (timeline,) = read(io.BytesIO(raw), Report() if report is None else report, MarkerListReadOptions(**options))
    return timeline


def written(timeline: Any, report: Report | None = None, **options: Any) -> str:
    file = io.BytesIO()
    write(timeline, file, Report() if report is None else report, MarkerListWriteOptions(**options))
    return file.getvalue().decode()


@pytest.mark.parametrize("name", REAL)
def test_every_marker_of_a_real_list_is_read(corpus: Path, name: str):
    count, _, start, colours = REAL[name]
    data = (corpus / "cues/avid" / name).read_bytes()
    report = Report()
    found = plains(read_bytes(data, report))
    assert sniff(data[:4096]) is Claim.CERTAIN
    assert {colour: sum(one.colour == colour for one in found) for colour in colours} == colours
    assert len(found) == count
    assert timeline_facts(read_bytes(data)).start_timecode == start
    assert {loss.code for loss in report} == {"rate-guessed", "start-guessed"}


@pytest.mark.parametrize("name", REAL)
def test_a_real_list_is_written_with_the_same_records(corpus: Path, name: str):
    data = (corpus / "cues/avid" / name).read_bytes()
    report = Report()
    again = written(read_bytes(data), report, columns=REAL[name][1])
    assert sorted(again.encode().splitlines()) == sorted(data.splitlines())
    assert not report.losses


def test_user_track_and_text_stand_where_they_belong():
    (marker,) = plains(read_bytes(LINE))
    assert (marker.user, marker.attached_to.track, marker.comment) == ("ADR", "V1", "R106 ROBIN: Hold there!")
    assert (marker.duration, marker.colour) == (seconds(40), "red")


def test_a_length_of_one_frame_is_a_point():
    assert plains(read_bytes(LINE.replace("40", "1")))[0].duration == 0


def test_five_columns_have_no_length_even_where_the_comment_is_a_number():
    (marker,) = plains(read_bytes("K\t01:00:10:00\tV1\tred\t106"))
    assert (marker.comment, marker.duration) == ("106", 0)


def test_eight_columns_bring_the_colour_of_newer_versions():
    (marker,) = plains(read_bytes("K\t01:00:10:00\tV1\tblue\tNote\t5\t\tdenim"))
    assert (marker.comment, marker.duration, marker.colour) == ("Note", seconds(5), "sky")
    assert written(read_bytes("K\t01:00:10:00\tV1\tblue\tNote\t5\t\tdenim"), columns=8).endswith(
        "blue\tNote\t5\t\tdenim\n"
    )


def test_a_carriage_return_is_a_line_break_inside_a_comment():
    data = "K\t01:00:10:00\tV1\tred\tone\rtwo\t1\nK\t01:00:11:00\tV1\tred\tthree\t1\n"
    found = plains(read_bytes(data))
    assert [marker.comment for marker in found] == ["one\ntwo", "three"]
    assert written(read_bytes(data)) == data


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_comment_whose_breaks_became_line_ends_is_one_marker(end: str):
    data = "K\t01:00:10:00\tV1\tred\tone\ntwo\n\nfour\t7\nK\t01:00:11:00\tV1\tred\tfive\t1\n".replace("\n", end)
    found = plains(read_bytes(data))
    assert [(marker.comment, marker.duration) for marker in found] == [("one\ntwo\n\nfour", seconds(7)), ("five", 0)]


def test_a_comment_that_tabs_have_parted_is_put_together_and_said_so():
    report = Report()
    (marker,) = plains(read_bytes("K\t01:00:10:00\tV1\tred\tone\ttwo\t\tfour\t9\n", report))
    assert (marker.comment, marker.duration) == ("one\ntwo\n\nfour", seconds(9))
    assert "text-joined" in [loss.code for loss in report]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "mac_roman", "cp1252"])
def test_any_encoding_is_read(encoding: str):
    data = "Zoë\t01:00:10:00\tV1\tred\tR106 ROBIN: “Où est-il, René?”\t40\n".encode(encoding)
    (marker,) = plains(read_bytes(data))
    assert (marker.user, marker.comment) == ("Zoë", "R106 ROBIN: “Où est-il, René?”")


def test_semicolons_are_drop_frame():
    timeline = read_bytes("K\t01:01:00;02\tV1\tred\tA\t1\nK\t01;02;00;02\tV1\tred\tB\t1\n")
    assert timeline_facts(timeline).rate.name == "29.97 DF"
    assert [marker.record_in for marker in plains(timeline)] == [seconds(1800, "29.97"), seconds(3598, "29.97")]


def test_the_rate_that_was_asked_for_counts_and_nothing_is_guessed():
    report = Report()
    timeline = read_bytes(LINE, report, rate=as_rate("23.976"), start="00:59:50:00")
    assert not report.losses
    assert plains(timeline)[0].record_in == seconds(480, "23.976")


def test_markers_on_one_frame_of_two_tracks_both_stay():
    data = "K\t01:00:10:00\tV1\tred\tA\t1\nK\t01:00:10:00\tV2\tgreen\tB\t1\n"
    assert written(read_bytes(data)) == data


def test_a_line_that_is_no_marker_is_reported_by_its_number():
    report = Report()
    read_bytes("Name\tTC\tTrack\tColor\tComment\n" + LINE, report)
    assert [loss.source for loss in report if loss.code == "line-ignored"] == ["line 1"]


# ---------------------------------------------------------------------------------------------------------------- cues


def test_a_cue_is_written_as_the_supervisor_would_write_it():
    assert written(with_cues(CUE)) == "ADR\t01:00:10:00\tV1\tred\tR106 ROBIN: Hold there! {adr=7KQ2M9XD}\t40\n"


@pytest.mark.parametrize("columns", [5, 6, 8])
def test_a_cue_keeps_identity_place_and_text_in_every_width(columns: int):
    report = Report()
    back = read_bytes(written(with_cues(CUE), report, columns=columns), start="01:00:00:00")
    spot(back, Project(), Report())
    (cue,) = timeline_cues(back)
    assert (cue.uid, cue.number, cue.line, cue.record_in, cue.record_out) == (
        "7KQ2M9XD",
        "R106",
        "Hold there!",
        240,
        280,
    )
    assert not report.losses


def test_a_cue_that_came_from_a_list_goes_back_to_its_user_and_track():
    timeline = read_bytes("Kate\t01:00:10:00\tV4\tgreen\tR106 ROBIN: Hold there!\t40\n")
    assert spot(timeline, Project(), Report()) == 1
    assert written(timeline).startswith("Kate\t01:00:10:00\tV4\tgreen\tR106 ROBIN: Hold there! {adr=")


def test_characters_may_have_tracks_of_their_own():
    cues = [CUE, replace(CUE, uid="AAAAAAAA", number="M1", character="marian", record_in=300, record_out=None)]
    lines = written(with_cues(*cues), tracks="characters", track="V3").splitlines()
    assert [line.split("\t")[2] for line in lines] == ["V3", "V4"]


def test_two_cues_on_one_frame_are_parted_and_come_back_to_it():
    other = replace(CUE, uid="AAAAAAAA", number="R107")
    report = Report()
    text = written(with_cues(other, CUE), report)
    assert [line.split("\t")[1] for line in text.splitlines()] == ["01:00:10:00", "01:00:10:01"]
    assert [loss.code for loss in report] == ["marker-nudged"]
    back = read_bytes(text, start="01:00:00:00")
    spot(back, Project(), Report())
    assert [(cue.number, cue.record_in, cue.record_out) for cue in timeline_cues(back)] == [
        ("R106", 240, 280),
        ("R107", 240, 280),
    ]


def test_ascii_is_ascii_and_says_what_changed():
    report = Report()
    text = written(with_cues(replace(CUE, line="Où là?")), report, text="ascii")
    assert text.isascii() and "Ou la?" in text
    assert [loss.code for loss in report] == ["text-replaced"]


def test_no_tab_or_line_break_of_ours_gets_into_a_record():
    report = Report()
    text = written(with_markers(at(0, comment="one\ttwo\nthree", name="Note\n2")), report)
    assert text == "Note 2\t01:00:00:00\tV1\tred\tone two three\t1\n"
    assert {loss.code for loss in report} == {"marker-text-changed"}


def test_colours_that_avid_lacks_become_the_nearest_and_are_reported():
    report = Report()
    text = written(with_markers(at(0, comment="A", colour="cocoa"), at(1, comment="B", colour="green")), report)
    assert [line.split("\t")[3] for line in text.splitlines()] == ["red", "green"]
    assert [loss.code for loss in report] == ["marker-colour-changed"]


def test_a_user_that_another_reader_also_took_for_the_name_is_written_once():
    marker = at(0, name="Kate", user="Kate", comment="A", attached_to=Attachment("V2", "12A-3"))
    assert written(with_markers(marker)) == "Kate\t01:00:00:00\tV2\tred\tA\t1\n"


def test_a_length_that_five_columns_cannot_hold_is_reported():
    report = Report()
    written(with_markers(at(0, frames=5, comment="A")), report, columns=5)
    assert [loss.code for loss in report] == ["marker-shortened"]


@settings(max_examples=60, deadline=None)
@given(rate=st.sampled_from(RATES), frames=st.lists(st.integers(0, 2_000_000), min_size=1, max_size=8, unique=True))
def test_any_frame_at_any_rate_comes_back(rate: Rate, frames: list[int]):
    labels = [format_timecode(frame, rate) for frame in frames if frame < rate.frames_per_day]
    data = "".join(f"K\t{label}\tV1\tred\tA\t1\n" for label in labels)
    if data:
        timeline = read_bytes(data, rate=rate, start="00:00:00:00")
        assert sorted(written(timeline).splitlines()) == sorted(data.splitlines())


_TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=30)


@settings(max_examples=100, deadline=None)
@given(
    line=_TEXT, number=st.none() | st.from_regex(r"\A[A-Z]{1,2}[0-9]{2,4}\Z"), length=st.none() | st.integers(1, 500)
)
def test_a_cue_with_any_text_keeps_identity_and_place(line: str, number: str | None, length: int | None):
    cue = replace(CUE, line=line, number=number, record_out=None if length is None else 240 + length)
    back = read_bytes(written(with_cues(cue)), start="01:00:00:00")
    spot(back, Project(), Report())
    (again,) = timeline_cues(back)
    wanted = None if length in (None, 1) else 240 + (length or 0)
    assert (again.uid, again.record_in, again.record_out) == (cue.uid, 240, wanted)


# --------------------------------------------------------------------------------------------------------------- damage


@pytest.mark.parametrize("data", [b"", b"\n\n", b"user\ttime\n", b"TITLE: R1\n001  A V C 01:00:00:00\n", b"\0\0\0"])
def test_a_list_without_a_marker_is_one_sentence(data: bytes):
    assert sniff(data) is Claim.NO
    with pytest.raises(FormatError, match="user, timecode, track and colour"):
        read_bytes(data)


def test_a_label_that_does_not_exist_is_mended_and_reported():
    report = Report()
    timeline = read_bytes("K\t01:00:10:24\tV1\tred\tA\t1\n", report, rate=as_rate("24"))
    assert plains(timeline)[0].record_in == 11
    assert "timecode-repaired" in [loss.code for loss in report]


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_damaged_list_is_read_or_refused_and_nothing_else_escapes(drawn: st.DataObject):
    data = bytearray((LINE + "K\t01:00:11:00\tV2\tblue\tone\rtwo\t1\t\tdenim\n").encode())
    for _ in range(drawn.draw(st.integers(1, 6))):
        place = drawn.draw(st.integers(0, len(data) - 1))
        data[place : place + drawn.draw(st.integers(0, 4))] = drawn.draw(st.binary(max_size=4))
    try:
        with guarded(FORMAT, None):
            timeline = read_bytes(bytes(data))
    except PostsyncError as fault:
        assert fault.__cause__ is None
        return
    assert essence(read_bytes(written(timeline, columns=8), start=timeline_facts(timeline).start_timecode))
