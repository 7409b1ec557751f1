"""How far a take lies from its guide, how sure that is, and what is said where nothing can be said."""

from __future__ import annotations

import json
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postsync.sound.alignment import Alignment, Limits, align
from postsync.sound.alignment.spectra import at_comparing_rate

RATE = 16_000
SYLLABLES = (0.5, 0.72, 1.0, 1.13, 1.4, 1.62, 1.95, 2.1)
"""Seconds at which syllables of the made line begin."""


def spoken(at: tuple[float, ...], seconds: float, *, seed: int, colour: int = 1) -> np.ndarray:
    """Syllables as bursts, each of its own colour; another seed is another voice, that is other noise of the same colours."""
    sound = np.random.default_rng(seed).standard_normal(int(seconds * RATE)) * 1e-4
    noise = np.random.default_rng(seed + 100)
    shape = np.hanning(int(0.12 * RATE))
    for number, start in enumerate(at):
        spectrum = np.fft.rfft(noise.standard_normal(len(shape)))
        hertz = np.fft.rfftfreq(len(shape), 1 / RATE)
        middle = 300 * colour * (1 + (number * 5) % 8)
        burst = np.fft.irfft(spectrum * np.exp(-(((hertz - middle) / 250) ** 2)), len(shape)) * shape
        begin = int(start * RATE)
        sound[begin : begin + len(burst)] += burst / np.abs(burst).max() * 0.3
    return sound.astype(np.float32)


def later(by: float, at: tuple[float, ...] = SYLLABLES) -> tuple[float, ...]:
    return tuple(time + by for time in at)


GUIDE = spoken(SYLLABLES, 3, seed=1)


@pytest.mark.parametrize("late", [-0.3, -0.02, 0.0, 0.15, 1.2])
def test_another_voice_is_found_within_a_frame_of_5_ms(late: float) -> None:
    found = align(GUIDE, spoken(later(late), 4, seed=2), RATE)

    assert float(found.offset_seconds) == pytest.approx(late, abs=0.005)
    assert not found.same_recording


def test_the_same_recording_is_found_to_the_sample() -> None:
    found = align(GUIDE, np.concatenate([np.zeros(777, np.float32), GUIDE * 0.5]), RATE)

    assert (found.same_recording, found.offset_samples) == (True, 777)


def test_the_same_recording_is_found_to_the_sample_at_48_khz() -> None:
    guide = np.random.default_rng(5).standard_normal(96_000).astype(np.float32) * 0.1

    found = align(guide, guide[1001:], 48_000)

    assert (found.same_recording, found.offset_samples) == (True, -1001)


def test_late_is_positive_and_counts_from_the_expected_place() -> None:
    take = spoken(later(-0.4), 3, seed=2)

    assert float(align(GUIDE, take, RATE).offset_seconds) == pytest.approx(-0.4, abs=0.005)
    assert float(align(GUIDE, take, RATE, expected=int(0.4 * RATE)).offset_seconds) == pytest.approx(0, abs=0.005)
    assert float(align(GUIDE, take, RATE, expected=RATE // 2 + 37).offset_seconds) == pytest.approx(0.1023, abs=0.005)


def test_a_long_guide_and_a_long_take_are_measured_where_the_line_is() -> None:
    guide = np.concatenate([spoken((1.0, 3.0, 4.4), 20, seed=3), GUIDE, spoken((1.0, 5.0), 20, seed=4)])
    take = np.concatenate([spoken((2.0,), 10, seed=6), spoken(later(0.1), 4, seed=2), spoken((2.0,), 10, seed=7)])
    line = (int(20.4 * RATE), int(22.4 * RATE))

    found = align(guide, take, RATE, line=line, expected=10 * RATE)

    assert float(found.offset_seconds) == pytest.approx(0.1, abs=0.005)
    assert found.line == line
    assert all(line[0] <= point.guide_sample < line[1] for point in found.curve)


def test_a_take_that_pauses_longer_is_cut_in_its_silence_and_each_phrase_has_its_slip() -> None:
    first, second = (0.5, 0.62, 0.74, 0.86, 0.98), (1.7, 1.82, 1.94, 2.06, 2.18)
    guide = spoken(first + second, 3, seed=1)
    take = spoken(first + later(0.2, second), 3, seed=2)

    found = align(guide, take, RATE)

    assert [round(one.offset_samples / RATE, 2) for one in found.phrases] == [0.0, 0.2]
    cut = found.phrases[0].take_out
    assert cut == found.phrases[1].take_in
    assert 1.1 * RATE < cut < 1.9 * RATE
    assert (found.phrases[0].take_in, found.phrases[-1].take_out) == (0, len(take))


def test_a_take_that_gets_later_says_by_how_much() -> None:
    slower = tuple(0.5 + (time - 0.5) * 1.06 for time in SYLLABLES)

    found = align(GUIDE, spoken(slower, 3, seed=2), RATE)

    assert found.drift == pytest.approx(0.06, abs=0.02)
    assert found.to_json()["drift_ms_per_second"] == pytest.approx(60, abs=20)


@pytest.mark.parametrize(
    ("guide", "take", "reason"),
    [
        (np.zeros(RATE), GUIDE, "the guide is silent"),
        (GUIDE, np.zeros(RATE), "the take is silent"),
        (GUIDE, GUIDE[:100], "the take is shorter than a quarter of a second"),
        (np.tile(GUIDE, 50), GUIDE, "the guide is longer than 120 s: give the in and out of the line"),
    ],
)
def test_what_cannot_be_measured_is_said_in_words(guide: np.ndarray, take: np.ndarray, reason: str) -> None:
    found = align(guide, take, RATE)

    assert (found.verdict, found.confidence, found.reason, found.sure) == ("nothing to compare", 0, reason, False)


@pytest.mark.parametrize(
    ("frames_late", "confidence", "verdict"),
    [
        (Fraction(1, 2), 0.9, "in sync"),
        (Fraction(-1, 2), 0.9, "in sync"),
        (Fraction(3, 2), 0.9, "check"),
        (Fraction(-1), 0.9, "check"),
        (Fraction(-3, 2), 0.9, "off"),
        (Fraction(2), 0.9, "off"),
        (Fraction(0), 0.2, "unsure"),
    ],
)
def test_late_is_forgiven_more_than_early(frames_late: Fraction, confidence: float, verdict: str) -> None:
    assert Limits().verdict(frames_late, confidence) == verdict


@pytest.mark.parametrize("rate", [44_100, 47_952, 48_000, 48_048, 96_000])
def test_every_sample_rate_is_compared_without_a_shift(rate: int) -> None:
    time = np.arange(rate) / rate
    tone = np.sin(2 * np.pi * 440 * time) * np.hanning(rate)

    made = at_comparing_rate(tone, rate)

    exact = np.sin(2 * np.pi * 440 * np.arange(RATE) / RATE) * np.interp(np.arange(RATE) / RATE, time, np.hanning(rate))
    assert np.abs(made[:RATE] - exact).max() < 1e-3


def test_measuring_changes_neither_guide_nor_take() -> None:
    guide, take = GUIDE.copy(), spoken(later(0.1), 3, seed=2)
    before = take.copy()

    align(guide, take, RATE)

    assert np.array_equal(guide, GUIDE)
    assert np.array_equal(take, before)


def test_samples_that_are_no_numbers_count_as_silence() -> None:
    take = spoken(later(0.1), 3, seed=2)
    take[[100, 20_000, 40_000]] = np.nan, np.inf, -np.inf

    assert float(align(GUIDE, take, RATE).offset_seconds) == pytest.approx(0.1, abs=0.005)


@given(
    guide=st.lists(st.floats(-1, 1, width=32), min_size=1, max_size=40),
    take=st.lists(st.floats(-1, 1, width=32), min_size=1, max_size=40),
    repeated=st.integers(1, 600),
    expected=st.integers(-20_000, 20_000),
    line=st.none() | st.tuples(st.integers(0, 9000), st.integers(1, 9000)),
)
@settings(max_examples=40, deadline=None)
def test_any_sound_gives_a_measurement_or_a_reason(guide, take, repeated, expected, line) -> None:
    edges = None if line is None else (line[0], line[0] + line[1])

    found = align(np.repeat(guide, repeated), np.tile(take, repeated), RATE, line=edges, expected=expected)

    assert (found.reason is None) == (found.verdict != "nothing to compare")
    assert 0 <= found.confidence <= 1
    assert abs(found.offset_samples) <= 3 * RATE
    assert json.dumps(found.to_json())


def test_a_record_without_a_measurement_is_plain_values() -> None:
    assert Alignment(48_000).to_json()["verdict"] == "nothing to compare"
