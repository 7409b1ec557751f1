"""Cues and markers as Resolve keeps them on a timeline: one on a frame, the note in its own metadata.

Resolve takes a note from nowhere but `Note`; `comment` is for other readers of the file. A marker that it keeps on a clip
goes back onto that clip where it still plays there at its own speed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from postsync.cueing import NAME_AND_NOTE, TagLevel, lay_out, on_free_frames
from postsync.model import (
    RESOLVE_COLOURS,
    Character,
    Cue,
    PlainMarker,
    TimelineFacts,
    cue_colour,
    cue_of,
    plain_marker,
    shown_colour,
    timeline_characters,
)
from postsync.report import Report
from postsync.timing import frame_at, nearest_frame, seconds_of_frame
from postsync_adapters.resolve_otio.dialect import DIALECT
from postsync_adapters.resolve_otio.effects import kept_facts
from postsync_adapters.resolve_otio.media import range_of
from postsync_adapters.resolve_otio.plan import Piece, Row

CARRIER = replace(NAME_AND_NOTE, one_per_frame=True)

Json = dict[str, Any]


@dataclass(frozen=True)
class _Shown:
    """A marker as Resolve will show it: frames from the timeline's first one, texts, colour of the sixteen."""

    frame: int
    length: int
    name: str
    note: str
    colour: str
    kept: Json


def markers_of(
    timeline: Any, rows: Sequence[Row], facts: TimelineFacts, tags: TagLevel, report: Report
) -> tuple[list[Json], dict[int, list[Json]]]:
    """Give the markers of the timeline's stack in order of time, and those of clips by the id of their piece."""
    hosts = _hosts(rows)
    on_clips: dict[int, list[Json]] = {}
    others: list[Any] = []
    for marker in timeline.tracks.markers:
        piece = None if cue_of(marker) is not None else _host(plain_marker(marker), hosts)
        if piece is None:
            others.append(marker)
        else:
            on_clips.setdefault(id(piece), []).append(_on_clip(marker, piece, facts, report))
    return _of_stack(timeline, others, facts, tags, report), on_clips


def _of_stack(timeline: Any, given: list[Any], facts: TimelineFacts, tags: TagLevel, report: Report) -> list[Json]:
    characters = timeline_characters(timeline)
    markers = [marker for marker in given if _is_seen(marker, facts, report)]
    wanted = [_wanted(marker, facts) for marker in markers]
    shown: list[_Shown] = []
    for marker, (want, _), frame in zip(markers, wanted, on_free_frames(wanted), strict=True):
        cue, late = cue_of(marker), frame - want
        one = (
            _of_marker(plain_marker(marker), want, kept_facts(marker), facts, report)
            if cue is None
            else _of_cue(cue, late, characters, tags, kept_facts(marker), facts, report)
        )
        if late:
            time, moved = facts.label(want), seconds_of_frame(late, facts.rate)
            report.note("marker-nudged", where=one.name, time=time, moved_by=moved, frames=late)
        shown.append(replace(one, frame=frame, length=max(1, one.length - late)))
    return [_json(one, facts.rate.fps) for one in sorted(shown, key=lambda one: one.frame)]


def _is_seen(marker: Any, facts: TimelineFacts, report: Report) -> bool:
    """Leave out what lies in a part of a clip that nobody sees: on the timeline it would stand somewhere else."""
    if cue_of(marker) is not None or (plain := plain_marker(marker)).visible:
        return True
    report.note("marker-outside-clip", where=plain.name, time=facts.timecode(plain.record_in), name=plain.name)
    return False


def _wanted(marker: Any, facts: TimelineFacts) -> tuple[int, str]:
    """Give the frame on which a marker wants to stand, and by what name it is put in order with others there."""
    cue = cue_of(marker)
    if cue is not None:
        return cue.record_in, cue.number or "0"
    return frame_at(plain_marker(marker).record_in, facts.rate), ""


def _of_cue(
    cue: Cue,
    late: int,
    characters: dict[str, Character],
    tags: TagLevel,
    kept: Json,
    facts: TimelineFacts,
    report: Report,
) -> _Shown:
    where = cue.number or cue.uid
    _note_outside(cue.record_in, where, facts, report)
    if cue.precise_in is not None and cue.precise_in != seconds_of_frame(cue.record_in, facts.rate):
        left = cue.precise_in - seconds_of_frame(cue.record_in, facts.rate)
        report.note("cue-off-frame", where=where, moved_by=-left, remainder=f"{float(left):.4f}")
    length = (cue.record_out or cue.record_in) - cue.record_in
    # A marker of one frame reads as a point: there the tag says where the cue ends.
    carrier = CARRIER if length - late > 1 else replace(CARRIER, points=True)
    text = lay_out(cue, characters, carrier, tags, nudge=late)
    colour = shown_colour(RESOLVE_COLOURS, cue_colour(characters, cue), "blue", where, report)
    return _Shown(cue.record_in, max(1, length), text.name, text.comment, colour, kept)


def _of_marker(plain: PlainMarker, frame: int, kept: Json, facts: TimelineFacts, report: Report) -> _Shown:
    where = plain.name or plain.comment
    moved = seconds_of_frame(frame, facts.rate) - plain.record_in
    if moved:
        how, time = f"{float(moved):.4f} s", facts.label(frame)
        report.note("time-rounded", where=where, time=time, moved_by=moved, grid="frame", moved=how)
    _note_outside(frame, where, facts, report)
    length = max(1, nearest_frame(plain.duration, facts.rate))
    name, note = CARRIER.shown(plain.name), CARRIER.shown(plain.comment)
    for was, now in ((plain.name, name), (plain.comment, note)):
        if now != was.strip():
            report.note("marker-text-changed", where=where, was=repr(was), now=repr(now))
    return _Shown(frame, length, name, note, shown_colour(RESOLVE_COLOURS, plain.colour, "blue", where, report), kept)


def _note_outside(frame: int, where: str, facts: TimelineFacts, report: Report) -> None:
    if frame < 0:
        report.note("cue-outside-timeline", where=where, time=facts.label(frame), name=where)


def _json(one: _Shown, fps: Fraction, start: Fraction | None = None) -> Json:
    """Give a marker; one of a clip begins at `start`, in the time that its clip counts in."""
    about = {"Keywords": [], **one.kept, "Note": one.note}
    return {
        "OTIO_SCHEMA": "Marker.2",
        "metadata": {DIALECT: about},
        "name": one.name,
        "color": one.colour.upper(),
        "marked_range": range_of(one.frame / fps if start is None else start, one.length / fps, fps),
        "comment": one.note,
    }


# ----------------------------------------------------------------------------------------------------------- on clips


Hosts = dict[tuple[str, str], list[Piece]]

OF_RESOLVE = ("resolve_otio", "resolve_snapshot")


def _hosts(rows: Sequence[Row]) -> Hosts:
    """Give the pieces by the names of track and clip, as markers that hang on them know them."""
    found: Hosts = {}
    for row in rows:
        for piece in row.pieces:
            found.setdefault((row.source.name, piece.placed.clip.name), []).append(piece)
    return found


def _host(plain: PlainMarker, hosts: Hosts) -> Piece | None:
    """Give the clip that a marker hung on in Resolve: of those of its names the one that plays nearest to it.

    In a retimed clip Resolve counts in a time of its own; there the marker goes to the timeline, where it is sure.
    """
    hung = plain.attached_to
    found = hosts.get((hung.track or "", hung.clip or ""), []) if hung and plain.origin in OF_RESOLVE else []
    at = plain.record_in
    found = [piece for piece in found if piece.placed.facts.speed == 1 and not piece.placed.facts.retime]
    return min(found, key=lambda one: max(one.placed.record_in - at, at - one.placed.record_out), default=None)


def _on_clip(marker: Any, piece: Piece, facts: TimelineFacts, report: Report) -> Json:
    plain = plain_marker(marker)
    shown = _of_marker(replace(plain, record_in=Fraction(0)), 0, kept_facts(marker), facts, report)
    return _json(shown, facts.rate.fps, piece.placed.source_start + plain.record_in - piece.placed.record_in)
