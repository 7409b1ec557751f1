"""Transitions on the tracks that are laid: dissolves of the picture on its cuts, cross-fades of the sound on theirs.

A transition stands on a storyline and covers a cut. The sound that meets there may lie on one track, where it cross-fades, or
end on one and begin on another, where each fades for itself.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import accumulate
from typing import Any, NamedTuple

import opentimelineio as otio

from postsync.model import in_one_unit
from postsync.timing import common_rate, from_rational_time, to_rational_time
from postsync_adapters.fcpxml.reading.scene import Dissolve
from postsync_adapters.fcpxml.time import nearest_flick

Preferred = Sequence[Fraction | int]


class Ends(NamedTuple):
    """Where a laid clip begins and ends in the programme, and the storyline it came from."""

    record_in: Fraction
    record_out: Fraction
    storyline: int


def with_dissolves(
    dissolves: Sequence[Dissolve], preferred: Preferred, lost: list[Dissolve], items: list[Any]
) -> list[Any]:
    """Put each transition on the cut that it covers, of several on that behind its clip; those that cover none are `lost`."""
    cuts = list(accumulate((from_rational_time(item.duration()) for item in items), initial=Fraction(0)))
    placed: dict[int, Any] = {}
    for dissolve in dissolves:
        begin, end = map(nearest_flick, dissolve.span)
        found = _cut_of(dissolve, cuts)
        if found is None or found in placed:
            lost.append(dissolve)
            continue
        placed[found] = _transition(dissolve.name, cuts[found] - begin, end - cuts[found], preferred)
    joined: list[Any] = []
    for index, item in enumerate(items):
        joined += (placed[index], item) if index in placed else (item,)
    return [*joined, placed[len(items)]] if len(items) in placed else joined


def _cut_of(dissolve: Dissolve, cuts: Sequence[Fraction]) -> int | None:
    """Find the cut of a transition: where the item before it ends, else the first that it covers."""
    begin, end = map(nearest_flick, dissolve.span)
    covered = range(bisect_left(cuts, begin), bisect_right(cuts, end))
    stated = None if dissolve.cut is None else nearest_flick(dissolve.cut)
    return next((index for index in covered if cuts[index] == stated), covered[0] if covered else None)


def sounding_cuts(crossings: Iterable[Dissolve], ends: Iterable[Ends]) -> list[Dissolve]:
    """Give cross-fades with the cut that sound of their storyline meets at; without one where split edits part it from that.

    Then each edge that a cross-fade covers fades for itself.
    """
    crossed = {one.storyline for one in crossings}
    edges = (
        {(one.storyline, edge) for one in ends if one.storyline in crossed for edge in one[:2]} if crossed else set()
    )
    return [one if (one.storyline, one.cut) in edges else one._replace(cut=None) for one in crossings]


def with_crossings(
    ends: Sequence[Ends], crossings: Sequence[Dissolve], preferred: Preferred, items: list[Any]
) -> list[Any]:
    """Put each cross-fade on the edges of the clips of its storyline that lie on this track."""
    ends = sorted(ends, key=lambda one: one.record_in)
    places, by_place = _crossed(ends, crossings)
    if not by_place:
        return items
    joined: list[Any] = []
    clips = iter(range(len(ends)))
    for item in items:
        if isinstance(item, otio.schema.Gap):
            joined.append(item)
            continue
        one = next(clips)
        begin, end = (by_place.get(place) for place in places[2 * one : 2 * one + 2])
        if begin:
            joined += _cross(ends[one].record_in, ends[one].storyline, begin, preferred)
        joined.append(item)
        if end:
            joined += _cross(ends[one].record_out, ends[one].storyline, end, preferred)
    return joined


def _crossed(ends: Sequence[Ends], crossings: Sequence[Dissolve]) -> tuple[Sequence[int], dict[int, list[Dissolve]]]:
    """Number the edges of clips that follow each other, equal ones alike, and give the cross-fades that lie on each."""
    times = in_one_unit(
        [edge for one in ends for edge in one[:2]]
        + [time for one in crossings for time in (*one.span, one.span[0] if one.cut is None else one.cut)]
    )
    edges: list[Any] = []
    places: list[int] = []
    for edge in times[: 2 * len(ends)]:
        if not edges or edge != edges[-1]:
            edges.append(edge)
        places.append(len(edges) - 1)
    by_place: dict[int, list[Dissolve]] = {}
    rest = iter(times[2 * len(ends) :])
    for crossing, begin, end, cut in zip(crossings, rest, rest, rest, strict=True):
        for place in range(bisect_left(edges, begin), bisect_right(edges, end)):
            if crossing.cut is None or edges[place] == cut:
                by_place.setdefault(place, []).append(crossing)
    return places, by_place


def _cross(cut: Fraction, storyline: int, lying: list[Dissolve], preferred: Preferred) -> list[otio.schema.Transition]:
    """Make the cross-fade of one edge, once for both clips that meet there."""
    crossing = next((one for one in lying if one.storyline == storyline), None)
    if crossing is None:
        return []
    lying.remove(crossing)
    before, after = cut - crossing.span[0], crossing.span[1] - cut
    return [_transition(crossing.name or "Cross Fade", before, after, preferred)]


def _transition(name: str, before: Fraction, after: Fraction, preferred: Preferred) -> otio.schema.Transition:
    before, after = max(before, Fraction(0)), max(after, Fraction(0))
    grid = common_rate([before, after], preferred)
    return otio.schema.Transition(
        name=name,
        transition_type="SMPTE_Dissolve",
        in_offset=to_rational_time(before, grid),
        out_offset=to_rational_time(after, grid),
    )
