"""Gain and pan: operation groups over clips and tracks, as decibels and as places from -1 to 1.

Values are linear amplitudes, times run from 0 to 1 of the group. Resolve lays a level curve over the clip's gain in a group
of its own, Media Composer puts both in one group, Premiere and Pro Tools merge them; amplitudes multiply in every case.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple

from postsync.model import SILENCE_DB
from postsync_adapters.aaf.objects import AafObject
from postsync_adapters.aaf.reading.identifiers import (
    AMPLITUDE,
    CLIP_RATIO,
    INTERPOLATIONS,
    PAN_VALUE,
    PARAMETERS,
)

Point = tuple[Fraction, Fraction]
"""A time and a linear value."""

DbPoints = tuple[tuple[Fraction, float], ...]

_DECIMALS = 6


class Group(NamedTuple):
    """An operation over a stretch of a slot: the object, where it begins and how long it is, in edit units, and its kind."""

    effect: AafObject
    start: Fraction | int
    length: Fraction | int
    kind: str | None = None


def parameters(effect: AafObject) -> dict[str, AafObject]:
    """Give the parameters of an operation that are understood, by meaning."""
    found: dict[str, AafObject] = {}
    for parameter in effect.get("Parameters", ()):
        meaning = PARAMETERS.get(parameter.get("Definition"))
        if meaning is not None:
            found[meaning] = parameter
    return found


def decibels(amplitude: Fraction) -> float:
    """Give an amplitude in dB; silence is -144."""
    return _decibels(amplitude.numerator, amplitude.denominator)


@lru_cache(maxsize=4096)
def _decibels(numerator: int, denominator: int) -> float:
    if numerator <= 0:
        return SILENCE_DB
    return max(round(20 * math.log10(numerator / denominator), _DECIMALS), SILENCE_DB)


def amount(value: Any) -> Fraction | None:
    """Give a value that is a number; None for anything else, which some applications write."""
    if isinstance(value, Fraction):
        return value
    return Fraction(value) if isinstance(value, int) else None


def curve(parameter: AafObject) -> tuple[Point, ...]:
    """Give the points of a varying value: (0 to 1 of the group, value). A step becomes two points at one time."""
    points: list[Point] = []
    way = parameter.ref_auid("Interpolation")
    step = way is not None and INTERPOLATIONS.get(way) == "constant"
    for point in parameter.get("PointList", ()):
        time, value = amount(point.get("Time")), amount(point.get("Value"))
        if time is None or value is None:
            continue
        time = min(max(time, Fraction(0)), Fraction(1))
        if step and points:
            points.append((time, points[-1][1]))
        points.append((time, value))
    return tuple(points)


def is_flat(points: Sequence[Point]) -> bool:
    """Whether a curve is two equal points: the way of Premiere, Resolve and Pro Tools to say that nothing moves."""
    return len(points) == 2 and points[0][1] == points[1][1]


class Level(NamedTuple):
    """What a chain of gain groups makes: a constant amplitude, None where none is stated, and curves over it."""

    constant: Fraction | None
    curves: tuple[tuple[Group, tuple[Point, ...]], ...] = ()


def level_of(groups: Iterable[Group]) -> Level:
    """Read the gain groups over a clip, or over a track."""
    constant: Fraction | None = None
    curves: list[tuple[Group, tuple[Point, ...]]] = []
    for group in groups:
        for parameter in group.effect.get("Parameters", ()):
            if PARAMETERS.get(parameter.get("Definition")) not in _LEVELS:
                continue
            value, points = _stated(parameter)
            if value is not None:
                constant = value if constant is None else constant * value
            if points:
                curves.append((group, points))
    return Level(constant, tuple(curves))


_LEVELS = (AMPLITUDE, CLIP_RATIO)


def _stated(parameter: AafObject) -> tuple[Fraction | None, tuple[Point, ...]]:
    """Give the constant that a parameter states, or its curve. A curve without points is unity: Logic writes those."""
    if parameter.class_name != "VaryingValue":
        return amount(parameter.get("Value")), ()
    points = curve(parameter)
    if is_flat(points):
        return (points[0][1] if points[0][1] != 1 else None), ()
    return None, points


def gain_db(level: Level) -> float | None:
    """Give the constant gain in dB."""
    return None if level.constant is None else decibels(level.constant)


def gain_points(level: Level, start: Fraction | int, rate: Fraction) -> DbPoints:
    """Give the level curve in dB, constant gain included, in seconds from a place of the slot."""
    if not level.curves:
        return ()
    constant = Fraction(1) if level.constant is None else level.constant
    placed = [_placed(group, points, start) for group, points in level.curves]
    merged = placed[0] if len(placed) == 1 else _merged(placed)
    return tuple((time / rate, decibels(value * constant)) for time, value in merged)


def _placed(group: Group, points: Sequence[Point], start: Fraction | int) -> list[Point]:
    return [(group.start - start + time * group.length, value) for time, value in points]


def _merged(curves: Sequence[Sequence[Point]]) -> list[Point]:
    """Multiply curves at every time that one of them has a point."""
    times = sorted({time for points in curves for time, _ in points})
    return [(time, Fraction(math.prod(value_at(points, time) for points in curves))) for time in times]


def value_at(points: Sequence[Point], time: Fraction) -> Fraction:
    """Give the value of a curve at a time: straight between points, held beyond them."""
    if time <= points[0][0]:
        return points[0][1]
    for index in range(1, len(points)):
        (left, low), (right, high) = points[index - 1], points[index]
        if time <= right:
            return high if right == left else low + (high - low) * (time - left) / (right - left)
    return points[-1][1]


def pan_of(group: Group, rate: Fraction) -> tuple[float | None, DbPoints]:
    """Give the pan of a track from -1.0 to 1.0, and its points in seconds from the beginning of the slot."""
    parameter = parameters(group.effect).get(PAN_VALUE)
    if parameter is None:
        return None, ()
    if parameter.class_name != "VaryingValue":
        value = amount(parameter.get("Value"))
        return (None if value is None else _side(value)), ()
    points = curve(parameter)
    same = {value for _, value in points}
    placed = tuple(((group.start + time * group.length) / rate, _side(value)) for time, value in points)
    return (_side(points[0][1]) if len(same) == 1 else None), placed


def _side(value: Fraction) -> float:
    return round(float(min(max(2 * value - 1, Fraction(-1)), Fraction(1))), _DECIMALS)
