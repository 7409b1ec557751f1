"""How long paper takes and how large it is: two thousand cues in eight scripts, in every form; totals agree with the list.

Run: PYTHONPATH=interchange:adapters:tests python benchmarks/paper.py
"""

from __future__ import annotations

import time

import paper_show
from postsync.cueing import STRUCK_STATUSES
from postsync.paper.kinds import KINDS
from postsync.paper.lines import PaperOptions, Request
from postsync.report import Report

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
