"""Sound in an open stream, however it is wrapped: a WAV, an AIFF, an MXF, or bare samples that something else describes.

Timeline files hold such streams. What a stream is, its first bytes say: Pro Tools writes `MXF` as the container of samples that
have none. Samples come out as a WAV holds them, little endian, 8 bit unsigned, in blocks, and nothing is read before it is
asked for.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import BinaryIO

import numpy as np

from postsync.errors import MediaError
from postsync.sound.aiff import read_aiff
from postsync.sound.bext import Bext
from postsync.sound.chunks import CONTAINERS
from postsync.sound.ixml import Ixml
from postsync.sound.mxf import LABEL, sound_runs
from postsync.sound.wav import FLOAT, FORMAT_TAGS, WavFacts, read_facts

BLOCK = 2**20


@dataclass(frozen=True)
class StatedSound:
    """What a description outside the stream says of bare samples; `length_samples` None where it does not say.

    >>> from io import BytesIO
    >>> essence = open_essence(BytesIO(bytes(300)), StatedSound(channels=1, sample_rate=48000, bits=24))
    >>> essence.length_samples
    100
    """

    channels: int
    sample_rate: int
    bits: int
    block_align: int = 0
    length_samples: int | None = None
    is_float: bool = False


@dataclass(frozen=True)
class Essence:
    """Sound in a stream: what it is, and where its bytes lie.

    `runs` are (offset, bytes) in the stream; `length_samples` counts frames of all channels.

    >>> with Path("reel/12A-T3_Boom.wav").open("rb") as file:
    ...     essence = open_essence(file)
    >>> essence.container, essence.channels, essence.sample_rate, essence.length_samples
    ('WAV', 1, 48000, 192000)
    """

    file: BinaryIO
    container: str
    channels: int
    sample_rate: int
    bits: int
    block_align: int
    length_samples: int
    runs: tuple[tuple[int, int], ...]
    big_endian: bool = False
    is_float: bool = False
    signed_bytes: bool = False
    bext: Bext | None = None
    ixml: Ixml | None = None
    time_reference: int | None = None

    @property
    def bytes_per_sample(self) -> int:
        """Bytes of one sample of one channel."""
        return self.block_align // self.channels

    def blocks(self, start: int = 0, count: int | None = None) -> Iterator[bytes]:
        """Yield frames from `start` as a WAV holds them; fewer than asked where the sound ends."""
        end = self.length_samples if count is None else min(start + count, self.length_samples)
        step = max(BLOCK // self.block_align, 1)
        for at in range(max(start, 0), end, step):
            yield self._as_wav(self._bytes(at * self.block_align, min(step, end - at) * self.block_align))

    def _bytes(self, place: int, count: int) -> bytes:
        """Read bytes of the sound, across its runs; MediaError where the stream has become shorter."""
        begins = [0, *accumulate(size for _, size in self.runs)]
        parts: list[bytes] = []
        while count > 0:
            run = bisect_right(begins, place) - 1
            if run >= len(self.runs):
                break
            inside = place - begins[run]
            wanted = min(count, self.runs[run][1] - inside)
            self.file.seek(self.runs[run][0] + inside)
            part = self.file.read(wanted)
            if len(part) < wanted:
                break
            parts.append(part)
            place, count = place + wanted, count - wanted
        if count > 0:
            raise MediaError("sound that ends early", expected=f"{count} bytes more")
        return b"".join(parts)

    def _as_wav(self, data: bytes) -> bytes:
        width = self.bytes_per_sample
        if width == 1:
            return (np.frombuffer(data, np.uint8) ^ 0x80).tobytes() if self.signed_bytes else data
        if not self.big_endian:
            return data
        return np.frombuffer(data, np.uint8).reshape(-1, width)[:, ::-1].tobytes()


def open_essence(file: BinaryIO, stated: StatedSound | None = None) -> Essence:
    """Find out what sound a stream holds; MediaError where it is none that we can take out.

    >>> with Path("reel/12A-T3_Boom.wav").open("rb") as file:
    ...     print(open_essence(file).bits)
    16
    """
    file.seek(0)
    head = file.read(12)
    if head[:4] in CONTAINERS and head[8:12] == b"WAVE":
        return _of_wav(file, read_facts(file))
    if head[:4] == b"FORM" and head[8:12] in (b"AIFF", b"AIFC"):
        return _of_aiff(file)
    if stated is None:
        raise MediaError("a stream that nothing describes", expected="WAV, AIFF, or a description of its samples")
    if head[:4] == LABEL:
        return replace(_bare(file, stated, sound_runs(file)), container="MXF")
    return _bare(file, stated, [(0, file.seek(0, 2))])


def _of_wav(file: BinaryIO, facts: WavFacts) -> Essence:
    if facts.format_tag not in FORMAT_TAGS:
        raise MediaError(
            "compressed sound, which is not read", expected="PCM or float", found=f"format {facts.format_tag}"
        )
    return Essence(
        file, "WAV", facts.channels, facts.sample_rate, facts.bits, facts.block_align, facts.length_samples,
        ((facts.data_offset, facts.data_size),), is_float=facts.format_tag == FLOAT, bext=facts.bext, ixml=facts.ixml,
        time_reference=facts.time_reference,
    )  # fmt: skip


def _of_aiff(file: BinaryIO) -> Essence:
    facts = read_aiff(file)
    return Essence(
        file, facts.container, facts.channels, facts.sample_rate, facts.bits, facts.block_align, facts.length_samples,
        ((facts.data_offset, facts.data_size),), big_endian=facts.coding.big_endian, is_float=facts.coding.is_float,
        signed_bytes=not facts.coding.unsigned,
    )  # fmt: skip


def _bare(file: BinaryIO, stated: StatedSound, runs: list[tuple[int, int]]) -> Essence:
    """Give samples without a header; a length that is stated ends them, for Media Composer fills up its last block."""
    if stated.channels < 1 or stated.sample_rate < 1 or not 1 <= stated.bits <= 64:
        raise MediaError(
            "a description of no sound",
            found=f"{stated.channels} channels, {stated.bits} bits, {stated.sample_rate} Hz",
        )
    needed = stated.channels * -(-stated.bits // 8)
    align = stated.block_align if stated.block_align >= needed and not stated.block_align % stated.channels else needed
    there = sum(size for _, size in runs) // align
    length = there if not stated.length_samples else min(stated.length_samples, there)
    return Essence(
        file,
        "PCM",
        stated.channels,
        stated.sample_rate,
        stated.bits,
        align,
        length,
        tuple(runs),
        is_float=stated.is_float,
    )
