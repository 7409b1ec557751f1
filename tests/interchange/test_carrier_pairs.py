"""A sample of the pairs of carriers: each with the next two. All of them: `python benchmarks/cue_pairs.py`."""

from __future__ import annotations

import pytest

from carrier_pairs import Pairs, carriers
from cue_matrix import made_timeline

CARRIERS = carriers()
SAMPLE = [(name, CARRIERS[(place + step) % len(CARRIERS)]) for place, name in enumerate(CARRIERS) for step in (1, 3)]


@pytest.fixture(scope="module")
def pairs():
    return Pairs(made_timeline(25, seed=6))


@pytest.mark.parametrize(("first", "second"), SAMPLE)
def test_no_cue_loses_its_uid_what_both_hold_comes_through_and_the_rest_is_named(pairs, first, second):
    found = pairs.through(first, second)
    assert (found.uids, found.wrong, found.unnamed) == (found.cues, [], [])
    assert found.fields > 0
