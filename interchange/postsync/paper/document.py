"""A report as data: what stands where, before anything is drawn. The forms (HTML, PDF, XLSX, CSV, JSON) all draw this.

`fields` are the flat table of spreadsheets, one after another; `columns` lay the same fields out on paper, several in one
column where people read them together. Every text is free of control characters and tags already (`texts`), and is only ever
drawn as text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from postsync.model import to_json

Value = str | int
"""A text, or a count."""

Look = Literal["text", "number", "time", "who", "line", "small", "count", "boxes", "write"]
"""How a column is set: `boxes` are boxes to tick for takes, `write` is room to write, `count` a number to add up."""

State = Literal["", "struck", "total", "context", "blank"]

TAKE_BOXES = 5
TAKES = "takes"
"""The field behind boxes: the takes that there are, the circled ones in parentheses."""


@dataclass(frozen=True)
class Field:
    """One field of the flat table: its name for programs, and what heads it for people."""

    key: str
    heading: str


@dataclass(frozen=True)
class Column:
    """One column on paper: the first of its fields large, the others small beneath. `share` of the width is relative."""

    heading: str
    fields: tuple[str, ...]
    share: int
    look: Look = "text"


@dataclass(frozen=True)
class Row:
    """One row: its fields by key, what it is besides a line, and the letter in the margin."""

    values: Mapping[str, Value]
    state: State = ""
    mark: str = ""


def boxes_of(row: Row) -> list[tuple[str, str]]:
    """Give the boxes for the takes of a row: what each is called, and `taken` or `circled` where there is such a take.

    >>> boxes_of(Row({"takes": "1 (2) 3PU"}))[:3]
    [('1', 'taken'), ('2', 'circled'), ('3', '')]
    """
    takes = str(row.values.get(TAKES, "")).split()
    held = {take.strip("()"): "circled" if take.startswith("(") else "taken" for take in takes}
    names = [str(take) for take in range(1, TAKE_BOXES + 1)]
    return [(name, held.get(name, "")) for name in dict.fromkeys([*names, *held])]


@dataclass(frozen=True)
class Section:
    """Rows under one head, such as a reel or a character. `facts` are the words of the head: `Reel` and `R1`."""

    facts: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]
    new_page: bool = True


@dataclass(frozen=True)
class Document:
    """One report. `look` is how the page is laid out: a table, the sides of an actor, or a page for each cue.

    `facts` stand in the head of every page beside the title; `notes` at the end; `marks` say what letters in the margin mean;
    `words` are the words that the forms themselves write (page of pages, take). `size` is the type of the lines of sides in
    points. `date` is ISO where the report has one.
    """

    kind: str
    name: str
    title: str
    facts: tuple[tuple[str, str], ...]
    fields: tuple[Field, ...]
    columns: tuple[Column, ...]
    sections: tuple[Section, ...]
    notes: tuple[str, ...] = ()
    marks: tuple[tuple[str, str], ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)
    look: Literal["table", "sides", "session"] = "table"
    landscape: bool = False
    paper: str = "A4"
    language: str = "en"
    date: str | None = None
    size: int = 20

    @property
    def rows(self) -> list[Row]:
        """The rows of all sections."""
        return [row for section in self.sections for row in section.rows]

    def to_json(self) -> dict[str, Any]:
        """Give the document `postsync.paper/1`."""
        return {"schema": "postsync.paper/1", **to_json(self)}
