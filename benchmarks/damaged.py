"""Read 100,000 damaged copies of files of every format, say what became of them, and of some in OpenTimelineIO's own adapters.

`python benchmarks/damaged.py CORPUS`, with `--copies N`, `--from NUMBER` to go on elsewhere, `--only FORMAT`, `--jobs N`,
`--seconds` and `--megabytes` for what one copy may take. `--peers FOLDER` sends the first `--peer-copies` of each of their
formats through the adapters of others too, those in the folder as well, each copy in a process of its own with the same
bounds. `--write` puts the tables into `docs/damaged.md`.

A fifth of the copies are AAFs, damaged in their storage; the others are every file of the corpus that a reader knows, and one
of every format that we write. Every copy must read or be refused in words of ours. A foreign error that the edge of a format
turned into ours counts as *caught* and is printed with its line: it is ours to mend. What takes longer than allowed, or memory
beyond the limit of the process, is *too much*.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import itertools
import resource
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import FrameType
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / part) for part in ("tests", "interchange", "adapters")]

import aaf_damage  # noqa: E402
import damage  # noqa: E402
import damage_peers  # noqa: E402
import postsync  # noqa: E402, F401 - makes our formats known
from damage import Original, Outcome  # noqa: E402
from postsync.formats.conversion import formats  # noqa: E402

RESULTS = ("read", "refused", "caught", "escaped", "too much")
AAF_SHARE = 5
BLOCK = 500
Work = Callable[[Original, str, bytes], Outcome]
PAGE = ROOT / "docs" / "damaged.md"
BEGIN, END = "<!-- tables -->", "<!-- end of tables -->"


@dataclass
class Tally:
    """What became of some copies: by format and result, how often each foreign error came, and the slowest."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter[tuple[str, str]])
    details: dict[str, str] = field(default_factory=dict[str, str])
    slowest: tuple[float, str] = (0.0, "")
    peak: float = 0.0

    def add(self, name: str, one: Outcome, place: str) -> None:
        """Count one copy."""
        self.counts[name, one.result] += 1
        if one.detail:
            self.details.setdefault(f"{name}: {one.result}: {one.detail}", place)
        self.slowest = max(self.slowest, (one.seconds, f"{name} {one.kind} {place}"))

    def extend(self, other: Tally) -> None:
        """Add the copies of another process."""
        self.counts.update(other.counts)
        for detail, place in other.details.items():
            if self.details.setdefault(detail, place) is place:
                print(f"{place} {detail}", flush=True)
        self.slowest, self.peak = max(self.slowest, other.slowest), max(self.peak, other.peak)


SLICE = 20_000
"""Copies after which the processes are new ones: what memory a copy takes is bounded, not what is scattered after many."""


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("corpus", type=Path)
    asked.add_argument("--copies", type=int, default=100_000)
    asked.add_argument("--from", dest="first", type=int, default=0)
    asked.add_argument("--only")
    asked.add_argument("--jobs", type=int, default=2)
    asked.add_argument("--seconds", type=int, default=20)
    asked.add_argument("--megabytes", type=int, default=2048)
    asked.add_argument("--peers", type=Path)
    asked.add_argument("--peer-copies", type=int, default=500)
    asked.add_argument("--write", action="store_true")
    given = asked.parse_args()
    total = Tally()
    end = given.first + given.copies
    for begin in range(given.first, end, SLICE):
        starts = range(begin, min(begin + SLICE, end), BLOCK)
        with ProcessPoolExecutor(given.jobs, initializer=_begin, initargs=(given,)) as pool:
            for tally in pool.map(_block, starts, [given] * len(starts)):
                total.extend(tally)
    print("\n".join(lines := _table(total)))
    if given.peers:
        print("\n".join(beside := _beside(given)))
        lines += beside
    if given.write:
        page = PAGE.read_text(encoding="utf-8")
        text = "\n".join(lines)
        PAGE.write_text(f"{page.split(BEGIN)[0]}{BEGIN}\n\n{text}\n\n{END}{page.split(END)[1]}", encoding="utf-8")
    raise SystemExit(any(result in RESULTS[2:] for _, result in total.counts))


_originals: list[list[Original]] = []
"""By format."""
_aafs: list[Original] = []


def _begin(given: Any) -> None:
    """Get a process ready: its files, and the limits of one copy."""
    resource.setrlimit(resource.RLIMIT_AS, (given.megabytes << 20, given.megabytes << 20))
    signal.signal(signal.SIGALRM, _too_long)
    signal.signal(signal.SIGPROF, _too_long)
    _load(given)


def _load(given: Any) -> None:
    every = [*damage.made_originals(), *damage.found_originals(given.corpus)]
    _aafs.extend(one for one in every if one.format == "aaf")
    names = sorted({one.format for one in every if one.format == (given.only or one.format)})
    _originals.extend([one for one in every if one.format == name] for name in names)


def _block(first: int, given: Any) -> Tally:
    tally = Tally()
    for number in range(first, min(first + BLOCK, given.first + given.copies)):
        original, kind, data = _copy(number, given.only)
        outcome = _timed(_ours, original, kind, data, given.seconds)
        tally.add(original.format, outcome, f"{number} {original.name}")
    tally.peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
    return tally


def _copy(number: int, only: str | None) -> tuple[Original, str, bytes]:
    original, bare = _original(number, only)
    if bare:
        return (original, *aaf_damage.damaged(original.data, number // AAF_SHARE))
    return (original, *damage.damaged(original, number))


def _original(number: int, only: str | None) -> tuple[Original, bool]:
    """Give the file that a copy is made of, and whether it is an AAF that is damaged in its storage."""
    if only in (None, "aaf") and number % AAF_SHARE == 0:
        return _aafs[number // AAF_SHARE * 7 % len(_aafs)], True
    group = _originals[number % len(_originals)]
    return group[number // len(_originals) % len(group)], False


def _ours(original: Original, kind: str, data: bytes) -> Outcome:
    if original.format == "aaf":
        return aaf_damage.outcome_of(kind, data)
    return damage.outcome_of(formats()[original.format], kind, data)


def _timed(work: Work, original: Original, kind: str, data: bytes, seconds: int) -> Outcome:
    signal.setitimer(signal.ITIMER_PROF, seconds)  # of the processor: other work on the machine is no fault of a copy
    signal.alarm(10 * seconds)
    try:
        found = work(original, kind, data)
        return found if found.seconds < seconds else replace(found, result="too much")
    except (TimeoutError, MemoryError) as fault:
        return Outcome(kind, "too much", type(fault).__name__, float(seconds))
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.alarm(0)


def _table(total: Tally) -> list[str]:
    names = sorted({name for name, _ in total.counts})
    lines = ["| | read | refused | caught | escaped | too much |", "| --- | --: | --: | --: | --: | --: |"]
    lines += [_row(name, [total.counts[name, result] for result in RESULTS]) for name in names]
    sums = [sum(count for (_, one), count in total.counts.items() if one == result) for result in RESULTS]
    slowest = f"The slowest took {total.slowest[0]:.1f} s; no process took more than {total.peak:.0f} MB."
    return [*lines, _row("all", sums), "", slowest]


def _beside(given: Any) -> list[str]:
    """The same copies through us and through the adapter of others for their format."""
    signal.signal(signal.SIGALRM, _too_long)
    signal.signal(signal.SIGPROF, _too_long)
    _load(given)
    heads = ("read", "refused", "stray", "too much", "crashed")
    lines = ["", f"### The first {given.peer_copies} copies of a format, beside OpenTimelineIO's own adapter", ""]
    lines += [f"| | {' | '.join(heads)} | what is astray |", "| --- |" + " --: |" * len(heads) + " --- |"]
    for fmt, adapter in damage_peers.PEERS.items():
        if given.only not in (None, fmt) or not damage_peers.make_known(adapter, given.peers):
            continue
        ours, theirs, astray = Counter[str](), Counter[str](), Counter[str]()
        for original, kind, data in itertools.islice(_copies_of(fmt, given), given.peer_copies):
            found = _timed(_ours, original, kind, data, given.seconds).result
            ours["stray" if found in ("caught", "escaped") else found] += 1
            result, said = _theirs(adapter, original, data, given)
            theirs[result] += 1
            astray.update([said] if result == damage_peers.STRAY else [])
        package = damage_peers.PACKAGES[adapter].replace("_", "-")
        named = ", ".join(f"{name} {count}" for name, count in astray.most_common(4))
        lines.append(_row(f"{fmt}: ours", [ours[head] for head in heads], ""))
        lines.append(_row(f"{fmt}: {package} {_version(package)}", [theirs[head] for head in heads], named))
        print(lines[-1], flush=True)
    return lines


def _copies_of(fmt: str, given: Any) -> Iterator[tuple[Original, str, bytes]]:
    numbers = (number for number in itertools.count(given.first) if _original(number, given.only)[0].format == fmt)
    return (_copy(number, given.only) for number in numbers)


def _theirs(adapter: str, original: Original, data: bytes, given: Any) -> tuple[str, str]:
    with tempfile.TemporaryDirectory() as work:
        path = Path(work) / f"copy{Path(original.name).suffix}"
        path.write_bytes(data)
        return damage_peers.outcome_by_peer(
            adapter, path, given.peers, seconds=given.seconds, megabytes=given.megabytes
        )


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _row(name: str, counts: list[int], *more: str) -> str:
    return f"| {' | '.join((name, *map(str, counts), *more))} |"


def _too_long(_signal: int, _frame: FrameType | None) -> None:
    raise TimeoutError("a copy took longer than allowed")


if __name__ == "__main__":
    main()
