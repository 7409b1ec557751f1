"""The header of AIFF and AIFC files: what Premiere embeds, and what older editors link to.

Apple's AIFF 1.3 and AIFC drafts. Everything is big endian, but for the samples of `sowt`. As with WAV the physical end of the
file is believed, not the sizes that it states.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from fractions import Fraction
from typing import BinaryIO

from postsync.errors import MediaError
from postsync.sound.chunks import MOST_CHUNKS, Window
from postsync.timing import round_half_up

_COMM = struct.Struct(">hIh10s")
_EXPONENT_BIAS = 16383 + 63


@dataclass(frozen=True)
class Coding:
    """How samples of one compression type lie in the file."""

    big_endian: bool = True
    is_float: bool = False
    unsigned: bool = False


CODINGS = {
    b"NONE": Coding(),
    b"twos": Coding(),
    b"in24": Coding(),
    b"in32": Coding(),
    b"sowt": Coding(big_endian=False),
    b"raw ": Coding(unsigned=True),
    b"fl32": Coding(is_float=True),
    b"FL32": Coding(is_float=True),
    b"fl64": Coding(is_float=True),
    b"FL64": Coding(is_float=True),
}
"""Compression types that compress nothing."""


@dataclass(frozen=True)
class AiffFacts:
    """What an AIFF states of its sound; `data_offset` and `data_size` in bytes."""

    container: str
    channels: int
    sample_rate: int
    bits: int
    block_align: int
    data_offset: int
    data_size: int
    length_samples: int
    coding: Coding


def read_aiff(file: BinaryIO) -> AiffFacts:
    """Read the header of an AIFF or AIFC; MediaError where it is none, or its sound is compressed."""
    window = Window(file)
    head = window.read(0, 12)
    if len(head) < 12 or head[:4] != b"FORM" or head[8:] not in (b"AIFF", b"AIFC"):
        raise MediaError("not an AIFF file", expected="FORM of kind AIFF or AIFC", found=repr(head))
    chunks = _chunks(window)
    if b"COMM" not in chunks or b"SSND" not in chunks:
        raise MediaError("an AIFF without sound", expected="COMM and SSND", found=b", ".join(chunks).decode("latin-1"))
    return _facts(window, head[8:].decode("ascii"), chunks[b"COMM"], chunks[b"SSND"])


def _chunks(window: Window) -> dict[bytes, tuple[int, int]]:
    """Give the chunks: name → (place of the content, bytes of it that are there). The first of a name counts."""
    found: dict[bytes, tuple[int, int]] = {}
    at = 12
    for _ in range(MOST_CHUNKS):
        head = window.read(at, 8)
        if len(head) < 8:
            break
        size = int.from_bytes(head[4:], "big")
        found.setdefault(head[:4], (at + 8, min(size, window.size - at - 8)))
        at += 8 + size + size % 2
    return found


def _facts(window: Window, container: str, common: tuple[int, int], sound: tuple[int, int]) -> AiffFacts:
    content = window.read(common[0], min(common[1], 64))
    if len(content) < _COMM.size:
        raise MediaError("nothing says what its sound is", expected="a COMM chunk of 18 bytes", found=f"{len(content)}")
    channels, frames, bits, rate = _COMM.unpack_from(content)
    kind = content[18:22] if container == "AIFC" and len(content) >= 22 else b"NONE"
    coding = CODINGS.get(kind)
    if coding is None:
        raise MediaError("compressed sound, which is not read", expected="PCM or float", found=repr(kind))
    sample_rate = extended(rate)
    if channels < 1 or not 1 <= bits <= 64 or sample_rate < 1:
        raise MediaError(
            "its COMM chunk describes no sound", found=f"{channels} channels, {bits} bits, {sample_rate} Hz"
        )
    align = channels * -(-bits // 8)
    offset = int.from_bytes(window.read(sound[0], 4), "big")
    begin = sound[0] + 8 + min(offset, max(sound[1] - 8, 0))
    size = max(sound[0] + sound[1] - begin, 0)
    return AiffFacts(
        container, channels, sample_rate, bits, align, begin, size, min(frames, size // align) or size // align, coding
    )


def extended(data: bytes) -> int:
    """Give the whole number of hertz that an 80-bit float states."""
    exponent, mantissa = struct.unpack(">HQ", data)
    shift = (exponent & 0x7FFF) - _EXPONENT_BIAS
    if exponent & 0x8000 or not -63 <= shift <= 0:
        return 0
    return round_half_up(Fraction(mantissa, 1 << -shift))
