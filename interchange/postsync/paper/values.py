"""The fields that reports print of a line, one row for each: its key, which also names its heading in the word table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from postsync.model import Vocabulary
from postsync.paper.document import TAKES, Column, Field, Look, Row, State, Value
from postsync.paper.lines import PaperLine, Request, clean, coded
from postsync.paper.words import Words

Getter = Callable[[PaperLine, Words, Vocabulary], Value]


def _text(name: str) -> Getter:
    return lambda line, words, codes: clean(getattr(line.cue, name))


def _codes(name: str, table: str, usual: tuple[str, ...] = ()) -> Getter:
    def get(line: PaperLine, words: Words, codes: Vocabulary) -> Value:
        held = getattr(line.cue, name) or ()
        found = (held,) if isinstance(held, str) else held
        return coded([code for code in found if code not in usual], table, codes, words)

    return get


def _length(line: PaperLine, words: Words, codes: Vocabulary) -> Value:
    return "" if line.seconds is None else words.decimal(line.seconds)


def _screen(line: PaperLine, words: Words, codes: Vocabulary) -> Value:
    return words.code("screens", clean(line.cue.screen)) if line.cue.screen else ""


def _takes(line: PaperLine, words: Words, codes: Vocabulary) -> Value:
    names = [("".join(clean(take.take).split()), take.selected == "circled") for take in line.takes]
    return " ".join(f"({name})" if circled else name for name, circled in names if name)


VALUES: Mapping[str, Getter] = {
    "number": lambda line, words, codes: line.number,
    "reel": lambda line, words, codes: line.reel,
    "scene": _text("scene"),
    "character": lambda line, words, codes: line.character,
    "actor": lambda line, words, codes: line.actor,
    "in": lambda line, words, codes: line.start,
    "out": lambda line, words, codes: line.end,
    "length": _length,
    "feet": lambda line, words, codes: line.feet,
    "line": lambda line, words, codes: line.line,
    "production_line": _text("production_line"),
    "alternates": lambda line, words, codes: " / ".join(map(clean, line.cue.alternates)),
    "direction": _text("direction"),
    "pronunciation": _text("pronunciation"),
    "reasons": _codes("reasons", "reasons"),
    "reason_note": _text("reason_note"),
    "kind": _codes("kind", "kinds", ("line",)),
    "uses": _codes("uses", "uses", ("theatrical",)),
    "flags": _codes("flags", "flags"),
    "screen": _screen,
    "priority": lambda line, words, codes: "" if line.cue.priority is None else str(line.cue.priority),
    "note": _text("note"),
    "engineer_note": _text("engineer_note"),
    "requested_by": _text("requested_by"),
    "status": _codes("status", "statuses"),
    "omitted_reason": _text("omitted_reason"),
    "minutes": lambda line, words, codes: "" if line.minutes is None else words.decimal(line.minutes),
    "length_told": lambda line, words, codes: "" if line.seconds is None else f"{words.decimal(line.seconds)} s",
    "reel_told": lambda line, words, codes: f"{words.say('reel')} {line.reel}" if line.reel.isdigit() else line.reel,
    "scene_told": lambda line, words, codes: words.say("scene_number", scene=line.scene) if line.scene else "",
    "takes_used": lambda line, words, codes: ", ".join(
        clean(take.take) for take in line.takes if take.selected == "circled" and take.take
    ),
    TAKES: _takes,
    "headcount": lambda line, words, codes: clean(str(line.cue.extra.get("headcount") or "")),
    "details": lambda line, words, codes: " · ".join(
        str(text)
        for key in ("kind", "uses", "flags", "screen", "priority_told")
        if (text := VALUES[key](line, words, codes))
    ),
    "priority_told": lambda line, words, codes: (
        "" if line.cue.priority is None else f"{words.say('priority')} {line.cue.priority}"
    ),
    "standing": lambda line, words, codes: "" if line.cue.status == "spotted" else VALUES["status"](line, words, codes),
    "mark": lambda line, words, codes: words.say(f"mark.{line.mark}") if line.mark else "",
    "uid": _text("uid"),
}

MARKED = {"new": "N", "changed": "C", "moved": "M", "struck": "X"}
"""Letters in the margin; they are the same in every language and stand in the legend."""


def line_row(line: PaperLine, keys: Iterable[str], request: Request, state: State = "") -> Row:
    """Give a line as a row of some fields."""
    words, codes = request.words, request.project.vocabulary
    values = {key: VALUES[key](line, words, codes) for key in keys if key in VALUES}
    return Row(values, state or ("struck" if line.struck else ""), MARKED.get(line.mark, ""))


def fields(keys: Iterable[str], words: Words) -> tuple[Field, ...]:
    """Give fields with their headings."""
    return tuple(Field(key, words.say(key)) for key in keys)


def column(words: Words, keys: str, share: int, look: Look = "text", heading: str | None = None) -> Column:
    """Give a column of the fields named in a text; it is headed by the first where not by another."""
    names = tuple(keys.split())
    heading = heading or ("in_out" if names[:2] == ("in", "out") else None)
    return Column(words.say(heading or names[0]), names, share, look)
