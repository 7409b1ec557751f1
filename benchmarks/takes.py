"""Takes: headers read a second beside other readers, and sessions of 1,000 takes paired with their cues.

    python benchmarks/takes.py [--headers 10000] [--seeds 4] [--corpus FOLDER]

Headers: copies of the recorders' files of the corpus, each reader in the same process on the same
files and asked for scene, take, tape, family, tracks and stamp, processor time. Pairs:
made sessions of `tests/made_takes.py` in every numbering style, with stamps of the timeline, an hour beside it, and of the
clock on the wall in the order of the recording; what is sure must be right. Without any stamps it cannot be always.
"""

from __future__ import annotations

import argparse
import collections
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "interchange"), str(ROOT / "adapters"), str(ROOT / "tests")]

from made_takes import STYLES, Session, made_session, stamped_by_the_wall  # noqa: E402
from postsync.placing import TakeFile, match_takes, read_takes  # noqa: E402
from postsync.report import Report  # noqa: E402

HOUR = 3603.6


def clocks(session: Session, seed: int) -> dict[str, list[TakeFile]]:
    """Give the takes of a session with the stamps that different stages write."""

    def stamped(move: Callable[[TakeFile], int]) -> list[TakeFile]:
        return [replace(one, time_reference=one.time_reference and move(one)) for one in session.takes]

    return {
        "timeline": session.takes,
        "an hour beside": stamped(lambda one: (one.time_reference or 0) + int(HOUR * one.sample_rate)),
        "clock on the wall": stamped_by_the_wall(session, random.Random(seed)),
        "none at all": [replace(one, time_reference=None) for one in session.takes],
    }


def pairs(seeds: int) -> bool:
    """Print how many pairs are sure, guessed and open, right and wrong; say whether no sure one is wrong."""
    counts: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    spent, takes = 0.0, 0
    for seed in range(1, seeds + 1):
        for style in STYLES:
            session = made_session(style, seed)
            for name, recorded in clocks(session, seed).items():
                begin = time.process_time()
                found = match_takes(recorded, session.cues, session.facts, session.characters, session.log)
                spent += time.process_time() - begin
                takes += len(recorded)
                for one in found.pairings:
                    right = (one.cue.uid if one.cue else None) == session.truth[one.recorded.path]
                    kind = "copy" if one.copy_of else "sure" if one.sure else "guess" if one.guessed else "open"
                    counts[name][f"{kind} {'right' if right else 'wrong'}"] += 1
    for name, found_here in counts.items():
        told = ", ".join(f"{kind} {count}" for kind, count in sorted(found_here.items()))
        print(f"stamps: {name:18} {told}")
    print(f"{takes / spent:,.0f} takes a second against 250 cues")
    # Where nothing but names is there, one that is exactly that of another cue cannot be told: that row is for information.
    return not any(one["sure wrong"] for name, one in counts.items() if name != "none at all")


def headers(count: int, corpus: Path) -> None:
    """Print headers a second of ours and of the readers that are installed."""
    found = sorted((corpus / "wav").rglob("*.[wW][aA][vV]"))
    if not found:
        print(f"no WAVs below {corpus / 'wav'}")
        return
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder, f"{number:06}.wav") for number in range(count)]
        for number, path in enumerate(files):
            shutil.copyfile(found[number % len(found)], path)
        readers: dict[str, Callable[[], Any]] = {"postsync": lambda: read_takes([Path(folder)], Report())}
        readers |= _peers(files)
        times: dict[str, float] = {}
        for name, read in readers.items():
            begin = time.process_time()
            read()
            times[name] = time.process_time() - begin
        for name, seconds in times.items():
            ratio = seconds / times["postsync"]
            print(
                f"{name:10} {count / seconds:10,.0f} headers a second, {seconds:.2f} s for {count:,} ({ratio:.1f} x ours)"
            )


def _asked(read: Any) -> list[Any]:
    """Ask wavinfo what a take is made of: it looks into its iXML only when it is asked."""
    told: list[Any] = [read.bext and (read.bext.description, read.bext.time_reference)]
    ixml = read.ixml
    if ixml is not None:
        told += [ixml.project, ixml.scene, ixml.take, ixml.tape, ixml.family_uid]
        told.append([track.name for track in ixml.track_list])
    return told


def _peers(files: list[Path]) -> dict[str, Callable[[], Any]]:
    peers: dict[str, Callable[[], Any]] = {}
    try:
        import wavinfo

        def read_all() -> None:
            for path in files:
                try:
                    _asked(wavinfo.WavInfoReader(str(path)))
                except Exception:  # noqa: BLE001 - it raises whatever it stumbled over
                    continue

        peers["wavinfo"] = read_all
    except ImportError:
        print("wavinfo is not installed")
    try:
        import soundfile

        peers["soundfile"] = lambda: [soundfile.info(str(path)) for path in files]
    except ImportError:
        print("soundfile is not installed")
    return peers


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--headers", type=int, default=10_000)
    parser.add_argument("--seeds", type=int, default=4)
    parser.add_argument("--corpus", type=Path, default=ROOT.parent / "shared" / "corpus")
    chosen = parser.parse_args()
    headers(chosen.headers, chosen.corpus)
    raise SystemExit(0 if pairs(chosen.seeds) else 1)
