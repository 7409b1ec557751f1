"""One slip for each phrase: the take cut in its own silences, each piece with the lag that it has against the guide.

An actor who pauses longer than the guide is late from there on; one slip for the whole line then puts half of it wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from postsync.sound.alignment.hypotheses import segments
from postsync.sound.alignment.judging import Judged, weighted_median
from postsync.sound.alignment.spectra import FRAMES_PER_SECOND, Heard

LEAST_SILENCE_FRAMES = round(0.08 * FRAMES_PER_SECOND)
LEAST_PHRASE_FRAMES = round(0.2 * FRAMES_PER_SECOND)
_SOFT_EDGE = LEAST_SILENCE_FRAMES // 4
"""Frames of a silence on either side that are left alone: words begin and end softer than what is taken for speech."""

SAME_SLIP_FRAMES = 0.02 * FRAMES_PER_SECOND


@dataclass(frozen=True)
class Piece:
    """A stretch of the take in frames, the speech in it, and its slip."""

    begin: int
    end: int
    speech: tuple[int, int]
    slip: float


def phrases(best: Judged, guide: Heard, take: Heard, first: int) -> list[Piece]:
    """Give the phrases of a take whose line begins at frame `first` of the guide; cuts lie in the middle of silences."""
    lags = best.curve.lags
    places = np.arange(first, first + len(lags)) + lags
    weights = guide.speech[first : first + len(lags)] * np.clip(best.curve.correlation, 0, 1)
    spoken = _long_enough(_inside(segments(take.speech, closed=LEAST_SILENCE_FRAMES), places))
    if not spoken:
        return []
    slips = [_slip(begin, end, places, lags, weights, best.slip) for begin, end in spoken]
    merged = _merged(spoken, slips, places, lags, weights)
    cuts = [0, *((one[1] + other[0]) // 2 for one, other in pairwise(merged)), len(take)]
    return [
        Piece(begin, end, (one[0] - _SOFT_EDGE, one[1] + _SOFT_EDGE), one[2])
        for (begin, end), one in zip(pairwise(cuts), merged, strict=True)
    ]


def _inside(spoken: list[tuple[int, int]], places: Any) -> list[tuple[int, int]]:
    """Give the speech that the line covers, not that of neighbours in the handles."""
    return [one for one in spoken if one[1] > places[0] and one[0] < places[-1]]


def _long_enough(spoken: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join what is too short to be measured to the nearer neighbour."""
    made = list(spoken)
    while len(made) > 1:
        short = min(range(len(made)), key=lambda one: made[one][1] - made[one][0])
        if made[short][1] - made[short][0] >= LEAST_PHRASE_FRAMES:
            break
        gaps = [made[one + 1][0] - made[one][1] for one in range(len(made) - 1)]
        before = short > 0 and (short == len(made) - 1 or gaps[short - 1] <= gaps[short])
        left = short - 1 if before else short
        made[left : left + 2] = [(made[left][0], made[left + 1][1])]
    return made


def _slip(begin: int, end: int, places: Any, lags: Any, weights: Any, otherwise: float) -> float:
    chosen = (places >= begin) & (places < end)
    return weighted_median(lags[chosen], weights[chosen]) if weights[chosen].sum() > 0 else otherwise


def _merged(
    spoken: list[tuple[int, int]], slips: list[float], places: Any, lags: Any, weights: Any
) -> list[tuple[int, int, float]]:
    """Make neighbours one that ask for the same slip, within 20 ms; give first and end frame of the speech, and the slip."""
    made: list[tuple[int, int, float]] = []
    for (begin, end), slip in zip(spoken, slips, strict=True):
        if made and abs(made[-1][2] - slip) <= SAME_SLIP_FRAMES:
            begin = made.pop()[0]
            slip = _slip(begin, end, places, lags, weights, slip)
        made.append((begin, end, slip))
    return made
