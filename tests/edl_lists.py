"""Small lists, and what must survive of a timeline that was read from one."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from postsync.model import (
    PlacedClip,
    PlacedTransition,
    placed_tracks,
)
from postsync.report import Report
from postsync_adapters.edl import (
    EdlReadOptions,
    EdlWriteOptions,
    edit_list_of,
    parse_text,
    timeline_of,
)

HEAD = "TITLE: R1\nFCM: NON-DROP FRAME\n"
CUT = "001  A001     V     C        01:00:00:00 01:00:02:00 10:00:00:00 10:00:02:00\n"
DISSOLVE = """001  A001     V     C        01:00:00:00 01:00:02:00 10:00:00:00 10:00:02:00
002  A001     V     C        01:00:02:00 01:00:02:00 10:00:02:00 10:00:02:00
002  B002     V     D    012 02:00:00:00 02:00:01:00 10:00:02:00 10:00:03:00
* FROM CLIP NAME:  one
* TO CLIP NAME:  two
"""


def made(text: str, report: Report | None = None, **options: Any) -> Any:
    return timeline_of(parse_text(text), Report() if report is None else report, EdlReadOptions(**options))


def clips(timeline: Any) -> list[PlacedClip]:
    return [clip for track in placed_tracks(timeline) for clip in track.clips]


def codes(report: Report) -> Counter[str]:
    return Counter(loss.code for loss in report)


def written(timeline: Any, report: Report | None = None, **options: Any) -> str:
    return edit_list_of(timeline, Report() if report is None else report, EdlWriteOptions(**options)).text()


def essence(timeline: Any) -> Counter[Any]:
    """What must survive: every clip and transition with its place, source, speed, name, reel, channels, levels and note."""
    found: Counter[Any] = Counter()
    for track in placed_tracks(timeline):
        channel = track.track.metadata["edl"]["channel"]
        for item in track.items:
            if isinstance(item, PlacedTransition):
                found[channel, item.cut, item.duration] += 1
            else:
                facts = item.facts
                found[
                    channel, item.record_in, item.duration, item.source_start, facts.speed, item.clip.name,
                    item.media.tape, facts.channels, facts.gain_db, facts.gain_points, facts.note,
                ] += 1  # fmt: skip
    return found


def edls(corpus: Path) -> list[Path]:
    return sorted(path for path in corpus.rglob("*") if path.suffix.lower() == ".edl")
