"""Items to clips: where their material lies, how fast it plays, of which take they are."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import opentimelineio as otio

from postsync.cueing import custom_record
from postsync.errors import RateError
from postsync.model import (
    ClipFacts,
    MediaFacts,
    put_block,
    put_clip_facts,
    put_media_facts,
)
from postsync.timing import Rate, common_rate, is_timecode, seconds_of_frame, to_time_range
from postsync_adapters.resolve_snapshot.clock import label_frame, rate_of_text
from postsync_adapters.resolve_snapshot.node import Node

KINDS = {"audio": "sound", "still": "still", "video": "picture", "video + audio": "picture", "timeline": "picture"}

Takes = Mapping[str, Mapping[str, Any]]
"""By the id of a take: the uid of its cue, its record, and its placement."""

ODD_SPEED = Fraction(3, 2)
"""Frames by which source and timeline lengths may differ before a clip counts as retimed: each of them is rounded."""


@dataclass(frozen=True)
class Item:
    """One thing on a track, its place in exact seconds from the timeline's first frame."""

    node: Node
    record_in: Fraction
    record_out: Fraction

    @property
    def media(self) -> Node | None:
        """The media behind it, where Resolve knows one."""
        return self.node.child("media") if self.node.facts.get("media") is not None else None


@dataclass(frozen=True)
class Source:
    """Where a clip's material lies: `start` by the media's timecode, `offset` from its first frame, both in seconds."""

    start: Fraction
    offset: Fraction
    media_start: Fraction
    rate: Rate
    speed: Fraction


def source_of(item: Item, kind: str, rate: Rate) -> Source:
    """Say where the material of an item lies."""
    media = item.media
    media_rate = rate if media is None else _media_rate(media, rate)
    media_start = Fraction(0) if media is None else _media_start(media, media_rate)
    speed = _speed(item, rate)
    offset = _offset(item, kind, rate, media_rate, media_start, speed)
    return Source(media_start + offset, offset, media_start, media_rate, speed)


def _media_rate(media: Node, default: Rate) -> Rate:
    """Give the media's rate; sound files have the one that Resolve lent them when they were imported."""
    text = media.text("fps")
    try:
        return rate_of_text(text) if text else default.with_drop(False)
    except RateError as fault:
        raise media.fault("fps", "a frame rate") from fault


def _media_start(media: Node, rate: Rate) -> Fraction:
    label = media.text("start_tc")
    if not is_timecode(label):
        return Fraction(0)
    if ";" in label and rate.can_drop:
        rate = rate.with_drop(True)
    return seconds_of_frame(label_frame(media, "start_tc", rate), rate)


def _speed(item: Item, rate: Rate) -> Fraction:
    """Give the speed that Resolve 21.1 states, else what source and timeline lengths say beyond their rounding."""
    stated = item.node.maybe_number("speed_percent")
    if stated is not None:
        return stated / 100
    first, last = item.node.maybe_number("source_start_time"), item.node.maybe_number("source_end_time")
    length = item.record_out - item.record_in
    if first is None or last is None or length == 0 or last <= first:
        return Fraction(1)
    ratio = (last - first) / length
    return Fraction(1) if abs(ratio - 1) * length * rate.fps <= ODD_SPEED else ratio.limit_denominator(1000)


def _offset(item: Item, kind: str, rate: Rate, media_rate: Rate, media_start: Fraction, speed: Fraction) -> Fraction:
    """Give the seconds of the media before the clip.

    `GetLeftOffset` is the exact one, but in frames of the timeline on sound and of the media on picture; where the seconds
    that Resolve also gives say otherwise, they choose. On a retimed clip only the seconds are in media time.
    """
    left, first = item.node.maybe_number("left_offset"), item.node.maybe_number("source_start_time")
    seconds = None if first is None else (first - media_start).limit_denominator(1_000_000)
    if left is None or (speed != 1 and seconds is not None):
        return Fraction(0) if seconds is None else seconds
    readings = [left / rate.fps, left / media_rate.fps]
    usual = readings[0 if kind == "audio" else 1]
    frame = max(rate.seconds_per_frame, media_rate.seconds_per_frame)
    if seconds is None or abs(usual - seconds) <= frame:
        return usual
    return next((reading for reading in readings if abs(reading - seconds) <= frame), usual)


def clip_of(item: Item, kind: str, source: Source, takes: Takes) -> Any:
    """Make the clip of an item; one of a take names its cue."""
    node, take = item.node, {} if item.media is None else takes.get(item.media.text("take").partition("/")[0], {})
    clip = otio.schema.Clip(name=node.text("name"), media_reference=_media(item.media, source))
    clip.enabled = node.flag("enabled", True)
    extra = {name: node.facts[name] for name in ("color", "unique_id", "type") if node.facts.get(name)}
    linked = sorted(str(one) for one in [node.text("unique_id"), *(node.facts.get("linked_ids") or [])] if one)
    put_clip_facts(
        clip,
        ClipFacts(
            channels=_channels(node) if kind == "audio" else None,
            speed=source.speed,
            link_group=linked[0] if len(linked) > 1 else None,
            cue_uid=take.get("cue"),
            origin="resolve_snapshot",
            extra=extra,
        ),
    )
    put_block(clip, {name: take[name] for name in ("take", "placement") if take.get(name)})
    return clip


def takes_of(root: Node) -> Takes:
    """Give the takes of the cues in the timeline; a clip of one has its id in the metadata of its media."""
    found: dict[str, Mapping[str, Any]] = {}
    for node in root.children("markers"):
        record = custom_record(node.text("custom_data")) or {}
        placements = {one.get("take"): one for one in _objects(record, "placements")}
        for take in _objects(record, "takes"):
            uid = str(take.get("uid") or "")
            found[uid] = {"cue": str(record["uid"]), "take": take, "placement": placements.get(uid)}
    return found


def _objects(record: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    found = record.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _channels(node: Node) -> tuple[int, ...] | None:
    """Give the source channels of the item's own track in its channel mapping, which is JSON inside the JSON."""
    text = node.text("audio_mapping")
    try:
        tracks = json.loads(text)["track_mapping"] if text else {}
        entry = tracks[min(tracks, key=int)] if tracks else {}
        found = tuple(int(channel) for channel in entry.get("channel_idx") or [])
    except (ValueError, KeyError, TypeError, AttributeError):
        raise node.fault("audio_mapping", "Resolve's channel mapping as JSON text") from None
    return tuple(channel for channel in found if channel > 0) or None


def _media(media: Node | None, source: Source) -> Any:
    if media is None:
        return otio.schema.MissingReference()
    path, frames = media.text("file_path"), media.maybe_number("frames")
    available = None
    if frames:
        length = frames / source.rate.fps
        available = to_time_range(
            source.media_start, length, common_rate([source.media_start, length], [source.rate.fps])
        )
    name = media.text("name")
    if path:
        reference: Any = otio.schema.ExternalReference(target_url=path, available_range=available)
    else:
        reference = otio.schema.MissingReference(available_range=available)
    reference.name = name
    put_media_facts(reference, _media_facts(media, source))
    return reference


def _media_facts(media: Node, source: Source) -> MediaFacts:
    kind = KINDS.get(media.text("type").lower())
    channels, sample_rate, bits = (media.maybe_number(name) for name in ("audio_ch", "sample_rate", "bit_depth"))
    metadata = media.facts.get("metadata")
    return MediaFacts(
        name=media.text("name") or None,
        channels=int(channels) if channels else None,
        sample_rate=int(sample_rate) if sample_rate else None,
        bits=int(bits) if bits else None,
        rate=source.rate.text,
        drop_frame=";" in media.text("start_tc"),
        tape=media.text("reel") or None,
        uid=media.text("unique_id") or None,
        kind=kind,
        has_picture=None if kind is None else kind != "sound",
        extra={"metadata": metadata} if isinstance(metadata, dict) and metadata else {},
    )
