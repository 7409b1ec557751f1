"""Plain markers to cues: which markers of a timeline are cues, and what each one says.

A marker is a cue when it carries our record or tag, when its text has the shape of one (`reading`), when the project's words,
colours or users say so, or when all markers are asked for. The rest stay plain markers. Numbers are never invented, and
every reading that rests on shape alone is reported.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import opentimelineio as otio

from postsync.cueing.cast import Cast
from postsync.cueing.identity import new_uid
from postsync.cueing.reading.clip_cues import ClipCueRules, clip_cues
from postsync.cueing.reading.dialects import dialect_of
from postsync.cueing.reading.marker_cues import BLANK, SHOWN_COLOUR, Found, cue_from_marker, custom_record
from postsync.cueing.reading.marker_text import read_marker_text
from postsync.cueing.reading.signs import Reading, Signs, has_cue_word
from postsync.cueing.reading.twins import Twins, with_what_it_lacks
from postsync.cueing.tags import find_tag, strip_tag
from postsync.model import (
    Cue,
    CueRules,
    Dialect,
    HeldMarker,
    PlainMarker,
    Project,
    TimelineFacts,
    block,
    cue_from_json,
    cue_marker,
    marker_with_cue,
    put_block,
    put_characters,
    timeline_characters,
    timeline_facts,
    with_fields,
    without_searching_for_cycles,
)
from postsync.report import Report
from postsync.timing import fraction_text
from postsync.wording import counted


def spot(
    timeline: otio.schema.Timeline,
    project: Project,
    report: Report,
    *,
    all_markers: bool = False,
    dialect: Dialect | None = None,
    clip_dialect: Dialect | None = None,
) -> int:
    """Make cues of the plain markers that are some, and give how many were made.

    Only visible markers count. One marker that was found several times (in a compound, on picture and sound of one clip)
    makes one cue. `dialect` is the notation of names where the caller knows it; else the project's, else what the names show.
    Clips whose names are cues count too, in a notation of their own where `clip_dialect` says so.

    >>> fresh, report = postsync.read(reel)
    >>> spot(fresh, Project(), report)
    5
    """
    return _spot(timeline, project, report, all_markers, dialect, clip_dialect)[0]


def spot_new(
    timeline: otio.schema.Timeline,
    project: Project,
    report: Report,
    *,
    all_markers: bool = False,
    dialect: Dialect | None = None,
) -> frozenset[str]:
    """Make cues of plain markers as `spot` does, and give the uids that were made up, which nobody has written down yet.

    >>> fresh, report = postsync.read(reel)
    >>> len(spot_new(fresh, Project(), report)), len(spot_new(fresh, Project(), report))
    (5, 0)
    """
    return frozenset(_spot(timeline, project, report, all_markers, dialect, None)[1])


@without_searching_for_cycles()
def _spot(
    timeline: otio.schema.Timeline,
    project: Project,
    report: Report,
    all_markers: bool,
    dialect: Dialect | None,
    clip_dialect: Dialect | None,
) -> tuple[int, set[str]]:
    facts = timeline_facts(timeline)
    cast = Cast(timeline_characters(timeline).values())
    held = [HeldMarker.of(marker) for marker in timeline.tracks.markers]
    whole = [one.block["cue"] for one in held if "cue" in one.block]
    taken: dict[str, None] = {cue["uid"]: None for cue in whole}
    blank = with_fields(BLANK, episode=project.episode, picture_version=project.picture_version)
    making = _Making(timeline, project, facts, cast, blank, taken)
    found = _find([one for one in held if "cue" not in one.block], project, cast, all_markers, dialect)
    anew: dict[int, Any] = {}
    found = _without_repeats(found, anew, facts, report)
    _learn_names(found, cast)
    spotted = [making.cue(one, report) for one in found]
    clips = _clips(timeline, project, cast, report, clip_dialect or dialect, taken)
    more = _put_clip_cues(clips, whole, spotted, making, report) if clips else 0
    if not (whole or found or more):
        _note_no_cues(held, report)
    for one, cue in zip(found, spotted, strict=True):
        if one.marker is not None:
            anew[id(one.marker.marker)] = marker_with_cue(one.marker, cue, facts, cast.name(cue.character))
    _replace(timeline, anew)
    if found or clips:
        put_characters(timeline, cast.by_id.values())
    return len(found) + more, making.made_up


def _note_no_cues(held: list[HeldMarker], report: Report) -> None:
    """Say that there are markers and none is a cue, which looks like an empty file otherwise."""
    kinds = [plain.kind for plain in (one.plain() for one in held) if plain.visible]
    if kinds:
        what = counted(len(kinds), "caption" if set(kinds) == {"caption"} else "marker")
        report.note("no-marker-is-a-cue", what=what, count=len(kinds))


def _learn_names(found: Iterable[Found], cast: Cast) -> None:
    for one in found:
        if one.tag is not None and one.tag.fields.get("c"):
            cast.id_of(one.tag.fields["c"], one.tag.fields.get("ac"))


@dataclass(frozen=True)
class _Making:
    """What a cue is made with: the timeline, what the project says of all, the cast, the uids that are taken."""

    timeline: otio.schema.Timeline
    project: Project
    facts: TimelineFacts
    cast: Cast
    blank: Cue
    taken: dict[str, None]
    made_up: set[str] = field(default_factory=set)

    def cue(self, one: Found, report: Report) -> Cue:
        """Make the cue of a marker or clip, and give it its uid."""
        return self.identified(cue_from_marker(one, self.blank, self.facts, self.cast, report), one)

    def identified(self, cue: Cue, one: Found) -> Cue:
        """Give a cue its reel, its colour and a uid that no other has."""
        own = cue.uid
        cue = _identified(_as_it_stands(cue, one, self.project, self.facts), one, self.timeline, self.taken)
        self.taken[cue.uid] = None
        if cue.uid != own:
            self.made_up.add(cue.uid)
        return cue


def _put_clip_cues(
    clips: list[tuple[Any, Found]], whole: list[dict[str, Any]], spotted: list[Cue], making: _Making, report: Report
) -> int:
    """Make cues of the clips that are some, and give how many; one that is a marker's too fills in what that leaves open."""
    _learn_names((one for _, one in clips), making.cast)
    known, places = Twins([*map(cue_from_json, whole), *spotted]), {cue.uid: place for place, cue in enumerate(spotted)}
    made = 0
    for clip, one in clips:
        own = Report()
        cue = cue_from_marker(one, making.blank, making.facts, making.cast, own)
        uid = known.of(cue)
        if uid is None:
            report.extend(own)
            cue = making.identified(cue, one)
            uid, made = cue.uid, made + 1
            making.timeline.tracks.markers.append(cue_marker(cue, making.facts, making.cast.name(cue.character)))
        elif uid in places:
            spotted[places[uid]] = with_what_it_lacks(spotted[places[uid]], cue)
        put_block(clip, {"cue_uid": uid, "cue_clip": True})
    return made


# -------------------------------------------------------------------------------------------------------- which ones


def _find(
    held: list[HeldMarker], project: Project, cast: Cast, all_markers: bool, dialect: Dialect | None
) -> list[Found]:
    """Find the markers that are cues; a name that one of them gives is known in all, those before it too."""
    markers = [(one, one.plain()) for one in held]
    candidates = sorted(((one, plain) for one, plain in markers if plain.visible), key=lambda pair: pair[1].record_in)
    names = cast.folded_names() | Cast(project.characters).folded_names()
    notation = _dialect(candidates, project, dialect)
    guessed = (dialect or project.cue_rules.dialect) == "auto"
    signs = Signs(project.cue_rules, names, dialect=notation, vocabulary=project.vocabulary, guessed=guessed)
    first: list[tuple[Found | None, int]] = []
    for marker, plain in candidates:
        found = _found(marker, plain, signs, False)
        who = found.reading.character if found and found.reading else None
        first.append((found, len(names)))
        if who:
            names.add(who.casefold())
    results = [
        found
        if known == len(names) and (not all_markers or (found is not None and (found.tag or found.record)))
        else _found(marker, plain, signs, all_markers)
        for (marker, plain), (found, known) in zip(candidates, first, strict=True)
    ]
    return [found for found in results if found is not None]


def _clips(
    timeline: otio.schema.Timeline,
    project: Project,
    cast: Cast,
    report: Report,
    dialect: Dialect | None,
    known: dict[str, None],
) -> list[tuple[Any, Found]]:
    """Find the clips whose names are cues; a reader may have been told which ones, and in which notation."""
    told = block(timeline).get("clip_cues") or {}
    names = cast.folded_names() | Cast(project.characters).folded_names()
    asked = _first_stated(told.get("dialect"), dialect, project.cue_rules.dialect)
    rules = ClipCueRules(project.cue_rules, project.vocabulary, names, asked, told.get("which") or "auto")
    return clip_cues(timeline, rules, report, known)


def _first_stated(*given: Dialect | None) -> Dialect:
    """Give the first notation that somebody named, `auto` where nobody did."""
    for one in given:
        if one is not None and one != "auto":
            return one
    return "auto"


def _dialect(candidates: list[Any], project: Project, asked: Dialect | None) -> Dialect:
    wanted = asked or project.cue_rules.dialect
    if wanted != "auto":
        return wanted
    texts = [text for _, plain in candidates for text in (plain.name, plain.comment)]
    if any(find_tag(text) for text in texts):
        return "plain"  # we wrote it, whatever the lines themselves look like
    tracks = {_track(plain) for _, plain in candidates}
    return dialect_of(map(strip_tag, texts), [track for track in tracks if track], project.cue_rules.tag_keys)


def _track(plain: PlainMarker) -> str | None:
    return plain.attached_to.track if plain.attached_to else None


def _found(marker: HeldMarker, plain: PlainMarker, signs: Signs, all_markers: bool) -> Found | None:
    tag = find_tag(plain.comment) or find_tag(plain.name)
    record = custom_record(plain.custom_data)
    sure = bool(tag or record or all_markers or _is_hinted(plain, signs.rules))
    if plain.kind in ("chapter", "caption") and not sure:
        return None
    signs = with_fields(signs, trusted=sure, track=_track(plain))
    reading = _reading(plain, signs)
    return Found(marker, plain, tag, record, reading, signs.vocabulary) if sure or reading is not None else None


def _reading(plain: PlainMarker, signs: Signs) -> Reading | None:
    """Read the texts of a marker; where its name is the user who made it, as in Media Composer, that is nobody who speaks."""
    name, comment = strip_tag(plain.name), strip_tag(plain.comment)
    reading = read_marker_text(name, comment, signs)
    made_by = bool(name) and name == plain.user and name.casefold() not in signs.cast
    if made_by and (reading is None or reading.form in ("text", "character over line")):
        return read_marker_text("", comment, signs)
    return reading


def _is_hinted(plain: PlainMarker, rules: CueRules) -> bool:
    """Whether the show's words, colours or users say that this marker is a cue."""
    return (
        has_cue_word(plain.name, rules)
        or has_cue_word(plain.user or "", rules)
        or (plain.colour is not None and any(plain.colour == colour.lower() for colour in rules.colours))
        or any((plain.user or "").casefold() == user.casefold() for user in rules.users)
    )


def _without_repeats(found: list[Found], anew: dict[int, Any], facts: TimelineFacts, report: Report) -> list[Found]:
    """Keep the first of markers that are one and the same; those that also stand on one spot go altogether (None in `anew`)."""
    first: dict[Any, Found] = {}
    kept: list[Found] = []
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
        if one.marker is not None and earlier.plain.record_in == one.plain.record_in:
            anew[id(one.marker.marker)] = None
    return kept


def _same_keys(plain: PlainMarker) -> list[Any]:
    text = (plain.name, plain.comment)
    host = plain.extra.get("host")
    keys: list[Any] = [("place", plain.record_in, *text)]
    if host is not None and plain.extra.get("host_time") is not None:
        keys.append(("host", str(host), str(plain.extra["host_time"]), *text))
    return keys


def _replace(timeline: otio.schema.Timeline, anew: dict[int, Any]) -> None:
    """Put markers into the places of those that they are made of, by their ids; None takes one away."""
    if anew:
        markers = [anew.get(id(marker), marker) for marker in timeline.tracks.markers]
        timeline.tracks.markers.clear()
        timeline.tracks.markers.extend(marker for marker in markers if marker is not None)


def _as_it_stands(cue: Cue, one: Found, project: Project, facts: TimelineFacts) -> Cue:
    """Give the cue the reel that it lies in and the colour that its marker has; one that we only showed so keeps its own."""
    reel = cue.reel or project.reel_at(facts.start_frame + cue.record_in, facts.rate)
    shown = one.record.get(SHOWN_COLOUR) if one.record else None
    colour = cue.colour if shown and shown == one.plain.colour else one.plain.colour or cue.colour
    return cue if (reel, colour) == (cue.reel, cue.colour) else with_fields(cue, reel=reel, colour=colour)


def _identified(cue: Cue, one: Found, timeline: otio.schema.Timeline, taken: dict[str, None]) -> Cue:
    """Give the cue its uid; the copy of a marker gets its own and says where it came from."""
    if cue.uid and cue.uid not in taken:
        return cue
    plain = one.plain
    seed = "\x1f".join((timeline.name, fraction_text(plain.record_in), plain.name, plain.comment, cue.uid))
    return with_fields(cue, uid=new_uid(seed, taken), derived_from=cue.uid or cue.derived_from)
