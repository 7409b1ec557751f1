"""Cues and markers as DescriptiveMarkers in one event slot, the way Media Composer and DaVinci Resolve write theirs.

Position counts frames from the start of the composition. Resolve shows CommentMarkerUser as the name and Comment as the
note; Media Composer keeps its own attributes beside them, which it needs to tell markers apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import opentimelineio as otio

from postsync.cueing import NAME_ONLY, TagLevel, lay_out
from postsync.model import (
    COLOURS,
    Character,
    Cue,
    PlainMarker,
    TimelineFacts,
    colour_name,
    cue_markers,
    cue_of,
    rgb_bytes,
    timeline_characters,
    timeline_facts,
    timeline_markers,
)
from postsync.report import Report
from postsync.timing import frame_at, nearest_frame, seconds_of_frame
from postsync_adapters.aaf.definitions import Tags, fitting
from postsync_adapters.aaf.identity import auid

DESCRIBED_SLOT = 3
"""The first sound track, on which Media Composer and OpenTimelineIO show the marks."""

MARKER_SLOT = 1000

CUE_COLOUR = "red"
"""Where neither cue nor character has a colour."""

AVID_COLOURS = {
    "Red": (161, 47, 25),
    "Green": (51, 204, 51),
    "Blue": (51, 51, 204),
    "Cyan": (51, 204, 204),
    "Magenta": (204, 51, 204),
    "Yellow": (230, 230, 25),
    "Black": (0, 0, 0),
    "White": (255, 255, 255),
}
"""Media Composer's colours: the first six as its files hold them, in eight bits."""


@dataclass(frozen=True)
class PlannedMarker:
    """A marker in frames, as it will be written."""

    frame: int
    length: int
    user: str
    comment: str
    rgb: tuple[int, int, int] | None
    uid: str


def planned_markers(timeline: otio.schema.Timeline, tags: TagLevel, report: Report) -> list[PlannedMarker]:
    """Give the cues and the visible plain markers of a timeline in order of time."""
    facts, cast = timeline_facts(timeline), timeline_characters(timeline)
    made = [_of_cue(cue, cast, tags, facts, report) for _, cue in cue_markers(timeline)]
    for number, (marker, plain) in enumerate(timeline_markers(timeline)):
        if cue_of(marker) is not None:
            continue
        if plain.visible:
            made.append(_of_plain(plain, number, facts, report))
        else:
            report.note("marker-outside-clip", name=plain.name or plain.comment or "marker")
    return sorted(made, key=lambda one: one.frame)


def _of_cue(
    cue: Cue, cast: dict[str, Character], tags: TagLevel, facts: TimelineFacts, report: Report
) -> PlannedMarker:
    exact = cue.seconds_in(facts)
    if (exact * facts.rate.fps).denominator != 1:
        rest = exact - seconds_of_frame(frame_at(exact, facts.rate), facts.rate)
        report.note("cue-off-frame", where=cue.number or cue.uid, remainder=f"{float(rest):.4f}")
    known = cast.get(cue.character or "")
    colour = colour_name(cue.colour) or (colour_name(known.colour) if known else None) or CUE_COLOUR
    length = 0 if cue.record_out is None else max(cue.record_out - cue.record_in, 0)
    return PlannedMarker(
        cue.record_in, length, "ADR", lay_out(cue, cast, NAME_ONLY, tags).name, rgb_bytes(COLOURS[colour]), cue.uid
    )


def _of_plain(plain: PlainMarker, number: int, facts: TimelineFacts, report: Report) -> PlannedMarker:
    frame = nearest_frame(plain.record_in, facts.rate)
    end = nearest_frame(plain.record_in + plain.duration, facts.rate)
    moved = seconds_of_frame(frame, facts.rate) - plain.record_in
    if moved:
        shown = f"{abs(float(moved * 1000)):.2f} ms"
        where = plain.name or plain.comment or "marker"
        report.note("time-rounded", where=where, moved_by=Fraction(moved), grid="frame", moved=shown)
    rgb = plain.colour_rgb or COLOURS.get(plain.colour or "")
    uid = auid("marker", number, plain.record_in, plain.name, plain.comment)
    length = max(end - frame, 1) if plain.duration else 0
    return PlannedMarker(
        frame, length, plain.user or plain.name, _text(plain), rgb_bytes(rgb) if rgb else None, str(uid)
    )


def _text(plain: PlainMarker) -> str:
    """Give the note of a plain marker; a name that has no place of its own goes in front, or is all there is."""
    if plain.user and plain.name and plain.name != plain.user and plain.comment:
        return f"{plain.name}: {plain.comment}"
    return plain.comment or plain.name


def marker_slot(f: Any, markers: list[PlannedMarker], fps: Any, length: int, tags: Tags) -> Any:
    """Make the slot of all markers."""
    sequence = f.create.Sequence("DescriptiveMetadata", length)
    sequence["Components"].value = [_marker(f, marker, tags) for marker in markers]
    slot = f.create.EventMobSlot(MARKER_SLOT, "Markers", sequence)
    slot["EditRate"].value = fps
    slot["PhysicalTrackNumber"].value = 1
    return slot


def _marker(f: Any, marker: PlannedMarker, tags: Tags) -> Any:
    made = f.create.DescriptiveMarker()
    comment = fitting(marker.comment)
    made["Position"].value = marker.frame
    # Without it the common AAF reader of OpenTimelineIO refuses the file; Media Composer ignores marks on no track.
    made["DescribedSlots"].value = {DESCRIBED_SLOT}
    made["Comment"].value = comment
    made["CommentMarkerUser"].value = fitting(marker.user)
    attributes: dict[str, str | int] = {
        "_ATN_CRM_COM": comment,
        "_ATN_CRM_USER": marker.user,
        "_ATN_CRM_ID": marker.uid,
    }
    if marker.rgb is not None:
        red, green, blue = (value * 257 for value in marker.rgb)
        made["CommentMarkerColor"].value = {"red": red, "green": green, "blue": blue}
        attributes["_ATN_CRM_COLOR"] = _avid_colour(marker.rgb)
    if marker.length:
        made["Length"].value = marker.length
        attributes["_ATN_CRM_LENGTH"] = marker.length
    made["CommentMarkerAttributeList"].value = tags.made(attributes)
    return made


def _avid_colour(rgb: tuple[int, int, int]) -> str:
    return min(
        AVID_COLOURS,
        key=lambda name: sum((have - want) ** 2 for have, want in zip(AVID_COLOURS[name], rgb, strict=True)),
    )
