"""The times of a table of markers, which follow the ruler of the program that wrote it.

Seconds with or without minutes and hours, or timecode, from the start of the clock. Bars and beats mean nothing without the
tempo map of the project, samples nothing without its rate: both are refused by what to do about it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from postsync.errors import FormatError
from postsync.formats import (
    frame_of_label,
    grain_of,
    meant_time,
    rate_of_labels,
    rate_of_times,
    start_of_frames,
)
from postsync.model import TimelineFacts
from postsync.report import Report
from postsync.timing import Rate, nearest_frame, seconds_of_frame
from postsync_adapters._carried import TimesReadOptions

_SECONDS = re.compile(r"(?:(?:(?P<h>\d{1,4}):)?(?P<m>\d{1,6}):)?(?P<s>\d{1,9})(?:\.(?P<part>\d{1,12}))?", re.ASCII)
_LABEL = re.compile(r"\d{1,3}:\d\d:\d\d[:;.]\d{2,3}", re.ASCII)
_LABEL_MARK = re.compile(r"\d{1,3}:\d\d:\d\d[:;]\d{2,3}", re.ASCII)
_BARS = re.compile(r"-?\d+\.\d+\.\d+")

LONGEST_IN_SECONDS = 400_000
"""More whole seconds than this are samples: nobody has a project of five days."""


@dataclass(frozen=True)
class TimedRow:
    """A row of a table of markers as it is written; empty for what is not there."""

    line: int
    id: str
    name: str
    start: str
    end: str = ""
    length: str = ""
    colour: str = ""
    comment: str = ""
    track: str = ""


class FileOf(NamedTuple):
    """What a table is: the name of its format and of the program, the timeline's name, where it lies."""

    format_name: str
    producer: str | None
    name: str
    path: Path | None


class Ruler:
    """What the times of one list count, and its start."""

    def __init__(self, rows: Sequence[TimedRow], file: FileOf, report: Report, options: TimesReadOptions) -> None:
        self.report = report
        starts = [row.start for row in rows]
        self.labels = any(_LABEL_MARK.fullmatch(text) for text in starts)
        for row in rows:
            self._refuse(row, file.path)
        rate = options.rate or self._rate(starts, file.name)
        self.facts = TimelineFacts(rate, 0, producer=file.producer, format=file.format_name)
        self.report = Report()
        places = [found[0] for row in rows if (found := self.seconds(row.start, row)) is not None]
        self.report = report
        frames = [nearest_frame(one, rate) for one in places]
        start = start_of_frames(options.start, frames, rate, file.name, report)
        self.facts = TimelineFacts(rate, start, producer=file.producer, format=file.format_name)

    @staticmethod
    def _refuse(row: TimedRow, path: Path | None) -> None:
        place, whole = f"line {row.line}", row.start.isdecimal() and len(row.start) < 20
        remedy = "set the ruler to seconds or timecode and export again"
        if _BARS.fullmatch(row.start):
            raise FormatError("bars need the tempo map", path=path, place=place, found=repr(row.start), remedy=remedy)
        if whole and int(row.start) > LONGEST_IN_SECONDS:
            raise FormatError("samples or frames", path=path, place=place, found=repr(row.start), remedy=remedy)

    def _rate(self, starts: list[str], name: str) -> Rate:
        if self.labels:
            return rate_of_labels(starts, name, self.report)
        times = [(_seconds(match), grain_of(match["part"])) for text in starts if (match := _SECONDS.fullmatch(text))]
        return rate_of_times(times, name, self.report)

    def seconds(self, text: str, row: TimedRow, *, absolute: bool = True) -> tuple[Fraction, Fraction] | None:
        """Give seconds, of the clock or of a length, and their grain; None, and a note, where the text is no time."""
        rate = self.facts.rate
        if self.labels and _LABEL.fullmatch(text):
            frame = frame_of_label(text, rate if absolute else rate.with_drop(False), f"line {row.line}", self.report)
            return None if frame is None else (seconds_of_frame(frame, rate), Fraction(0))
        match = _SECONDS.fullmatch(text)
        if match is None:
            self.report.note("line-ignored", source=f"line {row.line}", text=f"{row.name}: {text}")
            return None
        return _seconds(match), grain_of(match["part"])

    def place(self, text: str, row: TimedRow) -> Fraction | None:
        """Give the time from the timeline's first frame that a time of the clock means."""
        found = self.seconds(text, row)
        if found is None:
            return None
        rate = self.facts.rate
        return meant_time(found[0] - seconds_of_frame(self.facts.start_frame, rate), rate, found[1])

    def placed(self, rows: Sequence[TimedRow]) -> Iterator[tuple[TimedRow, Fraction, Fraction]]:
        """Yield the rows in order of time, each with its exact place and length in seconds; 0 for a point."""
        found = [(place, row) for row in rows if (place := self.place(row.start, row)) is not None]
        for start, row in sorted(found, key=lambda pair: pair[0]):
            end = self.place(row.end, row) if row.end else None
            if end is None and row.length:
                length = self.seconds(row.length, row, absolute=False)
                end = None if length is None else meant_time(start + length[0], self.facts.rate, length[1])
            yield row, start, max(Fraction(0), Fraction(0) if end is None else end - start)


def _seconds(match: re.Match[str]) -> Fraction:
    whole = (int(match["h"] or 0) * 60 + int(match["m"] or 0)) * 60 + int(match["s"])
    return whole + Fraction(int(match["part"] or 0), 10 ** len(match["part"] or ""))
