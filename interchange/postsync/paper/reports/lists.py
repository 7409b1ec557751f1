"""Lists of some of the lines under one head each: the director's, the group's, what is left, what was recorded.

Each is a row of `LISTS`: which lines, by what they are told, and which columns; one function makes them all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from postsync.paper.document import Document, Look
from postsync.paper.heads import document, grouped, section
from postsync.paper.lines import PaperLine, Request, paper_lines
from postsync.paper.values import column, fields

BY: Mapping[str, Callable[[PaperLine], str]] = {
    "reel": lambda line: line.reel,
    "scene": lambda line: line.scene,
    "character": lambda line: line.character,
}


@dataclass(frozen=True)
class ListKind:
    """One list. `columns` are (fields, share, look); `by` is what the sections are; `wanted` says which lines stand in it."""

    wanted: Callable[[PaperLine], bool]
    by: str
    fields: str
    columns: tuple[tuple[str, int, Look], ...]
    new_page: bool = False


def _is_group(line: PaperLine) -> bool:
    return line.is_group or line.cue.kind in ("group", "callout")


_CUE: tuple[str, int, Look] = ("number mark", 9, "number")
_TIME: tuple[str, int, Look] = ("in out length_told", 11, "time")
_WHO: tuple[str, int, Look] = ("character actor", 14, "who")

LISTS: Mapping[str, ListKind] = {
    "directors-list": ListKind(
        lambda line: True,
        "scene",
        "number reel scene in character actor line reasons reason_note requested_by priority direction note status mark",
        (
            _CUE, ("in reel_told", 11, "time"), _WHO, ("line direction", 38, "line"),
            ("reasons reason_note details", 15, "small"), ("requested_by", 10, "small"), ("note standing", 15, "small"),
        ),
    ),
    "group-list": ListKind(
        _is_group,
        "scene",
        "number reel scene in out length character headcount line direction note engineer_note status mark",
        (
            _CUE, _TIME, ("character reel_told", 13, "who"), ("headcount", 9, "text"), ("line direction", 36, "line"),
            ("note engineer_note standing", 18, "small"), ("takes", 15, "boxes"),
        ),
    ),
    "missed-lines": ListKind(
        lambda line: not line.struck and not line.recorded,
        "character",
        "number reel scene in out length character actor line details priority note mark",
        (
            _CUE, ("in out reel_told", 11, "time"), ("line direction", 44, "line"), ("details", 15, "small"),
            ("reasons reason_note note", 20, "small"),
        ),
    ),
    "as-recorded": ListKind(
        lambda line: not line.struck and line.recorded,
        "reel",
        "number reel scene in out length character actor line takes_used kind uses screen uid",
        (_CUE, _TIME, _WHO, ("line", 46, "line"), ("takes_used", 10, "small"), ("details", 13, "small")),
        new_page=True,
    ),
}  # fmt: skip


def make_list(kind: str, request: Request) -> Document:
    """Give one of the lists; a list of what is recorded, or missing, says how many lines it left out."""
    words, row = request.words, LISTS[kind]
    every = paper_lines(request)
    lines = [line for line in every if row.wanted(line)]
    keys = tuple(dict.fromkeys([*row.fields.split(), *(key for names, _, _ in row.columns for key in names.split())]))
    sections = [
        section(
            request, of_one, keys, [(words.say(row.by), name), *_actor(request, row, of_one)], new_page=row.new_page
        )
        for name, of_one in grouped(lines, BY[row.by], ordered=row.by != "reel").items()
    ]
    standing = sum(not line.struck for line in every)
    shown = sum(not line.struck for line in lines)
    return document(
        request,
        kind,
        lines,
        fields=fields(row.fields.split(), words),
        columns=tuple(column(words, names, share, look) for names, share, look in row.columns),
        sections=tuple(sections),
        notes=() if shown == standing else (words.say("shown_of", shown=shown, all=standing),),
        landscape=True,
    )


def _actor(request: Request, row: ListKind, lines: list[PaperLine]) -> list[tuple[str, str]]:
    if row.by != "character":
        return []
    return [(request.words.say("actor"), next((line.actor for line in lines if line.actor), ""))]


directors_list = partial(make_list, "directors-list")
group_list = partial(make_list, "group-list")
missed_lines = partial(make_list, "missed-lines")
as_recorded = partial(make_list, "as-recorded")
