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
from collections.abc import Iterator
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
    path_of,
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
from postsync.timing import frame_at, nearest_frame, seconds_of_frame
from postsync_adapters._carried import Shown, TimesReadOptions, decimal_text, shown_markers
from postsync_adapters._ruler import FileOf, Ruler, TimedRow

HEADER = ("#", "Name", "Start", "End", "Length", "Color")

_RGB = re.compile(r"#?(?P<rgb>[0-9A-Fa-f]{6})")


@dataclass(frozen=True)
class ReaperWriteOptions(Options):
    """`times`: as `seconds` (hours, minutes, seconds) or as `timecode`: import under a ruler of the same kind."""

    times: Literal["seconds", "timecode"] = "seconds"
    tags: TagLevel = "uid"


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
    ruler = Ruler(rows, FileOf(FORMAT.name, "Reaper", name, path), report, options)
    put_timeline_facts(timeline, ruler.facts)
    for row, start, duration in ruler.placed(rows):
        marker = _plain(row, start, duration)
        timeline.tracks.markers.append(to_otio_marker(marker, ruler.facts.rate.fps))
    return [timeline]


def _rows(text: str, path: Path | None, report: Report) -> Iterator[TimedRow]:
    reader = csv.DictReader(io.StringIO(text.replace("\0", ""), newline=""), restkey="", restval="")
    try:
        fields = [field.strip() for field in reader.fieldnames or ()]
        if not {"Name", "Start"} <= set(fields):
            raise FormatError(
                path=path, place="line 1", expected="the header #,Name,Start,End,Length", found=str(fields)
            )
        reader.fieldnames = fields
        for cells in reader:
            row = TimedRow(reader.line_num, *(str(cells.get(name) or "").strip() for name in HEADER))
            if row.start:
                yield row
            elif row.name:
                report.note("line-ignored", source=f"line {row.line}", text=row.name)
    except csv.Error as fault:
        raise FormatError(f"not a table ({fault})", path=path, place=f"line {reader.line_num}") from fault


def _plain(row: TimedRow, start: Fraction, duration: Fraction) -> PlainMarker:
    match = _RGB.fullmatch(row.colour)
    rgb = f"#{match['rgb'].upper()}" if match and match["rgb"].strip("0") else None
    return PlainMarker(
        start,
        duration,
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
