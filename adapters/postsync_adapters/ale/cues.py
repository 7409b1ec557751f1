"""Rows that are ADR cues: bins in which the supervisor keeps number, character and line in columns of their own.

A row is a cue when it has a cue number, or a character and a line. Its cue lies over its clip, or where `Cue In` says: a bin
has no times of its own, so the place in the sequence travels in columns.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Protocol

from postsync.cueing import character_id, is_uid, new_uid
from postsync.formats import frame_of_label
from postsync.model import (
    Character,
    Cue,
    TimelineFacts,
    character_name,
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

CUE_COLUMNS = ("ADR Cue", "Character", "Line", "Reason", "Cue Note", "Cue In", "Cue Out", "Cue UID")
"""The columns that we write for cues, beside those of every row."""


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
    known = {one.name.casefold(): one.id for one in reversed(cast.values())}
    taken: dict[str, None] = {}
    markers: list[Any] = []
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
        place = _place(row, facts, report)
        cue = _cue(row, uid, number, _character(who, cast, known), line, place)
        markers.append(cue_marker(cue, facts, who or None, {"ale": {"row": row.row}}))
    timeline.tracks.markers[:] = markers  # at once: one after another takes a call of OpenTimelineIO's each
    if cast:
        put_characters(timeline, cast.values())


def _place(row: CueRow, facts: TimelineFacts, report: Report) -> tuple[int, int | None]:
    """Give first frame and exclusive last one, counted from the start: as the columns say, else those of the clip."""
    source = f"line {row.line}"
    labels = (row.cells.first(c.CUE_IN), row.cells.first(c.CUE_OUT))
    first, last = (frame_of_label(label, facts.rate, source, report) if label else None for label in labels)
    if first is None:
        start = frame_at(row.record_in, facts.rate)
        return start, max(start + 1, frame_at(row.record_in + row.duration, facts.rate))
    return first - facts.start_frame, last - facts.start_frame if last is not None and last > first else None


def _cue(row: CueRow, uid: str, number: str, character: str | None, line: str, place: tuple[int, int | None]) -> Cue:
    reasons, reason_note = _reasons(row.cells.first(c.REASON))
    return Cue(
        uid=uid,
        number=number or None,
        record_in=place[0],
        record_out=place[1],
        character=character,
        line=line or None,
        scene=row.cells.first(c.SCENE) or None,
        reasons=reasons,
        reason_note=reason_note,
        note=row.cells.first(c.CUE_NOTE) or None,
    )


_REASONS = re.compile(r"(?P<codes>[^()]*?)\s*(?:\((?P<note>.*)\))?", re.DOTALL)
_HOUSE_CODE = re.compile(r"[A-Z][A-Z0-9&+-]{0,7}")


def reason_cell(cue: Cue) -> str:
    """Give codes and note of a cue's reason in one cell: `noise, AR4 (plane overhead)`."""
    note = f"({cue.reason_note})" if cue.reason_note else ""
    return " ".join(part for part in (", ".join(cue.reasons), note) if part)


def _reasons(cell: str) -> tuple[tuple[str, ...], str | None]:
    """Read codes and note back; a cell that holds other words is a note as a whole."""
    match = _REASONS.fullmatch(cell.strip())
    words = [word.strip() for word in match["codes"].split(",") if word.strip()] if match else []
    if match is None or not all(word.casefold() in REASONS or _HOUSE_CODE.fullmatch(word) for word in words):
        return (), cell or None
    return tuple(word.casefold() if word.casefold() in REASONS else word for word in words), match["note"] or None


def _character(name: str, cast: dict[str, Character], known: dict[str, str]) -> str | None:
    """Give the id of a character, `known` by folded name; a new one joins the cast."""
    if not name:
        return None
    folded = name.casefold()
    if folded not in known:
        made = Character(character_id(name, cast), name)
        cast[made.id], known[folded] = made, made.id
    return known[folded]


def rows_with_cues(
    timeline: Any, rows: Sequence[tuple[int, dict[str, str]]], keys: tuple[str, ...]
) -> list[tuple[int, dict[str, str]]]:
    """Give the rows with number, character and line as their cues have them now; untouched ones stay to the letter."""
    cast = dict(timeline_characters(timeline))
    cues = {
        int(ale["row"]): cue
        for marker, cue in cue_markers(timeline)
        if "row" in (ale := marker.metadata.get("ale") or {})
    }
    result: list[tuple[int, dict[str, str]]] = []
    for number, row in rows:
        cue = cues.get(number)
        changed: dict[str, str] = {}
        if cue is not None:
            cells = c.Cells(row)
            now = ((c.CUE_NUMBER, cue.number), (c.CHARACTER, character_name(cast, cue)), (c.LINE, cue.line))
            for names, text in now:
                key = cells.key_of(names, keys)
                if key is not None and text and cells.first(names) != text:
                    changed[key] = text
        result.append((number, {**row, **changed}))
    return result


def cues_outside_rows(timeline: Any) -> list[tuple[Any, Cue]]:
    """Give the cues that no row of the log holds, with their markers."""
    return [(marker, cue) for marker, cue in cue_markers(timeline) if "row" not in (marker.metadata.get("ale") or {})]
