"""Timing keeps its word: labels, rates, samples, feet, and the edges to other people's objects."""

from __future__ import annotations

from fractions import Fraction

import opentimelineio as otio
import pytest
from hypothesis import given
from hypothesis import strategies as st
from timecode import Timecode

from postsync import timing
from postsync.errors import FormatError, RateError
from postsync.timing import Rate, as_rate

DAY_VECTORS = [
    # rate, frames per day, first label after a minute, its frame, ten minutes, one hour, last label
    ("23.976", 2073600, "00:01:00:00", 1440, 14400, 86400, "23:59:59:23"),
    ("24", 2073600, "00:01:00:00", 1440, 14400, 86400, "23:59:59:23"),
    ("25", 2160000, "00:01:00:00", 1500, 15000, 90000, "23:59:59:24"),
    ("29.97", 2592000, "00:01:00:00", 1800, 18000, 108000, "23:59:59:29"),
    ("29.97 DF", 2589408, "00:01:00;02", 1800, 17982, 107892, "23:59:59;29"),
    ("30", 2592000, "00:01:00:00", 1800, 18000, 108000, "23:59:59:29"),
    ("30 DF", 2589408, "00:01:00;02", 1800, 17982, 107892, "23:59:59;29"),
    ("47.952", 4147200, "00:01:00:00", 2880, 28800, 172800, "23:59:59:47"),
    ("48", 4147200, "00:01:00:00", 2880, 28800, 172800, "23:59:59:47"),
    ("50", 4320000, "00:01:00:00", 3000, 30000, 180000, "23:59:59:49"),
    ("59.94", 5184000, "00:01:00:00", 3600, 36000, 216000, "23:59:59:59"),
    ("59.94 DF", 5178816, "00:01:00;04", 3600, 35964, 215784, "23:59:59;59"),
    ("60", 5184000, "00:01:00:00", 3600, 36000, 216000, "23:59:59:59"),
    ("60 DF", 5178816, "00:01:00;04", 3600, 35964, 215784, "23:59:59;59"),
    ("95.904", 8294400, "00:01:00:00", 5760, 57600, 345600, "23:59:59:95"),
    ("96", 8294400, "00:01:00:00", 5760, 57600, 345600, "23:59:59:95"),
    ("100", 8640000, "00:01:00:00", 6000, 60000, 360000, "23:59:59:99"),
    ("119.88", 10368000, "00:01:00:000", 7200, 72000, 432000, "23:59:59:119"),
    ("119.88 DF", 10357632, "00:01:00;008", 7200, 71928, 431568, "23:59:59;119"),
    ("120", 10368000, "00:01:00:000", 7200, 72000, 432000, "23:59:59:119"),
    ("120 DF", 10357632, "00:01:00;008", 7200, 71928, 431568, "23:59:59;119"),
]

SAMPLE_VECTORS = [
    ("23.976", 1, Fraction(1001, 24000), 2002),
    ("23.976", 86400, Fraction(18018, 5), 172972800),
    ("24", 1, Fraction(1, 24), 2000),
    ("24", 86400, Fraction(3600), 172800000),
    ("25", 1, Fraction(1, 25), 1920),
    ("29.97", 1, Fraction(1001, 30000), 1602),
    ("29.97", 2, Fraction(1001, 15000), 3203),
    ("29.97", 5, Fraction(1001, 6000), 8008),
    ("29.97", 108000, Fraction(18018, 5), 172972800),
    ("29.97 DF", 107892, Fraction(8999991, 2500), 172799827),
    ("30 DF", 107892, Fraction(17982, 5), 172627200),
    ("47.952", 1, Fraction(1001, 48000), 1001),
    ("50", 1, Fraction(1, 50), 960),
    ("59.94", 1, Fraction(1001, 60000), 801),
    ("59.94", 5, Fraction(1001, 12000), 4004),
    ("95.904", 1, Fraction(1001, 96000), 501),
    ("100", 1, Fraction(1, 100), 480),
    ("119.88", 1, Fraction(1001, 120000), 400),
    ("120", 1, Fraction(1, 120), 400),
]

FEET_VECTORS = [
    (15, "0+15", "0+45", "0+15", "0+15"),
    (16, "1+00", "0+48", "0+16", "0+16"),
    (21, "1+05", "0+63", "0+21", "0+21"),
    (22, "1+06", "1+02", "0+22", "0+22"),
    (64, "4+00", "3+00", "2+00", "1+24"),
    (1439, "89+15", "67+29", "44+31", "35+39"),
    (86400, "5400+00", "4050+00", "2700+00", "2160+00"),
]

rates = st.sampled_from(timing.RATES)


@pytest.mark.parametrize(("name", "day", "minute", "frame", "ten", "hour", "last"), DAY_VECTORS)
def test_labels_of_a_day_are_those_of_smpte(name, day, minute, frame, ten, hour, last):
    rate = as_rate(name)
    mark = ";" if rate.drop else ":"
    zero = "000" if rate.nominal > 100 else "00"
    assert rate.frames_per_day == day
    assert timing.parse_timecode(minute, rate) == frame
    assert timing.format_timecode(frame, rate) == minute
    assert timing.parse_timecode(f"00:10:00{mark}{zero}", rate) == ten
    assert timing.parse_timecode(f"01:00:00{mark}{zero}", rate) == hour
    assert timing.parse_timecode(f"10:00:00{mark}{zero}", rate) == hour * 10
    assert timing.parse_timecode(last, rate) == day - 1
    assert timing.format_timecode(day - 1, rate) == last


def test_the_rate_of_cubase_between_24_and_25_is_exact():
    assert [as_rate(text).text for text in ("24.975", "24.98")] == ["25000/1001", "25000/1001"]


@pytest.mark.parametrize("text", ["17", "29.81", "26 fps", "1000"])
def test_a_rate_that_no_application_has_may_stand_in_a_file_and_is_not_asked_for(text):
    assert timing.parse_rate(text).fps > 0
    with pytest.raises(RateError, match=r"no application counts at this frame rate, expected .*23\.976, 24,"):
        timing.rate_asked(text)


@pytest.mark.parametrize("rate", timing.RATES, ids=lambda rate: rate.name)
def test_every_known_rate_can_be_asked_for_by_its_name(rate):
    assert timing.rate_asked(rate.name) == rate


def test_drop_labels_around_the_tenth_minute():
    rate = as_rate("29.97 DF")
    labels = {"00:09:59;29": 17981, "00:10:00;00": 17982, "00:10:00;01": 17983, "00:11:00;02": 19782}
    assert {label: timing.parse_timecode(label, rate) for label in labels} == labels


@pytest.mark.parametrize(("name", "frame", "seconds", "samples"), SAMPLE_VECTORS)
def test_seconds_and_samples_of_a_frame(name, frame, seconds, samples):
    assert timing.seconds_of_frame(frame, as_rate(name)) == seconds
    assert timing.samples_of_frame(frame, as_rate(name), 48000) == samples


@pytest.mark.parametrize("name", ["24", "25", "30", "29.97 DF", "59.94 DF", "119.88 DF"])
def test_labels_run_without_gap_or_repeat_across_ten_minutes(name):
    rate = as_rate(name)
    labels = [timing.format_timecode(frame, rate) for frame in range(600 * rate.nominal)]
    assert labels == sorted(set(labels))
    assert [timing.parse_timecode(label, rate) for label in labels] == list(range(len(labels)))


@given(rates, st.integers(-(10**7), 10**7))
def test_a_frame_survives_its_label(rate, frame):
    assert timing.parse_timecode(timing.format_timecode(frame, rate, wrap=False), rate) == frame


@given(rates, st.integers(0, 10**7))
def test_a_frame_a_day_later_has_the_same_label(rate, frame):
    assert timing.format_timecode(frame + rate.frames_per_day, rate) == timing.format_timecode(frame, rate)


@given(rates, st.integers(0, 10**7), st.sampled_from([44100, 48000, 96000]))
def test_a_frame_survives_its_sample_by_the_nearest(rate, frame, sample_rate):
    sample = timing.samples_of_frame(frame, rate, sample_rate)
    assert timing.nearest_frame(Fraction(sample, sample_rate), rate) == frame


@given(rates, st.integers(1, 10**6))
def test_a_negative_frame_reads_with_a_minus(rate, frame):
    assert timing.format_timecode(-frame, rate, wrap=False) == "-" + timing.format_timecode(frame, rate, wrap=False)


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("00:00:00:24", "24"),
        ("00:60:00:00", "24"),
        ("00:00:60:00", "24"),
        ("00:01:00;00", "29.97 DF"),
        ("00:01:00;01", "29.97 DF"),
        ("00:01:00;03", "59.94 DF"),
        ("1:2:3", "24"),
        ("", "24"),
        ("01:00:00.500s", "24"),
    ],
)
def test_labels_that_do_not_exist_are_refused_with_their_text(text, rate):
    with pytest.raises(FormatError) as caught:
        timing.parse_timecode(text, as_rate(rate), path="list.edl", place=7)
    assert str(caught.value).startswith("list.edl:7: ")
    assert repr(text) in str(caught.value)


def test_a_dropped_label_is_repaired_to_the_next_legal_one():
    rate = as_rate("29.97 DF")
    assert timing.repair_timecode("00:01:00;00", rate) == timing.parse_timecode("00:01:00;02", rate)
    assert timing.repair_timecode("00:00:00:31", as_rate("30")) == 30
    assert timing.repair_timecode("nonsense", rate) is None


@pytest.mark.parametrize(
    ("spelling", "text", "drop"),
    [
        ("23.976", "24000/1001", False),
        ("23.98", "24000/1001", False),
        ("23.97", "24000/1001", False),
        ("23976/1000", "24000/1001", False),
        ("1000/23976", "24000/1001", False),
        ("24000/1001", "24000/1001", False),
        ("24000,1001", "24000/1001", False),
        ("2997/100", "30000/1001", False),
        ("11988/100", "120000/1001", False),
        ("1001/24000s", "24000/1001", False),
        ("100/2400s", "24/1", False),
        ("15015/360000s", "24000/1001", False),
        ("47.95", "48000/1001", False),
        ("95.9", "96000/1001", False),
        ("29.97 DF", "30000/1001", True),
        ("29.97d", "30000/1001", True),
        ("29.97 Drop", "30000/1001", True),
        ("29.97NDF", "30000/1001", False),
        ("59.94 drop frame", "60000/1001", True),
        ("25 fps", "25/1", False),
        ("465000/15599", "465000/15599", False),
        (29.97, "30000/1001", False),
        (24.0, "24/1", False),
    ],
)
def test_rates_are_read_as_people_and_files_write_them(spelling, text, drop):
    rate = as_rate(spelling)
    assert (rate.text, rate.drop) == (text, drop)


@pytest.mark.parametrize("text", ["", "fast", "24 DF", "0", "-25", "25 apples"])
def test_what_is_no_rate_is_refused(text):
    with pytest.raises(RateError):
        as_rate(text)


@pytest.mark.parametrize(("frame", "four", "three", "two", "sixteen"), FEET_VECTORS)
def test_feet_and_frames_of_each_gauge(frame, four, three, two, sixteen):
    gauges = ("35mm-4perf", "35mm-3perf", "35mm-2perf", "16mm")
    assert tuple(timing.format_feet(frame, gauge) for gauge in gauges) == (four, three, two, sixteen)
    assert {timing.frames_from_feet(timing.format_feet(frame, gauge), gauge) for gauge in gauges} == {frame}


def test_the_named_conversions_keep_what_their_names_say():
    film, ntsc, pal = as_rate("24"), as_rate("23.976"), as_rate("25")
    assert timing.relabel(86400, film, ntsc) == 86400
    assert timing.retime(86400, film, pal) == 90000
    assert timing.retime(86400, ntsc, film) == 86486
    assert timing.same_label(86412, film, pal) == 90012
    assert timing.pull("down") * 48000 == Fraction(48000000, 1001)
    assert timing.pull("down+pal-up") == Fraction(1000, 1001) * Fraction(25, 24)


@given(st.fractions(min_value=-(10**6), max_value=10**6, max_denominator=10**6))
def test_rounding_is_to_the_nearest_with_halves_upward(value):
    rounded = timing.round_half_up(value)
    assert -Fraction(1, 2) < rounded - value <= Fraction(1, 2)


@given(st.integers(-(10**9), 10**9), st.sampled_from([24000, 30000, 48000, 60000, 720000, 25, 24]))
def test_exact_seconds_survive_rational_time(numerator, denominator):
    seconds = Fraction(numerator, denominator)
    grid = timing.common_rate([seconds])
    assert timing.from_rational_time(timing.to_rational_time(seconds, grid)) == seconds


def test_a_common_rate_prefers_the_frame_then_the_sample_rate():
    ntsc = Fraction(24000, 1001)
    frames = [Fraction(1001 * n, 24000) for n in (0, 7, 240)]
    assert timing.common_rate(frames, [ntsc, 48000]) == ntsc
    assert timing.common_rate([*frames, Fraction(1, 48000)], [ntsc, 48000]) == 48000
    assert timing.common_rate([Fraction(1, 7)], [24, 48000]) == 7


def test_float_noise_of_a_file_is_taken_out():
    assert timing.from_rational_time(otio.opentime.RationalTime(20.000000000000004, 24.0)) == Fraction(20, 24)
    assert timing.from_rational_time(otio.opentime.RationalTime(91046.625, 25.0)) == Fraction("91046.625") / 25


class TestTrapsOfTheTimecodeLibrary:
    """Each trap that we work round; an upgrade that mends one is noticed here."""

    def test_its_frames_begin_at_one(self):
        assert Timecode("24", "00:00:00:00").frames == 1
        assert timing.from_timecode_object(Timecode("24", "01:00:00:00")) == 86400

    def test_it_drops_29_97_unless_forced(self):
        assert str(Timecode("29.97", "00:01:00:00")) == "00:00:59;28"

    def test_it_has_no_true_30_drop(self):
        assert not Timecode("30", "00:01:00;02").drop_frame
        with pytest.raises(RateError):
            timing.to_timecode_object(1800, as_rate("30 DF"))

    def test_equal_rates_spelled_apart_do_not_compare(self):
        with pytest.raises(ValueError):
            assert Timecode("23.98", "00:00:01:00") == Timecode("23.976", "00:00:01:00")

    @given(
        st.sampled_from(["23.976", "24", "25", "29.97", "29.97 DF", "30", "50", "59.94", "59.94 DF", "60"]),
        st.integers(0, 2 * 10**6),
    )
    def test_a_frame_survives_its_object(self, name, frame):
        rate = as_rate(name)
        made = timing.to_timecode_object(frame, rate)
        assert timing.from_timecode_object(made) == frame
        assert str(made).replace(";", ":") == timing.format_timecode(frame, rate).replace(";", ":")


def test_a_length_is_read_as_people_type_it():
    assert timing.duration_from_text("4s") == 4
    assert timing.duration_from_text("250ms") == Fraction(1, 4)
    assert timing.duration_from_text("12f", Rate.of(Fraction(24))) == Fraction(1, 2)
    for text in ("", "-4s", "12f", "four"):
        with pytest.raises(FormatError):
            timing.duration_from_text(text)
