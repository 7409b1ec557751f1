"""Cues and plain markers through the map."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from postsync.conforming.cuts import ReelSpan
from postsync.conforming.following import Fate, Fragment
from postsync.conforming.moving import Clock, Maps, Moved, fate_of_record, record_of, standing
from postsync.cueing import new_uid
from postsync.model import (
    Change,
    Cue,
    PlainMarker,
    SyncPoint,
    TimelineFacts,
    from_json,
    timeline_facts,
    to_json,
)
from postsync.timing import Rate, fraction_text, round_half_up, seconds_of_frame

LEAST_PART_SECONDS = Fraction(1, 2)
"""A part of a split line that is shorter than this becomes no cue of its own."""

_PLACE = ("record_in", "record_out", "precise_in", "precise_out", "sync_points", "status", "number", "placements")
"""The fields of a cue that a reconform changes and an undo restores."""


@dataclass(frozen=True)
class NewReel:
    """A timeline of the new cut, and where it lies on the axis."""

    timeline: Any
    facts: TimelineFacts
    span: ReelSpan


def new_reels(timelines: Sequence[Any], spans: Sequence[ReelSpan]) -> list[NewReel]:
    """Give the new timelines with their places."""
    return [NewReel(timeline, timeline_facts(timeline), span) for timeline, span in zip(timelines, spans, strict=True)]


def reel_of(reels: Sequence[NewReel], frame: int) -> NewReel:
    """Give the new reel that a place of the axis belongs to."""
    held = [reel for reel in reels if reel.span.start <= frame]
    return held[-1] if held else reels[0]


class CueMover:
    """Moves the cues and markers of one work."""

    def __init__(self, maps: Maps, clock: Clock, reels: Sequence[NewReel], date: str) -> None:
        self.maps, self.clock, self.reels, self.date = maps, clock, reels, date

    def cue(self, cue: Cue) -> tuple[Cue, Fate, NewReel, bool]:
        """Give a cue where it stands now, what became of it, its reel, and whether it had been moved already."""
        where = standing(cue.reconform, self.maps)
        if where == "here" and cue.reconform is not None:
            fate = fate_of_record(cue.reconform)
            return cue, fate, self._reel(fate), True
        if where == "before":
            cue = restored(cue)
        start, end, sync = self._span(cue)
        fate = self.maps.follow(start, end, sync)
        was = {name: to_json(getattr(cue, name)) for name in _PLACE} | {
            "start_frame": self.clock.facts.start_frame, "rate": self.clock.facts.rate.text,
        }  # fmt: skip
        record = record_of(fate, self.maps, was, cue.reconform)
        reel = self._reel(fate)
        return self._placed(replace(cue, reconform=record), fate, reel), fate, reel, False

    def _span(self, cue: Cue) -> tuple[int, int, int]:
        start = self.clock.on_axis(cue.record_in)
        end = start + 1 if cue.record_out is None else self.clock.on_axis(cue.record_out)
        sync = self.clock.of_seconds(cue.sync_points[0].time) if cue.sync_points else start
        return start, end, sync

    def _reel(self, fate: Fate) -> NewReel:
        return reel_of(self.reels, fate.old_in if fate.new_in is None else fate.new_in)

    def _placed(self, cue: Cue, fate: Fate, reel: NewReel) -> Cue:
        """Give a cue at its new place; a lost one keeps its old times as far as the new reel has them."""
        start = fate.old_in if fate.new_in is None else fate.new_in
        end = fate.old_out if fate.new_out is None else fate.new_out
        base = reel.facts.start_frame + reel.span.shift
        record_in = start - base
        if fate.new_in is None:
            record_in = max(0, record_in)
        moved = seconds_of_frame(record_in, reel.facts.rate) - seconds_of_frame(cue.record_in, self.clock.facts.rate)
        changed = replace(
            cue,
            record_in=record_in,
            record_out=None if cue.record_out is None else record_in + end - start,
            precise_in=None if cue.precise_in is None else cue.precise_in + moved,
            precise_out=None if cue.precise_out is None else cue.precise_out + moved,
            sync_points=tuple(SyncPoint(max(Fraction(0), one.time + moved), one.label) for one in cue.sync_points),
            placements=tuple(_placement_moved(one, record_in - cue.record_in, moved) for one in cue.placements),
            status="lost" if fate.new_in is None else _found_again(cue),
        )
        if self.date and (fate.delta != 0 or changed.status != cue.status):
            changed = replace(changed, history=(*cue.history, self._line(cue, changed, reel)))
        return changed

    def _line(self, cue: Cue, changed: Cue, reel: NewReel) -> Change:
        new = "lost" if changed.status == "lost" else reel.facts.label(changed.record_in)
        return Change(self.date, "reconform", "record_in", self.clock.facts.label(cue.record_in), new)

    def parts(self, cue: Cue, fate: Fate, taken: set[str]) -> Iterator[tuple[Cue, NewReel]]:
        """Yield cues for the other places of a split line: numbers with suffixes, and whose parts they are."""
        for fragment in other_parts(fate, self.maps.picture.new.rate):
            reel = reel_of(self.reels, fragment.new_in)
            uid = new_uid(f"{cue.uid} {fragment.new_in} {self.maps.identity}", taken)
            taken.add(uid)
            base = reel.facts.start_frame + reel.span.shift
            yield (
                replace(
                    cue,
                    uid=uid,
                    number=None,
                    former_numbers=(),
                    record_in=fragment.new_in - base,
                    record_out=fragment.new_out - base,
                    precise_in=None,
                    precise_out=None,
                    sync_points=(),
                    derived_from=cue.uid,
                    takes=(),
                    placements=(),
                    history=(),
                    status="spotted" if cue.status == "lost" else cue.status,
                    reconform=self._part_record(cue, fragment),
                ),
                reel,
            )

    def _part_record(self, cue: Cue, fragment: Fragment) -> dict[str, Any]:
        """Give what a part remembers: where its own frames were, and whose part it is."""
        fate = Fate(
            "moved", fragment.old_in, fragment.old_out, fragment.new_in, fragment.new_out, fragments=(fragment,)
        )
        base = round_half_up(self.clock.start * self.clock.rate.fps) + self.clock.shift
        was = {"record_in": fragment.old_in - base, "record_out": fragment.old_out - base}
        return {**record_of(fate, self.maps, was, None), "part_of": cue.uid}

    def marker(self, marker: PlainMarker) -> tuple[PlainMarker, Fate, NewReel, bool]:
        """Give a plain marker where it stands now."""
        record = marker.extra.get("reconform")
        where = standing(record, self.maps)
        if where == "here" and record is not None:
            fate = fate_of_record(record)
            return marker, fate, self._reel(fate), True
        if where == "before":
            marker = restored_marker(marker)
        start = self.clock.of_seconds(marker.record_in)
        end = self.clock.of_seconds(marker.record_in + marker.duration)
        fate = self.maps.follow(start, max(end, start + 1))
        reel = self._reel(fate)
        was = {"record_in": fraction_text(marker.record_in), "duration": fraction_text(marker.duration)}
        place = fate.old_in if fate.new_in is None else fate.new_in
        at = max(0, place - reel.facts.start_frame - reel.span.shift)
        extra = {**marker.extra, "reconform": record_of(fate, self.maps, was, record)}
        within = marker.record_in - Fraction(start - self.clock.shift) / self.clock.rate.fps + self.clock.start
        moved = seconds_of_frame(at, reel.facts.rate) + within
        return replace(marker, record_in=max(Fraction(0), moved), extra=extra), fate, reel, False


def _placement_moved(placement: dict[str, Any], frames: int, moved: Fraction) -> dict[str, Any]:
    """Give where a take lies that goes with its cue: frames as frames, a fraction of a second as one."""
    place = placement.get("record_in")
    if isinstance(place, int):
        return {**placement, "record_in": place + frames}
    if isinstance(place, str):
        return {**placement, "record_in": fraction_text(Fraction(place) + moved)}
    return placement


def _found_again(cue: Cue) -> str:
    """Give the status of a cue that has picture: what it was before an earlier reconform had lost it."""
    record: Any = (cue.reconform or {}).get("before")
    while cue.status == "lost" and isinstance(record, dict):
        was = record.get("was") or {}
        if was.get("status") not in (None, "lost"):
            return str(was["status"])
        record = record.get("before")
    return cue.status


def other_parts(fate: Fate, rate: Rate) -> list[Fragment]:
    """Give the places of a split line beside the one where it is kept, those long enough to say anything."""
    if fate.status != "split" or fate.delta is None:
        return []
    least = round_half_up(LEAST_PART_SECONDS * rate.fps)
    return [one for one in fate.fragments if one.delta != fate.delta and one.new_out - one.new_in >= least]


def restored(cue: Cue) -> Cue:
    """Give a cue as it was before its last reconform."""
    record = cue.reconform
    if record is None or not isinstance(record.get("was"), dict):
        return cue
    was = {name: value for name, value in record["was"].items() if name in _PLACE}
    back: Cue = from_json(Cue, {**to_json(cue), **was, "reconform": record.get("before")})
    return back


def restored_marker(marker: PlainMarker) -> PlainMarker:
    """Give a plain marker as it was before its last reconform."""
    record = marker.extra.get("reconform")
    if not isinstance(record, dict) or "was" not in record:
        return marker
    extra = {name: value for name, value in marker.extra.items() if name != "reconform"}
    if record.get("before"):
        extra["reconform"] = record["before"]
    was = record["was"]
    return replace(marker, record_in=Fraction(was["record_in"]), duration=Fraction(was["duration"]), extra=extra)


def moved_row(
    kind: str, uid: str, cue: Any, character: str, fate: Fate, maps: Maps, reel: NewReel, **more: Any
) -> Moved:
    """Give the row of one thing for reports."""
    old_reel = maps.picture.old.reel_at(fate.old_in).name
    text = (cue.line or "") if kind == "cue" else (cue.name or cue.comment)
    number = (cue.number or "") if kind == "cue" else ""
    return Moved(kind, uid, number, character, text, "", fate, old_reel, reel.span.name, **more)
