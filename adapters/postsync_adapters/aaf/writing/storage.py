"""Structured storage, written in one pass from front to back: tables first, then the directory, then what it lists.

Microsoft's Compound File Binary format (MS-CFB), version 4: sectors of 4096 bytes, which the AAF Edit Protocol (254) asks
of writers. Every size is known before the first byte is written, so nothing is ever sought, rewritten or held twice; media go
from their files straight to their sectors.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import BinaryIO

import numpy as np

from postsync.errors import CannotWrite
from postsync_adapters.aaf.container import MAGIC, NONE, ROOT, STORAGE, STREAM, Container, stored

SECTOR, MINI, CUTOFF = 4096, 64, 4096
_PER_SECTOR = SECTOR // 4
_END, _FAT, _DIFAT = 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFC
_IN_HEADER = 109
_LOCK = 0x7FFFFF00 // SECTOR - 1
"""The sector that programs lock parts of; in a file that has it, it belongs to no stream."""

_HEADER = struct.Struct("<8s16sHHHHH6xIIIIIIIII")
_ENTRY = struct.Struct("<64sHBBIII16s20xIQ")
_BLACK, _RED = 1, 0


@dataclass
class Pieces:
    """A stream that is made as it is written: its size in bytes, and what gives exactly so many."""

    size: int
    blocks: Callable[[], Iterable[bytes]]


@dataclass(slots=True)
class Storage:
    """A folder of streams and storages by name; `class_id` is the class of the object that it is."""

    class_id: bytes = bytes(16)
    children: dict[bytes, Storage | Pieces | bytes] = field(default_factory=dict)


def taken_from(container: Container, number: int = 0) -> Storage:
    """Give a storage of an open container with all that it holds."""
    children: dict[bytes, Storage | Pieces | bytes] = {}
    for name, entry in container.children(number).items():
        children[name] = taken_from(container, entry) if container.kind(entry) == STORAGE else container.read(entry)
    return Storage(container.class_of(number), children)


# ------------------------------------------------------------------------------------------------------- the directory


@dataclass
class _Rows:
    """The entries of a directory as they are numbered, and the streams in their order."""

    names: list[bytes] = field(default_factory=list)
    items: list[Storage | Pieces | bytes] = field(default_factory=list)
    nodes: list[tuple[int, int, int]] = field(default_factory=list)
    child: list[int] = field(default_factory=list)


def _numbered(root: Storage) -> _Rows:
    """Number the entries: each storage's own stand in a row, in the order of their names."""
    rows = _Rows([stored("Root Entry")], [root], [(NONE, NONE, _BLACK)], [NONE])
    names, items, nodes, child = rows.names, rows.items, rows.nodes, rows.child
    place = 0
    while place < len(items):
        item = items[place]
        if isinstance(item, Storage) and item.children:
            base = len(items)
            ordered = sorted(item.children.items(), key=_order) if len(item.children) > 1 else item.children.items()
            top, shape = _tree(len(item.children))
            child[place] = base + top
            for (name, inner), (left, right, colour) in zip(ordered, shape, strict=True):
                names.append(name)
                items.append(inner)
                nodes.append((left + base if left != NONE else NONE, right + base if right != NONE else NONE, colour))
                child.append(NONE)
        place += 1
    return rows


def _order(item: tuple[bytes, object]) -> tuple[int, str]:
    return _name_order(item[0])


@lru_cache(maxsize=65536)
def _name_order(name: bytes) -> tuple[int, str]:
    """Order names as MS-CFB does: the shorter first, then letter by letter without regard to case."""
    return len(name), name.decode("utf-16-le").upper()


_Shape = tuple[int, list[tuple[int, int, int]]]


@lru_cache(maxsize=256)
def _tree(count: int) -> _Shape:
    """Give the balanced tree of so many entries in a row: its top, and left, right and colour of each.

    All levels but the lowest are full, so red on a lowest that is not makes every path hold as many blacks.
    """
    nodes = [(NONE, NONE, _BLACK)] * count
    deepest = (count + 1).bit_length() - 1
    waiting = [(0, count, 0)]
    while waiting:
        low, high, depth = waiting.pop()
        middle = (low + high) // 2
        left, right = (low + middle) // 2 if low < middle else NONE, NONE
        if middle + 1 < high:
            right = (middle + 1 + high) // 2
            waiting.append((middle + 1, high, depth + 1))
        if low < middle:
            waiting.append((low, middle, depth + 1))
        nodes[middle] = (left, right, _RED if depth == deepest else _BLACK)
    return count // 2, nodes


# --------------------------------------------------------------------------------------------------------- the sectors


@dataclass
class _Run:
    """A chain of neighbouring sectors: the first, and how many, with the locked one where that lies among them."""

    first: int
    count: int


class _Plan:
    """Where everything lies."""

    def __init__(self, rows: _Rows) -> None:
        self.rows = rows
        self.starts = [_END] * len(rows.items)
        self.sizes = [0] * len(rows.items)
        self.mini: list[bytes] = []
        self.large: list[int] = []
        self._mini_ends: list[int] = []
        self._place_streams()
        self.directory_count = -(-len(rows.items) * _ENTRY.size // SECTOR)
        self.mini_fat = self._mini_table()
        self.mini_fat_count = -(-len(self.mini_fat) // SECTOR)
        self.mini_count = -(-self.sizes[0] // SECTOR)
        counts = [-(-self.sizes[number] // SECTOR) for number in self.large]
        self.fat_count, self.difat_count = _tables(
            self.directory_count + self.mini_fat_count + self.mini_count + sum(counts)
        )
        self._next = self.fat_count + self.difat_count
        self.directory, self.mini_table, self.mini_stream = (
            self._run(count) for count in (self.directory_count, self.mini_fat_count, self.mini_count)
        )
        self.starts[0] = self.mini_stream.first if self.mini_count else _END
        self.runs = [self._run(count) for count in counts]
        for number, run in zip(self.large, self.runs, strict=True):
            self.starts[number] = run.first

    def _place_streams(self) -> None:
        """Put small streams one behind the other into the small sectors; the large get sectors later."""
        at = 0
        for number, item in enumerate(self.rows.items):
            if isinstance(item, Storage):
                continue
            size = self.sizes[number] = item.size if isinstance(item, Pieces) else len(item)
            if size >= CUTOFF:
                self.large.append(number)
            elif size:
                data = item if isinstance(item, bytes) else b"".join(item.blocks())
                self.starts[number] = at
                count = -(-size // MINI)
                self.mini.append(data if size == count * MINI else data.ljust(count * MINI, b"\0"))
                at += count
                self._mini_ends.append(at - 1)
        self.sizes[0] = at * MINI

    def _mini_table(self) -> bytes:
        table = np.arange(1, self.sizes[0] // MINI + 1, dtype="<u4")
        table[self._mini_ends] = _END
        return table.tobytes()

    def _run(self, count: int) -> _Run:
        first = self._next + (self._next == _LOCK)
        crosses = first < _LOCK < first + count
        self._next = first + count + crosses
        return _Run(first, count + crosses)

    @property
    def total(self) -> int:
        """How many sectors there are behind the header."""
        return self._next

    def fat(self) -> bytes:
        """Give the table of sectors."""
        table = np.full(self.fat_count * _PER_SECTOR, NONE, "<u4")
        table[: self.fat_count] = _FAT
        table[self.fat_count : self.fat_count + self.difat_count] = _DIFAT
        for run in (self.directory, self.mini_table, self.mini_stream, *self.runs):
            if run.count:
                end = run.first + run.count
                table[run.first : end] = np.arange(run.first + 1, end + 1, dtype="<u4")
                table[end - 1] = _END
                if run.first < _LOCK < end:
                    table[_LOCK - 1] = _LOCK + 1
        if self.total > _LOCK:
            table[_LOCK] = _END
        return table.tobytes()

    def difat(self) -> tuple[bytes, bytes]:
        """Give where the table of sectors lies: what the header holds of it, and the sectors behind."""
        numbers = np.full(_IN_HEADER + self.difat_count * (_PER_SECTOR - 1), NONE, "<u4")
        numbers[: self.fat_count] = np.arange(self.fat_count, dtype="<u4")
        more = numbers[_IN_HEADER:].reshape(self.difat_count, _PER_SECTOR - 1)
        links = np.arange(self.fat_count + 1, self.fat_count + self.difat_count + 1, dtype="<u4")
        if self.difat_count:
            links[-1] = _END
        return numbers[:_IN_HEADER].tobytes(), np.column_stack([more, links]).astype("<u4").tobytes()

    def entries(self) -> bytes:
        """Give the directory."""
        pack, rows = _ENTRY.pack, self.rows
        made: list[bytes] = []
        for number, (name, item, (left, right, colour)) in enumerate(
            zip(rows.names, rows.items, rows.nodes, strict=True)
        ):
            is_storage = isinstance(item, Storage)
            kind = ROOT if not number else STORAGE if is_storage else STREAM
            start = self.starts[number] if number == 0 or not is_storage else 0
            class_id = item.class_id if isinstance(item, Storage) else bytes(16)
            made.append(
                pack(
                    name,
                    len(name) + 2,
                    kind,
                    colour,
                    left,
                    right,
                    rows.child[number],
                    class_id,
                    start,
                    self.sizes[number],
                )
            )
        empty = pack(b"", 0, 0, 0, NONE, NONE, NONE, bytes(16), 0, 0)
        return b"".join(made) + empty * (-len(made) % (SECTOR // _ENTRY.size))


def _tables(others: int) -> tuple[int, int]:
    """Give the sectors that the table of all sectors takes, itself included, and those that say where it lies."""
    fat = difat = 0
    while True:
        total = others + fat + difat + 2
        wanted = -(-total // _PER_SECTOR)
        behind = -(-max(wanted - _IN_HEADER, 0) // (_PER_SECTOR - 1))
        if (wanted, behind) == (fat, difat):
            return fat, difat
        fat, difat = wanted, behind


# ---------------------------------------------------------------------------------------------------------- the writing


def write_storage(root: Storage, header_class: bytes, file: BinaryIO) -> None:
    """Write a container to an open file, from where it stands; CannotWrite where a stream is not as long as it was said."""
    plan = _Plan(_numbered(root))
    in_header, difat = plan.difat()
    header = _HEADER.pack(
        MAGIC, header_class, 0x3E, 4, 0xFFFE, 12, 6, plan.directory_count, plan.fat_count, plan.directory.first, 0, CUTOFF,
        plan.mini_table.first if plan.mini_fat_count else _END, plan.mini_fat_count,
        plan.fat_count if plan.difat_count else _END, plan.difat_count,
    )  # fmt: skip
    out = _Sectors(file)
    out.write((header + in_header).ljust(SECTOR, b"\0"))
    out.write(plan.fat())
    out.write(difat)
    out.run(plan.directory, [plan.entries()])
    out.run(plan.mini_table, [plan.mini_fat.ljust(plan.mini_fat_count * SECTOR, b"\xff")])
    out.run(plan.mini_stream, plan.mini)
    for number, run in zip(plan.large, plan.runs, strict=True):
        item = plan.rows.items[number]
        assert not isinstance(item, Storage)
        out.run(run, _whole(item))


def _whole(item: Pieces | bytes) -> Iterator[bytes]:
    """Yield a stream, which must be as long as was said: a file may have changed since it was measured."""
    if isinstance(item, bytes):
        yield item
        return
    written = 0
    for block in item.blocks():
        written += len(block)
        if written > item.size:
            break
        yield block
    if written != item.size:
        raise CannotWrite("a media file changed while it was read", expected=f"{item.size} bytes", found=f"{written}")


class _Sectors:
    """A file that is written sector after sector."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._at = file, 0

    def write(self, data: bytes) -> None:
        self._file.write(data)
        self._at += len(data)

    def run(self, run: _Run, blocks: Iterable[bytes]) -> None:
        """Write a chain from its first sector to the end of its last."""
        if not run.count:
            return
        self.write(bytes((run.first + 1) * SECTOR - self._at))
        lock = (_LOCK + 1) * SECTOR
        for block in blocks:
            if self._at <= lock < self._at + len(block):
                before = lock - self._at
                self.write(block[:before])
                self.write(bytes(SECTOR))
                block = block[before:]
            self.write(block)
        self.write(bytes(-self._at % SECTOR))
