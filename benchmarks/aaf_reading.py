"""Read AAFs of 1,000 and 10,000 clips here, through otio-aaf-adapter and through pyaaf2, and print the ratios.

`python benchmarks/aaf_reading.py`, with `--clips 1000 10000`, `--keep FOLDER` for the made files, `--without-peers` for our
own reading alone.

Every clip has a gain group and a chain of three mobs behind it; one master serves ten clips. All readers run in this process,
one after the other, and CPU seconds are counted. Our time is that from file to OpenTimelineIO timeline; that of pyaaf2 is a
walk over the same clips and their chains that asks for what our timeline states, and makes none. `linear` is the time of a
clip in the larger file over that in the smaller. Peak memory is that of a process that reads the file and nothing else.
"""

from __future__ import annotations

import argparse
import gc
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PATHS = [str(ROOT / part) for part in ("tests", "interchange", "adapters")]
sys.path[:0] = PATHS

import aaf2  # noqa: E402
import opentimelineio as otio  # noqa: E402

from postsync.formats.conversion import read_file  # noqa: E402
from postsync.formats.format import write_with  # noqa: E402
from postsync.model import (  # noqa: E402
    ClipFacts,
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
from postsync_adapters.aaf.objects import AafFile, AafObject  # noqa: E402
from postsync_adapters.aaf.properties import MobId  # noqa: E402

TRACKS = 20
CLIPS_A_MASTER = 10
DESCRIBED = (
    "SampleRate",
    "Length",
    "Summary",
    "Channels",
    "QuantizationBits",
    "AudioSamplingRate",
    "AudioTimeReference",
)
ASKED = {"otio-aaf-adapter": 20, "pyaaf2 walk": 8}


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--clips", type=int, nargs="+", default=[1000, 10_000])
    asked.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()) / "postsync aaf benchmark")
    asked.add_argument("--without-peers", action="store_true")
    given = asked.parse_args()
    kept: dict[str, float] = {}
    behind = [name for clips in given.clips for name in _compared(clips, given, kept)]
    raise SystemExit(f"not fast enough: {', '.join(behind)}" if behind else 0)


def _compared(clips: int, given: argparse.Namespace, kept: dict[str, float]) -> list[str]:
    """Print one size of file, and give the peers that we are not as much faster than as we want at 10,000 clips."""
    path = made_aaf(clips, given.keep)
    print(f"\n{clips} clips, {path.stat().st_size / 1e6:.1f} MB")
    ours = timed("postsync, to a timeline", partial(count_timeline, path), clips, kept)
    timed("postsync, objects alone", partial(walk_objects, path), clips, kept)
    behind: list[str] = []
    for name, read in () if given.without_peers else PEERS.items():
        theirs = timed(name, partial(read, path), clips, kept)
        print(f"{'':26} {theirs / ours:8.1f} times ours; asked {ASKED[name]}")
        behind += [name] if clips >= 10_000 and theirs / ours < ASKED[name] else []
    print(f"{'postsync, peak memory':26} {peak_memory(path)}")
    return behind


def timed(name: str, read: Callable[[], int], clips: int, kept: dict[str, float]) -> float:
    """Run a reader, hold it to its count, and give its CPU seconds; the best of two where that is quick."""
    best = min(_once(name, read, clips) for _ in range(2 if clips < 10_000 or name.startswith("postsync") else 1))
    linear = f"   linear: {best / clips / kept[name]:.2f}" if name in kept else ""
    print(f"{name:26} {best:8.3f} s CPU{linear}")
    kept.setdefault(name, best / clips)
    return best


def _once(name: str, read: Callable[[], int], clips: int) -> float:
    gc.collect()
    begun = time.process_time()
    found = read()
    taken = time.process_time() - begun
    if found != clips:
        raise SystemExit(f"{name} read {found} clips of {clips}")
    return taken


# ------------------------------------------------------------------------------------------------------------- readers


def count_timeline(path: Path) -> int:
    """Read as every verb does, and count the clips that have arrived."""
    return sum(len(list(timeline.find_clips())) for timeline in read_file(path, Report()).timelines)


def count_adapter(path: Path) -> int:
    """Read through otio-aaf-adapter, whatever form the result has."""
    read = otio.adapters.from_name("AAF").read_from_file(str(path))
    timelines = list(read) if isinstance(read, otio.schema.SerializableCollection) else [read]
    return sum(len(list(timeline.find_clips())) for timeline in timelines)


def walk_objects(path: Path) -> int:
    """Go through every clip and its chain with our objects, without making a timeline."""
    with path.open("rb") as stream:
        file = AafFile.open(stream)
        tops = [mob for mob in file.mobs if mob.class_name == "CompositionMob" and "UsageCode" in mob]
        return sum(_walk_slot(file, slot) for mob in tops for slot in mob.get("Slots"))


def _walk_slot(file: AafFile, slot: AafObject) -> int:
    segment = slot.get("Segment")
    items = segment.get("Components", []) if segment.class_name == "Sequence" else [segment]
    return sum(_walk_item(file, item) for item in items)


def _walk_item(file: AafFile, item: AafObject) -> int:
    item.get("Length")
    if item.class_name == "OperationGroup":
        item.ref_auid("Operation")
        for parameter in item.get("Parameters", ()):
            parameter.get("Value")
        return sum(_walk_item(file, inner) for inner in item.get("InputSegments", ()))
    if item.class_name != "SourceClip":
        return 0
    _walk_chain(file, item.get("SourceID"), item.get("SourceMobSlotID"), item.get("StartTime"))
    return 1


def _walk_chain(file: AafFile, mob_id: MobId, slot_id: int, start: int) -> int:
    mob = file.mob(mob_id)
    if mob is None:
        return start
    for slot in mob.get("Slots"):
        if slot.get("SlotID") == slot_id:
            clip = slot.get("Segment")
            return _walk_chain(file, clip.get("SourceID"), clip.get("SourceMobSlotID"), start + clip.get("StartTime"))
    return start


def walk_pyaaf2(path: Path) -> int:
    """Go through every clip and its chain with pyaaf2, as its documentation shows, and ask for what a timeline states."""
    with aaf2.open(str(path), "r") as file:
        return sum(_pyaaf2_slot(slot) for mob in file.content.toplevel() for slot in mob.slots)


def _pyaaf2_slot(slot: Any) -> int:
    _ = (slot.name, slot.edit_rate, slot.get("PhysicalTrackNumber"), slot.get("TimelineMobAttributeList"))
    segment = slot.segment
    items = segment.components if isinstance(segment, aaf2.components.Sequence) else [segment]
    return sum(_pyaaf2_item(item) for item in items)


def _pyaaf2_item(item: Any) -> int:
    _ = (item.length, item.media_kind, item.get("UserComments"), item.get("ComponentAttributeList"))  # notes
    if isinstance(item, aaf2.components.OperationGroup):
        _ = item.operation.auid
        for parameter in item.parameters:
            _ = (parameter["Definition"].value, parameter.value)
        return sum(_pyaaf2_item(inner) for inner in item.segments)
    if not isinstance(item, aaf2.components.SourceClip):
        return 0
    _pyaaf2_chain(item)
    return 1


def _pyaaf2_chain(clip: Any) -> None:
    """Follow a clip to its tape: names, bin columns, the description of its file, its place and the timecode there."""
    start = clip.start
    while clip.mob is not None:
        mob, slot = clip.mob, clip.slot
        _ = (mob.name, mob.usage, dict(mob.comments.items()), slot.edit_rate, slot.get("PhysicalTrackNumber"))
        if isinstance(mob, aaf2.mobs.SourceMob):
            _pyaaf2_file(mob, mob.descriptor)
        if not isinstance(slot.segment, aaf2.components.SourceClip):
            return
        clip = slot.segment
        start += clip.start


def _pyaaf2_file(mob: Any, descriptor: Any) -> None:
    _ = [descriptor[name].value for name in DESCRIBED if name in descriptor]
    _ = [locator["URLString"].value for locator in descriptor.locator]
    for slot in mob.slots:
        if isinstance(slot.segment, aaf2.components.Timecode):
            _ = (slot.segment.start, slot.segment.fps, slot.segment["Drop"].value)


PEERS: dict[str, Callable[[Path], int]] = {"pyaaf2 walk": walk_pyaaf2, "otio-aaf-adapter": count_adapter}


# --------------------------------------------------------------------------------------------------------------- files


def made_aaf(clips: int, folder: Path) -> Path:
    """Give an AAF of so many clips, written by us; it is kept, for writing takes longer than all reading."""
    path = folder / f"{clips} clips.aaf"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        print(f"writing {path}")
        write_with(FORMAT, _timeline(clips), path, Report(), WriteOptions())
    return path


def _timeline(clips: int) -> Any:
    rate = as_rate("24")
    made = otio.schema.Timeline(name=f"{clips} clips")
    put_timeline_facts(made, TimelineFacts(rate, 86_400, 48_000))
    each = -(-clips // TRACKS)
    for track in range(TRACKS):
        numbers = range(track * each, min((track + 1) * each, clips))
        laid = [_laid(number, number - track * each) for number in numbers]
        made.tracks.append(build_track(f"DX {track + 1}", "Audio", laid, [rate.fps, 48_000], facts=TrackFacts()))
    return made


def _laid(number: int, place: int) -> Laid:
    master = number // CLIPS_A_MASTER
    media = otio.schema.ExternalReference(target_url=f"file:///Volumes/Sound/{master:04d}A-1.wav")
    put_media_facts(media, MediaFacts(name=f"{master:04d}A-1.wav", channels=1, sample_rate=48_000, bits=24))
    clip = otio.schema.Clip(name=f"{master:04d}A-1", media_reference=media)
    put_clip_facts(clip, ClipFacts(gain_db=-(number % 12) / 2 - 0.5))
    return Laid(clip, Fraction(place * 2), Fraction(3, 2), Fraction(number % CLIPS_A_MASTER * 2))


def peak_memory(path: Path) -> str:
    """Give the most memory that a process took to read a file, above one that reads nothing."""
    code = (
        f"import sys; sys.path[:0] = {PATHS!r}\n"
        "from pathlib import Path\n"
        "from postsync.formats.conversion import read_file, recognise\n"
        "from postsync.report import Report\n"
        "def most(): return int(next(line for line in open('/proc/self/status') if line.startswith('VmHWM')).split()[1])\n"
        "recognise(Path(sys.argv[1])); before = most(); kept = read_file(Path(sys.argv[1]), Report()); print(before, most())"
    )
    done = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True, check=False)
    if done.returncode:
        return "not measured: only Linux tells"
    before, after = (int(word) / 2**10 for word in done.stdout.split())
    return f"{after - before:8.0f} MB above {before:.0f} MB, for a file of {path.stat().st_size / 1e6:.0f} MB"


if __name__ == "__main__":
    main()
