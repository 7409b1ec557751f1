"""The index of the rushes on disk: one SQLite file, one row for each sound file, in columns that people may ask too.

What was read is kept in batches, so that a run that was stopped goes on where it was. A file is read again only when its size
or its date of change is another. `sqlite3 rushes.sqlite "select roll, scene, take, path from files"` is a fair question.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Generator, Iterable
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any

from postsync.conforming.rushes.records import COLUMNS, RushFile, TrackName
from postsync.errors import CannotWrite, FormatError

KIND = "postsync.rushes/1"
PATIENCE_SECONDS = 10
"""How long to wait for another program that writes the same index."""

_INTEGERS = frozenset(
    {
        "size", "modified", "sample_rate", "converter_rate", "channels", "bits", "length", "stamp", "drop_frame", "circled",
        "pre_record",
    }
)  # fmt: skip
_TRUTHS = ("drop_frame", "circled")
_TRACKS = COLUMNS.index("tracks")

_CREATE = f"""
create table if not exists about (name text primary key, value text);
create table if not exists files (
  {", ".join(f"{name} {'integer' if name in _INTEGERS else 'text'}" for name in COLUMNS)},
  primary key (path)
) without rowid;
create index if not exists by_roll on files (roll);
create index if not exists by_scene on files (scene, take);
"""


class RushesIndex:
    """An open index. Use it in a `with` block; what was put in is kept even when the block ends badly."""

    def __init__(self, path: Path | None, *, write: bool = False) -> None:
        """Open the index at `path`, or one in memory.

        FormatError for a file that is none, CannotWrite where it cannot be made.
        """
        self.path = path
        fresh = path is None or not path.exists() or path.stat().st_size == 0
        if fresh and not write and path is not None:
            raise FormatError(
                "there is no index of rushes",
                path=path,
                remedy=f"make it: postsync rushes index FOLDER --out {path.name}",
            )
        if path is not None and not fresh and not _is_database(path):
            raise FormatError("this is no index of rushes", path=path, expected="a file that `rushes index` made")
        with self._guarded():
            self._base = _connected(path, write)
        try:
            self._begin(write)
        except BaseException:
            self.close()
            raise

    def _begin(self, write: bool) -> None:
        """Make the tables where something will be written, and see that it is an index of ours."""
        with self._guarded():
            self._base.execute("pragma journal_mode = memory" if self.path is None else "pragma synchronous = normal")
            if write:
                self._base.executescript(_CREATE)
                for name in self._lacking():
                    self._base.execute(f"alter table files add column {name}")
                self._base.execute("insert or ignore into about values ('kind', ?)", (KIND,))
                self._base.commit()
            found = self._base.execute("select value from about where name = 'kind'").fetchone()
        if found is None or found[0] != KIND:
            said = repr(found and found[0])
            raise FormatError("this is no index of rushes", path=self.path, expected=KIND, found=said)

    def __enter__(self) -> RushesIndex:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        with suppress(sqlite3.Error):
            self._base.close()

    def known(self) -> dict[str, tuple[int, int]]:
        """Give size and date of change of every file, by its path."""
        with self._guarded():
            return {_path(path): (size, modified) for path, size, modified in self._base.execute(_KNOWN)}

    def put(self, files: Iterable[RushFile]) -> None:
        """Keep what was read of some files, at once and for good."""
        with self._guarded(), self._base:
            self._base.executemany(_PUT, [_values(file) for file in files])

    def forget(self, paths: Iterable[str]) -> None:
        """Take out files that are no longer there."""
        with self._guarded(), self._base:
            self._base.executemany("delete from files where path = ?", [(_storable(path),) for path in paths])

    def files(self, *, readable: bool = True) -> list[RushFile]:
        """Give the files in order of their paths: those that could be read, or those that could not."""
        where = "problem is null" if readable else "problem is not null"
        with self._guarded():
            lacking = self._lacking()
            columns = ", ".join(f"null as {name}" if name in lacking else name for name in COLUMNS)
            rows = self._base.execute(f"select {columns} from files where {where} order by path").fetchall()
        return [_file(row) for row in rows]

    def _lacking(self) -> list[str]:
        """Give the columns that an index lacks which an earlier version made."""
        there = {row[1] for row in self._base.execute("pragma table_info(files)")}
        return [name for name in COLUMNS if name not in there]

    @contextmanager
    def _guarded(self) -> Generator[None]:
        """Turn what SQLite says into a sentence of ours."""
        try:
            yield
        except sqlite3.Error as fault:
            text = str(fault)
            if any(word in text for word in _OURS_TO_WRITE):
                raise CannotWrite(
                    f"the index cannot be written: {text}", path=self.path,
                    remedy="what was indexed so far is kept; make room or name another place with --out, and run it again",
                ) from fault  # fmt: skip
            raise FormatError(
                f"the index cannot be read: {text}", path=self.path, remedy="delete it and index the rushes again"
            ) from fault


_OURS_TO_WRITE = ("full", "readonly", "locked", "unable to open", "disk I/O")

_KNOWN = "select path, size, modified from files"
_PUT = f"insert or replace into files ({', '.join(COLUMNS)}) values ({', '.join('?' * len(COLUMNS))})"


def _is_database(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(16) == b"SQLite format 3\0"
    except OSError as fault:
        raise FormatError(f"cannot be opened: {fault.strerror}", path=path) from fault


def _connected(path: Path | None, write: bool) -> sqlite3.Connection:
    if path is None:
        return sqlite3.connect(":memory:")
    if write and path.parent.is_dir() and not os.access(path.parent, os.W_OK):
        raise sqlite3.OperationalError("readonly folder")
    address = f"{path.absolute().as_uri()}?mode={'rwc' if write else 'ro'}"
    return sqlite3.connect(address, uri=True, timeout=PATIENCE_SECONDS)


def _values(file: RushFile) -> list[Any]:
    values: list[Any] = [getattr(file, name) for name in COLUMNS]
    values[_TRACKS] = json.dumps(
        [[one.channel, one.name, one.function, one.recorder_track] for one in file.tracks], ensure_ascii=False
    )
    return [_storable(value) for value in values]


def _storable(value: Any) -> Any:
    """Give a value that SQLite holds: half surrogates of broken file names are kept by their numbers."""
    if isinstance(value, str):
        return value.encode("utf-8", "surrogateescape") if not value.isascii() and _is_broken(value) else value
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        return None
    return value


def _is_broken(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def _path(stored: str | bytes) -> str:
    return stored if isinstance(stored, str) else stored.decode("utf-8", "surrogateescape")


def _file(row: tuple[Any, ...]) -> RushFile:
    values = dict(zip(COLUMNS, row, strict=True))
    values["path"] = _path(values["path"])
    for name in _TRUTHS:
        values[name] = None if values[name] is None else bool(values[name])
    tracks = values["tracks"]
    values["tracks"] = () if tracks == "[]" else tuple(TrackName(*one) for one in json.loads(tracks))
    return RushFile(**values)
