"""OpenTimelineIO's own JSON: the file that keeps everything, and the memory of a work between two cuts.

What we write is plain OTIO with our facts in metadata, so any OTIO program reads it. What others wrote is read as it is,
but that markers on clips and tracks become positions in the programme; a timeline without a start or a rate takes the rate
that its items show.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, BinaryIO

import opentimelineio as otio

from postsync.errors import FormatError, RateError
from postsync.formats import EVERYTHING, Claim, Format, Options, ReadOptions, Timelines, path_of
from postsync.model import TimelineFacts, block, put_timeline_facts, timeline_facts, with_lifted_markers
from postsync.report import Report
from postsync.timing import Rate
from postsync_adapters._otio_json import read_otio_json


def sniff(head: bytes) -> Claim:
    """Say whether the first bytes are OpenTimelineIO JSON."""
    return (
        Claim.MAYBE if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") and b'"OTIO_SCHEMA"' in head else Claim.NO
    )


def read(file: BinaryIO, report: Report, options: ReadOptions) -> Timelines:
    """Read a timeline, or a collection of them."""
    path = path_of(file)
    content = read_otio_json(file, path)
    timelines = _timelines(content)
    if not timelines:
        raise FormatError(path=path, expected="a timeline", found=type(content).__name__)
    for timeline in timelines:
        _put_on_tracks(timeline.tracks, "Video")
    timelines = [with_lifted_markers(timeline) for timeline in timelines]
    for timeline in timelines:
        timeline.name = timeline.name or options.name or (path.stem if path else "")
        _settle_clock(timeline, options.rate, report)
    return timelines


def _timelines(content: Any) -> Timelines:
    if isinstance(content, otio.schema.Timeline):
        return [content]
    if not hasattr(content, "find_children"):
        return []
    found = content.find_children(descended_from_type=otio.schema.Timeline)
    return [timeline.deepcopy() for timeline in found]


def _put_on_tracks(stack: otio.schema.Stack, kind: str) -> None:
    """Give what stands in a stack itself, as OpenTimelineIO allows, a track of its own; stacks in it likewise."""
    for place, child in enumerate(list(stack)):
        track = child
        if not isinstance(child, otio.schema.Track):
            stack.remove(child)
            track = otio.schema.Track(kind=kind, children=[child])
            stack.insert(place, track)
        for item in track:
            if isinstance(item, otio.schema.Stack):
                _put_on_tracks(item, track.kind)


def _settle_clock(timeline: otio.schema.Timeline, rate: Rate | None, report: Report) -> None:
    """Write the clock into our block where another program left it open, saying how it was found."""
    if "rate" in block(timeline):
        return
    stated = timeline.global_start_time is not None
    try:
        facts = timeline_facts(timeline)
    except RateError:
        if rate is None:
            raise
        facts = TimelineFacts(rate, 0)
    if rate is not None and (not stated or rate.fps == facts.rate.fps):
        facts = replace(facts, rate=rate)
    if rate is None and not stated:
        report.note("rate-guessed", where=timeline.name, rate=facts.rate.name, why="from the items on its tracks")
    put_timeline_facts(timeline, facts)


def write(timeline: otio.schema.Timeline, file: BinaryIO, report: Report, options: Options) -> None:
    """Write the timeline with everything that is known of it."""
    file.write(otio.adapters.otio_json.write_to_string(timeline, indent=1).encode())
    file.write(b"\n")


FORMAT = Format(
    name="otio",
    title="OpenTimelineIO",
    suffixes=(".otio",),
    sniff=sniff,
    reads=EVERYTHING,
    writes=EVERYTHING,
    read=read,
    write=write,
    claims_suffixes_in_otio=False,
)
globals().update(FORMAT.otio_functions())
