"""Samples of a WAV by range and channel: as numbers for measuring, as bytes for copying.

`channel_bytes` never converts: one channel of a 24-bit poly file comes out bit for bit. `read_samples` gives PCM as
the whole numbers that lie in the file and float as float. Outside the file there is silence, because clips with
handles reach there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from postsync.errors import MediaError
from postsync.sound.wav import FLOAT, FORMAT_TAGS, PCM, WavFacts

BLOCK = 2**20
"""About how many bytes are handed on at a time."""

_MOST_READ = 2**24

_READABLE = {(PCM, 1), (PCM, 2), (PCM, 3), (PCM, 4), (FLOAT, 4), (FLOAT, 8)}

_Bytes = NDArray[np.uint8]


def channel_bytes(facts: WavFacts, channel: int, start: int, count: int) -> Iterator[bytes]:
    """Yield `count` samples of one channel (from 1) from `start` as little-endian bytes, in blocks of about 1 MiB.

    Raises MediaError where the file has no such channel, cannot be opened, or holds compressed sound.

    `start` and `count` are samples of that channel.

    >>> facts = read_facts(Path("reel/12A-T3_Boom.wav"))
    >>> sum(len(block) for block in channel_bytes(facts, 1, 0, 480)) == 480 * facts.bytes_per_sample
    True
    """
    _check(facts, [channel])
    return _channel_blocks(facts, channel, start, count)


def all_bytes(facts: WavFacts, start: int, count: int) -> Iterator[bytes]:
    """Yield `count` samples of every channel from `start` as they lie in the file, in blocks of about 1 MiB."""
    _check(facts, [])
    return (frames.tobytes() for frames in _frames(facts, start, count))


def _channel_blocks(facts: WavFacts, channel: int, start: int, count: int) -> Iterator[bytes]:
    width = facts.bytes_per_sample
    columns = slice((channel - 1) * width, channel * width)
    for frames in _frames(facts, start, count):
        yield frames[:, columns].tobytes()


def read_samples(facts: WavFacts, start: int, count: int, channels: Sequence[int] | None = None) -> NDArray[Any]:
    """Give samples as an array with one row for each channel asked for (from 1; all when None).

    PCM is int32 at the depth of the file, 8 bit centred on 0; float is float32 or float64. Raises MediaError as
    `channel_bytes` does.

    `start` and `count` in samples of one channel.

    >>> facts = read_facts(Path("reel/12A-T3_Boom.wav"))
    >>> read_samples(facts, 0, 480).shape
    (1, 480)
    """
    chosen = list(range(1, facts.channels + 1)) if channels is None else list(channels)
    _check(facts, chosen)
    samples = np.zeros((len(chosen), max(count, 0)), dtype=_number_type(facts))
    at = 0
    for frames in _frames(facts, start, count):
        for row, channel in enumerate(chosen):
            samples[row, at : at + len(frames)] = _numbers(facts, frames, channel)
        at += len(frames)
    return samples


def as_float32(samples: NDArray[Any], facts: WavFacts) -> NDArray[np.float32]:
    """Scale what `read_samples` gave to -1…1, for measuring; what is no number in a file of floats is silence.

    Samples are those of one row a channel; the result has the same shape.

    >>> facts = read_facts(Path("reel/12A-T3_Boom.wav"))
    >>> samples = as_float32(read_samples(facts, 0, 480), facts)
    >>> samples.shape, str(samples.dtype), bool(abs(samples).max() <= 1)
    ((1, 480), 'float32', True)
    """
    if facts.is_float:
        return np.nan_to_num(samples.astype(np.float32), copy=False, nan=0.0, posinf=0.0, neginf=0.0)
    return (samples / np.float64(2 ** (8 * facts.bytes_per_sample - 1))).astype(np.float32)


def _check(facts: WavFacts, channels: Sequence[int]) -> None:
    if (facts.format_tag, facts.bytes_per_sample) not in _READABLE:
        kind = FORMAT_TAGS.get(facts.format_tag, f"format {facts.format_tag}")
        raise MediaError(
            "sound of a kind that we do not read",
            path=facts.path,
            expected="PCM of 8 to 32 or float of 32 or 64 bits",
            found=f"{kind}, {facts.bits} bits",
        )
    for channel in channels:
        if not 1 <= channel <= facts.channels:
            raise MediaError("no such channel", path=facts.path, expected=f"1 to {facts.channels}", found=str(channel))


def _frames(facts: WavFacts, start: int, count: int) -> Iterator[_Bytes]:
    """Yield whole frames as rows of bytes, silence where the range leaves the file."""
    step = max(1, min(BLOCK // facts.bytes_per_sample, _MOST_READ // facts.block_align))
    with _opened(facts) as file:
        for at in range(start, start + count, step):
            yield _block(file, facts, at, min(step, start + count - at))


def _opened(facts: WavFacts) -> BinaryIO:
    if facts.path is None:
        raise MediaError("sound without a file of its own cannot be read again", expected="facts read from a path")
    try:
        return facts.path.open("rb")
    except OSError as error:
        raise MediaError("cannot be read", path=facts.path, found=error.strerror or str(error)) from error


def _block(file: BinaryIO, facts: WavFacts, at: int, count: int) -> _Bytes:
    first, end = max(at, 0), min(at + count, facts.length_samples)
    inside = _read(file, facts, first, end - first) if end > first else np.empty((0, facts.block_align), np.uint8)
    if len(inside) == count:
        return inside
    frames = np.full((count, facts.block_align), _silence(facts), np.uint8)
    frames[first - at : first - at + len(inside)] = inside
    return frames


def _read(file: BinaryIO, facts: WavFacts, first: int, count: int) -> _Bytes:
    """Read frames inside the file; fewer where it has become shorter since its header was read."""
    try:
        file.seek(facts.data_offset + first * facts.block_align)
        content = file.read(count * facts.block_align)
    except OSError as error:
        raise MediaError("cannot be read", path=facts.path, found=error.strerror or str(error)) from error
    whole = len(content) // facts.block_align * facts.block_align
    return np.frombuffer(content, np.uint8, whole).reshape(-1, facts.block_align)


def _silence(facts: WavFacts) -> int:
    """Give the byte of silence: 8-bit PCM is unsigned, its middle is 128."""
    return 0x80 if facts.bytes_per_sample == 1 else 0


def _number_type(facts: WavFacts) -> np.dtype[Any]:
    return np.dtype(f"<f{facts.bytes_per_sample}") if facts.is_float else np.dtype("<i4")


def _numbers(facts: WavFacts, frames: _Bytes, channel: int) -> NDArray[Any]:
    """Decode one channel of a block; PCM goes into the high bytes of 32 bits and is shifted down with its sign."""
    width = facts.bytes_per_sample
    raw = frames[:, (channel - 1) * width : channel * width]
    if facts.is_float:
        return np.ascontiguousarray(raw).view(f"<f{width}")[:, 0]
    wide = np.zeros((len(frames), 4), np.uint8)
    wide[:, 4 - width :] = raw ^ 0x80 if width == 1 else raw
    return wide.view("<i4")[:, 0] >> (32 - 8 * width)
