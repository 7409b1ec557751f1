"""What is wrong with a list of cues, or may be: one small function for each check, and the table of them all.

`work` is what they look at; `numbers`, `people`, `words`, `times` and `takes` hold the checks by subject. The codes with their
severity and what to do are rows of `postsync.findings`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import opentimelineio as otio

from postsync.cueing.checks import numbers, people, takes, times, words
from postsync.cueing.checks.work import Work, work_of
from postsync.findings import Finding, worst_first
from postsync.model import Project
from postsync.report import Report

CHECKS: tuple[Callable[[Work], Iterator[Finding]], ...] = (
    numbers.numbers_missing,
    numbers.numbers_used_twice,
    numbers.numbers_used_before,
    numbers.numbers_off_scheme,
    numbers.uids_twice,
    people.characters_missing,
    people.characters_differing,
    people.characters_twice,
    people.characters_overlapping,
    people.actors_overlapping,
    words.lines_empty,
    words.lines_fast,
    words.lines_repeated,
    words.cues_repeated,
    words.tags_unparsed,
    words.words_unknown,
    times.lengths_wrong,
    times.outside_timeline,
    times.outside_reel,
    times.reels_disagreeing,
    times.across_cuts,
    times.timecodes_impossible,
    times.seconds_only,
    takes.takes_missing,
    takes.takes_of_omitted,
    takes.takes_without_cue,
)
"""Every check of cues. Each goes over the list once, or sorts it once; none compares every cue with every other.

>>> [check.__name__ for check in CHECKS][:2]
['numbers_missing', 'numbers_used_twice']
"""


def check_work(work: Work) -> list[Finding]:
    """Give what every check finds, the worst first."""
    return worst_first(found for check in CHECKS for found in check(work))


def check_timeline(
    timeline: otio.schema.Timeline, project: Project | None = None, report: Report | None = None
) -> list[Finding]:
    """Check the cues of a timeline; `report` is what its reader noted, where timecodes may have been repaired.

    >>> sorted({(one.severity, one.code) for one in check_timeline(timeline)})
    [('warning', 'word-unknown')]
    """
    return check_work(work_of(timeline, project or Project(), report))


__all__ = ["CHECKS", "Work", "check_timeline", "check_work", "work_of"]
