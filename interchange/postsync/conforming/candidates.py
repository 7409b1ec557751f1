"""Every stretch that both cuts play: where new frames may have been in the old cut.

Per name and speed the old segments are sorted by source in, with the highest source out so far, so that all overlaps of a new
segment are found by one search. Between equal speeds the distance of record times is constant along a candidate.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from postsync.conforming.cuts import Number, Segment
from postsync.conforming.identities import FIELD_WEIGHTS, Identities, has_cut_reel
from postsync.timing import round_half_up

MOST = 64
"""Overlaps of one new segment beyond this many are a loop; those nearest to where its neighbours came from are kept."""

RETIMED = 0.5
RESTARTED = 0.95
OTHER_VERSION = 0.9


class Candidate(NamedTuple):
    """New frames `new_in` to `new_out` that may be old frames from `old_in`; `weight` counts frames by how sure they are.

    `ratio` is old frames per new frame; below zero the old stretch is played backwards from `old_in` down. `doubtful` where
    nothing says at which end a card of another length was cut.
    """

    new_in: int
    new_out: int
    old_in: int
    ratio: Number
    weight: float
    evidence: str
    version_changed: bool
    doubtful: bool = False

    @property
    def old_span(self) -> tuple[int, int]:
        """The old frames that are used."""
        return old_span(self.new_in, self.new_out, self.old_in, self.ratio)


def old_span(new_in: int, new_out: int, old_in: int, ratio: Number) -> tuple[int, int]:
    """Give the lowest old frame of a stretch and the first above it."""
    if ratio == 1:
        return old_in, old_in + new_out - new_in
    end = old_in + round_half_up(Fraction((new_out - new_in) * ratio))
    return (old_in, end) if end >= old_in else (end, old_in)


class _Bucket:
    """The old segments of one name and speed by source in, and by record in."""

    def __init__(self, segments: list[Segment]) -> None:
        spans = sorted(((*one.source_span, place) for place, one in enumerate(segments)), key=lambda span: span[0])
        self.segments = [segments[place] for _, _, place in spans]
        self.lows = [low for low, _, _ in spans]
        self.reach: list[Number] = []
        for _, high, _ in spans:
            self.reach.append(high if not self.reach or high > self.reach[-1] else self.reach[-1])
        self.by_record = sorted(self.segments, key=lambda one: one.record_in)
        self.records = [one.record_in for one in self.by_record]

    def overlaps(self, low: Number, high: Number, expected: int) -> Iterator[Segment]:
        """Yield the segments that use source time between two places; of a crowd those recorded nearest to `expected`."""
        last = bisect_left(self.lows, high)
        first = last
        while first > 0 and self.reach[first - 1] > low:
            first -= 1
            if last - first > MOST:
                yield from self._nearest(low, high, expected)
                return
        for segment in self.segments[first:last]:
            if segment.source_span[1] > low:
                yield segment

    def _nearest(self, low: Number, high: Number, expected: int) -> Iterator[Segment]:
        place = bisect_left(self.records, expected)
        for segment in self.by_record[max(0, place - MOST // 2) : place + MOST // 2]:
            first, last = segment.source_span
            if first < high and last > low:
                yield segment


Buckets = dict[str, dict[Number, _Bucket]]


def _buckets(segments: Sequence[Segment], keys: Callable[[Segment], list[tuple[str, str]]]) -> Buckets:
    found: dict[str, dict[Number, list[Segment]]] = {}
    for one in segments:
        if one.timed and one.speed != 0:
            for name, _ in keys(one):
                found.setdefault(name, {}).setdefault(one.speed, []).append(one)
    return {name: {speed: _Bucket(each) for speed, each in speeds.items()} for name, speeds in found.items()}


class Index:
    """The old cut by names and speeds."""

    def __init__(self, segments: Sequence[Segment], identities: Identities) -> None:
        self._segments, self.identities = segments, identities
        self._buckets = _buckets(segments, identities.keys)

    @cached_property
    def _weak_buckets(self) -> Buckets:
        return _buckets(self._segments, self.identities.weak_keys)

    def candidates(self, segments: Iterable[Segment]) -> list[Candidate]:
        """Give every stretch of the new segments that the old cut plays too."""
        result: list[Candidate] = []
        distance = 0
        for one in segments:
            if not is_timed(one):
                continue
            expected = one.record_in + distance
            found = self._of(one, self.identities.keys(one), self._buckets, expected)
            if sum([each[1] - each[0] for each in found]) < one.record_out - one.record_in:
                weak = self.identities.weak_keys(one)
                found += self._of(one, weak, self._weak_buckets, expected) if weak else []
            if len(found) > 1:
                found = _exact_versions(found, one.record_out - one.record_in)
            if found:
                longest = found[0] if len(found) == 1 else max(found, key=lambda each: each.weight)
                if len(found) <= 2 or distance == 0:
                    distance = longest.old_in - longest.new_in
                result += found if len(found) == 1 else _distinct(found)
        return result

    def _of(self, new: Segment, keys: list[tuple[str, str]], by_name: Buckets, expected: int) -> list[Candidate]:
        found: list[Candidate] = []
        seen: set[int] = set()
        low, high = new.source_span
        for name, kind in keys:
            buckets = by_name.get(name)
            if buckets is None:
                continue
            shift = self.identities.shifts.get(name, 0)
            for speed, bucket in buckets.items():
                for old in bucket.overlaps(low - shift, high - shift, expected):
                    if id(old) not in seen and (kind != "reel" or has_cut_reel(new) or has_cut_reel(old)):
                        seen.add(id(old))
                        found.extend(_between(new, old, shift, speed, kind))
        return found


def is_timed(segment: Segment) -> bool:
    """Whether source time says which frame a segment plays."""
    return segment.timed and segment.speed != 0


def _between(new: Segment, old: Segment, shift: Number, speed: Number, kind: str) -> Iterator[Candidate]:
    """Yield the stretch that a new and an old segment share."""
    changed = new.version != old.version
    weight = FIELD_WEIGHTS[kind] * min(new.weight, old.weight) * (OTHER_VERSION if changed else 1)
    if new.speed == speed:
        away = new.phase - shift - old.phase
        if speed != 1:
            away = round_half_up(Fraction(away) / speed)
        start = max(new.record_in, old.record_in - away)
        end = min(new.record_out, old.record_out - away)
        card = speed == 1 and new.length != old.length and new.restarts and old.restarts
        if start < end:
            total = weight * (end - start)
            yield Candidate(start, end, start + away, 1, total, kind, changed, card)  # type: ignore[arg-type]
        if card:
            yield _by_tail(new, old, RESTARTED * weight, kind, changed)
        return
    yield from _retimed(new, old, shift, kind, weight, changed)


def _by_tail(new: Segment, old: Segment, weight: float, kind: str, changed: bool) -> Candidate:
    """Give two uses of a card aligned at their ends: its source time begins anew wherever a list cuts into it."""
    length = min(new.length, old.length)
    start = new.record_out - length
    return Candidate(start, new.record_out, old.record_out - length, 1, weight * length, kind, changed, True)


def _retimed(new: Segment, old: Segment, shift: Number, kind: str, weight: float, changed: bool) -> Iterator[Candidate]:
    """Yield what a segment shares with one of another speed."""
    ratio = Fraction(new.speed) / Fraction(old.speed)
    base = (Fraction(new.phase) - shift - old.phase) / Fraction(old.speed)
    edges = sorted(((old.record_in - base) / ratio, (old.record_out - base) / ratio))
    start, end = max(new.record_in, _above(edges[0])), min(new.record_out, edges[1].__floor__())
    if start < end:
        at = round_half_up(base + ratio * start)
        yield Candidate(start, end, at, ratio, RETIMED * weight * (end - start), kind, changed)


def _above(value: Fraction) -> int:
    return -((-value.numerator) // value.denominator)


def _exact_versions(found: list[Candidate], length: int) -> list[Candidate]:
    """Leave other versions out where the very one is there whole: in some lists versions are shots."""
    exact = [one for one in found if not one.version_changed]
    if len(exact) == len(found) or all(one.new_out - one.new_in < length for one in exact):
        return found
    return exact


def _distinct(found: list[Candidate]) -> list[Candidate]:
    """Keep one of equal stretches, the surest."""
    best: dict[tuple[int, int, int, Number], Candidate] = {}
    for one in found:
        there = best.get(one[:4])
        if there is None or one.weight > there.weight:
            best[one[:4]] = one
    return list(best.values())
