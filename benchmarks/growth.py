"""Whether the time to write and to read grows as the timeline does: real timelines, laid end to end, in every format.

`python benchmarks/growth.py CORPUS` takes timelines of every kind of corpus, repeats each until it holds 1,000 items and 4,000,
and prints what writing and reading take of the processor for each item of the longer one, and how much more that is than for
one of the shorter. 1.0 is growth in step; what stands above 1.5 is marked. `--files N` takes N of each kind.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / part) for part in ("interchange", "adapters")]

import opentimelineio as otio  # noqa: E402
from timed import best  # noqa: E402

from postsync import read, write  # noqa: E402
from postsync.errors import PostsyncError  # noqa: E402
from postsync.formats import Format, Purpose  # noqa: E402
from postsync.formats.conversion import formats  # noqa: E402
from postsync.formats.features import used_features  # noqa: E402
from postsync.model import without_searching_for_cycles  # noqa: E402
from postsync.model.keys import part, put_block  # noqa: E402

SHORT, LONG = 1000, 4000
KINDS = ("aaf", "fcpxml", "xmeml", "edl", "otio")
STEP = 1.5


def sources(corpus: Path, most: int) -> Iterator[tuple[str, Any]]:
    """Yield of each folder the timelines with most kinds of content, of those the longest that the short one holds."""
    for kind in KINDS:
        found: list[tuple[tuple[int, int], str, Any]] = []
        for path in sorted(one for one in (corpus / kind).rglob("*") if one.is_file() and one.stat().st_size < 2**23):
            try:
                opened = timelines_of(read(path)[0])
            except PostsyncError:
                continue
            found += [
                (_richness(one), path.name, one)
                for one in opened[:1]
                if isinstance(one, otio.schema.Timeline) and 10 <= _items(one) < SHORT
            ]
        for _, name, timeline in sorted(found, key=lambda one: one[0])[-most:]:
            yield f"{kind}/{name}", timeline


def timelines_of(given: Any) -> list[Any]:
    return list(given) if isinstance(given, otio.schema.SerializableCollection) else [given]


def _richness(timeline: Any) -> tuple[int, int]:
    return len(used_features(timeline)), _items(timeline)


def _items(timeline: Any) -> int:
    return sum(len(track) for track in timeline.tracks)


def repeated(timeline: Any, items: int) -> Any:
    """Give a timeline laid end to end until it holds so many items, its markers with it."""
    times = -(-items // _items(timeline))
    length = max(track.duration() for track in timeline.tracks)
    made = timeline.deepcopy()
    for old, track in zip(timeline.tracks, made.tracks, strict=True):
        rest = length - old.duration()
        for turn in range(1, times):
            if rest.value > 0:
                track.append(otio.schema.Gap(source_range=otio.opentime.TimeRange(duration=rest)))
            track.extend([_copy(item, turn) for item in old])
    for turn in range(1, times):
        for marker in timeline.tracks.markers:
            copy = marker.deepcopy()
            start = copy.marked_range.start_time
            copy.marked_range = otio.opentime.TimeRange(start + _times(length, turn), copy.marked_range.duration)
            made.tracks.markers.append(copy)
    return made


def _copy(item: Any, turn: int) -> Any:
    """Copy an item; what it is linked with lies in the same repetition."""
    copy = item.deepcopy()
    group = part(copy, "link_group")
    if group is not None:
        put_block(copy, {"link_group": f"{group}.{turn}"})
    return copy


def _times(length: Any, turn: int) -> Any:
    return otio.opentime.RationalTime(length.value * turn, length.rate)


def timed(timeline: Any, fmt: Format, path: Path) -> tuple[float, float, int]:
    """Give the seconds that writing and reading take, and how many items it holds."""
    with without_searching_for_cycles():
        writing = best(lambda: write(timeline, path, as_format=fmt.name), 2)
        reading = best(lambda: read(path, from_format=fmt.name), 2)
    return writing, reading, _items(timeline)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("corpus", type=Path)
    asked.add_argument("--files", type=int, default=2)
    given = asked.parse_args()
    writers = [one for one in formats().values() if one.purpose is Purpose.TIMELINE and one.write and one.read]
    print(f"{'timeline':44} {'format':16} {'write':>9} {'grows':>6} {'read':>9} {'grows':>6}")
    with tempfile.TemporaryDirectory() as work:
        for name, timeline in sources(given.corpus, given.files):
            short, long = repeated(timeline, SHORT), repeated(timeline, LONG)
            for fmt in writers:
                path = Path(work, f"reel{fmt.suffixes[0]}")
                try:
                    one, other = timed(short, fmt, path), timed(long, fmt, path)
                except PostsyncError as refused:
                    print(f"{name[:44]:44} {fmt.name:16} refused: {str(refused)[-90:]}")
                    continue
                cells = ""
                for before, after in zip(one[:2], other[:2], strict=True):
                    grown = after / other[2] / (before / one[2])
                    cells += f" {after / other[2] * 1e6:6.0f} us {grown:5.2f}{'!' if grown > STEP else ' '}"
                print(f"{name[:44]:44} {fmt.name:16}{cells}", flush=True)


if __name__ == "__main__":
    main()
