"""Amounts against a guide in words, and how bad they are: in samples, milliseconds and frames; early or late."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from postsync.timing import Rate
from postsync.wording import counted

HALF_FRAME, FRAMES_EARLY, FRAMES_LATE = Fraction(1, 2), Fraction(1), Fraction(3, 2)
"""In sync up to the first, to be checked up to the others: late is forgiven more than early, for light is faster than sound."""


def amount(samples: int, sample_rate: int, rate: Rate) -> dict[str, Any]:
    """Give the facts of an offset: positive is late."""
    seconds = Fraction(abs(samples), sample_rate)
    ms, frames = float(seconds * 1000), float(seconds * rate.fps)
    words = f"{counted(abs(samples), 'sample')} ({ms:.2f} ms, {frames:.2f} frames)"
    return {
        "amount": words,
        "side": "late" if samples > 0 else "early",
        "samples": samples,
        "ms": f"{float(Fraction(samples * 1000, sample_rate)):.3f}",
        "frames": f"{float(Fraction(samples, sample_rate) * rate.fps):.4f}",
    }


def severity_of(samples: int, sample_rate: int, rate: Rate) -> str:
    """Give how bad it is that sound lies so many samples late (below zero: early)."""
    frames = Fraction(samples, sample_rate) * rate.fps
    if abs(frames) <= HALF_FRAME:
        return "note"
    return "warning" if -FRAMES_EARLY <= frames <= FRAMES_LATE else "error"


def speed_facts(speed: Fraction) -> dict[str, Any]:
    """Give the facts of a speed: that of the sound in the guide against its own."""
    return {
        "ratio": f"{speed.numerator}/{speed.denominator}",
        "percent": f"{abs(float(speed - 1)) * 100:.3g}",
        "side": "fast" if speed > 1 else "slow",
    }
