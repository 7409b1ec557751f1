"""Read 100,000 damaged copies of files of every format and print what became of them, beside OpenTimelineIO's own adapters.

`python benchmarks/damaged.py CORPUS`, with `--copies N`, `--from NUMBER` to go on elsewhere, `--only FORMAT`, `--jobs N`,
`--seconds` and `--megabytes` for what one copy may take, and `--peers FOLDER` for adapters that are not installed.

A fifth of the copies are AAFs, damaged in their storage; the others are every file of the corpus that a reader knows, and one
of every format that we write. Every copy must read or be refused in words of ours. A foreign error that the edge of a format
turned into ours counts as *caught* and is printed with its line: it is ours to mend. What takes longer than allowed, or memory
beyond the limit of the process, is *too much*.
"""

from __future__ import annotations

import argparse
import logging
import resource
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import FrameType
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / part) for part in ("tests", "interchange", "adapters")]

import aaf_damage  # noqa: E402
import damage  # noqa: E402
import postsync  # noqa: E402, F401 - makes our formats known
from damage import Original, Outcome  # noqa: E402
from postsync.formats.conversion import formats  # noqa: E402

RESULTS = ("read", "refused", "caught", "escaped", "too much")
AAF_SHARE = 5
BLOCK = 500
Work = Callable[[Original, str, bytes], Outcome]
PEERS = {"aaf": "AAF", "fcpxml": "fcpx_xml", "xmeml": "fcp_xml", "edl": "cmx_3600"}


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
    given = asked.parse_args()
    total = Tally()
    starts = range(given.first, given.first + given.copies, BLOCK)
    with ProcessPoolExecutor(given.jobs, initializer=_begin, initargs=(given,)) as pool:
        for tally in pool.map(_block, starts, [given] * len(starts)):
            total.extend(tally)
    _print(total)
    raise SystemExit(any(result in RESULTS[2:] for name, result in total.counts if not name.startswith("peer ")))


_originals: list[list[Original]] = []
"""By format."""
_aafs: list[Original] = []


def _begin(given: Any) -> None:
    """Get a process ready: its files, and the limits of one copy."""
    if given.peers:
        logging.disable()
        sys.path.append(str(given.peers))
    resource.setrlimit(resource.RLIMIT_AS, (given.megabytes << 20, given.megabytes << 20))
    signal.signal(signal.SIGALRM, _too_long)
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
        if given.peers and original.format in PEERS:
            outcome = _timed(_theirs, original, kind, data, given.seconds)
            tally.counts[f"peer {PEERS[original.format]}", outcome.result] += 1
    tally.peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
    return tally


def _copy(number: int, only: str | None) -> tuple[Original, str, bytes]:
    if only in (None, "aaf") and number % AAF_SHARE == 0:
        original = _aafs[number // AAF_SHARE * 7 % len(_aafs)]
        return (original, *aaf_damage.damaged(original.data, number // AAF_SHARE))
    group = _originals[number % len(_originals)]
    original = group[number // len(_originals) % len(group)]
    return (original, *damage.damaged(original, number))


def _ours(original: Original, kind: str, data: bytes) -> Outcome:
    if original.format == "aaf":
        return aaf_damage.outcome_of(kind, data)
    return damage.outcome_of(formats()[original.format], kind, data)


def _theirs(original: Original, kind: str, data: bytes) -> Outcome:
    """Read a copy with another adapter, whose only way to refuse is an exception of its library or a plain one."""
    import opentimelineio as otio

    with tempfile.TemporaryDirectory() as work:
        path = Path(work) / f"copy{Path(original.name).suffix}"
        path.write_bytes(data)
        try:
            otio.adapters.read_from_file(str(path), adapter_name=PEERS[original.format])
        except otio.exceptions.OTIOError:
            return Outcome(kind, "refused", "", 0.0)
        except TimeoutError:
            raise
        except Exception:  # noqa: BLE001 - whatever comes, its user sees a stack trace
            return Outcome(kind, "escaped", "", 0.0)
    return Outcome(kind, "read", "", 0.0)


def _timed(work: Work, original: Original, kind: str, data: bytes, seconds: int) -> Outcome:
    signal.alarm(seconds)
    try:
        found = work(original, kind, data)
        return found if found.seconds < seconds else replace(found, result="too much")
    except (TimeoutError, MemoryError) as fault:
        return Outcome(kind, "too much", type(fault).__name__, float(seconds))
    finally:
        signal.alarm(0)


def _print(total: Tally) -> None:
    names = sorted({name for name, _ in total.counts}, key=lambda name: (name.startswith("peer "), name))
    print(f"{'':22}" + "".join(f"{result:>10}" for result in RESULTS))
    for name in names:
        print(f"{name:22}" + "".join(f"{total.counts[name, result]:10}" for result in RESULTS))
    ours = [
        sum(count for (name, one), count in total.counts.items() if one == result and "peer" not in name)
        for result in RESULTS
    ]
    print(f"{'all of ours':22}" + "".join(f"{count:10}" for count in ours))
    print(f"slowest {total.slowest[0]:.2f} s ({total.slowest[1]}); at most {total.peak:.0f} MB")


def _too_long(_signal: int, _frame: FrameType | None) -> None:
    raise TimeoutError("a copy took longer than allowed")


if __name__ == "__main__":
    main()
