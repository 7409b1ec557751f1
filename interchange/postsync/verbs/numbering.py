"""Numbers for cues: `number` gives them to cues that have none, `renumber` gives new ones and keeps the list of both."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from postsync.cueing import Numbering, number_timeline, renumber_timeline, spot
from postsync.formats.conversion import (
    fitting_writer,
    format_for_writing,
    format_named,
    read_file,
    recognise,
    split_options,
    write_file,
)
from postsync.formats.files import whole_file
from postsync.model import Project, find_project, unique_name
from postsync.report import Report
from postsync.timing import Rate

_FORMULA_SIGNS = ("=", "+", "-", "@")


@dataclass(frozen=True)
class Numbered:
    """What `number` or `renumber` did. `old_to_new` is the list of old and new numbers, where one was written.

    >>> done = verbs.number(reel, "R1 numbered A.otio")
    >>> len(done.numbering.cues), done.old_to_new is None
    (5, True)
    """

    source: Path
    target: Path
    numbering: Numbering
    report: Report
    old_to_new: Path | None = None

    def to_json(self) -> dict[str, Any]:
        """Give the document `postsync.numbering/1`: counts by how numbers were given, every change, every cue left."""
        done = self.numbering
        ways = ("numbered", "suffixed", "gap", "renumbered")
        return {
            "schema": "postsync.numbering/1",
            "source": str(self.source),
            "target": str(self.target),
            "scheme": done.scheme.template,
            "scheme_guessed": done.scheme_guessed,
            "counts": {"kept": done.kept, **{how: done.count(how) for how in ways}, "left": len(done.left)},
            "changes": [{"uid": one.uid, "old": one.old, "new": one.new, "how": one.how} for one in done.changes],
            "left": [{"uid": uid, "why": why} for uid, why in done.left.items()],
            "out_of_order": list(done.out_of_order),
            "prefixes": {one.id: one.prefix for one in done.characters.values() if one.prefix},
            "old_to_new": None if self.old_to_new is None else str(self.old_to_new),
            "losses": self.report.to_json(),
        }


def number(source: Path | str, target: Path | str, **how: Any) -> Numbered:
    """Give numbers to the cues of a file that have none, and write all to another; no number is ever changed.

    `how` is what reading and writing take: `from_format`, `as_format`, `rate`, `timeline`, `options`, `all_markers`.

    >>> verbs.number(reel, "R1 numbered.otio").numbering.changes
    ()
    """
    work = _Work(Path(source), Path(target), number_timeline, **how)
    work.write()
    return Numbered(work.source, work.target, work.done, work.report)


def renumber(source: Path | str, target: Path | str, *, force: bool = False, **how: Any) -> Numbered:
    """Give every cue of a file a new number by the scheme, and write the old and the new ones as a table beside the target.

    Raises CannotWrite once takes exist under the old numbers, unless forced.

    >>> Path("film").mkdir()
    >>> Path("film/postsync.toml").write_bytes(b'[numbers]\\nscheme = "{reel}{seq:03}"\\n') > 0
    True
    >>> _ = Path("film/R1.otio").write_bytes(Path("R1.otio").read_bytes())
    >>> done = verbs.renumber("film/R1.otio", "film/R1 new.otio")
    >>> done.numbering.changes[0].new, done.old_to_new.name
    ('1001', 'R1 new renumber.csv')
    """

    def act(timeline: Any, project: Project, report: Report) -> Numbering:
        return renumber_timeline(timeline, project, report, force=force)

    work = _Work(Path(source), Path(target), act, **how)
    if not work.done.changes:
        work.write()
        return Numbered(work.source, work.target, work.done, work.report)
    place = _list_beside(work)
    with whole_file(place) as file:  # takes its name only when the target is written too
        file.write(old_to_new_csv(work.done))
        work.write()
    return Numbered(work.source, work.target, work.done, work.report, place)


class _Work:
    """A file read, its cues numbered, and where it goes."""

    def __init__(
        self,
        source: Path,
        target: Path,
        act: Callable[[Any, Project, Report], Numbering],
        *,
        from_format: str | None = None,
        as_format: str | None = None,
        rate: Rate | None = None,
        timeline: str | None = None,
        options: Mapping[str, Any] | None = None,
        all_markers: bool = False,
    ) -> None:
        self.source, self.target, self.report = source, target, Report()
        self.writer = format_for_writing(target, as_format)
        reader = format_named(from_format) if from_format else (recognise(source) if source.exists() else None)
        reads, self.options = ({}, {}) if reader is None else split_options(reader, self.writer, options or {})
        opened = read_file(source, self.report, from_format=from_format, rate=rate, options=reads)
        self.timeline, project = opened.choose(timeline), find_project(source)
        if as_format is None:
            self.writer = fitting_writer(self.writer, target, reader, self.timeline, self.options)
        spot(self.timeline, project, self.report, all_markers=all_markers)
        self.done = act(self.timeline, project, self.report)

    def write(self) -> None:
        """Write the target, whole or not at all."""
        write_file(
            self.timeline, self.target, self.report, as_format=self.writer.name, options=self.options,
            read_from=[self.source],
        )  # fmt: skip


def _list_beside(work: _Work) -> Path:
    """Name the list of old and new numbers; one of an earlier renumbering stays, as paper may still show those numbers."""
    suffixes = [suffix for suffix in work.writer.suffixes if work.target.name.lower().endswith(suffix)]
    stem = (
        work.target.name.removesuffix(work.target.name[-len(max(suffixes, key=len)) :])
        if suffixes
        else work.target.stem
    )
    folder = work.target.parent
    there = {path.stem for path in folder.glob("*.csv")} if folder.is_dir() else set[str]()
    return folder / f"{unique_name(f'{stem} renumber', there)}.csv"


def old_to_new_csv(done: Numbering) -> bytes:
    """Give the old and new numbers as CSV of two columns; a number that a spreadsheet would run as a formula is guarded."""
    out = io.StringIO(newline="")
    table = csv.writer(out)
    table.writerow(["Old number", "New number"])
    table.writerows([_cell(change.old or ""), _cell(change.new)] for change in done.changes)
    return out.getvalue().encode("utf-8", "replace")


def _cell(number: str) -> str:
    return f"'{number}" if number.startswith(_FORMULA_SIGNS) else number
