"""The rows below a header: which are cues, and the text of their cells.

Printed sheets repeat their header on every page, put the character or the reel on a row of its own above a group, and merge
cells. Cells that a spreadsheet turned into dates and numbers are taken back here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from postsync.cueing.sheets.columns import COLUMNS
from postsync.cueing.sheets.headings import Heading, Row, SheetColumn, header_cells, is_blank_row, repeats_heading
from postsync.cueing.sheets.values import Value, lost_zeros, text_of
from postsync.report import Report

_REEL = re.compile(r"(?:reel|rl|r|akt|bobine|rollo|rullo)\s*[.:#-]?\s*(?P<reel>\d+\w*)", re.IGNORECASE)
_OTHER_GROUP = re.compile(
    r"(?:scene|sc|page|total|totals|end|sum|episode|ep|cues?|lines?)\b.*|.*\btotal\b.*", re.I | re.S
)
_COUNT_AT_END = re.compile(r"\s*[(\[–-]\s*\d+\s*(?:cues?|lines?)?\s*[)\]]?\s*$", re.IGNORECASE)


@dataclass(frozen=True)
class CueCells:
    """The texts of one cue's cells by column, from 0; `row` counts from 1 as spreadsheets do."""

    row: int
    texts: dict[int, str]
    places: Mapping[str, int]
    section_character: str = ""
    section_reel: str = ""

    @property
    def source(self) -> str:
        """The place in the sheet."""
        return f"row {self.row}"

    def named(self, column: str) -> str:
        """Give the text of a column of ours; empty where there is none."""
        index = self.places.get(column)
        return "" if index is None else self.texts.get(index, "")

    def keyed(self, columns: Iterable[SheetColumn]) -> dict[str, str]:
        """Give the filled cells of some columns by the language or name that heads them."""
        return {one.key: self.texts[one.index] for one in columns if self.texts.get(one.index)}


def cue_cells(rows: Sequence[Row], heading: Heading, report: Report) -> list[CueCells]:
    """Give the rows that are cues, their cells as text; says what was taken back and which rows head a group."""
    places = {one.column: one.index for one in reversed(heading.columns)}
    kinds = {one.index: COLUMNS[one.column].kind for one in heading.columns}
    widths = _lost_widths(rows[heading.row + 1 :], heading)
    sections = _Sections(heading, report)
    found: list[CueCells] = []
    for number, row in _body(rows, heading):
        if sections.takes(row, number):
            continue
        texts: dict[int, str] = {}
        for index, value in enumerate(row):
            if value is not None and value != "" and index in kinds:
                texts[index] = _text(value, kinds[index], widths.get(index, 0), number, report)
        found.append(CueCells(number, texts, places, sections.character, sections.reel))
    return found


def _body(rows: Sequence[Row], heading: Heading) -> Iterator[tuple[int, Row]]:
    """Yield the filled rows below the header with their numbers, without repeats of the header."""
    header = header_cells(rows[heading.row], heading)
    for number, row in enumerate(rows[heading.row + 1 :], start=heading.row + 2):
        if not is_blank_row(row) and not repeats_heading(row, header):
            yield number, row


def _lost_widths(body: Sequence[Row], heading: Heading) -> dict[int, int]:
    """Give how wide the numbers of each column of codes were, where Excel took zeros from some."""
    widths: dict[int, int] = {}
    for one in heading.columns:
        if COLUMNS[one.column].kind == "code":
            widths[one.index] = lost_zeros([row[one.index] for row in body if one.index < len(row)])
    return {index: width for index, width in widths.items() if width}


def _text(value: Value, kind: str, width: int, row: int, report: Report) -> str:
    if isinstance(value, str):
        typed = value.replace("\r\n", "\n").replace("\r", "\n") if "\r" in value else value
        if kind == "text":
            return typed.strip()
        value = typed
    text, repaired = text_of(value, kind)
    if width and not isinstance(value, str) and text.isdecimal() and len(text) < width:
        text, repaired = text.zfill(width), True
    if repaired:
        report.note("cell-repaired", source=f"row {row}", was=value, now=text)
    return text


class _Sections:
    """Remembers the group that a row belongs to: the character or reel that stood alone on a row above."""

    def __init__(self, heading: Heading, report: Report) -> None:
        self.character = ""
        self.reel = ""
        self._report = report
        self._identities = {one.index for one in heading.columns if one.column in ("tc_in", "uid", "number")}

    def takes(self, row: Row, number: int) -> bool:
        """Whether a row heads a group: one text in it, and that no time, number or uid."""
        text, places = _only_text(row)
        if not places or not isinstance(row[places[0]], str):
            return False
        if len(text) > 80 or (len(places) == 1 and places[0] in self._identities and places[0] != 0):
            return False
        if re.fullmatch(r"[\d:;.,+\s-]+|[A-Z]{0,3}\d+[A-Z]?", text) and not _REEL.fullmatch(text):
            return False
        self._remember(text, number)
        return True

    def _remember(self, text: str, number: int) -> None:
        reel = _REEL.fullmatch(text)
        if reel is not None:
            self.reel, taken = reel["reel"], "reel"
        elif _OTHER_GROUP.fullmatch(text):
            self._report.note("line-ignored", source=f"row {number}", text=text)
            return
        else:
            self.character, taken = _COUNT_AT_END.sub("", text) or text, "character"
        self._report.note("section-read", source=f"row {number}", text=text, field=taken)


def _only_text(row: Row) -> tuple[str, list[int]]:
    """Give the text of a row in which only one stands, and its places; no place where there are several."""
    only, places = "", list[int]()
    for index, cell in enumerate(row):
        text = "" if cell is None else str(cell).strip()
        if text and text != only and places:
            return "", []
        if text:
            only = text
            places.append(index)
    return only, places
