"""The session page: a page for each line, for a tablet or a stand: number, times, words, boxes for takes, running time."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from postsync.paper.document import Document, Row, Section
from postsync.paper.heads import document, grouped
from postsync.paper.lines import PaperLine, Request, paper_lines
from postsync.paper.values import column, fields, line_row

FIELDS = (
    "number", "reel", "scene", "in", "out", "length", "character", "actor", "line", "alternates", "direction", "pronunciation",
    "reasons", "reason_note", "details", "note", "engineer_note", "place", "running", "minutes", "running_minutes",
)  # fmt: skip


def session(request: Request) -> Document:
    """Give the pages, the lines that stand by character: an actor is booked for all of his."""
    words, by = request.words, request.options.by
    lines = [line for line in paper_lines(request) if not line.struck]
    groups = grouped(lines, lambda line: line.character, ordered=True) if by == "character" else {"": lines}
    sections = tuple(Section((), _rows(request, of_one)) for of_one in groups.values())
    columns = (
        column(words, "number in out length_told", 20, "number", "cue"),
        column(words, "line alternates direction pronunciation", 50, "line"),
        column(words, "character actor", 10, "who"),
        column(words, "reel scene_told", 10, "text"),
        column(words, "reasons reason_note details", 10, "text"),
        column(words, "note", 10, "text"),
        column(words, "engineer_note", 10, "text"),
        column(words, "place", 10, "text"),
        column(words, "running", 10, "text"),
        column(words, "minutes", 10, "text"),
        column(words, "running_minutes", 10, "text"),
    )
    return document(
        request, "session", lines, fields=fields(FIELDS, words), columns=columns, sections=sections, look="session"
    )


def _rows(request: Request, lines: Sequence[PaperLine]) -> tuple[Row, ...]:
    words, running, minutes = request.words, Fraction(0), Fraction(0)
    rows: list[Row] = []
    for place, line in enumerate(lines, start=1):
        running += line.seconds or 0
        minutes += line.minutes or 0
        row = line_row(line, (*FIELDS, "length_told", "scene_told"), request)
        count = words.say("place_of", place=place, count=len(lines))
        so_far = words.decimal(minutes) if minutes else ""
        more = {"place": count, "running": words.clock(running), "running_minutes": so_far}
        rows.append(Row({**row.values, **more}, row.state, row.mark))
    return tuple(rows)
