"""Hold the confidence of `sync` against the truth of made pairs, with intervals; with `--fit`, fit its weights anew.

`python benchmarks/alignment_calibration.py [--made 1200] [--first 100000] [--corpus CORPUS] [--fit]`. A measurement is right
when no other single slip is better by more than 20 ms, and never where the take holds another line. The same recordings are
left out: they are found in another way. Intervals are Wilson's, 95 %. The weights were fitted to the first 1200 pairs
(`--first 0 --fit`); what is judged are others.
"""

from __future__ import annotations

import argparse
import os
import sys
from itertools import pairwise
from pathlib import Path

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / part) for part in ("tests", "interchange", "adapters")]

import numpy as np  # noqa: E402

from alignment_pairs import Result, corpus_pairs, made_pairs, measured  # noqa: E402
from postsync.sound.alignment.confidence import NAMES, UNUSED  # noqa: E402

STEPS = (0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 0.97, 1.0)
RIDGE = 0.1


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--made", type=int, default=1200)
    asked.add_argument("--first", type=int, default=100_000)
    asked.add_argument("--corpus", type=Path)
    asked.add_argument("--fit", action="store_true")
    given = asked.parse_args()
    results = [measured(pair) for pair in made_pairs(given.made, given.first)]
    same = [one for one in results if one.found is not None and one.found.same_recording]
    believed = sum(one.right for one in same)
    print(f"{len(same)} found to be the same recording, {believed} of them right")
    heard = [one for one in results if one not in same]
    table("made pairs", heard)
    for kind in dict.fromkeys(one.pair.kind for one in heard):
        spread(kind, [one for one in heard if one.pair.kind == kind])
    for condition in ("boom", "lavalier", "music", "overlapping speech"):
        spread(f"guide: {condition}", [one for one in heard if one.pair.condition == condition])
    if given.corpus is not None:
        found = [measured(pair) for pair in corpus_pairs(given.corpus)]
        table("corpus", [one for one in found if one.found is not None and not one.found.same_recording])
    if given.fit:
        print("\nweights:", dict(zip(NAMES, np.round(fitted(heard), 2).tolist(), strict=True)))


def table(title: str, results: list[Result]) -> None:
    said = np.array([one.found.confidence if one.found else 0.0 for one in results])
    right = np.array([one.right for one in results])
    print(f"\n{title}: {len(results)} pairs, {right.mean():.1%} right")
    print("   said          pairs  mean said   right   95 % of the time")
    for low, high in pairwise(STEPS):
        inside = (said >= low) & (said < high if high < 1 else said <= 1)
        if inside.any():
            print(
                f"   {low:.2f} to {high:.2f}  {inside.sum():6}  {said[inside].mean():9.2f}  {interval(right[inside])}"
            )
    for limit in (0.5, 0.7, 0.9):
        inside = said >= limit
        print(f"   >= {limit}        {inside.sum():6}  {'':9}  {interval(right[inside])}")


def spread(name: str, results: list[Result]) -> None:
    """Print how the confident answers of one kind fare."""
    confident = [one for one in results if one.found is not None and one.found.confidence >= 0.5]
    right = np.array([one.right for one in confident], bool)
    words = interval(right) if len(right) else ""
    print(
        f"   {name:28} {len(results):5} pairs, {len(confident) / max(len(results), 1):6.1%} believed, right of these {words}"
    )


def interval(right: np.ndarray) -> str:
    """Give a share with Wilson's interval."""
    count, share, z = len(right), float(right.mean()), 1.96
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z * np.sqrt(share * (1 - share) / count + z * z / (4 * count**2)) / (1 + z * z / count)
    return f"{share:6.1%}   {max(middle - half, 0):.1%} to {min(middle + half, 1):.1%}"


def fitted(results: list[Result]) -> np.ndarray:
    """Fit the logistic by Newton's steps, with a little pull towards nothing."""
    evidence = np.array([one.found.evidence for one in results if one.found is not None and one.found.evidence])
    right = np.array([one.right for one in results if one.found is not None and one.found.evidence], float)
    used = [number for number, name in enumerate(NAMES) if name not in UNUSED]
    chosen, weights = evidence[:, used], np.zeros(len(used))
    pull = RIDGE * np.diag([1.0] * (len(used) - 1) + [0.01])
    for _ in range(60):
        chance = 1 / (1 + np.exp(-chosen @ weights))
        slope = (chosen * (chance * (1 - chance))[:, None]).T @ chosen + pull
        weights += np.linalg.solve(slope, chosen.T @ (right - chance) - pull @ weights)
    made = np.zeros(len(NAMES))
    made[used] = weights
    return made


if __name__ == "__main__":
    main()
