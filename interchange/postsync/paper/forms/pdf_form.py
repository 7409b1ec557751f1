"""A report as PDF: set by Typst with our own fonts, so that it looks the same on every computer and can be searched.

The layout is `looks/report.typ`; it gets the report as JSON, in which every text is a value and never markup. `fonts` set
Latin, Greek, Cyrillic, Hebrew, Arabic, Thai, Devanagari, Chinese, Japanese and Korean; where a text has other letters the
fonts of the computer are asked for them, and the report says so. Same report, same bytes.
"""

from __future__ import annotations

import datetime
import json
import re
import unicodedata
from functools import lru_cache
from importlib.resources import as_file, files
from typing import Any

from postsync.errors import CannotWrite
from postsync.paper.document import TAKE_BOXES, TAKES, Column, Document, Row, Value, boxes_of
from postsync.report import Report

INSTALL = 'install it with: pip install "postsync[sheets]"'
FAMILIES = (
    "Noto Sans", "Noto Sans Hebrew", "Noto Sans Arabic", "Noto Sans Thai", "Noto Sans Devanagari", "Droid Sans Fallback",
)  # fmt: skip
POINT = 0.353
"""Millimetres."""
ROOM = {True: 90.0, False: 150.0}
"""Height in millimetres, on a landscape page or an upright one, from which on a row may break over pages.

A row that may not break and is higher than the page would run off its foot and be lost: half a page is safe, heads and all.
"""
TABLE_SIZE = 11
"""Points of the largest type in a table, by which its rows are measured."""

_WORD = re.compile(r"[!-\u04ff]{33,}")
_CHUNK = re.compile(r".{32}")


def pdf_bytes(document: Document, report: Report) -> bytes:
    """Give the PDF of a report."""
    try:
        import typst
    except ImportError as fault:
        raise CannotWrite("PDF needs typst", remedy=INSTALL) from fault
    facts = page_facts(document)
    foreign = foreign_letters(document)
    if foreign:
        report.note("font-of-computer", letters=", ".join(foreign))
    template = files("postsync.paper").joinpath("looks/report.typ").read_bytes()
    try:
        return typst.compile(
            template, format="pdf", font_paths=_fonts(bool(foreign)), timestamp=_seconds(document.date),
            sys_inputs={"document": json.dumps(facts, ensure_ascii=False)},
        )  # fmt: skip
    except typst.TypstError as fault:
        raise CannotWrite(f"PDF cannot be set: {fault.message}") from fault


@lru_cache(maxsize=2)
def _fonts(of_computer: bool) -> Any:
    """Give our fonts, with those of the computer where they are needed; found once, since a set is dozens of files."""
    import typst

    with as_file(files("postsync.paper").joinpath("fonts")) as folder:
        return typst.Fonts(of_computer, False, [str(folder)])


def page_facts(document: Document) -> dict[str, Any]:
    """Give a report as the template wants it: its texts as lines with their direction, its date in parts."""
    facts = document.to_json()
    del facts["schema"], facts["fields"]
    day = _day(document.date)
    facts |= {
        "day": None if day is None else [day.year, day.month, day.day],
        "fonts": list(FAMILIES),
        "boxes": TAKE_BOXES,
        "language": _main_language(document.language),
        "title": set_text(document.title),
        "notes": [set_text(one) for one in document.notes],
        "facts": _pairs(document.facts),
        "sections": [
            {
                "facts": _pairs(section.facts),
                "rows": [_row(document, row) for row in section.rows],
                "new_page": section.new_page,
            }
            for section in document.sections
            if section.rows
        ],
    }
    facts["plain_title"] = document.title
    return facts


def _main_language(tag: str) -> str:
    """Give the main language of a tag, which is all that Typst takes; English where it is none."""
    main = tag.replace("_", "-").split("-", maxsplit=1)[0].casefold()
    return main if re.fullmatch(r"[a-z]{2,3}", main) else "en"


def _pairs(facts: tuple[tuple[str, str], ...]) -> list[list[Any]]:
    return [[name, set_text(text)] for name, text in facts if text]


def _row(document: Document, row: Row) -> dict[str, Any]:
    values = {key: value if value == 0 else set_text(value) for key, value in row.values.items() if value != ""}
    return {
        "values": values,
        "state": row.state,
        "mark": row.mark,
        "boxes": boxes_of(row) if row.values.get(TAKES) else [],
        "long": _height(document, row) > ROOM[document.landscape],
    }


def _height(document: Document, row: Row) -> float:
    """Guess how high a row is set, in millimetres, from its fullest column; rather too high than too low."""
    size = TABLE_SIZE if document.look == "table" else document.size
    page, shares = (270 if document.landscape else 185), sum(column.share for column in document.columns)
    letter = size * POINT * 0.55
    return max(
        (_lines(row, column, max(page * column.share / shares - 4, letter) / letter) for column in document.columns),
        default=0,
    ) * size * POINT * 1.6  # fmt: skip


def _lines(row: Row, column: Column, room: float) -> int:
    """Guess the lines that the texts of a column take where `room` letters go into one; letters of East Asia count twice."""
    texts = [str(row.values[key]) for key in column.fields if row.values.get(key)]
    if sum(map(len, texts)) < room:
        return len(texts) + sum(text.count("\n") for text in texts)
    return sum(
        1 + int(sum(1 + (unicodedata.east_asian_width(letter) in "WF") for letter in line) / room)
        for text in texts
        for line in text.split("\n")
    )


def set_text(value: Value) -> Any:
    """Give a text as a string, or as its lines with their directions where it has several or runs from the right.

    >>> set_text("so"), set_text("שלום")
    ('so', [{'t': 'שלום', 'r': True}])
    """
    text = _breakable(unicodedata.normalize("NFC", str(value)))
    lines = text.split("\n")
    if len(lines) == 1 and not runs_from_right(text):
        return text
    return [{"t": line, "r": runs_from_right(line)} for line in lines]


def runs_from_right(text: str) -> bool:
    """Say whether the first letter that has a direction runs from the right."""
    for letter in text:
        kind = unicodedata.bidirectional(letter)
        if kind in ("R", "AL"):
            return True
        if kind == "L":
            return False
    return False


def _breakable(text: str) -> str:
    """Let words that are wider than a column break: paths and cries of forty letters."""
    return _WORD.sub(lambda word: _CHUNK.sub("\\g<0>\u200b", word[0]), text) if len(text) > 32 else text


@lru_cache(maxsize=1)
def ranges() -> tuple[tuple[int, int], ...]:
    """Give the letters that our fonts have together, as first and last of each run."""
    text = files("postsync.paper").joinpath("fonts/ranges.txt").read_text(encoding="ascii")
    pairs = (line.split("-") for line in text.split() if not line.startswith("#"))
    return tuple((int(low, 16), int(high, 16)) for low, high in pairs)


@lru_cache(maxsize=4096)
def _is_ours(letter: str) -> bool:
    code = ord(letter)
    return any(low <= code <= high for low, high in ranges()) or unicodedata.category(letter) in (
        "Cf",
        "Cc",
        "Zs",
        "Zl",
    )


def foreign_letters(document: Document) -> list[str]:
    """Give the first letters that our fonts do not have, at most ten."""
    texts = [document.title, *document.notes, *(text for pair in document.facts for text in pair)]
    texts += [text for section in document.sections for pair in section.facts for text in pair]
    texts += [str(value) for row in document.rows for value in row.values.values()]
    found = {
        letter for text in set(texts) for letter in set(unicodedata.normalize("NFC", text)) if not _is_ours(letter)
    }
    return sorted(found)[:10]


def _day(date: str | None) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(date) if date else None
    except ValueError:
        return None


def _seconds(date: str | None) -> int:
    """Give the date inside the file; where a report has none it is always the same."""
    day = _day(date) or datetime.date(2000, 1, 1)
    return int(datetime.datetime(day.year, day.month, day.day, tzinfo=datetime.timezone.utc).timestamp())
