"""Samples of one stream by range: decoded forward, put where their time says, silence where there are none.

Numbers are those of 24-bit PCM as float64, which holds every sample of up to 24 bits, of 32 bits and of float exactly. After a
jump decoding begins a little earlier, because AAC and its kind need the packets before to give the right samples.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from postsync.errors import MediaError
from postsync.sound.rendering.opening import OpenedSound, SoundStream
from postsync.sound.rendering.pyav import library, opened, told
from postsync.timing import round_half_up

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.container import InputContainer

Samples = NDArray[np.float64]

RUN_UP = Fraction(1, 4)
"""Seconds decoded before a place that was jumped to: more than any codec looks back."""

BLOCK = 1 << 16

_SCALES = {"u8": (128, 2.0**16), "s16": (0, 2.0**8), "s32": (0, 2.0**-8), "s64": (0, 2.0**-40)}
"""Middle and scale that turn a sample of a kind into one of 24 bits; float is from -1 to 1."""

_FLOAT_SCALE = 2.0**23


class Decoder:
    """Gives samples of the streams of one open file. Use as a context manager, or `close` it."""

    def __init__(self, sound: OpenedSound) -> None:
        self.sound = sound
        self.damaged = 0
        self._container: InputContainer | None = None
        self._run: _Run | None = None

    def __enter__(self) -> Decoder:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; the next range opens it again."""
        if self._container is not None:
            self._container.close()
        self._container = self._run = None

    def channel(self, channel: int, start: int, count: int) -> Iterator[Samples]:
        """Yield exactly `count` samples of a channel (from 1) from `start`, at the rate of its stream.

        Raises MediaError where the file cannot be read, or changes its rate on the way.
        """
        stream, within = self.sound.stream_of(channel)
        at, end = start, start + count
        for piece in stream.pieces:
            first, last = max(at, piece.start), end if piece.end is None else min(end, piece.end)
            if piece.media is None or first >= last:
                continue
            yield from _silence(first - at)
            place = piece.media + first - piece.start
            yield from self._media(stream, within, max(place, 0), last - first)
            at = last
        yield from _silence(end - at)

    def _media(self, stream: SoundStream, channel: int, start: int, count: int) -> Iterator[Samples]:
        """Yield samples as the media has them, each once and in order."""
        at, end = start, start + count
        with told(self.sound.path):
            for position, samples in self._placed(stream, channel, start):
                if position >= end:
                    break
                fresh = samples[max(at - position, 0) : end - position]
                if position > at:
                    yield from _silence(position - at)
                    at = position
                if len(fresh):
                    yield fresh
                    at += len(fresh)
                if at >= end:
                    break
        yield from _silence(end - at)

    def _placed(self, stream: SoundStream, channel: int, start: int) -> Iterator[tuple[int, Samples]]:
        """Yield (position, samples) from the frame that holds `start` on."""
        for position, frame in self._from(stream, start):
            if position + frame.samples > start:
                yield position, _numbers(frame, channel, stream)

    def _from(self, stream: SoundStream, start: int) -> Iterator[tuple[int, AudioFrame]]:
        """Yield frames from at or before a sample: those that come next, after a jump, or all from the beginning."""
        if not self._comes_next(stream, start):
            jumps = stream.exact and start > RUN_UP * stream.sample_rate
            if not (jumps and self._jump(stream, start)):
                self.close()
                self._run = _Run(stream, self._positions(stream, self._opened(stream)))
        run = self._run
        assert run is not None
        yield from run.again()
        yield from run

    def _comes_next(self, stream: SoundStream, start: int) -> bool:
        """Whether to read on: shortly before a sample, or anywhere before it where a file cannot be jumped in."""
        run = self._run
        if run is None or run.stream is not stream or run.last is None or run.last[0] > start:
            return False
        return not stream.exact or start - run.last[0] < stream.sample_rate

    def _jump(self, stream: SoundStream, start: int) -> bool:
        """Wind to before a sample; no where the file cannot, or where what comes is already later."""
        container, av = self._opened(stream), library(self.sound.path)
        source: Any = container.streams[stream.index]
        early = max(Fraction(start, stream.sample_rate) - RUN_UP, Fraction(0)) + stream.zero
        try:
            container.seek(int(early / source.time_base), stream=source)
        except av.error.FFmpegError:
            return False
        self._run = run = _Run(stream, self._positions(stream, container))
        first = next(run, None)
        return first is not None and first[0] <= start

    def _positions(self, stream: SoundStream, container: InputContainer) -> Iterator[tuple[int, AudioFrame]]:
        """Yield frames with the sample they begin at: as their time says, or after the last where it says nearly that."""
        rate, expected = stream.sample_rate, None
        for frame in self._frames(stream, container):
            if frame.sample_rate != rate:
                raise MediaError(
                    "sound that changes its rate on the way", expected=f"{rate} Hz", found=f"{frame.sample_rate} Hz"
                )
            stated = _stated(frame, stream)
            near = expected is not None and (stated is None or abs(stated - expected) <= _slack(frame, stream))
            position = expected if near or stated is None else round_half_up(stated)
            position = 0 if position is None else position
            yield position, frame
            expected = position + frame.samples

    def _frames(self, stream: SoundStream, container: InputContainer) -> Iterator[AudioFrame]:
        """Decode what comes; packets that are damaged are counted and passed over."""
        invalid = library(self.sound.path).error.InvalidDataError
        source: Any = container.streams[stream.index]
        packets = container.demux(source)
        while True:
            try:
                packet = next(packets, None)
                frames = [] if packet is None else packet.decode()
            except invalid:
                self.damaged += 1
                if self.damaged > _MOST_DAMAGED:
                    raise
                continue
            if packet is None:
                return
            yield from frames

    def _opened(self, stream: SoundStream) -> InputContainer:
        """Give the file opened anew, with its other streams passed over; a file that is open and can be wound stays open."""
        if self._container is not None and self._run is not None and self._run.stream is stream and stream.exact:
            self._run = None
            return self._container
        self.close()
        self._container = container = opened(self.sound.path, own_edits=self.sound.own_edits)
        if stream.codec in _WHOLE:
            _keep_padding(container.streams[stream.index].codec_context)
        for other in container.streams:
            if other.index != stream.index:
                _discard(other)
        return container


class _Run:
    """Frames of one stream as they come, with the last one kept: it may hold what is asked for next."""

    def __init__(self, stream: SoundStream, frames: Iterator[tuple[int, AudioFrame]]) -> None:
        self.stream = stream
        self.last: tuple[int, AudioFrame] | None = None
        self._frames = frames

    def again(self) -> Iterator[tuple[int, AudioFrame]]:
        """Yield the frame that came last."""
        return iter(() if self.last is None else (self.last,))

    def __iter__(self) -> Iterator[tuple[int, AudioFrame]]:
        return self

    def __next__(self) -> tuple[int, AudioFrame]:
        self.last = next(self._frames)
        return self.last


_MOST_DAMAGED = 100_000

_WHOLE = ("alac",)
"""Codecs whose packets hold what sounds and nothing else: a short last packet of a CAF loses its end where the padding that the
file counts is taken off it once more."""

_SKIP_MANUAL = 1 << 29


def _keep_padding(codec: Any) -> None:
    codec.flags2 |= _SKIP_MANUAL


def _discard(stream: Any) -> None:
    """Have the demuxer step over packets of a stream that is not wanted."""
    try:
        stream.discard = "all"
    except (AttributeError, ValueError, TypeError):
        return


def _stated(frame: AudioFrame, stream: SoundStream) -> Fraction | None:
    if frame.pts is None or frame.time_base is None:
        return None
    return (frame.pts * Fraction(frame.time_base) - stream.zero) * stream.sample_rate


def _slack(frame: AudioFrame, stream: SoundStream) -> Fraction:
    """Give how far the stated time of a frame may lie from its place by rounding alone: one tick, and a sample."""
    return Fraction(frame.time_base or 0) * stream.sample_rate + 1 if not stream.exact else Fraction(1, 2)


def _silence(count: int) -> Iterator[Samples]:
    while count > 0:
        yield np.zeros(min(count, BLOCK))
        count -= BLOCK


def _numbers(frame: AudioFrame, channel: int, stream: SoundStream) -> Samples:
    """Give one channel of a frame as numbers of 24 bits; silence where a damaged stream has lost the channel."""
    width = frame.layout.nb_channels
    if channel > width:
        return np.zeros(frame.samples)
    raw = frame.to_ndarray()
    row = raw[channel - 1] if frame.format.is_planar else raw[0, channel - 1 :: width]
    kind = frame.format.name.rstrip("p")
    if kind in _SCALES:
        middle, scale = _SCALES[kind]
        return (row.astype(np.float64) - middle) * scale
    return np.nan_to_num(row.astype(np.float64) * _FLOAT_SCALE)
