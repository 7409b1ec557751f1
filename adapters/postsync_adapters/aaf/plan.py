"""What goes where in the AAF, in whole samples, before any AAF object exists.

Every boundary is rounded by itself, half up, so that clips which touch still touch. A Transition of AAF overlaps both
neighbours, so a fade or cross fade is planned as the samples before and after its cut.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from postsync.model import (
    ClipFacts,
    Fade,
    MediaFacts,
    PlacedClip,
    PlacedTrack,
    PlacedTransition,
    TimelineFacts,
    TrackFacts,
    block,
    lay_without_overlaps,
)
from postsync.report import Report
from postsync.timing import round_half_up
from postsync_adapters.aaf.definitions import INTERPOLATIONS

NEAR_SPEED = Fraction(1, 20)
"""Up to this far from its own speed a clip counts as running off speed, beyond it as retimed."""


@dataclass(frozen=True)
class Overlap:
    """A fade or cross fade round a cut, in samples."""

    before: int
    after: int
    curve: str = "linear"

    @property
    def length(self) -> int:
        """Its whole length."""
        return self.before + self.after


@dataclass(frozen=True)
class PlannedClip:
    """A mono clip from `start` to `end` on the timeline and from `source` in its file, in samples of the session.

    `head` and `tail` are its fades; `joined` says that the tail is a cross fade into the next clip.
    """

    placed: PlacedClip
    start: int
    end: int
    source: int
    channel: int
    head: Overlap | None = None
    tail: Overlap | None = None
    joined: bool = False

    @property
    def name(self) -> str:
        """The name that editors see."""
        return str(self.placed.clip.name or self.placed.media.name or "untitled")

    @property
    def facts(self) -> ClipFacts:
        """What is known of the clip."""
        return self.placed.facts

    @property
    def media(self) -> MediaFacts:
        """What is known of its media."""
        return self.placed.media

    @property
    def silenced(self) -> bool:
        """Whether it is disabled or muted."""
        return not self.placed.enabled or self.placed.facts.muted

    @property
    def segment_start(self) -> int:
        """Where the segment begins on the timeline, with what a cross fade uses before the cut."""
        return self.start - (self.head.before if self.head else 0)

    @property
    def segment_end(self) -> int:
        """Where the segment ends on the timeline, with what a cross fade uses behind the cut."""
        return self.end + (self.tail.after if self.tail else 0)

    @property
    def segment_source(self) -> int:
        """Where the segment begins in its file."""
        return self.source - (self.start - self.segment_start)


@dataclass(frozen=True)
class PlannedTrack:
    """A track of clips that do not overlap, in order of time."""

    name: str
    facts: TrackFacts
    clips: tuple[PlannedClip, ...]

    @property
    def end(self) -> int:
        """Where its last segment ends."""
        return max((clip.segment_end for clip in self.clips), default=0)


@dataclass(frozen=True)
class Grid:
    """The session's sample rate and the clock that notes are told in."""

    sample_rate: int
    timeline: TimelineFacts
    report: Report

    def sample(self, seconds: Fraction) -> int:
        """Give the sample nearest to a time."""
        return round_half_up(seconds * self.sample_rate)


@dataclass(frozen=True)
class Spot:
    """The place in the timeline that notes speak of."""

    report: Report
    where: str
    time: str | None = None

    def note(self, code: str, moved_by: Fraction | None = None, **facts: str) -> None:
        """Add a loss at this place."""
        self.report.note(code, where=self.where, time=self.time, moved_by=moved_by, source=None, **facts)


def planned_tracks(track: PlacedTrack, grid: Grid, include_disabled: bool = True) -> Iterator[PlannedTrack]:
    """Yield a sound track as one track, or as more where its clips overlap."""
    clips = [clip for one in track.clips if (clip := _planned(one, track, grid, include_disabled)) is not None]
    layers = lay_without_overlaps([(Fraction(clip.start), Fraction(clip.end)) for clip in clips])
    transitions = [item for item in track.items if isinstance(item, PlacedTransition)]
    for layer in range(max(layers, default=0) + 1):
        ordered = sorted(
            (clip for clip, own in zip(clips, layers, strict=True) if own == layer), key=lambda one: one.start
        )
        used, rest = _with_transitions(ordered, transitions, grid)
        transitions = rest
        yield PlannedTrack(track.name, track.facts, tuple(_fitted(used, track, grid)))
    for lost in transitions:
        grid.report.note("transition-not-carried", where=track.name, name=lost.transition.name or "transition")


def _planned(placed: PlacedClip, track: PlacedTrack, grid: Grid, include_disabled: bool) -> PlannedClip | None:
    """Put one clip on the grid; None where nothing of it can be written."""
    spot = Spot(grid.report, f"{track.name} / {placed.clip.name}", grid.timeline.timecode(placed.record_in))
    if getattr(placed.clip.media_reference, "generator_kind", None) == "black":
        return None  # the silence that lists call BL
    if not include_disabled and (not placed.enabled or placed.facts.muted):
        spot.note("clip-disabled", name=placed.clip.name)
        return None
    start, end, source = (grid.sample(time) for time in (placed.record_in, placed.record_out, placed.source_in))
    _note_rounding(placed, grid, spot)
    _note_speed(placed, spot)
    if source < 0:
        spot.note("clip-beyond-media", name=placed.clip.name)
        start, source = start - source, 0
    if end <= start:
        spot.note("element-ignored", name=f"clip without length {placed.clip.name!r}")
        return None
    channel = (placed.facts.channels or (1,))[0]
    head, tail = (_fade(fade, grid, spot) for fade in (placed.facts.fade_in, placed.facts.fade_out))
    return PlannedClip(
        placed, start, end, source, channel,
        head and Overlap(0, head.length, head.curve), tail and Overlap(tail.length, 0, tail.curve),
    )  # fmt: skip


def _fade(fade: Fade | None, grid: Grid, spot: Spot) -> Overlap | None:
    if fade is None or (length := grid.sample(fade.duration)) <= 0:
        return None
    return Overlap(0, length, _curve(fade.curve, spot))


def _curve(curve: str, spot: Spot) -> str:
    if curve in INTERPOLATIONS:
        return curve
    spot.note("value-clamped", was=f"{curve} fade", now="linear fade")
    return "linear"


def _note_rounding(placed: PlacedClip, grid: Grid, spot: Spot) -> None:
    times = (placed.record_in, placed.record_out, placed.source_in)
    moves = [Fraction(grid.sample(time), grid.sample_rate) - time for time in times]
    worst = max(moves, key=abs)
    if worst:
        moved = f"{abs(float(worst * grid.sample_rate)):.2f} samples"
        spot.note("time-rounded", moved_by=worst, grid="sample", moved=moved)


def _note_speed(placed: PlacedClip, spot: Spot) -> None:
    """Say what is lost where a clip does not run at its own speed: AAF of sound has no plain way to say so."""
    speed, name = placed.facts.speed, placed.clip.name
    percent = f"{float(speed * 100):.3f}".rstrip("0").rstrip(".")
    if placed.facts.retime or abs(speed - 1) > NEAR_SPEED:
        shown = "changing speed" if placed.facts.retime else f"{percent} %"
        spot.note("clip-retimed", name=name, speed=shown, percent=percent)
    elif speed != 1:
        drift = f"{abs(float(placed.duration * (speed - 1))) * 1000:.1f} ms"
        spot.note("clip-off-speed", name=name, percent=percent, drift=drift)


def _with_transitions(
    clips: Sequence[PlannedClip], transitions: Sequence[PlacedTransition], grid: Grid
) -> tuple[list[PlannedClip], list[PlacedTransition]]:
    """Give the clips with the transitions at their cuts, and the transitions that found no cut here."""
    result = list(clips)
    endings = {clip.end: index for index, clip in enumerate(result)}
    beginnings = {clip.start: index for index, clip in enumerate(result)}
    rest: list[PlacedTransition] = []
    for transition in transitions:
        cut = grid.sample(transition.cut)
        out, into = endings.get(cut), beginnings.get(cut)
        if out is None and into is None:
            rest.append(transition)
            continue
        overlap = _overlap(transition, cut, grid)
        if out is not None:
            result[out] = dataclasses.replace(result[out], tail=overlap, joined=into is not None)
        if into is not None:
            result[into] = dataclasses.replace(result[into], head=overlap)
    return result, rest


def _overlap(transition: PlacedTransition, cut: int, grid: Grid) -> Overlap:
    start, end = grid.sample(transition.record_in), grid.sample(transition.record_in + transition.duration)
    curve = str(block(transition.transition).get("curve") or "linear")
    return Overlap(cut - start, end - cut, _curve(curve, Spot(grid.report, transition.transition.name or "transition")))


def _fitted(clips: Sequence[PlannedClip], track: PlacedTrack, grid: Grid) -> Iterator[PlannedClip]:
    """Yield the clips with fades that fit: into the clip, into the gap beside it, and into its media."""
    result = list(clips)
    for index in range(len(result)):
        before = result[index - 1] if index else None
        result[index] = _fit_head(result[index], before)
        result[index] = _fit_tail(result[index])
        if before is not None and before.joined:
            result[index - 1] = dataclasses.replace(before, tail=result[index].head, joined=bool(result[index].head))
    for was, now in zip(clips, result, strict=True):
        for old, new in ((was.head, now.head), (was.tail, now.tail)):
            if old != new and old is not None:
                spot = Spot(grid.report, f"{track.name} / {now.name}", grid.timeline.timecode(now.placed.record_in))
                spot.note("value-clamped", was=f"fade of {old.length} samples", now=f"{new.length if new else 0}")
    yield from result


def _fit_head(clip: PlannedClip, before: PlannedClip | None) -> PlannedClip:
    if clip.head is None:
        return clip
    reach, inside = clip.source, clip.end - clip.start
    if before is not None and before.joined and before.tail is not None:
        taken = before.head.after if before.head else 0
        reach = min(reach, before.end - before.start - taken)
    else:
        reach = min(reach, clip.start - (before.segment_end if before else 0))
    overlap = Overlap(min(clip.head.before, max(reach, 0)), min(clip.head.after, inside), clip.head.curve)
    return dataclasses.replace(clip, head=overlap if overlap.length else None)


def _fit_tail(clip: PlannedClip) -> PlannedClip:
    if clip.tail is None:
        return clip
    room = clip.end - clip.start - (clip.head.after if clip.head else 0)
    overlap = Overlap(min(clip.tail.before, room), clip.tail.after, clip.tail.curve)
    return dataclasses.replace(
        clip, tail=overlap if overlap.length else None, joined=clip.joined and bool(overlap.length)
    )
