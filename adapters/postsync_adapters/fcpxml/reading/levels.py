"""Levels: volume with keyframes and fades, mutes, and how those of nested containers add up on one clip.

Values are decibels, times local to the element that carries them. Up to 1.3 the keyframes stand in two lists of a `param`,
later in elements of their own.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import zip_longest
from typing import Any, NamedTuple

from postsync.model import SILENCE_DB, Fade
from postsync_adapters.fcpxml.document import Element
from postsync_adapters.fcpxml.time import Clock, Window, meet, seconds

FADE_CURVES = {"linear": "linear", "easeIn": "exponential", "easeOut": "logarithmic", "easeInOut": "s-curve"}

OFF_DB = -96.0
"""Final Cut's lowest level, which means silence."""

STEP = Fraction(1, 48000)
"""How long a mute takes to close and to open again: one sample, so that it is a step to the ear and a curve to a writer."""


class Level(NamedTuple):
    """One `adjust-volume`, or the mutes of one component: points and span in programme time."""

    gain_db: float
    points: tuple[tuple[Fraction, float], ...]
    fade_in: Fade | None
    fade_out: Fade | None
    span: Window


def levels_in(element: Element, clock: Clock, span: Window) -> list[Level]:
    """Read the level of an element and its mutes, where it has them."""
    found: list[Level] = []
    mutes: list[Element] = []
    for child in element:
        tag = child.tag
        if tag == "mute":
            mutes.append(child)
        elif tag == "adjust-volume" and not found:
            found.append(volume(child, clock, span))
    if mutes:
        found.append(_muted(mutes, clock, span))
    return found


def volume(adjust: Element, clock: Clock, span: Window) -> Level:
    """Read one `adjust-volume`."""
    stated = _decibels(adjust.get("amount"))
    if not len(adjust):
        return Level(stated or 0.0, (), None, None, span)
    amount = next((param for param in adjust.iterchildren("param") if param.get("name") == "amount"), None)
    if amount is None:
        return Level(stated or 0.0, (), None, None, span)
    gain = stated if stated is not None else _decibels(amount.get("value")) or 0.0
    points = sorted(
        (clock.programme(time), level)
        for at, value in _keyframes(amount)
        if (time := seconds(at or "")) is not None and (level := _decibels(value)) is not None
    )
    fades = [_fade(amount.find(name), clock) for name in ("fadeIn", "fadeOut")]
    return Level(0.0 if points else gain, tuple(points), fades[0], fades[1], span)


def _keyframes(amount: Element) -> Iterator[tuple[str | None, str | None]]:
    for frame in amount.iter("keyframe"):
        yield frame.get("time"), frame.get("value")
    times, values = ((amount.get(name) or "").split(";") for name in ("keyTimes", "keyValues"))
    for at, value in zip_longest(times, values):
        if at and value:
            yield at.strip(), value.strip()


@lru_cache(maxsize=4096)
def _decibels(text: str | None) -> float | None:
    try:
        return None if text is None else float(text.strip().removesuffix("dB"))
    except ValueError:
        return None


def _fade(element: Element, clock: Clock) -> Fade | None:
    if element is None:
        return None
    duration = seconds(element.get("duration") or "")
    curve = FADE_CURVES.get(element.get("type") or "easeIn", "linear")
    return Fade(abs(duration * clock.pace), curve) if duration else None


def _muted(mutes: Iterable[Element], clock: Clock, span: Window) -> Level:
    """Read the `mute` ranges of a component as a level that falls to silence and comes back; one without times is whole."""
    points: list[tuple[Fraction, float]] = []
    for mute in mutes:
        start, length = seconds(mute.get("start") or ""), seconds(mute.get("duration") or "")
        if start is None or length is None:
            return Level(SILENCE_DB, (), None, None, span)
        begin, end = clock.window(start, start + length)
        close, again = (_fade(mute.find(name), clock) for name in ("fadeIn", "fadeOut"))
        down = close.duration if close else STEP
        up = again.duration if again else STEP
        points += [(begin - down, 0.0), (begin, SILENCE_DB), (end, SILENCE_DB), (end + up, 0.0)]
    return Level(0.0, tuple(sorted(points)), None, None, span)


def _curve(level: Level) -> Callable[[Fraction], float]:
    """Give what says the level at a programme time: linear in decibels between points, held beyond them."""
    points, times = level.points, [at for at, _ in level.points]
    if not points:
        return lambda time: level.gain_db

    def at(time: Fraction) -> float:
        after = bisect_right(times, time)
        if after in (0, len(points)):
            return points[min(after, len(points) - 1)][1]
        (start, low), (end, high) = points[after - 1], points[after]
        return low + (high - low) * float((time - start) / (end - start))

    return at


def _audible(gain_db: float) -> float:
    return SILENCE_DB if gain_db <= OFF_DB else round(gain_db, 6)


def gain_of(levels: Iterable[Level]) -> float:
    """Give the gain of levels that hold still."""
    return _audible(sum([level.gain_db for level in levels]))


def is_still(level: Level) -> bool:
    """Say whether a level has no points and no fades."""
    return not level.points and level.fade_in is None and level.fade_out is None


def mixed_levels(levels: Sequence[Level], span: Window) -> dict[str, Any]:
    """Fold the levels from the component up to its outermost container into the facts of one clip."""
    facts: dict[str, Any] = {}
    curves = [level for level in levels if level.points]
    if not curves:
        gain = gain_of(levels)
        if gain:
            facts["gain_db"] = gain
    else:
        inside = sorted({at for level in curves for at, _ in level.points if span[0] < at < span[1]})
        times = [span[0], *inside, span[1]]
        mixed = [_curve(level) for level in levels]
        facts["gain_points"] = tuple((at - span[0], _audible(sum(curve(at) for curve in mixed))) for at in times)
    for name, edge in (("fade_in", 0), ("fade_out", 1)):
        fade = next((getattr(one, name) for one in levels if getattr(one, name) and one.span[edge] == span[edge]), None)
        if fade is not None:
            facts[name] = fade
    return facts


def has_lost_fade(levels: Sequence[Level], facts: Mapping[str, Any]) -> bool:
    """Say whether a fade of a container does not begin or end with the clip, and so found no place on it."""
    return any(getattr(one, name) and name not in facts for one in levels for name in ("fade_in", "fade_out"))


def clipped(span: Window, bounds: Window) -> Window | None:
    """Cut a span to its bounds; None where nothing is left."""
    kept = meet(span, bounds)
    return kept if kept[0] < kept[1] else None
