"""TTML, the W3C's timed text in XML, and its relatives IMSC and EBU-TT: subtitles with who speaks.

A paragraph is a subtitle. One with an agent, or with an id of ours, is a cue: `xml:id` holds the uid, the agent the
character, the title in its metadata the number, the description the note. Styles and regions are left to subtitle programs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, BinaryIO

import opentimelineio as otio

from postsync.cueing import StatedCue, TagLevel, put_stated_cues
from postsync.formats import Claim, Feature, Format, Options, Purpose, Timelines, path_of
from postsync.model import PlainMarker, put_timeline_facts, to_otio_marker
from postsync.report import Report
from postsync_adapters._carried import Spoken, TimesReadOptions, spoken_cues
from postsync_adapters._ttml import TT, Document, Event, read_document
from postsync_adapters._ttml_writing import (
    Agents,
    Shape,
    attributes,
    cast_of,
    document,
    element,
    identity_of,
    record_of,
    text_of,
    times_of,
)


@dataclass(frozen=True)
class TtmlWriteOptions(Options):
    """`language` of the lines. `tags`: `uid` in the ids, or `full` for the whole record in the metadata."""

    language: str = "und"
    tags: TagLevel = "uid"


def sniff(head: bytes) -> Claim:
    """Say whether the first bytes are timed text, and not a script of the dubbing profile."""
    text = head.replace(b"\0", b"")
    if TT.encode() not in text and b"http://www.w3.org/2006/10/ttaf1" not in text:
        return Claim.NO
    return Claim.NO if b"/profile/dapt" in text and b"scriptType" in text else Claim.CERTAIN


# ------------------------------------------------------------------------------------------------------------- reading


def read(file: BinaryIO, report: Report, options: TimesReadOptions) -> Timelines:
    """Read every paragraph: cues where somebody is named, captions where not."""
    path = path_of(file)
    name = options.name or (path.stem if path else "")
    found = read_document(file, path, report, options, name, FORMAT.name)
    timeline = otio.schema.Timeline(name=name)
    put_timeline_facts(timeline, found.facts)
    cues: list[StatedCue] = []
    for event in found.events:
        speaker = found.speaker(event)
        if speaker is not None or event.uid or event.record:
            cues.append(_stated(event, found))
        else:
            timeline.tracks.markers.append(to_otio_marker(_caption(event, found), found.facts.rate.fps))
    if cues:
        put_stated_cues(timeline, cues, found.facts, report)
    return [timeline]


def _caption(event: Event, found: Document) -> PlainMarker:
    start = found.place(event.start, event.grain)
    end = start if event.end is None else found.place(event.end, event.grain)
    text = "\n".join(text for _, text in event.texts)
    return PlainMarker(
        start, max(Fraction(0), end - start), comment=text, kind="caption", origin=event.id or f"line {event.line}"
    )


def _stated(event: Event, found: Document) -> StatedCue:
    speaker, note = found.speaker(event), event.descriptions.get("")
    plain = _caption(event, found)
    fields: dict[str, Any] = {"note": note} if note else {}
    return StatedCue(
        replace(plain, comment=""),
        number=event.title or None,
        character=speaker.name if speaker else None,
        line=plain.comment,
        uid=event.uid,
        record=event.record,
        actor=speaker.actor if speaker else None,
        tag_in_line=False,
        fields=fields,
    )


# ------------------------------------------------------------------------------------------------------------- writing


def write(timeline: otio.schema.Timeline, file: BinaryIO, report: Report, options: TtmlWriteOptions) -> None:
    """Write the cues in record order."""
    cues = list(spoken_cues(timeline, "none", report))
    agents = Agents(cues, cast_of(timeline))
    shape = Shape({"xml:lang": options.language, "ttp:timeBase": "media"}, "ebuttm:documentStartOfProgramme", ebu=True)
    events = ["<div>\n", *(_paragraph(cue, agents, options.tags) for cue in cues), "</div>\n"]
    for piece in document(timeline, shape, agents, events):
        file.write(piece.encode("utf-8", "replace"))


def _paragraph(cue: Spoken, agents: Agents, tags: TagLevel) -> str:
    who = {"ttm:agent": agents.ids.get(cue.character), "xml:space": "preserve"}
    named = attributes({**identity_of(cue, tags), **times_of(cue), **who})
    number = element("ttm:title", cue.number) if cue.number else ""
    note = element("ttm:desc", cue.cue.note) if cue.cue.note else ""
    inside = number + note + record_of(cue, tags)
    metadata = f"<metadata>{inside}</metadata>" if inside else ""
    return f"<p{named}>{metadata}{text_of(cue.words)}</p>\n"


FORMAT = Format(
    name="ttml",
    title="TTML subtitles",
    suffixes=(".ttml", ".itt", ".dfxp"),
    sniff=sniff,
    purpose=Purpose.CUES,
    reads=Feature.CUES
    | Feature.MARKERS
    | Feature.MARKER_COMMENTS
    | Feature.MARKER_DURATIONS
    | Feature.START_TIMECODE
    | Feature.DROP_FRAME
    | Feature.SUBFRAME,
    writes=Feature.CUES | Feature.START_TIMECODE | Feature.DROP_FRAME | Feature.SUBFRAME,
    read_options=TimesReadOptions,
    write_options=TtmlWriteOptions,
    read=read,
    write=write,
)
globals().update(FORMAT.otio_functions())
