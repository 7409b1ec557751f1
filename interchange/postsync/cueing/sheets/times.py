"""Places in time as sheets write them, mixed in one column: labels, clock times, feet and frames, frames, seconds.

`HH:MM:SS:FF` (also with `;`, `,` or dots, with hundredths of a frame, and with everything between run together) is a label.
`HH:MM:SS.mmm` beside labels is the same clock with a fraction of its second: at 23.976 it runs with the labels, not with the
wall. `HH:MM:SS` alone knows no frame, which is said. Feet, frames and bare seconds count from the timeline's first frame.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from postsync.errors import FormatError
from postsync.timing import Rate, format_timecode, frame_of_parts, frames_from_feet, repair_timecode

_LABEL = re.compile(
    r"(?P<sign>-?)(?P<h>\d{1,3})[:;.](?P<m>\d{1,2})[:;.](?P<s>\d{1,2})[:;.,+](?P<f>\d{2,3}|\d)(?:\.(?P<part>\d{1,2}))?"
)
_CLOCK = re.compile(
    r"(?P<sign>-?)(?P<h>\d{1,3}):(?P<m>\d{1,2}):(?P<s>\d{1,2})(?:[.,](?P<part>\d{3,9}))?\s*(?P<half>[AP]M)?", re.I
)
_SHORT_CLOCK = re.compile(r"(?P<m>\d{1,3}):(?P<s>\d{2})[.,](?P<part>\d{1,6})")
_RUN_TOGETHER = re.compile(r"(?P<h>\d{2})(?P<m>[0-5]\d)(?P<s>[0-5]\d)(?P<f>\d{2})")
_FEET = re.compile(r"-?\d{1,9}\s*\+\s*\d{1,2}(?:\.\d+)?")
_FRAMES = re.compile(r"-?\d{1,9}")
_SECONDS = re.compile(r"(?P<value>-?\d{1,9}[.,]\d{1,18}|-?\d{1,9})\s*(?P<unit>s|sec|seconds?)?", re.I)


@dataclass(frozen=True)
class ReadTime:
    """One time: frames with their fraction, counted from label zero where `absolute`, else from the timeline's start.

    `form` says how it was written; `now` is the label that a damaged one was taken for; `unwrapped` that it names its day
    (a sign, or hours beyond 23).
    """

    frames: Fraction
    absolute: bool
    form: str
    now: str | None = None
    unwrapped: bool = False


GUESSED_FORMS = {
    "clock": "clock times read as labels with a fraction of their second",
    "whole seconds": "whole seconds: the frame is not known",
    "minutes": "minutes and seconds: the hour is not known",
    "feet": "feet and frames of 35 mm from the timeline's start",
    "frames": "frames from the timeline's start",
    "frames of the day": "frames from 00:00:00:00",
    "seconds": "seconds from the timeline's start",
}
"""Forms that leave something open, and how they are read."""


def read_time(text: str, rate: Rate) -> ReadTime | None:
    """Read a time in whatever form it has; None where it is none."""
    text = text.strip()
    return _label(text, rate) or _clock(text, rate) or _counted(text, rate)


def _label(text: str, rate: Rate) -> ReadTime | None:
    match = _LABEL.fullmatch(text)
    if match is not None and (match["part"] or not _looks_like_thousandths(text, match["f"])):
        part = Fraction(int(match["part"]), 10 ** len(match["part"])) if match["part"] else _WHOLE
        return _at_label(match["sign"], _four(match), rate, part)
    match = _RUN_TOGETHER.fullmatch(text)
    return None if match is None else _at_label("", _four(match), rate, _WHOLE)


Four = tuple[int, int, int, int]
_WHOLE = Fraction(0)


def _four(match: re.Match[str]) -> Four:
    hours, minutes, seconds, frames = match.group("h", "m", "s", "f")
    return int(hours), int(minutes), int(seconds), int(frames)


def _looks_like_thousandths(text: str, frames: str) -> bool:
    """`01:00:05.120` is a clock time; `01:00:05:120` is a label at 120 and more frames a second."""
    return len(frames) == 3 and text[-4] in ".,"


def _at_label(sign: str, four: Four, rate: Rate, part: Fraction) -> ReadTime | None:
    """Give the time of hours, minutes, seconds and frames, and a part of a frame; a label that does not exist is repaired."""
    hours, minutes, seconds, frames = four
    count, now = frame_of_parts(hours, minutes, seconds, frames, rate), None
    if count is None:
        count = repair_timecode(f"{hours:02}:{minutes:02}:{seconds:02}:{frames:02}", rate)
        if count is None or minutes > 59 or seconds > 59 or frames > 2 * rate.nominal:
            return None
        now = format_timecode(count, rate, wrap=False)
    exact = count + part if part else Fraction(count)
    return ReadTime(-exact if sign else exact, True, "label", now, bool(sign) or hours > 23)


def _clock(text: str, rate: Rate) -> ReadTime | None:
    short = _SHORT_CLOCK.fullmatch(text)
    if short is not None:
        return _at_second("", 0, int(short["m"]), int(short["s"]), short["part"], rate, "minutes")
    match = _CLOCK.fullmatch(text)
    if match is None:
        return None
    hours = int(match["h"])
    if match["half"]:
        hours = hours % 12 + (12 if match["half"].upper() == "PM" else 0)
    form = "clock" if match["part"] else "whole seconds"
    return _at_second(match["sign"], hours, int(match["m"]), int(match["s"]), match["part"] or "0", rate, form)


def _at_second(sign: str, hours: int, minutes: int, seconds: int, part: str, rate: Rate, form: str) -> ReadTime | None:
    frames = Fraction(int(part), 10 ** len(part)) * rate.nominal
    hours, minutes = (hours + minutes // 60, minutes % 60) if form == "minutes" else (hours, minutes)
    whole = frames.numerator // frames.denominator
    at = _at_label(sign, (hours, minutes, seconds, whole), rate, frames - whole)
    return None if at is None else ReadTime(at.frames, True, form, None, at.unwrapped)


def _counted(text: str, rate: Rate) -> ReadTime | None:
    if _FEET.fullmatch(text):
        return _feet(text, rate)
    if _FRAMES.fullmatch(text):
        return ReadTime(Fraction(int(text)), False, "frames")
    match = _SECONDS.fullmatch(text)
    if match is None:
        return None
    return ReadTime(Fraction(match["value"].replace(",", ".")) * rate.fps, False, "seconds")


def _feet(text: str, rate: Rate) -> ReadTime | None:
    """Feet count film frames: those of the timeline at 24 and 25, else film runs at 24 beside video (23.976 for NTSC)."""
    try:
        film = Fraction(frames_from_feet(text))
    except FormatError:
        return None
    if rate.nominal not in (24, 25):
        speed = Fraction(24000, 1001) if rate.is_ntsc else Fraction(24)
        film = film / speed * rate.fps
    return ReadTime(film, False, "feet")
