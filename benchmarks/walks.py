"""How long each step of the walks of `docs/walks` takes, and where the slowest step of each spends its time.

`python benchmarks/walks.py` types every command of every page in a folder with the example, as the tests do, and prints seconds
of the clock; then it runs the page again up to its slowest step under a profiler. `--start` adds how long the command itself
takes to begin, in a process of its own.
"""

from __future__ import annotations

import argparse
import contextlib
import cProfile
import io
import os
import pstats
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / part) for part in ("tests", "interchange", "adapters")]

import opentimelineio as otio  # noqa: E402

from postsync import demo  # noqa: E402
from postsync_adapters import plugin_manifest  # noqa: E402
from test_walks import BLOCK, COMMAND, WALKS, typed  # noqa: E402

MOST = 6


def steps(page: Path) -> Iterator[tuple[str, str]]:
    """Yield the commands and scripts of a page in order: what it is, and its text."""
    for block in BLOCK.finditer(page.read_text(encoding="utf-8")):
        if block[1] == "python":
            yield "python", block[2]
        else:
            yield from (("command", command[1]) for command in COMMAND.finditer(block[2]))


def run(kind: str, text: str) -> None:
    with contextlib.redirect_stdout(io.StringIO()):
        if kind == "python":
            exec(compile(text, "walk", "exec"), {})
        else:
            typed(text)


def walked(page: Path, profiled: int | None = None) -> tuple[list[float], cProfile.Profile]:
    """Walk a page in a new folder; give the seconds of each step, and the profile of one of them, where the walk then ends."""
    profile = cProfile.Profile()
    seconds: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        before = Path.cwd()
        os.chdir(folder)
        try:
            demo.unpack_example(Path(folder))
            for number, (kind, text) in enumerate(steps(page)):
                begun = time.perf_counter()
                if number == profiled:
                    profile.runcall(run, kind, text)
                    break
                run(kind, text)
                seconds.append(time.perf_counter() - begun)
        finally:
            os.chdir(before)
    return seconds, profile


def hot_spots(profile: cProfile.Profile) -> Iterator[str]:
    """Yield the functions in which most of the time is spent, each with its share."""
    stats = pstats.Stats(profile)
    rows: dict[tuple[str, int, str], tuple[int, int, float, float, object]] = vars(stats)["stats"]
    total = sum(row[2] for row in rows.values()) or 1.0
    for (path, line, name), row in sorted(rows.items(), key=lambda one: -one[1][2])[:MOST]:
        place = re.sub(r".*/(postsync|postsync_adapters|site-packages)/", "", path)
        yield f"    {row[2] / total:5.0%}  {name if path == '~' else f'{place}:{line} {name}'}"


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--start", action="store_true")
    given = asked.parse_args()
    if "postsync_fcpxml" not in otio.adapters.available_adapter_names():
        ours, known = plugin_manifest(), otio.plugins.ActiveManifest()  # names, or what they hold is gone too early
        known.adapters.extend(ours.adapters)
    if given.start:
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path[:3])}
        begun = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "postsync", "--version"], env=environment, check=True, capture_output=True
        )
        print(f"the command begins within {time.perf_counter() - begun:.2f} s\n")
    for page in sorted(WALKS.glob("*.md")):
        seconds, _ = walked(page)
        texts = [text for _, text in steps(page)]
        slowest = max(range(len(seconds)), key=seconds.__getitem__)
        print(f"{page.stem}: {len(texts)} steps, {sum(seconds):.1f} s")
        for number in sorted(range(len(seconds)), key=lambda one: -seconds[one])[:3]:
            print(f"  {seconds[number]:5.2f} s  {texts[number].splitlines()[0][:96]}")
        print(*hot_spots(walked(page, slowest)[1]), sep="\n", flush=True)


if __name__ == "__main__":
    main()
