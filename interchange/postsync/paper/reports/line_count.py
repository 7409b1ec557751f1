"""The line count: characters by reels, what kind of lines they are, minutes and what is left; its totals are those of the list.

Struck cues are counted apart and in no other column, so that the sum of the reels is the number of lines to record.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from postsync.model import natural_key
from postsync.paper.document import Column, Document, Field, Row, Section, Value
from postsync.paper.heads import common, document, grouped
from postsync.paper.lines import PaperLine, Request, clean, paper_lines
from postsync.paper.values import fields
from postsync.paper.words import Words

Test = Callable[[PaperLine], bool]

COUNTS: Mapping[str, Test] = {
    "lines": lambda line: not line.struck,
    "count.tv": lambda line: not line.struck and bool({"tv", "airline"} & set(line.cue.uses)),
    "count.optional": lambda line: not line.struck and line.has("optional"),
    "count.effort": lambda line: not line.struck and line.cue.kind in ("effort", "breath", "reaction"),
    "count.group": lambda line: not line.struck and (line.is_group or line.cue.kind == "callout"),
    "count.to_be_written": lambda line: not line.struck and line.has("to_be_written"),
    "count.recorded": lambda line: not line.struck and line.recorded,
    "count.left": lambda line: not line.struck and not line.recorded,
    "count.struck": lambda line: line.struck,
}
"""What is counted after the reels. Every test but the last asks for lines that stand."""


def line_count(request: Request) -> Document:
    """Give the line count."""
    words, lines = request.words, paper_lines(request)
    reels = list(dict.fromkeys(line.reel for line in lines))
    numbered = any(line.cue.extra.get("cast_number") for line in lines)
    names = (*(("cast_number",) if numbered else ()), "character", "actor")
    has_minutes = any(line.minutes is not None for line in lines)
    counts = [*COUNTS, "running", *(["minutes"] if has_minutes else [])]
    people = sorted(grouped(lines, lambda line: line.character).items(), key=lambda pair: natural_key(pair[0]))
    rows = [_row(words, name or words.say("no_character"), of_one, reels, counts) for name, of_one in people]
    rows.append(_row(words, words.say("total"), lines, reels, counts, total=True))
    reel_fields = [Field(f"reel {reel}", reel or "–") for reel in reels]
    columns = (
        *([Column(words.say("cast_number"), ("cast_number",), 5, "small")] if numbered else []),
        Column(words.say("character"), ("character", "actor"), 22, "who"),
        *(Column(one.heading, (one.key,), 5, "count") for one in reel_fields),
        *(Column(words.say(key), (key,), 7, "count") for key in counts),
    )
    return document(
        request,
        "line-count",
        lines,
        fields=(*fields(names, words), *reel_fields, *fields(counts, words)),
        columns=columns,
        sections=(Section(((words.say("reels"), str(len(reels))),), tuple(rows), new_page=False),),
        notes=() if has_minutes else (words.say("no_minutes"),),
        marks=(),
        landscape=True,
    )


def _row(
    words: Words,
    name: str,
    lines: Sequence[PaperLine],
    reels: Sequence[str],
    counts: Sequence[str],
    *,
    total: bool = False,
) -> Row:
    standing = [line for line in lines if not line.struck]
    actors = "" if total else " / ".join(dict.fromkeys(line.actor for line in lines if line.actor))
    number = "" if total else common(clean(str(line.cue.extra.get("cast_number") or "")) for line in lines)
    values: dict[str, Value] = {"cast_number": number, "character": name, "actor": actors}
    values |= {f"reel {reel}": sum(line.reel == reel for line in standing) for reel in reels}
    values |= {key: sum(map(COUNTS[key], lines)) for key in counts if key in COUNTS}
    values["running"] = words.clock(sum((line.seconds or Fraction(0) for line in standing), Fraction(0)))
    if "minutes" in counts:
        values["minutes"] = words.decimal(sum((line.minutes or Fraction(0) for line in standing), Fraction(0)))
    return Row(values, "total" if total else "")
