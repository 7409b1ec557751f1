"""Old cut and new cut: `diff` tells what changed, `reconform` takes a work along, `undo_reconform` takes it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from postsync.conforming import (
    DEFAULT_PATTERNS,
    ChangeMap,
    ChangeOptions,
    ChangeRow,
    Healing,
    Maps,
    Outcome,
    Tracks,
    change_list_text,
    change_rows,
    changes,
    dialogue_changes,
    refuse_another_past,
    refuse_another_programme,
)
from postsync.conforming import reconform as move_work
from postsync.conforming import undo as take_back
from postsync.cueing import spot
from postsync.errors import CannotWrite
from postsync.formats.conversion import write_file
from postsync.model import Project, find_project
from postsync.paper.conform_page import conform_page
from postsync.paper.cue_report import status_markers
from postsync.report import Report
from postsync.timing import Rate
from postsync.verbs.cuts import CutFiles, read_cuts
from postsync.verbs.reconform_files import CutNames, write_as, write_bytes, write_changes, write_reports, write_work
from postsync.verbs.sidecars import write_sidecar


@dataclass(frozen=True)
class Difference:
    """What `diff` found: the map, the same as rows for people, and the files that were written.

    >>> compared = verbs.diff(reel, "new cut/The Crossing R1 v4.fcpxml")
    >>> compared.changes.is_identity, len(compared.rows)
    (False, 4)
    """

    old: Path
    new: Path
    changes: ChangeMap
    dialogue: ChangeMap | None
    report: Report
    written: tuple[Path, ...] = ()

    @property
    def rows(self) -> list[ChangeRow]:
        """The change list in order of new time."""
        return change_rows(self.changes)

    @property
    def text(self) -> str:
        """The change list as a page of text."""
        return change_list_text(self.changes)

    def to_json(self) -> dict[str, Any]:
        """Give the document `postsync.changes/1` with the change list and the losses."""
        return {
            **self.changes.to_json(),
            "list": [row.to_json() for row in self.rows],
            "difference": self.changes.new.length - self.changes.old.length,
            "dialogue": None if self.dialogue is None else self.dialogue.to_json(),
            "written": [str(path) for path in self.written],
            "losses": self.report.to_json(),
        }


@dataclass(frozen=True)
class Reconformed:
    """What `reconform` did: what became of everything, the files that were written, and the losses.

    >>> done = verbs.reconform(reel, "new cut/The Crossing R1 v4.fcpxml", "R1.otio", "R1 v4 A")
    >>> [moved.fate.status for moved in done.outcome.cues][:2]
    ['moved', 'moved']
    """

    work: Path
    into: Path
    outcome: Outcome
    report: Report
    written: tuple[Path, ...] = field(default=())

    def to_json(self) -> dict[str, Any]:
        """Give the document `postsync.reconform/1`."""
        return {
            **self.outcome.to_json(),
            "work": str(self.work),
            "written": [str(path) for path in self.written],
            "losses": self.report.to_json(),
        }


def diff(
    old: Path | str,
    new: Path | str,
    *,
    out: Path | str | None = None,
    text: Path | str | None = None,
    page: Path | str | None = None,
    tracks: Tracks = "auto",
    heal: Healing = "inserts",
    versions: Sequence[str] = DEFAULT_PATTERNS,
    reels: bool = False,
    from_format: str | None = None,
    rate: Rate | None = None,
    timeline: str | None = None,
    old_timeline: str | None = None,
    new_timeline: str | None = None,
    options: Mapping[str, Any] | None = None,
) -> Difference:
    """Compare two cuts of any readable format. With `reels` each is a folder, or a file of several timelines, in order.

    `out` is the change EDL (any format by its suffix), `text` the list for people, `page` a picture of it as HTML.

    >>> done = verbs.diff(reel, "new cut/The Crossing R1 v4.fcpxml", out="changes.edl")
    >>> [path.name for path in done.written]
    ['changes.edl']
    """
    report = Report()
    asked = ChangeOptions(tracks, tuple(versions), heal)
    which = (old_timeline or timeline, new_timeline or timeline, None)
    cuts = read_cuts(Path(old), Path(new), None, report, reels=reels, rate=rate, names=which,
                     from_format=from_format, options=options)  # fmt: skip
    maps = _maps(cuts, asked)
    written: list[Path] = []
    if out is not None:
        written += write_changes(maps.picture, Path(out), report)
    if text is not None:
        written.append(write_bytes(Path(text), change_list_text(maps.picture).encode()))
    if page is not None:
        written.append(write_bytes(Path(page), conform_page(Outcome(maps)).encode()))
    return Difference(Path(old), Path(new), maps.picture, maps.dialogue, report, tuple(written))


def reconform(
    old: Path | str,
    new: Path | str,
    work: Path | str,
    into: Path | str,
    *,
    cut: bool = False,
    as_formats: Sequence[str] = (),
    markers: Sequence[str] = (),
    date: str = "",
    tracks: Tracks = "auto",
    heal: Healing = "inserts",
    versions: Sequence[str] = DEFAULT_PATTERNS,
    reels: bool = False,
    from_format: str | None = None,
    rate: Rate | None = None,
    timeline: str | None = None,
    old_timeline: str | None = None,
    new_timeline: str | None = None,
    options: Mapping[str, Any] | None = None,
    all_markers: bool = False,
) -> Reconformed:
    """Move the cues, markers and placed clips of a work from an old cut to a new one; write the results into a folder.

    `as_formats` are further formats for the moved timeline, `markers` formats for the cues in the colours of their status.
    `cut` cuts placed sound where its picture was cut. `timeline` names the one of WORK. Raises RateError for a work at another
    rate than the old cut, FormatError for one whose picture neither cut has.

    >>> done = verbs.reconform(reel, "new cut/The Crossing R1 v4.fcpxml", "R1.otio", "R1 v4")
    >>> done.outcome.counts
    {'moved': 4, 'moved-block': 1}
    """
    report, work, into = Report(), Path(work), Path(into)
    asked = ChangeOptions(tracks, tuple(versions), heal)
    which = (old_timeline, new_timeline, timeline)
    cuts = read_cuts(Path(old), Path(new), work, report, reels=reels, rate=rate, names=which,
                     from_format=from_format, options=options)  # fmt: skip
    refuse_another_programme(cuts.work, cuts.old, cuts.new, report)
    _spot_all(cuts, find_project(work), report, all_markers=all_markers)
    maps = _maps(cuts, asked)
    outcome = move_work(cuts.work, maps, cuts.new, cuts.old, cut=cut, date=date)
    names = CutNames(cuts, work, Path(new), into, outcome)
    names.refuse_overwriting((Path(old), Path(new), work))
    written = [*write_work(names, outcome, report), *write_reports(names, outcome, report)]
    for place, moved in enumerate(outcome.timelines):
        written += [write_as(moved, names, place, name, "", report) for name in as_formats]
        marks = status_markers(moved, outcome)
        written += [write_as(marks, names, place, name, " status markers", report) for name in markers]
    return Reconformed(work, into, outcome, report, tuple(written))


def _maps(cuts: CutFiles, asked: ChangeOptions) -> Maps:
    """Compare two cuts by their picture, and by their dialogue where nobody says what counts."""
    spoken = dialogue_changes(cuts.old, cuts.new, asked) if asked.tracks == "auto" else None
    return Maps(cuts.named(changes(cuts.old, cuts.new, asked)), None if spoken is None else cuts.named(spoken))


def _spot_all(cuts: CutFiles, project: Project, report: Report, *, all_markers: bool) -> None:
    """Make cues of the markers of the work, and of the new cut, which may have its own."""
    for one in cuts.work:
        spot(one, project, report, all_markers=all_markers)
    for one in cuts.new:
        spot(one, project, Report())


def undo_reconform(
    work: Path | str,
    old: Path | str,
    out: Path | str,
    *,
    timeline: str | None = None,
    old_timeline: str | None = None,
    rate: Rate | None = None,
) -> Reconformed:
    """Take a work back to the cut that it stood on before its last reconform, and write it.

    `old` is that cut: its clips are the picture again. Nothing that people changed in the cues meanwhile is undone.

    Raises CannotWrite where `out` is the work itself or the old cut, RateError or FormatError where the work did not stand on
    `old`: another rate, another programme, or the cut of an earlier reconform.

    >>> done = verbs.reconform(reel, "new cut/The Crossing R1 v4.fcpxml", "R1.otio", "R1 to undo")
    >>> undone = verbs.undo_reconform("R1 to undo/R1.otio", reel, "R1 undone.otio")
    >>> [path.name for path in undone.written]
    ['R1 undone.otio']
    """
    report, work, out = Report(), Path(work), Path(out)
    cuts = read_cuts(Path(old), Path(old), work, report, rate=rate, names=(old_timeline, old_timeline, timeline))
    maps = Maps(changes(cuts.old, cuts.old))
    refuse_another_past(cuts.work[0], cuts.old[0], maps.picture.old)
    spot(cuts.old[0], find_project(work), Report())
    result = take_back(cuts.work[0], cuts.old[0])
    if out.resolve() in (work.resolve(), Path(old).resolve()):
        raise CannotWrite("the undone work would be written over its source", path=out, remedy="choose another name")
    out.parent.mkdir(parents=True, exist_ok=True)
    snapshot = write_file(result, out, report, read_from=[work])
    write_sidecar(result, out, snapshot, report)
    return Reconformed(work, out.parent, Outcome(maps, [result]), report, (out,))
