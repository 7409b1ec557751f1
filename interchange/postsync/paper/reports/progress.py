"""Progress: for each character what was asked for, what is in the can, what is open, and what of that must be."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from postsync.model import natural_key
from postsync.paper.document import Column, Document, Row, Section, Value
from postsync.paper.heads import document, grouped
from postsync.paper.lines import PaperLine, Request, paper_lines
from postsync.paper.values import fields
from postsync.paper.words import Words

STAGES: Mapping[str, Callable[[PaperLine], bool]] = {
    "lines": lambda line: True,
    "count.approved": lambda line: line.cue.status != "spotted" or line.recorded,
    "count.recorded": lambda line: line.recorded,
    "count.selected": lambda line: line.cue.status in ("selected", "cut", "approved_final"),
    "count.cut": lambda line: line.cue.status in ("cut", "approved_final"),
    "count.left": lambda line: not line.recorded,
    "count.must": lambda line: not line.recorded and line.has("must"),
    "count.optional_left": lambda line: not line.recorded and line.has("optional"),
}
"""What is counted of the lines that stand; each stage holds those of the stages after it."""

FIELDS = ("character", "actor", *STAGES, "done", "reels_left")


def progress(request: Request) -> Document:
    """Give the table, those with most left first, and the sum."""
    words = request.words
    lines = [line for line in paper_lines(request) if not line.struck]
    people = grouped(lines, lambda line: line.character)
    ordered = sorted(people.items(), key=lambda pair: (-sum(not one.recorded for one in pair[1]), natural_key(pair[0])))
    rows = [_row(words, name or words.say("no_character"), of_one) for name, of_one in ordered]
    rows.append(_row(words, words.say("total"), lines, total=True))
    columns = (
        Column(words.say("character"), ("character", "actor"), 24, "who"),
        *(Column(words.say(key), (key,), 8, "count") for key in STAGES),
        Column(words.say("done"), ("done",), 8, "count"),
        Column(words.say("reels_left"), ("reels_left",), 16, "small"),
    )
    return document(
        request, "progress", lines, fields=fields(FIELDS, words), columns=columns, marks=(),
        sections=(Section(((words.say("lines"), str(len(lines))),), tuple(rows), new_page=False),), landscape=True,
    )  # fmt: skip


def _row(words: Words, name: str, lines: Sequence[PaperLine], *, total: bool = False) -> Row:
    actors = "" if total else " / ".join(dict.fromkeys(line.actor for line in lines if line.actor))
    values: dict[str, Value] = {"character": name, "actor": actors}
    values |= {key: sum(map(test, lines)) for key, test in STAGES.items()}
    values["done"] = f"{100 * sum(line.recorded for line in lines) // max(len(lines), 1)} %"
    values["reels_left"] = ", ".join(dict.fromkeys(line.reel for line in lines if not line.recorded and line.reel))
    return Row(values, "total" if total else "")
