"""What an application will refuse or misread of a timeline, before it is sent: one small function a check, and the table.

`applications` is what each takes, `verdicts` what each makes of a finding; `subject` is what the checks look at; `media`,
`clips`, `names` and `timeline` hold them by subject. What a file of a format breaks by itself, its format says
(`Format.check`), and the same table rates it. The codes with their words are rows of `postsync.finding_codes`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

from postsync.delivery.checks import clips, media, names, timeline
from postsync.delivery.checks.applications import CHECKED, Application, Limit
from postsync.delivery.checks.subject import Source, Subject, subject_of
from postsync.delivery.checks.verdicts import PREPARED, VERDICTS, severity
from postsync.errors import UnknownOption
from postsync.findings import Finding

__all__ = [
    "CHECKED",
    "VERDICTS",
    "Application",
    "Limit",
    "Source",
    "application_named",
    "check_for",
    "rated",
    "severity",
]

Check = Callable[[Subject], Iterator[Finding]]

CHECKS: tuple[Check, ...] = (
    timeline.format_opened,
    timeline.several_timelines,
    timeline.frame_rates,
    timeline.clock,
    timeline.tracks,
    timeline.track_states,
    timeline.markers,
    timeline.marker_places,
    media.media_missing,
    media.media_unreadable,
    media.media_kinds,
    media.media_channels,
    media.media_inside,
    media.media_disagreeing,
    media.media_sharing,
    media.rates,
    media.depths,
    media.stamps,
    media.beyond_media,
    media.handles,
    media.fades_beyond,
    clips.nests,
    clips.channels,
    clips.speeds,
    clips.off_frames,
    clips.lengths,
    clips.silenced,
    clips.effects,
    clips.levels,
    clips.fades,
    clips.transitions_of_nothing,
    names.names_long,
    names.names_missing,
    names.names_broken,
    names.file_names,
    names.track_names,
)
"""Every check of a timeline. Each goes over its clips, media or markers once."""


def application_named(name: str) -> Application:
    """Give an application by the name that is typed; UnknownOption lists those that there are checks for."""
    if name not in CHECKED:
        raise UnknownOption(f"no checks for {name!r} yet", remedy=f"there are: {', '.join(CHECKED)}")
    return CHECKED[name]


def check_for(
    timeline: Any, application: Application, source: Source, handles: Fraction | None = None
) -> list[Finding]:
    """Give what an application will refuse or misread of one timeline; `handles` in seconds, where some were asked for."""
    subject = subject_of(timeline, application, source, handles)
    return rated((found for check in CHECKS for found in check(subject)), application, direct=subject.direct)


def rated(findings: Iterable[Finding], application: Application, *, direct: bool) -> list[Finding]:
    """Give the findings that an application minds, each as bad as it makes of it.

    Where it does not open the file itself (`direct` false), the file must be turned over, and what that settles is a note.
    """
    result: list[Finding] = []
    for one in findings:
        verdict, asked = severity(one.code, application.key), completed(one, application)
        if verdict is not None and asked is not None:
            result.append(replace(asked, rated=verdict if direct or one.code not in PREPARED else "note"))
    return result


def completed(one: Finding, application: Application) -> Finding | None:
    """Give a finding about a file with what it means to the application; None where it means nothing to it."""
    if one.code != "fcpxml-version":
        return one
    reads, version = application.fcpxml_versions, one.facts["version"]
    major, _, minor = version.partition(".")
    if reads is None or (major == "1" and minor.isdecimal() and reads[0] <= int(minor) <= reads[1]):
        return None
    taken = f"1.{reads[0]} to 1.{reads[1]}"
    facts = {**one.facts, "application": application.title, "taken": taken, "wanted": "1.9"}
    return replace(one, facts=facts)
