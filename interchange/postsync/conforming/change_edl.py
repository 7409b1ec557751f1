"""The map as a timeline: one clip for each piece, its source the old cut. Written as an EDL it is the change list that
Conformalizer and Nuendo read; read back, it is the same map.

Record side is the new cut, source side the old one, the reel is the old cut's name; changed speed is a speed, new picture is
a gap. A note on each clip keeps what a list has no column for.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any, cast

import opentimelineio as otio

from postsync.conforming.change_map import ChangeMap, Kind, Piece, Side
from postsync.conforming.cuts import ReelSpan
from postsync.errors import FormatError
from postsync.model import (
    ClipFacts,
    Laid,
    MediaFacts,
    TimelineFacts,
    block,
    build_track,
    clip_facts,
    placed_tracks,
    put_block,
    put_clip_facts,
    put_media_facts,
    put_timeline_facts,
    timeline_facts,
)
from postsync.timing import Rate, fraction_text, round_half_up, to_time_range

_NOTE = re.compile(
    r"CHANGE (?P<kind>[a-z]+) BY (?P<evidence>[a-z -]*?) SURE (?P<confidence>[\d.]+)(?: RATIO (?P<ratio>-?\d+/\d+))?"
    r"(?: OLD (?P<old>\d+))?(?P<ambiguous> AMBIGUOUS)?(?P<version> VERSION)?\s*$"
)


def change_timelines(changes: ChangeMap) -> list[Any]:
    """Make one timeline for each new reel; a clip for each piece.

    >>> [made.name for made in change_timelines(changes(timeline, new_cut))]
    ['The Crossing R1 v4 CHANGES']
    """
    made: list[Any] = []
    for reel in changes.new.reels:
        timeline = otio.schema.Timeline(name=f"{reel.name} CHANGES")
        put_timeline_facts(timeline, TimelineFacts(changes.new.rate, reel.start - reel.shift))
        pieces = [piece for piece in changes.pieces if reel.start <= piece.new_in < reel.end]
        laid = [_laid(piece, changes, reel) for piece in pieces]
        track = build_track("V1", otio.schema.TrackKind.Video, laid, [changes.new.rate.fps])
        timeline.tracks.append(track)
        put_block(
            timeline,
            {"changes": {"old": changes.old.to_json(), "new": changes.new.to_json(), "track": changes.track}},
        )
        made.append(timeline)
    return made


def _laid(piece: Piece, changes: ChangeMap, reel: ReelSpan) -> Laid:
    rate = changes.new.rate
    across = changes.old.reel_at(piece.old_span[0])
    low, high = piece.old_span
    reference = otio.schema.MissingReference(
        name=across.name, available_range=to_time_range(Fraction(0), Fraction(high - across.shift) / rate.fps, rate.fps)
    )
    put_media_facts(reference, MediaFacts(name=across.name, tape=across.name))
    clip = otio.schema.Clip(name=across.name, media_reference=reference)
    speed = Fraction(piece.ratio)
    put_clip_facts(clip, ClipFacts(speed=speed, note=_note(piece)))
    return Laid(
        clip,
        Fraction(piece.new_in - reel.start) / rate.fps,
        Fraction(piece.length) / rate.fps,
        Fraction(low - across.shift) / rate.fps,
    )


def _note(piece: Piece) -> str:
    told = f"CHANGE {piece.kind} BY {piece.evidence} SURE {piece.confidence:.2f}"
    if piece.ratio != 1:
        told += f" RATIO {fraction_text(piece.ratio)} OLD {piece.old_in}"
    return told + (" AMBIGUOUS" if piece.ambiguous else "") + (" VERSION" if piece.version_changed else "")


def changes_of_timeline(timeline: Any) -> ChangeMap:
    """Read a map back from a timeline of changes, ours or any change EDL: old ranges on the source side.

    Raises FormatError where it has no picture events.

    >>> compared = changes(timeline, new_cut)
    >>> again = changes_of_timeline(change_timelines(compared)[0])
    >>> [piece.old_in for piece in again.pieces] == [piece.old_in for piece in compared.pieces]
    True
    """
    facts = timeline_facts(timeline)
    rate = facts.rate
    kept = block(timeline).get("changes") or {}
    pieces: list[Piece] = []
    tapes: list[str] = []
    for track in placed_tracks(timeline, "video")[:1]:
        for clip in track.clips:
            new_in = facts.start_frame + round_half_up(clip.record_in * rate.fps)
            length = round_half_up(clip.duration * rate.fps)
            low = round_half_up(clip.source_start * rate.fps)
            pieces.append(_piece(new_in, length, low, clip_facts(clip.clip)))
            tapes.append(clip.media.tape or clip.clip.name)
    if not pieces:
        raise FormatError(expected="events of a change list: old ranges on the source side", found="no picture events")
    old = _side(kept.get("old"), tapes[0], rate, [span for piece in pieces for span in piece.old_span])
    new = _side(
        kept.get("new"), timeline.name, rate, [edge for piece in pieces for edge in (piece.new_in, piece.new_out)]
    )
    return ChangeMap(old, new, tuple(sorted(pieces, key=lambda one: one.new_in)), str(kept.get("track") or "picture"))


def _piece(new_in: int, length: int, low: int, facts: ClipFacts) -> Piece:
    match = _NOTE.search(facts.note or "")
    if match is None:
        ratio = facts.speed
        kind: Kind = "order" if ratio == 1 else "retimed"
        at = low if ratio > 0 else low + round_half_up(length * -ratio)
        return Piece(new_in, new_in + length, at, 1 if ratio == 1 else ratio, kind, "change list")
    ratio = Fraction(match["ratio"]) if match["ratio"] else Fraction(1)
    return Piece(
        new_in, new_in + length, int(match["old"]) if match["old"] else low, 1 if ratio == 1 else ratio,
        cast("Kind", match["kind"]), match["evidence"], float(match["confidence"]), match["ambiguous"] is not None,
        match["version"] is not None,
    )  # fmt: skip


def _side(told: Any, name: str, rate: Rate, edges: list[int]) -> Side:
    if isinstance(told, dict):
        reels = tuple(ReelSpan(one["name"], one["start"], one["end"], one["shift"]) for one in told["reels"])
        return Side(told["name"], rate, reels, told.get("fingerprint") or "")
    return Side(name, rate, (ReelSpan(name, min(edges), max(edges)),))
