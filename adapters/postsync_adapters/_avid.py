"""The marker of Media Composer as both of its marker files hold it, and its way to and from a timeline.

The marker window exports text and XML with the same fields: user, label, track, colour, comment, length in frames. Neither
says rate or start. Colours are eight, and in newer versions eight more that older ones do not know.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, Literal

import opentimelineio as otio

from postsync.cueing import Carrier, TagLevel, lay_out, on_free_frames, one_line, to_ascii
from postsync.formats import Options, ReadOptions, frame_of_label, rate_of_labels, start_of_frames
from postsync.model import (
    Attachment,
    Character,
    Cue,
    PlainMarker,
    TimelineFacts,
    character_name,
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
from postsync.timing import frame_at, nearest_frame, seconds_of_frame
from postsync.wording import counted

COLOURS = ("red", "green", "blue", "cyan", "magenta", "yellow", "black", "white")
"""The colours that every version knows."""

FURTHER_COLOURS = {
    "pink": ("pink", "magenta"), "purple": ("purple", "magenta"), "violet": ("lavender", "magenta"),
    "orange": ("orange", "yellow"), "gold": ("lemon", "yellow"), "forest": ("mint", "green"), "denim": ("sky", "blue"),
    "grey": ("cream", "white"), "gray": ("cream", "white"),
}  # fmt: skip
"""The colours of newer versions: ours that stands for each, and the old one that stands beside it in a file."""

_text: Callable[[Any], str] = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

_TRACK = re.compile(r"(?:V|A|TC)\d{1,3}")


@dataclass(frozen=True)
class AvidMarker:
    """One marker. `duration` in frames; 1, or None where the file has no such column, is a point.

    `further` is the second colour of newer versions, `attributes` what an XML holds as (name, kind, value), `joined` whether
    tabs had parted the comment. In rows that are to be written, `frame` is the absolute frame of the label, and `id` Avid's
    own where the marker came by AAF.
    """

    timecode: str
    user: str = ""
    track: str = ""
    colour: str = ""
    comment: str = ""
    duration: int | None = None
    further: str = ""
    source: str = ""
    attributes: tuple[tuple[str, int, str], ...] = ()
    joined: bool = False
    id: str = ""
    frame: int = 0


CARRIERS = {
    "utf8": Carrier(note=False, one_line=True, one_per_frame=True),
    "ascii": Carrier(note=False, one_line=True, one_per_frame=True, ascii_only=True),
}
"""What a marker's comment holds, by the option `text`; a track keeps one marker on a frame."""


@dataclass(frozen=True)
class AvidReadOptions(ReadOptions):
    """`start`: label of the timeline's first frame, for cue places that count from it."""

    start: str | None = None


@dataclass(frozen=True)
class AvidWriteOptions(Options):
    """How markers are written.

    `user` is the name of cues that have none of their own. `track` is where markers go that name none; `tracks`:
    `own` keeps the track of each, `one` puts all on `track`, `characters` gives the cues of each character a track of
    their own from `track` up.
    `text`: `ascii` takes accents off for systems that mangle them. `tags`: what of the tag goes into comments.
    """

    user: str = "ADR"
    track: str = "V1"
    tracks: Literal["own", "one", "characters"] = "own"
    text: Literal["utf8", "ascii"] = "utf8"
    tags: TagLevel = "uid"


# ------------------------------------------------------------------------------------------------------------- reading


def timeline_of(
    found: Sequence[AvidMarker], name: str, format_name: str, report: Report, options: AvidReadOptions
) -> otio.schema.Timeline:
    """Make the timeline of some markers, at the rate and start that were asked for or that their labels tell."""
    timeline = otio.schema.Timeline(name=name)
    labels = [marker.timecode for marker in found]
    rate = options.rate or rate_of_labels(labels, name, report)
    placed = [
        (frame, marker)
        for marker in found
        if (frame := frame_of_label(marker.timecode, rate, marker.source, report)) is not None
    ]
    start = start_of_frames(options.start, [frame for frame, _ in placed], rate, name, report)
    facts = TimelineFacts(rate, start, producer="Media Composer", format=format_name)
    put_timeline_facts(timeline, facts)
    for frame, marker in sorted(placed, key=lambda pair: pair[0]):
        if marker.joined:
            report.note("text-joined", time=facts.label(frame - start), source=marker.source, text=marker.comment)
        timeline.tracks.markers.append(to_otio_marker(_plain(marker, frame - start, facts), rate.fps))
    return timeline


def _plain(marker: AvidMarker, frame: int, facts: TimelineFacts) -> PlainMarker:
    shown = (marker.further or marker.colour).strip()
    known = FURTHER_COLOURS.get(shown.casefold(), (None,))[0] or colour_name(shown) or colour_name(marker.colour)
    length = marker.duration or 1
    extra: dict[str, Any] = {"avid": {"colour": marker.colour, "further": marker.further}}
    if marker.attributes:
        # As one text: a list of lists would be most of what OpenTimelineIO has to make.
        extra["avid"]["attributes"] = _text(marker.attributes)
    return PlainMarker(
        record_in=seconds_of_frame(frame, facts.rate),
        duration=seconds_of_frame(length, facts.rate) if length > 1 else Fraction(0),
        comment=marker.comment,
        colour=known,
        user=marker.user or None,
        attached_to=Attachment(track=marker.track) if marker.track else None,
        origin=marker.source,
        extra=extra,
    )


# ------------------------------------------------------------------------------------------------------------- writing


@dataclass(frozen=True)
class _Writing:
    """What every marker of one file is written with."""

    facts: TimelineFacts
    characters: dict[str, Character]
    options: AvidWriteOptions
    report: Report
    points: bool
    tracks: dict[str, str] = field(default_factory=dict)


def rows_of(
    timeline: otio.schema.Timeline, report: Report, options: AvidWriteOptions, *, points: bool = False
) -> Iterator[AvidMarker]:
    """Yield the cues and markers of a timeline in order of time; `points` where the file has no place for lengths."""
    writing = _Writing(timeline_facts(timeline), timeline_characters(timeline), options, report, points)
    rows = [(_row(marker, writing), cue_of(marker)) for marker in timeline.tracks.markers]
    by_track: dict[str, list[tuple[AvidMarker, Cue | None]]] = {}
    for row, cue in rows:
        by_track.setdefault(row.track, []).append((row, cue))
    placed = [row for track in by_track.values() for row in _on_free_frames(track, writing)]
    for row in sorted(placed, key=lambda row: row.frame):
        yield replace(row, timecode=TimelineFacts(writing.facts.rate, row.frame).start_timecode)


def _row(marker: otio.schema.Marker, writing: _Writing) -> AvidMarker:
    cue, plain = cue_of(marker), plain_marker(marker)
    return _plain_row(plain, writing) if cue is None else _cue_row(cue, plain, writing)


def _cue_row(cue: Cue, plain: PlainMarker, writing: _Writing) -> AvidMarker:
    facts, options, report = writing.facts, writing.options, writing.report
    where = cue.number or cue.uid
    if cue.record_in < 0:
        report.note("cue-outside-timeline", where=where, time=facts.label(cue.record_in), name=where)
    if cue.precise_in is not None and cue.precise_in != seconds_of_frame(cue.record_in, facts.rate):
        late = cue.precise_in - seconds_of_frame(cue.record_in, facts.rate)
        report.note("cue-off-frame", where=where, moved_by=-late, remainder=f"{float(late):.4f}")
    told = lay_out(cue, writing.characters, CARRIERS["utf8"], "none").name
    if options.text == "ascii" and to_ascii(told) != told:
        report.note("text-replaced", where=where, was=told, now=to_ascii(told))
    return _avid(
        plain,
        cue_colour(writing.characters, cue),
        writing,
        where=where,
        user=plain.user or options.user,
        comment=_comment(cue, 0, writing),
        frame=facts.start_frame + cue.record_in,
        duration=max(1, (cue.record_out or cue.record_in) - cue.record_in),
        character=character_name(writing.characters, cue),
    )


def _comment(cue: Cue, late: int, writing: _Writing) -> str:
    """Give the comment of a cue whose marker stands some frames late; where no length is left, the tag says the out."""
    length = (cue.record_out or cue.record_in) - cue.record_in
    carrier = replace(CARRIERS[writing.options.text], points=writing.points or length <= late)
    return lay_out(cue, writing.characters, carrier, writing.options.tags, nudge=late).name


def _plain_row(plain: PlainMarker, writing: _Writing) -> AvidMarker:
    """Write a marker that is no cue; its name is the user's where that is free, else it goes before the comment."""
    facts, report = writing.facts, writing.report
    where = plain.name or plain.comment.partition("\n")[0]
    frame = frame_at(plain.record_in, facts.rate)
    moved = seconds_of_frame(frame, facts.rate) - plain.record_in
    if moved:
        told = f"{float(moved):.4f} s"
        report.note("time-rounded", where=where, time=facts.label(frame), moved_by=moved, grid="frame", moved=told)
    if frame < 0:
        report.note("cue-outside-timeline", where=where, time=facts.label(frame), name=where)
    length = max(1, nearest_frame(plain.duration, facts.rate))
    if writing.points and length > 1:
        report.note("marker-shortened", where=where, time=facts.label(frame), duration=counted(length, "frame"))
    as_user = bool(plain.name and plain.comment) and plain.user in (None, plain.name)
    texts = (plain.comment,) if as_user else (plain.name, plain.comment)
    comment = _carried(": ".join(text for text in texts if text), plain, writing, where)
    user = plain.name if as_user else plain.user or ""
    return _avid(
        plain,
        plain.colour,
        writing,
        where=where,
        user=_carried(user, None, writing, where),
        comment=comment,
        frame=facts.start_frame + frame,
        duration=length,
        character="",
    )


def _carried(text: str, plain: PlainMarker | None, writing: _Writing, where: str) -> str:
    """Give a text as the file can hold it: no tabs, no line breaks but those that Media Composer wrote itself."""
    breaks = plain is not None and "avid" in plain.extra
    now = text.replace("\t", " ").replace("\r", "\n") if breaks else one_line(text)
    now = to_ascii(now) if writing.options.text == "ascii" else now
    if now != text:
        writing.report.note("marker-text-changed", where=where, was=repr(text), now=repr(now))
    return now


def _attributes(kept: str) -> tuple[tuple[str, int, str], ...]:
    """Give what an XML held by name, kind and value."""
    return tuple((str(name), int(kind), str(value)) for name, kind, value in json.loads(kept))


def _avid(
    plain: PlainMarker,
    colour: str | None,
    writing: _Writing,
    *,
    where: str,
    user: str,
    comment: str,
    frame: int,
    duration: int,
    character: str,
) -> AvidMarker:
    kept: Mapping[str, Any] = plain.extra.get("avid") or {}
    old, further = _colours(colour, kept, where, writing.report)
    return AvidMarker(
        timecode="",
        user=user,
        track=_track(plain, character, writing),
        colour=old,
        further=further,
        comment=comment,
        duration=duration,
        attributes=_attributes(kept.get("attributes") or "[]"),
        id=str((plain.extra.get("aaf") or {}).get("id") or ""),
        frame=frame,
    )


def _colours(colour: str | None, kept: Mapping[str, Any], where: str, report: Report) -> tuple[str, str]:
    """Give the colour for every version and the one for newer ones: those of the file where they were not changed."""
    old, further = str(kept.get("colour") or "").casefold(), str(kept.get("further") or "").casefold()
    shown = further or old
    if shown and FURTHER_COLOURS.get(shown, (colour_name(shown),))[0] == colour:
        return old or further, further
    newer = next((name for name, (ours, _) in FURTHER_COLOURS.items() if ours == colour), "")
    if newer:
        report.note("marker-colour-changed", where=where, was=colour, now=FURTHER_COLOURS[newer][1])
        return FURTHER_COLOURS[newer][1], newer
    return shown_colour(COLOURS, colour, "red", where, report), newer


def _track(plain: PlainMarker, character: str, writing: _Writing) -> str:
    options, known = writing.options, writing.tracks
    if options.tracks == "one":
        return options.track
    if options.tracks == "characters" and character:
        return known.setdefault(character, _next_track(options.track, len(known)))
    own = (plain.attached_to.track if plain.attached_to else None) or ""
    return own if (own and "avid" in plain.extra) or _TRACK.fullmatch(own) else options.track


def _next_track(first: str, further: int) -> str:
    """Give the track that lies some above the first: V1, V2, V3."""
    letters = first.rstrip("0123456789")
    return f"{letters}{int(first[len(letters) :] or 1) + further}"


def _on_free_frames(rows: Sequence[tuple[AvidMarker, Cue | None]], writing: _Writing) -> Iterator[AvidMarker]:
    """Move markers of one track off a frame that is taken, their ends staying; the tag of a cue says how far."""
    wanted = [(row.frame, (cue.number or "0") if cue else "") for row, cue in rows]
    for (row, cue), frame in zip(rows, on_free_frames(wanted), strict=True):
        late = frame - row.frame
        yield row if not late else _nudged(row, cue, late, writing)


def _nudged(row: AvidMarker, cue: Cue | None, late: int, writing: _Writing) -> AvidMarker:
    facts = writing.facts
    writing.report.note(
        "marker-nudged",
        where=row.comment,
        time=facts.label(row.frame - facts.start_frame),
        moved_by=seconds_of_frame(late, facts.rate),
        frames=late,
    )
    comment = row.comment if cue is None else _comment(cue, late, writing)
    return replace(row, frame=row.frame + late, comment=comment, duration=max(1, (row.duration or 1) - late))
