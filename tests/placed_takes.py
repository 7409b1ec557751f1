"""Takes made for the cues of any timeline, placed, and looked for in what other readers make of the files.

AAF is read by pyaaf2 alone and by the adapter of OpenTimelineIO, FCPXML and XMEML by walks over their elements that share no
code with the library. The suite runs a sample; `python benchmarks/placing.py CORPUS` runs every file with cues.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

import opentimelineio as otio
from lxml import etree

import postsync
from adapters.aaf_player import Player
from fcpxml_written import dtd_of
from postsync import verbs
from postsync.cueing import spot
from postsync.model import (
    Project,
    cue_markers,
    placed_tracks,
    put_cue,
    timeline_cues,
    timeline_duration,
    timeline_facts,
)
from postsync.report import Report
from postsync.sound import Bext, write_wav
from postsync.timing import round_half_up, seconds_of_frame

RATE = 48_000
TICKS = 254_016_000_000
FCPXML_VERSION = "1.11"

Place = tuple[str, int, int, int]
"""Name of a take, its first sample on the timeline, its length, and the sample of its file that plays there."""


@dataclass
class Round:
    """One timeline whose takes were placed: how many, and in words what any reader saw elsewhere."""

    takes: int = 0
    faults: list[str] = field(default_factory=list)
    read: Counter[str] = field(default_factory=Counter)


def placed_round(path: Path, name: str | None, folder: Path, dtds: Path, *, most: int = 40) -> Round:
    """Make takes for the cues of a timeline (its markers where it has none), place them, and read everything back."""
    work = _numbered(path, name, folder, most)
    made = Round()
    if work is None:
        return made
    done = verbs.place(work, [folder / "Takes"], folder / "out", by="stamp", date="2026-01-01")
    timeline = postsync.read(next(done.turnover.folder.glob("*.otio")))[0]
    rate, fps = timeline_facts(timeline).sample_rate or RATE, timeline_facts(timeline).rate.fps
    expected = Counter(_ours(timeline, rate))
    made.takes = sum(expected.values())
    waiting = [row.pairing.recorded.name for row in done.placing.rows if not row.placed]
    made.faults += [f"not placed: {one}" for one in waiting]
    aaf = next(done.turnover.folder.glob("*.aaf"))
    _compare("pyaaf2", expected, Counter(_by_pyaaf2(aaf, rate)), made)
    starts = Counter((one[1], one[2]) for one in expected.elements())
    _compare("OpenTimelineIO's adapter", starts, Counter(_by_otio(aaf, rate)), made)
    _fcpxml(timeline, expected, folder / "back.fcpxml", dtds, made, rate)
    postsync.write(timeline, folder / "back.xml", as_format="xmeml")
    # A take that begins between two frames, after its cue did, has no frame to begin on in a list that counts frames.
    framed = [one for one in expected if one[3] or (one[1] * fps / rate).denominator == 1]
    within = {(name, round_half_up(Fraction(start, rate) * RATE) - source) for name, start, _, source in framed}
    _compare("XMEML", Counter(within), Counter(set(_xmeml_places(folder / "back.xml"))), made)
    made.faults += _links(timeline, work, folder)
    return made


def _numbered(path: Path, name: str | None, folder: Path, most: int) -> Path | None:
    """Write a work with numbered cues and a take for each, whose stamp lies some samples beside a frame."""
    timeline = verbs.opened(path).choose(name)
    if not spot(timeline, Project(), Report(), all_markers=False) and not timeline_cues(timeline):
        spot(timeline, Project(), Report(), all_markers=True)
    facts, end = timeline_facts(timeline), timeline_duration(timeline)
    takes = 0
    rng = random.Random(path.name)
    for number, (marker, cue) in enumerate(cue_markers(timeline), start=1):
        if not 0 <= cue.seconds_in(facts) < end or cue.status in ("omitted", "lost", "replaced"):
            continue
        put_cue(marker, replace(cue, number=f"Q{number:04}", sync_points=()), facts, None, was=cue)
        if takes < most:
            length = (cue.seconds_out(facts) or cue.seconds_in(facts) + 2) - cue.seconds_in(facts)
            place = max(cue.seconds_in(facts) - Fraction(rng.randrange(200, 1500), 1000), Fraction(0))
            first = round_half_up((seconds_of_frame(facts.start_frame, facts.rate) + place) * RATE) + rng.randrange(
                2000
            )
            _take(folder / "Takes" / f"Q{number:04}_T1.wav", first, round_half_up((length + 4) * RATE))
            takes += 1
    postsync.write(timeline, folder / "work.otio")
    return folder / "work.otio" if takes else None


def _take(path: Path, stamp: int, length: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_wav(
            file, sample_rate=RATE, bits=16, blocks=[bytes(2 * length)], length_samples=length,
            bext=Bext(time_reference=stamp),
        )  # fmt: skip


def _compare(reader: str, expected: Counter[Any], found: Counter[Any], made: Round) -> None:
    made.read[reader] += sum(expected.values())
    made.faults += [f"{reader} does not see {one}" for one in (expected - found).elements()]


def _ours(timeline: Any, rate: int = RATE) -> Iterator[Place]:
    for track in placed_tracks(timeline, "audio"):
        for clip in track.clips:
            if clip.facts.cue_uid:
                yield (
                    clip.clip.name,
                    *(
                        round_half_up(one * per)
                        for one, per in ((clip.record_in, rate), (clip.duration, rate), (clip.source_in, RATE))
                    ),
                )


def _by_pyaaf2(path: Path, rate: int) -> Iterator[Place]:
    with Player(path) as player:
        for track in player.tracks:
            for one in track.segments if track.name.startswith("ADR") else ():
                if track.rate == rate:
                    # Of two fades that meet the outgoing clip is heard too: the incoming one is asked for by its file.
                    sounds = player.sounds_at(track, one.start)
                    for sound in sounds:
                        if sound.path is not None:
                            yield sound.path.stem, one.start, one.length, sound.index


def _by_otio(path: Path, rate: int) -> Iterator[tuple[int, int]]:
    for track in otio.adapters.read_from_file(str(path), adapter_name="AAF").audio_tracks():
        at = 0
        for item in track:
            if not isinstance(item, otio.schema.Transition):
                length = round(item.duration().rescaled_to(rate).value)
                if isinstance(item, otio.schema.Clip):
                    yield at, length
                at += length


def _fcpxml(timeline: Any, expected: Counter[Place], path: Path, dtds: Path, made: Round, rate: int) -> None:
    postsync.write(timeline, path, options={"version": FCPXML_VERSION})
    root = etree.parse(path).getroot()
    dtd = dtd_of(dtds, FCPXML_VERSION)
    if not dtd.validate(root):
        made.faults.append(f"FCPXML: {dtd.error_log.filter_from_errors()[0]}")
    _compare("FCPXML", expected, Counter(_fcpxml_places(root, rate)), made)


def _fcpxml_places(root: Any, rate: int) -> Iterator[Place]:
    assets = {one.get("id"): _time(one.get("start")) for one in root.iter("asset")}
    formats = {one.get("id"): _time(one.get("frameDuration")) for one in root.iter("format")}
    for sequence in root.iter("sequence"):
        fps = 1 / formats[sequence.get("format")]
        for spine in sequence.findall("spine"):
            zero = partial(_inside, Fraction(0), _time(sequence.get("tcStart")), Fraction(1))
            yield from _laid_in(spine, zero, assets, fps, rate)


def _laid_in(
    parent: Any, placed: Callable[[Fraction], Fraction], assets: dict[str, Fraction], fps: Fraction, rate: int
) -> Iterator[Place]:
    """Walk what lies inside a parent: `placed` gives the time on the timeline of a time of the parent."""
    at = Fraction(0)
    for item in parent:
        if item.get("duration") is None and item.tag != "spine":
            continue
        offset = _time(item.get("offset")) if item.get("offset") is not None else at
        start, length, begin = _time(item.get("start")), _time(item.get("duration")), placed(offset)
        if item.tag == "asset-clip" and item.get("ref") in assets:
            values = (begin * rate, length * rate, (start - assets[item.get("ref")]) * RATE)
            # What is no whole sample is nobody's: -1 fits no expectation.
            yield item.get("name"), *(int(value) if value.denominator == 1 else -1 for value in values)
        speed = _conform(item.find("conform-rate"), fps)
        inside = partial(_inside, begin, start, speed)
        yield from _laid_in(item, inside, assets, fps, rate)
        at = offset + length


def _inside(begin: Fraction, start: Fraction, speed: Fraction, time: Fraction) -> Fraction:
    return begin + (time - start) * speed


def _conform(element: Any, fps: Fraction) -> Fraction:
    """Give the seconds of the timeline for each of a clip's own, as Final Cut conforms its rate."""
    if element is None or element.get("scaleEnabled") == "0" or element.get("srcFrameRate") is None:
        return Fraction(1)
    source = Fraction(element.get("srcFrameRate"))
    whole = Fraction(round(source))
    source = whole * Fraction(1000, 1001) if whole != source else whole
    if {whole, Fraction(round(fps))} == {Fraction(24), Fraction(25)}:
        return source / fps
    if source != whole and (fps.denominator == 1 or whole == 24):
        return Fraction(1000, 1001) if source != fps else Fraction(1)
    return Fraction(1001, 1000) if source == whole and fps.denominator != 1 else Fraction(1)


def _time(text: str | None) -> Fraction:
    return Fraction((text or "0s").removesuffix("s"))


def _xmeml_places(path: Path) -> Iterator[tuple[str, int]]:
    """Yield of every clip where the first sample of its file would lie: starts are frames, in points are ticks.

    A start of -1 is that of the transition before.
    """
    root = etree.parse(path).getroot()
    rate = root.find("sequence/rate")
    fps = Fraction(int(rate.findtext("timebase"))) * (Fraction(1000, 1001) if rate.findtext("ntsc") == "TRUE" else 1)
    for item in root.findall("sequence/media/audio/track/clipitem"):
        start, ticks = int(item.findtext("start")), item.findtext("pproTicksIn")
        if start == -1:
            start = int(item.getprevious().findtext("start"))
        if ticks is not None:
            yield item.findtext("name"), round_half_up((start / fps - Fraction(int(ticks), TICKS)) * RATE)


def _links(timeline: Any, work: Path, folder: Path) -> Iterator[str]:
    """Move everything by a reconform of 120 frames; yield what clips, cues and placements then say differently."""
    facts = timeline_facts(timeline)
    length = int(timeline_duration(timeline) * facts.rate.fps) + 1
    old, new = folder / "v1.edl", folder / "v2.edl"
    for path, begin in ((old, 0), (new, 120)):
        path.write_text(_list_of(begin, length, facts))
    postsync.write(timeline, folder / "placed.otio")
    verbs.reconform(old, new, folder / "placed.otio", folder / "moved", rate=facts.rate)
    moved = postsync.read(next((folder / "moved").glob("*.otio")))[0]
    cues = {cue.uid: cue for cue in timeline_cues(moved)}
    before = {one[0]: one for one in _ours(timeline)}
    for name, start, duration, source in _ours(moved):
        shift = round_half_up(120 * facts.rate.seconds_per_frame * RATE)
        if abs(start - before[name][1] - shift) > 1 or (duration, source) != before[name][2:]:
            yield f"reconform: {name} at {start}, was {before[name]}"
    for track in placed_tracks(moved, "audio"):
        for clip in track.clips:
            if clip.facts.cue_uid:
                mine = [one for one in cues[clip.facts.cue_uid].placements if one["clip"] == clip.clip.name]
                if [Fraction(one["record_in"]) for one in mine] != [clip.record_in]:
                    yield f"reconform: {clip.clip.name} and its cue disagree"


def _list_of(begin: int, length: int, facts: Any) -> str:
    """An EDL of one event; where it begins later, something new stands before it."""
    drop = facts.rate.drop
    head = f"TITLE: CUT\nFCM: {'DROP FRAME' if drop else 'NON-DROP FRAME'}\n"

    def event(number: int, reel: str, source: int, start: int, count: int) -> str:
        label = replace(facts, start_frame=0).label
        times = (label(source), label(source + count), facts.label(start), facts.label(start + count))
        return f"{number:03}  {reel:8} V     C        {' '.join(times)}\n"

    before = event(1, "NEW", 0, 0, begin) if begin else ""
    return head + before + event(2, "OLD", 2000, begin, length)
