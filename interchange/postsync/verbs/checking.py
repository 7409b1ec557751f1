"""What is wrong with a file's cues, or may be, and what an application will refuse of it: `check`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from postsync.cueing import check_timeline, spot
from postsync.delivery.checks import Application, Source, application_named, check_for, rated
from postsync.delivery.checks.guide import GuideResult, against_guides
from postsync.delivery.media_files import at_hand
from postsync.findings import Finding, findings_document, worst_first
from postsync.formats.conversion import Opened, embedded_in, file_findings, read_file
from postsync.model import Project, find_project, timeline_facts
from postsync.report import Report
from postsync.sound import MediaFinder, search_folders
from postsync.timing import Rate, duration_from_text


@dataclass(frozen=True)
class Checked:
    """What `check` found, the worst first, and what reading the file noted. `application` is the one it was checked for,
    `guides` what was measured against each guide.

    >>> checked = verbs.check(reel, application="pro-tools")
    >>> checked.has_errors, sorted({one.code for one in checked.findings})[:2]
    (False, ['format-not-opened', 'word-unknown'])
    """

    path: Path
    findings: tuple[Finding, ...]
    report: Report
    application: str | None = None
    guides: tuple[GuideResult, ...] = ()

    @property
    def has_errors(self) -> bool:
        """Whether anything found is an error."""
        return any(one.severity == "error" for one in self.findings)

    def to_json(self) -> dict[str, Any]:
        """Give the document `postsync.findings/1`."""
        document = findings_document(self.findings, file=str(self.path), application=self.application)
        guides = [one.to_json() for one in self.guides]
        return {**document, "guides": guides, "losses": self.report.to_json()}


def check(
    path: Path | str,
    *,
    application: str | None = None,
    search: Sequence[Path | str] = (),
    handles: Fraction | str | None = None,
    guides: Sequence[Path | str] = (),
    from_format: str | None = None,
    rate: Rate | None = None,
    timeline: str | None = None,
    options: Mapping[str, Any] | None = None,
    all_markers: bool = False,
) -> Checked:
    """Check the cues of a readable file against each other, its timeline and the project.

    With an application, also what it will refuse or misread: of every timeline where none is named. `search` are more
    folders to look for media in; `handles` the sound asked for on either side of each clip, in seconds or as `4s`, `12f`.
    With guides (WAV, or with the extra `media` any file with sound), how the sound of one timeline lies against them.
    Raises UnknownOption for an application that there are no checks for, MediaError for a guide that cannot be read.

    >>> [(one.severity, one.code) for one in verbs.check(reel, application="pro-tools").findings][:1]
    [('warning', 'word-unknown')]
    """
    report = Report()
    wanted = None if application is None else application_named(application)
    opened = read_file(path, report, from_format=from_format, rate=rate, options=options)
    every = wanted is not None and timeline is None and len(opened.timelines) > 1
    chosen = opened.timelines if every else [opened.choose(timeline)]
    project = find_project(opened.path)
    findings: list[Finding] = []
    for one in chosen:
        spot(one, project, report, all_markers=all_markers)
        found = check_timeline(one, project, report)
        findings += _named(found, one.name) if every else found
    if wanted is not None:
        findings += _for_application(opened, chosen, wanted, search, handles)
    measured = tuple(_against(opened, opened.choose(timeline), guides, search, project)) if guides else ()
    findings += [found for one in measured for found in one.findings]
    return Checked(opened.path, tuple(worst_first(findings)), report, application, measured)


def _against(
    opened: Opened, timeline: Any, guides: Sequence[Path | str], search: Sequence[Path | str], project: Project
) -> Iterator[GuideResult]:
    """Yield how the sound of a timeline lies against each guide; sound inside the file is taken out for as long."""
    finder = MediaFinder(search_folders(search), beside=opened.path)
    quiet = Report()
    with (
        TemporaryDirectory(prefix="postsync guide ") as folder,
        embedded_in(opened, quiet) as sounds,
        at_hand(sounds, Path(folder), quiet, keep=False) as inside,
    ):
        yield from against_guides(timeline, [Path(guide) for guide in guides], finder, inside, project)


def _for_application(
    opened: Opened,
    timelines: Sequence[Any],
    application: Application,
    search: Sequence[Path | str],
    handles: Fraction | str | None,
) -> Iterator[Finding]:
    """Yield what an application minds: of the file by the rules of its format, then of each timeline."""
    yield from rated(file_findings(opened), application, direct=opened.format.name in application.opens)
    finder = MediaFinder(search_folders(search), beside=opened.path)
    names = tuple(one.name for one in opened.timelines)
    with embedded_in(opened, Report()) as sounds:
        source = Source(opened.format.name, opened.format.title, finder, names, sounds)
        for one in timelines:
            found = check_for(one, application, source, _seconds(handles, one))
            source = replace(source, names=())  # That there are several is said once.
            yield from _named(found, one.name) if len(timelines) > 1 else found


def _seconds(handles: Fraction | str | None, timeline: Any) -> Fraction | None:
    """Give handles in seconds; frames are those of the timeline."""
    return duration_from_text(handles, timeline_facts(timeline).rate) if isinstance(handles, str) else handles


def _named(findings: Sequence[Finding], timeline: str) -> list[Finding]:
    """Say of each finding which timeline it is in."""
    return [replace(one, where=" / ".join(part for part in (timeline, one.where) if part)) for one in findings]
