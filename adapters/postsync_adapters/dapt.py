"""DAPT, the W3C's profile of TTML2 for dubbing scripts: the open dialogue format nearest to a list of cues.

A script event is a division with its character, whether the mouth is seen, and a paragraph for each language: that of the
script is the line, that of the original what was said on set, others are translations. Word timing is kept as sync points.
Events that are pictures or sounds of the scene are captions, no cues. The whole record goes into the metadata.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, BinaryIO, Literal

import opentimelineio as otio

from postsync.cueing import StatedCue, TagLevel, put_stated_cues
from postsync.formats import Claim, Feature, Format, Options, Purpose, Timelines, path_of
from postsync.model import PlainMarker, SyncPoint, put_timeline_facts, timeline_facts, to_otio_marker
from postsync.report import Report
from postsync.timing import seconds_of_frame
from postsync_adapters._carried import Spoken, TimesReadOptions, spoken_cues
from postsync_adapters._ttml import DAPT, Document, Event, read_document
from postsync_adapters._ttml_writing import (
    Agents,
    Shape,
    attributes,
    cast_of,
    document,
    element,
    identity_of,
    record_of,
    seconds_of,
    text_of,
    times_of,
)

PROFILE = "http://www.w3.org/ns/ttml/profile/dapt1.0/content"

SCREENS = {"ON": "on", "OFF": "off", "ON_OFF": "on_off", "OFF_ON": "off_on"}

NUMBER, NOTE, DIRECTION, PRONUNCIATION = "x-number", "x-note", "x-direction", "pronunciationNote"
"""Types of description; those of our own begin with x-, as the profile asks."""

DESCRIBED = {"note": NOTE, "direction": DIRECTION, "pronunciation": PRONUNCIATION}

DIALOGUE, SOUNDS = "audio.dialogue", "audio.nonDialogueSounds"

SOUND_KINDS = ("effort", "breath", "reaction", "foley")
"""Kinds of cues that are no words."""

ORIGINAL = "x-original"
"""The language of what was said on set, where nobody says which it is."""


@dataclass(frozen=True)
class DaptWriteOptions(Options):
    """How a script is written.

    `language` of the lines; `original` language of what was said on set; `script` is its stage. `tags`: the whole record in
    the metadata (`full`), or the uid in the ids alone.
    """

    language: str = "und"
    original: str = ORIGINAL
    script: Literal["preRecording", "asRecorded", "originalTranscript", "translatedTranscript"] = "preRecording"
    tags: TagLevel = "full"


def sniff(head: bytes) -> Claim:
    """Say whether the first bytes are a script of the profile."""
    text = head.replace(b"\0", b"")
    return Claim.CERTAIN if DAPT.encode() in text and b"scriptType" in text and b"/ns/ttml" in text else Claim.NO


# ------------------------------------------------------------------------------------------------------------- reading


def read(file: BinaryIO, report: Report, options: TimesReadOptions) -> Timelines:
    """Read every script event: what is spoken as cues, what is seen as captions."""
    path = path_of(file)
    name = options.name or (path.stem if path else "")
    found = read_document(file, path, report, options, name, FORMAT.name)
    timeline = otio.schema.Timeline(name=name)
    put_timeline_facts(timeline, found.facts)
    cues: list[StatedCue] = []
    for event in found.events:
        if _is_cue(event):
            cues.append(_stated(event, found))
        else:
            plain = replace(_plain(event, found), comment="\n".join(text for _, text in event.texts), kind="caption")
            timeline.tracks.markers.append(to_otio_marker(plain, found.facts.rate.fps))
    if cues:
        put_stated_cues(timeline, cues, found.facts, report)
    return [timeline]


def _is_cue(event: Event) -> bool:
    """Whether an event is spoken; one that states nothing is spoken where it has a text or somebody who speaks."""
    if event.record is not None or event.represents.startswith((DIALOGUE, SOUNDS)) or event.represents == "audio":
        return True
    return not event.represents and bool(event.agents or event.texts)


def _plain(event: Event, found: Document) -> PlainMarker:
    start = found.place(event.start, event.grain)
    end = start if event.end is None else found.place(event.end, event.grain)
    return PlainMarker(start, max(Fraction(0), end - start), origin=event.id or f"line {event.line}")


def _stated(event: Event, found: Document) -> StatedCue:
    speaker = found.speaker(event)
    texts = {language: text for language, text in event.texts if text}
    line_language = found.language if found.language in texts else next(iter(texts), found.language)
    fields: dict[str, Any] = {name: event.descriptions.get(kind) for name, kind in DESCRIBED.items()}
    fields["screen"] = SCREENS.get(event.on_screen)
    others = {language: text for language, text in texts.items() if language != line_language}
    fields["production_line"] = others.pop(found.original or ORIGINAL, None) or others.pop(ORIGINAL, None)
    fields["translations"] = others
    if event.represents.startswith(SOUNDS) and event.record is None:
        fields["kind"] = "reaction"
    if event.spans and event.record is None:
        fields["sync_points"] = tuple(
            SyncPoint(found.place(time, event.grain), " ".join(text.split())) for time, text in event.spans
        )
    further = {kind: text for kind, text in event.descriptions.items() if kind not in (NUMBER, *DESCRIBED.values())}
    fields |= {f"dapt {kind}".strip(): text for kind, text in further.items()}
    return StatedCue(
        _plain(event, found),
        number=event.descriptions.get(NUMBER),
        character=speaker.name if speaker else None,
        line=texts.get(line_language),
        uid=event.uid,
        record=event.record,
        actor=speaker.actor if speaker else None,
        tag_in_line=False,
        fields={name: value for name, value in fields.items() if value},
    )


# ------------------------------------------------------------------------------------------------------------- writing


def write(timeline: otio.schema.Timeline, file: BinaryIO, report: Report, options: DaptWriteOptions) -> None:
    """Write a script event for each cue, in record order."""
    cues = list(spoken_cues(timeline, "none", report))
    agents = Agents(cues, cast_of(timeline))
    root = {
        "ttp:contentProfiles": PROFILE,
        "xml:lang": options.language,
        "daptm:langSrc": options.original,
        "daptm:scriptRepresents": f"{DIALOGUE} {SOUNDS}",
        "daptm:scriptType": options.script,
    }
    rate = timeline_facts(timeline).rate
    events = (_event(cue, agents, options, seconds_of_frame(1, rate)) for cue in cues)
    for piece in document(timeline, Shape(root, "daptm:daptOriginTimecode"), agents, events):
        file.write(piece.encode("utf-8", "replace"))


def _event(cue: Spoken, agents: Agents, options: DaptWriteOptions, frame: Fraction) -> str:
    record = cue.cue
    screens = {ours: theirs for theirs, ours in SCREENS.items()}
    identity = identity_of(cue, options.tags)
    identity["xml:id"] = identity["xml:id"] or f"event-{record.record_in}-{record.uid}"
    named = attributes(
        {
            **identity,
            **times_of(cue),
            "ttm:agent": agents.ids.get(cue.character),
            "daptm:represents": SOUNDS if record.kind in SOUND_KINDS else DIALOGUE,
            "daptm:onScreen": screens.get(record.screen or ""),
        }
    )
    described = {NUMBER: cue.number, **{kind: getattr(record, name) for name, kind in DESCRIBED.items()}}
    descriptions = [
        element("ttm:desc", text, daptm__descType=kind) for kind, text in described.items() if text and text.strip()
    ]
    inside = record_of(cue, options.tags)
    metadata = [f"<metadata>{inside}</metadata>"] if inside else []
    rows = [*descriptions, *metadata, *_paragraphs(cue, options)]
    return f"<div{named}>\n" + "".join(f"{row}\n" for row in rows) + "</div>\n"


def _paragraphs(cue: Spoken, options: DaptWriteOptions) -> list[str]:
    record = cue.cue
    texts = {options.language: cue.words, options.original: record.production_line or "", **record.translations}
    rows: list[str] = []
    for language, text in texts.items():
        if text:
            source = None if language == options.original else options.original
            named = attributes({"xml:lang": language, "daptm:langSrc": source, "xml:space": "preserve"})
            inside = _timed_spans(cue) if language == options.language else ""
            rows.append(f"<p{named}>{inside or text_of(text)}</p>")
    return rows


def _timed_spans(cue: Spoken) -> str:
    """Write the words with their times, where the labels of the sync points are the words of the line."""
    points = cue.cue.sync_points
    words = " ".join(" ".join(point.label.split()) for point in points)
    if not points or words != " ".join(cue.line.split()):
        return ""
    return " ".join(
        f"<span{attributes({'begin': seconds_of(point.time - cue.start)})}>{text_of(point.label)}</span>"
        for point in points
    )


FORMAT = Format(
    name="dapt",
    title="DAPT dubbing script",
    suffixes=(".dapt", ".dapt.xml", ".dapt.ttml"),
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
    write_options=DaptWriteOptions,
    read=read,
    write=write,
)
globals().update(FORMAT.otio_functions())
