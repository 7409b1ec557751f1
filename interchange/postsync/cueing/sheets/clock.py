"""The clock of a sheet: its rate and start, and the places of its cues on that clock.

Rate and start come from the question, else from our own columns, else from what stands above the header (`Frame rate: 25`);
the start else from the hour of the earliest cue. Exact times stand beside the labels in columns of their own and count
where they lie within a frame of the label: a label that somebody moved wins.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from postsync.cueing.sheets.headings import Heading, Row
from postsync.cueing.sheets.rows import CueCells
from postsync.cueing.sheets.times import GUESSED_FORMS, ReadTime, read_time
from postsync.errors import FormatError, RateError
from postsync.model import TimelineFacts, Vocabulary
from postsync.report import Report
from postsync.timing import Rate, as_rate, fraction_text, frame_at, parse_timecode, seconds_of_frame

_RATE_ABOVE = re.compile(
    r"(?:frame ?rate|timecode rate|fps|rate|bildrate|cadence)\s*[:=]?\s*(?P<rate>\d{2,3}(?:[.,]\d+)?(?:\s*(?:df|drop))?)?.*"
    r"|.*?\b(?P<fps>\d{2,3}(?:[.,]\d+)?)\s*fps(?P<drop>\s*(?:df|drop))?.*",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class SheetQuestion:
    """What is known of a sheet before it is read.

    `rate` and `start` of the timeline where the sheet does not say; `name` of the timeline; `words`: the show's own headers,
    folded, and the columns that they mean, `columns_named` whether
    the user said which columns there are; `format` is the name of the format that reads; `vocabulary` has the show's words.
    """

    rate: Rate | None = None
    start: str | None = None
    name: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    columns_named: bool = False
    path: Path | None = None
    format: str | None = None
    vocabulary: Vocabulary | None = None


class SheetClock:
    """Reads the times of one sheet."""

    def __init__(self, facts: TimelineFacts, report: Report) -> None:
        self.facts = facts
        self._report = report
        self._said: set[str] = set()

    @staticmethod
    def of(
        above: Sequence[Row], cells: Sequence[CueCells], heading: Heading, question: SheetQuestion, report: Report
    ) -> SheetClock:
        """Settle rate and start. Raises RateError where nothing states the rate, FormatError for a start that is none."""
        rate = question.rate or _stated_rate(above, cells, question, report)
        start = question.start or next((text for one in cells if (text := one.named("start"))), None)
        if start is not None:
            first = parse_timecode(start, rate, path=question.path, place="timeline start")
            return SheetClock(TimelineFacts(rate, first, format=question.format), report)
        times = [read for one in cells if (text := one.named("tc_in")) and (read := read_time(text, rate)) is not None]
        first = _hour_of_earliest(times, rate)
        facts = TimelineFacts(rate, first, format=question.format)
        report.note("start-guessed", start=facts.start_timecode, why="the hour of the earliest cue")
        return SheetClock(facts, report)

    def place(self, text: str, source: str) -> Fraction | None:
        """Give a time as exact seconds from the timeline's first frame, None where the text is none."""
        read = read_time(text, self.facts.rate) if text else None
        if read is None:
            return None
        if read.now is not None:
            self._report.note("timecode-repaired", source=source, was=text, now=read.now)
        frames = self._from_start(read)
        form = "frames of the day" if read.form == "frames" and frames != read.frames else read.form
        if form in GUESSED_FORMS and form not in self._said and not (form == "clock" and not self.facts.rate.is_ntsc):
            self._said.add(form)
            self._report.note("time-form-read", source=source, text=text, form=GUESSED_FORMS[form])
        fps = self.facts.rate.fps
        return Fraction(frames.numerator * fps.denominator, frames.denominator * fps.numerator)

    def _from_start(self, read: ReadTime) -> Fraction:
        start, day = self.facts.start_frame, self.facts.rate.frames_per_day
        if not read.absolute:
            by_day = read.form == "frames" and start and read.frames >= start
            return read.frames - start if by_day else read.frames
        frames = read.frames
        if not read.unwrapped and frames < start and frames + day // 2 < start:
            frames += day
        return frames - start

    def times(self, start: Fraction, cells: CueCells, values: dict[str, Any]) -> dict[str, Any]:
        """Give in and out as whole frames, with the exact times beside them where they are finer."""
        rate = self.facts.rate
        first = frame_at(start, rate)
        end = self._end(start, cells)
        last = None if end is None or end <= start else max(first + 1, frame_at(end, rate))
        if end is not None and end < start:
            self._report.note("value-unreadable", source=cells.source, name="Out", value=cells.named("tc_out"))
        return {
            "record_in": first,
            "record_out": last,
            "precise_in": self._exact(values.get("precise_in"), start, first, cells.source),
            "precise_out": None if last is None else self._exact(values.get("precise_out"), end, last, cells.source),
        }

    def _end(self, start: Fraction, cells: CueCells) -> Fraction | None:
        if cells.named("tc_out"):
            end = self.place(cells.named("tc_out"), cells.source)
            if end is None:
                self._report.note("value-unreadable", source=cells.source, name="Out", value=cells.named("tc_out"))
            return end
        length = cells.named("duration") if "tc_out" not in cells.places else ""
        read = read_time(length, self.facts.rate) if length else None
        if read is None:
            return None
        whole_seconds = read.form == "frames"
        return start + (read.frames if whole_seconds else read.frames / self.facts.rate.fps)

    def _exact(self, stated: Fraction | None, shown: Fraction | None, frame: int, source: str) -> Fraction | None:
        whole = seconds_of_frame(frame, self.facts.rate)
        if stated is None:
            return shown if shown != whole else None
        if abs(stated - whole) <= self.facts.rate.seconds_per_frame:
            return stated
        self._report.note("exact-time-dropped", source=source, was=fraction_text(stated), now=self.facts.label(frame))
        return None


def _stated_rate(above: Sequence[Row], cells: Iterable[CueCells], question: SheetQuestion, report: Report) -> Rate:
    stated = next((text for one in cells if (text := one.named("rate"))), None)
    if stated is not None:
        return as_rate(stated)
    found = next((text for row in above for text in _rates_above(row)), None)
    by_seconds = _rate_of_seconds(cells) if found is None else None
    if by_seconds is not None:
        report.note("rate-found", rate=by_seconds.name, why="its seconds and labels agree at no other")
        return by_seconds
    if found is None:
        raise RateError("the table does not say its frame rate", path=question.path, remedy="give it with --rate")
    rate = as_rate(found)
    report.note("rate-guessed", rate=rate.name, why="stands above the header")
    return rate


_USUAL_RATES = (
    "23.976",
    "24",
    "25",
    "29.97",
    "29.97 DF",
    "30",
    "30 DF",
    "47.952",
    "48",
    "50",
    "59.94",
    "59.94 DF",
    "60",
)


def _rate_of_seconds(cells: Iterable[CueCells]) -> Rate | None:
    """Give the only usual rate at which every label stands at the seconds beside it, as ptulsconv writes both."""
    pairs = [(one.named("tc_in"), one.named("seconds_in")) for one in cells]
    try:
        stated = [(label, Fraction(text)) for label, text in pairs if label and text]
    except ValueError:
        return None
    found = [rate for rate in map(as_rate, _USUAL_RATES) if stated and all(_agree(*pair, rate) for pair in stated)]
    return found[0] if len(found) == 1 else None


def _agree(label: str, seconds: Fraction, rate: Rate) -> bool:
    try:
        return abs(seconds_of_frame(parse_timecode(label, rate), rate) - seconds) < Fraction(1, 1000)
    except FormatError:
        return False


def _rates_above(row: Row) -> Iterable[str]:
    """Yield rates that a row above the header states: `Frame rate: 25`, `23.976 fps`, or two cells of that."""
    for place, cell in enumerate(row):
        match = _RATE_ABOVE.fullmatch(cell.strip()) if isinstance(cell, str) and len(cell) < 200 else None
        if match is None:
            continue
        beside = str(row[place + 1] if place + 1 < len(row) and row[place + 1] is not None else "")
        text = match["rate"] or (f"{match['fps']}{match['drop'] or ''}" if match["fps"] else beside)
        try:
            yield as_rate(text.replace(",", ".")).name
        except (RateError, FormatError):
            continue


def _hour_of_earliest(times: Iterable[ReadTime], rate: Rate) -> int:
    """Give the frame of the full hour at or before the earliest label; 0 where only lengths from a start are given."""
    earliest = min((read.frames for read in times if read.absolute), default=Fraction(0))
    hour = max(0, int(earliest)) // (rate.frames_per_day // 24)
    return parse_timecode(f"{hour % 24:02}:00:00:00", rate)
