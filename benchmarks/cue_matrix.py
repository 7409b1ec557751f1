"""3,000 made cues through every model of a carrier: with the tag, and with the tag stripped, texts edited and times moved.

python benchmarks/cue_matrix.py [COUNT]
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / folder) for folder in ("interchange", "adapters", "tests")]

from cue_matrix import MODELS, kept_with_tag, made_timeline, rejoined_without_tag  # noqa: E402


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 3000
    timeline = made_timeline(count, seed=1)
    print(f"{count} cues\n\nwith the tag            uid      fields checked   wrong  not named     s")
    for model in MODELS:
        start = time.perf_counter()
        kept = kept_with_tag(timeline, model)
        share = f"{kept.uids}/{kept.cues}"
        took = time.perf_counter() - start
        print(f"{model.name:38} {share:>11} {kept.fields:>8} {len(kept.wrong):>7} {len(kept.unnamed):>6} {took:>8.1f}")
        for line in (*kept.wrong[:3], *kept.unnamed[:3]):
            print("   ", line[:200])
    print("\nwithout the tag, a fifth of the lines edited, moved by 10 s        right   wrong  unsure   new      s")
    for model in MODELS:
        start = time.perf_counter()
        found = rejoined_without_tag(timeline, model, seed=2)
        right = f"{100 * found.right / found.cues:.2f} %"
        took = time.perf_counter() - start
        print(f"{model.name:60} {right:>12} {found.wrong:>6} {found.unsure:>7} {found.new:>6} {took:>6.1f}")


if __name__ == "__main__":
    main()
