"""What the tests of both marker files of Media Composer share: timelines made for them, and their essence."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import opentimelineio as otio

from postsync.model import (
    Character,
    Cue,
    PlainMarker,
    TimelineFacts,
    cue_marker,
    put_characters,
    put_timeline_facts,
    timeline_facts,
    timeline_markers,
    to_otio_marker,
)
from postsync.timing import as_rate, seconds_of_frame

CUE = Cue(
    uid="7KQ2M9XD", number="R106", character="robin", line="Hold there!", record_in=240, record_out=280, colour="red"
)


def timeline_at(rate: str = "24", start: int | None = None) -> Any:
    exact = as_rate(rate)
    timeline = otio.schema.Timeline("R1")
    put_timeline_facts(timeline, TimelineFacts(exact, 3600 * exact.nominal if start is None else start))
    return timeline


def with_cues(*cues: Cue, rate: str = "24") -> Any:
    timeline = timeline_at(rate)
    put_characters(timeline, [Character("robin", "ROBIN"), Character("marian", "MARIAN")])
    for cue in cues:
        timeline.tracks.markers.append(cue_marker(cue, timeline_facts(timeline), (cue.character or "").upper()))
    return timeline


def with_markers(*markers: PlainMarker, rate: str = "24") -> Any:
    timeline = timeline_at(rate)
    timeline.tracks.markers.extend(to_otio_marker(marker, as_rate(rate).fps) for marker in markers)
    return timeline


def at(frame: int, rate: str = "24", frames: int = 0, **facts: Any) -> PlainMarker:
    exact = as_rate(rate)
    return PlainMarker(seconds_of_frame(frame, exact), seconds_of_frame(frames, exact), **facts)


def plains(timeline: Any) -> list[PlainMarker]:
    return [plain for _, plain in timeline_markers(timeline)]


def essence(timeline: Any) -> list[tuple[Any, ...]]:
    return [
        (one.record_in, one.duration, one.user, one.comment, one.colour, one.attached_to) for one in plains(timeline)
    ]


def seconds(frames: int, rate: str = "24") -> Fraction:
    return seconds_of_frame(frames, as_rate(rate))
