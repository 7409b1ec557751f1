"""The clock of a composition: exact rate, drop flag, first label.

The timecode is that of the slot with physical track number 1, else one without a number (Pro Tools), else the lowest; never
one behind a pull-down, of which Media Composer writes several. Its count is in frames, the exact rate is the slot's, and the
drop flag stands only there: Media Composer also drops at true 30, 60 and 120.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from postsync.model import TimelineFacts
from postsync.report import Report
from postsync.timing import Rate, as_rate, nearest_frame
from postsync_adapters.aaf.objects import AafObject
from postsync_adapters.aaf.reading.slots import Slot
from postsync_adapters.aaf.reading.tapes import FASTEST_FRAMES, counted_rate

_LAST_RESORT = Fraction(24)


def timecode_of(slot: Slot) -> AafObject | None:
    """Give the timecode that a slot begins with."""
    segment = slot.segment
    if segment.class_name == "Sequence":
        segment = segment.first("Components") or segment
    return segment if segment.class_name == "Timecode" else None


def primary_timecode(slots: Sequence[Slot]) -> Slot | None:
    """Give the slot whose timecode people see."""
    found = [slot for slot in slots if timecode_of(slot) is not None]
    return min(found, key=_rank, default=None)


def _rank(slot: Slot) -> tuple[int, int]:
    if slot.track == 1:
        return (0, 0)
    return (1, 0) if slot.track is None else (2, slot.track)


def clock_of(slots: Sequence[Slot], given: Rate | None, report: Report, name: str) -> TimelineFacts:
    """Give the clock of a composition; what the file leaves open is guessed from its tracks, and said."""
    primary = primary_timecode(slots)
    if primary is None:
        rate = _guessed(slots, given, report, name)
        return TimelineFacts(rate, 0, format="aaf")
    code = timecode_of(primary)
    assert code is not None
    fps = _speed(primary, code, slots, given, report, name)
    rate = _with_drop(as_rate(fps), bool(code.get("Drop")))
    start = code.get("Start", 0)
    return TimelineFacts(rate, start if abs(start) < 2**40 else 0, format="aaf")


def _speed(
    slot: Slot, code: AafObject, slots: Sequence[Slot], given: Rate | None, report: Report, name: str
) -> Fraction:
    """Give the exact speed of a timecode: its slot's rate; where that is a sample rate, what else counts so many frames."""
    if slot.rate < FASTEST_FRAMES:
        return slot.rate
    counted = counted_rate(slot.rate, code)
    nominal = as_rate(counted).nominal
    frames = [one.rate for one in slots if one.rate < FASTEST_FRAMES]
    known = [given.fps] if given is not None else []
    found = next((rate for rate in (*known, *frames) if as_rate(rate).nominal == nominal), None)
    if found is None:
        report.note(
            "rate-guessed", where=name, rate=as_rate(counted).name, why="its timecode lies in a slot of samples"
        )
    return counted if found is None else found


def _with_drop(rate: Rate, drop: bool) -> Rate:
    return rate.with_drop(True) if drop and rate.can_drop else rate


def _guessed(slots: Sequence[Slot], given: Rate | None, report: Report, name: str) -> Rate:
    if given is not None:
        return given
    for kind in ("picture", "sound"):
        found = next((slot.rate for slot in slots if slot.kind == kind and slot.rate < FASTEST_FRAMES), None)
        if found is not None:
            return as_rate(found)
    rate = as_rate(_LAST_RESORT)
    report.note("rate-guessed", where=name, rate=rate.name, why="the composition has no timecode and no frames")
    return rate


def clock_of_media(
    slots: Sequence[Slot], start: Fraction | None, rate: Rate, report: Report, name: str
) -> TimelineFacts:
    """Give the clock of a master clip that stands for itself: that of its tape."""
    frame = 0 if start is None else nearest_frame(start, rate)
    if start is not None:
        report.note("start-guessed", where=name, start=frame, why="the timecode of the clip's own media")
    return TimelineFacts(rate, frame, format="aaf")
