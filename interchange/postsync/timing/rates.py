"""Frame rates: an exact speed, a nominal count for labels, and whether labels are dropped.

The three are independent: 30 drop at true 30 exists (Media Composer writes it, also at 60 and 120) and is not 29.97 drop:
the same labels, different seconds. SMPTE ST 12-1 gives the counting; spellings come from the applications' own files.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from postsync.errors import RateError

NOMINALS = (12, 15, 16, 18, 20, 24, 25, 30, 48, 50, 60, 72, 90, 96, 100, 120)
"""Whole frame counts per labelled second that occur."""

NTSC_NOMINALS = (12, 15, 24, 25, 30, 48, 60, 72, 90, 96, 120)
"""Those that also run at 1000/1001 of their speed; 25 does so in Cubase and Nuendo, for film pulled down."""

DROP_NOMINALS = (30, 60, 120)
"""Those at which drop-frame labels exist.

>>> 24 in DROP_NOMINALS, 30 in DROP_NOMINALS
(False, True)
"""

SNAP = Fraction(5, 1000)
"""A decimal this near to a known rate means that rate: 23.98, 23.976, 29.97."""


FASTEST = 10**12
"""Frames a second beyond which a rate is damage: finer than any sample or flick."""


@dataclass(frozen=True)
class Rate:
    """One frame rate. `fps` is exact, `nominal` is what a label counts to, `drop` is drop-frame labelling.

    >>> Rate.of(Fraction(30000, 1001), drop=True).name
    '29.97 DF'
    """

    fps: Fraction
    nominal: int
    drop: bool = False

    @staticmethod
    @lru_cache(maxsize=256)
    def of(fps: Fraction, drop: bool = False) -> Rate:
        """Give the one object for a speed; RateError where it cannot be dropped or is not positive."""
        if fps <= 0:
            raise RateError("a frame rate must be above zero", found=str(fps))
        if fps > FASTEST:
            raise RateError("no clock counts so many frames a second", found=f"{float(fps):.3g}")
        nominal = -(-fps.numerator // fps.denominator)
        if drop and nominal not in DROP_NOMINALS:
            raise RateError(f"drop-frame labels do not exist at {float(fps):.3f} frames a second")
        return Rate(fps, nominal, drop)

    @property
    def dropped_per_minute(self) -> int:
        """How many labels are left out at each minute that ten does not divide: 2, 4 or 8."""
        return self.nominal // 15 if self.drop else 0

    @property
    def frames_per_day(self) -> int:
        """Frames from 00:00:00:00 to the label 24 hours later."""
        return 86400 * self.nominal - 1296 * self.dropped_per_minute

    @property
    def seconds_per_frame(self) -> Fraction:
        """The exact duration of one frame."""
        return 1 / self.fps

    @property
    def is_ntsc(self) -> bool:
        """Whether it runs at 1000/1001 of its nominal speed."""
        return self.fps * 1001 == self.nominal * 1000

    @property
    def name(self) -> str:
        """What people call it: `23.976`, `25`, `29.97 DF`."""
        if self.fps.denominator == 1:
            text = str(self.fps.numerator)
        else:
            text = f"{float(self.fps):.3f}".rstrip("0")
        return f"{text} DF" if self.drop else text

    @property
    def text(self) -> str:
        """The rate as in our JSON: `24000/1001`, `25/1`."""
        return f"{self.fps.numerator}/{self.fps.denominator}"

    @property
    def can_drop(self) -> bool:
        """Whether drop-frame labels exist at this rate: at 29.97, 59.94 and 119.88, and at the whole rates beside them."""
        return self.nominal in DROP_NOMINALS

    def with_drop(self, drop: bool) -> Rate:
        """Give the same speed with or without drop-frame labels."""
        return Rate.of(self.fps, drop)


def _known_rates() -> tuple[Rate, ...]:
    speeds = [(Fraction(n), n) for n in NOMINALS] + [(Fraction(n * 1000, 1001), n) for n in NTSC_NOMINALS]
    plain = [Rate.of(fps) for fps, _ in speeds]
    return tuple(plain + [Rate.of(fps, True) for fps, nominal in speeds if nominal in DROP_NOMINALS])


RATES = _known_rates()
"""Every rate that people name, dropped and not.

>>> [rate.name for rate in RATES if rate.nominal == 30]
['30', '29.97', '30 DF', '29.97 DF']
"""


def as_rate(value: Rate | Fraction | int | float | str, *, drop: bool = False) -> Rate:
    """Give the exact rate for any spelling; a decimal near a known rate means that rate.

    Raises RateError where it is no frame rate, or is to be dropped and cannot be.

    >>> as_rate("23.98").text
    '24000/1001'
    >>> as_rate(29.97, drop=True).name
    '29.97 DF'
    """
    if isinstance(value, Rate):
        return value
    if isinstance(value, str):
        return parse_rate(value, drop=drop)
    exact = value if isinstance(value, Fraction) else Fraction(str(value))
    return Rate.of(_snapped(exact), drop)


_RATE_TEXT = re.compile(
    r"^\s*(?P<top>\d+(?:\.\d+)?)\s*(?:[/,:]\s*(?P<bottom>\d+)\s*)?"
    r"(?P<unit>fps|frames?|frame/s)?\s*[-, ]?\s*(?P<flag>[a-z -]*)\s*$",
    re.IGNORECASE,
)
_DROP_WORDS = {"df", "d", "drop", "drop frame", "dropframe"}
_PLAIN_WORDS = {"", "ndf", "nd", "non drop", "non-drop", "nondrop", "non drop frame", "non-drop frame", "p", "i"}


def parse_rate(text: str, *, drop: bool = False) -> Rate:
    """Read a rate as people and files write it: `23.98`, `24000/1001`, `29.97 DF`, `25 fps`, `1001/24000s`.

    Raises RateError with the text where it is none of these.

    >>> parse_rate("29.97 DF").name, parse_rate("1001/24000s").text
    ('29.97 DF', '24000/1001')
    """
    try:
        return _parsed(text.strip(), text, drop)
    except ZeroDivisionError as fault:
        raise RateError("a frame rate must be above zero", found=repr(text)) from fault


def _parsed(cleaned: str, text: str, drop: bool) -> Rate:
    if cleaned.endswith("s") and "/" in cleaned:
        return Rate.of(_snapped(1 / Fraction(cleaned[:-1])), drop)
    match = _RATE_TEXT.match(cleaned)
    word = " ".join(match["flag"].lower().split()) if match else ""
    if match is None or word not in _DROP_WORDS | _PLAIN_WORDS:
        raise RateError(
            "not a frame rate", expected="a rate such as 24, 23.976, 24000/1001 or 29.97 DF", found=repr(text)
        )
    speed = Fraction(match["top"]) / Fraction(match["bottom"] or 1)
    speed = 1 / speed if 0 < speed < 1 else speed
    return Rate.of(_snapped(speed), drop or word in _DROP_WORDS)


def rate_asked(text: str) -> Rate:
    """Read a rate that a person types for a file that leaves its own open: one at which some application counts.

    Files may run at any rate (a camera's own, a pulled tape's), but those state it. Raises RateError for any other.

    >>> rate_asked("23.98").name
    '23.976'
    >>> rate_asked("17")
    Traceback (most recent call last):
        ...
    postsync.errors.RateError: no application counts at this frame rate, expected 11.988, 12, 14.985, 15, 16, 18, 20, 23.976, \
24, 24.975, 25, 29.97, 30, 47.952, 48, 50, 59.94, 60, 71.928, 72, 89.91, 90, 95.904, 96, 100, 119.88 or 120, found '17'
    """
    rate = parse_rate(text)
    if rate not in RATES:
        *names, last = [known.name for known in sorted(RATES, key=lambda known: known.fps) if not known.drop]
        expected = f"{', '.join(names)} or {last}"
        raise RateError("no application counts at this frame rate", expected=expected, found=repr(text))
    return rate


_KNOWN_SPEEDS = frozenset(rate.fps for rate in RATES)


def _snapped(speed: Fraction) -> Fraction:
    """Give the known speed that a rounded spelling means, or the speed itself."""
    if speed <= 0:
        raise RateError("a frame rate must be above zero", found=str(speed))
    if speed in _KNOWN_SPEEDS:
        return speed
    nearest = min(_KNOWN_SPEEDS, key=lambda known: abs(known - speed))
    if speed == Fraction("23.97"):
        return Fraction(24000, 1001)
    return nearest if abs(nearest - speed) <= SNAP else speed
