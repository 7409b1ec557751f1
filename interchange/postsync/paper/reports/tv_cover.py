"""The list of covers for a broadcaster: what is said in cinemas beside what is said on television."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from postsync.paper.document import Document, Row, Section
from postsync.paper.heads import counted, document, grouped
from postsync.paper.lines import PaperLine, Request, clean, paper_lines
from postsync.paper.values import column, fields, line_row

FIELDS = ("number", "reel", "in", "out", "character", "theatrical_line", "covers", "tv_line", "uses", "status", "mark")
COVERS = frozenset({"tv", "airline"})


def tv_cover(request: Request) -> Document:
    """Give the list by reel; lines that serve cinema and television alike need no cover and are left out."""
    words = request.words
    every = paper_lines(request, every=True)
    voices = grouped([one for one in every if "theatrical" in one.cue.uses], _voice)
    lines = [line for line in paper_lines(request) if is_cover(line)]
    parents = {one.cue.uid: one for one in every}
    sections = [
        Section(
            ((words.say("reel"), reel), counted(of_reel, words)),
            tuple(_row(request, line, covered_by(line, voices, parents)) for line in of_reel),
            new_page=False,
        )
        for reel, of_reel in grouped(lines, lambda line: line.reel).items()
    ]
    columns = (
        column(words, "number mark", 9, "number"),
        column(words, "in out", 11, "time"),
        column(words, "character", 13, "who"),
        column(words, "theatrical_line covers", 32, "line"),
        column(words, "tv_line standing", 32, "line"),
        column(words, "takes", 14, "boxes"),
    )
    return document(
        request,
        "tv-cover",
        lines,
        fields=fields(FIELDS, words),
        columns=columns,
        sections=tuple(sections),
        landscape=True,
    )


def is_cover(line: PaperLine) -> bool:
    """Whether a line is there for television or airlines alone, or for the reason that it is."""
    uses = set(line.cue.uses)
    return bool(uses & COVERS) and ("theatrical" not in uses or "tv" in line.cue.reasons)


def _voice(line: PaperLine) -> str:
    return f"{line.reel}\0{line.character}"


def covered_by(
    line: PaperLine, voices: Mapping[str, Sequence[PaperLine]], by_uid: Mapping[str, PaperLine]
) -> PaperLine | None:
    """Give the line of the cinema that a cover stands for: its parent, else the same voice's at the same time."""
    parent = by_uid.get(line.cue.derived_from or "")
    if parent is not None:
        return parent
    return next((one for one in voices.get(_voice(line), ()) if one is not line and _overlap(line, one)), None)


def _overlap(line: PaperLine, other: PaperLine) -> bool:
    if other.cue.uid == line.cue.uid:
        return False
    ends = [one.cue.record_out or one.cue.record_in + 1 for one in (line, other)]
    return line.cue.record_in < ends[1] and other.cue.record_in < ends[0]


def _row(request: Request, line: PaperLine, covered: PaperLine | None) -> Row:
    row = line_row(line, (*FIELDS, "standing"), request)
    theatrical = clean(line.cue.production_line) or (covered.line if covered is not None else "")
    number = covered.number if covered is not None else ""
    return Row(
        {**row.values, "theatrical_line": theatrical, "covers": number, "tv_line": line.line}, row.state, row.mark
    )
