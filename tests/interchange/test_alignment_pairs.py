"""Sync on pairs whose timing is known: a sample of what `benchmarks/alignment.py` measures in full, and the made voices."""

from __future__ import annotations

import numpy as np
import pytest

from alignment_pairs import FRAME, GROSS, HALF_FRAME, corpus_pairs, made_pairs, measured
from made_pairs import KINDS, made_pair
from made_voices import RATE, durations, line, perform, voice
from postsync.sound.alignment import align


def test_a_voice_says_a_line_for_as_long_as_it_was_told() -> None:
    random = np.random.default_rng(1)
    text = line(random, 6)
    lengths = durations(text, random)

    said = perform(text, lengths, voice(random), random)

    assert said.ends[-1] == pytest.approx(lengths.sum())
    assert len(said.sound) / RATE == pytest.approx(lengths.sum(), abs=0.15)
    assert np.all(np.diff(said.onsets) > 0)


def test_a_made_pair_comes_out_the_same_for_the_same_number() -> None:
    one, other = made_pair(7), made_pair(7)

    assert (one.name, one.offset) == (other.name, other.offset)
    assert np.array_equal(one.take, other.take)


def test_good_adr_of_the_corpus_lies_within_half_a_frame(corpus) -> None:
    pairs = [pair for pair in corpus_pairs(corpus) if pair.kind == "fitted with in and out"]

    errors = np.array([measured(pair).error for pair in pairs])

    assert len(errors) == 6
    assert np.all(errors <= HALF_FRAME), errors


def test_false_starts_of_the_corpus_do_not_mislead(corpus) -> None:
    errors = [measured(pair).error for pair in corpus_pairs(corpus) if pair.kind == "false start"]

    assert len(errors) == 6
    assert all(error <= FRAME for error in errors), errors


def test_the_same_performance_through_another_microphone_is_found_to_the_sample(corpus) -> None:
    pairs = [pair for pair in corpus_pairs(corpus) if pair.kind == "other microphone"]

    results = [measured(pair) for pair in pairs]

    assert all(one.found is not None and one.found.same_recording for one in results)
    assert all(one.error < 0.13 for one in results), [one.error for one in results]


@pytest.mark.parametrize(
    ("number", "kind", "condition"),
    [(500, "pause", "noise 20"), (817, "fitted with in and out", "room"), (100_521, "all", "lavalier")],
)
def test_two_voices_that_hold_one_pitch_for_a_moment_are_not_the_same_recording(number, kind, condition) -> None:
    found = measured(made_pair(number, kind, condition)).found

    assert found is not None
    assert not found.same_recording


def test_made_pairs_of_every_kind_are_believed_only_where_they_are_right() -> None:
    results = [measured(pair) for pair in made_pairs(2 * len(KINDS), first=24)]

    sure = [one for one in results if one.found is not None and one.found.confidence >= 0.9]
    assert len(sure) >= len(results) / 2
    assert sum(one.right for one in sure) >= 0.9 * len(sure)


def test_a_wrong_line_is_less_sure_than_the_right_one() -> None:
    wrong = [measured(made_pair(number, "wrong line", "clean")).found for number in range(6)]
    right = [measured(made_pair(number, "fitted with in and out", "clean")).found for number in range(6)]

    assert np.median([one.confidence for one in wrong if one]) < 0.5
    assert min(one.confidence for one in right if one) > 0.8


def test_cut_by_its_phrases_a_take_with_another_pause_lies_closer_than_with_one_slip() -> None:
    lifted = []
    for number in range(40, 46):
        pair = made_pair(number, "pause", "clean")
        assert pair.line is not None
        found = align(pair.guide, pair.take, RATE, line=(round(pair.line[0] * RATE), round(pair.line[1] * RATE)))
        if len(found.phrases) < 2:
            continue
        lags, places = pair.take_onsets - pair.guide_onsets, pair.take_onsets * RATE
        ends = [one.take_out for one in found.phrases[:-1]]
        slips = np.array([one.offset_samples / RATE for one in found.phrases])[np.searchsorted(ends, places)]
        lifted.append(np.mean(np.abs(lags - float(found.offset_seconds))) - np.mean(np.abs(lags - slips)))

    assert len(lifted) >= 2
    assert np.median(lifted) > 0.02


def test_what_is_grossly_wrong_is_rare_over_all_kinds_of_the_corpus(corpus) -> None:
    results = [measured(pair) for pair in list(corpus_pairs(corpus))[::4]]

    assert np.mean([one.error > GROSS for one in results]) <= 0.15
    assert all(one.right for one in results if one.found is not None and one.found.confidence >= 0.7)
