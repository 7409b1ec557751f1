"""Reaper's list of regions and markers: the CSV that its Region/Marker Manager exports and imports.

A cue is a region, a point a marker; the name is all the text there is. Times follow the ruler of the project: seconds with
or without minutes and hours, or timecode, from the start of the clock with the project's offset in it. Bars and beats mean
nothing without the tempo map of the project and are refused.

    #,Name,Start,End,Length,Color
    R1,R106 ROBIN: Hold there! {adr=7KQ2M9XD},1:00:10.000000000,1:00:11.666666667,0:00:01.666666667,E12401
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO, Literal

import opentimelineio as otio

from postsync.cueing import NAME_ONLY, TagLevel
from postsync.errors import FormatError
from postsync.formats import (
    CUE_FEATURES,
    Claim,
    Feature,
    Format,
    Options,
    Purpose,
    Timelines,
    decode_text,
    frame_of_label,
    grain_of,
    meant_time,
    path_of,
    rate_of_labels,
    rate_of_times,
    start_of_frames,
)
from postsync.model import (
    COLOURS,
    PlainMarker,
    TimelineFacts,
    nearest_colour,
    put_timeline_facts,
    timeline_facts,
    to_otio_marker,
)
from postsync.report import Report
from postsync.timing import Rate, frame_at, nearest_frame, seconds_of_frame
from postsync_adapters._carried import Shown, TimesReadOptions, decimal_text, shown_markers

HEADER = ("#", "Name", "Start", "End", "Length", "Color")

_SECONDS = re.compile(r"(?:(?:(?P<h>\d{1,4}):)?(?P<m>\d{1,6}):)?(?P<s>\d{1,9})(?:\.(?P<part>\d{1,12}))?", re.ASCII)
_LABEL = re.compile(r"\d{1,3}:\d\d:\d\d[:;.]\d{2,3}", re.ASCII)
_LABEL_MARK = re.compile(r"\d{1,3}:\d\d:\d\d[:;]\d{2,3}", re.ASCII)
_BARS = re.compile(r"-?\d+\.\d+\.\d+")
_RGB = re.compile(r"#?(?P<rgb>[0-9A-Fa-f]{6})")

LONGEST_IN_SECONDS = 400_000
"""More whole seconds than this are samples: nobody has a project of five days."""


@dataclass(frozen=True)
class ReaperWriteOptions(Options):
    """`times`: as `seconds` (hours, minutes, seconds) or as `timecode`: import under a ruler of the same kind."""

    times: Literal["seconds", "timecode"] = "seconds"
    tags: TagLevel = "uid"


@dataclass(frozen=True)
class _Row:
    line: int
    id: str
    name: str
    start: str
    end: str
    length: str
    colour: str


def sniff(head: bytes) -> Claim:
    """Say whether the header is that of Reaper's list."""
    first = decode_text(head).text.lstrip("\ufeff").splitlines()[:1]
    return Claim.CERTAIN if first and first[0].replace('"', "").startswith("#,Name,Start,End") else Claim.NO


# ------------------------------------------------------------------------------------------------------------- reading


def read(file: BinaryIO, report: Report, options: TimesReadOptions) -> Timelines:
    """Read the regions and markers of one project."""
    path = path_of(file)
    rows = list(_rows(decode_text(file.read(), report).text, path, report))
    name = options.name or (path.stem if path else "")
    timeline = otio.schema.Timeline(name=name)
    clock = _Clock(rows, name, path, report, options)
    put_timeline_facts(timeline, clock.facts)
    markers = [(place, row) for row in rows if (place := clock.place(row.start, row)) is not None]
    for start, row in sorted(markers, key=lambda pair: pair[0]):
        end = clock.place(row.end, row) if row.end else None
        if end is None and row.length:
            length = clock.seconds(row.length, row, absolute=False)
            end = None if length is None else meant_time(start + length[0], clock.facts.rate, length[1])
        marker = _plain(row, start, Fraction(0) if end is None else end - start)
        timeline.tracks.markers.append(to_otio_marker(marker, clock.facts.rate.fps))
    return [timeline]


def _rows(text: str, path: Path | None, report: Report) -> Iterator[_Row]:
    reader = csv.DictReader(io.StringIO(text.replace("\0", ""), newline=""), restkey="", restval="")
    try:
        fields = [field.strip() for field in reader.fieldnames or ()]
        if not {"Name", "Start"} <= set(fields):
            raise FormatError(
                path=path, place="line 1", expected="the header #,Name,Start,End,Length", found=str(fields)
            )
        reader.fieldnames = fields
        for cells in reader:
            row = _Row(reader.line_num, *(str(cells.get(name) or "").strip() for name in HEADER))
            if row.start:
                yield row
            elif row.name:
                report.note("line-ignored", source=f"line {row.line}", text=row.name)
    except csv.Error as fault:
        raise FormatError(f"not a table ({fault})", path=path, place=f"line {reader.line_num}") from fault


class _Clock:
    """What the times of one list count, and its start."""

    def __init__(
        self, rows: Sequence[_Row], name: str, path: Path | None, report: Report, options: TimesReadOptions
    ) -> None:
        self.report = report
        starts = [row.start for row in rows]
        self.labels = any(_LABEL_MARK.fullmatch(text) for text in starts)
        for row in rows:
            self._refuse(row, path)
        rate = options.rate or self._rate(starts, name)
        self.facts = TimelineFacts(rate, 0, producer="Reaper", format=FORMAT.name)
        self.report = Report()
        places = [found[0] for row in rows if (found := self.seconds(row.start, row)) is not None]
        self.report = report
        frames = [nearest_frame(one, rate) for one in places]
        start = start_of_frames(options.start, frames, rate, name, report)
        self.facts = TimelineFacts(rate, start, producer="Reaper", format=FORMAT.name)

    @staticmethod
    def _refuse(row: _Row, path: Path | None) -> None:
        place, whole = f"line {row.line}", row.start.isdigit() and len(row.start) < 20
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

    def seconds(self, text: str, row: _Row, *, absolute: bool = True) -> tuple[Fraction, Fraction] | None:
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

    def place(self, text: str, row: _Row) -> Fraction | None:
        """Give the time from the timeline's first frame that a time of the clock means."""
        found = self.seconds(text, row)
        if found is None:
            return None
        rate = self.facts.rate
        return meant_time(found[0] - seconds_of_frame(self.facts.start_frame, rate), rate, found[1])


def _seconds(match: re.Match[str]) -> Fraction:
    whole = (int(match["h"] or 0) * 60 + int(match["m"] or 0)) * 60 + int(match["s"])
    return whole + Fraction(int(match["part"] or 0), 10 ** len(match["part"] or ""))


def _plain(row: _Row, start: Fraction, duration: Fraction) -> PlainMarker:
    match = _RGB.fullmatch(row.colour)
    rgb = f"#{match['rgb'].upper()}" if match and match["rgb"].strip("0") else None
    return PlainMarker(
        start,
        max(Fraction(0), duration),
        row.name,
        colour=nearest_colour(rgb) if rgb else None,
        colour_rgb=rgb,
        origin=row.id,
    )


# ------------------------------------------------------------------------------------------------------------- writing


def write(timeline: otio.schema.Timeline, file: BinaryIO, report: Report, options: ReaperWriteOptions) -> None:
    """Write regions and markers in order of time."""
    facts = timeline_facts(timeline)
    zero = seconds_of_frame(facts.start_frame, facts.rate)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    counts = {"R": 0, "M": 0}
    for one in shown_markers(timeline, NAME_ONLY, options.tags, report):
        kind = "M" if one.end is None else "R"
        counts[kind] += 1
        times = [zero + one.start, *([] if one.end is None else [zero + one.end, one.end - one.start])]
        cells = [_time(time, facts, options, length=place == 2) for place, time in enumerate(times)]
        writer.writerow([f"{kind}{counts[kind]}", one.text.name, *cells, *[""] * (3 - len(cells)), _colour(one)])
    file.write(text.getvalue().encode("utf-8", "replace"))


def _time(seconds: Fraction, facts: TimelineFacts, options: ReaperWriteOptions, *, length: bool) -> str:
    if options.times == "timecode":
        frame = nearest_frame(seconds, facts.rate) if length else frame_at(seconds, facts.rate)
        rate = facts.rate.with_drop(False) if length else facts.rate
        return TimelineFacts(rate, frame).start_timecode
    whole, part = decimal_text(max(Fraction(0), seconds), 9).split(".")
    minutes, rest = divmod(int(whole), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}.{part}"


def _colour(one: Shown) -> str:
    kept = one.plain.colour_rgb
    rgb = kept if kept and nearest_colour(kept) == one.colour else COLOURS.get(one.colour or "", "")
    return rgb.lstrip("#")


FORMAT = Format(
    name="reaper_markers",
    title="Reaper region and marker list",
    suffixes=(".reaper.csv",),
    sniff=sniff,
    purpose=Purpose.CUES,
    reads=Feature.MARKERS | Feature.MARKER_DURATIONS | Feature.MARKER_COLOURS | Feature.DROP_FRAME | Feature.SUBFRAME,
    writes=(CUE_FEATURES & ~Feature.CUE_RECORDS) | Feature.SUBFRAME,
    read_options=TimesReadOptions,
    write_options=ReaperWriteOptions,
    read=read,
    write=write,
    claims_suffixes_in_otio=False,
)
globals().update(FORMAT.otio_functions())
