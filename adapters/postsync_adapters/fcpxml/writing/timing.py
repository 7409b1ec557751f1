"""How the media of a clip runs under it: conformed from another frame rate, retimed, frozen, or as it was recorded.

The local time of a clip is that of its media unless it is retimed; then it is adjusted time, and a `timeMap` says which
moment of the media stands where. Its points cover the whole file, as Final Cut writes them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from postsync.model import PlacedClip
from postsync_adapters.fcpxml.document import Element
from postsync_adapters.fcpxml.time import ONE, SOURCE_RATES, conform_factor
from postsync_adapters.fcpxml.writing.elements import make, with_children
from postsync_adapters.fcpxml.writing.resources import File
from postsync_adapters.fcpxml.writing.times import Times

RATES_SINCE_13 = frozenset({"90", "100", "119.88", "120"})
"""Values of `srcFrameRate` that older versions do not know."""

_NAMES = {fps: name for name, fps in SOURCE_RATES.items()}


@dataclass(frozen=True)
class Timing:
    """The local time at which a clip begins, programme seconds for each local one, and the elements that say so."""

    start: Fraction
    pace: Fraction = ONE
    elements: tuple[Element, ...] = ()


def timing_of(placed: PlacedClip, file: File | None, times: Times, version: tuple[int, int]) -> Timing:
    """Say how the media of a clip runs; `placed` has the place that the clip will have in the document."""
    speed = placed.facts.speed
    if placed.facts.retime:
        points = [(time, value + placed.media_start) for time, value in placed.facts.retime]
        return _mapped(points, placed.media_start, times)
    rate = None if file is None or file.rate is None or file.is_still else file.rate.fps
    factor = ONE if rate is None else conform_factor(rate, times.rate.fps)
    if rate is not None and rate != times.rate.fps and speed in (1, 1 / factor):
        pace = factor if speed == 1 / factor else ONE
        conform = make(
            "conform-rate",
            scaleEnabled="0" if pace == 1 else None,
            srcFrameRate=_source_rate(rate, version),
        )
        if pace == 1 or conform.get("srcFrameRate") is not None:
            return Timing(placed.source_start, pace, (conform,))
    if speed == 1:
        return Timing(placed.source_start)
    return _mapped(_steady(placed), placed.media_start, times)


def _source_rate(rate: Fraction, version: tuple[int, int]) -> str | None:
    name = _NAMES.get(rate)
    return None if name in RATES_SINCE_13 and version < (1, 13) else name


def _steady(placed: PlacedClip) -> list[tuple[Fraction, Fraction]]:
    """Give two points of constant speed, in seconds from the clip's start and media timecode, round the whole file."""
    speed, first = placed.facts.speed, placed.source_start
    if speed == 0:
        return [(Fraction(0), first), (placed.duration, first)]
    last = first + speed * placed.duration
    low, high = sorted((first, last))
    low = min(low, placed.media_start)
    if placed.media_duration is not None:
        high = max(high, placed.media_start + placed.media_duration)
    ends = (low, high) if speed > 0 else (high, low)
    return [((value - first) / speed, value) for value in ends]


def _mapped(points: Sequence[tuple[Fraction, Fraction]], origin: Fraction, times: Times) -> Timing:
    """Make a time map; the first point stands at the media's own start, so that no adjusted time is negative."""
    begin = origin - points[0][0]
    made = [
        make("timept", time=times.text(begin + time), value=times.text(value), interp="linear")
        for time, value in points
    ]
    return Timing(begin, ONE, (with_children(make("timeMap"), *made),))
