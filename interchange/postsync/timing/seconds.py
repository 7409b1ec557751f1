"""Frames, samples and seconds into each other, exactly; the one rounding rule; and the named conversions between rates.

Seconds are `Fraction`s. A time becomes samples once, at the end, rounded half up. A time becomes a frame by *the frame that
holds it* (floor) unless the nearest is asked for by name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from postsync.errors import FormatError
from postsync.timing.rates import Rate


def round_half_up(value: Fraction) -> int:
    """Round to the nearest whole number, halves upward; the rule for every sample position in this project.

    >>> round_half_up(Fraction(5, 2)), round_half_up(Fraction(-5, 2))
    (3, -2)
    """
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def seconds_of_frame(frame: int, rate: Rate) -> Fraction:
    """Give the exact time at which a frame begins.

    >>> seconds_of_frame(24, as_rate("23.976"))
    Fraction(1001, 1000)
    """
    return Fraction(frame * rate.fps.denominator, rate.fps.numerator)


def signed_milliseconds(seconds: Fraction) -> str:
    """Give an offset as people read it.

    >>> signed_milliseconds(Fraction(1, 80))
    '+12.5 ms'
    """
    return f"{float(seconds) * 1000:+.1f} ms"


def line_through(points: Sequence[tuple[Fraction, Fraction]], at: Fraction) -> Fraction:
    """Read a line through points at a place, going straight on beyond its ends; where it is upright its start counts.

    >>> line_through([(Fraction(0), Fraction(10)), (Fraction(2), Fraction(14))], Fraction(3))
    Fraction(16, 1)
    """
    index = next((number for number in range(1, len(points)) if at < points[number][0]), len(points) - 1)
    (x0, y0), (x1, y1) = points[index - 1], points[index]
    return y0 if x1 == x0 else y0 + (at - x0) * (y1 - y0) / (x1 - x0)


def frame_at(seconds: Fraction, rate: Rate) -> int:
    """Give the frame that holds a time.

    `seconds` count from frame 0.

    >>> frame_at(Fraction(1, 12), as_rate(25))
    2
    """
    fps = rate.fps
    return seconds.numerator * fps.numerator // (seconds.denominator * fps.denominator)


def frame_and_rest(seconds: Fraction, rate: Rate) -> tuple[int, Fraction]:
    """Give the frame that holds a time, and how far into it that is, in seconds.

    >>> frame_and_rest(Fraction(3, 100), Rate.of(Fraction(25)))
    (0, Fraction(3, 100))
    """
    frame, rest = divmod(seconds.numerator * rate.fps.numerator, seconds.denominator * rate.fps.denominator)
    return frame, seconds - seconds_of_frame(frame, rate) if rest else _NOTHING


_NOTHING = Fraction(0)


def nearest_frame(seconds: Fraction, rate: Rate) -> int:
    """Give the frame whose beginning is nearest to a time.

    >>> nearest_frame(Fraction(99, 2400), as_rate(24)), frame_at(Fraction(99, 2400), as_rate(24))
    (1, 0)
    """
    return round_half_up(seconds * rate.fps)


def samples_of_seconds(seconds: Fraction, sample_rate: int) -> int:
    """Give the sample position nearest to a time, halves upward.

    `sample_rate` in Hz.

    >>> samples_of_seconds(Fraction(1, 3), 48000)
    16000
    """
    return round_half_up(seconds * sample_rate)


def samples_of_frame(frame: int, rate: Rate, sample_rate: int) -> int:
    """Give the sample at which a frame begins, rounded half up once.

    `sample_rate` in Hz; frame 0 begins at sample 0.

    >>> samples_of_frame(1, as_rate("23.976"), 48000), samples_of_frame(1, as_rate("29.97"), 48000)
    (2002, 1602)
    """
    return samples_of_seconds(seconds_of_frame(frame, rate), sample_rate)


def relabel(frame: int, rate: Rate, to: Rate) -> int:
    """Keep the frame count: 24 to 23.976 pull-down, 24 to 25 PAL speed-up. The labels change, the pictures do not.

    >>> relabel(86400, as_rate(24), as_rate(25))
    86400
    >>> format_timecode(relabel(86400, as_rate(24), as_rate(25)), as_rate(25))
    '00:57:36:00'
    """
    return frame


def retime(frame: int, rate: Rate, to: Rate) -> int:
    """Keep real seconds: the frame of the other rate that holds the beginning of this one.

    >>> retime(48, as_rate(24), as_rate(25))
    50
    """
    return frame_at(seconds_of_frame(frame, rate), to)


def same_label(frame: int, rate: Rate, to: Rate) -> int:
    """Keep hours, minutes and seconds of the label and scale the frames.

    >>> format_timecode(same_label(86400 + 12, as_rate(24), as_rate(30)), as_rate(30))
    '01:00:00:15'
    """
    from postsync.timing.timecode import format_timecode, repair_timecode

    label = format_timecode(frame, rate, wrap=False)
    head, frames = label[:-3], int(label[-2:])
    if rate.nominal > 100:
        head, frames = label[:-4], int(label[-3:])
    scaled = frames * to.nominal // rate.nominal
    count = repair_timecode(f"{head}:{scaled:02}", to)
    assert count is not None
    return count


def pull(name: str) -> Fraction:
    """Give the speed ratio of a named pull: `down` 1000/1001, `up` 1001/1000, `pal-up` 25/24, `pal-down` 24/25.

    Names joined by `+` multiply: `pull("down+pal-up")`. Raises KeyError for a name that is not in `PULLS`.

    >>> pull("down"), pull("down+pal-up")
    (Fraction(1000, 1001), Fraction(3125, 3003))
    """
    ratio = Fraction(1)
    for part in name.split("+"):
        ratio *= PULLS[part]
    return ratio


PULLS = {
    "none": Fraction(1),
    "down": Fraction(1000, 1001),
    "up": Fraction(1001, 1000),
    "pal-up": Fraction(25, 24),
    "pal-down": Fraction(24, 25),
}


def fraction_text(value: Fraction | int) -> str:
    """Write a fraction as our JSON does: `3003/1000`, `0/1`.

    >>> fraction_text(Fraction(3003, 1000)), fraction_text(0)
    ('3003/1000', '0/1')
    """
    return f"{value.numerator}/{value.denominator}"


def parse_fraction(text: str | int) -> Fraction:
    """Read `3003/1000`, `12` or `1.5` exactly; FormatError where it is none of these.

    >>> parse_fraction("3003/1000"), parse_fraction("1.5")
    (Fraction(3003, 1000), Fraction(3, 2))
    """
    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError, TypeError):
        raise FormatError(expected="a number or a fraction", found=repr(text)) from None


_DURATION = re.compile(r"^\s*(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>s|sec|seconds?|ms|f|fr|frames?)?\s*$", re.IGNORECASE)


def duration_from_text(text: str, rate: Rate | None = None) -> Fraction:
    """Read a length as people type it (`4s`, `250ms`, `12f`, `2.5`) as exact seconds; frames need a rate.

    Raises FormatError where the text is no length, or counts frames without a rate.

    >>> duration_from_text("250ms")
    Fraction(1, 4)
    """
    match = _DURATION.match(text)
    if match is None or ((match["unit"] or "s").lower().startswith("f") and rate is None):
        raise FormatError(expected="a length such as 4s, 250ms or 12f", found=repr(text))
    number, unit = Fraction(match["number"]), (match["unit"] or "s").lower()
    if unit == "ms":
        return number / 1000
    return number / rate.fps if rate is not None and unit.startswith("f") else number
