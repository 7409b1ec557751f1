"""What bare times say of the frames they were taken from, for lists in seconds that state no frame rate.

A time written with three decimals is a millisecond wide: that is its grain. Where nearly all times lie within their grain
of a frame of one rate, that is the rate, and each such time means the frame itself; a time that lies on none stays as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache

from postsync.errors import FormatError
from postsync.model import TimelineFacts
from postsync.report import Report
from postsync.timing import Rate, as_rate, nearest_frame, parse_timecode, round_half_up, seconds_of_frame

FINEST_GRAIN = Fraction(1, 1_000_000)
"""Below this nobody means anything by a difference: a twentieth of a sample; decimals of doubles end there too."""

MILLISECOND = Fraction(1, 1000)

FINE_GRAIN = Fraction(1, 100_000_000)
"""Times at least as fine tell their sample by more than chance."""

SAMPLE_RATES = (192_000, 176_400)
"""Every usual rate divides one of these."""

LIKELY_RATES = ("24", "25", "23.976", "29.97", "30", "50", "48", "59.94", "60")
"""In the order in which they are taken where the times fit several."""

ENOUGH = Fraction(9, 10)
"""The share of times that must lie on frames: lists are edited by hand here and there."""


LONGEST = 100_000_000
"""Seconds beyond which a time is damage, and more than OpenTimelineIO can count in microseconds."""

STRAY = Fraction(1, 20)
"""By how much the shares of two rates may differ and still say the same."""


def grain_of(decimals: str | None) -> Fraction:
    """Give the width of a time from its decimals as written: `500` is a millisecond.

    >>> grain_of("500")
    Fraction(1, 1000)
    """
    return Fraction(1, 10 ** len(decimals or ""))


def meant_time(seconds: Fraction, rate: Rate, grain: Fraction) -> Fraction:
    """Give the time from the timeline's first frame that a written one means: that of a frame, else of a sample.

    A time that means neither stays as it is, to the microsecond.

    Raises FormatError where no programme is as long.

    >>> meant_time(Fraction(417, 10000), as_rate("24"), Fraction(1, 1000))
    Fraction(1, 24)
    >>> meant_time(Fraction("0.000020833"), as_rate("24"), Fraction(1, 10**9))
    Fraction(1, 48000)
    """
    if abs(seconds) > LONGEST:
        raise FormatError(
            "no programme is as long", expected="a time within three years", found=f"{float(seconds):.3g} s"
        )
    # In whole numbers, since lists have thousands of times and fractions are slow.
    top, bottom = seconds.numerator * rate.fps.numerator, seconds.denominator * rate.fps.denominator
    frame = (2 * top + bottom) // (2 * bottom)
    off, limit = abs(frame * bottom - top), _tolerance(*grain.as_integer_ratio())
    if 4 * off <= bottom and off * limit.denominator <= limit.numerator * rate.fps.numerator * seconds.denominator:
        return seconds_of_frame(frame, rate)
    for sample_rate in SAMPLE_RATES:
        sample = Fraction(round_half_up(seconds * sample_rate), sample_rate)
        if abs(sample - seconds) <= (grain if grain <= FINE_GRAIN else 0):
            return sample
    return Fraction(round_half_up(seconds / FINEST_GRAIN)) * FINEST_GRAIN


@lru_cache(maxsize=64)
def _tolerance(top: int, bottom: int) -> Fraction:
    """Give how far a time written to a grain may lie from what it means: a unit where it may have been cut, half a coarse one.

    The grain in two numbers, since fractions are slow to look up.
    """
    grain = Fraction(top, bottom)
    return max(grain if grain <= MILLISECOND else grain / 2, FINEST_GRAIN)


def rate_of_times(times: Sequence[tuple[Fraction, Fraction]], where: str, report: Report) -> Rate:
    """Guess the rate on whose frames the times lie, each given with its grain; said in the report.

    >>> rate_of_times([(Fraction(1, 25), Fraction(1, 1000)), (Fraction(3, 25), Fraction(1, 1000))], "R1", report).text
    '25/1'
    """
    fits = {name: _share(times, as_rate(name)) for name in LIKELY_RATES}
    # A rate twice as fast fits whatever fits this one, and a few times that fit nothing besides.
    best = next(name for name in LIKELY_RATES if fits[name] + STRAY >= max(fits.values()))
    known = bool(times) and fits[best] >= ENOUGH
    rate = as_rate(best if known else LIKELY_RATES[0])
    report.note("rate-guessed", where=where, rate=rate.name, why=_why(fits, best) if known else "its times tell none")
    return rate


def _share(times: Sequence[tuple[Fraction, Fraction]], rate: Rate) -> Fraction:
    """Give how many of the times lie on a frame; a time that lies on frames of any rate tells nothing."""
    on = sum(
        abs(seconds_of_frame(nearest_frame(time, rate), rate) - time) <= _tolerance(*grain.as_integer_ratio())
        for time, grain in times
    )
    return Fraction(on, max(1, len(times)))


def _why(fits: dict[str, Fraction], best: str) -> str:
    others = [name for name in LIKELY_RATES if name != best and fits[name] >= fits[best]]
    return "its times lie on its frames" + (f", as on those of {', '.join(others)}" if others else "")


def start_of_times(asked: str | None, rate: Rate, where: str, report: Report) -> int:
    """Give the frame that the timeline starts with, for times that count from it: as told, else 00:00:00:00.

    >>> start_of_times("10:00:00:00", timing.as_rate(25), "R1", report)
    900000
    """
    if asked is not None:
        return parse_timecode(asked, rate, place="option start")
    start = TimelineFacts(rate).start_timecode
    report.note("start-guessed", where=where, start=start, why="the file states none; its times count from there")
    return 0
