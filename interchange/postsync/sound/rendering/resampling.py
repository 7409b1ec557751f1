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
_MOST_PLACES = 2048
"""Rates that have more places than this between them share tables this fine, with a straight line between two of them."""


def resampled(source: Source, start: int, count: int, ratio: Fraction) -> Iterator[Samples]:
    """Yield `count` samples from `start` at `ratio` times the rate of the source."""
    up, down = ratio.numerator, ratio.denominator
    half = math.ceil(HALF_WIDTH / min(Fraction(1), ratio))
    if up > _MOST_PLACES:
        yield from _at_any_place(source, start, count, ratio, half)
        return
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
    table = _table(up, down, half)
    for place in range(up):
        offset, weights = place * down // up, table[place]
        for turn in range(min(apart, groups)):
            rows = windows[offset + turn * down :: apart * down][: len(range(turn, groups, apart))]
            made[turn * up + place :: apart * up] = rows @ weights
    return made


def _at_any_place(source: Source, start: int, count: int, ratio: Fraction, half: int) -> Iterator[Samples]:
    """Yield samples of rates that hardly ever meet: what lies between two places of the table is drawn straight."""
    up, down = ratio.numerator, ratio.denominator
    table = _even_table(min(Fraction(1), ratio), half)
    first = start * down // up
    feed = _Feed(source(first - half + 1, (start + count) * down // up - first + 2 * half))
    step = max(1, (1 << 20) // half)
    for at in range(start, start + count, step):
        exact = np.arange(at, min(at + step, start + count), dtype=object) * down
        base = (exact // up).astype(np.int64)
        between = (exact % up / up).astype(np.float64) * _MOST_PLACES
        windows = sliding_window_view(feed.peek(int(base[-1]) - first + 2 * half), 2 * half)[base - first]
        low, part = between.astype(np.int64), (between % 1)[:, None]
        yield np.einsum("ij,ij->i", windows, table[low] * (1 - part) + table[low + 1] * part)
        feed.drop(int(base[-1]) - first)
        first = int(base[-1])


@lru_cache(maxsize=4)
def _table(up: int, down: int, half: int) -> list[Samples]:
    low = min(Fraction(1), Fraction(up, down))
    return [_sinc(Fraction(place * down, up) % 1, low, half) for place in range(up)]


@lru_cache(maxsize=1)
def _even_table(low: Fraction, half: int) -> Samples:
    return np.stack([_sinc(Fraction(place, _MOST_PLACES), low, half) for place in range(_MOST_PLACES + 1)])


def _sinc(between: Fraction, low: Fraction, half: int) -> Samples:
    """Give the weights for a place that lies `between` one input sample and the next."""
    away = np.arange(-half + 1, half + 1) - float(between)
    window = np.i0(_KAISER * np.sqrt(np.clip(1 - (away / half) ** 2, 0, None)))
    weights: Samples = np.sinc(away * float(low) * _CUTOFF) * window
    weights /= weights.sum()
    return weights


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
