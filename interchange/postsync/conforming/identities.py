"""Which names of a source can be trusted, learned from the two lists themselves.

A name is no identity where one list has it for different things that use the same source time: eight-character reels that
stand for several files, one SOURCE FILE for a whole sound roll, `AX`. Where names fail, the beginning of a reel that a list
has cut, or the shooting day with time-of-day timecode, may still tell the moment.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from postsync.conforming.cuts import CUT_REEL, Number, Segment

FIELD_WEIGHTS = {
    "uid": 1.0,
    "file": 1.0,
    "tape": 0.98,
    "name": 0.95,
    "version": 1.0,
    "alias": 0.85,
    "reel": 0.7,
    "day": 0.75,
}
"""How much a frame counts by what it was known by."""

LEAST_VOTES = 3
"""Two names are one source only after they stood at the same place with the same source time this often."""

AGREEMENT = Fraction(6, 10)
"""A shift between two time bases is believed when this share of the shots agree."""


@dataclass
class Identities:
    """What was learned of names: those that are no identity, those that are another, and shifts between time bases."""

    bad: frozenset[str] = frozenset()
    aliases: dict[str, str] = field(default_factory=lambda: {})
    shifts: dict[str, Number] = field(default_factory=lambda: {})
    _keys: dict[tuple[str, ...], list[tuple[str, str]]] = field(default_factory=lambda: {}, repr=False)

    def learned(self, aliases: dict[str, str], shifts: dict[str, Number]) -> None:
        """Take in names that are one source, and shifts between time bases."""
        self.aliases, self.shifts = aliases, shifts
        self._keys.clear()

    def keys(self, segment: Segment) -> list[tuple[str, str]]:
        """Give the names by which a segment may be found, with their fields, the surest first."""
        known = self._keys.get(segment.names)
        if known is None:
            found = [
                (self.aliases.get(name, name), kind if name not in self.aliases else "alias")
                for name, kind in zip(segment.names, segment.fields, strict=True)
                if name not in self.bad
            ]
            known = list({name: (name, kind) for name, kind in reversed(found)}.values())[::-1]
            self._keys[segment.names] = known
        return known

    def weak_keys(self, segment: Segment) -> list[tuple[str, str]]:
        """Give what may still tell the moment: the first eight characters of a reel, and the shooting day."""
        found = [(name, "reel") for name in cut_reels(segment) if name not in self.bad]
        if segment.day is not None:
            found.append((f"day {segment.day}", "day"))
        return found


def cut_reels(segment: Segment) -> list[str]:
    """Give the beginnings of a segment's file and reel, as lists of eight characters have them."""
    return list(
        dict.fromkeys(
            f"reel {name[:CUT_REEL]}"
            for name, kind in zip(segment.names, segment.fields, strict=True)
            if kind in ("file", "tape") and len(name) >= CUT_REEL - 1
        )
    )


def has_cut_reel(segment: Segment) -> bool:
    """Whether a list may have cut the reel of a segment: it is as long as such lists let it be."""
    names = zip(segment.names, segment.fields, strict=True)
    return any(kind in ("file", "tape") and CUT_REEL - 1 <= len(name) <= CUT_REEL for name, kind in names)


def learn(old: Sequence[Segment], new: Sequence[Segment]) -> Identities:
    """Learn from two lists which names are no identity."""
    return Identities(frozenset(_bad_names(old) | _bad_names(new)))


def _bad_names(segments: Sequence[Segment]) -> set[str]:
    """Give the names that one list uses for different things at the same source time."""
    uses: dict[str, list[tuple[Number, Number, frozenset[str]]]] = defaultdict(list)
    known: dict[tuple[str, ...], tuple[frozenset[str], tuple[str, ...]]] = {}
    for one in segments:
        if not one.timed or one.speed == 0 or not one.names:
            continue
        found = known.get(one.names)
        if found is None:
            found = known[one.names] = _what_it_is(one)
        low, high = one.source_span
        for name in found[1]:
            uses[name].append((low, high, found[0]))
    return {name for name, found in uses.items() if len(found) > 1 and _stands_for_several(found)}


def _what_it_is(one: Segment) -> tuple[frozenset[str], tuple[str, ...]]:
    """Give all that a segment is called but for its version, and the names of it that may be no identity."""
    names = zip(one.names, one.fields, strict=True)
    doubtful = tuple(name for name in one.names if not name.startswith("uid "))
    return frozenset(name for name, kind in names if kind != "version"), doubtful + tuple(cut_reels(one))


def _stands_for_several(uses: list[tuple[Number, Number, frozenset[str]]]) -> bool:
    """Whether two uses that share source time have nothing else in common: neither calls the other by any further name."""
    if len({everything for _, _, everything in uses}) == 1:
        return False
    uses.sort(key=lambda use: use[0])
    reach, holder = uses[0][1], uses[0][2]
    for low, high, everything in uses[1:]:
        if low < reach and everything != holder and _differ(everything, holder):
            return True
        if high > reach:
            reach, holder = high, everything
    return False


def _differ(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether both have names that the other lacks."""
    return bool(one - other) and bool(other - one)


def learn_aliases(
    old: Iterable[Segment], new: Iterable[Segment], known_old: set[str], known_new: set[str]
) -> dict[str, str]:
    """Join names that are in one list only with a name that is in the other only, where source times agree often enough.

    A shot counts as a vote when its source in and length are the same and only one shot of the other list has them.
    """
    places: dict[tuple[Number, int], set[str]] = defaultdict(set)
    for one in old:
        name = _orphan_name(one, known_new)
        if name is not None:
            places[one.source_span[0], one.length].add(name)
    votes: Counter[tuple[str, str]] = Counter()
    for one in new:
        name = _orphan_name(one, known_old)
        there = places.get((one.source_span[0], one.length), set()) if name is not None else set()
        if name is not None and len(there) == 1:
            votes[name, next(iter(there))] += 1
    aliases: dict[str, str] = {}
    taken: set[str] = set()
    for (name, other), count in votes.most_common():
        if count >= LEAST_VOTES and name not in aliases and other not in taken:
            aliases[name] = other
            taken.add(other)
    return aliases


def _orphan_name(segment: Segment, known_elsewhere: set[str]) -> str | None:
    """Give the surest name of a timed segment that the other list does not know by any name."""
    if not segment.timed or segment.speed != 1 or not segment.names:
        return None
    return None if known_elsewhere.intersection(segment.names) else segment.names[0]


def learn_shifts(
    pairs: Iterable[tuple[str, Segment, Segment]],
) -> dict[str, Number]:
    """Give by how much the source times of a name stand later in the new list, by a vote of shots of equal length.

    `pairs` are shots of one name, unmatched by source time, the new one first. Where most agree, their shift is everybody's;
    a name whose own shots agree on another keeps its own.
    """
    own: dict[str, Counter[Number]] = defaultdict(Counter)
    everybody: Counter[Number] = Counter()
    for name, new, old in pairs:
        if new.length == old.length and new.speed == old.speed == 1:
            shift = new.source_span[0] - old.source_span[0]
            own[name][shift] += 1
            everybody[shift] += 1
        else:
            own[name][None] += 0  # type: ignore[index]
    if not everybody:
        return {}
    common, votes = everybody.most_common(1)[0]
    agreed = votes >= LEAST_VOTES and votes >= AGREEMENT * sum(everybody.values())
    shifts: dict[str, Number] = {}
    for name, found in own.items():
        stated = Counter({shift: count for shift, count in found.items() if count})
        best = stated.most_common(1)
        if agreed and (not best or common in stated):
            shifts[name] = common
        elif best and len(stated) == 1 and agreed:
            shifts[name] = best[0][0]
    return shifts
