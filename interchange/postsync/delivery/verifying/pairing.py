"""Which thing that came back is which of those that were sent: by the surest sign first, one to one, the nearest in time.

A sign is anything that two things share: a name, a place in the media, a place on the timeline. Signs are tried in the order
given; among several with the same sign the nearest counts.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Sequence
from fractions import Fraction
from typing import TypeVar

T = TypeVar("T")
Sign = Callable[[T], Hashable | None]

Time = Callable[[T], Fraction]


def paired(sent: Sequence[T], returned: Sequence[T], signs: Sequence[Sign[T]], time: Time[T]) -> dict[int, int]:
    """Give for places in `sent` the places in `returned`; a sign that is None says nothing of a thing."""
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for sign in signs:
        groups: dict[Hashable, list[tuple[Fraction, int]]] = defaultdict(list)
        for place, one in enumerate(returned):
            if place not in taken and (key := sign(one)) is not None:
                groups[key].append((time(one), place))
        for group in groups.values():
            group.sort()
        wanted: dict[Hashable, list[tuple[Fraction, int]]] = defaultdict(list)
        for place, one in enumerate(sent):
            if place not in pairs and (key := sign(one)) in groups:
                wanted[key].append((time(one), place))
        for key, ours in wanted.items():
            for here, there in _nearest_pairs(sorted(ours), groups[key]):
                pairs[here] = there
                taken.add(there)
    return pairs


def _nearest_pairs(ours: list[tuple[Fraction, int]], theirs: list[tuple[Fraction, int]]) -> list[tuple[int, int]]:
    """Pair two sorted groups of one sign: those at the same time first, the rest in order where as many are left."""
    times = [time for time, _ in theirs]
    used: set[int] = set()
    found: list[tuple[int, int]] = []
    rest: list[tuple[Fraction, int]] = []
    for time, place in ours:
        spot = bisect_left(times, time)
        while spot < len(times) and times[spot] == time and spot in used:
            spot += 1
        if spot < len(times) and times[spot] == time:
            used.add(spot)
            found.append((place, theirs[spot][1]))
        else:
            rest.append((time, place))
    left = [(time, place) for spot, (time, place) in enumerate(theirs) if spot not in used]
    return found + _in_order(rest, left)


def _in_order(ours: list[tuple[Fraction, int]], theirs: list[tuple[Fraction, int]]) -> list[tuple[int, int]]:
    """Pair what is left: in order of time where nothing is missing, else each with the nearest that is free."""
    if len(ours) == len(theirs):
        return [(here, there) for (_, here), (_, there) in zip(ours, theirs, strict=True)]
    reach = sorted((abs(time - other), here, there) for time, here in ours for other, there in _around(theirs, time))
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for _, here, there in reach:
        if here not in pairs and there not in taken:
            pairs[here] = there
            taken.add(there)
    return list(pairs.items())


AROUND = 8
"""How many neighbours in time are looked at where a group lost or gained some."""


def _around(theirs: list[tuple[Fraction, int]], time: Fraction) -> list[tuple[Fraction, int]]:
    spot = bisect_left(theirs, (time, -1))
    return theirs[max(0, spot - AROUND) : spot + AROUND]


def common_offset(moves: Sequence[Fraction], grain: Fraction) -> Fraction:
    """Give the one move that two thirds of some share, 0 where there is none; moves within `grain` are the same."""
    if len(moves) < 2:
        return Fraction(0)
    steps = Counter(round(move / grain) for move in moves)
    step, count = min(steps.items(), key=lambda one: (-one[1], abs(one[0])))
    if not step or 3 * count < 2 * len(moves):
        return Fraction(0)
    near = sorted(move for move in moves if round(move / grain) == step)
    return near[len(near) // 2]
