"""The jobs people have, one function each: what the command line does, for programs.

Each takes paths and returns a record, never text. Losses are in the record's `report`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from postsync import demo as packaged
from postsync.cueing import cue_rows, cues_json, spot
from postsync.delivery import Turnover, TurnoverPlan, join_cues, make_turnover
from postsync.delivery.media import Progress
from postsync.formats import FEATURE_WORDS, Feature, Format
from postsync.formats.conversion import Opened, format_for_writing, read_file, recognise, split_options, write_file
from postsync.formats.conversion import format_named as _format_named
from postsync.model import (
    Project,
    find_project,
    put_characters,
    timeline_characters,
    timeline_cues,
    timeline_facts,
)
from postsync.paper import inspection
from postsync.report import Report
from postsync.timing import Rate
from postsync_adapters import formats as _formats


@dataclass(frozen=True)
class Inspection:
    """What `inspect` found: the document of `postsync.inspect/1`, and the report."""

    document: dict[str, Any]
    report: Report

    def to_json(self) -> dict[str, Any]:
        """Give the document."""
        return self.document


@dataclass(frozen=True)
class CueList:
    """The cues of a file: the document of `postsync.cues/1` with times in seconds and labels, and rows for people."""

    document: dict[str, Any]
    rows: tuple[Any, ...]
    report: Report

    def to_json(self) -> dict[str, Any]:
        """Give the document with the losses."""
        return {**self.document, "losses": self.report.to_json()}


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


def inspect(
    path: Path | str,
    *,
    from_format: str | None = None,
    rate: Rate | None = None,
    timeline: str | None = None,
    options: Mapping[str, Any] | None = None,
    all_markers: bool = False,
) -> Inspection:
    """Give everything that a file holds: timelines, tracks, clips, markers, cues and oddities."""
    report = Report()
    opened = read_file(path, report, from_format=from_format, rate=rate, options=options)
    project = find_project(opened.path)
    chosen = opened.timelines if timeline is None else [opened.choose(timeline)]
    for one in chosen:
        spot(one, project, report, all_markers=all_markers)
    return Inspection(inspection(opened.path, opened.format.name, chosen, report.to_json()), report)


def cues(
    path: Path | str,
    *,
    from_format: str | None = None,
    rate: Rate | None = None,
    timeline: str | None = None,
    options: Mapping[str, Any] | None = None,
    all_markers: bool = False,
) -> CueList:
    """Give the cues of a readable file in record order; what was guessed is in the report."""
    report = Report()
    opened = read_file(path, report, from_format=from_format, rate=rate, options=options)
    project = find_project(opened.path)
    chosen = opened.choose(timeline)
    spot(chosen, project, report, all_markers=all_markers)
    return CueList(cues_json(chosen), tuple(cue_rows(chosen, project)), report)


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
    reader = _format_named(from_format) if from_format else (recognise(source) if source.exists() else None)
    writer = format_for_writing(target, as_format, reader)
    reads, writes = ({}, {}) if reader is None else split_options(reader, writer, options or {})
    opened = read_file(source, report, from_format=from_format, rate=rate, options=reads)
    chosen = opened.choose(timeline)
    spot(chosen, find_project(source), report, all_markers=all_markers)
    write_file(chosen, target, report, as_format=writer.name, options=writes)
    return Conversion(source, target, opened.format.name, writer.name, report)


def turnover(
    source: Path | str,
    into: Path | str,
    *,
    application: str = "pro-tools",
    cues: Path | str | None = None,
    tags: str = "uid",
    handles: Fraction = Fraction(4),
    media: str = "copy",
    search: Sequence[Path | str] = (),
    from_format: str | None = None,
    rate: Rate | None = None,
    timeline: str | None = None,
    date: str | None = None,
    options: Mapping[str, Any] | None = None,
    all_markers: bool = False,
    project: Project | None = None,
    progress: Progress | None = None,
) -> Turnover:
    """Make the folder that the next application needs from a timeline, with the cues of another file if given.

    `handles` in seconds; `media` is embed, link or copy; `search` are folders in which media are looked for.
    """
    report, source = Report(), Path(source)
    opened = read_file(source, report, from_format=from_format, rate=rate)
    chosen = opened.choose(timeline)
    found = find_project(source) if project is None else project
    if cues is not None:
        _join(chosen, Path(cues), found, report, all_markers=all_markers)
    spot(chosen, found, report, all_markers=all_markers)
    plan = TurnoverPlan(
        application=application,
        tags=tags,
        handles=handles,
        media=media,
        search=tuple(Path(folder) for folder in search),
        date=date,
        project=found,
        options=dict(options or {}),
    )
    return make_turnover(chosen, Path(into), source, plan, report, progress)


def _join(picture: Any, path: Path, project: Project, report: Report, *, all_markers: bool) -> None:
    """Read a marker file at the picture's rate where it leaves its own open, and put its markers on the picture.

    A file that was given as the cues and in which nothing reads as one is taken whole: the user said what it is.
    """
    own = Report()
    opened = read_file(path, own)
    if any(loss.code == "rate-guessed" for loss in own):
        own = Report()
        opened = read_file(path, own, from_format=opened.format.name, rate=timeline_facts(picture).rate)
    report.extend(own)
    start_stated = not any(loss.code == "start-guessed" for loss in own)
    chosen = opened.choose()
    if not spot(chosen, project, report, all_markers=all_markers) and not timeline_cues(chosen):
        spot(chosen, project, report, all_markers=True)
    join_cues(picture, chosen, report, start_stated=start_stated)
    put_characters(picture, {**timeline_characters(picture), **timeline_characters(chosen)}.values())


@dataclass(frozen=True)
class FormatRow:
    """One row of the capability table, made from the format's own record."""

    name: str
    title: str
    suffixes: tuple[str, ...]
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    can_read: bool
    can_write: bool

    def to_json(self) -> dict[str, Any]:
        """Give the row as plain values."""
        return {
            **self.__dict__,
            "suffixes": list(self.suffixes),
            "reads": list(self.reads),
            "writes": list(self.writes),
        }


def formats() -> list[FormatRow]:
    """Give what each format can hold when read and when written."""
    return [_format_row(fmt) for fmt in _formats().values()]


def _format_row(fmt: Format) -> FormatRow:
    return FormatRow(
        fmt.name,
        fmt.title,
        fmt.suffixes,
        _words(fmt.reads) if fmt.read else (),
        _words(fmt.writes) if fmt.write else (),
        fmt.read is not None,
        fmt.write is not None,
    )


def _words(features: Feature) -> tuple[str, ...]:
    return tuple(many for feature, (_, many) in FEATURE_WORDS.items() if feature in features)


def opened(path: Path | str, report: Report | None = None, **how: Any) -> Opened:
    """Open a file without choosing a timeline; for programs that want all of them."""
    return read_file(path, Report() if report is None else report, **how)


def demo(folder: Path | str) -> Turnover:
    """Unpack the example reel into a folder and turn it over for Pro Tools beside it."""
    folder = Path(folder)
    source = packaged.unpack_reel(folder)
    return turnover(source, folder / "for Pro Tools", project=packaged.PROJECT, date="2026-01-01")
