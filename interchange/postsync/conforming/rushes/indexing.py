"""Indexing rushes: folders walked, headers read, each file once until it changes.

The folders are only read. A run that is stopped keeps what it has; the next goes on. Files that are gone are taken out of the
index only where their folder could be looked into, for a drive that is not plugged in has lost nothing.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from postsync.conforming.rushes.database import RushesIndex
from postsync.conforming.rushes.reading import OWN_FOLDERS, is_rush, read_rush
from postsync.conforming.rushes.records import RushFile
from postsync.errors import MediaError

BATCH = 500
"""Files that are read and kept together: what a run that is stopped may have to read again."""

WORTH_PROCESSES = 4000
"""New files from which it pays to start processes of their own."""

Progress = Callable[[str, int, int], None]

Told = tuple[str, int, int]
"""A file as a folder lists it: path, size in bytes, date of change in nanoseconds."""


@dataclass
class Indexing:
    """What one run did: files that are there, of those newly read, again read, unchanged; gone ones; folders not looked into.

    `unreadable` lists what is no sound with the reason.
    """

    there: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    gone: int = 0
    unreadable: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    closed_folders: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])

    def to_json(self) -> dict[str, Any]:
        """Give the counts and lists as plain values."""
        return {
            "files": self.there, "new": self.new, "changed": self.changed, "unchanged": self.unchanged, "gone": self.gone,
            "unreadable": [{"path": path, "why": why} for path, why in self.unreadable],
            "closed_folders": [{"path": path, "why": why} for path, why in self.closed_folders],
        }  # fmt: skip


def index_rushes(
    index: RushesIndex, places: Sequence[Path], *, jobs: int | None = None, progress: Progress | None = None
) -> Indexing:
    """Bring the index up to date with what lies at or below some places. `jobs` are processes; None decides by the count.

    Raises MediaError where a place does not exist, CannotWrite where the index cannot be kept.
    """
    done = Indexing()
    known = index.known()
    told = _listed(places, done)
    done.there = len(told)
    fresh = [one for one in told if known.get(one[0]) != one[1:]]
    done.new = sum(one[0] not in known for one in fresh)
    done.changed, done.unchanged = len(fresh) - done.new, len(told) - len(fresh)
    count = 0
    for batch in _read(fresh, _jobs(jobs, len(fresh))):
        index.put(batch)
        count += len(batch)
        if progress is not None:
            progress("reading headers", count, len(fresh))
    gone = _gone(known, {one[0] for one in told}, places, done)
    index.forget(gone)
    done.gone = len(gone)
    done.unreadable = [(file.path, file.problem or "") for file in index.files(readable=False)]
    return done


def _jobs(asked: int | None, files: int) -> int:
    if asked is not None:
        return max(1, asked)
    return min(os.cpu_count() or 1, 8) if files >= WORTH_PROCESSES else 1


def _listed(places: Sequence[Path], done: Indexing) -> list[Told]:
    """List every sound file once, with size and date of change."""
    found: dict[str, Told] = {}
    reached = [os.path.realpath(place) for place in places]
    for place in places:
        if not place.exists():
            raise MediaError(
                "no such file or folder", path=place, remedy="is the drive plugged in? the index is as it was"
            )
        for one in _below(str(place.absolute()), reached, done):
            found[one[0]] = one
    return list(found.values())


def _empty(places: Sequence[Path], there: set[str]) -> list[str]:
    """Give the folders in which nothing lies: the place of a drive that is not plugged in looks so."""
    return [
        str(place.absolute()) for place in places if not any(_lies_in(path, [str(place.absolute())]) for path in there)
    ]


def _below(place: str, reached: list[str], done: Indexing) -> Iterator[Told]:
    if os.path.isfile(place):  # noqa: PTH113 - texts, fifty thousand of them
        told = os.stat(place)  # noqa: PTH116
        yield place, told.st_size, told.st_mtime_ns
        return
    waiting = [place]
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(folder) as entries:
                listed = sorted(entries, key=lambda entry: entry.name)
        except OSError as fault:
            done.closed_folders.append((folder, fault.strerror or str(fault)))
            continue
        below: list[str] = []
        for entry in listed:
            try:
                if entry.is_dir():
                    if entry.name.lower() not in OWN_FOLDERS and not _reached_already(entry, reached):
                        below.append(entry.path)
                elif is_rush(entry.name) and entry.is_file():
                    told = entry.stat()
                    yield entry.path, told.st_size, told.st_mtime_ns
            except OSError as fault:
                done.closed_folders.append((entry.path, fault.strerror or str(fault)))
        waiting += reversed(below)


def _reached_already(folder: os.DirEntry[str], reached: list[str]) -> bool:
    """Say whether a linked folder leads to where we look anyway, or back up to it; note where it leads if not."""
    if not folder.is_symlink():
        return False
    leads_to = os.path.realpath(folder.path)
    if _lies_in(leads_to, reached) or any(_lies_in(place, [leads_to]) for place in reached):
        return True
    reached.append(leads_to)
    return False


def _read(fresh: Sequence[Told], jobs: int) -> Iterator[list[RushFile]]:
    batches = [fresh[at : at + BATCH] for at in range(0, len(fresh), BATCH)]
    if jobs == 1 or len(batches) < 2:
        yield from map(_batch, batches)
        return
    # A fresh interpreter for each: a copy of this one might hold locks of threads that it does not have.
    pool = ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn"))
    try:
        done = 0
        try:
            for batch in pool.map(_batch, batches):
                done += 1
                yield batch
        except BrokenProcessPool:
            yield from map(_batch, batches[done:])
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _batch(told: Sequence[Told]) -> list[RushFile]:
    return [read_rush(*one) for one in told]


def _gone(known: Iterable[str], there: set[str], places: Sequence[Path], done: Indexing) -> list[str]:
    """Give the files of the index that lay below the places and are no longer there."""
    roots = [str(place.absolute()) for place in places]
    kept = [root for root in _empty(places, there) if any(_lies_in(path, [root]) for path in known)]
    done.closed_folders += [(root, "it is empty; what the index has of it is kept") for root in kept]
    closed = [folder for folder, _ in done.closed_folders]
    return [
        path for path in known
        if path not in there and _lies_in(path, roots) and not _lies_in(path, closed)
    ]  # fmt: skip


def _lies_in(path: str, folders: Iterable[str]) -> bool:
    return any(path == folder or path.startswith(f"{folder.rstrip(os.sep)}{os.sep}") for folder in folders)
