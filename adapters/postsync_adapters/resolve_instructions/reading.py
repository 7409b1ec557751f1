"""Reading: the cues of instructions, as markers that carry their record."""

from __future__ import annotations

import json
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, BinaryIO

import opentimelineio as otio

from postsync.errors import FormatError
from postsync.formats import Claim, ReadOptions, Timelines, path_of
from postsync.model import PlainMarker, TimelineFacts, colour_name, put_timeline_facts, to_otio_marker
from postsync.report import Report
from postsync.timing import as_rate, parse_timecode, seconds_of_frame

FAMILY = b"postsync.resolve-instructions/"
SCHEMA = "postsync.resolve-instructions/1"


def sniff(head: bytes) -> Claim:
    """Say whether the first bytes are instructions of ours."""
    return Claim.CERTAIN if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") and FAMILY in head else Claim.NO


def read(file: BinaryIO, report: Report, options: ReadOptions) -> Timelines:
    """Read the timeline that the instructions are for, with its cues and without its clips."""
    document = _document(file)
    about = document.get("timeline")
    if not isinstance(about, Mapping):
        raise FormatError(place="timeline", expected="an object", found=repr(about))
    rate = options.rate or as_rate(str(about.get("frame_rate")), drop=bool(about.get("drop_frame")))
    path = path_of(file)
    name = str(about.get("name") or options.name or (path.stem if path else ""))
    start = parse_timecode(str(about.get("start_timecode")), rate, place="timeline.start_timecode")
    timeline = otio.schema.Timeline(name=name)
    put_timeline_facts(timeline, TimelineFacts(rate, start, producer="postsync", format="resolve_instructions"))
    cues = document.get("cues", [])
    if not isinstance(cues, list):
        raise FormatError(place="cues", expected="a list", found=repr(cues))
    for place, cue in enumerate(cues):
        frame, length = _whole(cue, "frame", place), _whole(cue, "duration", place)
        marker = PlainMarker(
            record_in=seconds_of_frame(frame, rate),
            duration=seconds_of_frame(length, rate) if length > 1 else Fraction(0),
            name=str(cue.get("name") or ""),
            comment=str(cue.get("note") or ""),
            colour=colour_name(str(cue.get("color") or "")),
            custom_data=str(cue.get("custom_data") or "") or None,
            origin=f"cues[{place}]",
        )
        timeline.tracks.markers.append(to_otio_marker(marker, rate.fps))
    return [timeline]


def _document(file: BinaryIO) -> Mapping[str, Any]:
    try:
        found = json.loads(file.read().decode("utf-8-sig"))
    except UnicodeDecodeError as fault:
        raise FormatError("not UTF-8", place=f"byte {fault.start}") from fault
    except json.JSONDecodeError as fault:
        raise FormatError(f"not JSON: {fault.msg}", place=f"line {fault.lineno}") from fault
    schema = found.get("schema") if isinstance(found, Mapping) else None
    if schema != SCHEMA:
        raise FormatError(place="schema", expected=repr(SCHEMA), found=repr(schema), remedy="update postsync")
    result: Mapping[str, Any] = found
    return result


def _whole(cue: Any, name: str, place: int) -> int:
    found = cue.get(name) if isinstance(cue, Mapping) else None
    if isinstance(found, bool) or not isinstance(found, int) or abs(found) > 10**9:
        raise FormatError(place=f"cues[{place}].{name}", expected="a whole number of frames", found=repr(found))
    return found
