"""How sure a measurement is: the chance that its slip is as good as any single slip can be, within 20 ms.

A logistic of what speaks for it, fitted by `benchmarks/alignment_calibration.py` to made pairs whose truth is known.
"""

from __future__ import annotations

import math

import numpy as np

from postsync.sound.alignment.likeness import Array

NAMES = ("correlation", "overlap", "margin", "spread", "spill", "tempo", "one")
WEIGHTS = (4.55, 0.0, 5.38, -1.48, -11.55, -0.22, -0.80)
UNUSED = frozenset({"overlap"})
"""What is left out of the confidence: how much both speak at once says more of how tightly the line was cut."""

SURE = 0.999
"""The confidence of two recordings that are one and the same."""


def confidence(evidence: Array) -> float:
    """Give the chance, 0 to 1, from the evidence of `judging`."""
    return 1 / (1 + math.exp(-float(np.clip(np.dot(evidence, WEIGHTS), -30, 30))))
