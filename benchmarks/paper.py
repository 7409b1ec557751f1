"""How long paper takes and how large it is: two thousand cues in eight scripts, in every form; totals agree with the list.

`python benchmarks/paper.py`
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / part) for part in ("tests", "interchange", "adapters")]

import paper_show  # noqa: E402
from postsync.cueing import STRUCK_STATUSES  # noqa: E402
from postsync.paper.kinds import KINDS  # noqa: E402
from postsync.paper.lines import PaperOptions, Request  # noqa: E402
from postsync.report import Report  # noqa: E402

REELS, CUES = 8, 250


def main() -> None:
    works = paper_show.feature(REELS, CUES)
    request = Request(works, paper_show.PROJECT, options=PaperOptions(date="2026-03-01"))
    for kind in KINDS.values():
        for form in kind.forms:
            start, spent = time.perf_counter(), time.process_time()
            size = len(kind.draw(request, form, Report()))
            wall, spent = time.perf_counter() - start, time.process_time() - spent
            print(f"{kind.name:15} {form:5} {wall:6.2f} s, {spent:6.2f} s of work, {size / 2**20:6.2f} MB")
    check_totals(request)


def check_totals(request: Request) -> None:
    cues = [paper_show.cue(reel, number) for reel in range(1, REELS + 1) for number in range(CUES)]
    standing = sum(cue.status not in STRUCK_STATUSES for cue in cues)
    for kind in ("line-count", "progress", "schedule"):
        row = next(row for row in KINDS[kind].make(request).rows if row.state == "total")
        print(f"{kind}: {row.values['lines']} lines, the list has {standing}")
        assert row.values["lines"] == standing


if __name__ == "__main__":
    main()
