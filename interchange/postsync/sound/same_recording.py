"""Whether two stretches of sound are one recording, and by how many samples one lies later: for bounces, reels and guides.

Phase transform: only the phases between 150 and 5000 Hz count, so that levels, equalisers and other sound in a mix do not move
the peak. The same recording stands 86 to 337 standard deviations above the rest of a ten-second correlation even under noise
as loud as itself, another performance of the same words 9 to 27, chance about 5. Where nothing is sure, nothing is said.
Positions and offsets are samples.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

Sound = NDArray[np.float32]

BAND = (150.0, 5000.0)
"""Hz between which phases count: below lie rumble and hum, above it what codecs and rooms change."""

TAKES_PLACE = 8
"""Samples on either side of a place within which it is one place: the peak of this band is that wide."""


@dataclass(frozen=True)
class Thresholds:
    """When a measurement is believed. Strengths are heights of the peak in standard deviations of the correlation.

    `same` is needed where the peak may lie anywhere, `heard` where it lies as expected; a peak elsewhere must also be
    `clear` times what lies at the expected place. Below `other` no place is likely. `silent_db` is the loudness (dBFS, RMS)
    below which there is nothing to compare; `alike` is the part of the highest peak from which another counts as its equal.
    """

    same: float = 45.0
    heard: float = 10.0
    other: float = 27.0
    clear: float = 2.0
    alike: float = 0.8
    silent_db: float = -70.0


THRESHOLDS = Thresholds()

SPEEDS = (
    Fraction(1001, 1000), Fraction(1000, 1001), Fraction(25, 24), Fraction(24, 25), Fraction(25025, 24000),
    Fraction(24000, 25025), Fraction(48000, 44100), Fraction(44100, 48000),
)  # fmt: skip
"""At how many times its speed sound is met: pulled up and down, PAL speed-up both ways, files at a rate taken for another."""

SAME, UNSURE, OTHER, SILENT, SHORT = "same", "unsure", "other", "silent", "short"


@dataclass(frozen=True)
class Match:
    """Where a part was found. `verdict` is same, unsure, other, silent or short; only `same` says that the place counts.

    `offset` is by how many samples the part lies later than expected; `strength` the height of its peak and `at_expected`
    that of the peak where it was expected. `inverted` says that the polarity is turned, `speed` at how many times the part's
    own speed it was found.
    """

    verdict: str
    offset: int = 0
    strength: float = 0.0
    at_expected: float = 0.0
    inverted: bool = False
    speed: Fraction = Fraction(1)

    @property
    def same(self) -> bool:
        """Whether both are surely one recording."""
        return self.verdict == SAME


def same_recording(
    part: Sound,
    guide: Sound,
    sample_rate: int,
    *,
    expected: int = 0,
    speed: Fraction = Fraction(1),
    thresholds: Thresholds = THRESHOLDS,
) -> Match:
    """Look for a part in a guide and say where it lies against the place `expected`, a sample of the guide.

    All of the guide is searched; hand in less of it to search less. Both have the same sample rate and are mono.

    >>> noise = np.random.default_rng(1).standard_normal(96_000).astype(np.float32)
    >>> same_recording(noise[30_000:60_000], noise, 48_000, expected=29_000).offset
    1000
    """
    if speed != 1:
        part = at_speed(part, speed)
    if min(len(part), len(guide)) < sample_rate // 100 or loudness_db(part) < thresholds.silent_db:
        return Match(SILENT if len(part) >= sample_rate // 100 else SHORT, speed=speed)
    lead, guide = _padded(guide, expected, len(part))
    if loudness_db(guide) < thresholds.silent_db:
        return Match(OTHER, speed=speed)
    peaks = correlation(part, guide, sample_rate, BAND)
    place = _place(np.abs(peaks), expected + lead, thresholds)
    strength, here = float(abs(peaks[place])), _highest_near(np.abs(peaks), expected + lead)
    verdict, chosen = _judged(place, strength, here, expected + lead, abs(peaks), (len(part), sample_rate), thresholds)
    exact = _exactly(part, guide, chosen, expected + lead, sample_rate) if verdict == SAME else chosen
    return Match(
        verdict, exact - expected - lead, float(abs(peaks[chosen])), here, bool(peaks[chosen] < 0), speed
    )  # fmt: skip


def at_any_speed(
    part: Sound, guide: Sound, sample_rate: int, *, expected: int = 0, speeds: Iterable[Fraction] = SPEEDS
) -> Match | None:
    """Look for a part that plays at another speed in the guide: the surest of the usual speeds, None where none is sure."""
    found = [same_recording(part, guide, sample_rate, expected=expected, speed=speed) for speed in speeds]
    sure = [one for one in found if one.same]
    return max(sure, key=lambda one: one.strength, default=None)


def at_speed(sound: Sound, speed: Fraction) -> Sound:
    """Give sound played so many times as fast, by straight lines between samples: enough below 5 kHz, not for listening."""
    count = int(len(sound) / speed)
    made: Sound = np.interp(np.arange(count) * float(speed), np.arange(len(sound)), sound).astype(np.float32)
    return made


def loudness_db(sound: Sound) -> float:
    """Give the RMS of sound in dBFS; digital silence is -144."""
    power = float(np.mean(np.square(sound, dtype=np.float64))) if len(sound) else 0.0
    return max(-144.0, 10 * math.log10(power)) if power > 0 else -144.0


def most_strength(samples: int, sample_rate: int) -> float:
    """Give the strength that an exact copy of this length reaches at the most: each cycle of the band can agree once."""
    return math.sqrt(2 * (BAND[1] - BAND[0]) * samples / sample_rate)


def correlation(part: Sound, guide: Sound, sample_rate: int, band: tuple[float, float]) -> Sound:
    """Give how well a part agrees with the guide from each sample on, in standard deviations; negative is turned polarity."""
    size = fast_length(len(guide))
    across = np.conj(np.fft.rfft(_tapered(part, sample_rate), size)) * np.fft.rfft(guide, size)
    low, high = (min(int(edge * size / sample_rate), len(across)) for edge in band)
    level = np.abs(across[low:high])
    # Below a millionth of the strongest lies only the rounding of the transform, whose phases mean nothing.
    floor = float(level.max(initial=0.0)) * 1e-6 + 1e-30
    phases = np.zeros_like(across)
    phases[low:high] = across[low:high] / (level + floor)
    height = size / math.sqrt(2 * max(float(np.sum(np.abs(phases[low:high]) ** 2)), 1e-30))
    peaks: Sound = np.fft.irfft(phases, size)[: len(guide) - len(part) + 1].astype(np.float32) * np.float32(height)
    return peaks


def fast_length(samples: int) -> int:
    """Give the least length from a number of samples on whose only prime factors are 2, 3 and 5."""
    best = 1 << max(samples - 1, 0).bit_length()
    fives = 1
    while fives < best:
        threes = fives
        while threes < best:
            twos = threes << max(-(-samples // threes) - 1, 0).bit_length()
            best = min(best, twos) if twos >= samples else best
            threes *= 3
        fives *= 5
    return best


def _tapered(part: Sound, sample_rate: int) -> Sound:
    """Fade the ends of a part over 5 ms: a hard edge is a click at a place of its own."""
    edge = min(sample_rate // 200, len(part) // 4)
    made = part - np.float32(part.mean())
    if edge:
        ramp = np.linspace(0, 1, edge, dtype=np.float32)
        made[:edge] *= ramp
        made[-edge:] *= ramp[::-1]
    return made


def _padded(guide: Sound, expected: int, length: int) -> tuple[int, Sound]:
    """Give the guide with silence where it is too short for the expected place, and by how much it was put off."""
    before, after = max(0, -expected), max(0, expected + length - len(guide))
    if not before and not after:
        return 0, guide
    return before, np.pad(guide, (before, after))


def _place(heights: Any, expected: int, thresholds: Thresholds) -> int:
    """Give the highest peak; of several that are as good as equal, as in a loop, the nearest to where it was expected."""
    equal = np.flatnonzero(heights >= thresholds.alike * heights.max())
    return _top(heights, int(equal[np.argmin(np.abs(equal - expected))]))


def _top(heights: Any, place: int) -> int:
    begin = max(0, place - TAKES_PLACE)
    return begin + int(np.argmax(heights[begin : place + TAKES_PLACE + 1]))


def _highest_near(heights: Any, place: int) -> float:
    return float(heights[max(0, place - 2) : place + 3].max(initial=0.0))


def _judged(
    place: int, strength: float, here: float, expected: int, heights: Any, size: tuple[int, int], limits: Thresholds
) -> tuple[str, int]:
    """Give the verdict, and the place that counts: the expected one where the sound is heard there."""
    if abs(place - expected) <= TAKES_PLACE and strength >= limits.heard:
        return SAME, place
    if here >= limits.heard and strength < limits.clear * here:
        return SAME, _top(heights, expected)
    if strength >= limits.same:
        return SAME, place
    if most_strength(*size) < limits.same * limits.clear:
        return SHORT, place
    return (UNSURE if strength >= limits.other else OTHER), place


def _exactly(part: Sound, guide: Sound, place: int, expected: int, sample_rate: int) -> int:
    """Give the place to the sample by the whole band: 5 kHz alone leave a peak ten samples wide.

    What has too little in the whole band, as a pop, lies as expected when it lies within that width.
    """
    begin = max(0, place - TAKES_PLACE)
    near = guide[begin : place + len(part) + TAKES_PLACE]
    if len(near) <= len(part):
        return place
    heights = np.abs(correlation(part, near, sample_rate, (BAND[0], 0.45 * sample_rate)))
    best = int(np.argmax(heights))
    if heights[best] >= THRESHOLDS.heard:
        return begin + best
    return expected if abs(place - expected) <= TAKES_PLACE else place
