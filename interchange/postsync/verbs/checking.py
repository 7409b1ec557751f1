"""What is wrong with a file's cues, or may be: `check`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from postsync.cueing import check_timeline, spot
from postsync.findings import Finding, findings_document
from postsync.formats.conversion import read_file
from postsync.model import find_project
from postsync.report import Report
from postsync.timing import Rate


@dataclass(frozen=True)
class Checked:
    """What `check` found, the worst first, and what reading the file noted."""

    path: Path
    findings: tuple[Finding, ...]
    report: Report

    @property
    def has_errors(self) -> bool:
        """Whether anything found is an error."""
        return any(one.severity == "error" for one in self.findings)

    def to_json(self) -> dict[str, Any]:
        """Give the document `postsync.findings/1`."""
        return {**findings_document(self.findings, file=str(self.path)), "losses": self.report.to_json()}


def check(
    path: Path | str,
    *,
    from_format: str | None = None,
    rate: Rate | None = None,
    timeline: str | None = None,
    options: Mapping[str, Any] | None = None,
    all_markers: bool = False,
) -> Checked:
    """Check the cues of a readable file against each other, its timeline and the project."""
    report = Report()
    opened = read_file(path, report, from_format=from_format, rate=rate, options=options)
    project, chosen = find_project(opened.path), opened.choose(timeline)
    spot(chosen, project, report, all_markers=all_markers)
    return Checked(opened.path, tuple(check_timeline(chosen, project, report)), report)
