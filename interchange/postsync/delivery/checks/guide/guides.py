"""Guides: the mix of the picture editor, as WAV or inside a movie, and where each lies on the timeline.

A guide lies where its time stamp or timecode track says. One without a stamp, or with one from elsewhere, is taken to begin
with the reel of the project whose name is in its file name, else with the timeline, as everybody lays it.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from postsync.errors import FormatError, MediaError
from postsync.model import Project, TimelineFacts, reel_in_numbers
from postsync.sound import FORMAT_TAGS, RenderedSound, WavFacts, as_float32, read_facts, read_samples
from postsync.sound.rendering import open_sound
from postsync.sound.same_recording import Sound
from postsync.timing import parse_timecode, seconds_of_frame

STAMP, REEL, START = "its time stamp", "the start of its reel", "the start of the timeline"
"""By what a guide was laid."""

DAY = Fraction(24 * 3600)
_BLOCK = 1 << 20
_LISTENED = 16
"""At so many places, one second each, the channels are compared with their sum."""
_CANCELLED = 0.01
"""The sum of channels that has less than this part of the energy of one of them is no mix any more."""


@dataclass(frozen=True)
class Guide:
    """A guide that is open. `length` in samples; `stamp` in seconds since midnight, None where it says nothing.

    `alone` is the one channel that is heard, from 1, where the sum of all would be silence; None where all are.
    """

    path: Path
    sample_rate: int
    length: int
    stamp: Fraction | None
    source: WavFacts | Any
    alone: int | None = None

    @property
    def duration(self) -> Fraction:
        """Its length in seconds."""
        return Fraction(self.length, self.sample_rate)

    def samples(self, start: int, count: int) -> Sound:
        """Give the sum of its channels from a sample on; silence outside."""
        if isinstance(self.source, WavFacts):
            facts = self.source
            chosen = None if self.alone is None else (self.alone,)
            made: Sound = as_float32(read_samples(facts, start, count, chosen), facts).sum(axis=0, dtype=np.float32)
            return made
        first, last = min(max(start, 0), self.length), min(max(start + count, 0), self.length)
        made = np.zeros(count, np.float32)
        made[first - start : last - start] = self.source[first:last]
        return made


@dataclass(frozen=True)
class LaidGuide:
    """A guide on a timeline: its first sample lies `start` seconds after the timeline's first frame, by `how`."""

    guide: Guide
    start: Fraction
    how: str

    @property
    def end(self) -> Fraction:
        """Where it ends on the timeline, in seconds."""
        return self.start + self.guide.duration


@contextmanager
def opened_guide(path: Path) -> Generator[Guide]:
    """Open a guide for as long as the block lasts; MediaError where it has no sound that can be read."""
    facts = _wav(path)
    if facts is not None:
        stamp = Fraction(facts.time_reference or 0, facts.sample_rate) if facts.stamped else None
        yield Guide(path, facts.sample_rate, facts.length_samples, stamp, facts, _alone(facts))
        return
    rate = open_sound(path).streams[0].sample_rate
    sound = RenderedSound.of(path, rate)
    with tempfile.TemporaryFile(prefix="postsync guide ") as spool:
        try:
            _spool(sound, spool)
        finally:
            sound.close()
        # A movie is decoded once, forward; the measurements then go back and forth in what was decoded.
        samples: Any = np.memmap(spool, np.float32, "r", shape=(sound.facts.length_samples,))
        stamp = Fraction(sound.facts.time_reference or 0, rate) if sound.facts.stamped else None
        yield Guide(path, rate, sound.facts.length_samples, stamp, samples)


def _wav(path: Path) -> WavFacts | None:
    """Give the header of a WAV whose samples we read; None for anything else."""
    try:
        facts = read_facts(path)
    except MediaError:
        if not path.is_file():
            raise
        return None
    return facts if facts.format_tag in FORMAT_TAGS else None


def _alone(facts: WavFacts) -> int | None:
    """Give the loudest channel where the channels cancel each other, as where one of a pair has turned polarity."""
    if facts.channels == 1:
        return None
    own, together = np.zeros(facts.channels), 0.0
    for place in range(_LISTENED):
        start = facts.length_samples * place // _LISTENED
        sound = as_float32(read_samples(facts, start, facts.sample_rate), facts).astype(np.float64)
        own += np.square(sound).sum(axis=1)
        together += float(np.square(sound.sum(axis=0)).sum())
    loudest = int(np.argmax(own))
    return loudest + 1 if together < own[loudest] * _CANCELLED else None


def _spool(sound: RenderedSound, spool: Any) -> None:
    """Write the sum of all channels as float; each channel is decoded by a run of its own over a block."""
    facts = sound.facts
    if not facts.length_samples:
        raise MediaError("has no sound", path=facts.path)
    streams = [sound.blocks(channel, 0, facts.length_samples) for channel in range(1, facts.channels + 1)]
    for channel, blocks in enumerate(streams):
        at = 0
        for block in blocks:
            wide = np.zeros((len(block) // 3, 4), np.uint8)
            wide[:, 1:] = np.frombuffer(block, np.uint8).reshape(-1, 3)
            made = (wide.view("<i4")[:, 0] / np.float32(2**31)).astype("<f4")
            if channel:
                spool.seek(4 * at)
                made += np.frombuffer(spool.read(4 * len(made)), "<f4")
            spool.seek(4 * at)
            spool.write(made.tobytes())
            at += len(made)
    spool.flush()


def laid(guide: Guide, clock: TimelineFacts, duration: Fraction, project: Project) -> LaidGuide:
    """Say where a guide lies on a timeline that lasts `duration` seconds."""
    zero = seconds_of_frame(clock.start_frame, clock.rate)
    if guide.stamp is not None:
        for day in (Fraction(0), DAY, -DAY):
            start = guide.stamp + day - zero
            if start < duration and start + guide.duration > 0:
                return LaidGuide(guide, start, STAMP)
    for name, start in _reel_starts(project, clock):
        if _names(guide.path, name) and 0 <= start < duration:
            return LaidGuide(guide, start, REEL)
    return LaidGuide(guide, Fraction(0), START)


def _reel_starts(project: Project, clock: TimelineFacts) -> Sequence[tuple[str, Fraction]]:
    """Give the reels that state a start, and where that lies on the timeline, in seconds."""
    found: list[tuple[str, Fraction]] = []
    for reel in project.reels:
        frame = label_frame(reel.start, clock)
        if frame is not None:
            found.append((reel.name, seconds_of_frame(frame, clock.rate)))
    return found


def label_frame(label: str | None, clock: TimelineFacts) -> int | None:
    """Give the frame of a label, counted from the timeline's first; None where there is none at this rate."""
    try:
        return None if label is None else parse_timecode(label, clock.rate) - clock.start_frame
    except FormatError:
        return None


def _names(path: Path, reel: str) -> bool:
    """Whether a file name has a reel in it as a word: `R3`, `Reel 03`."""
    number = re.escape(reel_in_numbers(reel))
    return re.search(rf"(?i)(?<![a-z0-9])(?:r|reel)[ _-]?0*{number}(?![0-9])", path.stem) is not None
