"""Kill 1,000 writes on the way, over all formats and verbs that write, and look at what is there: the old, or the new, whole.

`python benchmarks/killed.py`, with `--count N`, `--seed N` for other moments, `--only NAME` for the writes of which the name
has this in it. What a kill is, and what must be true after it, stands in `tests/killed.py`. It ends with 1 where a file was
neither old nor new, or where the same command did not make the whole of it afterwards.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / part) for part in ("tests", "interchange", "adapters", "resolve_scripts")]

import killed  # noqa: E402
from killed import MOMENTS, WAYS, Outcome  # noqa: E402

STATES = ("old", "new", "some of both")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--count", type=int, default=1000)
    asked.add_argument("--seed", type=int, default=0)
    asked.add_argument("--only", default="")
    given = asked.parse_args()
    writes = [one for one in killed.all_writes() if given.only in one.name]
    begun, found, first = time.perf_counter(), list[Outcome](), given.seed * given.count
    print(_line("", *MOMENTS, *STATES, "left", "faults"), flush=True)
    with tempfile.TemporaryDirectory() as work:
        read = killed.prepared(Path(work))
        for place, write in enumerate(writes):
            count = given.count // len(writes) + (place < given.count % len(writes))
            one = killed.known(write, Path(work), read)
            these = [killed.killed(one, read, number) for number in range(first, first + count)]
            first += count
            print(_row(write.name, these), flush=True)
            found += these
    _print(found, time.perf_counter() - begun)
    raise SystemExit(any(one.faults for one in found))


def _row(name: str, found: list[Outcome]) -> str:
    landed, states = Counter(one.landed for one in found), Counter(one.state for one in found)
    return _line(
        name, *(landed[one] for one in MOMENTS), *(states[one] for one in STATES),
        sum(one.left for one in found), sum(bool(one.faults) for one in found),
    )  # fmt: skip


def _line(name: str, *cells: object) -> str:
    return f"{name:31}" + "".join(f"{cell!s:>{max(8, len(str(cell)) + 2)}}" for cell in cells)


def _print(found: list[Outcome], seconds: float) -> None:
    print(_row("all", found))
    for way in WAYS:
        print(_row(f"  killed at {way}", [one for one in found if one.way == way]))
    faults = Counter(f"{one.write}: {fault}" for one in found for fault in one.faults)
    for fault, count in faults.most_common():
        print(f"{count} x {fault}")
    whole = sum(not one.faults for one in found)
    during = sum(one.landed == "during" for one in found)
    print(
        f"{len(found)} killed, {during} of them while the disk was written; after {whole} every file was the old one or the "
        f"new one, whole, and the same command once more made all of it; {sum(one.left for one in found)} temporary names "
        f"left beside them; {seconds:.0f} s"
    )


if __name__ == "__main__":
    main()
