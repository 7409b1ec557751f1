"""A timeline through XMEML and back: every sound clip and every marker, compared one by one.

Places on the sequence are whole frames there, so a clip may move by half a frame; what it plays moves with it. Where a
program keeps Premiere's ticks the two stay in sync to the flick, elsewhere to half a frame.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from postsync.formats.conversion import read_file, write_file
from postsync.model import PlacedClip, placed_tracks, timeline_facts, timeline_markers
from postsync.report import Report
from postsync.sound import path_from_url

FLICK = Fraction(1, 705_600_000)


@dataclass
class RoundTrip:
    """What went in and what came back."""

    clips: int = 0
    kept: int = 0
    markers: int = 0
    markers_kept: int = 0
    worst_sync: Fraction = Fraction(0)
    losses: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def add(self, other: RoundTrip) -> None:
        self.clips += other.clips
        self.kept += other.kept
        self.markers += other.markers
        self.markers_kept += other.markers_kept
        self.worst_sync = max(self.worst_sync, other.worst_sync)
        self.losses += other.losses
        self.faults += other.faults


def round_trip(timeline: Any, path: Path, profile: str) -> RoundTrip:
    """Write a timeline, read it back and compare."""
    report = Report()
    write_file(timeline, path, report, as_format="xmeml", options={"profile": profile})
    (back,) = read_file(path, Report()).timelines
    found = RoundTrip(losses=Counter(loss.code for loss in report))
    fps = timeline_facts(timeline).rate.fps
    if timeline_facts(back).start_timecode != timeline_facts(timeline).start_timecode:
        found.faults.append("another start")
    _compare_sound(timeline, back, fps, 2 * FLICK if profile == "premiere" else 1 / fps, found)
    _compare_markers(timeline, back, fps, found)
    return found


def channels_of(clip: PlacedClip) -> tuple[int, ...]:
    return clip.facts.channels or tuple(range(1, (clip.media.channels or 1) + 1))


def _components(timeline: Any) -> dict[tuple[Any, ...], list[PlacedClip]]:
    """Give what sounds: each channel of each clip, by its file, name and state."""
    found: dict[tuple[Any, ...], list[PlacedClip]] = {}
    for track in placed_tracks(timeline, "audio"):
        for clip in track.clips:
            path = path_from_url(clip.url or "") or clip.media.name
            for channel in channels_of(clip):
                key = (path, channel, clip.clip.name, clip.enabled and not clip.facts.muted)
                found.setdefault(key, []).append(clip)
    return found


def _compare_sound(timeline: Any, back: Any, fps: Fraction, sync: Fraction, found: RoundTrip) -> None:
    there = _components(back)
    for key, clips in _components(timeline).items():
        left = list(there.get(key, ()))
        for clip in clips:
            found.clips += 1
            near = [one for one in left if _near(clip, one, fps)]
            best = min(near, key=lambda one: abs(_drift(clip, one)), default=None)
            # Before its first sample a file cannot begin, so there the clip may be late by what it was rounded.
            limit = sync if clip.source_in * fps >= 1 else max(sync, Fraction(1, 2) / fps)
            if best is None or abs(_drift(clip, best)) > limit:
                found.faults.append(f"{key} at {clip.record_in} {'out of sync' if best else 'missing'}")
                continue
            found.worst_sync = max(found.worst_sync, abs(_drift(clip, best)))
            found.kept += 1
            left.remove(best)


def _near(one: PlacedClip, two: PlacedClip, fps: Fraction) -> bool:
    half = Fraction(1, 2) / fps
    length = abs(one.duration - two.duration) <= 1 / fps
    speed = abs(one.facts.speed - two.facts.speed) < Fraction(1, 10**9)
    return abs(one.record_in - two.record_in) <= half and length and speed and _same_level(one, two)


def _same_level(one: PlacedClip, two: PlacedClip) -> bool:
    ours, theirs = one.facts, two.facts
    if len({gain for _, gain in ours.gain_points}) > 1:
        return bool(theirs.gain_points)
    stated = ours.gain_points[0][1] if ours.gain_points else ours.gain_db or 0.0
    return abs(max(stated, -144.0) - (theirs.gain_db or 0.0)) < 0.001


def _drift(one: PlacedClip, two: PlacedClip) -> Fraction:
    """How much later the second plays what the first plays."""
    speed = one.facts.speed
    return (two.source_in - two.record_in * speed) - (one.source_in - one.record_in * speed)


def _compare_markers(timeline: Any, back: Any, fps: Fraction, found: RoundTrip) -> None:
    left = [plain for _, plain in timeline_markers(back)]
    for _, plain in timeline_markers(timeline):
        if not plain.visible and timeline_facts(timeline).format != "xmeml":
            continue
        found.markers += 1
        for one in left:
            same = (one.name, one.comment) == (plain.name.strip(), plain.comment.strip())
            if same and 0 <= plain.record_in - one.record_in < 1 / fps:
                found.markers_kept += 1
                left.remove(one)
                break
        else:
            found.faults.append(f"marker {plain.name!r} at {plain.record_in}")
