"""A turnover: one timeline, read once, and the folder that the next application needs.

Every file is made from the same timeline in memory and written whole. When anything fails, what this run made is taken away
again: a folder is complete or not there.
"""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

from postsync.cueing import put_written, with_show_colours
from postsync.delivery.applications import APPLICATIONS, Deliverable
from postsync.delivery.beeps import BEEP_FOLDER, beep_tracks
from postsync.delivery.media import MediaJob, Progress, note_without_file, prepare_media
from postsync.delivery.relinking import note_missing, relinked, state_found
from postsync.errors import UnknownOption
from postsync.formats import make_options, options_for
from postsync.formats.conversion import format_named, write_file
from postsync.formats.files import made_folder, whole_file
from postsync.model import Project, file_name, placed_tracks, timeline_cues
from postsync.placing import mono_tracks, rejoined
from postsync.report import Report
from postsync.sound import MediaFinder
from postsync.wording import counted
from postsync_adapters import formats

MEDIA_MODES = ("embed", "link", "copy")
"""What becomes of media: sound inside the AAF, mono files where they are, or new mono files in the folder.

>>> MEDIA_MODES
('embed', 'link', 'copy')
"""
AUDIO_FOLDER = "Audio Files"
MEDIA_CODES = {"media-missing", "media-not-wav", "media-unreadable", "media-not-mono", "media-rate-differs"}


@dataclass(frozen=True)
class TurnoverPlan:
    """What is asked for. `handles` in seconds; `search` are folders in which media are looked for; `date` for paper.

    `inside` are the files that the sound inside the timeline's own file was taken out to, by the id that its clips name.

    >>> plan = TurnoverPlan("nuendo", handles=Fraction(2), search=(Path("reel"),))
    >>> plan.media, plan.tags
    ('copy', 'uid')
    """

    application: str = "pro-tools"
    tags: str = "uid"
    handles: Fraction = Fraction(4)
    media: str = "copy"
    search: tuple[Path, ...] = ()
    date: str | None = None
    project: Project = field(default_factory=Project)
    options: dict[str, Any] = field(default_factory=dict)
    inside: Mapping[str, Path] = field(default_factory=dict[str, Path])


@dataclass(frozen=True)
class MadeFile:
    """One file of the folder, what it is and how it is brought in.

    >>> MadeFile(Path("R1/R1.aaf"), "sound and cue markers", "File > Import > Session Data").path.name
    'R1.aaf'
    """

    path: Path
    what: str
    how: str


@dataclass(frozen=True)
class Turnover:
    """What a turnover made: its folder and files, the counts a person checks first, media that are missing.

    >>> made = make_turnover(timeline, Path("R1 recording"), reel, TurnoverPlan("recording"), report)
    >>> made.clips, made.cues, [file.path.name for file in made.files][:1]
    (4, 5, ['The Crossing R1.aaf'])
    """

    folder: Path
    application: str
    timeline: str
    files: tuple[MadeFile, ...]
    sound_files: int
    clips: int
    cues: int
    media_missing: tuple[tuple[str, tuple[str, ...]], ...]
    report: Report

    @property
    def amounts(self) -> str:
        """How much of what was written, in words."""
        sounds = counted(self.sound_files, "sound file")
        return f"{counted(self.clips, 'sound clip')}, {counted(self.cues, 'cue')}, {sounds}"

    def to_json(self) -> dict[str, Any]:
        """Give the turnover as plain values for programs."""
        return {
            "schema": "postsync.turnover/1",
            "folder": str(self.folder),
            "application": self.application,
            "timeline": self.timeline,
            "files": [{"path": str(made.path), "what": made.what, "import": made.how} for made in self.files],
            "sound_files": self.sound_files,
            "clips": self.clips,
            "cues": self.cues,
            "media_missing": [{"media": name, "tried": list(tried)} for name, tried in self.media_missing],
            "losses": self.report.to_json(),
        }


def make_turnover(
    timeline: Any, into: Path, beside: Path, plan: TurnoverPlan, report: Report, progress: Progress | None = None
) -> Turnover:
    """Write the folder of a turnover. `beside` is the file that the timeline came from, where media may lie too.

    Raises UnknownOption for an application that we do not serve, CannotWrite where the folder cannot be written.

    >>> made = make_turnover(timeline, Path("R1 PT"), reel, TurnoverPlan("pro-tools"), report)
    >>> made.sound_files, made.media_missing
    (4, ())
    """
    deliverables = _deliverables(plan)
    name = file_name(timeline.name, default=file_name(beside.stem))
    with _complete_or_gone(into) as made:
        mono, linked, job = _prepared(timeline, into, beside, plan, report, progress, made)
        sound_files = 0 if plan.media == "embed" else len(made)
        beeps = (
            beep_tracks(timeline, into, plan.project, report, made) if any(one.beeps for one in deliverables) else []
        )
        files: list[MadeFile] = []
        for one in deliverables:
            path = into / f"{name}{one.suffix}"
            made.append(path)
            own = Report()
            source = _source(one, timeline, mono, linked, plan)
            source = _with_tracks(source, beeps) if one.beeps else source
            source = source if one.remembers else with_show_colours(source, plan.project)
            snapshot = write_file(source, path, own, as_format=one.format, options=_options(one, plan))
            if snapshot is not None and not one.remembers:
                put_written(timeline, [snapshot])
            _add_carrier_losses(own, report)
            files.append(MadeFile(path, one.what, one.how))
        if beeps:
            how = "they lie on the tracks BEEPS; or spot each to its time stamp"
            files.append(MadeFile(into / BEEP_FOLDER, "beeps of each cue", how))
        clips = sum(len(track.clips) for track in placed_tracks(timeline, "audio"))
        cues = len(timeline_cues(timeline))
        if not clips and not cues:
            report.note("turnover-empty", count=0)
        turnover = Turnover(
            into, plan.application, timeline.name, tuple(files), sound_files, clips, cues, tuple(job.missing), report,
        )  # fmt: skip
        return _with_report(turnover, into / f"{name} report.txt", made)


def _with_tracks(timeline: Any, tracks: list[Any]) -> Any:
    """Give a copy of a timeline with more tracks behind its own."""
    copy = timeline.deepcopy()
    copy.tracks.extend([track.deepcopy() for track in tracks])
    return copy


def _add_carrier_losses(own: Report, report: Report) -> None:
    """Add what one carrier could not hold; what the work beside it keeps is a note, not a loss of the turnover.

    Missing media were noted when they were looked for; the AAF writer, which looks once more, is not heard twice.
    """
    for loss in own:
        if loss.code in MEDIA_CODES or loss.code in _KEPT_BY_THE_WORK:
            continue
        report.losses.append(replace(loss, code=_ELSEWHERE.get(loss.code, loss.code)))


_KEPT_BY_THE_WORK = {"clips-not-in-list", "metadata-not-carried"}
"""What nobody expects of a list of cues beside the timeline, or of another program's file: not worth a line in the report."""

_ELSEWHERE = {
    "feature-not-carried": "feature-elsewhere",
    "cue-field-not-carried": "cue-field-elsewhere",
    "cue-field-changed": "cue-field-elsewhere",
}
"""What is a loss of one carrier and, with the work beside it, a note of the turnover."""


def _deliverables(plan: TurnoverPlan) -> tuple[Deliverable, ...]:
    if plan.application not in APPLICATIONS:
        raise UnknownOption(f"no turnover for {plan.application!r} yet", remedy=f"there are: {', '.join(served())}")
    if plan.media not in MEDIA_MODES:
        raise UnknownOption(f"no media mode {plan.media!r}", remedy=f"there are: {', '.join(MEDIA_MODES)}")
    row = APPLICATIONS[plan.application]
    missing = next((_called(one) for one in row if not one.extra and not _can_be_written(one)), None)
    if missing is not None:
        raise UnknownOption(
            f"no turnover for {plan.application!r} yet: it takes {missing}, which we do not write",
            remedy=f"there are: {', '.join(served())}",
        )
    return tuple(one for one in row if _can_be_written(one))


def served() -> list[str]:
    """Give the applications whose files can all be written.

    >>> served()[:3]
    ['pro-tools', 'media-composer', 'premiere']
    """
    return [name for name, row in APPLICATIONS.items() if all(one.extra or _can_be_written(one) for one in row)]


def _can_be_written(one: Deliverable) -> bool:
    known = formats().get(one.format)
    if known is None or known.write is None:
        return False
    return not one.exact or set(_offered(one, known.write_options)) == {name for name, _ in one.options}


def _called(one: Deliverable) -> str:
    """Name what is missing: the format, with the options that it is no use without."""
    asked = ", ".join(f"{name} {value}" for name, value in one.options) if one.exact else ""
    return f"{one.format} with {asked}" if asked else one.format


def _prepared(
    timeline: Any,
    into: Path,
    beside: Path,
    plan: TurnoverPlan,
    report: Report,
    progress: Progress | None,
    made: list[Path],
) -> tuple[Any, Any, MediaJob]:
    """Give the copy with one channel a clip whose media are ready, where the application gets sound at all.

    Also the copy whose media are stated as this computer finds them: pictures, and all where only addresses are given. The
    timeline itself states from now on where its files were found: the work lies in another folder than what was read.
    """
    finder = MediaFinder(plan.search, beside)
    state_found(timeline, finder)
    states_all = any(one.linked for one in APPLICATIONS[plan.application])
    job = MediaJob(
        finder, into / AUDIO_FOLDER, plan.media, plan.handles, report, progress, made=made, inside=plan.inside,
        sample_rate=_sample_rate(plan),
    )  # fmt: skip
    note_without_file(timeline, report)
    if not any(one.mono for one in APPLICATIONS[plan.application]):
        if states_all:
            job.missing.extend(note_missing(timeline, finder, report))
        return timeline, relinked(timeline, finder, ("Video", "Audio")), job
    linked = relinked(timeline, finder, ("Video",))
    job.several = any(_several(one, plan) for one in APPLICATIONS[plan.application] if one.mono)
    mono = mono_tracks(linked, Report() if job.several else report)
    if plan.media == "embed":
        job.folder = Path(tempfile.mkdtemp(prefix=".sound.", dir=into))
    prepare_media(mono, job)
    return mono, relinked(linked, finder, ("Audio",)) if states_all else linked, job


def _source(one: Deliverable, timeline: Any, mono: Any, linked: Any, plan: TurnoverPlan) -> Any:
    """Give the timeline that a file is made from: with prepared sound, with media as they are found, or as it was read."""
    if one.mono:
        return _with_channels(linked, mono, one, plan)
    return linked if one.linked else timeline


def _several(one: Deliverable, plan: TurnoverPlan) -> bool:
    """Whether a file takes clips of several channels, as its writer's options have it."""
    record = format_named(one.format).write_options
    return bool(getattr(make_options(record, _options(one, plan), one.format), "several_channels", False))


def _with_channels(timeline: Any, mono: Any, one: Deliverable, plan: TurnoverPlan) -> Any:
    """Give the timeline with the prepared media: one channel a clip, or as many as it had where the file takes them."""
    return rejoined(timeline, mono) if _several(one, plan) else mono


def _sample_rate(plan: TurnoverPlan) -> int | None:
    """Give the session's rate where the user asked for one; what it is worth the writer says later."""
    asked = str(plan.options.get("sample_rate", ""))
    return int(asked) if asked.isdecimal() and 0 < int(asked) <= 768_000 else None


def _options(one: Deliverable, plan: TurnoverPlan) -> dict[str, Any]:
    """Give a writer the options that it has: those of the table, the project's words, and what the user asked for."""
    record = format_named(one.format).write_options
    wanted: dict[str, Any] = {
        "tags": plan.tags if one.tags else None,
        "media": "embed" if plan.media == "embed" else "link",
        "paper": plan.project.paper,
        "date": plan.date,
        "created": _iso_day(plan.date),
        "beeps": plan.project.recording.beeps,
        "beep_spacing": plan.project.recording.spacing,
        "streamer": plan.project.recording.streamer,
        **_words(plan.project, record),
        **_offered(one, record),
        **plan.options,
    }
    given = {name: value for name, value in options_for(record, wanted).items() if value is not None}
    make_options(record, given, one.format)
    return given


def _words(project: Project, record: type[Any]) -> dict[str, Any]:
    """Give the project's words for options that take any words; the `version` of an XML is not that of the picture."""
    words = {"title": project.show, "episode": project.episode, "version": project.picture_version}
    hints = get_type_hints(record)
    return {name: word for name, word in words.items() if str in (hints.get(name), *get_args(hints.get(name)))}


def _offered(one: Deliverable, record: type[Any]) -> dict[str, Any]:
    """Give what the table asks of a writer, as far as the writer offers it; what it does not know it has a default for."""
    hints = get_type_hints(record)
    return {
        name: value
        for name, value in one.options
        if name in hints and (value in get_args(hints[name]) or get_origin(hints[name]) is not Literal)
    }


def _iso_day(date: str | None) -> str | None:
    """Give the date for formats that want a real one; paper may carry any words."""
    try:
        return None if date is None else datetime.date.fromisoformat(date).isoformat()
    except ValueError:
        return None


@contextmanager
def _complete_or_gone(into: Path) -> Generator[list[Path]]:
    """Make the folder and list what is made in it; when the block fails, take all of it away again."""
    was_there = set(into.rglob("*")) if into.is_dir() else None
    made: list[Path] = []
    made_folder(into)
    try:
        yield made
    except BaseException:
        for path in made:
            if was_there is None or path not in was_there:
                path.unlink(missing_ok=True)
        for folder in (AUDIO_FOLDER, BEEP_FOLDER):
            _remove_empty(into / folder, was_there)
        raise
    finally:
        for hidden in into.glob(".sound.*"):
            for path in hidden.glob("*"):
                path.unlink()
            hidden.rmdir()
        if was_there is None:
            with suppress(OSError):
                into.rmdir()


def _remove_empty(folder: Path, was_there: set[Path] | None) -> None:
    if was_there is None or folder not in was_there:
        with suppress(OSError):
            folder.rmdir()


def _with_report(turnover: Turnover, path: Path, made: list[Path]) -> Turnover:
    """Write what a person should know of the turnover beside it, and count the page among its files."""
    made.append(path)
    with whole_file(path) as file:
        file.write(report_text(turnover).encode())
    page = MadeFile(path, "report", "what was lost, changed or guessed, and media that are missing")
    return replace(turnover, files=(*turnover.files, page))


def report_text(turnover: Turnover) -> str:
    """Give the report page: counts, files, missing media with where they were looked for, every loss.

    >>> made = make_turnover(timeline, Path("R1 again"), reel, TurnoverPlan("recording"), report)
    >>> report_text(made).splitlines()[0]
    'Turnover of The Crossing R1 for recording'
    """
    lines = [
        f"Turnover of {turnover.timeline or turnover.folder.name} for {turnover.application}",
        "",
        f"{turnover.amounts} written",
        "",
        "Files",
        *(f"  {made.path.name}: {made.what}. {made.how}." for made in turnover.files),
        "",
    ]
    if turnover.media_missing:
        lines.append("Missing media, and where they were looked for")
        for name, tried in turnover.media_missing:
            lines += [f"  {name}", *(f"    {place}" for place in tried)]
        lines.append("")
    losses, notes = turnover.report.of_level("loss"), turnover.report.of_level("note")
    for title, found in (("Losses", losses), ("Notes", notes)):
        lines += [title, *(f"  {loss.sentence()}" for loss in found)] if found else [f"{title}: none"]
    return "\n".join(lines) + "\n"
