"""The lag of a take against its guide from moment to moment: the cheapest way through the local likeness round a straight line.

Following the likeness earns, changing the lag costs: much while the guide speaks, little in its silences, where an actor pauses
as he likes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from postsync.sound.alignment.likeness import Array, Lags, Likeness, window_sums
from postsync.sound.alignment.spectra import FRAMES_PER_SECOND

WINDOW_FRAMES = FRAMES_PER_SECOND // 4
REACH_FRAMES = int(0.35 * FRAMES_PER_SECOND)

CHANGE_IN_SPEECH, CHANGE_IN_SILENCE = 0.30, 0.04
"""What a change of the lag by one frame costs, in frames of full likeness."""


@dataclass(frozen=True)
class LagCurve:
    """Lags in frames, one for each frame of the line, and the local correlation there."""

    lags: Lags
    correlation: Array


def straight(length: int, middle_lag: float, tempo: float) -> Lags:
    """Give the lags of a take that is `tempo` times as long as its guide and has a lag at mid-line."""
    away = np.arange(length) - (length - 1) / 2
    line: Lags = np.rint(middle_lag + (tempo - 1) * away).astype(np.int64)
    return line


def follow(table: Likeness, lines: list[Lags]) -> list[LagCurve]:
    """Bend each straight line to where guide and take are most alike, at most 350 ms away from it."""
    around = np.stack(lines)[:, :, None] + np.arange(-REACH_FRAMES, REACH_FRAMES + 1)
    local = _local_correlation(table, around)
    paths = _cheapest(local * table.guide_speech[:, None], _price(table.guide_speech))
    rows = np.arange(around.shape[1])
    return [LagCurve(around[one, rows, path], local[one, rows, path]) for one, path in enumerate(paths)]


def _local_correlation(table: Likeness, lags: Any) -> Array:
    """Give the correlation in a window of 250 ms that moves along each line, for each lag beside it."""
    rows = np.arange(lags.shape[1])
    columns = table.columns(lags)
    products = table.products[rows[:, None], columns]
    energies = table.take_energy[rows[:, None] + columns]
    own = window_sums(table.guide_energy[:, None], WINDOW_FRAMES)
    below = np.sqrt(np.maximum(window_sums(energies, WINDOW_FRAMES) * own, 1e-9))
    made: Array = (window_sums(products, WINDOW_FRAMES) / below).astype(np.float32)
    return made


def _price(speech: Array) -> Array:
    smooth = np.clip(window_sums(speech[:, None], 20)[:, 0] / 21, 0, 1)
    price: Array = (CHANGE_IN_SILENCE + (CHANGE_IN_SPEECH - CHANGE_IN_SILENCE) * smooth).astype(np.float32)
    return price


def _cheapest(gain: Array, price: Array) -> Any:
    """Give the columns of the way with the greatest gain less the price of its changes, for each of several tables."""
    tables, length, width = gain.shape
    places = np.arange(width, dtype=np.float32)
    best = np.empty_like(gain)
    best[:, 0] = gain[:, 0]
    for row in range(1, length):
        slope = price[row] * places
        rising = np.maximum.accumulate(best[:, row - 1] + slope, axis=1) - slope
        falling = np.maximum.accumulate((best[:, row - 1] - slope)[:, ::-1], axis=1)[:, ::-1] + slope
        best[:, row] = np.maximum(rising, falling) + gain[:, row]
    path = np.empty((tables, length), np.int64)
    path[:, -1] = best[:, -1].argmax(1)
    for row in range(length - 1, 0, -1):
        away = np.abs(places - path[:, row, None])
        path[:, row - 1] = (best[:, row - 1] - price[row] * away).argmax(1)
    return path
