"""Markers that hang on tracks, clips and gaps, as other programs' OTIO has them, lifted to where they play.

A marker of an item counts in the time of what the item plays, its media's timecode included, so that it moves with the
picture; here markers are positions in the programme.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

import opentimelineio as otio

from postsync.model.cues import cue_of
from postsync.model.facts import clip_facts
from postsync.model.keys import NAMESPACE
from postsync.model.markers import Attachment, plain_marker, to_otio_marker
from postsync.timing import from_rational_time, rate_of_float, to_time_range

Shown = tuple[Fraction, Fraction | None]


def with_lifted_markers(timeline: otio.schema.Timeline) -> otio.schema.Timeline:
    """Give the timeline with every marker on its own stack: itself where that is so, else a copy.

    What a marker hung on is in its `attached_to`.

    >>> cut = otio.schema.Timeline("R1")
    >>> cut.tracks.append(otio.schema.Track("A1", kind="Audio"))
    >>> cut.tracks[0].markers.append(otio.schema.Marker("door"))
    >>> [marker.name for marker in with_lifted_markers(cut).tracks.markers], len(cut.tracks.markers)
    (['door'], 0)
    """
    if not any(_hangs(track) for track in timeline.tracks):
        return timeline
    copy = timeline.deepcopy()
    found = [marker for track in copy.tracks for marker in _of_track(track, Fraction(0), (Fraction(0), None))]
    copy.tracks.markers.extend(sorted(found, key=lambda one: from_rational_time(one.marked_range.start_time)))
    return copy


def _hangs(holder: Any) -> bool:
    """Whether a track or stack, or anything in it, carries a marker."""
    if len(holder.markers):
        return True
    for item in holder:
        kind = type(item)
        if kind is otio.schema.Transition:
            continue
        if len(item.markers) or (isinstance(item, (otio.schema.Stack, otio.schema.Track)) and _hangs(item)):
            return True
    return False


def _of_track(track: Any, at: Fraction, shown: Shown) -> Iterator[otio.schema.Marker]:
    head = Fraction(0) if track.source_range is None else from_rational_time(track.source_range.start_time)
    at -= head
    if track.source_range is not None:
        shown = _narrowed(shown, at + head, from_rational_time(track.source_range.duration))
    for marker in _taken(track):
        yield _lifted(marker, at + _start(marker), Fraction(1), shown, Attachment(track.name or None))
    for item in track:
        if isinstance(item, otio.schema.Transition):
            continue
        duration = from_rational_time(item.duration())
        yield from _of_item(item, track.name, at, _narrowed(shown, at, duration))
        at += duration


def _of_item(item: Any, track: str, at: Fraction, shown: Shown) -> Iterator[otio.schema.Marker]:
    if isinstance(item, otio.schema.Track):
        yield from _of_track(item, at, shown)
        return
    first = from_rational_time(item.trimmed_range().start_time)
    speed = abs(clip_facts(item).speed) if isinstance(item, otio.schema.Clip) else Fraction(1)
    for marker in _taken(item):
        into = (_start(marker) - first) / speed if speed else Fraction(0)
        yield _lifted(marker, at + into, speed or Fraction(1), shown, Attachment(track or None, item.name or None))
    if isinstance(item, otio.schema.Stack):
        for inner in item:
            yield from _of_track(inner, at - first, shown)


def _narrowed(shown: Shown, start: Fraction, duration: Fraction) -> Shown:
    end = start + duration
    return max(shown[0], start), end if shown[1] is None else min(shown[1], end)


def _taken(holder: Any) -> list[otio.schema.Marker]:
    markers = list(holder.markers)
    if markers:
        holder.markers[:] = []
    return markers


def _start(marker: otio.schema.Marker) -> Fraction:
    return from_rational_time(marker.marked_range.start_time)


def _lifted(
    marker: otio.schema.Marker, at: Fraction, speed: Fraction, shown: Shown, hung: Attachment
) -> otio.schema.Marker:
    """Give a marker its place in the programme, and what other programs wrote into it."""
    rate = rate_of_float(marker.marked_range.start_time.rate)
    plain = plain_marker(marker)
    if cue_of(marker) is not None:
        marker.marked_range = to_time_range(at, plain.duration / speed, rate)
        return marker
    visible = shown[0] <= at and (shown[1] is None or at < shown[1])
    placed = replace(plain, record_in=at, duration=plain.duration / speed, visible=visible, attached_to=hung)
    lifted = to_otio_marker(placed, rate)
    for name in marker.metadata:
        if name != NAMESPACE:
            lifted.metadata[name] = marker.metadata[name]
    return lifted
