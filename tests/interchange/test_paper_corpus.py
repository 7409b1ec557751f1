"""Reports of real cue files: every form is made, and its rows are the cues of the file."""

from __future__ import annotations

import csv
import io

import pytest

from postsync.cueing import spot
from postsync.errors import PostsyncError
from postsync.formats.conversion import read_file
from postsync.model import Project, timeline_cues
from postsync.paper.kinds import KINDS
from postsync.paper.lines import PaperOptions, Request
from postsync.report import Report
from postsync.timing import as_rate

FILES = ("cues", "resolve/marker-edl")
MOST = 12


def works(corpus):
    """Timelines of the corpus that hold cues, at most a dozen."""
    found = []
    for path in sorted(path for folder in FILES for path in (corpus / folder).rglob("*") if path.is_file()):
        try:
            timeline = read_file(path, Report(), rate=as_rate("24")).timelines[0]
        except (PostsyncError, IndexError):
            continue
        spot(timeline, Project(), Report(), all_markers=True)
        if timeline_cues(timeline):
            found.append(timeline)
    return found[:: max(1, len(found) // MOST)]


@pytest.fixture(scope="module")
def timelines(corpus):
    return works(corpus)


def test_real_cues_stand_in_the_sheet_each_once(timelines):
    assert timelines
    for timeline in timelines:
        request = Request((timeline,), options=PaperOptions(date="2026-03-01"))
        rows = list(csv.reader(io.StringIO(KINDS["cue-sheet"].draw(request, "csv", Report()).decode("utf-8-sig"))))
        assert len(rows) - 1 == len(timeline_cues(timeline)), timeline.name


@pytest.mark.parametrize("kind", KINDS)
def test_every_report_of_real_cues_is_made_in_every_form(timelines, kind):
    request = Request(tuple(timelines[:4]), options=PaperOptions(date="2026-03-01"))
    for form in KINDS[kind].forms:
        assert KINDS[kind].draw(request, form, Report())
