"""Recorded takes onto their cues, and the folder for whoever gets them next: `place`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import count
from pathlib import Path
from typing import Any, TypeAlias

from postsync.cueing import spot
from postsync.delivery import Turnover, TurnoverPlan, make_turnover
from postsync.delivery.cue_measuring import guide_measure
from postsync.delivery.media_files import at_hand
from postsync.errors import CannotWrite
from postsync.formats.conversion import embedded_in, read_file, write_file
from postsync.formats.files import whole_file
from postsync.model import (
    Cue,
    Project,
    TimelineFacts,
    file_name,
    find_project,
    timeline_characters,
    timeline_cues,
    timeline_facts,
)
from postsync.placing import (
    Anchor,
    By,
    Matching,
    Measure,
    Measured,
    Pairing,
    Placing,
    PlacingPlan,
    log_json,
    log_text,
    match_takes,
    place_takes,
    read_takes,
)
from postsync.placing.takes import Progress
from postsync.report import Report
from postsync.sound import MediaFinder, search_folders
from postsync.timing import Rate, duration_from_text
from postsync.verbs.take_logs import read_take_logs

Measuring: TypeAlias = AbstractContextManager[tuple[Measure | None, str]]
"""Measures takes for as long as the block lasts, and says against what; without a measure it says why there is none."""


@dataclass(frozen=True)
class Placed:
    """What `place` did: the placing with every pair and its reasons, the folder, and the log's two files.

    >>> done = verbs.place("R1.otio", ["ADR takes"], "R1 placed A", by="cue", search=["reel"])
    >>> done.unsettled, [row.what for row in done.placing.rows][:2]
    (False, ['alternate', 'plays'])
    """

    work: Path
    placing: Placing
    turnover: Turnover
    log: Path
    facts: TimelineFacts
    report: Report

    @property
    def unsettled(self) -> bool:
        """Whether takes wait for a person to say where they belong."""
        return any(row.what == "guess" for row in self.placing.rows)

    def to_json(self) -> dict[str, Any]:
        """Give the document `postsync.place/1`."""
        return {
            "schema": "postsync.place/1",
            "work": str(self.work),
            **log_json(self.placing, self.facts),
            "folder": str(self.turnover.folder),
            "files": [str(made.path) for made in self.turnover.files] + [str(self.log)],
            "losses": self.report.to_json(),
        }


def place(
    work: Path | str,
    takes: Sequence[Path | str],
    into: Path | str,
    *,
    guides: Sequence[Path | str] = (),
    by: By = "auto",
    phrases: bool = False,
    accept_guesses: bool = False,
    logs: Sequence[Path | str] = (),
    application: str = "pro-tools",
    alone: bool = False,
    alternates: bool = True,
    handles: Fraction | str = Fraction(1, 2),
    fade: Fraction | str = Fraction(1, 100),
    pre_roll: Fraction | str | None = None,
    media: str = "link",
    search: Sequence[Path | str] = (),
    tags: str = "uid",
    date: str | None = None,
    from_format: str | None = None,
    rate: Rate | None = None,
    timeline: str | None = None,
    options: Mapping[str, Any] | None = None,
    all_markers: bool = False,
    project: Project | None = None,
    progress: Progress | None = None,
) -> Placed:
    """Pair takes with the cues of a work, place them on ADR tracks, and make the folder for an application.

    Lengths are seconds, or text such as `12f`. By `sync` takes are measured against `guides`, or the timeline's own production
    sound, and slipped; with `phrases` each phrase by its own offset. With `alone` the application gets the ADR tracks without
    the rest of the timeline; the work in the folder always holds everything. CannotWrite where there are no cues, or no takes.

    >>> done = verbs.place("R1.otio", ["ADR takes"], "R1 placed", by="cue", search=["reel"])
    >>> done.placing.tracks[:2]
    ('ADR ROSA', 'ADR ROSA (2)')
    """
    report, work, into = Report(), Path(work), Path(into)
    opened = read_file(work, report, from_format=from_format, rate=rate, options=options)
    chosen = opened.choose(timeline)
    found = find_project(work) if project is None else project
    spot(chosen, found, report, all_markers=all_markers)
    facts = timeline_facts(chosen)
    if not timeline_cues(chosen):
        raise CannotWrite("there are no cues to place takes on", path=work, remedy="name the work, or --all-markers")
    matching = _paired(chosen, found, _paths(takes), _paths(logs), report, progress)
    plan = PlacingPlan(
        by, _length(handles, facts), _length(fade, facts), None if pre_roll is None else _length(pre_roll, facts),
        alternates, accept_guesses, phrases,
    )  # fmt: skip
    folders = search_folders(search)
    with (
        embedded_in(opened, report) as sounds,
        at_hand(sounds, into, report, keep=media == "link") as inside,
    ):
        measuring: Measuring = nullcontext((None, ""))
        if by == "sync":
            finder = MediaFinder(folders, beside=work)
            measuring = guide_measure(chosen, work, _paths(guides), finder, inside, found)
        placing = _placing(chosen, matching, plan, measuring, report, progress)
        _note(placing, facts, report)
        made = make_turnover(
            _alone(chosen, placing) if alone else chosen, into, work,
            TurnoverPlan(application, tags, Fraction(4), media, folders, date, found, inside=inside), report, progress,
        )  # fmt: skip
    name = file_name(chosen.name, default=file_name(work.stem))
    if alone:
        write_file(chosen, into / f"{name}.otio", Report(), as_format="otio", read_from=[work], keep=False)
    return Placed(work, placing, made, _write_log(placing, facts, into, name), facts, report)


def _length(text: Fraction | str, facts: TimelineFacts) -> Fraction:
    return duration_from_text(text, facts.rate) if isinstance(text, str) else text


def _paths(names: Sequence[Path | str]) -> list[Path]:
    return [Path(name) for name in names]


def _paired(
    timeline: Any, project: Project, takes: list[Path], logs: list[Path], report: Report, progress: Progress | None
) -> Matching:
    """Pair the takes of files and folders with the cues of a timeline."""
    recorded = read_takes(takes, report, progress)
    if not recorded:
        raise CannotWrite("there are no takes", path=", ".join(map(str, takes)), expected="WAV or AIFF files")
    facts, cast = timeline_facts(timeline), project.cast(timeline_characters(timeline))
    return match_takes(recorded, timeline_cues(timeline), facts, cast, read_take_logs(logs, report))


def _placing(
    timeline: Any,
    matching: Matching,
    plan: PlacingPlan,
    measuring: Measuring,
    report: Report,
    progress: Progress | None,
) -> Placing:
    """Lay the takes on a timeline, each measured against the guide where there is one to measure by."""
    with measuring as (measure, guide):
        if guide and measure is None:
            report.note("takes-not-measured", why=guide)
        if measure is not None and progress is not None:
            measure = _with_progress(measure, matching, progress)
        return replace(place_takes(timeline, matching, plan, measure), guide=guide)


def _with_progress(measure: Measure, matching: Matching, progress: Progress) -> Measure:
    """Tell how far the measuring is; takes that are not placed are not measured, so that it may end early."""
    done, most = count(1), sum(one.cue is not None for one in matching.pairings)

    def told(cue: Cue, pairing: Pairing, start: Anchor) -> Measured:
        found = measure(cue, pairing, start)
        progress("measuring takes", next(done), most)
        return found

    return told


def _alone(timeline: Any, placing: Placing) -> Any:
    """Give a copy of the timeline with nothing but the tracks that were laid, and its markers."""
    copy = timeline.deepcopy()
    copy.tracks[:] = [track.deepcopy() for track in timeline.tracks if track.name in placing.tracks]
    return copy


def _note(placing: Placing, facts: TimelineFacts, report: Report) -> None:
    """Put into the report what was guessed, and what waits for a person."""
    for row in placing.rows:
        file, cue = row.pairing.recorded.path.name, row.pairing.cue
        number = "no cue" if cue is None else cue.number or cue.uid
        if row.placed and not row.pairing.sure:
            report.note("take-guessed", where=row.track or "", name=file, cue=number, sure=row.pairing.confidence)
        elif row.what in ("guess", "unpaired"):
            report.note("take-not-placed", name=file, why=f"{number}: {row.why}" if cue else row.why)
        elif (
            row.placed
            and row.anchor is not None
            and row.anchor.confidence is not None
            and row.anchor.placed_by != "sync"
        ):
            report.note("take-not-slipped", where=row.track or "", name=file, why=row.anchor.remark or "")
        elif row.what in ("copy", "left out"):
            report.note("take-left-out", name=file, why=row.why)
    for cue in placing.matching.cues_without_takes:
        report.note("cue-without-take", time=facts.timecode(cue.seconds_in(facts)), name=cue.number or cue.uid)
    clock = placing.matching.clock
    if clock.offset or not clock.believed:
        report.note("stamps-judged", why=clock.why)


def _write_log(placing: Placing, facts: TimelineFacts, into: Path, name: str) -> Path:
    """Write the log for people and for programs; give the former's path."""
    path = into / f"{name} placement.txt"
    with whole_file(path) as file:
        file.write(log_text(placing, facts, name).encode())
    with whole_file(into / f"{name} placement.json") as file:
        document = {"schema": "postsync.placement-log/1", **log_json(placing, facts)}
        file.write(json.dumps(document, ensure_ascii=False, indent=1).encode())
    return path
