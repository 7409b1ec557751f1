"""From an FCPXML document to timelines: one for each project, its clock, its picture, its sound by role, its markers.

A document may hold clips alone, as they are dragged out of a browser. Each becomes a timeline of its own, beginning at its
own first time.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import chain
from math import lcm
from pathlib import Path
from typing import Any, BinaryIO

import opentimelineio as otio

from postsync.errors import FormatError
from postsync.formats import ReadOptions, Timelines, path_of
from postsync.model import (
    PlainMarker,
    TimelineFacts,
    in_one_unit,
    new_timeline,
    put_timeline_facts,
    to_otio_marker,
    with_fields,
    without_searching_for_cycles,
)
from postsync.report import Report
from postsync.timing import Rate, as_rate, nearest_frame, seconds_of_frame
from postsync_adapters.fcpxml.document import (
    Element,
    Resources,
    loose_clips,
    parse,
    producer_of,
    projects,
    rate_of,
    read_resources,
    upper,
)
from postsync_adapters.fcpxml.reading.attributes import CLIPS, first_time, length_of, nested_in
from postsync_adapters.fcpxml.reading.kept import resources_kept
from postsync_adapters.fcpxml.reading.options import FcpxmlReadOptions
from postsync_adapters.fcpxml.reading.scene import Story
from postsync_adapters.fcpxml.reading.tracks import Layout, picture_tracks, sound_tracks
from postsync_adapters.fcpxml.reading.walk import walk_clip, walk_sequence
from postsync_adapters.fcpxml.time import FLICKS, ZERO, nearest_flick, seconds

SAMPLE_RATES = {
    "32k": 32000,
    "44.1k": 44100,
    "48k": 48000,
    "88.2k": 88200,
    "96k": 96000,
    "176.4k": 176400,
    "192k": 192000,
}
"""The values of a sequence's `audioRate`."""

LAST_RESORT = Fraction(24)


def bundle(folder: Path) -> Path | None:
    """Give the document inside a bundle folder; None where the folder is none."""
    info = folder / "Info.fcpxml"
    if info.is_file():
        return info
    documents = sorted(one for one in folder.glob("*.fcpxml") if one.is_file() and not one.name.startswith("."))
    return documents[0] if len(documents) == 1 else None


def opened_root(file: BinaryIO | Path) -> Element:
    """Parse an open document, or the one in a bundle folder. Raises FormatError where there is none or it is broken."""
    if not isinstance(file, Path):
        return parse(file, path_of(file))
    inner = bundle(file)
    if inner is None:
        raise FormatError(path=file, expected="Info.fcpxml or one other .fcpxml in the folder", found="neither")
    with inner.open("rb") as opened:
        return parse(opened, inner)


@without_searching_for_cycles()
def read(file: BinaryIO | Path, report: Report, options: ReadOptions) -> Timelines:
    """Read every project of a document or bundle; where there is none, or on demand, its clips."""
    root = opened_root(file)
    asked = options if isinstance(options, FcpxmlReadOptions) else FcpxmlReadOptions(options.rate, options.name)
    reader = _Reader(read_resources(root, report), report, asked, root.get("version") or "")
    timelines = [reader.project(project, sequence) for project, sequence in projects(root)]
    clips = list(loose_clips(root))
    if asked.clips or not timelines:
        timelines += [found for clip in clips if (found := reader.clip(clip)) is not None]
    elif clips:
        report.note("clips-beside-projects", count=len(clips), name=clips[0].get("name") or clips[0].tag)
    if not timelines:
        remedy = "export a project from Final Cut, or clips of an event"
        raise FormatError("the document holds no project and no clip", path=path_of(file), remedy=remedy)
    for project in upper(root, "project"):
        if project.find("sequence") is None and not any(child.tag in CLIPS for child in project):
            report.note("timeline-left-out", source=f"line {project.sourceline}", name=project.get("name") or "")
    return timelines


class _Reader:
    """One document being read: its resources, the report and what was asked for."""

    def __init__(self, resources: Resources, report: Report, options: FcpxmlReadOptions, version: str) -> None:
        self.resources = resources
        self.report = report
        self.options = options
        self.version = version

    def project(self, project: Element, sequence: Element) -> otio.schema.Timeline:
        """Read one project."""
        name = project.get("name") or self.options.name or ""
        rate = _rate(sequence, self.resources, self.report, self.options, name)
        start = seconds(sequence.get("tcStart") or "0s") or ZERO
        sample_rate = SAMPLE_RATES.get(sequence.get("audioRate") or "")
        story = walk_sequence(sequence, self.resources, self.report, f"project {name!r}", rate.fps, start)
        kept = {**resources_kept(self.resources), **_event_of(project)}
        return self._timeline(name, rate, start, sample_rate, producer_of(project), story, kept)

    def clip(self, clip: Element) -> otio.schema.Timeline | None:
        """Read one clip that stands in no sequence; None, noted, for one without length."""
        playing = next((child for child in clip if child.tag in CLIPS), clip) if clip.tag == "audition" else clip
        name = playing.get("name") or self.options.name or ""
        if length_of(playing, self.resources, f"clip {name!r}") <= 0:
            self.report.note("timeline-left-out", source=f"{clip.tag} (line {clip.sourceline})", name=name)
            return None
        shape, sequence = self._shape(playing)
        rate = _rate(shape, self.resources, self.report, self.options, name)
        stated = seconds(playing.get("start") or "")
        start = first_time(playing, self.resources) if stated is None else stated
        sample_rate = SAMPLE_RATES.get("" if sequence is None else sequence.get("audioRate") or "")
        story = walk_clip(clip, self.resources, self.report, f"clip {name!r}", rate.fps, start)
        return self._timeline(name, rate, start, sample_rate, None, story, {})

    def _shape(self, clip: Element) -> tuple[Element, Element | None]:
        """Give what states the format of a loose clip: itself, its nested sequence, or its asset."""
        nested = nested_in(clip, self.resources) if clip.tag in ("ref-clip", "mc-clip") else None
        if clip.get("format") is not None:
            return clip, nested
        if nested is not None:
            return nested, nested
        refs = (one.get("ref") for one in chain([clip], clip.iter("asset-clip", "video", "audio")))
        assets = (self.resources.assets.get(ref or "") for ref in refs)
        return next((asset for asset in assets if asset is not None and asset.get("format")), clip), None

    def _timeline(
        self,
        name: str,
        rate: Rate,
        start: Fraction,
        sample_rate: int | None,
        producer: str | None,
        story: Story,
        kept: dict[str, Any],
    ) -> otio.schema.Timeline:
        frame = _start_frame(start, rate, self.report, name)
        timeline = new_timeline(name, {"fcpxml": {"version": self.version, **kept}})
        put_timeline_facts(timeline, TimelineFacts(rate, frame, sample_rate, producer, "fcpxml"))
        preferred: list[Fraction | int] = [rate.fps] if sample_rate is None else [rate.fps, sample_rate]
        layout = Layout(preferred, self.report, self.options)
        timeline.tracks.extend([*picture_tracks(story, layout), *sound_tracks(story, layout)])
        timeline.tracks.markers.extend(_markers(story, rate))
        return timeline


def _event_of(project: Element) -> dict[str, str]:
    """Give the event that a project stands in; the mark by which Resolve's own documents are known is not kept."""
    event = project.getparent()
    name = event.get("name") if event is not None and event.tag == "event" else None
    return {"event": name} if name and not name.endswith("(Resolve)") else {}


def _markers(story: Story, rate: Rate) -> Iterator[otio.schema.Marker]:
    markers = list(story.markers.values())
    times = in_one_unit([marker.record_in for marker in markers])
    for place in sorted(range(len(markers)), key=times.__getitem__):
        yield _marker(markers[place], rate)


def _marker(marker: PlainMarker, rate: Rate) -> otio.schema.Marker:
    begin, length = marker.record_in, marker.duration
    if lcm(begin.denominator, length.denominator) > FLICKS * 1001:
        end = nearest_flick(begin + length)
        begin = nearest_flick(begin)
        marker = with_fields(marker, record_in=begin, duration=end - begin)
    far = abs(begin.numerator) * rate.fps.numerator > 2**53 * begin.denominator
    return to_otio_marker(marker, None if far else rate.fps)


def _rate(sequence: Element, resources: Resources, report: Report, options: FcpxmlReadOptions, name: str) -> Rate:
    drop = sequence.get("tcFormat") == "DF"
    ref = sequence.get("format")
    speed = resources.speed_of_format(ref)
    if speed is not None:
        return rate_of(as_rate(speed).fps, drop)
    if ref not in resources.formats:
        resources.note_broken("format", ref, f"timeline {name!r}")
    if options.rate is not None:
        return rate_of(options.rate.fps, drop or options.rate.drop)
    other = resources.any_speed()
    guess = rate_of(other or LAST_RESORT, drop)
    why = "the first other format of the document" if other else "no format of the document has one"
    report.note("rate-guessed", where=name, rate=guess.name, why=why)
    return guess


def _start_frame(start: Fraction, rate: Rate, report: Report, name: str) -> int:
    frame = nearest_frame(start, rate)
    moved = seconds_of_frame(frame, rate) - start
    if moved:
        report.note("start-guessed", where=name, moved_by=moved, start=frame, why="it does not lie on a frame")
    return frame
