"""The recordings of the rushes, to be asked by identity, file name, roll, day, scene and take, and by time of day.

Times are asked in whole milliseconds with room to spare; who needs the truth asks the recording itself.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from postsync.conforming.rushes.events import SceneTake, identity
from postsync.conforming.rushes.reading import folded
from postsync.conforming.rushes.recordings import shared_identities
from postsync.conforming.rushes.records import Recording

CUT_ROLL = 8
"""Lists of Media Composer cut a roll to so many characters."""

_UMID_HEX = 64


class Spans:
    """Recordings by the time that they cover, in milliseconds; `end` is where the last one ends."""

    def __init__(self, recordings: Iterable[Recording]) -> None:
        spans = sorted(((*one.milliseconds, one) for one in recordings if one.start), key=lambda span: span[:2])
        self.recordings = [one for _, _, one in spans]
        self._lows = [low for low, _, _ in spans]
        self._highs = [high for _, high, _ in spans]
        self.end = max(self._highs, default=0)
        self._reach: list[int] = []
        for high in self._highs:
            self._reach.append(max(high, self._reach[-1]) if self._reach else high)

    def __len__(self) -> int:
        return len(self.recordings)

    def touching(self, low: int, high: int) -> Iterator[Recording]:
        """Yield the recordings that hold any of a stretch of milliseconds."""
        place = bisect_left(self._lows, high) - 1
        while place >= 0 and self._reach[place] > low:
            if self._highs[place] > low:
                yield self.recordings[place]
            place -= 1


@dataclass
class Book:
    """Every way to a recording. `shared` are identities that several claim, which are no way."""

    recordings: Sequence[Recording]
    by_uid: dict[str, list[Recording]] = field(default_factory=dict[str, "list[Recording]"])
    by_file: dict[str, list[Recording]] = field(default_factory=dict[str, "list[Recording]"])
    by_scene_take: dict[SceneTake, list[Recording]] = field(default_factory=dict[SceneTake, "list[Recording]"])
    rolls: dict[str, Spans] = field(default_factory=dict[str, Spans])
    days: dict[str, Spans] = field(default_factory=dict[str, Spans])
    shared: dict[str, list[Recording]] = field(default_factory=dict[str, "list[Recording]"])

    @classmethod
    def of(cls, recordings: Sequence[Recording]) -> Book:
        """Sort recordings into a book."""
        book = cls(recordings)
        rolls: dict[str, list[Recording]] = defaultdict(list)
        days: dict[str, list[Recording]] = defaultdict(list)
        book.shared = {identity(uid): owners for uid, owners in shared_identities(recordings).items()}
        for one in recordings:
            for uid in _identities(one):
                if uid not in book.shared:
                    book.by_uid.setdefault(uid, []).append(one)
            for name in one.names:
                book.by_file.setdefault(name, []).append(one)
            if one.scene_take is not None:
                book.by_scene_take.setdefault(one.scene_take, []).append(one)
            for roll in one.rolls:
                rolls[roll].append(one)
            for day in one.days:
                days[day].append(one)
        book.rolls = {roll: Spans(found) for roll, found in rolls.items()}
        book.days = {day: Spans(found) for day, found in days.items()}
        book._cut = _cut_rolls(recordings)
        book.all = Spans(recordings)
        book.undated = Spans(one for one in recordings if not one.days)
        return book

    _cut: dict[str, str | None] = field(default_factory=dict[str, "str | None"])
    all: Spans = field(default_factory=lambda: Spans(()))
    undated: Spans = field(default_factory=lambda: Spans(()))

    def roll(self, name: str | None) -> str | None:
        """Give the roll of the index that an edit means: its own name, or the one that begins with its eight characters."""
        if name is None:
            return None
        return name if name in self.rolls else self._cut.get(name)

    def knows(self, scene_takes: Iterable[SceneTake]) -> list[SceneTake]:
        """Give those scenes and takes that are in the index."""
        return [one for one in scene_takes if one in self.by_scene_take]


def _identities(recording: Recording) -> Iterator[str]:
    for file in recording.files:
        if file.file_uid:
            yield identity(file.file_uid)
        if file.umid:
            yield identity(file.umid)
            yield file.umid[:_UMID_HEX].upper()


def _cut_rolls(recordings: Iterable[Recording]) -> dict[str, str | None]:
    """Give the rolls by what a list of eight characters leaves of them, as far as that means one roll only."""
    found: dict[str, str | None] = {}
    for text in {file.roll for one in recordings for file in one.files if file.roll and len(file.roll) > CUT_ROLL}:
        roll, short = folded(text), folded(text[:CUT_ROLL])
        found[short] = None if found.get(short, roll) != roll else roll
    return found
