"""What was found for an event: the recordings that it may be, the pieces that play it, and why.

Records alone; `matching` makes them, `hearing` proves them, `laying` and `relinking` carry them out, `log` tells of them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from postsync.conforming.rushes.book import Book
from postsync.conforming.rushes.clocks import PLAIN, Clock, Clocks, Place
from postsync.conforming.rushes.events import Event
from postsync.conforming.rushes.records import Recording
from postsync.model import TimelineFacts

LEVELS = ("file", "roll", "day", "scene")
"""What placed an event, the surest first."""


@dataclass(frozen=True)
class Candidate:
    """One recording that may be meant: what agrees (True), contradicts (False) or is not stated (None).

    `place` is where the event would lie in it by time. `by_file` says that the place is counted from the file's start,
    `spelt_alike` that the very text of its roll is the clip's, `by_name` that identity or name of its file are. `other_slate`
    says that the clip names a take which the rushes lack, and the recording states another; `other_scene` another scene.
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
    by_name: bool = False
    other_slate: bool = False
    other_scene: bool = False

    def reasons(self) -> list[str]:
        """Say what speaks for it and what against."""
        told = [
            _said(self.file, "it is the clip's file", "the clip names another file"),
            _said(self.roll, "the roll is the clip's", "it is of another roll"),
            _said(self.day, "it is of the clip's shooting day", "it is of another day"),
            _said(
                False if self.other_slate else self.words,
                "scene and take are the clip's",
                "its scene and take are others",
            ),
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
    def is_part(self) -> bool:
        """Whether it is laid, and the recording does not reach as far as it."""
        return len(self.pieces) == 1 and self.pieces[0].duration < self.event.duration

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
