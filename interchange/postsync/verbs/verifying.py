"""What was sent against what came back: `verify`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import opentimelineio as otio

from postsync.cueing import spot
from postsync.delivery.verifying import Verification, verify_timelines
from postsync.errors import RateError
from postsync.formats import Feature
from postsync.formats.conversion import Opened, read_file
from postsync.model import find_project, timeline_facts
from postsync.report import Report
from postsync.timing import Rate


@dataclass(frozen=True)
class Verified:
    """What `verify` found: the two files, the comparison, and what reading them lost.

    >>> done = verbs.verify(reel, "R1.otio")
    >>> done.verification.same
    True
    """

    sent: Path
    returned: Path
    verification: Verification
    report: Report

    def to_json(self) -> dict[str, Any]:
        """Give the comparison as plain values for programs."""
        return {
            "schema": "postsync.verify/1",
            "sent": str(self.sent),
            "returned": str(self.returned),
            **self.verification.to_json(),
            "losses": self.report.to_json(),
        }


def verify(
    sent: Path | str,
    returned: Path | str,
    *,
    from_format: str | None = None,
    rate: Rate | None = None,
    timeline: str | None = None,
    options: Mapping[str, Any] | None = None,
) -> Verified:
    """Compare what was sent with what an application gave back, clip by clip and cue by cue.

    `from_format`, `rate` and `options` are for the file that came back. Where that leaves its rate open, it is taken to be
    the rate of what was sent. `timeline` names one of a file of several, whichever of the two that is; unnamed, it is the
    one that is called as the only timeline of the other file.

    >>> verbs.convert("R1.otio", "R1 sent.aaf").written_as
    'aaf'
    >>> done = verbs.verify(reel, "R1 sent.aaf")
    >>> done.verification.same, done.verification.differences[0].kind
    (False, 'gone')
    """
    report, sent, returned = Report(), Path(sent), Path(returned)
    ours = read_file(sent, report)
    first = ours.timelines[0] if ours.timelines else ours.choose()
    theirs = _read_back(returned, report, timeline_facts(first).rate, rate, from_format, options)
    one, other = _chosen(ours, theirs, timeline), _chosen(theirs, ours, timeline)
    project = find_project(sent)
    for chosen in (one, other):
        spot(chosen, project, Report())
    result = verify_timelines(one, other, _holds(ours), _holds(theirs))
    return Verified(sent, returned, result, report)


def _chosen(file: Opened, beside: Opened, name: str | None) -> otio.schema.Timeline:
    """Give the timeline to compare: a file of one timeline need not call it as the other does, applications rename."""
    own, others = ([one.name for one in opened.timelines] for opened in (file, beside))
    if name is not None and len(own) == 1 and name in others:
        return file.choose()
    if name is None and len(own) > 1 and len(others) == 1 and own.count(others[0]) == 1:
        return file.choose(others[0])
    return file.choose(name)


def _read_back(
    path: Path,
    report: Report,
    sent: Rate,
    rate: Rate | None,
    from_format: str | None,
    options: Mapping[str, Any] | None,
) -> Opened:
    """Read what came back, at the rate that was sent where it does not say its own."""
    own = Report()
    try:
        opened = read_file(path, own, from_format=from_format, rate=rate, options=options)
    except RateError:
        if rate is not None:
            raise
        own = Report()
        opened = read_file(path, own, from_format=from_format, rate=sent, options=options)
    if rate is None and any(loss.code == "rate-guessed" for loss in own) and _takes_rate(opened):
        own = Report()
        opened = read_file(path, own, from_format=opened.format.name, rate=sent, options=options)
    report.extend(own)
    return opened


def _takes_rate(opened: Opened) -> bool:
    return any(field.name == "rate" for field in fields(opened.format.read_options))


def _holds(opened: Opened) -> Feature:
    """Say what a file can hold; markers that read as cues count as cues."""
    reads = opened.format.reads
    return reads | Feature.CUES if Feature.MARKERS in reads else reads
