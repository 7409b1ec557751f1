"""Changed speeds: the map of time of Media Composer, the plain ratio of everybody else.

A ratio is output over input, so 2 is half speed. A map gives, for edit units of the effect, units into its input; it goes
before a ratio, which Media Composer leaves at 1 where it means nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from postsync.timing import line_through
from postsync_adapters.aaf.objects import AafObject
from postsync_adapters.aaf.reading.identifiers import OFFSETS, SPEED
from postsync_adapters.aaf.reading.levels import amount, parameters

Point = tuple[Fraction, Fraction]


@dataclass(frozen=True)
class Motion:
    """How a clip plays: source seconds per second, or pairs of seconds into the clip and into its source.

    `lead` is how far into its input, in seconds, the first that is used of it lies.
    """

    speed: Fraction = Fraction(1)
    pairs: tuple[Point, ...] = ()
    lead: Fraction = Fraction(0)

    def from_source(self, start: Fraction) -> Motion:
        """Give the same motion told in the media, in which the input begins at a place."""
        return Motion(self.speed, tuple((at, start + to) for at, to in self.pairs), start + self.lead)


STILL = Motion()


def motion_of(effect: AafObject, length: Fraction | int, outer: Fraction, inner: Fraction) -> Motion:
    """Read a time warp over a clip of a length; `outer` is the rate of the slot, `inner` that of the effect's input."""
    found = parameters(effect)
    points = _offsets(found.get(OFFSETS))
    if len(points) > 1:
        return _mapped([(at / outer, to / inner) for at, to in points], length / outer)
    ratio = amount(found[SPEED].get("Value")) if SPEED in found else None
    return Motion(1 / ratio) if ratio else STILL


def _offsets(parameter: AafObject | None) -> list[Point]:
    pairs: list[Point] = []
    for point in () if parameter is None else parameter.get("PointList", ()):
        at, to = amount(point.get("Time")), amount(point.get("Value"))
        if at is not None and to is not None and (not pairs or at > pairs[-1][0]):
            pairs.append((at, to))
    return pairs


def _mapped(points: list[Point], duration: Fraction) -> Motion:
    """Read a map: one slope is a speed, several are a ramp; a reversed clip begins at the end of what it uses."""
    slopes = {(after[1] - before[1]) / (after[0] - before[0]) for before, after in pairwise(points)}
    first, last = line_through(points, Fraction(0)), line_through(points, duration)
    if len(slopes) == 1:
        speed = slopes.pop()
        if speed >= 0:
            return Motion(speed, (), first)
        return Motion(speed, ((Fraction(0), first), (duration, last)), last)
    inner = [(at, to) for at, to in points if 0 < at < duration]
    pairs = ((Fraction(0), first), *inner, (duration, last))
    return Motion(Fraction(1), pairs, first)
