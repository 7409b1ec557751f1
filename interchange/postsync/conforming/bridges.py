"""What lies between mapped pieces: pictures that were replaced while time stood still, stills, black, renamed shots.

A hole between two pieces of one distance is a bridge: something else is shown, nothing moved. Where distances differ, shots
that are known to neither list may still sit at the same edge with the same length, or stills of one name at either end.
All of it is said to be a bridge; it is never evidence.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from postsync.conforming.candidates import is_timed
from postsync.conforming.change_map import Piece, Side, Span
from postsync.conforming.cuts import Segment
from postsync.conforming.identities import Identities

Healing = Literal["none", "touching", "gaps", "inserts"]
"""What is put together: nothing; pieces that touch; also over gaps where neither cut shows anything; also over inserts,
where other pictures stand in the same place."""

BRIDGED, BY_LENGTH, STILL = 0.5, 0.45, 0.6


class Hole(NamedTuple):
    """New time between pieces, and the old time between the same: `before` and `after` are None at the ends of a reel."""

    new: Span
    old: Span
    before: Piece | None
    after: Piece | None


def holes(pieces: Sequence[Piece], old: Side, new: Side) -> Iterator[Hole]:
    """Yield the unmapped stretches of new time with the old time that lies across from them."""
    reels = list(zip(new.reels, [*old.reels, *([None] * len(new.reels))], strict=False))
    for reel, across in reels:
        inside = [piece for piece in pieces if reel.start <= piece.new_in < reel.end]
        edges: list[Piece | None] = [None, *inside, None]
        for before, after in zip(edges, edges[1:], strict=False):
            start = reel.start if before is None else before.new_out
            end = reel.end if after is None else after.new_in
            if start >= end:
                continue
            low = _edge_before(before, across)
            high = _edge_after(after, across)
            if low is not None and high is not None and low <= high:
                yield Hole((start, end), (low, high), before, after)


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
        if self.healing in ("none", "touching"):
            return list(self._stills(hole))
        (start, end), (low, high) = hole.new, hole.old
        if end - start == high - low and self._same_kind(hole):
            evidence = "neighbours" if self._shown(self.new, hole.new) else "gap"
            if self.healing == "inserts" or evidence == "gap":
                return [Piece(start, end, low, 1, "bridge", evidence, BRIDGED)]
            return list(self._stills(hole))
        found = list(self._stills(hole))
        if self.healing == "inserts":
            for rest in _rests(hole, found):
                found += self._by_length(rest)
        return sorted(found, key=lambda piece: piece.new_in)

    def _same_kind(self, hole: Hole) -> bool:
        before, after = hole.before, hole.after
        if before is None or after is None:
            return (before or after) is not None
        return (before.kind == "order") == (after.kind == "order")

    def _shown(self, segments: Sequence[Segment], span: Span) -> bool:
        return any(True for _ in _inside(segments, span))

    def _stills(self, hole: Hole) -> Iterator[Piece]:
        """Yield stills and black of one name that touch an edge of the hole in both cuts."""
        news = [one for one in _inside(self.new, hole.new) if not is_timed(one)]
        olds = [one for one in _inside(self.old, hole.old) if not is_timed(one)]
        if not news or not olds or (hole.before is None and hole.after is None):
            return
        (start, end), (low, high) = hole.new, hole.old
        while news and olds and self._alike(news[0], olds[0]):
            one, other = news.pop(0), olds.pop(0)
            first, last = max(one.record_in, start), min(one.record_out, end)
            there, until = max(other.record_in, low), min(other.record_out, high)
            if first != start or there != low:
                news.insert(0, one)
                olds.insert(0, other)
                break
            length = min(last - first, until - there)
            if length > 0:
                yield Piece(first, first + length, there, 1, "bridge", "still", STILL)
            start, low = last, until
            if last - first != until - there:
                break
        while news and olds and self._alike(news[-1], olds[-1]):
            one, other = news.pop(), olds.pop()
            first, last = max(one.record_in, start), min(one.record_out, end)
            there, until = max(other.record_in, low), min(other.record_out, high)
            length = min(last - first, until - there)
            if last != end or until != high or length <= 0:
                break
            yield Piece(last - length, last, until - length, 1, "bridge", "still", STILL)
            end, high = first, there
            if last - first != until - there:
                break

    def _alike(self, one: Segment, other: Segment) -> bool:
        mine = {name for name, _ in self.identities.keys(one)}
        return one.speed == other.speed and any(name in mine for name, _ in self.identities.keys(other))

    def _by_length(self, hole: Hole) -> list[Piece]:
        """Pair shots of equal length that sit at the same edge: a picture that came back under another name."""
        news, olds = list(_whole(self.new, hole.new)), list(_whole(self.old, hole.old))
        found: list[Piece] = []
        start, low = hole.new[0], hole.old[0]
        while news and olds and self._fit(news[0], olds[0], start, low, head=True):
            one, other = news.pop(0), olds.pop(0)
            found.append(_bridge(one, other))
            start, low = one.record_out, other.record_out
        end, high = hole.new[1], hole.old[1]
        while news and olds and self._fit(news[-1], olds[-1], end, high, head=False):
            one, other = news.pop(), olds.pop()
            found.append(_bridge(one, other))
            end, high = one.record_in, other.record_in
        return found

    def _fit(self, one: Segment, other: Segment, new_edge: int, old_edge: int, *, head: bool) -> bool:
        edges = (one.record_in, other.record_in) if head else (one.record_out, other.record_out)
        return one.length == other.length and edges == (new_edge, old_edge)


def _bridge(one: Segment, other: Segment) -> Piece:
    return Piece(one.record_in, one.record_out, other.record_in, 1, "bridge", "shot length", BY_LENGTH)


def _rests(hole: Hole, filled: Sequence[Piece]) -> Iterator[Hole]:
    """Yield what is left of a hole between what filled it."""
    edges: list[Piece | None] = [hole.before, *sorted(filled, key=lambda piece: piece.new_in), hole.after]
    for before, after in zip(edges, edges[1:], strict=False):
        start = before.new_out if before is not None else hole.new[0]
        end = after.new_in if after is not None else hole.new[1]
        low = before.old_out if before is not None else hole.old[0]
        high = after.old_in if after is not None else hole.old[1]
        if start < end and low < high:
            yield Hole((start, end), (low, high), before, after)


def _inside(segments: Sequence[Segment], span: Span) -> Iterator[Segment]:
    """Yield the segments that show anything inside a span; `segments` in order of record in."""
    from bisect import bisect_left

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
