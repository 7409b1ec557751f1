"""What is in a file: the data of `inspect`, one document for programs and the tables that people read.

The fields are those of `postsync.inspect/1`; times are exact seconds as fractions, a field not known is null.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import opentimelineio as otio

from postsync.model import (
    Fade,
    PlacedClip,
    PlacedTrack,
    PlacedTransition,
    TimelineFacts,
    block,
    cue_of,
    placed_tracks,
    plain,
    timeline_duration,
    timeline_facts,
    timeline_markers,
    to_json,
)
from postsync.sound import path_from_url
from postsync.timing import as_rate, format_timecode, fraction_text, frame_at

SCHEMA = "postsync.inspect/1"


def inspection(path: Path, format_name: str, timelines: list[Any], losses: list[dict[str, Any]]) -> dict[str, Any]:
    """Give everything that a file holds, in the form that `commands.md` fixes.

    >>> document = inspection(reel, "fcpxml", [timeline], report.to_json())
    >>> document["schema"], document["timelines"][0]["start_timecode"]
    ('postsync.inspect/1', '01:00:00:00')
    """
    producers = {timeline_facts(timeline).producer for timeline in timelines} - {None}
    return {
        "schema": SCHEMA,
        "file": str(path),
        "format": format_name,
        "producer": producers.pop() if len(producers) == 1 else None,
        "timelines": [_timeline(timeline) for timeline in timelines],
        "losses": losses,
    }


def _timeline(timeline: otio.schema.Timeline) -> dict[str, Any]:
    facts = timeline_facts(timeline)
    return {
        "name": timeline.name,
        "rate": facts.rate.text,
        "drop_frame": facts.rate.drop,
        "start_timecode": facts.start_timecode,
        "duration": fraction_text(timeline_duration(timeline)),
        "tracks": [_track(track, facts) for track in placed_tracks(timeline)],
        "markers": [_marker(marker, record, facts) for marker, record in timeline_markers(timeline)],
    }


def _track(track: PlacedTrack, clock: TimelineFacts) -> dict[str, Any]:
    state = track.facts
    return {
        "kind": track.kind,
        "index": track.index,
        "name": track.track.name or None,
        "channels": state.channels,
        "muted": state.muted,
        "soloed": state.soloed,
        "pan": state.pan,
        "pan_points": to_json(state.pan_points),
        "items": [_clip(item, clock) if isinstance(item, PlacedClip) else _transition(item) for item in track.items],
    }


def _clip(clip: PlacedClip, clock: TimelineFacts) -> dict[str, Any]:
    facts = clip.facts
    channels = facts.channels or tuple(range(1, (clip.media.channels or 0) + 1))
    name = clip.media.name or clip.clip.name
    return {
        "kind": "clip",
        "name": clip.clip.name,
        "record_in": fraction_text(clip.record_in),
        "duration": fraction_text(clip.duration),
        "record_in_timecode": clock.timecode(clip.record_in),
        "source_in": fraction_text(clip.source_in),
        "source_timecode": _source_timecode(clip, clock),
        "speed": fraction_text(facts.speed),
        "channels": len(channels) or None,
        "muted": facts.muted,
        "enabled": clip.enabled,
        "lane": facts.lane,
        "gain_db": facts.gain_db,
        "gain_points": to_json(facts.gain_points),
        "fade_in": _fade(facts.fade_in),
        "fade_out": _fade(facts.fade_out),
        "note": facts.note,
        "media": _media(clip),
        "sources": [
            {"channel": source.channel, "name": source.name or name, "url": source.url} for source in facts.sources
        ]
        or [{"channel": channel, "name": name, "url": clip.url} for channel in channels],
        "origin": facts.origin,
    }


def _source_timecode(clip: PlacedClip, clock: TimelineFacts) -> str | None:
    """Give the label of the source at the media's own rate, else at the timeline's; None where the media states none."""
    if clip.media_duration is None or (clip.media.rate is None and not clip.media_start):
        return None
    rate = as_rate(Fraction(clip.media.rate), drop=clip.media.drop_frame) if clip.media.rate else clock.rate
    return format_timecode(frame_at(clip.source_start, rate), rate)


def _fade(fade: Fade | None) -> Any:
    return None if fade is None else to_json(fade)


def _media(clip: PlacedClip) -> dict[str, Any]:
    media = clip.media
    return {
        "name": media.name or None,
        "url": clip.url,
        "channels": media.channels,
        "sample_rate": media.sample_rate,
        "bits": media.bits,
        "embedded": media.embedded,
        "online": None if clip.url is None else Path(path_from_url(clip.url)).exists(),
    }


def _transition(item: PlacedTransition) -> dict[str, Any]:
    return {
        "kind": "transition",
        "name": item.transition.name or item.transition.transition_type,
        "record_in": fraction_text(item.record_in),
        "duration": fraction_text(item.duration),
        "cut_point": fraction_text(item.before),
        "curve": block(item.transition).get("curve") or "linear",
    }


def _marker(marker: otio.schema.Marker, record: Any, clock: TimelineFacts) -> dict[str, Any]:
    cue = cue_of(marker)
    attached = record.attached_to
    return {
        "record_in": fraction_text(record.record_in),
        "timecode": clock.timecode(record.record_in),
        "duration": fraction_text(record.duration),
        "name": record.name,
        "comment": record.comment,
        "colour": record.colour,
        "colour_rgb": record.colour_rgb,
        "user": record.user,
        "attached_to": None if attached is None else {"track": attached.track, "clip": attached.clip},
        "origin": record.origin,
        "visible": record.visible,
        "kind": record.kind,
        "cue": None if cue is None else plain(to_json(cue)),
    }
