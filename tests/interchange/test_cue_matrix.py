"""A sample of the matrix: hostile cues through models of carriers. All of it: `python benchmarks/cue_matrix.py`."""

from __future__ import annotations

import pytest

from cue_matrix import MODELS, kept_with_tag, made_timeline, rejoined_without_tag

SAMPLE = 100


@pytest.fixture(scope="module")
def reel():
    return made_timeline(SAMPLE, seed=3)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_with_the_tag_every_cue_is_known_every_field_that_fits_is_whole_and_the_rest_is_named(reel, model):
    kept = kept_with_tag(reel, model)
    assert (kept.uids, kept.wrong, kept.unnamed) == (SAMPLE, [], [])
    assert kept.fields > SAMPLE


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_without_the_tag_edited_and_shifted_cues_are_known_again_and_none_is_taken_for_another(reel, model):
    found = rejoined_without_tag(reel, model, seed=4)
    assert found.wrong == 0
    assert found.right >= 0.99 * found.cues
