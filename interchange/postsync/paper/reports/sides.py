"""The script of an actor: his lines in large type, what to know of each beneath, the lines around them small.

No reasons and no notes: they are not for actors. Struck lines are left out: nobody is to say them. A page ends with the reel.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from postsync.paper.document import Document, Row, Section
from postsync.paper.heads import document, grouped
from postsync.paper.lines import PaperLine, Request, paper_lines
from postsync.paper.values import column, fields, line_row

FIELDS = (
    "number", "reel", "scene", "character", "actor", "in", "out", "length", "line", "alternates", "direction", "pronunciation",
)  # fmt: skip
NEAR = Fraction(15)
"""Seconds within which another's line is context."""


def sides(request: Request) -> Document:
    """Give the sides, a section for each character and reel."""
    words = request.words
    mine = [line for line in paper_lines(request) if not line.struck]
    every = [line for line in paper_lines(request, every=True) if not line.struck]
    by_character = grouped(mine, lambda line: line.character, ordered=True)
    sections = [
        section
        for name, of_one in by_character.items()
        for reel, of_reel in grouped(of_one, lambda line: line.reel).items()
        for section in [_section(request, name, reel, of_reel, every)]
    ]
    columns = (
        column(words, "number in length_told scene_told who", 33, "number", "cue"),
        column(words, "line alternates direction pronunciation", 100, "line"),
    )
    return document(
        request, "sides", mine, fields=fields(FIELDS, words), columns=columns, sections=tuple(sections), look="sides",
        size=request.options.size,
    )  # fmt: skip


def _section(request: Request, name: str, reel: str, lines: Sequence[PaperLine], every: Sequence[PaperLine]) -> Section:
    words = request.words
    actor = next((line.actor for line in lines if line.actor), "")
    facts = ((words.say("character"), name), (words.say("actor"), actor), (words.say("reel"), reel))
    rows = tuple(_rows(request, lines, every if request.options.context else ()))
    return Section((*(fact for fact in facts if fact[1]), (words.say("cues"), str(len(lines)))), rows)


def _rows(request: Request, lines: Sequence[PaperLine], every: Sequence[PaperLine]) -> Iterator[Row]:
    """Yield lines with those just before and after, each once."""
    keys = (*FIELDS, "length_told", "scene_told")
    own = {line.cue.uid for line in lines}
    places = {line.cue.uid: place for place, line in enumerate(every)}
    told: set[str] = set()
    for line in lines:
        place = places.get(line.cue.uid)
        before = every[place - 1] if place else None
        after = every[place + 1] if place is not None and place + 1 < len(every) else None
        if before is not None and _is_context(before, line, own | told):
            told.add(before.cue.uid)
            yield _context(request, before)
        yield line_row(line, keys, request)
        if after is not None and _is_context(after, line, own):
            told.add(after.cue.uid)
            yield _context(request, after)


def _is_context(other: PaperLine, line: PaperLine, told: set[str]) -> bool:
    near = abs(other.cue.seconds_in(other.facts) - line.cue.seconds_in(line.facts)) <= NEAR
    return other.reel == line.reel and near and bool(other.line) and other.cue.uid not in told


def _context(request: Request, line: PaperLine) -> Row:
    row = line_row(line, ("line",), request, "context")
    return Row({**row.values, "number": "", "who": line.character}, "context")
