"""Cues that a file states field by field: who speaks, what, under which number, each in a place of its own.

Nothing is guessed from the shape of a text here; a tag or a whole record beside the fields counts as it does in markers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import opentimelineio as otio

from postsync.cueing.cast import Cast
from postsync.cueing.identity import is_uid, new_uid
from postsync.cueing.reading.marker_cues import BLANK, Found, cue_from_marker
from postsync.cueing.reading.signs import Reading
from postsync.cueing.tags import Tag, find_tag, strip_tag
from postsync.cueing.text import printable
from postsync.model import (
    Cue,
    PlainMarker,
    TimelineFacts,
    Vocabulary,
    cue_marker,
    put_characters,
    timeline_characters,
    with_fields,
)
from postsync.report import Report
from postsync.timing import fraction_text

NO_WORDS = Vocabulary()
"""A file that states its fields needs no show's words for them; made once, for it is large."""


@dataclass(frozen=True)
class StatedCue:
    """One cue as a file states it; `plain` has its place and colour.

    `line` may end in a tag where `tag_in_line`. `uid` is there where the file has an id of ours. `record` is the whole
    record where the file keeps one: what the fields say stands above it. `fields` are further fields of the cue record,
    `actor` who plays it.

    Its times are those of `plain`: exact seconds from the timeline's first frame.

    >>> from postsync.model import PlainMarker
    >>> StatedCue(PlainMarker(Fraction(10)), number="R106", character="ROBIN", line="Hold there!").uid is None
    True
    """

    plain: PlainMarker
    number: str | None = None
    character: str | None = None
    line: str | None = None
    uid: str | None = None
    tag: Tag | None = None
    record: Mapping[str, Any] | None = None
    actor: str | None = None
    tag_in_line: bool = True
    fields: Mapping[str, Any] = field(default_factory=dict)


def put_stated_cues(
    timeline: otio.schema.Timeline, stated: Iterable[StatedCue], facts: TimelineFacts, report: Report
) -> None:
    """Put cues on a timeline, each with its uid; a copy gets one of its own and says where it came from.

    >>> from postsync.model import PlainMarker, timeline_cues, timeline_facts
    >>> stated = StatedCue(PlainMarker(Fraction(1)), number="R120", character="ROBIN", line="Hold there!")
    >>> put_stated_cues(timeline, [stated], timeline_facts(timeline), report)
    >>> [cue.number for cue in timeline_cues(timeline)]
    ['R101', 'R120', 'R102', 'R103', 'R104', 'R105']
    """
    cast = Cast(timeline_characters(timeline).values())
    taken: dict[str, None] = {}
    for one in stated:
        cue = _cue(one, facts, cast, report)
        cue = _identified(cue, one, timeline.name, taken)
        taken[cue.uid] = None
        timeline.tracks.markers.append(cue_marker(cue, facts, cast.name(cue.character)))
    put_characters(timeline, cast.by_id.values())


def _cue(one: StatedCue, facts: TimelineFacts, cast: Cast, report: Report) -> Cue:
    # First the record, so that the cast knows its characters by their own ids.
    whole = None if one.record is None else _of_record(one.record, one.plain, facts, cast)
    tag = one.tag or (find_tag(one.line or "") if one.tag_in_line else None)
    line = (strip_tag(one.line or "") if one.tag_in_line else one.line) or None
    number = one.number or (tag.fields.get("n") if tag else None)
    # The texts as they were laid out, by which the check of a tag knows them again.
    name = " ".join(part for part in (number, one.character) if part)
    plain = with_fields(one.plain, name=name, comment=line or "")
    fields = {**one.fields, **({"actor": one.actor} if one.actor else {})}
    note = fields.pop("note", None)
    reading = Reading("stated", one.number, one.character, line, note=note, fields=fields)
    found = Found(None, plain, tag, None, reading, NO_WORDS, stated=True)
    cue = cue_from_marker(found, BLANK, facts, cast, report)
    if whole is not None:
        cue = _above_record(cue, whole, one, cast)
    own: dict[str, Any] = {"uid": one.uid} if one.uid and is_uid(one.uid) else {}
    own |= {"colour": one.plain.colour} if one.plain.colour else {}
    return with_fields(cue, **own) if own else cue


def _of_record(record: Mapping[str, Any], plain: PlainMarker, facts: TimelineFacts, cast: Cast) -> Cue:
    """Give the cue of a whole record, where its event stands."""
    bare = PlainMarker(plain.record_in, plain.duration)
    found = Found(None, bare, None, {"record_in": 0, **record}, vocabulary=NO_WORDS)
    cue = cue_from_marker(found, BLANK, facts, cast, Report())
    return with_fields(cue, extra={name: one for name, one in cue.extra.items() if name != "character_name"})


def _above_record(cue: Cue, whole: Cue, one: StatedCue, cast: Cast) -> Cue:
    """Give the cue of a whole record with what the file's own fields say otherwise above it."""
    said: dict[str, Any] = {name: getattr(cue, name) for name in ("number", "line", *one.fields) if hasattr(cue, name)}
    said = {name: now for name, now in said.items() if now and not _same(now, getattr(whole, name))}
    if one.character and cast.name(whole.character) != one.character:
        said["character"] = cue.character
    return with_fields(whole, **said)


def _same(now: Any, was: Any) -> bool:
    """Whether a field says what the record says; a file may lay the white space of a text out anew."""
    if isinstance(now, str) and isinstance(was, str):
        return printable(now).split() == printable(was).split()
    return bool(now == was)


def _identified(cue: Cue, one: StatedCue, seed: str, taken: Mapping[str, None]) -> Cue:
    if cue.uid and cue.uid not in taken:
        return cue
    text = "\x1f".join((seed, fraction_text(one.plain.record_in), one.number or "", one.line or "", cue.uid))
    return with_fields(cue, uid=new_uid(text, taken), derived_from=cue.uid or cue.derived_from)
