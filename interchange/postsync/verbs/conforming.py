"""An edit onto the recorder's own channels: `conform`."""

from __future__ import annotations

import json
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from postsync.conforming.rushes import RushesIndex, index_rushes, recordings_of
from postsync.conforming.rushes.book import Book
from postsync.conforming.rushes.clocks import recorder_rate
from postsync.conforming.rushes.events import Event, Kinds, events_of
from postsync.conforming.rushes.hearing import prove
from postsync.conforming.rushes.indexing import Progress
from postsync.conforming.rushes.laying import LaidTracks, LayPlan, lay
from postsync.conforming.rushes.log import log_json, log_text
from postsync.conforming.rushes.matches import Conform
from postsync.conforming.rushes.matching import fitting_plainly, match_events
from postsync.conforming.rushes.records import Recording, RushFile
from postsync.conforming.rushes.relinking import relink
from postsync.conforming.rushes.scenes import SceneTable, renamed_rushes
from postsync.cueing import spot
from postsync.delivery import Turnover, TurnoverPlan, make_turnover
from postsync.delivery.checks.guide.hearing import assembly_of
from postsync.delivery.media_files import at_hand
from postsync.errors import CannotWrite, MediaError
from postsync.formats.conversion import Opened, embedded_in, read_file, write_file
from postsync.formats.files import made_folder, whole_file
from postsync.formats.replacing import say_kept
from postsync.model import Project, TimelineFacts, file_name, find_project, timeline_facts
from postsync.report import Report
from postsync.sound import MediaFinder, search_folders
from postsync.sound.same_recording import Sound
from postsync.timing import Rate, duration_from_text
from postsync.verbs.rushes import note_index
from postsync.verbs.scenes import read_scene_table

NO_APPLICATION = "none"
LISTENING_RATE = 48_000


@dataclass(frozen=True)
class Conformed:
    """What `conform` did: every event with its match, the tracks that were laid, and the files of the folder.

    >>> done = verbs.conform(reel, "R1 isos", rushes=["reel"], application="none")
    >>> done.unsettled, [match.placed for match in done.conform.matches]
    (False, [True, True, True, True])
    """

    edit: Path
    rushes: tuple[Path, ...]
    conform: Conform
    laid: LaidTracks | None
    relinked: int
    facts: TimelineFacts
    folder: Path
    files: tuple[Path, ...]
    log: Path
    turnover: Turnover | None
    report: Report

    @property
    def unsettled(self) -> bool:
        """Whether events wait for a person."""
        return any(not match.placed for match in self.conform.matches)

    def to_json(self) -> dict[str, Any]:
        """Give the document `postsync.conform/1`."""
        return {
            "schema": "postsync.conform/1",
            "edit": str(self.edit),
            "rushes": [str(path) for path in self.rushes],
            **log_json(self.conform, self.laid),
            "relinked": self.relinked,
            "folder": str(self.folder),
            "files": [str(path) for path in self.files],
            "losses": self.report.to_json(),
        }


def conform(
    edit: Path | str,
    into: Path | str,
    *,
    rushes: Sequence[Path | str],
    relink_only: bool = False,
    events: Kinds = "auto",
    by: str = "microphone",
    mix: bool | None = None,
    alone: bool = False,
    application: str = "pro-tools",
    media: str = "copy",
    handles: Fraction | str = Fraction(4),
    search: Sequence[Path | str] = (),
    scenes: Path | str | None = None,
    check: bool = True,
    date: str | None = None,
    from_format: str | None = None,
    rate: Rate | None = None,
    timeline: str | None = None,
    options: Mapping[str, Any] | None = None,
    all_markers: bool = False,
    project: Project | None = None,
    progress: Progress | None = None,
) -> Conformed:
    """Lay the recorder's channels under the edit of a timeline, or relink it to them, and make a folder with the result.

    `rushes` are indexes, or folders which are then indexed for this once; `scenes` is a table of what the cut calls the
    scenes and takes of the shoot. `application` gets its turnover, with the cues of the edit; `none` only the
    work, the list and the log. Raises CannotWrite where the edit has no events, MediaError where the rushes hold nothing.

    >>> done = verbs.conform(reel, "R1 under", rushes=["reel"], application="none")
    >>> done.laid.names
    ('Boom', 'Rosa')
    """
    report, edit, into = Report(), Path(edit), Path(into)
    places = tuple(Path(place) for place in rushes)
    folders = search_folders(search)
    table = None if scenes is None else read_scene_table(Path(scenes), report)
    recordings = read_rushes(places, report, progress, table)
    book = Book.of(recordings)
    read = _reading(edit, book, events, timeline, report, from_format=from_format, rate=rate, options=options)
    opened, chosen, facts = read.opened, read.timeline, read.facts
    found = find_project(edit) if project is None else project
    spot(chosen, found, report, all_markers=all_markers)
    done = match_events(read.events, book, facts)
    with (
        _complete_or_gone(into),
        embedded_in(opened, report) as sounds,
        at_hand(sounds, into, report, keep=media == "link") as inside,
    ):
        if check:
            done = _heard(done, chosen, MediaFinder(folders, edit), inside, progress)
        relinked = relink(done) if relink_only else 0
        laid = None if relink_only else _laid(chosen, done, by, mix, alone=alone)
        _note(done, report)
        length = duration_from_text(handles, facts.rate) if isinstance(handles, str) else handles
        plan = TurnoverPlan(application, "uid", length, media, folders, date, found, inside=inside)
        turnover, files = _delivered(chosen, into, edit, plan, report, progress)
        name = file_name(chosen.name, default=file_name(edit.stem))
        files.append(_write_list(chosen, into / f"{name} {'relinked' if laid is None else 'isos'}.edl", report))
        log = _write_log(done, laid, into, name)
    return Conformed(
        edit, places, done, laid, relinked, facts, into, (*files, log, log.with_suffix(".json")), log, turnover, report
    )


def _laid(timeline: Any, done: Conform, by: str, mix: bool | None, *, alone: bool) -> LaidTracks:
    """Lay the channels of the rushes under the edit; `alone` leaves nothing else."""
    laid = lay(timeline, done, LayPlan("channel" if by == "channel" else "microphone", mix))
    if alone:
        timeline.tracks[:] = [track.deepcopy() for track in timeline.tracks if track.name in laid.names]
    return laid


def _delivered(
    chosen: Any, into: Path, edit: Path, plan: TurnoverPlan, report: Report, progress: Progress | None
) -> tuple[Turnover | None, list[Path]]:
    """Write what an application gets, or the work alone; give the files."""
    if plan.application != NO_APPLICATION:
        turnover = make_turnover(chosen, into, edit, plan, report, progress)
        return turnover, [made.path for made in turnover.files]
    path = into / f"{file_name(chosen.name, default=file_name(edit.stem))}.otio"
    own = Report()
    write_file(chosen, path, own, as_format="otio", read_from=[edit])
    say_kept(own, report)
    return None, [path]


def _write_list(timeline: Any, path: Path, report: Report) -> Path:
    """Write the sound as an edit list, whose long reel names hold those of recorders; give its path."""
    own = Report()
    write_file(timeline, path, own, as_format="edl", options={"content": "sound", "dialect": "file128"})
    say_kept(own, report)
    return path


@contextmanager
def _complete_or_gone(into: Path) -> Generator[None]:
    """Make the folder; when the block fails, take away again what it put there."""
    was_there = set(into.rglob("*")) if into.is_dir() else None
    made_folder(into)
    try:
        yield
    except BaseException:
        for path in sorted(into.rglob("*"), reverse=True):
            if was_there is None or path not in was_there:
                with suppress(OSError):
                    path.rmdir() if path.is_dir() else path.unlink()
        if was_there is None:
            with suppress(OSError):
                into.rmdir()
        raise


def _heard(
    done: Conform, chosen: Any, finder: MediaFinder, inside: Mapping[str, Path], progress: Progress | None
) -> Conform:
    """Prove the matches by the sound of the edit, as far as that is at hand; media that are missing are no loss of ours."""
    assembly = assembly_of(chosen, finder, inside, LISTENING_RATE)
    heard = {(one.placed.record_in, one.placed.record_out, one.track.name): one for one in assembly.audible}
    if not heard:
        return done

    def listen(event: Event, start: Fraction, count: int, rate: int) -> Sound | None:
        one = heard.get((event.record_in, event.record_out, event.track))
        return None if one is None else one.samples(event.record_in + start, count, rate)

    return prove(done, listen, progress)


def read_rushes(
    places: Sequence[Path], report: Report, progress: Progress | None = None, scenes: SceneTable | None = None
) -> list[Recording]:
    """Give the recordings of indexes and folders, as the cut calls their scenes; MediaError where they hold none."""
    files: list[RushFile] = []
    for place in places:
        if place.is_dir():
            with RushesIndex(None, write=True) as index:
                note_index(index_rushes(index, [place], progress=progress), report)
                files += index.files()
        else:
            with RushesIndex(place) as index:
                files += index.files()
                for file in index.files(readable=False):
                    report.note("media-unreadable", media=file.path, why=file.problem or "")
    unique = {file.path: file for file in files}.values()
    recordings = recordings_of(unique if scenes is None else renamed_rushes(unique, scenes))
    if not recordings:
        raise MediaError(
            "the rushes hold no recording", path=", ".join(map(str, places)), expected="WAVs of a sound recorder",
            remedy="index their folder: postsync rushes index FOLDER",
        )  # fmt: skip
    return [one.at_hand() for one in recordings]


@dataclass(frozen=True)
class _Reading:
    """The edit read at one rate: its timeline and events."""

    opened: Opened
    timeline: Any
    facts: TimelineFacts
    events: list[Event]
    report: Report


def _reading(edit: Path, book: Book, events: Kinds, timeline: str | None, report: Report, **how: Any) -> _Reading:
    """Read the edit.

    A list that leaves open whether it runs at 24 or 23.976 is read both ways: at ten o'clock they are 36 seconds apart, so that
    only one of them fits the stamps.
    """
    best = _read(edit, events, timeline, **how)
    other = _other_speed(best.facts.rate)
    if how.get("rate") is None and other is not None and any(loss.code in OPEN_RATES for loss in best.report):
        second = _read(edit, events, timeline, **{**how, "rate": other})
        plain = [fitting_plainly(one.events, book, one.facts) for one in (best, second)]
        if plain[1] > plain[0] or (plain[0] == plain[1] and _stated_most(book.recordings, other)):
            best = second
            best.report.note(
                "rate-found", rate=other.name, why="the list leaves it open; so read it fits the recordings"
            )
    report.extend(best.report)
    return best


def _read(edit: Path, events: Kinds, timeline: str | None, **how: Any) -> _Reading:
    own = Report()
    opened = read_file(edit, own, **how)
    chosen = opened.choose(timeline)
    found = events_of(chosen, events)
    if not found:
        raise CannotWrite("there is nothing to conform", path=edit, expected="clips of sound or picture")
    return _Reading(opened, chosen, timeline_facts(chosen), found, own)


OPEN_RATES = ("rate-guessed", "rate-found")
"""What reading notes where a file does not state its rate."""


def _other_speed(rate: Rate) -> Rate | None:
    """Give the rate of the same labels at the other speed: 23.976 for 24 and the other way round."""
    if rate.nominal % 12 and rate.nominal != 30:
        return None
    fps = Fraction(rate.nominal) if rate.is_ntsc else Fraction(rate.nominal * 1000, 1001)
    return Rate.of(fps, rate.drop)


def _stated_most(recordings: Sequence[Recording], rate: Rate) -> bool:
    stated = [found.fps for one in recordings if (found := recorder_rate(one)) is not None]
    return stated.count(rate.fps) * 2 > len(stated)


def _note(done: Conform, report: Report) -> None:
    """Put into the report what was not placed, and what was found of clocks."""
    for match in done.matches:
        if not match.placed:
            time = done.facts.timecode(match.event.record_in)
            report.note(
                "event-not-placed", where=match.event.track, time=time, name=match.event.name, why=match.why_not
            )
        elif match.is_part:
            missing = f"{float(match.event.duration - match.pieces[0].duration):.3f}"
            time = done.facts.timecode(match.event.record_in)
            report.note(
                "event-partly-placed", where=match.event.track, time=time, name=match.event.name, missing=missing
            )
    for uid, owners in done.book.shared.items():
        report.note("uid-shared", name=", ".join(one.label for one in owners[:4]), uid=uid)
    for roll, clock in sorted(done.clocks.by_roll.items()):
        report.note("clock-judged", name=roll or "no roll", why=clock.why)


def _write_log(done: Conform, laid: LaidTracks | None, into: Path, name: str) -> Path:
    """Write the log for people and for programs; give the former's path."""
    path = into / f"{name} conform.txt"
    with whole_file(path) as file:
        file.write(log_text(done, laid, name).encode("utf-8", "replace"))
    with whole_file(path.with_suffix(".json")) as file:
        document = {"schema": "postsync.conform-log/1", **log_json(done, laid)}
        file.write(json.dumps(document, ensure_ascii=False, indent=1).encode("utf-8", "replace"))
    return path
