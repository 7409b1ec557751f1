"""Timelines as cuts: every track as segments, dissolves with both sides, ramps in their stretches of steady speed.

Timelines are read as OpenTimelineIO's own JSON, ten times as fast as asking each object; tracks with nests or clips without a
range go through the exact walk of the model.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

import opentimelineio as otio

from postsync.conforming.cuts import Cut, Number, ReelSpan, Segment
from postsync.conforming.layers import TAIL, weigh_layers
from postsync.conforming.names import Namer, shooting_day
from postsync.errors import RateError
from postsync.model import PlacedTrack, TimelineFacts, placed_tracks, timeline_facts, without_searching_for_cycles
from postsync.timing import Rate, from_rational_time, rate_of_float, round_half_up

STILL_KINDS = ("still",)


@without_searching_for_cycles()
def cut_of(timelines: Any, namer: Namer | None = None) -> Cut:
    """Read a cut from a timeline, or from its reels in order.

    Reels of which one begins before the last has ended are moved whole days apart on the axis. Raises RateError where reels
    have different rates.

    >>> cut_of(timeline).length
    180
    """
    reels = list(timelines) if isinstance(timelines, (list, tuple)) else [timelines]
    known = namer or Namer()
    facts = [timeline_facts(reel) for reel in reels]
    if len({(one.rate.fps, one.rate.drop) for one in facts}) > 1:
        names = ", ".join(f"{reel.name} {one.rate.name}" for reel, one in zip(reels, facts, strict=True))
        raise RateError("reels of one cut have different rates", found=names, remedy="read them at one rate: --rate")
    rate, free = facts[0].rate, 0
    spans: list[ReelSpan] = []
    segments: list[Segment] = []
    tracks = 0
    for reel, own in zip(reels, facts, strict=True):
        found, tracks = _segments(reel, own, known, tracks)
        end = max((one.record_out for one in found), default=own.start_frame)
        end = max(end, own.start_frame + _length(reel, own.rate))
        day = rate.frames_per_day
        shift = 0 if own.start_frame >= free else -(-(free - own.start_frame) // day) * day
        for one in found if shift else ():
            one.record_in, one.record_out, one.phase = (
                one.record_in + shift,
                one.record_out + shift,
                one.phase - one.speed * shift,
            )
        spans.append(ReelSpan(reel.name or f"reel {len(spans) + 1}", own.start_frame + shift, end + shift, shift))
        free = end + shift
        segments += found
    segments.sort(key=lambda one: (one.record_in, one.record_out, one.track))
    return Cut(reels[0].name if len(reels) == 1 else f"{reels[0].name} …", rate, tuple(spans), tuple(segments))


def _length(timeline: Any, rate: Rate) -> int:
    lengths = [from_rational_time(track.duration()) for track in timeline.tracks if len(track)]
    return round_half_up(max(lengths, default=Fraction(0)) * rate.fps)


def _segments(timeline: Any, facts: TimelineFacts, namer: Namer, first: int) -> tuple[list[Segment], int]:
    """Read every track of a timeline, those without nests as JSON; then weigh what covers what."""
    found: list[list[Segment]] = []
    exact: dict[tuple[str, int], PlacedTrack] | None = None
    counts: dict[str, int] = {}
    for track in timeline.tracks:
        kind = track.kind.lower()
        counts[kind] = counts.get(kind, 0) + 1
        reading = _Track(first, kind == "audio", facts, namer)
        first += 1
        plain = json.loads(track.to_json_string(-1))
        if plain.get("source_range") is None and all(_is_flat(item) for item in plain["children"]):
            found.append(list(reading.of_plain(plain["children"])))
            continue
        if exact is None:
            exact = {(one.kind, one.index): one for one in placed_tracks(timeline)}
        found.append(list(reading.of_placed(exact[kind, counts[kind]])))
    weigh_layers([one for one in found if one and not one[0].sound])
    return [segment for one in found for segment in one], first


def _is_flat(item: dict[str, Any]) -> bool:
    schema = item["OTIO_SCHEMA"]
    return schema.startswith("Transition") or (
        item.get("source_range") is not None and schema.startswith(("Clip", "Gap"))
    )


@dataclass
class _Track:
    """Reads one track; times are frames of the timeline, whole wherever the file has them so."""

    number: int
    sound: bool
    facts: TimelineFacts
    namer: Namer
    hour: int = 0

    def __post_init__(self) -> None:
        self.hour = self.facts.rate.frames_per_day // 24

    def of_plain(self, children: Sequence[dict[str, Any]]) -> Iterator[Segment]:
        """Yield the segments of OpenTimelineIO's own JSON of a track."""
        fps = self.facts.rate.fps
        at: Number = self.facts.start_frame
        lead: Number = 0
        last: dict[str, Any] | None = None
        for item in children:
            schema = item["OTIO_SCHEMA"]
            if schema.startswith("Transition"):
                before, after = _frames(item["in_offset"], fps), _frames(item["out_offset"], fps)
                if last is not None and after:
                    yield from self._segment(last, at - last["length"], at, at + after, TAIL)
                lead = before
                continue
            length = _frames(item["source_range"]["duration"], fps)
            if schema.startswith("Clip") and item.get("enabled", True):
                item["length"] = length
                if lead:
                    yield from self._segment(item, at, at - lead, at, TAIL)
                yield from self._segment(item, at, at, at + length, 1.0)
                last = item
            else:
                last = None
            at, lead = at + length, 0

    def of_placed(self, track: PlacedTrack) -> Iterator[Segment]:
        """Yield the segments of a track that was walked exactly: nests opened, clips without ranges."""
        fps, start = self.facts.rate.fps, self.facts.start_frame
        for clip in track.clips:
            if not clip.enabled:
                continue
            item = json.loads(clip.clip.to_json_string(-1))
            item["start"] = clip.source_start * fps
            first, last = start + clip.record_in * fps, start + clip.record_out * fps
            yield from self._segment(item, first, first, last, 1.0)

    def _segment(
        self, clip: dict[str, Any], begins: Number, start: Number, end: Number, weight: float
    ) -> Iterator[Segment]:
        """Yield what a clip that begins at `begins` plays from `start` to `end`: one segment, or one for each of its speeds."""
        record_in, record_out = _nearest(start), _nearest(end)
        if record_in >= record_out or (clip["metadata"].get("postsync") or {}).get("cue_uid"):
            return  # a placed take goes where its cue goes: where it lies says nothing of the cut
        known = self._known(clip)
        for first, last, phase, speed in self._motions(clip, begins, record_in, record_out):
            yield Segment(
                self.number, self.sound, first, last, phase, speed, known.names, known.fields, known.name,
                known.version, known.timed, weight, known.origin, known.day,
                speed == 1 and (phase + first) % self.hour == 0,
            )  # fmt: skip

    def _motions(
        self, clip: dict[str, Any], begins: Number, record_in: int, record_out: int
    ) -> Iterator[tuple[int, int, Number, Number]]:
        """Yield the stretches of steady speed in a clip, with their phases."""
        fps = self.facts.rate.fps
        head = clip["start"] if "start" in clip else _frames(clip["source_range"]["start_time"], fps)
        block = clip["metadata"].get("postsync") or {}
        points = block.get("retime")
        if points:
            yield from self._ramp(clip, begins, record_in, record_out, [(Fraction(a), Fraction(b)) for a, b in points])
            return
        speed = _speed(clip, block)
        if speed == 1:
            phase = head - begins
            yield record_in, record_out, phase if type(phase) is int else _nearest(phase), 1
            return
        # Played backwards, what is used begins at its top.
        length: Number = clip["length"] if "length" in clip else record_out - record_in
        used = (-speed if speed < 0 else speed) * length
        base = head + used if speed < 0 else head
        yield record_in, record_out, base - speed * begins, speed

    def _ramp(
        self,
        clip: dict[str, Any],
        begins: Number,
        record_in: int,
        record_out: int,
        points: list[tuple[Fraction, Fraction]],
    ) -> Iterator[tuple[int, int, Number, Number]]:
        """Yield the stretches between the places at which speed changes; seconds into the clip, seconds into its media."""
        fps = self.facts.rate.fps
        media = _media(clip).get("available_range")
        zero = Fraction(0) if media is None else Fraction(_frames(media["start_time"], fps))
        at = record_in
        for (before, low), (after, high) in pairwise(points):
            if after <= before:
                continue
            edge = min(_nearest(begins + after * fps), record_out)
            if edge > at:
                speed = (high - low) / (after - before)
                yield at, edge, zero + low * fps - speed * (begins + before * fps), speed
                at = edge
        if at < record_out and len(points) > 1:
            yield at, record_out, zero + points[-1][1] * fps, Fraction(0)

    def _known(self, clip: dict[str, Any]) -> _Known:
        """Gather what a clip may be known by."""
        media, metadata = _media(clip), clip["metadata"]
        facts = media.get("metadata", {}).get("postsync") or {}
        block = metadata.get("postsync") or {}
        cmx = metadata.get("cmx_3600") or {}
        texts = {
            "uid": facts.get("uid"),
            "file": media.get("target_url") or facts.get("name") or media.get("name"),
            "tape": facts.get("tape") or cmx.get("reel"),
            "name": clip.get("name"),
        }
        generated = "Generator" in media.get("OTIO_SCHEMA", "")
        timed = not (generated or facts.get("kind") in STILL_KINDS)
        return _names_of(
            texts, self.namer, timed, block.get("origin"), media.get("generator_kind") if generated else None
        )


@dataclass(frozen=True)
class _Known:
    names: tuple[str, ...]
    fields: tuple[str, ...]
    name: str
    version: str | None
    timed: bool
    origin: str | None
    day: str | None


def _names_of(
    texts: dict[str, str | None], namer: Namer, timed: bool, origin: str | None, generator: str | None
) -> _Known:
    names: dict[str, str] = {}
    plain: dict[str, str] = {}
    version = day = None
    if generator is not None and (generator.upper() == "BLACK" or not any(texts.values())):
        names[f"generator {generator.upper()}"] = "name"
    for kind, text in texts.items():
        if not text:
            continue
        if kind == "uid":
            names.setdefault(f"uid {text.upper()}", kind)
            continue
        source = namer.source(text)
        names.setdefault(source.key, kind)
        if source.plain is not None:
            plain.setdefault(source.plain, "version")
        version = version or source.version
        day = day or shooting_day(source.key)
    shown = texts["name"] or texts["file"] or texts["tape"] or generator or ""
    names |= {name: kind for name, kind in plain.items() if name not in names}
    return _Known(tuple(names), tuple(names.values()), shown, version, timed, origin, day)


def _media(clip: dict[str, Any]) -> dict[str, Any]:
    references = clip.get("media_references")
    if references is None:
        return clip.get("media_reference") or {}
    return references.get(clip.get("active_media_reference_key", otio.schema.Clip.DEFAULT_MEDIA_KEY)) or {}


def _speed(clip: dict[str, Any], block: dict[str, Any]) -> Number:
    stated = block.get("speed")
    if stated is not None:
        exact = Fraction(stated)
        return int(exact) if exact == 1 else exact
    speed: Number = 1
    for effect in clip.get("effects") or ():
        if effect["OTIO_SCHEMA"].startswith(("LinearTimeWarp", "FreezeFrame")):
            speed = speed * Fraction(effect.get("time_scalar", 0.0)).limit_denominator(100_000)
    return 1 if speed == 1 else speed


def _frames(time: dict[str, Any], fps: Fraction) -> Number:
    """Give a time of OpenTimelineIO's JSON in frames of a rate, whole where it is."""
    value, rate = time["value"], time["rate"]
    exact = rate_of_float(rate)
    if exact == fps and value == int(value):
        return int(value)
    frames = from_rational_time(otio.opentime.RationalTime(value, rate)) * fps
    return frames.numerator if frames.denominator == 1 else frames


def _nearest(value: Number) -> int:
    return value if type(value) is int else round_half_up(Fraction(value))
