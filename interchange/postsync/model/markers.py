"""Plain markers: what any program calls a marker, locator or to-do, on `timeline.tracks` at its exact time.

Markers sit on the stack of the timeline, not on clips: they are positions in the programme. Where they hung before is kept
in `attached_to`. A marker that is a cue carries the cue record beside this one (`model.cues`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import opentimelineio as otio

from postsync.model.colours import OTIO_COLOURS, colour_in, colour_name
from postsync.model.keys import NAMESPACE, SCHEMA, from_plain, small_part
from postsync.model.records import from_json, to_json
from postsync.timing import common_rate, from_rational_time, to_time_range

MARKER_KINDS = ("marker", "to-do", "completed", "chapter", "caption", "locator")


@dataclass(frozen=True)
class Attachment:
    """The thing a marker hung on in its own program."""

    track: str | None = None
    clip: str | None = None


@dataclass(frozen=True)
class PlainMarker:
    """One marker. `record_in` counts exact seconds from the timeline's first frame; a point has duration 0.

    `visible` is false for a marker outside the used part of its clip. `colour` is a name of `COLOURS`, `colour_rgb` the
    numbers where the file gave some. `custom_data` is what programs keep out of sight (Resolve's `customData`).
    """

    record_in: Fraction
    duration: Fraction = Fraction(0)
    name: str = ""
    comment: str = ""
    colour: str | None = None
    colour_rgb: str | None = None
    user: str | None = None
    kind: str = "marker"
    visible: bool = True
    attached_to: Attachment | None = None
    custom_data: str | None = None
    origin: str | None = None
    extra: dict[str, Any] = field(default_factory=dict)


def marker_colour_text(marker: otio.schema.Marker) -> str | None:
    """Give a marker's colour as text: a string up to OTIO 0.18, a `Color` with a name from 0.19 on."""
    colour = marker.color
    return colour if isinstance(colour, str) or colour is None else getattr(colour, "name", None)


_NO_TIME = {"OTIO_SCHEMA": "RationalTime.1", "value": 0, "rate": 1}
_NO_RANGE = {"OTIO_SCHEMA": "TimeRange.1", "start_time": _NO_TIME, "duration": _NO_TIME}


def new_marker(
    name: str, comment: str, colour: str | None, marked_range: otio.opentime.TimeRange, block: Mapping[str, Any]
) -> otio.schema.Marker:
    """Make a marker that carries our block; `colour` is a name of ours, None for OTIO's default."""
    marker: otio.schema.Marker = from_plain(
        {
            "OTIO_SCHEMA": "Marker.2",
            "name": name,
            "comment": comment,
            "color": colour_in(OTIO_COLOURS, colour, "red").upper(),
            "marked_range": _NO_RANGE,
            "metadata": {NAMESPACE: {**block, "schema": SCHEMA}},
        }
    )
    # Set as an object, so that the rate is the very double that stands for it.
    marker.marked_range = marked_range
    return marker


def to_otio_marker(plain: PlainMarker, rate: Fraction | int | None = None) -> otio.schema.Marker:
    """Make the OTIO marker of a plain one, its range exact (at `rate` where that holds it whole)."""
    preferred = [] if rate is None else [rate]
    grid = common_rate([plain.record_in, plain.duration], preferred)
    facts = to_json(plain)
    del facts["record_in"], facts["duration"]
    span = to_time_range(plain.record_in, plain.duration, grid)
    return new_marker(plain.name, plain.comment, plain.colour, span, {"marker": facts})


def plain_marker(marker: otio.schema.Marker) -> PlainMarker:
    """Read a marker of `timeline.tracks`, ours or anybody's; its place is that of its OTIO range."""
    start, length = (
        from_rational_time(time) for time in (marker.marked_range.start_time, marker.marked_range.duration)
    )
    facts = small_part(marker, "marker")
    if facts is None:
        colour = colour_name(marker_colour_text(marker))
        return PlainMarker(start, length, marker.name, marker.comment, colour)
    return from_json(PlainMarker, {**facts, "record_in": to_json(start), "duration": to_json(length)})


def timeline_markers(timeline: otio.schema.Timeline) -> Iterator[tuple[otio.schema.Marker, PlainMarker]]:
    """Yield every marker of the programme with its record, in order of time and as they stand in the file."""
    pairs = [(marker, plain_marker(marker)) for marker in timeline.tracks.markers]
    yield from sorted(pairs, key=lambda pair: pair[1].record_in)
