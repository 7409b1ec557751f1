"""Finding the header of a sheet, and saying which column is which field.

The header may stand below a title, letters and punctuation do not matter, and every column that is not headed by our own
words is a guess that is shown. A column whose words nobody knows is told by what stands in it where that is certain (a
column of timecodes, a column of uids); else its cells are kept beside the cue.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from postsync.cueing.identity import is_uid
from postsync.cueing.sheets.columns import (
    COLUMN_OF_WORD,
    COLUMNS,
    EXTRA_MARK,
    TRANSLATION_MARK,
    column_of,
    extra_key,
    folded_header,
    language_of,
)
from postsync.cueing.sheets.values import Value

ROWS_SEARCHED = 60
ROWS_SAMPLED = 200
WIDEST = 1024
"""Columns beyond this are not looked at for a header."""

_TIME = re.compile(r"\d{1,2}[:;]\d{2}[:;]\d{2}[:;.,]\d{2,3}")

Row = Sequence[Value]
Loose = Literal["", "timed", "named"]


@dataclass(frozen=True)
class SheetColumn:
    """One column of a sheet that was read: its place from 0, its header, and our column, with the language or name beside.

    `how`: `ours` (our own header), `word` (a word of other programs), `show` (the show's own header), `content`, `kept`.
    """

    index: int
    header: str
    column: str
    how: str
    key: str = ""


@dataclass(frozen=True)
class Heading:
    """The header of a sheet: its row from 0, and its columns."""

    row: int
    columns: tuple[SheetColumn, ...]

    def at(self, name: str) -> SheetColumn | None:
        """Give the column that holds a field of ours."""
        return next((one for one in self.columns if one.column == name), None)

    @property
    def names(self) -> set[str]:
        """The columns of ours that are there."""
        return {one.column for one in self.columns}


def find_heading(
    rows: Sequence[Row], own_words: Mapping[str, str] | None = None, *, loose: Loose = ""
) -> Heading | None:
    """Find the first row that heads a cue sheet.

    It has an in, a line, and a number or a character; or a uid and anything else of ours. `own_words` are the show's own
    headers (folded) and the columns that they mean. `loose` takes less, for a file of which the user said what it is: `timed`
    an in and a line alone, `named` any column of ours, since the columns were named.
    """
    words = {**COLUMN_OF_WORD, **(own_words or {})}
    for place, row in enumerate(rows[:ROWS_SEARCHED]):
        heads = {name for cell in row[:WIDEST] if (name := _column_of(cell, words, own_words or {})[0])}
        if len(heads) < (1 if loose == "named" else 2):
            continue
        width = min(WIDEST, max(len(other) for other in rows[place:]))
        header = [*row[:width], *[None] * (width - len(row))]
        below = rows[place + 1 : place + 1 + ROWS_SAMPLED]
        heading = Heading(place, tuple(_mapped(header, below, words, own_words or {})))
        if _is_enough(heading.names, loose):
            return heading
    return None


def _is_enough(names: set[str], loose: Loose) -> bool:
    if loose == "named":
        return bool(names - {"extra"})
    if {"tc_in", "line"} <= names and (loose or names & {"number", "character", "uid"}):
        return True
    return "uid" in names and len(names - {"uid", "extra"}) > 0


def header_cells(header: Row, heading: Heading) -> dict[int, str]:
    """Give the header's texts by column, without case, to know it by where it stands again."""
    texts = {one.index: str(header[one.index] or "") for one in heading.columns if one.index < len(header)}
    return {index: text.strip().casefold() for index, text in texts.items() if text.strip()}


def repeats_heading(row: Row, header: dict[int, str]) -> bool:
    """Whether a row is the header once more, as printed sheets have it on each page."""
    same = filled = 0
    for index, cell in enumerate(row):
        if cell is not None and index in header and not _is_blank(cell):
            filled += 1
            same += isinstance(cell, str) and len(cell) < 200 and cell.strip().casefold() == header[index]
    return same >= 2 and same * 2 > filled


def is_blank_row(row: Row) -> bool:
    """Whether nothing stands in a row."""
    return all(_is_blank(cell) for cell in row)


def _is_blank(cell: Value) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _column_of(cell: Value, words: Mapping[str, str], own: Mapping[str, str]) -> tuple[str | None, str, str]:
    """Say which column a header names, how that is known, and the language or name beside it."""
    if not isinstance(cell, str) or not cell.strip() or len(cell) > 200:
        return None, "", ""
    if cell.startswith(EXTRA_MARK):
        return "extra", "ours", extra_key(cell)
    folded = folded_header(cell)
    if folded in own:
        return own[folded], "show", ""
    language = language_of(cell)
    if language is not None:
        return "translations", "ours" if cell.startswith((TRANSLATION_MARK, "Line (")) else "word", language
    name = column_of(cell, words)
    if name is None:
        return None, "", ""
    return name, "ours" if cell.strip() == COLUMNS[name].header else "word", ""


def _mapped(
    header: Row, below: Sequence[Row], words: Mapping[str, str], own: Mapping[str, str]
) -> Iterator[SheetColumn]:
    """Yield the columns of a header row, each field once."""
    found = [(index, *_column_of(cell, words, own)) for index, cell in enumerate(header)]
    names = _settled(found, header, below)
    taken: set[tuple[str, str]] = set()
    missing = {"tc_in", "uid"} - set(names.values())
    for index, _, how, key in found:
        name, text = names.get(index), str(header[index] or "")
        if name is not None and (name, key) not in taken:
            taken.add((name, key))
            yield SheetColumn(index, text, name, how, key)
            continue
        guess = _by_content(index, below, missing)
        if guess is None:
            yield SheetColumn(index, text, "extra", "kept", _free_key(text.strip() or f"Column {index + 1}", taken))
            continue
        missing.discard(guess)
        missing |= {"tc_out"} - set(names.values()) if guess == "tc_in" else set()
        taken.add((guess, ""))
        yield SheetColumn(index, text, guess, "content")


def _free_key(wanted: str, taken: set[tuple[str, str]]) -> str:
    key, count = wanted, 2
    while ("extra", key) in taken:
        key, count = f"{wanted} {count}", count + 1
    taken.add(("extra", key))
    return key


Found = tuple[int, "str | None", str, str]


def _settled(found: Sequence[Found], header: Row, below: Sequence[Row]) -> dict[int, str]:
    """Settle headers that may mean two things: `Line` over numbers beside `Dialogue`, and a line with its language alone."""
    names = {index: name for index, name, _, _ in found if name is not None}
    lines = [index for index, name in names.items() if name == "line"]
    for index in lines:
        if len(lines) > 1 and "number" not in names.values() and _all_numbers(index, below):
            names[index] = "number"
    translated = [index for index, name in names.items() if name == "translations"]
    if "line" not in names.values() and translated and not str(header[translated[0]]).startswith(TRANSLATION_MARK):
        names[translated[0]] = "line"
    return names


def _all_numbers(index: int, below: Sequence[Row]) -> bool:
    cells = _filled(index, below)
    return bool(cells) and all(re.fullmatch(r"\d+[A-Za-z]{0,2}(?:\.0)?", str(cell).strip()) for cell in cells)


def _by_content(index: int, below: Sequence[Row], missing: set[str]) -> str | None:
    """Say what a column is by its cells, where all of them are uids or nearly all of them timecodes."""
    cells = [str(cell).strip() for cell in _filled(index, below)] if missing else []
    if not cells:
        return None
    if "uid" in missing and all(is_uid(cell.upper()) for cell in cells):
        with_digits = sum(re.search(r"\d", cell) is not None for cell in cells)
        return "uid" if with_digits * 2 > len(cells) and len(set(cells)) == len(cells) else None
    if sum(_TIME.fullmatch(cell) is not None for cell in cells) * 10 >= len(cells) * 9:
        return next((name for name in ("tc_in", "tc_out") if name in missing), None)
    return None


def _filled(index: int, below: Sequence[Row]) -> list[Value]:
    return [row[index] for row in below if index < len(row) and not _is_blank(row[index])]
