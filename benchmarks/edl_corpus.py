"""Read every list of a folder of real files and print what became of each line.

`python benchmarks/edl_corpus.py CORPUS`, with `--notes` for the kinds of notes of each list.

One line a list: lines, events, how many of them are on the timeline at their stated record time, notes known, markers, lines
kept verbatim, losses and notes of the report, and whether the text comes back the same from the list and from the timeline,
and the timeline from a list that is written anew. The last lines add up; the exit code is 1 where anything fell short.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / part) for part in ("interchange", "adapters")]

from postsync.formats import decode_text  # noqa: E402
from postsync.model import PlacedTransition, placed_tracks, timeline_facts  # noqa: E402
from postsync.report import Report  # noqa: E402
from postsync.timing import nearest_frame  # noqa: E402
from postsync_adapters.edl import (  # noqa: E402
    EdlReadOptions,
    EdlWriteOptions,
    edit_list_of,
    parse_bytes,
    timeline_of,
)

COLUMNS = "lines events placed notes markers verbatim losses remarks"


def placed_lines(timeline: Any) -> dict[int, set[str]]:
    """Give the record labels at which each event line is found on the timeline."""
    facts = timeline_facts(timeline)
    found: dict[int, set[str]] = {}
    for track in placed_tracks(timeline):
        for item in track.items:
            mix = isinstance(item, PlacedTransition)
            about = (item.transition if mix else item.clip).metadata.get("edl")
            at = facts.label(nearest_frame(item.cut if mix else item.record_in, facts.rate))
            found.setdefault(int(about["line"]), set()).add(at)
            if "outgoing" in about:
                found.setdefault(int(about["outgoing"]["line"]), set()).add(at)
    return found


def essence(timeline: Any) -> Counter[Any]:
    found: Counter[Any] = Counter()
    for track in placed_tracks(timeline):
        channel = track.track.metadata["edl"]["channel"]
        for item in track.items:
            if isinstance(item, PlacedTransition):
                found[channel, item.cut, item.duration] += 1
            else:
                facts = item.facts
                key = (channel, item.record_in, item.duration, item.source_start, item.clip.name, item.media.tape)
                more = (facts.speed, facts.channels, facts.gain_db, facts.gain_points, facts.note)
                found[key + more] += 1
    return found


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("corpus", type=Path)
    asked.add_argument("--notes", action="store_true")
    given = asked.parse_args()
    total: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    codes: Counter[str] = Counter()
    print(f"{'list':44}" + "".join(f"{name:>9}" for name in COLUMNS.split()) + "  text  list  anew  rate")
    for path in sorted(one for one in given.corpus.rglob("*") if one.suffix.lower() == ".edl"):
        _one(path, total, kinds, codes, given.notes)
    print(f"{'all':44}" + "".join(f"{total[name]:9}" for name in COLUMNS.split()))
    print(
        "lists",
        total["lists"],
        "| same text from the list",
        total["text"],
        "| from the timeline",
        total["list"],
        end="",
    )
    print(" | same timeline from a list written anew", total["anew"])
    print("lines by kind:", ", ".join(f"{kind} {count}" for kind, count in kinds.most_common()))
    print("report:", ", ".join(f"{code} {count}" for code, count in codes.most_common()))
    short = total["placed"] < total["events"] or min(total["text"], total["list"], total["anew"]) < total["lists"]
    raise SystemExit(short)


def _one(path: Path, total: Counter[str], kinds: Counter[str], codes: Counter[str], show: bool) -> None:
    data, report = path.read_bytes(), Report()
    edit_list = parse_bytes(data, report)
    timeline = timeline_of(edit_list, report)
    facts = timeline_facts(timeline)
    counts = edit_list.counts()
    at = placed_lines(timeline)
    words = decode_text(data).text.replace("\0", " ").replace("\x1a", " ").split()
    text = edit_list.text().split() == words
    kept = edit_list_of(timeline, Report()).text().split() == words
    anew = edit_list_of(timeline, Report(), EdlWriteOptions(dialect="file128"))
    again = timeline_of(anew, Report(), EdlReadOptions(rate=facts.rate, start=facts.start_timecode))
    row = {
        "lines": len(edit_list.lines),
        "events": len(edit_list.events),
        "placed": sum(_same(event.record_in, at.get(event.line, set())) for event in edit_list.events),
        "notes": len(edit_list.notes) - counts["blank"] - len(edit_list.verbatim()),
        "markers": len(timeline.tracks.markers),
        "verbatim": len(edit_list.verbatim()),
        "losses": len(report.of_level("loss")),
        "remarks": len(report.of_level("note")),
    }
    same = essence(again) == essence(timeline)
    total.update(row, lists=1, text=text, list=kept, anew=same)
    kinds.update(counts)
    codes.update(loss.code for loss in report)
    marks = "".join(f"{'yes' if good else 'NO':>6}" for good in (text, kept, same))
    print(
        f"{path.name[:43]:44}" + "".join(f"{row[name]:9}" for name in COLUMNS.split()) + f"{marks}  {facts.rate.name}"
    )
    if show:
        print("    " + ", ".join(f"{kind} {count}" for kind, count in counts.most_common() if kind != "event"))


def _same(label: str, found: set[str]) -> bool:
    """Whether an event was found at its label, whichever mark stands before the frames."""
    return label.replace(";", ":") in {one.replace(";", ":") for one in found}


if __name__ == "__main__":
    main()
