"""Small reels for tests of checks: sound files and timelines that are right, and any one thing of them made wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import opentimelineio as otio

import postsync
from postsync import model
from postsync.model import ClipFacts, Laid, MediaFacts, PlainMarker, TimelineFacts, TrackFacts
from postsync.sound import Bext, url_from_path, write_wav
from postsync.timing import as_rate, to_rational_time, to_time_range

CLOCK = TimelineFacts(as_rate("24"), 86_400, sample_rate=48_000)
STAMP = 36_000
"""Seconds since midnight at which every made file begins."""


def make_sound(
    path: Path, *, seconds: Any = 10, channels: int = 1, rate: int = 48_000, bits: int = 24, stamp: int = STAMP,
    is_float: bool = False, ixml: bytes | None = None,
) -> Path:  # fmt: skip
    """A WAV of silence."""
    path.parent.mkdir(parents=True, exist_ok=True)
    length = round(Fraction(seconds) * rate)
    with path.open("wb") as file:
        write_wav(
            file, sample_rate=rate, bits=bits, channels=channels, blocks=[bytes(length * channels * bits // 8)],
            length_samples=length, bext=Bext(time_reference=stamp * rate), ixml=ixml, float_samples=is_float,
        )  # fmt: skip
    return path


def play(
    path: Path | str | None, at: Any = 0, length: Any = 2, source: Any = 4, *, name: str | None = None,
    facts: ClipFacts | None = None, media: MediaFacts | None = None, seconds: Any = 10, stamp: int = STAMP,
    enabled: bool = True,
) -> Laid:  # fmt: skip
    """A clip of a file at a second of the timeline, from a second of the file on."""
    if path is None:
        reference = otio.schema.MissingReference()
    else:
        url = path if isinstance(path, str) else url_from_path(path.as_posix())
        reference = otio.schema.ExternalReference(url, to_time_range(Fraction(stamp), Fraction(seconds)))
        stem = Path(str(path)).name
        model.put_media_facts(reference, media or MediaFacts(name=stem, channels=1, sample_rate=48_000, bits=24))
    stem = "clip" if path is None else Path(str(path)).stem
    clip = otio.schema.Clip(stem if name is None else name, reference)
    clip.enabled = enabled
    if facts is not None:
        model.put_clip_facts(clip, facts)
    return Laid(clip, Fraction(at), Fraction(length), Fraction(stamp) + Fraction(source))


def cross_fade(before: Any, after: Any) -> otio.schema.Transition:
    """A transition round a cut, in seconds."""
    kind = otio.schema.TransitionTypes.SMPTE_Dissolve
    return otio.schema.Transition(
        "cross fade", kind, to_rational_time(Fraction(before), 24), to_rational_time(Fraction(after), 24)
    )


def nest(*laid: Laid, name: str = "Scene 12") -> otio.schema.Stack:
    """A timeline within the timeline, two seconds long."""
    inner = model.build_track("inner", "Audio", laid, [24])
    return otio.schema.Stack(name, [inner], source_range=to_time_range(Fraction(0), Fraction(2)))


@dataclass
class Reel:
    """A timeline to be written: tracks by name, markers, and its clock."""

    tracks: list[tuple[str, list[Any], TrackFacts | None, str]] = field(default_factory=list)
    markers: list[PlainMarker] = field(default_factory=list)
    clock: TimelineFacts = CLOCK
    name: str = "R1 v1"

    def track(self, name: str, *items: Any, facts: TrackFacts | None = None, kind: str = "Audio") -> Reel:
        """Add a track, of sound where nothing else is said: clips by their times, then anything else behind them."""
        self.tracks.append((name, list(items), facts, kind))
        return self

    def made(self) -> otio.schema.Timeline:
        """The timeline."""
        timeline = otio.schema.Timeline(self.name)
        model.put_timeline_facts(timeline, self.clock)
        for name, items, facts, kind in self.tracks:
            laid = [item for item in items if isinstance(item, Laid)]
            track = model.build_track(name, kind, laid, [24, 48_000], facts=facts)
            for item in items:
                if isinstance(item, tuple):
                    track.insert(*item)
                elif not isinstance(item, Laid):
                    track.append(item)
            timeline.tracks.append(track)
        timeline.tracks.markers.extend(model.to_otio_marker(one, self.clock.rate.fps) for one in self.markers)
        return timeline

    def write(self, path: Path, **options: Any) -> Path:
        """Write it in the format of the ending."""
        path.parent.mkdir(parents=True, exist_ok=True)
        postsync.write(self.made(), path, **options)
        return path
