"""Cues found by what a text says: their numbers as whole runs of words, their uids, and numbers that a slip of the hand made.

`R1-2` is never found in `R1-20`, nor `R106` in `R106A`; a number that is only digits counts little beside other words, since
tracks, takes, scenes and dates are digits too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from postsync.cueing import is_uid
from postsync.model import Character, Cue
from postsync.placing.take_names import MARKS, PLAIN_WORDS, TAKE_WORDS, TRACK_WORDS, TakeName, Word, words_of

EQUAL, CONTAINED, SHARE, DISTINCTIVE = 4.0, 1.0, 3.0, 3.3
"""Points of a number that is the whole name; of one beside other words; what its share of the words adds; the least that a
number of letters and digits gets."""

BY_UID, FORMER, LOOKED_LIKE_TAKE, JOINED, AFTER_TRACK, CONFUSED, MISTYPED = 8.0, 0.8, 0.8, 1.0, 0.3, 2.0, 1.2

OTHER_WIDTH = 0.75
"""What is left of a number with fewer or more digits than the list's padded ones: a zero left out, or another digit."""

CONFUSIONS = str.maketrans("OQILSBZG", "00115826")
"""Letters that are typed and read for digits."""

Key = tuple[str, ...]


@dataclass(frozen=True)
class Hit:
    """A cue that a text names: where in its words, how much that counts, and in which words a person would say so.

    >>> from postsync.model import timeline_cues
    >>> hit = CueIndex(timeline_cues(timeline), {}).hits(read_name("R104_YURI_T1"))[0]
    >>> hit.why, hit.start
    ('R104 stands in the name', 0)
    """

    uid: str
    points: float
    why: str
    start: int = 0
    end: int = 0


@dataclass
class CueIndex:
    """The cues of a list by everything that a name may call them.

    >>> from postsync.model import timeline_cues
    >>> cues = timeline_cues(timeline)
    >>> index = CueIndex(cues, {})
    >>> [(hit.why, hit.start, hit.end) for hit in index.hits(read_name("take of R104"))]
    [('R104 stands in the name', 2, 4)]
    """

    cues: Sequence[Cue]
    characters: Mapping[str, Character]
    numbers: dict[Key, list[tuple[Cue, bool]]] = field(default_factory=dict)
    by_uid: dict[str, Cue] = field(default_factory=dict)
    confused: dict[str, set[str]] = field(default_factory=dict)
    mistyped: dict[str, set[str]] = field(default_factory=dict)
    people: dict[Key, set[str]] = field(default_factory=dict)
    written: dict[str, tuple[int, ...]] = field(default_factory=dict)
    padded: bool = False
    lengths: tuple[int, ...] = ()
    people_lengths: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        """Enter every cue and every name of a character."""
        for cue in self.cues:
            self.by_uid[cue.uid] = cue
            for number, former in [(cue.number, False), *((one, True) for one in cue.former_numbers)]:
                words = words_of(number or "")
                key = tuple(word.text for word in words)
                if key:
                    self.numbers.setdefault(key, []).append((cue, former))
                    self.written[cue.uid] = self.written.get(cue.uid, ()) or tuple(word.written for word in words)
                    self.padded |= any(word.written > len(word.text) for word in words)
                    self._enter_slips("".join(key), cue.uid)
        for one in self.characters.values():
            for name in (one.name, one.id, one.actor or "", *one.aliases):
                key = tuple(word.text for word in words_of(name))
                if key and not all(word.isdecimal() for word in key) and sum(map(len, key)) > 1:
                    self.people.setdefault(key, set()).add(one.id)
        self.lengths = tuple(sorted({len(key) for key in self.numbers}))
        self.people_lengths = tuple(sorted({len(key) for key in self.people}))

    def _enter_slips(self, number: str, uid: str) -> None:
        self.confused.setdefault(number.translate(CONFUSIONS), set()).add(uid)
        if len(number) >= LEAST_MISTYPED:
            for slip in _slips(number):
                self.mistyped.setdefault(slip, set()).add(uid)

    def characters_in(self, words: Sequence[Word]) -> tuple[set[str], set[int]]:
        """Give the characters that words name, and the places of those words."""
        found: set[str] = set()
        places: set[int] = set()
        for start, end, key in _runs(words, self.people_lengths):
            if key in self.people:
                found |= self.people[key]
                places |= set(range(start, end))
        return found, places

    def hits(self, name: TakeName) -> list[Hit]:
        """Give the cues that a text names, the strongest naming of each."""
        _, people = self.characters_in(name.words)
        explained = set(name.explained) | people
        best: dict[str, Hit] = {}
        for hit in (*self._uids(name), *self._numbers(name, explained)):
            if hit.uid not in best or best[hit.uid].points < hit.points:
                best[hit.uid] = hit
        if not any(hit.points >= DISTINCTIVE for hit in best.values()):
            for hit in self._slipped(name, explained):
                best.setdefault(hit.uid, hit)
        return list(best.values())

    def _uids(self, name: TakeName) -> Iterator[Hit]:
        # A uid is letters and digits in any order: it is looked for in the text, not in its words.
        for piece in name.text.upper().replace("_", " ").replace("-", " ").replace(".", " ").split():
            if is_uid(piece) and piece in self.by_uid:
                yield Hit(piece, BY_UID, "its uid stands in the name")

    def _numbers(self, name: TakeName, explained: set[int]) -> Iterator[Hit]:
        found = [
            (start, end, key, cue, former)
            for start, end, key in _runs(name.words, self.lengths)
            for cue, former in self.numbers.get(key, ())
        ]
        spans = {(start, end) for start, end, *_ in found}
        for start, end, key, cue, former in found:
            if _is_part_of_a_longer(start, end, spans, name):
                continue
            points, why = _points(name, start, end, key, explained)
            if former:
                points, why = points * FORMER, f"{why} (a former number)"
            elif self.padded and self.written[cue.uid] != tuple(word.written for word in name.words[start:end]):
                points, why = points * OTHER_WIDTH, f"{why}, with another count of zeros"
            yield Hit(cue.uid, points, why.format(number=cue.number if not former else " ".join(key)), start, end)

    def _slipped(self, name: TakeName, explained: set[int]) -> Iterator[Hit]:
        """Yield cues whose numbers a slip of the hand turns into what stands there."""
        text = [word.text for word in name.words]
        for start in range(len(text)):
            for end in range(start + 1, min(start + 5, len(text)) + 1):
                said = "".join(text[start:end])
                if all(place in explained for place in range(start, end)) or not _like_a_number(said):
                    continue
                tables = [(self.confused.get(said.translate(CONFUSIONS), set()), CONFUSED)]
                if len(said) >= LEAST_MISTYPED:
                    near = {uid for slip in _slips(said) for uid in self.mistyped.get(slip, ())}
                    tables.append((near, MISTYPED))
                for uids, points in tables:
                    for uid in uids:
                        number = self.by_uid[uid].number
                        yield Hit(uid, points / len(uids), f"{said} is read as {number}", start, end)


LEAST_MISTYPED = 4
"""Characters that a number must have before one of them is taken for a slip: `12` and `13` are no slips of each other."""


def _like_a_number(said: str) -> bool:
    return len(said) > 1 and any(letter.isdecimal() for letter in said.translate(CONFUSIONS))


def _slips(number: str) -> set[str]:
    """Give a text with any one character left out: two that share one of these are one slip of the hand apart."""
    return {number, *(number[:place] + number[place + 1 :] for place in range(len(number)))}


def one_slip_apart(number: str, other: str) -> bool:
    """Whether two numbers are not the same, but one slip of the hand makes one of the other.

    >>> one_slip_apart("R106", "R160"), one_slip_apart("R106", "R321")
    (True, False)
    """
    one, two = ("".join(word.text for word in words_of(text)) for text in (number, other))
    alike = one.translate(CONFUSIONS) == two.translate(CONFUSIONS) or bool(_slips(one) & _slips(two))
    return one != two and alike


def mistyped(number: str, other: str) -> bool:
    """Whether fingers or eyes make one number of the other: a letter for a digit, two swapped, one left out or typed twice.

    Another digit in its place is the next cue more often than a slip.

    >>> mistyped("R106", "R160"), mistyped("R106", "R107"), mistyped("R106", "R1006")
    (True, False, True)
    """
    one, two = sorted(("".join(word.text for word in words_of(text)) for text in (number, other)), key=len)
    if len(one) == len(two):
        swapped = {two[:place] + two[place + 1] + two[place] + two[place + 2 :] for place in range(len(two) - 1)}
        return one != two and (one in swapped or one.translate(CONFUSIONS) == two.translate(CONFUSIONS))
    return len(one) + 1 == len(two) and one in _slips(two)


def _runs(words: Sequence[Word], lengths: Iterable[int]) -> Iterator[tuple[int, int, Key]]:
    for start in range(len(words)):
        for length in lengths:
            if start + length <= len(words):
                yield start, start + length, tuple(word.text for word in words[start : start + length])


def _is_part_of_a_longer(start: int, end: int, spans: set[tuple[int, int]], name: TakeName) -> bool:
    """Whether a longer number holds this one; not where what it has more may be the take or a letter of its own."""
    for other in spans:
        if other[0] <= start and end <= other[1] and other != (start, end):
            rest = name.words[end : other[1]]
            loose = other[0] == start and rest and not rest[0].joined
            if not (loose and len(rest) == 1 and (rest[0].is_number or len(rest[0].text) == 1)):
                return True
    return False


def _points(name: TakeName, start: int, end: int, key: Key, explained: set[int]) -> tuple[float, str]:
    """Say how much a number counts where it stands, and why."""
    words, own = name.words, set(range(start, end))
    after = words[end] if end < len(words) else None
    before = words[start - 1] if start else None
    if own <= {name.take_at}:
        return LOOKED_LIKE_TAKE, "{number} stands where the take is counted"
    if after is not None and after.joined and after.text not in MARKS and not _begins_take(words, end):
        return JOINED, "{number} stands at the beginning of a longer word"
    if words[start].joined:
        return JOINED, "{number} stands at the end of a longer word"
    bare = all(word.isdecimal() for word in key)
    if bare and len(key) == 1 and before is not None and before.text in TRACK_WORDS:
        return AFTER_TRACK, "{number} may be the number of a track"
    loose = {place for place in range(len(words)) if place not in own | explained}
    if name.maybe_take_at is not None and name.maybe_take_at >= end:
        loose -= {name.maybe_take_at}
    if own == {name.maybe_take_at} and loose | (explained - {start}):
        named_so = before is not None and before.text in PLAIN_WORDS
        if not named_so:
            return LOOKED_LIKE_TAKE, "{number} stands where takes are counted"
    if not loose:
        return EQUAL, "the name is {number}"
    share = len(own) / (len(own) + len(loose))
    if bare and len(key) == 1:
        return CONTAINED + share, "{number} stands in the name"
    points = CONTAINED + SHARE * share
    return (points if bare else max(points, DISTINCTIVE)), "{number} stands in the name"


def _begins_take(words: Sequence[Word], place: int) -> bool:
    return words[place].text in TAKE_WORDS and place + 1 < len(words) and words[place + 1].is_number
