"""Read and write lists of many events, beside OpenTimelineIO's official CMX 3600 adapter in the same process.

`python benchmarks/edl_speed.py`, with `--events 10000`. Best of three in CPU seconds: into the list, into a timeline, and a
timeline written (clips alone, and clips with gaps between, made with OpenTimelineIO's own classes), also by the doors of
OTIO that the official adapter is called by. The second table doubles the events four times: time grows as they do.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / part) for part in ("interchange", "adapters")]

import opentimelineio as otio  # noqa: E402
from timed import best  # noqa: E402

from postsync.report import Report  # noqa: E402
from postsync.timing import as_rate, format_timecode  # noqa: E402
from postsync_adapters import plugin_manifest  # noqa: E402
from postsync_adapters.edl import edit_list_of, parse_text, timeline_of  # noqa: E402

RATE = as_rate("24")
Time, Range = otio.opentime.RationalTime, otio.opentime.TimeRange


def a_list(events: int) -> str:
    rows, record = ["TITLE: BIG", "FCM: NON-DROP FRAME", ""], 86400
    for number in range(events):
        length, source = 20 + number % 37, number * 997 % 2_000_000
        times = (source, source + length, record, record + length)
        labels = " ".join(format_timecode(frame, RATE) for frame in times)
        rows.append(f"{number + 1:03}  R{number % 90:03}     V     C        {labels}")
        rows += [f"* FROM CLIP NAME:  SHOT_{number:05}", f"* SOURCE FILE: A{number % 90:03}C{number:04}"]
        record += length
    return "\n".join(rows) + "\n"


def a_timeline(clips: int, gaps: bool) -> Any:
    timeline = otio.schema.Timeline("BIG", global_start_time=Time(86400, 24))
    track = otio.schema.Track("V1")
    for number in range(clips):
        media = otio.schema.ExternalReference(f"file:///media/SHOT_{number:05}.mov", Range(Time(0, 24), Time(9000, 24)))
        used = Range(Time(number % 5000, 24), Time(20 + number % 37, 24))
        track.append(otio.schema.Clip(f"SHOT_{number:05}", media, used))
        if gaps:
            track.append(otio.schema.Gap(source_range=Range(Time(0, 24), Time(5, 24))))
    timeline.tracks.append(track)
    return timeline


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--events", type=int, default=10_000)
    events = asked.parse_args().events
    ours = plugin_manifest()
    otio.plugins.ActiveManifest().adapters.extend(one for one in ours.adapters if one.name == "postsync_edl")
    text = a_list(events)
    print(f"{events} events{'':20}official      ours    ratio")
    peer = best(lambda: otio.adapters.read_from_string(text, "cmx_3600", rate=24), 2)
    _row("read into the list", peer, best(lambda: parse_text(text)))
    _row("read into a timeline", peer, best(lambda: timeline_of(parse_text(text), Report())))
    _row("read by OTIO's door", peer, best(lambda: otio.adapters.read_from_string(text, "postsync_edl")))
    for name, gaps in (("clips", False), ("clips and gaps", True)):
        timeline = a_timeline(events, gaps)
        peer = best(lambda made=timeline: otio.adapters.write_to_string(made, "cmx_3600", rate=24), 1)  # type: ignore[misc]
        _row(f"{name} written", peer, best(lambda made=timeline: edit_list_of(made, Report()).text()))  # type: ignore[misc]
        door = best(lambda made=timeline: otio.adapters.write_to_string(made, "postsync_edl"))  # type: ignore[misc]
        _row(f"{name} by OTIO's door", peer, door)
    print("\nevents      list  timeline   written")
    for count in (events // 4, events // 2, events, events * 2, events * 4):
        text, timeline = a_list(count), a_timeline(count, False)
        read = best(lambda rows=text: parse_text(rows))  # type: ignore[misc]
        laid = best(lambda rows=text: timeline_of(parse_text(rows), Report()))  # type: ignore[misc]
        wrote = best(lambda made=timeline: edit_list_of(made, Report()).text())  # type: ignore[misc]
        print(f"{count:6} {read:9.3f} {laid:9.3f} {wrote:9.3f}")


def _row(name: str, peer: float, own: float) -> None:
    print(f"{name:30} {peer:9.3f} {own:9.3f} {peer / own:7.1f}x")


if __name__ == "__main__":
    main()
