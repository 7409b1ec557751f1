"""Structured storage: the file in a file that an AAF is, read without trusting any number in it.

Microsoft's Compound File Binary format (MS-CFB) with sectors of 512 bytes (Premiere, Pro Tools) and of 4096 (Media Composer,
Resolve). The file is mapped, never copied whole; directory entries are unpacked when asked for. A chain of sectors is
followed only as far as the size it belongs to, and that size only as far as the file goes; an entry of the directory can
hang in one place only, so loops end.
"""

from __future__ import annotations

import io
import mmap
import struct
from array import array
from bisect import bisect_right
from itertools import accumulate
from typing import BinaryIO

import numpy as np

from postsync.errors import FormatError

MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
KLV = bytes.fromhex("060e2b34")

STORAGE, STREAM, ROOT = 1, 2, 5
NONE = 0xFFFFFFFF
_LAST_SECTOR = 0xFFFFFFFA
"""Numbers above it are marks: end of chain, free, table."""

_HEADER = struct.Struct("<8s16sHHHHH6xIIIIIIIII")
_DIFAT_IN_HEADER = 109
_ENTRY_SIZE = 128
_MINI = 64
_SHIFTS = {9: 512, 12: 4096}


_NODE = struct.Struct("<64sHxxIII")
_CHILD = struct.Struct("<76xI")
_CONTENT = struct.Struct("<116xIQ")
_ONLY = struct.Struct("<64sHxxII40xIQ")
_KIND_PLACE, _CLASS_PLACE = 66, 80
"""An entry of the directory: name, its size, kind, siblings on either side, child, class id, first sector, size. There are
ten for every clip, so an entry is known by its number and only what is asked for is taken out."""


class Container:
    """A structured storage.

    `children` lists a storage, `read` gives a whole stream, `open` one that is read in pieces. Raises FormatError
    wherever the file contradicts itself.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._data = _mapped(file)
        self._size = len(self._data)
        self._read_header()
        self._fat = self._read_fat()
        self._entries = self._chained(self._first_directory, None, "the directory")
        self._count = len(self._entries) // _ENTRY_SIZE
        self._owner = array("I", bytes(4 * self._count))
        self._holder = array("I", bytes(4 * self._count))
        if not self._count:
            raise FormatError(place="the directory", expected="a root", found="nothing")
        self.root = 0
        child = self._child(self.root)
        if child < self._count:
            self._holder[child] = 1
        self._mini_fat = self._words(self._chained(self._first_mini, None, "the table of small sectors"))
        self._mini_stream = self._chained(*self._content(self.root), "the small sectors")
        self._breaks = _breaks(self._mini_fat)

    # -------------------------------------------------------------------------------------------------------- tables

    def _read_header(self) -> None:
        head = self._data[: _HEADER.size]
        if head[:4] == KLV:
            raise FormatError(
                "an AAF in KLV encoding, as MXF is, which is not read",
                remedy="export it again as a plain AAF, or treat it as MXF",
            )
        if len(head) < _HEADER.size or head[:8] != MAGIC:
            raise FormatError(
                "not an AAF", expected="structured storage (d0cf11e0a1b11ae1)", found=head[:8].hex() or "nothing"
            )
        (_, self.class_id, _, version, order, shift, mini_shift, _, _, self._first_directory, _, self._cutoff,
         self._first_mini, _, self._first_difat, self._difat_count) = _HEADER.unpack(head)  # fmt: skip
        if order != 0xFFFE:
            raise FormatError(
                "an AAF in big-endian order, as old Macintoshes wrote, which is not read", found=f"byte order 0x{order:04x}",
                remedy="open it in a present application and export it again",
            )  # fmt: skip
        if shift not in _SHIFTS or 1 << mini_shift != _MINI or not 0 < self._cutoff <= 65536:
            raise FormatError(
                place="header", expected="sectors of 512 or 4096 bytes, small ones of 64",
                found=f"shifts {shift} and {mini_shift}, small below {self._cutoff}",
            )  # fmt: skip
        self.sector_size = _SHIFTS[shift]
        self._size_mask = NONE if version < 4 else (1 << 64) - 1

    def _read_fat(self) -> array[int]:
        """Give the table that chains the sectors; where its own sectors lie is told in the header and a chain behind it."""
        sectors = [*struct.unpack_from(f"<{_DIFAT_IN_HEADER}I", self._sector_bytes(76, 4 * _DIFAT_IN_HEADER))]
        place, most = self._first_difat, self._size // self.sector_size + 1
        for _ in range(min(self._difat_count, most)):
            if place > _LAST_SECTOR:
                break
            *more, place = struct.unpack(f"<{self.sector_size // 4}I", self._sector(place))
            sectors += more
        used = [sector for sector in sectors if sector <= _LAST_SECTOR]
        if len(used) > most or not used:
            raise FormatError(place="header", expected=f"a table of 1 to {most} sectors", found=str(len(used)))
        return self._words(b"".join(self._sector(sector) for sector in used))

    def _words(self, data: bytes) -> array[int]:
        words = array("I")
        words.frombytes(data[: len(data) // 4 * 4])
        return words

    def _sector_bytes(self, place: int, count: int) -> bytes:
        data = self._data[place : place + count]
        if len(data) < count:
            raise FormatError(
                "the file is cut short", place=f"byte {place}", expected=f"{count} bytes", found=str(len(data))
            )
        return data

    def _sector(self, number: int) -> bytes:
        return self._sector_bytes((number + 1) * self.sector_size, self.sector_size)

    # -------------------------------------------------------------------------------------------------------- chains

    def _runs(self, start: int, size: int | None, what: str) -> list[tuple[int, int]]:
        """Give the neighbouring sectors of a chain as (first, count); a size of None means to the end of the chain."""
        most = self._size // self.sector_size + 1
        wanted = most if size is None else -(-size // self.sector_size)
        if wanted > most:
            raise FormatError(place=what, expected=f"at most {self._size} bytes", found=f"a size of {size}")
        runs: list[tuple[int, int]] = []
        fat, last, sector, taken = self._fat, len(self._fat), start, 0
        first, expected = start, start
        while taken < wanted and sector < last:
            if sector != expected:
                runs.append((first, expected - first))
                first = sector
            expected = sector + 1
            taken += 1
            sector = fat[sector]
        runs.append((first, expected - first))
        if (size is None and (taken == wanted or last <= sector <= _LAST_SECTOR)) or (
            size is not None and taken < wanted
        ):
            raise FormatError(
                place=what, expected="a chain of sectors that ends", found=f"{taken} sectors, then {sector:#x}"
            )
        return [run for run in runs if run[1]]

    def _chained(self, start: int, size: int | None, what: str) -> bytes:
        """Give the bytes of a chain of sectors."""
        step = self.sector_size
        data = b"".join(
            [
                self._data[(first + 1) * step : (first + 1 + count) * step]
                for first, count in self._runs(start, size, what)
            ]
        )
        if size is None:
            return data
        if len(data) < size:
            raise FormatError("the file is cut short", place=what, expected=f"{size} bytes", found=str(len(data)))
        return data[:size] if len(data) > size else data

    def _small(self, start: int, size: int, what: str) -> bytes:
        """Give the bytes of a chain of small sectors."""
        fat, stream = self._mini_fat, self._mini_stream
        count = (size + _MINI - 1) // _MINI
        parts, sector = bytearray(), start
        try:
            for _ in range(count):
                parts += stream[sector * _MINI : (sector + 1) * _MINI]
                sector = fat[sector]
        except IndexError:
            raise FormatError(
                place=what, expected=f"{count} small sectors", found="a chain that leaves the table"
            ) from None
        return self._whole(bytes(parts[:size]), size, what)

    def _whole(self, data: bytes, size: int, what: str) -> bytes:
        if len(data) < size:
            raise FormatError("the file is cut short", place=what, expected=f"{size} bytes", found=str(len(data)))
        return data

    # ----------------------------------------------------------------------------------------------------- directory

    def kind(self, number: int) -> int:
        """Give what an entry is: a storage, a stream."""
        return self._entries[number * _ENTRY_SIZE + _KIND_PLACE]

    def class_of(self, number: int) -> bytes:
        """Give the class of what an entry of the directory stores."""
        place = number * _ENTRY_SIZE + _CLASS_PLACE
        return self._entries[place : place + 16]

    def _child(self, number: int) -> int:
        child: int = _CHILD.unpack_from(self._entries, number * _ENTRY_SIZE)[0]
        return child

    def _content(self, number: int) -> tuple[int, int]:
        """Give where a stream begins, and its size."""
        start, size = _CONTENT.unpack_from(self._entries, number * _ENTRY_SIZE)
        return start, size & self._size_mask

    def children(self, storage: int, what: str = "a storage") -> dict[bytes, int]:
        """Give the entries that a storage holds, in no particular order, by name as it is stored: UTF-16 without the zero."""
        root = self._child(storage)
        found: dict[bytes, int] = {}
        if root == NONE:
            return found
        entries, owner, holder, count, unpack = (
            self._entries,
            self._owner,
            self._holder,
            self._count,
            _NODE.unpack_from,
        )
        mark, waiting = root + 1, [root]
        while waiting:
            number = waiting.pop()
            if number >= count or owner[number] not in (0, mark):
                raise FormatError(
                    place=what, expected="an entry of its own", found=f"entry {number} of {count}, of another storage"
                )
            owner[number] = mark
            raw, size, left, right, child = unpack(entries, number * _ENTRY_SIZE)
            if child < count:
                if holder[child] not in (0, number + 1):
                    raise FormatError(
                        place=what, expected="a storage of its own", found=f"entry {child}, of another storage"
                    )
                holder[child] = number + 1
            name = raw[: size - 2]
            if name in found:
                raise FormatError(place=what, expected="names that differ", found=f"{shown(name)!r} twice")
            found[name] = number
            if left != NONE:
                waiting.append(left)
            if right != NONE:
                waiting.append(right)
        return found

    def only(self, storage: int, name: bytes) -> bytes | None:
        """Give the stream of a name in a storage that holds nothing else, as most do; None where it holds more."""
        number = self._child(storage)
        if number >= self._count or self._owner[number] not in (0, number + 1):
            return None
        raw, name_size, left, right, start, size = _ONLY.unpack_from(self._entries, number * _ENTRY_SIZE)
        if left != NONE or right != NONE or raw[: name_size - 2] != name:
            return None
        self._owner[number] = number + 1
        return self._read(start, size & self._size_mask, "properties")

    def read(self, stream: int, what: str = "a stream") -> bytes:
        """Give all bytes of a stream."""
        start, size = self._content(stream)
        return self._read(start, size, what)

    def _read(self, start: int, size: int, what: str) -> bytes:
        if size >= self._cutoff:
            return self._chained(start, size, what)
        # Small sectors mostly lie in a row.
        if self._breaks.find(1, start, start + (size - 1) // _MINI) < 0:
            data = self._mini_stream[start * _MINI : start * _MINI + size]
            if len(data) == size:
                return data
        return self._small(start, size, what)

    def open(self, stream: int, what: str = "a stream") -> BinaryIO:
        """Give a stream as a file that is read and sought in; nothing is read before it is asked for."""
        start, size = self._content(stream)
        if size < self._cutoff:
            return io.BytesIO(self.read(stream, what))
        reader = _Sectors(self._data, self._runs(start, size, what), self.sector_size, size, what)
        return io.BufferedReader(reader, 1 << 16)


class _Sectors(io.RawIOBase):
    """The bytes of a chain of sectors, as a raw file."""

    def __init__(self, data: bytes | mmap.mmap, runs: list[tuple[int, int]], step: int, size: int, what: str) -> None:
        super().__init__()
        self._data, self._size, self._what, self._place = data, size, what, 0
        self._offsets = [(first + 1) * step for first, _ in runs]
        self._begins = [0, *accumulate(count * step for _, count in runs)]
        if self._offsets and self._offsets[-1] >= len(data):
            raise FormatError(
                "the file is cut short",
                place=what,
                expected=f"a stream of {size} bytes",
                found=f"{len(data)} bytes in all",
            )

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        self._place = max((0, self._place, self._size)[whence] + offset, 0)
        return self._place

    def tell(self) -> int:
        return self._place

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        wanted = min(len(view), self._size - self._place)
        if wanted <= 0:
            return 0
        run = bisect_right(self._begins, self._place) - 1
        inside = self._place - self._begins[run]
        wanted = min(wanted, self._begins[run + 1] - self._place)
        begin = self._offsets[run] + inside
        data = self._data[begin : begin + wanted]
        if not data:
            raise FormatError(
                "the file is cut short",
                place=self._what,
                expected=f"a stream of {self._size} bytes",
                found=f"{self._place}",
            )
        view[: len(data)] = data
        self._place += len(data)
        return len(data)


def _breaks(table: array[int]) -> bytes:
    """Give a 1 for every sector that is not followed by its neighbour: a row of sectors is one search for it."""
    numbers = np.frombuffer(table, np.uint32)
    return bytes((numbers != np.arange(1, len(numbers) + 1, dtype=np.uint32)).tobytes())


def stored(name: str) -> bytes:
    """Give a name as a directory holds it."""
    return name.encode("utf-16-le")


def shown(name: bytes) -> str:
    """Give a name of a directory as text."""
    return name.decode("utf-16-le", "replace")


def _mapped(file: BinaryIO) -> bytes | mmap.mmap:
    """Give the bytes of a file without reading them, where the system can; a file in memory is taken as it is."""
    try:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError, AttributeError):
        file.seek(0)
        return file.read()
