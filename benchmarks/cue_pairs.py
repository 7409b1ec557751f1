"""Hostile cues through every pair of carriers: uids kept, fields that both hold, what was lost without a word.

python benchmarks/cue_pairs.py [COUNT]
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / folder) for folder in ("interchange", "adapters", "tests")]

from carrier_pairs import Pairs, carriers  # noqa: E402
from cue_matrix import made_timeline  # noqa: E402


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    names = carriers()
    pairs = Pairs(made_timeline(count, seed=1))
    print(f"{count} cues through {len(names) ** 2} pairs\n")
    print("first carrier           uids kept   fields that both hold   wrong  not named        s")
    total = [0] * 5
    for first in names:
        start = time.perf_counter()
        found = [(second, pairs.through(first, second)) for second in names]
        counts = [(one.cues, one.uids, one.fields, len(one.wrong), len(one.unnamed)) for _, one in found]
        sums = [sum(one) for one in zip(*counts, strict=True)]
        total = [have + more for have, more in zip(total, sums, strict=True)]
        took = time.perf_counter() - start
        print(f"{first:20} {sums[1]:>6}/{sums[0]:<6} {sums[2]:>20} {sums[3]:>10} {sums[4]:>8} {took:>8.1f}")
        for second, one in found:
            for line in (*one.wrong[:1], *one.unnamed[:1]):
                print("   ", second, line[:160])
    print(f"{'all':20} {total[1]:>6}/{total[0]:<6} {total[2]:>20} {total[3]:>10} {total[4]:>8}")


if __name__ == "__main__":
    main()
