"""Channel codes: which picture and sound tracks an event is on, and back.

CMX 3600 knows `V`, `A`, `A2`, `AA`, `B` and their pairs with picture, and says channels 3 and 4 on a line of their own; Media
Composer writes one event for each channel up to `A24`; Panasonic and CMX 340 editors spell the digits out.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple


class Channel(NamedTuple):
    """One track: `kind` is `V` or `A`, or the code itself where nobody knows it; numbers count from 1."""

    kind: str
    number: int

    @property
    def name(self) -> str:
        """The name of the track: `V1`, `A3`."""
        return f"{self.kind}{self.number}" if self.number else self.kind


CODES: dict[str, tuple[Channel, ...]] = {
    "AA": (Channel("A", 1), Channel("A", 2)),
    "AA/V": (Channel("V", 1), Channel("A", 1), Channel("A", 2)),
    "B": (Channel("V", 1), Channel("A", 1)),
    "ASMBL": (Channel("V", 1), Channel("A", 1), Channel("A", 2)),
    "NONE": (),
}
_ONE = re.compile(r"([VA])(\d{0,3})$")
_WITH_PICTURE = re.compile(r"A(\d{0,3})/V$")
_EACH = re.compile(r"(?:V\d?|A[1-9])(?:A[1-9])+(?:/?V)?$")
_DIGITS = re.compile(r"(V?)A([1-9]{2,4})$")
HIGHEST = 64
"""Above this, the digits of a code are channels each: `A12` is a track, `A1234` four."""


@lru_cache(maxsize=512)
def channels_of(code: str) -> tuple[Channel, ...] | None:
    """Give the tracks of a code; None where nobody knows it.

    >>> [channel.name for channel in channels_of("AA/V")]
    ['V1', 'A1', 'A2']
    """
    upper = code.upper()
    if upper in CODES:
        return CODES[upper]
    one = _ONE.match(upper)
    if one and int(one[2] or 1) <= HIGHEST:
        return (Channel(one[1], int(one[2] or 1)),)
    with_picture = _WITH_PICTURE.match(upper)
    if with_picture:
        return (Channel("V", 1), Channel("A", int(with_picture[1] or 1)))
    if _EACH.match(upper):
        named = [Channel(kind, int(digit or 1)) for kind, digit in re.findall(r"([VA])(\d?)", upper)]
        return tuple(sorted(dict.fromkeys(named), key=lambda one: one.kind == "A"))
    digits = _DIGITS.match(upper) or re.match(r"(V)A(\d)$", upper)
    if digits:
        sound = tuple(Channel("A", int(digit)) for digit in digits[2])
        return ((Channel("V", 1), *sound)) if digits[1] else sound
    return None


def audio_line(value: str) -> tuple[Channel, ...]:
    """Give the tracks of an `AUD` line: `3    4`, `3`, `4`."""
    return tuple(Channel("A", int(digits)) for digits in re.findall(r"\d+", value) if 0 < int(digits) <= HIGHEST)


@lru_cache(maxsize=512)
def code_of(channels: tuple[Channel, ...]) -> tuple[str, str]:
    """Give the code of some tracks, and the value of the `AUD` line that it needs; both may be empty.

    >>> code_of((Channel("V", 1), Channel("A", 1), Channel("A", 2), Channel("A", 3)))
    ('AA/V', '3')
    """
    wanted = sorted(set(channels), key=lambda one: (one.kind != "V", one.number))
    if not all(one.number for one in wanted):
        return wanted[0].kind, ""
    if len(wanted) == 1:
        kind, number = wanted[0]
        return (f"{kind}{number}" if number > 1 else kind), ""
    low = tuple(one for one in wanted if one.kind == "V" or one.number < 3)
    high = "    ".join(str(one.number) for one in wanted if one.kind == "A" and one.number > 2)
    if low == (Channel("V", 1), Channel("A", 2)):
        return "A2/V", high
    known = {tracks: code for code, tracks in CODES.items() if code != "ASMBL"}
    known |= {(one,): code_of((one,))[0] for one in low} if len(low) == 1 else {}
    return known.get(low, "NONE"), high
