"""A project as a timeline: its markers, the notes of its empty items, and its items of sound and picture as clips."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from typing import BinaryIO

import opentimelineio as otio

from postsync.errors import RateError
from postsync.formats import Timelines, decode_text, meant_time, path_of, rate_of_times, start_of_times
from postsync.model import (
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
    rgb_text,
    to_otio_marker,
)
from postsync.report import Report
from postsync.timing import Rate, as_rate, frame_at, parse_timecode, seconds_of_frame
from postsync_adapters._carried import SHORTEST, TimesReadOptions, exact_number
from postsync_adapters.reaper_project.project import COLOUR_SET, DROP, NTSC, REGION, Block, parse_project

GRAIN = Fraction(1, 10**10)
"""What is lost in the doubles that Reaper writes."""

_PICTURE = ("VIDEO", "VIDEOEFFECT")


def read(file: BinaryIO, report: Report, options: TimesReadOptions) -> Timelines:
    """Read a project: its markers, the notes of its empty items, and its other items as clips."""
    path = path_of(file)
    project = parse_project(decode_text(file.read(), report).text.lstrip("\ufeff").replace("\0", ""), path)
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


def _facts(project: Block, name: str, report: Report, options: TimesReadOptions) -> tuple[TimelineFacts, Fraction]:
    """Give the clock of a project, and how far into its first frame it starts."""
    rate = options.rate or _rate(project)
    if rate is None:
        times = [(exact_number(words[2], "MARKER", f"line {line}"), GRAIN) for line, words in _marker_lines(project)]
        rate = rate_of_times(times, name, report)
    sample_rate = project.number("SAMPLERATE")
    start, late = _start(project, rate, name, report, options)
    known = int(sample_rate) if 0 < sample_rate < 10**6 else None
    return TimelineFacts(rate, start, sample_rate=known, producer="Reaper", format="reaper_project"), late


def _start(project: Block, rate: Rate, name: str, report: Report, options: TimesReadOptions) -> tuple[int, Fraction]:
    """Give the first frame and how far into it the project starts: as told, else as its offset says."""
    if not project.first("PROJOFFS"):
        return start_of_times(options.start, rate, name, report), Fraction(0)
    offset = meant_time(project.number("PROJOFFS"), rate, GRAIN)
    asked = None if options.start is None else parse_timecode(options.start, rate, place="option start")
    start = frame_at(offset, rate) if asked is None else asked
    return start, offset - seconds_of_frame(start, rate)


def _rate(project: Block) -> Rate | None:
    words = project.first("TIMEMODE")
    if len(words) < 6 or not words[4].isdigit() or not 0 < int(words[4]) <= 1000:
        return None
    base, kind = Fraction(int(words[4])), int(words[5]) if words[5].isdigit() else 0
    try:
        return as_rate(base * 1000 / 1001 if kind in (DROP, NTSC) else base, drop=kind == DROP)
    except RateError:
        return as_rate(base)


def _marker_lines(project: Block) -> Iterator[tuple[int, list[str]]]:
    return ((line, words) for line, words in project.lines if words[0] == "MARKER" and len(words) > 2)


class _Reader:
    """Reads the markers and items of one project at its clock."""

    def __init__(self, facts: TimelineFacts, late: Fraction, report: Report) -> None:
        self.facts, self.late, self.report = facts, late, report

    def place(self, seconds: Fraction) -> Fraction:
        """Give the time from the timeline's first frame that a position means."""
        return meant_time(seconds + self.late, self.facts.rate, GRAIN)

    def markers(self, project: Block) -> Iterator[PlainMarker]:
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

    def notes(self, track: Block) -> Iterator[PlainMarker]:
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

    def tracks(self, track: Block) -> Iterator[otio.schema.Track]:
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

    def _sources(self, track: Block) -> Iterator[tuple[Block, Block]]:
        for item in track.inside("ITEM"):
            source = next(item.inside("SOURCE"), None)
            while source is not None and not source.first("FILE") and source.blocks:
                source = next(source.inside("SOURCE"), None)
            if source is not None and source.first("FILE") and self._span(item)[1] > self._span(item)[0]:
                yield item, source
            elif source is not None:
                kind = source.words[1] if len(source.words) > 1 else "without a file"
                self.report.note("element-ignored", source=f"line {item.line}", name=f"item {_name(item)} ({kind})")

    def _span(self, item: Block) -> tuple[Fraction, Fraction]:
        start, length = item.number("POSITION"), max(Fraction(0), item.number("LENGTH"))
        return self.place(start), self.place(start + length)

    def _clip(self, item: Block, source: Block, muted: bool) -> otio.schema.Clip:
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
            origin="reaper_project",
        )
        put_clip_facts(clip, facts)
        return clip

    def _fade(self, item: Block, name: str) -> Fade | None:
        length = meant_time(item.number(name, 2), self.facts.rate, GRAIN)
        return Fade(length) if length > 0 else None


def _name(block: Block) -> str:
    words = block.first("NAME")
    return words[1] if len(words) > 1 else ""


def _kind(source: Block) -> str:
    kind = source.words[1] if len(source.words) > 1 else ""
    picture: str = otio.schema.TrackKind.Video
    sound: str = otio.schema.TrackKind.Audio
    return picture if kind in _PICTURE else sound
