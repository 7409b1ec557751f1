"""How well and how fast a cut is found again: random recuts with the truth of every frame, beside four simple methods.

python benchmarks/reconforming.py [accuracy|cues|speed|pairs] [COUNT]

`accuracy`: frames with the true old frame, ours beside list position, same source in, longest overlap and neighbour score.
`cues`: lines over COUNT recuts (2,000) in EDL, FCPXML and AAF: how many are wrong without a flag, how many are flagged.
`speed`: comparing two lists, as a ratio to parsing the same lists.
`pairs`: the made and the real pairs of the corpus (POSTSYNC_CORPUS), beside what was found by hand.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / folder) for folder in ("interchange", "adapters", "tests")]

import postsync  # noqa: E402
from postsync.conforming import changes, cut_of, follow  # noqa: E402
from postsync.report import Report  # noqa: E402
from postsync_adapters.edl import EdlReadOptions, parse_text, timeline_of  # noqa: E402
from recuts import (  # noqa: E402
    START,
    Shot,
    distances,
    edl,
    fcpxml,
    frames_of,
    old_reel,
    places_of,
    recut,
    some_cues,
    timeline,
)

Answer = Callable[[int], int | None]


# -------------------------------------------------------------------------------------------------------- simple methods


def placed(shots: list[Shot]) -> list[tuple[int, Shot]]:
    at, result = START, []
    for shot in shots:
        result.append((at, shot))
        at += shot.length
    return result


def answering(found: list[tuple[int, int, int]]) -> Answer:
    """Make a lookup of (new in, length, old in) rows."""
    rows = sorted(found)
    starts = [row[0] for row in rows]

    def old_frame(frame: int) -> int | None:
        place = bisect_right(starts, frame) - 1
        if place < 0 or frame >= rows[place][0] + rows[place][1]:
            return None
        return rows[place][2] + frame - rows[place][0]

    return old_frame


def list_position(old: list[Shot], new: list[Shot]) -> Answer:
    pairs = zip(placed(new), placed(old), strict=False)
    return answering([(at, min(one.length, other.length), there) for (at, one), (there, other) in pairs])


def same_source_in(old: list[Shot], new: list[Shot]) -> Answer:
    known: dict[tuple[str, int], list[tuple[int, Shot]]] = defaultdict(list)
    for there, shot in placed(old):
        known[shot.source, shot.first].append((there, shot))
    rows = []
    for at, shot in placed(new):
        found = known.get((shot.source, shot.first))
        if found:
            there, other = min(found, key=lambda one: abs(one[0] - at))
            rows.append((at, min(shot.length, other.length), there))
    return answering(rows)


def overlaps(old: list[Shot], new: list[Shot]) -> list[list[tuple[int, int, int]]]:
    """Give for each new shot the stretches (new in, length, old in) that it shares with old ones."""
    known: dict[str, list[tuple[int, Shot]]] = defaultdict(list)
    for there, shot in placed(old):
        known[shot.source].append((there, shot))
    result = []
    for at, shot in placed(new):
        rows = []
        for there, other in known.get(shot.source, ()):
            low, high = max(shot.first, other.first), min(shot.first + shot.length, other.first + other.length)
            if low < high:
                rows.append((at + low - shot.first, high - low, there + low - other.first))
        result.append(rows)
    return result


def longest_overlap(old: list[Shot], new: list[Shot]) -> Answer:
    return answering([max(rows, key=lambda row: row[1]) for rows in overlaps(old, new) if rows])


def neighbour_score(old: list[Shot], new: list[Shot]) -> Answer:
    found = overlaps(old, new)
    away = [{row[2] - row[0] for row in rows} for rows in found]
    chosen = []
    for place, rows in enumerate(found):
        near = [away[other] for other in range(max(0, place - 5), min(len(found), place + 6)) if other != place]
        if rows:
            chosen.append(max(rows, key=lambda row: (sum((row[2] - row[0]) in one for one in near), row[1])))
    return answering(chosen)


def read(text: str) -> Any:
    return timeline_of(parse_text(text), Report(), EdlReadOptions())


def ours(old: list[Shot], new: list[Shot]) -> Answer:
    return changes(read(edl(old, "OLD")), read(edl(new, "NEW"))).old_frame


METHODS: dict[str, Callable[[list[Shot], list[Shot]], Answer]] = {
    "list position": list_position,
    "same source in": same_source_in,
    "longest overlap": longest_overlap,
    "neighbour score": neighbour_score,
    "postsync": ours,
}


def accuracy(count: int) -> None:
    print(f"frames with the true old frame, {count} reels of 250 events")
    print(
        f"{'method':18}"
        + "".join(f"{name:>22}" for name in ("5 changes", "20 changes", "60 changes", "20, 18 % reused"))
    )
    rows = {name: [] for name in METHODS}
    for operations, reused in ((5, 0.03), (20, 0.03), (60, 0.03), (20, 0.18)):
        right, total = Counter(), 0
        for seed in range(count):
            rng = random.Random(seed)
            old = old_reel(rng, 250, reused)
            new, _ = recut(rng, old, operations)
            truth = [(at, was) for at, was in enumerate(frames_of(new), START) if was is not None]
            total += len(truth)
            for name, method in METHODS.items():
                old_frame = method(old, new)
                right[name] += sum(old_frame(at) == was for at, was in truth)
        for name in METHODS:
            rows[name].append(right[name] / total)
    for name, shares in rows.items():
        print(f"{name:18}" + "".join(f"{share:>22.2%}" for share in shares))


# ------------------------------------------------------------------------------------------------------------------ cues


def carried(carrier: str, shots: list[Shot], name: str, folder: Path) -> Any:
    if carrier == "edl":
        return read(edl(shots, name))
    path = folder / f"{name}.{carrier}"
    if carrier == "aaf":
        postsync.write(timeline(shots, name), path)
    else:
        path.write_text(fcpxml(shots, name), encoding="utf-8")
    return postsync.read(path)[0]


def cues(count: int) -> None:
    tally: dict[str, Counter[str]] = defaultdict(Counter)
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(count):
            carrier = "aaf" if seed % 20 == 7 else "fcpxml" if seed % 10 == 3 else "edl"
            one_recut(seed, carrier, Path(folder), tally[carrier])
    head = ("recuts", "cues", "whole", "wrong unflagged", "flagged", "whole flagged", "whole misplaced")
    print(f"{'carrier':9}" + "".join(f"{word:>17}" for word in head))
    for carrier in ("edl", "fcpxml", "aaf", "all"):
        one = sum(tally.values(), Counter()) if carrier == "all" else tally[carrier]
        shares = (one["flagged"] / max(one["cues"], 1), one["whole flagged"] / max(one["whole"], 1))
        lost = one["misplaced"] / max(one["whole"], 1)
        print(
            f"{carrier:9}{one['recuts']:>17}{one['cues']:>17}{one['whole']:>17}{one['wrong']:>17}"
            f"{shares[0]:>17.2%}{shares[1]:>17.2%}{lost:>17.2%}"
        )


def one_recut(seed: int, carrier: str, folder: Path, tally: Counter[str]) -> None:
    rng = random.Random(seed)
    rich = carrier != "edl"
    old = old_reel(rng, 120 if rich else 250, rng.choice((0.03, 0.03, 0.18)))
    new, _ = recut(rng, old, rng.randint(1, 10 if rich else 20), ("retime",) if rich else ())
    found = changes(carried(carrier, old, "OLD", folder), carried(carrier, new, "NEW", folder))
    places = places_of(new)
    tally["recuts"] += 1
    for cue in some_cues(rng, old, 26):
        fate, right = follow(found, cue.start, cue.end), distances(cue, places)
        tally["cues"] += 1
        tally["whole"] += bool(right)
        tally["flagged"] += fate.needs_ears
        tally["whole flagged"] += fate.needs_ears and bool(right)
        tally["misplaced"] += bool(right) and fate.delta not in right
        if not fate.needs_ears and fate.delta not in right:
            tally["wrong"] += 1
            print("wrong without a flag:", seed, carrier, cue, fate.status, fate.delta, sorted(right))


# ----------------------------------------------------------------------------------------------------------------- speed


def speed(count: int) -> None:
    print(f"{'events':>8}{'changes':>9}{'parse both':>13}{'as segments':>13}{'compare':>11}{'compare/parse':>15}")
    for events, operations in ((250, 20), (1000, 60), (1000, 250), (4000, 240), (16000, 960)):
        rng = random.Random(5)
        old = old_reel(rng, events)
        new, _ = recut(rng, old, operations)
        texts = edl(old, "OLD"), edl(new, "NEW")
        best = [9e9, 9e9, 9e9]
        for _ in range(count if events <= 1000 else 1):
            clock = [time.process_time()]
            timelines = [read(text) for text in texts]
            clock.append(time.process_time())
            cuts = [cut_of(one) for one in timelines]
            clock.append(time.process_time())
            changes(*cuts)
            clock.append(time.process_time())
            best = [min(was, after - before) for was, before, after in zip(best, clock, clock[1:], strict=False)]
        print(
            f"{events:>8}{operations:>9}{best[0] * 1e3:>10.0f} ms{best[1] * 1e3:>10.0f} ms{best[2] * 1e3:>8.0f} ms"
            f"{best[2] / best[0]:>15.2f}"
        )


# ----------------------------------------------------------------------------------------------------------------- pairs

REAL = (
    (
        "sg-otio/079_HA_V05.edl", "sg-otio/079_HA_006.edl",
        "95.8 %; +56, +46, +26, +31; first shot replaced, 5 new frames before the last piece", "",
    ),
    (
        "EDL_tools/GT3001 MASTER LOCK.edl", "EDL_tools/GT3001 MASTER LOCK 11242020 EDL with Locators.edl",
        "99.4 %; 0, then -207, -1545, -3896, -4289; bridges of 144 and 82",
        "a little more is known: freezes of one name, and shots that came from behind the end",
    ),
    (
        "EDL_tools/TOA_s007-013_ONLINE_111020.edl", "EDL_tools/TOA_s007-013_ONLINE_111020_mod2_conformed.edl",
        "99.5 %, all 0 but handles that differ by 1 to 6 frames",
        "shots whose handles differ lie between neighbours that did not move: bridges at 0",
    ),
    (
        "pycmx/INS4_R1_010417.edl", "pycmx/INS4_R1_DX_092117.edl", "31 % by shooting day; mostly 580 and 579",
        "more than the day: names of slates and all sound tracks together",
    ),
)  # fmt: skip


def pairs(_: int) -> None:
    import json
    import os

    corpus = Path(os.environ.get("POSTSYNC_CORPUS") or ROOT.parent / "shared" / "corpus") / "edl"
    if not corpus.is_dir():
        print("no corpus: name its folder in POSTSYNC_CORPUS")
        return
    for number in range(1, 6):
        names = [corpus / "made" / f"conform0{number}_{end}" for end in ("old.edl", "new.edl", "truth.json")]
        found, truth = changes(*(postsync.read(name)[0] for name in names[:2])), json.loads(names[2].read_text())
        frames = [
            (at, p["old_in"] + at - p["new_in"]) for p in truth["pieces"] for at in range(p["new_in"], p["new_out"])
        ]
        right = sum(found.old_frame(at) == was for at, was in frames)
        tally: Counter[str] = Counter()
        for cue in truth["cues"]:
            fate = follow(found, cue["old_in"], cue["old_out"])
            tally["whole"] += cue["truth"] == "whole"
            tally["right"] += cue["truth"] == "whole" and fate.new_in == cue["new_in"]
            also = cue["new_in"] in {one.new_in for one in fate.again}
            tally["at another copy"] += cue["truth"] == "whole" and fate.new_in != cue["new_in"] and also
            tally["wrong unflagged"] += not fate.needs_ears and fate.new_in != cue["new_in"]
        print(f"made pair {number}: {right / len(frames):.2%} of {len(frames)} frames; cues {dict(tally)}")
    for old, new, expected, why in REAL:
        found = changes(postsync.read(corpus / old)[0], postsync.read(corpus / new)[0])
        lengths: Counter[int] = Counter()
        for piece in found.pieces:
            lengths[piece.delta] += piece.length
        evidence = found.share("order", "moved", "repeat", "retimed")
        most = ", ".join(f"{delta:+d}: {length}" for delta, length in lengths.most_common(6))
        bridges = [piece.length for piece in found.pieces if piece.kind == "bridge"][:8]
        print(f"{Path(old).name} to {Path(new).name}\n  by hand: {expected}")
        print(
            f"  found: {evidence:.1%} by evidence, {found.share():.1%} with bridges {bridges}; frames by distance {most}"
        )
        print(f"  why it differs: {why}" if why else "  the same")


def main() -> None:
    wanted = sys.argv[1] if len(sys.argv) > 1 else "all"
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    for name, act, usual in (
        ("accuracy", accuracy, 30),
        ("cues", cues, 2000),
        ("speed", speed, 3),
        ("pairs", pairs, 1),
    ):
        if wanted in (name, "all"):
            act(count or usual)


if __name__ == "__main__":
    main()
