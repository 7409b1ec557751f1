"""AAFs that are read, written and read again: every fact of every clip, fade, level, marker and clock, held against itself.

Nests are compared flat, as they sound. A difference is allowed only where the report of the writing names a loss of its kind.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from postsync.formats.format import write_with
from postsync.model import (
    PlacedClip,
    PlacedTransition,
    placed_tracks,
    timeline_facts,
    timeline_markers,
)
from postsync.placing import mono_tracks
from postsync.report import Report
from postsync.verbs import opened
from postsync_adapters.aaf import FORMAT, WriteOptions

ROUNDED = {"time-rounded", "value-clamped", "clip-beyond-media", "element-ignored"}

NAMED_BY: dict[str, set[str]] = {
    "clips": {"element-ignored", "clip-beyond-media", "clip-not-sound"},
    "clip name": {"name-restored"},
    "place": ROUNDED,
    "source": ROUNDED | {"clip-retimed", "clip-off-speed"},
    "speed": {"clip-retimed", "clip-off-speed"},
    "fade": {"value-clamped", "fade-not-carried", "time-rounded"},
    "media": {"master-renamed", "name-restored"},
    "transition": {"transition-not-carried", "value-clamped", "time-rounded"},
    "level": {"gain-points-not-carried"},
    "marker": {"marker-outside-clip", "time-rounded"},
    "attributes": {"element-ignored"},
    "effects": {"element-ignored"},
    "track name": {"name-changed"},
    "url": {"media-missing"},
}
"""What a difference is called, and the losses that say so; what is not here may not differ."""


@dataclass(frozen=True)
class Difference:
    """One fact that is not what it was."""

    kind: str
    where: str
    was: Any
    now: Any


@dataclass
class Round:
    """One timeline that went round: how many facts were compared, what differs, and what nobody was told."""

    facts: int = 0
    differences: list[Difference] = field(default_factory=list)
    report: Report = field(default_factory=Report)

    @property
    def unsaid(self) -> list[Difference]:
        """What differs without a loss of its kind in the report."""
        codes = {loss.code for loss in self.report}
        return [one for one in self.differences if not NAMED_BY.get(one.kind, set()) & codes]


def timelines_of(path: Path) -> list[Any]:
    """Give the timelines of an AAF as it is read by default."""
    return opened(path).timelines


def go_round(timeline: Any, path: Path, **options: Any) -> Round:
    """Write a timeline to a path, read it, and compare."""
    made = Round()
    how = WriteOptions(**options)
    write_with(FORMAT, timeline, path, made.report, how)
    (found,) = timelines_of(path)
    was = timeline if how.row.native else mono_tracks(timeline, Report())
    for difference in _compared(was, found, how, made):
        made.differences.append(difference)
    return made


def _compared(was: Any, now: Any, how: WriteOptions, made: Round) -> Iterator[Difference]:
    one, two = timeline_facts(was), timeline_facts(now)
    yield from _same(made, "clock", was.name, (one.rate, one.start_frame), (two.rate, two.start_frame))
    kinds = ["audio", "video"] if how.row.picture else ["audio"]
    for kind in kinds:
        yield from _tracks(was, now, kind, how, made)
    yield from _markers(was, now, how, made)


def _same(made: Round, kind: str, where: str, was: Any, now: Any) -> Iterator[Difference]:
    made.facts += 1
    if was != now:
        yield Difference(kind, where, was, now)


def _tracks(was: Any, now: Any, kind: str, how: WriteOptions, made: Round) -> Iterator[Difference]:
    before, after = placed_tracks(was, kind), placed_tracks(now, kind)
    mine = [(track.track.name, track) for track in before]
    for (name, track), other in zip(mine, after, strict=False):
        state, found = track.facts, other.facts
        level = (round(state.gain_db or 0, 2), state.pan)
        yield from _same(made, "track state", name, (state.muted, state.soloed, *level),
                         (found.muted, found.soloed, round(found.gain_db or 0, 2), found.pan))  # fmt: skip
    old = [(track, clip) for track in before for clip in track.clips]
    new = [(track, clip) for track in after for clip in track.clips]
    if len(before) == len(after):
        for track, other in zip(before, after, strict=True):
            yield from _clips(track.name, list(track.clips), list(other.clips), how, made)
            yield from _transitions(track, other, made)
    else:  # Clips that overlap in a nest lie on tracks of their own.
        order = lambda pair: (pair[1].record_in, pair[1].clip.name, pair[1].source_in)  # noqa: E731
        old.sort(key=order)
        new.sort(key=order)
        yield from _clips(kind, [clip for _, clip in old], [clip for _, clip in new], how, made)


def _clips(
    where: str, was: list[PlacedClip], now: list[PlacedClip], how: WriteOptions, made: Round
) -> Iterator[Difference]:
    was = [clip for clip in was if clip.duration > 0]
    yield from _same(made, "clips", where, len(was), len(now))
    for one, two in zip(was, now, strict=False):
        yield from _clip(f"{where} / {one.clip.name}", one, two, how, made)


def _clip(where: str, one: PlacedClip, two: PlacedClip, how: WriteOptions, made: Round) -> Iterator[Difference]:
    name = one.clip.name or one.media.name or ""
    yield from _same(made, "clip name", where, name, two.clip.name)
    yield from _same(made, "place", where, (one.record_in, one.record_out), (two.record_in, two.record_out))
    yield from _same(made, "source", where, one.source_start, two.source_start)
    yield from _same(made, "url", where, one.url, two.url)
    yield from _same(made, "speed", where, _speed(one), _speed(two))
    yield from _same(made, "channels", where, one.facts.channels or (1,), two.facts.channels or (1,))
    yield from _same(made, "mute", where, one.facts.muted or not one.enabled, two.facts.muted or not two.enabled)
    yield from _same(made, "note", where, one.facts.note, two.facts.note)
    for side in ("fade_in", "fade_out"):
        yield from _same(made, "fade", where, getattr(one.facts, side), getattr(two.facts, side))
    yield from _same(made, "level", where, *_levels(one, two))
    stated = [(was, now) for was, now in zip(_media(one), _media(two), strict=True) if was]
    yield from _same(made, "media", where, [was for was, _ in stated], [now for _, now in stated])
    for name in ("attributes", "effects"):
        left, right = (_own(clip).get(name) for clip in (one, two))
        yield from _same(made, name, where, left, right)


def _speed(clip: PlacedClip) -> tuple[Any, ...]:
    """Give speed and retiming to a millionth: 32 bits hold no more of some."""
    pairs = tuple((round(float(at), 6), round(float(to), 6)) for at, to in clip.facts.retime)
    return round(float(clip.facts.speed), 6), pairs


def _own(clip: PlacedClip) -> dict[str, Any]:
    from postsync_adapters.aaf.writing.planned import plain

    return plain(clip.clip.metadata.get("aaf"))


def _media(clip: PlacedClip) -> tuple[Any, ...]:
    media = clip.media
    return media.name, media.sample_rate, media.extra.get("columns")


def _levels(one: PlacedClip, two: PlacedClip) -> tuple[list[float], list[float]]:
    """Give the level of two clips in amplitude at every place where either says something."""
    times = sorted({time for clip in (one, two) for time, _ in clip.facts.gain_points} | {Fraction(0)})
    times = [time for time in times if 0 <= time <= one.duration]
    return [_level(one, time) for time in times], [_level(two, time) for time in times]


def _level(clip: PlacedClip, time: Fraction) -> float:
    points = [(at, 0.0 if db <= -140 else 10 ** (db / 20)) for at, db in clip.facts.gain_points]
    if not points:
        return round(10 ** ((clip.facts.gain_db or 0) / 20), 2)
    if time <= points[0][0]:
        return round(points[0][1], 2)
    for (left, low), (right, high) in itertools.pairwise(points):
        if time <= right:
            return round(high if left == right else low + (high - low) * float((time - left) / (right - left)), 2)
    return round(points[-1][1], 2)


def _transitions(was: Any, now: Any, made: Round) -> Iterator[Difference]:
    old = [item for item in was.items if isinstance(item, PlacedTransition)]
    new = [item for item in now.items if isinstance(item, PlacedTransition)]
    yield from _same(made, "transition", was.name, [_shape(one) for one in old], [_shape(one) for one in new])


def _shape(one: PlacedTransition) -> tuple[Any, ...]:
    return one.cut, one.before, one.after, one.transition.metadata["postsync"]["curve"]


def _markers(was: Any, now: Any, how: WriteOptions, made: Round) -> Iterator[Difference]:
    old, new = ([plain for _, plain in timeline_markers(one) if plain.visible] for one in (was, now))
    order = lambda one: (one.record_in, one.comment)  # noqa: E731
    yield from _same(made, "marker", was.name, len(old), len(new))
    for one, two in zip(sorted(old, key=order), sorted(new, key=order), strict=False):
        said = [
            (marker.record_in, marker.duration, marker.comment, marker.colour, marker.user) for marker in (one, two)
        ]
        yield from _same(made, "marker", f"marker {one.name}", *said)
