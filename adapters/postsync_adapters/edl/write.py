"""From a timeline to a list: CMX 3600, File 16, File 32 or File 128; picture, sound, one track, or everything.

A timeline that was read from a list and that nobody changed is written word for word. Else each clip becomes an event, and a
transition the two lines that CMX 3600 has for it; notes that the list came with go back under their event, those that say
what the timeline says too being made anew.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, BinaryIO, Literal

import opentimelineio as otio

from postsync.cueing import TagLevel, one_line
from postsync.errors import CannotWrite
from postsync.formats import Options, encode_text
from postsync.model import TimelineFacts, cue_of, timeline_characters, timeline_facts, without_searching_for_cycles
from postsync.report import Report
from postsync.wording import counted
from postsync_adapters.edl.events import Maker
from postsync_adapters.edl.lists import EditList, Event, Line, Note
from postsync_adapters.edl.locators import locator_rows, placed_under
from postsync_adapters.edl.made import heads_of
from postsync_adapters.edl.parse import parse_text
from postsync_adapters.edl.programme import Lane, lanes_of
from postsync_adapters.edl.read import EdlReadOptions, timeline_of
from postsync_adapters.edl.tables import LAYOUTS, MOST_EVENTS

Dialect = Literal["as_read", "cmx3600", "file16", "file32", "file128"]
Content = Literal["all", "picture", "sound", "locators"]


@dataclass(frozen=True)
class EdlWriteOptions(Options):
    """How a list is written.

    `dialect`: the columns; that of the list which was read, else CMX 3600. `content`: every track, picture or sound alone, or
    the markers alone as Media Composer takes them. `track`: one track alone, such as `V2` or `A3`. `locators`: write markers
    and cues as `LOC` lines. `tags`: what is written behind a cue so that it is known again when the list comes back.
    """

    dialect: Dialect = "as_read"
    content: Content = "all"
    track: str | None = None
    locators: bool = True
    tags: TagLevel = "uid"


def write(timeline: otio.schema.Timeline, file: BinaryIO, report: Report, options: EdlWriteOptions) -> None:
    """Write one list."""
    made = edit_list_of(timeline, report, options)
    text = made.text()
    data = encode_text(text, made.encoding, made.mark)
    if data is None:
        report.note("text-replaced", was=f"text in {made.encoding}", now="UTF-8")
        data = text.encode()
    file.write(data)


@without_searching_for_cycles()
def edit_list_of(timeline: otio.schema.Timeline, report: Report, options: EdlWriteOptions | None = None) -> EditList:
    """Make the list of a timeline. Raises CannotWrite where the track asked for does not exist."""
    asked = options or EdlWriteOptions()
    whole = asked.content == "all" and asked.track is None and asked.locators
    if asked.dialect == "as_read" and whole and (kept := unchanged(timeline)) is not None:
        return kept
    facts = timeline_facts(timeline)
    lanes = [] if asked.content == "locators" else _wanted(lanes_of(timeline, facts, report), asked)
    return _made(timeline, facts, lanes, asked, report)


def track_lists(
    timeline: otio.schema.Timeline, report: Report, options: EdlWriteOptions | None = None
) -> dict[str, EditList]:
    """Make one list for each track, by the name of its channel, as Media Composer wants them."""
    asked = options or EdlWriteOptions()
    facts = timeline_facts(timeline)
    by_channel: dict[str, list[Lane]] = {}
    for lane in lanes_of(timeline, facts, report):
        if any(lane.items):
            by_channel.setdefault(lane.channel, []).append(lane)
    return {channel: _made(timeline, facts, lanes, asked, report) for channel, lanes in by_channel.items()}


def _wanted(lanes: list[Lane], options: EdlWriteOptions) -> list[Lane]:
    kinds = {"picture": ("video",), "sound": ("audio",)}.get(options.content, ("video", "audio"))
    chosen = [lane for lane in lanes if lane.kind in kinds]
    if options.track is None:
        return chosen
    wanted = options.track.upper()
    found = [lane for lane in chosen if lane.channel.upper() == wanted]
    if not found:
        names = ", ".join(dict.fromkeys(lane.channel for lane in chosen)) or "none"
        raise CannotWrite(f"the timeline has no track {options.track}", remedy=f"it has {names}")
    return found


def _made(
    timeline: otio.schema.Timeline, facts: TimelineFacts, lanes: list[Lane], options: EdlWriteOptions, report: Report
) -> EditList:
    """Put head, events and locators together."""
    about = _origin(timeline)
    dialect = options.dialect if options.dialect != "as_read" else about.get("dialect", "cmx3600")
    layout = LAYOUTS[dialect]
    rows = locator_rows(timeline, options.tags, report) if options.locators or options.content == "locators" else []
    _note_names(lanes, report)
    as_read = options.dialect == "as_read" and bool(about)
    maker = Maker(facts, dialect, report, as_read, int(about.get("reel") or 0), bool(as_read and about.get("colons")))
    events = maker.events(lanes)
    shared = placed_under(rows, maker.spans(events)) if rows else {}
    lines: list[Line] = [*_head(timeline, facts, about), *(_locator(layout.star, text) for text in shared.get(-1, []))]
    mode, heads = facts.rate.drop, heads_of(layout)
    number, before = 0, None
    for place, event in enumerate(events):
        number += not (before is not None and event.keys_over(before))
        if event.drop != mode:
            mode = event.drop
            lines.append(_fcm(mode))
        lines += event.lines(f"{number:0{layout.number}}", layout, heads)
        if place in shared:
            lines += [_locator(layout.star, text) for text in shared[place]]
        before = event
    lines += [note for note in _kept(about, "tail") if note.kind not in ("locator", "star")]
    if len(events) > MOST_EVENTS and dialect == "cmx3600":
        report.note("list-past-999", where=timeline.name, events=len(events))
    return EditList(lines, dialect, newline=about.get("newline", "\n"))


def _note_names(lanes: list[Lane], report: Report) -> None:
    """Say that names of tracks are lost, but for those that are only the channel's own."""
    named = [lane for lane in lanes if lane.name and lane.name.split(" (")[0].upper() != lane.channel.upper()]
    if named:
        words = counted(len(named), "track name")
        report.note("feature-not-carried", feature=words, format="CMX 3600 EDL", count=len(named))


def _origin(timeline: otio.schema.Timeline) -> dict[str, Any]:
    found = timeline.metadata.get("edl")
    return dict(found) if found else {}


def _head(timeline: otio.schema.Timeline, facts: TimelineFacts, about: dict[str, Any]) -> list[Line]:
    head: list[Line] = [Note(0, "title", "TITLE:   ", one_line(timeline.name)), _fcm(facts.rate.drop)]
    return head + [note for note in _kept(about, "head") if note.kind not in ("title", "fcm", "locator")]


def _kept(about: dict[str, Any], part: str) -> list[Note]:
    """Give the lines that a list came with before or after its events."""
    return parse_text("\n".join(about.get(part) or [])).notes


def _fcm(drop: bool) -> Note:
    return Note(0, "fcm", "FCM: ", f"{'' if drop else 'NON-'}DROP FRAME")


def _locator(star: str, text: str) -> Note:
    return Note(0, "locator", f"{star}LOC: ", text)


# ------------------------------------------------------------------------------------------------------ word for word


def unchanged(timeline: otio.schema.Timeline) -> EditList | None:
    """Give the list that a timeline was read from, where it still says exactly what that list says; else None."""
    about = _origin(timeline)
    text = about.get("text")
    if not text:
        return None
    facts = timeline_facts(timeline)
    edit_list = parse_text(text)
    options = EdlReadOptions(rate=facts.rate, start=facts.start_timecode)
    again = timeline_of(edit_list, Report(), options, timeline.name if not edit_list.title else None)
    if again.name != timeline.name or timeline_facts(again).start_frame != facts.start_frame:
        return None
    ours, theirs = list(timeline.tracks), list(again.tracks)
    # As text: OpenTimelineIO writes a track ten times as fast as it compares two.
    same = len(ours) == len(theirs) and all(
        one.to_json_string(-1) == other.to_json_string(-1) for one, other in zip(ours, theirs, strict=True)
    )
    if not same or not _same_markers(timeline, again):
        return None
    mark = bytes.fromhex(about.get("mark") or "")
    return replace(edit_list, encoding=about.get("encoding", "utf-8"), mark=mark, newline=about.get("newline", "\n"))


def _same_markers(timeline: otio.schema.Timeline, again: otio.schema.Timeline) -> bool:
    ours, theirs = list(timeline.tracks.markers), list(again.tracks.markers)
    people = timeline_characters(timeline)
    return len(ours) == len(theirs) and all(_same_marker(*pair, people) for pair in zip(ours, theirs, strict=True))


def _same_marker(ours: Any, theirs: Any, people: dict[str, Any]) -> bool:
    """Whether a marker says what its locator says, also after it was understood as a cue."""
    if ours.marked_range.start_time != theirs.marked_range.start_time:
        return False
    cue = cue_of(ours)
    if cue is None:
        return bool(ours.is_equivalent_to(theirs))
    speaker = people.get(cue.character or "")
    said = f"{theirs.name} {theirs.comment}".casefold()
    parts = (cue.number, speaker.name if speaker else cue.character, cue.line)
    return cue.status == "spotted" and all(part.casefold() in said for part in parts if part)


__all__ = ["EdlWriteOptions", "Event", "edit_list_of", "track_lists", "unchanged", "write"]
