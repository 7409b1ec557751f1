"""Read 20,000 damaged copies of real AAFs and print what became of them.

`python benchmarks/damaged_aaf.py CORPUS`, with `--copies N`, `--from NUMBER` to go on elsewhere, `--seconds` and `--megabytes`
for what one copy may take.

Every copy must read or be refused in words of ours. A foreign error that the edge of the format turned into ours counts as
*caught* and is printed with its line: it is ours to mend. A copy that takes longer than allowed, or memory beyond the limit of
the process, ends the run with an error.
"""

from __future__ import annotations

import argparse
import resource
import signal
import sys
from collections import Counter
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / part) for part in ("tests", "interchange", "adapters")]

from aaf_damage import Outcome, damaged, outcome_of  # noqa: E402


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("corpus", type=Path)
    asked.add_argument("--copies", type=int, default=20_000)
    asked.add_argument("--from", dest="first", type=int, default=0)
    asked.add_argument("--seconds", type=int, default=20)
    asked.add_argument("--megabytes", type=int, default=2048)
    given = asked.parse_args()
    files = sorted((given.corpus / "aaf").rglob("*.aaf"))
    originals = [path.read_bytes() for path in files]
    resource.setrlimit(resource.RLIMIT_AS, (given.megabytes << 20, given.megabytes << 20))
    signal.signal(signal.SIGALRM, _too_long)
    tally: Counter[tuple[str, str]] = Counter()
    details: Counter[str] = Counter()
    slowest = Outcome("", "", "", 0.0)
    for number in range(given.first, given.first + given.copies):
        signal.alarm(given.seconds)
        outcome = outcome_of(*damaged(originals[number * 7 % len(originals)], number))
        signal.alarm(0)
        tally[outcome.kind, outcome.result] += 1
        details[outcome.detail] += bool(outcome.detail)
        slowest = max(slowest, outcome, key=lambda one: one.seconds)
        if outcome.detail and details[outcome.detail] == 1:
            print(f"{number} {files[number * 7 % len(files)].name}: {outcome.result}: {outcome.detail}", flush=True)
    _print(tally, slowest)
    raise SystemExit(any(result in ("caught", "escaped") for _, result in tally))


def _print(tally: Counter[tuple[str, str]], slowest: Outcome) -> None:
    results = ("read", "refused", "caught", "escaped")
    print(f"{'damage':20}" + "".join(f"{result:>10}" for result in results))
    for kind in dict.fromkeys(kind for kind, _ in tally):
        print(f"{kind:20}" + "".join(f"{tally[kind, result]:10}" for result in results))
    totals = [sum(count for (_, one), count in tally.items() if one == result) for result in results]
    print(f"{'all':20}" + "".join(f"{total:10}" for total in totals))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
    print(f"slowest {slowest.seconds:.2f} s ({slowest.kind}); at most {peak:.0f} MB")


def _too_long(_signal: int, _frame: FrameType | None) -> None:
    raise TimeoutError("a copy took longer than allowed")


if __name__ == "__main__":
    main()
