"""Where our exact times meet other people's objects: OpenTimelineIO's floats and `timecode.Timecode`.

A `RationalTime` is two doubles. We only ever put whole numbers in its value, at a rate whose own double means one exact
fraction, so that nothing is lost on the way in and back: a time of 8008/5 samples is 8008 at rate 5·48000, never 1601.6.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from functools import lru_cache
from math import inf, lcm

import opentimelineio as otio
from timecode.timecode import Timecode

from postsync.errors import RateError
from postsync.timing.rates import RATES, SNAP, Rate

_NOISE = 1_000_000
"""Values read from files that carry float noise (20.000000000000004) are taken to the nearest millionth."""

_LARGEST = 2**53


@lru_cache(maxsize=1024)
def rate_of_float(rate: float) -> Fraction:
    """Give the exact rate that a float stands for: 23.976 and 23.976023976 are 24000/1001, 48000.0 is 48000.

    RateError for what nothing counts at: no rate, infinity, a number that is none. A finite rate is never too high:
    the common denominator of a document's times counts well past a thousand million million a second.

    >>> rate_of_float(23.976), rate_of_float(48000.0)
    (Fraction(24000, 1001), Fraction(48000, 1))
    """
    if not 0 < rate < inf:
        raise RateError("a time that counts at no rate", found=f"{rate} a second")
    if rate == int(rate):
        return Fraction(int(rate))
    nearest = min((known.fps for known in RATES), key=lambda fps: abs(fps - Fraction(rate)))
    return nearest if abs(nearest - Fraction(rate)) <= SNAP else Fraction(rate).limit_denominator(_NOISE)


def from_rational_time(time: otio.opentime.RationalTime) -> Fraction:
    """Give the exact seconds that a RationalTime means.

    Raises RateError where it counts at no rate.

    >>> from_rational_time(otio.opentime.RationalTime(1, 24000 / 1001))
    Fraction(1001, 24000)
    """
    value, rate = time.value, rate_of_float(time.rate)
    if value == int(value):
        return Fraction(int(value) * rate.denominator, rate.numerator)
    return Fraction(value).limit_denominator(_NOISE) / rate


def whole_units(seconds: Fraction, rate: Fraction | int) -> int:
    """Count exact seconds in units of a rate that holds them whole; RateError where it does not.

    >>> whole_units(Fraction(3, 2), 48000)
    72000
    >>> whole_units(Fraction(1, 7), 24)
    Traceback (most recent call last):
        ...
    postsync.errors.RateError: 1/7 s is not a whole number of units at 24
    """
    value, rest = divmod(seconds.numerator * rate.numerator, seconds.denominator * rate.denominator)
    if rest or abs(value) > _LARGEST:
        raise RateError(f"{seconds} s is not a whole number of units at {rate}")
    return value


def to_rational_time(seconds: Fraction, rate: Fraction | int) -> otio.opentime.RationalTime:
    """Put exact seconds into a RationalTime at a rate that holds them in whole units; RateError where it does not.

    >>> to_rational_time(Fraction(1001, 1000), Fraction(24000, 1001)).value
    24.0
    """
    return otio.opentime.RationalTime(whole_units(seconds, rate), float(rate))


def to_time_range(start: Fraction, duration: Fraction, rate: Fraction | int | None = None) -> otio.opentime.TimeRange:
    """Put an exact range into OTIO; without a rate, the smallest that holds both ends whole.

    Raises RateError where the rate does not hold both ends whole.

    >>> span = to_time_range(Fraction(1, 24), Fraction(1, 2), 24)
    >>> span.start_time.value, span.duration.value, span.duration.rate
    (1.0, 12.0, 24.0)
    """
    grid = common_rate([start, duration]) if rate is None else rate
    return otio.opentime.TimeRange(to_rational_time(start, grid), to_rational_time(duration, grid))


def common_rate(times: Iterable[Fraction], preferred: Iterable[Fraction | int] = ()) -> Fraction:
    """Give a rate at which every one of these times is a whole number: the first preferred one that fits, else the least.

    Readers hand in the frame rate, then the sample rate, so that a frame-aligned track stays in frames and a
    sample-aligned one in samples.

    >>> common_rate([Fraction(1, 24), Fraction(3, 2)], preferred=[24, 48000])
    Fraction(24, 1)
    >>> common_rate([Fraction(1, 48000), Fraction(3, 2)], preferred=[24, 48000])
    Fraction(48000, 1)
    """
    exact = list(times)
    for rate in preferred:
        top, bottom = rate.numerator, rate.denominator
        if not any(time.numerator * top % (time.denominator * bottom) for time in exact):
            return rate if type(rate) is Fraction else Fraction(rate)
    return Fraction(lcm(1, *(time.denominator for time in exact)))


def from_timecode_object(timecode: Timecode) -> int:
    """Give the 0-based frame of a `timecode.Timecode`, whose own count begins at 1.

    >>> from_timecode_object(to_timecode_object(86400, as_rate(24)))
    86400
    """
    return int(timecode.frames) - 1


def to_timecode_object(frame: int, rate: Rate) -> Timecode:
    """Make a `timecode.Timecode` of a frame within the first day.

    Raises RateError for what the library cannot express: negative frames, and drop-frame labels at true 30, 60 and 120.

    >>> str(to_timecode_object(1800, as_rate("29.97 DF")))
    '00:01:00;02'
    """
    if frame < 0 or (rate.drop and not rate.is_ntsc):
        raise RateError(f"the timecode library has no frame {frame} at {rate.name}")
    spelling = f"{float(rate.fps):.2f}" if rate.is_ntsc and rate.nominal != 24 else rate.name.split()[0]
    return Timecode(spelling, frames=frame + 1, force_non_drop_frame=not rate.drop)
