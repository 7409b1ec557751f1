"""Cells as spreadsheets hand them over, as the text that a person typed or meant.

Excel guesses: `1-2` becomes the second of January, `01:00:05` a time of day, `001` the number 1, 7 the float 7.0. What can
be taken back is taken back, and the caller is told, since a guess stays a guess. The kinds of columns are those of
`columns`.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

Value = Any
"""A cell: text, a number, a truth value, a date, a time, a duration, or None."""

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAY_FIRST = re.compile(rf"(?P<day>\d{{1,2}})[-.] ?(?P<month>{'|'.join(_MONTHS)})\.?")
_MONTH_FIRST = re.compile(rf"(?P<month>{'|'.join(_MONTHS)})-(?P<day>\d{{1,2}})")
_DAY_FRACTION = re.compile(r"[0-2]?[.,]\d{4,}(?:[eE]-\d+)?")
_DAY = 86400


def text_of(value: Value, kind: str) -> tuple[str, bool]:
    """Give the text of a cell in a column of a kind, and whether it had to be taken back from something else."""
    if value is None:
        return "", False
    if isinstance(value, str):
        return _repaired_text(value.strip(), kind)
    if isinstance(value, bool):
        return ("true" if value else "false"), False
    if isinstance(value, (int, float)):
        return _number(value, kind)
    return _dated(value, kind)


def _repaired_text(text: str, kind: str) -> tuple[str, bool]:
    """Take back what Excel wrote into a CSV: `2-Jan` for `1-2`, a fraction of a day for a time."""
    if kind == "code":
        match = _DAY_FIRST.fullmatch(text) or _MONTH_FIRST.fullmatch(text)
        if match is not None:
            return f"{_MONTHS.index(match['month']) + 1}-{int(match['day'])}", True
    if kind == "time" and _DAY_FRACTION.fullmatch(text):
        return _of_day(float(text.replace(",", "."))), True
    return text, False


def _number(value: float, kind: str) -> tuple[str, bool]:
    if value != value or value in (float("inf"), float("-inf")):
        return "", True
    whole = int(value) if value == int(value) else None
    if kind == "time" and whole is None and 0 < value < 3:
        return _of_day(value), True
    return (repr(value) if whole is None else str(whole)), False


def _dated(value: Value, kind: str) -> tuple[str, bool]:
    if isinstance(value, datetime.timedelta):
        return _clock(Fraction(value // datetime.timedelta(microseconds=1), 10**6)), True
    if isinstance(value, datetime.time):
        return _clock(_seconds(value)), True
    if isinstance(value, datetime.datetime) and kind == "time":
        days = (value.date() - datetime.date(1899, 12, 31)).days
        return _clock(_seconds(value.time()) + (days * _DAY if 0 < days < 10 else 0)), True
    if isinstance(value, datetime.date):
        if kind == "code":
            return f"{value.month}-{value.day}", True
        day = value.date() if isinstance(value, datetime.datetime) else value
        return day.isoformat(), kind != "date"
    return str(value), False


def _seconds(time: datetime.time) -> Fraction:
    return Fraction(time.hour * 3600 + time.minute * 60 + time.second) + Fraction(time.microsecond, 10**6)


def _of_day(fraction: float) -> str:
    """Give a fraction of a day as a clock time, to the millisecond that a double of Excel still holds."""
    return _clock(Fraction(round(fraction * _DAY * 1000), 1000))


def _clock(seconds: Fraction) -> str:
    whole = seconds.numerator // seconds.denominator
    thousandths = round((seconds - whole) * 1000)
    whole, thousandths = (whole + 1, 0) if thousandths == 1000 else (whole, thousandths)
    sign, whole = ("-", -whole) if whole < 0 else ("", whole)
    text = f"{sign}{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}"
    return f"{text}.{thousandths:03}" if thousandths else text


def lost_zeros(values: Sequence[Value]) -> int:
    """Give the width that numbers of a column had before Excel took zeros of some: that of those that kept them; else 0.

    >>> lost_zeros(["001", "002", 3, 12])
    3
    """
    widths = {len(value) for value in values if isinstance(value, str) and re.fullmatch(r"0\d+", value)}
    typed = any(isinstance(value, (int, float)) for value in values)
    return widths.pop() if len(widths) == 1 and typed else 0
