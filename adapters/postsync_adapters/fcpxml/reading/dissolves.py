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

from postsync.report import Report
from postsync.timing import common_rate, from_rational_time, to_rational_time
from postsync_adapters.fcpxml.reading.scene import Dissolve
from postsync_adapters.fcpxml.time import ZERO, nearest_flick

Preferred = Sequence[Fraction | int]


class Ends(NamedTuple):
    """Where a laid clip begins and ends in the programme, and the storyline it came from."""

    record_in: Fraction
    record_out: Fraction
    storyline: int


def put_dissolves(
    track: otio.schema.Track, dissolves: Sequence[Dissolve], preferred: Preferred, report: Report
) -> None:
    """Put each transition on the cut that it covers, of several on that behind its clip; note those that cover none."""
    if not dissolves:
        return
    cuts = list(accumulate((from_rational_time(item.duration()) for item in track), initial=Fraction(0)))
    placed: dict[int, Any] = {}
    for dissolve in dissolves:
        begin, end = map(nearest_flick, dissolve.span)
        found = _cut_of(dissolve, cuts)
        if found is None or found in placed:
            report.note("transition-not-carried", where=track.name, source=dissolve.path, name=dissolve.name)
            continue
        placed[found] = _transition(dissolve.name, cuts[found] - begin, end - cuts[found], preferred)
    for index in sorted(placed, reverse=True):
        track.insert(index, placed[index])


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
    edges = {(one.storyline, edge) for one in ends for edge in one[:2]} if crossings else set()
    return [one if (one.storyline, one.cut) in edges else one._replace(cut=None) for one in crossings]


def put_crossings(
    track: otio.schema.Track,
    ends: Sequence[Ends],
    crossings: Iterable[Dissolve],
    preferred: Preferred,
) -> None:
    """Put each cross-fade on the edges of the clips of its storyline that lie on this track, in time order."""
    by_cut: dict[Fraction, list[Dissolve]] = {}
    edges: list[Fraction] | None = None
    for crossing in crossings:
        edges = sorted({edge for one in ends for edge in one[:2]}) if edges is None else edges
        covered = edges[bisect_left(edges, crossing.span[0]) : bisect_right(edges, crossing.span[1])]
        for edge in covered if crossing.cut is None else [edge for edge in covered if edge == crossing.cut]:
            by_cut.setdefault(edge, []).append(crossing)
    if not by_cut:
        return
    at, index = ZERO, 0
    for one in ends:
        index += one.record_in > at  # the gap before it
        index += _cross(track, index, one.record_in, one.storyline, by_cut, preferred)
        index += 1
        at = one.record_out
        index += _cross(track, index, one.record_out, one.storyline, by_cut, preferred)


def _cross(
    track: Any, index: int, cut: Fraction, storyline: int, by_cut: dict[Fraction, list[Dissolve]], preferred: Preferred
) -> int:
    """Put a cross-fade on one edge, once for both clips that meet there; give how many items came in."""
    crossing = next((one for one in by_cut.get(cut, ()) if one.storyline == storyline), None)
    if crossing is None:
        return 0
    by_cut[cut].remove(crossing)
    before, after = cut - crossing.span[0], crossing.span[1] - cut
    track.insert(index, _transition(crossing.name or "Cross Fade", before, after, preferred))
    return 1


def _transition(name: str, before: Fraction, after: Fraction, preferred: Preferred) -> otio.schema.Transition:
    before, after = max(before, Fraction(0)), max(after, Fraction(0))
    grid = common_rate([before, after], preferred)
    return otio.schema.Transition(
        name=name,
        transition_type="SMPTE_Dissolve",
        in_offset=to_rational_time(before, grid),
        out_offset=to_rational_time(after, grid),
    )
