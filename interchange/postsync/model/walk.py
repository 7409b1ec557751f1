"""Walking a timeline once, with exact absolute times; and building tracks from things with absolute times.

OpenTimelineIO answers "where is this item" in time proportional to the track and in floats. Readers and writers here go
over each track once and add up fractions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from heapq import heappop, heappush
from itertools import pairwise
from math import lcm
from typing import Any

import opentimelineio as otio

from postsync.model.facts import ClipFacts, Fade, MediaFacts, TrackFacts, clip_and_media_facts, speed_of, track_facts
from postsync.timing import common_rate, from_rational_time, to_time_range

Window = tuple[Fraction, Fraction] | None
"""From when to when a nest shows what lies in it, in absolute time; None where nothing cuts."""

Points = tuple[tuple[Fraction, Fraction], ...]
"""A time map: seconds from the clip's start, seconds in the media file."""

LARGEST_WHOLE = 2**53
WIDEST_RATE = 10**9
"""Above this common rate the items of a track keep rates of their own, so that whole numbers stay within a double."""


WIDEST_UNIT = 10**30
"""Units per second beyond which whole numbers are no longer cheaper than fractions."""


@dataclass(frozen=True)
class PlacedClip:
    """A clip where it plays.

    `record_in` and `duration` in seconds from the timeline's first frame; `source_in` in seconds from the first sample of
    the media file; `source_start` the same place by the media's own timecode (seconds from 00:00:00:00).

    >>> clip = placed_tracks(timeline, "audio")[0].clips[0]
    >>> clip.clip.name, clip.record_in, clip.record_out, clip.media.sample_rate
    ('12A-T3_Boom', Fraction(0, 1), Fraction(1001, 400), 48000)
    """

    clip: otio.schema.Clip
    record_in: Fraction
    duration: Fraction
    source_in: Fraction
    source_start: Fraction
    facts: ClipFacts
    media: MediaFacts
    url: str | None
    media_start: Fraction
    media_duration: Fraction | None
    enabled: bool

    @property
    def record_out(self) -> Fraction:
        """The exclusive end on the timeline."""
        return self.record_in + self.duration


@dataclass(frozen=True)
class PlacedTransition:
    """A transition round a cut: it covers `before` seconds of the outgoing and `after` of the incoming clip.

    Times are exact seconds from the timeline's first frame.

    >>> cross = PlacedTransition(otio.schema.Transition(), cut=Fraction(10), before=Fraction(1, 4), after=Fraction(1, 4))
    >>> cross.record_in, cross.duration
    (Fraction(39, 4), Fraction(1, 2))
    """

    transition: otio.schema.Transition
    cut: Fraction
    before: Fraction
    after: Fraction

    @property
    def record_in(self) -> Fraction:
        """Where it begins."""
        return self.cut - self.before

    @property
    def duration(self) -> Fraction:
        """Its whole length."""
        return self.before + self.after


@dataclass(frozen=True)
class PlacedTrack:
    """A track with its items in order of time; gaps are what lies between.

    `index` counts from 1 within `kind`, which is `video` or `audio`; `items` are clips and transitions.

    >>> track = placed_tracks(timeline, "audio")[0]
    >>> track.name, track.index, len(track.items)
    ('Dialogue Boom', 1, 3)
    """

    track: otio.schema.Track
    kind: str
    index: int
    name: str
    facts: TrackFacts
    items: tuple[PlacedClip | PlacedTransition, ...]

    @property
    def clips(self) -> list[PlacedClip]:
        """The clips alone."""
        return [item for item in self.items if isinstance(item, PlacedClip)]


def placed_tracks(timeline: otio.schema.Timeline, kind: str | None = None) -> list[PlacedTrack]:
    """Give the tracks of a timeline with every clip and transition at its exact place.

    `kind` is `video` or `audio`; picture tracks come first, bottom to top, then sound in order. Stacks nested in a track
    are opened: their clips come where they play, cut to the part that is used.

    >>> [(track.kind, track.index, track.name, len(track.clips)) for track in placed_tracks(timeline)]
    [('video', 1, 'V1', 3), ('audio', 1, 'Dialogue Boom', 3), ('audio', 2, 'Dialogue Rosa', 1)]
    """
    counts: dict[str, int] = {}
    result: list[PlacedTrack] = []
    for track in timeline.tracks:
        word = track.kind.lower()
        counts[word] = counts.get(word, 0) + 1
        if kind is None or word == kind:
            items = tuple(_items(track, Fraction(0), None, True))
            name = track.name or f"{track.kind} {counts[word]}"
            result.append(PlacedTrack(track, word, counts[word], name, track_facts(track), items))
    return sorted(result, key=lambda track: track.kind == "audio") if kind is None else result


def nest_names(track: Any) -> list[str]:
    """Give the names of what is nested in a track, and in what is nested there.

    >>> nest_names(timeline.audio_tracks()[0])
    []
    """
    names: list[str] = []
    for nest in track:
        if isinstance(nest, (otio.schema.Stack, otio.schema.Track)):
            inner = [nest] if isinstance(nest, otio.schema.Track) else nest
            names += [nest.name, *(name for one in inner for name in nest_names(one))]
    return names


def _items(
    track: Any, at: Fraction, window: tuple[Fraction, Fraction] | None, enabled: bool
) -> Iterator[PlacedClip | PlacedTransition]:
    """Yield the items of one track laid from `at`, cut to a window of absolute time when nested."""
    head = Fraction(0) if track.source_range is None else from_rational_time(track.source_range.start_time)
    at -= head
    if track.source_range is not None:
        window = _narrowed(window, at + head, at + head + from_rational_time(track.source_range.duration))
    for item in track:
        if isinstance(item, otio.schema.Transition):
            mix = PlacedTransition(item, at, from_rational_time(item.in_offset), from_rational_time(item.out_offset))
            if _shows(window, mix):
                yield mix
            continue
        duration = from_rational_time(item.duration())
        yield from _placed(item, at, duration, window, enabled and bool(item.enabled))
        at += duration


def _placed(
    item: Any, at: Fraction, duration: Fraction, window: tuple[Fraction, Fraction] | None, enabled: bool
) -> Iterator[PlacedClip | PlacedTransition]:
    if isinstance(item, otio.schema.Clip):
        clip = placed_clip(item, at, duration, enabled)
        kept = _cut(clip, window)
        if kept is not None:
            yield kept
    elif isinstance(item, otio.schema.Stack):
        speed = speed_of(item)
        if speed != 1:
            yield from _at_speed(item, at, duration, window, enabled, speed)
            return
        inner = _narrowed(window, at, at + duration)
        head = Fraction(0) if item.source_range is None else from_rational_time(item.source_range.start_time)
        for track in item:
            yield from _items(track, at - head, inner, enabled and _is_on(track))
    elif isinstance(item, otio.schema.Track):
        yield from _items(item, at, _narrowed(window, at, at + duration), enabled)


def _at_speed(
    nest: otio.schema.Stack, at: Fraction, duration: Fraction, window: Window, enabled: bool, speed: Fraction
) -> Iterator[PlacedClip | PlacedTransition]:
    """Yield what a nest of another speed shows: what it uses of itself, faster, slower or backwards.

    A frozen nest stands on the clips with which it begins.
    """
    head = Fraction(0) if nest.source_range is None else from_rational_time(nest.source_range.start_time)
    used = (head, head + duration * (abs(speed) or 1))
    for track in nest:
        for item in _items(track, Fraction(0), used, enabled and _is_on(track)):
            retimed = _retimed(item, used, at, speed) if speed else _frozen(item, head, at, duration)
            if retimed is None:
                continue
            if isinstance(retimed, PlacedTransition):
                if _shows(window, retimed):
                    yield retimed
            elif (kept := _cut(retimed, window)) is not None:
                yield kept


def _is_on(track: Any) -> bool:
    """Whether a track of a nest sounds there: one that is off is silent, whatever its clips say."""
    return bool(track.enabled) and not (isinstance(track, otio.schema.Track) and track_facts(track).muted)


def _shows(window: Window, mix: PlacedTransition) -> bool:
    return window is None or (mix.record_in < window[1] and mix.record_in + mix.duration > window[0])


def _frozen(item: PlacedClip | PlacedTransition, head: Fraction, at: Fraction, duration: Fraction) -> PlacedClip | None:
    if isinstance(item, PlacedTransition) or item.record_in != head:
        return None
    facts = replace(item.facts, speed=Fraction(0), retime=(), gain_points=(), fade_in=None, fade_out=None)
    return replace(item, record_in=at, duration=duration, facts=facts)


def _retimed(
    item: PlacedClip | PlacedTransition, used: tuple[Fraction, Fraction], at: Fraction, speed: Fraction
) -> PlacedClip | PlacedTransition:
    """Give an item of a nest where it plays when the nest begins at `at` and runs at a speed."""
    pace, turned = abs(speed), speed < 0
    if isinstance(item, PlacedTransition):
        before, after = (item.after, item.before) if turned else (item.before, item.after)
        cut = used[1] - item.cut if turned else item.cut - used[0]
        return replace(item, cut=at + cut / pace, before=before / pace, after=after / pace)
    start = used[1] - item.record_out if turned else item.record_in - used[0]
    facts = _facts_at_speed(item.facts, item.duration, pace, turned)
    return replace(item, record_in=at + start / pace, duration=item.duration / pace, facts=facts)


def _facts_at_speed(facts: ClipFacts, duration: Fraction, pace: Fraction, turned: bool) -> ClipFacts:
    """Give what is known of a clip when all its times pass at a pace, backwards where it is turned."""

    def points(old: Sequence[tuple[Fraction, Any]]) -> tuple[tuple[Fraction, Any], ...]:
        placed = [((duration - time if turned else time) / pace, value) for time, value in old]
        return tuple(reversed(placed) if turned else placed)

    def fade(old: Fade | None) -> Fade | None:
        return None if old is None else replace(old, duration=old.duration / pace)

    first, last = (facts.fade_out, facts.fade_in) if turned else (facts.fade_in, facts.fade_out)
    return replace(
        facts, speed=facts.speed * pace * (-1 if turned else 1), retime=points(facts.retime),
        gain_points=points(facts.gain_points), fade_in=fade(first), fade_out=fade(last),
    )  # fmt: skip


def _narrowed(window: tuple[Fraction, Fraction] | None, start: Fraction, end: Fraction) -> tuple[Fraction, Fraction]:
    return (start, end) if window is None else (max(start, window[0]), min(end, window[1]))


def _cut(clip: PlacedClip, window: tuple[Fraction, Fraction] | None) -> PlacedClip | None:
    """Cut a clip to the window that a container shows of it; None where nothing is left."""
    if window is None:
        return clip
    start, end = max(clip.record_in, window[0]), min(clip.record_out, window[1])
    return recut(clip, start, end) if start < end else None


def recut(clip: PlacedClip, begin: Fraction, end: Fraction) -> PlacedClip:
    """Give a clip between two other edits, its media in step with where it was.

    What a clip uses of its file begins at the lowest moment of it, which a reversed clip plays last.

    `begin` and `end` are exact seconds from the timeline's first frame.

    >>> clip = placed_tracks(timeline, "audio")[0].clips[0]
    >>> later = recut(clip, clip.record_in + 1, clip.record_out)
    >>> later.record_in - clip.record_in, later.source_in - clip.source_in
    (Fraction(1, 1), Fraction(1, 1))
    """
    late, facts = begin - clip.record_in, clip.facts
    if not late and end == clip.record_out:
        return clip
    slip = late * facts.speed if facts.speed >= 0 else (end - clip.record_out) * facts.speed
    if facts.retime:
        facts = replace(facts, retime=_retime_between(facts.retime, late, end - clip.record_in))
    return replace(
        clip,
        record_in=begin,
        duration=end - begin,
        source_start=clip.source_start + slip,
        source_in=clip.source_in + slip,
        facts=facts,
    )


def _retime_between(points: Points, first: Fraction, last: Fraction) -> Points:
    """Give the part of a time map between two moments; beyond its ends it runs on as it did."""
    inner = [(time - first, value) for time, value in points if first < time < last]
    return ((Fraction(0), _value_at(points, first)), *inner, (last - first, _value_at(points, last)))


def _value_at(points: Points, time: Fraction) -> Fraction:
    pairs = [pair for pair in pairwise(points) if pair[0][0] < pair[1][0]]
    if not pairs:
        return points[0][1]
    (t0, v0), (t1, v1) = next((pair for pair in pairs if time <= pair[1][0]), pairs[-1])
    return v0 + (v1 - v0) * (time - t0) / (t1 - t0)


def placed_clip(clip: otio.schema.Clip, record_in: Fraction, duration: Fraction, enabled: bool = True) -> PlacedClip:
    """Give one clip at a place, with its media facts folded in.

    `record_in` and `duration` in exact seconds.

    >>> clip = placed_clip(otio.schema.Clip("12A-3"), Fraction(2), Fraction(5))
    >>> clip.record_out, clip.facts.muted, clip.url is None
    (Fraction(7, 1), False, True)
    """
    media = clip.media_reference
    available = media.available_range
    media_start = Fraction(0) if available is None else from_rational_time(available.start_time)
    media_duration = None if available is None else from_rational_time(available.duration)
    start = media_start if clip.source_range is None else from_rational_time(clip.source_range.start_time)
    facts, known = clip_and_media_facts(clip, media)
    return PlacedClip(
        clip, record_in, duration, start - media_start, start, facts, known,
        getattr(media, "target_url", None) or None, media_start, media_duration, enabled and bool(clip.enabled),
    )  # fmt: skip


@dataclass(frozen=True)
class Laid:
    """A clip or nested stack to be laid on a track at an absolute time. `item.source_range` may still be None.

    `record_in` and `duration` are exact seconds of the timeline, `source_start` is that of the media's own timecode.

    >>> laid = Laid(otio.schema.Clip("12A-3"), record_in=Fraction(2), duration=Fraction(5))
    >>> track = build_track("DX A", "Audio", [laid], [24])
    >>> [item.duration().value for item in track]
    [48.0, 120.0]
    """

    item: Any
    record_in: Fraction
    duration: Fraction
    source_start: Fraction = Fraction(0)


def build_track(
    name: str,
    kind: str,
    laid: Iterable[Laid],
    preferred: Sequence[Fraction | int] = (),
    *,
    facts: TrackFacts | None = None,
) -> otio.schema.Track:
    """Lay items that do not overlap on a new track, with gaps between, every range exact.

    The track gets one rate: the first preferred one (frame rate, then sample rate) that holds every boundary whole, else
    the least that does. Raises ValueError where items overlap.

    >>> track = build_track("DX A", "Audio", [Laid(otio.schema.Clip("12A-3"), Fraction(2), Fraction(5))], [24])
    >>> [type(item).__name__ for item in track]
    ['Gap', 'Clip']
    """
    from postsync.model.facts import put_track_facts

    ordered = sorted(laid, key=lambda one: one.record_in)
    boundaries = [time for one in ordered for time in (one.record_in, one.duration)]
    grid = common_rate(boundaries, preferred)
    track = otio.schema.Track(name=name, kind=kind)
    children: list[Any] = []
    at = Fraction(0)
    for one in ordered:
        if one.record_in < at:
            raise ValueError(f"items overlap on track {name!r} at {one.record_in} s")
        if one.record_in > at:
            children.append(otio.schema.Gap(source_range=_exact_range(Fraction(0), one.record_in - at, grid)))
        one.item.source_range = _source_range(one, grid, preferred)
        children.append(one.item)
        at = one.record_in + one.duration
    track.extend(children)
    if facts is not None:
        put_track_facts(track, facts)
    return track


def _exact_range(start: Fraction, duration: Fraction, grid: Fraction) -> otio.opentime.TimeRange:
    return to_time_range(start, duration, grid if _holds(grid, start) and _holds(grid, duration) else None)


def _holds(grid: Fraction, time: Fraction) -> bool:
    """Whether a rate holds a time whole, within the whole numbers of a double."""
    value = time * grid
    return grid <= WIDEST_RATE and value.denominator == 1 and abs(value.numerator) <= LARGEST_WHOLE


def _source_range(one: Laid, grid: Fraction, preferred: Sequence[Fraction | int]) -> otio.opentime.TimeRange:
    """Give the source range: start at a rate that holds it, duration at the track's."""
    own = grid if _holds(grid, one.source_start) else common_rate([one.source_start], preferred)
    start = to_time_range(one.source_start, Fraction(0), own).start_time
    return otio.opentime.TimeRange(start, _exact_range(Fraction(0), one.duration, grid).duration)


def lay_without_overlaps(spans: Sequence[tuple[Fraction, Fraction]]) -> list[int]:
    """Give the layer of each (in, out) span, in order of time, so that no two on one layer overlap; as few as possible.

    Spans are (in, exclusive out) in seconds; the result has a layer, counted from 0, for each.

    >>> lay_without_overlaps([(Fraction(0), Fraction(4)), (Fraction(2), Fraction(6)), (Fraction(4), Fraction(5))])
    [0, 1, 0]
    """
    times = in_one_unit([time for span in spans for time in span])
    whole = list(zip(times[::2], times[1::2], strict=True))
    if all(end <= start for (_, end), (start, _) in pairwise(whole)):  # as the clips of one storyline nearly always do
        return [0] * len(whole)
    busy: list[tuple[Any, int]] = []
    free: list[int] = []
    chosen = [0] * len(whole)
    for index in sorted(range(len(whole)), key=whole.__getitem__):
        start, end = whole[index]
        while busy and busy[0][0] <= start:
            heappush(free, heappop(busy)[1])
        layer = chosen[index] = heappop(free) if free else len(busy)
        heappush(busy, (end, layer))
    return chosen


def in_one_unit(times: Sequence[Fraction]) -> Sequence[Any]:
    """Give times as whole numbers of one unit, to be compared with each other; as they are where no usual unit holds all.

    Whole numbers compare ten times faster, and a reel has tens of thousands.

    >>> in_one_unit([Fraction(1, 24), Fraction(1, 2), Fraction(1, 25)])
    [25, 300, 24]
    """
    ratios = [time.as_integer_ratio() for time in times]
    grid = 1
    for denominator in {bottom for _, bottom in ratios}:
        grid = lcm(grid, denominator)
        if grid > WIDEST_UNIT:
            return times
    return [top * (grid // bottom) for top, bottom in ratios]


def timeline_duration(timeline: otio.schema.Timeline) -> Fraction:
    """Give the length of the longest track in exact seconds.

    0 where it has no tracks.

    >>> timeline_duration(timeline)
    Fraction(3003, 400)
    """
    return max(
        (
            sum(
                (from_rational_time(item.duration()) for item in track if not isinstance(item, otio.schema.Transition)),
                Fraction(0),
            )
            for track in timeline.tracks
        ),
        default=Fraction(0),
    )
