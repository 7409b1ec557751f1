"""What lies between mapped pieces: pictures that were replaced while time stood still, stills, black, renamed shots.

A hole between two pieces of one distance is a bridge: something else is shown, nothing moved. Where distances differ, shots
that are known to neither list may still sit at the same edge with the same length, or stills of one name at either end.
All of it is said to be a bridge; it is never evidence.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal, NamedTuple

from postsync.conforming.candidates import Candidate, is_timed
from postsync.conforming.chains import heaviest_chain
from postsync.conforming.change_map import Piece, Side, Span, without
from postsync.conforming.cuts import Segment
from postsync.conforming.identities import Identities

Healing = Literal["none", "touching", "gaps", "inserts"]
"""What is put together: nothing; pieces that touch; also over gaps where neither cut shows anything; also over inserts,
where other pictures stand in the same place.

>>> from typing import get_args
>>> get_args(Healing)
('none', 'touching', 'gaps', 'inserts')
"""

BRIDGED, BY_LENGTH, STILL, KEPT = 0.5, 0.45, 0.6, 0.9
MOST_PAIRS = 250_000


class Hole(NamedTuple):
    """New time between pieces, and the old time between the same: `before` and `after` are None at the ends of a reel."""

    new: Span
    old: Span
    before: Piece | None
    after: Piece | None
    edges: str = "both"


def holes(pieces: Sequence[Piece], old: Side, new: Side) -> Iterator[Hole]:
    """Yield the unmapped stretches of new time with the old time that lies across from them.

    Where the pieces on either side came from different places, each side has across from it what was deleted next to it:
    such holes have one edge only.
    """
    deleted = without(old.spans, [piece.old_span for piece in pieces])
    after_edge, before_edge = dict(deleted), {end: start for start, end in deleted}
    reels = list(zip(new.reels, [*old.reels, *([None] * len(new.reels))], strict=False))
    for reel, across in reels:
        inside = [piece for piece in pieces if reel.start <= piece.new_in < reel.end]
        edges: list[Piece | None] = [None, *inside, None]
        for before, after in pairwise(edges):
            start = reel.start if before is None else before.new_out
            end = reel.end if after is None else after.new_in
            if start >= end:
                continue
            low = _edge_before(before, across)
            high = _edge_after(after, across)
            if low is not None and high is not None and low <= high:
                yield Hole((start, end), (low, high), before, after)
                continue
            if low is not None and low in after_edge:
                yield Hole((start, end), (low, after_edge[low]), before, after, "head")
            if high is not None and high in before_edge:
                yield Hole((start, end), (before_edge[high], high), before, after, "tail")


def _edge_before(piece: Piece | None, across: object) -> int | None:
    if piece is None:
        return getattr(across, "start", None)
    return piece.old_out if piece.ratio > 0 else None


def _edge_after(piece: Piece | None, across: object) -> int | None:
    if piece is None:
        return getattr(across, "end", None)
    return piece.old_in if piece.ratio > 0 else None


@dataclass
class Bridges:
    """Fills holes, with what the two cuts show there."""

    old: Sequence[Segment]
    new: Sequence[Segment]
    identities: Identities
    healing: Healing = "inserts"

    def fill(self, hole: Hole) -> list[Piece]:
        """Give the pieces that a hole is filled with."""
        if hole.edges != "both":
            return self._by_length(hole) if self.healing == "inserts" else []
        (start, end), (low, high) = hole.new, hole.old
        stood_still = end - start == high - low and self._same_kind(hole)
        found = self._stills(hole)
        if stood_still:
            # Where time stood still a still that stands where it stood is the same one; any other is part of the bridge.
            kept = [piece for piece in found if piece.delta == start - low]
            found = [replace(piece, confidence=KEPT, ambiguous=False) for piece in kept]
        if self.healing in ("none", "touching"):
            return found
        for rest in list(_rests(hole, found)):
            (start, end), (low, high) = rest.new, rest.old
            if end - start == high - low and self._same_kind(rest):
                evidence = "neighbours" if self._shown(self.new, rest.new) else "gap"
                if self.healing == "inserts" or evidence == "gap":
                    found.append(Piece(start, end, low, 1, "bridge", evidence, BRIDGED))
            elif self.healing == "inserts":
                found += self._by_length(rest)
        return sorted(found, key=_start)

    def _same_kind(self, hole: Hole) -> bool:
        before, after = hole.before, hole.after
        if before is None or after is None:
            return (before or after) is not None
        return (before.kind == "order") == (after.kind == "order")

    def _shown(self, segments: Sequence[Segment], span: Span) -> bool:
        return any(True for _ in _inside(segments, span))

    def _stills(self, hole: Hole) -> list[Piece]:
        """Pair what has no source time by name and order: stills, black, freezes. Never moved, only what lies across.

        Where lengths differ nothing says which end was cut: the pair is aligned where it touches the same edge of the hole,
        else at its head, and is doubtful.
        """
        news = [one for one in _inside(self.new, hole.new) if not is_timed(one)]
        olds = [one for one in _inside(self.old, hole.old) if not is_timed(one)]
        if not news or not olds or len(news) * len(olds) > MOST_PAIRS:
            return []
        keys = [{name for name, _ in self.identities.keys(one)} for one in olds]
        pairs = [
            piece
            for one in news
            for other, names in zip(olds, keys, strict=True)
            if one.speed == other.speed and any(name in names for name, _ in self.identities.keys(one))
            if (piece := _still(one, other, hole)) is not None
        ]
        spans = [Candidate(one.new_in, one.new_out, one.old_in, 1, _still_weight(one), "still", False) for one in pairs]
        return [pairs[number] for number in heaviest_chain(spans)]

    def _by_length(self, hole: Hole) -> list[Piece]:
        """Pair shots of equal length that sit at the same edge: a picture that came back under another name."""
        news, olds = list(_whole(self.new, hole.new)), list(_whole(self.old, hole.old))
        found: list[Piece] = []
        start, low = hole.new[0], hole.old[0]
        while hole.edges != "tail" and news and olds and self._fit(news[0], olds[0], start, low, head=True):
            one, other = news.pop(0), olds.pop(0)
            found.append(_bridge(one, other))
            start, low = one.record_out, other.record_out
        end, high = hole.new[1], hole.old[1]
        while hole.edges != "head" and news and olds and self._fit(news[-1], olds[-1], end, high, head=False):
            one, other = news.pop(), olds.pop()
            found.append(_bridge(one, other))
            end, high = one.record_in, other.record_in
        return found

    def _fit(self, one: Segment, other: Segment, new_edge: int, old_edge: int, *, head: bool) -> bool:
        edges = (one.record_in, other.record_in) if head else (one.record_out, other.record_out)
        return one.length == other.length and edges == (new_edge, old_edge)


def _still(one: Segment, other: Segment, hole: Hole) -> Piece | None:
    """Give a still as far as both cuts show it in the hole."""
    first, last = max(one.record_in, hole.new[0]), min(one.record_out, hole.new[1])
    low, high = max(other.record_in, hole.old[0]), min(other.record_out, hole.old[1])
    length = min(last - first, high - low)
    if length <= 0:
        return None
    differs = last - first != high - low
    at_tail = (last, high) == (hole.new[1], hole.old[1]) and (first, low) != (hole.new[0], hole.old[0])
    if at_tail:
        first, low = last - length, high - length
    return Piece(first, first + length, low, 1, "order", "still", STILL, ambiguous=differs)


def _bridge(one: Segment, other: Segment) -> Piece:
    return Piece(one.record_in, one.record_out, other.record_in, 1, "bridge", "shot length", BY_LENGTH)


def _still_weight(piece: Piece) -> float:
    """Stills of equal length are rather the same than longer ones of which one was cut."""
    return piece.length * (0.5 if piece.ambiguous else 1.0)


def _start(piece: Piece) -> int:
    return piece.new_in


def _rests(hole: Hole, filled: Sequence[Piece]) -> Iterator[Hole]:
    """Yield what is left of a hole between what filled it."""
    edges: list[Piece | None] = [hole.before, *sorted(filled, key=_start), hole.after]
    for before, after in pairwise(edges):
        start = before.new_out if before is not None else hole.new[0]
        end = after.new_in if after is not None else hole.new[1]
        low = before.old_out if before is not None else hole.old[0]
        high = after.old_in if after is not None else hole.old[1]
        if start < end and low < high:
            yield Hole((start, end), (low, high), before, after)


def _inside(segments: Sequence[Segment], span: Span) -> Iterator[Segment]:
    """Yield the segments that show anything inside a span; `segments` in order of record in."""
    last = bisect_left(segments, span[1], key=lambda one: one.record_in)
    first = last
    while first > 0 and segments[first - 1].record_out > span[0]:
        first -= 1
    for one in segments[first:last]:
        if one.record_out > span[0] and one.weight > 0.1:
            yield one


def _whole(segments: Sequence[Segment], span: Span) -> Iterator[Segment]:
    """Yield the segments that lie inside a span from end to end."""
    for one in _inside(segments, span):
        if one.record_in >= span[0] and one.record_out <= span[1]:
            yield one
