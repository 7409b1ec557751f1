"""What bare times mean: the frame they were taken from, else the sample, else themselves."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postsync.formats import grain_of, meant_time, rate_of_times, start_of_times
from postsync.report import Report
from postsync.timing import as_rate, seconds_of_frame


@given(st.sampled_from(["23.976", "24", "25", "29.97", "50", "59.94"]), st.integers(0, 10**7), st.booleans())
def test_a_frame_in_milliseconds_rounded_or_cut_is_the_frame_again(name, frame, cut):
    exact = seconds_of_frame(frame, as_rate(name))
    shown = Fraction(int(exact * 1000) if cut else round(exact * 1000), 1000)
    assert meant_time(shown, as_rate(name), Fraction(1, 1000)) == exact


@given(st.sampled_from([44100, 48000, 96000]), st.integers(0, 10**9))
def test_a_sample_in_nine_decimals_and_more_is_the_sample_again(rate, sample):
    exact = Fraction(sample, rate)
    assert meant_time(Fraction(round(exact * 10**12), 10**12), as_rate("24"), Fraction(1, 10**12)) == exact


def test_a_time_on_neither_stays_as_it_was_written():
    assert meant_time(Fraction("0.76"), as_rate("24"), grain_of("76")) == Fraction("0.76")
    assert meant_time(Fraction("0.7601234567"), as_rate("24"), grain_of("7601234567")) == Fraction("0.760123")


@pytest.mark.parametrize("name", ["23.976", "25", "29.97", "50"])
def test_the_rate_is_the_one_on_whose_frames_nearly_all_times_lie(name):
    times = [
        (Fraction(round(seconds_of_frame(n * 37 + 11, as_rate(name)) * 1000), 1000), grain_of("000")) for n in range(40)
    ]
    times[5] = (Fraction("7.123"), grain_of("123"))
    report = Report()
    assert rate_of_times(times, "R1", report).name == name
    assert "lie on its frames" in next(iter(report)).facts["why"]


def test_times_that_tell_nothing_give_24_and_say_so():
    report = Report()
    times = [(Fraction(n * 7919 % 100003, 1000), grain_of("000")) for n in range(200)]
    assert rate_of_times(times, "R1", report).name == "24"
    assert [loss.facts["why"] for loss in report] == ["its times tell none"]


def test_the_start_is_as_told_or_zero_which_is_said():
    report = Report()
    assert start_of_times("01:00:00:00", as_rate("24"), "R1", report) == 86400
    assert start_of_times(None, as_rate("24"), "R1", report) == 0
    assert [loss.code for loss in report] == ["start-guessed"]
