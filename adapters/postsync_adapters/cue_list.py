"""The cue list of our own, `NAME.cues.json`: every cue record whole, with the clock and the cast.

The document is `postsync.cues/1` (`cueing.sidecar`). It stands beside each output that carries cues, and is the work itself
where there is no timeline.
"""

from __future__ import annotations

import json
from typing import Any, BinaryIO

import opentimelineio as otio

from postsync.cueing import SCHEMA, SUFFIX, cue_document, timeline_from_document
from postsync.errors import FormatError
from postsync.formats import Claim, Feature, Format, Options, Purpose, ReadOptions, Timelines, path_of
from postsync.report import Report


def sniff(head: bytes) -> Claim:
    """Say whether the first bytes are a cue document."""
    return Claim.CERTAIN if f'"{SCHEMA}"'.encode() in head else Claim.NO


def read(file: BinaryIO, report: Report, options: ReadOptions) -> Timelines:
    """Read the cues as a timeline without clips."""
    path = path_of(file)
    try:
        document: Any = json.loads(file.read().decode("utf-8-sig"))
    except ValueError as fault:
        place = f"line {fault.lineno}" if isinstance(fault, json.JSONDecodeError) else None
        raise FormatError(f"not JSON: {fault}", path=path, place=place) from fault
    timeline = timeline_from_document(document)
    timeline.name = timeline.name or options.name or (path.name.removesuffix(SUFFIX) if path else "")
    return [timeline]


def write(timeline: otio.schema.Timeline, file: BinaryIO, report: Report, options: Options) -> None:
    """Write every cue record whole."""
    text = json.dumps(cue_document(timeline), ensure_ascii=False, indent=1)
    file.write(text.encode("utf-8", "backslashreplace"))
    file.write(b"\n")


FORMAT = Format(
    name="cue_list",
    title="Cue list",
    suffixes=(SUFFIX,),
    sniff=sniff,
    reads=Feature.CUES | Feature.CUE_RECORDS | Feature.START_TIMECODE | Feature.DROP_FRAME | Feature.SUBFRAME,
    writes=Feature.CUES | Feature.CUE_RECORDS | Feature.START_TIMECODE | Feature.DROP_FRAME | Feature.SUBFRAME,
    purpose=Purpose.CUES,
    read=read,
    write=write,
)
globals().update(FORMAT.otio_functions())
