"""Old cut and new cut: `diff` tells what changed, `reconform` takes a work along, `undo_reconform` takes it back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
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
    change_timelines,
    changes,
    dialogue_changes,
)
from postsync.conforming import reconform as move_work
from postsync.conforming import undo as take_back
from postsync.cueing import SUFFIX, spot
from postsync.errors import CannotWrite
from postsync.formats import options_for
from postsync.formats.conversion import format_named, write_file
from postsync.formats.files import whole_file
from postsync.model import find_project, timeline_cues
from postsync.paper.conform_page import conform_page
from postsync.paper.cue_report import report_csv, status_markers
from postsync.report import Report
from postsync.timing import Rate
from postsync.verbs.cuts import CutFiles, read_cuts
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
    found = changes(cuts.old, cuts.new, asked)
    spoken = dialogue_changes(cuts.old, cuts.new, asked) if tracks == "auto" else None
    written: list[Path] = []
    if out is not None:
        written += _write_changes(found, Path(out), report)
    if text is not None:
        written.append(_write_bytes(Path(text), change_list_text(found).encode()))
    if page is not None:
        written.append(_write_bytes(Path(page), conform_page(Outcome(Maps(found, spoken))).encode()))
    return Difference(Path(old), Path(new), found, spoken, report, tuple(written))


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
    `cut` cuts placed sound where its picture was cut. `timeline` names the one of WORK.

    >>> done = verbs.reconform(reel, "new cut/The Crossing R1 v4.fcpxml", "R1.otio", "R1 v4")
    >>> done.outcome.counts
    {'moved': 4, 'moved-block': 1}
    """
    report, work, into = Report(), Path(work), Path(into)
    asked = ChangeOptions(tracks, tuple(versions), heal)
    which = (old_timeline, new_timeline, timeline)
    cuts = read_cuts(Path(old), Path(new), work, report, reels=reels, rate=rate, names=which,
                     from_format=from_format, options=options)  # fmt: skip
    project = find_project(work)
    for one in cuts.work:
        spot(one, project, report, all_markers=all_markers)
    for one in cuts.new:
        spot(one, project, Report())
    maps = Maps(
        changes(cuts.old, cuts.new, asked), dialogue_changes(cuts.old, cuts.new, asked) if tracks == "auto" else None
    )
    outcome = move_work(cuts.work, maps, cuts.new, cuts.old, cut=cut, date=date)
    names = _Names(cuts, work, into, outcome)
    names.refuse_overwriting((Path(old), Path(new), work))
    written = [*_write_work(names, outcome, report), *_write_reports(names, outcome, report)]
    for place, moved in enumerate(outcome.timelines):
        written += [_write_as(moved, names, place, name, "", report) for name in as_formats]
        marks = status_markers(moved, outcome)
        written += [_write_as(marks, names, place, name, " status markers", report) for name in markers]
    return Reconformed(work, into, outcome, report, tuple(written))


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

    Raises CannotWrite where `out` is the work itself or the old cut.

    >>> done = verbs.reconform(reel, "new cut/The Crossing R1 v4.fcpxml", "R1.otio", "R1 to undo")
    >>> undone = verbs.undo_reconform("R1 to undo/R1.otio", reel, "R1 undone.otio")
    >>> [path.name for path in undone.written]
    ['R1 undone.otio']
    """
    report, work, out = Report(), Path(work), Path(out)
    cuts = read_cuts(Path(old), Path(old), work, report, rate=rate, names=(old_timeline, old_timeline, timeline))
    spot(cuts.old[0], find_project(work), Report())
    result = take_back(cuts.work[0], cuts.old[0])
    if out.resolve() in (work.resolve(), Path(old).resolve()):
        raise CannotWrite("the undone work would be written over its source", path=out, remedy="choose another name")
    out.parent.mkdir(parents=True, exist_ok=True)
    snapshot = write_file(result, out, report)
    write_sidecar(result, out, snapshot, report)
    maps = Maps(changes(cuts.old, cuts.old))
    return Reconformed(work, out.parent, Outcome(maps, [result]), report, (out,))


# ----------------------------------------------------------------------------------------------------------- the files


class _Names:
    """What the files of one reconform are called: after the work, or after each reel where there are several."""

    def __init__(self, cuts: CutFiles, work: Path, into: Path, outcome: Outcome) -> None:
        stem = work.name.removesuffix(SUFFIX) if work.name.endswith(SUFFIX) else work.stem
        several = len(outcome.timelines) > 1
        self.into, self.stem = into, stem
        spans = outcome.maps.picture.new.reels
        self.reels = [f"{stem} {spans[place].name}" if several else stem for place in range(len(outcome.timelines))]
        self.only_cues = cuts.work_is_cues and not several

    def path(self, place: int, end: str) -> Path:
        """Give the path of a file of one reel."""
        return self.into / f"{_safe(self.reels[place])}{end}"

    def whole(self, end: str) -> Path:
        """Give the path of a file about all of it."""
        return self.into / f"{_safe(self.stem)}{end}"

    def refuse_overwriting(self, sources: Sequence[Path]) -> None:
        """Raise CannotWrite where the folder is the one that the work is in: the work stays as it is."""
        mine = {self.path(place, end).resolve() for place in range(len(self.reels)) for end in (".otio", SUFFIX)}
        for source in sources:
            if source.resolve() in mine:
                raise CannotWrite("would be written over", path=source, remedy="choose another folder with --into")


def _safe(name: str) -> str:
    return "".join("_" if letter in '/\\:*?"<>|' or ord(letter) < 32 else letter for letter in name).strip() or "work"


def _write_work(names: _Names, outcome: Outcome, report: Report) -> list[Path]:
    names.into.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for place, moved in enumerate(outcome.timelines):
        if not names.only_cues:
            write_file(moved, names.path(place, ".otio"), report, as_format="otio")
            written.append(names.path(place, ".otio"))
        if names.only_cues or timeline_cues(moved):
            write_file(moved, names.path(place, SUFFIX), Report(), as_format="cue_list")
            written.append(names.path(place, SUFFIX))
    return written


def _write_reports(names: _Names, outcome: Outcome, report: Report) -> list[Path]:
    found = outcome.maps.picture
    document = json.dumps(outcome.to_json(), ensure_ascii=False, indent=1).encode("utf-8", "replace") + b"\n"
    return [
        _write_bytes(names.whole(" reconform.csv"), report_csv(outcome)),
        _write_bytes(names.whole(" reconform.json"), document),
        _write_bytes(names.whole(" changes.txt"), change_list_text(found).encode("utf-8", "replace")),
        _write_bytes(names.whole(" reconform.html"), conform_page(outcome).encode("utf-8", "replace")),
        *_write_changes(found, names.whole(" changes.edl"), report),
    ]


def _write_changes(found: ChangeMap, out: Path, report: Report) -> list[Path]:
    """Write the change EDL, one file for each reel where there are several."""
    made = change_timelines(found)
    if len(made) == 1:
        write_file(made[0], out, report, as_format="edl" if out.suffix.lower() == ".edl" else None)
        return [out]
    paths = [out.with_name(f"{out.stem} {_safe(reel.name)}{out.suffix}") for reel in found.new.reels]
    for one, path in zip(made, paths, strict=True):
        write_file(one, path, report, as_format="edl" if path.suffix.lower() == ".edl" else None)
    return paths


def _write_as(moved: Any, names: _Names, place: int, name: str, tail: str, report: Report) -> Path:
    fmt = format_named(name)
    path = names.path(place, f"{tail}{fmt.suffixes[0]}")
    own = Report()
    options = options_for(fmt.write_options, {"tags": "none"}) if tail else {}
    snapshot = write_file(moved, path, own, as_format=name, options=options)
    # The work beside it has everything: what one carrier lacks is a note.
    report.losses.extend(replace(loss, code=_ELSEWHERE.get(loss.code, loss.code)) for loss in own)
    if not tail:
        write_sidecar(moved, path, snapshot, report)
    return path


_ELSEWHERE = {
    "feature-not-carried": "feature-elsewhere",
    "cue-field-not-carried": "cue-field-elsewhere",
    "cue-field-changed": "cue-field-elsewhere",
}
"""What is a loss of one carrier and, with the work beside it, a note of the whole."""


def _write_bytes(path: Path, data: bytes) -> Path:
    with whole_file(path) as file:
        file.write(data)
    return path
