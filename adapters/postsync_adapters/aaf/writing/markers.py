"""Cues and markers as DescriptiveMarkers in one event slot, the way Media Composer and DaVinci Resolve write theirs.

Position counts frames from the start of the composition. Resolve shows CommentMarkerUser as the name and Comment as the
note; Media Composer keeps its own attributes beside them, which it needs to tell markers apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import opentimelineio as otio

from postsync.cueing import NAME_AND_NOTE, NAME_ONLY, Carrier, TagLevel, lay_out
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
from postsync_adapters.aaf.writing.definitions import DESCRIPTIVE, Kit, fitting
from postsync_adapters.aaf.writing.identity import auid
from postsync_adapters.aaf.writing.profiles import Profile
from postsync_adapters.aaf.writing.records import Record
from postsync_adapters.aaf.writing.returning import Returning

FIRST_SOUND_SLOT = 3
"""The slot of the first sound track, on which Media Composer and OpenTimelineIO show the marks of no track."""

MARKER_SLOT, SEGMENTATION_SLOT, SEGMENTATION_TRACK = 1000, 3003, 12
"""The first slot of markers; and Media Composer's own for those that last."""

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
    """A marker in frames, as it will be written: `user` is what that field shows, often a name, `made_by` who made it."""

    frame: int
    length: int
    user: str
    comment: str
    rgb: tuple[int, int, int] | None
    uid: str
    track: str | None = None
    rest: dict[str, Any] = field(default_factory=dict[str, Any])
    made_by: str | None = None


def planned_markers(
    timeline: otio.schema.Timeline, tags: TagLevel, report: Report, profile: Profile, returning: Returning
) -> list[PlannedMarker]:
    """Give the cues and the visible plain markers of a timeline in order of time."""
    facts, cast = timeline_facts(timeline), timeline_characters(timeline)
    carrier = NAME_AND_NOTE if profile.named_markers else NAME_ONLY
    made = [_of_cue(cue, cast, tags, facts, report, carrier) for _, cue in cue_markers(timeline)]
    for number, (marker, plain) in enumerate(timeline_markers(timeline)):
        if cue_of(marker) is not None:
            continue
        if plain.visible:
            made.append(_of_plain(plain, number, facts, report, profile, returning))
        else:
            report.note("marker-outside-clip", name=plain.name or plain.comment or "marker")
    return sorted(made, key=lambda one: one.frame)


def _of_cue(
    cue: Cue, cast: dict[str, Character], tags: TagLevel, facts: TimelineFacts, report: Report, carrier: Carrier
) -> PlannedMarker:
    exact = cue.seconds_in(facts)
    if (exact * facts.rate.fps).denominator != 1:
        rest = exact - seconds_of_frame(frame_at(exact, facts.rate), facts.rate)
        report.note("cue-off-frame", where=cue.number or cue.uid, remainder=f"{float(rest):.4f}")
    known = cast.get(cue.character or "")
    colour = colour_name(cue.colour) or (colour_name(known.colour) if known else None) or CUE_COLOUR
    length = 0 if cue.record_out is None else max(cue.record_out - cue.record_in, 0)
    said = lay_out(cue, cast, carrier, tags)
    user, comment = (said.name, said.comment) if carrier.note else ("ADR", said.name)
    made_by = None if carrier.note else user
    return PlannedMarker(cue.record_in, length, user, comment, rgb_bytes(COLOURS[colour]), cue.uid, made_by=made_by)


def _of_plain(
    plain: PlainMarker, number: int, facts: TimelineFacts, report: Report, profile: Profile, returning: Returning
) -> PlannedMarker:
    frame = nearest_frame(plain.record_in, facts.rate)
    end = nearest_frame(plain.record_in + plain.duration, facts.rate)
    moved = seconds_of_frame(frame, facts.rate) - plain.record_in
    if moved:
        shown = f"{abs(float(moved * 1000)):.2f} ms"
        where = plain.name or plain.comment or "marker"
        report.note("time-rounded", where=where, moved_by=Fraction(moved), grid="frame", moved=shown)
    rgb = plain.colour_rgb or COLOURS.get(plain.colour or "")
    own = plain.extra.get("aaf") or {}
    uid = own.get("id") or auid("marker", number, plain.record_in, plain.name, plain.comment)
    length = max(end - frame, 1) if plain.duration else 0
    user = (plain.name or plain.user) if profile.named_markers else (plain.user or plain.name)
    comment = plain.comment if profile.named_markers else _text(plain)
    return PlannedMarker(
        frame, length, user or "", comment, rgb_bytes(rgb) if rgb else None, str(uid),
        plain.attached_to.track if plain.attached_to else None, returning.tags(own.get("attributes"), plain.name),
        plain.user,
    )  # fmt: skip


def _text(plain: PlainMarker) -> str:
    """Give the note of a plain marker; a name that has no place of its own goes in front, or is all there is."""
    if not plain.name or plain.name == plain.user:
        return plain.comment
    if plain.user and plain.comment:
        return f"{plain.name}: {plain.comment}"
    return plain.comment or plain.name


def marker_slots(
    markers: Sequence[PlannedMarker],
    slots: Mapping[str, int],
    other: int,
    fps: Fraction,
    length: int,
    kit: Kit,
    profile: Profile,
) -> list[Record]:
    """Make the slots of all markers; `slots` gives those of sound tracks by name, `other` the one where there is none.

    Media Composer writes one for each marked track, and markers that last into a slot of time.
    """
    first = min(slots.values(), default=other)
    if not profile.avid_markers:
        made_plain = [_marker(one, first, kit) for one in markers]
        return [_events(MARKER_SLOT, "Markers", 1, made_plain, fps, length)]
    made: list[Record] = []
    points = [one for one in markers if not one.length]
    for slot in sorted({slots.get(one.track or "", first) for one in points}):
        own = [_marker(one, slot, kit) for one in points if slots.get(one.track or "", first) == slot]
        number = MARKER_SLOT + len(made)
        made.append(_events(number, f"Markers {number}", slot - FIRST_SOUND_SLOT + 1, own, fps, length))
    lasting = [_marker(one, slots.get(one.track or "", first), kit) for one in markers if one.length]
    if lasting:
        made.append(_events(SEGMENTATION_SLOT, "Segmentation", SEGMENTATION_TRACK, lasting, fps, length))
    return made


def _events(number: int, name: str, track: int, markers: list[Record], fps: Fraction, length: int) -> Record:
    sequence = Record("Sequence", DataDefinition=DESCRIPTIVE, Length=length, Components=markers)
    kind, origin = ("TimelineMobSlot", 0) if number == SEGMENTATION_SLOT else ("EventMobSlot", None)
    return Record(
        kind,
        SlotID=number,
        SlotName=name,
        EditRate=fps,
        Segment=sequence,
        PhysicalTrackNumber=max(track, 1),
        Origin=origin,
    )


def _marker(marker: PlannedMarker, slot: int, kit: Kit) -> Record:
    comment = fitting(marker.comment)
    attributes: dict[str, Any] = {
        "_ATN_CRM_COM": comment,
        **({} if marker.made_by is None else {"_ATN_CRM_USER": marker.made_by}),
        "_ATN_CRM_ID": marker.uid,
    }
    stated = {name: marker.rest.get(name) for name in ("CommentMarkerDate", "CommentMarkerTime")}
    attributes |= {name: value for name, value in marker.rest.items() if name not in stated}
    made = Record(
        "DescriptiveMarker",
        DataDefinition=DESCRIPTIVE,
        Position=marker.frame,
        # Without it the common AAF reader of OpenTimelineIO refuses the file; Media Composer ignores marks on no track.
        DescribedSlots=[slot],
        Comment=comment,
        CommentMarkerUser=fitting(marker.user),
        Length=marker.length,
        **{name: fitting(str(value)) for name, value in stated.items() if value},
    )
    if marker.rgb is not None:
        made["CommentMarkerColor"] = [value * 257 for value in marker.rgb]
        attributes["_ATN_CRM_COLOR"] = _avid_colour(marker.rgb)
    if marker.length:
        attributes["_ATN_CRM_LENGTH"] = marker.length
    made["CommentMarkerAttributeList"] = kit.tags(attributes)
    if comment:
        made["UserComments"] = kit.tags({"Comment": comment})
    return made


def _avid_colour(rgb: tuple[int, int, int]) -> str:
    return min(
        AVID_COLOURS,
        key=lambda name: sum((have - want) ** 2 for have, want in zip(AVID_COLOURS[name], rgb, strict=True)),
    )
