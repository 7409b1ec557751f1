"""Whether two stretches are one recording: exact to the sample, through noise, levels and filters, and refused when unsure."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guide_reels import RATE, pop, voice
from postsync.sound import as_float32, read_facts, read_samples
from postsync.sound.pops import find_pops, leading_pops, trailing_pops
from postsync.sound.same_recording import SPEEDS, THRESHOLDS, at_any_speed, at_speed, fast_length, same_recording

NOISE = np.random.default_rng(7).standard_normal(20 * RATE).astype(np.float32) / 10


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 8 * RATE), st.integers(-2 * RATE, 2 * RATE))
def test_a_part_is_found_at_its_exact_sample(place, off):
    found = same_recording(NOISE[place : place + 2 * RATE], NOISE[: 10 * RATE], RATE, expected=place + off)
    assert (found.verdict, found.offset) == ("same", -off)


@pytest.mark.parametrize("noise_db", [-20, 0])
def test_noise_as_loud_as_the_sound_does_not_move_it(noise_db):
    other = np.random.default_rng(8).standard_normal(8 * RATE).astype(np.float32) / 10 * 10 ** (noise_db / 20)
    found = same_recording(NOISE[RATE : 5 * RATE], NOISE[: 8 * RATE] + other, RATE, expected=0)
    assert (found.verdict, found.offset) == ("same", RATE)


def test_turned_polarity_is_seen_and_the_place_found():
    found = same_recording(NOISE[RATE : 3 * RATE], -NOISE[: 6 * RATE], RATE, expected=0)
    assert (found.verdict, found.offset, found.inverted) == ("same", RATE, True)


def test_a_part_that_begins_before_the_guide_is_found_by_what_is_there():
    found = same_recording(NOISE[: 4 * RATE], NOISE[RATE : 8 * RATE], RATE, expected=-RATE)
    assert (found.verdict, found.offset) == ("same", 0)


def test_what_is_too_short_to_be_told_apart_is_refused_away_from_its_place():
    part = NOISE[RATE : RATE + RATE // 10]
    assert same_recording(part, NOISE[: 4 * RATE], RATE, expected=0).verdict == "short"
    assert same_recording(part, NOISE[: 4 * RATE], RATE, expected=RATE).offset == 0


def test_silence_on_either_side_is_no_match():
    silence = np.zeros(4 * RATE, np.float32)
    assert same_recording(silence, NOISE, RATE).verdict == "silent"
    assert same_recording(NOISE[: 2 * RATE], silence, RATE).verdict == "other"


def test_another_voice_is_another_recording():
    found = same_recording(voice(1, 4), voice(2, 8), RATE, expected=0)
    assert found.verdict == "other"
    assert found.strength < THRESHOLDS.other


@pytest.mark.parametrize("speed", SPEEDS)
def test_a_changed_speed_is_named(speed):
    guide = at_speed(NOISE[: 8 * RATE], speed)
    found = at_any_speed(NOISE[RATE : 4 * RATE], guide, RATE, expected=int(RATE / speed))
    assert found is not None
    assert found.speed == speed


def test_sound_at_its_own_speed_is_at_no_other():
    assert at_any_speed(voice(3, 4), voice(3, 8)[: 8 * RATE], RATE, speeds=(Fraction(25, 24),)) is None


@given(st.integers(1, 10_000_000))
@settings(max_examples=50, deadline=None)
def test_a_fast_length_is_long_enough_and_has_only_small_factors(samples):
    length = fast_length(samples)
    assert samples <= length < 2 * samples + 2
    for factor in (2, 3, 5):
        while length % factor == 0:
            length //= factor
    assert length == 1


# --------------------------------------------------------------------------------------------------------------------- pops


def in_silence(*parts: tuple[float, np.ndarray], seconds: float = 8) -> np.ndarray:
    made = np.zeros(round(seconds * RATE), np.float32)
    for at, part in parts:
        made[round(at * RATE) : round(at * RATE) + len(part)] += part
    return made


@pytest.mark.parametrize("seconds", [1 / 60, 1 / 30, 1001 / 24000, 1 / 24, 2 / 25])
def test_a_pop_is_found_at_its_first_sample(seconds):
    (found,) = find_pops(in_silence((2, pop(seconds=seconds))), RATE)
    assert abs(found.start - 2 * RATE) <= 1
    assert abs(found.length / RATE - seconds) < 0.001


@pytest.mark.parametrize(
    "sound", [NOISE[:2000], pop(seconds=1.0), pop(seconds=0.005), np.r_[pop(), np.zeros(4800), pop()].astype(np.float32)],
    ids=["noise", "line-up tone", "a click", "two beeps"],
)  # fmt: skip
def test_what_is_no_pop_is_not_taken_for_one(sound):
    assert find_pops(in_silence((2, sound)), RATE) == []


def test_only_pops_outside_the_programme_lead_and_trail():
    sound = in_silence((0, pop(seconds=1.0)), (2, pop()), (4, voice(5, 2)), (7, pop()), seconds=10)
    assert [one.start for one in leading_pops(sound, RATE)] == [2 * RATE]
    assert [one.start for one in trailing_pops(sound, RATE)] == [7 * RATE]


# ------------------------------------------------------------------------------------------------------------------- corpus


def test_of_real_voices_only_the_copies_are_one_recording(corpus):
    """All pairs run in `benchmarks/guides.py`; here two of each kind."""
    folder, seen = corpus / "speech", {}
    for guide in sorted(folder.glob("*_guide.wav")):
        kind = guide.name.rsplit("_", 2)[0]
        if seen.setdefault(kind, 0) < 2:
            seen[kind] += 1
            take = guide.with_name(guide.name.replace("_guide", "_take"))
            assert _same(take, guide) == (kind == "copy"), guide.name
    assert len(seen) > 10


def _same(take: Path, guide: Path) -> bool:
    part, whole = (
        as_float32(read_samples(facts, 0, facts.length_samples), facts)[0] for facts in map(read_facts, (take, guide))
    )
    return same_recording(part, np.pad(whole, 32_000), 16_000, expected=32_000).same
