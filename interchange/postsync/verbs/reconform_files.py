"""The files of a reconform: what they are called, the work and its cues, the reports, the change list."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from postsync.conforming import ChangeMap, Outcome, change_list_text, change_timelines
from postsync.cueing import SUFFIX
from postsync.errors import CannotWrite
from postsync.formats import options_for
from postsync.formats.conversion import format_named, write_file
from postsync.formats.files import whole_file
from postsync.formats.replacing import say_kept
from postsync.model import file_name, timeline_cues
from postsync.paper.conform_page import conform_page
from postsync.paper.cue_report import report_csv
from postsync.report import Report
from postsync.verbs.cuts import CutFiles
from postsync.verbs.sidecars import write_sidecar

_ELSEWHERE = {
    "feature-not-carried": "feature-elsewhere",
    "cue-field-not-carried": "cue-field-elsewhere",
    "cue-field-changed": "cue-field-elsewhere",
}
"""What is a loss of one carrier and, with the work beside it, a note of the whole."""


class CutNames:
    """What the files of one reconform are called: after the work, or after each reel where there are several."""

    def __init__(self, cuts: CutFiles, work: Path, new: Path, into: Path, outcome: Outcome) -> None:
        self.sources = (work, new)
        stem = work.name.removesuffix(SUFFIX) if work.name.endswith(SUFFIX) else work.stem
        several = len(outcome.timelines) > 1
        self.into, self.stem = into, file_name(stem, default="work")
        spans = outcome.maps.picture.new.reels
        called = [f"{stem} {spans[place].name}" if several else stem for place in range(len(outcome.timelines))]
        self.reels = [file_name(name, default="work") for name in called]
        self.only_cues = cuts.work_is_cues and not several

    def path(self, place: int, end: str) -> Path:
        """Give the path of a file of one reel."""
        return self.into / f"{self.reels[place]}{end}"

    def whole(self, end: str) -> Path:
        """Give the path of a file about all of it."""
        return self.into / f"{self.stem}{end}"

    def refuse_overwriting(self, sources: Sequence[Path]) -> None:
        """Raise CannotWrite where the folder is the one that the work is in: the work stays as it is."""
        mine = {self.path(place, end).resolve() for place in range(len(self.reels)) for end in (".otio", SUFFIX)}
        for source in sources:
            if source.resolve() in mine:
                raise CannotWrite("would be written over", path=source, remedy="choose another folder with --into")


def write_work(names: CutNames, outcome: Outcome, report: Report) -> list[Path]:
    """Write the moved work, a file for each reel, and its cues beside it; give the paths."""
    names.into.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for place, moved in enumerate(outcome.timelines):
        if not names.only_cues:
            write_file(moved, names.path(place, ".otio"), report, as_format="otio", read_from=names.sources)
            written.append(names.path(place, ".otio"))
        if names.only_cues or timeline_cues(moved):
            own = Report()
            write_file(moved, names.path(place, SUFFIX), own, as_format="cue_list")
            say_kept(own, report)
            written.append(names.path(place, SUFFIX))
    return written


def write_reports(names: CutNames, outcome: Outcome, report: Report) -> list[Path]:
    """Write what became of everything, as table, document and page, and the change list; give the paths."""
    found = outcome.maps.picture
    document = json.dumps(outcome.to_json(), ensure_ascii=False, indent=1).encode("utf-8", "replace") + b"\n"
    return [
        write_bytes(names.whole(" reconform.csv"), report_csv(outcome)),
        write_bytes(names.whole(" reconform.json"), document),
        write_bytes(names.whole(" changes.txt"), change_list_text(found).encode("utf-8", "replace")),
        write_bytes(names.whole(" reconform.html"), conform_page(outcome).encode("utf-8", "replace")),
        *write_changes(found, names.whole(" changes.edl"), report),
    ]


def write_changes(found: ChangeMap, out: Path, report: Report) -> list[Path]:
    """Write the change EDL, one file for each reel where there are several."""
    made = change_timelines(found)
    if len(made) == 1:
        write_file(made[0], out, report, as_format="edl" if out.suffix.lower() == ".edl" else None)
        return [out]
    paths = [out.with_name(f"{out.stem} {file_name(reel.name)}{out.suffix}") for reel in found.new.reels]
    for one, path in zip(made, paths, strict=True):
        write_file(one, path, report, as_format="edl" if path.suffix.lower() == ".edl" else None)
    return paths


def write_as(moved: Any, names: CutNames, place: int, name: str, tail: str, report: Report) -> Path:
    """Write one moved reel in a format of its own; `tail` names what it shows beside the work."""
    fmt = format_named(name)
    path = names.path(place, f"{tail}{fmt.suffixes[0]}")
    own = Report()
    options = options_for(fmt.write_options, {"tags": "none"}) if tail else {}
    snapshot = write_file(moved, path, own, as_format=name, options=options, read_from=names.sources)
    # The work beside it has everything: what one carrier lacks is a note.
    report.losses.extend(replace(loss, code=_ELSEWHERE.get(loss.code, loss.code)) for loss in own)
    if not tail:
        write_sidecar(moved, path, snapshot, report)
    return path


def write_bytes(path: Path, data: bytes) -> Path:
    """Write a file whole; give its path."""
    with whole_file(path) as file:
        file.write(data)
    return path
