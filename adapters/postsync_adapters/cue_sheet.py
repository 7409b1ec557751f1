"""The cue sheet as a format: the page of `paper` with boxes for takes, for whatever writes a timeline as HTML.

Everything that it says and how it looks is `postsync.paper`; `postsync report` makes it as PDF and workbook too, and from
several works at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO, Literal

import opentimelineio as otio

from postsync.formats import Claim, Feature, Format, Options, Purpose
from postsync.paper.forms.html_form import html_page
from postsync.paper.lines import PaperOptions, Request
from postsync.paper.reports.cue_sheet import cue_sheet
from postsync.report import Report


@dataclass(frozen=True)
class SheetOptions(Options):
    """What stands in the head of the page, and its paper.

    `title` is the timeline's name where not given; `date` is printed in the manner of the `language`, so the same input makes
    the same page.
    """

    title: str | None = None
    episode: str | None = None
    version: str | None = None
    date: str | None = None
    paper: Literal["A4", "Letter"] = "A4"
    language: str = "en"


def write(timeline: otio.schema.Timeline, file: BinaryIO, report: Report, options: SheetOptions) -> None:
    """Write the sheet."""
    asked = PaperOptions(
        title=options.title or timeline.name, episode=options.episode, version=options.version, date=options.date,
        paper=options.paper, language=options.language,
    )  # fmt: skip
    file.write(html_page(cue_sheet(Request((timeline,), options=asked))).encode("utf-8", "replace"))


FORMAT = Format(
    name="cue_sheet",
    title="Cue sheet",
    suffixes=(".html", ".htm"),
    sniff=lambda head: Claim.NO,
    writes=Feature.CUES | Feature.START_TIMECODE | Feature.DROP_FRAME,
    purpose=Purpose.PAPER,
    write_options=SheetOptions,
    write=write,
)
globals().update(FORMAT.otio_functions())
