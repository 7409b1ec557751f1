"""The rows of a log as times and tracks: at which rate its labels count, where each clip begins, how long it is.

A bin may hold tapes of several rates, drop and not: each row counts by its own `FPS` and its own marks.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from postsync.errors import PostsyncError, RateError
from postsync.model import TimelineFacts
from postsync.report import Report
from postsync.timing import Rate, as_rate, frame_of_parts, repair_timecode, seconds_of_frame
from postsync.wording import counted
from postsync_adapters.ale import columns as c
from postsync_adapters.ale.log import AvidLog, cells_by_key

VIDEO_RATES = {"NTSC": "29.97", "PAL": "25"}
"""What a video format says of the rate where `FPS` is missing."""

DROPPED = (30, 60, 120)
"""Counts of frames that may be dropped."""

_TIME = re.compile(r"(?:(?:(\d{1,3})[:;.])?(\d{1,2})[:;.])?(\d{1,2})([:;.,])(\d{2,3})")


@dataclass(frozen=True)
class LoggedClip:
    """One row as times and tracks: `start` in frames of its own `rate`, `duration` and `record_in` in exact seconds."""

    row: int
    line: int
    keyed: dict[str, str]
    cells: c.Cells
    rate: Rate
    start: int | None
    duration: Fraction
    picture: bool
    sound: tuple[int, ...]
    record_in: Fraction = Fraction(0)

    @property
    def name(self) -> str:
        """What the clip is called."""
        return self.cells.first(c.NAME) or self.cells.first(c.SOURCE_FILE) or f"row {self.row}"


@dataclass(frozen=True)
class _Place:
    """Where a row stands, for what is said of it."""

    where: str
    line: int
    report: Report

    def note(self, code: str, **facts: Any) -> None:
        """Say something of the row."""
        self.report.note(code, where=self.where, source=f"line {self.line}", **facts)


def logged_clips(log: AvidLog, asked: Rate | None, report: Report, path: object) -> tuple[Rate, list[LoggedClip]]:
    """Give the rate of a bin and its rows; RateError where neither the log nor the caller says one."""
    keys = log.keys
    keyed = [cells_by_key(row, keys) for row in log.rows]
    cells = [c.Cells(row) for row in keyed]
    rate = _rate(log, cells, asked, report, path)
    clips = [
        _logged(number, log.rows[number - 1].line, row, by_meaning, rate, report)
        for number, (row, by_meaning) in enumerate(zip(keyed, cells, strict=True), 1)
    ]
    return _with_marks(rate, clips), clips


def _rate(log: AvidLog, rows: list[c.Cells], asked: Rate | None, report: Report, path: object) -> Rate:
    """Settle the rate: the heading's, a row's, the video format's; what was asked for where they leave it open.

    `FPS 24` stands over logs of 23.976 and `30` over 29.97, so a rate that counts alike may be asked for.
    """
    headings = {key.upper(): value.strip() for key, value in log.headings}
    cells = (row.first(c.FPS) for row in rows)
    stated = next((rate for text in (headings.get("FPS", ""), *cells) if (rate := _as_rate(text)) is not None), None)
    if asked is not None:
        if stated is not None and stated.nominal != asked.nominal:
            raise RateError(
                "the log states another rate than the one asked for",
                path=path,
                expected=asked.name,
                found=f"FPS {stated.name}",
                remedy="leave --rate away",
            )
        return asked
    if stated is None and headings.get("VIDEO_FORMAT", "").upper() in VIDEO_RATES:
        stated = as_rate(VIDEO_RATES[headings["VIDEO_FORMAT"].upper()])
        report.note("rate-guessed", rate=stated.name, why=f"its video format is {headings['VIDEO_FORMAT']}")
    if stated is None:
        raise RateError("the log does not say its frame rate", path=path, remedy="give it with --rate")
    return stated


def _as_rate(text: str) -> Rate | None:
    try:
        return as_rate(text) if text else None
    except (PostsyncError, ArithmeticError):
        return None


def _with_marks(rate: Rate, clips: list[LoggedClip]) -> Rate:
    """Give the bin the drop flag that most of its rows show by their marks."""
    flags = Counter(clip.rate.drop for clip in clips if clip.start is not None and clip.rate.fps == rate.fps)
    return rate.with_drop(flags[True] > flags[False]) if flags else rate


def _row_rate(cells: c.Cells, bin_rate: Rate) -> Rate:
    """Give the rate that a row's labels count at: its own, dropped as its marks say."""
    own = _as_rate(cells.first(c.FPS))
    if own is None or own.nominal == bin_rate.nominal:
        own = bin_rate
    labels = [_TIME.fullmatch(cells.first(names)) for names in (c.START, c.END)]
    if any(label is not None and int(label[5]) >= own.nominal for label in labels):
        own = bin_rate
    marks = {label[4] for label in labels if label is not None}
    if own.nominal in DROPPED and marks:
        return own.with_drop(";" in marks or cells.yes(c.DROP_FRAME))
    return own


# ---------------------------------------------------------------------------------------------------------------- rows


def _logged(
    number: int, line: int, keyed: dict[str, str], cells: c.Cells, bin_rate: Rate, report: Report
) -> LoggedClip:
    rate = _row_rate(cells, bin_rate)
    place = _Place(cells.first(c.NAME) or f"row {number}", line, report)
    picture, sound, unknown = tracks_or_picture(cells.first(c.TRACKS))
    if unknown:
        place.note("value-unreadable", name="Tracks", value=cells.first(c.TRACKS))
    start = _frame(cells.first(c.START), "Start", rate, place)
    end = _frame(cells.first(c.END), "End", rate, place)
    duration = seconds_of_frame(_length(start, end, cells, rate, place), rate)
    return LoggedClip(number, line, keyed, cells, rate, start, duration, picture, sound)


def tracks_or_picture(text: str) -> tuple[bool, tuple[int, ...], str]:
    """Read tracks; a row that names none that we know is picture, as other readers of logs take it."""
    picture, sound, unknown = c.tracks_of(text)
    return picture or not sound, sound, unknown


def _frame(text: str, column: str, rate: Rate, place: _Place | None) -> int | None:
    """Give the frame of a label, mended where there is no such label; of what is said, `place` None says nothing."""
    match = _TIME.fullmatch(text) if text else None
    if match is None:
        if text and place:
            place.note("value-unreadable", name=column, value=text)
        return None
    hours, minutes, seconds, frames = (int(part or 0) for part in match.group(1, 2, 3, 5))
    found = frame_of_parts(hours, minutes, seconds, frames, rate)
    if found is not None:
        return found
    mended = repair_timecode(f"{hours:02}:{minutes:02}:{seconds:02}:{frames:02}", rate)
    if mended is not None and place:
        place.note("timecode-repaired", was=text, now=TimelineFacts(rate, mended).start_timecode)
    return mended


def _length(start: int | None, end: int | None, cells: c.Cells, rate: Rate, place: _Place) -> int:
    """Give the frames of a row: from start to end, over midnight where the end is the lesser, else as it states.

    A row without any, such as a title, is one frame long, so that it has a place.
    """
    stated = _stated_length(cells, rate)
    if start is None or end is None or start == end:
        if not stated:
            place.note("value-unreadable", name="Duration", value="none")
        return stated or 1
    length = (end - start) % rate.frames_per_day or rate.frames_per_day
    if end < start and stated != length and length > rate.frames_per_day // 2:
        place.note("value-unreadable", name="End", value=cells.first(c.END))
        return stated or 1
    if stated is not None and abs(stated - length) > 1:
        place.note("stamp-disagrees", was=f"duration of {counted(stated, 'frame')}", now=counted(length, "frame"))
    return length


def _stated_length(cells: c.Cells, rate: Rate) -> int | None:
    """Give the length that a row states, as a label or as a count of frames."""
    stated = _frame(cells.first(c.DURATION), "Duration", rate, None)
    count = cells.first(c.FRAMES) if stated is None else ""
    if stated is None and count.isascii() and count.isdigit():
        return min(int(count[:9]), rate.frames_per_day)
    return stated
