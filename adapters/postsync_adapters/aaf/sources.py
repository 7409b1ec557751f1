"""The media of an AAF: for each file a chain MasterMob ← file SourceMob ← tape SourceMob.

The file mob begins on its tape at the time stamp of its `bext`, in samples, so that the source timecode of every clip is
exact. A mono WAV is quoted by a WAVEDescriptor whose Summary is its true header: Pro Tools looks for MXF behind a
PCMDescriptor, and takes rate and depth from the Summary. Masters are shared by clips of one name.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path, PurePosixPath
from typing import Any

from aaf2.rational import AAFRational

from postsync.errors import CannotWrite, MediaError
from postsync.model import MediaFacts
from postsync.report import Report
from postsync.sound import WavFacts, path_from_url, read_facts, summary, url_from_path
from postsync.timing import Rate, as_rate, round_half_up
from postsync_adapters.aaf.definitions import Kit, edit_rate, fitting
from postsync_adapters.aaf.identity import mob_id
from postsync_adapters.aaf.plan import PlannedClip

BLOCK = 2**20
DAY = 86_400

NOT_WAV = ("mov", "mp4", "m4v", "mxf", "aif", "aiff", "mp3", "m4a", "aac", "flac", "avi", "mts", "braw", "r3d")


@dataclass(frozen=True)
class Source:
    """One media file as the AAF states it. `length` and `stamp` in samples of the file."""

    url: str | None
    path: Path | None
    name: str
    tape: str
    sample_rate: int
    channels: int
    length: int
    stamp: int
    summary: bytes
    embedded: bool
    clock: Rate
    umid: str


class Sources:
    """Finds out about each file once, and makes its mobs once."""

    def __init__(self, kit: Kit, report: Report, session_rate: int, clock: Rate, embed: bool, created: Any) -> None:
        self.mobs: list[Any] = []
        self.essences: list[tuple[Any, Path]] = []
        self._kit, self._f, self._report, self._session_rate = kit, kit.f, report, session_rate
        self._clock, self._embed, self._created = clock, embed, created
        self._sources: dict[str, Source] = {}
        self._ends: dict[str, Fraction] = {}
        self._channels: dict[str, int] = {}
        self._files: dict[str, Any] = {}
        self._tapes: dict[Any, Any] = {}
        self._masters: dict[tuple[str, str], Any] = {}
        self._taken: set[Any] = set()

    def announce(self, clip: PlannedClip) -> None:
        """Take down how much of a file a clip uses, for files that nobody can ask."""
        key = _key(clip)
        end = Fraction(clip.segment_source + clip.segment_end - clip.segment_start, self._session_rate)
        self._ends[key] = max(end, self._ends.get(key, Fraction(0)))
        self._channels[key] = max(clip.channel, clip.media.channels or 1, self._channels.get(key, 1))

    def source(self, clip: PlannedClip) -> Source:
        """Give what is known of the file of a clip."""
        key = _key(clip)
        if key not in self._sources:
            self._sources[key] = self._found(clip, key)
        return self._sources[key]

    def master(self, clip: PlannedClip) -> Any:
        """Give the mob id of the master that a clip plays; its slots count channels from 1."""
        key = (_key(clip), clip.name)
        if key not in self._masters:
            source = self.source(clip)
            if key[0] not in self._files:
                self._files[key[0]] = self._file_mob(source)
            self._masters[key] = self._master_mob(source, self._files[key[0]], clip.name)
        return self._masters[key]

    # ------------------------------------------------------------------------------------------------ facts of a file

    def _found(self, clip: PlannedClip, key: str) -> Source:
        wav = self._wav(clip)
        return self._of_facts(clip, key) if wav is None else self._of_wav(wav, clip)

    def _wav(self, clip: PlannedClip) -> WavFacts | None:
        """Read the header of a file that exists; else say why it could not be."""
        url = clip.placed.url
        path = Path(path_from_url(url)) if url else None
        if path is None or not path.is_absolute() or not path.is_file():
            self._report.note("media-missing", media=url or clip.name, tried=str(path or "nothing"))
            return None
        try:
            facts = read_facts(path, self._report)
            summary(facts)
        except (MediaError, CannotWrite) as fault:
            known = path.suffix.lower().lstrip(".") in NOT_WAV
            self._report.note("media-not-wav" if known else "media-unreadable", media=path.name, why=fault.message)
            return None
        if facts.channels > 1:
            self._report.note("media-not-mono", media=path.name, channels=facts.channels)
        return facts

    def _of_wav(self, wav: WavFacts, clip: PlannedClip) -> Source:
        assert wav.path is not None
        if wav.sample_rate != self._session_rate:
            self._report.note("media-rate-differs", media=wav.path.name, rate=wav.sample_rate)
        stated = max(round_half_up(clip.placed.media_start * wav.sample_rate), 0)
        stamp = wav.time_reference or stated
        if clip.placed.media_start and abs(stamp - stated) * self._clock.fps > wav.sample_rate:
            self._report.note("stamp-disagrees", where=wav.path.name, was=f"timeline {stated}", now=f"file {stamp}")
        return Source(
            url_from_path(wav.path.as_posix()), wav.path, wav.path.name,
            clip.media.tape or wav.tape or wav.path.stem, wav.sample_rate, wav.channels, wav.length_samples, stamp,
            summary(wav), self._embed, self._clock_of(clip.media), wav.bext.umid.hex() if wav.bext else "",
        )  # fmt: skip

    def _of_facts(self, clip: PlannedClip, key: str) -> Source:
        """State what the timeline says of a file that cannot be read."""
        media, placed = clip.media, clip.placed
        rate, channels = media.sample_rate or self._session_rate, self._channels.get(key, 1)
        seconds = self._ends[key] if placed.media_duration is None else placed.media_duration
        length = max(round_half_up(seconds * rate), 1)
        name = PurePosixPath(path_from_url(placed.url)).name if placed.url else media.name or clip.name
        bits = media.bits if media.bits in (8, 16, 24, 32) else 24
        made = WavFacts(None, "RIFF", 1, channels, rate, bits, channels * bits // 8, 44, 0, length)
        return Source(
            placed.url, None, name or clip.name, media.tape or PurePosixPath(name).stem or clip.name, rate, channels,
            length, max(round_half_up(placed.media_start * rate), 0), summary(made), False, self._clock_of(media),
            media.uid or "",
        )  # fmt: skip

    def _clock_of(self, media: MediaFacts) -> Rate:
        """Give the rate that source timecode is told in: the media's own, else the timeline's."""
        if media.rate is None:
            return self._clock
        rate = as_rate(media.rate)
        return rate.with_drop(True) if media.drop_frame and rate.nominal in (30, 60, 120) else rate

    # --------------------------------------------------------------------------------------------------------- mobs

    def _mob(self, mob: Any, name: str, *identity: object) -> Any:
        """Finish a new mob: name, times, and an id that is its own."""
        wanted = mob_id(*identity)
        number = 2
        while wanted in self._taken:
            wanted, number = mob_id(*identity, number), number + 1
        self._taken.add(wanted)
        mob.name, mob.mob_id = fitting(name), wanted
        mob["CreationTime"].value = mob["LastModified"].value = self._created
        self.mobs.append(mob)
        return mob

    def _master_mob(self, source: Source, file_mob: Any, name: str) -> Any:
        mob = self._mob(self._f.create.MasterMob(), name, "master", file_mob.mob_id, name)
        mob["Slots"].value = [
            self._slot(channel, source.sample_rate, self._clip(file_mob.mob_id, channel, 0, source.length))
            for channel in range(1, source.channels + 1)
        ]
        return mob.mob_id

    def _file_mob(self, source: Source) -> Any:
        identity = (source.umid, source.name, source.stamp, source.length, source.sample_rate, source.channels)
        mob = self._mob(self._f.create.SourceMob(), source.name, "file", source.embedded, *identity)
        tape = self._tape_mob(source)
        mob["EssenceDescription"].value = self._descriptor(source)
        mob["Slots"].value = [
            self._slot(channel, source.sample_rate, self._clip(tape, 1, source.stamp, source.length))
            for channel in range(1, source.channels + 1)
        ]
        if source.embedded and source.path is not None:
            self.essences.append((mob.mob_id, source.path))
        return mob

    def _descriptor(self, source: Source) -> Any:
        descriptor = self._f.create.WAVEDescriptor()
        descriptor["SampleRate"].value = AAFRational(source.sample_rate, 1)
        descriptor["Length"].value = source.length
        descriptor["Summary"].value = bytearray(source.summary)
        descriptor["ContainerFormat"].value = self._f.dictionary.lookup_containerdef("AAF")
        if source.url and not source.embedded:
            locator = self._f.create.NetworkLocator()
            locator["URLString"].value = fitting(source.url)
            descriptor["Locator"].value = [locator]
        return descriptor

    def _tape_mob(self, source: Source) -> Any:
        """Give the sound roll: a day of sound, with a timecode that counts from midnight."""
        needed = max(DAY * source.sample_rate, source.stamp + source.length)
        key = (source.tape, source.sample_rate, source.clock, needed)
        if key not in self._tapes:
            mob = self._mob(
                self._f.create.SourceMob(), source.tape, "tape", source.tape, source.sample_rate, source.clock, needed
            )
            mob["EssenceDescription"].value = self._f.create.TapeDescriptor()
            clock = source.clock
            frames = max(clock.frames_per_day, -(-needed * clock.fps // source.sample_rate))
            timecode = self._f.create.Timecode(clock.nominal, drop=clock.drop, length=int(frames))
            sound = self._slot(1, source.sample_rate, self._clip(None, 0, 0, needed))
            labels = self._f.create.TimelineMobSlot(2, "TC", timecode, 0, edit_rate(clock))
            labels["PhysicalTrackNumber"].value = 1
            mob["Slots"].value = [sound, labels]
            self._tapes[key] = mob.mob_id
        return self._tapes[key]

    def _clip(self, mob: Any, slot: int, start: int, length: int) -> Any:
        return self._f.create.SourceClip(start, length, mob, slot, self._kit.sound)

    def _slot(self, number: int, rate: int, segment: Any) -> Any:
        slot = self._f.create.TimelineMobSlot(number, f"A{number}", segment, 0, AAFRational(rate, 1))
        slot["PhysicalTrackNumber"].value = number
        return slot

    def embed(self) -> None:
        """Copy the files that are to lie inside, a MiB at a time; the mobs must be in the file by now."""
        for identifier, path in self.essences:
            essence = self._f.create.EssenceData()
            essence.mob_id = identifier
            self._f.content.essencedata.append(essence)
            stream = essence.open("w")
            with path.open("rb") as file:
                while block := file.read(BLOCK):
                    stream.write(block)
            stream.close()


def _key(clip: PlannedClip) -> str:
    """Tell files apart: by URL, else by what the program called them."""
    return clip.placed.url or f"\0{clip.media.uid or clip.media.name or clip.name}"
