"""How the timeline of a snapshot counts: rate, first label, and the frame number that Resolve gives it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from postsync.errors import FormatError, RateError
from postsync.formats import ReadOptions
from postsync.report import Report
from postsync.timing import Rate, as_rate, is_timecode, parse_timecode
from postsync_adapters.resolve_snapshot.node import Node

TRUNCATED_RATES = {"23": "23.976", "29": "29.97", "47": "47.952", "59": "59.94", "95": "95.904", "119": "119.88"}
"""Old builds of Resolve cut the decimals off."""


@dataclass(frozen=True)
class Clock:
    """The timeline's rate, the frame of its first label, and the frame number that Resolve gives that place."""

    rate: Rate
    label_frame: int
    start_frame: Fraction

    def seconds(self, frame: Fraction) -> Fraction:
        """Give the time of an absolute frame, which may lie between two."""
        return (frame - self.start_frame) / self.rate.fps


def clock_of(node: Node, options: ReadOptions, report: Report) -> Clock:
    """Settle how a timeline counts: by the rate asked for, else its own. FormatError where it has no start."""
    label = node.text("start_timecode")
    rate = options.rate or _rate(node, label)
    given = node.maybe_number("start_frame")
    if not is_timecode(label):
        if given is None:
            raise node.fault("start_timecode", "a timecode, or a number in start_frame")
        return Clock(rate, int(given), given)
    frame = label_frame(node, "start_timecode", rate)
    if given is not None and given != frame:
        report.note("stamp-disagrees", where=node.text("name"), was=f"start frame {given}", now=f"{label} ({frame})")
    return Clock(rate, frame, Fraction(frame) if given is None else given)


def _rate(node: Node, label: str) -> Rate:
    """Read the rate as any build gives it; the drop flag from the setting, the rate's own words, or the start label."""
    text = node.text("frame_rate")
    try:
        rate = rate_of_text(text)
        drop = node.flag("drop_frame", False) or rate.drop or ";" in label
        return rate.with_drop(drop)
    except RateError as fault:
        raise node.fault("frame_rate", "a frame rate") from fault


def rate_of_text(text: str) -> Rate:
    """Read a rate as any build writes it. RateError where it is none."""
    words = text.split()
    number = words[0] if words else ""
    whole = number.removesuffix(".0")
    return as_rate(" ".join([TRUNCATED_RATES.get(whole, number), *words[1:]]))


def label_frame(node: Node, name: str, rate: Rate) -> int:
    """Read a timecode of an object; FormatError names its place."""
    try:
        return parse_timecode(node.text(name), rate)
    except FormatError as fault:
        raise FormatError(
            fault.message, place=f"{node.place}.{name}", expected=fault.expected, found=fault.found
        ) from fault
