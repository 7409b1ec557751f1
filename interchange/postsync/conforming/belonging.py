"""Whether a work stands on the cuts it is moved between, or taken back to: the clock it counts by, and the picture it plays.

A work of another reel finds every cue somewhere in the old cut, because timecode alone fits any reel of an hour. So the
clocks must count the same frames, and the picture must be known by a source or stand at the same edits.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from postsync.conforming.change_map import Side
from postsync.conforming.cuts import Cut, Segment
from postsync.conforming.reading import cut_of
from postsync.errors import FormatError, RateError
from postsync.model import block, placed_tracks, timeline_cues, timeline_facts, timeline_markers
from postsync.report import Report
from postsync.timing import Rate, parse_rate

FEWEST_SHOTS = 3
"""Fewer shots than these are no edit to compare: many works carry the picture as one movie."""

SHARED_EDITS = 4
"""One edit in so many at the same frame is the same reel with its sources called otherwise; by chance one in a hundred is."""


class _Wrong(NamedTuple):
    """Why a work cannot be taken back to a cut that it knows, and what to do."""

    said: str
    remedy: str


_HERE_NOW = _Wrong("the work stands on this cut now", "give the cut before as the first")
_EARLIER = _Wrong(
    "the work was reconformed again since it stood on this cut", "take it back one reconform at a time, the last first"
)


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


def refuse_another_past(work: Any, old: Any, side: Side) -> None:
    """Raise where a work cannot be taken back to the cut `old`, on which it did not stand before its last reconform.

    `side` is `old` as a comparison knows it. Raises RateError where the work stood on a clock of another rate. Raises
    FormatError where it stands on this cut now, where it stood there earlier and went further since, and where the cut shows
    another programme.

    >>> refuse_another_past(timeline, timeline, changes(timeline, timeline).old)
    """
    records, name = _records(work), side.fingerprint
    _refuse_another_clock(work, records, side)
    if any(record.get("old_cut") == name for record in records):
        return
    for record in records:
        wrong = _wrong_cut(record, name)
        if wrong is not None:
            expected = f"{record.get('from_version')}, the cut before its last reconform"
            raise FormatError(wrong.said, expected=expected, found=side.name, remedy=wrong.remedy)
    _refuse_another_picture(work, [cut_of([old])])


def _wrong_cut(record: dict[str, Any], fingerprint: str) -> _Wrong | None:
    """Say what is wrong with taking a thing back to a cut other than that of its last reconform, where it knows that cut."""
    if record.get("new_cut") == fingerprint:
        return _HERE_NOW
    return _EARLIER if any(step.get("old_cut") == fingerprint for step in _steps_before(record)) else None


def _records(work: Any) -> list[dict[str, Any]]:
    """Give what the cues, markers and placed clips of a work remember of its last reconform."""
    found: list[Any] = [cue.reconform for cue in timeline_cues(work)]
    found += [plain.extra.get("reconform") for _, plain in timeline_markers(work)]
    found += [block(clip.clip).get("reconform") for track in placed_tracks(work) for clip in track.clips]
    return [record for record in found if isinstance(record, dict)]


def _steps_before(record: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Give the reconforms before the last, the later first."""
    before = record.get("before")
    while isinstance(before, dict):
        yield before
        before = before.get("before")


def _refuse_another_clock(work: Any, records: Sequence[dict[str, Any]], old: Side) -> None:
    """Compare the clock by which a work counted before its last reconform; its times are put back as frames of that."""
    own = timeline_facts(work).rate
    texts = {was["rate"] for record in records if isinstance(was := record.get("was"), dict) and "rate" in was}
    if old.rate.text not in (texts or {own.text}):
        stood = parse_rate(min(texts, default=own.text))
        raise RateError(
            "the work counted at another rate before its last reconform",
            expected=stood.name,
            found=f"{old.rate.name}, the rate of {old.name}",
            remedy="give the cut that the work stood on, or say --rate where a list leaves it open",
        )


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
