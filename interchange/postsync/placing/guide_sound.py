"""The guide that a take is measured against: the production sound of the timeline itself, or files that were named.

Sound is read only round the cue that is asked for. Clips that play at once are added, as a mixer would; ADR that was placed
before is no guide, nor is what is switched off.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from postsync.errors import MediaError
from postsync.model import Cue, TimelineFacts, placed_tracks, timeline_facts
from postsync.placing.anchors import Measured
from postsync.placing.matching import Pairing
from postsync.placing.stamps import day_of
from postsync.sound import Found, MediaFinder, WavFacts, as_float32, read_facts, read_samples
from postsync.timing import round_half_up, seconds_of_frame

AROUND = Fraction(3)
"""Seconds of guide before and after the line: a take may lie that far off, and its neighbours tell it apart."""

LONGEST_TAKE = Fraction(120)
MEASURED_AT = 48_000

Samples = NDArray[np.float32]

Align = Callable[..., Any]
"""`sound.alignment.align`: guide and take as mono samples, their rate; gives offset, confidence, whether it is sure."""


@dataclass(frozen=True)
class GuidePiece:
    """A stretch of a sound file on the timeline: from `record_in` to `record_out` plays the file from `source_in` on."""

    path: Path
    record_in: Fraction
    record_out: Fraction
    source_in: Fraction
    channels: tuple[int, ...] | None = None


@dataclass
class GuideSound:
    """The pieces of a guide, and the headers of their files once they were read."""

    pieces: Sequence[GuidePiece]
    _known: dict[Path, WavFacts | None] = field(default_factory=dict[Path, "WavFacts | None"])

    def samples(self, start: Fraction, end: Fraction, rate: int = MEASURED_AT) -> Samples | None:
        """Give mono sound of a stretch of the timeline; None where no piece lies there or none can be read."""
        mix: Samples | None = None
        for piece in self.pieces:
            first, last = max(start, piece.record_in), min(end, piece.record_out)
            facts = self._facts(piece.path) if first < last else None
            if facts is None:
                continue
            sound = mono(facts, piece.source_in + first - piece.record_in, last - first, rate, piece.channels)
            if mix is None:
                mix = np.zeros(round_half_up((end - start) * rate), np.float32)
            at = round_half_up((first - start) * rate)
            room = min(len(sound), len(mix) - at)
            mix[at : at + room] += sound[:room]
        return mix

    def _facts(self, path: Path) -> WavFacts | None:
        if path not in self._known:
            try:
                self._known[path] = read_facts(path)
            except MediaError:
                self._known[path] = None
        return self._known[path]


def mono(
    facts: WavFacts, start: Fraction, duration: Fraction, rate: int, channels: Sequence[int] | None = None
) -> Samples:
    """Give the mean of the channels of a stretch of a file at a rate.

    Between samples a straight line is drawn: good enough to measure on, not to be heard.
    """
    own = facts.sample_rate
    count = round_half_up(duration * own)
    chosen = [one for one in channels or range(1, facts.channels + 1) if one <= facts.channels]
    sound = as_float32(read_samples(facts, round_half_up(start * own), count, chosen or [1]), facts).mean(axis=0)
    if own == rate or not len(sound):
        return np.asarray(sound, np.float32)
    places = np.arange(round_half_up(duration * rate)) * (own / rate)
    return np.asarray(np.interp(places, np.arange(len(sound)), sound), np.float32)


def guide_of_timeline(timeline: Any, finder: MediaFinder) -> GuideSound:
    """Give the production sound of a timeline: its sound clips at their own speed, ADR and muted ones left out."""
    pieces: list[GuidePiece] = []
    for track in placed_tracks(timeline, "audio"):
        if track.facts.muted:
            continue
        for clip in track.clips:
            if clip.facts.cue_uid or clip.facts.muted or not clip.enabled or clip.facts.speed != 1:
                continue
            found = finder.find(clip.url or "", name=clip.media.name) if clip.url or clip.media.name else None
            if isinstance(found, Found):
                pieces.append(
                    GuidePiece(found.path, clip.record_in, clip.record_out, clip.source_in, clip.facts.channels)
                )
    return GuideSound(pieces)


def guide_of_files(paths: Sequence[Path], facts: TimelineFacts) -> GuideSound:
    """Give named files as a guide: each at its time stamp where that falls on the timeline, else from the first frame on.

    Raises MediaError where a file is no WAV.
    """
    pieces: list[GuidePiece] = []
    for path in paths:
        wav = read_facts(path)
        duration = Fraction(wav.length_samples, wav.sample_rate)
        start = Fraction(0)
        if wav.stamped:
            day = day_of(facts)
            place = Fraction(wav.time_reference or 0, wav.sample_rate) - seconds_of_frame(facts.start_frame, facts.rate)
            start = (place + day / 2) % day - day / 2
        pieces.append(GuidePiece(path, start, start + duration, Fraction(0)))
    return GuideSound(pieces)


@dataclass
class GuideMeasure:
    """Measures takes against a guide; call it with the cue, the pairing and where the take is expected."""

    guide: GuideSound
    facts: TimelineFacts
    align: Align

    def __call__(self, cue: Cue, pairing: Pairing, place: Fraction) -> Measured:
        """Give how late a take lies by its sound."""
        start = cue.seconds_in(self.facts)
        end = cue.seconds_out(self.facts)
        end = start + min(pairing.recorded.duration, LONGEST_TAKE) if end is None else end
        first = max(Fraction(0), start - AROUND)
        guide = self.guide.samples(first, end + AROUND)
        if guide is None:
            return Measured(Fraction(0), 0.0, False, "no guide sound lies there")
        try:
            wav = read_facts(pairing.recorded.path)
            take = mono(wav, Fraction(0), min(pairing.recorded.duration, LONGEST_TAKE), MEASURED_AT)
        except MediaError as fault:
            return Measured(Fraction(0), 0.0, False, fault.sentence())
        line = tuple(round_half_up((edge - first) * MEASURED_AT) for edge in (start, end))
        expected = round_half_up((place - first) * MEASURED_AT)
        found = self.align(guide, take, MEASURED_AT, line=line, expected=expected, frame_rate=self.facts.rate.fps)
        return measured(found)


def measured(found: Any) -> Measured:
    """Give what an alignment says."""
    offset = Fraction(found.offset_seconds)
    late = "late" if offset > 0 else "early"
    says = found.reason or f"the take lay {float(abs(offset)) * 1000:.1f} ms {late}, {found.verdict}"
    return Measured(offset, float(found.confidence), bool(found.sure), f"{says}, sure {found.confidence:.2f}")


def timeline_guide(timeline: Any, files: Sequence[Path], finder: MediaFinder) -> GuideSound:
    """Give the guide of a timeline: the files that were named, else its own production sound."""
    return guide_of_files(files, timeline_facts(timeline)) if files else guide_of_timeline(timeline, finder)
