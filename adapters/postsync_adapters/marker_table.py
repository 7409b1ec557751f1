"""A table of markers, headed by its columns: what Nuendo, Cubase, Audition and scripts call a marker CSV. Read only.

Nobody wrote down which columns such a list has, and they follow what the program's window shows; so they are known by their
headers, in any order, parted by commas, semicolons or tabs. A table with other columns than those of markers is a cue sheet.

    ID,Description,Position,End,Length
    1,R106 ROBIN: Hold there!,01:00:10:00,01:00:11:16,00:00:01:16
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO

import opentimelineio as otio

from postsync.errors import FormatError
from postsync.formats import MARKER_FEATURES, Claim, Feature, Format, Purpose, Timelines, decode_text, path_of
from postsync.model import Attachment, PlainMarker, colour_name, put_timeline_facts, to_otio_marker
from postsync.report import Report
from postsync_adapters._carried import TimesReadOptions
from postsync_adapters._ruler import FileOf, Ruler, TimedRow

COLUMNS = {
    "id": ("id", "no", "nr", "number", "index", "marker id", "#"),
    "name": ("name", "marker name", "marker", "title", "label"),
    "start": ("position", "start", "start time", "start position", "begin", "time"),
    "end": ("end", "end time", "end position", "stop"),
    "length": ("length", "duration"),
    "comment": ("description", "comment", "comments", "note", "notes"),
    "track": ("track", "marker track", "track name"),
    "colour": ("color", "colour"),
}
"""The words that head each column of ours, without case."""

ASIDE = ("type", "time format", "marker type", "cycle", "offset", "")
"""Columns that say nothing of a cue."""

_KNOWN = {word: column for column, words in COLUMNS.items() for word in words}
_TIME = re.compile(r"\d{1,4}(?::\d{1,2}){1,3}(?:[.;:,]\d{1,9})?|\d{1,9}\.\d{1,12}", re.ASCII)


def sniff(head: bytes) -> Claim:
    """Say whether the header is one of markers and nothing else, over a row with a time."""
    text = decode_text(head).text.lstrip("\ufeff").replace("\0", "")
    columns = _columns(text)
    if columns is None:
        return Claim.NO
    row = next(csv.reader(text.splitlines()[1:2], delimiter=_delimiter(text)), [])
    start = columns["start"]
    return Claim.MAYBE if len(row) > start and _TIME.fullmatch(row[start].strip()) else Claim.NO


def _delimiter(text: str) -> str:
    first = text.partition("\n")[0]
    return max(",;\t", key=first.count)


def _columns(text: str) -> dict[str, int] | None:
    """Give the places of the columns by our names; None where the header is not one of markers."""
    first = next(csv.reader(text.splitlines()[:1], delimiter=_delimiter(text)), [])
    words = [" ".join(word.replace("_", " ").split()).casefold() for word in first]
    if any(word not in _KNOWN and word not in ASIDE for word in words):
        return None
    columns = {_KNOWN[word]: place for place, word in reversed(list(enumerate(words))) if word in _KNOWN}
    return columns if "start" in columns and {"name", "comment"} & columns.keys() else None


def read(file: BinaryIO, report: Report, options: TimesReadOptions) -> Timelines:
    """Read the markers of one list."""
    path = path_of(file)
    rows = list(_rows(decode_text(file.read(), report).text.lstrip("\ufeff").replace("\0", ""), path, report))
    name = options.name or (path.stem if path else "")
    timeline = otio.schema.Timeline(name=name)
    ruler = Ruler(rows, FileOf(FORMAT.name, None, name, path), report, options)
    put_timeline_facts(timeline, ruler.facts)
    for row, start, duration in ruler.placed(rows):
        timeline.tracks.markers.append(to_otio_marker(_plain(row, start, duration), ruler.facts.rate.fps))
    return [timeline]


def _rows(text: str, path: Path | None, report: Report) -> Iterator[TimedRow]:
    columns = _columns(text)
    if columns is None:
        expected = "a header such as ID, Name, Position, End, Length, Description"
        raise FormatError(path=path, place="line 1", expected=expected, found=repr(text.partition("\n")[0][:80]))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        next(reader)
        for cells in reader:
            found = {name: cells[place].strip() for name, place in columns.items() if place < len(cells)}
            row = TimedRow(reader.line_num, **{"id": "", "name": "", "start": "", **found})
            if row.start:
                yield row
            elif any(found.values()):
                report.note("line-ignored", source=f"line {row.line}", text=" | ".join(filter(None, found.values())))
    except csv.Error as fault:
        raise FormatError(f"not a table ({fault})", path=path, place=f"line {reader.line_num}") from fault


def _plain(row: TimedRow, start: Fraction, duration: Fraction) -> PlainMarker:
    return PlainMarker(
        start,
        duration,
        row.name or row.comment,
        row.comment if row.name else "",
        colour=colour_name(row.colour),
        attached_to=Attachment(track=row.track) if row.track else None,
        origin=f"line {row.line}",
        extra={"marker_table": {"id": row.id}} if row.id else {},
    )


FORMAT = Format(
    name="marker_table",
    title="Marker table (Nuendo, Cubase, Audition CSV)",
    suffixes=(".csv", ".txt", ".tsv"),
    sniff=sniff,
    purpose=Purpose.CUES,
    reads=MARKER_FEATURES | Feature.DROP_FRAME,
    read_options=TimesReadOptions,
    read=read,
    claims_suffixes_in_otio=False,
)
globals().update(FORMAT.otio_functions())
