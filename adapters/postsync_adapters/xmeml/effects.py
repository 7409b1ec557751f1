"""What filters mean to sound: level, pan and speed. Other filters ride along as they are.

Levels are linear gain (1 is 0 dB); key frames and the in point count frames of the clip item, before its start. The speed of
Premiere and Final Cut 7 is a graph from frames as they play to frames of the media.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from postsync.model import SILENCE_DB
from postsync.timing import line_through
from postsync_adapters.xmeml.document import Element, number, text, truth

MODELLED = ("audiolevels", "audiopan", "timeremap")
"""Filters that become facts of the clip."""

QUIETEST = 10 ** (SILENCE_DB / 20)

Points = tuple[tuple[Fraction, Fraction], ...]

_NOISE = Fraction(1, 1_000_000)


def decibels(gain: Fraction | float) -> float:
    """Give a linear gain in dB."""
    return SILENCE_DB if gain <= QUIETEST else round(20 * math.log10(gain), 6) + 0.0


def linear(gain_db: float) -> str:
    """Give a level in dB as linear gain, as it is written."""
    return "0" if gain_db <= SILENCE_DB else f"{10 ** (gain_db / 20):.10g}"


@dataclass(frozen=True)
class Curve:
    """A parameter of an effect: its value, or its key frames in frames of the clip item."""

    value: Fraction | None
    points: Points = ()


def effects_of(item: Element) -> dict[str, Element]:
    """Give the effects of an item that are on, by id; the first of each."""
    found: dict[str, Element] = {}
    for one in item.iterchildren("filter"):
        effect = one.find("effect")
        if effect is not None and truth(text(one, "enabled"), True) and not truth(text(effect, "pproBypass"), False):
            found.setdefault(text(effect, "effectid").lower(), effect)
    return found


def curve_of(effect: Element | None, parameter: str) -> Curve | None:
    """Read one parameter of an effect; None where there is none."""
    for one in effect.iterchildren("parameter") if effect is not None else ():
        if text(one, "parameterid").lower() == parameter:
            points = [(number(key.findtext("when")), number(key.findtext("value"))) for key in one.iter("keyframe")]
            whole = tuple((when, value) for when, value in points if when is not None and value is not None)
            return Curve(number(one.findtext("value")), whole)
    return None


def without_repeats(points: Points) -> Points:
    """Give key frames in order, one a frame: Lightworks ends each curve with a second one that never counts."""
    ordered: dict[Fraction, Fraction] = {}
    for when, value in sorted(points, key=lambda point: point[0]):
        ordered.setdefault(when, value)
    return tuple(ordered.items())


Levels = tuple[tuple[Fraction, float], ...]


def within(points: Levels, duration: Fraction) -> Levels:
    """Give the part of a curve that a clip plays, with what the curve passes at the clip's edges.

    Programs keep key frames in the handles; between them the level runs straight in decibels.
    """
    if not points or (points[0][0] >= 0 and points[-1][0] <= duration):
        return points
    inner = [point for point in points if 0 <= point[0] <= duration]
    times = {time for time, _ in inner}
    edges = [edge for edge in (Fraction(0), duration) if edge not in times and points[0][0] < edge < points[-1][0]]
    if not inner and not edges:
        edges = [Fraction(0)]
    return tuple(sorted([*inner, *((edge, _level_at(points, edge)) for edge in edges)]))


def _level_at(points: Levels, at: Fraction) -> float:
    if at <= points[0][0]:
        return points[0][1]
    for (start, low), (end, high) in pairwise(points):
        if at <= end:
            return round(low + (high - low) * float((at - start) / (end - start)), 6)
    return points[-1][1]


# -------------------------------------------------------------------------------------------------------------- speed


@dataclass(frozen=True)
class TimeMap:
    """How a retimed clip item plays: constant speed, or a graph of (frame as it plays, frame of the media)."""

    speed: Fraction
    variable: bool
    graph: Points

    def source(self, frame: Fraction, length: Fraction | None) -> Fraction:
        """Give the frame of the media that plays at a frame of the item; `length` frames of media, for reverse."""
        if self.graph and (self.variable or self.speed >= 0 or self.graph[0][1] > self.graph[-1][1]):
            return _settled(line_through(self.graph, frame))
        if self.speed >= 0:
            return frame * self.speed
        return (length or Fraction(0)) + frame * self.speed


def time_map(effect: Element | None) -> TimeMap | None:
    """Read a time remap; None where the clip plays at its own speed."""
    if effect is None:
        return None
    named = {name: curve_of(effect, name) for name in ("speed", "variablespeed", "graphdict")}
    stated = named["speed"].value if named["speed"] is not None else None
    speed = Fraction(1) if stated is None else _simple(stated / 100)
    backwards = any(
        text(one, "parameterid").lower() == "reverse" and truth(text(one, "value"), False)
        for one in effect.iterchildren("parameter")
    )
    speed = -abs(speed) if backwards else speed
    flag = named["variablespeed"]
    graph = without_repeats(named["graphdict"].points) if named["graphdict"] is not None else ()
    variable = flag is not None and flag.value == 1 and len(graph) > 1
    if speed == 1 and not variable:
        return None
    return TimeMap(speed, variable, graph if len(graph) > 1 else ())


def _settled(frame: Fraction) -> Fraction:
    """Give a frame without the noise of its decimals: a whole one that it means, else a millionth."""
    near = Fraction(round(frame))
    return near if abs(frame - near) < _NOISE else frame.limit_denominator(1_000_000)


def _simple(speed: Fraction) -> Fraction:
    """Give the fraction that a long decimal stands for: 33.3333333333 % is a third."""
    short = speed.limit_denominator(10_000)
    return short if abs(short - speed) < _NOISE / 100_000 else speed
