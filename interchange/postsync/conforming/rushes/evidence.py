"""What speaks for which recording: the identities, files, rolls, days, times, scenes and takes of an event, asked of the book.

Nothing is decided here. Every recording that anything speaks for becomes a candidate, with what each piece of evidence says of
it; `matching` weighs them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from postsync.conforming.rushes.book import Book, shape_of
from postsync.conforming.rushes.clocks import PLAIN, Clocks, Place, same_file, same_start
from postsync.conforming.rushes.events import Event
from postsync.conforming.rushes.matches import Candidate
from postsync.conforming.rushes.reading import next_day
from postsync.conforming.rushes.records import Recording
from postsync.model import TimelineFacts

ENOUGH_DAYS = 3
"""Named clips that it takes to believe that a roll is of another day than its recorder says."""


def shared_files(events: Sequence[Event]) -> frozenset[str]:
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
class Evidence:
    """Asks the book of the rushes what speaks for which recording, of one event after another.

    `bad_files` are names that stand for more than a take, `learned_days` the days that named clips give a roll.
    """

    book: Book
    facts: TimelineFacts
    bad_files: frozenset[str] = frozenset()
    clocks: Clocks = field(init=False)
    learned_days: dict[str, frozenset[str]] = field(default_factory=dict[str, "frozenset[str]"])

    def __post_init__(self) -> None:
        self.clocks = Clocks(self.facts)

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

    def learn_days(self, events: Sequence[Event], named: Mapping[int, Sequence[Recording]]) -> None:
        """Learn the days of rolls whose recorders were set to another: where named clips that they hold agree on one."""
        votes: dict[str, Counter[str]] = {}
        for event in events:
            found = named.get(event.number, ())
            if len(found) == 1 and found[0].rolls and self.days(event):
                place = self.clocks.place(event, found[0])
                if place is not None and place.is_whole(self.clocks.slack):
                    votes.setdefault(min(found[0].rolls), Counter()).update(self.days(event))
        for roll, days in votes.items():
            day, count = days.most_common(1)[0]
            if count >= ENOUGH_DAYS and not any(day in one.days for one in self.book.rolls[roll].recordings):
                self.learned_days[roll] = frozenset({day})

    def fits(self, event: Event) -> bool:
        """Whether a recording that an event names, or else any of its roll or day, holds it whole."""
        found = self.named(event) or self._by_time(event, self.book.roll(event.roll))
        places = (self.clocks.place(event, one, PLAIN) for one in found)
        return any(place is not None and place.is_whole(self.clocks.slack) for place in places)

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

    def at_the_time(self, event: Event) -> list[Candidate]:
        """Give every recording that was made at the time of an event, whatever its roll and day."""
        found = {one.number: one for one in self.clocks.touching(event, self.book.all)}
        return [self._candidate(event, one, None, set(), ()) for one in found.values()]

    def _by_time(self, event: Event, roll: str | None) -> Iterator[Recording]:
        if not event.timed:
            return
        spans = [self.book.rolls[roll]] if roll is not None else []
        if roll is None and event.days:
            spans.append(self.book.undated)
        near = self._days_near(event)
        spans += [self.book.days[day] for day in near if day in self.book.days]
        spans += [self.book.rolls[other] for other, days in self.learned_days.items() if not days.isdisjoint(near)]
        for one in spans:
            yield from self.clocks.touching(event, one)

    def _by_start(self, event: Event) -> Iterator[Recording]:
        """Yield the recordings that begin and last as the event's media do."""
        if event.media_duration is not None and event.media_start > 0:
            start, slack = int(event.media_start * 1000), int(self.clocks.slack * 1000) + 2
            near = self.book.all.touching(start - slack, start + slack)
            yield from (one for one in near if same_start(event, one, self.facts))

    def _days_near(self, event: Event) -> list[str]:
        return [day for one in sorted(self.days(event)) for day in (one, next_day(one), next_day(one, -1))]

    def days(self, event: Event) -> set[str]:
        """Give the shooting days of an event, but for those that only a file says which stands for a whole roll."""
        return {day for day, text in event.said_days if text not in self.bad_files}

    def days_of(self, recording: Recording) -> frozenset[str]:
        """Give the days of a recording: those that it states, and the one that named clips give its roll."""
        learned = [self.learned_days[roll] for roll in recording.rolls if roll in self.learned_days]
        return recording.days.union(*learned)

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
            bool(event.roll_text) and recording.first.roll == event.roll_text, recording.number in files,
            self._is_other_slate(event, recording, known), self._is_other_slate(event, recording, known, scene=True),
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

    def _is_other_slate(self, event: Event, recording: Recording, known: Sequence[Any], *, scene: bool = False) -> bool:
        """Whether a clip names a slate as the rushes have them, that they lack, and a recording states another.

        With `scene`, whether it states another scene: a recordist miscounts takes sooner than scenes.
        """
        if known or recording.scene_take is None:
            return False
        if scene and recording.scene_take[0] in {one for one, _ in event.scene_takes}:
            return False
        return any(shape_of(scene) in self.book.shapes for scene, _ in event.scene_takes)

    def _file_says(self, recording: Recording, files: set[int]) -> bool | None:
        if recording.number in files:
            return True
        return False if len(files) == 1 else None

    def _day_says(self, event: Event, recording: Recording, place: Place | None) -> bool | None:
        """Compare shooting days; what was shot after midnight may bear either day."""
        said, recorded = self.days(event), self.days_of(recording)
        if not said or not recorded:
            return None
        if said & recorded:
            return True
        if place is not None and place.days:
            near = {next_day(day, step) for day in said for step in (1, -1)}
            return bool(near & recorded)
        return False
