"""WebVTT captions, after the W3C's recommendation: identifier, times, text with the voice that speaks it.

The identifier holds the cue number and the tag, where no viewer sees them; `<v ROBIN>` holds the character. A block with
several voices is a cue for each. Styles, regions and notes are kept and written again; formatting inside the text falls.

    R106 {adr=7KQ2M9XD}
    00:00:10.000 --> 00:00:11.667
    <v ROBIN>Hold there!
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import BinaryIO

import opentimelineio as otio

from postsync.cueing import StatedCue, TagLevel, find_tag, put_stated_cues, strip_tag
from postsync.errors import FormatError
from postsync.formats import Claim, Feature, Format, Purpose, Timelines, decode_text, path_of
from postsync.model import PlainMarker, put_timeline_facts, timeline_facts, to_otio_marker
from postsync.report import Report
from postsync_adapters._carried import spoken_cues
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
    r"\s*(?P<start>(?:\d{2,4}:)?\d\d:\d\d[.,]\d{1,9})\s+-->\s+(?P<end>(?:\d{2,4}:)?\d\d:\d\d[.,]\d{1,9})(?P<rest>[ \t].*)?",
    re.ASCII,
)
_VOICE = re.compile(r"<v(?:\.[^\s<>]*)?[ \t]+(?P<who>[^<>\n]*)>")
_MARKUP = re.compile(r"</?[a-z][^<>]*>|<\d[\d:.]*>|</?>", re.IGNORECASE)
_HEAD_BLOCKS = ("STYLE", "REGION", "NOTE")
_OWN_NUMBER = re.compile(r"(?=.*[^\W\d_])(?=.*\d)\S{2,16}(?: \S{1,8})?")


@dataclass(frozen=True)
class WebVttWriteOptions(TimedTextWriteOptions):
    """`tags`: what of the tag goes into identifiers."""

    tags: TagLevel = "uid"


def sniff(head: bytes) -> Claim:
    """Say whether the first bytes are the signature."""
    first = decode_text(head).text.lstrip("\ufeff")[:7]
    return Claim.CERTAIN if first[:6] == "WEBVTT" and first[6:7] in ("", " ", "\t", "\n", "\r") else Claim.NO


# ------------------------------------------------------------------------------------------------------------- reading


@dataclass(frozen=True)
class _Caption:
    """What one voice says in a block: `text` is without markup, `raw` as it stood."""

    line: int
    id: str
    start: Fraction
    end: Fraction
    voice: str | None
    text: str
    raw: str
    settings: str


def read(file: BinaryIO, report: Report, options: TimedTextReadOptions) -> Timelines:
    """Read every block; those that name a voice, a number or a tag are cues, the others captions."""
    path = path_of(file)
    text = decode_text(file.read(), report).text.lstrip("\ufeff").replace("\0", "\ufffd")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if not lines[0].startswith("WEBVTT"):
        raise FormatError(path=path, place="line 1", expected="the signature WEBVTT", found=repr(lines[0][:40]))
    head: list[str] = [lines[0][6:].strip()]
    captions = list(_captions(lines, head, report))
    name = options.name or (path.stem if path else "")
    timeline = otio.schema.Timeline(name=name)
    clock = SubtitleClock([one.start for one in captions], name, FORMAT.name, report, options)
    put_timeline_facts(timeline, clock.facts)
    if any(head):
        timeline.metadata[FORMAT.name] = {"head": head}
    cues: list[StatedCue] = []
    for one in sorted(captions, key=lambda caption: caption.start):
        if one.voice or find_tag(one.id) or _OWN_NUMBER.fullmatch(one.id):
            cues.append(_stated(one, clock))
        else:
            timeline.tracks.markers.append(to_otio_marker(_plain(one, clock), clock.facts.rate.fps))
    if cues:
        put_stated_cues(timeline, cues, clock.facts, report)
    return [timeline]


def _captions(lines: list[str], head: list[str], report: Report) -> Iterator[_Caption]:
    """Yield the captions block by block; blocks of the head are put into `head`."""
    for number, block in _blocks(lines[1:]):
        at = next((place for place, line in enumerate(block[:2]) if "-->" in line), None)
        match = _TIMES.fullmatch(block[at]) if at is not None else None
        if at is None or match is None:
            if block[0].startswith(_HEAD_BLOCKS):
                head.append("\n".join(block))
            else:
                report.note("line-ignored", source=f"line {number}", text=" ".join(block)[:80])
            continue
        start, end = parse_time(match["start"]), parse_time(match["end"])
        assert start is not None and end is not None
        raw, settings = "\n".join(block[at + 1 :]), (match["rest"] or "").strip()
        for voice, text in _voices(raw):
            yield _Caption(number, block[0].strip() if at else "", start, end, voice, text, raw, settings)


def _blocks(lines: list[str]) -> Iterator[tuple[int, list[str]]]:
    block: list[str] = []
    for number, line in enumerate([*lines, ""], 2):
        if line.strip():
            block.append(line)
        elif block:
            yield number - len(block), block
            block = []


def _voices(raw: str) -> list[tuple[str | None, str]]:
    """Part a text by its voices; what stands before the first belongs to nobody."""
    found = list(_VOICE.finditer(raw))
    if not found:
        return [(None, _bare(raw))]
    ends = [match.start() for match in found[1:]] + [len(raw)]
    parts: list[tuple[str | None, str]] = [
        (html.unescape(match["who"]).strip() or None, _bare(raw[match.end() : end]))
        for match, end in zip(found, ends, strict=True)
    ]
    before = _bare(raw[: found[0].start()])
    return [(None, before), *parts] if before else parts


def _bare(text: str) -> str:
    return html.unescape(_MARKUP.sub("", text)).strip()


def _plain(one: _Caption, clock: SubtitleClock) -> PlainMarker:
    extra = {"id": one.id, "settings": one.settings, "text": one.raw if one.raw != one.text else ""}
    kept = {name: text for name, text in extra.items() if text}
    return PlainMarker(
        clock.place(one.start),
        clock.length(one.start, one.end),
        comment=one.text,
        kind="caption",
        origin=f"line {one.line}",
        extra={"webvtt": kept} if kept else {},
    )


def _stated(one: _Caption, clock: SubtitleClock) -> StatedCue:
    number, tag = strip_tag(one.id).strip(), find_tag(one.id)
    plain = _plain(one, clock)
    plain = plain if tag is None else without_reading_time(plain, one.text)
    return StatedCue(plain, None if number.isdigit() else number or None, one.voice, one.text, tag=tag)


# ------------------------------------------------------------------------------------------------------------- writing


def write(timeline: otio.schema.Timeline, file: BinaryIO, report: Report, options: WebVttWriteOptions) -> None:
    """Write the cues in record order, after the styles, regions and notes that were read with them."""
    facts = timeline_facts(timeline)
    kept = [str(block) for block in (timeline.metadata.get(FORMAT.name) or {}).get("head", [""])]
    head = f"WEBVTT {kept[0]}".strip()
    file.write("\n\n".join([head, *kept[1:], ""]).encode("utf-8", "replace"))
    for cue in spoken_cues(timeline, options.tags, report, looks_pointed=shown_as_read):
        times = span_text(cue, facts, options.times, ".", report)
        # The arrow may not stand in an identifier; in the tag, letters have a spelling that spares them.
        named = (cue.number.replace("-->", "->"), cue.tag.replace("-->", "--%3E"))
        name = " ".join(part for part in named if part)
        voice = f"<v {_escaped(cue.character)}>" if cue.character else ""
        rows = [name, times, voice + _without_blank_lines(_escaped(cue.line))]
        file.write(("\n".join(row for row in rows if row) + "\n\n").encode("utf-8", "replace"))


def _escaped(text: str) -> str:
    return html.escape(text, quote=False)


def _without_blank_lines(text: str) -> str:
    return "\n".join(line for line in text.split("\n") if line.strip())


FORMAT = Format(
    name="webvtt",
    title="WebVTT captions",
    suffixes=(".vtt",),
    sniff=sniff,
    purpose=Purpose.CUES,
    reads=Feature.CUES | Feature.MARKERS | Feature.MARKER_COMMENTS | Feature.MARKER_DURATIONS,
    writes=Feature.CUES,
    read_options=TimedTextReadOptions,
    write_options=WebVttWriteOptions,
    read=read,
    write=write,
)
globals().update(FORMAT.otio_functions())
