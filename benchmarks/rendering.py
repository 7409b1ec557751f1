"""Render sound from every kind of file and print what sounded, and how fast it went.

`python benchmarks/rendering.py` turns a made timeline over for every kind of file, rate of picture, rate of sound and way of
giving media, and asks the null test of each. `--corpus CORPUS` adds every real timeline on QuickTime media made for it.
`--speed` renders two minutes of two channels of each kind and prints how many times faster than real time that is, beside
FFmpeg's own decoder and resampler run through PyAV in the same minute. `--profile` and `--channels` are for the AAFs of other
applications.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / part) for part in ("tests", "interchange", "adapters")]

import av  # noqa: E402
import numpy as np  # noqa: E402

from made_media import sample_values  # noqa: E402
from made_movies import KINDS, PICTURE_RATES, encode, made_timeline  # noqa: E402
from null_test import SESSION, Outcome, encoded, movie, null_test  # noqa: E402
from postsync.errors import PostsyncError  # noqa: E402
from postsync.sound import RenderedSound  # noqa: E402
from postsync.verbs import opened  # noqa: E402

MODES = ("copy", "embed")
MINUTES = 2


def matrix(total: Counter[str], **way: Any) -> None:
    """Every kind × rate of picture × rate of sound × mode, for one application."""
    print(f"{'kind':20} {'sound':>6}  right of clips at each rate of picture (copy, embed)")
    for name, kind in KINDS.items():
        for rate in kind.rates:
            cells = []
            for picture, mode in itertools.product(PICTURE_RATES, MODES):
                with tempfile.TemporaryDirectory() as work:
                    source = made_timeline(Path(work) / "made.otio", picture, kind.suffix)
                    outcome = null_test(source, Path(work), mode=mode, maker=encoded(kind, rate, picture), **way)
                cells.append(f"{outcome.right}/{outcome.clips}")
                _add(outcome, total)
            print(f"{name:20} {rate:6}  {'  '.join(cells)}", flush=True)


def corpus(folder: Path, total: Counter[str]) -> None:
    """Every timeline of the corpus on made movies."""
    for path in [*sorted((folder / "fcpxml").glob("*.fcpxml")), *sorted((folder / "resolve" / "otio").glob("*.otio"))]:
        try:
            found = opened(path).timelines
        except PostsyncError:
            total["refused"] += 1
            continue
        for timeline, mode in itertools.product(found, MODES):
            with tempfile.TemporaryDirectory() as work:
                name = timeline.name if len(found) > 1 else None
                outcome = null_test(path, Path(work), mode=mode, timeline_name=name, maker=movie)
            total["timelines"] += 1
            _add(outcome, total)
            print(f"{path.name[:45]:45} {mode:6} {outcome.right:5} of {outcome.clips:5} clips right", flush=True)


def _add(outcome: Outcome, total: Counter[str]) -> None:
    total.update(clips=outcome.clips, right=outcome.right, samples=outcome.samples)
    for fault in outcome.faults:
        print(f"    {fault}")


def speed() -> None:
    """Two minutes of two channels of each kind, at the session's rate and from 44.1 kHz."""
    length = MINUTES * 60 * SESSION
    print(f"{'kind':20} {'rate':>6} {'ours, × real time':>18} {'decoder alone':>14} {'ratio':>6}")
    with tempfile.TemporaryDirectory() as work:
        for name, kind in KINDS.items():
            for rate in kind.rates:

                def noise(channel: int, start: int, count: int) -> np.ndarray:
                    return sample_values(1, channel, start, count) >> 3

                path = Path(work) / f"a{kind.suffix}"
                count = length * rate // SESSION
                encode(path, kind, noise, channels=2, sample_rate=rate, length=count)
                ours, theirs = _seconds(_ours(path, length)), _seconds(_theirs(path))
                sound = 2 * MINUTES * 60
                print(
                    f"{name:20} {rate:6} {sound / ours:18.0f} {sound / theirs:14.0f} {ours / theirs:6.2f}", flush=True
                )


def _seconds(work: Iterator[object]) -> float:
    begun = time.perf_counter()
    for _ in work:
        pass
    return time.perf_counter() - begun


def _ours(path: Path, length: int) -> Iterator[bytes]:
    sound = RenderedSound.of(path, SESSION)
    for channel in (1, 2):
        yield from sound.blocks(channel, 0, length)
    sound.close()


def _theirs(path: Path) -> Iterator[bytes]:
    """Decode and convert each channel's stream once for each channel, as the making of mono files does."""
    for channel in (0, 1):
        with av.open(str(path)) as container:
            streams = container.streams.audio
            stream = streams[min(channel, len(streams) - 1)]
            resampler = av.AudioResampler(format="s32", layout=stream.codec_context.layout, rate=SESSION)
            for frame in container.decode(stream):
                for part in resampler.resample(frame):
                    yield bytes(part.planes[0])


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--corpus", type=Path)
    asked.add_argument("--speed", action="store_true")
    asked.add_argument("--profile", default="pro-tools")
    asked.add_argument("--channels", choices=["mono", "native"])
    given = asked.parse_args()
    if given.speed:
        speed()
        return
    total: Counter[str] = Counter()
    matrix(total, profile=given.profile, channels=given.channels)
    if given.corpus:
        corpus(given.corpus, total)
    print(", ".join(f"{name} {count}" for name, count in total.items()))
    raise SystemExit(total["clips"] != total["right"])


if __name__ == "__main__":
    main()
