"""The timecode of tapes and recorders: what the zero of a source's slots is called.

Media Composer puts the 30 frames of a tape behind a pull-down where the picture runs at 24, and one timecode behind another in
a sequence where the tape's own jumps.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from postsync.timing import as_rate
from postsync_adapters.aaf.objects import AafObject
from postsync_adapters.aaf.reading.layers import units
from postsync_adapters.aaf.reading.slots import Slot

FASTEST_FRAMES = 121
"""Edit rates from here on count samples."""

_NTSC = Fraction(1000, 1001)


@dataclass(frozen=True)
class Code:
    """A timecode: what zero of its slot is called, in seconds from 00:00:00:00, its exact rate and drop flag."""

    start: Fraction
    rate: Fraction
    drop: bool


def code_of(slots: Iterable[Slot], at: Fraction) -> Code | None:
    """Give the timecode of a mob at a place: of the first track before others, and plain ones before pulled-down ones."""
    found = [(_rank(slot), code) for slot in slots if (code := _read(slot, at)) is not None]
    return min(found, key=lambda pair: pair[0])[1] if found else None


def counted_rate(slot: Fraction, code: AafObject, *, pulled: bool = False) -> Fraction:
    """Give the exact rate that a timecode counts at: that of its slot, unless it is pulled down or its slot counts samples.

    Drop in a slot of samples means the rate of NTSC.
    """
    fps = code.get("FPS", 0)
    if slot < FASTEST_FRAMES:
        return slot * fps / as_rate(slot).nominal if pulled and fps else slot
    return Fraction(fps or 24) * (_NTSC if code.get("Drop") else 1)


def _rank(slot: Slot) -> tuple[bool, bool]:
    return (slot.segment.class_name == "Pulldown", slot.track != 1)


def _read(slot: Slot, at: Fraction) -> Code | None:
    segment, before = _part(slot.segment, at * slot.rate)
    pulled = segment is not None and segment.class_name == "Pulldown"
    if pulled and segment is not None:
        segment = segment.get("InputSegment")
    if segment is None or segment.class_name != "Timecode":
        return None
    rate = counted_rate(slot.rate, segment, pulled=pulled)
    return Code(Fraction(segment.get("Start", 0)) / rate - before / slot.rate, rate, bool(segment.get("Drop")))


def _part(segment: AafObject, at: Fraction) -> tuple[AafObject | None, Fraction]:
    """Give the timecode of a sequence that runs at a place, else its first, and where it begins."""
    if segment.class_name != "Sequence":
        return segment, Fraction(0)
    first: tuple[AafObject | None, Fraction] = (None, Fraction(0))
    begin = Fraction(0)
    for part in segment.get("Components", ()):
        length = units(part, "Length")
        if part.class_name in ("Timecode", "Pulldown"):
            if begin <= at < begin + length:
                return part, begin
            first = first if first[0] is not None else (part, begin)
        begin += length
    return first
