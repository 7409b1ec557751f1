"""What our script saw in an open DaVinci Resolve, as JSON: `postsync.resolve-snapshot/1`.

The script `Export ADR Cues` writes it inside Resolve, where nothing of ours can be imported; this module is the other half.
Values are those that the scripting interface gave. The spaces they count in, which Resolve does not name, are:

- `timeline.start_frame`, `end_frame`, and `start`, `end` of items: absolute frames, the start label included;
- `markers` of the timeline: frames from its first frame;
- `markers` of items: frames of the source from its first frame;
- `left_offset`: frames of the source before the item, at the timeline's rate on sound tracks;
- `source_start_time`, `source_end_time`: seconds by the media's own timecode.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, BinaryIO

import opentimelineio as otio

from postsync.cueing import custom_record
from postsync.errors import FormatError, RateError
from postsync.formats import MARKER_FEATURES, Claim, Feature, Format, ReadOptions, Timelines, path_of
from postsync.model import (
    Attachment,
    ClipFacts,
    Laid,
    MediaFacts,
    PlainMarker,
    TimelineFacts,
    TrackFacts,
    build_track,
    colour_name,
    lay_without_overlaps,
    put_block,
    put_clip_facts,
    put_media_facts,
    put_timeline_facts,
    to_otio_marker,
)
from postsync.report import Report
from postsync.timing import Rate, as_rate, common_rate, is_timecode, parse_timecode, seconds_of_frame, to_time_range

SCHEMA = "postsync.resolve-snapshot/1"
SCHEMA_FAMILY = b"postsync.resolve-snapshot/"

TRUNCATED_RATES = {"23": "23.976", "29": "29.97", "47": "47.952", "59": "59.94", "95": "95.904", "119": "119.88"}
"""Old builds of Resolve cut the decimals off."""

CHANNELS = {
    "mono": 1, "stereo": 2, "lrc": 3, "lcr": 3, "lrcs": 4, "lcrs": 4, "quad": 4, "5.0": 5, "5.0film": 5, "5.1": 6,
    "5.1film": 6, "7.0": 7, "7.0film": 7, "7.1": 8, "7.1film": 8,
}  # fmt: skip
KINDS = {"audio": "sound", "still": "still", "video": "picture", "video + audio": "picture", "timeline": "picture"}
TRACK_KINDS = {"video": otio.schema.TrackKind.Video, "audio": otio.schema.TrackKind.Audio}

AS_IT_WAS = ("frame", "name", "note", "custom_data")
"""What is remembered of a marker."""

Markers = list[tuple[PlainMarker, dict[str, Any] | None]]
"""Markers with how each looked in Resolve, None for captions."""

Takes = Mapping[str, Mapping[str, Any]]
"""By the id of a take: the uid of its cue, its record, and its placement."""

ODD_SPEED = Fraction(3, 2)
"""Frames by which source and timeline lengths may differ before a clip counts as retimed: each of them is rounded."""


def sniff(head: bytes) -> Claim:
    """Say whether the first bytes are a snapshot of ours."""
    return Claim.CERTAIN if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") and SCHEMA_FAMILY in head else Claim.NO


# ---------------------------------------------------------------------------------------------------------- checking


@dataclass(frozen=True)
class _Node:
    """A JSON object with the way to it, so that a fault can be named by its place."""

    facts: Mapping[str, Any]
    place: str

    def fault(self, name: str, expected: str) -> FormatError:
        found = self.facts.get(name)
        return FormatError(
            place=f"{self.place}.{name}", expected=expected, found="nothing" if found is None else repr(found)
        )

    def child(self, name: str) -> _Node:
        if not isinstance(self.facts.get(name), dict):
            raise self.fault(name, "an object")
        return _Node(self.facts[name], f"{self.place}.{name}")

    def children(self, name: str) -> Iterator[_Node]:
        found = self.facts.get(name)
        if found is not None and not isinstance(found, list):
            raise self.fault(name, "a list")
        for index, facts in enumerate(found or []):
            place = f"{self.place}.{name}[{index}]"
            if not isinstance(facts, dict):
                raise FormatError(place=place, expected="an object", found=repr(facts))
            yield _Node(facts, place)

    def text(self, name: str) -> str:
        found = self.facts.get(name)
        if found is not None and not isinstance(found, (str, int, float)):
            raise self.fault(name, "a text")
        return "" if found is None or isinstance(found, bool) else str(found).strip()

    def number(self, name: str) -> Fraction:
        found = self.maybe_number(name)
        if found is None:
            raise self.fault(name, "a number")
        return found

    def maybe_number(self, name: str) -> Fraction | None:
        """Give a number; Resolve hands many of them over as text, and an empty text where there is none."""
        found = self.facts.get(name)
        if found is None or found == "" or isinstance(found, bool):
            return None
        try:
            return Fraction(str(found).strip())
        except (ValueError, ZeroDivisionError):
            raise self.fault(name, "a number") from None

    def flag(self, name: str, default: bool) -> bool:
        found = self.facts.get(name)
        if found is not None and not isinstance(found, (bool, int)):
            raise self.fault(name, "true or false")
        return default if found is None else bool(found)


def read(file: BinaryIO, report: Report, options: ReadOptions) -> Timelines:
    """Read the timeline that was open in Resolve."""
    root = _root(file)
    timeline_node = root.child("timeline")
    clock = _clock(timeline_node, options, report)
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
        (_timeline_marker(node, clock.rate), _as_it_was(node)) for node in root.children("markers")
    ]
    takes = _takes(root)
    for track in root.children("tracks"):
        markers += _add_track(timeline, track, clock, takes, report)
    for marker, was in sorted(markers, key=lambda pair: pair[0].record_in):
        # By what it looks like in Resolve, our scripts find it again.
        foreign = None if was is None else {FORMAT.name: was}
        timeline.tracks.markers.append(to_otio_marker(marker, clock.rate.fps, foreign))
    for warning in root.facts.get("warnings") or []:
        report.note("value-unreadable", where="Resolve", name="answer", value=warning)
    return [timeline]


def _root(file: BinaryIO) -> _Node:
    try:
        facts = json.loads(file.read().decode("utf-8-sig"))
    except UnicodeDecodeError as fault:
        raise FormatError("not UTF-8", place=f"byte {fault.start}") from fault
    except json.JSONDecodeError as fault:
        raise FormatError(f"not JSON: {fault.msg}", place=f"line {fault.lineno}") from fault
    if not isinstance(facts, dict):
        raise FormatError(place="$", expected="an object", found=type(facts).__name__)
    if facts.get("schema") != SCHEMA:
        remedy = "update postsync, or install the script again with `postsync resolve install`"
        raise FormatError(place="$.schema", expected=repr(SCHEMA), found=repr(facts.get("schema")), remedy=remedy)
    return _Node(facts, "$")


# ---------------------------------------------------------------------------------------------------------- the clock


@dataclass(frozen=True)
class _Clock:
    """The timeline's rate, the frame of its first label, and the frame number that Resolve gives that place."""

    rate: Rate
    label_frame: int
    start_frame: Fraction

    def seconds(self, frame: Fraction) -> Fraction:
        """Give the time of an absolute frame, which may lie between two."""
        return (frame - self.start_frame) / self.rate.fps


def _clock(node: _Node, options: ReadOptions, report: Report) -> _Clock:
    label = node.text("start_timecode")
    rate = options.rate or _rate(node, label)
    given = node.maybe_number("start_frame")
    if not is_timecode(label):
        if given is None:
            raise node.fault("start_timecode", "a timecode, or a number in start_frame")
        return _Clock(rate, int(given), given)
    frame = _label_frame(node, label, rate)
    if given is not None and given != frame:
        report.note("stamp-disagrees", where=node.text("name"), was=f"start frame {given}", now=f"{label} ({frame})")
    return _Clock(rate, frame, Fraction(frame) if given is None else given)


def _rate(node: _Node, label: str) -> Rate:
    """Read the rate as any build gives it; the drop flag from the setting, the rate's own words, or the start label."""
    text = node.text("frame_rate")
    try:
        rate = _rate_of_text(text)
        drop = node.flag("drop_frame", False) or rate.drop or ";" in label
        return rate.with_drop(drop)
    except RateError as fault:
        raise node.fault("frame_rate", "a frame rate") from fault


def _rate_of_text(text: str) -> Rate:
    words = text.split()
    number = words[0] if words else ""
    whole = number.removesuffix(".0")
    return as_rate(" ".join([TRUNCATED_RATES.get(whole, number), *words[1:]]))


def _label_frame(node: _Node, label: str, rate: Rate) -> int:
    try:
        return parse_timecode(label, rate)
    except FormatError as fault:
        raise FormatError(
            fault.message, place=f"{node.place}.start_timecode", expected=fault.expected, found=fault.found
        ) from fault


# ---------------------------------------------------------------------------------------------------------- the tracks


@dataclass(frozen=True)
class _Item:
    """One thing on a track, its place in exact seconds from the timeline's first frame."""

    node: _Node
    record_in: Fraction
    record_out: Fraction

    @property
    def media(self) -> _Node | None:
        return self.node.child("media") if self.node.facts.get("media") is not None else None


def _add_track(timeline: Any, node: _Node, clock: _Clock, takes: Takes, report: Report) -> Markers:
    """Lay a track's items; give the markers on them, and the captions of a subtitle track."""
    kind = node.text("type").lower()
    name = node.text("name") or f"{kind.capitalize()} {node.text('index')}".strip()
    items = [_item(item, clock) for item in node.children("items")]
    if kind == "subtitle":
        return [(_caption(item, name), None) for item in items]
    if kind not in TRACK_KINDS:
        raise node.fault("type", "video, audio or subtitle")
    items = list(_without_transitions(items, name, clock, report))
    facts = TrackFacts(channels=_track_channels(node.text("sub_type")), muted=not node.flag("enabled", True))
    laid: dict[int, list[Laid]] = {0: []}
    markers: Markers = []
    layers = lay_without_overlaps([(item.record_in, item.record_out) for item in items])
    for item, layer in zip(items, layers, strict=True):
        source = _source(item, kind, clock.rate)
        clip = _clip(item, kind, source, takes)
        laid.setdefault(layer, []).append(Laid(clip, item.record_in, item.record_out - item.record_in, source.start))
        markers += _item_markers(item, source, clock.rate, name)
    for layer, clips in laid.items():
        layer_name = name if layer == 0 else f"{name} ({layer + 1})"
        timeline.tracks.append(build_track(layer_name, TRACK_KINDS[kind], clips, [clock.rate.fps], facts=facts))
    return markers


def _item(node: _Node, clock: _Clock) -> _Item:
    start, end = node.number("start"), node.number("end")
    if end < start:
        raise node.fault("end", f"a frame from {start} on")
    return _Item(node, clock.seconds(start), clock.seconds(end))


def _without_transitions(items: Sequence[_Item], track: str, clock: _Clock, report: Report) -> Iterator[_Item]:
    """Leave transitions out. Resolve lists them among the clips, up to 21.0 known only by lying over their neighbours."""
    for item in items:
        kind = item.node.text("type").lower()
        if kind == "transition" or (not kind and item.media is None and _overlaps(item, items)):
            label = TimelineFacts(clock.rate, clock.label_frame).timecode(item.record_in)
            report.note("transition-not-carried", where=track, time=label, name=item.node.text("name"))
        elif item.record_out > item.record_in:
            yield item


def _overlaps(item: _Item, items: Iterable[_Item]) -> bool:
    return any(
        other.record_in < item.record_out and item.record_in < other.record_out for other in items if other is not item
    )


def _track_channels(sub_type: str) -> int | None:
    folded = sub_type.lower()
    adaptive = folded.removeprefix("adaptive")
    return int(adaptive) if adaptive.isdigit() else CHANNELS.get(folded)


# ---------------------------------------------------------------------------------------------------------- the clips


@dataclass(frozen=True)
class _Source:
    """Where a clip's material lies: `start` by the media's timecode, `offset` from its first frame, both in seconds."""

    start: Fraction
    offset: Fraction
    media_start: Fraction
    rate: Rate
    speed: Fraction


def _source(item: _Item, kind: str, rate: Rate) -> _Source:
    media = item.media
    media_rate = rate if media is None else _media_rate(media, rate)
    media_start = Fraction(0) if media is None else _media_start(media, media_rate)
    speed = _speed(item, rate)
    offset = _offset(item, kind, rate, media_rate, media_start, speed)
    return _Source(media_start + offset, offset, media_start, media_rate, speed)


def _media_rate(media: _Node, default: Rate) -> Rate:
    """Give the media's rate; sound files have the one that Resolve lent them when they were imported."""
    text = media.text("fps")
    try:
        return _rate_of_text(text) if text else default.with_drop(False)
    except RateError as fault:
        raise media.fault("fps", "a frame rate") from fault


def _media_start(media: _Node, rate: Rate) -> Fraction:
    label = media.text("start_tc")
    if not is_timecode(label):
        return Fraction(0)
    if ";" in label and rate.can_drop:
        rate = rate.with_drop(True)
    return seconds_of_frame(_label_frame_of(media, label, rate), rate)


def _label_frame_of(media: _Node, label: str, rate: Rate) -> int:
    try:
        return parse_timecode(label, rate)
    except FormatError as fault:
        raise FormatError(fault.message, place=f"{media.place}.start_tc", found=fault.found) from fault


def _speed(item: _Item, rate: Rate) -> Fraction:
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


def _offset(item: _Item, kind: str, rate: Rate, media_rate: Rate, media_start: Fraction, speed: Fraction) -> Fraction:
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


def _clip(item: _Item, kind: str, source: _Source, takes: Takes) -> Any:
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


def _takes(root: _Node) -> Takes:
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


def _channels(node: _Node) -> tuple[int, ...] | None:
    """Give the source channels of the item's own track in its channel mapping, which is JSON inside the JSON."""
    text = node.text("audio_mapping")
    try:
        tracks = json.loads(text)["track_mapping"] if text else {}
        entry = tracks[min(tracks, key=int)] if tracks else {}
        found = tuple(int(channel) for channel in entry.get("channel_idx") or [])
    except (ValueError, KeyError, TypeError, AttributeError):
        raise node.fault("audio_mapping", "Resolve's channel mapping as JSON text") from None
    return tuple(channel for channel in found if channel > 0) or None


def _media(media: _Node | None, source: _Source) -> Any:
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


def _media_facts(media: _Node, source: _Source) -> MediaFacts:
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


# ---------------------------------------------------------------------------------------------------------- the markers


def _timeline_marker(node: _Node, rate: Rate) -> PlainMarker:
    return _marker(node, node.number("frame") / rate.fps, rate, True, None)


def _item_markers(item: _Item, source: _Source, rate: Rate, track: str) -> Iterator[tuple[PlainMarker, dict[str, Any]]]:
    """Place a clip's markers, which count source frames, in the programme; those outside the used part are not seen.

    One that became a cue on the timeline says so out of sight, and is no second one.
    """
    length = item.record_out - item.record_in
    attached = Attachment(track=track, clip=item.node.text("name") or None)
    for node in item.node.children("markers"):
        if not _is_lifted(node.text("custom_data")):
            into = (node.number("frame") / source.rate.fps - source.offset) / (source.speed or 1)
            marker = _marker(node, item.record_in + into, source.rate, 0 <= into < length, attached)
            yield marker, {**_as_it_was(node), "item": item.node.text("unique_id")}


def _as_it_was(node: _Node) -> dict[str, Any]:
    return {name: node.facts.get(name) for name in AS_IT_WAS}


def _is_lifted(custom_data: str) -> bool:
    try:
        mark = json.loads(custom_data).get("postsync") if "lifted" in custom_data else None
    except (ValueError, AttributeError, RecursionError):
        return False
    return isinstance(mark, dict) and bool(mark.get("lifted"))


def _marker(node: _Node, at: Fraction, rate: Rate, visible: bool, attached: Attachment | None) -> PlainMarker:
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


def _caption(item: _Item, track: str) -> PlainMarker:
    """Give a subtitle as a caption: Resolve's name of the item is its text."""
    return PlainMarker(
        record_in=item.record_in,
        duration=item.record_out - item.record_in,
        comment=item.node.text("name"),
        kind="caption",
        attached_to=Attachment(track=track),
        origin="resolve_snapshot",
    )


FORMAT = Format(
    name="resolve_snapshot",
    title="DaVinci Resolve snapshot",
    suffixes=(".json",),
    sniff=sniff,
    reads=(
        Feature.PICTURE | Feature.SOUND | Feature.TRACK_NAMES | Feature.START_TIMECODE | Feature.DROP_FRAME | Feature.MEDIA
        | Feature.SOURCE_TIMECODE | Feature.MULTICHANNEL | Feature.SPEED | Feature.DISABLED | Feature.TRACK_STATE
        | Feature.SUBFRAME | MARKER_FEATURES
    ),
    read=read,
    claims_suffixes_in_otio=False,
)  # fmt: skip
globals().update(FORMAT.otio_functions())
