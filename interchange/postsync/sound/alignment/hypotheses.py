"""Where a take may lie: straight lines of lag and tempo, from the likeness as a whole and from where speech begins and ends.

A take is read at eleven tempos against the line of the guide. A false start or a neighbour's line in the handles makes one
peak among others, so several go on to be followed closely.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from postsync.sound.alignment.lag_curve import straight
from postsync.sound.alignment.likeness import Array, Likeness
from postsync.sound.alignment.spectra import FRAMES_PER_SECOND

TEMPOS = tuple(0.8 + 0.045 * step for step in range(11))
MOST_PEAKS, MOST_PAIRS = 4, 4
APART_FRAMES = int(0.07 * FRAMES_PER_SECOND)
TEMPO_PRICE = 0.4
MOST_BENT_SECONDS = 2.5

_STEP = 2
_CLOSED_GAP_FRAMES = FRAMES_PER_SECOND // 4
_SHORTEST_SPEECH_FRAMES = FRAMES_PER_SECOND // 12
_LENGTHS = (0.75, 1.33)


@dataclass(frozen=True)
class Hypothesis:
    """A straight line: the lag (frames) at mid-line and how many times as long as the guide's line the take's is."""

    middle_lag: float
    tempo: float
    score: float = 0.0


def tempos_for(length: int) -> list[float]:
    """Give the tempos at which the ends of a line of that many frames stay within reach."""
    bent = MOST_BENT_SECONDS * FRAMES_PER_SECOND * 2 / max(length, 1)
    return [tempo for tempo in TEMPOS if abs(tempo - 1) <= bent + 1e-9] or [1.0]


def of_likeness(table: Likeness, middle_lags: tuple[int, int]) -> list[Hypothesis]:
    """Give the best peaks of the correlation over lags and tempos, lags at mid-line between the two given."""
    lags = np.arange(middle_lags[0], middle_lags[1] + 1, _STEP)
    found: list[Hypothesis] = []
    for tempo in tempos_for(len(table.guide_speech)):
        scores = _scores(table, lags, tempo) - TEMPO_PRICE * abs(math.log(tempo))
        for place in _peaks(scores)[: 2 * MOST_PEAKS]:
            found.append(Hypothesis(float(lags[place]), tempo, float(scores[place])))
    return _best_apart(found, MOST_PEAKS)


def _scores(table: Likeness, lags: Any, tempo: float) -> Array:
    """Correlate the whole line at a tempo with the take at each lag."""
    rows = np.arange(0, len(table.guide_speech), _STEP)
    bend = straight(len(table.guide_speech), 0, tempo)[rows]
    columns = table.columns(bend[:, None] + lags)
    products = np.take_along_axis(table.products[rows], columns, 1).sum(0)
    energy = table.take_energy[rows[:, None] + columns].sum(0) * table.guide_energy[rows].sum()
    made: Array = (products / np.sqrt(np.maximum(energy, 1e-9))).astype(np.float32, copy=False)
    return made


def _peaks(scores: Array) -> list[int]:
    """Give the places of the local maxima, the highest first."""
    inner = np.concatenate([[-np.inf], scores, [-np.inf]])
    places = np.flatnonzero((scores >= inner[:-2]) & (scores >= inner[2:]))
    return [int(place) for place in places[np.argsort(-scores[places])]]


def _best_apart(found: list[Hypothesis], most: int) -> list[Hypothesis]:
    kept: list[Hypothesis] = []
    for one in sorted(found, key=lambda one: -one.score):
        if all(abs(one.middle_lag - other.middle_lag) >= APART_FRAMES for other in kept):
            kept.append(one)
        if len(kept) == most:
            break
    return kept


def of_end_points(table: Likeness, take_speech: Array, middle_lags: tuple[int, int]) -> list[Hypothesis]:
    """Lay every run of the take's speech that is about as long as the guide's from end to end of it."""
    spoken = segments(table.guide_speech)
    if not spoken:
        return []
    begin, end = spoken[0][0] + table.first, spoken[-1][1] + table.first
    runs = segments(take_speech)
    found = [
        _from_ends((begin, end), (runs[one][0], runs[other][1]), table)
        for one in range(len(runs))
        for other in range(one, len(runs))
        if _LENGTHS[0] <= (runs[other][1] - runs[one][0]) / (end - begin) <= _LENGTHS[1]
    ]
    inside = [one for one in found if middle_lags[0] <= one.middle_lag <= middle_lags[1]]
    return sorted(inside, key=lambda one: abs(math.log(one.tempo)))[:MOST_PAIRS]


def _from_ends(guide: tuple[int, int], take: tuple[int, int], table: Likeness) -> Hypothesis:
    tempo = (take[1] - take[0]) / (guide[1] - guide[0])
    middle = table.first + (len(table.guide_speech) - 1) / 2
    lag = take[0] + (middle - guide[0]) * tempo - middle
    return Hypothesis(lag, tempo)


def segments(speech: Array, *, closed: int = _CLOSED_GAP_FRAMES) -> list[tuple[int, int]]:
    """Give where there is speech, as pairs of first and end frame; gaps that are shorter than `closed` count as speech."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], (speech > 0.1).astype(np.int8), [0]])))
    made: list[tuple[int, int]] = []
    for begin, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        if made and begin - made[-1][1] < closed:
            made[-1] = (made[-1][0], end)
        else:
            made.append((begin, end))
    return [one for one in made if one[1] - one[0] >= _SHORTEST_SPEECH_FRAMES]
