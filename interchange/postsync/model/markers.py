"""Plain markers: what any program calls a marker, locator or to-do, on `timeline.tracks` at its exact time.

Markers sit on the stack of the timeline, not on clips: they are positions in the programme. Where they hung before is kept
in `attached_to`. A marker that is a cue carries the cue record beside this one (`model.cues`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, NamedTuple

import opentimelineio as otio

from postsync.model.colours import OTIO_COLOURS, colour_in, colour_name
from postsync.model.keys import NAMESPACE, SCHEMA, from_text, held_values, json_text, own_block, small_part
from postsync.model.records import from_json, made_at_once, stated_json, with_fields
from postsync.timing import common_rate, from_rational_time, whole_units

MARKER_KINDS = ("marker", "to-do", "completed", "chapter", "caption", "locator")
"""What a marker may be in its own program.

>>> PlainMarker(Fraction(10)).kind, MARKER_KINDS[1:4]
('marker', ('to-do', 'completed', 'chapter'))
"""


@dataclass(frozen=True)
class Attachment:
    """The thing a marker hung on in its own program.

    >>> marker = PlainMarker(Fraction(10), name="plane", attached_to=Attachment(track="A2", clip="12A-3"))
    >>> marker.attached_to.clip
    '12A-3'
    """

    track: str | None = None
    clip: str | None = None


@made_at_once
@dataclass(frozen=True)
class PlainMarker:
    """One marker. `record_in` counts exact seconds from the timeline's first frame; a point has duration 0.

    `visible` is false for a marker outside the used part of its clip. `colour` is a name of `COLOURS`, `colour_rgb` the
    numbers where the file gave some. `custom_data` is what programs keep out of sight (Resolve's `customData`).

    >>> marker = to_otio_marker(PlainMarker(Fraction(10), name="R106 ROBIN: Hold there!", colour="red"), 24)
    >>> plain_marker(marker).record_in, plain_marker(marker).colour
    (Fraction(10, 1), 'red')
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
    """Give a marker's colour as text: a string up to OTIO 0.18, a `Color` with a name from 0.19 on.

    >>> marker_colour_text(otio.schema.Marker("R106", color="RED"))
    'RED'
    """
    colour = marker.color
    return colour if isinstance(colour, str) or colour is None else getattr(colour, "name", None)


_quoted: Callable[[str], str] = json.encoder.encode_basestring_ascii


def new_marker(
    name: str,
    comment: str,
    colour: str | None,
    marked_range: str,
    block: Mapping[str, Any],
    foreign: Mapping[str, Any] | None = None,
) -> otio.schema.Marker:
    """Make a marker that carries our block; `colour` is a name of ours, None for OTIO's default.

    `marked_range` is its JSON, as `range_text` gives it; `foreign` is metadata under other names.
    """
    shown = colour_in(OTIO_COLOURS, colour, "red").upper()
    head = f'"OTIO_SCHEMA":"Marker.2","name":{_quoted(name)},"comment":{_quoted(comment)},"color":"{shown}"'
    metadata = json_text({NAMESPACE: {**block, "schema": SCHEMA}, **(foreign or {})})
    marker: otio.schema.Marker = from_text(f'{{{head},"marked_range":{marked_range},"metadata":{metadata}}}')
    return marker


def range_text(start: int, length: int, rate: Fraction) -> str:
    """Give the JSON of a range in whole units of a rate, which is written as the very double that stands for it."""
    tail = f',"rate":{rate.numerator / rate.denominator!r}}}'
    return (
        f'{{"OTIO_SCHEMA":"TimeRange.1","start_time":{{"OTIO_SCHEMA":"RationalTime.1","value":{start}{tail},'
        f'"duration":{{"OTIO_SCHEMA":"RationalTime.1","value":{length}{tail}}}'
    )


def to_otio_marker(
    plain: PlainMarker, rate: Fraction | int | None = None, foreign: Mapping[str, Any] | None = None
) -> otio.schema.Marker:
    """Make the OTIO marker of a plain one, its range exact (at `rate` where that holds it whole).

    `foreign` is metadata under the names of formats.

    >>> marker = to_otio_marker(PlainMarker(Fraction(10), name="R106", colour="red"), 24)
    >>> marker.marked_range.start_time.value, marker.name
    (240.0, 'R106')
    """
    facts = stated_json(plain, but=("record_in", "duration"))
    return new_marker(plain.name, plain.comment, plain.colour, _exact_range(plain, rate), {"marker": facts}, foreign)


def _exact_range(plain: PlainMarker, rate: Fraction | int | None) -> str:
    grid = common_rate((plain.record_in, plain.duration), () if rate is None else (rate,))
    return range_text(whole_units(plain.record_in, grid), whole_units(plain.duration, grid), grid)


def plain_marker(marker: otio.schema.Marker) -> PlainMarker:
    """Read a marker of `timeline.tracks`, ours or anybody's; its place is that of its OTIO range.

    >>> plain_marker(timeline.tracks.markers[0]).record_in
    Fraction(1001, 3000)
    """
    return plain_marker_with(marker, small_part(marker, "marker"))


def plain_marker_with(marker: otio.schema.Marker, facts: Mapping[str, Any] | None) -> PlainMarker:
    """Read a marker whose facts in our block are known already; None where it has none."""
    span = marker.marked_range
    start, length = from_rational_time(span.start_time), from_rational_time(span.duration)
    if facts is None:
        colour = colour_name(marker_colour_text(marker))
        return PlainMarker(start, length, marker.name, marker.comment, colour)
    return with_fields(from_json(PlainMarker, {**facts, "record_in": 0}), record_in=start, duration=length)


def timeline_markers(timeline: otio.schema.Timeline) -> Iterator[tuple[otio.schema.Marker, PlainMarker]]:
    """Yield every marker of the programme with its record, in order of time and as they stand in the file.

    >>> [plain.name for _, plain in timeline_markers(timeline)][:2]
    ['R101 ROSA: You said the boat would wait.', 'R102 JONAS: I said “might”. There’s a difference.']
    """
    pairs = [(marker, plain_marker(marker)) for marker in timeline.tracks.markers]
    yield from sorted(pairs, key=lambda pair: pair[1].record_in)


class HeldMarker(NamedTuple):
    """A marker with all that it holds as JSON values, read once: OpenTimelineIO writes them in C++.

    `block` is our own part of its metadata, empty where another program made the marker.

    >>> held = HeldMarker.of(timeline.tracks.markers[0])
    >>> held.plain().name
    'R101 ROSA: You said the boat would wait.'
    """

    marker: otio.schema.Marker
    values: dict[str, Any]
    block: dict[str, Any]

    @classmethod
    def of(cls, marker: otio.schema.Marker) -> HeldMarker:
        """Read what a marker holds."""
        values = held_values(marker)
        return cls(marker, values, own_block(values))

    def plain(self) -> PlainMarker:
        """Give it as a plain marker."""
        return plain_marker_with(self.marker, self.block.get("marker"))
