"""Read an AAF: every composition in it, as Media Composer, Pro Tools, Resolve, Premiere and others write them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO, Literal

from postsync.formats import ReadOptions, Timelines
from postsync.model import without_searching_for_cycles
from postsync.report import Report
from postsync_adapters.aaf.objects import AafFile
from postsync_adapters.aaf.reading.timelines import Reading, read_timelines


@dataclass(frozen=True)
class AafReadOptions(ReadOptions):
    """`pro_tools_edits`: what becomes of edits that Pro Tools rendered to make them fall on frames.

    `keep` leaves the rendered clips as they are, `join` takes one-frame edits back into the clips beside them, `fades` also
    turns rendered fades into fades again.
    """

    pro_tools_edits: Literal["keep", "join", "fades"] = "fades"


@without_searching_for_cycles()
def read(file: BinaryIO, report: Report, options: AafReadOptions) -> Timelines:
    """Read every timeline of a file. Raises FormatError where it is no AAF, or a damaged one."""
    how = Reading(options.rate, options.name, options.pro_tools_edits)
    return read_timelines(AafFile.open(file), how, report)
