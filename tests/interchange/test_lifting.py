"""Markers that hang on clips and tracks play where the pictures under them play."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import opentimelineio as otio

import postsync
from postsync.model import timeline_markers, with_lifted_markers

Time, Range = otio.opentime.RationalTime, otio.opentime.TimeRange


def span(start: float, length: float = 0) -> Any:
    return Range(Time(start, 24), Time(length, 24))


def clip(name: str, first: int, length: int, *markers: Any) -> Any:
    made = otio.schema.Clip(name, otio.schema.MissingReference(available_range=span(first, 500)), span(first, length))
    made.markers.extend(markers)
    return made


def marker(name: str, at: int, length: int = 0, colour: str = "GREEN") -> Any:
    return otio.schema.Marker(name, span(at, length), colour, {"other": {"id": 7}})


def reel(*items: Any) -> Any:
    timeline = otio.schema.Timeline("R1", global_start_time=Time(86400, 24))
    track = otio.schema.Track("V1")
    track.extend(items)
    timeline.tracks.append(track)
    return timeline


def lifted(timeline: Any) -> list[tuple[str, Fraction, Fraction, bool]]:
    found = timeline_markers(with_lifted_markers(timeline))
    return [(plain.name, plain.record_in * 24, plain.duration * 24, plain.visible) for _, plain in found]


def test_a_marker_of_a_clip_counts_in_the_time_of_its_media() -> None:
    timeline = reel(clip("one", 0, 48), clip("two", 1000, 48, marker("here", 1012, 6)))
    assert lifted(timeline) == [("here", 60, 6, True)]


def test_a_marker_of_a_track_counts_in_the_time_of_the_track() -> None:
    timeline = reel(clip("one", 1000, 48))
    timeline.tracks[0].markers.append(marker("track", 12))
    assert lifted(timeline) == [("track", 12, 0, True)]


def test_a_marker_outside_the_used_part_is_not_visible() -> None:
    assert lifted(reel(clip("one", 100, 48, marker("late", 200)))) == [("late", 100, 0, False)]


def test_a_marker_of_a_fast_clip_comes_sooner() -> None:
    fast = clip("one", 100, 48, marker("here", 124, 12))
    fast.effects.append(otio.schema.LinearTimeWarp(time_scalar=2.0))
    assert lifted(reel(clip("before", 0, 24), fast)) == [("here", 36, 6, True)]


def test_markers_in_a_nested_stack_come_where_it_plays() -> None:
    inner = otio.schema.Track("inner")
    inner.extend([clip("a", 0, 30), clip("b", 500, 30, marker("in b", 505), marker("cut off", 525))])
    stack = otio.schema.Stack("nest", source_range=span(10, 40))
    stack.append(inner)
    assert lifted(reel(clip("before", 0, 24), stack)) == [("in b", 49, 0, True), ("cut off", 69, 0, False)]


def test_the_timeline_itself_is_not_touched_and_what_others_wrote_is_kept() -> None:
    timeline = reel(clip("one", 0, 48, marker("here", 12)))
    copy = with_lifted_markers(timeline)
    assert len(timeline.tracks[0][0].markers) == 1 and not len(timeline.tracks.markers)
    assert copy.tracks.markers[0].metadata["other"]["id"] == 7 and not len(copy.tracks[0][0].markers)
    assert with_lifted_markers(copy) is copy


def test_markers_of_clips_are_read_and_written_like_all_others(tmp_path: Path) -> None:
    timeline = reel(clip("one", 0, 48), clip("two", 1000, 48, marker("R106 ROBIN: Hold there!", 1012)))
    postsync.write(timeline, tmp_path / "r1.edl")
    assert "* LOC: 01:00:02:12 GREEN   R106 ROBIN: Hold there!" in (tmp_path / "r1.edl").read_text()
    otio.adapters.write_to_file(timeline, str(tmp_path / "foreign.otio"), "otio_json")
    (row,) = postsync.verbs.cues(tmp_path / "foreign.otio").rows
    assert row.tc_in == "01:00:02:12"
