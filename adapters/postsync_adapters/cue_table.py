"""Cues as a table: CSV or TSV for a spreadsheet, and back.

What the columns mean is `cueing.sheets`; here is the file around the table: its encoding, its delimiter, its quotes. A cell
that a spreadsheet would run as a formula (`=1+1`, but also the line `-No!`) gets an apostrophe in front, which our reader
takes off again. Columns `Rate` and `Timeline start` make the table readable without asking for the frame rate.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from typing import BinaryIO, Literal

import opentimelineio as otio

from postsync.cueing.sheets import (
    Heading,
    SheetQuestion,
    find_heading,
    header_words,
    inert,
    layout_of,
    live,
    read_sheet,
    sheet_table,
)
from postsync.errors import FormatError, UnknownOption
from postsync.formats import Claim, Feature, Format, Options, Purpose, ReadOptions, Timelines, path_of
from postsync.model import Project, Vocabulary
from postsync.report import Report

DELIMITERS = {"comma": ",", "tab": "\t", "semicolon": ";", "bar": "|"}

LARGEST_CELL = 2**31 - 1
"""The csv module stops at 131072 characters unless told otherwise; the largest that a C long holds everywhere."""

BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe\x00\x00", "utf-32"), (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"),
)  # fmt: skip

USUAL_LETTERS = frozenset("äöüßéèêëàâçîïôûùñáíóúåæøœãõìòÄÖÜÉÈÀÇÑÅØÁÍÓÚ’‘“”–—…¿¡€£°«»´·•™®©")
"""What stands beyond ASCII in cue sheets of Latin script; the wrong one of two encodings gives other signs."""

_SEPARATOR = re.compile(r"\Asep=(?P<mark>.)(?:\r\n|\n|\r)", re.IGNORECASE)
"""The line by which Excel says what sets its cells off."""


@dataclass(frozen=True)
class TableReadOptions(ReadOptions):
    """How a table is read.

    `start`: the timecode of the timeline's first frame, where the table has no column for it. `encoding` by the name that
    Python has for it, where the guess is wrong. `template` names a sheet of the project file; `columns` and `headers` say which
    headers mean what in this sheet: `number=Loop #, line=Replik`. `vocabulary` comes from the project file.
    """

    start: str | None = None
    encoding: str | None = None
    template: str | None = None
    columns: str = ""
    headers: str = ""
    vocabulary: Vocabulary | None = None


@dataclass(frozen=True)
class TableWriteOptions(Options):
    """How the table is written.

    `delimiter` of the cells; `template` of the columns (full, sheet, minimal, translation, ptulsconv, reaadr, or one of the
    project file); `columns`: names of our columns in the wanted order, joined by commas, instead of a template; `headers`:
    other headers for them, `number=Loop #`; `bom`: a byte order mark, without which Excel takes UTF-8 for something else.
    `episode` and `version` fill cells that the cues leave open.
    """

    delimiter: Literal["comma", "tab", "semicolon", "bar"] = "comma"
    template: str = "full"
    columns: str = ""
    headers: str = ""
    bom: bool = True
    episode: str | None = None
    version: str | None = None


# ------------------------------------------------------------------------------------------------------------- writing


def write(timeline: otio.schema.Timeline, file: BinaryIO, report: Report, options: TableWriteOptions) -> None:
    """Write one row for each cue, in record order."""
    layout = layout_of(options.template, options.columns, options.headers)
    project = Project(episode=options.episode, picture_version=options.version)
    table = sheet_table(timeline, layout, report, FORMAT.title, project)
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=DELIMITERS[options.delimiter], lineterminator="\r\n")
    writer.writerow([inert(header) for header in table.headers])
    writer.writerows([inert(cell) for cell in cells] for _, cells in table.rows)
    file.write(text.getvalue().encode("utf-8-sig" if options.bom else "utf-8"))


# ------------------------------------------------------------------------------------------------------------- reading


def sniff(head: bytes) -> Claim:
    """Say whether a header that we know stands in the first bytes: a time, a line, and a number or a character."""
    text = _decoded_head(head)
    if not text.strip() or "\0" in text:
        return Claim.NO
    heading = _best_table(text)[1]
    if heading is None:
        return Claim.NO
    return Claim.CERTAIN if "uid" in heading.names else Claim.MAYBE


def read(file: BinaryIO, report: Report, options: TableReadOptions) -> Timelines:
    """Read the rows under the first header that we understand as cues."""
    path = path_of(file)
    words = header_words(options.template, options.columns, options.headers)
    rows = _rows(_decoded(file.read(), report, options.encoding), report, words)
    name = options.name or (path.stem if path else "")
    question = SheetQuestion(
        options.rate, options.start, name, words, bool(options.columns), path, FORMAT.name, options.vocabulary
    )
    return [read_sheet(rows, report, question)]


def _decoded_head(head: bytes) -> str:
    """Decode the first bytes of a file, whose last character may be cut."""
    encoding = _stated_encoding(head) or "utf-8"
    try:
        return head.decode(encoding)
    except UnicodeDecodeError as fault:
        if fault.start > len(head) - 8:
            return head[: fault.start].decode(encoding)
    return head.decode(_latin_encoding(head), "replace")


def _decoded(data: bytes, report: Report, encoding: str | None) -> str:
    """Decode a file: as it says by its mark, as UTF-8 where that fits, else as what its letters look like; said as a guess."""
    encoding = encoding or _stated_encoding(data)
    try:
        text = data.decode(encoding or "utf-8")
    except LookupError as fault:
        raise UnknownOption(f"no encoding {encoding!r}") from fault
    except UnicodeDecodeError:
        guess = encoding or _latin_encoding(data)
        report.note("text-encoding-guessed", encoding=ENCODING_NAMES.get(guess, guess))
        text = data.decode(guess, "replace")
    if "\0" in text:
        report.note("text-replaced", was="zero bytes", now="nothing")
        text = text.replace("\0", "")
    return text.removeprefix("\ufeff")


ENCODING_NAMES = {"cp1252": "Windows-1252", "mac_roman": "Mac Roman"}


def _stated_encoding(data: bytes) -> str | None:
    """Give the encoding that a byte order mark states, or that zero bytes beside every Latin letter show."""
    for mark, encoding in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return encoding
    sample = data[:4096]
    halves = sample[0::2].count(0), sample[1::2].count(0)
    if max(halves) * 4 > len(sample):
        return "utf-16-be" if halves[0] > halves[1] else "utf-16-le"
    return None


def _latin_encoding(data: bytes) -> str:
    """Say whether bytes beyond ASCII make more sense as Windows-1252 or as Mac Roman."""
    high = bytes(byte for byte in data[: 2**20] if byte > 127)
    scores = {
        encoding: sum(letter in USUAL_LETTERS for letter in high.decode(encoding, "replace"))
        for encoding in ("cp1252", "mac_roman")
    }
    return max(scores, key=lambda encoding: scores[encoding])


# ----------------------------------------------------------------------------------------------------- rows and quotes


def _rows(text: str, report: Report, words: dict[str, str]) -> list[list[str]]:
    """Take the text apart into cells; where the quote marks do not pair, by the lines alone if cells are set off by tabs."""
    delimiter, _ = _best_table(text[:65536], words)
    text = _SEPARATOR.sub("", text)
    try:
        return _parsed(text, delimiter, strict=True)
    except csv.Error as fault:
        raw = delimiter == "\t"
        how = "with its quote marks as text" if raw else "as well as it goes"
        report.note("quotes-unpaired", how=how, fault=fault)
        if "unexpected end" in str(fault) and not raw:
            raise FormatError("a quote mark opens a cell that never closes") from fault
    return _parsed(text, delimiter, quoting=csv.QUOTE_NONE) if raw else _parsed(text, delimiter)


def _parsed(
    text: str, delimiter: str, *, strict: bool = False, quoting: Literal[0, 3] = csv.QUOTE_MINIMAL
) -> list[list[str]]:
    limit = csv.field_size_limit(LARGEST_CELL)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict, quoting=quoting)
        return [[live(cell) for cell in row] for row in reader]
    finally:
        csv.field_size_limit(limit)


def _best_table(text: str, words: dict[str, str] | None = None) -> tuple[str, Heading | None]:
    """Give the delimiter under which the beginning of a text has most columns of a cue sheet, and its header."""
    stated = _SEPARATOR.match(text)
    candidates = [stated["mark"]] if stated and stated["mark"] in DELIMITERS.values() else list(DELIMITERS.values())
    start = _SEPARATOR.sub("", text)
    found: list[tuple[int, str, Heading | None]] = []
    for delimiter in candidates:
        heading = _heading(start, delimiter, words)
        known = 0 if heading is None else sum(one.how != "kept" for one in heading.columns)
        found.append((known, delimiter, heading))
    best = max(found, key=lambda one: one[0])
    return (best[1], best[2]) if best[0] else (max(candidates, key=text.count), None)


def _heading(text: str, delimiter: str, words: dict[str, str] | None) -> Heading | None:
    try:
        return find_heading(_parsed(text, delimiter), words)
    except csv.Error:
        return None


FORMAT = Format(
    name="cue_table",
    title="Cue table (CSV, TSV)",
    suffixes=(".csv", ".tsv"),
    sniff=sniff,
    reads=Feature.CUES | Feature.START_TIMECODE | Feature.DROP_FRAME,
    writes=Feature.CUES | Feature.START_TIMECODE | Feature.DROP_FRAME,
    purpose=Purpose.CUES,
    read_options=TableReadOptions,
    write_options=TableWriteOptions,
    read=read,
    write=write,
)
globals().update(FORMAT.otio_functions())
