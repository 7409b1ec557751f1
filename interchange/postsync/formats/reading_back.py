"""Reading a file back as soon as it is written, to learn what it says of each cue.

What the file's own reader does not find in it is named in the report, field by field, and the snapshot is the base from which
the list is merged when it comes back. So no format needs to know what it loses, and none can forget to say so.
"""

from __future__ import annotations

import dataclasses
import io
from typing import TYPE_CHECKING, Any, BinaryIO

import opentimelineio as otio

from postsync.cueing import Snapshot, note_lost_fields, spot, take_snapshot
from postsync.formats.features import Feature
from postsync.formats.files import digest_of
from postsync.model import Project, timeline_cues, timeline_facts
from postsync.report import Report

if TYPE_CHECKING:
    from postsync.formats.format import Format


def read_back(
    fmt: Format, timeline: otio.schema.Timeline, file: BinaryIO, name: str, report: Report, options: Any = None
) -> Snapshot | None:
    """Give what a file just written says of the cues of a timeline; None where it carries none or cannot be read.

    `options` it was written with are read with too, where the reader has them (the columns of a sheet).
    """
    if fmt.read is None or not fmt.writes & Feature.CUES or not timeline_cues(timeline):
        return None
    if Feature.CUE_RECORDS in fmt.writes:
        return dataclasses.replace(take_snapshot(timeline, timeline, fmt.name, name), digest=digest_of(file))
    file.seek(0)
    returned = _read(fmt, timeline, io.BytesIO(file.read()), options)
    spot(returned, Project(), Report(), all_markers=True, dialect="plain")
    snapshot = dataclasses.replace(take_snapshot(timeline, returned, fmt.name, name), digest=digest_of(file))
    note_lost_fields(snapshot, fmt.title, report, timeline_facts(timeline))
    return snapshot


def _read(fmt: Format, timeline: otio.schema.Timeline, file: BinaryIO, written_with: Any) -> Any:
    """Read a file with its clock given, which it may leave open."""
    facts = timeline_facts(timeline)
    known: dict[str, Any] = {**getattr(written_with, "__dict__", {}), "rate": facts.rate, "start": facts.start_timecode}
    fields = {field.name for field in dataclasses.fields(fmt.read_options)}
    options = fmt.read_options(**{option: value for option, value in known.items() if option in fields})
    assert fmt.read is not None
    found = fmt.read(file, Report(), options)
    # A document that cues were put into may hold other timelines too.
    return next((one for one in found if one.name == timeline.name), found[0])
