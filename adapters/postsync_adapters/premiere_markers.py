"""Premiere Pro's marker list: File > Export > Markers, "CSV", which is parted by tabs.

Name, description, in, out, duration and type; UTF-8 or UTF-16 by its mark. Times are as the sequence shows them: timecode,
drop frame with semicolons between all fields, or plain frame numbers. Line breaks in a description break the row and are put
together again. Neither rate nor colour is there, and Premiere reads no such file: markers go in as Final Cut Pro 7 XML.

    Marker Name  Description  In  Out  Duration  Marker Type
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import BinaryIO

from postsync.errors import FormatError, RateError
from postsync.formats import MARKER_FEATURES, Claim, Feature, Format, Purpose, Timelines, decode_text, path_of
from postsync.model import PlainMarker, TimelineFacts
from postsync.report import Report
from postsync_adapters._carried import Labelled, TimesReadOptions, timeline_of_labels

HEADER = ("marker name", "description", "in", "out", "duration", "marker type")

KINDS = {"comment": "marker", "chapter": "chapter"}
"""Our kind for a type; the others are kept by their name."""

_LABEL = r"\d{1,3}[:;]\d\d[:;]\d\d[:;]\d{2,3}"
_FRAMES = r"\d{1,9}"
_TAIL = re.compile(rf"\t(?P<times>(?:{_LABEL}\t){{3}}|(?:{_FRAMES}\t){{3}})(?P<type>[^\t]*)\t?$", re.ASCII)
_SEEN = re.compile(rf"^[^\t\n]*\t[^\n]*\t(?:{_LABEL}\t){{3}}[^\t\n]+\t?$", re.MULTILINE | re.ASCII)


def sniff(head: bytes) -> Claim:
    """Say whether the header, or in another language the form of the rows, is that of Premiere's list."""
    text = decode_text(head).text.replace("\r\n", "\n").replace("\r", "\n")
    first = text.lstrip("\ufeff").partition("\n")[0]
    if tuple(word.strip().casefold() for word in first.split("\t")[:6]) == HEADER:
        return Claim.CERTAIN
    return Claim.CERTAIN if first.count("\t") in (5, 6) and _SEEN.search(text) else Claim.NO


def read(file: BinaryIO, report: Report, options: TimesReadOptions) -> Timelines:
    """Read the markers of one sequence."""
    path = path_of(file)
    text = decode_text(file.read(), report).text.lstrip("\ufeff").replace("\0", "")
    rows = list(_rows(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), report))
    if not rows:
        expected = "name, description, in, out, duration and type, parted by tabs"
        remedy = "set the sequence's display to timecode and export again"
        raise FormatError(path=path, place="line 2", expected=expected, found="none", remedy=remedy)
    if rows[0].record_in.isdigit():
        rows = [_labelled(row, options) for row in rows]
    name = options.name or (path.stem if path else "")
    return [timeline_of_labels(rows, name, report, options, format_name=FORMAT.name, producer="Premiere Pro")]


def _rows(lines: list[str], report: Report) -> Iterator[Labelled]:
    """Yield the rows; a line without its times begins a row that goes on in the next."""
    begun: list[str] = []
    first = 1 if lines and _TAIL.search(lines[0]) is None else 0
    for number, line in enumerate(lines[first:], first + 1):
        tail = _TAIL.search(line)
        if tail is None:
            begun.append(line)
            continue
        text = "\n".join([*begun, line[: tail.start()]])
        begun = []
        name, _, description = text.strip("\n").partition("\t")
        start, end, length = tail["times"].split("\t")[:3]
        kind = tail["type"].strip()
        extra = {"premiere": {"type": kind}} if kind and kind.casefold() not in KINDS else {}
        plain = PlainMarker(
            Fraction(0),
            name=name.strip(),
            comment=description.strip(),
            kind=KINDS.get(kind.casefold(), "marker"),
            origin=f"line {number}",
            extra=extra,
        )
        yield Labelled(start, end, length, plain)
    rest = "\n".join(begun).strip()
    if rest:
        report.note("line-ignored", source=f"line {len(lines)}", text=rest[:80])


def _labelled(row: Labelled, options: TimesReadOptions) -> Labelled:
    """Give a row of frame numbers as timecodes."""
    if options.rate is None:
        raise RateError("this list counts frames and does not say how many a second", remedy="give it with --rate")
    rate = options.rate
    start, end = (TimelineFacts(rate, int(text)).start_timecode for text in (row.record_in, row.record_out))
    return Labelled(start, end, "", row.plain)


FORMAT = Format(
    name="premiere_markers",
    title="Premiere Pro marker list",
    suffixes=(".csv", ".txt"),
    sniff=sniff,
    purpose=Purpose.CUES,
    reads=(MARKER_FEATURES & ~Feature.MARKER_COLOURS) | Feature.DROP_FRAME,
    read_options=TimesReadOptions,
    read=read,
    claims_suffixes_in_otio=False,
)
globals().update(FORMAT.otio_functions())
