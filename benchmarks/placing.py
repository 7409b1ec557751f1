"""Place a take on every cue of every real file that has any, and read what was written by other readers.

`python benchmarks/placing.py CORPUS`. One line a timeline; every clip is looked for by pyaaf2 (place, length and sample of the
file), by OpenTimelineIO's AAF adapter (place and length), in FCPXML (against the DTD too) and in XMEML, and must keep its cue
through a reconform. Exits with 1 where a clip lies on another sample.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / part) for part in ("interchange", "adapters", "tests")]

from placed_takes import placed_round  # noqa: E402
from postsync.errors import PostsyncError  # noqa: E402
from postsync.verbs import opened  # noqa: E402

PATTERNS = ("fcpxml/*.fcpxml", "xmeml/*.xml", "resolve/**/*.otio", "aaf/**/*.aaf")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("corpus", type=Path)
    asked.add_argument("--only", default="", help="files with this in their name")
    given = asked.parse_args()
    total, short, files = Counter[str](), 0, 0
    for path in sorted(path for pattern in PATTERNS for path in given.corpus.glob(pattern) if given.only in path.name):
        try:
            names = [one.name for one in opened(path).timelines]
        except PostsyncError:
            continue
        for name in names[:3]:
            with tempfile.TemporaryDirectory() as folder:
                try:
                    made = placed_round(path, name, Path(folder), given.corpus / "fcpxml-dtd")
                except PostsyncError as fault:
                    print(f"{path.name} {name}: {fault}"[:160])
                    continue
            if made.takes:
                files += 1
                total.update(made.read)
                short += bool(made.faults)
                print(
                    f"{path.name[:40]:40} {name[:24]:24} {made.takes:4} takes  {'; '.join(made.faults[:3]) or 'whole'}"
                )
    print(f"{files} timelines, {short} fell short")
    for reader, count in total.items():
        print(f"{reader}: {count:,} clips")
    raise SystemExit(bool(short))


if __name__ == "__main__":
    main()
