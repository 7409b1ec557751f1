"""Write timelines of more and more clips as AAF and print how long that takes, beside otio-aaf-adapter in the same minute.

`python benchmarks/aaf_writing.py`, or with the numbers of clips. Processor seconds of this process, the least of three.

Every clip has a level and two fades for us. The adapter is given the same clips without: it writes no fades of clips, and
stops at media that it knows nothing of, so that its share is the smaller task.
"""

from __future__ import annotations

import argparse
import io
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / part) for part in ("tests", "interchange", "adapters")]

import opentimelineio as otio  # noqa: E402

from postsync.model import (  # noqa: E402
    ClipFacts,
    Fade,
    Laid,
    MediaFacts,
    TimelineFacts,
    TrackFacts,
    build_track,
    put_clip_facts,
    put_media_facts,
    put_timeline_facts,
)
from postsync.report import Report  # noqa: E402
from postsync.timing import as_rate  # noqa: E402
from postsync_adapters.aaf import FORMAT, WriteOptions  # noqa: E402

RATE = as_rate("25")
TRACKS, FILES, ROUNDS = 8, 50, 3


def made_timeline(clips: int, *, faded: bool) -> Any:
    """A timeline of clips of one second with a second between them."""
    made = otio.schema.Timeline(name=f"{clips} clips")
    put_timeline_facts(made, TimelineFacts(RATE, 90_000, 48_000))
    made.global_start_time = otio.opentime.RationalTime(90_000, 25)
    for track in range(TRACKS):
        laid = [
            Laid(_clip(number, faded=faded), Fraction(number // TRACKS * 2), Fraction(1), Fraction(10))
            for number in range(track, clips, TRACKS)
        ]
        made.tracks.append(build_track(f"A{track + 1}", "Audio", laid, [RATE.fps], facts=TrackFacts()))
    return made


def _clip(number: int, *, faded: bool) -> Any:
    file = number * 7 % FILES
    span = otio.opentime.TimeRange(otio.opentime.RationalTime(0, 25), otio.opentime.RationalTime(25 * 60, 25))
    media = otio.schema.ExternalReference(target_url=f"file:///Sound/{file}.wav", available_range=span)
    put_media_facts(media, MediaFacts(name=f"{file}", channels=1, sample_rate=48_000, bits=24))
    media.metadata["AAF"] = {
        "SourceID": f"urn:smpte:umid:060a2b34.01010105.01010f20.13000000.{file:08x}.00000000.00000000.00000000"
    }
    clip = otio.schema.Clip(name=f"clip {file}", media_reference=media)
    fade = Fade(Fraction(1, 25))
    facts = ClipFacts(gain_db=-3.0, fade_in=fade, fade_out=fade) if faded else ClipFacts()
    put_clip_facts(clip, facts)
    return clip


def ours(clips: int) -> Callable[[], object]:
    timeline = made_timeline(clips, faded=True)
    assert FORMAT.write is not None
    write = FORMAT.write
    return lambda: write(timeline, io.BytesIO(), Report(), WriteOptions())


def adapter(clips: int) -> Callable[[], object]:
    timeline = made_timeline(clips, faded=False)
    folder = tempfile.mkdtemp()
    return lambda: otio.adapters.write_to_file(timeline, f"{folder}/x.aaf", adapter_name="AAF", use_empty_mob_ids=True)


def seconds(job: Callable[[], object], rounds: int) -> float:
    """Give the least processor time of some rounds."""
    best = float("inf")
    for _ in range(rounds):
        begin = time.process_time()
        job()
        best = min(best, time.process_time() - begin)
    return best


def main() -> None:
    warnings.simplefilter("ignore")
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("clips", nargs="*", type=int, default=[500, 1000, 2000, 4000])
    given = asked.parse_args()
    print(f"{'clips':>6} {'ours':>7} {'a clip':>9} {'adapter':>8} {'times':>6}")
    for clips in given.clips:
        mine = seconds(ours(clips), ROUNDS)
        try:
            other = seconds(adapter(clips), 1)
            peer = f"{other:7.2f}s {other / mine:5.1f}×"
        except (ValueError, TypeError, KeyError, AttributeError, AssertionError) as fault:
            peer = f"stops: {type(fault).__name__}: {str(fault)[:60]}"
        print(f"{clips:6} {mine:6.2f}s {mine / clips * 1e3:6.2f} ms {peer}", flush=True)


if __name__ == "__main__":
    main()
