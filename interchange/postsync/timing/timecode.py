"""Timecode labels to frame counts and back, by integer arithmetic alone.

A frame count is 0 at label 00:00:00:00 of its rate. The formulas are those of SMPTE ST 12-1 with the dropped count scaled
to the nominal rate (2, 4 or 8 labels a minute), as Media Composer writes 60 and 120 drop.
"""

from __future__ import annotations

import re

from postsync.errors import FormatError
from postsync.timing.rates import Rate

_LABEL = re.compile(r"^(?P<sign>-?)(?P<h>\d{1,3}):(?P<m>\d{2})[:;.](?P<s>\d{2})(?P<mark>[:;.,])(?P<f>\d{1,3})$")


def format_timecode(frame: int, rate: Rate, *, wrap: bool = True) -> str:
    """Give the label of a frame; drop-frame labels have `;` before the frames.

    With `wrap` the label runs through midnight as clocks do; without it, negative frames read `-00:00:00:01`.

    >>> format_timecode(1800, Rate.of(Fraction(30000, 1001), True))
    '00:01:00;02'
    """
    if wrap:
        frame %= rate.frames_per_day
    sign = "-" if frame < 0 else ""
    seconds, frames = divmod(_label_number(abs(frame), rate), rate.nominal)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    width = 3 if rate.nominal > 100 else 2
    return f"{sign}{hours:02}:{minutes:02}:{seconds:02}{';' if rate.drop else ':'}{frames:0{width}}"


def _label_number(frame: int, rate: Rate) -> int:
    """Count the labels that were left out before a frame back in."""
    dropped, nominal = rate.dropped_per_minute, rate.nominal
    if not dropped:
        return frame
    tens, rest = divmod(frame, 600 * nominal - 9 * dropped)
    minute = 60 * nominal
    late = dropped * (1 + (rest - minute) // (minute - dropped)) if rest >= minute else 0
    return frame + 9 * dropped * tens + late


def parse_timecode(text: str, rate: Rate, *, path: object = None, place: object = None) -> int:
    """Read a label as a frame count of `rate`; `;`, `.` and `,` before the frames are taken as written.

    The drop flag of the rate counts, not the mark: lists write `;` everywhere or nowhere. Raises FormatError for text
    that is no label, for frames, seconds or minutes out of range, and for labels that drop-frame leaves out.

    >>> parse_timecode("01:00:00:00", Rate.of(Fraction(24)))
    86400
    """
    parts = _LABEL.match(text.strip())
    if parts is None:
        raise FormatError(path=path, place=place, expected="a timecode hh:mm:ss:ff", found=repr(text))
    hours, minutes, seconds, frames = map(int, parts.group("h", "m", "s", "f"))
    fault = _label_fault(minutes, seconds, frames, rate)
    if fault:
        raise FormatError(fault, path=path, place=place, found=repr(text))
    count = _count(hours, minutes, seconds, frames, rate)
    return -count if parts["sign"] else count


def frame_of_parts(hours: int, minutes: int, seconds: int, frames: int, rate: Rate) -> int | None:
    """Give the frame of a label that somebody has taken apart, None where the rate has no such label.

    >>> frame_of_parts(1, 0, 0, 0, Rate.of(Fraction(24)))
    86400
    """
    if _label_fault(minutes, seconds, frames, rate):
        return None
    return _count(hours, minutes, seconds, frames, rate)


def repair_timecode(text: str, rate: Rate) -> int | None:
    """Read a label that does not exist as the next one that does; None where the text is no label at all.

    >>> repair_timecode("01:01:00;00", as_rate("29.97 DF")) == parse_timecode("01:01:00;02", as_rate("29.97 DF"))
    True
    >>> repair_timecode("soon", as_rate(24)) is None
    True
    """
    parts = _LABEL.match(text.strip())
    if parts is None:
        return None
    hours, minutes, seconds, frames = map(int, parts.group("h", "m", "s", "f"))
    dropped = rate.dropped_per_minute
    if dropped and frames < dropped and seconds == 0 and minutes % 10:
        frames = dropped
    seconds, frames = (seconds + 1, 0) if frames >= rate.nominal else (seconds, frames)
    count = _count(hours, minutes, seconds, frames, rate)
    return -count if parts["sign"] else count


def is_timecode(text: str) -> bool:
    """Whether the text has the form of a label, at whatever rate.

    >>> is_timecode("01:00:00;00"), is_timecode("one hour")
    (True, False)
    """
    return _LABEL.match(text.strip()) is not None


def _label_fault(minutes: int, seconds: int, frames: int, rate: Rate) -> str:
    if minutes > 59 or seconds > 59:
        return "a timecode's minutes and seconds end at 59"
    if frames >= rate.nominal:
        return f"a timecode at {rate.name} has frames 0 to {rate.nominal - 1}"
    if rate.drop and seconds == 0 and minutes % 10 and frames < rate.dropped_per_minute:
        return f"drop-frame timecode at {rate.name} leaves this label out"
    return ""


def _count(hours: int, minutes: int, seconds: int, frames: int, rate: Rate) -> int:
    total_minutes = 60 * hours + minutes
    labels = (total_minutes * 60 + seconds) * rate.nominal + frames
    return labels - rate.dropped_per_minute * (total_minutes - total_minutes // 10)
