"""Read every XMEML document of a folder of real files, write it again, and compare, beside OpenTimelineIO's fcp_xml adapter.

`python benchmarks/xmeml_corpus.py CORPUS`, with `--null` to turn each over as AAF on made media as well, and `--fcpxml` to
take the FCPXML files of the corpus through XMEML too. The official adapter is used where `otio-fcp-adapter` is installed.

First table: items, transitions and markers of `expected.json`, those that we put exactly there, those that the official
adapter does. Second: sound clips and markers that come back from each profile. Third: seconds for a document of many clips.
The exit code is 1 where anything of ours fell short.
"""

from __future__ import annotations

import argparse
import io
import sys
import tempfile
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / part) for part in ("tests", "interchange", "adapters")]

import opentimelineio as otio  # noqa: E402
from timed import best  # noqa: E402

from damage_peers import make_known  # noqa: E402
from null_test import Wanted, null_test, wav  # noqa: E402
from postsync.errors import PostsyncError  # noqa: E402
from postsync.formats.conversion import read_file  # noqa: E402
from postsync.report import Report  # noqa: E402
from postsync.timing import from_rational_time  # noqa: E402
from postsync_adapters.xmeml import FORMAT, XmemlWriteOptions  # noqa: E402
from xmeml_expected import Agreement, agreement, expected  # noqa: E402
from xmeml_round_trip import RoundTrip, round_trip  # noqa: E402

PROFILES = ("premiere", "final-cut-7", "resolve")


def official(folder: Path | None) -> Any:
    """Give the official adapter as OpenTimelineIO loads it, or None where it is not installed: here, or in that folder."""
    if not make_known("fcp_xml", folder):
        return None
    return otio.adapters.from_name("fcp_xml").module()


def at_session_rate(wanted: Wanted) -> Any:
    """Make media at the rate of the session, so that no rounding between sample rates stands between the two."""
    scale = Fraction(wanted.session, wanted.sample_rate)
    used = [(int(start * scale) - 1, int(end * scale) + 2) for start, end in wanted.used]
    stamp = None if wanted.stamp is None else round(wanted.stamp * scale)
    length = int(wanted.length * scale) + 1
    return wav(replace(wanted, sample_rate=wanted.session, length=length, used=used, stamp=stamp))


# --------------------------------------------------------------------------------------------------------------- places


def peer_places(peer: Any, path: Path, sequences: list[dict[str, Any]]) -> tuple[int, int]:
    """Count the items and markers that the official adapter puts where they must be; nothing where it fails."""
    try:
        found = peer.read_from_string(path.read_text("utf-8-sig"))
    except Exception:  # noqa: BLE001 - that it fails is what is told
        return 0, 0
    timelines = [found] if isinstance(found, otio.schema.Timeline) else [*found]
    items = markers = 0
    for sequence, timeline in zip(sequences, timelines, strict=False):
        if not isinstance(timeline, otio.schema.Timeline):
            continue
        items += _peer_items(sequence, timeline)
        markers += _peer_markers(sequence, timeline)
    return items, markers


def _peer_items(sequence: dict[str, Any], timeline: Any) -> int:
    """Count the items that lie where they must on any track of their kind: the adapter numbers tracks its own way."""
    tracks = {"video": timeline.video_tracks(), "audio": timeline.audio_tracks()}
    have = {kind: set[Any]().union(*(_shown(one, sequence["rate"]) for one in ours)) for kind, ours in tracks.items()}
    return sum(
        (item["start"], item["end"], item["enabled"]) in have[track["kind"]]
        for track in sequence["tracks"]
        for item in track["items"]
        if item["type"] == "clipitem" and item["start"] is not None
    )


def _shown(track: Any, rate: Any) -> set[tuple[Any, ...]]:
    """Give the items of a track with what transitions show of them, in frames, and whether they are on."""
    fps = Fraction(rate[0] * 1000, 1001) if rate[1] else Fraction(rate[0])
    at, found, children = Fraction(0), set(), list(track)
    for place, item in enumerate(children):
        if isinstance(item, otio.schema.Transition):
            continue
        duration = from_rational_time(item.duration())
        if not isinstance(item, otio.schema.Gap):
            before, after = children[place - 1] if place else None, children[place + 1 : place + 2]
            lead = from_rational_time(before.in_offset) if isinstance(before, otio.schema.Transition) else 0
            tail = (
                from_rational_time(after[0].out_offset) if after and isinstance(after[0], otio.schema.Transition) else 0
            )
            found.add(((at - lead) * fps, (at + duration + tail) * fps, item.enabled))
        at += duration
    return found


def _peer_markers(sequence: dict[str, Any], timeline: Any) -> int:
    have = {
        (round(from_rational_time(one.marked_range.start_time) * sequence["rate"][0]), one.name)
        for one in timeline.tracks.markers
    }
    return sum((marker["frame"], marker["name"]) in have for marker in sequence["markers"])


def places(folder: Path, peer: Any) -> bool:
    print(
        f"{'file':36}{'items':>7}{'ours':>7}{'peer':>7}{'retimed':>9}{'mixes':>7}{'ours':>6}{'marks':>7}{'ours':>6}{'peer':>6}"
    )
    total, theirs = Agreement(), [0, 0]
    for name, sequences in expected(folder).items():
        path = folder / "xmeml" / name
        found = agreement(path, sequences)
        of_peer = peer_places(peer, path, sequences) if peer else (0, 0)
        _row(name, found, of_peer)
        total.add(found)
        theirs = [theirs[0] + of_peer[0], theirs[1] + of_peer[1]]
    _row("all", total, (theirs[0], theirs[1]))
    for fault in total.faults:
        print("  wrong:", fault)
    return not total.faults


def _row(name: str, found: Agreement, peer: tuple[int, int]) -> None:
    print(
        f"{name[:35]:36}{found.items:7}{found.right:7}{peer[0]:7}{found.retimed:9}{found.transitions:7}"
        f"{found.transitions_right:6}{found.markers:7}{found.markers_right:6}{peer[1]:6}"
    )


# ---------------------------------------------------------------------------------------------------------- round trips


def round_trips(paths: list[Path]) -> bool:
    print(
        f"\n{'profile':14}{'documents':>10}{'sound':>8}{'back':>8}{'markers':>9}{'back':>7}{'worst sync':>14}  losses and notes"
    )
    good = True
    for profile in PROFILES:
        total, documents = RoundTrip(), 0
        for timeline in _timelines(paths):
            with tempfile.TemporaryDirectory() as work:
                total.add(round_trip(timeline, Path(work) / "again.xml", profile))
            documents += 1
        told = ", ".join(f"{code} {count}" for code, count in total.losses.items())
        sync = f"{float(total.worst_sync) * 1000:.4f} ms"
        print(
            f"{profile:14}{documents:10}{total.clips:8}{total.kept:8}{total.markers:9}{total.markers_kept:7}{sync:>14}  {told}"
        )
        for fault in total.faults[:10]:
            print("  wrong:", fault)
        good = good and not total.faults
    return good


def _timelines(paths: list[Path]) -> Any:
    for path in paths:
        try:
            yield from read_file(path, Report()).timelines
        except PostsyncError as fault:
            print(f"  {path.name} refused: {fault.message}")


def null_tests(folder: Path) -> bool:
    print(f"\n{'turned over as AAF':36}{'clips':>7}{'right':>7}{'samples':>9}")
    good = True
    for path in sorted((folder / "xmeml").glob("*.xml")):
        with tempfile.TemporaryDirectory() as work:
            outcome = null_test(path, Path(work), maker=at_session_rate)
        print(f"{path.name[:35]:36}{outcome.clips:7}{outcome.right:7}{outcome.samples:9}")
        for fault in outcome.faults[:5]:
            print("  wrong:", fault)
        good = good and outcome.clips == outcome.right
    return good


# ---------------------------------------------------------------------------------------------------------------- speed


def many_clips(count: int) -> otio.schema.Timeline:
    time_, range_ = otio.opentime.RationalTime, otio.opentime.TimeRange
    timeline = otio.schema.Timeline("BIG", global_start_time=time_(86400, 24))
    for kind, name in (("Video", "V1"), ("Audio", "A1")):
        track = otio.schema.Track(name, kind=kind)
        for number in range(count // 2):
            available = range_(time_(0, 24), time_(9000, 24))
            media = otio.schema.ExternalReference(f"file:///media/SHOT_{number % 200:05}.mov", available)
            used = range_(time_(number % 5000, 24), time_(20 + number % 37, 24))
            track.append(otio.schema.Clip(f"SHOT_{number:05}", media, used))
        timeline.tracks.append(track)
    return timeline


def speed(count: int, peer: Any) -> None:
    timeline = many_clips(count)
    buffer = io.BytesIO()
    options = XmemlWriteOptions()
    assert FORMAT.write is not None and FORMAT.read is not None
    reader, writer = FORMAT.read, FORMAT.write
    writer(timeline, buffer, Report(), options)
    data = buffer.getvalue()
    ours = best(lambda: reader(io.BytesIO(data), Report(), FORMAT.read_options()), 2)
    written = best(lambda: writer(timeline, io.BytesIO(), Report(), options), 2)
    print(f"\n{count} clips, {len(data) / 1e6:.1f} MB: read {ours:.2f} s, written {written:.2f} s (CPU)")
    if peer is None:
        print("the official adapter is not installed: pip install otio-fcp-adapter")
        return
    theirs = best(lambda: peer.read_from_string(data.decode()), 1)
    print(f"official adapter: read {theirs:.2f} s, {theirs / ours:.1f} times ours", flush=True)
    try:
        theirs = best(lambda: peer.write_to_string(timeline), 1)
        print(f"official adapter: written {theirs:.2f} s, {theirs / written:.1f} times ours")
    except Exception as fault:  # noqa: BLE001 - that it fails is what is told
        print(f"official adapter: cannot write it ({type(fault).__name__})")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("corpus", type=Path)
    asked.add_argument("--null", action="store_true")
    asked.add_argument("--fcpxml", action="store_true")
    asked.add_argument("--clips", type=int, default=4000)
    asked.add_argument("--peers", type=Path)
    given = asked.parse_args()
    peer = official(given.peers)
    good = places(given.corpus, peer)
    paths = sorted((given.corpus / "xmeml").glob("*.xml"))
    good = round_trips(paths) and good
    if given.fcpxml:
        good = round_trips(sorted((given.corpus / "fcpxml").glob("*.fcpxml"))) and good
    if given.null:
        good = null_tests(given.corpus) and good
    speed(given.clips, peer)
    raise SystemExit(not good)


if __name__ == "__main__":
    main()
