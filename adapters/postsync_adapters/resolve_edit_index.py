"""DaVinci Resolve's edit index, exported as CSV or TXT: its rows that are markers.

The index lists what its filter shows, clips and markers alike, under headers that differ by version, so columns are found by
their names. A row without a source is a marker; clips are left to the timeline formats. Resolve reads no such file.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from fractions import Fraction
from typing import BinaryIO

from postsync.errors import FormatError
from postsync.formats import MARKER_FEATURES, Claim, Feature, Format, Purpose, Timelines, decode_text, path_of
from postsync.model import PlainMarker, colour_name
from postsync.report import Report
from postsync.timing import is_timecode
from postsync.wording import counted
from postsync_adapters._carried import Labelled, TimesReadOptions, timeline_of_labels

COLUMNS = {
    "record_in": ("record in", "rec in", "record start", "timeline in"),
    "record_out": ("record out", "rec out", "record end", "timeline out"),
    "name": ("name", "marker name", "clip name"),
    "note": ("notes", "note", "marker notes"),
    "comment": ("comments", "comment"),
    "colour": ("color", "colour", "marker color", "marker colour"),
    "keywords": ("marker keywords", "keywords"),
    "source_in": ("source in", "src in", "source start"),
    "cut": ("c", "cut", "transition"),
}
"""What a header is called, by what we take from its column."""

NEEDED = {"record_in", "record_out", "name"}


def sniff(head: bytes) -> Claim:
    """Say whether the header is that of an edit index with places for what markers say."""
    found = _columns(_header(decode_text(head).text.replace("\0", "")))
    return Claim.CERTAIN if found.keys() >= NEEDED and found.keys() & {"note", "colour", "keywords"} else Claim.NO


def _header(text: str) -> list[str]:
    first = text.lstrip("\ufeff").splitlines()[:1]
    return next(csv.reader(first, delimiter=_delimiter(text)), []) if first else []


def _delimiter(text: str) -> str:
    first = text.partition("\n")[0]
    return "\t" if first.count("\t") > first.count(",") else ","


def _columns(header: list[str]) -> dict[str, int]:
    words = [" ".join(word.casefold().split()) for word in header]
    return {
        field: next(words.index(name) for name in names if name in words)
        for field, names in COLUMNS.items()
        if any(name in words for name in names)
    }


def read(file: BinaryIO, report: Report, options: TimesReadOptions) -> Timelines:
    """Read the markers among the rows; clips are counted in the report."""
    path = path_of(file)
    text = decode_text(file.read(), report).text.lstrip("\ufeff").replace("\0", "")
    columns = _columns(_header(text))
    if not columns.keys() >= NEEDED:
        expected = "a header with Record In, Record Out and Name"
        raise FormatError(path=path, place="line 1", expected=expected, found=repr(text[:40]))
    try:
        rows = list(_rows(text, columns, report))
    except csv.Error as fault:
        raise FormatError(f"not a table ({fault})", path=path) from fault
    name = options.name or (path.stem if path else "")
    return [timeline_of_labels(rows, name, report, options, format_name=FORMAT.name, producer="DaVinci Resolve")]


def _rows(text: str, columns: dict[str, int], report: Report) -> Iterator[Labelled]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    next(reader, None)
    clips = 0
    for cells in reader:
        values = {field: cells[place].strip() if place < len(cells) else "" for field, place in columns.items()}
        if not is_timecode(values["record_in"]):
            if any(cell.strip() for cell in cells):
                report.note("line-ignored", source=f"line {reader.line_num}", text=" ".join(cells)[:80])
        elif values.get("cut") or is_timecode(values.get("source_in", "")):
            clips += 1
        else:
            yield Labelled(values["record_in"], values["record_out"], "", _plain(values, reader.line_num))
    if clips:
        report.note("element-ignored", name=f"{counted(clips, 'row')} of clips")


def _plain(values: dict[str, str], line: int) -> PlainMarker:
    colour, keywords = values.get("colour", ""), values.get("keywords", "")
    comment = "\n".join(text for text in (values.get("note", ""), values.get("comment", "")) if text)
    known = colour_name(colour)
    extra = {"keywords": keywords} if keywords else {}
    return PlainMarker(
        Fraction(0),
        name=values["name"],
        comment=comment,
        colour=known,
        origin=f"line {line}",
        extra={**extra, **({"colour": colour} if colour and known is None else {})},
    )


FORMAT = Format(
    name="resolve_edit_index",
    title="DaVinci Resolve edit index",
    suffixes=(".csv", ".txt"),
    sniff=sniff,
    purpose=Purpose.CUES,
    reads=MARKER_FEATURES | Feature.DROP_FRAME,
    read_options=TimesReadOptions,
    read=read,
    claims_suffixes_in_otio=False,
)
globals().update(FORMAT.otio_functions())
