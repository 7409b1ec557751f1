"""Markers, chapters, to-dos and captions, each at its exact programme time with what it hung on.

Markers of a browser clip are copied with every use of it, also those outside the part that is used: all are read, and those
are not visible. What tells one marker from its copies is its host's media and the time in it.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from postsync.model import Attachment, PlainMarker
from postsync.report import Report
from postsync.timing import fraction_text
from postsync_adapters.fcpxml.document import Asset, Element
from postsync_adapters.fcpxml.reading.attributes import NESTS, time_of
from postsync_adapters.fcpxml.reading.scene import Host, Scene, Story
from postsync_adapters.fcpxml.reading.words import plain_text, text_runs
from postsync_adapters.fcpxml.time import ZERO, holds

MARKERS = frozenset({"marker", "chapter-marker"})

MARKER_COLOURS = {"marker": "blue", "to-do": "red", "completed": "green", "chapter": "orange"}
"""The format has no colours; these are the ones that Final Cut draws."""

_TO_DO = {"0": "to-do", "1": "completed"}

_FARTHEST = 10**18
"""Final Cut leaves markers millions of years outside their clips, where nobody sees them."""

_LONGEST_POINT = Fraction(1, 23)
"""Markers are points, written as one frame of whatever they sit on."""


def take_markers(host: Host, asset: Asset | None, story: Story, report: Report) -> None:
    """Take the markers of one element."""
    for tag, child in host.children:
        if tag in MARKERS:
            _take(tag, child, host, asset, story, report)


def _take(tag: str, element: Element, host: Host, asset: Asset | None, story: Story, report: Report) -> None:
    start = time_of(element, "start", host.start, report, _FARTHEST)
    assert start is not None
    at = host.clock.programme(start)
    visible = host.scene.active and holds(host.span, at) and _seen(host.scene, at)
    key = (*host.scene.chain, element)
    known = story.markers.get(key)
    if known is not None and (known.visible or not visible):
        return
    kind = "chapter" if tag == "chapter-marker" else _TO_DO.get(element.get("completed") or "", "marker")
    length = time_of(element, "duration", ZERO, report) or ZERO
    extra: dict[str, Any] = {"host_time": fraction_text(host.original(start))}
    source = _source_of(host, asset)
    if source is not None:
        extra["host"] = source
    if element.get("posterOffset"):
        extra["poster_offset"] = element.get("posterOffset")
    if "hidden-clip-marker" in host.parts:
        extra["hidden_in_lists"] = True
    point = length * host.scene.speed <= 1 or length <= _LONGEST_POINT
    story.markers[key] = PlainMarker(
        record_in=at,
        duration=ZERO if point else abs(length * host.pace),
        name=element.get("value") or "",
        comment=element.get("note") or "",
        colour=MARKER_COLOURS[kind],
        kind=kind,
        visible=visible,
        attached_to=Attachment(clip=host.name or None),
        origin=host.path,
        extra=extra,
    )


def _source_of(host: Host, asset: Asset | None) -> str | None:
    """Name what a marker's clip plays: the address of its file, or the resource of a compound or multicam clip."""
    if asset is not None:
        return asset.src or asset.facts.uid or asset.id
    return host.element.get("ref") if host.tag in NESTS else None


def take_caption(host: Host, story: Story) -> None:
    """Take a caption as a marker with length; its role names the language, its runs their styles."""
    element = host.element
    extra: dict[str, Any] = {"role": element.get("role") or "", "enabled": host.enabled}
    runs = text_runs(element)
    if runs:
        extra["runs"] = runs
    place = (*host.scene.chain, element)
    story.markers[place] = PlainMarker(
        record_in=host.span[0],
        duration=host.span[1] - host.span[0],
        name=host.name,
        comment=plain_text(element),
        kind="caption",
        visible=host.scene.active and _seen(host.scene, host.span[0]),
        origin=host.path,
        extra=extra,
    )


def _seen(scene: Scene, at: Any) -> bool:
    return holds(scene.picture, at) or holds(scene.sound, at)
