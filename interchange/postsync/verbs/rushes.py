"""The rushes as an index: `rushes index`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from postsync.conforming.rushes import Indexing, RushesIndex, index_rushes, recordings_of, shared_identities
from postsync.conforming.rushes.indexing import Progress
from postsync.errors import CannotWrite
from postsync.report import Report

INDEX_NAME = "rushes.sqlite"


@dataclass(frozen=True)
class Indexed:
    """What `rushes index` did: the index, what was read, and what the rushes hold in all.

    >>> done = verbs.rushes_index(["reel"], out="reel.sqlite")
    >>> done.holds["files"], done.holds["recordings"]
    (4, 3)
    """

    index: Path
    places: tuple[Path, ...]
    indexing: Indexing
    holds: dict[str, int]
    report: Report

    def to_json(self) -> dict[str, Any]:
        """Give the document `postsync.rushes-index/1`."""
        return {
            "schema": "postsync.rushes-index/1",
            "index": str(self.index),
            "folders": [str(place) for place in self.places],
            **self.indexing.to_json(),
            "holds": self.holds,
            "losses": self.report.to_json(),
        }


def rushes_index(
    folders: Sequence[Path | str],
    *,
    out: Path | str = INDEX_NAME,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Indexed:
    """Bring an index of recorder files up to date with what lies below some folders, which are only read.

    A file is read again only when its size or date changed; a run that was stopped goes on where it was. Raises MediaError
    where a folder does not exist, CannotWrite where the index cannot be kept.

    >>> verbs.rushes_index(["reel"], out="film.sqlite").holds["recordings"]
    3
    """
    report, out = Report(), Path(out)
    places = tuple(Path(folder) for folder in folders)
    if out.is_dir():
        raise CannotWrite("this is a folder", path=out, remedy=f"name a file in it: --out {out.name}/{INDEX_NAME}")
    if not out.parent.is_dir():
        raise CannotWrite("there is no such folder for the index", path=out.parent)
    with RushesIndex(out, write=True) as index:
        done = index_rushes(index, places, jobs=jobs, progress=progress)
        files = index.files()
    recordings = recordings_of(files)
    note_index(done, report)
    for uid, owners in shared_identities(recordings).items():
        report.note("uid-shared", name=", ".join(one.label for one in owners[:4]), uid=uid)
    holds = {
        "files": len(files),
        "recordings": len(recordings),
        "copies": sum(len(one.copies) for one in recordings),
        "rolls": len({roll for one in recordings for roll in one.rolls}),
        "days": len({file.day for file in files if file.day}),
        "without_stamp": sum(one.start is None for one in recordings),
    }
    return Indexed(out, places, done, holds, report)


def note_index(done: Indexing, report: Report) -> None:
    """Put into the report what could not be read."""
    for path, why in done.unreadable:
        report.note("media-unreadable", media=path, why=why)
    for path, why in done.closed_folders:
        report.note("folder-closed", name=path, why=why)
