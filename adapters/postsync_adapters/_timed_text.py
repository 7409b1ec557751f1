"""The clock of subtitles: times in milliseconds that count from the first frame, or that stand for the timecode.

Nothing in the file says which. Times that begin at an hour or later are taken for timecode: hours, minutes and seconds of the
label, and its frames as the fraction of a second, as subtitle programs write it. Otherwise they are seconds from the start.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from postsync.cueing import TagLevel
from postsync.formats import Options, meant_time, rate_of_times, start_of_frames, start_of_times
from postsync.model import Cue, PlainMarker, TimelineFacts
from postsync.report import Report
from postsync.timing import frame_at, repair_timecode, round_half_up, seconds_of_frame
from postsync_adapters._carried import SHORTEST, SPOKEN, Spoken, TimesReadOptions, is_point, reading_time

HOUR = 3600

MILLISECOND = Fraction(1, 1000)

_TIME = re.compile(r"(?P<sign>-?)(?:(?P<h>\d{1,4}):)?(?P<m>\d{1,3}):(?P<s>\d{1,2})(?:[.,](?P<part>\d{1,9}))?", re.ASCII)


@dataclass(frozen=True)
class TimedTextReadOptions(TimesReadOptions):
    """`times`: what they count: seconds from the `start` of the timeline, or its `timecode`; `auto` tells by the first."""

    times: Literal["auto", "start", "timecode"] = "auto"


@dataclass(frozen=True)
class TimedTextWriteOptions(Options):
    """`times`: seconds from the `start` of the timeline, or its `timecode`. `tags`: what of the tag goes into the text."""

    times: Literal["start", "timecode"] = "start"
    tags: TagLevel = "none"


def parse_time(text: str) -> Fraction | None:
    """Read `01:00:10,500`, with hours or without, as exact seconds; None where it is none.

    Editors that move all subtitles leave those before the beginning with a minus.
    """
    match = _TIME.fullmatch(text.strip())
    if match is None:
        return None
    whole = (int(match["h"] or 0) * 60 + int(match["m"])) * 60 + int(match["s"])
    seconds = whole + Fraction(int(match["part"] or 0), 10 ** len(match["part"] or ""))
    return -seconds if match["sign"] else seconds


def time_text(seconds: Fraction, mark: str) -> str:
    """Write seconds as `01:00:10,500`, to the nearest millisecond."""
    total = max(0, round_half_up(seconds * 1000))
    whole, part = divmod(total, 1000)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}{mark}{part:03}"


class SubtitleClock:
    """What the times of one file mean; `facts` is the clock of its timeline."""

    def __init__(
        self, times: Sequence[Fraction], name: str, format_name: str, report: Report, options: TimedTextReadOptions
    ) -> None:
        earliest = min(times, default=Fraction(0))
        self.labels = options.times == "timecode" or (options.times == "auto" and earliest >= HOUR)
        rate = options.rate or rate_of_times([(time, MILLISECOND) for time in times], name, report)
        self.facts = TimelineFacts(rate, 0, format=format_name)
        frames = [frame_at(self.place(time), rate) for time in times] if self.labels else []
        start = (
            start_of_frames(options.start, frames, rate, name, report)
            if self.labels
            else start_of_times(options.start, rate, name, report)
        )
        self.facts = TimelineFacts(rate, start, format=format_name)

    def place(self, time: Fraction) -> Fraction:
        """Give the exact seconds from the timeline's first frame that a time of the file means."""
        rate = self.facts.rate
        if not self.labels:
            return meant_time(time, rate, MILLISECOND)
        whole = time.numerator // time.denominator
        label = f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}:00"
        first = repair_timecode(label, rate) or 0
        late = (time - whole) * rate.nominal / rate.fps
        return meant_time(seconds_of_frame(first - self.facts.start_frame, rate) + late, rate, MILLISECOND)

    def length(self, start: Fraction, end: Fraction) -> Fraction:
        """Give how long a cue lasts; 0 for one that was only shown as short as could be."""
        first, last = self.place(start), self.place(end)
        return Fraction(0) if end - start <= SHORTEST or last <= first else last - first


NEARLY = 2 * MILLISECOND
"""Two times of a file, each rounded."""


def without_reading_time(plain: PlainMarker, line: str | None) -> PlainMarker:
    """Take away the end that a tagged cue has only because it must be shown; of another length it is somebody's own."""
    shown = abs(plain.duration - reading_time(line or "")) <= NEARLY
    return replace(plain, duration=Fraction(0)) if shown else plain


def shown_as_read(cue: Cue, facts: TimelineFacts) -> bool:
    """Whether a cue has no out, or one that lies where its line would have been read: its tag must say which."""
    if is_point(cue, facts):
        return True
    length = ((cue.record_out or cue.record_in) - cue.record_in) / facts.rate.fps
    return abs(length - reading_time(SPOKEN.shown(cue.line or ""))) <= NEARLY


def span_text(cue: Spoken, facts: TimelineFacts, times: str, mark: str, report: Report) -> str:
    """Write the two times of a cue; one without an out is shown as long as its line takes to read, which is noted."""
    if cue.end is None:
        where, length = cue.number or cue.cue.uid, f"{float(cue.stated_end() - cue.start):.3f} s"
        report.note("cue-shown-to-be-read", where=where, time=facts.timecode(cue.start), length=length)
    start, end = (time_text(shown_time(time, facts, times), mark) for time in (cue.start, cue.stated_end()))
    return f"{start} --> {end}"


def shown_time(seconds: Fraction, facts: TimelineFacts, times: str) -> Fraction:
    """Give the time to be written for seconds from the timeline's first frame."""
    if times == "start":
        return seconds
    frame = frame_at(seconds, facts.rate)
    late = seconds - seconds_of_frame(frame, facts.rate)
    hours, minutes, whole, frames = (int(part) for part in facts.label(frame).replace(";", ":").split(":"))
    return (hours * 60 + minutes) * 60 + whole + (frames + late * facts.rate.fps) / facts.rate.nominal
