"""One file into another of any format: `convert`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from postsync.cueing import spot
from postsync.formats.conversion import (
    format_for_writing,
    format_named,
    read_file,
    recognise,
    split_options,
    write_file,
)
from postsync.model import find_project
from postsync.report import Report
from postsync.timing import Rate


@dataclass(frozen=True)
class Conversion:
    """What `convert` did."""

    source: Path
    target: Path
    read_as: str
    written_as: str
    report: Report

    def to_json(self) -> dict[str, Any]:
        """Give the conversion as plain values."""
        return {
            "schema": "postsync.conversion/1",
            "source": str(self.source),
            "target": str(self.target),
            "read_as": self.read_as,
            "written_as": self.written_as,
            "losses": self.report.to_json(),
        }


def convert(
    source: Path | str,
    target: Path | str,
    *,
    from_format: str | None = None,
    as_format: str | None = None,
    rate: Rate | None = None,
    timeline: str | None = None,
    options: Mapping[str, Any] | None = None,
    all_markers: bool = False,
) -> Conversion:
    """Turn a file of any format into one of any other; written whole or not at all."""
    report, source, target = Report(), Path(source), Path(target)
    writer = format_for_writing(target, as_format)
    reader = format_named(from_format) if from_format else (recognise(source) if source.exists() else None)
    reads, writes = ({}, {}) if reader is None else split_options(reader, writer, options or {})
    opened = read_file(source, report, from_format=from_format, rate=rate, options=reads)
    chosen = opened.choose(timeline)
    spot(chosen, find_project(source), report, all_markers=all_markers)
    write_file(chosen, target, report, as_format=writer.name, options=writes)
    return Conversion(source, target, opened.format.name, writer.name, report)
