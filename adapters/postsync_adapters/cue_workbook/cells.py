"""The cells of a worksheet as rows of values, whatever size it says it has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from postsync.cueing.sheets import Row, Value, live
from postsync.errors import FormatError
from postsync.report import Report
from postsync_adapters.cue_workbook.parts import Parts

MOST_ROWS = 2**20
"""The rows that Excel has."""

MOST_CELLS = 8_000_000
MOST_FILLED = 100_000
"""Most cells that merged ranges are spread over."""

_ESCAPE = re.compile(r"_x(00[01][0-9A-Fa-f]|005[Ff]|00[7][Ff])_")
_ZEROS = re.compile(r"0{2,9}")
_RANGE = re.compile(r"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})")


def cell_rows(sheet: Any, parts: Parts, report: Report) -> Iterator[Row]:
    """Yield the rows of a sheet, hidden ones too: a filter that was left on hides cues, it does not drop them.

    A merged range stands in each of its rows. FormatError where rows or cells pass what a spreadsheet has.
    """
    sheet.reset_dimensions()
    spread = _Spread(parts.merged_in(sheet))
    count = 0
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        count += len(cells)
        if number > MOST_ROWS or count > MOST_CELLS:
            raise FormatError("more cells than any cue sheet", place=f"sheet {sheet.title}", found=f"row {number}")
        row = [_value(cell, report) for cell in cells]
        yield spread.filled(row, number) if spread.rows else row


def _value(cell: Any, report: Report) -> Value:
    value = cell.value
    if value is None:
        return None
    if isinstance(value, str):
        if cell.data_type == "e":
            report.note("value-unreadable", source=cell.coordinate, name="cell", value=value)
            return None
        return live(_unescaped(value))
    if isinstance(value, (int, float)) and not isinstance(value, bool) and _ZEROS.fullmatch(str(cell.number_format)):
        return f"{value:.0f}".zfill(len(cell.number_format))
    return value


def _unescaped(text: str) -> str:
    """Take back the `_x000D_` by which XLSX writes control characters, and Windows' way to break lines."""
    if "_x" in text:
        text = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    return text


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


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
