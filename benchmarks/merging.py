"""How long a merge of many cues takes: with uids, and without any, at two sizes to show that it grows evenly.

python benchmarks/merging.py [COUNT]
"""

from __future__ import annotations

import random
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / folder) for folder in ("interchange", "adapters", "tests")]

from cue_matrix import MODELS, carried, made_timeline  # noqa: E402
from postsync.cueing import MergePlan, merge_cues  # noqa: E402
from postsync.model import timeline_cues  # noqa: E402
from postsync.report import Report  # noqa: E402


def main() -> None:
    most = int(sys.argv[1]) if len(sys.argv) > 1 else 20000
    print("cues     tags       one reading of the cues   merge   ratio")
    for count in (most // 4, most):
        timeline = made_timeline(count, seed=5)
        start = time.perf_counter()
        timeline_cues(timeline)
        reading = time.perf_counter() - start
        for tags in ("uid", "none"):
            returned = carried(timeline, MODELS[0], tags=tags, shift=240, edits=random.Random(6))
            start = time.perf_counter()
            result = merge_cues(timeline, returned, MergePlan("back"), Report())
            took = time.perf_counter() - start
            print(
                f"{count:<8} {tags:10} {reading:>15.2f} s {took:>14.2f} s {took / reading:>7.1f}   {len(result.cues)} joined"
            )


if __name__ == "__main__":
    main()
