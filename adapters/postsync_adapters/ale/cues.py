"""Rows that are ADR cues: bins in which the supervisor keeps number, character and line in columns of their own.

A row is a cue when it has a cue number, or a character and a line. Its cue lies over its clip.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Protocol

from postsync.cueing import character_id, is_uid, new_uid
from postsync.model import (
    Character,
    Cue,
    cue_marker,
    cue_markers,
    put_characters,
    timeline_characters,
    timeline_facts,
)
from postsync.model.cues import REASONS
from postsync.report import Report
from postsync.timing import frame_at
from postsync_adapters.ale import columns as c

CUE_COLUMNS = {
    "ADR Cue": "number", "Character": "character", "Line": "line", "Reason": "reason", "Cue Note": "note",
    "Cue UID": "uid",
}  # fmt: skip
"""The columns that we write for cues, and what of a cue stands in each."""


class CueRow(Protocol):
    """What this module must know of a row."""

    @property
    def row(self) -> int:
        """Its number from 1."""
        ...

    @property
    def line(self) -> int:
        """Its line in the file."""
        ...

    @property
    def cells(self) -> c.Cells:
        """Its cells."""
        ...

    @property
    def record_in(self) -> Fraction:
        """Where its clip begins, in seconds."""
        ...

    @property
    def duration(self) -> Fraction:
        """How long it is, in seconds."""
        ...


def put_cues(timeline: Any, rows: Sequence[CueRow], report: Report) -> None:
    """Put a cue on the timeline for every row that is one."""
    facts = timeline_facts(timeline)
    cast = dict(timeline_characters(timeline))
    taken: dict[str, None] = {}
    for row in rows:
        number = row.cells.first(c.CUE_NUMBER)
        number = number if re.search(r"\d", number) else ""
        who, line = row.cells.first(c.CHARACTER), row.cells.first(c.LINE)
        if not number and not (who and line):
            continue
        uid = row.cells.first(c.CUE_UID).upper()
        if not is_uid(uid) or uid in taken:
            uid = new_uid("\x1f".join((timeline.name, number, who, line, str(row.row))), taken)
            reading = ", ".join(text for text in (number, who, line) if text)
            report.note("cue-guessed", where=number or who, source=f"line {row.line}", reading=reading)
        taken[uid] = None
        cue = _cue(row, uid, number, _character(who, cast), line, facts)
        marker = cue_marker(cue, facts, who or None)
        marker.metadata["ale"] = {"row": row.row}
        timeline.tracks.markers.append(marker)
    if cast:
        put_characters(timeline, cast.values())


def _cue(row: CueRow, uid: str, number: str, character: str | None, line: str, facts: Any) -> Cue:
    first = frame_at(row.record_in, facts.rate)
    reason = row.cells.first(c.REASON)
    coded = reason.casefold() in REASONS
    return Cue(
        uid=uid,
        number=number or None,
        record_in=first,
        record_out=max(first + 1, frame_at(row.record_in + row.duration, facts.rate)),
        character=character,
        line=line or None,
        scene=row.cells.first(c.SCENE) or None,
        reasons=(reason.casefold(),) if coded else (),
        reason_note=reason or None if not coded else None,
        note=row.cells.first(c.CUE_NOTE) or None,
    )


def _character(name: str, cast: dict[str, Character]) -> str | None:
    if not name:
        return None
    known = next((one for one in cast.values() if one.name.casefold() == name.casefold()), None)
    if known is None:
        known = Character(character_id(name, cast), name)
        cast[known.id] = known
    return known.id


def cues_outside_rows(timeline: Any) -> list[tuple[Any, Cue]]:
    """Give the cues that no row of the log holds, with their markers."""
    return [(marker, cue) for marker, cue in cue_markers(timeline) if "row" not in (marker.metadata.get("ale") or {})]
