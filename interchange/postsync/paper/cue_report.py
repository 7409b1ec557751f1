"""The report of a reconform: each cue with where it was, where it is, what became of it and what to check.

As a table for spreadsheets, and as markers in a colour for each status, for any program that shows markers.
"""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import Any

from postsync.conforming import Moved, Outcome
from postsync.cueing.sheets import inert
from postsync.model import character_name, cue_marker, cue_markers, timeline_characters, timeline_facts
from postsync.timing import format_timecode

STATUS_COLOURS = {
    "unchanged": "mint", "moved": "green", "moved-block": "cyan", "head-trimmed": "yellow", "tail-trimmed": "yellow",
    "both": "yellow", "lengthened": "lemon", "shortened": "lemon", "split": "pink", "reordered": "pink",
    "retimed": "purple", "picture-replaced": "blue", "repeated": "lavender", "lost": "red",
}  # fmt: skip
FLAGGED = "fuchsia"
"""A cue that only moved and yet asks for ears."""

COLUMNS = (
    "What", "UID", "Number", "Character", "Text", "Track", "Status", "Flags", "Check", "Old reel", "Old in", "Old out",
    "New reel", "New in", "New out", "Moved by", "Moved frames", "Frames", "Other places", "Proposed numbers",
)  # fmt: skip
_COUNTED = frozenset({"Moved by", "Moved frames", "Frames"})


def report_rows(outcome: Outcome) -> list[dict[str, str]]:
    """Give every cue, marker and placed clip as a row of text, lost ones last."""
    every = [*outcome.cues, *outcome.markers, *outcome.clips]
    every.sort(
        key=lambda one: (one.fate.new_in is None, one.fate.old_in if one.fate.new_in is None else one.fate.new_in)
    )
    return [_row(one, outcome) for one in every]


def _row(one: Moved, outcome: Outcome) -> dict[str, str]:
    old, new, fate = outcome.maps.picture.old, outcome.maps.picture.new, one.fate
    delta = fate.delta
    return {
        "What": one.kind,
        "UID": one.uid,
        "Number": one.number,
        "Character": one.character,
        "Text": " ".join(one.text.split()),
        "Track": one.track,
        "Status": fate.status,
        "Flags": ", ".join(fate.flags),
        "Check": one.check,
        "Old reel": one.old_reel,
        "Old in": old.label(fate.old_in),
        "Old out": old.label(fate.old_out),
        "New reel": one.new_reel if fate.new_in is not None else "",
        "New in": "" if fate.new_in is None else new.label(fate.new_in),
        "New out": "" if fate.new_out is None else new.label(fate.new_out),
        "Moved by": "" if delta is None else ("-" if delta < 0 else "+") + format_timecode(abs(delta), new.rate),
        "Moved frames": "" if delta is None else f"{delta:+d}",
        "Frames": f"{fate.frames:+d}" if fate.frames else "",
        "Other places": ", ".join(
            new.label(part.new_in) for part in (*fate.fragments, *fate.again) if part.delta != delta
        ),
        "Proposed numbers": ", ".join(one.proposed),
    }


def report_csv(outcome: Outcome) -> bytes:
    """Give the rows as CSV in UTF-8 with a mark, as spreadsheets want it; text that one would run as a formula is guarded."""
    out = io.StringIO(newline="")
    table = csv.writer(out)
    table.writerow(COLUMNS)
    for row in report_rows(outcome):
        table.writerow([row[name] if name in _COUNTED else inert(row[name]) for name in COLUMNS])
    return out.getvalue().encode("utf-8-sig", "replace")


def status_markers(timeline: Any, outcome: Outcome) -> Any:
    """Give a copy of a new timeline with nothing but its cues, each in the colour of its status, with what to check.

    The status stands before the line, the only text that every program shows: these are for looking, not for bringing back.
    """
    facts, cast = timeline_facts(timeline), timeline_characters(timeline)
    by_uid = {one.uid: one for one in outcome.cues}
    copy = timeline.deepcopy()
    del copy.tracks[:]
    marks: list[Any] = []
    for _, cue in cue_markers(timeline):
        row = by_uid.get(cue.uid)
        if row is None:
            continue
        told = ": ".join(part for part in (row.fate.status, row.check) if part)
        shown = replace(
            cue, colour=colour_of(row), line=f"({told}) {cue.line or ''}".rstrip(),
            reconform=None, history=(), takes=(), placements=(),
        )  # fmt: skip
        marks.append(cue_marker(shown, facts, character_name(cast, cue)))
    copy.tracks.markers[:] = marks
    return copy


def colour_of(one: Moved) -> str:
    """Give the colour of a status; a plain move that asks for ears has one of its own."""
    plain = one.fate.status in ("unchanged", "moved")
    return FLAGGED if plain and one.fate.needs_ears else STATUS_COLOURS[one.fate.status]
