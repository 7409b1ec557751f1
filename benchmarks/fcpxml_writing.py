"""Write and fill every FCPXML document of a folder of real files, and print what became of each; then how fast it goes.

`python benchmarks/fcpxml_writing.py CORPUS`, with `--also` for the AAF, EDL and OTIO files beside it, `--versions` for others
than 1.8, 1.9, 1.11 and 1.14, and `--speed` for the speed alone.

One line a timeline: clips seen and heard, markers, transitions; in how many versions it is valid against Apple's DTD and reads
back the same; what was named as lost; and whether cues and takes put into it changed nothing else, stand exactly, and go in a
second time without a change. The last lines add up; the exit code is 1 where anything fell short.
"""

from __future__ import annotations

import argparse
import io
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / part) for part in ("interchange", "adapters", "tests")]

from lxml import etree  # noqa: E402

from fcpxml_inserted import insertion  # noqa: E402
from fcpxml_written import agreement, dtd_of, made_programme, written  # noqa: E402
from postsync.errors import PostsyncError  # noqa: E402
from postsync.formats.conversion import read_file  # noqa: E402
from postsync.report import Report  # noqa: E402

VERSIONS = ("1.8", "1.9", "1.11", "1.14")
ALSO = ("aaf/**/*.aaf", "edl/**/*.edl", "resolve/**/*.otio")


def timelines(corpus: Path, also: bool) -> Iterator[tuple[Path, Any]]:
    """Yield every timeline of every readable file."""
    patterns = ("fcpxml/*.fcpxml", *(ALSO if also else ()))
    for path in sorted(path for pattern in patterns for path in corpus.glob(pattern)):
        try:
            found = read_file(path, Report()).timelines
        except PostsyncError as fault:
            print(f"{path.name}: not readable ({fault})"[:140])
            continue
        yield from ((path, timeline) for timeline in found)


def corpus_table(corpus: Path, versions: list[str], also: bool) -> int:
    """Print the table; give how many timelines fell short."""
    dtds = {version: dtd_of(corpus / "fcpxml-dtd", version) for version in versions}
    short = 0
    total: Counter[str] = Counter()
    print(f"{'timeline':52} {'seen':>5} {'heard':>5} {'marks':>5} {'mixes':>5}  valid same  filled  named")
    for path, timeline in timelines(corpus, also):
        results = [agreement(timeline, version, dtds[version]) for version in versions]
        valid, same = sum(one.valid for one in results), sum(not one.unnamed for one in results)
        filled = insertion(path, timeline.name, corpus / "fcpxml-dtd") if path.suffix == ".fcpxml" else None
        counts = results[-1].counts
        named = ", ".join(f"{count} {code}" for code, count in results[-1].named.items())
        ok = valid == same == len(versions) and (filled is None or filled.whole)
        short += not ok
        total.update(counts)
        total.update(
            {"timelines": 1, "whole": ok, "valid": valid, "same": same, "filled": bool(filled and filled.whole)}
        )
        total["fillable"] += filled is not None
        name = f"{path.stem[:26]} / {timeline.name[:22]}"
        shown = "-" if filled is None else "yes" if filled.whole else filled.fault
        marks = " ".join(f"{counts[kind]:5}" for kind in ("picture", "sound", "marker", "transition"))
        print(f"{name:52} {marks}  {valid:>3}/{len(versions)} {same:>2}/{len(versions)}  {shown:6}  {named}")
        for fault in [one for result in results for one in (result.fault, *result.unnamed[:2]) if one][:3]:
            print(f"    {fault}"[:200])
    print(
        f"\n{total['timelines']} timelines: {total['whole']} whole; {total['valid']} documents valid and {total['same']} the "
        f"same of {total['timelines'] * len(versions)}; {total['filled']} of {total['fillable']} filled without another change"
    )
    print(
        f"{total['picture']} clips seen, {total['sound']} heard, {total['marker']} markers, {total['transition']} transitions"
    )
    return short


def speed_table(counts: tuple[int, ...] = (5_000, 50_000)) -> None:
    """Print what writing takes for each clip, beside what lxml takes to parse the document once more."""
    print(f"\n{'clips':>7} {'write s':>8} {'per clip µs':>12} {'parse s':>8} {'ratio':>6} {'MB':>6}")
    for count in counts:
        timeline = made_programme(count)
        began = time.process_time()
        data = written(timeline)
        wrote = time.process_time() - began
        began = time.process_time()
        etree.parse(io.BytesIO(data))
        parsed = time.process_time() - began
        print(
            f"{count:7} {wrote:8.2f} {wrote / count * 1e6:12.0f} {parsed:8.2f} {wrote / parsed:6.1f} {len(data) / 1e6:6.1f}"
        )


def main() -> int:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--also", action="store_true")
    parser.add_argument("--speed", action="store_true")
    parser.add_argument("--versions", nargs="+", default=list(VERSIONS))
    asked = parser.parse_args()
    short = 0 if asked.speed else corpus_table(asked.corpus, asked.versions, asked.also)
    speed_table()
    return int(short > 0)


if __name__ == "__main__":
    sys.exit(main())
