"""Where a take's first sample lies on the timeline: at its time stamp, at its cue, or where its words fit the guide.

Every place is a whole sample of the session, rounded once, so that it is exact in every format that counts samples.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Literal

from postsync.model import Cue, TimelineFacts
from postsync.placing.matching import USUAL_RATE
from postsync.placing.pairings import Pairing
from postsync.timing import round_half_up

By = Literal["auto", "cue", "stamp", "sync"]
"""What a take is placed by.

>>> from typing import get_args
>>> get_args(By)
('auto', 'cue', 'stamp', 'sync')
"""

SYNC_WORDS = frozenset({"in", "sync", "start", "cue in", "line", "in point"})
"""Labels of points in a WAV that mark where the line begins, beside the number of the cue."""


@dataclass(frozen=True)
class Piece:
    """A stretch of a take between two of its silences (exact seconds of the take) that lies so many seconds late.

    >>> Piece(Fraction(0), Fraction(2), offset=Fraction(1, 100)).offset
    Fraction(1, 100)
    """

    take_in: Fraction
    take_out: Fraction
    offset: Fraction


@dataclass(frozen=True)
class Measured:
    """How late a take lies, in exact seconds, when it begins where it was expected; `sure` where that is believed.

    `says` is what a person reads of it: the offset, the confidence, or why nothing could be measured. `pieces` have each an
    offset of its own.

    >>> Measured(Fraction(1, 24), confidence=0.99, sure=True, says="41.7 ms late").offset
    Fraction(1, 24)
    """

    offset: Fraction
    confidence: float
    sure: bool
    says: str
    pieces: tuple[Piece, ...] = ()

    @classmethod
    def nothing(cls, why: str) -> Measured:
        """Say why nothing was measured."""
        return cls(Fraction(0), 0.0, False, why)


@dataclass(frozen=True)
class Anchor:
    """Where the first sample lies in exact seconds of the timeline, what put it there, and what is to be said of that.

    `slip` is how much later than by stamp or cue it lies. `pieces` are there where each is slipped by its own offset; those
    count from the place without a slip.

    >>> from postsync.model import timeline_cues, timeline_facts
    >>> takes = read_takes([Path("ADR takes")], report)
    >>> matching = match_takes(takes, timeline_cues(timeline), timeline_facts(timeline))
    >>> anchor = place_takes(timeline, matching, PlacingPlan(by="stamp")).rows[1].anchor
    >>> anchor.placed_by, anchor.slip
    ('stamp', Fraction(0, 1))
    """

    place: Fraction
    placed_by: str
    slip: Fraction = Fraction(0)
    confidence: float | None = None
    remark: str | None = None
    pieces: tuple[Piece, ...] = ()


Measure = Callable[[Cue, Pairing, Anchor], Measured]
"""Measures a take against the guide of its cue. The anchor says where the take is expected, and why there.

>>> def in_sync(cue, pairing, anchor):
...     return Measured(Fraction(0), confidence=1.0, sure=True, says="in sync")
>>> from postsync.model import timeline_cues, timeline_facts
>>> takes = read_takes([Path("ADR takes")], report)
>>> matching = match_takes(takes, timeline_cues(timeline), timeline_facts(timeline))
>>> placing = place_takes(timeline, matching, PlacingPlan(by="sync"), measure=in_sync)
>>> [row.anchor.placed_by for row in placing.rows if row.anchor][:1]
['sync']
"""


def on_sample(time: Fraction, facts: TimelineFacts) -> Fraction:
    """Give the sample of the session nearest to a time."""
    rate = facts.sample_rate or USUAL_RATE
    return Fraction(round_half_up(time * rate), rate)


def on_frame(time: Fraction, facts: TimelineFacts, low: Fraction, high: Fraction) -> Fraction:
    """Give the place nearest to a time, between two others, that is both a frame and a sample of the session.

    Picture editors cut sound on frames, and Final Cut minds an edge that lies elsewhere. Where there is no such place, or it
    is too far, the nearest sample: at 29.97 frames only every fifth is one.
    """
    sample, frame = Fraction(1, facts.sample_rate or USUAL_RATE), facts.rate.seconds_per_frame
    step = Fraction(
        lcm(sample.numerator * frame.denominator, frame.numerator * sample.denominator),
        sample.denominator * frame.denominator,
    )
    time = min(max(time, low), high)
    nearest = round_half_up(time / step) * step
    inside = [place for place in (nearest, nearest + step, nearest - step) if low <= place <= high]
    if inside and abs(inside[0] - time) <= FARTHEST_FRAME:
        return inside[0]
    return on_sample(time, facts) if low <= on_sample(time, facts) <= high else time


def anchor(
    pairing: Pairing,
    by: By,
    facts: TimelineFacts,
    head: Fraction | None,
    measure: Measure | None,
    *,
    phrases: bool = False,
) -> Anchor:
    """Say where a take lies. `head` is how long before the line a take without a stamp begins, where that is known.

    With `phrases` each phrase is slipped by its own offset, where a measurement gives several.
    """
    cue = pairing.cue
    assert cue is not None
    start = _by_stamp(pairing, cue, by, facts) or _by_cue(pairing, cue, facts, head)
    if by != "sync" or measure is None:
        return start
    measured = measure(cue, pairing, start)
    if not measured.sure:
        return _with_remark(start, f"not slipped: {measured.says}", measured.confidence)
    place = on_sample(start.place - measured.offset, facts)
    pieces = measured.pieces if phrases and len(measured.pieces) > 1 else ()
    return Anchor(place, "sync", place - start.place, measured.confidence, measured.says, pieces)


def _with_remark(start: Anchor, remark: str, confidence: float | None = None) -> Anchor:
    remark = f"{start.remark}; {remark}" if start.remark else remark
    return Anchor(start.place, start.placed_by, start.slip, confidence, remark)


def _by_stamp(pairing: Pairing, cue: Cue, by: By, facts: TimelineFacts) -> Anchor | None:
    """Give the place of the stamp; unless it was asked for by name, only where the take then reaches its cue."""
    if by == "cue" or pairing.stamp_place is None or pairing.kind == "wild":
        return None
    place = on_sample(pairing.stamp_place, facts)
    start = cue.seconds_in(facts)
    reaches = place < (cue.seconds_out(facts) or start) + LEAST and start < place + pairing.recorded.duration
    if reaches:
        return Anchor(place, "stamp")
    return Anchor(place, "stamp", remark="by its stamp it does not reach the cue") if by == "stamp" else None


LEAST = Fraction(1, 1000)

FARTHEST_FRAME = Fraction(1, 5)
"""Seconds by which a handle may be longer or shorter so that a clip begins on a frame."""


def _by_cue(pairing: Pairing, cue: Cue, facts: TimelineFacts, head: Fraction | None) -> Anchor:
    """Give the place at the cue: the point that marks the line, else a known head before it, else the take's first sample."""
    start, take = cue.seconds_in(facts), pairing.recorded
    for point in take.cue_points:
        label = (point.label or "").strip().casefold()
        if label and (label in SYNC_WORDS or label == (cue.number or "").casefold()):
            at = Fraction(point.position, take.sample_rate)
            return Anchor(on_sample(start - at, facts), "cue", remark=f"its point {point.label!r} lies at the cue")
    if head and head < take.duration and pairing.kind != "wild":
        return Anchor(on_sample(start - head, facts), "cue", remark="its line is taken to begin after the pre-roll")
    return Anchor(on_sample(start, facts), "cue")
