"""Two-pops and tail pops: one frame of tone in silence, by which picture and sound are laid against each other.

The two-pop begins exactly two seconds before the first frame of action, the tail pop two seconds after the last, both of
1 kHz as a rule. What is taken for one: a tone of about a frame, alone in half a second of silence on either side. Positions
and lengths are samples.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import takewhile

import numpy as np
from numpy.typing import NDArray

from postsync.sound.same_recording import Sound

BEFORE_ACTION = Fraction(2)
"""Seconds from the beginning of the two-pop to the first frame of action."""

LONGEST, SHORTEST = Fraction(9, 100), Fraction(15, 1000)
"""Seconds of one frame at 60 to two frames at 24: some houses let the pop last two."""

QUIET = 10 ** (-50 / 20)
"""What counts as silence round a pop: leaders of real mixes are not digital black."""

ALONE = Fraction(1, 2)
"""Seconds of silence on either side."""

TONAL = 0.7
"""How much of the energy must lie in one tone: a clap or a door has less than a third there."""

_TONES = (300.0, 5000.0)
_STEP = Fraction(1, 1000)
_LOOK = 8192
"""Samples of a run that are looked at for its tone."""


@dataclass(frozen=True)
class Pop:
    """One pop: its first sample, its length in samples, and its tone in Hz."""

    start: int
    length: int
    frequency: float


def find_pops(sound: Sound, sample_rate: int) -> list[Pop]:
    """Give the pops in a stretch of mono sound, in order. Its ends count as silence.

    >>> tone = np.sin(np.arange(2000) / 48_000 * 2 * np.pi * 1000).astype(np.float32) / 10
    >>> [pop.start for pop in find_pops(np.pad(tone, (48_000, 48_000)), 48_000)]
    [48000]
    """
    return [run.pop for run in _runs(sound, sample_rate) if run.pop is not None]


def leading_pops(sound: Sound, sample_rate: int) -> list[Pop]:
    """Give the pops before the programme begins; line-up tone may stand between them."""
    return _while_tones(_runs(sound, sample_rate))


def trailing_pops(sound: Sound, sample_rate: int) -> list[Pop]:
    """Give the pops behind the end of the programme, in order."""
    return _while_tones(reversed(list(_runs(sound, sample_rate))))[::-1]


def _while_tones(runs: Iterable[_Run]) -> list[Pop]:
    return [run.pop for run in takewhile(lambda run: run.is_tone, runs) if run.pop is not None]


@dataclass(frozen=True)
class _Run:
    """A stretch between silences: whether it is one tone, and the pop that it is."""

    is_tone: bool
    pop: Pop | None = None


def _runs(sound: Sound, sample_rate: int) -> Iterator[_Run]:
    runs = list(_loud_runs(sound, max(int(sample_rate * _STEP), 1)))
    for place, (start, end) in enumerate(runs):
        before = runs[place - 1][1] if place else start - sample_rate
        after = runs[place + 1][0] if place + 1 < len(runs) else end + sample_rate
        frequency = _tone(sound, start, end, sample_rate)
        alone = min(start - before, after - end) >= sample_rate * ALONE
        if frequency and alone and sample_rate * SHORTEST <= end - start <= sample_rate * LONGEST:
            yield _Run(True, Pop(start, end - start, frequency))
        else:
            yield _Run(frequency is not None)


def _loud_runs(sound: Sound, step: int) -> Iterator[tuple[int, int]]:
    """Yield (first sample, end) of what is louder than silence; pauses of less than 5 ms are no end."""
    count = -(-len(sound) // step)
    steps = np.abs(np.pad(sound, (0, count * step - len(sound)))).reshape(-1, step).max(axis=1, initial=0.0)
    loud = np.flatnonzero(steps > QUIET)
    if not len(loud):
        return
    breaks = np.flatnonzero(np.diff(loud) > 5)
    for first, last in zip(np.r_[0, breaks + 1], np.r_[breaks, len(loud) - 1], strict=True):
        yield _edges(sound, int(loud[first]) * step, min(int(loud[last] + 1) * step, len(sound)))


def _edges(sound: Sound, start: int, end: int) -> tuple[int, int]:
    """Find first and last sample of a run: a tone begins at zero, so the sample before the first loud one belongs to it."""
    loud = np.flatnonzero(np.abs(sound[start:end]) > QUIET)
    return max(start + int(loud[0]) - 1, 0), start + int(loud[-1]) + 1


def _tone(sound: Sound, start: int, end: int, sample_rate: int) -> float | None:
    """Give the frequency of the tone that most of a run is; None where it is not one tone."""
    part = sound[start : min(end, start + _LOOK)].astype(np.float64)
    power: NDArray[np.float64] = np.abs(np.fft.rfft(part * np.hanning(len(part)), _LOOK)) ** 2
    best = int(np.argmax(power))
    width = -(-3 * _LOOK // len(part))
    share = power[max(best - width, 0) : best + width + 1].sum() / max(power.sum(), 1e-30)
    frequency = best * sample_rate / _LOOK
    return round(frequency, 1) if share >= TONAL and _TONES[0] <= frequency <= _TONES[1] else None
