"""Measure sound against guides and print what was found, what was missed, and how fast it went.

`python benchmarks/guides.py` makes reels with every kind of fault many times over, and right ones, and counts alarms that are
false and faults that were missed. `--corpus CORPUS` asks of every pair of real and made voices whether it is one recording.
`--speed` times a reel of twenty minutes.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / part) for part in ("tests", "interchange", "adapters")]

import numpy as np  # noqa: E402

from guide_reels import GuideReel, voice  # noqa: E402
from postsync import verbs  # noqa: E402
from postsync.sound import as_float32, read_facts, read_samples  # noqa: E402
from postsync.sound.same_recording import at_speed, same_recording  # noqa: E402

ROUNDS = 8
ALARMS = (
    "clip-",
    "guide-offset",
    "guide-speed",
    "guide-inverted",
    "guide-unlike",
    "guide-sound",
    "guide-starts",
    "pop-off",
)


def lines(folder: Path, seed: int, count: int = 8, *, bed: float = 0.0) -> GuideReel:
    """A reel of lines that overlap, some quiet, over music or room tone of a level."""
    random = np.random.default_rng(seed)
    reel = GuideReel(folder, seconds=6 * count + 10)
    for number in range(count):
        length = float(random.uniform(1, 5))
        sound = voice(seed * 100 + number, 8) * np.float32(10 ** (random.uniform(-18, 0) / 20))
        at, source = round(6 * number + random.uniform(1, 4), 3), round(random.uniform(0, 2), 3)
        reel.add(f"L{number}", sound, at, track=f"DX {number % 3}", source=source, length=length)
    if bed:
        sound = voice(seed * 100 + 99, reel.seconds)
        reel.add("bed", sound * np.float32(bed), 0, track="MX")
    return reel


def right(reel: GuideReel, seed: int) -> None:
    """Nothing wrong."""


def noisy(reel: GuideReel, seed: int) -> None:
    """Nothing wrong, but the guide has noise 20 dB below its loudest."""
    reel.guide += np.random.default_rng(seed).standard_normal(len(reel.guide)).astype(np.float32) * 0.01


def limited(reel: GuideReel, seed: int) -> None:
    """Nothing wrong, but the mix went through a limiter and lost all above 8 kHz."""
    softer = np.tanh(4 * reel.guide) / 4
    reel.guide = np.convolve(softer, np.hanning(9) / 4, "same").astype(np.float32)


def moved(reel: GuideReel, seed: int) -> None:
    """One line some frames off in the mix."""
    shift = int(np.random.default_rng(seed).choice([-12, -3, -1, 1, 2, 8, 50])) * 2000
    reel.add("wrong", voice(seed + 5000, 5), reel.seconds - 8, track="FX", shift=shift)


def by_samples(reel: GuideReel, seed: int) -> None:
    """One line some samples off in the mix."""
    shift = int(np.random.default_rng(seed).choice([-400, -33, -5, 4, 48, 1000]))
    reel.add("wrong", voice(seed + 5000, 5), reel.seconds - 8, track="FX", shift=shift)


def wrong_take(reel: GuideReel, seed: int) -> None:
    """Another take in the mix."""
    reel.add("wrong", voice(seed + 5000, 5), reel.seconds - 8, track="FX", heard=voice(seed + 6000, 5))


def pulled(reel: GuideReel, seed: int) -> None:
    """One line 0.1 % slow in the mix."""
    sound = voice(seed + 5000, 5)
    reel.add("wrong", sound, reel.seconds - 8, track="FX", heard=at_speed(sound, Fraction(1000, 1001)))


def inverted(reel: GuideReel, seed: int) -> None:
    """One line of turned polarity."""
    reel.add("wrong", voice(seed + 5000, 5), reel.seconds - 8, track="FX", level=-1.0)


def whole_late(reel: GuideReel, seed: int) -> None:
    """All of it off."""
    reel.guide = np.roll(reel.guide, int(np.random.default_rng(seed).integers(20, 9000)))


def whole_pulled(reel: GuideReel, seed: int) -> None:
    """All of it 0.1 % slow."""
    reel.guide = at_speed(reel.guide, Fraction(1000, 1001))


FAULTS: dict[str, tuple[Callable[[GuideReel, int], None], str | None]] = {
    "right": (right, None), "right, noise": (noisy, None), "right, limiter": (limited, None),
    "line off by frames": (moved, "clip-off-guide"), "line off by samples": (by_samples, "clip-off-guide"),
    "wrong take": (wrong_take, "clip-not-in-guide"), "line pulled 0.1 %": (pulled, "clip-speed-guide"),
    "line inverted": (inverted, "clip-inverted"), "reel off": (whole_late, "guide-offset"),
    "reel pulled 0.1 %": (whole_pulled, "guide-speed"),
}  # fmt: skip


def faults() -> None:
    print(f"{'made wrong':22} {'bed':>7}  {'found':>7} {'false alarms':>13} {'compared':>9}")
    for name, (fault, code) in FAULTS.items():
        for bed in (0.0, 0.05):
            found = false = compared = count = 0
            for seed in range(1, ROUNDS + 1):
                with tempfile.TemporaryDirectory() as folder:
                    reel = lines(Path(folder), seed, bed=bed)
                    fault(reel, seed)
                    checked = verbs.check(reel.write(), guides=[reel.write_guide()])
                codes = [one for one in checked.findings if one.code.startswith(ALARMS)]
                found += any(one.code == code for one in codes)
                alarms = [one for one in codes if one.code != code and "wrong" not in one.where]
                false += len(alarms)
                for one in alarms[:2]:
                    print(f"    {seed}: {one.sentence()}")
                clips = checked.guides[0].measurements
                compared, count = compared + sum(one.compared for one in clips), count + len(clips)
            hits = f"{found}/{ROUNDS}" if code else "-"
            loud = "-26 dB" if bed else "none"
            print(f"{name:22} {loud:>7}  {hits:>7} {false:>13} {compared:>5}/{count}", flush=True)


def voices(corpus: Path) -> None:
    """Every pair of the corpus: the same performance, or another."""
    kinds: defaultdict[str, list[tuple[bool, float]]] = defaultdict(list)
    for guide in sorted((corpus / "speech").glob("*_guide.wav")):
        take = guide.with_name(guide.name.replace("_guide", "_take"))
        part, whole = (
            as_float32(read_samples(facts, 0, facts.length_samples), facts)[0]
            for facts in map(read_facts, (take, guide))
        )
        match = same_recording(part, np.pad(whole, 32_000), 16_000, expected=32_000)
        kinds[guide.name.rsplit("_", 2)[0]].append((match.same, match.strength))
    for kind, pairs in kinds.items():
        strengths = [strength for _, strength in pairs]
        same = sum(one for one, _ in pairs)
        print(
            f"{kind:12} {len(pairs):3} pairs, {same:3} one recording, strength {min(strengths):.0f} to {max(strengths):.0f}"
        )


def speed() -> None:
    """A reel of twenty minutes with 240 lines."""
    with tempfile.TemporaryDirectory() as folder:
        reel = lines(Path(folder), 1, 198)
        path, guide = reel.write(), reel.write_guide()
        begin = time.perf_counter()
        checked = verbs.check(path, guides=[guide])
        seconds = time.perf_counter() - begin
        right_ones = next(one for one in checked.findings if one.code == "guide-compared")
        print(
            f"{reel.seconds / 60:.0f} minutes, {right_ones.words()}: {seconds:.1f} s, "
            f"{reel.seconds / seconds:.0f} times real time"
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--speed", action="store_true")
    given = parser.parse_args()
    if given.corpus:
        voices(given.corpus)
    elif given.speed:
        speed()
    else:
        faults()
