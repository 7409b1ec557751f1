"""Turn real timelines into Resolve's OTIO, beside OpenTimelineIO's official adapters and its own JSON, and read both back.

`python benchmarks/resolve_otio.py CORPUS [COUNT]`. First table: what of the clips of every AAF, Final Cut XML and EDL of the
corpus a reader of Resolve's dialect finds again, each clip compared with how we read the source: place to the frame, level and
its curve to 0.01 dB, fades to a thousandth of a second, notes of markers. "named" are those of which the report says that they
were moved to a frame or left out; "theirs" is what the official adapter of the format reads, written as OTIO. Second: files of
Resolve's own that come out as Resolve wrote them. Third: processor seconds for COUNT clips (10,000) with levels and half as
many markers, against OpenTimelineIO's bare JSON of the same timeline.
The exit code is 1 where anything of ours fell short.
"""

from __future__ import annotations

import io
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / part) for part in ("interchange", "adapters", "tests")]

import opentimelineio as otio  # noqa: E402

from postsync.errors import PostsyncError  # noqa: E402
from postsync.formats import ReadOptions  # noqa: E402
from postsync.formats.conversion import read_file  # noqa: E402
from postsync.formats.format import write_to  # noqa: E402
from postsync.model import (  # noqa: E402
    ClipFacts,
    Fade,
    PlacedClip,
    PlainMarker,
    TimelineFacts,
    clip_members,
    cue_of,
    media_members,
    new_timeline,
    placed_tracks,
    planned_track,
    put_timeline_facts,
    stated_facts,
    timeline_markers,
    to_otio_marker,
)
from postsync.model.laying import Planned  # noqa: E402
from postsync.report import Report  # noqa: E402
from postsync.timing import Rate, nearest_frame  # noqa: E402
from postsync_adapters.resolve_otio import FORMAT, WriteOptions  # noqa: E402

SUFFIXES = {".aaf": "AAF", ".fcpxml": None, ".xml": "fcp_xml", ".edl": "cmx_3600"}
SIDES = ("ours", "theirs")

NAMED = {
    "clips": ("clip-below-frame", "time-rounded"),
    "levels": ("value-clamped", "clip-below-frame", "time-rounded"),
    "curves": ("value-clamped", "time-rounded", "clip-below-frame"),
    "fades": ("clip-below-frame", "time-rounded"),
    "notes": ("marker-nudged", "marker-text-changed", "time-rounded"),
}
"""What the report says of such a thing that stands elsewhere, or not at all."""


def written(timeline: Any, report: Report | None = None) -> bytes:
    file = io.BytesIO()
    write_to(FORMAT, timeline, file, Report() if report is None else report, WriteOptions())
    return file.getvalue()


def as_resolve_reads(data: bytes) -> Any | None:
    try:
        return FORMAT.read(io.BytesIO(data), Report(), ReadOptions(name="x"))[0]
    except (PostsyncError, ValueError, KeyError, TypeError, AttributeError, otio.exceptions.OTIOError):
        return None


def official(path: Path) -> Any | None:
    """Give what OpenTimelineIO's own tools make of a file for Resolve, None where there is no adapter or it fails."""
    adapter = SUFFIXES[path.suffix.lower()]
    if adapter not in otio.adapters.available_adapter_names():
        return None
    try:
        found = otio.adapters.read_from_file(str(path), adapter_name=adapter)
        timeline = (
            found if isinstance(found, otio.schema.Timeline) else next(iter(found.find_children(None, None, True)))
        )
        return as_resolve_reads(otio.adapters.otio_json.write_to_string(timeline).encode())
    except Exception:  # noqa: BLE001 - whatever it raises, it has read nothing
        return None


# ------------------------------------------------------------------------------------------------------- what arrives


def facts_of(timeline: Any, rate: Rate, kind: str | None = None) -> Iterator[tuple[str, Any]]:
    """Yield what there is to find, each as a value that is equal where it arrived."""
    for track in placed_tracks(timeline):
        for clip in track.clips:
            place = (track.kind, nearest_frame(clip.record_in, rate), nearest_frame(clip.record_out, rate))
            yield "clips", place
            yield from _levels(clip, place, rate)
    for held, marker in timeline_markers(timeline):
        if marker.visible and marker.comment and cue_of(held) is None:
            yield "notes", (nearest_frame(marker.record_in, rate), " ".join(marker.comment.split()))


def _levels(clip: PlacedClip, place: tuple[Any, ...], rate: Rate) -> Iterator[tuple[str, Any]]:
    facts = clip.facts
    if facts.gain_points:
        moments = {nearest_frame(time, rate): round(max(level, -100.0), 2) for time, level in facts.gain_points}
        yield "curves", (*place, next(iter(moments.values())))
    elif facts.gain_db:
        yield "levels", (*place, round(min(max(facts.gain_db, -100.0), 30.0), 2))
    for name in ("fade_in", "fade_out"):
        fade = getattr(facts, name)
        if fade is not None and fade.duration > 0:
            yield "fades", (*place, name, round(float(fade.duration), 3))


def compare(source: Any, made: Any | None, rate: Rate) -> dict[str, tuple[int, int]]:
    wanted: dict[str, Counter[Any]] = {}
    for what, value in facts_of(source, rate):
        wanted.setdefault(what, Counter())[value] += 1
    found: dict[str, Counter[Any]] = {}
    for what, value in facts_of(made, rate) if made is not None else ():
        found.setdefault(what, Counter())[value] += 1
    return {what: ((found.get(what, Counter()) & values).total(), values.total()) for what, values in wanted.items()}


def files(corpus: Path) -> list[Path]:
    return sorted(path for path in corpus.rglob("*") if path.suffix.lower() in SUFFIXES and path.is_file())


def arrivals(corpus: Path) -> bool:
    from postsync.model import timeline_facts

    totals: dict[tuple[str, str, str], Counter[str]] = {}
    for path in files(corpus):
        try:
            opened = read_file(path, Report())
            timeline = opened.timelines[0]
            rate = timeline_facts(timeline).rate
            report = Report()
            ours = as_resolve_reads(written(timeline, report))
        except (PostsyncError, IndexError):
            continue
        for side, made in zip(SIDES, (ours, official(path)), strict=True):
            for what, (found, wanted) in compare(timeline, made, rate).items():
                count = totals.setdefault((opened.format.title, what, side), Counter())
                named = min(wanted - found, sum(loss.code in NAMED[what] for loss in report))
                count.update(found=found, wanted=wanted, named=named)
    print(f"{'source':34} {'what':8} {'there':>7} {'ours':>7} {'named':>7} {'theirs':>7}")
    for title, what, side in sorted(totals):
        if side == "ours":
            ours_count, theirs = totals[title, what, "ours"], totals[title, what, "theirs"]
            mine = f"{ours_count['wanted']:7} {ours_count['found']:7} {ours_count['named']:7}"
            print(f"{title[:34]:34} {what:8} {mine} {theirs['found']:7}")
    return all(
        count["found"] + count["named"] == count["wanted"] for (_, _, side), count in totals.items() if side == "ours"
    )


# ---------------------------------------------------------------------------------------------------------- the rest


def resolves_own(corpus: Path) -> bool:
    """Count what differs in each of Resolve's own files once we have read and written it, the timeline's name aside."""
    fine = True
    for path in sorted((corpus / "resolve" / "otio").glob("*.otio")):
        data = path.read_bytes()
        (timeline,) = FORMAT.read(io.BytesIO(data), Report(), ReadOptions(name=""))
        differ = list(differences(json.loads(written(timeline)), json.loads(data)))
        print(f"{path.name:45} {len(differ)} differences {', '.join(differ[:3])}")
        fine = fine and len(differ) <= 1
    return fine


def differences(ours: Any, theirs: Any, at: str = "") -> Iterator[str]:
    """Yield the places where two documents differ by more than the last digit of a float."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for name in sorted({*ours, *theirs}):
            yield from differences(ours.get(name), theirs.get(name), f"{at}/{name}")
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for number, (one, other) in enumerate(zip(ours, theirs, strict=True)):
            yield from differences(one, other, f"{at}[{number}]")
    elif isinstance(ours, float) and isinstance(theirs, float):
        if abs(ours - theirs) > 1e-9 * max(1.0, abs(ours)):
            yield at
    elif ours != theirs and at != "/name":
        yield at


def long_timeline(count: int) -> Any:
    rate = Rate.of(Fraction(24))
    facts = stated_facts(ClipFacts(channels=(1,), gain_db=-3.0, fade_in=Fade(Fraction(1, 24))))
    media = media_members("a.wav", "file:///a.wav", {"name": "a.wav"}, (Fraction(0), Fraction(count)))
    members = clip_members("a.wav", facts, media)
    planned = [Planned(members, Fraction(at), Fraction(at + 1), Fraction(at)) for at in range(count)]
    timeline = new_timeline("long", {})
    put_timeline_facts(timeline, TimelineFacts(rate, 86400))
    timeline.tracks.append(planned_track("A1", "Audio", planned, [24]))
    marks = [
        to_otio_marker(PlainMarker(Fraction(2 * at), name=f"M{at}", comment="note"), 24) for at in range(count // 2)
    ]
    timeline.tracks.markers.extend(marks)
    return timeline


def seconds(work: Any) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def speed(count: int) -> None:
    timeline = long_timeline(count)
    data = written(timeline)
    json_data = otio.adapters.otio_json.write_to_string(timeline)
    pairs = {
        "write": (lambda: written(timeline), lambda: otio.adapters.otio_json.write_to_string(timeline)),
        "read": (lambda: as_resolve_reads(data), lambda: otio.adapters.otio_json.read_from_string(json_data)),
    }
    for what, (ours, theirs) in pairs.items():
        mine, bare = min(seconds(ours) for _ in range(2)), min(seconds(theirs) for _ in range(2))
        print(f"{what} {count} clips: {mine:.2f} s, {mine / bare:.1f} times OpenTimelineIO's bare JSON")


def main(words: list[str]) -> int:
    if not words or words[0].startswith("-"):
        print(__doc__)
        return 2
    corpus = Path(words[0])
    fine = arrivals(corpus)
    fine = resolves_own(corpus) and fine
    speed(int(words[1]) if len(words) > 1 else 10_000)
    return 0 if fine else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
