"""Each sound event to its recording, in the order of trust: file, roll and time, day and time, scene and take.

At each step all recordings that it speaks for are weighed together; one that is alone is the match, several are a shortlist for
a person. What the steps below say can choose among several, and can forbid: a clip that names a take which exists is never laid
on another. Time alone, without roll, day or name, places nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

from postsync.conforming.rushes.book import Book
from postsync.conforming.rushes.clocks import vote
from postsync.conforming.rushes.events import Event
from postsync.conforming.rushes.evidence import Evidence, shared_files
from postsync.conforming.rushes.matches import LEVELS, Candidate, Conform, Match, piece_of
from postsync.conforming.rushes.reading import day_in_name, folded
from postsync.conforming.rushes.unplaced import looked_for, why_not
from postsync.model import TimelineFacts

ENOUGH = Fraction(8, 10)
"""The part of an event that a recording must hold where nothing but time speaks for it; less of it is only a shortlist."""

SHORTLIST = 5


def fitting_plainly(events: Sequence[Event], book: Book, facts: TimelineFacts) -> int:
    """Count the events that a recording of their name, roll or day holds, with stamps and labels the same seconds."""
    evidence = Evidence(book, facts, shared_files(events))
    return sum(event.timed and evidence.fits(event) for event in events)


def match_events(events: Sequence[Event], book: Book, facts: TimelineFacts) -> Conform:
    """Match the events of an edit with the recordings of its rushes."""
    evidence = Evidence(book, facts, shared_files(events))
    named = {event.number: evidence.named(event) for event in events}
    evidence.clocks = vote(events, named, book, facts)
    evidence.learn_days(events, named)
    judge = _Judge(evidence)
    return Conform([judge.match(event) for event in events], evidence.clocks, book, facts)


@dataclass(frozen=True)
class _Judge:
    """Weighs what speaks for the recordings of one event after another."""

    evidence: Evidence

    @property
    def _slack(self) -> Fraction:
        return self.evidence.clocks.slack

    def match(self, event: Event) -> Match:
        """Say which recording an event plays, or why that cannot be said."""
        found = self.evidence.candidates(event)
        for level in LEVELS:
            speaking = [one for one in found if self._speaks(level, one)]
            if level == "day" and not self._is_of_camera(event):
                speaking = [one for one in speaking if one.words]
            if not speaking:
                continue
            if level == "day" and not any(one.words for one in speaking):
                # A recorder whose date was never set may have recorded it as well.
                speaking += [one for one in found if self._may_be_of_the_day(one)]
            best = self._narrowed(speaking, level)
            if len(best) == 1:
                return self._placed(event, level, best[0])
            return self._going_on(event, best) or self._waiting(event, f"{len(best)} recordings fit equally well", best)
        return self._going_on(event, [one for one in found if _is_part(one)]) or self._unplaced(event, found)

    def _speaks(self, level: str, one: Candidate) -> bool:
        """Whether a recording is meant as far as one kind of evidence goes, and nothing contradicts it."""
        if one.place is None or (not one.clock.believed and not one.by_file):
            return False
        if level == "file":
            return bool(one.file) and (one.by_file or (self._is_enough(one) and _is_more_than_a_number(one)))
        if one.file is False or one.words is False or not self._is_enough(one):
            return False
        if level == "roll":
            return bool(one.roll) and not one.other_scene
        if one.roll is False:
            return False
        if level == "day":
            return bool(one.day) and one.roll is None and not one.other_slate
        return bool(one.words) and one.day is not False

    def _is_of_camera(self, event: Event) -> bool:
        """Whether the roll of an event is a camera's, or none: what was on a sound roll that is missing lies on no other."""
        if event.roll is None or self.evidence.book.roll(event.roll) is not None or day_in_name(event.roll_text or ""):
            return True
        return any(folded(name).startswith(event.roll) for name in event.files)

    def _may_be_of_the_day(self, one: Candidate) -> bool:
        if self.evidence.days_of(one.recording) or one.roll is not None or False in (one.file, one.words):
            return False
        return one.place is not None and one.clock.believed and self._is_enough(one)

    def _is_enough(self, one: Candidate) -> bool:
        assert one.place is not None
        if one.place.is_whole(self._slack):
            return True
        return one.place.share() >= (Fraction(1, 4) if one.words or one.file else ENOUGH)

    def _narrowed(self, speaking: Sequence[Candidate], level: str) -> list[Candidate]:
        """Leave those for which most speaks, asked one after another."""
        best = list(speaking)
        for asked in (_is_by_name, _is_named, _is_on_roll, _is_spelt_alike, *(() if level == "day" else (_is_on_day,))):
            agreeing = [one for one in best if asked(one)]
            best = agreeing or best
        whole = [one for one in best if one.place is not None and one.place.is_whole(self._slack)]
        return whole or best

    def _placed(self, event: Event, level: str, one: Candidate) -> Match:
        assert one.place is not None
        return Match(
            event, (piece_of(event, one.recording, one.place, one.clock),), level, tuple(one.reasons()), chosen=one
        )

    def _going_on(self, event: Event, parts: Sequence[Candidate]) -> Match | None:
        """Match recordings that follow one another without a hole, as a recorder splits what grows too long."""
        ordered = sorted(parts, key=lambda one: one.recording.start or Fraction(0))
        if len(ordered) < 2 or not all(_goes_on(before, after) for before, after in pairwise(ordered)):
            return None
        pieces = [piece_of(event, one.recording, one.place, one.clock) for one in ordered if one.place is not None]
        covered = sum((piece.duration for piece in pieces), Fraction(0))
        if abs(covered - event.duration) > self._slack:
            return None
        first = ordered[0]
        level = "file" if first.file else "roll" if first.roll else "day"
        reasons = ("the recorder went on in another file", *first.reasons())
        return Match(event, tuple(pieces), level, reasons, chosen=first)

    def _unplaced(self, event: Event, found: Sequence[Candidate]) -> Match:
        """Say why nothing was placed: what contradicts, what was looked for, what it could be."""
        likely = sorted(found, key=_likelihood, reverse=True)
        likely = [one for one in likely if one.file or one.words or one.place is not None]
        if not likely and event.timed and not self.evidence.book.roll(event.roll):
            likely = self._by_hour(event)
            if likely:
                return self._waiting(event, "nothing but the time of day speaks for what was recorded then", likely)
        return self._waiting(event, why_not(event, likely), likely)

    def _waiting(self, event: Event, why: str, shortlist: Sequence[Candidate]) -> Match:
        """Give an event that a person must decide, or look for."""
        looked = looked_for(event, self.evidence)
        return Match(event, why_not=why, looked_for=looked, shortlist=tuple(shortlist[:SHORTLIST]))

    def _by_hour(self, event: Event) -> list[Candidate]:
        found = self.evidence.at_the_time(event)
        return [one for one in found if one.place is not None and self._is_enough(one)]


_NUMBERED = re.compile(r"[A-Z]{0,5}[_-]?\d{1,6}(?:[_-]\d{1,2})?")


def _is_more_than_a_number(one: Candidate) -> bool:
    """Whether a file is known by more than a name that recorders give every day, as `T001` or `ZOOM0001_1`."""
    if True in (one.roll, one.day, one.words):
        return True
    return not all(_NUMBERED.fullmatch(name) for name in one.recording.names)


def _is_part(one: Candidate) -> bool:
    """Whether a recording may hold a part of an event, by more than its time, and nothing contradicts it."""
    agrees = bool(one.file or one.roll or one.day)
    return one.place is not None and one.clock.believed and agrees and False not in (one.file, one.roll, one.words)


def _is_by_name(one: Candidate) -> bool:
    return one.by_name


def _is_named(one: Candidate) -> bool:
    return bool(one.words) or bool(one.file)


def _is_on_roll(one: Candidate) -> bool:
    return bool(one.roll)


def _is_spelt_alike(one: Candidate) -> bool:
    return one.spelt_alike


def _is_on_day(one: Candidate) -> bool:
    return bool(one.day)


def _likelihood(one: Candidate) -> tuple[Any, ...]:
    share = one.place.share() if one.place is not None else Fraction(-1)
    return (bool(one.file), bool(one.words), bool(one.roll), share)


def _goes_on(before: Candidate, after: Candidate) -> bool:
    """Whether one recording begins where another ends, on the same roll and tracks."""
    one, other = before.recording, after.recording
    if one.start is None or other.start is None or one.rolls != other.rolls:
        return False
    if [microphone.name for microphone in one.microphones] != [microphone.name for microphone in other.microphones]:
        return False
    return abs(one.start + one.duration - other.start) <= Fraction(1, 1000)
