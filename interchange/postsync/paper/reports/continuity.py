"""The continuity of what is recorded: scene by scene from its first cue to its last, who is in it and how much."""

from __future__ import annotations

from collections.abc import Sequence

from postsync.paper.document import Document, Row, Section, Value
from postsync.paper.heads import document, grouped
from postsync.paper.lines import PaperLine, Request, paper_lines
from postsync.paper.values import column, fields

FIELDS = ("scene", "reel", "in", "out", "length", "lines", "character")


def continuity(request: Request) -> Document:
    """Give the scenes by reel, in the order of the picture; lines without a scene stand together."""
    words = request.words
    lines = [line for line in paper_lines(request) if not line.struck]
    sections = [
        Section(
            ((words.say("reel"), reel),),
            tuple(
                _row(request, scene, of_scene) for scene, of_scene in grouped(of_reel, lambda line: line.scene).items()
            ),
            new_page=False,
        )
        for reel, of_reel in grouped(lines, lambda line: line.reel).items()
    ]
    columns = (
        column(words, "scene", 12, "number"),
        column(words, "in out", 14, "time"),
        column(words, "length", 10, "count"),
        column(words, "lines", 8, "count"),
        column(words, "character", 56),
    )
    return document(
        request, "continuity", lines, fields=fields(FIELDS, words), columns=columns, sections=tuple(sections), marks=()
    )


def _row(request: Request, scene: str, lines: Sequence[PaperLine]) -> Row:
    first, last = lines[0], max(lines, key=lambda line: line.cue.record_out or line.cue.record_in)
    end = last.cue.seconds_out(last.facts)
    length = None if end is None else end - first.cue.seconds_in(first.facts)
    values: dict[str, Value] = {
        "scene": scene or request.words.say("no_scene"),
        "reel": first.reel,
        "in": first.start,
        "out": last.end or last.start,
        "length": "" if length is None else request.words.decimal(length),
        "lines": len(lines),
        "character": ", ".join(dict.fromkeys(line.character for line in lines if line.character)),
    }
    return Row(values)
