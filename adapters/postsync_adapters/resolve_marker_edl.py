"""DaVinci Resolve's "Timeline Markers to EDL": one-frame events whose comment line holds a marker.

The only way out for markers that every edition of Resolve has, and a way back in. The truth lies in files that Resolve
wrote: the note, then `|C:` colour, `|M:` name and `|D:` length in frames, nothing escaped. Positions are absolute labels;
neither the frame rate nor the start of the timeline is stated.

    001  001      V     C        01:05:30:05 01:05:30:06 01:05:30:05 01:05:30:06
    Hold there! What's his fault? |C:ResolveColorRed |M:R106 ROBIN |D:40
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, BinaryIO, Literal

import opentimelineio as otio

from postsync.cueing import Carrier, cue_name, lay_out, on_free_frames
from postsync.errors import FormatError
from postsync.formats import (
    CUE_FEATURES,
    MARKER_FEATURES,
    Claim,
    Feature,
    Format,
    Options,
    Purpose,
    ReadOptions,
    Timelines,
    decode_text,
    encode_text,
    frame_of_label,
    marker_lengths,
    path_of,
    rate_of_labels,
    start_of_frames,
)
from postsync.model import (
    RESOLVE_COLOURS,
    Character,
    Cue,
    PlainMarker,
    TimelineFacts,
    colour_name,
    cue_colour,
    cue_of,
    plain_marker,
    put_timeline_facts,
    shown_colour,
    timeline_characters,
    timeline_facts,
    to_otio_marker,
)
from postsync.report import Report
from postsync.timing import (
    Rate,
    frame_at,
    nearest_frame,
    seconds_of_frame,
)
from postsync.wording import counted

Tags = Literal["none", "uid", "full"]

NO_TITLE = "( no title )"
SIGNATURE = b"|C:ResolveColor"

EVENT = re.compile(r"^\s*(?P<number>\d+)\s+\S.*?\s(?P<times>\d{1,3}[:;.]\d\d[:;.]\d\d[:;.,]\d{2,3}(?:\s+\S+){3})\s*$")
MARKER = re.compile(r"^(?P<note>.*)\|C:(?P<colour>[^|\n]*)\|M:(?P<name>.*)\|D:\s*(?P<length>\d+)\s*$", re.DOTALL)
"""Read from the right: a bar inside a name or a note is not escaped."""

_END = re.compile(r"\|D:\s*\d+\s*$")

BARE_MARKER = re.compile(
    r"^(?P<note>.*?)(?:\|C:(?P<colour>[^|\n]*))?(?:\|M:(?P<name>.*))?\|D:\s*(?P<length>\d+)\s*$", re.DOTALL
)
"""As Frame.io and scripts write it, without a name or without a colour."""


@dataclass(frozen=True)
class MarkerEdlReadOptions(ReadOptions):
    """`start`: the label of the timeline's first frame, for cue places that count from it."""

    start: str | None = None


@dataclass(frozen=True)
class MarkerEdlWriteOptions(Options):
    """`tags`: what is written behind a cue's line so that the cue is known again when the list comes back."""

    tags: Tags = "uid"


def sniff(head: bytes) -> Claim:
    """Say whether the first bytes are a list of Resolve's markers: one is there, and no event is longer than a frame.

    A list of an edit that happens to hold a marker too is a list of an edit.
    """
    if SIGNATURE not in head:
        return Claim.NO
    events = (EVENT.match(line) for line in re.split(r"[\r\n]+", head.decode("utf-8", "replace")))
    times = [match["times"].split() for match in events if match is not None]
    of_an_edit = any(four[:2] != four[2:] for four in times if len(four) == 4)
    return Claim.CERTAIN if times and not of_an_edit else Claim.NO


# ---------------------------------------------------------------------------------------------------------- the reader


@dataclass(frozen=True)
class _Event:
    number: str
    line: int
    record_in: str
    record_out: str
    body: str


def read(file: BinaryIO, report: Report, options: MarkerEdlReadOptions) -> Timelines:
    """Read the markers of one timeline."""
    path = path_of(file)
    found = decode_text(file.read(), report)
    timeline = _timeline(found.text, path, report, options)
    timeline.metadata[FORMAT.name] = {"text": found.text, "encoding": found.encoding, "mark": found.mark.hex()}
    return [timeline]


def _timeline(text: str, path: Path | None, report: Report, options: MarkerEdlReadOptions) -> otio.schema.Timeline:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    events = list(_events(lines, report))
    if not events:
        raise FormatError(
            path=path,
            expected="an event with a marker (|C:ResolveColor…)",
            found=f"{counted(len(lines), 'line')} without",
        )
    title = _header(lines, "TITLE:")
    timeline = otio.schema.Timeline(
        name=title if title and title != NO_TITLE else options.name or (path.stem if path else "")
    )
    rate = options.rate or _guessed_rate(_header(lines, "FCM:"), events, timeline.name, report)
    frames = [frame_of_label(event.record_in, rate, f"line {event.line}", report) for event in events]
    placed = [(frame, event) for frame, event in zip(frames, events, strict=True) if frame is not None]
    start = start_of_frames(options.start, [frame for frame, _ in placed], rate, timeline.name, report)
    put_timeline_facts(timeline, TimelineFacts(rate, start, producer="DaVinci Resolve", format="resolve_marker_edl"))
    found: list[tuple[int, _Event, re.Match[str]]] = []
    for frame, event in sorted(placed, key=lambda pair: pair[0]):
        match = _match(event.body)
        if match is None:
            report.note("line-ignored", source=f"line {event.line}", text=event.body or f"event {event.number}")
        else:
            found.append((frame, event, match))
    stated = [(frame, int(match["length"])) for frame, _, match in found]
    lengths = marker_lengths(stated, rate, timeline.name, report)
    for (frame, event, match), length in zip(found, lengths, strict=True):
        timeline.tracks.markers.append(to_otio_marker(_marker(event, match, frame - start, length, rate), rate.fps))
    return timeline


def _header(lines: list[str], word: str) -> str:
    return next((line[len(word) :].strip() for line in lines if line.upper().startswith(word)), "")


def _events(lines: list[str], report: Report) -> Iterator[_Event]:
    """Yield the events, each with the lines up to the next one; a note may run over several."""
    current: _Event | None = None
    body: list[str] = []
    for number, line in enumerate(lines, 1):
        match = EVENT.match(line)
        if match is not None:
            if current is not None:
                yield replace(current, body="\n".join(body).strip("\n"))
            times = match["times"].split()
            current, body = _Event(match["number"], number, times[-2], times[-1], ""), []
        elif current is not None and not _END.search("\n".join(body[-2:])):
            body.append(line)
        elif line.strip() and not line.upper().startswith(("TITLE:", "FCM:")):
            report.note("line-ignored", source=f"line {number}", text=line.strip())
    if current is not None:
        yield replace(current, body="\n".join(body).strip("\n"))


def _guessed_rate(fcm: str, events: list[_Event], where: str, report: Report) -> Rate:
    """Take the rate that the labels allow; every event is one frame long, so their ends tell where seconds turn."""
    drop = "NON" not in fcm.upper() and "DROP" in fcm.upper()
    starts, ends = [event.record_in for event in events], [event.record_out for event in events]
    return rate_of_labels(starts, where, report, drop=drop, ends=ends)


def _match(body: str) -> re.Match[str] | None:
    return MARKER.match(body) or BARE_MARKER.match(body)


def _marker(event: _Event, match: re.Match[str], frame: int, length: int, rate: Rate) -> PlainMarker:
    colour = (match["colour"] or "").strip()
    note = match["note"].strip()
    if note.startswith("- ") and note[2:3].isdigit() and "{adr=" in note:
        note = note[2:]
    known = colour_name(colour)
    return PlainMarker(
        record_in=seconds_of_frame(frame, rate),
        duration=seconds_of_frame(length, rate) if length > 1 else Fraction(0),
        name=(match["name"] or "").strip(),
        comment=note,
        colour=known,
        origin=f"event {event.number}",
        extra={"colour": colour} if colour and known is None else {},
    )


# ---------------------------------------------------------------------------------------------------------- the writer


CARRIER = Carrier(one_line=True, replaced="|", one_per_frame=True)
"""A bar would end the field; Resolve keeps one marker on a frame and drops the rest on import."""


@dataclass(frozen=True)
class _Row:
    """A marker as the list will show it: absolute frame, length in frames, name, note, colour of the sixteen."""

    frame: int
    length: int
    name: str
    note: str
    colour: str


def write(timeline: Any, file: BinaryIO, report: Report, options: MarkerEdlWriteOptions) -> None:
    """Write the cues and markers of a timeline in order of time; a list that nobody changed, as it was read."""
    facts, characters = timeline_facts(timeline), timeline_characters(timeline)
    kept = _unchanged(timeline, facts)
    if kept is not None:
        file.write(kept)
        return
    lines = [
        f"TITLE: {_one_line(timeline.name) or NO_TITLE}",
        f"FCM: {'DROP' if facts.rate.drop else 'NON-DROP'} FRAME",
        "",
    ]
    markers = list(timeline.tracks.markers)
    wanted = [_wanted(marker, facts) for marker in markers]
    rows = [
        _row(marker, frame, frame - want, characters, facts, options.tags, report)
        for marker, frame, (want, _) in zip(markers, on_free_frames(wanted), wanted, strict=True)
    ]
    for number, row in enumerate(sorted(rows, key=lambda row: row.frame), 1):
        lines += _event_lines(number, row, facts.rate)
    file.write("\n".join(lines).encode())


def _unchanged(timeline: Any, facts: TimelineFacts) -> bytes | None:
    """Give the bytes that a timeline was read from, where its markers still say what they say; else None."""
    about = timeline.metadata.get(FORMAT.name)
    if not about:
        return None
    text = str(about["text"])
    again = _timeline(text, None, Report(), MarkerEdlReadOptions(facts.rate, timeline.name, facts.start_timecode))
    ours, theirs = list(timeline.tracks.markers), list(again.tracks.markers)
    same = len(ours) == len(theirs) and all(one.is_equivalent_to(two) for one, two in zip(ours, theirs, strict=True))
    if not same or again.name != timeline.name or len(timeline.tracks):
        return None
    return encode_text(text, str(about["encoding"]), bytes.fromhex(str(about["mark"])))


def _wanted(marker: Any, facts: TimelineFacts) -> tuple[int, str]:
    """Give the frame on which a marker wants to stand, and by what name it is put in order with others there."""
    cue = cue_of(marker)
    if cue is not None:
        return facts.start_frame + cue.record_in, cue.number or "0"
    return facts.start_frame + frame_at(plain_marker(marker).record_in, facts.rate), ""


def _row(
    marker: Any,
    frame: int,
    late: int,
    characters: dict[str, Character],
    facts: TimelineFacts,
    tags: Tags,
    report: Report,
) -> _Row:
    """Make the row of a marker that stands `late` frames after its place; its end does not move."""
    cue = cue_of(marker)
    row = (
        _marker_row(plain_marker(marker), facts, report)
        if cue is None
        else _cue_row(cue, late, characters, facts, tags, report)
    )
    if not late:
        return row
    report.note(
        "marker-nudged",
        where=row.name,
        time=facts.label(row.frame - facts.start_frame),
        moved_by=seconds_of_frame(late, facts.rate),
        frames=late,
    )
    return replace(row, frame=frame, length=max(1, row.length - late))


def _cue_row(
    cue: Cue, late: int, characters: dict[str, Character], facts: TimelineFacts, tags: Tags, report: Report
) -> _Row:
    where = cue.number or cue.uid
    if cue.record_in < 0:
        report.note("cue-outside-timeline", where=where, time=facts.label(cue.record_in), name=where)
    if cue.precise_in is not None and cue.precise_in != seconds_of_frame(cue.record_in, facts.rate):
        left = cue.precise_in - seconds_of_frame(cue.record_in, facts.rate)
        report.note("cue-off-frame", where=where, moved_by=-left, remainder=f"{float(left):.4f}")
    length = (cue.record_out or cue.record_in) - cue.record_in
    # A length that a nudge used up, or that was never known, cannot be told from one frame: the tag says it.
    carrier = CARRIER if length > late else replace(CARRIER, points=True)
    text = lay_out(cue, characters, carrier, tags, nudge=late)
    colour = cue_colour(characters, cue)
    # What this does to a field is named when the file is read back.
    name, note = _clean(cue_name(cue, characters)), _clear_of_events(text.comment)
    return _Row(
        facts.start_frame + cue.record_in,
        max(1, length),
        name,
        note,
        shown_colour(RESOLVE_COLOURS, colour, "blue", where, report),
    )


def _marker_row(plain: PlainMarker, facts: TimelineFacts, report: Report) -> _Row:
    frame = frame_at(plain.record_in, facts.rate)
    where = plain.name or plain.comment
    moved = seconds_of_frame(frame, facts.rate) - plain.record_in
    if moved:
        report.note(
            "time-rounded",
            where=where,
            time=facts.label(frame),
            moved_by=moved,
            grid="frame",
            moved=f"{float(moved):.4f} s",
        )
    if frame < 0:
        report.note("cue-outside-timeline", where=where, time=facts.label(frame), name=where)
    name, note = _clean(plain.name), _clear_of_events(_clean(plain.comment))
    for was, now in ((plain.name, name), (plain.comment, note)):
        if now != was.strip():
            report.note("marker-text-changed", where=where, was=repr(was), now=repr(now))
    length = max(1, nearest_frame(plain.duration, facts.rate))
    return _Row(
        facts.start_frame + frame,
        length,
        name,
        note,
        shown_colour(RESOLVE_COLOURS, plain.colour, "blue", where, report),
    )


def _clean(text: str) -> str:
    """Keep a text from breaking the line: no bars, no line breaks."""
    return _one_line(text).replace("|", "/")


def _clear_of_events(note: str) -> str:
    """Keep a note from being taken for an event, which a line that begins with a digit is on import."""
    return f"- {note}" if note[:1].isdigit() else note


def _one_line(text: str) -> str:
    return " ".join(text.split("\n")).replace("\r", " ").strip()


def _event_lines(number: int, row: _Row, rate: Rate) -> list[str]:
    first = TimelineFacts(rate, row.frame)
    times = f"{first.label(0)} {first.label(1)}"
    note = f"{row.note} |C:ResolveColor{row.colour.capitalize()} |M:{row.name} |D:{row.length}"
    return [f"{number:03}  001      V     C        {times} {times}  ", note, ""]


FORMAT = Format(
    name="resolve_marker_edl",
    title="DaVinci Resolve marker EDL",
    suffixes=(".edl", ".markers.edl"),
    sniff=sniff,
    purpose=Purpose.CUES,
    reads=MARKER_FEATURES | Feature.DROP_FRAME,
    writes=CUE_FEATURES & ~Feature.CUE_RECORDS,
    read_options=MarkerEdlReadOptions,
    write_options=MarkerEdlWriteOptions,
    read=read,
    write=write,
    claims_suffixes_in_otio=False,
)
globals().update(FORMAT.otio_functions())
