"""The cue table: our own round trip, inert cells, and the tables of other programs."""

from __future__ import annotations

import csv
import dataclasses
import io
from fractions import Fraction
from pathlib import Path

import opentimelineio as otio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import postsync
from postsync import verbs
from postsync.errors import FormatError, RateError, UnknownOption
from postsync.formats.format import write_to
from postsync.model import (
    Character,
    Cue,
    TimelineFacts,
    character_name,
    cue_marker,
    put_characters,
    put_timeline_facts,
    timeline_characters,
    timeline_cues,
    timeline_facts,
)
from postsync.report import Report
from postsync.timing import Rate
from postsync_adapters.cue_list import read as read_list
from postsync_adapters.cue_list import write as write_list
from postsync_adapters.cue_table import FORMAT, TableReadOptions, TableWriteOptions, inert, live, read, sniff, write
from sheet_cues import CAST, TEXTS, generated_cues, timeline_of

FILM = Rate.of(Fraction(24))
HOSTILE = [
    "<b>bold</b>", "\"quoted\" 'so', and; more", "=1+1", "'=1+1", "-No!", "+49", "@SUM(A1)", "שלום עולם", "住手！", "🎬 cut",
    "two\nlines\n\nand a\ttab", "＝1+1",
]  # fmt: skip


def timeline_with(*lines: str, rate: Rate = FILM) -> otio.schema.Timeline:
    timeline = otio.schema.Timeline(name="R1")
    facts = TimelineFacts(rate, 3600 * rate.nominal)
    put_timeline_facts(timeline, facts)
    put_characters(timeline, [Character("robin", "ROBIN", actor="E. Flynn")])
    for place, line in enumerate(lines):
        cue = Cue(
            uid=f"7KQ2M9X{'ABCDEFGHJKMNP'[place]}", number=f"R{101 + place}", character="robin", line=line, reel="R1",
            record_in=240 + 48 * place, record_out=280 + 48 * place, reasons=("noise", "tv"), reason_note="plane", priority=2,
            flags=("ad_lib",), kind="voice_over", uses=("theatrical", "tv"), status="recorded", note=line, scene="12A",
        )  # fmt: skip
        timeline.tracks.markers.append(cue_marker(cue, facts, "ROBIN"))
    return timeline


def written(timeline: otio.schema.Timeline, report: Report | None = None, **options: object) -> bytes:
    file = io.BytesIO()
    write(timeline, file, Report() if report is None else report, TableWriteOptions(**options))
    return file.getvalue()


def read_back(data: bytes, report: Report | None = None, **options: object) -> otio.schema.Timeline:
    return read(io.BytesIO(data), Report() if report is None else report, TableReadOptions(**options))[0]


@pytest.mark.parametrize("delimiter", ["comma", "tab", "semicolon"])
def test_what_we_write_reads_back_whole_without_asking_for_the_rate(delimiter: str):
    source = timeline_with(*HOSTILE, rate=Rate.of(Fraction(30000, 1001), True))
    report = Report()
    data = written(source, delimiter=delimiter)
    assert sniff(data[:4096]) == 2
    back = read_back(data, report)
    assert timeline_cues(back) == timeline_cues(source)
    assert timeline_characters(back) == timeline_characters(source)
    assert timeline_facts(back).rate == timeline_facts(source).rate
    assert len(report) == 0


def test_no_cell_is_a_formula_to_a_spreadsheet():
    table = csv.reader(io.StringIO(written(timeline_with(*HOSTILE)).decode("utf-8-sig"), newline=""))
    assert not [cell for row in table for cell in row if cell.startswith(("=", "+", "-", "@", "\t"))]
    assert [live(inert(text)) for text in HOSTILE] == HOSTILE


def test_excel_is_told_that_it_is_utf8():
    assert written(timeline_with("é")).startswith(b"\xef\xbb\xbf")
    assert not written(timeline_with("é"), bom=False).startswith(b"\xef\xbb\xbf")


def test_columns_can_be_chosen_and_what_they_leave_out_is_reported():
    report, file = Report(), io.BytesIO()
    write_to(FORMAT, timeline_with("Hold!"), file, report, TableWriteOptions(columns="number,tc_in,line", bom=False))
    assert file.getvalue() == b"Number,In,Line\r\nR101,01:00:10:00,Hold!\r\n"
    lost = {loss.facts["field"] for loss in report if loss.code == "cue-field-not-carried"}
    assert {"note", "reasons", "character"} <= lost
    assert not lost & {"in", "number", "line"}
    with pytest.raises(UnknownOption, match="no column"):
        written(timeline_with("Hold!"), columns="numbr")


def test_the_cue_sheet_of_another_program_is_read_by_its_header(corpus: Path):
    data = (corpus / "cues" / "cuesheets" / "ReaADR_Test_Anime_Cue_Sheet.csv").read_bytes()
    assert sniff(data[:4096]) == 1
    with pytest.raises(RateError, match="--rate"):
        read_back(data)
    report = Report()
    timeline = read_back(data, report, rate=FILM)
    cues, cast = timeline_cues(timeline), timeline_characters(timeline)
    assert len(cues) == len(data.decode("utf-8-sig").strip().splitlines()) - 1
    assert (cues[0].number, cues[0].record_in, cues[0].record_out) == ("001", 5 * 24 + 12, 7 * 24 + 8)
    assert character_name(cast, cues[0]) == "HARU"
    assert cues[0].direction == "Urgent but controlled"
    assert cues[2].kind == "reaction"
    assert timeline_facts(timeline).start_timecode == "01:00:00:00"
    assert {loss.code for loss in report} == {"start-guessed", "column-read", "word-read"}
    read_as = {loss.facts["header"]: loss.facts["field"] for loss in report if loss.code == "column-read"}
    assert read_as["cue_id"] == "Number"
    assert read_as["dialogue"] == "Line"


def test_frames_and_milliseconds_may_mix_in_one_column(corpus: Path):
    data = (corpus / "cues" / "cuesheets" / "ReaADR_cue_sheet_template.tsv").read_bytes()
    timeline = read_back(data, rate=FILM)
    cues = timeline_cues(timeline)
    facts = timeline_facts(timeline)
    assert cues[0].seconds_in(facts) == 72
    assert cues[1].seconds_in(facts) == Fraction(157, 2)
    assert {cue.kind for cue in cues} >= {"group", "effort"}


def test_a_header_may_stand_below_a_title_and_rows_without_a_time_are_reported():
    report = Report()
    text = "The Adventures,,\n,,\nTC IN,ROLE,Dialogue\n01:00:10:00,ROBIN,Hold!\nsoon,MUCH,Run.\n01:00:12:30,MUCH,Go.\n"
    timeline = read_back(text.encode(), report, rate=FILM)
    assert [cue.line for cue in timeline_cues(timeline)] == ["Hold!", "Go."]
    codes = [loss.code for loss in report]
    assert "line-ignored" in codes
    assert "timecode-repaired" in codes


@pytest.mark.parametrize(
    "data", [b"", b"a,b,c\n1,2,3\n", b"Marker Name\tDescription\tIn\tOut\tDuration\tMarker Type\n"]
)
def test_a_table_that_is_no_cue_sheet_is_refused(data: bytes):
    assert sniff(data) == 0
    with pytest.raises(FormatError):
        read_back(data, rate=FILM)


def test_the_cue_list_keeps_every_record_and_hostile_text():
    source, file = timeline_with(*HOSTILE), io.BytesIO()
    from postsync.formats import Options, ReadOptions

    write_list(source, file, Report(), Options())
    file.seek(0)
    back = read_list(file, Report(), ReadOptions())[0]
    assert timeline_cues(back) == timeline_cues(source)
    with pytest.raises(FormatError, match="schema"):
        read_list(io.BytesIO(b"[]"), Report(), ReadOptions())


@pytest.mark.parametrize("delimiter", ["comma", "tab", "semicolon", "bar"])
def test_every_field_comes_back_through_a_file(delimiter: str):
    source = timeline_of(generated_cues(60), CAST)
    assert timeline_cues(read_back(written(source, delimiter=delimiter))) == timeline_cues(source)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60), min_size=1, max_size=6)
)
def test_text_of_every_script_comes_back(lines: list[str]):
    cues = [Cue(uid=f"AAAAAAA{'23456789'[n]}", record_in=n, line=line.strip() or None) for n, line in enumerate(lines)]
    assert timeline_cues(read_back(written(timeline_of(cues)))) == cues


def test_the_small_sheet_is_what_a_person_approved(fixtures: Path, accept: bool):
    golden = fixtures / "golden" / "small_sheet.csv"
    data = written(timeline_of(generated_cues(6), CAST), template="sheet")
    if accept:
        golden.parent.mkdir(exist_ok=True)
        golden.write_bytes(data)
    assert data == golden.read_bytes()


ACCENTED = "Number,Character,In,Line\r\n1,RENÉE,01:00:01:00,“Ça va – là-bas…” l’été\r\n"


@pytest.mark.parametrize(
    ("encoding", "told"),
    [
        ("utf-8", None), ("utf-8-sig", None), ("utf-16", None), ("utf-16-le", None), ("utf-16-be", None), ("utf-32", None),
        ("cp1252", "Windows-1252"), ("mac_roman", "Mac Roman"),
    ],
)  # fmt: skip
def test_every_encoding_that_sheets_are_saved_in_is_read(encoding: str, told: str | None):
    report, data = Report(), ACCENTED.encode(encoding)
    assert sniff(data[:4096]) == 1
    timeline = read_back(data, report, rate=FILM)
    assert timeline_cues(timeline)[0].line == "“Ça va – là-bas…” l’été"
    assert [loss.facts["encoding"] for loss in report if loss.code == "text-encoding-guessed"] == (
        [told] if told else []
    )


def test_an_encoding_that_was_named_is_taken():
    text = "Номер,Персонаж,Начало,Реплика\n1,РОБИН,01:00:01:00,Стой!\n"
    assert timeline_cues(read_back(text.encode("cp1251"), rate=FILM, encoding="cp1251"))[0].line == "Стой!"
    with pytest.raises(UnknownOption, match="no encoding"):
        read_back(text.encode(), rate=FILM, encoding="klingon")


def test_a_cell_of_any_length_is_read_and_the_limit_of_others_is_left_as_it_was():
    before = csv.field_size_limit()
    cue = Cue(uid="AAAAAAA2", record_in=0, line="word " * 60_000 + "end", note="a\n" * 500 + "b")
    assert timeline_cues(read_back(written(timeline_of([cue])))) == [cue]
    assert csv.field_size_limit() == before


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_lines_end_in_any_way_and_the_separator_may_be_declared(ends: str):
    text = ends.join(["sep=;", "Nr;Rolle;Anfang;Text", "1;ROBIN;01:00:01:00;Halt, sofort", ""])
    assert timeline_cues(read_back(text.encode(), rate=FILM))[0].line == "Halt, sofort"


def test_quote_marks_that_do_not_pair_are_said_and_nothing_disappears_into_one_cell():
    report = Report()
    tabbed = 'No\tCharacter\tIn\tLine\n1\tROBIN\t01:00:01:00\t"Stop" he said\n2\tROBIN\t01:00:02:00\t"Open\n'
    lines = [cue.line for cue in timeline_cues(read_back(tabbed.encode(), report, rate=FILM))]
    assert lines == ['"Stop" he said', '"Open']
    assert "quotes-unpaired" in [loss.code for loss in report]
    with pytest.raises(FormatError, match="never closes"):
        read_back(b'No,Character,In,Line\n1,ROBIN,01:00:01:00,"Stop\n2,ROBIN,01:00:02:00,Go\n', rate=FILM)


def test_control_characters_are_left_out_and_said():
    report = Report()
    data = written(timeline_of([Cue(uid="AAAAAAA2", record_in=0, line="a\x00b\x07c\r\nd")]), report)
    assert timeline_cues(read_back(data))[0].line == "abc\nd"
    assert [loss.code for loss in report] == ["text-replaced"]


def test_a_show_keeps_its_sheets_in_its_project_file(tmp_path: Path):
    (tmp_path / "postsync.toml").write_text(
        '[sheets.stage]\ncolumns = ["number", "in", "out", "character", "line", "uid"]\n'
        'headers = {number = "Wort", line = "Satz"}\n'
    )
    source = tmp_path / "all.csv"
    source.write_bytes(written(timeline_of(generated_cues(4), CAST)))
    verbs.convert(source, tmp_path / "stage.csv", options={"template": "stage"})
    assert (tmp_path / "stage.csv").read_text("utf-8-sig").startswith("Wort,In,Out,Character,Satz,UID")
    back = verbs.cues(tmp_path / "stage.csv", rate=FILM).document["cues"]
    assert [cue["number"] for cue in back] == ["R0101", "R0102", "R0103", "R0104"]
    with pytest.raises(UnknownOption, match="stage"):
        verbs.convert(source, tmp_path / "x.csv", options={"template": "stag"})


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_damaged_table_reads_or_says_why_not(data: st.DataObject):
    whole = bytearray(written(timeline_of(generated_cues(5), CAST)))
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(whole) - 1))
        whole[place : place + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=4))
    try:
        read_back(bytes(whole), rate=FILM)
        sniff(bytes(whole[:4096]))
    except (FormatError, RateError):
        pass


def test_texts_are_hostile_enough():
    assert {"=", "+", "-", "@", "'"} <= {text[0] for text in TEXTS}


@pytest.mark.parametrize(
    "columns", ["line", "number,line", "character", "number=Zählung,tc_in=Anfangszeit,line=Satz", "uid,note"]
)
def test_any_choice_of_columns_is_written_whole(columns: str, tmp_path: Path):
    path = tmp_path / "cues.csv"
    postsync.write(timeline_with("Hold!", "Now!"), path, options={"columns": columns})
    assert len(path.read_text("utf-8-sig").splitlines()) == 3


def test_a_full_table_loses_nothing_by_what_its_own_reader_says(tmp_path: Path):
    report = postsync.write(timeline_of(generated_cues(40), CAST), tmp_path / "cues.csv")
    assert len(report) == 0


def test_a_sheet_edited_in_a_spreadsheet_merges_back(tmp_path: Path):
    work, sheet, out = tmp_path / "R1.otio", tmp_path / "R1.csv", tmp_path / "R1 merged.otio"
    source = timeline_of(generated_cues(12), CAST)
    postsync.write(source, work)
    verbs.convert(work, sheet, options={"columns": "number,line,note,in,out,uid"})
    cue = timeline_cues(source)[3]
    rows = list(csv.reader(io.StringIO(sheet.read_text("utf-8-sig"), newline="")))
    row = next(row for row in rows if row[5] == cue.uid)
    row[1], row[2] = "'-Changed!", ""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";").writerows(rows)
    sheet.write_text(text.getvalue(), "utf-8", newline="")
    verbs.merge(work, sheet, out)
    merged = {one.uid: one for one in timeline_cues(postsync.read(out)[0])}
    assert (merged[cue.uid].line, merged[cue.uid].note) == ("-Changed!", None)
    for other in timeline_cues(source):
        edited = {"line": "-Changed!", "note": None} if other.uid == cue.uid else {}
        assert dataclasses.replace(merged[other.uid], history=()) == dataclasses.replace(other, **edited)
