"""Turn every timeline of a folder of real files over on made media and print what sounded.

`python benchmarks/turnovers.py CORPUS`, with `--mode embed` or `link` for the other ways of giving media.

One line a timeline: clips and channels that must sound, those that did at every sample asked, samples asked, cues with every
marker taken as one, losses by code. The last lines add up.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / part) for part in ("tests", "interchange", "adapters")]

from null_test import null_test  # noqa: E402
from postsync.errors import PostsyncError  # noqa: E402
from postsync.verbs import opened  # noqa: E402


def timelines(folder: Path) -> list[Path]:
    return [*sorted((folder / "fcpxml").glob("*.fcpxml")), *sorted((folder / "resolve" / "otio").glob("*.otio"))]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("corpus", type=Path)
    asked.add_argument("--mode", choices=["copy", "embed", "link"], default="copy")
    given = asked.parse_args()
    total: Counter[str] = Counter()
    print(f"{'file':45} {'timeline':28} {'clips':>6} {'right':>6} {'samples':>8} {'cues':>5}  losses")
    for path in timelines(given.corpus):
        try:
            found = opened(path).timelines
        except PostsyncError as fault:
            total["refused"] += 1
            print(f"{path.name[:45]:45} refused ({fault.exit_code}): {fault.message[:90]}")
            continue
        for timeline in found:
            total["timelines"] += 1
            _one(path, timeline.name if len(found) > 1 else None, given.mode, total)
    print(", ".join(f"{name} {count}" for name, count in total.items()))
    raise SystemExit(total["clips"] != total["right"])


def _one(path: Path, name: str | None, mode: str, total: Counter[str]) -> None:
    with tempfile.TemporaryDirectory() as work:
        outcome = null_test(path, Path(work), mode=mode, timeline_name=name)
    made = outcome.made
    assert made is not None
    total.update(clips=outcome.clips, right=outcome.right, samples=outcome.samples, cues=made.cues)
    codes = Counter(loss.code for loss in made.report.of_level("loss"))
    losses = ", ".join(f"{code} {count}" for code, count in codes.items())
    print(
        f"{path.name[:45]:45} {(made.timeline or '')[:28]:28} {outcome.clips:6} {outcome.right:6} {outcome.samples:8}"
        f" {made.cues:5}  {losses}"
    )
    for fault in outcome.faults:
        print(f"    {fault}")


if __name__ == "__main__":
    main()
