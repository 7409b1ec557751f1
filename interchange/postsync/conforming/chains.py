"""The heaviest way through the candidates: what kept its order, then what moved, then what was used again.

The first chain increases in new and old time alike. What it covers is taken out and the rest chained again, which gives blocks
that moved; a few rounds settle all but crumbs, which are taken by weight. Only then may an old frame be used twice.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from postsync.conforming.candidates import Candidate
from postsync.timing import round_half_up

ROUNDS = 6
CONTEXT_FRAMES, CONTEXT_SCALE = 2000, 20000
"""A run of shots that came from one place weighs up to a tenth more than the same shots one by one."""

SHORTEST_MOVE = 2
"""A single frame that seems to come from elsewhere is a trim on which two takes agree."""


def chained(found: Sequence[Candidate]) -> tuple[list[Candidate], set[int]]:
    """Choose what the new cut is made of: stretches that do not overlap in new time, in order of it.

    Also gives the places in the list of those that use old frames which another stretch uses already.
    """
    rest = split_votes(found)
    taken: list[Candidate] = []
    for round_number in range(ROUNDS):
        best = heaviest_chain(rest, run_lengths(rest))
        chosen = [rest[place] for place in best]
        if round_number:
            chosen = [one for one in chosen if one.new_out - one.new_in >= SHORTEST_MOVE]
        if not chosen:
            break
        taken += chosen
        rest = clipped(rest, _spans(taken, new=True), _spans(taken, new=False))
    taken += _greedy(rest, again=False)
    used = len(taken)
    rest = clipped(split_votes(found), _spans(taken, new=True), [])
    taken += _greedy(rest, again=True)
    order = sorted(range(len(taken)), key=lambda place: taken[place].new_in)
    return [taken[place] for place in order], {number for number, place in enumerate(order) if place >= used}


def heaviest_chain(found: Sequence[Candidate], runs: Sequence[int] | None = None) -> list[int]:
    """Give the places of the candidates on the heaviest chain that increases in new and old time."""
    if not found:
        return []
    spans = [one.old_span for one in found]
    starting = sorted(range(len(found)), key=lambda place: (found[place].new_in, found[place].new_out))
    ending = sorted(range(len(found)), key=lambda place: found[place].new_out)
    totals, before = [0.0] * len(found), [-1] * len(found)
    ends: list[int] = []
    bests: list[float] = []
    holders: list[int] = []
    pointer = 0
    for place in starting:
        one = found[place]
        while found[ending[pointer]].new_out <= one.new_in:
            _enter(ends, bests, holders, spans[ending[pointer]][1], totals[ending[pointer]], ending[pointer])
            pointer += 1
        weight = one.weight
        if runs is not None:
            weight *= 1 + min(runs[place], CONTEXT_FRAMES) / CONTEXT_SCALE
        below = bisect_right(ends, spans[place][0]) - 1
        if below >= 0:
            totals[place], before[place] = bests[below] + weight, holders[below]
        else:
            totals[place] = weight
    place = max(range(len(found)), key=lambda number: (totals[number], -found[number].new_in))
    chain: list[int] = []
    while place >= 0:
        chain.append(place)
        place = before[place]
    return chain[::-1]


def _enter(ends: list[int], bests: list[float], holders: list[int], end: int, total: float, place: int) -> None:
    """Put the end of a chain into the staircase of ends that nothing cheaper and earlier beats."""
    at = bisect_right(ends, end)
    if at and bests[at - 1] >= total:
        return
    stop = at
    while stop < len(ends) and bests[stop] <= total:
        stop += 1
    ends[at:stop], bests[at:stop], holders[at:stop] = [end], [total], [place]


def run_lengths(found: Sequence[Candidate]) -> list[int]:
    """Give for each candidate the frames of the run that it is part of: the same distance, one touching the next."""
    order = sorted(range(len(found)), key=lambda place: (_distance(found[place]), found[place].new_in))
    lengths = [0] * len(found)
    run: list[int] = []
    distance, reach, total = None, 0, 0
    for place in order:
        one = found[place]
        mine = _distance(one)
        if mine != distance or one.new_in > reach:
            for each in run:
                lengths[each] = total
            run, total, distance, reach = [], 0, mine, one.new_in
        run.append(place)
        total += max(0, one.new_out - max(reach, one.new_in))
        reach = max(reach, one.new_out)
    for each in run:
        lengths[each] = total
    return lengths


def _distance(one: Candidate) -> tuple[float, int]:
    """Give what candidates of one run have in common: speed and distance."""
    return (1.0, one.old_in - one.new_in) if one.ratio == 1 else (float(one.ratio), round_half_up(_base(one)))


def _base(one: Candidate) -> Fraction:
    return Fraction(one.old_in - one.ratio * one.new_in)


def split_votes(found: Sequence[Candidate]) -> list[Candidate]:
    """Put candidates of one distance that overlap, from several tracks, together: each stretch once, weights added."""
    groups: dict[int | None, list[Candidate]] = {}
    for one in found:
        groups.setdefault(one.old_in - one.new_in if one.ratio == 1 else None, []).append(one)
    result: list[Candidate] = []
    for distance, group in groups.items():
        if distance is None or len(group) == 1:
            result += group
            continue
        group.sort(key=lambda one: one.new_in)
        if all(one.new_out <= after.new_in for one, after in pairwise(group)):
            result += group
        else:
            result += _swept(group, distance)
    return result


def _swept(group: list[Candidate], distance: int) -> list[Candidate]:
    """Cut overlapping candidates of one distance at each other's edges and add up their weights."""
    edges = sorted({edge for one in group for edge in (one.new_in, one.new_out)})
    result: list[Candidate] = []
    live: list[Candidate] = []
    place = 0
    for start, end in pairwise(edges):
        while place < len(group) and group[place].new_in <= start:
            live.append(group[place])
            place += 1
        live = [one for one in live if one.new_out > start]
        if live:
            weight = sum(one.weight / (one.new_out - one.new_in) for one in live) * (end - start)
            best = max(live, key=lambda one: one.weight / (one.new_out - one.new_in))
            changed = all(one.version_changed for one in live)
            doubtful = all(one.doubtful for one in live)
            result.append(Candidate(start, end, start + distance, 1, weight, best.evidence, changed, doubtful))
    return result


def _spans(found: Sequence[Candidate], *, new: bool) -> list[tuple[int, int]]:
    """Give the time that stretches cover, as spans that do not touch."""
    spans: list[tuple[int, int]] = []
    for start, end in sorted([(one[0], one[1]) if new else one.old_span for one in found]):
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], end))
        else:
            spans.append((start, end))
    return spans


def clipped(found: Sequence[Candidate], new: list[tuple[int, int]], old: list[tuple[int, int]]) -> list[Candidate]:
    """Take out of candidates the new time and the old time that are spoken for."""
    result: list[Candidate] = []
    new_starts, old_starts = [span[0] for span in new], [span[0] for span in old]
    for one in found:
        for start, end in _left(one.new_in, one.new_out, new, new_starts):
            if not old:
                result.append(part(one, start, end))
                continue
            piece = part(one, start, end)
            for low, high in _left(*piece.old_span, old, old_starts):
                kept = _of_old(piece, low, high)
                if kept is not None:
                    result.append(kept)
    return result


def _left(start: int, end: int, spans: list[tuple[int, int]], starts: list[int]) -> list[tuple[int, int]]:
    """Give what is left of a stretch when some spans are taken out."""
    place = max(0, bisect_right(starts, start) - 1)
    left: list[tuple[int, int]] = []
    while start < end:
        while place < len(spans) and spans[place][1] <= start:
            place += 1
        if place == len(spans) or spans[place][0] >= end:
            left.append((start, end))
            break
        if spans[place][0] > start:
            left.append((start, spans[place][0]))
        start = spans[place][1]
    return left


def part(one: Candidate, start: int, end: int) -> Candidate:
    """Give the part of a candidate between two new frames."""
    if start == one.new_in and end == one.new_out:
        return one
    old_in = one.old_in + (start - one.new_in if one.ratio == 1 else round_half_up((start - one.new_in) * one.ratio))  # type: ignore[arg-type]
    weight = one.weight * (end - start) / (one.new_out - one.new_in)
    return one._replace(new_in=start, new_out=end, old_in=old_in, weight=weight)


def _of_old(one: Candidate, low: int, high: int) -> Candidate | None:
    """Give the part of a candidate that uses the old frames between two places."""
    if one.ratio == 1:
        start = one.new_in + low - one.old_in
        return part(one, start, start + high - low)
    if (low, high) == one.old_span:
        return one
    edges = sorted(one.new_in + round_half_up((edge - one.old_in) / one.ratio) for edge in (low, high))  # type: ignore[arg-type]
    start, end = max(one.new_in, edges[0]), min(one.new_out, edges[1])
    return part(one, start, end) if start < end else None


def _greedy(rest: Sequence[Candidate], *, again: bool) -> list[Candidate]:
    """Take what is left by weight, each clipped to what nothing heavier took; `again` lets old time be used twice."""
    taken: list[Candidate] = []
    new: list[tuple[int, int]] = []
    old: list[tuple[int, int]] = []
    runs = run_lengths(rest)
    order = sorted(range(len(rest)), key=lambda at: (-rest[at].weight - runs[at], rest[at].new_in, rest[at].old_in))
    for one in (rest[place] for place in order):
        for piece in clipped([one], new, [] if again else old):
            if piece.new_out - piece.new_in >= SHORTEST_MOVE:
                taken.append(piece)
                insort(new, (piece.new_in, piece.new_out))
                insort(old, piece.old_span)
    return taken
