"""A file with sound, opened: its channels in the order in which applications count them, and where their samples lie.

Channels are counted over all sound streams in the order of the file, as Final Cut, Resolve and Media Composer do: the second
channel of a camera's file may be the second of a stereo track or a mono track of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from postsync.errors import MediaError
from postsync.sound.rendering.mxf_header import MxfHeader, mxf_header
from postsync.sound.rendering.pyav import EXACT, FORMATS, MOVIE, opened, told
from postsync.sound.rendering.quicktime import MovieTrack, movie_tracks
from postsync.timing import round_half_up

if TYPE_CHECKING:
    from av.audio.stream import AudioStream

MOST_CHANNELS = 256
_RATES = range(1000, 768_001)


@dataclass(frozen=True)
class Piece:
    """A stretch of a stream as it plays: samples `start` to `end` (None: no end) are those of its media from `media`.

    `media` is None where nothing plays.
    """

    start: int
    end: int | None
    media: int | None


@dataclass(frozen=True)
class SoundStream:
    """One sound stream: its place in the file, channels, rate in Hz, codec, name, length and pieces in samples.

    `zero` is the time (s) that the container gives the first sample. `exact` says that any sample is found by its time.
    """

    index: int
    channels: int
    sample_rate: int
    codec: str
    name: str | None
    channel_names: tuple[str, ...]
    length: int
    pieces: tuple[Piece, ...]
    zero: Fraction
    exact: bool


@dataclass(frozen=True)
class OpenedSound:
    """What a file with sound states: its container, streams, tracks or header, tags, rate of its picture."""

    path: Path
    container: str
    streams: tuple[SoundStream, ...]
    movie: tuple[MovieTrack, ...] = ()
    mxf: MxfHeader | None = None
    tags: tuple[tuple[str, str], ...] = ()
    picture_rate: Fraction | None = None

    @property
    def channels(self) -> int:
        """How many channels sound, over all streams."""
        return sum(stream.channels for stream in self.streams)

    def stream_of(self, channel: int) -> tuple[SoundStream, int]:
        """Give the stream of a channel, and the channel in it, both counted from 1."""
        within = channel
        for stream in self.streams:
            if 1 <= within <= stream.channels:
                return stream, within
            within -= stream.channels
        raise MediaError("no such channel", path=self.path, expected=f"1 to {self.channels}", found=str(channel))

    @property
    def own_edits(self) -> bool:
        """Whether edits are laid here and not by the library."""
        return bool(self.movie)


def open_sound(path: Path) -> OpenedSound:
    """Find out what sound a file has; MediaError where it has none, or cannot be read."""
    with told(path):
        with opened(path, own_edits=False) as container:
            kind = container.format.name
        movie = movie_tracks(path) if kind == MOVIE else ()
        with opened(path, own_edits=bool(movie)) as container:
            return _opened(path, container, kind, movie)


def _opened(path: Path, container: Any, kind: str, movie: tuple[MovieTrack, ...]) -> OpenedSound:
    if kind not in FORMATS:
        raise MediaError("a kind of file that is not opened for sound", found=kind)
    by_id = {track.id: track for track in movie}
    streams = tuple(
        _stream(container, stream, kind, by_id.get(stream.id))
        for stream in container.streams.audio
        if stream.codec_context is not None and stream.codec_context.sample_rate
    )
    if not 1 <= sum(stream.channels for stream in streams) <= MOST_CHANNELS:
        raise MediaError(
            "no sound that can be read" if not streams else "more channels than any recorder has",
            expected=f"1 to {MOST_CHANNELS} channels",
            found=str(sum(stream.channels for stream in streams)),
        )
    pictures = [stream for stream in container.streams.video if stream.average_rate]
    stated = [container.metadata, *(stream.metadata for stream in container.streams)]
    return OpenedSound(
        path, kind.partition(",")[0], streams, movie, mxf_header(path) if kind == "mxf" else None,
        tuple({key.lower(): value for tags in reversed(stated) for key, value in tags.items()}.items()),
        Fraction(pictures[0].average_rate) if pictures else None,
    )  # fmt: skip


def _stream(container: Any, stream: AudioStream, kind: str, track: MovieTrack | None) -> SoundStream:
    codec = stream.codec_context
    rate, base = codec.sample_rate, Fraction(stream.time_base or Fraction(1, codec.sample_rate))
    if rate not in _RATES:
        raise MediaError("a sample rate that no recorder has", expected="1000 to 768000 Hz", found=f"{rate} Hz")
    media = _length(container, stream, rate)
    pieces = _pieces(track, rate, media) if track is not None and track.edits else (Piece(0, None, 0),)
    edited = track is not None and bool(track.edits)
    first = stream.start_time if len(container.streams) == 1 or kind in (MOVIE, "mxf") else None
    start = Fraction(container.start_time or 0, 1_000_000) if first is None else first * base
    names = tuple(channel.name for channel in codec.layout.channels)
    return SoundStream(
        stream.index, codec.channels, rate, codec.name,
        (track.name if track is not None else None) or stream.metadata.get("title"),
        names if len(names) == codec.channels and "NONE" not in names else (),
        max((piece.end for piece in pieces if piece.end is not None), default=media),
        pieces, Fraction(0) if edited else start,
        kind in EXACT and (base * rate <= 1 or (base * rate).denominator == 1),
    )  # fmt: skip


def _length(container: Any, stream: AudioStream, rate: int) -> int:
    """Give the length in samples as the container states it; what states none is counted."""
    if stream.duration and stream.time_base:
        return round_half_up(stream.duration * Fraction(stream.time_base) * rate)
    if container.duration:
        return round_half_up(Fraction(container.duration, 1_000_000) * rate)
    ticks = sum(packet.duration or 0 for packet in container.demux(stream))
    return round_half_up(ticks * Fraction(stream.time_base or Fraction(1, rate)) * rate)


def _pieces(track: MovieTrack, rate: int, media: int) -> tuple[Piece, ...]:
    """Lay the edits of a track one after another; ends are rounded once, so that they never add up to a drift."""
    starts = [Fraction(0)]
    for edit in track.edits:
        starts.append(starts[-1] + (edit.duration or 0))
    laid: list[Piece] = []
    for edit, (start, end) in zip(track.edits, pairwise(starts), strict=True):
        first = round_half_up(start * rate)
        place = None
        if edit.media_time is not None and track.timescale:
            place = round_half_up(Fraction(edit.media_time * rate, track.timescale))
        if edit.duration is not None:
            laid.append(Piece(first, round_half_up(end * rate), place))
        elif place is not None:
            laid.append(Piece(first, first + max(media - place, 0), place))
    return tuple(laid)
