"""The pairs that alignment is measured on, of the corpus and made ones, under one set of kinds, and what counts as good."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from made_pairs import CONDITIONS, GOOD_ADR, KINDS, Pair, made_pair
from made_voices import RATE
from postsync.sound import as_float32, read_facts, read_samples
from postsync.sound.alignment import Alignment, align

CORPUS_KINDS = {
    "h_adr": "fitted", "tts_adr": "fitted", "base": "fitted with in and out", "h_same": "free same actor",
    "h_other": "free other actor", "tts_free": "free other actor", "free_all": "free other actor",
    "jitter": "loose in and out", "neigh": "neighbours", "false": "false start", "beeps": "beeps", "pause": "pause",
    "all": "all", "copy": "other microphone",
}  # fmt: skip
HALF_FRAME, FRAME, GROSS, GOOD_REGRET = 500 / 24, 1000 / 24, 150.0, 20.0
"""Milliseconds: half a frame and a frame at 24, what nobody would call sync, and how much worse than the best slip is right."""


@dataclass(frozen=True)
class Result:
    """How far off an offset was (ms), what it cost against the best slip (ms), and what was said of it."""

    pair: Pair
    error: float
    regret: float
    found: Alignment | None = None

    @property
    def right(self) -> bool:
        """Whether no other single slip is better by more than 20 ms."""
        return self.pair.right and self.regret <= GOOD_REGRET


def corpus_pairs(corpus: Path) -> Iterator[Pair]:
    """Yield the pairs of the corpus."""
    folder = corpus / "speech"
    for facts in json.loads((folder / "pairs.json").read_text("utf-8")):
        sounds = [_sound(folder / f"{facts['pair']}_{which}.wav") for which in ("guide", "take")]
        line = facts.get("cue_in_out_in_guide_seconds")
        yield Pair(
            facts["pair"], CORPUS_KINDS[facts["kind"]], facts["guide_condition"], *sounds, tuple(line) if line else None,
            np.array(facts["phone_onsets_guide"]), np.array(facts["phone_onsets_take"]),
        )  # fmt: skip


def _sound(path: Path) -> np.ndarray:
    facts = read_facts(path)
    assert facts.sample_rate == RATE
    return as_float32(read_samples(facts, 0, facts.length_samples), facts)[0]


def made_pairs(count: int, first: int = 0) -> Iterator[Pair]:
    """Yield made pairs: every kind under every condition in turn."""
    kinds, conditions = list(KINDS), list(CONDITIONS)
    for number in range(first, first + count):
        turn = number // len(kinds)
        yield made_pair(number, kinds[number % len(kinds)], conditions[(turn + number) % len(conditions)])


def measured(pair: Pair) -> Result:
    """Measure a pair as `sync` does."""
    line = None if pair.line is None else (round(pair.line[0] * RATE), round(pair.line[1] * RATE))
    found = align(pair.guide, pair.take, RATE, line=line)
    return judged(pair, float(found.offset_seconds), found)


def judged(pair: Pair, offset: float, found: Alignment | None = None) -> Result:
    """Hold an offset (s) against the truth."""
    return Result(pair, abs(offset - pair.offset) * 1000, pair.regret(offset) * 1000, found)


def good_adr(results: list[Result]) -> list[Result]:
    """Give those of takes that follow their guide, as good ADR does."""
    return [one for one in results if one.pair.kind in GOOD_ADR]
