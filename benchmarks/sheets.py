"""Write and read cue sheets of many cues and print the seconds, and how many records came back the same.

`python benchmarks/sheets.py`, with `--cues 20000`. Cues of two kinds: `usual`, as people fill them in (a dozen fields), and
`full`, with nearly every field of the record filled with hostile text. The lines `records` are what making and reading the
same number of records in memory takes alone, which is part of every figure below it.
"""

from __future__ import annotations

import argparse
import dataclasses
import io
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / part) for part in ("tests", "interchange", "adapters")]

from postsync.model import Cue, timeline_cues  # noqa: E402
from postsync.report import Report  # noqa: E402
from postsync_adapters import cue_table, cue_workbook  # noqa: E402
from sheet_cues import CAST, generated_cues, timeline_of  # noqa: E402

USUAL = (
    "uid", "number", "record_in", "record_out", "character", "line", "kind", "reasons", "uses", "flags", "priority", "note",
    "status", "reel", "scene",
)  # fmt: skip


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--cues", type=int, default=20_000)
    given = asked.parse_args()
    full = generated_cues(given.cues)
    usual = [Cue(**{name: getattr(cue, name) for name in USUAL}) for cue in full]
    wrong = 0
    print(f"{'cues':7} {'kind':6} {'file':9} {'write s':>8} {'read s':>8} {'bytes':>11} {'same':>7}")
    for kind, cues in (("usual", usual), ("full", full)):
        begun = time.perf_counter()
        timeline = timeline_of(cues, CAST)
        made = time.perf_counter()
        kept = timeline_cues(timeline)
        print(f"{len(cues):7} {kind:6} {'records':9} {made - begun:8.2f} {time.perf_counter() - made:8.2f}")
        for name, module in (("csv", cue_table), ("xlsx", cue_workbook)):
            wrong += _one(name, module, kind, timeline, kept)
    raise SystemExit(wrong > 0)


def _one(name, module, kind, timeline, kept) -> int:  # type: ignore[no-untyped-def]
    file = io.BytesIO()
    begun = time.perf_counter()
    module.write(timeline, file, Report(), module.FORMAT.write_options())
    written = time.perf_counter()
    file.seek(0)
    back = module.read(file, Report(), module.FORMAT.read_options())[0]
    read = time.perf_counter()
    same = sum(
        dataclasses.astuple(one) == dataclasses.astuple(other)
        for one, other in zip(kept, timeline_cues(back), strict=True)
    )
    size = len(file.getvalue())
    print(f"{len(kept):7} {kind:6} {name:9} {written - begun:8.2f} {read - written:8.2f} {size:11} {same:7}")
    return len(kept) - same


if __name__ == "__main__":
    main()
