"""Each sound event to its recording, in the order of trust: file, roll and time, day and time, scene and take.

At each step all recordings that it speaks for are weighed together; one that is alone is the match, several are a shortlist for
a person. What the steps below say can choose among several, and can forbid: a clip that names a take which exists is never laid
on another. Time alone, without roll, day or name, places nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import pairwise
from typing import Any

from postsync.conforming.rushes.book import Book, Spans
from postsync.conforming.rushes.clocks import PLAIN, Clock, Clocks, Place, same_file, same_start, vote
from postsync.conforming.rushes.events import Event
from postsync.conforming.rushes.reading import next_day
from postsync.conforming.rushes.records import Recording
from postsync.model import TimelineFacts
from postsync.timing import format_timecode, frame_at

LEVELS = ("file", "roll", "day", "scene")
"""What placed an event, the surest first."""

ENOUGH = Fraction(8, 10)
"""The part of an event that a recording must hold where nothing but time speaks for it; less of it is only a shortlist."""

SHORTLIST = 5


@dataclass(frozen=True)
class Candidate:
    """One recording that may be meant: what agrees (True), contradicts (False) or is not stated (None).

    `place` is where the event would lie in it by time. `by_file` says that the place is counted from the file's start,
    `spelt_alike` that the very text of its roll is the clip's.
    """

    recording: Recording
    file: bool | None = None
    roll: bool | None = None
    day: bool | None = None
    words: bool | None = None
    place: Place | None = None
    clock: Clock = PLAIN
    by_file: bool = False
    spelt_alike: bool = False

    def reasons(self) -> list[str]:
        """Say what speaks for it and what against."""
        told = [
            _said(self.file, "it is the clip's file", "the clip names another file"),
            _said(self.roll, "the roll is the clip's", "it is of another roll"),
            _said(self.day, "it is of the clip's shooting day", "it is of another day"),
            _said(self.words, "scene and take are the clip's", "its scene and take are others"),
        ]
        if self.place is None:
            told.append("it has no time stamp" if self.recording.start is None else "its time does not hold the clip")
        else:
            told.append(_place_told(self))
        return [one for one in told if one]


def _said(value: bool | None, yes: str, no: str) -> str:
    return "" if value is None else yes if value else no


def _place_told(candidate: Candidate) -> str:
    assert candidate.place is not None
    how = "by its place in the file" if candidate.by_file else "by timecode"
    clock = "" if candidate.clock.is_plain or candidate.by_file else f" ({candidate.clock.why})"
    day = ", across midnight" if candidate.place.days else ""
    share = candidate.place.share()
    part = "" if share == 1 else f", {float(share):.0%} of it"
    return f"it holds the clip {how}{day}{part}{clock}"


@dataclass(frozen=True)
class Piece:
    """What of an event one recording plays: from `start` seconds into the event on, `position` in the recording, exact seconds.

    `duration` counts in the event, `speed` recorder seconds a second of the record.
    """

    recording: Recording
    start: Fraction
    duration: Fraction
    position: Fraction
    speed: Fraction = Fraction(1)


@dataclass(frozen=True)
class Match:
    """An event and what was found: the pieces that play it, by which of `LEVELS` and why; or why nothing was placed.

    `shortlist` are the recordings that it could be. `looked_for` says what was looked for, `proof` what the sound said.
    """

    event: Event
    pieces: tuple[Piece, ...] = ()
    level: str | None = None
    reasons: tuple[str, ...] = ()
    why_not: str = ""
    looked_for: tuple[str, ...] = ()
    shortlist: tuple[Candidate, ...] = ()
    chosen: Candidate | None = None
    proof: Any = None

    @property
    def placed(self) -> bool:
        """Whether it is laid."""
        return bool(self.pieces)

    @property
    def state(self) -> str:
        """`placed`, `ambiguous` where there is a shortlist, or `missing`."""
        return "placed" if self.pieces else "ambiguous" if self.shortlist else "missing"


@dataclass
class Conform:
    """All matches of an edit, the clocks that were found, and the book of the rushes."""

    matches: list[Match]
    clocks: Clocks
    book: Book
    facts: TimelineFacts

    @property
    def placed(self) -> list[Match]:
        """The events that are laid."""
        return [match for match in self.matches if match.placed]


def fitting_plainly(events: Sequence[Event], book: Book, facts: TimelineFacts) -> int:
    """Count the events that a recording of their name, roll or day holds, with stamps and labels the same seconds."""
    matcher = Matcher(book, facts, _bad_files(events))
    return sum(event.timed and matcher.fits(event) for event in events)


def match_events(events: Sequence[Event], book: Book, facts: TimelineFacts) -> Conform:
    """Match the events of an edit with the recordings of its rushes."""
    matcher = Matcher(book, facts, _bad_files(events))
    named = {event.number: matcher.named(event) for event in events}
    matcher.clocks = vote(events, named, book, facts)
    matches = [matcher.match(event) for event in events]
    return Conform(matches, matcher.clocks, book, facts)


def _bad_files(events: Sequence[Event]) -> frozenset[str]:
    """Give the file names that clips of several takes share: Media Composer's lists give one for a whole sound roll."""
    takes: dict[str, set[Any]] = {}
    for event in events:
        for name in event.files:
            takes.setdefault(name, set()).update(event.scene_takes)
    rolls: dict[str, set[str]] = {}
    for event in events:
        for name in event.files if event.roll else ():
            rolls.setdefault(name, set()).add(event.roll or "")
    return frozenset(name for name, found in takes.items() if len(found) > 3 or len(rolls.get(name, ())) > 1)


@dataclass
class Matcher:
    """Weighs the recordings of a book for one event after another."""

    book: Book
    facts: TimelineFacts
    bad_files: frozenset[str] = frozenset()
    clocks: Clocks = field(init=False)

    def __post_init__(self) -> None:
        self.clocks = Clocks(self.facts)

    # ------------------------------------------------------------------------------------------------------------- names

    def named(self, event: Event) -> list[Recording]:
        """Give the recordings that an event names, by identity, file, or scene and take, whatever their time."""
        files = self._files(event)
        found = files or [one for key in event.scene_takes for one in self.book.by_scene_take.get(key, ())]
        roll = self.book.roll(event.roll)
        if roll is not None:
            on_roll = [one for one in found if roll in one.rolls]
            found = on_roll or found
        return list({one.number: one for one in found}.values())

    def _files(self, event: Event) -> list[Recording]:
        found = [one for uid in sorted(event.uids) for one in self.book.by_uid.get(uid, ())]
        if not found:
            names = sorted(event.files - self.bad_files)
            found = [one for name in names for one in self.book.by_file.get(name, ())]
        return list({one.number: one for one in found}.values())

    def fits(self, event: Event) -> bool:
        """Whether a recording that an event names, or else any of its roll or day, holds it whole."""
        found = self.named(event) or self._by_time(event, self.book.roll(event.roll))
        places = (self.clocks.place(event, one, PLAIN) for one in found)
        return any(place is not None and place.is_whole(self.clocks.slack) for place in places)

    # --------------------------------------------------------------------------------------------------------- candidates

    def candidates(self, event: Event) -> list[Candidate]:
        """Give every recording that anything speaks for, with what each piece of evidence says of it."""
        roll = self.book.roll(event.roll)
        files = {one.number for one in self._files(event)}
        known = self.book.knows(event.scene_takes)
        found: dict[int, Recording] = {one.number: one for one in self._files(event)}
        found |= {one.number: one for one in self._by_time(event, roll)}
        found |= {one.number: one for one in self._by_start(event)}
        found |= {one.number: one for key in known for one in self.book.by_scene_take[key]}
        return [self._candidate(event, one, roll, files, known) for one in found.values()]

    def _by_time(self, event: Event, roll: str | None) -> Iterator[Recording]:
        if not event.timed:
            return
        spans = [self.book.rolls[roll]] if roll is not None else []
        if roll is None and event.days:
            spans.append(self.book.undated)
        spans += [self.book.days[day] for day in self._days_near(event) if day in self.book.days]
        for one in spans:
            yield from self._in(event, one)

    def _by_start(self, event: Event) -> Iterator[Recording]:
        """Yield the recordings that begin and last as the event's media do."""
        if event.media_duration is not None and event.media_start > 0:
            start, slack = int(event.media_start * 1000), int(self.clocks.slack * 1000) + 2
            near = self.book.all.touching(start - slack, start + slack)
            yield from (one for one in near if same_start(event, one, self.facts))

    def _in(self, event: Event, spans: Spans) -> Iterator[Recording]:
        return self.clocks.touching(event, spans)

    def _days_near(self, event: Event) -> list[str]:
        return [day for one in sorted(event.days) for day in (one, next_day(one), next_day(one, -1))]

    def _candidate(
        self, event: Event, recording: Recording, roll: str | None, files: set[int], known: Sequence[Any]
    ) -> Candidate:
        clock = self.clocks.of(recording)
        place = self.clocks.place(event, recording, clock)
        alike = same_start(event, recording, self.facts)
        by_file = alike or (recording.number in files and same_file(event, recording, self.facts))
        if by_file:
            clock = PLAIN
            place = self._in_file(event, recording)
        return Candidate(
            recording, True if alike else self._file_says(recording, files), None if roll is None else roll in recording.rolls,
            self._day_says(event, recording, place), self._words_say(recording, known), place, clock, by_file,
            bool(event.roll_text) and recording.first.roll == event.roll_text,
        )  # fmt: skip

    def _in_file(self, event: Event, recording: Recording) -> Place | None:
        position = event.source - event.media_start
        if position >= recording.duration or position + event.used <= 0:
            return None
        tail = max(Fraction(0), position + event.used - recording.duration)
        return Place(position, event.used, max(Fraction(0), -position), tail)

    def _words_say(self, recording: Recording, known: Sequence[Any]) -> bool | None:
        """Compare scene and take; of a recording that states none, whether its roll has the take that the clip names."""
        if not known:
            return None
        if recording.scene_take is not None:
            return recording.scene_take in known
        named = (one for key in known for one in self.book.by_scene_take[key])
        return False if any(one.rolls & recording.rolls for one in named) else None

    def _file_says(self, recording: Recording, files: set[int]) -> bool | None:
        if recording.number in files:
            return True
        return False if len(files) == 1 else None

    def _day_says(self, event: Event, recording: Recording, place: Place | None) -> bool | None:
        """Compare shooting days; what was shot after midnight may bear either day."""
        if not event.days or not recording.days:
            return None
        if event.days & recording.days:
            return True
        if place is not None and place.days:
            near = {next_day(day, step) for day in event.days for step in (1, -1)}
            return bool(near & recording.days)
        return False

    # ------------------------------------------------------------------------------------------------------------- verdict

    def match(self, event: Event) -> Match:
        """Say which recording an event plays, or why that cannot be said."""
        found = self.candidates(event)
        for level in LEVELS:
            speaking = [one for one in found if self._speaks(level, one)]
            if not speaking:
                continue
            if level == "day" and not any(one.words for one in speaking):
                # A recorder whose date was never set may have recorded it as well.
                speaking += [one for one in found if self._may_be_of_the_day(one)]
            best = self._narrowed(speaking, level)
            if len(best) == 1:
                return self._placed(event, level, best[0])
            return self._going_on(event, best) or Match(
                event, why_not=_several(best), looked_for=self._looked_for(event), shortlist=tuple(best[:SHORTLIST])
            )
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
            return bool(one.roll)
        if one.roll is False:
            return False
        if level == "day":
            return bool(one.day) and one.roll is None
        return bool(one.words) and one.day is not False

    def _may_be_of_the_day(self, one: Candidate) -> bool:
        if one.recording.days or one.roll is not None or False in (one.file, one.words):
            return False
        return one.place is not None and one.clock.believed and self._is_enough(one)

    def _is_enough(self, one: Candidate) -> bool:
        assert one.place is not None
        if one.place.is_whole(self.clocks.slack):
            return True
        return one.place.share() >= (Fraction(1, 4) if one.words or one.file else ENOUGH)

    def _narrowed(self, speaking: Sequence[Candidate], level: str) -> list[Candidate]:
        """Leave those for which most speaks, asked one after another."""
        best = list(speaking)
        for asked in (_is_named, _is_on_roll, _is_spelt_alike, *(() if level == "day" else (_is_on_day,))):
            agreeing = [one for one in best if asked(one)]
            best = agreeing or best
        whole = [one for one in best if one.place is not None and one.place.is_whole(self.clocks.slack)]
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
        if abs(covered - event.duration) > self.clocks.slack:
            return None
        first = ordered[0]
        level = "file" if first.file else "roll" if first.roll else "day"
        reasons = ("the recorder went on in another file", *first.reasons())
        return Match(event, tuple(pieces), level, reasons, chosen=first)

    # ---------------------------------------------------------------------------------------------------------- not placed

    def _unplaced(self, event: Event, found: Sequence[Candidate]) -> Match:
        """Say why nothing was placed: what contradicts, what was looked for, what it could be."""
        likely = sorted(found, key=_likelihood, reverse=True)
        likely = [one for one in likely if one.file or one.words or one.place is not None]
        if not likely and event.timed and not self.book.roll(event.roll):
            likely = self._by_hour(event)
            if likely:
                why = "nothing but the time of day speaks for what was recorded then"
                return Match(
                    event, why_not=why, looked_for=self._looked_for(event), shortlist=tuple(likely[:SHORTLIST])
                )
        why = self._why_not(event, likely)
        return Match(event, why_not=why, looked_for=self._looked_for(event), shortlist=tuple(likely[:SHORTLIST]))

    def _by_hour(self, event: Event) -> list[Candidate]:
        found = {one.number: one for one in self._in(event, self.book.all)}
        made = [self._candidate(event, one, None, set(), ()) for one in found.values()]
        return [one for one in made if one.place is not None and self._is_enough(one)]

    def _why_not(self, event: Event, likely: Sequence[Candidate]) -> str:
        if not event.timed and not likely:
            return "the clip has no timecode, and no file in the rushes has its name"
        if not likely:
            return "nothing in the rushes has its file, roll and time, day and time, or scene and take"
        first = likely[0]
        if first.place is None:
            what = "the file" if first.file else "the take"
            return f"{what} is there, but its time stamp does not hold the clip: the sound must say where it lies"
        if not first.clock.believed:
            return f"the clock of its roll is in doubt: {first.clock.why}"
        against = [reason for reason in first.reasons() if "other" in reason]
        return f"the evidence contradicts itself: {', '.join(against) or 'too little of the clip is there'}"

    def _looked_for(self, event: Event) -> tuple[str, ...]:
        rate = self.facts.rate
        told: list[str] = []
        if event.files:
            told.append(f"a file named {' or '.join(sorted(event.files))}")
        if event.roll_text:
            roll = self.book.roll(event.roll)
            held = f"has {len(self.book.rolls[roll])} recordings" if roll else "is not in the rushes"
            told.append(f"roll {event.roll_text}, which {held}")
        if event.timed:
            first = format_timecode(frame_at(event.source, rate), rate)
            last = format_timecode(frame_at(event.source + event.used, rate), rate)
            told.append(f"{first} to {last}")
        told += [f"shooting day {day}" for day in sorted(event.days)]
        told += [f"scene {scene} take {take}" for scene, take in sorted(event.scene_takes)]
        return tuple(told)


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


def _several(best: Sequence[Candidate]) -> str:
    return f"{len(best)} recordings fit equally well"


def _goes_on(before: Candidate, after: Candidate) -> bool:
    """Whether one recording begins where another ends, on the same roll and tracks."""
    one, other = before.recording, after.recording
    if one.start is None or other.start is None or one.rolls != other.rolls:
        return False
    if [microphone.name for microphone in one.microphones] != [microphone.name for microphone in other.microphones]:
        return False
    return abs(one.start + one.duration - other.start) <= Fraction(1, 1000)


def piece_of(event: Event, recording: Recording, place: Place, clock: Clock) -> Piece:
    """Give what of an event a recording plays; where it does not reach, the piece is shorter.

    A converter that ran at another rate than the file states, to play slower on purpose, needs nothing: its stamp counts so.
    """
    speed = abs(event.speed) * clock.speed
    if not speed:
        return Piece(recording, Fraction(0), event.duration, place.position, Fraction(0))
    first, last = (place.head, place.tail) if event.speed >= 0 else (place.tail, place.head)
    start = first / speed
    duration = event.duration - start - last / speed
    position = place.position + place.head
    return Piece(recording, start, duration, position, speed if event.speed >= 0 else -speed)


def counts(conform: Conform) -> dict[str, int]:
    """Count the events by state and the placed ones by what placed them."""
    found = Counter(match.state for match in conform.matches)
    found.update(f"by {match.level}" for match in conform.matches if match.placed)
    return dict(found)


def with_match(conform: Conform, number: int, match: Match) -> Conform:
    """Give a conform with another match for one event."""
    matches = [match if one.event.number == number else one for one in conform.matches]
    return replace(conform, matches=matches)


__all__ = ["Candidate", "Conform", "Match", "Matcher", "Piece", "counts", "match_events", "piece_of"]
