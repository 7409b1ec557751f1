"""Tracks as sequences of AAF: clips, silence and transitions, with everything that lies round each.

From the outside in a clip is: the selector that mutes it, its level, the effects that nobody here understands, the change of
its speed, the combiner of its channels, and a source clip for each of these.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from uuid import UUID

from postsync.model import SILENCE_DB
from postsync_adapters.aaf.writing import definitions as defs
from postsync_adapters.aaf.writing.definitions import PICTURE, SOUND, Kit
from postsync_adapters.aaf.writing.planned import Grid, Overlap, PlannedClip, PlannedTrack, plain
from postsync_adapters.aaf.writing.profiles import Profile
from postsync_adapters.aaf.writing.records import Record
from postsync_adapters.aaf.writing.returning import Returning
from postsync_adapters.aaf.writing.sources import Sources

CURVE_TYPES = {"linear": 0, "equal-power": 1}
"""Media Composer's own number for a fade's curve."""

_LARGEST = 2**31 - 1

Point = tuple[Fraction, float]
"""A time and a linear value."""


@dataclass
class Components:
    """Makes the components of one kind of track."""

    kit: Kit
    sources: Sources
    returning: Returning
    profile: Profile
    grid: Grid
    data: UUID = SOUND

    @property
    def picture(self) -> bool:
        """Whether they are seen."""
        return self.data == PICTURE

    def sequence(self, track: PlannedTrack, length: int) -> Record:
        """Give a track as a sequence of a length."""
        parts = list(self._parts(track.clips, length))
        return Record("Sequence", DataDefinition=self.data, Length=length, Components=parts)

    def _parts(self, clips: tuple[PlannedClip, ...], length: int) -> Iterator[Record]:
        """Yield clips, fillers and transitions; a filler reaches under the fades on either side of it."""
        filled, tail, joined = 0, None, False
        for clip in clips:
            if joined and tail is not None:
                yield self._transition(tail)
            else:
                yield from self._silence(filled, clip.start, tail, clip.head)
            yield self._clip(clip)
            filled, tail, joined = clip.end, clip.tail, clip.joined
        yield from self._silence(filled, max(length, filled), tail, None)

    def _silence(self, start: int, end: int, tail: Overlap | None, head: Overlap | None) -> Iterator[Record]:
        """Yield what lies between two clips that do not cross: fade out, filler, fade in."""
        filler = end - start + (tail.before if tail else 0) + (head.after if head else 0)
        filler = max(filler, tail.length if tail else 0)
        if tail is not None:
            yield self._transition(tail)
        if filler > 0:
            yield self._filler(filler)
        if head is not None:
            yield self._transition(head)

    def _filler(self, length: int) -> Record:
        return Record("Filler", DataDefinition=self.data, Length=length)

    # -------------------------------------------------------------------------------------------------- transitions

    def _transition(self, overlap: Overlap) -> Record:
        group = None
        if overlap.leftover:
            group = self.returning.effect(overlap.leftover, "transition", overlap.length, self.data)
        return Record(
            "Transition", DataDefinition=self.data, Length=overlap.length, CutPoint=overlap.before,
            OperationGroup=group or self._dissolve(overlap),
        )  # fmt: skip

    def _dissolve(self, overlap: Overlap) -> Record:
        curve = overlap.curve
        number = CURVE_TYPES.get(curve)
        told = self.profile.avid_curves and number is not None
        points = [((0, 1), defs.amplitude(0)), ((1, 1), defs.amplitude(1))]
        parameters = [self.kit.varying(defs.LEVEL, "linear" if told else curve, points)]
        if told and not self.picture:
            parameters.append(self.kit.constant(defs.CURVE_TYPE, number))
        kind = defs.PICTURE_DISSOLVE if self.picture else defs.DISSOLVE
        tags = None if number is None or self.picture else {"_ATN_AUDIO_DISSOLVE_CURVETYPE": number}
        return self.kit.operation(kind, overlap.length, [], parameters, tags)

    # -------------------------------------------------------------------------------------------------------- clips

    def _clip(self, clip: PlannedClip) -> Record:
        rest = plain(clip.placed.clip.metadata.get("aaf")) if len(clip.placed.clip.metadata) else {}
        segments = self._source_clips(clip)
        tags = self._tags(clip, rest)
        if tags:
            segments[0]["ComponentAttributeList"] = self.kit.tags(tags)
        segment = segments[0]
        if len(segments) > 1:
            segment = self.kit.operation(defs.COMBINER, segment["Length"], segments, [])
        if clip.warped:
            segment = self._warped(segment, clip)
        if rest.get("effects"):
            segment = self.returning.round(segment, rest["effects"], clip.name, self.data)
        segment = self._with_gain(segment, clip)
        return self._muted(segment, clip.length) if clip.silenced else segment

    def _tags(self, clip: PlannedClip, rest: dict[str, Any]) -> dict[str, Any]:
        facts = clip.facts
        notes = {"_COMMENT": facts.note, "POSTSYNC_ROLE": facts.role, "POSTSYNC_CUE": facts.cue_uid}
        stated: dict[str, Any] = {name: value for name, value in notes.items() if value}
        return {**self.returning.tags(rest.get("attributes"), clip.name), **stated}

    def _source_clips(self, clip: PlannedClip) -> list[Record]:
        """Give a source clip for each channel."""
        length, rate = clip.length, self.grid.rate
        made: list[Record] = []
        for use in clip.uses:
            at = clip.in_units(use, rate)
            inner = length
            if clip.warped:
                at, inner = _stretch(clip, at, rate)
            self._note_end(clip, use, at, inner)
            played = self.sources.played(clip, use, at, rate, picture=self.picture)
            made.append(
                Record(
                    "SourceClip", DataDefinition=self.data, Length=inner, SourceID=played.mob, SourceMobSlotID=played.slot,
                    StartTime=played.start,
                )
            )  # fmt: skip
        return made

    def _note_end(self, clip: PlannedClip, use: Any, at: Fraction, length: int) -> None:
        """Say so where a clip runs past the end of its file; half a sample is rounding, and so is a frame of a picture."""
        source = self.sources.files.source(clip, use, picture=self.picture)
        over = (at + length) / self.grid.rate - Fraction(source.length) / source.rate
        if over * min(self.grid.rate, source.rate) > 1:
            self.grid.report.note("clip-beyond-media", where=clip.name, name=clip.name, seconds=f"{float(over):.4f}")

    def _muted(self, segment: Record, length: int) -> Record:
        """Mute a clip as Media Composer does: silence is selected, the clip is the alternative."""
        tags = self.kit.tags({"_DISABLE_CLIP_FLAG": 1, "_AAF_SELECTED": 0})
        return Record(
            "Selector", DataDefinition=self.data, Length=length, Selected=self._filler(length), Alternates=[segment],
            ComponentAttributeList=tags,
        )  # fmt: skip

    # -------------------------------------------------------------------------------------------------------- speed

    def _warped(self, segment: Record, clip: PlannedClip) -> Record:
        """Put a change of speed round a clip: the ratio of its length to what it plays, and a map where that changes."""
        rate, length = self.grid.rate, clip.length
        kind = defs.MOTION if self.picture else defs.WARP
        ratio = 1 / clip.speed if clip.speed else Fraction(length)
        parameters = [self.kit.constant(defs.SPEED_RATIO, _small(ratio))]
        pairs = _map(clip, rate)
        if pairs:
            points = [(_small(at), _small(to)) for at, to in pairs]
            parameters.append(self.kit.varying(defs.OFFSETS, "linear", points))
        return self.kit.operation(kind, length, [segment], parameters)

    # -------------------------------------------------------------------------------------------------------- levels

    def _with_gain(self, segment: Record, clip: PlannedClip) -> Record:
        if self.picture:
            return segment
        if clip.facts.gain_points:
            lead = clip.placed.record_in - Fraction(clip.segment_start) / self.grid.rate
            points = [(time + lead, _linear(level)) for time, level in clip.facts.gain_points]
            parameter = defs.CLIP_RATIO if self.profile.avid_curves else defs.AMPLITUDE
            return self._curve(defs.GAIN, parameter, segment, points, clip.length)
        if clip.facts.gain_db:
            value = self.kit.constant(defs.AMPLITUDE, defs.amplitude(_linear(clip.facts.gain_db)))
            return self.kit.operation(defs.GAIN, clip.length, [segment], [value])
        return segment

    def over_track(self, segment: Record, track: PlannedTrack, length: int) -> Record:
        """Wrap a track in its level, and that in its pan; the Edit Protocol allows pan on tracks alone (239)."""
        facts = track.facts
        if facts.gain_points:
            levels = [(time, _linear(level)) for time, level in facts.gain_points]
            segment = self._curve(defs.GAIN, defs.AMPLITUDE, segment, levels, length)
        elif facts.gain_db:
            value = self.kit.constant(defs.AMPLITUDE, defs.amplitude(_linear(facts.gain_db)))
            segment = self.kit.operation(defs.GAIN, length, [segment], [value])
        if len(set(facts.pan_points)) > 1:
            sides = [(time, (side + 1) / 2) for time, side in facts.pan_points]
            segment = self._curve(defs.PAN, defs.PAN_VALUE, segment, sides, length)
        elif facts.pan is not None:
            value = self.kit.constant(defs.PAN_VALUE, defs.amplitude((facts.pan + 1) / 2))
            segment = self.kit.operation(defs.PAN, length, [segment], [value])
        return segment

    def _curve(
        self, kind: defs.Operation, parameter: defs.Parameter, segment: Record, points: Sequence[Point], length: int
    ) -> Record:
        """Put a value that moves round a segment; places are told in samples, also where edits fall on frames."""
        rate = self.sources.files.session_rate
        whole = Fraction(length) / self.grid.rate
        count = max(round(whole * rate), 1)
        placed = [
            (defs.place(min(max(round(time * rate), 0), count), count), defs.amplitude(value))
            for time, value in _within(points, whole)
        ]
        return self.kit.operation(kind, length, [segment], [self.kit.varying(parameter, "linear", placed)])


def _linear(decibels: float) -> float:
    return 0.0 if decibels <= SILENCE_DB else float(10 ** (decibels / 20))


def _within(points: Sequence[Point], length: Fraction) -> list[Point]:
    """Give a curve from 0 to a length: cut where it runs over, held where it ends short; a step keeps its two points."""
    ordered = sorted(points, key=lambda point: point[0])
    inside = [point for point in ordered if 0 <= point[0] <= length]
    if not inside or inside[0][0] > 0:
        inside.insert(0, (Fraction(0), _value_at(ordered, Fraction(0))))
    if inside[-1][0] < length:
        inside.append((length, _value_at(ordered, length)))
    return inside


def _value_at(points: Sequence[Point], time: Fraction) -> float:
    """Give the value of a curve at a time: straight between points, held beyond them."""
    if time <= points[0][0]:
        return points[0][1]
    for (left, low), (right, high) in itertools.pairwise(points):
        if time <= right:
            return high if right == left else low + (high - low) * float((time - left) / (right - left))
    return points[-1][1]


def _map(clip: PlannedClip, rate: Fraction) -> list[tuple[Fraction, Fraction]]:
    """Give the map of a changing speed: edit units into the clip, edit units into what it plays of its file."""
    if not clip.retime and clip.speed > 0:
        return []
    lead = Fraction(clip.start - clip.segment_start) / rate
    pairs = clip.retime
    if not pairs:
        use, duration = clip.uses[0], Fraction(clip.end - clip.start) / rate
        pairs = ((Fraction(0), use.start), (duration, use.start + duration * clip.speed))
    base = _base(clip, rate)
    return [((at + lead) * rate, to * rate - base) for at, to in pairs]


def _base(clip: PlannedClip, rate: Fraction) -> int:
    """Give the edit unit of the file at which what a retimed clip plays begins."""
    places = [to for _, to in clip.retime]
    if not places:
        use, duration = clip.uses[0], Fraction(clip.end - clip.start) / rate
        places = [use.start, use.start + duration * clip.speed]
    return max(math.floor(min(places) * rate), 0)


def _stretch(clip: PlannedClip, at: Fraction, rate: Fraction) -> tuple[Fraction, int]:
    """Give where what a clip of changed speed plays begins in its file, and how long that is, in edit units."""
    if not clip.retime and clip.speed > 0:
        return at, max(math.ceil(clip.length * clip.speed), 1)
    places = [to * rate for _, to in clip.retime]
    if not places:
        begin = clip.uses[0].start * rate
        places = [begin, begin + (clip.end - clip.start) * clip.speed]
    base = _base(clip, rate)
    return Fraction(base), max(math.ceil(max(places) - base), 1)


def _small(value: Fraction) -> tuple[int, int]:
    """Give a rational of 32 bits nearest to a number."""
    near = value
    bound = 1_000_000
    while not (-_LARGEST <= near.numerator <= _LARGEST and near.denominator <= _LARGEST):
        near = value.limit_denominator(bound)
        bound = max(bound // 10, 1)
        if bound == 1 and abs(near.numerator) > _LARGEST:
            return (_LARGEST if value > 0 else -_LARGEST), 1
    return near.numerator, near.denominator
