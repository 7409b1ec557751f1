"""Read every cue file of the corpus and print what was found: markers, those that are cues, the clock, what was noted.

`python benchmarks/cue_corpus.py`; the corpus is named by POSTSYNC_CORPUS. "to it" counts the cues that come back with their
uid after all its markers were made cues, written in the same format and read again.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / folder) for folder in ("interchange", "adapters", "tests")]

from carrier_pairs import carriers, sent, values_of  # noqa: E402
from postsync.cueing import spot  # noqa: E402
from postsync.errors import PostsyncError, RateError  # noqa: E402
from postsync.formats import Purpose  # noqa: E402
from postsync.formats.conversion import Opened, read_file  # noqa: E402
from postsync.model import Project, timeline_cues, timeline_facts  # noqa: E402
from postsync.report import Report  # noqa: E402
from postsync.timing import as_rate  # noqa: E402

FOLDERS = ("cues", "resolve/marker-edl", "wav", "edl")
SUFFIXES = (".txt", ".xml", ".csv", ".tsv", ".edl", ".ttml", ".srt", ".vtt", ".wav", ".mid")


def _opened(path: Path, report: Report) -> Opened:
    """Read a file; a sheet that does not state its rate at 24."""
    try:
        return read_file(path, report)
    except RateError:
        return read_file(path, report, rate=as_rate("24"))


def main() -> None:
    corpus = Path(os.environ.get("POSTSYNC_CORPUS") or ROOT.parent / "shared" / "corpus")
    paths = [
        path for folder in FOLDERS for path in sorted((corpus / folder).rglob("*")) if path.suffix.lower() in SUFFIXES
    ]
    print(f"{'file':66} {'format':19} {'rate':8} {'start':12} markers  cues  all   to it  notes")
    for path in paths:
        report = Report()
        name = str(path.relative_to(corpus))
        try:
            opened = _opened(path, report)
        except PostsyncError as fault:
            if not name.startswith("edl"):
                print(f"{name[-66:]:66} refused: {str(fault).partition(name)[2][:90]}")
            continue
        if opened.format.purpose is not Purpose.CUES:
            continue
        timeline = opened.timelines[0]
        facts, markers = timeline_facts(timeline), len(timeline.tracks.markers)
        spot(timeline, Project(), Report())
        cues = len(timeline_cues(timeline))
        spot(timeline, Project(), Report(), all_markers=True)
        every = len(timeline_cues(timeline))
        kept = "-"
        if opened.format.name in carriers():
            returned, _ = sent(timeline, opened.format.name, "uid")
            kept = str(len(values_of(timeline).keys() & values_of(returned).keys()))
        notes = ", ".join(f"{count} {code}" for code, count in Counter(loss.code for loss in report).items())
        print(
            f"{name[-66:]:66} {opened.format.name:19} {facts.rate.name:8} {facts.start_timecode:12}"
            f" {markers:>7} {cues:>5} {every:>4} {kept:>7}  {notes}"
        )


if __name__ == "__main__":
    main()
