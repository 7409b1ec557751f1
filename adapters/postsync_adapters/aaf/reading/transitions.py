"""Transitions to fades and cross fades, and their curves.

A transition beside silence is a fade of the clip on its other side; one between two clips is a cross fade, whose neighbours
overlap by its length. OpenTimelineIO's items do not overlap: both are cut at the cut point. Media Composer always states a
linear curve and keeps the true one in an attribute; Premiere states it by the interpolation and leaves its points at 0.
"""

from __future__ import annotations

from dataclasses import dataclass

from postsync.report import Report
from postsync_adapters.aaf.objects import AafObject
from postsync_adapters.aaf.reading.identifiers import CURVE_TYPE, INTERPOLATIONS, LEVEL
from postsync_adapters.aaf.reading.layers import Crossing, Layer, Piece, Units
from postsync_adapters.aaf.reading.levels import parameters
from postsync_adapters.aaf.reading.tags import component_attributes, number

CURVES = ("linear", "equal-power", "logarithmic")

_AVID_CURVES = {0: "linear", 1: "equal-power"}
"""Media Composer's numbers for the curve of an audio dissolve."""


@dataclass(frozen=True)
class CrossFade:
    """A transition between two pieces, in edit units: its cut, what of it lies before and after, and its curve."""

    cut: Units
    before: Units
    after: Units
    curve: str
    crossing: Crossing


def curve_of(effect: AafObject | None) -> str:
    """Give the curve of a fade."""
    if effect is None:
        return "linear"
    stated = number(component_attributes(effect), "_ATN_AUDIO_DISSOLVE_CURVETYPE")
    found = parameters(effect)
    if stated is None and CURVE_TYPE in found:
        value = found[CURVE_TYPE].get("Value")
        stated = value if isinstance(value, int) else None
    if stated in _AVID_CURVES:
        return _AVID_CURVES[stated]
    level = found.get(LEVEL)
    interpolation = None if level is None else level.ref_auid("Interpolation")
    named = INTERPOLATIONS.get(interpolation) if interpolation is not None else None
    return named if named in CURVES else "linear"


def cross(layer: Layer, report: Report) -> list[CrossFade]:
    """Turn the transitions of a layer into fades of its pieces and into cross fades, at which pieces are cut."""
    fades: list[CrossFade] = []
    cuts: list[tuple[Piece, Piece, Units]] = []
    for crossing in layer.crossings:
        before, after = crossing.before, crossing.after
        curve = curve_of(crossing.effect)
        if before is not None and after is not None:
            cut = crossing.start + crossing.cut
            cuts.append((before, after, cut))
            fades.append(CrossFade(cut, crossing.cut, crossing.length - crossing.cut, curve, crossing))
        elif before is not None:
            _fade_out(before, crossing, curve, fades)
        elif after is not None:
            _fade_in(after, crossing, curve, fades)
        else:
            report.note("transition-not-carried", source=crossing.origin, name="transition between nothing")
    for before, after, cut in cuts:
        _cut_at(before, after, cut)
    return fades


def _fade_in(piece: Piece, crossing: Crossing, curve: str, fades: list[CrossFade]) -> None:
    """A stack has no fades of its own: there the transition stays one."""
    if not piece.clips:
        fades.append(CrossFade(crossing.start, 0, crossing.length, curve, crossing))
    else:
        piece.fade_in = (min(crossing.length, piece.length), curve)


def _fade_out(piece: Piece, crossing: Crossing, curve: str, fades: list[CrossFade]) -> None:
    if not piece.clips:
        fades.append(CrossFade(piece.end, crossing.length, 0, curve, crossing))
    else:
        piece.fade_out = (min(crossing.length, piece.length), curve)


def _cut_at(before: Piece, after: Piece, cut: Units) -> None:
    """Let two overlapping pieces meet at a cut."""
    before.length = max(cut - before.start, 0)
    late = min(max(cut - after.start, 0), after.length)
    after.start += late
    after.shift += late
    after.length -= late
