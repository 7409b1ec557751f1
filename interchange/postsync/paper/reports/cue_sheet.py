"""The cue sheet: what the stage and the supervisor work from, by reel, by character or by scene, with boxes for the takes."""

from __future__ import annotations

from collections.abc import Callable

from postsync.paper.document import Document
from postsync.paper.heads import document, grouped, section
from postsync.paper.lines import PaperLine, Request, paper_lines
from postsync.paper.values import column, fields

FIELDS = (
    "number", "reel", "scene", "in", "out", "length", "character", "actor", "line", "alternates", "direction", "pronunciation",
    "reasons", "reason_note", "kind", "uses", "flags", "screen", "priority", "note", "engineer_note", "status",
    "omitted_reason", "mark",
)  # fmt: skip

TOLD = ("details", "standing", "length_told", "scene_told", "takes")
"""What paper says of the same fields in fewer words."""

ORDERS: dict[str, Callable[[PaperLine], str]] = {
    "reel": lambda line: line.reel,
    "character": lambda line: line.character,
    "scene": lambda line: line.scene,
}


def cue_sheet(request: Request) -> Document:
    """Give the cue sheet."""
    words, by = request.words, request.options.by
    keys = (*FIELDS, "feet") if request.options.feet else FIELDS
    lines = paper_lines(request)
    groups = grouped(lines, ORDERS[by], ordered=by != "reel")
    sections = [
        section(request, of_group, (*keys, *TOLD), _facts(request, name, of_group), new_page=by != "scene")
        for name, of_group in groups.items()
    ]
    who = "actor" if by == "character" else "character actor"
    columns = (
        column(words, "number mark", 9, "number", "cue"),
        column(words, "in out length_told feet", 11, "time", "in_out"),
        column(words, who if by != "character" else "reel scene_told", 13, "who"),
        column(words, "line alternates direction pronunciation", 37, "line"),
        column(words, "reasons reason_note details", 13, "small"),
        column(words, "note engineer_note standing omitted_reason", 14, "small"),
        column(words, "takes", 15, "boxes"),
    )
    return document(
        request,
        "cue-sheet",
        lines,
        fields=fields(keys, words),
        columns=columns,
        sections=tuple(sections),
        landscape=True,
    )


def _facts(request: Request, name: str, lines: list[PaperLine]) -> list[tuple[str, str]]:
    words, by = request.words, request.options.by
    facts = [(words.say(by), name)]
    if by == "character":
        facts.append((words.say("actor"), next((line.actor for line in lines if line.actor), "")))
    if request.options.feet:
        rate = lines[0].facts.rate.name
        facts.append((words.say("feet"), words.say("feet_rate", gauge=request.options.feet, rate=rate)))
    return facts
