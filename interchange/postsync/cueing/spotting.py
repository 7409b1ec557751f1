"""Plain markers to cues: which markers of a timeline are cues, and what each one says.

A marker is a cue when it carries our record or tag, when its text has the shape of one (`reading`), when the project's words,
colours or users say so, or when all markers are asked for. The rest stay plain markers. Numbers are never invented, and
every reading that rests on shape alone is reported.
"""

from __future__ import annotations

import dataclasses
import json
import re
from dataclasses import dataclass
from typing import Any

import opentimelineio as otio

from postsync.cueing.identity import is_uid, new_uid
from postsync.cueing.reading import Reading, Signs, details_fields, has_cue_word, read_marker_text
from postsync.cueing.tags import Tag, find_tag, strip_tag, text_check
from postsync.errors import FormatError
from postsync.model import (
    Character,
    Cue,
    PlainMarker,
    Project,
    TimelineFacts,
    cue_from_json,
    cue_of,
    put_characters,
    put_cue,
    timeline_characters,
    timeline_cues,
    timeline_facts,
    timeline_markers,
)
from postsync.report import Report
from postsync.timing import fraction_text, frame_at, seconds_of_frame

_TAG_CELLS = {
    "n": "number", "re": "reel", "sc": "scene", "v": "picture_version", "rn": "reason_note", "e": "episode",
    "os": "screen", "mi": "minutes", "d": "direction", "no": "note", "en": "engineer_note", "k": "kind", "s": "status",
}  # fmt: skip
_TAG_LISTS = {"r": "reasons", "f": "flags", "u": "uses"}


@dataclass(frozen=True)
class _Found:
    """One marker that is a cue: why, and what its text says."""

    marker: Any
    plain: PlainMarker
    tag: Tag | None
    record: dict[str, Any] | None
    reading: Reading | None


def spot(timeline: otio.schema.Timeline, project: Project, report: Report, *, all_markers: bool = False) -> int:
    """Make cues of the plain markers that are some, and give how many were made.

    Only visible markers count. One marker that was found several times (in a compound, on picture and sound of one clip)
    makes one cue.
    """
    facts = timeline_facts(timeline)
    cast = _Cast(timeline)
    taken = {cue.uid: None for cue in timeline_cues(timeline)}
    found = _without_repeats(timeline, _find(timeline, project, cast, all_markers), facts, report)
    for one in found:
        cue = _cue(one, timeline, project, facts, cast, taken, report)
        taken[cue.uid] = None
        put_cue(one.marker, cue, facts, cast.name(cue.character))
    if found:
        put_characters(timeline, cast.by_id.values())
    return len(found)


# -------------------------------------------------------------------------------------------------------- which ones


def _find(timeline: otio.schema.Timeline, project: Project, cast: _Cast, all_markers: bool) -> list[_Found]:
    """Find the markers that are cues; names learned in the first pass are known in the second."""
    candidates = [
        (marker, plain) for marker, plain in timeline_markers(timeline) if plain.visible and cue_of(marker) is None
    ]
    names = cast.folded_names()
    for marker, plain in candidates:
        found = _found(marker, plain, project, names, False)
        who = found.reading.character if found and found.reading else None
        if who:
            names.add(who.casefold())
    results = [_found(marker, plain, project, names, all_markers) for marker, plain in candidates]
    return [found for found in results if found is not None]


def _found(marker: Any, plain: PlainMarker, project: Project, names: set[str], all_markers: bool) -> _Found | None:
    tag = find_tag(plain.comment) or find_tag(plain.name)
    record = _custom_record(plain.custom_data)
    rules = project.cue_rules
    hinted = (
        has_cue_word(plain.name, rules)
        or has_cue_word(plain.user or "", rules)
        or (plain.colour is not None and plain.colour in {colour.lower() for colour in rules.colours})
        or (plain.user or "").casefold() in {user.casefold() for user in rules.users}
    )
    sure = bool(tag or record or hinted or all_markers)
    if plain.kind in ("chapter", "caption") and not sure:
        return None
    reading = read_marker_text(strip_tag(plain.name), strip_tag(plain.comment), Signs(rules, names, sure))
    if not sure and reading is None:
        return None
    return _Found(marker, plain, tag, record, reading)


def _custom_record(custom_data: str | None) -> dict[str, Any] | None:
    """Give the cue record that one of our programs put out of sight, None where the data is another program's."""
    try:
        data = json.loads(custom_data or "null")
    except (ValueError, RecursionError):
        return None
    for name in ("postsync", "cue"):
        if isinstance(data, dict) and isinstance(data.get(name), dict):
            data = data[name]
    return data if isinstance(data, dict) and is_uid(str(data.get("uid", ""))) else None


def _without_repeats(
    timeline: otio.schema.Timeline, found: list[_Found], facts: TimelineFacts, report: Report
) -> list[_Found]:
    """Keep the first of markers that are one and the same; those that also stand on one spot go altogether."""
    first: dict[Any, _Found] = {}
    kept: list[_Found] = []
    for one in found:
        keys = _same_keys(one.plain)
        earlier = next((first[key] for key in keys if key in first), None)
        for key in keys:
            first.setdefault(key, one)
        if earlier is None:
            kept.append(one)
            continue
        time = facts.timecode(one.plain.record_in)
        report.note("cue-repeated", time=time, source=one.plain.origin, name=one.plain.name or one.plain.comment)
        if earlier.plain.record_in == one.plain.record_in:
            _remove(timeline, one.marker)
    return kept


def _same_keys(plain: PlainMarker) -> list[Any]:
    text = (plain.name, plain.comment)
    host = plain.extra.get("host")
    keys: list[Any] = [("place", plain.record_in, *text)]
    if host is not None and plain.extra.get("host_time") is not None:
        keys.append(("host", str(host), str(plain.extra["host_time"]), *text))
    return keys


def _remove(timeline: otio.schema.Timeline, marker: Any) -> None:
    for place, other in enumerate(timeline.tracks.markers):
        if other is marker:
            del timeline.tracks.markers[place]
            return


# ----------------------------------------------------------------------------------------------------- what they say


def _cue(
    one: _Found,
    timeline: otio.schema.Timeline,
    project: Project,
    facts: TimelineFacts,
    cast: _Cast,
    taken: dict[str, None],
    report: Report,
) -> Cue:
    where = one.plain.name or one.plain.comment.partition("\n")[0]
    known = {"reel": None, "episode": project.episode, "picture_version": project.picture_version}
    cue = _recorded(one, known)
    cue = _placed(cue, one, facts, report, where)
    cue = _read_text(cue, one, cast)
    if one.tag is not None:
        cue = _tagged(cue, one.tag, one, cast)
    reel = cue.reel or project.reel_at(facts.start_frame + cue.record_in, facts.rate)
    cue = dataclasses.replace(cue, reel=reel, colour=one.plain.colour or cue.colour)
    cue = _identified(cue, one, timeline, taken)
    _note_guess(cue, one, facts, report, cast, where)
    return cue


def _recorded(one: _Found, known: dict[str, Any]) -> Cue:
    """Start from the whole record where one of our programs left it, else from nothing."""
    if one.record is not None:
        try:
            return cue_from_json({"record_in": 0, **one.record})
        except FormatError:
            return Cue(uid=str(one.record["uid"]), record_in=0, **known)
    return Cue(uid="", record_in=0, **known)


def _placed(cue: Cue, one: _Found, facts: TimelineFacts, report: Report, where: str) -> Cue:
    """Put the cue where its marker stands: on the frame that holds the exact time, the exact time kept beside it."""
    rate, start, duration = facts.rate, one.plain.record_in, one.plain.duration
    nudge = (one.tag.frames("t") or 0) if one.tag else 0
    start += seconds_of_frame(nudge, rate)
    first = frame_at(start, rate)
    remainder = start - seconds_of_frame(first, rate)
    last, end = None, None
    if duration > 0:
        end = start + duration
        last = max(first + 1, frame_at(end, rate))
    elif one.tag and (one.tag.frames("o") or 0) > 0:
        last = first + (one.tag.frames("o") or 0)
    off_end = end is not None and last is not None and end != seconds_of_frame(last, rate)
    if remainder:
        label = facts.label(first)
        report.note(
            "cue-off-frame", where=where, time=label, source=one.plain.origin, moved_by=-remainder,
            remainder=fraction_text(remainder), frame=label,
        )  # fmt: skip
    if first < 0:
        report.note("cue-outside-timeline", where=where, time=facts.label(first), name=where)
    return dataclasses.replace(
        cue,
        record_in=first,
        record_out=last,
        precise_in=start if remainder else None,
        precise_out=end if off_end else None,
    )


def _read_text(cue: Cue, one: _Found, cast: _Cast) -> Cue:
    """Take in what the text says; where a whole record is there, only what a person changed beside it."""
    reading = one.reading
    if reading is None:
        return cue
    if one.record is not None:
        if cue.character is not None:
            named = str(one.record.get("character_name") or reading.character or cue.character)
            cast.add_as(cue.character, named)
        edited = reading.line and " ".join(reading.line.split()) != " ".join((cue.line or "").split())
        return dataclasses.replace(cue, line=reading.line) if edited else cue
    fields: dict[str, Any] = {"number": reading.number, "line": reading.line, "note": reading.note}
    if reading.character:
        fields["character"] = cast.id_of(reading.character)
    if reading.reasons:
        fields |= {"reasons": reading.reasons, "reason_note": reading.reason_note}
    return dataclasses.replace(cue, **fields, **details_fields(reading.details or ""))


def _tagged(cue: Cue, tag: Tag, one: _Found, cast: _Cast) -> Cue:
    """Take in the fields of the tag; they were written by us and outweigh a reading of the text."""
    fields: dict[str, Any] = {
        name: tag.fields[key] for key, name in _TAG_CELLS.items() if tag.fields.get(key) and _tag_wins(name, tag, cue)
    }
    for key, name in _TAG_LISTS.items():
        if tag.fields.get(key):
            fields[name] = tuple(item for item in tag.fields[key].split(",") if item)
    if re.fullmatch(r"\d{1,3}", tag.fields.get("p", "")):
        fields["priority"] = int(tag.fields["p"])
    if tag.fields.get("c"):
        fields["character"] = cast.id_of(tag.fields["c"], tag.fields.get("ac"))
    if tag.fields.get("l") and _text_unchanged(one, tag):
        fields["line"] = tag.fields["l"]
    return dataclasses.replace(cue, uid=tag.uid, **fields)


def _tag_wins(name: str, tag: Tag, cue: Cue) -> bool:
    """A tag with its end cut off does not overrule what the text says whole."""
    return not (tag.cut and getattr(cue, name))


def _text_unchanged(one: _Found, tag: Tag) -> bool:
    """Whether the text beside the tag is still the one that was written; an edited text is the newer truth."""
    check = tag.fields.get("h")
    texts = [strip_tag(text) for text in (one.plain.comment, one.plain.name) if find_tag(text)]
    return check is None or any(text_check(text) == check.lower() for text in texts)


def _identified(cue: Cue, one: _Found, timeline: otio.schema.Timeline, taken: dict[str, None]) -> Cue:
    """Give the cue its uid; the copy of a marker gets its own and says where it came from."""
    if cue.uid and cue.uid not in taken:
        return cue
    plain = one.plain
    seed = "\x1f".join((timeline.name, fraction_text(plain.record_in), plain.name, plain.comment, cue.uid))
    return dataclasses.replace(cue, uid=new_uid(seed, taken), derived_from=cue.uid or cue.derived_from)


def _note_guess(cue: Cue, one: _Found, facts: TimelineFacts, report: Report, cast: _Cast, where: str) -> None:
    if one.tag is not None or one.record is not None or one.reading is None:
        return
    said = {
        "number": cue.number,
        "character": cast.name(cue.character),
        "line": cue.line,
        "reason": ", ".join(cue.reasons) or None,
    }
    reading = ", ".join(f"{name} {text!r}" for name, text in said.items() if text)
    time = facts.timecode(one.plain.record_in)
    report.note(
        "cue-guessed",
        where=where,
        time=time,
        source=one.plain.origin,
        reading=reading or "empty",
        form=one.reading.form,
    )


class _Cast:
    """The characters of a timeline while cues are being read: known ones are found by name, new ones added."""

    def __init__(self, timeline: otio.schema.Timeline) -> None:
        self.by_id = dict(timeline_characters(timeline))

    def folded_names(self) -> set[str]:
        """Every name and alias, case folded."""
        return {name.casefold() for one in self.by_id.values() for name in (one.name, *one.aliases)}

    def name(self, character: str | None) -> str | None:
        """The name for an id."""
        return self.by_id[character].name if character in self.by_id else character

    def id_of(self, name: str, actor: str | None = None) -> str:
        """Find a character by name, adding it where it is new."""
        folded = name.casefold()
        for one in self.by_id.values():
            if folded in {known.casefold() for known in (one.id, one.name, *one.aliases)}:
                if actor and one.actor is None:
                    self.by_id[one.id] = dataclasses.replace(one, actor=actor)
                return one.id
        made = character_id(name, self.by_id)
        self.by_id[made] = Character(made, name, actor=actor)
        return made

    def add_as(self, character: str, name: str) -> None:
        """Add a character whose id is already known."""
        self.by_id.setdefault(character, Character(character, name))


def character_id(name: str, taken: dict[str, Character]) -> str:
    """Make a short id of a name; letters of every script stay.

    >>> character_id("ELDER REN", {})
    'elder-ren'
    """
    slug = re.sub(r"[\W_]+", "-", name.casefold()).strip("-") or "character"
    wanted, count = slug, 2
    while wanted in taken:
        wanted, count = f"{slug}-{count}", count + 1
    return wanted
