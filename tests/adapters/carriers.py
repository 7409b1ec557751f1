"""What the tests of cue carriers share: reading bytes and writing text with one format, and cues to send through it."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from adapters.avid_markers_made import CUE, at, plains, timeline_at, with_cues, with_markers
from postsync.formats import Format, make_options
from postsync.formats.format import write_to
from postsync.model import timeline_cues, timeline_facts
from postsync.report import Report

__all__ = [
    "CUE",
    "at",
    "codes",
    "cues_of",
    "labels",
    "plains",
    "read_bytes",
    "read_path",
    "timeline_at",
    "timeline_facts",
    "with_cues",
    "with_markers",
    "written",
]


def read_bytes(fmt: Format, data: bytes | str, report: Report | None = None, **options: Any) -> Any:
    raw = data.encode() if isinstance(data, str) else data
    (timeline,) = fmt.read(
        io.BytesIO(raw), Report() if report is None else report, make_options(fmt.read_options, options, fmt.name)
    )
    return timeline


def read_path(fmt: Format, path: Path, report: Report | None = None, **options: Any) -> Any:
    with path.open("rb") as file:
        (timeline,) = fmt.read(
            file, Report() if report is None else report, make_options(fmt.read_options, options, fmt.name)
        )
    return timeline


def written(fmt: Format, timeline: Any, report: Report | None = None, **options: Any) -> bytes:
    file = io.BytesIO()
    notes = Report() if report is None else report
    write_to(fmt, timeline, file, notes, make_options(fmt.write_options, options, fmt.name))
    return file.getvalue()


def cues_of(timeline: Any) -> list[tuple[Any, ...]]:
    return [(cue.record_in, cue.record_out, cue.number, cue.character, cue.line) for cue in timeline_cues(timeline)]


def labels(timeline: Any) -> list[str]:
    facts = timeline_facts(timeline)
    return [facts.timecode(one.record_in) for one in plains(timeline)]


def codes(report: Report) -> list[str]:
    return [loss.code for loss in report]
