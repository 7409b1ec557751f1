"""A timeline as a list sees it: clips and transitions of each track in whole frames.

Tracks that lie on the frames of the timeline are walked once in integers; anything else (samples, nested stacks, clips without
a range) goes through the exact walk of the model, and what has to move to a frame is reported.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from typing import Any

import opentimelineio as otio

from postsync.model import (
    ClipFacts,
    MediaFacts,
    PlacedClip,
    PlacedTrack,
    TimelineFacts,
    clip_facts,
    media_facts,
    placed_tracks,
)
from postsync.report import Report
from postsync.timing import nearest_frame, seconds_of_frame

_PLACED = (otio.schema.Clip, otio.schema.Gap)

PLAIN = ClipFacts()
STEADY = Fraction(1, 1000)
"""Programs round the places at which they say that speed changes: less than this is no change."""
NO_MEDIA = MediaFacts()


@dataclass(slots=True)
class Span:
    """A clip in frames: from `start` to `end` of the timeline, from `first` of its source by that source's own timecode.

    `generator` is what kind of generator it plays, `metadata` None where it has none: each question to an OTIO object costs
    as much as all arithmetic on a clip.
    """

    clip: Any
    start: int
    end: int
    first: int
    facts: ClipFacts
    media: MediaFacts
    name: str
    url: str | None
    generator: str | None
    metadata: Any


@dataclass(slots=True)
class Mix:
    """A transition round the cut at `at`: `before` and `after` frames of it."""

    transition: Any
    at: int
    before: int
    after: int


@dataclass(frozen=True)
class Lane:
    """A track: `kind` is video or audio, `channel` what the list it came from called it, else its place; `name` its own."""

    kind: str
    index: int
    channel: str
    name: str
    items: list[Span | Mix]


def lanes_of(timeline: otio.schema.Timeline, facts: TimelineFacts, report: Report) -> list[Lane]:
    """Give the tracks of a timeline in whole frames, picture first."""
    lanes: list[Lane] = []
    exact: dict[int, PlacedTrack] | None = None
    counts = {"video": 0, "audio": 0}
    for place, track in enumerate(timeline.tracks):
        kind = "audio" if track.kind == otio.schema.TrackKind.Audio else "video"
        counts[kind] += 1
        items = _in_frames(track, float(facts.rate.fps))
        if items is None:
            exact = exact if exact is not None else _exactly(timeline)
            items = list(_rounded(exact[place], facts, report))
        default = f"{'A' if kind == 'audio' else 'V'}{counts[kind]}"
        edl = track.metadata.get("edl") if track.metadata else None
        channel = str(edl.get("channel") or default) if edl else default
        lanes.append(
            Lane(kind, counts[kind], channel, track.name, [item for item in items if _sounds(item, channel, report)])
        )
    return sorted(lanes, key=lambda lane: lane.kind == "audio")


def _sounds(item: Span | Mix, channel: str, report: Report) -> bool:
    """Leave out what is switched off: in a list it would play."""
    if isinstance(item, Mix) or (item.clip.enabled and not item.facts.muted):
        return True
    report.note("clip-disabled", where=channel, name=item.name)
    return False


def _in_frames(track: Any, fps: float) -> list[Span | Mix] | None:
    """Walk a track in integers; None where something on it does not lie on the frames."""
    if track.source_range is not None:
        return None
    items: list[Span | Mix] = []
    at = 0
    for item in track:
        kind = type(item)
        if kind is otio.schema.Transition:
            before, after = item.in_offset, item.out_offset
            if not (_whole(before, fps) and _whole(after, fps)):
                return None
            items.append(Mix(item, at, int(before.value), int(after.value)))
            continue
        used = item.source_range
        if used is None or kind not in _PLACED:
            return None
        length, first = used.duration, used.start_time
        frames, lowest = length.value, first.value
        if length.rate != fps or first.rate != fps or frames % 1 or lowest % 1:
            return None
        end = at + int(frames)
        if kind is otio.schema.Clip:
            items.append(_span(item, at, end, int(lowest)))
        at = end
    return items


def _whole(time: Any, fps: float) -> bool:
    return bool(time.rate == fps and time.value == int(time.value))


def _span(
    clip: Any, start: int, end: int, first: int, facts: ClipFacts | None = None, media: MediaFacts | None = None
) -> Span:
    """Ask a clip everything once."""
    metadata, reference = clip.metadata, clip.media_reference
    known = len(metadata) > 0
    if facts is None:
        facts = clip_facts(clip) if known or len(clip.effects) else PLAIN
    if facts.retime:
        facts = _on_average(facts)
    url = generator = None
    kind = type(reference)
    if kind is otio.schema.ExternalReference:
        url = reference.target_url or None
    elif kind is otio.schema.GeneratorReference:
        generator = reference.generator_kind
    if media is None:
        media = media_facts(reference) if len(reference.metadata) or reference.name else NO_MEDIA
    return Span(clip, start, end, first, facts, media, clip.name, url, generator, metadata if known else None)


def _on_average(facts: ClipFacts) -> ClipFacts:
    """Give a clip whose speed changes its average speed, which is all that `M2` can say; a steady one has its own already."""
    slow, fast = speeds_of(facts)
    length = facts.retime[-1][0] - facts.retime[0][0]
    return facts if slow == fast else replace(facts, speed=(facts.retime[-1][1] - facts.retime[0][1]) / length)


def speeds_of(facts: ClipFacts) -> tuple[Fraction, Fraction]:
    """Give the lowest and the highest speed of a clip; equal where it is steady."""
    points = [point for point, after in pairwise(facts.retime) if after[0] > point[0]] + [*facts.retime[-1:]]
    speeds = [(after[1] - point[1]) / (after[0] - point[0]) for point, after in pairwise(points)] or [facts.speed]
    low, high = min(speeds), max(speeds)
    return (low, high) if high - low > STEADY else (low, low)


def _exactly(timeline: otio.schema.Timeline) -> dict[int, PlacedTrack]:
    """Give the exact walk of every track by its place in the file."""
    tracks = list(timeline.tracks)
    kinds = [track.kind.lower() for track in tracks]
    found = {(track.kind, track.index): track for track in placed_tracks(timeline)}
    return {place: found[kind, kinds[: place + 1].count(kind)] for place, kind in enumerate(kinds)}


def _rounded(track: PlacedTrack, facts: TimelineFacts, report: Report) -> Iterator[Span | Mix]:
    """Yield the items of a track on the nearest frames, saying how far each was moved."""
    rate = facts.rate
    for item in track.items:
        if not isinstance(item, PlacedClip):
            cut = nearest_frame(item.cut, rate)
            start, end = nearest_frame(item.record_in, rate), nearest_frame(item.record_in + item.duration, rate)
            yield Mix(item.transition, cut, max(cut - start, 0), max(end - cut, 0))
            continue
        times = (item.record_in, item.record_out, item.source_start)
        start, end, first = (nearest_frame(time, rate) for time in times)
        _note_moves(zip(times, (start, end, first), strict=True), item, track, facts, report)
        yield _span(item.clip, start, end, first, item.facts, item.media)


def _note_moves(
    pairs: Iterable[tuple[Fraction, int]], clip: PlacedClip, track: PlacedTrack, facts: TimelineFacts, report: Report
) -> None:
    worst = max((seconds_of_frame(frame, facts.rate) - time for time, frame in pairs), key=abs)
    if worst:
        where, time = f"{track.name} / {clip.clip.name}", facts.timecode(clip.record_in)
        how = f"{float(worst):.4f} s"
        report.note("time-rounded", where=where, time=time, moved_by=worst, grid="frame", moved=how)
