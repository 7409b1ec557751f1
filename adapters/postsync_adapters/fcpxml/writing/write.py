"""A new document of any timeline: resources, one project, its storylines, markers and captions.

Valid against Apple's DTD of its version; what the format has no place for is in the report.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import opentimelineio as otio

from postsync.model import (
    PlacedTrack,
    TimelineFacts,
    nest_names,
    placed_tracks,
    plain,
    timeline_duration,
    timeline_facts,
    timeline_markers,
)
from postsync.report import Report
from postsync.timing import seconds_of_frame
from postsync.wording import counted
from postsync_adapters._xml import picture_size
from postsync_adapters.fcpxml.document import Element
from postsync_adapters.fcpxml.reading.documents import SAMPLE_RATES
from postsync_adapters.fcpxml.writing.channels import one_file_a_clip, without_overlaps
from postsync_adapters.fcpxml.writing.clips import ClipMaker
from postsync_adapters.fcpxml.writing.elements import clean, make, serialised, with_children
from postsync_adapters.fcpxml.writing.marking import Marking
from postsync_adapters.fcpxml.writing.options import HABITS, USUAL_VERSION, VERSIONS, FcpxmlWriteOptions
from postsync_adapters.fcpxml.writing.programme import Programme
from postsync_adapters.fcpxml.writing.resources import Resources
from postsync_adapters.fcpxml.writing.returning import Returning
from postsync_adapters.fcpxml.writing.roles import comes_back_as, role_of
from postsync_adapters.fcpxml.writing.times import Times

SEQUENCE_RATES = {number: name for name, number in SAMPLE_RATES.items()}
"""The sample rates that a sequence can have, as it spells them."""


def serialised_document(timeline: otio.schema.Timeline, report: Report, options: FcpxmlWriteOptions) -> bytes:
    """Give a new document of a timeline."""
    return serialised(document(timeline, report, options))


def document(timeline: otio.schema.Timeline, report: Report, options: FcpxmlWriteOptions) -> Element:
    """Make the root element of a new document."""
    facts, habits = timeline_facts(timeline), HABITS[options.profile]
    stated = options.version or _version_for(timeline, options)
    version = version_of(stated)
    times = Times(facts.rate, habits.reduced)
    resources = Resources(times, report, picture_size(options.size), media_reps=version >= (1, 9))
    sequence_format = resources.format(facts.rate)
    returning = returning_of(timeline, resources, report, version)
    maker = ClipMaker(resources, times, habits, version, report, returning)
    programme = Programme(maker, seconds_of_frame(facts.start_frame, facts.rate), report)
    tracks = placed_tracks(timeline)
    for track in tracks:
        for nest in nest_names(track.track):
            report.note("nest-opened", where=track.name, name=nest)
    pictures = [track for track in tracks if track.kind == "video"]
    sounds = one_file_a_clip([track for track in tracks if track.kind == "audio"], report)
    _note_tracks(pictures, sounds, report)
    programme.lay(without_overlaps(pictures), without_overlaps(sounds), _end(timeline))
    Marking(programme, facts, options.tags, report).put(timeline)
    returning.note_lost()
    sequence = _sequence(facts, sequence_format, programme, times)
    name = clean(timeline.name, "project", report) or "Timeline"
    project = with_children(make("project", name=name), with_children(sequence, programme.finish()))
    event = clean(str(kept_about(timeline).get("event") or ""), "event", report) or name
    library = with_children(make("library"), with_children(make("event", name=event), project))
    root = with_children(make("fcpxml", version=stated), with_children(make("resources"), *resources.elements()))
    times.note_moved(timeline.name, report)
    return with_children(root, library)


def returning_of(timeline: Any, resources: Resources, report: Report, version: tuple[int, int]) -> Returning:
    """Find what the timeline kept of the document that it was read from."""
    about = kept_about(timeline)
    source = version_of(about["version"]) if about.get("version") else None
    return Returning(resources, report, source, version, about.get("effects", {}))


def _version_for(timeline: Any, options: FcpxmlWriteOptions) -> str:
    """Give the version to write where none is asked for."""
    read = str(kept_about(timeline).get("version") or "")
    return read if options.profile == "final-cut" and read in VERSIONS else USUAL_VERSION


def kept_about(timeline: Any) -> dict[str, Any]:
    """Give what a timeline keeps of the document that it was read from."""
    found = timeline.metadata.get("fcpxml") if len(timeline.metadata) else None
    return {} if found is None else plain(found)


def version_of(text: str) -> tuple[int, int]:
    """Give a version as numbers that can be compared: 1.10 is after 1.9.

    >>> version_of("1.10") > version_of("1.9")
    True
    """
    major, _, minor = text.partition(".")
    return (int(major), int(minor or 0)) if major.isdecimal() and (minor or "0").isdecimal() else (0, 0)


def _sequence(facts: TimelineFacts, form: str, programme: Programme, times: Times) -> Element:
    return make(
        "sequence",
        format=form,
        duration=times.text(programme.duration),
        tcStart=times.text(programme.first),
        tcFormat="DF" if facts.rate.drop else "NDF",
        audioLayout="stereo",
        audioRate=SEQUENCE_RATES.get(facts.sample_rate or 48000),
    )


def _end(timeline: otio.schema.Timeline) -> Fraction:
    """Give the end of the programme: of the longest track, and behind the last marker that is to be seen."""
    ends = [plain.record_in + plain.duration for _, plain in timeline_markers(timeline) if plain.visible]
    frame = 1 / timeline_facts(timeline).rate.fps
    return max([timeline_duration(timeline), *(end + frame for end in ends)])


def _note_tracks(pictures: list[PlacedTrack], sounds: list[PlacedTrack], report: Report) -> None:
    """Say which names of tracks a reader of the document will not find: roles stand for them."""
    lost = [track for number, track in enumerate(pictures, 1) if track.track.name not in ("", f"V{number}")]
    for track in sounds:
        roles = {role_of(placed, track) for placed in track.clips}
        back = len(roles) == 1 and comes_back_as(roles.pop(), track.track.name.rstrip(" 0123456789"))
        back = back or any(comes_back_as(role, track.track.name) for role in roles)
        if track.track.name and not back:
            lost.append(track)
    if lost:
        words = counted(len(lost), "track name")
        report.note("feature-not-carried", feature=words, format="FCPXML", count=len(lost))
