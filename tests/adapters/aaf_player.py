"""A player of AAF built on pyaaf2 alone: it says which sample of which file sounds at a place, and reads it.

It shares no code with the library, so that one mistake cannot hide in both. Sequences are walked as the AAF Object
Specification says: a transition overlaps both of its neighbours. Positions are converted between edit rates exactly.
"""

from __future__ import annotations

import io
import itertools
import struct
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import aaf2

GAIN = "9d2ea894-0968-11d3-8a38-0050040ef7d2"
PAN = "9d2ea893-0968-11d3-8a38-0050040ef7d2"
COMBINER = "6b46dd7a-132d-4856-ab21-8b751d8462ec"
WARPS = ("f1db0f27-8d64-11d3-80df-006008143e6f", "9d2ea890-0968-11d3-8a38-0050040ef7d2")
SPEED_RATIO = "72559a80-24d7-11d3-8a50-0050040ef7d2"
OFFSETS = "8d56827d-847e-11d5-935a-50f857c10000"


@dataclass(frozen=True)
class Sound:
    """One sample that sounds: of which file (None where embedded), which sample, which channel, and how it was reached."""

    path: Path | None
    file_mob: str
    index: int
    channel: int
    clip_name: str
    muted: bool


@dataclass
class Segment:
    """A source clip of the composition where it lies on its track, in the track's edit units.

    `warp` gives the place in the source clip that plays at a place in the segment.
    """

    start: int
    length: int
    source_start: int
    source: Any
    name: str
    muted: bool = False
    gains: list[Any] = field(default_factory=list)
    attributes: dict[str, Any] = field(default_factory=dict)
    warp: Callable[[Fraction], Fraction] | None = None


@dataclass
class Fade:
    """A transition: where it lies, its cut point, its interpolation."""

    start: int
    length: int
    cut: int
    curve: str


@dataclass
class Track:
    """A sound track."""

    name: str
    number: int
    rate: Fraction
    length: int
    segments: list[Segment]
    fades: list[Fade]
    attributes: dict[str, Any]


class Wav:
    """Enough of a WAV to read single samples of it, wherever its bytes lie."""

    def __init__(self, stream: Any) -> None:
        self.stream = stream
        riff, _, wave = struct.unpack("<4sI4s", stream.read(12))
        assert riff in (b"RIFF", b"RF64") and wave == b"WAVE"
        at, long_size = 12, None
        while True:
            stream.seek(at)
            name, size = struct.unpack("<4sI", stream.read(8))
            if name == b"ds64":
                long_size = struct.unpack("<QQ", stream.read(16))[1]
            if name == b"fmt ":
                _, self.channels, self.rate, _, self.align, self.bits = struct.unpack("<HHIIHH", stream.read(16))
            if name == b"data":
                self.offset, self.size = at + 8, long_size if size == 0xFFFFFFFF else size
                return
            at += 8 + size + size % 2

    def sample(self, index: int, channel: int = 1) -> bytes | None:
        """Give the bytes of one sample; None outside the file."""
        if not 0 <= index < self.size // self.align:
            return None
        width = self.align // self.channels
        self.stream.seek(self.offset + index * self.align + (channel - 1) * width)
        return self.stream.read(width)


class Bare:
    """Samples without a header, as a PCMDescriptor describes them."""

    def __init__(self, stream: Any, descriptor: Any) -> None:
        self.stream = stream
        self.channels, self.align = descriptor["Channels"].value, descriptor["BlockAlign"].value
        self.rate, self.bits = int(descriptor["AudioSamplingRate"].value), descriptor["QuantizationBits"].value
        self.size = len(stream.getvalue())
        assert self.align == self.channels * self.bits // 8 and self.size // self.align == descriptor["Length"].value

    def sample(self, index: int, channel: int = 1) -> bytes | None:
        """Give the bytes of one sample; None outside the file."""
        if not 0 <= index < self.size // self.align:
            return None
        width = self.align // self.channels
        self.stream.seek(index * self.align + (channel - 1) * width)
        return self.stream.read(width)


class Player:
    """An open AAF. Use as a context manager."""

    def __init__(self, path: Path) -> None:
        self.f = aaf2.open(str(path), "r")
        (self.composition,) = [mob for mob in self.f.content.mobs if getattr(mob, "usage", None) == "Usage_TopLevel"]
        self._mobs = {str(mob.mob_id): mob for mob in self.f.content.mobs}
        self._wavs: dict[str, Wav] = {}
        self._chains: dict[tuple[str, int], Any] = {}
        self._ends: dict[int, tuple[Sound, Fraction, Fraction]] = {}
        self.tracks = [
            self._track(slot) for slot in self.composition.slots if slot.media_kind in ("Sound", "LegacySound")
        ]

    def __enter__(self) -> Player:
        return self

    def __exit__(self, *_: object) -> None:
        for wav in self._wavs.values():
            wav.stream.close()
        self.f.close()

    # ------------------------------------------------------------------------------------------------- the composition

    def start(self) -> tuple[int, int, bool, Fraction]:
        """Give the first frame, the nominal rate, the drop flag and the exact rate of the composition's timecode."""
        (slot,) = [slot for slot in self.composition.slots if slot.media_kind == "Timecode"]
        return slot.segment.start, slot.segment.fps, slot.segment.drop, _rate(slot)

    def _track(self, slot: Any) -> Track:
        track = Track(slot.name, slot["PhysicalTrackNumber"].value, _rate(slot), slot.segment.length, [], [], {})
        track.attributes = _tags(slot, "TimelineMobAttributeList")
        self._lay(slot.segment, 0, track, False, [])
        return track

    def _lay(self, item: Any, at: int, track: Track, muted: bool, gains: list[Any]) -> None:
        kind = type(item).__name__
        if kind == "Sequence":
            for part in item.components:
                if type(part).__name__ == "Transition":
                    at -= part.length
                    track.fades.append(_fade(part, at))
                else:
                    self._lay(part, at, track, muted, gains)
                    at += part.length
            assert at >= 0
        elif kind == "OperationGroup":
            value = (item, at, item.length)
            kind_of = str(item.operation.auid)
            own = [value] if kind_of == GAIN else []
            laid = len(track.segments)
            for inner in item.segments if kind_of == COMBINER else [next(iter(item.segments))]:
                self._lay(inner, at, track, muted, gains + own)
            for segment in track.segments[laid:] if kind_of in WARPS else ():
                segment.length, segment.warp = item.length, _warp(item)
        elif kind == "Selector":
            disabled = _tags(item, "ComponentAttributeList").get("_DISABLE_CLIP_FLAG") == 1
            inner = next(iter(item["Alternates"].value)) if disabled else item["Selected"].value
            self._lay(inner, at, track, muted or disabled, gains)
        elif kind == "SourceClip":
            name = self._mobs[str(item.mob_id)].name
            tags = _tags(item, "ComponentAttributeList")
            track.segments.append(Segment(at, item.length, item.start, item, name, muted, gains, tags))
        else:
            assert kind == "Filler", kind

    def sounds_at(self, track: Track, sample: int) -> list[Sound]:
        """Give everything that sounds at a place of a track, muted or not; two in a cross fade."""
        return [
            self._sound(one, Fraction(sample - one.start), track)
            for one in track.segments
            if one.start <= sample < one.start + one.length
        ]

    def sound_at(self, track: Track, sample: int) -> Sound | None:
        """Give the one thing that sounds at a place of a track."""
        found = self.sounds_at(track, sample)
        assert len(found) < 2
        return found[0] if found else None

    def gain_at(self, segment: Segment, sample: int) -> Fraction:
        """Give the level of a segment at a place of its track."""
        level = Fraction(1)
        for group, start, length in segment.gains:
            for parameter in group["Parameters"].value:
                level *= _value_at(parameter, Fraction(sample - start, length))
        return level

    # -------------------------------------------------------------------------------------------------------- the chain

    def _sound(self, segment: Segment, inside: Fraction, track: Track) -> Sound:
        inside = inside if segment.warp is None else segment.warp(inside)
        whole, begin, per = self._known(segment, track)
        position = begin + per * inside
        index = (2 * position.numerator + position.denominator) // (2 * position.denominator)
        return replace(whole, index=index)

    def _known(self, segment: Segment, track: Track) -> tuple[Sound, Fraction, Fraction]:
        """Give what a segment plays, where in its file it begins, and how far the file goes for a unit of the track."""
        if id(segment) not in self._ends:
            file_mob, slot, begin = self._file(segment.source, Fraction(segment.source_start), track.rate)
            per = self._file(segment.source, Fraction(segment.source_start + 1), track.rate)[2] - begin
            descriptor = file_mob["EssenceDescription"].value
            locators = descriptor.get("Locator")
            path = _path(locators.value[0]["URLString"].value) if locators is not None and len(locators.value) else None
            number = slot["PhysicalTrackNumber"].value
            sound = Sound(path, str(file_mob.mob_id), 0, number, segment.name, segment.muted)
            self._ends[id(segment)] = (sound, begin, per)
        return self._ends[id(segment)]

    def _file(self, clip: Any, position: Fraction, rate: Fraction) -> tuple[Any, Any, Fraction]:
        """Follow a clip to the mob that describes a file."""
        mob, slot = self._target(clip)
        position = position * _rate(slot) / rate
        if "EssenceDescription" in mob:
            return mob, slot, position
        return self._file(slot.segment, slot.segment.start + position, _rate(slot))

    def _target(self, clip: Any) -> tuple[Any, Any]:
        key = (str(clip.mob_id), clip.slot_id)
        if key not in self._chains:
            mob = self._mobs[key[0]]
            (slot,) = [slot for slot in mob.slots if slot.slot_id == key[1]]
            self._chains[key] = (mob, slot)
        return self._chains[key]

    def source_frame(self, track: Track, segment: Segment) -> tuple[str, Fraction, int, bool]:
        """Give tape name, timecode frame, nominal rate and drop flag of a segment's first sample."""
        _, slot, position = self._file(segment.source, Fraction(segment.source_start), track.rate)
        tape, tape_slot = self._target(slot.segment)
        position = (slot.segment.start + position) * _rate(tape_slot) / _rate(slot)
        (labels,) = [one for one in tape.slots if one.media_kind == "Timecode"]
        frame = labels.segment.start + position * _rate(labels) / _rate(tape_slot)
        return tape.name, frame, labels.segment.fps, labels.segment.drop

    # ---------------------------------------------------------------------------------------------------------- the sound

    def wav(self, sound: Sound) -> Any:
        """Open the file of a sound, beside the AAF or within it."""
        if sound.file_mob not in self._wavs:
            if sound.path is not None:
                stream: Any = sound.path.open("rb", buffering=0)
            else:
                (essence,) = [one for one in self.f.content.essencedata if str(one.mob_id) == sound.file_mob]
                stream = io.BytesIO(essence.open("r").read())
            descriptor = self._mobs[sound.file_mob]["EssenceDescription"].value
            bare = sound.path is None and type(descriptor).__name__ == "PCMDescriptor"
            self._wavs[sound.file_mob] = Bare(stream, descriptor) if bare else Wav(stream)
        return self._wavs[sound.file_mob]

    def bytes_of(self, sound: Sound) -> bytes | None:
        """Give the sample itself."""
        return self.wav(sound).sample(sound.index, sound.channel)


def _rate(slot: Any) -> Fraction:
    rate = slot.edit_rate
    return Fraction(rate.numerator, rate.denominator)


def _tags(item: Any, name: str) -> dict[str, Any]:
    found = item.get(name)
    return {tag.name: tag.value for tag in found.value} if found is not None and found.value else {}


def _warp(group: Any) -> Callable[[Fraction], Fraction]:
    """Give the map of a changed speed: by its points where it has several, else by its ratio of length to source."""
    found = {
        str(one.auid if hasattr(one, "auid") else one["Definition"].value): one for one in group["Parameters"].value
    }
    if OFFSETS in found:
        points = [(_fraction(one["Time"].value), _fraction(one["Value"].value)) for one in found[OFFSETS].pointlist]
        return lambda place: _between(points, place)
    ratio = _fraction(found[SPEED_RATIO].value)
    return lambda place: place / ratio


def _between(points: list[tuple[Fraction, Fraction]], place: Fraction) -> Fraction:
    pairs = list(itertools.pairwise(points))
    (left, low), (right, high) = next((pair for pair in pairs if place <= pair[1][0]), pairs[-1])
    return low + (high - low) * (place - left) / (right - left)


def _fade(transition: Any, at: int) -> Fade:
    group = transition["OperationGroup"].value
    curve = next(iter(group["Parameters"].value)).interpolation.name
    return Fade(at, transition.length, transition["CutPoint"].value, curve)


def _value_at(parameter: Any, place: Fraction) -> Fraction:
    if type(parameter).__name__ == "ConstantValue":
        return _fraction(parameter.value)
    points = [(_fraction(one["Time"].value), _fraction(one["Value"].value)) for one in parameter.pointlist]
    for (left, low), (right, high) in itertools.pairwise(points):
        if left <= place <= right and right > left:
            return low + (high - low) * (place - left) / (right - left)
    return points[-1][1]


def _fraction(value: Any) -> Fraction:
    return Fraction(value.numerator, value.denominator)


def _path(url: str) -> Path:
    return Path(unquote(urlsplit(url).path))
