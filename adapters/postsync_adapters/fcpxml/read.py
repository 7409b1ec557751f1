"""From an FCPXML document to timelines: one for each project, its clock, its picture, its sound by role, its markers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import accumulate
from math import lcm
from pathlib import Path
from typing import Any, BinaryIO

import opentimelineio as otio

from postsync.errors import FormatError
from postsync.formats import ReadOptions, Timelines, path_of
from postsync.model import (
    ClipFacts,
    Laid,
    PlainMarker,
    TimelineFacts,
    lay_without_overlaps,
    put_clip_facts,
    put_timeline_facts,
    to_otio_marker,
)
from postsync.report import Report
from postsync.timing import (
    Rate,
    as_rate,
    common_rate,
    from_rational_time,
    nearest_frame,
    seconds_of_frame,
    to_rational_time,
)
from postsync_adapters.fcpxml.document import (
    Element,
    Resources,
    metadata,
    note_text,
    parse,
    producer_of,
    projects,
    rate_of,
    read_resources,
)
from postsync_adapters.fcpxml.scene import Dissolve, Picture, Story
from postsync_adapters.fcpxml.sound import lay_by_role, lay_track, media_reference
from postsync_adapters.fcpxml.story import walk_sequence
from postsync_adapters.fcpxml.time import FLICKS, nearest_flick, seconds

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
    documents = sorted(one for one in folder.glob("*.fcpxml") if one.is_file())
    return documents[0] if len(documents) == 1 else None


def read(file: BinaryIO | Path, report: Report, options: ReadOptions) -> Timelines:
    """Read every project of a document or bundle."""
    path = path_of(file)
    if isinstance(file, Path):
        inner = bundle(file)
        if inner is None:
            raise FormatError(path=file, expected="Info.fcpxml or one other .fcpxml in the folder", found="neither")
        with inner.open("rb") as opened:
            root = parse(opened, inner)
    else:
        root = parse(file, path)
    resources = read_resources(root, report)
    timelines = [_timeline(project, sequence, resources, report, options) for project, sequence in projects(root)]
    if not timelines:
        remedy = "export the project itself from Final Cut, not its clips or event"
        raise FormatError("the document holds no project", path=path, remedy=remedy)
    for project in root.iter("project"):
        if project.find("sequence") is None:
            report.note("timeline-left-out", source=f"line {project.sourceline}", name=project.get("name") or "")
    return timelines


def _timeline(
    project: Element, sequence: Element, resources: Resources, report: Report, options: ReadOptions
) -> otio.schema.Timeline:
    name = project.get("name") or options.name or ""
    rate = _rate(sequence, resources, report, options, name)
    start = seconds(sequence.get("tcStart") or "0s") or Fraction(0)
    facts = TimelineFacts(
        rate,
        _start_frame(start, rate, report, name),
        SAMPLE_RATES.get(sequence.get("audioRate") or ""),
        producer_of(project),
        "fcpxml",
    )
    story = walk_sequence(sequence, resources, report, f"project {name!r}", rate.fps, start)
    timeline = otio.schema.Timeline(name=name)
    put_timeline_facts(timeline, facts)
    preferred: list[Fraction | int] = [rate.fps] if facts.sample_rate is None else [rate.fps, facts.sample_rate]
    timeline.tracks.extend(_picture_tracks(story, start, preferred, report))
    components = [replace(one, record_in=one.record_in - start) for one in story.components]
    timeline.tracks.extend(lay_by_role(components, preferred, report))
    markers = sorted(story.markers.values(), key=lambda one: one.record_in)
    timeline.tracks.markers.extend(_marker(one, start, rate) for one in markers)
    return timeline


def _marker(marker: PlainMarker, start: Fraction, rate: Rate) -> otio.schema.Marker:
    begin, end = marker.record_in - start, marker.record_in - start + marker.duration
    if lcm(begin.denominator, end.denominator) > FLICKS * 1001:
        begin, end = nearest_flick(begin), nearest_flick(end)
    far = abs(begin) * rate.fps.numerator > 2**53
    return to_otio_marker(replace(marker, record_in=begin, duration=end - begin), None if far else rate.fps)


def _rate(sequence: Element, resources: Resources, report: Report, options: ReadOptions, name: str) -> Rate:
    drop = sequence.get("tcFormat") == "DF"
    ref = sequence.get("format")
    speed = resources.speed_of_format(ref)
    if speed is not None:
        return rate_of(as_rate(speed).fps, drop)
    if ref not in resources.formats:
        resources.note_broken("format", ref, f"project {name!r}")
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


# ---------------------------------------------------------------------------------------------------------- picture


def _picture_tracks(
    story: Story, start: Fraction, preferred: Sequence[Fraction | int], report: Report
) -> list[otio.schema.Track]:
    """Lay the primary storyline on V1 and each lane above it on further tracks, lanes below it on the last."""
    ranks: dict[int, list[Picture]] = {0: []}
    for picture in story.pictures:
        ranks.setdefault(picture.host.rank, []).append(picture)
    tracks: list[otio.schema.Track] = []
    for rank in sorted(ranks, key=lambda one: (one < 0, abs(one))):
        pictures = ranks[rank]
        layers = lay_without_overlaps([picture.span for picture in pictures])
        for layer in range(max(layers, default=0) + 1):
            laid = [_laid(picture, start) for picture, chosen in zip(pictures, layers, strict=True) if chosen == layer]
            tracks.append(lay_track(f"V{len(tracks) + 1}", "Video", laid, preferred, report))
            if layer == 0:
                dissolves = [one for one in story.dissolves if one.rank == rank]
                _put_dissolves(tracks[-1], dissolves, start, preferred, report)
    return tracks if story.pictures else []


def _put_dissolves(
    track: otio.schema.Track,
    dissolves: Sequence[Dissolve],
    start: Fraction,
    preferred: Sequence[Fraction | int],
    report: Report,
) -> None:
    """Put each transition on the cut that it covers. What it does to the sound is noted: clips there just meet."""
    cuts = list(accumulate((from_rational_time(item.duration()) for item in track), initial=Fraction(0)))
    placed: list[tuple[int, otio.schema.Transition]] = []
    for dissolve in dissolves:
        begin, end = nearest_flick(dissolve.span[0] - start), nearest_flick(dissolve.span[1] - start)
        found = next((index for index, cut in enumerate(cuts) if begin <= cut <= end), None)
        free = found is not None and all(found != index for index, _ in placed)
        if found is None or not free or dissolve.sounds:
            where = "sound" if found is not None and free else track.name
            report.note("transition-not-carried", where=where, source=dissolve.path, name=dissolve.name)
        if found is not None and free:
            before, after = max(Fraction(0), cuts[found] - begin), max(Fraction(0), end - cuts[found])
            grid = common_rate([before, after], preferred)
            transition = otio.schema.Transition(
                name=dissolve.name,
                transition_type="SMPTE_Dissolve",
                in_offset=to_rational_time(before, grid),
                out_offset=to_rational_time(after, grid),
            )
            placed.append((found, transition))
    for index, transition in sorted(placed, key=lambda pair: -pair[0]):
        track.insert(index, transition)


def _laid(picture: Picture, start: Fraction) -> Laid:
    host = picture.host
    clip = otio.schema.Clip(name=host.name, media_reference=_picture_media(picture))
    clip.enabled = host.enabled
    role = host.element.get("videoRole") or host.element.get("role")
    facts = ClipFacts(
        role=role,
        lane=host.lane,
        speed=picture.playing.speed,
        retime=picture.playing.retime,
        note=note_text(host.element),
        origin=host.path,
        extra=dict(metadata(host.element)),
    )
    put_clip_facts(clip, facts)
    return Laid(clip, picture.span[0] - start, picture.span[1] - picture.span[0], picture.playing.source_start)


def _picture_media(picture: Picture) -> Any:
    host = picture.host
    if host.tag == "title" or (host.tag == "video" and picture.asset is None):
        parameters = {"text": picture.text} if picture.text else {}
        return otio.schema.GeneratorReference(name=host.name, generator_kind=host.tag, parameters=parameters)
    return media_reference(picture.asset, host.name)
