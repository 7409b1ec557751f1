"""Write an AAF that sound programs open: one top-level composition of mono sound tracks at the sample rate.

The AAF Edit Protocol (2005) gives the rules, Avid's and Resolve's files the habits, and what Pro Tools refuses the rest:
linked files must be mono WAVs behind a WAVEDescriptor with a true Summary, and there may be only one composition. Lists are
built first and attached once, because pyaaf2 walks a whole vector for every component that is appended to it.
"""

from __future__ import annotations

import math
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any, BinaryIO, Literal

import aaf2
import opentimelineio as otio
from aaf2.rational import AAFRational

from postsync.cueing import TagLevel
from postsync.formats import Options
from postsync.model import (
    SILENCE_DB,
    PlacedTrack,
    TimelineFacts,
    placed_tracks,
    timeline_duration,
    timeline_facts,
    unique_name,
)
from postsync.placing import mono_tracks
from postsync.report import Report
from postsync.timing import round_half_up
from postsync_adapters.aaf import definitions as defs
from postsync_adapters.aaf.definitions import Tags, fitting
from postsync_adapters.aaf.identity import auid, mob_id
from postsync_adapters.aaf.markers import PlannedMarker, marker_slot, planned_markers
from postsync_adapters.aaf.plan import Grid, Overlap, PlannedClip, PlannedTrack, planned_tracks
from postsync_adapters.aaf.sources import Sources

SAMPLE_RATE = 48_000
TIMECODE_SLOT, FIRST_SOUND_SLOT = 1, 3
CREATED = "2000-01-01T00:00:00"
"""The date in files whose writer names none: the same timeline then gives the same bytes."""

CURVE_TYPES = {"linear": 0, "equal-power": 1}
"""Media Composer's own number for a fade's curve."""


@dataclass(frozen=True)
class WriteOptions(Options):
    """How to write an AAF.

    `sample_rate`: of the session, else the timeline's, its media's, 48000. `media`: link to files or embed them.
    `include_disabled`: keep disabled clips as muted ones. `created`: the date stated, as ISO text. `tags`: what a cue's
    marker says of itself in braces.
    """

    profile: Literal["pro-tools"] = "pro-tools"
    sample_rate: int | None = None
    media: Literal["link", "embed"] = "link"
    include_disabled: bool = True
    created: str | None = None
    tags: TagLevel = "uid"


def write(timeline: otio.schema.Timeline, file: BinaryIO, report: Report, options: WriteOptions) -> None:
    """Write the sound, the timecode and the markers of a timeline."""
    mono = mono_tracks(timeline, report)
    facts = timeline_facts(mono)
    sounds = placed_tracks(mono, "audio")
    note_picture(mono, report)
    rate = options.sample_rate or facts.sample_rate or _media_rate(sounds) or SAMPLE_RATE
    grid = Grid(rate, facts, report)
    tracks = list(_named(_planned(sounds, grid, options.include_disabled), report))
    markers = planned_markers(mono, options.tags, report)
    length = max([round_half_up(timeline_duration(mono) * rate), *(track.end for track in tracks)])
    with _new_aaf(file) as f:
        Writer(f, facts, grid, options).composition(mono.name or "Untitled", tracks, markers, length)


def note_picture(timeline: otio.schema.Timeline, report: Report) -> None:
    """Say which pictures stay behind."""
    for track in placed_tracks(timeline, "video"):
        for clip in track.clips:
            report.note("clip-not-sound", where=track.name, name=clip.clip.name)


def _planned(sounds: Iterable[PlacedTrack], grid: Grid, include_disabled: bool) -> Iterator[PlannedTrack]:
    for track in sounds:
        yield from planned_tracks(track, grid, include_disabled)


def _named(tracks: Iterable[PlannedTrack], report: Report) -> Iterator[PlannedTrack]:
    """Give tracks with names that no other has: the Edit Protocol wants that of slots (101)."""
    taken: list[str] = ["TC1", "Markers"]
    for track in tracks:
        name = unique_name(fitting(track.name), taken)
        if name != track.name:
            report.note("name-changed", where=track.name, was=track.name, now=name)
        taken.append(name)
        yield PlannedTrack(name, track.facts, track.clips)


def _media_rate(tracks: Iterable[PlacedTrack]) -> int | None:
    """Give the sample rate that most clips state."""
    counted = Counter(clip.media.sample_rate for track in tracks for clip in track.clips if clip.media.sample_rate)
    return counted.most_common(1)[0][0] if counted else None


@contextmanager
def _new_aaf(file: BinaryIO) -> Generator[Any]:
    """Open a new AAF in an open file, which pyaaf2 must be able to read too; else by way of a temporary one."""
    if _is_real(file):
        file.seek(0)
        with aaf2.open(os.dup(file.fileno()), "w") as f:
            yield f
        file.seek(0, os.SEEK_END)
        return
    with tempfile.TemporaryFile() as temporary:
        with aaf2.open(os.dup(temporary.fileno()), "w") as f:
            yield f
        temporary.seek(0)
        shutil.copyfileobj(temporary, file, 2**20)


def _is_real(file: BinaryIO) -> bool:
    try:
        return file.fileno() >= 0 and file.readable() and os.fstat(file.fileno()).st_size == 0
    except (OSError, AttributeError):
        return False


class Writer:
    """Makes the objects of one file."""

    def __init__(self, f: Any, facts: TimelineFacts, grid: Grid, options: WriteOptions) -> None:
        self.f, self.facts, self.grid, self.options = f, facts, grid, options
        self.created = datetime.fromisoformat(options.created or CREATED).replace(tzinfo=None)
        self.tags = Tags(f)
        self.kit = defs.Kit(f)
        embed = options.media == "embed"
        self.sources = Sources(self.kit, grid.report, grid.sample_rate, facts.rate, embed, self.created)

    def composition(self, name: str, tracks: list[PlannedTrack], markers: list[PlannedMarker], length: int) -> None:
        """Write everything."""
        for clip in (clip for track in tracks for clip in track.clips):
            self.sources.announce(clip)
        slots = [self._timecode_slot(length)]
        slots += [self._sound_slot(number, track, length) for number, track in enumerate(tracks)]
        if markers:
            frames = math.ceil(Fraction(length, self.grid.sample_rate) * self.facts.rate.fps)
            slots.append(marker_slot(self.f, markers, defs.edit_rate(self.facts.rate), frames, self.tags))
        mob = self.f.create.CompositionMob()
        mob.name, mob.usage = fitting(name), "Usage_TopLevel"
        mob.mob_id = mob_id(
            "composition", name, self.facts, self.created, self.options, length, _digest(tracks), markers
        )
        mob["CreationTime"].value = mob["LastModified"].value = self.created
        mob["Slots"].value = slots
        self.tags.declare()
        self.f.content.mobs.extend([mob, *self.sources.mobs])
        self.sources.embed()
        self._identify(mob.mob_id)

    def _identify(self, composition: Any) -> None:
        """Say who wrote the file."""
        version = {"major": 0, "minor": 1, "tertiary": 0, "patchLevel": 0, "type": "VersionReleased"}
        stated = {
            "CompanyName": "postsync",
            "ProductName": "postsync",
            "ProductVersionString": "0.1.0",
            "ProductVersion": version,
            "ToolkitVersion": version,
            "ProductID": auid("product", "postsync"),
            "Platform": "Python",
            "Date": self.created,
            "GenerationAUID": auid("generation", composition),
        }
        for name, value in stated.items():
            self.f.header["IdentificationList"].value[0][name].value = value
        self.f.header["LastModified"].value = self.created

    def _timecode_slot(self, length: int) -> Any:
        """Make the one slot that says where the composition starts, in frames as they are counted."""
        rate = self.facts.rate
        frames = max(math.ceil(Fraction(length, self.grid.sample_rate) * rate.fps), 1)
        timecode = self.f.create.Timecode(rate.nominal, drop=rate.drop, length=frames)
        timecode.start = self.facts.start_frame
        slot = self.f.create.TimelineMobSlot(TIMECODE_SLOT, "TC1", timecode, 0, defs.edit_rate(rate))
        slot["PhysicalTrackNumber"].value = 1
        return slot

    # -------------------------------------------------------------------------------------------------------- tracks

    def _sound_slot(self, number: int, track: PlannedTrack, length: int) -> Any:
        sequence = self.f.create.Sequence(self.kit.sound, length)
        sequence["Components"].value = list(self._components(track.clips, length))
        segment = self._track_level(sequence, track, length)
        rate = AAFRational(self.grid.sample_rate, 1)
        slot = self.f.create.TimelineMobSlot(FIRST_SOUND_SLOT + number, track.name, segment, 0, rate)
        slot["PhysicalTrackNumber"].value = number + 1
        state: dict[str, str | int] = {}
        if track.facts.muted or track.facts.soloed:
            state = {"AudioMixerCompMute": int(track.facts.muted), "AudioMixerCompSolo": int(track.facts.soloed)}
        if state:
            slot["TimelineMobAttributeList"].value = self.tags.made(state)
        return slot

    def _track_level(self, segment: Any, track: PlannedTrack, length: int) -> Any:
        """Wrap a track in its level, and that in its pan; the Edit Protocol allows pan on tracks alone (239)."""
        if track.facts.gain_points:
            points = [(time, _amplitude(level)) for time, level in track.facts.gain_points]
            value = self.kit.varying(defs.AMPLITUDE, "linear", self._placed(points, length))
            segment = self.kit.operation(defs.GAIN, length, [segment], [value])
        elif track.facts.gain_db:
            value = self.kit.constant(defs.AMPLITUDE, defs.rational(_amplitude(track.facts.gain_db)))
            segment = self.kit.operation(defs.GAIN, length, [segment], [value])
        if len(set(track.facts.pan_points)) > 1:
            points = [(time, (level + 1) / 2) for time, level in track.facts.pan_points]
            value = self.kit.varying(defs.PAN_VALUE, "linear", self._placed(points, length))
            segment = self.kit.operation(defs.PAN, length, [segment], [value])
        elif track.facts.pan is not None:
            value = self.kit.constant(defs.PAN_VALUE, defs.rational((track.facts.pan + 1) / 2))
            segment = self.kit.operation(defs.PAN, length, [segment], [value])
        return segment

    def _placed(self, points: list[tuple[Fraction, float]], length: int) -> list[tuple[AAFRational, AAFRational]]:
        """Put points of a whole track on its length, which they may run over."""
        return [
            (defs.place(min(max(self.grid.sample(time), 0), length), length), defs.rational(value))
            for time, value in points
        ]

    def _components(self, clips: tuple[PlannedClip, ...], length: int) -> Iterator[Any]:
        """Yield clips, fillers and transitions; a filler reaches under the fades on either side of it."""
        filled, tail, joined = 0, None, False
        for clip in clips:
            if joined and tail is not None:
                yield self._transition(tail)
            else:
                yield from self._silence(filled, clip.start, tail, clip.head)
            yield self._clip(clip)
            filled, tail, joined = clip.end, clip.tail, clip.joined
        yield from self._silence(filled, max(length, filled), tail, None)

    def _silence(self, start: int, end: int, tail: Overlap | None, head: Overlap | None) -> Iterator[Any]:
        """Yield what lies between two clips that do not cross: fade out, filler, fade in."""
        filler = end - start + (tail.before if tail else 0) + (head.after if head else 0)
        filler = max(filler, tail.length if tail else 0)
        if tail is not None:
            yield self._transition(tail)
        if filler > 0:
            yield self.f.create.Filler(self.kit.sound, filler)
        if head is not None:
            yield self._transition(head)

    def _transition(self, overlap: Overlap) -> Any:
        transition = self.f.create.Transition(self.kit.sound, overlap.length)
        transition["CutPoint"].value = overlap.before
        ends = (defs.rational(0), defs.rational(1))
        points = [(AAFRational(0, 1), ends[0]), (AAFRational(1, 1), ends[1])]
        level = self.kit.varying(defs.LEVEL, overlap.curve, points)
        group = self.kit.operation(defs.DISSOLVE, overlap.length, [], [level])
        if overlap.curve in CURVE_TYPES:
            curve: dict[str, str | int] = {"_ATN_AUDIO_DISSOLVE_CURVETYPE": CURVE_TYPES[overlap.curve]}
            group["ComponentAttributeList"].value = self.tags.made(curve)
        transition["OperationGroup"].value = group
        return transition

    # --------------------------------------------------------------------------------------------------------- clips

    def _clip(self, clip: PlannedClip) -> Any:
        length = clip.segment_end - clip.segment_start
        self._note_end(clip, length)
        master = self.sources.master(clip)  # before `create` is touched: pyaaf2 keeps the wanted class in a field of it
        segment = self.f.create.SourceClip(clip.segment_source, length, master, clip.channel, self.kit.sound)
        notes = {"_COMMENT": clip.facts.note, "POSTSYNC_ROLE": clip.facts.role, "POSTSYNC_CUE": clip.facts.cue_uid}
        stated: dict[str, str | int] = {name: text for name, text in notes.items() if text}
        if stated:
            segment["ComponentAttributeList"].value = self.tags.made(stated)
        segment = self._with_gain(segment, clip, length)
        return self._muted(segment, length) if clip.silenced else segment

    def _note_end(self, clip: PlannedClip, length: int) -> None:
        """Say so where a clip runs past the end of its file; half a sample is rounding."""
        source = self.sources.source(clip)
        over = Fraction(clip.segment_source + length, self.grid.sample_rate) - Fraction(
            source.length, source.sample_rate
        )
        if over * min(self.grid.sample_rate, source.sample_rate) > 1:
            self.grid.report.note("clip-beyond-media", where=clip.name, name=clip.name, seconds=f"{float(over):.4f}")

    def _with_gain(self, segment: Any, clip: PlannedClip, length: int) -> Any:
        if clip.facts.gain_points:
            points = _gain_points(clip, length, self.grid)
            value = self.kit.varying(defs.AMPLITUDE, "linear", points)
        elif clip.facts.gain_db:
            value = self.kit.constant(defs.AMPLITUDE, defs.rational(_amplitude(clip.facts.gain_db)))
        else:
            return segment
        return self.kit.operation(defs.GAIN, length, [segment], [value])

    def _muted(self, segment: Any, length: int) -> Any:
        """Mute a clip as Media Composer does: silence is selected, the clip is the alternative."""
        selector = self.f.create.Selector(self.kit.sound, length)
        selector["Selected"].value = self.f.create.Filler(self.kit.sound, length)
        selector["Alternates"].value = [segment]
        selector["ComponentAttributeList"].value = self.tags.made({"_DISABLE_CLIP_FLAG": 1, "_AAF_SELECTED": 0})
        return selector


def _amplitude(decibels: float) -> float:
    return 0.0 if decibels <= SILENCE_DB else float(10 ** (decibels / 20))


def _gain_points(clip: PlannedClip, length: int, grid: Grid) -> list[tuple[AAFRational, AAFRational]]:
    """Give the level curve as AAF has it, from 0 to 1 of the segment; what lies outside is held at the edge."""
    lead = clip.start - clip.segment_start
    at = {
        min(max(grid.sample(time) + lead, 0), length): defs.rational(_amplitude(db))
        for time, db in clip.facts.gain_points
    }
    ordered = sorted(at.items())
    if ordered[0][0] > 0:
        ordered.insert(0, (0, ordered[0][1]))
    if ordered[-1][0] < length:
        ordered.append((length, ordered[-1][1]))
    return [(defs.place(position, length), value) for position, value in ordered]


def _digest(tracks: list[PlannedTrack]) -> str:
    """Give everything that makes one composition differ from another, as text."""
    return repr(
        [
            (track.name, track.facts, [
                (clip.name, clip.start, clip.end, clip.source, clip.channel, clip.head, clip.tail, clip.placed.url, clip.facts)
                for clip in track.clips
            ])
            for track in tracks
        ]
    )  # fmt: skip


__all__ = ["WriteOptions", "write"]
