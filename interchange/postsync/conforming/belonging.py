"""Whether a work stands on the cuts it is moved between: the clock it counts by, and the picture it plays.

A work of another reel finds every cue somewhere in the old cut, because timecode alone fits any reel of an hour. So the
clocks must count the same frames, and the picture must be known by a source or stand at the same edits.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from postsync.conforming.cuts import Cut, Segment
from postsync.conforming.reading import cut_of
from postsync.errors import FormatError, RateError
from postsync.model import timeline_facts
from postsync.report import Report
from postsync.timing import Rate

FEWEST_SHOTS = 3
"""Fewer shots than these are no edit to compare: many works carry the picture as one movie."""

SHARED_EDITS = 4
"""One edit in so many at the same frame is the same reel with its sources called otherwise; by chance one in a hundred is."""


def refuse_another_programme(works: Sequence[Any], old: Sequence[Any], new: Sequence[Any], report: Report) -> None:
    """Raise where a work is not of the programme of two cuts; all are OTIO timelines, a list of reels each.

    Raises RateError for a clock of another rate; one of twice or half as many frames is put on the clock of the old cut,
    which the report says. Raises FormatError for a picture of which neither cut has a source, nor its edits.

    >>> refuse_another_programme([timeline], [timeline], [new_cut], report)
    """
    cuts = [cut_of(list(reels)) for reels in (old, new) if reels]
    for work in works:
        _refuse_another_rate(work, cuts, report)
        _refuse_another_picture(work, cuts)


def _refuse_another_rate(work: Any, cuts: Sequence[Cut], report: Report) -> None:
    """Compare the clock of a work with those of both cuts: one that was moved already counts as the new one does."""
    own, old = timeline_facts(work).rate, cuts[0]
    if any(own == cut.rate for cut in cuts):
        return
    if not _counts_the_same_frames(own, old.rate):
        raise RateError(
            "the work counts at another rate than the old cut",
            expected=f"{old.rate.name}, the rate of {old.name}",
            found=f"{own.name} in {work.name}",
            remedy="give the cut that the work stands on, or say --rate where a list leaves it open",
        )
    report.note("work-rate-differs", name=work.name, was=own.name, rate=old.rate.name)


def _counts_the_same_frames(one: Rate, other: Rate) -> bool:
    """Whether one rate divides each frame of the other evenly, as 50 does 25; their timecodes then say the same times."""
    more, less = max(one.fps, other.fps), min(one.fps, other.fps)
    return (more / less).denominator == 1 and one.drop == other.drop


def _refuse_another_picture(work: Any, cuts: Sequence[Cut]) -> None:
    mine = cut_of(work).at_rate(cuts[0].rate)
    shots, of_cuts = _shots(mine), [_shots(cut) for cut in cuts]
    if min(len(shots), max(map(len, of_cuts))) < FEWEST_SHOTS:
        return
    theirs = [one for shots_of_one in of_cuts for one in shots_of_one]
    names = {name for one in theirs for name in one.names}
    if any(name in names for one in shots for name in one.names):
        return
    edits = sorted({one.record_in for one in shots})[1:]
    there = {one.record_in for one in theirs}
    if sum(edit in there for edit in edits) * SHARED_EDITS >= len(edits):
        return
    raise FormatError(
        "the picture of the work is not in the cuts",
        expected=f"sources or edits of {cuts[0].name}",
        found=f"{shots[0].name or 'other shots'} and others in {work.name}",
        remedy="give the cuts of this reel, or its cue document (.cues.json), which has no picture, in place of the work",
    )


def _shots(cut: Cut) -> list[Segment]:
    return [one for one in cut.segments if not one.sound and one.timed]
