"""Locators and markers of a list: read onto the timeline at their record times, and written as `LOC` lines.

Media Composer puts `* LOC:` lines under the events of a track or a table at the end; Resolve, Frame.io and their like put a
marker into the text after an event of one frame.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from fractions import Fraction

import opentimelineio as otio

from postsync.cueing import Carrier, TagLevel, lay_out, one_line
from postsync.formats import marker_lengths
from postsync.model import (
    Attachment,
    Character,
    PlainMarker,
    TimelineFacts,
    colour_name,
    cue_colour,
    cue_of,
    plain_marker,
    shown_colour,
    timeline_characters,
    to_otio_marker,
)
from postsync.report import Report
from postsync.timing import frame_at, seconds_of_frame
from postsync.wording import counted
from postsync_adapters.edl.clock import Labels
from postsync_adapters.edl.edits import Edit, Grouped
from postsync_adapters.edl.lists import Note
from postsync_adapters.edl.notes import Spot, locator_of, markers_of, table_of_markers
from postsync_adapters.edl.parse import LONGEST
from postsync_adapters.edl.tables import LOCATOR_COLOURS

CARRIER = Carrier(note=False, one_line=True, points=True, name_room=LONGEST - 100)
"""A `LOC` line is a place, a colour and one text; a line longer than any program writes is kept unread."""

Found = list[tuple[Spot, Edit | None]]


def spots_of(groups: Grouped) -> Found:
    """Give every locator and marker of a list with the edit that carries it."""
    found: Found = [(spot, None) for note in groups.head if (spot := _locator(note)) is not None]
    for edit in groups.edits:
        found += [(spot, edit) for note in edit.notes if (spot := _locator(note)) is not None]
        if any(note[1] == "marker" for note in edit.notes):
            found += [(spot, edit) for spot in markers_of(edit.notes, edit.main.record_in)]
    found += [(spot, None) for note in groups.tail if (spot := _locator(note)) is not None]
    return found + [(spot, None) for spot in table_of_markers(groups.tail)]


def _locator(note: Note) -> Spot | None:
    return locator_of(note) if note[1] == "locator" else None


def put_locators(
    timeline: otio.schema.Timeline,
    spots: Found,
    labels: Labels,
    unwrapped: Callable[[int], int],
    facts: TimelineFacts,
    report: Report,
) -> None:
    """Put the locators of a list onto its timeline."""
    markers: list[otio.schema.Marker] = []
    placed: list[tuple[Spot, Edit | None, int]] = []
    for spot, edit in spots:
        frame = _place(spot, edit, labels)
        if frame is None:
            report.note("value-unreadable", source=f"line {spot.line}", name="LOC", value=spot.label)
        else:
            placed.append((spot, edit, frame))
    lengths = marker_lengths([(frame, spot.length) for spot, _, frame in placed], facts.rate, timeline.name, report)
    for (spot, edit, frame), length in zip(placed, lengths, strict=True):
        at = seconds_of_frame(unwrapped(frame) - facts.start_frame, facts.rate)
        plain = _plain(replace(spot, length=length), edit, at, facts)
        markers.append(to_otio_marker(plain, facts.rate.fps))
    timeline.tracks.markers.extend(markers)


def _place(spot: Spot, edit: Edit | None, labels: Labels) -> int | None:
    """Give the record frame of a locator, where the hour may be missing, or the place be a frame of the source."""
    parts = spot.label.replace(";", ":").replace(".", ":").split(":")
    event = None if edit is None else edit.main
    if len(parts) == 3:
        parts.insert(0, event.record_in[:2] if event is not None else "00")
    if len(parts) == 4:
        return labels[":".join(part.zfill(2) for part in parts)]
    if event is None or not event.source_in.isdecimal():
        return None
    return labels[event.record_in] + int(spot.label) - int(event.source_in)


def _plain(spot: Spot, edit: Edit | None, at: Fraction, facts: TimelineFacts) -> PlainMarker:
    known = colour_name(spot.colour)
    text = spot.text if known or not spot.colour or spot.name else f"{spot.colour} {spot.text}".strip()
    carrier = None if edit is None else Attachment(spot.track or edit.main.channels, edit.value("from_clip") or None)
    return PlainMarker(
        record_in=at,
        duration=seconds_of_frame(spot.length, facts.rate) if spot.length > 1 else Fraction(0),
        name=spot.name,
        comment=text,
        colour=known,
        user=spot.user or None,
        kind="locator",
        attached_to=carrier if carrier is not None or not spot.track else Attachment(spot.track),
        origin=f"line {spot.line}",
        extra={"colour": spot.colour} if spot.name and spot.colour and known is None else {},
    )


# ------------------------------------------------------------------------------------------------------------- writing


def locator_rows(timeline: otio.schema.Timeline, tags: TagLevel, report: Report) -> list[tuple[int, str]]:
    """Give the frame from 00:00:00:00 and the value of the `LOC` line of every marker and cue, in order of time."""
    from postsync.model import timeline_facts

    facts = timeline_facts(timeline)
    people = timeline_characters(timeline)
    rows = [_row(marker, people, facts, tags, report) for marker in timeline.tracks.markers]
    long = sum(cue_of(marker) is None and marker.marked_range.duration.value > 0 for marker in timeline.tracks.markers)
    if long:
        words = counted(long, "marker duration")
        report.note("feature-not-carried", feature=words, format="CMX 3600 EDL", count=long)
    return sorted(rows, key=lambda row: row[0])


def _row(
    marker: otio.schema.Marker, people: dict[str, Character], facts: TimelineFacts, tags: TagLevel, report: Report
) -> tuple[int, str]:
    cue, plain = cue_of(marker), plain_marker(marker)
    at = plain.record_in if cue is None else cue.seconds_in(facts)
    frame = frame_at(at, facts.rate)
    colour = plain.colour
    if cue is None:
        wanted = ": ".join(part for part in (plain.name, plain.comment) if part)
        text = one_line(wanted)
    else:
        colour = cue_colour(people, cue) or plain.colour
        wanted = text = lay_out(cue, people, CARRIER, tags).name
    _note_changes(text, wanted, at - seconds_of_frame(frame, facts.rate), facts.label(frame), report)
    chosen = shown_colour(LOCATOR_COLOURS, colour, "red", text[:60], report)
    return facts.start_frame + frame, f"{facts.label(frame)} {chosen.upper():<7} {text}"


def _note_changes(text: str, wanted: str, moved: Fraction, time: str, report: Report) -> None:
    if text != wanted.strip():
        report.note("marker-text-changed", where=text[:60], time=time, was=repr(wanted), now=repr(text))
    if moved:
        how = f"{float(moved):.4f} s"
        report.note("time-rounded", where=text[:60], time=time, moved_by=-moved, grid="frame", moved=how)


def placed_under(rows: Iterable[tuple[int, str]], spans: list[tuple[int, int]]) -> dict[int, list[str]]:
    """Share locators out to the events that contain them, by place in the list; -1 for those that none contains."""
    from bisect import bisect_right

    starts = [start for start, _ in spans]
    shared: dict[int, list[str]] = {}
    for frame, text in rows:
        place = bisect_right(starts, frame) - 1
        inside = place if place >= 0 and frame < spans[place][1] else -1
        shared.setdefault(inside, []).append(text)
    return shared
