"""The cells of a worksheet as rows of values, whatever size it says it has."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from postsync.cueing.sheets import Row, Value
from postsync.errors import FormatError
from postsync.report import Report
from postsync_adapters.cue_workbook.book import PLAIN, Sheet, as_typed, elements, typed_text

MOST_ROWS = 2**20
"""The rows that Excel has."""

MOST_CELLS = 8_000_000
MOST_FILLED = 100_000
"""Most cells that merged ranges are spread over."""

_RANGE = re.compile(r"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})")
_LETTERS = re.compile(r"[A-Z]{1,3}")
_TYPED_SIGN = re.compile(r"^=([+-](?![\d.(]))")


def cell_rows(sheet: Sheet, report: Report) -> Iterator[Row]:
    """Yield the rows of a sheet, hidden ones too: a filter that was left on hides cues, it does not drop them.

    A merged range stands in each of its rows. FormatError where rows or cells pass what a spreadsheet has.
    """
    cells, spread = _Cells(sheet, report), _Spread(sheet.merged)
    number = count = 0
    for element in elements(sheet.book.archive, sheet.part, "row"):
        stated = _row_number(element.get("r"), sheet) or number + 1
        if stated > MOST_ROWS:
            raise FormatError("more cells than any cue sheet", place=f"sheet {sheet.title}", found=f"row {stated}")
        if stated <= number:
            continue
        yield from ([] for _ in range(number + 1, stated))
        number, row = stated, cells.row(element, stated)
        count += len(row)
        if count > MOST_CELLS:
            raise FormatError("more cells than any cue sheet", place=f"sheet {sheet.title}", found=f"row {number}")
        yield spread.filled(row, number) if spread.rows else row


def _row_number(text: str | None, sheet: Sheet) -> int | None:
    """Read the number of a row, which some scripts write as `7.0`; None where there is none."""
    if text is None:
        return None
    whole = text.removesuffix(".0")
    if not (whole.isascii() and whole.isdigit() and len(whole) < 16):
        raise FormatError(place=f"sheet {sheet.title}", expected="a number of a row", found=repr(text))
    return int(whole)


class _Cells:
    """Reads the values of one sheet's cells."""

    def __init__(self, sheet: Sheet, report: Report) -> None:
        from openpyxl.utils.datetime import from_excel, from_ISO8601

        self._from_serial: Callable[..., Value] = from_excel
        self._from_iso: Callable[[str], Value] = from_ISO8601
        self._book, self._title, self._report = sheet.book, sheet.title, report
        self._shared: dict[str | None, tuple[str, str]] = {}
        self._readers: dict[str, Callable[[str, Any], Value]] = {
            "n": self._number,
            "s": lambda text, cell: self._book.texts[int(text)],
            "b": lambda text, cell: bool(int(text)),
            "d": lambda text, cell: self._from_iso(text),
        }

    def row(self, element: Any, number: int) -> list[Value]:
        """Give the values of a row, None where nothing stands."""
        row: list[Value] = []
        for cell in element:
            place = cell.get("r")
            column = len(row) if place is None else _column_number(place.rstrip("0123456789"))
            if column >= len(row):
                row += [None] * (column + 1 - len(row))
            try:
                row[column] = self._value(cell, number, column)
            except (ValueError, IndexError, OverflowError) as fault:
                found = f"{cell.get('t', 'n')} {''.join(cell.itertext())[:40]!r}"
                raise FormatError(
                    place=f"sheet {self._title}, cell {_coordinate(number, column)}", expected="a value", found=found
                ) from fault
        return row

    def _value(self, cell: Any, number: int, column: int) -> Value:
        kind, text = cell.get("t", "n"), None
        for child in cell:
            if child.tag.endswith("}v"):
                text = child.text
            elif kind == "inlineStr" and child.tag.endswith("}is"):
                return typed_text(child)
        if not text:
            return self._formula(cell, _coordinate(number, column)) if len(cell) else None
        if kind == "e":
            return self._unreadable(_coordinate(number, column), text)
        reader = self._readers.get(kind)
        value = as_typed(text) if reader is None else reader(text, cell)
        return value if value is not _NOT_A_DATE else self._unreadable(_coordinate(number, column), "#VALUE!")

    def _unreadable(self, place: str, value: str) -> None:
        self._report.note("value-unreadable", source=place, name="cell", value=value)

    def _number(self, text: str, cell: Any) -> Value:
        value: float = int(text) if text.isdigit() else float(text) if set(text) & set(".eE") else int(text)
        style = int(cell.get("s", 0))
        look = self._book.looks[style] if style < len(self._book.looks) else PLAIN
        if look.date:
            try:
                return self._from_serial(value, self._book.epoch, timedelta=look.length)
            except (OverflowError, ValueError):
                return _NOT_A_DATE
        return f"{value:.0f}".zfill(look.digits) if look.digits else value

    def _formula(self, cell: Any, place: str) -> Value:
        """Give the text of a formula whose result the file does not hold.

        No program counted `=Really?` that a script wrote, and `-No!` that a person typed into Excel became `=-No!`.
        """
        written = next((child for child in cell if child.tag.endswith("}f")), None)
        if written is None or written.get("t", "normal") not in ("normal", "shared"):
            return None
        formula = f"={written.text or ''}"
        if written.get("t") == "shared":
            formula = self._shared_formula(written.get("si"), formula, place)
        value = _TYPED_SIGN.sub(r"\1", formula)
        self._report.note("formula-kept", source=place, was=formula, now=value)
        return value

    def _shared_formula(self, key: str | None, formula: str, place: str) -> str:
        """Give a formula that stands in the first of its cells only, as it would stand in this one."""
        from openpyxl.formula.translate import Translator

        if formula != "=":
            self._shared.setdefault(key, (formula, place))
            return formula
        if key not in self._shared:
            return formula
        first, at = self._shared[key]
        return str(Translator(first, at).translate_formula(place))


_NOT_A_DATE = object()
"""What a number is that is shown as a date but lies outside of all that Excel has."""


class _Spread:
    """Remembers what stands in merged cells, to say it again in each row that they reach down to."""

    def __init__(self, ranges: list[str]) -> None:
        self.rows: dict[int, list[tuple[int, int]]] = {}
        self._values: dict[tuple[int, int], Value] = {}
        room = MOST_FILLED
        for match in filter(None, map(_RANGE.fullmatch, ranges)):
            column, first, last = _column_number(match[1]), int(match[2]), int(match[4])
            room -= max(0, last - first)
            if room < 0:
                break
            for row in range(first, last + 1 if last > first else first):
                self.rows.setdefault(row, []).append((column, first))

    def filled(self, row: list[Value], number: int) -> Row:
        """Give a row with what its merged cells say from above; a row that is otherwise empty stays so."""
        empty = all(value is None for value in row)
        for column, first in self.rows.get(number, ()):
            if number == first:
                self._values[column, first] = row[column] if column < len(row) else None
            elif not empty and column < len(row) and row[column] is None:
                row[column] = self._values.get((column, first))
        return row


@lru_cache(maxsize=4096)
def _column_number(letters: str) -> int:
    number = 0
    if not _LETTERS.fullmatch(letters.upper()):
        raise FormatError(expected="a cell such as B7", found=repr(letters))
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def _coordinate(row: int, column: int) -> str:
    letters, rest = "", column + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        letters = chr(65 + letter) + letters
    return f"{letters}{row}"
