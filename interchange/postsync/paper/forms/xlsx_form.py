"""A report as a workbook: text cells that nothing counts with, counts as numbers, header that stays, filter, print titles.

Same report, same bytes: the dates inside are fixed.
"""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime
from typing import Any

from postsync.errors import CannotWrite
from postsync.paper.document import Document, Row, Value
from postsync.report import Report

INSTALL = 'install it with: pip install "postsync[sheets]"'
LONGEST_CELL = 32_767
_UNFIT = re.compile(r"[\[\]:*?/\\']+")
_WIDE = {"line": 60, "number": 11, "time": 13, "who": 22, "count": 9, "small": 24, "text": 24}
_WHEN = datetime(2000, 1, 1)  # noqa: DTZ001 - the date inside a zip has no zone


def xlsx_bytes(document: Document, report: Report) -> bytes:
    """Give the workbook of a report."""
    try:
        import openpyxl
    except ImportError as fault:
        raise CannotWrite("XLSX needs openpyxl", remedy=INSTALL) from fault
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.title = " ".join(_UNFIT.sub(" ", document.name).split())[:31] or "Sheet"
    _fill(openpyxl, sheet, document)
    _dress(openpyxl, sheet, document)
    book.properties.creator, book.properties.title = "postsync", _cell(document.title)
    book.properties.created = book.properties.modified = _WHEN
    return _still(book)


def _fill(openpyxl: Any, sheet: Any, document: Document) -> None:
    styles = openpyxl.styles
    bold, struck = styles.Font(bold=True), styles.Font(strike=True)
    grey, wrap = styles.Font(color="FF666666"), styles.Alignment(wrap_text=True, vertical="top")
    fonts = {"total": bold, "struck": struck, "context": grey}
    sheet.append([_cell(one.heading) for one in document.fields])
    for cell in sheet[1]:
        cell.font, cell.alignment = bold, wrap
        cell.fill = styles.PatternFill("solid", fgColor="FFE4E4E4")
        cell.data_type = "s"
    for number, row in enumerate(document.rows, start=2):
        _fill_row(sheet, number, document, row, fonts, wrap)


def _fill_row(sheet: Any, number: int, document: Document, row: Row, fonts: dict[str, Any], wrap: Any) -> None:
    for place, one in enumerate(document.fields, start=1):
        value = row.values.get(one.key, "")
        if value == "":
            continue
        cell = sheet.cell(number, place, _cell(value))
        if isinstance(value, str):
            # By type and by format: a formula, a date or zeros in front stay what a person typed, also when edited.
            cell.data_type, cell.number_format = "s", "@"
        cell.alignment = wrap
        if row.state in fonts:
            cell.font = fonts[row.state]


def _cell(value: Value) -> Value:
    return value[:LONGEST_CELL] if isinstance(value, str) else value


def _dress(openpyxl: Any, sheet: Any, document: Document) -> None:
    looks = {key: column.look for column in document.columns for key in column.fields[:1]}
    for place, one in enumerate(document.fields, start=1):
        letter = openpyxl.utils.get_column_letter(place)
        sheet.column_dimensions[letter].width = _WIDE.get(looks.get(one.key, "text"), 14)
    last = openpyxl.utils.get_column_letter(max(len(document.fields), 1))
    sheet.freeze_panes = "B2"
    filtered = sum(row.state != "total" for row in document.rows)
    sheet.auto_filter.ref = f"A1:{last}{max(filtered + 1, 2)}"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape" if document.landscape else "portrait"
    sheet.page_setup.paperSize = 9 if document.paper == "A4" else 1
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = openpyxl.worksheet.properties.PageSetupProperties(fitToPage=True)
    facts = " · ".join(f"{name} {text}" for name, text in document.facts)
    sheet.oddHeader.left.text = _in_header(f"{document.title} – {document.name}")
    sheet.oddHeader.right.text = _in_header(facts)
    sheet.oddFooter.right.text = f"{_in_header(document.words.get('page', ''))} &P {document.words.get('of', '')} &N"


def _in_header(text: str) -> str:
    """Write a text of a page's head: `&` begins an order to the printer, and digits after one would be a size of type.

    Excel takes 255 characters of all of it.
    """
    told = " ".join(text.split())[:60].replace("&", "&&")
    return f" {told}" if told[:1].isdigit() else told


def _still(book: Any) -> bytes:
    """Save a workbook with the same date in each of its parts."""
    made, out = io.BytesIO(), io.BytesIO()
    book.save(made)
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for part in source.infolist():
            data = source.read(part)
            if part.filename == "docProps/core.xml":
                data = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>2000-01-01T00:00:00Z", data)
            entry = zipfile.ZipInfo(part.filename, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, data)
    return out.getvalue()
