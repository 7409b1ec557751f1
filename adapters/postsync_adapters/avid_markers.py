"""Media Composer's marker list: what the marker window exports and imports as text.

One record a line, parted by tabs, without header or quoting: user, label, track, colour, comment, length in frames. Old
versions write five columns without the length, newest ones eight with a second colour at the end. Records end with LF, and
a line break inside a comment is a single CR, as real lists show. After exports of several versions; ids are only in the XML.

    ADR  01:00:10:00  V1  red  R106 ROBIN: Hold there! {adr=7KQ2M9XD}  40
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, Literal

from postsync.errors import FormatError
from postsync.formats import (
    CUE_FEATURES,
    MARKER_FEATURES,
    Claim,
    Feature,
    Format,
    Purpose,
    Timelines,
    decode_text,
    path_of,
)
from postsync.report import Report
from postsync_adapters._avid import (
    COLOURS,
    FURTHER_COLOURS,
    AvidMarker,
    AvidReadOptions,
    AvidWriteOptions,
    rows_of,
    timeline_of,
)

KNOWN_COLOURS = frozenset({*COLOURS, *FURTHER_COLOURS})

_LABEL = r"\d{1,2}[:;.]\d\d[:;.]\d\d[:;.,]\d{2,3}"
_RECORD = re.compile(rf"^(?P<user>[^\t\n]*)\t\s*(?P<timecode>{_LABEL})\s*\t(?P<track>[^\t\n]*)\t(?P<colour>[^\t\n]*)")
_TRACK = re.compile(r"\s*(?:[VADC]|TC|DX)?\d{0,3}\s*", re.IGNORECASE)


@dataclass(frozen=True)
class MarkerListReadOptions(AvidReadOptions):
    """`encoding` overrules the guess of how the text is encoded (`mac_roman`, `cp1252`, …)."""

    encoding: str | None = None


@dataclass(frozen=True)
class MarkerListWriteOptions(AvidWriteOptions):
    """`columns`: 5 for old versions, which know no lengths; 8 adds the second colour of newest ones."""

    columns: Literal[5, 6, 8] = 6


def sniff(head: bytes) -> Claim:
    """Say whether the first bytes are a marker list: a label in the second column, a track and a colour behind it."""
    lines = _records_of(decode_text(head).text)
    match = next((_RECORD.match(line) for _, line in lines if line.strip()), None)
    if match is None:
        return Claim.NO
    sure = match["colour"].strip().casefold() in KNOWN_COLOURS and _TRACK.fullmatch(match["track"])
    return Claim.CERTAIN if sure else Claim.MAYBE


def read(file: BinaryIO, report: Report, options: MarkerListReadOptions) -> Timelines:
    """Read the markers of one sequence."""
    path = path_of(file)
    text = decode_text(file.read(), report, options.encoding).text
    found: list[AvidMarker] = []
    for line, record in _records_of(text):
        marker = _marker(record, f"line {line}")
        if marker is not None:
            found.append(marker)
        elif record.strip():
            report.note("line-ignored", source=f"line {line}", text=record.strip())
    if not found:
        raise FormatError(
            path=path, place="line 1", expected="user, timecode, track and colour, parted by tabs", found="none"
        )
    name = options.name or (path.stem if path else "")
    return [timeline_of(found, name, FORMAT.name, report, options)]


def _records_of(text: str) -> Iterator[tuple[int, str]]:
    """Yield each record with its line; lines that begin none belong to the comment before, as editors leave them."""
    text = text.rstrip("\0\x1a")
    text = text.replace("\r\n", "\n") if "\n" in text else text.replace("\r", "\n")
    start, record = 1, ""
    for number, line in enumerate(text.split("\n"), 1):
        if _RECORD.match(line) or not _RECORD.match(record):
            if record:
                yield start, record.rstrip("\n")
            start, record = number, line
        else:
            record += f"\n{line}"
    if record:
        yield start, record.rstrip("\n")


def _marker(record: str, source: str) -> AvidMarker | None:
    match = _RECORD.match(record)
    if match is None:
        return None
    rest = record[match.end() :]
    cells = rest[1:].split("\t") if rest.startswith("\t") else []
    comment, duration, further = _tail(cells)
    return AvidMarker(
        timecode=match["timecode"],
        user=match["user"].strip(),
        track=match["track"].strip(),
        colour=match["colour"].strip(),
        comment="\n".join(comment).replace("\r", "\n"),
        duration=duration,
        further=further,
        source=source,
        joined=len(comment) > 1,
    )


def _tail(cells: list[str]) -> tuple[list[str], int | None, str]:
    """Part what follows the colour: the comment, in several cells where tabs broke it, the length, the second colour."""
    further = ""
    if len(cells) > 2 and cells[-1].strip().casefold() in KNOWN_COLOURS and _number(_last(cells[:-1])) is not None:
        further, cells = cells[-1].strip(), cells[:-1]
    filled = cells
    while len(filled) > 2 and not filled[-1].strip():
        filled = filled[:-1]
    duration = _number(filled[-1]) if len(filled) > 1 else None
    return (filled[:-1], duration, further) if duration is not None else (_trimmed(cells), None, further)


def _last(cells: list[str]) -> str:
    return next((cell for cell in reversed(cells) if cell.strip()), "")


def _trimmed(cells: list[str]) -> list[str]:
    while cells and not cells[-1].strip():
        cells = cells[:-1]
    return cells


def _number(cell: str) -> int | None:
    return int(cell) if re.fullmatch(r"\s*[0-9]{1,9}\s*", cell) else None


def write(timeline: Any, file: BinaryIO, report: Report, options: MarkerListWriteOptions) -> None:
    """Write the cues and markers of a timeline in order of time."""
    for row in rows_of(timeline, report, options, points=options.columns == 5):
        cells = [row.user, row.timecode, row.track, row.colour, row.comment.replace("\n", "\r")]
        if options.columns > 5:
            cells.append(str(row.duration or 1))
        if options.columns == 8:
            cells += ["", row.further or row.colour]
        file.write(("\t".join(cells) + "\n").encode("utf-8", "replace"))


FORMAT = Format(
    name="avid_markers",
    title="Media Composer marker list",
    suffixes=(".txt",),
    sniff=sniff,
    purpose=Purpose.CUES,
    reads=MARKER_FEATURES | Feature.DROP_FRAME,
    writes=CUE_FEATURES & ~Feature.CUE_RECORDS,
    read_options=MarkerListReadOptions,
    write_options=MarkerListWriteOptions,
    read=read,
    write=write,
    claims_suffixes_in_otio=False,
)
globals().update(FORMAT.otio_functions())
