"""Frames and timecodes inside Resolve agree with those of the library, at every clock."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postsync.timing import as_rate, format_timecode, parse_timecode
from postsync_resolve.clock import Clock, clock_of, frame_of_label, label_of
from resolve_double.menu import RATES

NAMES = [name for name, *_ in RATES] + ["47.952", "48", "100", "119.88", "119.88 DF", "120"]


@pytest.mark.parametrize("name", NAMES)
@settings(deadline=None)
@given(frame=st.integers(0, 24 * 60 * 60 * 24 - 1))
def test_labels_are_those_of_the_library(name: str, frame: int) -> None:
    rate = as_rate(name)
    label = label_of(frame, rate.nominal, rate.drop)
    assert parse_timecode(label, rate) == frame == frame_of_label(label, rate.nominal, rate.drop)
    assert label.replace(";", ":") == format_timecode(frame, rate).replace(";", ":")


@pytest.mark.parametrize(
    ("label", "nominal", "drop", "frame"),
    [("01:00:00:00", 24, False, 86400), ("01:00:00:00", 25, False, 90000), ("01:00:00:00", 30, False, 108000),
     ("01:00:00;00", 30, True, 107892), ("01:00:00:00", 60, False, 216000), ("01:00:00;00", 60, True, 215784),
     ("00:01:00;02", 30, True, 1800), ("00:01:00;01", 30, True, None), ("00:10:00;01", 30, True, 17983),
     ("00:60:00:00", 24, False, None), ("00:00:60:00", 24, False, None), ("00:00:00:24", 24, False, None),
     ("no label", 24, False, None), ("", 24, False, None)],
)  # fmt: skip
def test_an_hour_has_the_frames_that_resolve_counts(label: str, nominal: int, drop: bool, frame: int | None) -> None:
    assert frame_of_label(label, nominal, drop) == frame


@pytest.mark.parametrize(("name", "rate", "drop", "start"), RATES)
def test_marker_frames_and_clip_frames_differ_by_the_start(name: str, rate: float, drop: bool, start: str) -> None:
    exact = as_rate(name)
    first = parse_timecode(start, exact)
    clock = clock_of(
        {
            "frame_rate": str(rate),
            "drop_frame": drop,
            "start_timecode": start,
            "start_frame": None,
            "end_frame": first + 50,
        }
    )
    assert (clock.absolute(7), clock.relative(first + 7), clock.label(0)) == (first + 7, 7, start)
    assert (clock.fps, clock.length, clock.frame_of(start)) == (exact.fps, 50, 0)


def test_a_timeline_may_go_on_past_midnight() -> None:
    clock = Clock("25", False, 24 * 60 * 60 * 25 - 10, 50)
    assert (clock.label(10), clock.frame_of("00:00:00:00"), clock.frame_of("23:59:59:15")) == ("00:00:00:00", 10, 0)


def test_a_clock_of_a_thousand_and_first_is_exact() -> None:
    assert Clock("23.976", False, 0, 0).fps == Fraction(24000, 1001)


@pytest.mark.parametrize(("frame", "held"), [(-1, False), (0, True), (49, True), (50, False)])
def test_a_marker_must_lie_between_first_and_last_frame(frame: int, held: bool) -> None:
    assert Clock("24", False, 86400, 50).holds(frame) is held
