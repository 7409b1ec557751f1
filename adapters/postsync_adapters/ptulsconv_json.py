"""The events of ptulsconv as JSON (`--tagged`): what its tag language says of each clip of a session, all of it resolved.

A list of lists: text of the clip, track, session, tags by key, start and finish as fractions of seconds since 00:00:00:00.
Neither rate nor start is stated; as times lie on frames they tell the rate. After version 4; its CSV is the table's template
`ptulsconv`.

    [["Hold there!", "ROBIN", "R1 v4", {"QN": "R106", "TV": "TV"}, {"numerator": 3600, "denominator": 1}, {…}]]
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, BinaryIO

import opentimelineio as otio

from postsync.cueing import Carrier, TagLevel, TagStyle, write_tag
from postsync.cueing.clip_names import tag_language_fields, tag_text
from postsync.errors import FormatError
from postsync.formats import Claim, Feature, Format, Options, Purpose, ReadOptions, Timelines, path_of
from postsync.model import (
    Laid,
    TimelineFacts,
    build_track,
    character_name,
    lay_without_overlaps,
    put_block,
    put_timeline_facts,
    timeline_characters,
    timeline_cues,
    timeline_facts,
)
from postsync.model.clip_moulds import MediaPlan
from postsync.model.keys import from_plain
from postsync.report import Report
from postsync.timing import Rate, as_rate, format_timecode, frame_at, parse_timecode, seconds_of_frame

RATES = ("23.976", "24", "25", "29.97", "30", "47.952", "48", "50", "59.94", "60")

EXTRAS = {"title": "Title", "supervisor": "Supv", "client": "Client", "spotting": "Spot", "cast_number": "CN"}
"""What the tag language holds of a show and its cast, which a cue keeps beside its fields."""

CARRIER = Carrier(note=False)


@dataclass(frozen=True)
class EventReadOptions(ReadOptions):
    """`start`: timecode of the timeline's first frame, else the hour of the first event."""

    start: str | None = None


@dataclass(frozen=True)
class EventWriteOptions(Options):
    """`tags`: what of our tag goes in as the field `adr`."""

    tags: TagLevel = "uid"


@dataclass(frozen=True)
class Event:
    """One event: seconds count from 00:00:00:00."""

    text: str
    track: str
    session: str
    tags: dict[str, str]
    start: Fraction
    finish: Fraction


def sniff(head: bytes) -> Claim:
    """Say whether the first bytes are a list of lists that begin with texts and hold fractions."""
    if not re.match(rb'\s*\[\s*\[\s*"', head):
        return Claim.NO
    return Claim.CERTAIN if b'"numerator"' in head else Claim.MAYBE


# ------------------------------------------------------------------------------------------------------------- reading


def read(file: BinaryIO, report: Report, options: EventReadOptions) -> Timelines:
    """Read the events as clips on their tracks, named in the tag language: which are cues is found from that."""
    path = path_of(file)
    events = _events(file.read(), path)
    rate = options.rate or _rate_of(events, report)
    timeline = otio.schema.Timeline(
        name=next((one.session for one in events), options.name or (path.stem if path else ""))
    )
    put_timeline_facts(timeline, TimelineFacts(rate, _start(events, rate, options, report), format=FORMAT.name))
    put_block(timeline, {"clip_cues": {"which": "auto", "dialect": "tags"}})
    zero = seconds_of_frame(timeline_facts(timeline).start_frame, rate)
    groups: dict[str, list[Event]] = {}
    for event in events:
        groups.setdefault(event.track, []).append(event)
    for name, group in groups.items():
        spans = [(one.start - zero, one.finish - zero) for one in group]
        layers = lay_without_overlaps(spans)
        for layer in range(max(layers) + 1):
            laid = [
                Laid(_clip(one), start, end - start)
                for one, (start, end), own in zip(group, spans, layers, strict=True)
                if own == layer
            ]
            timeline.tracks.append(build_track(name, otio.schema.TrackKind.Audio, laid, [rate.fps]))
    return [timeline]


def _events(data: bytes, path: Any) -> list[Event]:
    try:
        rows = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as fault:
        raise FormatError(f"this JSON breaks off ({fault})", path=path) from fault
    if not isinstance(rows, list):
        raise FormatError(path=path, expected="a list of events", found=type(rows).__name__)
    return [_event(row, place, path) for place, row in enumerate(rows, 1)]


def _event(row: Any, place: int, path: Any) -> Event:
    try:
        text, track, session, tags, start, finish = row
        event = Event(
            str(text), str(track), str(session), {str(key): str(value) for key, value in tags.items()},
            _seconds(start), _seconds(finish),
        )  # fmt: skip
    except (TypeError, ValueError, KeyError, AttributeError, ArithmeticError) as fault:
        expected = "text, track, session, tags, start and finish"
        raise FormatError(path=path, place=f"event {place}", expected=expected, found=str(row)[:60]) from fault
    if event.start < 0 or event.finish < event.start:
        raise FormatError(
            path=path, place=f"event {place}", expected="a finish after its start", found=str(row[5])[:60]
        )
    return event


def _seconds(value: Any) -> Fraction:
    return (
        Fraction(int(value["numerator"]), int(value["denominator"])) if isinstance(value, Mapping) else Fraction(value)
    )


def _rate_of(events: list[Event], report: Report) -> Rate:
    """Give the rate on whose frames all times lie; the first usual one of several."""
    times = {time for event in events for time in (event.start, event.finish)}
    found = [rate for rate in map(as_rate, RATES) if all((time * rate.fps).denominator == 1 for time in times)]
    rate = found[0] if found and times else as_rate("24")
    sure = times and found and all((one.fps / rate.fps).denominator == 1 for one in found)
    why = "all times lie on its frames" if found and times else "no usual rate has all times on its frames"
    report.note("rate-found" if sure else "rate-guessed", rate=rate.name, why=why)
    return rate


def _start(events: list[Event], rate: Rate, options: EventReadOptions, report: Report) -> int:
    if options.start is not None:
        return parse_timecode(options.start, rate, place="option start")
    first = frame_at(min((one.start for one in events), default=Fraction(0)), rate)
    hour = f"{format_timecode(first, rate)[:2]}:00:00:00"
    report.note("start-guessed", start=hour, why="the hour of the first event; the file states none")
    return parse_timecode(hour, rate)


def _clip(event: Event) -> otio.schema.Clip:
    """Make the clip: named as in the session, its event beside it as the file has it."""
    tag = f"{{adr={event.tags['adr']}}}" if "adr" in event.tags else ""
    clip: otio.schema.Clip = from_plain(
        {
            "OTIO_SCHEMA": "Clip.2",
            "name": " ".join(part for part in (event.text, tag, _fields_text(event.tags)) if part),
            "metadata": {"ptulsconv": {"text": event.text, "tags": event.tags}},
            "media_references": {otio.schema.Clip.DEFAULT_MEDIA_KEY: MediaPlan.of("", None, {}, None).plain},
            "active_media_reference_key": otio.schema.Clip.DEFAULT_MEDIA_KEY,
        }
    )
    return clip


def _fields_text(tags: Mapping[str, str]) -> str:
    return " ".join(tag_text(key, value) for key, value in tags.items() if key != "adr" and value)


# ------------------------------------------------------------------------------------------------------------- writing


def write(timeline: otio.schema.Timeline, file: BinaryIO, report: Report, options: EventWriteOptions) -> None:
    """Write the cues, each as the event that it would be in a session."""
    facts, characters = timeline_facts(timeline), timeline_characters(timeline)
    zero = seconds_of_frame(facts.start_frame, facts.rate)
    rows: list[list[Any]] = []
    for cue in timeline_cues(timeline):
        line = CARRIER.shown(cue.line or "")
        tags = {"Title": timeline.name} | {
            EXTRAS[name]: str(value) for name, value in cue.extra.items() if name in EXTRAS and value
        }
        tags |= tag_language_fields(cue, characters)
        who = characters.get(cue.character or "")
        block = write_tag(
            cue, TagStyle(options.tags, point=cue.record_out is None), character=character_name(characters, cue),
            actor=who.actor if who else None, human=f"{line} {_fields_text(tags)}", altered=line != (cue.line or ""),
        )  # fmt: skip
        if block:
            tags["adr"] = block.removeprefix("{adr=").removesuffix("}")
        start, end = cue.seconds_in(facts), cue.seconds_out(facts)
        times = [_fraction(zero + time) for time in (start, start if end is None else end)]
        rows.append([line, character_name(characters, cue), timeline.name, tags, *times])
    file.write(json.dumps(rows, ensure_ascii=False).encode("utf-8", "replace"))


def _fraction(seconds: Fraction) -> dict[str, int]:
    return {"numerator": seconds.numerator, "denominator": seconds.denominator}


FORMAT = Format(
    name="ptulsconv_json",
    title="ptulsconv events (JSON)",
    suffixes=(".ptulsconv.json",),
    sniff=sniff,
    purpose=Purpose.CUES,
    reads=Feature.SOUND | Feature.TRACK_NAMES | Feature.CUES | Feature.START_TIMECODE,
    writes=Feature.CUES,
    read_options=EventReadOptions,
    write_options=EventWriteOptions,
    read=read,
    write=write,
    claims_suffixes_in_otio=False,
)
globals().update(FORMAT.otio_functions())
