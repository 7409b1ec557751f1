"""The change report: every cue that is new, moved, changed, struck or gone, from where to where, and what to do about it.

Against an earlier state of the works where one is given, else by what the last reconform wrote into the cues.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

from postsync.conforming.moving import ADVICE, advice
from postsync.model import TimelineFacts
from postsync.paper.document import Document, Row, Section, Value
from postsync.paper.heads import document
from postsync.paper.lines import PRINTED, PaperLine, Request, clean, paper_lines
from postsync.paper.values import MARKED, column, fields, line_row
from postsync.timing import as_rate, format_timecode, parse_fraction

FIELDS = (
    "number", "reel", "character", "mark", "state", "old_in", "old_out", "in", "out", "moved", "line", "old_line", "changed",
    "takes_placed", "todo",
)  # fmt: skip


def changes(request: Request) -> Document:
    """Give the report, by reel; what did not change is counted, not shown."""
    words = request.words
    lines = paper_lines(request)
    before = _before(request)
    rows = [(line.reel, _row(request, line, before.get(line.cue.uid))) for line in lines if line.mark]
    now = {line.cue.uid for line in paper_lines(request, every=True)}
    rows += [(line.reel, _gone(request, line)) for line in before.values() if line.cue.uid not in now]
    kept = sum(not line.mark for line in lines)
    reels = dict.fromkeys(reel for reel, _ in rows)
    sections = [
        Section(
            ((words.say("reel"), reel), (words.say("changes"), str(len(of_reel)))), tuple(of_reel), new_page=False
        )
        for reel in reels
        for of_reel in [[row for at, row in rows if at == reel]]
    ]  # fmt: skip
    columns = (
        column(words, "number", 9, "number"),
        column(words, "mark state", 11, "who"),
        column(words, "old_in old_out", 11, "time"),
        column(words, "in out moved", 11, "time", "new_place"),
        column(words, "character", 12, "who"),
        column(words, "line old_line", 26, "line"),
        column(words, "changed takes_placed", 14, "small"),
        column(words, "todo", 20, "small"),
    )
    return document(
        request, "changes", lines, fields=fields(FIELDS, words), columns=columns, sections=tuple(sections),
        notes=(words.say("unchanged", count=kept),), landscape=True,
    )  # fmt: skip


def _before(request: Request) -> dict[str, PaperLine]:
    if not request.earlier:
        return {}
    return {line.cue.uid: line for line in paper_lines(replace(request, works=request.earlier, earlier=()))}


def _row(request: Request, line: PaperLine, was: PaperLine | None) -> Row:
    words = request.words
    row = line_row(line, ("number", "reel", "character", "mark", "in", "out", "line"), request)
    old_in, old_out, moved = _old_place(line, was)
    values: dict[str, Value] = {
        **row.values,
        "old_in": old_in,
        "old_out": old_out,
        "moved": moved,
        "old_line": words.say("was", text=was.line) if was is not None and was.line != line.line else "",
        "changed": ", ".join(_differing(request, line, was)),
        "takes_placed": words.say("takes_placed_count", count=len(line.cue.placements)) if line.cue.placements else "",
        **_fate(line.cue.reconform if not request.earlier or _moved_since(line, was) else None),
    }
    return Row(values, row.state, row.mark)


def _old_place(line: PaperLine, was: PaperLine | None) -> tuple[str, str, str]:
    """Give the old in and out as labels, and by how much it moved; empty where there is no old place."""
    facts, record = line.facts, (line.cue.reconform or {}).get("was")
    if was is not None:
        start, end, then = was.cue.record_in, was.cue.record_out, was.facts
    elif isinstance(record, dict) and isinstance(record.get("record_in"), int) and line.mark != "new":
        start, end, then = record["record_in"], record.get("record_out"), _clock(record, facts)
    else:
        return "", "", ""
    delta = facts.start_frame + line.cue.record_in - then.start_frame - start
    told = "" if delta == 0 or line.struck else f"{'-' if delta < 0 else '+'}{format_timecode(abs(delta), facts.rate)}"
    return then.label(start), "" if end is None else then.label(end), told


def _clock(record: dict[str, Any], facts: TimelineFacts) -> TimelineFacts:
    rate = parse_fraction(record["rate"]) if record.get("rate") else Fraction(facts.rate.fps)
    return TimelineFacts(as_rate(rate, drop=facts.rate.drop), int(record.get("start_frame", facts.start_frame)))


def _differing(request: Request, line: PaperLine, was: PaperLine | None) -> list[str]:
    if was is None:
        return []
    names = [name for name in PRINTED if getattr(line.cue, name) != getattr(was.cue, name)]
    names += ["out"] if line.seconds != was.seconds else []
    return [request.words.say(name) for name in names]


def _moved_since(line: PaperLine, was: PaperLine | None) -> bool:
    return was is not None and was.cue.reconform != line.cue.reconform


def _fate(record: dict[str, Any] | None) -> dict[str, Value]:
    """Give what the reconform says of a cue, and what it asks a person to do."""
    status = str((record or {}).get("status") or "")
    if record is None or status not in ADVICE:
        return {"state": "", "todo": ""}
    return {"state": status, "todo": clean(advice(status, record.get("frames") or 0, record.get("flags") or ()))}


def _gone(request: Request, was: PaperLine) -> Row:
    """Give a cue that the earlier state has and this one lacks."""
    row = line_row(was, ("number", "reel", "character", "line"), request)
    more: dict[str, Value] = {"mark": request.words.say("mark.gone"), "old_in": was.start, "old_out": was.end}
    return Row({**row.values, **more, "todo": request.words.say("todo.gone")}, "struck", MARKED["struck"])
