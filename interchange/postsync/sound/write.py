"""Write WAV files whose header is right from the first byte, and the short header that an AAF quotes.

EBU Tech 3285 and 3306. Order: `JUNK` (or `ds64`), `bext`, `iXML`, `fmt `, `data`, cue points. The length is known before, so
nothing is written twice and the file need not be seekable. Every chunk is even by content, with spaces inside iXML:
libsndfile 1.2.2 cannot open an RF64 that holds an odd chunk, however well it is padded.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from typing import BinaryIO

from postsync.errors import CannotWrite
from postsync.sound.bext import Bext, bext_bytes
from postsync.sound.chunks import UNSTATED
from postsync.sound.marks import CuePoint, mark_chunks
from postsync.sound.wav import FLOAT, PCM, WavFacts

LARGEST_RIFF = 2**32 - 2**16
"""Above this the file becomes RF64: some readers take the last 64 KB of a 32-bit size for a fault."""

WRITABLE = {PCM: (8, 16, 24, 32), FLOAT: (32, 64)}

_RESERVE = 28
"""The length of `ds64`: a `JUNK` of this size lets a file that grows become RF64 in place."""


def write_wav(
    file: BinaryIO,
    *,
    sample_rate: int,
    bits: int,
    channels: int = 1,
    blocks: Iterable[bytes],
    length_samples: int,
    bext: Bext | None = None,
    ixml: bytes | None = None,
    float_samples: bool = False,
    marks: tuple[CuePoint, ...] = (),
) -> int:
    """Write one WAV in one pass and give its size in bytes.

    `blocks` are little-endian frames and must add up to `length_samples`; `marks` are cue points, written behind the sound.
    Raises CannotWrite where the blocks do not add up, or where no WAV has such samples.

    `sample_rate` in Hz, `bits` 8, 16, 24 or 32, or 32 or 64 where `float_samples`.

    >>> with Path("tone.wav").open("wb") as file:
    ...     size = write_wav(file, sample_rate=48000, bits=16, blocks=[bytes(96)], length_samples=48)
    >>> size, read_facts(Path("tone.wav")).length_samples
    (176, 48)
    """
    fmt = _fmt(sample_rate, bits, channels, float_samples)
    size = length_samples * channels * bits // 8
    rest = b"\0" * (size % 2) + b"".join(_chunk(name, content) for name, content in mark_chunks(marks))
    header = wav_header(fmt, size, length_samples, bext, ixml, behind=len(rest) - size % 2)
    file.write(header)
    _write_blocks(file, blocks, size)
    file.write(rest)
    return len(header) + size + len(rest)


def _write_blocks(file: BinaryIO, blocks: Iterable[bytes], size: int) -> None:
    """Write sound of exactly the size that the header already states."""
    written = 0
    for block in blocks:
        written += len(block)
        if written > size:
            break
        file.write(block)
    if written != size:
        found = f"{written} bytes or more" if written > size else f"{written} bytes"
        raise CannotWrite("sound of another length than announced", expected=f"{size} bytes", found=found)


def wav_header(
    fmt: bytes, data_size: int, length_samples: int, bext: Bext | None, ixml: bytes | None, *, behind: int = 0
) -> bytes:
    """Give everything before the first sample; RF64 with `ds64` where the file is too big for RIFF.

    `behind` is how many bytes of chunks follow the sound and its padding.

    >>> facts = read_facts(Path("reel/12A-T3_Boom.wav"))
    >>> wav_header(summary(facts)[20:36], 960, 320, None, None)[:4]
    b'RIFF'
    """
    chunks = _chunk(b"bext", bext_bytes(bext)) if bext is not None else b""
    chunks += _chunk(b"iXML", ixml + b" " * (len(ixml) % 2)) if ixml else b""
    chunks += _chunk(b"fmt ", fmt)
    riff_size = 4 + 8 + _RESERVE + len(chunks) + 8 + data_size + data_size % 2 + behind
    if riff_size <= LARGEST_RIFF:
        start = struct.pack("<4sI4s", b"RIFF", riff_size, b"WAVE") + _chunk(b"JUNK", b"\0" * _RESERVE)
        return start + chunks + struct.pack("<4sI", b"data", data_size)
    ds64 = struct.pack("<QQQI", riff_size, data_size, length_samples, 0)
    start = struct.pack("<4sI4s", b"RF64", UNSTATED, b"WAVE") + _chunk(b"ds64", ds64)
    return start + chunks + struct.pack("<4sI", b"data", UNSTATED)


def summary(facts: WavFacts, *, channels: int | None = None) -> bytes:
    """Give the header that the WAVEDescriptor of an AAF quotes: RIFF, WAVE, `fmt ` and the real size of `data`.

    44 bytes, 46 for float. `channels` says how many a copy has, where it has fewer than its source.

    Raises CannotWrite where no WAV has such sound.

    >>> facts = read_facts(Path("reel/12A-T3_Boom.wav"))
    >>> summary(facts)[:4], len(summary(facts))
    (b'RIFF', 44)
    """
    count = facts.channels if channels is None else channels
    fmt = _fmt(facts.sample_rate, facts.bytes_per_sample * 8, count, facts.is_float)
    size = facts.length_samples * facts.bytes_per_sample * count
    riff_size = 4 + 8 + len(fmt) + 8 + size + size % 2
    start = struct.pack("<4sI4s", b"RIFF", min(riff_size, UNSTATED), b"WAVE")
    return start + _chunk(b"fmt ", fmt) + struct.pack("<4sI", b"data", min(size, UNSTATED))


def _fmt(sample_rate: int, bits: int, channels: int, float_samples: bool) -> bytes:
    """Give the content of `fmt `: 16 bytes for PCM as Pro Tools likes it, 18 for float as Microsoft demands."""
    tag = FLOAT if float_samples else PCM
    if bits not in WRITABLE[tag] or not 1 <= channels < 2**16 // (bits // 8) or not 0 < sample_rate < 2**32:
        kind = "float" if float_samples else "PCM"
        expected = f"{kind} of {', '.join(map(str, WRITABLE[tag]))} bits"
        raise CannotWrite(
            "no WAV has such sound", expected=expected, found=f"{bits} bits, {channels} channels, {sample_rate} Hz"
        )
    align = channels * bits // 8
    fmt = struct.pack("<HHIIHH", tag, channels, sample_rate, min(sample_rate * align, UNSTATED), align, bits)
    return fmt + b"\0\0" if float_samples else fmt


def _chunk(name: bytes, content: bytes) -> bytes:
    """Frame a chunk whose content is already even."""
    return struct.pack("<4sI", name, len(content)) + content
