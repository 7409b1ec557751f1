"""Run all measurements in one go and write `docs/benchmarks.md`: what each printed, on which machine, with which versions.

`python benchmarks/all.py CORPUS`, with `--peers FOLDER` for adapters of OpenTimelineIO that are not installed, `--only NAME`
for some scripts (their chapters are replaced, the rest of the page stays), `--full` for the big counts, which take hours.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import os
import platform
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
PAGE = HERE.parent / "docs" / "benchmarks.md"
LINES = 45
VERSIONS = (
    "postsync", "opentimelineio", "pyaaf2", "lxml", "numpy", "otio-aaf-adapter", "otio-cmx3600-adapter",
    "otio-fcpx-xml-adapter", "otio-fcp-adapter", "wavinfo",
)  # fmt: skip


@dataclass(frozen=True)
class Part:
    """One measurement: its script, its arguments (`CORPUS` and `PEERS` stand for the folders), those of the full count."""

    title: str
    script: str
    arguments: str = ""
    full: str | None = None


PARTS = (
    Part("FCPXML read, beside the official adapter", "fcpxml_speed", "--clips 20000 --official PEERS",
         "--clips 50000 --official PEERS"),
    Part("Growth, real timelines laid end to end", "growth", "CORPUS --files 1", "CORPUS --files 4"),
    Part("FCPXML against what Final Cut showed", "fcpxml_corpus", "CORPUS"),
    Part("XMEML, read and written again", "xmeml_corpus", "CORPUS --peers PEERS"),
    Part("AAF read, beside pyaaf2 and otio-aaf-adapter", "aaf_reading"),
    Part("AAF against an independent reader", "aaf_agreement", "CORPUS"),
    Part("AAF written, beside otio-aaf-adapter", "aaf_writing"),
    Part("EDL, beside the official adapter", "edl_speed"),
    Part("EDLs of the corpus", "edl_corpus", "CORPUS"),
    Part("Resolve's OTIO, beside the official adapters", "resolve_otio", "CORPUS"),
    Part("The right sample sounds", "turnovers", "CORPUS", "CORPUS --all"),
    Part("Sound of movies", "rendering", "--speed", ""),
    Part("Cue files of the corpus", "cue_corpus", "CORPUS"),
    Part("Cues through every pair of carriers", "cue_pairs", "20", "60"),
    Part("Cues through models of carriers", "cue_matrix", "500", "3000"),
    Part("20,000 cues read from every carrier", "cue_speed"),
    Part("Numbering and checking", "cues"),
    Part("Merging", "merging"),
    Part("Recuts", "reconforming", "accuracy 10", "all"),
    Part("Guides", "guides", "--speed"),
    Part("Sync, beside other programs", "alignment", "CORPUS --made 100", "CORPUS --made 600"),
    Part("Takes and headers", "takes", "--headers 3000 --seeds 1 --corpus CORPUS", "--corpus CORPUS"),
    Part("Every step of the walks", "walks", "--start"),
    Part("Paper", "paper"),
    Part("Cue browser", "cue_browser"),
    Part("Damaged files, beside the official adapters", "damaged", "CORPUS --copies 5000 --peers PEERS",
         "CORPUS --peers PEERS"),
    Part("Killed writes", "killed", "--count 120", ""),
)  # fmt: skip


def main() -> None:
    """Run what was asked for and write the page, a chapter each, after every one: a run that is stopped keeps its figures."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("corpus", type=Path)
    asked.add_argument("--peers", type=Path)
    asked.add_argument("--only", nargs="+", default=[])
    asked.add_argument("--full", action="store_true")
    given = asked.parse_args()
    chosen = [part for part in PARTS if not given.only or part.script in given.only]
    chapters = _chapters() if given.only else {}
    for part in chosen:
        print(part.title, flush=True)
        chapters[part.title] = _chapter(part, given)
        ordered = [chapters[one.title] for one in PARTS if one.title in chapters]
        PAGE.write_text(f"{_head()}\n{''.join(ordered)}".rstrip() + "\n", encoding="utf-8")


def _chapters() -> dict[str, str]:
    text = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    return {match[1]: match[0] for match in re.finditer(r"## (.*?)\n.*?(?=\n## |\Z)", text, re.DOTALL)}


def _chapter(part: Part, given: argparse.Namespace) -> str:
    wanted = part.full if given.full and part.full is not None else part.arguments
    if "PEERS" in wanted and given.peers is None:
        wanted = re.sub(r"--\w+ PEERS", "", wanted).strip()
    typed = [
        str(given.corpus) if one == "CORPUS" else str(given.peers) if one == "PEERS" else one for one in wanted.split()
    ]
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, str(HERE / f"{part.script}.py"), *typed], capture_output=True, text=True, check=False
    )
    lines = done.stdout.rstrip().splitlines() or done.stderr.rstrip().splitlines()[-3:]
    for folder, word in ((given.corpus, "CORPUS"), (given.peers, "PEERS")):
        lines = [line.replace(str(folder), word) for line in lines] if folder else lines
    left = max(len(lines) - LINES, 0)
    shown = [*([f"… {left} lines before"] if left else []), *lines[left:]]
    took, shows = time.perf_counter() - begun, "" if done.returncode == 0 else f", ended with {done.returncode}"
    command = f"python benchmarks/{part.script}.py {wanted}".rstrip()
    return f"## {part.title}\n\n`{command}`: {took:.0f} s{shows}\n\n```text\n{chr(10).join(shown)}\n```\n\n"


def _head() -> str:
    installed = [(name, _version(name)) for name in VERSIONS]
    known = ", ".join(f"{name} {version}" for name, version in installed if version)
    return (
        "# Benchmarks\n\nMade by `python benchmarks/all.py CORPUS`: every chapter is what its script printed, one after "
        "the other.\nTimes are ratios to peers in the same process or minute wherever there is a peer.\n\n"
        f"{time.strftime('%d %b %Y')}, {platform.machine()}, {os.cpu_count()} cores, {platform.system()}, "
        f"Python {platform.python_version()}; {known}.\n"
    )


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


if __name__ == "__main__":
    main()
