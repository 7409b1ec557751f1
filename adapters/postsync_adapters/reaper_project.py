"""Reaper's project file: markers and regions, items with notes as cues, and items of sound and picture as clips.

Plain text: blocks of `<NAME … >`, in each a line for every value. A region is two `MARKER` lines of one number, the second
without a name giving its end; positions are seconds from the project's start, whose label `PROJOFFS` shifts. `TIMEMODE`
holds the frame rate. A text is quoted with whichever of three quotes it does not hold. After projects that Reaper saved.

    MARKER 1 10 "R106 ROBIN: Hold there! {adr=7KQ2M9XD}" 1 16852449 1 R {8A1C…} 0
    MARKER 1 11.6666666666667 "" 1
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any, BinaryIO, Literal

import opentimelineio as otio

from postsync.cueing import NAME_AND_NOTE, NAME_ONLY, TagLevel
from postsync.errors import FormatError, RateError
from postsync.formats import (
    CUE_FEATURES,
    Claim,
    Feature,
    Format,
    Options,
    Purpose,
    Timelines,
    decode_text,
    meant_time,
    path_of,
    rate_of_times,
    start_of_times,
)
from postsync.model import (
    COLOURS,
    Attachment,
    ClipFacts,
    Fade,
    Laid,
    PlainMarker,
    TimelineFacts,
    TrackFacts,
    build_track,
    lay_without_overlaps,
    nearest_colour,
    put_clip_facts,
    put_timeline_facts,
    rgb_bytes,
    rgb_text,
    timeline_facts,
    to_otio_marker,
)
from postsync.report import Report
from postsync.timing import Rate, as_rate, frame_at, parse_timecode, seconds_of_frame
from postsync_adapters._carried import (
    SHORTEST,
    Shown,
    TimesReadOptions,
    exact_number,
    short_decimal_text,
    shown_markers,
)

GRAIN = Fraction(1, 10**10)
"""What is lost in the doubles that Reaper writes."""

REGION = 1
"""The bit of a marker's flags by which it is one end of a region."""

COLOUR_SET = 0x1000000
"""The bit of a colour that says that there is one; blue, green and red follow, a byte each."""

DROP, NTSC = 1, 2
"""The second number of the frame rate in `TIMEMODE`: drop frame, or 1000/1001 of the first number."""

QUOTES = "\"'`"
"""A text that holds all three cannot be quoted: its back-ticks become apostrophes, as in Reaper."""

DEEPEST = 64

_WORD = re.compile(r"\"([^\"]*)\"?|'([^']*)'?|`([^`]*)`?|(\S+)")
_PICTURE = ("VIDEO", "VIDEOEFFECT")


@dataclass(frozen=True)
class ReaperProjectWriteOptions(Options):
    """`cues`: as `regions`, or as empty `items` on a track for each character, line and notes inside them. `tags` as ever."""

    cues: Literal["regions", "items"] = "regions"
    tags: TagLevel = "uid"


def sniff(head: bytes) -> Claim:
    """Say whether the first bytes are a project."""
    return Claim.CERTAIN if head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<REAPER_PROJECT") else Claim.NO


# -------------------------------------------------------------------------------------------------------- the document


@dataclass
class _Block:
    """One block: the words of its first line, its own lines as words, and the blocks inside it."""

    words: list[str]
    line: int
    lines: list[tuple[int, list[str]]] = field(default_factory=list[Any])
    blocks: list[_Block] = field(default_factory=list[Any])
    texts: list[str] = field(default_factory=list[str])

    def first(self, name: str) -> list[str]:
        """Give the words of the first line of a name; none where there is no such line."""
        return next((words for _, words in self.lines if words[0] == name), [])

    def number(self, name: str, place: int = 1, default: str = "0") -> Fraction:
        """Give a number of the first line of a name."""
        line = next((line for line, words in self.lines if words[0] == name), self.line)
        words = self.first(name)
        return exact_number(words[place] if len(words) > place else default, name, f"line {line}")

    def inside(self, name: str) -> Iterator[_Block]:
        """Yield the blocks of a name."""
        return (block for block in self.blocks if block.words[0] == name)


def _parsed(text: str, path: Path | None) -> _Block:
    """Take a project apart; blocks that never end, end with the file."""
    open_blocks: list[_Block] = []
    root: _Block | None = None
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if line.startswith("<"):
            block = _Block(_words(line[1:]) or [""], number)
            if open_blocks:
                open_blocks[-1].blocks.append(block)
            root = root or block
            open_blocks.append(block)
            if len(open_blocks) > DEEPEST:
                raise FormatError("nested deeper than any program writes", path=path, place=f"line {number}")
        elif line == ">" and open_blocks:
            open_blocks.pop()
        elif line.startswith("|") and open_blocks:
            open_blocks[-1].texts.append(line[1:])
        elif line and open_blocks and open_blocks[-1].words[0] in _READ_BLOCKS:
            open_blocks[-1].lines.append((number, _words(line) or [""]))
    if root is None or root.words[0] != "REAPER_PROJECT":
        raise FormatError(path=path, place="line 1", expected="<REAPER_PROJECT", found=repr(text[:20]))
    return root


_READ_BLOCKS = ("REAPER_PROJECT", "TRACK", "ITEM", "SOURCE")


def _words(line: str) -> list[str]:
    return ["".join(match.groups("")) for match in _WORD.finditer(line)]


# ------------------------------------------------------------------------------------------------------------- reading


def read(file: BinaryIO, report: Report, options: TimesReadOptions) -> Timelines:
    """Read a project: its markers, the notes of its empty items, and its other items as clips."""
    path = path_of(file)
    project = _parsed(decode_text(file.read(), report).text.lstrip("\ufeff").replace("\0", ""), path)
    name = options.name or (path.stem if path else "")
    timeline = otio.schema.Timeline(name=name)
    facts, late = _facts(project, name, report, options)
    put_timeline_facts(timeline, facts)
    reader = _Reader(facts, late, report)
    markers = [*reader.markers(project)]
    for track in project.inside("TRACK"):
        markers += reader.notes(track)
        timeline.tracks.extend(reader.tracks(track))
    for marker in sorted(markers, key=lambda one: one.record_in):
        timeline.tracks.markers.append(to_otio_marker(marker, facts.rate.fps))
    return [timeline]


def _facts(project: _Block, name: str, report: Report, options: TimesReadOptions) -> tuple[TimelineFacts, Fraction]:
    """Give the clock of a project, and how far into its first frame it starts."""
    rate = options.rate or _rate(project)
    if rate is None:
        times = [(exact_number(words[2], "MARKER", f"line {line}"), GRAIN) for line, words in _marker_lines(project)]
        rate = rate_of_times(times, name, report)
    sample_rate = project.number("SAMPLERATE")
    start, late = _start(project, rate, name, report, options)
    known = int(sample_rate) if 0 < sample_rate < 10**6 else None
    return TimelineFacts(rate, start, sample_rate=known, producer="Reaper", format=FORMAT.name), late


def _start(project: _Block, rate: Rate, name: str, report: Report, options: TimesReadOptions) -> tuple[int, Fraction]:
    """Give the first frame and how far into it the project starts: as told, else as its offset says."""
    if not project.first("PROJOFFS"):
        return start_of_times(options.start, rate, name, report), Fraction(0)
    offset = meant_time(project.number("PROJOFFS"), rate, GRAIN)
    asked = None if options.start is None else parse_timecode(options.start, rate, place="option start")
    start = frame_at(offset, rate) if asked is None else asked
    return start, offset - seconds_of_frame(start, rate)


def _rate(project: _Block) -> Rate | None:
    words = project.first("TIMEMODE")
    if len(words) < 6 or not words[4].isdigit() or not 0 < int(words[4]) <= 1000:
        return None
    base, kind = Fraction(int(words[4])), int(words[5]) if words[5].isdigit() else 0
    try:
        return as_rate(base * 1000 / 1001 if kind in (DROP, NTSC) else base, drop=kind == DROP)
    except RateError:
        return as_rate(base)


def _marker_lines(project: _Block) -> Iterator[tuple[int, list[str]]]:
    return ((line, words) for line, words in project.lines if words[0] == "MARKER" and len(words) > 2)


class _Reader:
    """Reads the markers and items of one project at its clock."""

    def __init__(self, facts: TimelineFacts, late: Fraction, report: Report) -> None:
        self.facts, self.late, self.report = facts, late, report

    def place(self, seconds: Fraction) -> Fraction:
        """Give the time from the timeline's first frame that a position means."""
        return meant_time(seconds + self.late, self.facts.rate, GRAIN)

    def markers(self, project: _Block) -> Iterator[PlainMarker]:
        """Yield markers and regions; the second line of a region gives its end."""
        open_regions: dict[str, tuple[int, list[str], Fraction]] = {}
        for line, words in _marker_lines(project):
            position = exact_number(words[2], "a marker's position", f"line {line}")
            flags = int(words[4]) if len(words) > 4 and words[4].isdigit() else 0
            if not flags & REGION:
                yield self._marker(words, position, position)
            elif words[1] in open_regions:
                _, first, start = open_regions.pop(words[1])
                yield self._marker(first, min(start, position), max(start, position))
            else:
                open_regions[words[1]] = (line, words, position)
        for line, words, start in open_regions.values():
            self.report.note("value-unreadable", source=f"line {line}", name="region without an end", value=words[1])
            yield self._marker(words, start, start)

    def _marker(self, words: list[str], start: Fraction, end: Fraction) -> PlainMarker:
        colour = int(words[5]) if len(words) > 5 and words[5].isdigit() else 0
        rgb = rgb_text(colour & 0xFF, colour >> 8 & 0xFF, colour >> 16 & 0xFF) if colour & COLOUR_SET else None
        guid = next((word for word in words[6:] if word.startswith("{")), "")
        first, last = self.place(start), self.place(end)
        return PlainMarker(
            first,
            last - first,
            words[3] if len(words) > 3 else "",
            colour=nearest_colour(rgb) if rgb else None,
            colour_rgb=rgb,
            origin=f"marker {words[1]}",
            extra={"reaper": {"guid": guid}} if guid else {},
        )

    def notes(self, track: _Block) -> Iterator[PlainMarker]:
        """Yield the empty items of a track that have notes: cues on the track of their character."""
        name = _name(track)
        for item in track.inside("ITEM"):
            notes = "\n".join(text for block in item.inside("NOTES") for text in block.texts)
            if notes and not any(item.inside("SOURCE")):
                start, end = self._span(item)
                yield PlainMarker(
                    start,
                    end - start if end - start > SHORTEST else Fraction(0),
                    _name(item),
                    notes,
                    attached_to=Attachment(track=name or None),
                    origin=f"item at line {item.line}",
                )

    def tracks(self, track: _Block) -> Iterator[otio.schema.Track]:
        """Yield the tracks of OpenTimelineIO that a track's items of sound and picture need."""
        muted, sources = track.number("MUTESOLO") != 0, list(self._sources(track))
        for kind in (otio.schema.TrackKind.Video, otio.schema.TrackKind.Audio):
            items = [(item, source) for item, source in sources if _kind(source) == kind]
            spans = [self._span(item) for item, _ in items]
            laid: dict[int, list[Laid]] = {}
            for (item, source), span, layer in zip(items, spans, lay_without_overlaps(spans), strict=True):
                offset = meant_time(item.number("SOFFS"), self.facts.rate, GRAIN)
                clip = self._clip(item, source, muted)
                laid.setdefault(layer, []).append(Laid(clip, span[0], span[1] - span[0], offset))
            for layer, clips in sorted(laid.items()):
                name = _name(track) if layer == 0 else f"{_name(track)} ({layer + 1})".strip()
                yield build_track(name, kind, clips, [self.facts.rate.fps], facts=TrackFacts(muted=muted))

    def _sources(self, track: _Block) -> Iterator[tuple[_Block, _Block]]:
        for item in track.inside("ITEM"):
            source = next(item.inside("SOURCE"), None)
            while source is not None and not source.first("FILE") and source.blocks:
                source = next(source.inside("SOURCE"), None)
            if source is not None and source.first("FILE") and self._span(item)[1] > self._span(item)[0]:
                yield item, source
            elif source is not None:
                kind = source.words[1] if len(source.words) > 1 else "without a file"
                self.report.note("element-ignored", source=f"line {item.line}", name=f"item {_name(item)} ({kind})")

    def _span(self, item: _Block) -> tuple[Fraction, Fraction]:
        start, length = item.number("POSITION"), max(Fraction(0), item.number("LENGTH"))
        return self.place(start), self.place(start + length)

    def _clip(self, item: _Block, source: _Block, muted: bool) -> otio.schema.Clip:
        name = source.first("FILE")[1] if len(source.first("FILE")) > 1 else ""
        reference = otio.schema.ExternalReference(target_url=name) if name else otio.schema.MissingReference()
        reference.name = name.replace("\\", "/").rpartition("/")[2]
        clip = otio.schema.Clip(name=_name(item) or reference.name, media_reference=reference)
        quiet = item.number("MUTE") != 0
        clip.enabled = not quiet
        speed = item.number("PLAYRATE", default="1")
        level = item.number("VOLPAN", default="1") * item.number("VOLPAN", 3, default="1")
        facts = ClipFacts(
            speed=speed.limit_denominator(100_000) if speed > 0 else Fraction(1),
            muted=quiet,
            gain_db=20 * math.log10(level) if level > 0 and level != 1 else None,
            fade_in=self._fade(item, "FADEIN"),
            fade_out=self._fade(item, "FADEOUT"),
            origin=FORMAT.name,
        )
        put_clip_facts(clip, facts)
        return clip

    def _fade(self, item: _Block, name: str) -> Fade | None:
        length = meant_time(item.number(name, 2), self.facts.rate, GRAIN)
        return Fade(length) if length > 0 else None


def _name(block: _Block) -> str:
    words = block.first("NAME")
    return words[1] if len(words) > 1 else ""


def _kind(source: _Block) -> str:
    kind = source.words[1] if len(source.words) > 1 else ""
    picture: str = otio.schema.TrackKind.Video
    sound: str = otio.schema.TrackKind.Audio
    return picture if kind in _PICTURE else sound


# ------------------------------------------------------------------------------------------------------------- writing

PLACES = 14
"""Decimals of the seconds that we write, as Reaper does."""

_HEAD = """<REAPER_PROJECT 0.1 "7.0/postsync" 0
  PROJOFFS {start} 0 0
  TIMEMODE 1 5 -1 {base} {kind} 0 -1
  SAMPLERATE {sample_rate} 0 0
  TEMPO 120 4 4
"""


def write(timeline: otio.schema.Timeline, file: BinaryIO, report: Report, options: ReaperProjectWriteOptions) -> None:
    """Write a project of markers and regions, or of markers and items with notes."""
    facts = timeline_facts(timeline)
    kind = DROP if facts.rate.drop else NTSC if facts.rate.is_ntsc else 0
    start = short_decimal_text(seconds_of_frame(facts.start_frame, facts.rate), PLACES)
    head = _HEAD.format(start=start, base=facts.rate.nominal, kind=kind, sample_rate=facts.sample_rate or 48000)
    file.write(head.encode())
    carrier = NAME_AND_NOTE if options.cues == "items" else NAME_ONLY
    shown = shown_markers(timeline, carrier, options.tags, report)
    in_items = [one for one in shown if options.cues == "items" and (one.cue is not None or one.text.comment)]
    in_markers = [one for one in shown if one not in in_items] if in_items else shown
    for one in in_markers:
        if one.cue is None and all(mark in one.text.name for mark in QUOTES):
            now = one.text.name.replace("`", "'")
            report.note("marker-text-changed", where=one.where, was=one.text.name, now=now)
    for piece in (*_marker_rows(in_markers), *_tracks(in_items), ">\n"):
        file.write(piece.encode("utf-8", "replace"))


def _marker_rows(shown: Iterable[Shown]) -> Iterator[str]:
    counts = {0: 0, REGION: 0}
    for one in shown:
        kind = 0 if one.end is None else REGION
        counts[kind] += 1
        number, name = counts[kind], _quoted(one.text.name)
        place = short_decimal_text(one.start, PLACES)
        yield f"  MARKER {number} {place} {name} {kind} {_colour(one)} 1 R {_guid(one, number)} 0\n"
        if one.end is not None:
            yield f'  MARKER {number} {short_decimal_text(one.end, PLACES)} "" {REGION}\n'


def _tracks(shown: Sequence[Shown]) -> Iterator[str]:
    """Yield a track for each character, in order of their first cue, with an empty item for each cue."""
    for name in dict.fromkeys(one.character for one in shown):
        yield f"  <TRACK\n    NAME {_quoted(name or 'Markers')}\n"
        for one in shown:
            if one.character == name:
                length = SHORTEST if one.end is None else one.end - one.start
                notes = "".join(f"        |{row}\n" for row in one.text.comment.split("\n"))
                place, lasting = short_decimal_text(one.start, PLACES), short_decimal_text(length, PLACES)
                yield (
                    f"    <ITEM\n      POSITION {place}\n      LENGTH {lasting}\n"
                    f"      NAME {_quoted(one.text.name)}\n      <NOTES\n{notes}      >\n    >\n"
                )
        yield "  >\n"


def _quoted(text: str) -> str:
    quote = next((mark for mark in QUOTES if mark not in text), None)
    text = text.replace("\n", " ")
    return f"{quote}{text}{quote}" if quote else "`" + text.replace("`", "'") + "`"


def _colour(one: Shown) -> int:
    kept = one.plain.colour_rgb
    rgb = kept if kept and nearest_colour(kept) == one.colour else COLOURS.get(one.colour or "")
    if rgb is None:
        return 0
    red, green, blue = rgb_bytes(rgb)
    return COLOUR_SET | blue << 16 | green << 8 | red


def _guid(one: Shown, number: int) -> str:
    """Give the id that the marker came with, or one of its own: the same each time it is written."""
    kept = str((one.plain.extra.get("reaper") or {}).get("guid") or "")
    if kept:
        return kept
    seed = one.cue.uid if one.cue else f"{number}\x1f{one.text.name}"
    digest = hashlib.sha256(seed.encode("utf-8", "replace")).hexdigest().upper()
    return f"{{{digest[:8]}-{digest[8:12]}-{digest[12:16]}-{digest[16:20]}-{digest[20:32]}}}"


FORMAT = Format(
    name="reaper_project",
    title="Reaper project",
    suffixes=(".rpp",),
    sniff=sniff,
    purpose=Purpose.CUES,
    reads=(CUE_FEATURES & ~Feature.CUES & ~Feature.CUE_RECORDS)
    | Feature.PICTURE
    | Feature.SOUND
    | Feature.TRACK_NAMES
    | Feature.MEDIA
    | Feature.GAIN
    | Feature.FADES
    | Feature.SPEED
    | Feature.DISABLED
    | Feature.TRACK_STATE
    | Feature.SUBFRAME,
    writes=(CUE_FEATURES & ~Feature.CUE_RECORDS) | Feature.SUBFRAME,
    read_options=TimesReadOptions,
    write_options=ReaperProjectWriteOptions,
    read=read,
    write=write,
    claims_suffixes_in_otio=False,
)
globals().update(FORMAT.otio_functions())
