"""Reading: the tracks of a snapshot as a timeline, its markers in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, BinaryIO

import opentimelineio as otio

from postsync.formats import ReadOptions, Timelines, path_of
from postsync.model import (
    Laid,
    PlainMarker,
    TimelineFacts,
    TrackFacts,
    build_track,
    lay_without_overlaps,
    put_timeline_facts,
    to_otio_marker,
)
from postsync.report import Report
from postsync_adapters.resolve_snapshot.clips import Item, Takes, clip_of, source_of, takes_of
from postsync_adapters.resolve_snapshot.clock import Clock, clock_of
from postsync_adapters.resolve_snapshot.markers import as_it_was, caption_of, item_markers, timeline_marker
from postsync_adapters.resolve_snapshot.node import Node, root_of

CHANNELS = {
    "mono": 1, "stereo": 2, "lrc": 3, "lcr": 3, "lrcs": 4, "lcrs": 4, "quad": 4, "5.0": 5, "5.0film": 5, "5.1": 6,
    "5.1film": 6, "7.0": 7, "7.0film": 7, "7.1": 8, "7.1film": 8,
}  # fmt: skip
TRACK_KINDS = {"video": otio.schema.TrackKind.Video, "audio": otio.schema.TrackKind.Audio}


Markers = list[tuple[PlainMarker, dict[str, Any] | None]]
"""Markers with how each looked in Resolve, None for captions."""


def read(file: BinaryIO, report: Report, options: ReadOptions) -> Timelines:
    """Read the timeline that was open in Resolve."""
    root = root_of(file)
    timeline_node = root.child("timeline")
    clock = clock_of(timeline_node, options, report)
    application = root.facts.get("application") or {}
    producer = (
        " ".join(str(application[key]) for key in ("product", "version") if application.get(key)) or "DaVinci Resolve"
    )
    path = path_of(file)
    timeline = otio.schema.Timeline(name=timeline_node.text("name") or options.name or (path.stem if path else ""))
    sample_rate = timeline_node.maybe_number("sample_rate")
    facts = TimelineFacts(
        clock.rate, clock.label_frame, int(sample_rate) if sample_rate else None, producer, "resolve_snapshot"
    )
    put_timeline_facts(timeline, facts)
    markers: list[tuple[PlainMarker, dict[str, Any] | None]] = [
        (timeline_marker(node, clock.rate), as_it_was(node)) for node in root.children("markers")
    ]
    takes = takes_of(root)
    for track in root.children("tracks"):
        markers += _add_track(timeline, track, clock, takes, report)
    for marker, was in sorted(markers, key=lambda pair: pair[0].record_in):
        # By what it looks like in Resolve, our scripts find it again.
        foreign = None if was is None else {"resolve_snapshot": was}
        timeline.tracks.markers.append(to_otio_marker(marker, clock.rate.fps, foreign))
    for warning in root.facts.get("warnings") or []:
        report.note("value-unreadable", where="Resolve", name="answer", value=warning)
    return [timeline]


def _add_track(timeline: Any, node: Node, clock: Clock, takes: Takes, report: Report) -> Markers:
    """Lay a track's items; give the markers on them, and the captions of a subtitle track."""
    kind = node.text("type").lower()
    name = node.text("name") or f"{kind.capitalize()} {node.text('index')}".strip()
    items = [_item(item, clock) for item in node.children("items")]
    if kind == "subtitle":
        return [(caption_of(item, name), None) for item in items]
    if kind not in TRACK_KINDS:
        raise node.fault("type", "video, audio or subtitle")
    items = list(_without_transitions(items, name, clock, report))
    facts = TrackFacts(channels=_track_channels(node.text("sub_type")), muted=not node.flag("enabled", True))
    laid: dict[int, list[Laid]] = {0: []}
    markers: Markers = []
    layers = lay_without_overlaps([(item.record_in, item.record_out) for item in items])
    for item, layer in zip(items, layers, strict=True):
        source = source_of(item, kind, clock.rate)
        clip = clip_of(item, kind, source, takes)
        laid.setdefault(layer, []).append(Laid(clip, item.record_in, item.record_out - item.record_in, source.start))
        markers += item_markers(item, source, clock.rate, name)
    for layer, clips in laid.items():
        layer_name = name if layer == 0 else f"{name} ({layer + 1})"
        timeline.tracks.append(build_track(layer_name, TRACK_KINDS[kind], clips, [clock.rate.fps], facts=facts))
    return markers


def _item(node: Node, clock: Clock) -> Item:
    start, end = node.number("start"), node.number("end")
    if end < start:
        raise node.fault("end", f"a frame from {start} on")
    return Item(node, clock.seconds(start), clock.seconds(end))


def _without_transitions(items: Sequence[Item], track: str, clock: Clock, report: Report) -> Iterator[Item]:
    """Leave transitions out. Resolve lists them among the clips, up to 21.0 known only by lying over their neighbours."""
    for item in items:
        kind = item.node.text("type").lower()
        if kind == "transition" or (not kind and item.media is None and _overlaps(item, items)):
            label = TimelineFacts(clock.rate, clock.label_frame).timecode(item.record_in)
            report.note("transition-not-carried", where=track, time=label, name=item.node.text("name"))
        elif item.record_out > item.record_in:
            yield item


def _overlaps(item: Item, items: Iterable[Item]) -> bool:
    return any(
        other.record_in < item.record_out and item.record_in < other.record_out for other in items if other is not item
    )


def _track_channels(sub_type: str) -> int | None:
    folded = sub_type.lower()
    adaptive = folded.removeprefix("adaptive")
    return int(adaptive) if adaptive.isdigit() else CHANNELS.get(folded)
