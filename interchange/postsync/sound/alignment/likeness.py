"""How alike guide and take are at each moment and lag: one row for each frame of the guide's line, one column a lag.

Computed once; every hypothesis, straight or bent, is a way through this table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from postsync.sound.alignment.spectra import Heard

Array = NDArray[np.float32]
Lags = NDArray[np.int64]

_ROWS = 128


@dataclass(frozen=True)
class Likeness:
    """Products of features over frames and lags. `first` is the guide's first frame, `lowest` the least lag (frames).

    `guide_energy` is of each row; `take_energy` and `take_speech` are of each frame of the take, from frame `first + lowest`.
    """

    products: Array
    first: int
    lowest: int
    guide_energy: Array
    guide_speech: Array
    take_energy: Array
    take_speech: Array

    def columns(self, lags: Any) -> Lags:
        """Give the columns of lags, within the table."""
        inside: Lags = np.clip(lags - self.lowest, 0, self.products.shape[1] - 1)
        return inside


def likeness(guide: Heard, take: Heard, line: tuple[int, int], lags: tuple[int, int]) -> Likeness:
    """Hold the line of a guide (first and end frame) against a take, at every lag from the first to the last given."""
    first, end = line
    lowest, width = lags[0], lags[1] - lags[0] + 1
    around = (first + lowest, end + lags[1])
    take_features, take_speech = _within(take.features, *around), _within(take.speech, *around)
    guide_features = np.ascontiguousarray(guide.features[first:end])
    return Likeness(
        _products(guide_features, take_features, width), first, lowest,
        np.square(guide_features).sum(1), guide.speech[first:end], np.square(take_features).sum(1), take_speech,
    )  # fmt: skip


def _within(rows: Array, begin: int, end: int) -> Array:
    """Give rows from `begin` to `end`, nothing where there are none."""
    inside = rows[max(begin, 0) : max(end, 0)]
    before = min(max(-begin, 0), end - begin)
    made = np.zeros((end - begin, *rows.shape[1:]), np.float32)
    made[before : before + len(inside)] = inside
    return made


def _products(guide: Array, take: Array, width: int) -> Array:
    """Give the products of each row of the guide with the rows of the take that lie at a lag: blocks, read aslant."""
    made = np.empty((len(guide), width), np.float32)
    for at in range(0, len(guide), _ROWS):
        rows = guide[at : at + _ROWS]
        block = rows @ take[at : at + len(rows) + width - 1].T
        down, across = block.strides
        made[at : at + _ROWS] = as_strided(block, (len(rows), width), (down + across, across))
    return made


def window_sums(values: Any, width: int) -> Any:
    """Give the sum over a centred window of an even number of frames along the first axis but one, shorter at the ends."""
    half = width // 2
    sums = np.cumsum(values, axis=-2, dtype=np.float64)
    sums = np.concatenate([np.zeros_like(sums[..., :1, :]), sums], axis=-2)
    count = values.shape[-2]
    ends = np.minimum(np.arange(count) + half + 1, count)
    begins = np.maximum(np.arange(count) - half, 0)
    return sums[..., ends, :] - sums[..., begins, :]
