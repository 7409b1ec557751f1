"""Laying whole tracks at once: many clips with absolute times become JSON texts, which OpenTimelineIO reads in C++.

Clip by clip through Python, metadata cost ten times what the rest of a clip does. Here each clip is planned as its JSON
members, and the track's grid is found in whole numbers. What comes out is what `walk.build_track` makes: one rate for the
whole track where one holds every boundary, every range exact.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from math import isfinite, lcm
from operator import itemgetter
from typing import Any, NamedTuple

import opentimelineio as otio

from postsync.errors import RateError
from postsync.model.facts import TrackFacts, speed_effects
from postsync.model.keys import NAMESPACE, SCHEMA, from_plain, put_block, readable
from postsync.model.records import to_json
from postsync.model.walk import LARGEST_WHOLE, WIDEST_RATE, WIDEST_UNIT
from postsync.timing import common_rate, whole_units

_quoted: Callable[[str], str] = json.encoder.encode_basestring
_dumps = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Planned(NamedTuple):
    """A clip or stack still to be laid: its JSON members without `source_range`, and its exact place.

    `record_in` and the exclusive `record_out` in seconds of the timeline, `source_start` in the media's own timecode.

    >>> members = clip_members("12A-3", {}, media_members("12A-3.wav", None, {}, None))
    >>> planned = Planned(members, record_in=Fraction(0), record_out=Fraction(5))
    >>> track = planned_track("DX A", "Audio", [planned], [24])
    >>> [item.name for item in track]
    ['12A-3']
    """

    members: str
    record_in: Fraction
    record_out: Fraction
    source_start: Fraction = Fraction(0)


def clip_members(name: str, facts: Mapping[str, Any], media: str, *, enabled: bool = True, foreign: Any = None) -> str:
    """Give the JSON members of a clip.

    `facts` are those of `ClipFacts` as plain values, the defaults left out (`stated_facts` gives them so). `media` is the
    JSON of its reference, `foreign` metadata under other names.

    >>> import json
    >>> json.loads("{" + clip_members("12A-3", {"note": "wind"}, "null") + "}")["name"]
    '12A-3'
    """
    effects = _effects_text(facts["speed"]) if "speed" in facts else ""
    return (
        f'"OTIO_SCHEMA":"Clip.2","name":{_quoted(name)},{effects}{"" if enabled else _DISABLED}"media_references":'
        f'{{"DEFAULT_MEDIA":{media}}},"active_media_reference_key":"DEFAULT_MEDIA","metadata":{_metadata(facts, foreign)}'
    )


def with_fact(members: str, fact: str, value: str) -> str:
    """Add one fact to the members of a clip or stack: what thousands share is made once, what is each one's own comes last.

    >>> with_fact('"name":"A1","metadata":{"postsync":{"role":"dialogue"}}', "origin", "r3")
    '"name":"A1","metadata":{"postsync":{"role":"dialogue","origin":"r3"}}'
    """
    return f'{members[:-2]},"{fact}":{_quoted(value)}}}}}'


_DISABLED = '"enabled":false,'


def stack_members(
    name: str, facts: Mapping[str, Any], tracks: Sequence[str], *, enabled: bool = True, foreign: Any = None
) -> str:
    """Give the JSON members of a stack of tracks (as `track_text` gives them), such as an opened compound clip.

    >>> import json
    >>> inner = track_text("V1", "Video", [])
    >>> json.loads("{" + stack_members("compound", {}, [inner]) + "}")["name"]
    'compound'
    """
    return (
        f'"OTIO_SCHEMA":"Stack.1","name":{_quoted(name)},"enabled":{"true" if enabled else "false"},'
        f'"children":[{",".join(tracks)}],"metadata":{_metadata(facts, foreign)}'
    )


def media_members(
    name: str, url: str | None, facts: Mapping[str, Any], available: tuple[Fraction, Fraction] | None
) -> str:
    """Give the JSON of a reference to a file, or, without a URL, to what has no place. `available`: its start and length.

    >>> import json
    >>> made = media_members("12A-3.wav", "file:///sound/12A-3.wav", {}, (Fraction(0), Fraction(4)))
    >>> json.loads(made)["target_url"]
    'file:///sound/12A-3.wav'
    """
    if url is None:
        form = '"OTIO_SCHEMA":"MissingReference.1"'
    else:
        form = f'"OTIO_SCHEMA":"ExternalReference.1","target_url":{_quoted(url)}'
    span = "null"
    if available is not None:
        grid = common_rate(available)
        start, duration = (_own_time(time, grid) for time in available)
        span = f'{{"OTIO_SCHEMA":"TimeRange.1","start_time":{start},"duration":{duration}}}'
    return f'{{{form},"name":{_quoted(name)},"metadata":{_metadata(facts, None)},"available_range":{span}}}'


def _metadata(facts: Mapping[str, Any], foreign: Mapping[str, Any] | None) -> str:
    """Give our block, last, and those of others. Most values are texts: writing those by hand spares half the time."""
    stated = "".join(
        [
            f',"{name}":{_quoted(value)}' if type(value) is str else f',"{name}":{_value_text(value)}'
            for name, value in facts.items()
        ]
    )
    others = f"{_value_text(foreign)[1:-1]}," if foreign else ""
    return f'{{{others}"{NAMESPACE}":{{"schema":{SCHEMA}{stated}}}}}'


def _value_text(value: Any) -> str:
    kind = type(value)
    if kind is str:
        return _quoted(value)
    if kind is dict and len(value) < 3:  # beyond that the library's own C is faster
        return f"{{{','.join([f'{_quoted(name)}:{_value_text(one)}' for name, one in value.items()])}}}"
    if kind is int or (kind is float and isfinite(value)):
        return repr(value)
    return _numbers_text(value) if kind is tuple and value and type(value[0]) is int else _dumps(value)


@lru_cache(maxsize=1024)
def _numbers_text(numbers: tuple[int, ...]) -> str:
    """Give a list of channels, which clips share by the thousand."""
    return _dumps(numbers)


@lru_cache(maxsize=1024)
def _effects_text(speed: str) -> str:
    texts = [effect.to_json_string(-1) for effect in speed_effects(Fraction(speed))]
    return f'"effects":[{",".join(texts)}],' if texts else ""


def new_timeline(name: str, metadata: Mapping[str, Any]) -> otio.schema.Timeline:
    """Make an empty timeline with metadata of any size.

    >>> made = new_timeline("R1", {"mixer": {"room": "A"}})
    >>> made.metadata["mixer"]["room"]
    'A'
    """
    stack = {"OTIO_SCHEMA": "Stack.1", "name": "tracks", "children": []}
    return from_plain({"OTIO_SCHEMA": "Timeline.1", "name": name, "metadata": metadata, "tracks": stack})


def planned_track(
    name: str,
    kind: str,
    planned: Iterable[Planned],
    preferred: Sequence[Fraction | int] = (),
    *,
    facts: TrackFacts | None = None,
    join: Callable[[list[Any]], list[Any]] | None = None,
) -> otio.schema.Track:
    """Lay planned items that do not overlap on a new track, with gaps between, every range exact.

    `join` is given the clips, stacks and gaps of the track in order, and gives them back with the transitions between them:
    put into the track one by one, each would move all that is behind it.

    Raises ValueError where items overlap, RateError where a time is wider than OpenTimelineIO's numbers.

    >>> members = clip_members("12A-3", {}, media_members("12A-3.wav", None, {}, None))
    >>> track = planned_track("DX A", "Audio", [Planned(members, Fraction(2), Fraction(5))], [24])
    >>> [item.name for item in track.find_clips()]
    ['12A-3']
    """
    # One by one: OpenTimelineIO never frees a list that it reads, nor what is in it, and takes a fifth longer for it.
    items = [_from_text(text) for text in _children_texts(name, planned, preferred)]
    if join is not None:
        items = join(items)
    # Given to the constructor, which takes a quarter of what assigning does.
    track = otio.schema.Track(readable(name), items, kind=kind)
    if facts is not None:
        put_block(track, readable(to_json(facts)))
        track.enabled = not facts.muted
    return track


def _from_text(text: str) -> Any:
    if ("\\" in text and "\\u0000" in text) or not (text.isascii() or _is_whole(text)):
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
    """Give the JSON of a track.

    Raises ValueError where items overlap, RateError where their times have no common unit.

    >>> import json
    >>> json.loads(track_text("V1", "Video", []))["kind"]
    'Video'
    """
    children = _children_texts(name, planned, preferred)
    return f'{{{_track_members(name, kind, facts)},"children":[{",".join(children)}]}}'


def _track_members(name: str, kind: str, facts: TrackFacts | None) -> str:
    block = {} if facts is None else {NAMESPACE: {"schema": SCHEMA, **to_json(facts)}}
    enabled = "false" if facts is not None and facts.muted else "true"
    return (
        f'"OTIO_SCHEMA":"Track.1","name":{_quoted(name)},"kind":"{kind}","metadata":{_dumps(block)},'
        f'"source_range":null,"effects":[],"markers":[],"enabled":{enabled}'
    )


def _children_texts(name: str, planned: Iterable[Planned], preferred: Sequence[Fraction | int]) -> Iterator[str]:
    """Yield the JSON of each item of a track and of each gap between them."""
    given = list(planned)
    rate, spans = _in_units(given, preferred)
    grid = _Grid(rate, preferred)
    at = 0
    for (begin, end), (members, record_in, _, source_start) in sorted(zip(spans, given, strict=True), key=_SPAN):
        if begin != at:
            if begin < at:
                raise ValueError(f"items overlap on track {name!r} at {record_in} s")
            yield f'{{"OTIO_SCHEMA":"Gap.1",{grid.range_text(_NOTHING, begin - at)}}}'
        yield f"{{{members},{grid.range_text(source_start, end - begin)}}}"
        at = end


_NOTHING = Fraction(0)
Units = list[tuple[int, int]]


_SPAN = itemgetter(0)
"""What items are laid by: their beginning, those without length first."""


def _in_units(planned: Sequence[Planned], preferred: Sequence[Fraction | int]) -> tuple[Fraction, Units]:
    """Give the first preferred rate that holds every boundary whole, else the least that does, and all of them in it."""
    ratios = [(one[1].as_integer_ratio(), one[2].as_integer_ratio()) for one in planned]
    for rate in preferred:
        spans = _whole(ratios, rate.numerator, rate.denominator)
        if spans is not None:
            return Fraction(rate), spans
    grid = 1
    for denominator in {bottom for span in ratios for _, bottom in span}:
        grid = lcm(grid, denominator)
        if grid > WIDEST_UNIT:
            raise RateError("the times of one track have no common unit that a number could hold")
    return Fraction(grid), _whole(ratios, grid, 1) or []


def _whole(ratios: Iterable[tuple[tuple[int, int], tuple[int, int]]], top: int, bottom: int) -> Units | None:
    """Count boundaries in units of a rate; None where it does not hold one."""
    spans: Units = []
    for (begin, begin_bottom), (end, end_bottom) in ratios:
        first, rest = divmod(begin * top, begin_bottom * bottom)
        last, other_rest = divmod(end * top, end_bottom * bottom)
        if rest or other_rest:
            return None
        spans.append((first, last))
    return spans


class _Grid:
    """The rate of one track, and the texts of times on it."""

    def __init__(self, rate: Fraction, preferred: Sequence[Fraction | int]) -> None:
        self.preferred = preferred
        self.rate = rate
        self._top, self._bottom = rate.numerator, rate.denominator
        self._fits = rate <= WIDEST_RATE
        self._tail = f',"rate":{float(rate)!r}}}'

    def range_text(self, start: Fraction, units: int) -> str:
        """Give the member that says which part is used: a place in the media, and a length in units of the track."""
        top, bottom = start.as_integer_ratio()
        value, rest = divmod(top * self._top, bottom * self._bottom)
        if rest or not self._fits or not -LARGEST_WHOLE <= value <= LARGEST_WHOLE:
            begin = _own_time(start, common_rate([start], self.preferred))
        else:
            begin = f"{_TIME}{value}{self._tail}"
        if self._fits and units <= LARGEST_WHOLE:
            length = f"{_TIME}{units}{self._tail}"
        else:
            time = units / self.rate
            length = _own_time(time, common_rate([time]))
        return f'"source_range":{{"OTIO_SCHEMA":"TimeRange.1","start_time":{begin},"duration":{length}}}'


_TIME = '{"OTIO_SCHEMA":"RationalTime.1","value":'


def _own_time(time: Fraction, rate: Fraction) -> str:
    return f'{_TIME}{whole_units(time, rate)},"rate":{float(rate)!r}}}'
