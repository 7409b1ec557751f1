"""Measure sync over the corpus and made pairs together, kind by kind, against the gates, and beside other programs.

`python benchmarks/alignment.py CORPUS [--made 600] [--peers PYTHON]`. PYTHON is an interpreter that has librosa,
audio-offset-finder and audalign; they get the guide cut to its line. Wrong lines count only in the share of confident answers
that are right. Speed is seconds of guide for each second of one processor. Exits with 1 when a gate is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / part) for part in ("tests", "interchange", "adapters")]

import numpy as np  # noqa: E402

from alignment_pairs import FRAME, GROSS, HALF_FRAME, Result, corpus_pairs, good_adr, judged, made_pairs, measured  # noqa: E402
from made_pairs import KINDS, Pair  # noqa: E402
from made_voices import RATE  # noqa: E402

HEAD = f"{'kind':26}{'pairs':>6}{'median':>8}{'p90':>8}{'half':>6}{'one':>6}{'gross':>7}{'regret':>8}{'p90':>8}"


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("corpus", type=Path)
    asked.add_argument("--made", type=int, default=600)
    asked.add_argument("--peers", type=Path)
    given = asked.parse_args()
    corpus, made = list(corpus_pairs(given.corpus)), list(made_pairs(given.made))
    started = time.process_time()
    results = [measured(pair) for pair in corpus + made]
    speed = sum(len(one.pair.guide) for one in results) / RATE / (time.process_time() - started)
    print(
        "postsync, corpus and made pairs together (ms; % within half a frame and a frame at 24, % off by more than 150 ms)"
    )
    table(results)
    print("\nthe corpus alone")
    table(results[: len(corpus)])
    print(f"\n{speed:.0f} times real time on one core")
    confident(results)
    missed = gates(results, speed)
    if given.peers is not None:
        peers(given.peers, [pair for pair in corpus + made if pair.right], speed)
    raise SystemExit(bool(missed))


def table(results: list[Result]) -> None:
    print(HEAD)
    right = [one for one in results if one.pair.right]
    for kind in KINDS:
        row(kind, [one for one in right if one.pair.kind == kind])
    row("good ADR", good_adr(right))
    row("all", right)


def row(name: str, results: list[Result]) -> None:
    if not results:
        return
    errors, regrets = (np.array([getattr(one, what) for one in results]) for what in ("error", "regret"))
    within = [100 * np.mean(errors <= limit) for limit in (HALF_FRAME, FRAME)]
    print(
        f"{name:26}{len(results):6}{np.median(errors):8.1f}{np.percentile(errors, 90):8.1f}{within[0]:6.0f}{within[1]:6.0f}"
        f"{100 * np.mean(errors > GROSS):7.1f}{np.median(regrets):8.1f}{np.percentile(regrets, 90):8.1f}"
    )


def confident(results: list[Result]) -> None:
    """Print how many of the confident answers are right, the wrong lines among them."""
    print("\nconfidence   share   right   (wrong lines count as wrong)")
    for limit in (0.5, 0.7, 0.9):
        chosen = [one for one in results if one.found is not None and one.found.confidence >= limit]
        right = sum(one.right for one in chosen)
        print(
            f"   >= {limit}  {len(chosen) / len(results):6.1%}  {right / max(len(chosen), 1):6.1%}  {right} of {len(chosen)}"
        )


def gates(results: list[Result], speed: float) -> list[str]:
    adr = np.array([one.error for one in good_adr(results)])
    false = np.array([one.error for one in results if one.pair.kind == "false start"])
    stands = {
        f"good ADR within half a frame {np.mean(adr <= HALF_FRAME):.1%}, wanted 88 %": np.mean(adr <= HALF_FRAME)
        >= 0.88,
        f"good ADR within a frame {np.mean(adr <= FRAME):.1%}, wanted 95 %": np.mean(adr <= FRAME) >= 0.95,
        f"good ADR median {np.median(adr):.1f} ms, wanted 9": np.median(adr) <= 9,
        f"false starts grossly off {np.mean(false > GROSS):.1%}, wanted at most 10 %": np.mean(false > GROSS) <= 0.1,
        f"{speed:.0f} times real time, wanted 40": speed >= 40,
    }
    print()
    for words, kept in stands.items():
        print(f"{'kept  ' if kept else 'MISSED'} {words}")
    return [words for words, kept in stands.items() if not kept]


def peers(python: Path, pairs: list[Pair], ours: float) -> None:
    """Run the other programs on the same pairs and print the same table for each."""
    with tempfile.TemporaryDirectory() as folder:
        for number, pair in enumerate(pairs):
            line = np.array(pair.line or (0, len(pair.guide) / RATE))
            np.savez(Path(folder) / f"{number:05}.npz", guide=pair.guide, take=pair.take, line=line)
        script = Path(__file__).with_name("alignment_peers.py")
        told = subprocess.run([python, script, folder], check=True, capture_output=True, text=True).stdout
    seconds = sum(len(pair.guide) for pair in pairs) / RATE
    for name, facts in json.loads(told.splitlines()[-1]).items():
        if "missing" in facts:
            print(f"\n{name}: not run, {facts['missing']}")
            continue
        speed = seconds / facts["processor"]
        print(f"\n{name}, {speed:.0f} times real time; postsync is {ours / speed:.1f} times as fast")
        table([judged(pair, offset) for pair, offset in zip(pairs, facts["offsets"], strict=True)])


if __name__ == "__main__":
    main()
