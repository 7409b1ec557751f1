"""The cue workbook: our own round trip, cells that stay text, workbooks as Excel leaves them, and hostile ones."""

from __future__ import annotations

import datetime
import io
import re
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

import postsync
from postsync.errors import CannotWrite, FormatError, PostsyncError, UnknownFormat, UnknownOption
from postsync.formats.conversion import recognise
from postsync.model import Cue, block, timeline_characters, timeline_cues
from postsync.report import Report
from postsync_adapters.cue_workbook import WorkbookReadOptions, WorkbookWriteOptions, parts, read, sniff, write
from postsync_adapters.cue_workbook.book import NAMESPACES, opened
from postsync_adapters.cue_workbook.cells import cell_rows
from postsync_adapters.cue_workbook.parts import Parts
from sheet_cues import CAST, FILM, TEXTS, generated_cues, timeline_of

HEADER = ["Number", "Character", "In", "Out", "Line"]


def written(timeline, report=None, **options):
    file = io.BytesIO()
    write(timeline, file, Report() if report is None else report, WorkbookWriteOptions(**options))
    return file.getvalue()


def read_back(data, report=None, **options):
    return read(io.BytesIO(data), Report() if report is None else report, WorkbookReadOptions(**options))[0]


def book_of(*rows, change=None):
    """Give a workbook as Excel would leave it, with typed cells."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if change is not None:
        change(book)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def cues_of(*rows, report=None, change=None, **options):
    options.setdefault("rate", FILM)
    return timeline_cues(read_back(book_of(*rows, change=change), report, **options))


def sheet_of(data):
    return openpyxl.load_workbook(io.BytesIO(data)).active


# ------------------------------------------------------------------------------------------------------------- our own


def test_every_field_comes_back():
    source, report = timeline_of(generated_cues(80), CAST), Report()
    data = written(source, report)
    assert sniff(data[:4096]) == 2
    back = read_back(data)
    assert timeline_cues(back) == timeline_cues(source)
    assert timeline_characters(back) == timeline_characters(source)
    assert len(report) == 0


def test_a_sheet_that_excel_saved_again_comes_back_whole():
    source = timeline_of(generated_cues(40), CAST)
    again = io.BytesIO()
    openpyxl.load_workbook(io.BytesIO(written(source))).save(again)
    kept = [cue for cue in timeline_cues(source) if "_x" not in repr(cue)]
    back = {cue.uid: cue for cue in timeline_cues(read_back(again.getvalue()))}
    assert [back[cue.uid] for cue in kept] == kept


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.sampled_from(TEXTS),
            st.text(
                st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"),  # XML has neither
                min_size=1,
                max_size=60,
            ),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_text_of_every_script_comes_back(lines):
    cues = [Cue(uid=f"AAAAAAA{'23456789'[n]}", record_in=n, line=line.strip() or None) for n, line in enumerate(lines)]
    assert timeline_cues(read_back(written(timeline_of(cues)))) == cues


def test_the_same_cues_are_the_same_bytes(monkeypatch):
    source = timeline_of(generated_cues(5), CAST)
    first = written(source)
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    assert written(source) == first
    assert {info.date_time for info in zipfile.ZipFile(io.BytesIO(first)).infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_every_cell_is_text_that_no_program_counts():
    cells = [cell for row in sheet_of(written(timeline_of(generated_cues(40), CAST))) for cell in row if cell.value]
    assert {cell.data_type for cell in cells} == {"s"}
    assert {cell.number_format for cell in cells} == {"@"}
    assert all(cell.quotePrefix for cell in cells)
    assert "=1+1" in {cell.value for cell in cells}


def test_the_sheet_is_ready_to_filter_and_print():
    cues = [Cue(uid="AAAAAAA2", number="1", record_in=0, status="omitted", colour="red", line="Stop!")]
    sheet = sheet_of(written(timeline_of(cues), paper="Letter"))
    assert sheet.freeze_panes == "A2"
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.auto_filter.ref.startswith("A1:")
    assert (sheet.page_setup.orientation, str(sheet.page_setup.paperSize)) == ("landscape", "1")
    assert sheet["A2"].font.strike
    assert sheet["A2"].fill.fgColor.rgb.endswith("F29D8D")
    assert sheet["G2"].alignment.wrap_text
    hidden = {sheet[f"{letter}1"].value for letter, column in sheet.column_dimensions.items() if column.hidden}
    assert {"Rate", "Timeline start", "Sync points"} <= hidden
    assert not hidden & {"Number", "Line", "UID", "Note"}


def test_a_text_longer_than_excel_takes_is_cut_and_said():
    report = Report()
    data = written(timeline_of([Cue(uid="AAAAAAA2", number="7", record_in=0, line="🎬" * 20_000)]), report)
    assert timeline_cues(read_back(data))[0].line == "🎬" * 16_383
    assert [(loss.code, loss.where) for loss in report] == [("text-cut", "cue 7")]


def test_a_missing_library_is_one_sentence_with_what_to_type(monkeypatch, tmp_path):
    data = written(timeline_of([]))
    (tmp_path / "a.xlsx").write_bytes(data)
    for module in ("openpyxl", "openpyxl.reader.excel"):
        monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(CannotWrite, match=r'pip install "postsync\[sheets\]"'):
        postsync.write(timeline_of([]), tmp_path / "b.xlsx")
    with pytest.raises(UnknownFormat, match=r'pip install "postsync\[sheets\]"'):
        postsync.read(tmp_path / "a.xlsx")


# ------------------------------------------------------------------------------------------------- as Excel leaves them


def test_typed_cells_become_what_was_meant():
    report = Report()
    cues = cues_of(
        [*HEADER, "Scene", "Priority", "Done", "Note"],
        [
            1.0,
            "ROBIN",
            datetime.time(1, 0, 5),
            datetime.time(1, 0, 6),
            "Stop!",
            datetime.date(2026, 1, 2),
            2,
            True,
            3.5,
        ],
        ["=1+1", "MUCH", 3610 / 86400, None, "Go!", "12", None, False, datetime.date(2026, 5, 4)],
        report=report,
    )
    first, second = cues
    assert (first.number, first.record_in, first.record_out) == ("1", 120, 144)
    assert (first.scene, first.priority, first.status, first.note) == ("1-2", 2, "recorded", "3.5")
    assert (second.number, second.record_in, second.status, second.note) == ("=1+1", 240, "spotted", "2026-05-04")
    codes = [loss.code for loss in report]
    assert codes.count("cell-repaired") == 5
    assert [(loss.source, loss.facts["was"]) for loss in report if loss.code == "formula-kept"] == [("A3", "=1+1")]


def test_numbers_shown_with_zeros_keep_them():
    def change(book):
        book.active["A2"].number_format = "000"

    assert cues_of(HEADER, [7, "R", "01:00:01:00", None, "x"], change=change)[0].number == "007"


def test_rich_text_merged_cells_and_hidden_rows_are_read():
    def change(book):
        sheet = book.active
        sheet["E2"] = CellRichText("Hold ", TextBlock(InlineFont(b=True), "there!"))
        sheet.merge_cells("B2:B4")
        sheet.row_dimensions[3].hidden = True

    cues = cues_of(
        HEADER,
        *([str(n), "ROBIN" if n == 1 else None, f"01:00:0{n}:00", None, "x"] for n in (1, 2, 3, 4)),
        change=change,
    )
    assert [cue.character for cue in cues] == ["robin", "robin", "robin", None]
    assert cues[0].line == "Hold there!"


def test_the_escapes_of_excel_are_taken_back():
    assert cues_of(HEADER, ["1", "R", "01:00:01:00", None, "two_x000D_\nlines"])[0].line == "two\nlines"


def test_a_csv_of_ours_saved_as_a_workbook_loses_its_apostrophes():
    assert cues_of(HEADER, ["1", "R", "01:00:01:00", None, "'-No!"])[0].line == "-No!"


def test_errors_in_cells_are_named():
    report = Report()
    cues_of(HEADER, ["1", "R", "01:00:01:00", None, "#REF!"], report=report)
    assert [loss.source for loss in report if loss.code == "value-unreadable"] == ["E2"]


def test_a_formula_that_nobody_counted_is_the_text_that_was_typed():
    report = Report()
    rows = (["1", "R", "01:00:01:00", None, "=Really?"], ["2", "R", "01:00:02:00", None, "=-No!"])
    assert [cue.line for cue in cues_of(HEADER, *rows, report=report)] == ["=Really?", "-No!"]
    assert [loss.source for loss in report if loss.code == "formula-kept"] == ["E2", "E3"]


def test_a_formula_that_cells_share_and_nobody_counted_is_the_text_of_each():
    def share(part):
        part = part.replace(b'<c r="C2"', b'<c r="D2"><f t="shared" ref="D2:D3" si="0">C2+1</f></c><c r="C2"')
        return part.replace(b'<c r="C3"', b'<c r="D3"><f t="shared" si="0"/></c><c r="C3"')

    report = Report()
    rows = ([str(n), "R", f"01:00:0{n}:00", None, "x"] for n in (1, 2))
    read_back(changed(book_of(HEADER, *rows), SHEET, share), report, rate=FILM)
    assert [loss.facts["was"] for loss in report if loss.code == "formula-kept"] == ["=C2+1", "=C3+1"]


def test_the_texts_of_a_table_are_read_without_looks_and_without_how_they_sound():
    def from_table(part):
        return re.sub(rb't="inlineStr"><is><t>shared</t></is>', b't="s"><v>1</v>', part)

    table = (
        f'<sst xmlns="{NAMESPACES[0]}"><si><t>other</t></si><si><r><rPr><b/></rPr><t>Hold </t></r><r><t>on_x000D_</t></r>'
        "<rPh sb='0' eb='1'><t>how it sounds</t></rPh></si></sst>"
    )
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    override = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
    data = changed(book_of(HEADER, ["1", "R", "01:00:01:00", None, "shared"]), SHEET, from_table)
    data = changed(data, "[Content_Types].xml", lambda part: part.replace(b"</Types>", override.encode()))
    file = io.BytesIO(data)
    with zipfile.ZipFile(file, "a") as book:
        book.writestr("xl/sharedStrings.xml", table)
    assert timeline_cues(read_back(file.getvalue(), rate=FILM))[0].line == "Hold on"


def test_the_rows_that_buttons_are_anchored_to_are_no_rows_of_the_sheet():
    anchor = b'<anchor xmlns:d="urn:drawing"><from><d:col>1</d:col><d:row>9</d:row></from></anchor></worksheet>'
    data = changed(SMALL, SHEET, lambda part: part.replace(b"</worksheet>", anchor))
    assert len(timeline_cues(read_back(data, rate=FILM))) == 1


VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**12), 10**12), st.floats(-1e9, 1e9), st.sampled_from(["x", "#N/A"]),
    st.times().map(lambda time: time.replace(microsecond=0)), st.dates(datetime.date(1901, 1, 1)).map(
        lambda day: datetime.datetime(day.year, day.month, day.day)  # noqa: DTZ001  (cells have no zone)
    ), st.timedeltas(datetime.timedelta(0), datetime.timedelta(900)).map(
        lambda length: datetime.timedelta(seconds=int(length.total_seconds()))
    ),
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(VALUES, max_size=5), min_size=1, max_size=6))
def test_cells_have_the_values_that_openpyxl_gives_them(rows):
    data = book_of(["first"], *rows)
    sheet = openpyxl.load_workbook(io.BytesIO(data), data_only=True).active
    theirs = [[None if cell.data_type == "e" else cell.value for cell in row] for row in sheet.iter_rows()]
    assert filled(cell_rows(opened(io.BytesIO(data), Parts())[0], Report())) == filled(theirs)


def filled(rows):
    """Give the filled cells of some rows by their place."""
    return {
        (row, column): cell for row, cells in enumerate(rows) for column, cell in enumerate(cells) if cell is not None
    }


def _two_sheets(book):
    for title in ("MUCH", "Notes"):
        sheet = book.create_sheet(title)
        sheet.append(HEADER if title == "MUCH" else ["nothing"])
        sheet.append(["9", "MUCH", "01:00:09:00", None, "Run!"])


def test_the_first_cue_sheet_is_read_and_the_others_are_named():
    report = Report()
    cues = cues_of(HEADER, ["1", "R", "01:00:01:00", None, "x"], report=report, change=_two_sheets)
    assert [cue.number for cue in cues] == ["1"]
    assert [loss.facts["name"] for loss in report if loss.code == "timeline-left-out"] == ["sheet 'MUCH'"]


def test_a_sheet_is_chosen_by_its_name():
    assert cues_of(HEADER, change=_two_sheets, sheet="MUCH")[0].number == "9"
    with pytest.raises(UnknownOption, match="the workbook has: Sheet, MUCH, Notes"):
        cues_of(HEADER, change=_two_sheets, sheet="ROBIN")


def test_a_returned_sheet_says_what_it_carried():
    data = written(timeline_of(generated_cues(3), CAST), template="minimal")
    assert block(read_back(data, rate=FILM))["carried"] == ["character", "in", "line", "number", "out"]


# -------------------------------------------------------------------------------------------------------------- hostile


def changed(data: bytes, name: str, change) -> bytes:
    """Give a workbook with one part changed."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target:
        for info in source.infolist():
            part = source.read(info)
            target.writestr(info.filename, change(part) if info.filename == name else part)
    return result.getvalue()


WIDE_ROWS = b"".join(b'<row r="%d"><c r="XFD%d"/></row>' % (n, n) for n in range(3, 603))
SHEET = "xl/worksheets/sheet1.xml"
SMALL = book_of(HEADER, ["1", "R", "01:00:01:00", None, "x"])


def test_a_sheet_that_lies_about_its_size_is_read_by_what_it_holds():
    lying = changed(SMALL, SHEET, lambda part: re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:A1"', part))
    assert len(timeline_cues(read_back(lying, rate=FILM))) == 1
    huge = changed(
        SMALL, SHEET, lambda part: re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:XFD1048576"', part)
    )
    assert len(timeline_cues(read_back(huge, rate=FILM))) == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda part: part.replace(b'r="2"', b'r="99999999"').replace(b"A2", b"A99999999"),
        lambda part: b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + part,
        lambda part: part.replace(b"</sheetData>", WIDE_ROWS + b"</sheetData>"),
        lambda part: part[: len(part) // 2],
        lambda part: b"",
    ],
)
def test_a_hostile_sheet_is_one_sentence(change, tmp_path):
    (tmp_path / "a.xlsx").write_bytes(changed(SMALL, SHEET, change))
    with pytest.raises(FormatError):
        postsync.read(tmp_path / "a.xlsx", rate=FILM)


def test_a_zip_that_unpacks_without_end_is_refused_before_it_is_parsed(monkeypatch):
    monkeypatch.setattr(parts, "LARGEST_TABLE", 2**20)
    bomb = changed(SMALL, SHEET, lambda part: part.replace(b"<sheetData>", b"<sheetData>" + b" " * 2**21))
    assert len(bomb) < 2**16
    with pytest.raises(FormatError, match="larger than any cue sheet"):
        read_back(bomb)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_damaged_workbook_reads_or_says_why_not(tmp_path_factory, data):
    whole = bytearray(SMALL)
    for _ in range(data.draw(st.integers(1, 5))):
        place = data.draw(st.integers(0, len(whole) - 1))
        whole[place : place + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=4))
    path = tmp_path_factory.mktemp("damaged") / "a.xlsx"
    path.write_bytes(bytes(whole))
    try:
        postsync.read(path, from_format="cue_workbook", options={"rate": "24"})
    except PostsyncError:
        pass


def test_other_office_files_are_not_taken_for_workbooks(tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "a.docx", "w") as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr("word/document.xml", "<x/>")
    with pytest.raises(UnknownFormat):
        recognise(tmp_path / "a.docx")
