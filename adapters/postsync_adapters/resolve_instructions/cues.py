"""The cues of a timeline as the markers that Resolve shall have: one for each, with the record in its `customData`."""

from __future__ import annotations

import json
from typing import Any

from postsync.cueing import NAME_AND_NOTE, lay_out
from postsync.model import (
    RESOLVE_COLOURS,
    Character,
    Cue,
    TimelineFacts,
    character_name,
    cue_colour,
    cue_of,
    plain,
    plain_marker,
    shown_colour,
    stated_json,
    timeline_characters,
)
from postsync.report import Report
from postsync.timing import seconds_of_frame
from postsync.wording import counted

TITLE = "DaVinci Resolve instructions"
SNAPSHOT = "resolve_snapshot"
"""The metadata of a marker that came out of Resolve: how it was there."""

WITHOUT_A_PLACE = ("lost", "replaced")
"""The statuses of cues that have no place in this cut: their markers go, the work keeps them."""

Json = dict[str, Any]


def cues_of(timeline: Any, facts: TimelineFacts, report: Report) -> tuple[list[Json], list[str]]:
    """Give the cues that shall have a marker, in order, and the uids of those whose marker shall go."""
    cast = timeline_characters(timeline)
    shown: list[Json] = []
    gone: list[str] = []
    foreign = 0
    for marker in timeline.tracks.markers:
        cue = cue_of(marker)
        if cue is None:
            foreign += _is_from_elsewhere(marker)
        elif cue.status in WITHOUT_A_PLACE:
            gone.append(cue.uid)
        else:
            shown.append(_cue(cue, cast, _as_it_was(marker), facts, report))
    if foreign:
        # What stands in Resolve already stays there; markers from elsewhere would be nobody's to take away again.
        words = counted(foreign, "marker that is no cue", "markers that are no cues")
        report.note("feature-not-carried", feature=words, format=TITLE, count=foreign)
    return sorted(shown, key=lambda one: (one["frame"], one["label"], one["uid"])), gone


def _is_from_elsewhere(marker: Any) -> bool:
    """Say whether a marker that is no cue is not Resolve's own: its markers and subtitles stay there as they are."""
    about = plain_marker(marker)
    return SNAPSHOT not in marker.metadata and about.origin != SNAPSHOT and about.visible


def _cue(cue: Cue, cast: dict[str, Character], was: Json | None, facts: TimelineFacts, report: Report) -> Json:
    where = cue.number or cue.uid
    if cue.record_in < 0:
        report.note("cue-outside-timeline", where=where, time=facts.label(cue.record_in), name=where)
    if cue.precise_in is not None and cue.precise_in != seconds_of_frame(cue.record_in, facts.rate):
        left = cue.precise_in - seconds_of_frame(cue.record_in, facts.rate)
        report.note("cue-off-frame", where=where, moved_by=-left, remainder=f"{float(left):.4f}")
    text = lay_out(cue, cast, NAME_AND_NOTE, "none")
    shown = _colour(cue, cast, report)
    length = cue.record_in if cue.record_out is None else cue.record_out
    return {
        "uid": cue.uid,
        "label": text.name or cue.uid,
        "frame": cue.record_in,
        "duration": max(1, length - cue.record_in),
        "color": shown.capitalize(),
        "name": text.name,
        "note": text.comment,
        "custom_data": _mark(cue, cast, shown),
        "was": was,
    }


def _mark(cue: Cue, cast: dict[str, Character], shown: str) -> str:
    record = stated_json(cue)
    if cue.character is not None:
        record["character_name"] = character_name(cast, cue)
    if cue.colour != shown:
        record["colour_shown"] = shown
    return json.dumps({"postsync": {"cue": record}}, ensure_ascii=False, separators=(",", ":"))


def _colour(cue: Cue, cast: dict[str, Character], report: Report) -> str:
    colour = cue_colour(cast, cue)
    return shown_colour(RESOLVE_COLOURS, colour, "blue", cue.number or cue.uid, report)


def _as_it_was(marker: Any) -> Json | None:
    """Give the plain marker of Resolve's timeline that a cue was read from, None for one that has our mark already.

    Of a clip's marker it is always given: the cue stands on the timeline from then on, and the clip's must not be read again.
    """
    found = marker.metadata.get(SNAPSHOT)
    about: Json = {} if found is None else plain(found)
    if not about or (about.get("custom_data") and not about.get("item")):
        return None
    return {name: about.get(name) for name in ("frame", "name", "note", "item") if name != "item" or about.get("item")}
