"""Avid Log Exchange: every log comes back as it was, its clips have their source times, and any timeline becomes a log."""

from __future__ import annotations

import io
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import opentimelineio as otio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import postsync
from postsync.cueing import spot
from postsync.errors import FormatError, PostsyncError, RateError
from postsync.formats import Claim
from postsync.formats.format import guarded
from postsync.model import (
    Cue,
    Project,
    TimelineFacts,
    cue_marker,
    placed_tracks,
    put_cue,
    put_timeline_facts,
    timeline_cues,
    timeline_facts,
)
from postsync.report import Report
from postsync.timing import as_rate, format_timecode, seconds_of_frame
from postsync_adapters.ale import FORMAT, AleReadOptions, AleWriteOptions, parse_log, read, sniff, write
from postsync_adapters.ale.columns import tracks_of

REAL = {
    "EDL_tools/Test2events.ale": (2, 31, "60", 2),
    "otio-ale-adapter/sample.ale": (4, 129, "24", 0),
    "otio-ale-adapter/sample2.ale": (2, 32, "23.976", 2),
    "otio-ale-adapter/sampleUHD.ale": (1, 7, "23.976", 0),
    "otio-ale-adapter/sample_no_blanks.ale": (6, 245, "25", 6),
}
"""Rows, columns, rate, and rows with sound: counted in the files by eye and with cut(1)."""

LOG = (
    "Heading\nFIELD_DELIM\tTABS\nVIDEO_FORMAT\t1080\nAUDIO_FORMAT\t48khz\nFPS\t{fps}\n\n"
    "Column\nName\tTracks\tStart\tEnd\tTape\n\nData\n"
)


def log_of(*rows: str, fps: str = "24") -> bytes:
    return (LOG.format(fps=fps) + "".join(f"{row}\n" for row in rows)).encode()


def read_bytes(data: bytes, report: Report | None = None, **options: Any) -> Any:
    (timeline,) = read(io.BytesIO(data), Report() if report is None else report, AleReadOptions(**options))
    return timeline


def written(timeline: Any, report: Report | None = None, **options: Any) -> bytes:
    file = io.BytesIO()
    write(timeline, file, Report() if report is None else report, AleWriteOptions(**options))
    return file.getvalue()


def clips(timeline: Any, kind: str | None = None) -> list[Any]:
    return [clip for track in placed_tracks(timeline, kind) for clip in track.clips]


@pytest.mark.parametrize("name", REAL)
def test_every_row_and_column_of_a_real_log_is_read(corpus: Path, name: str):
    rows, columns, rate, sound = REAL[name]
    data = (corpus / "edl" / name).read_bytes()
    report = Report()
    timeline = read_bytes(data, report)
    assert sniff(data[:4096]) is Claim.CERTAIN
    assert not report.losses
    assert timeline_facts(timeline).rate.name == rate
    assert [len(clips(timeline, kind)) for kind in ("video", "audio")] == [rows, sound]
    assert len(timeline.metadata["ale"]["columns"]) == columns


@pytest.mark.parametrize("name", REAL)
def test_a_real_log_is_written_byte_for_byte(corpus: Path, name: str):
    data = (corpus / "edl" / name).read_bytes()
    report = Report()
    assert written(read_bytes(data), report) == data
    assert not report.losses


@pytest.mark.parametrize("name", REAL)
def test_the_work_remembers_a_real_log_to_the_byte(corpus: Path, tmp_path: Path, name: str):
    data = (corpus / "edl" / name).read_bytes()
    timeline, _ = postsync.read(corpus / "edl" / name)
    postsync.write(timeline, tmp_path / "bin.otio")
    again, _ = postsync.read(tmp_path / "bin.otio")
    assert len(postsync.write(again, tmp_path / "bin.ale").of_level("loss")) == 0
    assert (tmp_path / "bin.ale").read_bytes() == data


def test_the_clips_of_a_bin_lie_one_after_another_at_their_source_times(corpus: Path):
    first, second = clips(read_bytes((corpus / "edl/otio-ale-adapter/sample2.ale").read_bytes()), "video")
    rate = as_rate("23.976")
    assert (first.record_in, second.record_in) == (0, first.duration)
    assert first.duration == seconds_of_frame(46 * 24 + 16, rate)
    assert format_timecode(int(second.source_start * rate.fps), rate) == "04:00:46:16"
    assert (first.media.tape, first.facts.extra["scene"], first.facts.extra["take"]) == ("3NY004", "19A", "1xa")


def test_the_sound_of_a_row_lies_under_its_picture(corpus: Path):
    timeline = read_bytes((corpus / "edl/otio-ale-adapter/sample_no_blanks.ale").read_bytes())
    picture, sound = clips(timeline, "video")[0], clips(timeline, "audio")[0]
    assert sound.facts.channels == (1, 2, 3, 4)
    assert (sound.record_in, sound.duration, sound.source_start) == (
        picture.record_in,
        picture.duration,
        picture.source_start,
    )
    assert sound.facts.link_group == picture.facts.link_group is not None


def test_every_column_is_in_the_metadata_of_the_clip(corpus: Path):
    clip = clips(read_bytes((corpus / "edl/EDL_tools/Test2events.ale").read_bytes()), "video")[0]
    cells = clip.clip.metadata["ale"]["columns"]
    assert cells["ASC_SAT"] == "1.1080"
    assert cells["column 31"] == ""


def test_where_the_file_lies_is_read_from_the_columns_that_say_so(corpus: Path):
    clip = clips(read_bytes((corpus / "edl/otio-ale-adapter/sample.ale").read_bytes()))[0]
    assert (clip.url, clip.media.name) == ("file:///Users/zzz/Desktop/test_017056.aaf", "test_017056.aaf")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "mac_roman", "cp1252"])
def test_any_line_end_and_encoding_comes_back(end: str, encoding: str):
    data = log_of("Café “un”\tV\t01:00:00:00\t01:00:01:00\tA1").decode().replace("\n", end).encode(encoding)
    timeline = read_bytes(data)
    assert clips(timeline)[0].clip.name == "Café “un”"
    assert written(timeline) == data


def test_rows_shorter_and_longer_than_the_columns_keep_their_length():
    data = log_of("A\tV\t01:00:00:00\t01:00:01:00", "B\tV\t01:00:00:00\t01:00:01:00\tT\tmore\t", "C")
    timeline = read_bytes(data)
    assert clips(timeline)[1].clip.metadata["ale"]["columns"]["column 6"] == "more"
    assert written(timeline) == data


def test_a_column_that_was_edited_is_written_and_the_rest_stays():
    data = log_of("A\tV\t01:00:00:00\t01:00:01:00\tT1", "B\tV\t01:00:00:00\t01:00:01:00\tT1")
    timeline = read_bytes(data)
    clips(timeline)[1].clip.metadata["ale"]["columns"]["Tape"] = "T2"
    assert written(timeline) == data.replace(b"T1\n", b"T2\n").replace(b"T2", b"T1", 1)


def test_a_heading_that_was_edited_is_written():
    timeline = read_bytes(log_of("A\tV\t01:00:00:00\t01:00:01:00\tT1"))
    timeline.metadata["ale"]["heading"]["FILM_FORMAT"] = "35mm,4perf"
    log = parse_log(written(timeline).decode())
    assert dict(log.headings)["FILM_FORMAT"] == "35mm,4perf" and dict(log.headings)["FPS"] == "24"
    assert log.columns == ("Name", "Tracks", "Start", "End", "Tape")


def test_columns_of_one_name_and_without_a_name_are_told_apart():
    data = b"Heading\nFPS\t25\nColumn\nName\tTC\tTC\t\nData\nA\t1\t2\t3\n"
    timeline = read_bytes(data)
    assert dict(clips(timeline)[0].clip.metadata["ale"]["columns"]) == {
        "Name": "A",
        "TC": "1",
        "TC (column 3)": "2",
        "column 4": "3",
    }
    assert written(timeline) == data


@pytest.mark.parametrize(("word", "letter"), [("COMMAS", ","), ("SEMICOLONS", ";"), ("|", "|")])
def test_other_delimiters_are_read_and_kept(word: str, letter: str):
    quoted = f'"12A{letter} take 3"'
    data = (
        f"Heading\nFIELD_DELIM\t{word}\nFPS\t24\n\nColumn\n{letter.join(['Name', 'Start', 'End'])}\n\nData\n"
        f"{letter.join([quoted, '01:00:00:00', '01:00:02:00'])}\n"
    ).encode()
    timeline = read_bytes(data)
    assert clips(timeline)[0].clip.name == f"12A{letter} take 3"
    assert clips(timeline)[0].duration == 2
    assert written(timeline) == data


@pytest.mark.parametrize(
    ("fps", "start", "end", "rate"),
    [
        ("23.976", "01:00:00:00", "01:00:01:00", "23.976"),
        ("23.98", "01:00:00:00", "01:00:01:00", "23.976"),
        ("24", "01:00:00:00", "01:00:01:00", "24"),
        ("25", "01:00:00:00", "01:00:01:00", "25"),
        ("29.97", "01:00:00:00", "01:00:01:00", "29.97"),
        ("29.97", "01;00;00;00", "01;00;01;00", "29.97 DF"),
        ("29.97", "01:00:00;00", "01:00:01;00", "29.97 DF"),
        ("30", "01:00:00:00", "01:00:01:00", "30"),
        ("59.94", "01:00:00;00", "01:00:01;00", "59.94 DF"),
    ],
)
def test_the_rate_is_the_headings_and_drop_shows_in_the_marks(fps: str, start: str, end: str, rate: str):
    timeline = read_bytes(log_of(f"A\tV\t{start}\t{end}\tT", fps=fps))
    assert timeline_facts(timeline).rate.name == rate
    assert clips(timeline)[0].duration == as_rate(rate).nominal / as_rate(rate).fps


def test_drop_and_plain_tapes_in_one_bin_each_keep_their_own_count():
    timeline = read_bytes(log_of("A\tV\t01:00:00;00\t01:10:00;00\tT", "B\tV\t01:00:00:00\t01:10:00:00\tT", fps="29.97"))
    assert [clip.duration * Fraction(30000, 1001) for clip in clips(timeline)] == [17982, 18000]


def test_a_rate_that_counts_alike_may_be_asked_for_and_no_other():
    data = log_of("A\tV\t01:00:00:00\t01:00:01:00\tT", fps="24")
    assert timeline_facts(read_bytes(data, rate=as_rate("23.976"))).rate.name == "23.976"
    with pytest.raises(RateError, match="FPS 24"):
        read_bytes(data, rate=as_rate("25"))


def test_a_log_without_a_rate_asks_for_it_unless_its_video_format_tells():
    data = b"Heading\nVIDEO_FORMAT\tPAL\nColumn\nName\nData\nA\n"
    report = Report()
    assert timeline_facts(read_bytes(data, report)).rate.name == "25"
    assert "rate-guessed" in [loss.code for loss in report]
    with pytest.raises(RateError, match="--rate"):
        read_bytes(data.replace(b"PAL", b"1080"))


def test_a_row_over_midnight_runs_on():
    clip = clips(read_bytes(log_of("A\tV\t23:59:59:00\t00:00:01:00\tT")))[0]
    assert clip.duration == 2


def test_a_row_without_times_has_a_place_and_is_reported():
    report = Report()
    timeline = read_bytes(log_of("TITLE\tV\t\t\t", "A\tV\t01:00:00:00\t01:00:01:00\tT"), report)
    assert len(clips(timeline)) == 2
    assert [(loss.code, loss.source) for loss in report] == [("value-unreadable", "line 11")]


def test_times_that_are_none_are_reported_by_line():
    report = Report()
    read_bytes(log_of("A\tV\tnoon\t01:00:61:00\tT"), report)
    assert ("value-unreadable", "noon") in [(loss.code, loss.facts.get("value")) for loss in report]
    assert {loss.source for loss in report} == {"line 11"}


@pytest.mark.parametrize(
    ("text", "picture", "sound"),
    [
        ("V", True, ()),
        ("VA1", True, (1,)),
        ("VA1A2A3A4", True, (1, 2, 3, 4)),
        ("A1A2", False, (1, 2)),
        ("V1A1-8", True, tuple(range(1, 9))),
        ("A1,2", False, (1, 2)),
        ("D", False, ()),
    ],
)
def test_tracks_are_read_in_every_spelling(text: str, picture: bool, sound: tuple[int, ...]):
    assert tracks_of(text) == (picture, sound, "")


def test_wild_sound_is_sound_alone():
    timeline = read_bytes(log_of("WILD 1\tA1A2\t01:00:00:00\t01:00:01:00\tSR003"))
    (clip,) = clips(timeline)
    assert (len(clips(timeline, "video")), clip.facts.channels, clip.media.tape) == (0, (1, 2), "SR003")
    assert clip.clip.metadata["ale"]["columns"]["Name"] == "WILD 1"


def test_rows_with_cue_columns_are_cues():
    data = (
        b"Heading\nFPS\t24\nColumn\nName\tStart\tEnd\tADR Cue\tCharacter\tLine\tReason\nData\n"
        b"12A-3\t01:00:00:00\t01:00:02:00\tR106\tROBIN\tHold there!\tnoise\n"
        b"12A-4\t01:00:00:00\t01:00:02:00\t\t\t\t\n"
        b"12A-5\t01:00:00:00\t01:00:02:00\t\tMARIAN\tWhat fault?\t\n"
    )
    timeline = read_bytes(data)
    cues = timeline_cues(timeline)
    assert [(cue.number, cue.line, cue.reasons, cue.record_in, cue.record_out) for cue in cues] == [
        ("R106", "Hold there!", ("noise",), 0, 48),
        (None, "What fault?", (), 96, 144),
    ]
    report = Report()
    assert written(timeline, report) == data
    assert not report.losses


def test_a_cue_that_was_edited_is_edited_in_its_row_and_nothing_else():
    data = (
        b"Heading\nFPS\t24\nColumn\nName\tStart\tEnd\tADR Cue\tCharacter\tLine\nData\n"
        b"12A-3\t01:00:00:00\t01:00:02:00\tR106\tROBIN \tHold there!\n"
        b"12A-4\t01:00:00:00\t01:00:02:00\tR107\tROBIN\tNow.\n"
    )
    timeline = read_bytes(data)
    facts, marker = timeline_facts(timeline), timeline.tracks.markers[0]
    put_cue(marker, replace(timeline_cues(timeline)[0], number="R206", line="Wait there!"), facts)
    assert written(timeline) == data.replace(b"R106", b"R206").replace(b"Hold", b"Wait")


# ------------------------------------------------------------------------------------------------- from other timelines


def cut(*pieces: tuple[str, str, int, int], rate: str = "24") -> Any:
    """Make a timeline of (name, kind, source in, source out) in frames of media that begin at 01:00:00:00."""
    exact = as_rate(rate)
    timeline = otio.schema.Timeline("R1")
    put_timeline_facts(timeline, TimelineFacts(exact, 0))
    tracks = {kind: otio.schema.Track(kind=kind) for kind in ("Video", "Audio")}
    fps = float(exact.fps)
    for name, kind, first, last in pieces:
        span = otio.opentime.TimeRange(
            otio.opentime.RationalTime(3600 * exact.nominal, fps), otio.opentime.RationalTime(240, fps)
        )
        media = otio.schema.ExternalReference(target_url=f"file:///Vol/{name}.mov", available_range=span)
        used = otio.opentime.TimeRange(
            otio.opentime.RationalTime(3600 * exact.nominal + first, fps),
            otio.opentime.RationalTime(last - first, fps),
        )
        tracks[kind].append(otio.schema.Clip(name=name, media_reference=media, source_range=used))
    timeline.tracks.extend(tracks.values())
    return timeline


def test_a_timeline_becomes_one_row_for_each_source():
    report = Report()
    data = written(
        cut(("A", "Video", 0, 24), ("B", "Video", 0, 24), ("A", "Video", 48, 72), ("A", "Audio", 0, 24)), report
    )
    log = parse_log(data.decode())
    rows = [dict(zip(log.columns, row.cells, strict=True)) for row in log.rows]
    assert [(row["Name"], row["Tracks"], row["Start"], row["End"]) for row in rows] == [
        ("A", "VA1", "01:00:00:00", "01:00:10:00"),
        ("B", "V", "01:00:00:00", "01:00:10:00"),
    ]
    assert [loss.code for loss in report] == ["edit-left-out"]


def test_a_log_that_we_made_reads_back():
    timeline = read_bytes(written(cut(("A", "Video", 0, 24), ("A", "Audio", 0, 24), rate="29.97 DF")))
    (picture,), (sound,) = clips(timeline, "video"), clips(timeline, "audio")
    assert timeline_facts(timeline).rate.name == "29.97 DF"
    assert (picture.url, sound.url) == ("file:///Vol/A.mov", "file:///Vol/A.mov")
    assert picture.duration == sound.duration == Fraction(240 * 1001, 30000)


def test_cues_that_no_row_holds_are_named_or_written_as_rows():
    timeline = cut(("A", "Video", 0, 240))
    cue = Cue(uid="7KQ2M9XD", number="R106", record_in=24, record_out=72, line="Hold there!\nNow.")
    timeline.tracks.markers.append(cue_marker(cue, timeline_facts(timeline)))
    report = Report()
    written(timeline, report)
    assert [(loss.code, loss.facts["feature"]) for loss in report] == [("feature-not-carried", "1 cue")]
    back = read_bytes(written(timeline, cues="rows"))
    assert spot(back, Project(), Report()) == 0
    (again,) = timeline_cues(back)
    assert (again.uid, again.number, again.line) == ("7KQ2M9XD", "R106", "Hold there! Now.")
    assert (again.record_in, again.record_out) == (24, 72)


def test_clips_added_to_a_bin_get_rows_under_its_columns():
    data = log_of("A\tV\t01:00:00:00\t01:00:01:00\tT1")
    timeline = read_bytes(data)
    timeline.tracks.append(cut(("B", "Video", 0, 24)).tracks[0].deepcopy())
    log = parse_log(written(timeline).decode())
    assert log.columns[:5] == ("Name", "Tracks", "Start", "End", "Tape")
    assert [row.cells[0] for row in log.rows] == ["A", "B"]
    assert log.rows[0].cells == ("A", "V", "01:00:00:00", "01:00:01:00", "T1")


def test_a_letter_that_the_old_encoding_lacks_makes_the_log_utf_8():
    timeline = read_bytes(log_of("Caf\u00e9 le r\u00eave\tV\t01:00:00:00\t01:00:01:00\tT").decode().encode("mac_roman"))
    clips(timeline)[0].clip.metadata["ale"]["columns"]["Tape"] = "台"
    report = Report()
    assert "台" in written(timeline, report).decode("utf-8")
    assert [loss.code for loss in report] == ["text-encoding-changed"]


# --------------------------------------------------------------------------------------------------------------- damage


@pytest.mark.parametrize(
    "data", [b"", b"Heading\n", b"Heading\nFPS\t24\nColumn\n", b"Heading\nFPS\t24\nData\nA\n", b"\x00" * 40]
)
def test_a_log_without_columns_is_one_sentence(data: bytes):
    with pytest.raises(FormatError, match="Column"):
        read_bytes(data)


def test_text_that_is_no_log_is_not_claimed():
    assert sniff(b"TITLE: R1\nFCM: NON-DROP FRAME\n") is Claim.NO
    assert sniff(b"data\ncolumn\n") is Claim.NO


_CELLS = st.text(st.characters(exclude_characters="\t\r\n", exclude_categories=("Cs",)), max_size=12)


@settings(max_examples=60, deadline=None)
@given(
    columns=st.lists(_CELLS, min_size=1, max_size=8),
    rows=st.lists(st.lists(_CELLS, min_size=1, max_size=10), max_size=6),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    blank=st.booleans(),
)
def test_any_log_is_written_as_it_was_read(columns: list[str], rows: list[list[str]], end: str, blank: bool):
    gap = [""] if blank else []
    lines = ["Heading", "FPS\t25", *gap, "Column", "Name\t" + "\t".join(columns), *gap, "Data"]
    for row in rows:
        lines += ["x" + "\t".join(row), *gap]
    data = end.join([*lines, ""]).encode()
    assert written(read_bytes(data, encoding="utf-8")) == data


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_damaged_log_is_read_or_refused_and_nothing_else_escapes(drawn: st.DataObject):
    data = bytearray(log_of("A\tVA1\t01:00:00:00\t01:00:01:00\tT1", "B\tV\t01:00:00;00\t01:00:01;00\tT", fps="29.97"))
    for _ in range(drawn.draw(st.integers(1, 6))):
        place = drawn.draw(st.integers(0, len(data) - 1))
        data[place : place + drawn.draw(st.integers(0, 4))] = drawn.draw(st.binary(max_size=4))
    try:
        with guarded(FORMAT, None):
            timeline = read_bytes(bytes(data))
        written(timeline)
    except PostsyncError as fault:
        assert not isinstance(fault.__cause__, (TypeError, AttributeError, KeyError, IndexError, AssertionError))
