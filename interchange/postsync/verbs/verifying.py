"""What was sent against what came back: `verify`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from postsync.cueing import spot
from postsync.delivery.verifying import Verification, verify_timelines
from postsync.formats import Feature
from postsync.formats.conversion import Opened, read_file
from postsync.model import find_project
from postsync.report import Report
from postsync.timing import Rate


@dataclass(frozen=True)
class Verified:
    """What `verify` found: the two files, the comparison, and what reading them lost."""

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

    `from_format`, `rate`, `timeline` and `options` are for the file that came back.
    """
    report, sent, returned = Report(), Path(sent), Path(returned)
    ours = read_file(sent, report)
    theirs = read_file(returned, report, from_format=from_format, rate=rate, options=options)
    one, other = ours.choose(), theirs.choose(timeline)
    project = find_project(sent)
    for chosen in (one, other):
        spot(chosen, project, Report())
    result = verify_timelines(one, other, _holds(ours), _holds(theirs))
    return Verified(sent, returned, result, report)


def _holds(opened: Opened) -> Feature:
    """Say what a file can hold; markers that read as cues count as cues."""
    reads = opened.format.reads
    return reads | Feature.CUES if Feature.MARKERS in reads else reads
