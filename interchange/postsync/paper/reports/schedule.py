"""The schedule: for each actor the parts, lines, reels and minutes to book, with room for the day and the hour."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from postsync.model import natural_key
from postsync.paper.document import Document, Row, Section, Value
from postsync.paper.heads import document, grouped
from postsync.paper.lines import PaperLine, Request, paper_lines
from postsync.paper.values import column, fields
from postsync.paper.words import Words

FIELDS = ("actor", "character", "reels", "lines", "count.left", "running", "minutes", "day", "hour", "studio")


def schedule(request: Request) -> Document:
    """Give the bookings by actor; parts without an actor stand alone at the end."""
    words = request.words
    lines = [line for line in paper_lines(request) if not line.struck]
    people = grouped(lines, lambda line: line.actor or f"\0{line.character}")
    ordered = sorted(people.values(), key=lambda one: (not one[0].actor, natural_key(one[0].actor or one[0].character)))
    rows = [_row(words, of_one) for of_one in ordered]
    rows.append(Row({**_row(words, lines).values, "actor": words.say("total"), "character": "", "reels": ""}, "total"))
    columns = (
        column(words, "actor", 18, "who"),
        column(words, "character", 24),
        column(words, "reels", 12, "small"),
        column(words, "lines", 7, "count"),
        column(words, "count.left", 7, "count"),
        column(words, "running", 8, "count"),
        column(words, "minutes", 8, "count"),
        column(words, "day", 14, "write"),
        column(words, "hour", 10, "write"),
        column(words, "studio", 14, "write"),
    )
    has_minutes = any(line.minutes is not None for line in lines)
    return document(
        request, "schedule", lines, fields=fields(FIELDS, words), columns=columns, landscape=True, marks=(),
        sections=(Section(((words.say("lines"), str(len(lines))),), tuple(rows), new_page=False),),
        notes=() if has_minutes else (words.say("no_minutes"),),
    )  # fmt: skip


def _row(words: Words, lines: Sequence[PaperLine]) -> Row:
    minutes = [line.minutes for line in lines if line.minutes is not None]
    values: dict[str, Value] = {
        "actor": lines[0].actor if lines else "",
        "character": ", ".join(dict.fromkeys(line.character for line in lines)),
        "reels": ", ".join(dict.fromkeys(line.reel for line in lines if line.reel)),
        "lines": len(lines),
        "count.left": sum(not line.recorded for line in lines),
        "running": words.clock(sum((line.seconds or Fraction(0) for line in lines), Fraction(0))),
        "minutes": words.decimal(sum(minutes, Fraction(0))) if minutes else "",
    }
    return Row(values)
