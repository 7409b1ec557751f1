"""Structured storage as we write it, read by our own reader and by pyaaf2's, which share no code."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aaf2.cfb import CompoundFileBinary
from hypothesis import given, settings
from hypothesis import strategies as st

from postsync.errors import CannotWrite
from postsync_adapters.aaf.container import Container, shown, stored
from postsync_adapters.aaf.writing.storage import Pieces, Storage, write_storage

HEADER_CLASS = bytes.fromhex("0102010d00020000060e2b3403020101")
ZEROS = bytes(2**20)


def read_ours(file: Any) -> dict[str, Any]:
    """Give every stream by its path."""
    container = Container(file)
    found: dict[str, Any] = {}
    waiting = [("", 0)]
    while waiting:
        path, storage = waiting.pop()
        for name, entry in container.children(storage).items():
            own = f"{path}/{shown(name)}"
            if container.kind(entry) == 2:
                found[own] = container.read(entry)
            else:
                waiting.append((own, entry))
    return found


def read_theirs(data: bytes) -> dict[str, bytes]:
    """Give every stream by its path, as pyaaf2 reads it; in memory it takes a file for a new one."""
    found: dict[str, bytes] = {}
    with tempfile.TemporaryFile() as file:
        file.write(data)
        opened = CompoundFileBinary(file, "rb")
        for root, _, streams in opened.walk():
            for stream in streams:
                found[f"{root.path().rstrip('/')}/{stream.name}"] = bytes(opened.open(stream).read())
    return found


def told(storage: Storage, path: str = "") -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for name, item in storage.children.items():
        own = f"{path}/{shown(name)}"
        if isinstance(item, Storage):
            found |= told(item, own)
        else:
            found[own] = item if isinstance(item, bytes) else b"".join(item.blocks())
    return found


def written(root: Storage) -> io.BytesIO:
    file = io.BytesIO()
    write_storage(root, HEADER_CLASS, file)
    return file


NAMES = st.text("abcDEFxyz-0123456789{}", min_size=1, max_size=31)
STREAMS = st.one_of(st.binary(max_size=200), st.integers(0, 9000).map(lambda size: bytes([size % 251]) * size))


def unlike(items: dict[str, Any]) -> Storage:
    """A storage of names that differ also without regard to case."""
    kept = {name.upper(): (name, item) for name, item in items.items()}
    return Storage(bytes(range(16)), {stored(name): item for name, item in kept.values()})


TREES = st.recursive(STREAMS, lambda inner: st.dictionaries(NAMES, inner, max_size=12).map(unlike), max_leaves=40)


@settings(max_examples=60, deadline=None)
@given(TREES)
def test_whatever_is_written_is_read_by_us_and_by_pyaaf2(tree: Any) -> None:
    root = tree if isinstance(tree, Storage) else Storage(bytes(16), {stored("only"): tree})
    file = written(root)
    assert read_ours(io.BytesIO(file.getvalue())) == told(root)
    assert read_theirs(file.getvalue()) == told(root)


@pytest.mark.parametrize("count", [1, 2, 3, 7, 8, 100, 5000])
def test_a_storage_of_many_is_a_balanced_tree_that_finds_each(count: int) -> None:
    root = Storage(bytes(16), {stored(f"item{number:x}"): bytes([number % 256]) for number in range(count)})
    with tempfile.TemporaryFile() as file:
        write_storage(root, HEADER_CLASS, file)
        opened = CompoundFileBinary(file, "rb")
        for number in {0, count // 2, count - 1}:
            assert opened.open(f"/item{number:x}").read() == bytes([number % 256])


class Sparse:
    """A file in which zeros take no room."""

    def __init__(self, path: Path) -> None:
        self.file = path.open("w+b")

    def write(self, data: bytes) -> None:
        if data is ZEROS or (not any(data[:64]) and not any(data)):
            self.file.seek(len(data), io.SEEK_CUR)
        else:
            self.file.write(data)


def test_media_of_three_gigabytes_lie_round_the_sector_that_programs_lock(tmp_path: Path) -> None:
    blocks, last = 3 * 1024, b"the end of it"

    def given_blocks() -> Iterator[bytes]:
        yield b"the beginning"
        for _ in range(blocks):
            yield ZEROS
        yield last

    size = len(b"the beginning") + blocks * len(ZEROS) + len(last)
    root = Storage(bytes(16), {stored("Data"): Pieces(size, given_blocks), stored("small"): b"beside"})
    sparse = Sparse(tmp_path / "large")
    write_storage(root, HEADER_CLASS, sparse)  # type: ignore[arg-type]
    sparse.file.seek(0)
    container = Container(sparse.file)
    entries = container.children(0)
    assert container.read(entries[stored("small")]) == b"beside"
    stream = container.open(entries[stored("Data")])
    assert stream.read(13) == b"the beginning" and stream.seek(0, 2) == size
    stream.seek(size - len(last))
    assert stream.read() == last
    assert container._fat[0x7FFFFF00 // 4096 - 1] == 0xFFFFFFFE
    stream.close()
    sparse.file.close()


def test_a_file_that_shrinks_while_it_is_read_is_said_in_one_sentence() -> None:
    root = Storage(bytes(16), {stored("Data"): Pieces(10_000, lambda: [bytes(9_999)])})
    with pytest.raises(CannotWrite, match="changed while it was read"):
        written(root)
