"""Media that are not WAV, in which every sample tells its place: QuickTime built by hand, the rest by PyAV's encoders.

The QuickTime files are sparse, as long as the asset says, and built with `struct` alone, so that edit lists, several tracks and
timecode are what is written here and not what an encoder made of it. Noise files hold `made_media.sample_values`; tone files
hold sines whose exact value is known between samples too, for codecs and rates that do not keep samples bit for bit.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import opentimelineio as otio

import postsync
from made_media import BLOCK, MadeFile, sample_values
from postsync.model import MediaFacts, TimelineFacts, put_media_facts, put_timeline_facts
from postsync.timing import as_rate

SOUND_RATE = 48000

Values = Callable[[int, int, int], np.ndarray]
"""Gives the 24-bit values of a channel: (channel, start, count)."""


@dataclass(frozen=True)
class ToneFile(MadeFile):
    """A made file of three sines a channel; `tolerance` is how far a heard value may lie off, as part of full scale."""

    tolerance: float = 1e-4

    def tone(self, channel: int, seconds: np.ndarray) -> np.ndarray:
        """The exact values at times, as 24-bit numbers."""
        base = 180 + 17 * ((self.file_id * 7 + channel * 5) % 23)
        return sum(
            amplitude * 2**23 * np.sin(2 * math.pi * base * harmonic * seconds + channel)
            for harmonic, amplitude in ((1, 0.2), (5.5, 0.15), (13, 0.1))
        )

    def values(self, channel: int, start: int, count: int) -> np.ndarray:
        """The rounded values of the file itself."""
        return np.rint(self.tone(channel, np.arange(start, start + count) / self.sample_rate)).astype(np.int64)

    def near(self, channel: int, place: Fraction, heard: int) -> bool:
        """Whether a value is what sounds at a place between samples."""
        seconds = float(place / self.sample_rate)
        if not 0 <= place < self.length:
            return True
        return abs(float(self.tone(channel, np.array([seconds]))[0]) - heard) <= self.tolerance * 2**23


@dataclass(frozen=True)
class Kind:
    """A kind of file: its suffix, muxer, codec, sample format, tracks that hold channels, whether bits survive."""

    suffix: str
    muxer: str
    codec: str
    format: str
    lossless: bool = True
    picture: bool = True
    mono_tracks: bool = False
    rates: tuple[int, ...] = (44100, 48000)


KINDS = {
    "mov": Kind(".mov", "mov", "pcm_s24le", "s32"),
    "mov of mono tracks": Kind(".mov", "mov", "pcm_s24be", "s32", mono_tracks=True),
    "mov alac": Kind(".mov", "mov", "alac", "s32p"),
    "mp4 alac": Kind(".mp4", "mp4", "alac", "s32p"),
    "mp4 aac": Kind(".mp4", "mp4", "aac", "fltp", lossless=False),
    "mxf": Kind(".mxf", "mxf", "pcm_s24le", "s32", mono_tracks=True, rates=(48000,)),
    "caf": Kind(".caf", "caf", "pcm_s24be", "s32", picture=False),
    "caf alac": Kind(".caf", "caf", "alac", "s32p", picture=False),
    "flac": Kind(".flac", "flac", "flac", "s32", picture=False),
    "aiff": Kind(".aiff", "aiff", "pcm_s24be", "s32", picture=False),
    "mp3": Kind(".mp3", "mp3", "libmp3lame", "fltp", lossless=False, picture=False),
}

PICTURE_RATES = tuple(map(Fraction, ("24000/1001", "24", "25", "30000/1001", "30")))


def encode(
    path: Path,
    kind: Kind,
    values: Values,
    *,
    channels: int,
    sample_rate: int,
    length: int,
    picture: Fraction = Fraction(25),
    timecode: str = "01:00:00:00",
    tags: dict[str, str] | None = None,
) -> Path:
    """Write a file of a kind by PyAV's encoders; `length` in samples."""
    path.parent.mkdir(parents=True, exist_ok=True)
    groups = [(one,) for one in range(1, channels + 1)] if kind.mono_tracks else [tuple(range(1, channels + 1))]
    with av.open(str(path), "w", format=kind.muxer) as container:
        container.metadata.update(tags or {})
        frames = _picture(container, picture, length, sample_rate, timecode) if kind.picture else iter(())
        streams = []
        for group in groups:
            stream = container.add_stream(kind.codec, rate=sample_rate)
            stream.layout, stream.format = {1: "mono", 2: "stereo"}[len(group)], kind.format
            if not kind.lossless:
                stream.bit_rate = 256_000
            streams.append(stream)
        for at in range(0, length, 4800):
            next(frames, None)
            for stream, group in zip(streams, groups, strict=True):
                sound = np.stack([values(channel, at, min(4800, length - at)) for channel in group])
                container.mux(stream.encode(_frame(sound, kind, sample_rate, at)))
        for _ in frames:
            pass
        for stream in streams:
            container.mux(stream.encode(None))
    return path


def _frame(sound: np.ndarray, kind: Kind, sample_rate: int, at: int) -> av.AudioFrame:
    data = (sound << 8).astype(np.int32) if kind.format.startswith("s32") else (sound / 2**23).astype(np.float32)
    if not kind.format.endswith("p"):
        data = data.T.reshape(1, -1)
    layout = "mono" if len(sound) == 1 else "stereo"
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(data), format=kind.format, layout=layout)
    frame.sample_rate, frame.pts, frame.time_base = sample_rate, at, Fraction(1, sample_rate)
    return frame


def _picture(
    container: av.container.OutputContainer, rate: Fraction, length: int, sample_rate: int, timecode: str
) -> Iterator[None]:
    """Add a black picture; each step writes the frames of a tenth of a second, so that sound and picture interleave."""
    stream = container.add_stream("mpeg2video", rate=rate)
    stream.width = stream.height = 64
    stream.pix_fmt, stream.metadata["timecode"] = "yuv420p", timecode

    def steps() -> Iterator[None]:
        count = math.ceil(Fraction(length, sample_rate) * rate)
        for number in range(count):
            picture = av.VideoFrame(64, 64, "yuv420p")
            picture.pts, picture.time_base = number, 1 / rate
            container.mux(stream.encode(picture))
            if number % math.ceil(rate / 10) == 0:
                yield
        container.mux(stream.encode(None))

    return steps()


def make_encoded(
    path: Path, file_id: int, kind: Kind, *, channels: int, sample_rate: int, length: int, session: int, **how: object
) -> MadeFile:
    """Write noise where samples survive bit for bit, tones where codec or rate change them."""
    if kind.lossless and sample_rate == session:
        made = MadeFile(path, file_id, channels, sample_rate, length)

        def noise(channel: int, start: int, count: int) -> np.ndarray:
            return sample_values(file_id, channel, start, count)

        encode(path, kind, noise, channels=channels, sample_rate=sample_rate, length=length, **how)
        return made
    tones = ToneFile(path, file_id, channels, sample_rate, length, 1e-5 if kind.lossless else 0.03)
    encode(path, kind, tones.values, channels=channels, sample_rate=sample_rate, length=length, **how)
    return tones


# --------------------------------------------------------------------------------------------------------- a timeline


def made_timeline(path: Path, rate: Fraction | str | int, suffix: str, *, seconds: int = 3, channels: int = 2) -> Path:
    """Three clips of two files, the second cut off the frame, in a timeline that begins at one hour."""
    frames = Fraction(rate)
    timeline = otio.schema.Timeline("made")
    put_timeline_facts(timeline, TimelineFacts(as_rate(frames), int(3600 * round(frames)), SOUND_RATE))
    track = otio.schema.Track("DX", kind="Audio")
    whole = otio.opentime.RationalTime(float(seconds * SOUND_RATE), SOUND_RATE)
    for name, start, length in (("a", 24000, 30030), ("b", 60001, 40040), ("a", 90003, 20020)):
        media = otio.schema.ExternalReference(
            f"file:///Volumes/Rushes/{name}{suffix}",
            otio.opentime.TimeRange(otio.opentime.RationalTime(0, SOUND_RATE), whole),
        )
        put_media_facts(
            media, MediaFacts(name=f"{name}{suffix}", channels=channels, sample_rate=SOUND_RATE, kind="sound")
        )
        span = otio.opentime.TimeRange(*(otio.opentime.RationalTime(one, SOUND_RATE) for one in (start, length)))
        track.append(otio.schema.Clip(name, media, span))
    timeline.tracks.append(track)
    postsync.write(timeline, path)
    return path


# ------------------------------------------------------------------------------------------------ QuickTime by hand


@dataclass(frozen=True)
class Edit:
    """One edit of a made movie: samples that it lasts, and the media sample it begins at (-1: nothing plays)."""

    duration: int
    media_time: int


def make_movie(
    path: Path,
    file_id: int,
    *,
    tracks: Sequence[int] = (1,),
    sample_rate: int = 48000,
    length: int,
    used: Sequence[tuple[int, int]],
    edits: Sequence[Edit] = (),
    timecode: tuple[int, int, int, bool] | None = None,
    reel: str = "",
) -> MadeFile:
    """Write a sparse QuickTime of 24-bit sound, true in the `used` ranges of the media.

    `tracks` are channel counts; `timecode` is (first frame, ticks a second, ticks a frame, drop).
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    chunk = sample_rate
    frame = sum(tracks) * 3
    chunks = -(-length // chunk)
    with path.open("wb") as file:
        file.write(_box(b"ftyp", b"qt  " + bytes(4) + b"qt  " + bytes(4)))
        file.write(struct.pack(">I4sQ", 1, b"mdat", 16 + length * frame + 4))
        data = file.tell()
        file.seek(data + length * frame)
        file.write(struct.pack(">I", timecode[0] if timecode else 0))
        end = file.tell()
        boxes = [_box(b"mvhd", bytes(12) + struct.pack(">II", sample_rate, length) + bytes(80))]
        first_channel, before = 1, 0
        for number, channels in enumerate(tracks, start=1):
            places = [
                data + index * chunk * frame + before * min(chunk, length - index * chunk) for index in range(chunks)
            ]
            boxes.append(_sound_track(number, channels, sample_rate, length, chunk, places, edits))
            _fill(file, file_id, first_channel, channels, places, chunk, length, used)
            first_channel, before = first_channel + channels, before + channels * 3
        if timecode:
            boxes.append(_timecode_track(len(tracks) + 1, timecode, end - 4, reel))
        file.seek(end)
        file.write(_box(b"moov", b"".join(boxes)))
    return MadeFile(path, file_id, sum(tracks), sample_rate, length)


def _fill(
    file: object, file_id: int, first: int, channels: int, places: Sequence[int], chunk: int, length: int,
    used: Sequence[tuple[int, int]],
) -> None:  # fmt: skip
    for start, end in used:
        at = max(0, start)
        while at < min(end, length):
            count = min(BLOCK, min(end, length) - at, chunk - at % chunk)
            values = np.stack([sample_values(file_id, first + one, at, count) for one in range(channels)], axis=1)
            packed = values.astype(">i4").reshape(-1, 1).view(np.uint8).reshape(-1, 4)[:, 1:]
            file.seek(places[at // chunk] + at % chunk * channels * 3)  # type: ignore[attr-defined]
            file.write(packed.tobytes())  # type: ignore[attr-defined]
            at += count


def _box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(content), kind) + content


def _sound_track(
    number: int, channels: int, rate: int, length: int, chunk: int, places: Sequence[int], edits: Sequence[Edit]
) -> bytes:
    entry = struct.pack(">4sIHHHHIHHhHI", b"in24", 0, 0, 1, 1, 0, 0, channels, 16, 0, 0, rate << 16)
    entry += struct.pack(">IIII", 1, 3, 3 * channels, 2)
    rest = length % chunk
    runs = [(1, min(chunk, length), 1)] + ([(len(places), rest, 1)] if rest and len(places) > 1 else [])
    table = _box(b"stsd", bytes(4) + struct.pack(">I", 1) + struct.pack(">I", 4 + len(entry)) + entry)
    table += _box(b"stts", bytes(4) + struct.pack(">III", 1, length, 1))
    table += _box(
        b"stsc", bytes(4) + struct.pack(">I", len(runs)) + b"".join(struct.pack(">III", *run) for run in runs)
    )
    table += _box(b"stsz", bytes(4) + struct.pack(">II", 3 * channels, length))
    table += _box(b"co64", bytes(4) + struct.pack(">I", len(places)) + b"".join(struct.pack(">Q", p) for p in places))
    return _track(number, rate, length, b"soun", _box(b"smhd", bytes(8)), table, edits)


def _timecode_track(number: int, timecode: tuple[int, int, int, bool], place: int, reel: str) -> bytes:
    _, ticks, per_frame, drop = timecode
    name = _box(b"name", struct.pack(">HH", len(reel.encode()), 0) + reel.encode()) if reel else b""
    entry = (
        struct.pack(">4sIHHIIIIBB", b"tmcd", 0, 0, 1, 0, int(drop), ticks, per_frame, -(-ticks // per_frame), 0) + name
    )
    table = _box(b"stsd", bytes(4) + struct.pack(">I", 1) + struct.pack(">I", 4 + len(entry)) + entry)
    table += _box(b"stts", bytes(4) + struct.pack(">III", 1, 1, per_frame))
    table += _box(b"stsc", bytes(4) + struct.pack(">IIII", 1, 1, 1, 1))
    table += _box(b"stsz", bytes(4) + struct.pack(">II", 4, 1))
    table += _box(b"co64", bytes(4) + struct.pack(">IQ", 1, place))
    return _track(number, ticks, per_frame, b"tmcd", _box(b"gmhd", _box(b"gmin", bytes(16))), table, ())


def _track(
    number: int, rate: int, length: int, kind: bytes, header: bytes, table: bytes, edits: Sequence[Edit]
) -> bytes:
    total = sum(edit.duration for edit in edits) or length
    track = _box(b"tkhd", struct.pack(">IIIIII", 15, 0, 0, number, 0, total) + bytes(60))
    if edits:
        rows = b"".join(struct.pack(">IiI", edit.duration, edit.media_time, 1 << 16) for edit in edits)
        track += _box(b"edts", _box(b"elst", bytes(4) + struct.pack(">I", len(edits)) + rows))
    handler = _box(b"hdlr", bytes(4) + b"mhlr" + kind + bytes(13))
    data = _box(b"dinf", _box(b"dref", bytes(4) + struct.pack(">I", 1) + _box(b"url ", struct.pack(">I", 1))))
    media = _box(b"mdhd", bytes(12) + struct.pack(">IIHH", rate, length, 0, 0)) + handler
    return _box(b"trak", track + _box(b"mdia", media + _box(b"minf", header + data + _box(b"stbl", table))))
