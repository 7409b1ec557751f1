"""What a measurement of sync says: offset, spread, confidence, drift, phrases, verdict.

Verdicts forgive late sound more than early sound, as eyes do (ITU-R BT.1359): in sync within half a frame, worth a look up to
one frame early or one and a half late, off beyond that. What is not sure is said to be unsure, whatever the number.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from typing import Any

from postsync.timing import fraction_text

IN_SYNC, CHECK, OFF, UNSURE, NOTHING = "in sync", "check", "off", "unsure", "nothing to compare"


@dataclass(frozen=True)
class Limits:
    """When a take is in sync, in frames of picture, and from which confidence (0 to 1) on a number is believed."""

    in_sync: Fraction = Fraction(1, 2)
    check_early: Fraction = Fraction(1)
    check_late: Fraction = Fraction(3, 2)
    believed: float = 0.5

    def verdict(self, frames_late: Fraction, confidence: float) -> str:
        """Give the verdict on an offset in frames; positive is late."""
        if confidence < self.believed:
            return UNSURE
        if abs(frames_late) <= self.in_sync:
            return IN_SYNC
        return CHECK if -self.check_early <= frames_late <= self.check_late else OFF


LIMITS = Limits()


@dataclass(frozen=True)
class Phrase:
    """A stretch of the take between two of its silences, and by how many samples it lies late: slip it earlier by that.

    `take_in` and `take_out` are samples of the take; neighbours meet in the middle of a silence. Its words last from
    `speech_in` to `speech_out`. All are counted at the rate of the measurement.
    """

    take_in: int
    take_out: int
    offset_samples: int
    speech_in: int
    speech_out: int


@dataclass(frozen=True)
class LagPoint:
    """By how many samples the take is late at a sample of the guide, and how alike both are there (0 to 1)."""

    guide_sample: int
    offset_samples: int
    likeness: float

    def later(self, samples: int) -> LagPoint:
        """Give the point of a take that was laid so many samples later."""
        return replace(self, offset_samples=self.offset_samples + samples)

    def moved(self, samples: int) -> LagPoint:
        """Give the point that lies so many samples later in the guide."""
        return replace(self, guide_sample=self.guide_sample + samples)


@dataclass(frozen=True)
class Alignment:
    """How a take lies against its guide when its first sample lies where it was expected.

    Offsets are samples at `sample_rate`, positive where the take is late. `spread_ms` is the median deviation round the offset:
    below that a single slip cannot be better. `drift` is how many samples the take gets later for each sample. `line` is the
    stretch of the guide that counted, `worst` the moment farthest from the offset, `evidence` what the confidence is made of.
    """

    sample_rate: int
    offset_samples: int = 0
    spread_ms: float = 0.0
    confidence: float = 0.0
    verdict: str = NOTHING
    same_recording: bool = False
    tempo_ratio: float = 1.0
    drift: float = 0.0
    line: tuple[int, int] = (0, 0)
    phrases: tuple[Phrase, ...] = ()
    worst: LagPoint | None = None
    curve: tuple[LagPoint, ...] = ()
    frame_rate: Fraction = Fraction(24)
    reason: str | None = None
    evidence: tuple[float, ...] = ()

    @property
    def offset_seconds(self) -> Fraction:
        """Give the offset in seconds; positive is late."""
        return Fraction(self.offset_samples, self.sample_rate)

    @property
    def offset_frames(self) -> Fraction:
        """Give the offset in frames of picture; positive is late."""
        return self.offset_seconds * self.frame_rate

    @property
    def sure(self) -> bool:
        """Whether the offset is believed."""
        return self.verdict in (IN_SYNC, CHECK, OFF)

    def moved(self, *, guide: int, take: int, length: int) -> Alignment:
        """Give the same measurement counted from so many samples earlier in guide and take; the offset stays.

        The first phrase begins with the take, the last ends with it, after `length` samples.
        """
        cuts = [0, *(one.take_out + take for one in self.phrases[:-1]), length]
        return replace(
            self,
            line=(self.line[0] + guide, self.line[1] + guide),
            phrases=tuple(
                Phrase(*edges, one.offset_samples, one.speech_in + take, one.speech_out + take)
                for edges, one in zip(pairwise(cuts), self.phrases, strict=False)
            ),
            worst=None if self.worst is None else self.worst.moved(guide),
            curve=tuple(point.moved(guide) for point in self.curve),
        )

    def laid_later(self, samples: int, limits: Limits) -> Alignment:
        """Give the same measurement of a take that was laid so many samples later."""
        found = replace(
            self,
            offset_samples=self.offset_samples + samples,
            phrases=tuple(replace(one, offset_samples=one.offset_samples + samples) for one in self.phrases),
            worst=None if self.worst is None else self.worst.later(samples),
            curve=tuple(point.later(samples) for point in self.curve),
        )
        verdict = limits.verdict(found.offset_frames, found.confidence)
        return self if self.reason is not None else replace(found, verdict=verdict)

    def to_json(self) -> dict[str, Any]:
        """Give the measurement as plain values; milliseconds are rounded, samples and seconds are exact."""
        return {
            "verdict": self.verdict,
            "sample_rate": self.sample_rate,
            "offset_samples": self.offset_samples,
            "offset_seconds": fraction_text(self.offset_seconds),
            "offset_ms": self.milliseconds(self.offset_samples),
            "offset_frames": round(float(self.offset_frames), 2),
            "direction": "late" if self.offset_samples > 0 else "early" if self.offset_samples < 0 else None,
            "spread_ms": round(self.spread_ms, 1),
            "confidence": round(self.confidence, 3),
            "same_recording": self.same_recording,
            "tempo_ratio": round(self.tempo_ratio, 3),
            "drift_ms_per_second": round(self.drift * 1000, 1),
            "line": list(self.line),
            "phrases": [
                {"take_in": one.take_in, "take_out": one.take_out, "offset_samples": one.offset_samples,
                 "offset_ms": self.milliseconds(one.offset_samples)}
                for one in self.phrases
            ],
            "worst": None if self.worst is None else {
                "guide_sample": self.worst.guide_sample, "offset_ms": self.milliseconds(self.worst.offset_samples)
            },
            "reason": self.reason,
        }  # fmt: skip

    def milliseconds(self, samples: int) -> float:
        """Give samples as milliseconds, rounded to a tenth, for people."""
        return round(float(Fraction(samples * 1000, self.sample_rate)), 1)
