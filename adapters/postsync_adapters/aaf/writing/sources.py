"""The media of an AAF: for each file a chain MasterMob ← file SourceMob ← tape or import SourceMob.

The file mob begins on its tape at the time stamp of its `bext`, in samples, so that the source timecode of every clip is
exact. A linked WAV is quoted by a WAVEDescriptor whose Summary is its true header: Pro Tools looks for MXF behind a
PCMDescriptor, and takes rate and depth from the Summary. Masters are shared by clips of one name. Media that came from an AAF
keep the ids that they had there.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from postsync.report import Report
from postsync.sound import channel_bytes, read_facts, summary, url_from_path
from postsync_adapters.aaf.properties import MobId
from postsync_adapters.aaf.writing.definitions import AAF_CONTAINER, PICTURE, SOUND, SUB_CLIP, TIMECODE, Kit, fitting
from postsync_adapters.aaf.writing.files import Files, Source
from postsync_adapters.aaf.writing.identity import NO_MOB, mob_id, mob_id_of_urn
from postsync_adapters.aaf.writing.planned import MediaUse, PlannedClip
from postsync_adapters.aaf.writing.profiles import Profile
from postsync_adapters.aaf.writing.records import Record
from postsync_adapters.aaf.writing.storage import Pieces

BLOCK = 2**20
DAY = 86_400
AIFF_ENDINGS, WAVE_ENDINGS = (".aif", ".aiff", ".aifc"), (".wav", ".wave", ".bwf")
_PLAIN_BITS = (16, 24, 32)
MONO_CHANNEL = 2
"""`ElectroSpatialFormulation_SingleChannelMode`."""

USUAL_SIZE = (1920, 1080)
"""What a descriptor of pictures must state, for those of which nobody says it; programs look into the file for it."""

SHAPES = {
    **dict.fromkeys([(720, 576), (720, 486), (720, 480)], Fraction(4, 3)),
    **dict.fromkeys([(1440, 1080), (1280, 1080), (960, 720)], Fraction(16, 9)),
}
"""The sizes whose pixels are not square, and how they are seen: standard definition, and HDV, DVCPRO HD and the like."""


class Played(NamedTuple):
    """What a source clip names: mob, slot, and where in it the clip begins, in edit units of the composition."""

    mob: MobId
    slot: int
    start: int


@dataclass
class Sources:
    """Makes the mobs of each file once. `created` is the date that they state."""

    kit: Kit
    files: Files
    profile: Profile
    created: datetime
    mobs: list[Record] = field(default_factory=list[Record])
    essences: list[Record] = field(default_factory=list[Record])
    _files: dict[int, MobId] = field(default_factory=dict[int, MobId])
    _tapes: dict[Any, MobId] = field(default_factory=dict[Any, MobId])
    _masters: dict[Any, MobId] = field(default_factory=dict[Any, MobId])
    _taken: set[MobId] = field(default_factory=set[MobId])

    def played(self, clip: PlannedClip, use: MediaUse, at: Fraction, rate: Fraction, *, picture: bool) -> Played:
        """Give what a clip plays of one channel from a place in its file, in edit units at a rate.

        Where edit units are frames and the place lies between two, a master of its own begins so many samples later.
        """
        source = self.files.source(clip, use, picture=picture)
        if picture or rate >= self.files.session_rate:
            start, lead = max(math.floor(at + Fraction(1, 2)), 0), 0
        else:
            start = max(math.floor(at), 0)
            lead = max(math.floor((at - start) / rate * source.rate + Fraction(1, 2)), 0)
            if Fraction(lead) / source.rate >= 1 / rate:
                start, lead = start + 1, 0
        mob = self._master(source, clip, use, lead)
        return Played(mob, min(use.channel, source.channels), start)

    # --------------------------------------------------------------------------------------------------------- mobs

    def _mob(self, kind: str, name: str | None, wanted: MobId | None, *identity: object, **values: Any) -> Record:
        """Finish a new mob: name, times, and an id that is its own."""
        number = 1
        while wanted is None or wanted in self._taken:
            wanted, number = mob_id(*identity, *([number] if number > 1 else [])), number + 1
        self._taken.add(wanted)
        made = Record(
            kind, MobID=wanted, Name=fitting(name) if name else None, CreationTime=self.created, LastModified=self.created,
            **values,
        )  # fmt: skip
        self.mobs.append(made)
        return made

    def _master(self, source: Source, clip: PlannedClip, use: MediaUse, lead: int) -> MobId:
        """Give the master that a clip plays, or the sub-clip of it where an AAF told the two apart by name."""
        called = (clip.name, clip.placed.clip.name)
        differs = bool(use.own and use.media.name) and use.media.name not in called
        apart = differs and (self.profile.sub_clips or clip.of_files)
        name = str(use.media.name) if apart else clip.name
        key = (id(source), name, lead, use.own.get("MobID"))
        if key not in self._masters:
            same = not lead and (apart or use.media.name in called)
            self._masters[key] = self._new_master(source, name, use, lead, same=same)
            if differs and not apart:
                self.files.report.note("master-renamed", was=str(use.media.name), now=name)
        master = self._masters[key]
        if not apart or clip.of_files:
            return master
        part = (master, clip.name)
        if part not in self._masters:
            self._masters[part] = self._sub_clip(source, master, clip.name, lead)
        return self._masters[part]

    def _new_master(self, source: Source, name: str, use: MediaUse, lead: int, *, same: bool) -> MobId:
        if id(source) not in self._files:
            self._files[id(source)] = self._file(source)
        file = self._files[id(source)]
        known = mob_id_of_urn(str(use.own.get("MobID"))) if same else None
        columns = use.media.extra.get("columns") or {}
        made = self._mob(
            "MasterMob", name, known, "master", file, name, *([lead] if lead else []),
            Slots=self._slots(source, file, lead, max(source.length - lead, 1)),
            UserComments=self.kit.tags(dict(columns)) if columns else None,
        )  # fmt: skip
        return MobId(made["MobID"])

    def _sub_clip(self, source: Source, master: MobId, name: str, lead: int) -> MobId:
        slots = self._slots(source, master, 0, max(source.length - lead, 1))
        made = self._mob("CompositionMob", name, None, "sub-clip", master, name, Slots=slots, UsageCode=SUB_CLIP)
        return MobId(made["MobID"])

    def _slots(self, source: Source, mob: MobId, start: int, length: int, only: int | None = None) -> list[Record]:
        """Give a slot for each channel that plays the same of another mob, or the `only` slot of that."""
        return [
            self._slot(channel, source, Record(
                "SourceClip", DataDefinition=_data(source), Length=length, SourceID=mob,
                SourceMobSlotID=only or channel, StartTime=start,
            ))
            for channel in range(1, source.channels + 1)
        ]  # fmt: skip

    def _file(self, source: Source) -> MobId:
        identity = (source.umid, source.name, source.stamp, source.length, source.rate, source.channels)
        tape = self._tape(source)
        same = source.own and source.channels == (source.media.channels or source.channels)
        known = mob_id_of_urn(source.media.uid or "") if same else None
        kind = "picture" if source.is_picture else "file"
        made = self._mob(
            "SourceMob", source.name, known, kind, source.embedded, *identity,
            EssenceDescription=self._descriptor(source),
            Slots=self._slots(source, tape, source.stamp, source.length, only=1),
        )  # fmt: skip
        if source.embedded and source.path is not None:
            self.essences.append(
                Record("EssenceData", MobID=made["MobID"], Data=_inside(source, self._is_bare(source)))
            )
        return MobId(made["MobID"])

    def _tape(self, source: Source) -> MobId:
        """Give the sound roll or the import: a day of it, with a timecode that counts from midnight or from the file."""
        needed = max(math.ceil(DAY * source.rate), source.stamp + source.length)
        imported = not source.media.tape and (self.profile.imports or source.is_picture)
        key = (source.name if imported else source.tape, source.rate, source.clock, needed, source.code, imported)
        if key not in self._tapes:
            clock = source.clock
            frames = max(clock.frames_per_day, math.ceil(needed * clock.fps / source.rate))
            timecode = Record(
                "Timecode",
                DataDefinition=TIMECODE,
                Length=frames,
                Start=source.code,
                FPS=clock.nominal,
                Drop=clock.drop,
            )
            end = Record(
                "SourceClip",
                DataDefinition=_data(source),
                Length=needed,
                SourceID=NO_MOB,
                SourceMobSlotID=0,
                StartTime=0,
            )
            descriptor = Record("ImportDescriptor" if imported else "TapeDescriptor")
            if imported and source.url:
                descriptor["Locator"] = [Record("NetworkLocator", URLString=fitting(url_from_path(source.url)))]
            made = self._mob(
                "SourceMob", source.name if imported else source.tape or source.name, None,
                "import" if imported else "tape", *key,
                EssenceDescription=descriptor,
                Slots=[self._slot(1, source, end), timeline_slot(2, "TC", clock.fps, timecode, 1)],
            )  # fmt: skip
            self._tapes[key] = made["MobID"]
        return self._tapes[key]

    def _slot(self, number: int, source: Source, segment: Record) -> Record:
        name = f"V{number}" if source.is_picture else f"A{number}"
        return timeline_slot(number, name, source.rate, segment, number)

    # -------------------------------------------------------------------------------------------------- descriptors

    def _descriptor(self, source: Source) -> Record:
        locators = [fitting(url_from_path(source.url))] if source.url and not source.embedded else []
        others = source.own.get("Locator", ()) if locators else ()
        stated = {
            "SampleRate": source.rate, "Length": source.length, "ContainerFormat": AAF_CONTAINER,
            "Locator": [Record("NetworkLocator", URLString=fitting(str(url))) for url in (*locators, *others)] or None,
        }  # fmt: skip
        if source.wav is None:
            return Record("CDCIDescriptor", **stated, **self._pictures(source))
        ending = (source.url or "").lower().rpartition(".")[2]
        if source.embedded and self._is_bare(source):
            return _bare_samples(source, stated)
        if f".{ending}" in AIFF_ENDINGS and source.path is None:
            return Record("AIFCDescriptor", **stated, Summary=_aiff_summary(source))
        if source.path is None and source.url and f".{ending}" not in WAVE_ENDINGS and len(ending) <= 4:
            return _bare_samples(source, stated)
        return Record("WAVEDescriptor", **stated, Summary=summary(source.wav))

    def _pictures(self, source: Source) -> dict[str, Any]:
        """Say how large the pictures of a file are: as its timeline states it, else as is usual, and noted."""
        stated = _frame_size(source.media.frame_size)
        width, height = stated or USUAL_SIZE
        if stated is None:
            self.files.report.note("picture-size-guessed", media=source.name, size=f"{width}x{height}")
        shape = SHAPES.get((width, height), Fraction(width, height))
        return {
            "StoredWidth": width, "StoredHeight": height, "HorizontalSubsampling": 2, "ComponentWidth": 8,
            "ImageAspectRatio": shape.as_integer_ratio(), "FrameLayout": 0, "VideoLineMap": [42, 0],
        }  # fmt: skip

    def _is_bare(self, source: Source) -> bool:
        """Whether embedded sound goes in without the header of its WAV: Media Composer embeds bare samples, never floats."""
        wav = source.wav
        return self.profile.bare and wav is not None and not wav.is_float and wav.bytes_per_sample * 8 in _PLAIN_BITS


def _frame_size(stated: str | None) -> tuple[int, int] | None:
    width, _, height = (stated or "").partition("x")
    if not (width.isdecimal() and height.isdecimal() and 0 < int(width) < 100_000 and 0 < int(height) < 100_000):
        return None
    return int(width), int(height)


def _data(source: Source) -> Any:
    return PICTURE if source.is_picture else SOUND


def timeline_slot(number: int, name: str, rate: Fraction, segment: Record, track: int) -> Record:
    """Make a slot of a mob: one segment at a rate, on a track of a number."""
    return Record(
        "TimelineMobSlot",
        SlotID=number,
        SlotName=name,
        EditRate=rate,
        Origin=0,
        Segment=segment,
        PhysicalTrackNumber=track,
    )


def _bare_samples(source: Source, stated: dict[str, Any]) -> Record:
    """Describe samples without a header, or sound in a file that is neither WAV nor AIFF."""
    wav = source.wav
    assert wav is not None
    return Record(
        "PCMDescriptor", **stated, Channels=wav.channels, QuantizationBits=wav.bytes_per_sample * 8,
        AudioSamplingRate=source.rate, BlockAlign=min(wav.block_align, 65_535),
        AverageBPS=min(wav.block_align * wav.sample_rate, 2**32 - 1), Locked=False,
        ElectroSpatial=MONO_CHANNEL if wav.channels == 1 else None,
    )  # fmt: skip


def _aiff_summary(source: Source) -> bytes:
    """Give the header of an AIFF of such sound: FORM and COMM, its rate as an 80-bit float."""
    wav = source.wav
    assert wav is not None
    shift = wav.sample_rate.bit_length() - 1
    rate = struct.pack(">HQ", 16383 + shift, wav.sample_rate << (63 - shift))
    common = struct.pack(">HIH", wav.channels, min(wav.length_samples, 2**32 - 1), wav.bits) + rate
    return struct.pack(">4sI4s4sI", b"FORM", 4 + 8 + len(common), b"AIFF", b"COMM", len(common)) + common


def _inside(source: Source, bare: bool) -> Pieces:
    """Give the bytes of a file that is to lie inside, a MiB at a time; of one channel, what a WAV of it alone would be."""
    path, wav, only = source.path, source.wav, source.only
    assert path is not None and wav is not None
    samples = wav.length_samples * wav.block_align
    if only is not None:
        head = b"" if bare else summary(wav)
        return Pieces(len(head) + samples, lambda: chain([head], _channel(path, only, wav.length_samples)))
    if bare:
        return Pieces(samples, lambda: _blocks(path, wav.data_offset, samples))
    size = path.stat().st_size
    return Pieces(size, lambda: _blocks(path, 0, size))


def _channel(path: Path, channel: int, count: int) -> Iterator[bytes]:
    return channel_bytes(read_facts(path, Report()), channel, 0, count)


def _blocks(path: Path, begin: int, size: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(begin)
        while size > 0 and (block := file.read(min(BLOCK, size))):
            size -= len(block)
            yield block
