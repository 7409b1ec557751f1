"""What the checks look at: one timeline, the media that it plays as they are on disk, and the application to open it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any

from postsync.delivery.checks.applications import Application
from postsync.delivery.media_files import MediaFile, MediaKey, find_media, media_key, media_row, with_embedded
from postsync.errors import MediaError
from postsync.findings import Finding, finding
from postsync.model import (
    MediaFacts,
    PlacedClip,
    PlacedTrack,
    TimelineFacts,
    media_facts,
    placed_tracks,
    timeline_duration,
    timeline_facts,
)
from postsync.report import Report
from postsync.sound import EmbeddedSound, MediaFinder, WavFacts, read_facts
from postsync.wording import UNNAMED, counted

WAVES = (".wav", ".wave", ".bwf", ".rf64")


@dataclass(frozen=True)
class Use:
    """A clip of a track, and the medium that it plays; None where it names none."""

    track: PlacedTrack
    clip: PlacedClip
    medium: Medium | None = None


@dataclass
class Medium:
    """One media file: what the timeline states of it, and what the file says where it is a WAV at hand."""

    row: MediaFile
    header: WavFacts | None = None
    fault: str = ""
    uses: list[Use] = field(default_factory=list)

    @property
    def name(self) -> str:
        """What people call it: the file's own name, else the timeline's."""
        return PurePosixPath(self.row.path).name if self.row.path else self.row.name or UNNAMED

    @property
    def ending(self) -> str:
        """The ending of its file in small letters; nothing where it has no path."""
        return PurePosixPath(self.row.path or "").suffix.lower()

    @property
    def is_sound(self) -> bool:
        """Whether a sound track plays it."""
        return any(use.track.kind == "audio" for use in self.uses)

    @property
    def sample_rate(self) -> int | None:
        """Samples a second, as the file says, else as stated."""
        return self.header.sample_rate if self.header else self.row.media.sample_rate

    @property
    def channels(self) -> int | None:
        """Channels of the file."""
        return self.header.channels if self.header else self.row.media.channels

    @property
    def bits(self) -> int | None:
        """Bits of a sample."""
        return self.header.bits if self.header else self.row.media.bits

    @property
    def duration(self) -> Fraction | None:
        """Its length in seconds."""
        if self.header is not None:
            return Fraction(self.header.length_samples, self.header.sample_rate)
        return self.row.duration


@dataclass(frozen=True)
class Subject:
    """One timeline on its way to an application. `handles` in seconds, None where nobody asked; `format` is its file's."""

    timeline: Any
    application: Application
    format: str
    format_title: str
    media: dict[MediaKey, Medium]
    uses: tuple[Use, ...]
    tracks: tuple[PlacedTrack, ...]
    names: tuple[str, ...]
    handles: Fraction | None = None

    @cached_property
    def clock(self) -> TimelineFacts:
        """Its rate and start."""
        return timeline_facts(self.timeline)

    @cached_property
    def duration(self) -> Fraction:
        """Its length in seconds."""
        return timeline_duration(self.timeline)

    @property
    def direct(self) -> bool:
        """Whether the application opens this very file."""
        return self.format in self.application.opens

    @property
    def sound(self) -> list[PlacedTrack]:
        """The sound tracks."""
        return [track for track in self.tracks if track.kind == "audio"]

    @cached_property
    def clips(self) -> tuple[Use, ...]:
        """Each clip once, with the first file that it plays."""
        seen: dict[int, Use] = {}
        for use in self.uses:
            seen.setdefault(id(use.clip), use)
        return tuple(seen.values())

    @property
    def sound_media(self) -> list[Medium]:
        """The media that sound tracks play, in order."""
        return [one for one in self.media.values() if one.is_sound]

    @cached_property
    def session_rate(self) -> int:
        """The sample rate of the session: the timeline's, else that of most sound files, else 48000."""
        counted = Counter(one.sample_rate for one in self.sound_media if one.sample_rate)
        stated = self.clock.sample_rate
        return stated or (counted.most_common(1)[0][0] if counted else 48_000)

    def at(self, code: str, use: Use, **facts: object) -> Finding:
        """Make a finding about a clip."""
        name = use.clip.clip.name or use.clip.media.name or "clip"
        return finding(code, f"{use.track.name} / {name}", self.clock.timecode(use.clip.record_in), **facts)

    def of(self, code: str, medium: Medium, **facts: object) -> Finding:
        """Make a finding about a media file, at its first use."""
        first = min(medium.uses, key=lambda use: use.clip.record_in)
        uses = counted(len(medium.uses), "clip")
        where = f"{first.track.name}, {uses}"
        return finding(code, where, self.clock.timecode(first.clip.record_in), media=medium.name, **facts)


@dataclass(frozen=True)
class Source:
    """The file that timelines came from: its format, its place, and the sound inside it."""

    format: str
    format_title: str
    finder: MediaFinder
    names: tuple[str, ...]
    embedded: Sequence[EmbeddedSound] = ()


def subject_of(timeline: Any, application: Application, source: Source, handles: Fraction | None) -> Subject:
    """Gather what the checks need to know: each file is looked for once, and the header of each WAV read once."""
    tracks = tuple(track for track in placed_tracks(timeline) if track.kind == "audio" or application.takes_picture)
    media: dict[MediaKey, Medium] = {}
    uses = tuple(_uses(tracks, media, timeline_facts(timeline)))
    rows = with_embedded([medium.row for medium in media.values()], source.embedded)
    for medium, row in zip(media.values(), find_media(rows[: len(media)], source.finder, Report()), strict=True):
        medium.row = row
        _read(medium)
    return Subject(
        timeline, application, source.format, source.format_title, media, uses, tracks, source.names, handles
    )


def _uses(tracks: Sequence[PlacedTrack], media: dict[MediaKey, Medium], clock: TimelineFacts) -> Iterator[Use]:
    """Yield each clip once for each file that it plays: channels may lie in files of their own."""
    for track in tracks:
        for placed in track.clips:
            clip = placed.clip
            named = clip.media_references().values() if placed.facts.sources else (clip.media_reference,)
            found: dict[MediaKey, tuple[Any, MediaFacts]] = {}
            for index, reference in enumerate(named):
                facts = media_facts(reference) if index or placed.facts.sources else placed.media
                key = media_key(reference, facts, clip.name)
                if key is not None:
                    found[key] = (reference, facts)
            for key, (reference, facts) in found.items():
                medium = media.get(key)
                if medium is None:
                    medium = media[key] = Medium(media_row(reference, facts, clip.name, clock))
                use = Use(track, placed, medium)
                medium.uses.append(use)
                yield use
            if not found:
                yield Use(track, placed)


def _read(medium: Medium) -> None:
    """Read the header of a WAV that was found."""
    found = medium.row.found
    if found is None or found.path.suffix.lower() not in WAVES:
        return
    try:
        medium.header = read_facts(found.path)
    except MediaError as fault:
        medium.fault = fault.sentence()
