"""Which cue of a list that came back is which of ours: by uid, by number, by what it says and where it stands.

The keys are tried in that order, but none is believed against the evidence: a number counts with a text, a character or a
place beside it, so that a list which somebody numbered anew is not joined line by line to the wrong cues. What stays unsure
is listed for a person and never joined.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import opentimelineio as otio

from postsync.cueing.cast import Cast
from postsync.cueing.merging.likeness import fingerprint, folded, likeness, number_key
from postsync.model import Cue, timeline_characters, timeline_cues, timeline_facts
from postsync.timing import seconds_of_frame

NEAR = Fraction(2)
"""Seconds within which a line alone identifies a cue."""

ALIKE = 0.5
"""Likeness from which an edited line is still the same line."""

RENUMBERED = Fraction(1, 5)
"""Share of lines surely known again but under another number, from which numbers of the list prove nothing alone."""


CROWD = 50
"""The most candidates that are looked at around one place; a number or a line that more cues share tells none of them."""


@dataclass(frozen=True)
class Known:
    """One cue as it takes part in the comparison; times in seconds from 00:00:00:00, `place` is its place in its list.

    `numbers` and `lines` hold every spelling under which it may come back: as it is now, as it was, and as a carrier
    showed it.
    """

    place: int
    uid: str
    time: Fraction
    end: Fraction | None = None
    numbers: tuple[str, ...] = ()
    character: str = ""
    lines: tuple[str, ...] = ()
    episode: str = ""
    copy_of: str | None = None


def known_cues(
    timeline: otio.schema.Timeline,
    cues: Sequence[Cue] | None = None,
    shown: Mapping[str, Mapping[str, Any]] | None = None,
) -> list[Known]:
    """Give the cues of a timeline for comparing, all or some; `shown` are values by uid that a carrier showed instead."""
    facts, cast = timeline_facts(timeline), Cast(timeline_characters(timeline).values())
    zero = seconds_of_frame(facts.start_frame, facts.rate)
    known: list[Known] = []
    for place, cue in enumerate(timeline_cues(timeline) if cues is None else cues):
        poor = (shown or {}).get(cue.uid, {})
        end = cue.seconds_out(facts)
        start = Fraction(poor["in"]) if poor.get("in") else zero + cue.seconds_in(facts)
        numbers = (cue.number, *cue.former_numbers, poor.get("number"))
        known.append(
            Known(
                place,
                cue.uid,
                start,
                None if end is None else zero + end,
                tuple(dict.fromkeys(number for number in numbers if number)),
                (poor["character"] if "character" in poor else cast.name(cue.character)) or "",
                tuple(dict.fromkeys(line for line in (cue.line, poor.get("line")) if line)),
                cue.episode or "",
                cue.derived_from,
            )
        )
    return known


@dataclass(frozen=True)
class Pair:
    """One of theirs that is one of ours, and the key that said so: `uid`, `number` or `fingerprint`."""

    ours: int
    theirs: int
    key: str


@dataclass
class Joined:
    """What is which: pairs, copies of ours among theirs, theirs to be confirmed with candidates, and the list's offset."""

    pairs: list[Pair] = field(default_factory=list)
    copies: dict[int, int] = field(default_factory=dict)
    unsure: dict[int, list[int]] = field(default_factory=dict)
    offset: Fraction = Fraction(0)


def know_again(ours: Sequence[Known], theirs: Sequence[Known], frame: Fraction) -> Joined:
    """Say which of theirs is which of ours. `frame` is the length of a frame, the finest that a place is trusted to.

    `offset` is by how much their whole list stands later than ours.
    """
    joined = Joined(offset=_offset(ours, theirs, frame))
    _by_uid(ours, theirs, joined)
    rest = _Rest(ours, theirs, joined, frame)
    rest.join("fingerprint", rest.candidates_near(2 * frame), rest.says_the_same_there)
    rest.join("number", rest.candidates_by_number(), rest.is_the_same_number)
    if not rest.renumbered:
        rest.join("number", rest.candidates_by_number(), rest.may_be_the_same_number, alone=True)
    rest.join("fingerprint", rest.candidates_near(NEAR), rest.says_the_same)
    rest.join("fingerprint", rest.candidates_near(2 * frame), rest.stands_exactly_there)
    rest.list_unsure()
    joined.pairs.sort(key=lambda pair: pair.theirs)
    return joined


def _offset(ours: Sequence[Known], theirs: Sequence[Known], frame: Fraction) -> Fraction:
    """Find by how much two thirds of the surely known cues stand later: the same uid, a number or a line that occurs once."""
    votes: Counter[int] = Counter()
    times: dict[int, list[Fraction]] = defaultdict(list)
    for one, other in _sure_pairs(ours, theirs):
        moved = other.time - one.time
        frames = round(moved / frame)
        votes[frames] += 1
        times[frames].append(moved)
    if not votes:
        return Fraction(0)
    frames, count = min(votes.items(), key=lambda vote: (-vote[1], abs(vote[0])))
    if not frames or count < 2 or 3 * count < 2 * sum(votes.values()):
        return Fraction(0)
    moved = sorted(times[frames])[count // 2]
    return frames * frame if abs(moved - frames * frame) < frame / 2 else moved


_Keys = Callable[[Known], Iterable[object]]
_LINE_KEYS: tuple[_Keys, ...] = (
    lambda one: {(one.character, text) for text in map(folded, one.lines) if len(text) > 8},
)
_SURE_KEYS: tuple[_Keys, ...] = (
    lambda one: (one.uid,),
    lambda one: {(one.episode, number) for number in map(number_key, one.numbers) if number},
    *_LINE_KEYS,
)


def _sure_pairs(
    ours: Sequence[Known], theirs: Sequence[Known], keys: Sequence[_Keys] = _SURE_KEYS
) -> list[tuple[Known, Known]]:
    """Give the pairs that share a key which occurs once on each side."""
    pairs: dict[tuple[int, int], tuple[Known, Known]] = {}
    for key in keys:
        mine, their = _index(ours, key), _index(theirs, key)
        for value, places in mine.items():
            if len(places) == 1 and len(their.get(value, ())) == 1:
                pairs[places[0], their[value][0]] = ours[places[0]], theirs[their[value][0]]
    return list(pairs.values())


def _was_renumbered(ours: Sequence[Known], theirs: Sequence[Known]) -> bool:
    """Whether so many lines that occur once came back under another number that a number alone proves nothing."""
    same, differ = 0, 0
    for one, other in _sure_pairs(ours, theirs, _LINE_KEYS):
        mine = set(map(number_key, one.numbers)) - {""}
        their = set(map(number_key, other.numbers)) - {""}
        if mine and their:
            same, differ = same + bool(mine & their), differ + (not mine & their)
    return differ > RENUMBERED * (same + differ)


def _index(cues: Sequence[Known], keys: _Keys) -> dict[object, list[int]]:
    found: dict[object, list[int]] = defaultdict(list)
    for place, cue in enumerate(cues):
        for key in keys(cue):
            found[key].append(place)
    return found


def _by_uid(ours: Sequence[Known], theirs: Sequence[Known], joined: Joined) -> None:
    """Join by uid; of several with one uid (a copied marker) the one nearest to the old place keeps it."""
    mine = {cue.uid: place for place, cue in enumerate(ours)}
    claims: dict[int, list[int]] = defaultdict(list)
    for place, cue in enumerate(theirs):
        root = cue.uid if cue.uid in mine else cue.copy_of
        if root in mine:
            claims[mine[root]].append(place)
    for place, found in claims.items():
        expected = ours[place].time + joined.offset
        nearest = min(
            found, key=lambda other: (abs(theirs[other].time - expected), theirs[other].uid != ours[place].uid)
        )
        joined.pairs.append(Pair(place, nearest, "uid"))
        joined.copies |= {other: place for other in found if other != nearest}


class _Rest:
    """What no uid has joined: theirs and ours still open, and the ways to find and to judge a candidate."""

    def __init__(self, ours: Sequence[Known], theirs: Sequence[Known], joined: Joined, frame: Fraction) -> None:
        self.ours, self.theirs, self.joined, self.frame = ours, theirs, joined, frame
        mine = {pair.ours for pair in joined.pairs}
        taken = {pair.theirs for pair in joined.pairs} | set(joined.copies)
        self.open_ours = {place for place in range(len(ours)) if place not in mine}
        self.open_theirs = {place for place in range(len(theirs)) if place not in taken}
        self.by_time = sorted((ours[place].time, place) for place in self.open_ours)
        self.times = [time for time, _ in self.by_time]
        self.by_number = _index(ours, lambda one: {number for number in map(number_key, one.numbers) if number})
        self.renumbered = _was_renumbered(ours, theirs)

    # ------------------------------------------------------------------------------------------------ candidates

    def near(self, place: int, within: Fraction) -> list[int]:
        """Give ours still open that stand within some seconds of where one of theirs stands."""
        time = self.theirs[place].time - self.joined.offset
        first, last = bisect_left(self.times, time - within), bisect_right(self.times, time + within)
        if last - first > CROWD:
            middle = bisect_left(self.times, time)
            first, last = max(first, middle - CROWD // 2), min(last, middle + CROWD // 2)
        return [other for _, other in self.by_time[first:last] if other in self.open_ours]

    def candidates_near(self, within: Fraction) -> Callable[[int], list[int]]:
        """Give the way to find candidates by place."""
        return lambda place: self.near(place, within)

    def candidates_by_number(self) -> Callable[[int], list[int]]:
        """Give the way to find candidates by number."""

        def found(place: int) -> list[int]:
            keys = {number_key(number) for number in self.theirs[place].numbers} - {""}
            shared = [self.by_number.get(key, ()) for key in keys]
            if any(len(places) > CROWD for places in shared):
                return [other for other in self.near(place, NEAR) if self.same_number(other, place)]
            return [other for places in shared for other in places if other in self.open_ours]

        return found

    # --------------------------------------------------------------------------------------------------- evidence

    def same_number(self, ours: int, theirs: int) -> bool | None:
        """Whether the numbers are the same; None where one side has none."""
        one = {number_key(number) for number in self.ours[ours].numbers} - {""}
        other = {number_key(number) for number in self.theirs[theirs].numbers} - {""}
        return bool(one & other) if one and other else None

    def same_character(self, ours: int, theirs: int) -> bool | None:
        """Whether the same person speaks; None where one side does not say, or only `???`, for letters that were lost."""
        one, other = self.ours[ours].character, self.theirs[theirs].character
        unsaid = not (set(one) - {"?"} and set(other) - {"?"})
        return None if unsaid else folded(one) == folded(other)

    def same_line(self, ours: int, theirs: int) -> bool:
        """Whether the lines have the same fingerprint."""
        mine = {fingerprint(line) for line in self.ours[ours].lines} - {""}
        return bool(mine & ({fingerprint(line) for line in self.theirs[theirs].lines} - {""}))

    def line_likeness(self, ours: int, theirs: int) -> float:
        """Give how alike the lines are at their best."""
        pairs = ((mine, other) for mine in self.ours[ours].lines for other in self.theirs[theirs].lines)
        return max((likeness(mine, other) for mine, other in pairs), default=0.0)

    def apart(self, ours: int, theirs: int) -> Fraction:
        """Give the seconds between their places, the list's offset taken off."""
        return abs(self.theirs[theirs].time - self.joined.offset - self.ours[ours].time)

    def same_episode(self, ours: int, theirs: int) -> bool:
        """Whether nothing says that they belong to different episodes."""
        one, other = self.ours[ours].episode, self.theirs[theirs].episode
        return not (one and other) or folded(one) == folded(other)

    # -------------------------------------------------------------------------------------------------- judgements

    def says_the_same_there(self, ours: int, theirs: int) -> bool:
        """The same line of the same person on the same frame: it is the cue, whatever its number is now."""
        close = self.apart(ours, theirs) <= self.frame
        return close and self.same_line(ours, theirs) and self.same_character(ours, theirs) is not False

    def is_the_same_number(self, ours: int, theirs: int) -> bool:
        """The same number, with the line or the place beside it."""
        if not self.same_episode(ours, theirs):
            return False
        stands = self.apart(ours, theirs) <= self.frame and self.same_character(ours, theirs) is not False
        return stands or self.same_line(ours, theirs) or self.line_likeness(ours, theirs) >= ALIKE

    def may_be_the_same_number(self, ours: int, theirs: int) -> bool:
        """The same number, the only one on both sides, and nothing against it."""
        return self.same_episode(ours, theirs) and self.same_character(ours, theirs) is not False

    def says_the_same(self, ours: int, theirs: int) -> bool:
        """The same line of the same person near by, and no two numbers that say otherwise."""
        agreed = self.same_character(ours, theirs) is not False and self.same_line(ours, theirs)
        return agreed and (self.same_number(ours, theirs) is not False or self.renumbered)

    def stands_exactly_there(self, ours: int, theirs: int) -> bool:
        """On the same frame with a line that is like it; or the same person there, and no two lengths that say otherwise."""
        speaker = self.same_character(ours, theirs)
        if self.apart(ours, theirs) > self.frame or speaker is False:
            return False
        if self.same_number(ours, theirs) is False and not self.renumbered:
            return False
        lasts = speaker is True and self.same_length(ours, theirs) is not False
        return lasts or self.line_likeness(ours, theirs) >= ALIKE

    def same_length(self, ours: int, theirs: int) -> bool | None:
        """Whether both last equally long; None where one side is a point without an out."""
        one, other = self.ours[ours], self.theirs[theirs]
        if one.end is None or other.end is None:
            return None
        return abs((one.end - one.time) - (other.end - other.time)) <= self.frame

    # ----------------------------------------------------------------------------------------------------- joining

    def join(
        self,
        key: str,
        candidates: Callable[[int], list[int]],
        fits: Callable[[int, int], bool],
        *,
        alone: bool = False,
    ) -> None:
        """Join what fits one and only one; where the best of several stands out, that one, unless `alone` is asked."""
        claims: dict[int, list[int]] = defaultdict(list)
        for place in sorted(self.open_theirs):
            found = [other for other in dict.fromkeys(candidates(place)) if fits(other, place)]
            best = self._best(place, found) if len(found) < 2 or not alone else None
            if best is not None:
                claims[best].append(place)
        for other, places in claims.items():
            if len(places) == 1 or not alone:
                nearest = self._nearest_claim(other, places)
                if nearest is not None:
                    self._take(nearest, other, key)

    def _best(self, place: int, found: list[int]) -> int | None:
        if len(found) < 2:
            return found[0] if found else None
        order = sorted(found, key=lambda other: self._closeness(other, place))
        first, second = (self._closeness(other, place) for other in order[:2])
        return order[0] if first < second else None

    def _closeness(self, ours: int, theirs: int) -> tuple[bool, bool, Fraction]:
        exact = self.apart(ours, theirs) <= self.frame
        return not exact, not self.same_line(ours, theirs), self.apart(ours, theirs)

    def _nearest_claim(self, other: int, places: list[int]) -> int | None:
        order = sorted(places, key=lambda place: self._closeness(other, place))
        closest = [self._closeness(other, place) for place in order[:2]]
        return order[0] if len(closest) < 2 or closest[0] < closest[1] else None

    def _take(self, place: int, other: int, key: str) -> None:
        self.joined.pairs.append(Pair(other, place, key))
        self.open_theirs.discard(place)
        self.open_ours.discard(other)

    def list_unsure(self) -> None:
        """List theirs that may be one of ours, by number or by line, but were not sure enough to be joined."""
        number = self.candidates_by_number()
        by_line = _index(
            [self.ours[place] for place in sorted(self.open_ours)],
            lambda one: {fingerprint(line) for line in one.lines},
        )
        order = sorted(self.open_ours)
        for place in sorted(self.open_theirs):
            found = set(number(place))
            for line in self.theirs[place].lines:
                alike = by_line.get(fingerprint(line), ()) if fingerprint(line) else ()
                found |= {order[other] for other in alike[:CROWD]}
            found |= {other for other in self.near(place, NEAR) if self.line_likeness(other, place) >= ALIKE}
            if found:
                self.joined.unsure[place] = sorted(found, key=lambda other: self._closeness(other, place))[:5]
