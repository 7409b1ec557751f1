"""Two timelines made alike before they are compared: what only one of the formats tells apart is no difference.

Pro Tools has a track for each channel where Final Cut and Resolve have one clip of two; a list cuts where a dissolve begins,
everything else within it; lists and Final Cut give tracks names of their own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

import opentimelineio as otio

from postsync.model import PlacedClip, PlacedTrack, PlacedTransition, placed_tracks
from postsync.placing import mono_tracks, sounding_channels
from postsync.report import Report

NAMES_TRACKS_ITSELF = {"edl", "fcpxml"}
"""Formats whose tracks are called by number or role, whatever they were called before."""

CUTS_WHERE_FADES_BEGIN = {"edl"}

TrackKey = tuple[str, int]


def of_one_channel(timelines: tuple[Any, Any]) -> tuple[Any, Any]:
    """Split the clips of several channels of one timeline where the other has as many clips as there are channels."""
    widths = [[_channels(clip) for clip in _sounds(one)] for one in timelines]
    several = [any(width > 1 for width in found) for found in widths]
    if not all(widths) or several[0] == several[1]:
        return timelines
    wide, narrow = sorted(widths, key=max, reverse=True)
    if abs(len(narrow) - sum(wide)) >= abs(len(narrow) - len(wide)):
        return timelines  # One clip stands for all channels, as in a list.
    sent, returned = (
        mono_tracks(one, Report()) if split else one for one, split in zip(timelines, several, strict=True)
    )
    return sent, returned


def _sounds(timeline: otio.schema.Timeline) -> Iterator[PlacedClip]:
    return (clip for track in placed_tracks(timeline, "audio") for clip in track.clips)


def _channels(clip: PlacedClip) -> int:
    return len(sounding_channels(clip.facts, clip.media))


def whole_items(track: PlacedTrack) -> Iterator[PlacedClip | PlacedTransition]:
    """Give the items of a track, each clip from where it begins to be heard under a transition to where it ends."""
    items = track.items
    for place, item in enumerate(items):
        if isinstance(item, PlacedTransition):
            yield item
            continue
        before, after = (items[at] if 0 <= at < len(items) else None for at in (place - 1, place + 1))
        head = before.before if isinstance(before, PlacedTransition) else Fraction(0)
        tail = after.after if isinstance(after, PlacedTransition) else Fraction(0)
        early = head * item.facts.speed
        yield replace(
            item, record_in=item.record_in - head, duration=item.duration + head + tail,
            source_in=item.source_in - early, source_start=item.source_start - early,
        )  # fmt: skip


def counterparts(pairs: list[tuple[TrackKey, TrackKey]]) -> dict[TrackKey, TrackKey]:
    """Say which track came back as which: that on which most of its clips came back, each once."""
    counts = sorted(Counter(pairs).items(), key=lambda one: (-one[1], one[0]))
    found: dict[TrackKey, TrackKey] = {}
    for (here, there), _ in counts:
        if here not in found and there not in found.values():
            found[here] = there
    return found
