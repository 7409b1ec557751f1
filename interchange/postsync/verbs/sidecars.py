"""The cue document beside each output that carries cues, and finding it again when a list comes back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from postsync.cueing import SUFFIX, Snapshot, put_written, written_snapshots
from postsync.errors import PostsyncError
from postsync.formats.conversion import read_file, write_file
from postsync.formats.replacing import WORKS, say_kept
from postsync.report import Report

MEMORY_FORMATS = WORKS
"""Formats that keep the work themselves: no cue document is laid beside a cue document."""

MOST_SIDECARS = 64


def write_sidecar(timeline: Any, beside: Path, snapshot: Snapshot | None, report: Report) -> Path | None:
    """Write `NAME.cues.json` beside a file that carries cues: every record whole, and what the file shows of it."""
    if snapshot is None or snapshot.format in MEMORY_FORMATS:
        return None
    path = sidecar_path(beside)
    put_written(timeline, [*_remembered(path), *written_snapshots(timeline), snapshot])
    own = Report()
    write_file(timeline, path, own, as_format="cue_list")
    say_kept(own, report)
    return path


def _remembered(path: Path) -> list[Snapshot]:
    """Give what a cue document of that name remembers of other files; FormatError where it is something else's file."""
    return _snapshots(path, Report()) if path.exists() else []


def sidecar_path(beside: Path) -> Path:
    """Give the name of the cue document beside a file."""
    return beside.with_name(beside.name.removesuffix(SUFFIX).rpartition(".")[0] + SUFFIX)


def find_base(work: Any, work_path: Path, returned: Path, fmt: str, uids: Iterable[str]) -> Snapshot | None:
    """Find what was written into the list that came back: in the work, or in a cue document beside either file.

    The snapshot of the same file name is believed first, then those of the same format; among equals the one that knows
    most of the cues, and the latest.
    """
    found = [*written_snapshots(work), *_beside(work_path, returned)]
    ours = set(uids)
    fits = [(one.file == returned.name, len(ours & set(one.cues)), place, one) for place, one in enumerate(found)]
    fits = [one for one in fits if one[1] and (one[0] or one[3].format == fmt)]
    return max(fits, key=lambda one: one[:3])[3] if fits else None


def read_base(path: Path, returned: Path, fmt: str) -> Snapshot:
    """Read the base from a cue document that was named. Raises PostsyncError where it says nothing of such a file."""
    found = _snapshots(path, Report())
    fits = [one for one in found if one.file == returned.name] or [one for one in found if one.format == fmt]
    if not fits:
        names = ", ".join(one.file for one in found) or "nothing"
        raise PostsyncError("it does not say what was written", path=path, expected=f"an entry for {fmt}", found=names)
    return fits[-1]


def _beside(work: Path, returned: Path) -> Iterator[Snapshot]:
    """Yield the snapshots of the cue documents beside the two files, those named like the files last."""
    named = [sidecar_path(work), sidecar_path(returned)]
    folders = dict.fromkeys(path.parent for path in (work, returned))
    others = [path for folder in folders for path in sorted(folder.glob(f"*{SUFFIX}"))[:MOST_SIDECARS]]
    for path in dict.fromkeys([*(path for path in others if path not in named), *named]):
        if path.is_file() and path not in (work, returned):
            try:
                yield from _snapshots(path, Report())
            except PostsyncError:
                continue


def _snapshots(path: Path, report: Report) -> list[Snapshot]:
    return [one for timeline in read_file(path, report).timelines for one in written_snapshots(timeline)]
