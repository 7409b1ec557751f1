"""The sound of a timeline as it would be heard: each clip by its samples, and all of them together.

Levels and fades count, so that what is loud in the mix is loud here; pan, automation of tracks and effects do not, for the
measurements look at phases. Times are seconds from the timeline's first frame, sound is mono at one sample rate.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from postsync.delivery.media_files import find_media, media_key, media_row
from postsync.errors import MediaError, MissingLibrary
from postsync.model import PlacedClip, PlacedTrack, media_facts, placed_tracks, timeline_facts
from postsync.placing.channels import sounding_channels
from postsync.report import Report
from postsync.sound import FORMAT_TAGS, MediaFinder, RenderedSound, WavFacts, as_float32, read_facts, read_samples
from postsync.sound.same_recording import Sound
from postsync.timing import round_half_up

MISSING, RETIMED, NOT_PLAYED, UNREADABLE = (
    "its media are not at hand",
    "it plays at another speed",
    "it is muted or disabled",
    "its media cannot be read",
)
"""Why a clip is not listened to."""


@dataclass(frozen=True)
class Voice:
    """One file that sounds in a clip: where it lies, which of its channels sound, and by how many seconds it lies later."""

    source: WavFacts | RenderedSound
    channels: tuple[int, ...]
    offset: Fraction = Fraction(0)

    def samples(self, start: Fraction, count: int, rate: int) -> Sound:
        """Give the sum of the channels from a time in the file on, at a rate; silence outside the file."""
        if isinstance(self.source, RenderedSound):
            return _rendered(self.source, self.channels, round_half_up((start + self.offset) * rate), count)
        own = self.source.sample_rate
        if own == rate:
            return _read(self.source, self.channels, round_half_up((start + self.offset) * rate), count)
        place = (start + self.offset) * own
        first = place.numerator // place.denominator
        wanted = float(place - first) + np.arange(count) * (own / rate)
        there = _read(self.source, self.channels, first, int(wanted[-1]) + 2 if count else 0)
        made: Sound = np.interp(wanted, np.arange(len(there)), there).astype(np.float32)
        return made


def _read(facts: WavFacts, channels: tuple[int, ...], start: int, count: int) -> Sound:
    made: Sound = as_float32(read_samples(facts, start, count, channels), facts).sum(axis=0, dtype=np.float32)
    return made


def _rendered(sound: RenderedSound, channels: tuple[int, ...], start: int, count: int) -> Sound:
    made = np.zeros(count, np.float32)
    for channel in channels:
        raw = np.frombuffer(b"".join(sound.blocks(channel, start, count)), np.uint8).reshape(-1, 3)
        wide = np.zeros((count, 4), np.uint8)
        wide[:, 1:] = raw
        made += wide.view("<i4")[:, 0] / np.float32(2**31)
    return made


@dataclass(frozen=True)
class HeardClip:
    """A clip of a sound track that can be listened to, or in `why` the reason why it cannot."""

    track: PlacedTrack
    placed: PlacedClip
    voices: tuple[Voice, ...] = ()
    why: str = ""

    @property
    def name(self) -> str:
        """Its track and name."""
        return f"{self.track.name} / {self.placed.clip.name or self.placed.media.name or 'clip'}"

    def samples(self, start: Fraction, count: int, rate: int) -> Sound:
        """Give `count` samples from a time of the timeline on, with levels and fades; silence outside the clip."""
        clip, made = self.placed, np.zeros(count, np.float32)
        first = max(round_half_up((clip.record_in - start) * rate), 0)
        last = min(round_half_up((clip.record_out - start) * rate), count)
        if first >= last:
            return made
        within = start + Fraction(first, rate) - clip.record_in
        for voice in self.voices:
            made[first:last] += voice.samples(clip.source_in + within, last - first, rate)
        made[first:last] *= self._level(within, last - first, rate)
        return made

    def _level(self, within: Fraction, count: int, rate: int) -> Any:
        """Give the gain of each sample, from its place in the clip."""
        facts, times = self.placed.facts, float(within) + np.arange(count) / rate
        if facts.gain_points:
            at, levels = zip(*facts.gain_points, strict=True)
            level = 10 ** (np.interp(times, [float(time) for time in at], levels) / 20)
        else:
            level = np.full(count, 10 ** ((facts.gain_db or 0.0) / 20))
        if facts.fade_in is not None and facts.fade_in.duration:
            level *= np.clip(times / float(facts.fade_in.duration), 0, 1)
        if facts.fade_out is not None and facts.fade_out.duration:
            left = float(self.placed.duration) - times
            level *= np.clip(left / float(facts.fade_out.duration), 0, 1)
        return level


@dataclass
class Assembly:
    """All that sounds of one timeline, at one sample rate."""

    rate: int
    clips: list[HeardClip]
    _starts: list[Fraction] = field(default_factory=list[Fraction])

    @property
    def audible(self) -> list[HeardClip]:
        """The clips that can be listened to."""
        return [clip for clip in self.clips if not clip.why]

    def around(self, start: Fraction, end: Fraction) -> Iterator[HeardClip]:
        """Yield the clips that sound between two times."""
        return (one for one in self.clips if one.placed.record_in < end and one.placed.record_out > start)

    def samples(self, start: Fraction, count: int) -> Sound:
        """Give the sum of all clips from a time on."""
        made = np.zeros(count, np.float32)
        for clip in self.around(start, start + Fraction(count, self.rate)):
            if not clip.why:
                made += clip.samples(start, count, self.rate)
        return made

    def is_whole(self, start: Fraction, end: Fraction) -> bool:
        """Whether everything that plays between two times can be listened to."""
        return all(not clip.why or clip.why == NOT_PLAYED for clip in self.around(start, end))


def assembly_of(timeline: Any, finder: MediaFinder, inside: Mapping[str, Path], rate: int) -> Assembly:
    """Find the sound of every clip; each file is looked for once. `inside` are files taken out of the timeline's own, by id."""
    tracks = placed_tracks(timeline, "audio")
    shelf = _Shelf(timeline, tracks, finder, inside, rate)
    return Assembly(rate, [_heard(track, clip, shelf) for track in tracks for clip in track.clips])


def _heard(track: PlacedTrack, placed: PlacedClip, shelf: _Shelf) -> HeardClip:
    facts = placed.facts
    if not placed.enabled or facts.muted or track.facts.muted:
        return HeardClip(track, placed, why=NOT_PLAYED)
    if facts.speed != 1 or facts.retime:
        return HeardClip(track, placed, why=RETIMED)
    voices: list[Voice] = []
    for reference, channels, offset in _parts(placed):
        source = shelf.source(reference, placed.clip.name)
        if isinstance(source, str):
            return HeardClip(track, placed, why=source)
        there = source.facts.channels if isinstance(source, RenderedSound) else source.channels
        kept = tuple(channel for channel in channels if channel <= there)
        voices += [Voice(source, kept, offset)] if kept else []
    return HeardClip(track, placed, tuple(voices), "" if voices else MISSING)


def _parts(placed: PlacedClip) -> Iterator[tuple[Any, tuple[int, ...], Fraction]]:
    """Yield the references of a clip with the channels that sound: each channel may have a file of its own."""
    clip, facts = placed.clip, placed.facts
    if not facts.sources:
        yield clip.media_reference, sounding_channels(facts, placed.media), Fraction(0)
        return
    references = clip.media_references()
    for source in facts.sources:
        yield references.get(source.media) or clip.media_reference, (source.file_channel,), source.offset


class _Shelf:
    """The files of a timeline, each looked for and opened once."""

    def __init__(
        self, timeline: Any, tracks: list[PlacedTrack], finder: MediaFinder, inside: Mapping[str, Path], rate: int
    ) -> None:
        clock = timeline_facts(timeline)
        self.rate = rate
        rows = {
            key: media_row(reference, media_facts(reference), clip.clip.name, clock)
            for track in tracks
            for clip in track.clips
            for reference in clip.clip.media_references().values()
            if (key := media_key(reference, media_facts(reference), clip.clip.name)) is not None
        }
        self.paths = {key: inside[uid] for key, row in rows.items() if (uid := row.media.uid or "") in inside}
        linked = [key for key in rows if key not in self.paths]
        for key, row in zip(linked, find_media([rows[key] for key in linked], finder, Report()), strict=True):
            if row.found is not None:
                self.paths[key] = row.found.path
        self.opened: dict[Path, WavFacts | RenderedSound | str] = {}

    def source(self, reference: Any, name: str) -> WavFacts | RenderedSound | str:
        """Give the sound of a reference, or in words why there is none."""
        key = media_key(reference, media_facts(reference), name)
        path = None if key is None else self.paths.get(key)
        if path is None:
            return MISSING
        if path not in self.opened:
            self.opened[path] = opened_sound(path, self.rate)
        return self.opened[path]


def opened_sound(path: Path, rate: int) -> WavFacts | RenderedSound | str:
    """Open any file with sound, or say in words why it cannot be."""
    try:
        facts = read_facts(path)
        if facts.format_tag in FORMAT_TAGS:
            return facts
    except MediaError:
        pass
    try:
        return RenderedSound.of(path, rate)
    except MissingLibrary as fault:
        return f"{fault.message}; {fault.remedy}"
    except MediaError:
        return UNREADABLE
