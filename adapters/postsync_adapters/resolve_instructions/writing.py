"""Writing: what the timeline shall look like, in the clock that its frames count in."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import opentimelineio as otio

from postsync.formats import Options
from postsync.model import timeline_facts
from postsync.report import Report
from postsync_adapters.resolve_instructions.clips import clips_of
from postsync_adapters.resolve_instructions.cues import cues_of

SCHEMA = "postsync.resolve-instructions/1"
PRODUCER = "postsync"


@dataclass(frozen=True)
class InstructionOptions(Options):
    """`media`: a folder for copies of takes that begin on a frame, so that Resolve's scripts can lay them to the sample."""

    media: Path | None = None


def write(timeline: otio.schema.Timeline, file: BinaryIO, report: Report, options: InstructionOptions) -> None:
    """Write the cues and takes of a timeline as instructions."""
    facts = timeline_facts(timeline)
    cues, gone = cues_of(timeline, facts, report)
    document: dict[str, Any] = {
        "schema": SCHEMA,
        "producer": PRODUCER,
        "timeline": {
            "name": timeline.name,
            "frame_rate": facts.rate.name.split()[0],
            "drop_frame": facts.rate.drop,
            "start_timecode": facts.start_timecode,
        },
        "cues": cues,
        "remove": gone,
        "clips": clips_of(timeline, facts, options.media, report),
    }
    file.write((json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace"))
