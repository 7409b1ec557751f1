"""Fades and cross fades in whole edit units: found at the cuts, and cut down to what clip, gap and media have room for.

A Transition of AAF overlaps both neighbours, so it is planned as the edit units before and after its cut.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Sequence
from fractions import Fraction

from postsync.model import Fade, PlacedTrack, PlacedTransition, block
from postsync_adapters.aaf.writing.definitions import CURVES
from postsync_adapters.aaf.writing.planned import Grid, Overlap, PlannedClip, Spot, plain


def fade_of(fade: Fade | None, grid: Grid, spot: Spot) -> Overlap | None:
    """Put a fade of a clip on the grid; None where there is none, or none that lasts an edit unit."""
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


def with_transitions(
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


def fitted(clips: Sequence[PlannedClip], track: PlacedTrack, grid: Grid) -> Iterator[PlannedClip]:
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
