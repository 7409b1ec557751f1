"""Laying whole tracks at once: many clips with absolute times become one JSON text, which OpenTimelineIO reads in C++.

Clip by clip through Python, metadata cost ten times what the rest of a clip does. Here each clip is planned as its JSON
members, the track's grid is found in whole numbers, and the track is read once. What comes out is what `walk.build_track`
makes: one rate for the whole track where one holds every boundary, every range exact.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple

import opentimelineio as otio

from postsync.model.facts import TrackFacts, speed_effects
from postsync.model.keys import NAMESPACE, SCHEMA, from_plain
from postsync.model.records import to_json
from postsync.model.walk import LARGEST_WHOLE, WIDEST_RATE
from postsync.timing import common_rate, to_rational_time

_quoted: Callable[[str], str] = json.encoder.encode_basestring  # type: ignore[attr-defined]
_dumps = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Planned(NamedTuple):
    """A clip or stack still to be laid: its JSON members without `source_range`, and its exact place.

    `record_in` and `duration` in seconds of the timeline, `source_start` in the media's own timecode.
    """

    members: str
    record_in: Fraction
    duration: Fraction
    source_start: Fraction = Fraction(0)


def clip_members(
    name: str, facts: Mapping[str, Any], media: str, *, enabled: bool = True, foreign: Any = None
) -> str:
    """Give the JSON members of a clip.

    `facts` are those of `ClipFacts` as plain values, the defaults left out (`stated_facts` gives them so). `media` is the
    JSON of its reference, `foreign` metadata under other names.
    """
    block: dict[str, Any] = {NAMESPACE: {"schema": SCHEMA, **facts}}
    if foreign:
        block.update(foreign)
    effects = _effects_text(facts["speed"]) if "speed" in facts else ""
    return (
        f'"OTIO_SCHEMA":"Clip.2","name":{_quoted(name)},"metadata":{_dumps(block)},{effects}'
        f'"enabled":{"true" if enabled else "false"},"media_references":{{"DEFAULT_MEDIA":{media}}},'
        f'"active_media_reference_key":"DEFAULT_MEDIA"'
    )


def stack_members(
    name: str, facts: Mapping[str, Any], tracks: Sequence[str], *, enabled: bool = True, foreign: Any = None
) -> str:
    """Give the JSON members of a stack of tracks (as `track_text` gives them), such as an opened compound clip."""
    block: dict[str, Any] = {NAMESPACE: {"schema": SCHEMA, **facts}}
    if foreign:
        block.update(foreign)
    children = ",".join(tracks)
    return (
        f'"OTIO_SCHEMA":"Stack.1","name":{_quoted(name)},"metadata":{_dumps(block)},'
        f'"enabled":{"true" if enabled else "false"},"children":[{children}]'
    )


@lru_cache(maxsize=1024)
def _effects_text(speed: str) -> str:
    texts = [effect.to_json_string(-1) for effect in speed_effects(Fraction(speed))]
    return f'"effects":[{",".join(texts)}],' if texts else ""


def planned_track(
    name: str,
    kind: str,
    planned: Iterable[Planned],
    preferred: Sequence[Fraction | int] = (),
    *,
    facts: TrackFacts | None = None,
) -> otio.schema.Track:
    """Lay planned items that do not overlap on a new track, with gaps between, every range exact.

    Raises ValueError where items overlap, RateError where a time is wider than OpenTimelineIO's numbers.
    """
    text = track_text(name, kind, planned, preferred, facts=facts)
    if "\\u0000" in text or not _is_whole(text):
        return from_plain(json.loads(text))
    return otio.core.deserialize_json_from_string(text)


def _is_whole(text: str) -> bool:
    """Say whether a text is free of half surrogate pairs, which no file can hold."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def track_text(
    name: str,
    kind: str,
    planned: Iterable[Planned],
    preferred: Sequence[Fraction | int] = (),
    *,
    facts: TrackFacts | None = None,
) -> str:
    """Give the JSON of a track."""
    ordered = sorted(planned, key=lambda one: one.record_in)
    grid = _Grid(_grid_of(ordered, preferred), preferred)
    children: list[str] = []
    at = Fraction(0)
    for one in ordered:
        record_in = one.record_in
        if record_in != at:
            if record_in < at:
                raise ValueError(f"items overlap on track {name!r} at {record_in} s")
            gap = grid.duration(record_in - at)
            children.append(f'{{"OTIO_SCHEMA":"Gap.1","name":"",{grid.range_text(_NOTHING, gap)}}}')
        children.append(f"{{{one.members},{grid.range_text(one.source_start, grid.duration(one.duration))}}}")
        at = record_in + one.duration
    block = {} if facts is None else {NAMESPACE: {"schema": SCHEMA, **to_json(facts)}}
    enabled = "false" if facts is not None and facts.muted else "true"
    return (
        f'{{"OTIO_SCHEMA":"Track.1","name":{_quoted(name)},"kind":"{kind}","metadata":{_dumps(block)},'
        f'"source_range":null,"effects":[],"markers":[],"enabled":{enabled},"children":[{",".join(children)}]}}'
    )


_NOTHING = Fraction(0)


def _grid_of(planned: Sequence[Planned], preferred: Sequence[Fraction | int]) -> Fraction:
    """Give the first preferred rate that holds every boundary whole, else the least that does."""
    for rate in preferred:
        top, bottom = rate.numerator, rate.denominator
        if all(
            not (one.record_in.numerator * top) % (one.record_in.denominator * bottom)
            and not (one.duration.numerator * top) % (one.duration.denominator * bottom)
            for one in planned
        ):
            return Fraction(rate)
    return common_rate(time for one in planned for time in (one.record_in, one.duration))


class _Grid:
    """The rate of one track, and the texts of times on it."""

    def __init__(self, rate: Fraction, preferred: Sequence[Fraction | int]) -> None:
        self.preferred = preferred
        self.rate = rate
        self._top, self._bottom = rate.numerator, rate.denominator
        self._fits = rate <= WIDEST_RATE
        self._tail = f'"rate":{float(rate)!r}}}'

    def time(self, time: Fraction) -> str | None:
        """Give a time at this rate; None where it does not hold it whole."""
        value, rest = divmod(time.numerator * self._top, time.denominator * self._bottom)
        if rest or not self._fits or not -LARGEST_WHOLE <= value <= LARGEST_WHOLE:
            return None
        return f'{{"OTIO_SCHEMA":"RationalTime.1","value":{value},{self._tail}'

    def duration(self, time: Fraction) -> str:
        """Give a length at this rate, else at the least that holds it."""
        return self.time(time) or _own_time(time, common_rate([time]))

    def range_text(self, start: Fraction, duration: str) -> str:
        """Give the member that says which part is used."""
        begin = self.time(start) or _own_time(start, common_rate([start], self.preferred))
        return f'"source_range":{{"OTIO_SCHEMA":"TimeRange.1","start_time":{begin},"duration":{duration}}}'


def _own_time(time: Fraction, rate: Fraction) -> str:
    exact = to_rational_time(time, rate)
    return f'{{"OTIO_SCHEMA":"RationalTime.1","value":{int(exact.value)},"rate":{exact.rate!r}}}'
