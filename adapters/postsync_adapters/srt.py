"""SubRip subtitles: a number, a line of times, the text, an empty line.

There is no standard: the truth is what editors and players write and forgive. Numbers are run anew by every editor and mean
nothing; the character is a convention, `NAME: text`, and so is the tag, which viewers see and which is therefore written
only where it is asked for. Formatting and coordinates are kept beside the text.

    1
    00:00:10,000 --> 00:00:11,667
    ROBIN: Hold there!
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import BinaryIO, Literal

import opentimelineio as otio

from postsync.cueing import StatedCue, find_tag, put_stated_cues, strip_tag
from postsync.errors import FormatError
from postsync.formats import Claim, Feature, Format, Purpose, Timelines, decode_text, path_of
from postsync.model import PlainMarker, put_timeline_facts, timeline_facts, to_otio_marker
from postsync.report import Report
from postsync_adapters._carried import Spoken, spoken_cues
from postsync_adapters._timed_text import (
    SubtitleClock,
    TimedTextReadOptions,
    TimedTextWriteOptions,
    parse_time,
    shown_as_read,
    span_text,
    without_reading_time,
)

_TIMES = re.compile(
    r"\s*(?P<start>-?(?:\d{1,4}:)?\d{1,3}:\d{1,2}[.,]\d{1,9})\s*-->\s*(?P<end>-?(?:\d{1,4}:)?\d{1,3}:\d{1,2}[.,]\d{1,9})"
    r"(?P<rest>[ \t].*)?",
    re.ASCII,
)
_FIRST_LINES = 12
_NUMBER = re.compile(r"\s*\d{1,9}\s*")
_FORMATTING = re.compile(r"</?(?:i|b|u|s|font|c|ruby|rt)(?:\s[^<>]*|=[^<>]*)?>|\{\\[^{}]*\}", re.IGNORECASE)
_BLANK_LINES = re.compile(r"\n\s*\n")


@dataclass(frozen=True)
class SrtWriteOptions(TimedTextWriteOptions):
    """`text`: the line alone, after the name of its `character`, or after cue `number` and name, as for a burn-in."""

    text: Literal["line", "character", "number"] = "character"


def sniff(head: bytes) -> Claim:
    """Say whether the first lines are a number and a line of times; a few strays may stand ahead of them."""
    lines = [line for line in decode_text(head).text.lstrip("\ufeff").splitlines() if line.strip()][:_FIRST_LINES]
    if any(line.startswith("WEBVTT") for line in lines[:2]):
        return Claim.NO
    place = next((place for place, line in enumerate(lines) if _TIMES.fullmatch(line)), None)
    if place is None:
        return Claim.NO
    return Claim.CERTAIN if place and _NUMBER.fullmatch(lines[place - 1]) else Claim.MAYBE


# ------------------------------------------------------------------------------------------------------------- reading


@dataclass(frozen=True)
class _Subtitle:
    line: int
    start: Fraction
    end: Fraction
    text: str
    settings: str


def read(file: BinaryIO, report: Report, options: TimedTextReadOptions) -> Timelines:
    """Read every subtitle; those with a tag are cues, the others captions."""
    path = path_of(file)
    found = list(_subtitles(decode_text(file.read(), report).text, report))
    if not found:
        expected = "a line such as 00:00:10,000 --> 00:00:11,667"
        raise FormatError(path=path, place="line 1", expected=expected, found="none")
    name = options.name or (path.stem if path else "")
    timeline = otio.schema.Timeline(name=name)
    clock = SubtitleClock([one.start for one in found], name, FORMAT.name, report, options)
    put_timeline_facts(timeline, clock.facts)
    ordered = sorted(found, key=lambda one: one.start)
    cues = [_stated(one, clock) for one in ordered if find_tag(one.text)]
    for one in ordered:
        if not find_tag(one.text):
            timeline.tracks.markers.append(to_otio_marker(_plain(one, clock), clock.facts.rate.fps))
    if cues:
        put_stated_cues(timeline, cues, clock.facts, report)
    return [timeline]


def _subtitles(text: str, report: Report) -> Iterator[_Subtitle]:
    """Yield the subtitles; a text runs up to the number before the next line of times, empty lines in it included."""
    lines = text.lstrip("\ufeff").replace("\0", "").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    places = [(place, match) for place, line in enumerate(lines) if (match := _TIMES.fullmatch(line))]
    before = lines[: places[0][0]] if places else []
    _note_strays(before[:-1] if before and _NUMBER.fullmatch(before[-1]) else before, report)
    ends = [place for place, _ in places[1:]] + [len(lines) + 1] * bool(places)
    for (place, match), after in zip(places, ends, strict=True):
        body = lines[place + 1 : after]
        if after <= len(lines) and body and _NUMBER.fullmatch(body[-1]):
            body = body[:-1]
        start, end = parse_time(match["start"]), parse_time(match["end"])
        if start is not None and end is not None:
            yield _Subtitle(place + 1, start, end, "\n".join(body).strip(), (match["rest"] or "").strip())


def _note_strays(lines: list[str], report: Report) -> None:
    for place, line in enumerate(lines, 1):
        if line.strip():
            report.note("line-ignored", source=f"line {place}", text=line.strip())


def _plain(one: _Subtitle, clock: SubtitleClock) -> PlainMarker:
    shown = _FORMATTING.sub("", one.text).strip()
    extra = {name: text for name, text in (("text", one.text), ("settings", one.settings)) if text and text != shown}
    return PlainMarker(
        clock.place(one.start),
        clock.length(one.start, one.end),
        comment=shown,
        kind="caption",
        origin=f"line {one.line}",
        extra={"srt": extra} if extra else {},
    )


def _stated(one: _Subtitle, clock: SubtitleClock) -> StatedCue:
    """Take a tagged text apart; the tag tells number and name where it has them, so that they are known from the line."""
    tag = find_tag(one.text)
    assert tag is not None
    text = strip_tag(one.text)
    number, character = tag.fields.get("n"), tag.fields.get("c")
    if tag.is_full:
        ahead = " ".join(part for part in (number, character) if part)
        for prefix in (ahead, character or ""):
            if prefix and text.startswith(f"{prefix}:"):
                text = text[len(prefix) + 1 :].lstrip(" ")
                break
    elif match := re.fullmatch(r"(?P<who>[^:\n]{1,60}): ?(?P<line>.*)", text, re.DOTALL):
        character, text = match["who"].strip(), match["line"]
    return StatedCue(without_reading_time(_plain(one, clock), text), number, character, text, tag=tag)


# ------------------------------------------------------------------------------------------------------------- writing


def write(timeline: otio.schema.Timeline, file: BinaryIO, report: Report, options: SrtWriteOptions) -> None:
    """Write the cues in record order; markers are none of what is spoken."""
    facts = timeline_facts(timeline)
    for count, cue in enumerate(spoken_cues(timeline, options.tags, report, looks_pointed=shown_as_read), 1):
        times = span_text(cue, facts, options.times, ",", report)
        text = _BLANK_LINES.sub("\n", _text(cue, options))
        file.write(f"{count}\n{times}\n{text}\n\n".encode("utf-8", "replace"))


def _text(cue: Spoken, options: SrtWriteOptions) -> str:
    parts = {"line": (), "character": (cue.character,), "number": (cue.number, cue.character)}[options.text]
    ahead = " ".join(part for part in parts if part)
    return ": ".join(part for part in (ahead, cue.tagged) if part)


FORMAT = Format(
    name="srt",
    title="SubRip subtitles",
    suffixes=(".srt",),
    sniff=sniff,
    purpose=Purpose.CUES,
    reads=Feature.MARKERS | Feature.MARKER_COMMENTS | Feature.MARKER_DURATIONS,
    writes=Feature.CUES,
    read_options=TimedTextReadOptions,
    write_options=SrtWriteOptions,
    read=read,
    write=write,
)
globals().update(FORMAT.otio_functions())
