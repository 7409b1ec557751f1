"""Turn every timeline of a folder of real files over on made media and print what sounded.

`python benchmarks/turnovers.py CORPUS`, with `--mode embed` or `link` for the other ways of giving media, `--profile` for the
application that the AAF is for, whose check it must pass as well, and `--channels native` for several channels in a clip.
`--all` goes through every profile, mode and way of channels, and prints the lines of what is wrong alone. `--named TEXT` takes
only files of such a name.

One line a timeline: clips and channels that must sound, those that did at every sample asked, samples asked, cues with every
marker taken as one, losses by code. The last lines add up.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / part) for part in ("tests", "interchange", "adapters")]

from null_test import null_test  # noqa: E402
from postsync.errors import PostsyncError  # noqa: E402
from postsync.verbs import opened  # noqa: E402

PROFILES = ("pro-tools", "media-composer", "resolve", "generic")


def timelines(folder: Path) -> list[Path]:
    """Every file of a folder of real ones that may place sound on a timeline."""
    places = ("fcpxml/*.fcpxml", "resolve/otio/*.otio", "xmeml/*.xml", "aaf/**/*.aaf", "edl/**/*.edl")
    return [path for place in places for path in sorted(folder.glob(place))]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("corpus", type=Path)
    asked.add_argument("--mode", choices=["copy", "embed", "link"], default="copy")
    asked.add_argument("--profile", choices=PROFILES, default="pro-tools")
    asked.add_argument("--channels", choices=["mono", "native"])
    asked.add_argument("--all", action="store_true")
    asked.add_argument("--named", default="")
    given = asked.parse_args()
    ways = [(given.profile, given.channels, given.mode)]
    if given.all:
        ways = list(itertools.product(PROFILES, ("mono", "native"), ("copy", "embed", "link")))
    wrong = 0
    for way in ways:
        total = _through(given.corpus, given.named, *way, quiet=given.all)
        wrong += total["clips"] - total["right"]
    raise SystemExit(wrong != 0)


def _through(corpus: Path, named: str, profile: str, channels: str | None, mode: str, *, quiet: bool) -> Counter[str]:
    """Turn every timeline over in one way, and print what sounded."""
    total: Counter[str] = Counter()
    if not quiet:
        print(f"{'file':45} {'timeline':28} {'clips':>6} {'right':>6} {'samples':>8} {'cues':>5}  losses")
    for path in (path for path in timelines(corpus) if named in path.name):
        try:
            found = opened(path).timelines
        except PostsyncError as fault:
            total["refused"] += 1
            if not quiet:
                print(f"{path.name[:45]:45} refused ({fault.exit_code}): {fault.message[:90]}")
            continue
        for timeline in found:
            total["timelines"] += 1
            name = timeline.name if len(found) > 1 else None
            _one(path, name, total, quiet=quiet, mode=mode, profile=profile, channels=channels)
    said = ", ".join(f"{name} {count}" for name, count in total.items())
    print(f"{profile:15} {channels or 'its own':8} {mode:6} {said}", flush=True)
    return total


def _one(path: Path, name: str | None, total: Counter[str], *, quiet: bool, **way: Any) -> None:
    with tempfile.TemporaryDirectory() as work:
        outcome = null_test(path, Path(work), timeline_name=name, checked=True, **way)
    made = outcome.made
    assert made is not None
    total.update(clips=outcome.clips, right=outcome.right, samples=outcome.samples, cues=made.cues)
    codes = Counter(loss.code for loss in made.report.of_level("loss"))
    losses = ", ".join(f"{code} {count}" for code, count in codes.items())
    if quiet and not outcome.faults:
        return
    print(
        f"{path.name[:45]:45} {(made.timeline or '')[:28]:28} {outcome.clips:6} {outcome.right:6} {outcome.samples:8}"
        f" {made.cues:5}  {losses}"
    )
    for fault in outcome.faults:
        print(f"    {fault}")


if __name__ == "__main__":
    main()
