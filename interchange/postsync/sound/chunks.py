"""Walk the chunks of a RIFF, RF64 or BW64 file, however badly the file was closed.

RIFF is Microsoft's and IBM's; RF64 is EBU Tech 3306, BW64 is ITU-R BS.2088. The truth lies in files that broke other
readers: recorders that lost power before the sizes were written, a last pad byte that never came, a 120 KB `PAD `
before `data`. The physical end of the file is believed, its sizes are not: no size that a file states ever becomes
memory or a loop.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import BinaryIO, NamedTuple

from postsync.errors import MediaError

CONTAINERS = {b"RIFF": "RIFF", b"RF64": "RF64", b"BW64": "BW64"}

UNSTATED = 0xFFFFFFFF
"""A 32-bit size that means *see `ds64`*, or that a recorder never came back to fill in."""

MOST_CHUNKS = 4096
"""No recorder writes a hundred; a file that is nothing but empty chunks must still end."""

_WINDOW = 16384
_HEADER = struct.Struct("<4sI")
_DS64 = struct.Struct("<QQQI")
_DS64_ROW = struct.Struct("<4sQ")


class Chunk(NamedTuple):
    """One chunk: its four letters, where its content begins, and how many bytes of it are really there.

    >>> [chunk.id for chunk in read_facts(Path("reel/12A-T3_Boom.wav")).chunks][:3]
    ['JUNK', 'bext', 'iXML']
    """

    id: str
    offset: int
    size: int


class Window:
    """Bytes of a file by offset, read in pieces of 16 KB so that a header costs one or two reads."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.size = file.seek(0, 2)
        self._start = 0
        self._bytes = b""

    def read(self, offset: int, count: int) -> bytes:
        """Give the bytes at an offset; fewer where the file ends."""
        count = max(0, min(count, self.size - offset))
        if offset < self._start or offset + count > self._start + len(self._bytes):
            self._file.seek(offset)
            self._bytes = self._file.read(max(count, _WINDOW))
            self._start = offset
        begin = offset - self._start
        return self._bytes[begin : begin + count]


@dataclass
class Walk:
    """What one walk through a file found: its chunks in order, and in words the faults that were read past."""

    window: Window
    container: str = ""
    chunks: list[Chunk] = field(default_factory=list[Chunk])
    faults: list[str] = field(default_factory=list[str])
    riff_size: int = 0
    big_sizes: dict[bytes, int] = field(default_factory=dict[bytes, int])

    def first(self, name: str) -> Chunk | None:
        """Give the first chunk of a name: of two `bext` the first is the recorder's."""
        return next((chunk for chunk in self.chunks if chunk.id == name), None)

    def content(self, chunk: Chunk | None, limit: int) -> bytes:
        """Give what a chunk holds, never more than `limit` bytes."""
        return b"" if chunk is None else self.window.read(chunk.offset, min(chunk.size, limit))


def walk_chunks(file: BinaryIO) -> Walk:
    """Go through a file to its physical end, past `data`; MediaError where it is no WAV at all."""
    walk = Walk(Window(file))
    _begin(walk)
    offset: int | None = 12
    while offset is not None and offset + 8 <= walk.window.size:
        offset = _step(walk, offset)
    return walk


def _begin(walk: Walk) -> None:
    head = walk.window.read(0, 12)
    if len(head) < 12 or head[:4] not in CONTAINERS or head[8:] != b"WAVE":
        raise MediaError("not a WAV file", expected="RIFF, RF64 or BW64 of kind WAVE", found=repr(head))
    walk.container = CONTAINERS[head[:4]]
    walk.riff_size = int.from_bytes(head[4:8], "little")


def _step(walk: Walk, offset: int) -> int | None:
    """Take in the chunk at an offset and say where the next begins; None where the walk ends."""
    name, stated = _HEADER.unpack(walk.window.read(offset, 8))
    if not _is_id(name) or len(walk.chunks) >= MOST_CHUNKS:
        walk.faults.append(f"no chunk at byte {offset}: the rest is left")
        return None
    begin = offset + 8
    size = _true_size(walk, name, stated, begin)
    walk.chunks.append(Chunk(name.decode("ascii"), begin, size))
    if name == b"ds64":
        _read_big_sizes(walk, begin, size)
    return _after(walk, begin + size) if size % 2 else begin + size


def _true_size(walk: Walk, name: bytes, stated: int, begin: int) -> int:
    """Give the bytes of a chunk that are there, whatever its header says."""
    there = walk.window.size - begin
    size = walk.big_sizes.get(name) if stated == UNSTATED else stated
    if size is None or (name == b"data" and not size and there and _is_unfinished(walk, stated)):
        walk.faults.append(f"{name.decode('ascii')} was never closed: read to the end of the file")
        return there
    if size > there:
        walk.faults.append(f"{name.decode('ascii')} is cut short: {size} bytes stated, {there} there")
    return min(size, there)


def _is_unfinished(walk: Walk, stated: int) -> bool:
    """Tell an empty `data` from one whose recorder died: then the outer size does not reach the file's end either."""
    return stated == UNSTATED or abs(walk.riff_size + 8 - walk.window.size) > 1


def _read_big_sizes(walk: Walk, begin: int, size: int) -> None:
    """Take the 64-bit sizes of `ds64`: `data` from its fixed part, other chunks from its table."""
    content = walk.window.read(begin, min(size, _WINDOW))
    if len(content) < _DS64.size:
        walk.faults.append("ds64 is too short")
        return
    _, walk.big_sizes[b"data"], _, rows = _DS64.unpack_from(content)
    rows = min(rows, (len(content) - _DS64.size) // _DS64_ROW.size)
    for name, length in _DS64_ROW.iter_unpack(content[_DS64.size : _DS64.size + rows * _DS64_ROW.size]):
        walk.big_sizes.setdefault(name, length)


def _after(walk: Walk, offset: int) -> int:
    """Step over the pad byte of an odd chunk, unless the writer forgot it."""
    if not _is_chunk(walk, offset + 1) and _is_chunk(walk, offset):
        walk.faults.append(f"pad byte missing at byte {offset}")
        return offset
    return offset + 1


def _is_chunk(walk: Walk, offset: int) -> bool:
    head = walk.window.read(offset, 8)
    if len(head) < 8 or not _is_id(head[:4]):
        return False
    size = int.from_bytes(head[4:], "little")
    return size == UNSTATED or offset + 8 + size <= walk.window.size


def _is_id(name: bytes) -> bool:
    return len(name) == 4 and name.isascii() and name.decode("ascii").isprintable()
