"""The rushes: headers indexed a second, a made shoot conformed by five kinds of list, real lists on rushes made of themselves.

    python benchmarks/rushes.py [--headers 50000] [--seeds 3] [--sound 200] [--corpus FOLDER] [--only PART]

Headers: sparse files as recorders write them, indexed, and indexed again; processor and wall time, beside wavinfo on the
first 2,000. Shoot: some 5,000 files and 1,000 events a seed (`tests/made_shoot.py`): placed, right, wrong; one that is wrong
fails the command. Sound: events whose sound is at hand, each to be proven. Lists: every EDL of the corpus against recordings
made of its reel names and times. Speed: 1,000 events of one list, part by part.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "interchange"), str(ROOT / "adapters"), str(ROOT / "tests")]

from made_rushes import Header, make_rush, rushes_of_list  # noqa: E402
from made_shoot import (  # noqa: E402
    LISTS,
    Judged,
    conformed_list,
    heard_shoot,
    judged,
    made_shoot,
    written_list,
)
from postsync.conforming.rushes import RushesIndex, index_rushes, recordings_of  # noqa: E402
from postsync.conforming.rushes.book import Book  # noqa: E402
from postsync.conforming.rushes.events import events_of  # noqa: E402
from postsync.conforming.rushes.laying import LayPlan, lay  # noqa: E402
from postsync.conforming.rushes.log import log_json, log_text  # noqa: E402
from postsync.conforming.rushes.matching import match_events  # noqa: E402
from postsync.errors import PostsyncError  # noqa: E402
from postsync.formats.conversion import read_file, write_file  # noqa: E402
from postsync.model import timeline_facts  # noqa: E402
from postsync.report import Report  # noqa: E402


@contextmanager
def timed(what: str) -> Iterator[None]:
    wall, busy = time.perf_counter(), sum(os.times()[:4])
    yield
    spent = sum(os.times()[:4]) - busy
    print(f"  {what:34} {spent:7.2f} s of processors, {time.perf_counter() - wall:7.2f} s in all")


def headers(count: int, work: Path) -> bool:
    """Index so many headers, and again; say whether the first took less than a minute of one processor."""
    folder = work / "headers"
    print(f"{count:,} headers")
    with timed("written"):
        for number in range(count):
            tracks = ("MIX", "BOOM", "ROBIN", "MARIAN")
            header = Header(
                length=4_800, stamp=number * 480_000 + 1, channels=4, roll=f"SR{number // 200:03}", scene=f"{number // 8}A",
                take=str(number % 8 + 1), tracks=tracks, uid=f"U{number}", rate="24000/1001", flag="NDF",
            )  # fmt: skip
            make_rush(folder / f"day {number // 500:03}" / f"T{number:05}.WAV", header)
    begin = time.process_time()
    with timed("first run, one process"), RushesIndex(work / "headers.sqlite", write=True) as index:
        index_rushes(index, [folder], jobs=1)
    first = time.process_time() - begin
    with timed("second run"), RushesIndex(work / "headers.sqlite", write=True) as index:
        done = index_rushes(index, [folder], jobs=1)
    assert done.unchanged == count
    with timed("first run, as many as pay"), RushesIndex(None, write=True) as index:
        index_rushes(index, [folder])
    with timed("read as recordings"), RushesIndex(work / "headers.sqlite") as index:
        recordings_of(index.files())
    _beside_wavinfo(sorted(folder.rglob("*.WAV"))[:2000])
    shutil.rmtree(folder)
    return first < 60


def _beside_wavinfo(paths: list[Path]) -> None:
    try:
        import wavinfo
    except ImportError:
        print("  wavinfo is not installed")
        return
    from postsync.conforming.rushes.reading import read_rush

    begin = time.process_time()
    for path in paths:
        read_rush(str(path), 0, 0)
    ours = time.process_time() - begin
    begin = time.process_time()
    for path in paths:
        info = wavinfo.WavInfoReader(str(path))
        _ = (
            info.bext and info.bext.time_reference,
            info.ixml and (info.ixml.scene, info.ixml.tape, list(info.ixml.track_list)),
        )
    theirs = time.process_time() - begin
    print(f"  {len(paths) / ours:,.0f} headers a second of one processor; wavinfo {theirs / ours:.1f} x as long")


def shoots(seeds: int, files: int, events: int, work: Path) -> bool:
    """Conform the lists of made shoots; say whether nothing was wrong and 98 of 100 were placed."""
    good = True
    for seed in range(1, seeds + 1):
        shoot = made_shoot(seed, files=files, events=events)
        folder = work / f"shoot {seed}"
        shoot.write(folder)
        index = work / f"shoot {seed}.sqlite"
        with RushesIndex(index, write=True) as base:
            index_rushes(base, [folder])
        total = Judged()
        begin = time.process_time()
        for name in shoot.lists:
            done, truths = conformed_list(shoot, name, index, work)
            total.add(judged(done.conform, truths, folder, name))
        spent = time.process_time() - begin
        share = total.right / total.events
        print(
            f"shoot {seed}: {len(shoot.headers)} files, {total.told()}, {share:.1%}; {spent:.1f} s for {len(LISTS)} lists"
        )
        for why, number in Counter(total.why).most_common(8):
            print(f"    {number:3} {why}")
        good &= not total.wrong and share >= 0.98
        shutil.rmtree(folder)
    return good


def sound(events: int, work: Path) -> bool:
    """Conform events whose sound is at hand; say whether each that was placed is proven, on its sample."""
    folder = work / "heard"
    shoot, room = heard_shoot(7, events, folder)
    with timed(f"{events} events with their sound"):
        done, truths = conformed_list(shoot, "synced.otio", folder / "rushes", work, search=[room], check=True)
    found = judged(done.conform, truths, folder / "rushes", "synced.otio", exact=True)
    proven = sum(match.proof is not None and match.proof.same for match in done.conform.placed)
    moved = sum(match.proof is not None and match.proof.offset != 0 for match in done.conform.placed)
    print(f"sound: {found.told()}; {proven} proven, {moved} of them moved")
    shutil.rmtree(folder)
    return not found.wrong and proven == len(done.conform.placed)


def lists(corpus: Path) -> bool:
    """Conform every list of the corpus with recordings made of its own reels; say whether all with a source are placed."""
    placed = of = events_in_all = 0
    for path in sorted(one for one in (corpus / "edl").rglob("*") if one.suffix.lower() == ".edl"):
        try:
            timelines = read_file(path, Report()).timelines
        except PostsyncError:
            continue
        for timeline in timelines:
            events = events_of(timeline)
            found = match_events(events, Book.of(recordings_of(rushes_of_list(events))), timeline_facts(timeline))
            with_source = [match for match in found.matches if match.event.roll and match.event.timed]
            right = [match for match in with_source if match.placed and _is_of_roll(match)]
            placed, of, events_in_all = placed + len(right), of + len(with_source), events_in_all + len(events)
            if len(right) < len(with_source):
                print(f"    {path.name}: {len(with_source) - len(right)} not placed")
    print(f"lists: {placed} of {of} events with a source placed ({events_in_all} events in all)")
    return placed == of


def _is_of_roll(match: Any) -> bool:
    return all(piece.recording.first.roll == match.event.roll_text for piece in match.pieces)


def speed(work: Path) -> bool:
    """Time 1,000 events of one list, part by part; say whether the conforming takes less than two seconds of processor."""
    shoot = made_shoot(1)
    shoot.write(work / "speed")
    with RushesIndex(work / "speed.sqlite", write=True) as base:
        index_rushes(base, [work / "speed"])
    timeline, _ = LISTS["dialogue.edl"](shoot, random.Random(5), 1000)
    edit = written_list(timeline, "dialogue.edl", work)
    print("1,000 events, 5,000 files")
    read_file(edit, Report())  # Formats are loaded once in a program.
    begin = time.process_time()
    with timed("index loaded"), RushesIndex(work / "speed.sqlite") as base:
        book = Book.of(recordings_of(base.files()))
    with timed("list read"):
        chosen = read_file(edit, Report()).choose()
        events = events_of(chosen)
    with timed("matched"):
        found = match_events(events, book, timeline_facts(chosen))
    with timed("laid"):
        laid = lay(chosen, found, LayPlan())
    with timed("log"):
        log_text(found, laid, "list"), log_json(found, laid)
    spent = time.process_time() - begin
    for name in ("otio", "edl"):
        with timed(f"{name} written ({laid.clips} clips)"):
            write_file(chosen, work / f"speed.{name}", Report(), as_format=name)
    print(f"  conformed in {spent:.2f} s of processor")
    shutil.rmtree(work / "speed")
    return spent < 2


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--headers", type=int, default=50_000)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--sound", type=int, default=200)
    parser.add_argument("--corpus", type=Path, default=ROOT.parent / "shared" / "corpus")
    parser.add_argument("--only", choices=["headers", "shoot", "sound", "lists", "speed"])
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        parts = {
            "lists": lambda: lists(chosen.corpus), "shoot": lambda: shoots(chosen.seeds, 5000, 1000, work),
            "sound": lambda: sound(chosen.sound, work), "speed": lambda: speed(work),
            "headers": lambda: headers(chosen.headers, work),
        }  # fmt: skip
        results = {name: part() for name, part in parts.items() if chosen.only in (None, name)}
    failed = [name for name, good in results.items() if not good]
    print(f"failed: {', '.join(failed)}" if failed else "all as it should be")
    raise SystemExit(1 if failed else 0)
