"""Reels with a guide: clips of made voices, the mix that a picture editor would have made of them, and one thing made wrong.

The mix is summed here, sample by sample, and by none of the product's code. A voice is noise through moving formants in
syllables, so that two voices are no more alike than two people are.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

import numpy as np
import opentimelineio as otio

import postsync
from postsync import model
from postsync.model import ClipFacts, Laid, MediaFacts, TimelineFacts
from postsync.sound import url_from_path
from postsync.timing import as_rate, to_time_range

RATE = 48_000


@lru_cache(maxsize=64)
def voice(seed: int, seconds: float, rate: int = RATE) -> np.ndarray:
    """Speech-like sound from -1 to 1: noise in syllables, with pauses, through a filter that moves."""
    random = np.random.default_rng(seed)
    count = round(seconds * rate)
    noise = random.standard_normal(count + 64)
    low = np.convolve(noise, np.hanning(24) / 8, "same")[:count]
    high = np.diff(noise, 2)[:count] / 4
    steps = max(int(seconds * 8), 2)
    colour = np.interp(np.linspace(0, steps, count), np.arange(steps + 1), random.random(steps + 1))
    level = np.interp(np.linspace(0, steps, count), np.arange(steps + 1), random.choice([0.0, 0.3, 1.0], steps + 1))
    made = (low * colour + high * (1 - colour)) * level
    return (0.3 * made / max(np.abs(made).max(), 1e-9)).astype(np.float32)


def write_mono(path: Path, sound: np.ndarray, *, rate: int = RATE, stamp: int | None = None) -> Path:
    """Write 24-bit mono; `stamp` in samples since midnight."""
    path.parent.mkdir(parents=True, exist_ok=True)
    values = np.clip(np.rint(sound * (2**23 - 1)), -(2**23), 2**23 - 1).astype("<i4")
    data = values.view(np.uint8).reshape(-1, 4)[:, :3].tobytes()
    data += b"\0" * (len(data) % 2)
    bext = b""
    if stamp is not None:
        body = bytes(338) + struct.pack("<QH", stamp, 1) + bytes(254)
        bext = struct.pack("<4sI", b"bext", len(body)) + body
    fmt = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, rate, rate * 3, 3, 24)
    chunks = bext + fmt + struct.pack("<4sI", b"data", len(data))
    path.write_bytes(struct.pack("<4sI4s", b"RIFF", 4 + len(chunks) + len(data), b"WAVE") + chunks + data)
    return path


def pop(rate: int = RATE, seconds: float = 1 / 24) -> np.ndarray:
    """One frame of 1 kHz at -20 dB."""
    return (0.1 * np.sin(2 * np.pi * 1000 * np.arange(round(seconds * rate)) / rate)).astype(np.float32)


@dataclass
class GuideReel:
    """A timeline of voices and the mix of it. Times are seconds from the timeline's start; `start` is its first label."""

    folder: Path
    seconds: float = 40
    frame_rate: str = "24"
    start: str = "01:00:00:00"
    clips: list[tuple[str, Laid]] = field(default_factory=list)
    guide: np.ndarray = field(default_factory=lambda: np.zeros(0, np.float32))

    def __post_init__(self) -> None:
        self.guide = np.zeros(round(self.seconds * RATE), np.float32)

    @property
    def clock(self) -> TimelineFacts:
        from postsync.timing import parse_timecode

        rate = as_rate(self.frame_rate)
        return TimelineFacts(rate, parse_timecode(self.start, rate), sample_rate=RATE)

    def add(
        self, name: str, sound: np.ndarray, at: float, *, track: str = "DX", source: float = 0.0, length: float | None = None,
        heard_at: float | None = None, heard: np.ndarray | None = None, level: float = 1.0, shift: int = 0,
        missing: bool = False, facts: ClipFacts | None = None,
    ) -> GuideReel:  # fmt: skip
        """Lay a clip, and mix it: `heard_at` and `shift` (samples) put it elsewhere there, `heard` is other sound."""
        path = self.folder / "sound" / f"{name}.wav"
        length = len(sound) / RATE - source if length is None else length
        if not path.exists() and not missing:
            write_mono(path, sound)
        reference = otio.schema.ExternalReference(
            url_from_path(path.as_posix()), to_time_range(Fraction(0), Fraction(len(sound), RATE))
        )
        model.put_media_facts(reference, MediaFacts(name=path.name, channels=1, sample_rate=RATE, bits=24))
        clip = otio.schema.Clip(name, reference)
        if facts is not None:
            model.put_clip_facts(clip, facts)
        exact = [Fraction(value).limit_denominator(RATE) for value in (at, length, source)]
        self.clips.append((track, Laid(clip, *exact)))
        begin = round(source * RATE)
        part = (sound if heard is None else heard)[begin : begin + round(length * RATE)] * level
        self.mix(part, round((at if heard_at is None else heard_at) * RATE) + shift)
        return self

    def mix(self, sound: np.ndarray, place: int) -> GuideReel:
        """Add sound to the mix from a sample on."""
        first, last = max(place, 0), min(place + len(sound), len(self.guide))
        if first < last:
            self.guide[first:last] += sound[first - place : last - place]
        return self

    def write(self, suffix: str = ".otio") -> Path:
        """Write the timeline."""
        timeline = otio.schema.Timeline("R1")
        model.put_timeline_facts(timeline, self.clock)
        for name in dict.fromkeys(track for track, _ in self.clips):
            laid = [one for track, one in self.clips if track == name]
            timeline.tracks.append(
                model.build_track(name, "Audio", laid, [Fraction(as_rate(self.frame_rate).fps), RATE])
            )
        path = self.folder / f"R1{suffix}"
        postsync.write(timeline, path)
        return path

    def write_guide(self, *, lead: int = 0, stamped: bool = True, name: str = "R1 mix.wav", gain: float = 1.0) -> Path:
        """Write the mix behind `lead` samples of silence (below zero: its beginning cut off), stamped where it lies."""
        sound = np.concatenate([np.zeros(max(lead, 0), np.float32), self.guide[max(-lead, 0) :]]) * gain
        clock = self.clock
        stamp = round(clock.start_frame / clock.rate.fps * RATE) - lead if stamped else None
        return write_mono(self.folder / name, sound, stamp=stamp)


def usual_reel(folder: Path, count: int = 4, **how: object) -> GuideReel:
    """Lines of three seconds, one after the other on two tracks, over a quiet room."""
    reel = GuideReel(folder, seconds=max(5 * count + 10, 40), **how)
    for number in range(count):
        reel.add(f"12A-{number}", voice(number, 5), 5 * number + 4, track=f"DX {number % 2}", source=1.0, length=3.0)
    return reel
