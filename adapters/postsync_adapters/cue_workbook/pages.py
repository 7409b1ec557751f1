"""The workbook that we write: one sheet with a frozen header and a filter, ready to print, every cell a text."""

from __future__ import annotations

import datetime
import re
import zipfile
from collections.abc import Callable
from typing import Any, BinaryIO

import opentimelineio as otio

from postsync.cueing import STRUCK_STATUSES
from postsync.cueing.sheets import COLUMNS, TEMPLATES, SheetTable, WrittenColumn, typed_inert
from postsync.model import COLOURS, Cue, rgb_bytes, timeline_characters
from postsync.report import Report

LONGEST_TEXT = 32_767
"""What Excel takes in one cell, in UTF-16 units."""

FIXED_DATE = datetime.datetime(2020, 1, 1)  # noqa: DTZ001  (a date without a zone is what the format holds)
FIXED_ZIP_DATE = (1980, 1, 1, 0, 0, 0)

PAPERS = {"A4": 9, "Letter": 1}
OUT_OF_SIGHT = ("rate", "start")
"""Columns that programs need and people do not."""

STATUS_FILLS = {"recorded": "#DDF2DD", "selected": "#CDEBCD", "cut": "#BDE3BD", "approved_final": "#ADDCAD"}
HEADER_FILL, GREY = "#E6E6E6", "#808080"

_LITERAL_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def write_pages(
    openpyxl: Any, table: SheetTable, timeline: otio.schema.Timeline, file: BinaryIO, report: Report, paper: str
) -> None:
    """Write the table as a workbook into an open file."""
    from openpyxl.writer.excel import ExcelWriter

    book = openpyxl.Workbook(write_only=True)
    book.properties.creator, book.properties.created = "postsync", FIXED_DATE
    book.properties.modified, book.properties.title = FIXED_DATE, _safe(timeline.name or "Cues")
    sheet = book.create_sheet("Cues")
    _set_page(sheet, table, book.properties.title, paper)
    styles = _Styles(openpyxl, sheet)
    _set_columns(sheet, table, styles)
    sheet.append([styles.cell(header, bold=True, fill=HEADER_FILL) for header in table.headers])
    colours = _colours_of(timeline)
    for cue, cells in table.rows:
        sheet.append(_row(cue, cells, table.columns, styles, colours(cue), report))
    with _SameZip(file, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
        ExcelWriter(book, archive).write_data()


class _SameZip(zipfile.ZipFile):
    """A zip whose entries carry one date, so that the same cues are the same bytes."""

    def writestr(self, zinfo_or_arcname: Any, data: Any, *_: Any, **__: Any) -> None:
        """Write a part."""
        info = zipfile.ZipInfo(str(getattr(zinfo_or_arcname, "filename", zinfo_or_arcname)), FIXED_ZIP_DATE)
        info.compress_type = self.compression
        info.external_attr = 0o600 << 16
        super().writestr(info, data)

    def write(self, filename: Any, arcname: Any = None, *_: Any, **__: Any) -> None:
        """Write a part that the library laid aside in a file."""
        with open(filename, "rb") as part:  # noqa: PTH123  (the library hands over names)
            self.writestr(arcname or filename, part.read())


def _set_page(sheet: Any, table: SheetTable, title: str, paper: str) -> None:
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = PAPERS[paper]
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddHeader.center.text = title[:120].replace("&", "&&")
    sheet.oddFooter.right.text = "Page &P of &N"
    from openpyxl.utils import get_column_letter

    last = get_column_letter(max(1, len(table.columns)))
    sheet.auto_filter.ref = f"A1:{last}{len(table.rows) + 1}"


def _set_columns(sheet: Any, table: SheetTable, styles: _Styles) -> None:
    """Set widths; columns beyond the working sheet that nothing stands in are folded away, those for programs hidden."""
    from openpyxl.utils import get_column_letter

    for place, column in enumerate(table.columns):
        dimension = sheet.column_dimensions[get_column_letter(place + 1)]
        dimension.width = COLUMNS[column.column].width
        dimension.number_format = "@"
        dimension.alignment = styles.alignment
        if column.column in OUT_OF_SIGHT:
            dimension.hidden = True
        elif column.column not in TEMPLATES["sheet"] and not any(cells[place] for _, cells in table.rows):
            dimension.hidden, dimension.outlineLevel = True, 1


def _row(
    cue: Cue, cells: list[str], columns: tuple[WrittenColumn, ...], styles: _Styles, colour: str | None, report: Report
) -> list[Any]:
    """Give the cells of a cue: struck through where it was dropped, its colour at its number."""
    struck = cue.status in STRUCK_STATUSES
    row: list[Any] = []
    for text, column in zip(cells, columns, strict=True):
        if not text:
            row.append(None)
            continue
        fill = {"number": colour, "status": STATUS_FILLS.get(cue.status)}.get(column.column)
        grey = column.column == "uid"
        row.append(
            styles.cell(_fitting(typed_inert(text), cue, report), struck=struck and not grey, fill=fill, grey=grey)
        )
    return row


def _fitting(text: str, cue: Cue, report: Report) -> str:
    """Cut a text to what Excel takes in a cell, and say so."""
    text = _safe(text)
    if len(text) * 2 <= LONGEST_TEXT or len(text.encode("utf-16-le")) // 2 <= LONGEST_TEXT:
        return text
    cut = text.encode("utf-16-le")[: LONGEST_TEXT * 2].decode("utf-16-le", "ignore")
    report.note("text-cut", where=f"cue {cue.number or cue.uid}", was=len(text), now=len(cut))
    return cut


def _safe(text: str) -> str:
    """Keep `_x0041_` in a text from being read as a letter, as XLSX would."""
    return _LITERAL_ESCAPE.sub("_x005F_", text) if "_x" in text else text


def _colours_of(timeline: otio.schema.Timeline) -> Callable[[Cue], str | None]:
    """Give the function that says which colour a cue has: its own, else that of its character."""
    by_character = {one.id: one.colour for one in timeline_characters(timeline).values()}

    def colour(cue: Cue) -> str | None:
        name = cue.colour or by_character.get(cue.character or "")
        return _tint(COLOURS[name]) if name in COLOURS else None

    return colour


def _tint(rgb: str) -> str:
    """Give a colour light enough to read black text on."""
    return "#{:02X}{:02X}{:02X}".format(*(255 - (255 - part) * 45 // 100 for part in rgb_bytes(rgb)))


class _Styles:
    """Makes text cells; each look is made once, since a style of its own for each cell is what makes workbooks slow."""

    def __init__(self, openpyxl: Any, sheet: Any) -> None:
        from openpyxl.cell import WriteOnlyCell

        self._styles = openpyxl.styles
        self._made: dict[tuple[Any, ...], Any] = {}
        self._new: Callable[[], Any] = lambda: WriteOnlyCell(sheet)
        self.alignment = self._styles.Alignment(vertical="top", wrap_text=True)

    def cell(
        self, text: str, *, bold: bool = False, struck: bool = False, fill: str | None = None, grey: bool = False
    ) -> Any:
        """Give a cell that is text by its type, its format and its prefix, so that no program makes a formula of it."""
        look = (bold, struck, fill, grey)
        style = self._made.get(look)
        if style is None:
            style = self._made[look] = self._look(*look)
        cell = self._new()
        cell.value = text
        cell.data_type = "s"
        cell._style = style
        return cell

    def _look(self, bold: bool, struck: bool, fill: str | None, grey: bool) -> Any:
        cell, styles = self._new(), self._styles
        cell.font = styles.Font(bold=bold, strike=struck, color=GREY[1:] if grey else None)
        cell.alignment = self.alignment
        cell.number_format = "@"
        cell.quotePrefix = True
        if fill:
            cell.fill = styles.PatternFill("solid", fgColor=fill[1:])
        return cell._style
