"""What goes where in the AAF, in whole edit units, before any AAF object exists.

Every boundary is rounded by itself, half up, so that clips which touch still touch. Where edits fall on frames only the
boundaries move: the sound between them stays where it was, to the sample.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from postsync.model import PlacedClip, PlacedTrack, PlacedTransition, lay_without_overlaps, media_facts
from postsync.placing import sounding_channels
from postsync.sound import path_from_url
from postsync.timing import from_rational_time, round_half_up
from postsync_adapters.aaf.writing.fades import fade_of, fitted, with_transitions
from postsync_adapters.aaf.writing.planned import Grid, MediaUse, Overlap, PlannedClip, PlannedTrack, Spot, plain

NEAR_SPEED = Fraction(1, 20)
"""Up to this far from its own speed a clip counts as running off speed, beyond it as retimed."""


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
        used, rest = with_transitions(ordered, transitions, grid)
        transitions = rest
        yield PlannedTrack(track.name, track.facts, tuple(fitted(used, track, grid)), channels, own)
    for lost in transitions:
        grid.report.note("transition-not-carried", where=track.name, name=lost.transition.name or "transition")


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
    head, tail = (fade_of(fade, grid, spot) for fade in (placed.facts.fade_in, placed.facts.fade_out))
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
