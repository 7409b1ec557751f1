"""What is seen of a picture on several tracks: the top one, unless it is a matte, a burn-in or a watermark over many cuts."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from postsync.conforming.cuts import Segment

HIDDEN, TAIL, OVERLAY = 0.4, 0.1, 0.02
"""Weights of what a higher track covers, of the side of a dissolve that goes out, and of what lies over several cuts."""

SPANS_CUTS = 3
"""Something on a higher track over this many cuts of another is a matte, a burn-in or a watermark, no shot."""


def weigh_layers(tracks: list[list[Segment]]) -> None:
    """Weigh picture on several tracks: the top one is seen, what it covers counts less, what lies over many cuts least."""
    for place, track in enumerate(tracks):
        cuts = sorted({one.record_in for number, other in enumerate(tracks) if number != place for one in other})
        for one in track if len(tracks) > 1 else ():
            if _count_between(cuts, one.record_in, one.record_out) >= SPANS_CUTS and place > 0:
                one.weight = min(one.weight, OVERLAY)
    for place, track in enumerate(tracks):
        above = _merged([one for other in tracks[place + 1 :] for one in other if one.weight > OVERLAY])
        for one in track if above else ():
            covered = _covered(above, one.record_in, one.record_out)
            if covered:
                one.weight *= 1 - (1 - HIDDEN) * covered / max(one.length, 1)


def _count_between(sorted_places: list[int], low: int, high: int) -> int:
    return max(0, bisect_left(sorted_places, high) - bisect_right(sorted_places, low))


def _merged(segments: Iterable[Segment]) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for one in sorted(segments, key=lambda segment: segment.record_in):
        if spans and one.record_in <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], one.record_out))
        else:
            spans.append((one.record_in, one.record_out))
    return spans


def _covered(spans: list[tuple[int, int]], low: int, high: int) -> int:
    place = max(0, bisect_right(spans, (low, low)) - 1)
    total = 0
    while place < len(spans) and spans[place][0] < high:
        total += max(0, min(high, spans[place][1]) - max(low, spans[place][0]))
        place += 1
    return total
