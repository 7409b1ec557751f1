"""Write an AAF that sound and picture programs open: one top-level composition, its media, its markers.

The AAF Edit Protocol (2005) gives the rules, the files of the applications the habits, and what each refuses the rest
(`profiles`). What goes where is planned first; objects are made once, attached once, and written once from front to back.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from typing import BinaryIO, Literal

import opentimelineio as otio

from postsync.cueing import TagLevel
from postsync.formats import Options
from postsync.model import (
    PlacedTrack,
    placed_tracks,
    timeline_duration,
    timeline_facts,
    unique_name,
)
from postsync.placing import mono_tracks
from postsync.report import Report
from postsync.timing import round_half_up
from postsync_adapters.aaf.properties import MobId
from postsync_adapters.aaf.writing.components import Components
from postsync_adapters.aaf.writing.definitions import PICTURE, TIMECODE, TOP_LEVEL, Kit, fitting
from postsync_adapters.aaf.writing.files import Files
from postsync_adapters.aaf.writing.identity import auid, mob_id
from postsync_adapters.aaf.writing.markers import FIRST_SOUND_SLOT, PlannedMarker, marker_slots, planned_markers
from postsync_adapters.aaf.writing.plan import planned_tracks
from postsync_adapters.aaf.writing.planned import Grid, PlannedTrack, plain
from postsync_adapters.aaf.writing.profiles import PROFILES, Profile
from postsync_adapters.aaf.writing.records import Record
from postsync_adapters.aaf.writing.returning import Returning
from postsync_adapters.aaf.writing.skeleton import write_aaf
from postsync_adapters.aaf.writing.sources import Sources, timeline_slot

SAMPLE_RATE = 48_000
TIMECODE_SLOT, PICTURE_SLOT, OTHER_SLOTS = 1, 2, 5000
CREATED = "2000-01-01T00:00:00"
"""The date in files whose writer names none: the same timeline then gives the same bytes."""

TRACK_FORMATS = {2: 2, 6: 3, 8: 4}
"""`_TRACK_FORMAT` by channels: stereo, 5.1, 7.1; of mono tracks it is not stated."""


@dataclass(frozen=True)
class WriteOptions(Options):
    """How to write an AAF.

    `profile`: the application that it is for. `channels`: a mono track for each channel, or several in one clip; else as the
    profile has it. `picture`: pictures as references, `speeds`: changed speeds as effects, where not sound runs at its own;
    each else as the profile has it. `sample_rate`: of the session, else the
    timeline's, its media's, 48000. `media`: link to files, embed them, or copy them first (which `convert` and `turnover`
    do). `include_disabled`: keep disabled clips as muted ones. `created`: the date stated, as ISO text. `tags`: what a cue's
    marker says of itself in braces.
    """

    profile: Literal["pro-tools", "media-composer", "resolve", "generic"] = "pro-tools"
    channels: Literal["mono", "native"] | None = None
    picture: bool | None = None
    speeds: bool | None = None
    sample_rate: int | None = None
    media: Literal["link", "embed", "copy"] = "link"
    include_disabled: bool = True
    created: str | None = None
    tags: TagLevel = "uid"

    @property
    def several_channels(self) -> bool:
        """Whether clips keep several channels."""
        return self.row.native

    @property
    def row(self) -> Profile:
        """What the application wants, with what was asked for otherwise."""
        row = PROFILES[self.profile]
        native = row.native if self.channels is None else self.channels == "native"
        picture = row.picture if self.picture is None else self.picture
        speeds = row.speeds if self.speeds is None else self.speeds
        return replace(row, native=native, picture=picture, speeds=speeds)


def write(timeline: otio.schema.Timeline, file: BinaryIO, report: Report, options: WriteOptions) -> None:
    """Write the tracks, the timecode and the markers of a timeline."""
    _Writer(timeline, report, options).write(file)


class _Writer:
    """One file on its way."""

    def __init__(self, timeline: otio.schema.Timeline, report: Report, options: WriteOptions) -> None:
        self.profile, self.options, self.report = options.row, options, report
        self.timeline = timeline if self.profile.native else mono_tracks(timeline, report)
        self.facts = timeline_facts(self.timeline)
        sounds = placed_tracks(self.timeline, "audio")
        self.session_rate = options.sample_rate or self.facts.sample_rate or _media_rate(sounds) or SAMPLE_RATE
        fps = self.facts.rate.fps
        self.grid = Grid(
            fps if self.profile.frames else Fraction(self.session_rate), self.facts, report, self.profile.native,
            self.profile.speeds, options.include_disabled,
        )  # fmt: skip
        self.frames = replace(self.grid, rate=fps, native=False)
        self.created = datetime.fromisoformat(options.created or CREATED).replace(tzinfo=None)
        self.kit = Kit()
        self.returning = Returning(self.kit, report)
        self.sounds = list(self._named(_planned(sounds, self.grid)))
        self.pictures = self._planned_pictures()
        self.sources = Sources(self.kit, self._files(), self.profile, self.created)

    def _files(self) -> Files:
        takes = self.profile.native or self.profile.name != "pro-tools"
        embed, splits = self.options.media == "embed", not self.profile.native
        files = Files(self.report, self.session_rate, self.facts.rate, embed, takes, splits)
        for tracks, rate in ((self.sounds, self.grid.rate), (self.pictures, self.frames.rate)):
            for clip in (clip for track in tracks for clip in track.clips):
                files.announce(clip, rate)
        return files

    def _planned_pictures(self) -> list[PlannedTrack]:
        """Plan the picture tracks, where the application gets any; say which pictures stay behind."""
        tracks = placed_tracks(self.timeline, "video")
        if self.profile.picture:
            return list(_planned(tracks, self.frames))
        for track in tracks:
            for clip in track.clips:
                self.report.note("clip-not-sound", where=track.name, name=clip.clip.name)
        return []

    def _named(self, tracks: Iterable[PlannedTrack]) -> Iterator[PlannedTrack]:
        """Give tracks with names that no other has: the Edit Protocol wants that of slots (101)."""
        taken: list[str] = ["TC1", "V1", "Markers", "Segmentation"]
        for track in tracks:
            name = unique_name(fitting(track.name), taken)
            if name != track.name:
                self.report.note("name-changed", where=track.name, was=track.name, now=name)
            taken.append(name)
            yield replace(track, name=name)

    # --------------------------------------------------------------------------------------------------------- file

    def write(self, file: BinaryIO) -> None:
        """Write everything."""
        duration = timeline_duration(self.timeline)
        length = max([round_half_up(duration * self.grid.rate), *(track.end for track in self.sounds)])
        markers = planned_markers(self.timeline, self.options.tags, self.report, self.profile, self.returning)
        frames = max(math.ceil(Fraction(length) / self.grid.rate * self.facts.rate.fps), 1)
        frames = max([frames, *(track.end for track in self.pictures)])
        composition = self._composition(markers, length, frames)
        self._note_lost()
        generation = auid("generation", MobId(composition["MobID"]))
        write_aaf(
            file, [composition, *self.sources.mobs], self.sources.essences, self.kit, self.created, generation
        )  # fmt: skip

    def _composition(self, markers: list[PlannedMarker], length: int, frames: int) -> Record:
        own = plain(self.timeline.metadata.get("aaf"))
        slots = [self._timecode_slot(frames)]
        if self.pictures:
            slots.append(self._picture_slot(frames))
        slots += [self._sound_slot(number, track, length) for number, track in enumerate(self.sounds)]
        if markers:
            places = {track.name: FIRST_SOUND_SLOT + number for number, track in enumerate(self.sounds)}
            other = PICTURE_SLOT if self.pictures else TIMECODE_SLOT
            slots += marker_slots(markers, places, other, self.facts.rate.fps, frames, self.kit, self.profile)
        slots += self.returning.slots(own.get("slots", ()), OTHER_SLOTS, self.timeline.name)
        attributes = self.returning.tags(own.get("attributes"), self.timeline.name)
        comments = self.returning.tags(own.get("UserComments"), self.timeline.name)
        name = self.timeline.name or "Untitled"
        identity = mob_id(
            "composition", name, self.facts, self.created, self.options, length,
            _digest([*self.sounds, *self.pictures], inside=self.options.media == "embed"), markers,
        )  # fmt: skip
        return Record(
            "CompositionMob", MobID=identity, Name=fitting(name), UsageCode=TOP_LEVEL, CreationTime=self.created,
            LastModified=self.created, Slots=slots,
            MobAttributeList=self.kit.tags(attributes) if attributes else None,
            UserComments=self.kit.tags(comments) if comments else None,
        )  # fmt: skip

    def _note_lost(self) -> None:
        """Say what of an AAF that was read has no place: effects over several layers, and tracks of data."""
        for track in self.timeline.tracks:
            if track.kind not in (otio.schema.TrackKind.Audio, otio.schema.TrackKind.Video):
                for clip in track.find_clips():
                    self.report.note(
                        "element-ignored", where=track.name, name=f"clip {clip.name!r} of a {track.kind} track"
                    )
            if track.kind == otio.schema.TrackKind.Video and not self.profile.picture:
                continue
            for stack in track.find_children(descended_from_type=otio.schema.Stack):
                own = plain(stack.metadata.get("aaf")) if len(stack.metadata) else {}
                for effect in own.get("effects", ()):
                    said = effect.get("definition") or {}
                    name = said.get("Name") or effect.get("Operation")
                    self.report.note("element-ignored", where=track.name, name=f"effect {name} over several layers")

    # -------------------------------------------------------------------------------------------------------- slots

    def _timecode_slot(self, frames: int) -> Record:
        """Make the one slot that says where the composition starts, in frames as they are counted."""
        rate = self.facts.rate
        timecode = Record(
            "Timecode", DataDefinition=TIMECODE, Length=frames, Start=self.facts.start_frame, FPS=rate.nominal,
            Drop=rate.drop,
        )  # fmt: skip
        return timeline_slot(TIMECODE_SLOT, "TC1", rate.fps, timecode, 1)

    def _sound_slot(self, number: int, track: PlannedTrack, length: int) -> Record:
        components = self._components()
        segment = components.over_track(components.sequence(track, length), track, length)
        state = self.returning.tags(track.own.get("attributes"), track.name)
        if track.facts.muted or track.facts.soloed:
            state |= {"AudioMixerCompMute": int(track.facts.muted), "AudioMixerCompSolo": int(track.facts.soloed)}
        stated = track.facts.channels or track.channels
        if self.profile.native and stated in TRACK_FORMATS:
            state["_TRACK_FORMAT"] = TRACK_FORMATS[stated]
        made = timeline_slot(FIRST_SOUND_SLOT + number, track.name, self.grid.rate, segment, number + 1)
        if state:
            made["TimelineMobAttributeList"] = self.kit.tags(state)
        return made

    def _picture_slot(self, length: int) -> Record:
        """Make the slot of all pictures: several tracks are nested in it, as Media Composer and Premiere do."""
        components = replace(self._components(), grid=self.frames, data=PICTURE)
        sequences = [components.sequence(track, length) for track in self.pictures]
        if len(sequences) == 1:
            return timeline_slot(PICTURE_SLOT, "V1", self.frames.rate, self._called(sequences[0], self.pictures[0]), 1)
        for sequence, track in zip(sequences, self.pictures, strict=True):
            self._called(sequence, track)
        nested = Record("NestedScope", DataDefinition=PICTURE, Length=length, Slots=sequences)
        return timeline_slot(PICTURE_SLOT, "V1", self.frames.rate, nested, 1)

    def _called(self, sequence: Record, track: PlannedTrack) -> Record:
        if track.name:
            sequence["UserComments"] = self.kit.tags({"_TRACK_NAME": track.name})
        return sequence

    def _components(self) -> Components:
        return Components(self.kit, self.sources, self.returning, self.profile, self.grid)


def _planned(tracks: Iterable[PlacedTrack], grid: Grid) -> Iterator[PlannedTrack]:
    for track in tracks:
        yield from planned_tracks(track, grid)


def _media_rate(tracks: Iterable[PlacedTrack]) -> int | None:
    """Give the sample rate that most clips state."""
    counted = Counter(clip.media.sample_rate for track in tracks for clip in track.clips if clip.media.sample_rate)
    return counted.most_common(1)[0][0] if counted else None


def _digest(tracks: Iterable[PlannedTrack], *, inside: bool) -> str:
    """Give everything that makes one composition differ from another, as text.

    Sound that goes `inside` is named without its folder: a turnover makes one for the moment, named anew each time.
    """
    return repr(
        [
            (track.name, track.facts, [
                (clip.name, clip.start, clip.end, clip.head, clip.tail, clip.speed, clip.facts, clip.silenced,
                 [((use.url or "").rsplit("/", 1)[-1] if inside else use.url, use.channel, use.start) for use in clip.uses])
                for clip in track.clips
            ])
            for track in tracks
        ]
    )  # fmt: skip
