"""Read every AAF of a folder, write it for every application, read that, and print what is not as it was.

`python benchmarks/aaf_rounds.py CORPUS`, with `--all` to see every difference and not only those that no report named.

One line an application: timelines, facts compared, what differs by kind, and what differs without a loss that says so.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / part) for part in ("tests", "interchange", "adapters")]

from aaf_rounds import Difference, go_round, timelines_of  # noqa: E402
from postsync.errors import PostsyncError  # noqa: E402

PROFILES = ("pro-tools", "media-composer", "resolve", "generic")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("corpus", type=Path)
    asked.add_argument("--all", action="store_true")
    given = asked.parse_args()
    unsaid = sum(_through(given.corpus, profile, show_all=given.all) for profile in PROFILES)
    raise SystemExit(unsaid != 0)


def _through(corpus: Path, profile: str, *, show_all: bool) -> int:
    """Send everything round for one application; gives how many differences nobody was told of."""
    total: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    for path in sorted((corpus / "aaf").rglob("*.aaf")):
        try:
            found = timelines_of(path)
        except PostsyncError:
            total["refused"] += 1
            continue
        for timeline in found:
            with tempfile.TemporaryDirectory() as work:
                made = go_round(timeline, Path(work) / "x.aaf", profile=profile)
            total.update(timelines=1, facts=made.facts, unsaid=len(made.unsaid))
            kinds.update(one.kind for one in made.differences)
            for one in made.differences if show_all else made.unsaid:
                print(_line(path, one))
    counts = ", ".join(f"{kind} {count}" for kind, count in kinds.most_common()) or "nothing"
    compared = f"timelines {total['timelines']}, facts {total['facts']}"
    print(f"{profile:15} {compared}, not as it was: {counts}; unsaid {total['unsaid']}", flush=True)
    return total["unsaid"]


def _line(path: Path, one: Difference) -> str:
    return f"    {path.name[:40]:40} {one.kind:12} {one.where[:50]:50} {str(one.was)[:60]} now {str(one.now)[:60]}"


if __name__ == "__main__":
    main()
