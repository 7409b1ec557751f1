"""Cues as a workbook: XLSX for Excel, Numbers and LibreOffice, and back.

What the columns mean is `cueing.sheets`; here is the file around the table (ECMA-376, through openpyxl). Every cell of ours
is text by its type and by its format, so that nothing is a formula, `001` keeps its zeros and `1-2` stays no date, also
when somebody types it anew. Same cues, same bytes: the dates inside are fixed.

Reading takes any workbook: typed cells, results of formulas, merged cells, hidden rows. It never trusts sizes that the file
states of itself.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO, Literal

import opentimelineio as otio

from postsync.cueing.sheets import (
    Row,
    SheetQuestion,
    find_heading,
    header_words,
    layout_of,
    read_sheet,
    sheet_table,
)
from postsync.errors import CannotWrite, FormatError, UnknownOption
from postsync.formats import Claim, Feature, Format, Options, Purpose, ReadOptions, Timelines, path_of
from postsync.model import Project, Vocabulary
from postsync.report import Report
from postsync_adapters.cue_workbook.book import INSTALL, Sheet, opened
from postsync_adapters.cue_workbook.cells import cell_rows
from postsync_adapters.cue_workbook.pages import write_pages
from postsync_adapters.cue_workbook.parts import looked_through


@dataclass(frozen=True)
class WorkbookReadOptions(ReadOptions):
    """How a workbook is read.

    `sheet` by name (the first that is a cue sheet where empty); `start`: the timecode of the timeline's first frame, where the
    sheet has no column for it; `template` names a sheet of the project file; `columns` and `headers` say which
    headers mean what in this sheet: `number=Loop #, line=Replik`. `vocabulary` comes from the project file.
    """

    sheet: str | None = None
    start: str | None = None
    template: str | None = None
    columns: str = ""
    headers: str = ""
    vocabulary: Vocabulary | None = None


@dataclass(frozen=True)
class WorkbookWriteOptions(Options):
    """How the workbook is written.

    `template` of the columns (full, sheet, minimal, translation, ptulsconv, reaadr, or one of the project file); `columns`:
    names of our columns in the wanted order, joined by commas, instead of a template; `headers`: other headers for them,
    `number=Loop #`. `episode` and `version` fill cells that the cues leave open; `paper` it prints on.
    """

    template: str = "full"
    columns: str = ""
    headers: str = ""
    episode: str | None = None
    version: str | None = None
    paper: Literal["A4", "Letter"] = "A4"


def write(timeline: otio.schema.Timeline, file: BinaryIO, report: Report, options: WorkbookWriteOptions) -> None:
    """Write one row for each cue, in record order, on one sheet that prints and filters."""
    try:
        import openpyxl
    except ImportError as fault:
        raise CannotWrite("XLSX needs openpyxl", remedy=INSTALL) from fault
    layout = layout_of(options.template, options.columns, options.headers)
    project = Project(episode=options.episode, picture_version=options.version)
    table = sheet_table(timeline, layout, report, FORMAT.title, project)
    write_pages(openpyxl, table, timeline, file, report, options.paper)


def sniff(head: bytes) -> Claim:
    """Say whether the first bytes are a zip whose parts are those of a workbook."""
    if not head.startswith(b"PK\x03\x04"):
        return Claim.NO
    if b"xl/workbook.xml" in head or b"xl/worksheets/" in head or b"xl/styles.xml" in head:
        return Claim.CERTAIN
    office = (b"[Content_Types].xml", b"docProps/", b"_rels/.rels")
    return Claim.MAYBE if any(part in head for part in office) and b"word/" not in head else Claim.NO


def read(file: BinaryIO, report: Report, options: WorkbookReadOptions) -> Timelines:
    """Read one sheet of the workbook as cues; other sheets that are cue sheets too are named."""
    path = path_of(file)
    words = header_words(options.template, options.columns, options.headers)
    parts = looked_through(file)
    with warnings.catch_warnings():
        # openpyxl warns of extensions that it leaves aside (validation lists, conditional formats); none holds a cue.
        warnings.simplefilter("ignore")
        rows = _chosen(opened(file, parts), report, options.sheet, words)
    name = options.name or (path.stem if path else "")
    question = SheetQuestion(
        options.rate, options.start, name, words, bool(options.columns), path, FORMAT.name, options.vocabulary
    )
    return [read_sheet(rows, report, question)]


def _chosen(found: list[Sheet], report: Report, name: str | None, words: dict[str, str]) -> list[Row]:
    """Give the rows of the sheet that was asked for, or of the first that heads cues."""
    sheets = {sheet.title: sheet for sheet in found}
    if name is not None:
        if name not in sheets:
            raise UnknownOption(f"there is no sheet {name!r}", remedy=f"the workbook has: {', '.join(sheets)}")
        chosen = [sheets[name]]
    else:
        chosen = [sheet for sheet in sheets.values() if find_heading(_first(sheet), words) is not None]
        for other in chosen[1:]:
            report.note("timeline-left-out", name=f"sheet {other.title!r}")
        chosen = chosen or [sheet for sheet in sheets.values() if _first(sheet)]
    if not chosen:
        raise FormatError("no sheet of this workbook holds anything")
    return list(cell_rows(chosen[0], report))


def _first(sheet: Sheet) -> list[Row]:
    """Give the rows in which a header is looked for, and enough below them to tell columns by their content."""
    return list(islice(cell_rows(sheet, Report()), 120))


FORMAT = Format(
    name="cue_workbook",
    title="Cue workbook (XLSX)",
    suffixes=(".xlsx",),
    sniff=sniff,
    reads=Feature.CUES | Feature.START_TIMECODE | Feature.DROP_FRAME,
    writes=Feature.CUES | Feature.START_TIMECODE | Feature.DROP_FRAME,
    purpose=Purpose.CUES,
    read_options=WorkbookReadOptions,
    write_options=WorkbookWriteOptions,
    read=read,
    write=write,
)
globals().update(FORMAT.otio_functions())
