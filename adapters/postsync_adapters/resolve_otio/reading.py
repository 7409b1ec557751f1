"""Reading: Resolve's metadata become our facts, and the markers on its clips positions in the programme.

Resolve's own metadata stay as they are; ours are put beside them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import PurePosixPath
from typing import Any, BinaryIO

import opentimelineio as otio

from postsync.errors import FormatError
from postsync.formats import Claim, ReadOptions, Timelines, path_of
from postsync.model import (
    NAMESPACE,
    SILENCE_DB,
    Attachment,
    ClipFacts,
    Fade,
    MediaFacts,
    PlainMarker,
    TimelineFacts,
    TrackFacts,
    colour_name,
    marker_colour_text,
    plain,
    put_block,
    put_timeline_facts,
    put_track_facts,
    stated_facts,
    stated_json,
    timeline_facts,
    to_otio_marker,
)
from postsync.report import Report
from postsync.timing import (
    Rate,
    frame_at,
    from_rational_time,
    line_through,
    nearest_frame,
    rate_of_float,
    seconds_of_frame,
)
from postsync_adapters._otio_json import read_otio_json
from postsync_adapters.resolve_otio.dialect import (
    CHANNELS_OF_TYPES,
    DIALECT,
    EXTRA_PARAMETERS,
    FADERS,
    QUIETEST,
    SOUND_SUFFIXES,
    STILL_SUFFIXES,
    VOLUME,
    channels_of,
)

_NOISE = 1_000_000
_OURS = re.compile(rb'"' + NAMESPACE.encode() + rb'"\s*:')


def sniff(head: bytes) -> Claim:
    """Say whether the first bytes are OTIO JSON that Resolve wrote.

    A work that began as Resolve's file keeps what Resolve said in it, beside a block of ours that Resolve would not.
    """
    theirs = b"OTIO_SCHEMA" in head and DIALECT.encode() in head
    return Claim.CERTAIN if theirs and not _OURS.search(head) else Claim.NO


def read(file: BinaryIO, report: Report, options: ReadOptions) -> Timelines:
    """Read the one timeline of the file."""
    path = path_of(file)
    timeline = read_otio_json(file, path)
    if not isinstance(timeline, otio.schema.Timeline):
        raise FormatError(path=path, expected="a timeline", found=type(timeline).__name__)
    timeline.name = timeline.name or options.name or (path.stem if path else "")
    facts = _clock(timeline, options.rate, report)
    put_timeline_facts(timeline, facts)
    markers = [*_stack_markers(timeline, facts.rate)]
    for number, track in enumerate(timeline.tracks, 1):
        name = track.name or f"{track.kind} {number}"
        markers += _settle_track(_Window(name, Fraction(0), None), track, report)
    timeline.tracks.markers[:] = [marker for _, marker in sorted(markers, key=lambda pair: pair[0])]
    return [timeline]


# ---------------------------------------------------------------------------------------------------------- the clock


def _clock(timeline: Any, asked: Rate | None, report: Report) -> TimelineFacts:
    """Give the clock: the file states the start and its rate; the drop flag is not in it."""
    stated = timeline.global_start_time
    if stated is None:
        rate = asked or timeline_facts(timeline).rate
    else:
        rate = Rate.of(rate_of_float(stated.rate))
        asked = asked if asked is not None and asked.fps == rate.fps else None
        rate = asked or rate
    start = 0 if stated is None else round(stated.value)
    if stated is None:
        report.note("start-guessed", where=timeline.name, start="00:00:00:00", why="the file states none")
        if asked is None:
            report.note("rate-guessed", where=timeline.name, rate=rate.name, why="from the items on its tracks")
    if asked is None and rate.is_ntsc and rate.nominal in (30, 60):
        rate = _with_drop_guessed(rate, start, timeline.name, report)
    return TimelineFacts(rate, start, producer="DaVinci Resolve", format="resolve_otio")


def _with_drop_guessed(rate: Rate, start: int, where: str, report: Report) -> Rate:
    """Take the counting in which the timeline starts on a whole minute; where both or neither do, non-drop."""
    minutes = {drop: _is_whole_minute(start, rate.with_drop(drop)) for drop in (False, True)}
    if minutes[False] and not minutes[True]:
        return rate
    rate = rate.with_drop(minutes[True] and not minutes[False])
    why = "its start is a whole minute only so" if rate.drop else "the drop-frame flag is not in the file"
    report.note("rate-guessed", where=where, rate=rate.name, why=why)
    return rate


def _is_whole_minute(frame: int, rate: Rate) -> bool:
    label = TimelineFacts(rate, frame).start_timecode
    frames = int(label[9:])
    return label[6:8] == "00" and (frames == 0 or (rate.drop and label[4] != "0" and frames == rate.dropped_per_minute))


# ---------------------------------------------------------------------------------------------------------- the tracks


@dataclass(frozen=True)
class _Window:
    """Where the items of a track are laid, and the part of the programme that a compound clip shows of them."""

    track: str
    at: Fraction
    seen: tuple[Fraction, Fraction] | None

    def narrowed(self, start: Fraction, end: Fraction) -> tuple[Fraction, Fraction]:
        return (start, end) if self.seen is None else (max(start, self.seen[0]), min(end, self.seen[1]))

    def shows(self, time: Fraction) -> bool:
        return self.seen is None or self.seen[0] <= time < self.seen[1]


Placed = tuple[Fraction, Any]
"""A marker with its place, for sorting."""


def _settle_track(window: _Window, track: Any, report: Report) -> list[Placed]:
    """Write our facts on a track and all that it holds; take the markers off its items."""
    facts = _dialect(track)
    kind = str(facts.get("Audio Type") or "").lower()
    channels = (
        int(kind.removeprefix("adaptive")) if kind.removeprefix("adaptive").isdigit() else CHANNELS_OF_TYPES.get(kind)
    )
    state = TrackFacts(channels=channels, muted=not track.enabled, soloed=bool(facts.get("SoloOn")))
    put_track_facts(track, state)
    at = window.at
    found: list[Placed] = []
    for item in track:
        if isinstance(item, otio.schema.Transition):
            continue
        duration = from_rational_time(item.duration())
        place = _Window(window.track, at, window.narrowed(at, at + duration))
        found += _settle_item(place, item, duration, track.kind == otio.schema.TrackKind.Audio, report)
        at += duration
    return found


def _settle_item(place: _Window, item: Any, duration: Fraction, sound: bool, report: Report) -> list[Placed]:
    ramp: Ramp = ()
    if isinstance(item, otio.schema.Clip):
        ramp = _settle_clip(item, duration, sound, f"{place.track} / clip {item.name!r}", report)
    found = [_placed_marker(place, item, duration, ramp, marker) for marker in item.markers]
    item.markers[:] = []
    if isinstance(item, otio.schema.Stack):
        head = Fraction(0) if item.source_range is None else from_rational_time(item.source_range.start_time)
        for inner in item:
            found += _settle_track(_Window(f"{place.track} / {item.name}", place.at - head, place.seen), inner, report)
    return found


# ---------------------------------------------------------------------------------------------------------- the clips


Ramp = Sequence[tuple[Fraction, Fraction]]
"""Pairs of (retimed seconds, source seconds), both from the media's first frame, as in `Key Frames`."""


def _settle_clip(clip: Any, duration: Fraction, sound: bool, where: str, report: Report) -> Ramp:
    """Write our facts on a clip and its media; give its speed ramp, which its markers need."""
    facts = _dialect(clip)
    _settle_media(clip, sound)
    ramp = _ramp(clip)
    gain, points = stated_level(clip)
    group = facts.get("Link Group ID")
    faders = FADERS["audio" if sound else "video"]
    # What is as by default is left out: writing it into metadata takes longer than all the rest.
    found = ClipFacts(
        channels=_channels(facts.get("Channels"), where, report) if sound else None,
        gain_db=gain,
        gain_points=points,
        fade_in=_fade(clip, faders.effect, faders.fade_in, duration, where, report),
        fade_out=_fade(clip, faders.effect, faders.fade_out, duration, where, report),
        speed=_speed(clip),
        retime=_retime(clip, duration, ramp),
        link_group=None if group is None else str(group),
        origin="resolve_otio",
        extra=_extra(clip),
    )
    put_block(clip, stated_facts(found))
    return ramp


def _settle_media(clip: Any, sound: bool) -> None:
    """Put a real reference where Resolve wrote a missing one with the old path, and say what the media is."""
    media = clip.media_reference
    if isinstance(media, otio.schema.GeneratorReference):
        return
    old_path = _dialect(media).get("Media Url")
    offline = isinstance(media, otio.schema.MissingReference)
    if offline and old_path:
        media = otio.schema.ExternalReference(
            target_url=str(old_path), available_range=media.available_range, metadata=media.metadata
        )
        media.name = clip.media_reference.name
        clip.media_reference = media
    name = media.name or clip.name
    suffix = PurePosixPath(name.replace("\\", "/")).suffix.lower()
    still = suffix in STILL_SUFFIXES and not isinstance(media, otio.schema.ImageSequenceReference)
    kind = "sound" if suffix in SOUND_SUFFIXES else "still" if still else "picture"
    rate = None if media.available_range is None else Rate.of(rate_of_float(media.available_range.duration.rate)).text
    facts = MediaFacts(
        name=name or None,
        rate=None if kind == "still" else rate,
        kind=kind,
        has_picture=False if kind == "sound" else None if sound else True,
        extra={"offline": True} if offline else {},
    )
    put_block(media, stated_json(facts))


def _channels(listed: Any, where: str, report: Report) -> tuple[int, ...] | None:
    """Give the source channels; several channels of several tracks are a map that nobody was seen to write."""
    found = channels_of(listed)
    if (
        found
        and any(one.get("Source Track ID") for one in listed)
        and any(one.get("Source Channel ID") for one in listed)
    ):
        report.note("value-unreadable", where=where, name="Channels", value=plain(listed))
    return found


def _speed(clip: Any) -> Fraction:
    speed = Fraction(1)
    for effect in clip.effects:
        if isinstance(effect, otio.schema.LinearTimeWarp):
            speed *= Fraction(effect.time_scalar).limit_denominator(100_000)
    return speed


def _ramp(clip: Any) -> Ramp:
    """Give the key frames of a speed ramp, which Resolve keeps in a bare TimeEffect for the whole media."""
    for effect in clip.effects:
        keys = _dialect(effect).get("Key Frames") if isinstance(effect, otio.schema.TimeEffect) else None
        if keys and len(keys) > 1:
            return [(_denoised(key[0]), _denoised(key[1])) for key in plain(keys)]
    return ()


def _retime(clip: Any, duration: Fraction, ramp: Ramp) -> tuple[tuple[Fraction, Fraction], ...]:
    """Give where in the media file the used part of a ramp runs; for a reversed clip, its end back to its start.

    `source_range` starts at the lowest media frame that is used, whatever the direction.
    """
    first = _head_in_media(clip)
    speed = _speed(clip)
    if speed < 0:
        return ((Fraction(0), first - duration * speed), (duration, first))
    if not ramp:
        return ()
    head = line_through([(source, at) for at, source in ramp], first)
    inner = [(_short(at - head), source) for at, source in ramp if head < at < head + duration]
    return ((Fraction(0), first), *inner, (duration, _short(line_through(ramp, head + duration))))


def stated_retime(clip: Any) -> tuple[tuple[Fraction, Fraction], ...]:
    """Give the time map that Resolve's own effects of a clip state."""
    return _retime(clip, from_rational_time(clip.duration()), _ramp(clip))


def _head_in_media(clip: Any) -> Fraction:
    """Give the seconds from the media's first frame to the lowest one used."""
    available = clip.media_reference.available_range
    start = Fraction(0) if available is None else from_rational_time(available.start_time)
    return Fraction(0) if clip.source_range is None else from_rational_time(clip.source_range.start_time) - start


# ---------------------------------------------------------------------------------------------------------- the level


def _parameters(clip: Any, effect_name: str) -> dict[str, Mapping[str, Any]]:
    """Give the parameters of a Resolve effect that is on, by id; Resolve lists only those that were changed."""
    for effect in clip.effects:
        facts = _dialect(effect)
        if facts.get("Effect Name") == effect_name and facts.get("Enabled", True):
            return {str(one.get("Parameter ID")): one for one in facts.get("Parameters") or []}
    return {}


def stated_level(clip: Any) -> tuple[float | None, tuple[tuple[Fraction, float], ...]]:
    """Give the level in dB, or its key frames: frame numbers as text, from the clip's start, in the order of text."""
    volume = _parameters(clip, VOLUME).get("volume")
    if volume is None:
        return None, ()
    keys = volume.get("Key Frames") or {}
    frames = _clip_rate(clip)
    points = sorted((Fraction(int(frame)) / frames, _decibels(key["Value"])) for frame, key in keys.items())
    return (None, tuple(points)) if points else (_decibels(volume.get("Parameter Value") or 0.0), ())


def _fade(clip: Any, effect: str, name: str, duration: Fraction, where: str, report: Report) -> Fade | None:
    frames = _number(_parameters(clip, effect).get(name, {}).get("Parameter Value"))
    if not frames or frames < 0:
        return None
    length = frames / _clip_rate(clip)
    if length > duration:
        report.note("value-clamped", where=where, was=f"{name} {float(frames):g}", now=f"{float(duration):g} s")
    return Fade(min(length, duration))


def _extra(clip: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for effect_name, parameter in EXTRA_PARAMETERS.items():
        value = _parameters(clip, effect_name).get(parameter, {}).get("Parameter Value")
        if value:
            found[parameter] = value
    return found


def _clip_rate(clip: Any) -> Fraction:
    """Give the rate of the sequence that the clip lies in; inside a compound clip it may be another."""
    return rate_of_float(clip.duration().rate)


def _decibels(value: float) -> float:
    """Take the single-precision noise off a level: -16.999998092651367 was set as -17. The lowest is silence."""
    level = round(float(value), 4)
    return SILENCE_DB if level <= QUIETEST else level


def _number(value: Any) -> Fraction | None:
    return _denoised(value) if isinstance(value, (int, float)) else None


def _denoised(value: float) -> Fraction:
    return _short(Fraction(value))


def _short(value: Fraction) -> Fraction:
    return value.limit_denominator(_NOISE)


# ---------------------------------------------------------------------------------------------------------- the markers


def _stack_markers(timeline: Any, rate: Rate) -> Iterator[Placed]:
    """Give the timeline's own markers, which count from its first frame."""
    for marker in timeline.tracks.markers:
        at = from_rational_time(marker.marked_range.start_time)
        yield at, _our_marker(marker, at, rate.fps, None, True)


def _placed_marker(place: _Window, item: Any, duration: Fraction, ramp: Ramp, marker: Any) -> Placed:
    """Give a marker of an item its place in the programme."""
    fps = rate_of_float(item.duration().rate)
    into = _into_clip(item, duration, ramp, from_rational_time(marker.marked_range.start_time), fps)
    at = place.at + into
    attached = Attachment(track=place.track, clip=item.name or None)
    return at, _our_marker(marker, at, fps, attached, 0 <= into < duration and place.shows(at))


def _into_clip(item: Any, duration: Fraction, ramp: Ramp, at: Fraction, fps: Fraction) -> Fraction:
    """Give the seconds from an item's start to its marker.

    A marker is in the clip's source time, but on a retimed clip in retimed time, which `source_range` is not. Whether
    the media's timecode is added there was never seen: the reading that falls inside the clip is taken.
    """
    start = Fraction(0) if item.source_range is None else from_rational_time(item.source_range.start_time)
    speed = _speed(item)
    if speed == 0 or (speed == 1 and not ramp):
        return at - start
    head = _whole_frames(_retimed_head(item, duration, ramp, speed), fps)
    media = start - _head_in_media(item)
    readings = [at - head, at - head - media, at - head - media / abs(speed)]
    return next((reading for reading in readings if 0 <= reading < duration), readings[0])


def _retimed_head(clip: Any, duration: Fraction, ramp: Ramp, speed: Fraction) -> Fraction:
    """Give the retimed seconds from the end of the media that plays first to the clip's start."""
    first = _head_in_media(clip)
    if ramp:
        return line_through([(source, at) for at, source in ramp], first)
    if speed > 0:
        return first / speed
    available = clip.media_reference.available_range
    length = first - duration * speed if available is None else from_rational_time(available.duration)
    return (length - first + duration * speed) / -speed


def _whole_frames(seconds: Fraction, fps: Fraction) -> Fraction:
    """Floor to frames, but not below a frame that float noise just misses."""
    rate = Rate.of(fps)
    near = nearest_frame(seconds, rate)
    frame = near if abs(seconds * fps - near) < Fraction(1, 1000) else frame_at(seconds, rate)
    return seconds_of_frame(frame, rate)


def _our_marker(marker: Any, at: Fraction, fps: Fraction, attached: Attachment | None, visible: bool) -> Any:
    """Make our marker of Resolve's, with everything that came on it."""
    # OpenTimelineIO writes JSON in C++: all of a marker at once costs less than two questions of its metadata.
    foreign = json.loads(marker.to_json_string(-1))["metadata"]
    foreign.pop(NAMESPACE, None)
    facts = foreign.get(DIALECT) or {}
    length = from_rational_time(marker.marked_range.duration)
    one_frame = 1 / rate_of_float(marker.marked_range.duration.rate)
    colour = colour_name(marker_colour_text(marker))
    extra = {"keywords": facts["Keywords"]} if facts.get("Keywords") else {}
    if colour is None and marker_colour_text(marker):
        extra["colour"] = marker_colour_text(marker)
    plain_one = PlainMarker(
        record_in=at,
        duration=length if length > one_frame else Fraction(0),
        name=marker.name,
        comment=str(facts.get("Note") or marker.comment or ""),
        colour=colour,
        visible=visible,
        attached_to=attached,
        origin="resolve_otio",
        extra=extra,
    )
    return to_otio_marker(plain_one, fps, foreign)


def _dialect(holder: Any) -> Mapping[str, Any]:
    """Give what Resolve wrote about an object."""
    found: Mapping[str, Any] = holder.metadata.get(DIALECT) or {}
    return found
