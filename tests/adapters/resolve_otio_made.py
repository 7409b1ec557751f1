"""Clips and timelines for Resolve's OTIO, and the way back: what the tests of its writer share."""

from __future__ import annotations

import io
import json
from fractions import Fraction
from typing import Any

import opentimelineio as otio

from adapters.carriers import written
from postsync.formats import ReadOptions
from postsync.model import (
    ClipFacts,
    Laid,
    MediaFacts,
    TimelineFacts,
    TrackFacts,
    build_track,
    placed_tracks,
    put_clip_facts,
    put_media_facts,
    put_timeline_facts,
)
from postsync.report import Report
from postsync.timing import as_rate, to_time_range
from postsync_adapters.resolve_otio import FORMAT, read

F = Fraction
RATE = as_rate("24")


def reread(data: bytes, report: Report | None = None) -> Any:
    (timeline,) = read(io.BytesIO(data), Report() if report is None else report, ReadOptions(name="back"))
    return timeline


def back(timeline: Any, report: Report | None = None, **options: Any) -> Any:
    return reread(written(FORMAT, timeline, report, **options))


def document(timeline: Any, report: Report | None = None, **options: Any) -> Any:
    return json.loads(written(FORMAT, timeline, report, **options))


def clip(
    record_in: Any = 0,
    duration: Any = 2,
    facts: ClipFacts | None = None,
    *,
    name: str = "12A-3.wav",
    source_in: Any = 1,
    media_start: Any = 3600,
    length: Any = 60,
    url: str | None = "file:///Volumes/Sound/12A-3.wav",
    **media: Any,
) -> Laid:
    """A clip of a file that begins at 01:00:00:00 and is a minute long."""
    available = to_time_range(F(media_start), F(length))
    reference: Any = otio.schema.MissingReference(available_range=available)
    if url is not None:
        reference = otio.schema.ExternalReference(url, available)
    reference.name = name
    put_media_facts(reference, MediaFacts(**{"name": name, "channels": 1, **media}))
    item = otio.schema.Clip(name, reference)
    put_clip_facts(item, facts or ClipFacts())
    return Laid(item, F(record_in), F(duration), F(media_start) + F(source_in))


def timeline_of(
    *clips: Laid, kind: str = "Audio", rate: Any = RATE, start: int = 86400, facts: TrackFacts | None = None
) -> Any:
    timeline = otio.schema.Timeline(name="R1")
    put_timeline_facts(timeline, TimelineFacts(rate, start))
    timeline.tracks.append(build_track("DX", kind, clips, [rate.fps], facts=facts))
    return timeline


def only_clip(timeline: Any) -> Any:
    ((one,),) = [track.clips for track in placed_tracks(timeline)]
    return one


def items(timeline: Any, track: int = 0) -> list[Any]:
    found: list[Any] = document(timeline)["tracks"]["children"][track]["children"]
    return found


def level_of(item: Any) -> dict[str, Any]:
    """The parameters of the level of a clip, by id."""
    (effect,) = [one for one in item["effects"] if one["metadata"]["Resolve_OTIO"]["Type"] == 62]
    return {one["Parameter ID"]: one for one in effect["metadata"]["Resolve_OTIO"]["Parameters"]}


def crossed(kind: str, curve: str = "linear", before: int = 6, after: int = 12) -> Any:
    timeline = timeline_of(clip(0, 2), clip(2, 2, source_in=9), kind=kind)
    transition = otio.schema.Transition(
        "mix",
        otio.schema.TransitionTypes.SMPTE_Dissolve,
        otio.opentime.RationalTime(before, 24),
        otio.opentime.RationalTime(after, 24),
        {"postsync": {"schema": 1, "curve": curve}},
    )
    timeline.tracks[0].insert(1, transition)
    return timeline
