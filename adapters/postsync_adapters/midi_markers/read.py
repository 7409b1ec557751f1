"""Reading: the markers of all tracks, each on the frame nearest to its time, and names in whatever encoding they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO, Literal

import opentimelineio as otio

from postsync.formats import ReadOptions, Timelines, decode_text, path_of
from postsync.model import (
    PlainMarker,
    TimelineFacts,
    put_timeline_facts,
    to_otio_marker,
)
from postsync.report import Report
from postsync.timing import nearest_frame, seconds_of_frame
from postsync_adapters.midi_markers.chunks import MetaEvent, meta_events
from postsync_adapters.midi_markers.clock import Clock, own_clocks, stated_facts

SHOWN_AS_MARKERS = (0x06, 0x07)
"""Marker and cue point. Most hosts drop cue points on import, so we write markers and read both."""


@dataclass(frozen=True)
class MidiReadOptions(ReadOptions):
    """`text`: how names are encoded, which no file says: Logic and we write UTF-8, other programs what their system has.

    `auto` takes UTF-8 where all names are that, else what their letters look like.
    """

    text: Literal["auto", "utf8", "shift_jis", "latin1", "cp1252", "mac_roman", "gb18030"] = "auto"


def read(file: BinaryIO, report: Report, options: MidiReadOptions) -> Timelines:
    """Read the markers of all tracks, each on the frame nearest to its time."""
    path = path_of(file)
    data = file.read()
    division, events = meta_events(data, report, path)
    clock, clocks = Clock(division, events), own_clocks(data, division, events)
    offset = next((event.data for event in events if event.kind == 0x54 and len(event.data) >= 5), None)
    facts = stated_facts(offset, division, clock, options.rate, report)
    names = _Names(events, report, options)
    timeline = otio.schema.Timeline(name=_track_name(events, names) or options.name or (path.stem if path else ""))
    put_timeline_facts(timeline, facts)
    for event in events:
        if event.kind in SHOWN_AS_MARKERS:
            timeline.tracks.markers.append(
                _marker(event, names.text(event.data), clocks.get(event.track, clock), facts, report)
            )
    return [timeline]


def _marker(event: MetaEvent, text: str, clock: Clock, facts: TimelineFacts, report: Report) -> otio.schema.Marker:
    seconds = clock.seconds(event.tick)
    placed = seconds_of_frame(nearest_frame(seconds, facts.rate), facts.rate)
    source = f"track {event.track + 1}, tick {event.tick}"
    if placed != seconds:
        moved = placed - seconds
        report.note(
            "time-rounded",
            where=text,
            time=facts.timecode(placed),
            source=source,
            moved_by=moved,
            grid="frame",
            moved=f"{float(abs(moved)) * 1000:.3f} ms",
        )
    return to_otio_marker(PlainMarker(placed, name=text, origin=source), facts.rate.fps)


class _Names:
    """Decodes the names of a file, all in one encoding."""

    def __init__(self, events: list[MetaEvent], report: Report, options: MidiReadOptions) -> None:
        self._encoding = {"utf8": "utf-8", "auto": "utf-8"}.get(options.text, options.text)
        if options.text == "auto":
            names = b"\n".join(event.data for event in events if event.kind in (0x03, *SHOWN_AS_MARKERS))
            self._encoding = decode_text(names, report).encoding if not _is_utf8(names) else "utf-8"

    def text(self, data: bytes) -> str:
        """Give a name; what does not fit shows as `\ufffd`."""
        return data.decode(self._encoding, "replace").replace("\0", "").strip()


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _track_name(events: list[MetaEvent], names: _Names) -> str:
    found = [event.data for event in events if event.kind == 0x03 and event.track == 0]
    return names.text(found[0]) if found else ""
