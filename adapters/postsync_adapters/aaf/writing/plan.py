"""What goes where in the AAF, in whole edit units, before any AAF object exists.

Every boundary is rounded by itself, half up, so that clips which touch still touch. Where edits fall on frames only the
boundaries move: the sound between them stays where it was, to the sample. A Transition of AAF overlaps both neighbours, so a
fade or cross fade is planned as the edit units before and after its cut.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

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
    media_facts,
)
from postsync.placing import sounding_channels
from postsync.report import Report
from postsync.sound import path_from_url
from postsync.timing import from_rational_time, round_half_up
from postsync_adapters.aaf.writing.definitions import CURVES

NEAR_SPEED = Fraction(1, 20)
"""Up to this far from its own speed a clip counts as running off speed, beyond it as retimed."""


@dataclass(frozen=True)
class Overlap:
    """A fade or cross fade round a cut, in edit units."""

    before: int
    after: int
    curve: str = "linear"
    leftover: Any = None
    """What an AAF that was read said of the effect, where it is none of ours."""

    @property
    def length(self) -> int:
        """Its whole length."""
        return self.before + self.after


@dataclass(frozen=True)
class MediaUse:
    """One channel of one media file that a clip plays: the file as the timeline tells it, and where in it the clip begins.

    `start` is in seconds from the beginning of the file, `media_start` where that lies by its own timecode.
    """

    media: MediaFacts
    url: str | None
    channel: int
    start: Fraction
    media_start: Fraction
    media_duration: Fraction | None
    own: dict[str, Any]
    """What an AAF that was read said of the media itself."""


@dataclass(frozen=True)
class PlannedClip:
    """A clip from `start` to `end` on the timeline, in edit units, and what sounds or shows in it: a use for each channel.

    Uses begin at `start`. `head` and `tail` are its fades; `joined` says that the tail is a cross fade into the next clip.
    `speed` is 1 wherever the file does not say another.
    """

    placed: PlacedClip
    start: int
    end: int
    uses: tuple[MediaUse, ...]
    speed: Fraction = Fraction(1)
    retime: tuple[tuple[Fraction, Fraction], ...] = ()
    head: Overlap | None = None
    tail: Overlap | None = None
    joined: bool = False
    name: str = ""
    """The name that editors see."""

    @property
    def facts(self) -> ClipFacts:
        """What is known of the clip."""
        return self.placed.facts

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
    def of_files(self) -> bool:
        """Whether its channels lie in files of their own, each of a name of its own."""
        return len({(use.url, use.media.uid, use.media.name) for use in self.uses}) > 1

    @property
    def length(self) -> int:
        """How long the segment is."""
        return self.segment_end - self.segment_start

    @property
    def warped(self) -> bool:
        """Whether it plays at another speed than its own."""
        return self.speed != 1 or bool(self.retime)

    def in_units(self, use: MediaUse, rate: Fraction) -> Fraction:
        """Give where the segment begins in a file, in edit units."""
        return use.start * rate - (self.start - self.segment_start) * self.speed


@dataclass(frozen=True)
class PlannedTrack:
    """A track of clips that do not overlap, in order of time."""

    name: str
    facts: TrackFacts
    clips: tuple[PlannedClip, ...]
    channels: int = 1
    own: dict[str, Any] = dataclasses.field(default_factory=dict)

    @property
    def end(self) -> int:
        """Where its last segment ends."""
        return max((clip.segment_end for clip in self.clips), default=0)


@dataclass(frozen=True)
class Grid:
    """What a track counts in, how its clips may play, and the clock that notes are told in."""

    rate: Fraction
    timeline: TimelineFacts
    report: Report
    native: bool = False
    speeds: bool = False
    include_disabled: bool = True

    @property
    def unit(self) -> str:
        """What an edit unit is called."""
        return "frame" if self.rate == self.timeline.rate.fps else "sample"

    def at(self, seconds: Fraction) -> int:
        """Give the edit unit nearest to a time."""
        return round_half_up(seconds * self.rate)


@dataclass(frozen=True)
class Spot:
    """The place in the timeline that notes speak of."""

    report: Report
    where: str
    time: str | None = None

    def note(self, code: str, moved_by: Fraction | None = None, **facts: str) -> None:
        """Add a loss at this place."""
        self.report.note(code, where=self.where, time=self.time, moved_by=moved_by, source=None, **facts)


def planned_tracks(track: PlacedTrack, grid: Grid) -> Iterator[PlannedTrack]:
    """Yield a track as one track, or as more where its clips overlap."""
    clips = [clip for one in track.clips if (clip := _planned(one, track, grid)) is not None]
    layers = lay_without_overlaps([(Fraction(clip.start), Fraction(clip.end)) for clip in clips])
    transitions = [item for item in track.items if isinstance(item, PlacedTransition)]
    own = plain(track.track.metadata.get("aaf"))
    channels = max([len(clip.uses) for clip in clips], default=1)
    for layer in range(max(layers, default=0) + 1):
        ordered = sorted(
            (clip for clip, own_layer in zip(clips, layers, strict=True) if own_layer == layer),
            key=lambda one: one.start,
        )
        used, rest = _with_transitions(ordered, transitions, grid)
        transitions = rest
        yield PlannedTrack(track.name, track.facts, tuple(_fitted(used, track, grid)), channels, own)
    for lost in transitions:
        grid.report.note("transition-not-carried", where=track.name, name=lost.transition.name or "transition")


def plain(value: Any) -> dict[str, Any]:
    """Give what an AAF left in metadata as plain values."""
    return {} if value is None else dict(block_values(value))


def block_values(value: Any) -> Any:
    """Give metadata as plain values."""
    if hasattr(value, "items"):
        return {name: block_values(item) for name, item in value.items()}
    if isinstance(value, str) or not hasattr(value, "__iter__"):
        return value
    return [block_values(item) for item in value]


# ---------------------------------------------------------------------------------------------------------------- clips


def _planned(placed: PlacedClip, track: PlacedTrack, grid: Grid) -> PlannedClip | None:
    """Put one clip on the grid; None where nothing of it can be written."""
    spot = Spot(grid.report, f"{track.name} / {placed.clip.name}", grid.timeline.timecode(placed.record_in))
    if getattr(placed.clip.media_reference, "generator_kind", None) == "black":
        return None  # the silence that lists call BL
    if not grid.include_disabled and (not placed.enabled or placed.facts.muted):
        spot.note("clip-disabled", name=placed.clip.name)
        return None
    start, end = grid.at(placed.record_in), grid.at(placed.record_out)
    warped = placed.facts.speed != 1 or bool(placed.facts.retime)
    if warped and not grid.speeds:
        _note_speed(placed, spot)
    speed = placed.facts.speed if grid.speeds else Fraction(1)
    uses = tuple(_uses(placed, track.kind, grid))
    late = Fraction(start) / grid.rate - placed.record_in
    if grid.unit == "frame":  # The boundary moves, the sound stays.
        uses = tuple(dataclasses.replace(use, start=use.start + late * speed) for use in uses)
    _note_rounding(placed, grid, spot)
    first = min(use.start for use in uses)
    if first < 0 and not warped:
        if first * grid.rate <= -Fraction(1, 2):
            spot.note("clip-beyond-media", name=placed.clip.name)
        skipped = math.ceil(-first * grid.rate) if grid.unit == "frame" else round_half_up(-first * grid.rate)
        start += skipped
        uses = tuple(dataclasses.replace(use, start=max(use.start + skipped / grid.rate, Fraction(0))) for use in uses)
    if end <= start:
        spot.note("element-ignored", name=f"clip without length {placed.clip.name!r}")
        return None
    head, tail = (_fade(fade, grid, spot) for fade in (placed.facts.fade_in, placed.facts.fade_out))
    return PlannedClip(
        placed, start, end, uses, speed, placed.facts.retime if grid.speeds else (),
        head and Overlap(0, head.length, head.curve), tail and Overlap(tail.length, 0, tail.curve),
        name=_name(placed, grid, spot),
    )  # fmt: skip


def _name(placed: PlacedClip, grid: Grid, spot: Spot) -> str:
    """Give the name of a clip; Resolve cuts that of its file at the first dot in an AAF, and so makes two files one."""
    name = str(placed.clip.name or placed.media.name or "")
    facts = grid.timeline
    if facts.format == "aaf" and (facts.producer or "").startswith("DaVinci Resolve") and placed.url:
        stem = path_from_url(placed.url).rpartition("/")[2].rpartition(".")[0]
        if name and stem.startswith(f"{name}."):
            spot.note("name-restored", was=name, now=stem)
            return stem
    return name


def _uses(placed: PlacedClip, kind: str, grid: Grid) -> Iterator[MediaUse]:
    """Yield the files and channels that a clip plays: one each in a mono track and of a picture."""
    facts, reference = placed.facts, placed.clip.media_reference
    channels = sounding_channels(facts, placed.media) if kind == "audio" else (1,)
    for index, channel in enumerate(channels if grid.native else channels[:1]):
        if index < len(facts.sources):
            source = facts.sources[index]
            reference = placed.clip.media_references().get(source.media) or placed.clip.media_reference
            yield _use_of(reference, source.file_channel, placed.source_start + source.offset)
        else:
            own = plain(reference.metadata.get("aaf")) if len(reference.metadata) else {}
            yield MediaUse(
                placed.media, placed.url, channel, placed.source_in, placed.media_start, placed.media_duration, own
            )


def _use_of(reference: Any, channel: int, source_start: Fraction) -> MediaUse:
    available = reference.available_range
    begin = Fraction(0) if available is None else from_rational_time(available.start_time)
    return MediaUse(
        media_facts(reference), getattr(reference, "target_url", None) or None, channel, source_start - begin, begin,
        None if available is None else from_rational_time(available.duration), plain(reference.metadata.get("aaf")),
    )  # fmt: skip


def _fade(fade: Fade | None, grid: Grid, spot: Spot) -> Overlap | None:
    if fade is None:
        return None
    length = grid.at(fade.duration)
    if length <= 0:
        spot.note("value-clamped", was=f"fade of {float(fade.duration):.3f} s", now=f"none: shorter than a {grid.unit}")
        return None
    moved = Fraction(length) / grid.rate - fade.duration
    if moved:
        shown = f"{abs(float(moved * grid.rate)):.2f} {grid.unit}s"
        spot.note("time-rounded", moved_by=moved, grid=grid.unit, moved=shown)
    return Overlap(0, length, _curve(fade.curve, spot))


def _curve(curve: str, spot: Spot) -> str:
    if curve in CURVES:
        return curve
    spot.note("value-clamped", was=f"{curve} fade", now="linear fade")
    return "linear"


def _note_rounding(placed: PlacedClip, grid: Grid, spot: Spot) -> None:
    times = [placed.record_in, placed.record_out]
    if grid.unit == "sample":
        times.append(placed.source_in)
    moves = [Fraction(grid.at(time)) / grid.rate - time for time in times]
    worst = max(moves, key=abs)
    if worst:
        moved = f"{abs(float(worst * grid.rate)):.2f} {grid.unit}s"
        spot.note("time-rounded", moved_by=worst, grid=grid.unit, moved=moved)


def _note_speed(placed: PlacedClip, spot: Spot) -> None:
    """Say what is lost where a clip does not run at its own speed and the application takes no such thing of sound."""
    speed, name = placed.facts.speed, placed.clip.name
    percent = f"{float(speed * 100):.3f}".rstrip("0").rstrip(".")
    if placed.facts.retime or abs(speed - 1) > NEAR_SPEED:
        shown = "changing speed" if placed.facts.retime else f"{percent} %"
        spot.note("clip-retimed", name=name, speed=shown, percent=percent)
    elif speed != 1:
        drift = f"{abs(float(placed.duration * (speed - 1))) * 1000:.1f} ms"
        spot.note("clip-off-speed", name=name, percent=percent, drift=drift)


# ---------------------------------------------------------------------------------------------------------------- fades


def _with_transitions(
    clips: Sequence[PlannedClip], transitions: Sequence[PlacedTransition], grid: Grid
) -> tuple[list[PlannedClip], list[PlacedTransition]]:
    """Give the clips with the transitions at their cuts, and the transitions that found no cut here."""
    result = list(clips)
    endings = {clip.end: index for index, clip in enumerate(result)}
    beginnings = {clip.start: index for index, clip in enumerate(result)}
    rest: list[PlacedTransition] = []
    for transition in transitions:
        cut = grid.at(transition.cut)
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
    start, end = grid.at(transition.record_in), grid.at(transition.record_in + transition.duration)
    curve = str(block(transition.transition).get("curve") or "linear")
    name = transition.transition.name or "transition"
    leftover = plain(transition.transition.metadata.get("aaf")) or None
    return Overlap(cut - start, end - cut, _curve(curve, Spot(grid.report, name)), leftover)


def _fitted(clips: Sequence[PlannedClip], track: PlacedTrack, grid: Grid) -> Iterator[PlannedClip]:
    """Yield the clips with fades that fit: into the clip, into the gap beside it, and into its media."""
    result = list(clips)
    for index in range(len(result)):
        before = result[index - 1] if index else None
        result[index] = _fit_head(result[index], before, grid)
        result[index] = _fit_tail(result[index])
        if before is not None and before.joined:
            result[index - 1] = dataclasses.replace(before, tail=result[index].head, joined=bool(result[index].head))
    for was, now in zip(clips, result, strict=True):
        for old, new in ((was.head, now.head), (was.tail, now.tail)):
            if old is not None and (new is None or (old.before, old.after) != (new.before, new.after)):
                spot = Spot(grid.report, f"{track.name} / {now.name}", grid.timeline.timecode(now.placed.record_in))
                length = new.length if new else 0
                spot.note("value-clamped", was=f"fade of {old.length} {grid.unit}s", now=f"{length}")
    yield from result


def _fit_head(clip: PlannedClip, before: PlannedClip | None, grid: Grid) -> PlannedClip:
    if clip.head is None:
        return clip
    reach, inside = math.floor(min(use.start for use in clip.uses) * grid.rate), clip.end - clip.start
    if clip.speed > 0:
        reach = math.floor(reach / clip.speed)
    if before is not None and before.joined and before.tail is not None:
        taken = before.head.after if before.head else 0
        reach = min(reach, before.end - before.start - taken)
    else:
        reach = min(reach, clip.start - (before.segment_end if before else 0))
    head = clip.head
    overlap = dataclasses.replace(head, before=min(head.before, max(reach, 0)), after=min(head.after, inside))
    return dataclasses.replace(clip, head=overlap if overlap.length else None)


def _fit_tail(clip: PlannedClip) -> PlannedClip:
    if clip.tail is None:
        return clip
    room = clip.end - clip.start - (clip.head.after if clip.head else 0)
    overlap = dataclasses.replace(clip.tail, before=min(clip.tail.before, room))
    return dataclasses.replace(
        clip, tail=overlap if overlap.length else None, joined=clip.joined and bool(overlap.length)
    )
