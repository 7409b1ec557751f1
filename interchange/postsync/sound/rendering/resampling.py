"""From one sample rate to another, with every sample in its place.

A windowed sinc for each of the places that an output sample can have between two input samples: sample n of the output lies at
exactly n / rate seconds, as sample n of the input does, so that a clip begins neither early nor late by any part of a sample.
Flat to 0.92 of the lower half rate, 115 dB down from the half rate on.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import lru_cache

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Samples = NDArray[np.float64]
Source = Callable[[int, int], Iterator[Samples]]
"""Gives `count` samples from `start` in blocks of any size, silence where there are none."""

HALF_WIDTH = 96
"""Samples of the lower rate on either side of a place."""

_KAISER = 12.0
_CUTOFF = 0.96
_BLOCK = 1 << 16
_LARGEST_TABLE = 1 << 22


def resampled(source: Source, start: int, count: int, ratio: Fraction) -> Iterator[Samples]:
    """Yield `count` samples from `start` at `ratio` times the rate of the source."""
    up, down = ratio.numerator, ratio.denominator
    half = math.ceil(HALF_WIDTH / min(1, ratio))
    first_group, groups = start // up, -(-(start + count) // up) - start // up
    step = max(1, _BLOCK // up)
    feed = _Feed(source(first_group * down - half + 1, groups * down + 2 * half))
    skip = start - first_group * up
    left = count
    for at in range(0, groups, step):
        wide = min(step, groups - at)
        made = _convolved(feed.peek(wide * down + 2 * half), wide, up, down, half)[skip:][:left]
        feed.drop(wide * down)
        skip, left = 0, left - len(made)
        yield made


def _convolved(sound: Samples, groups: int, up: int, down: int, half: int) -> Samples:
    """Give `groups` times `up` samples; rows are taken so far apart that they do not overlap, as BLAS wants them."""
    made = np.empty(groups * up)
    windows = sliding_window_view(sound, 2 * half)
    apart = -(-2 * half // down)
    for place in range(up):
        offset, weights = place * down // up, _weights(place, up, down, half)
        for turn in range(min(apart, groups)):
            rows = windows[offset + turn * down :: apart * down][: len(range(turn, groups, apart))]
            made[turn * up + place :: apart * up] = rows @ weights
    return made


def _weights(place: int, up: int, down: int, half: int) -> Samples:
    if up * 2 * half <= _LARGEST_TABLE:
        return _table(up, down, half)[place]
    return _sinc(Fraction(place * down, up) % 1, min(Fraction(1), Fraction(up, down)), half)


@lru_cache(maxsize=4)
def _table(up: int, down: int, half: int) -> list[Samples]:
    low = min(Fraction(1), Fraction(up, down))
    return [_sinc(Fraction(place * down, up) % 1, low, half) for place in range(up)]


def _sinc(between: Fraction, low: Fraction, half: int) -> Samples:
    """Give the weights for a place that lies `between` one input sample and the next."""
    away = np.arange(-half + 1, half + 1) - float(between)
    window = np.i0(_KAISER * np.sqrt(np.clip(1 - (away / half) ** 2, 0, None)))
    weights: Samples = np.sinc(away * float(low) * _CUTOFF) * window
    return weights / weights.sum()


class _Feed:
    """Samples that come in blocks, looked at in overlapping stretches."""

    def __init__(self, blocks: Iterator[Samples]) -> None:
        self._blocks = blocks
        self._held: Samples = np.empty(0)

    def peek(self, count: int) -> Samples:
        parts, there = [self._held], len(self._held)
        while there < count:
            block = next(self._blocks, None)
            if block is None:
                block = np.zeros(count - there)
            parts.append(block)
            there += len(block)
        self._held = np.concatenate(parts)
        return self._held[:count]

    def drop(self, count: int) -> None:
        self._held = self._held[count:]
