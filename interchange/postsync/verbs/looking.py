"""Looking into a file, and at what we know: `inspect`, `cues`, `formats`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from postsync.cueing import cue_rows, cues_json, spot, spot_new
from postsync.formats import FEATURE_WORDS, Feature, Format
from postsync.formats.conversion import Opened, format_named, read_file
from postsync.formats.offered import OptionRow, options_of, words_of
from postsync.model import Dialect, find_project, without_searching_for_cycles
from postsync.paper import inspection
from postsync.report import Report
from postsync.timing import Rate
from postsync_adapters import formats as _formats


@dataclass(frozen=True)
class Inspection:
    """What `inspect` found: the document of `postsync.inspect/1`, and the report.

    >>> verbs.inspect(reel).document["timelines"][0]["name"]
    'The Crossing R1'
    """

    document: dict[str, Any]
    report: Report

    def to_json(self) -> dict[str, Any]:
        """Give the document."""
        return self.document


@dataclass(frozen=True)
class CueList:
    """The cues of a file: the document of `postsync.cues/1` with times in seconds and labels, and rows for people.

    `made_up` are uids that stand in no file yet: read otherwise, the cues would have others.

    >>> listed = verbs.cues(reel)
    >>> listed.document["rate"], [row.number for row in listed.rows]
    ('24000/1001', ['R101', 'R102', 'R103', 'R104', 'R105'])
    """

    document: dict[str, Any]
    rows: tuple[Any, ...]
    report: Report
    made_up: frozenset[str] = frozenset()

    def to_json(self) -> dict[str, Any]:
        """Give the document with the losses."""
        return {**self.document, "losses": self.report.to_json()}


def inspect(
    path: Path | str,
    *,
    from_format: str | None = None,
    rate: Rate | None = None,
    timeline: str | None = None,
    options: Mapping[str, Any] | None = None,
    all_markers: bool = False,
) -> Inspection:
    """Give everything that a file holds: timelines, tracks, clips, markers, cues and oddities.

    >>> found = verbs.inspect(reel)
    >>> [track["name"] for track in found.document["timelines"][0]["tracks"]]
    ['V1', 'Dialogue Boom', 'Dialogue Rosa']
    """
    report = Report()
    opened = read_file(path, report, from_format=from_format, rate=rate, options=options)
    project = find_project(opened.path)
    chosen = opened.timelines if timeline is None else [opened.choose(timeline)]
    for one in chosen:
        spot(one, project, report, all_markers=all_markers)
    return Inspection(inspection(opened.path, opened.format.name, chosen, report.to_json()), report)


@without_searching_for_cycles()
def cues(
    path: Path | str,
    *,
    from_format: str | None = None,
    rate: Rate | None = None,
    timeline: str | None = None,
    options: Mapping[str, Any] | None = None,
    all_markers: bool = False,
    dialect: Dialect | None = None,
) -> CueList:
    """Give the cues of a readable file in record order; what was guessed is in the report.

    Times in the document are frames from the timeline's first frame, and the same as seconds and labels.

    >>> [(row.number, row.character) for row in verbs.cues(reel).rows][:2]
    [('R101', 'ROSA'), ('R102', 'JONAS')]
    """
    report = Report()
    opened = read_file(path, report, from_format=from_format, rate=rate, options=options)
    project = find_project(opened.path)
    chosen = opened.choose(timeline)
    made_up = spot_new(chosen, project, report, all_markers=all_markers, dialect=dialect)
    return CueList(cues_json(chosen), tuple(cue_rows(chosen, project)), report, made_up)


@dataclass(frozen=True)
class FormatRow:
    """One row of the capability table, made from the format's own record.

    >>> row = verbs.formats()[0]
    >>> row.name, row.can_read, row.can_write
    ('aaf', True, True)
    """

    name: str
    title: str
    suffixes: tuple[str, ...]
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    can_read: bool
    can_write: bool
    read_options: tuple[OptionRow, ...]
    write_options: tuple[OptionRow, ...]
    about_reading: str
    about_writing: str

    def to_json(self) -> dict[str, Any]:
        """Give the row as plain values."""
        return {
            **self.__dict__,
            "suffixes": list(self.suffixes),
            "reads": list(self.reads),
            "writes": list(self.writes),
            "read_options": [option.to_json() for option in self.read_options],
            "write_options": [option.to_json() for option in self.write_options],
        }


def formats(name: str | None = None) -> list[FormatRow]:
    """Give what each format can hold when read and when written, and its options; of one format alone by its name.

    Raises UnknownFormat for a name that there is not.

    >>> [row.name for row in verbs.formats()][:3]
    ['aaf', 'ale', 'avid_marker_xml']
    """
    return [_format_row(fmt) for fmt in (_formats().values() if name is None else [format_named(name)])]


def _format_row(fmt: Format) -> FormatRow:
    return FormatRow(
        fmt.name,
        fmt.title,
        fmt.suffixes,
        _words(fmt.reads) if fmt.read else (),
        _words(fmt.writes) if fmt.write else (),
        fmt.read is not None,
        fmt.write is not None,
        options_of(fmt.read_options) if fmt.read else (),
        options_of(fmt.write_options) if fmt.write else (),
        words_of(fmt.read_options),
        words_of(fmt.write_options),
    )


def _words(features: Feature) -> tuple[str, ...]:
    return tuple(many for feature, (_, many) in FEATURE_WORDS.items() if feature in features)


def opened(path: Path | str, report: Report | None = None, **how: Any) -> Opened:
    """Open a file without choosing a timeline; for programs that want all of them.

    >>> opened = verbs.opened(reel)
    >>> [timeline.name for timeline in opened.timelines]
    ['The Crossing R1']
    """
    return read_file(path, Report() if report is None else report, **how)
