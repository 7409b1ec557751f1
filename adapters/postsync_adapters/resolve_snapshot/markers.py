"""Markers of the timeline and of items, and subtitles, in programme time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from postsync.model import (
    Attachment,
    PlainMarker,
    colour_name,
)
from postsync.timing import Rate
from postsync_adapters.resolve_snapshot.clips import Item, Source
from postsync_adapters.resolve_snapshot.node import Node

AS_IT_WAS = ("frame", "name", "note", "custom_data")
"""What is remembered of a marker."""


def timeline_marker(node: Node, rate: Rate) -> PlainMarker:
    """Read a marker of the timeline."""
    return _marker(node, node.number("frame") / rate.fps, rate, True, None)


def item_markers(item: Item, source: Source, rate: Rate, track: str) -> Iterator[tuple[PlainMarker, dict[str, Any]]]:
    """Place a clip's markers, which count source frames, in the programme; those outside the used part are not seen.

    One that became a cue on the timeline says so out of sight, and is no second one.
    """
    length = item.record_out - item.record_in
    attached = Attachment(track=track, clip=item.node.text("name") or None)
    for node in item.node.children("markers"):
        if not _is_lifted(node.text("custom_data")):
            into = (node.number("frame") / source.rate.fps - source.offset) / (source.speed or 1)
            marker = _marker(node, item.record_in + into, source.rate, 0 <= into < length, attached)
            yield marker, {**as_it_was(node), "item": item.node.text("unique_id")}


def as_it_was(node: Node) -> dict[str, Any]:
    """Give what a marker looked like in Resolve, by which our scripts find it again."""
    return {name: node.facts.get(name) for name in AS_IT_WAS}


def _is_lifted(custom_data: str) -> bool:
    try:
        mark = json.loads(custom_data).get("postsync") if "lifted" in custom_data else None
    except (ValueError, AttributeError, RecursionError):
        return False
    return isinstance(mark, dict) and bool(mark.get("lifted"))


def _marker(node: Node, at: Fraction, rate: Rate, visible: bool, attached: Attachment | None) -> PlainMarker:
    frames, colour = node.maybe_number("duration") or Fraction(1), node.text("color")
    known = colour_name(colour)
    return PlainMarker(
        record_in=at,
        duration=frames / rate.fps if frames > 1 else Fraction(0),
        name=node.text("name"),
        comment=node.text("note"),
        colour=known,
        visible=visible,
        attached_to=attached,
        custom_data=node.text("custom_data") or None,
        origin="resolve_snapshot",
        extra={"colour": colour} if colour and known is None else {},
    )


def caption_of(item: Item, track: str) -> PlainMarker:
    """Give a subtitle as a caption: Resolve's name of the item is its text."""
    return PlainMarker(
        record_in=item.record_in,
        duration=item.record_out - item.record_in,
        comment=item.node.text("name"),
        kind="caption",
        attached_to=Attachment(track=track),
        origin="resolve_snapshot",
    )
