"""The ADR cue and the character: records that live in the metadata of ordinary OTIO markers on `timeline.tracks`.

A cue keeps its `uid` for life and never disappears: it changes `status`. Positions are whole frames counted from the
timeline's first frame; where the source was finer, `precise_in` and `precise_out` hold the exact seconds beside them.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import opentimelineio as otio

from postsync.model.clock import TimelineFacts, timeline_facts
from postsync.model.colours import OTIO_COLOURS, colour_in
from postsync.model.keys import (
    NAMESPACE,
    SCHEMA,
    from_text,
    json_text,
    part,
    put_block,
    put_block_fields,
    small_part,
)
from postsync.model.markers import HeldMarker, new_marker, range_text
from postsync.model.names import natural_key
from postsync.model.records import from_json, made_at_once, plain, stated_json, to_json, unknown_fields
from postsync.timing import seconds_of_frame

KINDS = (
    "line", "effort", "breath", "reaction", "group", "callout", "futz", "voice_over", "wild", "song", "foley", "other",
)  # fmt: skip
REASONS = {
    "noise": "background or set noise",
    "technical": "distortion, dropout, radio hit, clothing, off mic",
    "performance": "acting, reading, pronunciation",
    "clarity": "unintelligible",
    "added": "new line or added sound",
    "changed": "different words: story, legal, script",
    "continuity": "cut or edit problem, overlap",
    "perspective": "distance, acoustic",
    "tv": "language cover for broadcast or airline",
    "foreign": "needed for M&E or dub",
    "temp": "temp line to be redone",
    "split": "production split needs fill",
}
USES = ("theatrical", "tv", "airline", "foreign", "trailer")
FLAGS = ("optional", "to_be_written", "ad_lib", "must", "hold")
SCREENS = ("on", "off", "on_off", "off_on")
STATUSES = (
    "spotted", "approved", "recorded", "selected", "cut", "approved_final", "omitted", "lost", "replaced",
)  # fmt: skip


@dataclass(frozen=True)
class SyncPoint:
    """An anchor inside the line: exact seconds from the timeline's first frame, and what happens there.

    >>> cue = Cue(uid="7KQ2M9XD", record_in=240, sync_points=(SyncPoint(Fraction(21, 2), "door"),))
    >>> cue.sync_points[0].time
    Fraction(21, 2)
    """

    time: Fraction
    label: str = ""


@dataclass(frozen=True)
class Change:
    """One line of a cue's history; append only.

    >>> change = Change(when="2026-01-08", who="Nuendo list", field="line", old="Hold.", new="Hold there!")
    >>> Cue(uid="7KQ2M9XD", record_in=0, history=(change,)).history[-1].new
    'Hold there!'
    """

    when: str
    who: str
    field: str
    old: Any = None
    new: Any = None


@dataclass(frozen=True)
class Character:
    """Who speaks. `id` is the cast number or a short code; `prefix` goes into cue numbers.

    >>> put_characters(timeline, [Character(id="1", name="ROSA", prefix="R", aliases=("YOUNG ROSA",))])
    >>> timeline_characters(timeline)["1"].name
    'ROSA'
    """

    id: str
    name: str
    prefix: str | None = None
    actor: str | None = None
    aliases: tuple[str, ...] = ()
    is_group: bool = False
    colour: str | None = None


@made_at_once
@dataclass(frozen=True, kw_only=True)
class Cue:
    """One line to be recorded. `record_out` is exclusive and may be unknown (a point marker).

    `record_in` and the exclusive `record_out` are frames from the timeline's first frame, at its rate; `precise_in`
    and `precise_out` are exact seconds from there where the source was finer. Rolls and handles are seconds.
    `character` is the id of a `Character`; `uid` is eight letters that stay with the cue through every program.
    `takes` and `placements` are plain values, which `cue_takes` reads. `extra` keeps what a newer version wrote.

    >>> cue = Cue(uid="7KQ2M9XD", number="R106", record_in=240, record_out=300, line="Hold there!")
    >>> clock = TimelineFacts(timing.as_rate(24))
    >>> cue.seconds_in(clock), cue.seconds_out(clock)
    (Fraction(10, 1), Fraction(25, 2))
    """

    uid: str
    number: str | None = None
    former_numbers: tuple[str, ...] = ()
    episode: str | None = None
    reel: str | None = None
    scene: str | None = None
    shot: str | None = None
    picture_version: str | None = None
    record_in: int
    record_out: int | None = None
    precise_in: Fraction | None = None
    precise_out: Fraction | None = None
    sync_points: tuple[SyncPoint, ...] = ()
    character: str | None = None
    line: str | None = None
    production_line: str | None = None
    alternates: tuple[str, ...] = ()
    translations: dict[str, str] = field(default_factory=dict)
    kind: str = "line"
    reasons: tuple[str, ...] = ()
    reason_note: str | None = None
    uses: tuple[str, ...] = ("theatrical",)
    flags: tuple[str, ...] = ()
    screen: str | None = None
    priority: int | None = None
    direction: str | None = None
    note: str | None = None
    engineer_note: str | None = None
    pronunciation: str | None = None
    requested_by: str | None = None
    minutes: str | None = None
    pre_roll: Fraction | None = None
    post_roll: Fraction | None = None
    head_handle: Fraction | None = None
    tail_handle: Fraction | None = None
    status: str = "spotted"
    omitted_reason: str | None = None
    omitted_on: str | None = None
    reconform: dict[str, Any] | None = None
    group: str | None = None
    derived_from: str | None = None
    takes: tuple[dict[str, Any], ...] = ()
    placements: tuple[dict[str, Any], ...] = ()
    history: tuple[Change, ...] = ()
    colour: str | None = None
    extra: dict[str, Any] = field(default_factory=dict)

    def seconds_in(self, facts: TimelineFacts) -> Fraction:
        """Give the exact in, counted from the timeline's first frame."""
        return seconds_of_frame(self.record_in, facts.rate) if self.precise_in is None else self.precise_in

    def seconds_out(self, facts: TimelineFacts) -> Fraction | None:
        """Give the exact exclusive out, or None for a point."""
        if self.precise_out is not None:
            return self.precise_out
        return None if self.record_out is None else seconds_of_frame(self.record_out, facts.rate)


def cue_of(marker: otio.schema.Marker) -> Cue | None:
    """Give the cue that a marker carries, or None for a plain marker.

    >>> cue_of(otio.schema.Marker("a plain one")) is None
    True
    """
    facts = small_part(marker, "cue")
    return None if facts is None else cue_from_json(facts)


def cue_from_json(facts: dict[str, Any]) -> Cue:
    """Read a cue record; fields of a newer version stay in `extra`.

    >>> cue_from_json({"uid": "7KQ2M9XD", "record_in": 240, "number": "R106"}).number
    'R106'
    """
    cue = from_json(Cue, facts)
    unknown = unknown_fields(Cue, facts)
    return dataclasses.replace(cue, extra={**cue.extra, **unknown}) if unknown else cue


def put_cue(
    marker: otio.schema.Marker,
    cue: Cue,
    facts: TimelineFacts,
    character: str | None = None,
    *,
    was: Cue | None = None,
) -> None:
    """Make a marker carry a cue: its record, and the place, name, text and colour that other programs see.

    `was` is the cue as it was just read from this marker, where it is known: then only what differs is written, since writing
    a whole record into OpenTimelineIO's metadata takes ten times as long.

    >>> marker = to_otio_marker(PlainMarker(Fraction(10)), 24)
    >>> put_cue(marker, Cue(uid="7KQ2M9XD", number="R106", record_in=240), timeline_facts(timeline), "ROBIN")
    >>> marker.name
    'R106 ROBIN'
    """
    if was is None:
        put_block(marker, {"cue": stated_json(cue)})
    else:
        put_block_fields(marker, "cue", _differences(was, cue))
    marker.marked_range = _marked_range(cue, facts)
    marker.name = _marker_name(cue, character)
    marker.comment = cue.line or ""
    if cue.colour is not None:
        marker.color = colour_in(OTIO_COLOURS, cue.colour, "red").upper()


def marker_with_cue(
    held: HeldMarker, cue: Cue, facts: TimelineFacts, character: str | None = None
) -> otio.schema.Marker:
    """Make a marker anew as one that carries a cue, with all that the old one held.

    Where thousands of plain markers become cues this takes a tenth of the time of `put_cue`.

    >>> held = HeldMarker.of(to_otio_marker(PlainMarker(Fraction(10), name="R106 ROBIN: Hold there!"), 24))
    >>> cue = Cue(uid="7KQ2M9XD", number="R106", record_in=240)
    >>> cue_of(marker_with_cue(held, cue, timeline_facts(timeline))).number
    'R106'
    """
    block = {**held.block, "cue": stated_json(cue), "schema": SCHEMA}
    metadata = {**held.values["metadata"], NAMESPACE: block}
    shown = {"name": _marker_name(cue, character), "comment": cue.line or ""}
    if cue.colour is not None:
        shown["color"] = colour_in(OTIO_COLOURS, cue.colour, "red").upper()
    others = {name: value for name, value in held.values.items() if name != "marked_range"}
    text = json_text({**others, **shown, "metadata": metadata})
    made: otio.schema.Marker = from_text(f'{text[:-1]},"marked_range":{_range_text(cue, facts)}}}')
    return made


def _differences(was: Cue, cue: Cue) -> dict[str, Any]:
    """Give the fields of a cue that differ from what it was, as plain values."""
    names = (field.name for field in dataclasses.fields(Cue))
    return {name: to_json(now) for name in names if (now := getattr(cue, name)) != getattr(was, name)}


def cue_marker(
    cue: Cue, facts: TimelineFacts, character: str | None = None, foreign: Mapping[str, Any] | None = None
) -> otio.schema.Marker:
    """Make a new marker for a cue; `foreign` is metadata under the names of formats.

    >>> marker = cue_marker(Cue(uid="7KQ2M9XD", number="R106", record_in=240), timeline_facts(timeline), "ROBIN")
    >>> marker.name, cue_of(marker).number
    ('R106 ROBIN', 'R106')
    """
    name, block = _marker_name(cue, character), {"cue": stated_json(cue)}
    return new_marker(name, cue.line or "", cue.colour, _range_text(cue, facts), block, foreign)


def _marker_name(cue: Cue, character: str | None) -> str:
    return " ".join(part for part in (cue.number, character or cue.character) if part)


def _length(cue: Cue) -> int:
    return 0 if cue.record_out is None else max(0, cue.record_out - cue.record_in)


def _range_text(cue: Cue, facts: TimelineFacts) -> str:
    return range_text(cue.record_in, _length(cue), facts.rate.fps)


def _marked_range(cue: Cue, facts: TimelineFacts) -> otio.opentime.TimeRange:
    fps = float(facts.rate.fps)
    return otio.opentime.TimeRange(
        otio.opentime.RationalTime(cue.record_in, fps), otio.opentime.RationalTime(_length(cue), fps)
    )


def cue_markers(timeline: otio.schema.Timeline) -> Iterator[tuple[otio.schema.Marker, Cue]]:
    """Yield the markers that carry cues, in record order (equal places by number as people count).

    >>> [(marker.name, cue.number) for marker, cue in cue_markers(timeline)][0]
    ('R101 ROSA', 'R101')
    """
    facts = timeline_facts(timeline)
    pairs = [(marker, cue) for marker in timeline.tracks.markers if (cue := cue_of(marker)) is not None]
    yield from sorted(pairs, key=lambda pair: (pair[1].seconds_in(facts), natural_key(pair[1].number or "")))


def timeline_cues(timeline: otio.schema.Timeline) -> list[Cue]:
    """Give the cues of a timeline in record order.

    >>> [cue.number for cue in timeline_cues(timeline)]
    ['R101', 'R102', 'R103', 'R104', 'R105']
    """
    return [cue for _, cue in cue_markers(timeline)]


def timeline_characters(timeline: otio.schema.Timeline) -> dict[str, Character]:
    """Give the cast of a timeline by id.

    >>> sorted(one.name for one in timeline_characters(timeline).values())
    ['JONAS', 'ROSA', 'ЮРИЙ']
    """
    return {facts["id"]: from_json(Character, facts) for facts in part(timeline, "characters") or []}


def put_characters(timeline: otio.schema.Timeline, characters: Iterable[Character]) -> None:
    """Write the cast of a timeline.

    >>> put_characters(timeline, [Character(id="1", name="ROSA", actor="A. Silva")])
    >>> timeline_characters(timeline)["1"].actor
    'A. Silva'
    """
    put_block(timeline, {"characters": [to_json(character) for character in characters]})


def character_name(characters: dict[str, Character], cue: Cue) -> str:
    """Give the name that people read for a cue's character; empty where it has none.

    >>> cue = timeline_cues(timeline)[0]
    >>> character_name(timeline_characters(timeline), cue)
    'ROSA'
    """
    if cue.character is None:
        return ""
    known = characters.get(cue.character)
    return known.name if known is not None else cue.character


def cue_colour(characters: Mapping[str, Character], cue: Cue) -> str | None:
    """Give the colour that a cue is shown in: its own, else its character's; None where neither has one.

    >>> cue_colour({"1": Character(id="1", name="ROSA", colour="pink")}, Cue(uid="7F3K2Q9W", record_in=0, character="1"))
    'pink'
    """
    speaker = characters.get(cue.character or "")
    return cue.colour or (speaker.colour if speaker is not None else None)


def plain_cue(cue: Cue) -> dict[str, Any]:
    """Give a cue as plain values."""
    result: dict[str, Any] = plain(to_json(cue))
    return result
