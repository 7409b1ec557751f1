"""Which of several lag curves is the take's, what slip it asks for, and how sure that is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from postsync.sound.alignment.hypotheses import Hypothesis
from postsync.sound.alignment.lag_curve import LagCurve
from postsync.sound.alignment.likeness import Array
from postsync.sound.alignment.spectra import FRAMES_PER_SECOND, Heard

OVERLAP_WORTH, SPILL_PRICE = 0.35, 0.8
OTHER_PLACE_FRAMES = int(0.08 * FRAMES_PER_SECOND)
OUTSIDE_FRAMES = int(0.3 * FRAMES_PER_SECOND)


@dataclass(frozen=True)
class Judged:
    """A lag curve and what speaks for it. `slip` and `spread` are frames."""

    curve: LagCurve
    slip: float
    spread: float
    correlation: float
    overlap: float
    spill: float
    tempo: float

    @property
    def score(self) -> float:
        """How much speaks for it, to choose by."""
        return self.correlation + OVERLAP_WORTH * (self.overlap - SPILL_PRICE * self.spill)

    def drift(self, speech: Array) -> float:
        """Give the slope of the lag over the line, by least squares where guide and take are alike."""
        weights = speech * np.clip(self.curve.correlation, 0, 1)
        total = max(float(weights.sum()), 1e-6)
        rows = np.arange(len(weights))
        away = rows - float((rows * weights).sum()) / total
        bent = self.curve.lags - float((self.curve.lags * weights).sum()) / total
        return float((weights * away * bent).sum() / max(float((weights * away**2).sum()), 1e-6))


def judged(curve: LagCurve, hypothesis: Hypothesis, guide: Heard, take: Heard, first: int) -> Judged:
    """Weigh a curve of which the first frame is frame `first` of the guide."""
    speech = guide.speech[first : first + len(curve.lags)]
    total = max(float(speech.sum()), 1e-6)
    weights = speech * np.clip(curve.correlation, 0, 1)
    slip = weighted_median(curve.lags, weights)
    places = np.arange(first, first + len(curve.lags)) + curve.lags
    there = _at(take.speech, places)
    return Judged(
        curve, slip, weighted_median(np.abs(curve.lags - slip), weights),
        float((curve.correlation * speech).sum()) / total,
        float(np.minimum(there, speech).sum()) / max(float(np.maximum(there, speech).sum()), 1e-6),
        _spill(take.speech, int(places[0]), int(places[-1])) / total,
        hypothesis.tempo,
    )  # fmt: skip


def _at(values: Array, places: Any) -> Array:
    inside = (places >= 0) & (places < len(values))
    made: Array = np.where(inside, values[np.clip(places, 0, len(values) - 1)], 0)
    return made


def _spill(speech: Array, begin: int, end: int) -> float:
    """Give how much speech of the take lies just outside the line: a line that goes on is not the one that was meant."""
    before = speech[max(0, begin - OUTSIDE_FRAMES) : max(0, begin)]
    after = speech[max(0, end + 1) : max(0, end + 1 + OUTSIDE_FRAMES)]
    return float(before.sum() + after.sum())


def weighted_median(values: Any, weights: Any) -> float:
    """Give the value with half of the weight on either side; the plain median where nothing weighs."""
    if float(weights.sum()) <= 0:
        return float(np.median(values))
    steps, place = np.unique(values, return_inverse=True)
    mass = np.bincount(place, weights)
    sums = np.cumsum(mass)
    middle = min(int(np.searchsorted(sums, sums[-1] / 2)), len(steps) - 1)
    # Lags are whole frames: within the middle one the median lies where half of the weight does.
    within = float(sums[-1] / 2 - sums[middle] + mass[middle] / 2) / max(float(mass[middle]), 1e-9)
    return float(steps[middle]) + within


def evidence(best: Judged, others: list[Judged]) -> Array:
    """Give what the confidence is made of: score, overlap, margin, spread, spill, tempo; about 0 to 1 each, and 1."""
    elsewhere = [one.score for one in others if abs(one.slip - best.slip) > OTHER_PLACE_FRAMES]
    margin = min(best.score - max(elsewhere), 0.5) if elsewhere else 0.5
    made: Array = np.array(
        [
            best.correlation, best.overlap, margin, min(best.spread * 10 / FRAMES_PER_SECOND, 2),
            min(best.spill, 1), abs(math.log(max(best.tempo, 1e-3))) * 4, 1,
        ],
        np.float32,
    )  # fmt: skip
    return made
