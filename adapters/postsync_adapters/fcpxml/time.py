"""Time in FCPXML: exact values, the clock of each element, conforming of frame rates, and retiming.

Every element has a local time of its own. `Clock` maps it to the programme: `programme(t) = origin + pace * t`, where the
pace is programme seconds per local second. The conform factors are those that Final Cut's own timecodes show; Apple's chart
says otherwise for 23.98 in 50 and in 59.94.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache, partial
from itertools import pairwise
from math import gcd
from typing import NamedTuple

from postsync.timing import round_half_up

Window = tuple[Fraction, Fraction]
"""A stretch of programme time, its end exclusive."""

ZERO, ONE = Fraction(0), Fraction(1)
FOREVER: Window = (Fraction(-(10**12)), Fraction(10**12))

_bare = partial(object.__new__, Fraction)


def quotient(top: int, bottom: int) -> Fraction:
    """Make an exact fraction of two whole numbers, the lower above zero: a quarter of what asking its constructor takes.

    A document has several hundred thousand times, and making them would be half of reading it.
    """
    made: Fraction = _bare()
    shared = gcd(top, bottom)
    made._numerator, made._denominator = top // shared, bottom // shared  # type: ignore[attr-defined]
    return made


def plus(one: Fraction, other: Fraction) -> Fraction:
    """Add two exact times."""
    return sum_of(one.as_integer_ratio(), other.as_integer_ratio())


def sum_of(one: tuple[int, int], other: tuple[int, int]) -> Fraction:
    """Add two exact times that are given as pairs of whole numbers."""
    (top, bottom), (other_top, other_bottom) = one, other
    if bottom == other_bottom:
        top += other_top
    else:
        top, bottom = top * other_bottom + other_top * bottom, bottom * other_bottom
    made: Fraction = _bare()  # as `quotient`, which to call would be a fifth of it
    shared = gcd(top, bottom)
    made._numerator, made._denominator = top // shared, bottom // shared  # type: ignore[attr-defined]
    return made


def minus(one: Fraction, other: Fraction) -> Fraction:
    """Take one exact time from another."""
    (top, bottom), (other_top, other_bottom) = one.as_integer_ratio(), other.as_integer_ratio()
    if bottom == other_bottom:
        return quotient(top - other_top, bottom)
    return quotient(top * other_bottom - other_top * bottom, bottom * other_bottom)


def precedes(one: Fraction, other: Fraction) -> bool:
    """Say whether an exact time lies before another."""
    (top, bottom), (other_top, other_bottom) = one.as_integer_ratio(), other.as_integer_ratio()
    return top * other_bottom < other_top * bottom


LONGEST = 10**9
"""Seconds beyond which no time is meant: thirty years."""

_SECONDS = re.compile(r"\s*(-?\d{1,24}(?:\.\d{1,18})?)(?:/(\d{1,18}))?s?\s*", re.ASCII)


def whole_pair(text: str) -> tuple[int, int] | None:
    """Read a time that is two short whole numbers, as nearly every one is; None where it is another, or none."""
    top, line, bottom = text.removesuffix("s").partition("/")
    if top.isdecimal() and (bottom.isdecimal() if line else not bottom) and len(text) < 19 and text.isascii():
        unit = int(bottom or 1)
        return (int(top), unit) if unit else None
    return None


def _seconds(text: str) -> Fraction | None:
    pair = whole_pair(text)
    if pair is None:
        return _seconds_by_rule(text)
    return quotient(*pair) if pair[0] else ZERO


def _seconds_by_rule(text: str) -> Fraction | None:
    match = _SECONDS.fullmatch(text)
    if match is None or (match[2] is not None and int(match[2]) == 0):
        return None
    return Fraction(match[1]) / int(match[2] or 1) or ZERO


@lru_cache(maxsize=65536)
def seconds(text: str) -> Fraction | None:
    """Read `1001/24000s`, `5s` or the `1.5s` of scripts exactly; None where it is no time."""
    return _seconds(text)


@lru_cache(maxsize=65536)
def near_seconds(text: str) -> Fraction | None:
    """Read a time as `seconds` does; None also for one beyond `LONGEST`."""
    value = _seconds(text)
    return None if value is None or abs(value.numerator) > LONGEST * value.denominator else value


FLICKS = 705_600_000
"""Units per second that hold every usual frame and sample whole: the grid for times that OpenTimelineIO cannot hold."""

_LARGEST = 2**53


def is_holdable(time: Fraction) -> bool:
    """Say whether OpenTimelineIO's numbers hold an exact time."""
    top, bottom = time.as_integer_ratio()
    return -_LARGEST <= top <= _LARGEST and bottom <= _LARGEST


def holdable(time: Fraction) -> Fraction:
    """Give a time as it is, or on the nearest flick where its exact fraction is wider than OpenTimelineIO's numbers."""
    return time if is_holdable(time) else nearest_flick(time)


def nearest_flick(time: Fraction) -> Fraction:
    """Give the nearest flick; frames and samples stay where they are."""
    if FLICKS % time.denominator == 0:
        return time
    return Fraction(round_half_up(time * FLICKS), FLICKS)


def meet(one: Window, other: Window) -> Window:
    """Give what two stretches share; empty where its end is not after its start."""
    if other is FOREVER:
        return one
    if one is FOREVER:
        return other
    begin = other[0] if precedes(one[0], other[0]) else one[0]
    return begin, other[1] if precedes(other[1], one[1]) else one[1]


def share(one: Window, other: Window) -> bool:
    """Say whether two stretches share anything."""
    return precedes(*meet(one, other))


def holds(window: Window, time: Fraction) -> bool:
    """Say whether a time lies inside; a time at the end does not."""
    return precedes(time, window[1]) and not precedes(time, window[0])


class Clock(NamedTuple):
    """The local time of one element, seen from the programme.

    Nearly every pace is `ONE` and the clock of a sequence begins at `ZERO`: those very objects spare the arithmetic.
    """

    origin: Fraction
    pace: Fraction

    def programme(self, local: Fraction) -> Fraction:
        """Give the programme time of a local time."""
        scaled = local if self.pace is ONE else self.pace * local
        return scaled if self.origin is ZERO else plus(self.origin, scaled)

    def local(self, programme: Fraction) -> Fraction:
        """Give the local time at a programme time."""
        since = programme if self.origin is ZERO else minus(programme, self.origin)
        return since if self.pace is ONE else since / self.pace

    def window(self, start: Fraction, end: Fraction) -> Window:
        """Give the programme stretch of a local one; a reversed clock turns it round."""
        one, other = self.programme(start), self.programme(end)
        return (other, one) if precedes(other, one) else (one, other)


def clock_from(begin: Fraction, start: Fraction, pace: Fraction) -> Clock:
    """Make the clock of an element that shows its local `start` at the programme time `begin`."""
    if start is ZERO:
        return Clock(begin, pace)
    return Clock(minus(begin, start if pace is ONE else pace * start), pace)


# ------------------------------------------------------------------------------------------------------- conforming

SOURCE_RATES: dict[str, Fraction] = {
    "23.98": Fraction(24000, 1001),
    "29.97": Fraction(30000, 1001),
    "47.95": Fraction(48000, 1001),
    "59.94": Fraction(60000, 1001),
    "119.88": Fraction(120000, 1001),
    **{str(whole): Fraction(whole) for whole in (24, 25, 30, 48, 50, 60, 90, 100, 120)},
}
"""The values of `srcFrameRate`."""

_NEAR = Fraction(1, 20)
_ODD_PAIRS = {(Fraction(24000, 1001), Fraction(60000, 1001)): Fraction(1000, 1001)}
"""Frame-exact against the times shown by Final Cut."""


def conform_factor(source: Fraction, timeline: Fraction) -> Fraction:
    """Give timeline seconds per source second where Final Cut conforms one rate to another.

    Neighbours (24 in 25, 23.98 in 24) play frame for frame; other pairs only change between whole and 1000/1001 rates.
    """
    if (source, timeline) in _ODD_PAIRS:
        return _ODD_PAIRS[source, timeline]
    ratio = source / timeline
    if abs(ratio - 1) < _NEAR:
        return ratio
    pulled, timeline_pulled = source.denominator == 1001, timeline.denominator == 1001
    if pulled == timeline_pulled:
        return ONE
    return Fraction(1000, 1001) if pulled else Fraction(1001, 1000)


# -------------------------------------------------------------------------------------------------------- retiming


@dataclass(frozen=True)
class Segment:
    """A stretch of adjusted time in which the speed is constant: `value(t) = value_in + speed * (t - time_in)`."""

    time_in: Fraction
    time_out: Fraction
    anchor: Fraction
    value: Fraction
    speed: Fraction


@dataclass(frozen=True)
class TimeMap:
    """A retime: adjusted local time to original local time, linear between points and beyond the outer ones."""

    points: tuple[tuple[Fraction, Fraction], ...]

    def value(self, time: Fraction) -> Fraction:
        """Give the original time at an adjusted time."""
        segment = self._segment_at(time)
        return segment.value + segment.speed * (time - segment.anchor)

    def times_within(self, start: Fraction, end: Fraction) -> list[Fraction]:
        """Give the adjusted times of the points that lie strictly inside a stretch."""
        return [time for time, _ in self.points if start < time < end]

    def is_steady(self, start: Fraction, end: Fraction) -> bool:
        """Say whether the speed is one throughout a stretch."""
        return len(self._pieces) == 1 or len({segment.speed for segment in self.segments(start, end)}) <= 1

    def segments(self, start: Fraction = FOREVER[0], end: Fraction = FOREVER[1]) -> list[Segment]:
        """Give the pieces of constant speed that touch a stretch of adjusted time."""
        return [piece for piece in self._pieces if piece.time_in < end and piece.time_out > start]

    @cached_property
    def _pieces(self) -> tuple[Segment, ...]:
        return _segments(self.points)

    @cached_property
    def _starts(self) -> list[Fraction]:
        return [piece.time_in for piece in self._pieces]

    def _segment_at(self, time: Fraction) -> Segment:
        return self._pieces[max(0, bisect_right(self._starts, time) - 1)]


def _segments(points: tuple[tuple[Fraction, Fraction], ...]) -> tuple[Segment, ...]:
    if len(points) == 1:
        return (Segment(*FOREVER, points[0][0], points[0][1], ONE),)
    pieces: list[Segment] = []
    for (time, value), (next_time, next_value) in pairwise(points):
        pieces.append(Segment(time, next_time, time, value, (next_value - value) / (next_time - time)))
    last = pieces[-1]
    pieces[-1] = Segment(last.time_in, FOREVER[1], last.anchor, last.value, last.speed)
    first = pieces[0]
    pieces[0] = Segment(FOREVER[0], first.time_out, first.anchor, first.value, first.speed)
    return tuple(pieces)


class TimePoint(NamedTuple):
    """One point of a retime; `time_in` and `time_out` are the lengths of an eased change of speed before and after it."""

    time: Fraction
    value: Fraction
    time_in: Fraction = ZERO
    time_out: Fraction = ZERO


EASE_STEPS = 8
"""Straight pieces for one eased change of speed."""


def time_map(points: Sequence[tuple[Fraction, Fraction] | TimePoint]) -> TimeMap | None:
    """Make a retime of (time, value) pairs in any order; None where there are none. The first of two equal times counts.

    Where a point eases, the curve leaves the straight line before it and joins the one after it without a corner: the
    parabola whose tangents these lines are, in `EASE_STEPS` straight pieces.
    """
    kept: dict[Fraction, TimePoint] = {}
    for point in points:
        kept.setdefault(point[0], TimePoint(*point))
    if not kept:
        return None
    ordered = sorted(kept.values())
    eased = [_eased(*three) for three in zip([None, *ordered], ordered, [*ordered[1:], None], strict=False)]
    return TimeMap(tuple(pair for pairs in eased for pair in pairs))


def _eased(before: TimePoint | None, point: TimePoint, after: TimePoint | None) -> Iterable[tuple[Fraction, Fraction]]:
    plain = [(point.time, point.value)]
    if before is None or after is None or not (point.time_in > 0 or point.time_out > 0):
        return plain
    # No ease reaches beyond the middle of its neighbour's stretch: two would cross there.
    lead = min(max(point.time_in, ZERO), (point.time - before.time) / 2)
    tail = min(max(point.time_out, ZERO), (after.time - point.time) / 2)
    arriving = (point.value - before.value) / (point.time - before.time)
    leaving = (after.value - point.value) / (after.time - point.time)
    first = (point.time - lead, point.value - arriving * lead)
    last = (point.time + tail, point.value + leaving * tail)
    pairs: list[tuple[Fraction, Fraction]] = []
    for step in range(EASE_STEPS + 1):
        part = Fraction(step, EASE_STEPS)
        weights = ((1 - part) ** 2, 2 * part * (1 - part), part**2)
        corners = (first, plain[0], last)
        time, value = (
            sum((w * corner[one] for w, corner in zip(weights, corners, strict=True)), ZERO) for one in (0, 1)
        )
        if not pairs or time > pairs[-1][0]:
            pairs.append((time, value))
    return pairs
