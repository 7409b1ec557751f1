"""Opening, choosing and guarding: from any file to timelines, from a timeline to any file.

A format is chosen by content first: each looks at the first 4 KiB and answers no, maybe or certainly; the strongest claim
wins, the suffix breaks a tie, and a tie that is left is an error that names the claimants. `.xml`, `.txt` and `.json` are
shared by several formats, so a suffix alone is trusted only for writing.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from postsync.cueing import Snapshot
from postsync.cueing.sheets import sheet_options
from postsync.errors import AmbiguousFormat, CannotWrite, FormatError, UnknownFormat, UnknownOption
from postsync.findings import Finding
from postsync.formats.format import (
    Claim,
    Format,
    Purpose,
    ReadOptions,
    Timelines,
    guarded,
    make_options,
    options_for,
    read_with,
    write_with,
)
from postsync.formats.linked_media import reached_from
from postsync.formats.replacing import KEPT_ASIDE, is_replaceable, refuse_source
from postsync.model import Project, find_project, timeline_facts
from postsync.report import Report
from postsync.sound import EmbeddedSound
from postsync.timing import Rate
from postsync_adapters import formats

HEAD_SIZE = 4096
MOST_NAMED = 6


@dataclass(frozen=True)
class Opened:
    """What reading a file gave: its timelines and the format that it was."""

    path: Path
    format: Format
    timelines: Timelines

    def choose(self, name: str | None = None) -> Any:
        """Give the timeline of that name, or the only one; UnknownOption lists the names where that is unclear.

        Of several of one name, as projects in two events may be, `R1` is the first, `R1 (2)` the second.
        """
        named = _told_apart(self.timelines)
        if name is not None:
            if name in named:
                return named[name]
        elif len(self.timelines) == 1:
            return self.timelines[0]
        names = ", ".join(repr(one) for one in named)
        if not self.timelines:
            raise FormatError("this file holds no timeline", path=self.path)
        if name is not None:
            raise UnknownOption(f"there is no timeline {name!r}", path=self.path, remedy=f"it holds: {names}")
        raise UnknownOption(
            f"this file holds {len(self.timelines)} timelines",
            path=self.path,
            remedy=f"choose one with --timeline: {names}",
        )


def _told_apart(timelines: Sequence[Any]) -> dict[str, Any]:
    """Give timelines by their names, each further one of a name with its number."""
    named: dict[str, Any] = {}
    stated = {timeline.name for timeline in timelines}
    for timeline in timelines:
        name, count = timeline.name, 1
        while name in named or (count > 1 and name in stated):
            count += 1
            name = f"{timeline.name} ({count})"
        named[name] = timeline
    return named


def format_named(name: str) -> Format:
    """Give the format of that name; UnknownFormat lists the known ones."""
    known = formats()
    if name not in known:
        raise UnknownFormat(f"there is no format {name!r}", remedy=f"known: {', '.join(known)}")
    return known[name]


def recognise(path: Path) -> Format:
    """Say which format a file or bundle is, by its content and then its suffix."""
    readable = [fmt for fmt in formats().values() if fmt.read is not None]
    if path.is_dir():
        claims = {
            fmt.name: Claim.CERTAIN for fmt in readable if fmt.bundle is not None and fmt.bundle(path) is not None
        }
    else:
        head = _head(path)
        claims = {fmt.name: claim for fmt in readable if (claim := fmt.sniff(head)) > Claim.NO}
    if not claims and path.is_dir():
        raise UnknownFormat("this is a folder", path=path, expected="a file", remedy=_files_to_name(path))
    if not claims:
        named = [fmt.title for fmt in readable if path.suffix.lower() in fmt.suffixes]
        if named:
            problem = f"named as {' or '.join(named)}, but it does not begin as one"
            raise UnknownFormat(problem, path=path, remedy="look into it, or say what it is with --from")
        known = ", ".join(fmt.title for fmt in readable)
        raise UnknownFormat("no format that we read", path=path, remedy=f"we read {known}")
    strongest = [name for name, claim in claims.items() if claim == max(claims.values())]
    by_suffix = [name for name in strongest if path.suffix.lower() in formats()[name].suffixes]
    chosen = strongest if len(strongest) == 1 else by_suffix if len(by_suffix) == 1 else []
    if not chosen:
        raise AmbiguousFormat(f"this may be {' or '.join(strongest)}", path=path, remedy="say which with --from")
    return formats()[chosen[0]]


def _files_to_name(folder: Path) -> str:
    """Say which files of a folder may be meant, by their suffixes."""
    suffixes = tuple(suffix for fmt in formats().values() if fmt.read is not None for suffix in fmt.suffixes)
    fits = sorted(one.name for one in folder.iterdir() if one.name.lower().endswith(suffixes) and one.name[0] != ".")
    more = f" and {len(fits) - MOST_NAMED} more" if len(fits) > MOST_NAMED else ""
    return f"name one of those in it: {', '.join(fits[:MOST_NAMED])}{more}" if fits else "name a file that we read"


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(HEAD_SIZE)
    except OSError as fault:
        raise UnknownFormat(f"cannot be opened: {fault.strerror}", path=path) from fault


def read_file(
    path: Path | str,
    report: Report,
    *,
    from_format: str | None = None,
    rate: Rate | None = None,
    options: Mapping[str, Any] | None = None,
) -> Opened:
    """Read every timeline of a file.

    Raises UnknownFormat, AmbiguousFormat or FormatError. `options` that the format does not have are refused by name.
    """
    path = Path(path)
    if not path.exists():
        raise UnknownFormat("there is no such file", path=path)
    fmt = recognise(path) if from_format is None else format_named(from_format)
    given = with_sheets(fmt.read_options, options or {}, path) | ({} if rate is None else {"rate": rate})
    timelines = read_with(fmt, path, report, make_options(fmt.read_options, given, fmt.name))
    if rate is not None:
        _note_rate_not_taken(timelines, rate, report)
    return Opened(path, fmt, timelines)


def _note_rate_not_taken(timelines: Timelines, asked: Rate, report: Report) -> None:
    """Say where a file states its rate: what was asked for counts only where it does not."""
    for timeline in timelines:
        stated = timeline_facts(timeline).rate
        if stated.fps != asked.fps:
            report.note("rate-not-taken", where=timeline.name, rate=stated.name, asked=asked.name)


@contextmanager
def embedded_in(opened: Opened, report: Report) -> Generator[list[EmbeddedSound]]:
    """Give the media inside a file that was read; their sound can be read while the block lasts."""
    if opened.format.embedded is None or not opened.path.is_file():
        yield []
        return
    with opened.path.open("rb") as file:
        with guarded(opened.format, opened.path):
            sounds = opened.format.embedded(file, report)
        yield sounds


def file_findings(opened: Opened) -> list[Finding]:
    """Give what in a file that was read breaks the rules of its format."""
    check = opened.format.check
    if check is None:
        return []
    with guarded(opened.format, opened.path):
        if opened.path.is_dir():
            return check(opened.path)
        with opened.path.open("rb") as file:
            return check(file)


def format_for_writing(path: Path, name: str | None = None, like: Format | None = None, timeline: Any = None) -> Format:
    """Give the format to write: the named one, or the one whose suffix the path has.

    Where several share the suffix, it is the format that was read (`like`), else the one for whole timelines; for a
    timeline that is known to hold cues or markers and no clips, the one for cues.
    """
    if name is not None:
        fmt = format_named(name)
        if fmt.write is None:
            raise CannotWrite(f"{fmt.title} can be read but not written", path=path)
        return fmt
    fits = [fmt for fmt in formats().values() if fmt.write is not None and _has_suffix(path, fmt)]
    longest = max((len(_suffix_of(path, fmt)) for fmt in fits), default=0)
    fits = [fmt for fmt in fits if len(_suffix_of(path, fmt)) == longest]
    purpose = Purpose.CUES if timeline is not None and _only_markers(timeline) else Purpose.TIMELINE
    whole = [fmt for fmt in fits if fmt.purpose is purpose]
    if like in fits and like is not None:
        return like
    if len(fits) == 1 or len(whole) == 1:
        return fits[0] if len(fits) == 1 else whole[0]
    if fits:
        names = " or ".join(fmt.name for fmt in fits)
        raise AmbiguousFormat(f"{path.suffix} may be {names}", path=path, remedy="say which with --as")
    raise UnknownFormat(
        f"no format that we write ends in {path.suffix or 'nothing'}", path=path, remedy="name it with --as"
    )


def fitting_writer(
    writer: Format, path: Path, like: Format | None, timeline: Any, options: Mapping[str, Any]
) -> Format:
    """Give the format to write once the timeline is read: another that suits it better, if that knows the `options` too."""
    better = format_for_writing(path, None, like, timeline)
    return better if options_for(better.write_options, options).keys() == options.keys() else writer


def _only_markers(timeline: Any) -> bool:
    return len(timeline.tracks.markers) > 0 and not timeline.find_clips()


def _has_suffix(path: Path, fmt: Format) -> bool:
    return bool(_suffix_of(path, fmt))


def _suffix_of(path: Path, fmt: Format) -> str:
    return max((suffix for suffix in fmt.suffixes if path.name.lower().endswith(suffix)), key=len, default="")


def write_file(
    timeline: Any,
    path: Path | str,
    report: Report,
    *,
    as_format: str | None = None,
    options: Mapping[str, Any] | None = None,
    read_from: Sequence[Path] = (),
    keep: bool = True,
) -> Snapshot | None:
    """Write a timeline whole or not at all; what the format cannot hold is in the report.

    `read_from` are the files that it was read from: links that are relative to those reach their media from the new one too,
    and only a work may be written over itself (CannotWrite). A file of that name that is not as we wrote it, and every work
    that is replaced by another, is kept beside it under its date, which the report says (unless `keep` is false).

    Gives what the file says of each cue, where it carries cues and can be read: the base of a later merge.
    """
    path = Path(path)
    fmt = format_for_writing(path, as_format)
    if as_format is None:
        fmt = fitting_writer(fmt, path, None, timeline, options or {})
    given = with_sheets(fmt.write_options, options or {}, path)
    refuse_source(fmt, path, read_from)
    timeline = reached_from(timeline, read_from, path)
    aside: list[Path] | None = [] if keep and not is_replaceable(fmt, path, timeline) else None
    made = make_options(fmt.write_options, given, fmt.name)
    snapshot = write_with(fmt, timeline, path, report, made, aside=aside)
    for kept in aside or ():
        report.note(KEPT_ASIDE, where=path.name, kept=kept.name)
    return snapshot


def with_sheets(record: type[Any], given: Mapping[str, Any], *beside: Path) -> dict[str, Any]:
    """Put what the show says of cue sheets into the options of a format that has templates: its sheets and its words.

    They stand in the project files of the places named; the first that has a sheet of a name, or a project file, counts.
    """
    names = {field.name for field in dataclasses.fields(record)}
    if "template" not in names:
        return dict(given)
    projects = [find_project(place) for place in beside]
    sheets = {name: sheet for project in reversed(projects) for name, sheet in project.sheets.items()}
    stated = next((project for project in projects if project.path is not None), Project())
    options = sheet_options(given, Project(sheets=sheets), reading=issubclass(record, ReadOptions))
    return {"vocabulary": stated.vocabulary, **options} if "vocabulary" in names else options


def split_options(reader: Format, writer: Format, given: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Share out `--option`s between the reader and the writer of a conversion; one that neither has is refused."""
    reads, writes = options_for(reader.read_options, given), options_for(writer.write_options, given)
    unknown = sorted(set(given) - set(reads) - set(writes))
    if unknown:
        raise UnknownOption(f"neither {reader.name} nor {writer.name} has an option {unknown[0]!r}")
    return reads, writes
