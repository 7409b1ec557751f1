"""Reading the cuts of a reconform: two versions and a work, at one rate wherever a file leaves its own open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from postsync.conforming import ChangeMap
from postsync.errors import FormatError, UnknownFormat
from postsync.formats.conversion import Opened, read_file
from postsync.model import natural_key, timeline_facts
from postsync.report import Report
from postsync.timing import Rate

_OPEN = frozenset({"rate-guessed", "rate-found"})
"""What the report says of a file that does not state its rate, such as an EDL."""


@dataclass(frozen=True)
class CutFiles:
    """The timelines of old cut, new cut and work; `work_is_cues` where the work is a cue document alone.

    `versions` is what the two cuts are called in lists: the files' names where both have one title.
    """

    old: list[Any]
    new: list[Any]
    work: list[Any]
    work_is_cues: bool = False
    versions: tuple[str, str] | None = None

    def named(self, found: ChangeMap) -> ChangeMap:
        """Give a map between the two cuts with the names of their versions."""
        if self.versions is None:
            return found
        sides = [replace(side, name=name) for side, name in zip((found.old, found.new), self.versions, strict=True)]
        return replace(found, old=sides[0], new=sides[1])


@dataclass
class _Read:
    """One file as it was read."""

    path: Path
    opened: Opened
    report: Report

    @property
    def rate(self) -> Rate:
        return timeline_facts(self.opened.timelines[0]).rate

    @property
    def is_open(self) -> bool:
        return any(loss.code in _OPEN for loss in self.report)

    @property
    def is_guessed(self) -> bool:
        return any(loss.code == "rate-guessed" for loss in self.report)


def read_cuts(
    old: Path,
    new: Path,
    work: Path | None,
    report: Report,
    *,
    reels: bool = False,
    rate: Rate | None = None,
    names: tuple[str | None, str | None, str | None] = (None, None, None),
    from_format: str | None = None,
    options: Mapping[str, Any] | None = None,
) -> CutFiles:
    """Read the files. Lists that do not state whether they run at 24 or 23.976 are read as those that do;
    a work whose rate can only be guessed counts as the old cut does.

    `names` are the timelines of old cut, new cut and work, where a file holds several. With `reels` a folder gives its files
    as reels in natural order, and a file all of its timelines. Raises FormatError for a cut without clips.
    """
    how = {"from_format": from_format, "options": options}
    groups = [_files(path, reels) for path in (old, new)] + [[] if work is None else _files(work, reels)]
    read = [[_read(path, rate, how if number < 2 else {}) for path in group] for number, group in enumerate(groups)]
    every = [one for group in read for one in group]
    stated = next((one.rate for one in reversed(every) if not one.is_open), None)
    for number, group in enumerate(read):
        for place, one in enumerate(group):
            if rate is None and stated is not None and one.is_open and _same_but_speed(one.rate, stated):
                group[place] = _read(one.path, stated, how if number < 2 else {})
    for place, one in enumerate(read[2]):
        if rate is None and one.is_guessed and one.rate != read[0][0].rate:
            read[2][place] = _read(one.path, read[0][0].rate, {})
    for one in (one for group in read for one in group):
        report.extend(one.report)
    chosen = [
        [found for one in group for found in _chosen(one, reels, name)] for group, name in zip(read, names, strict=True)
    ]
    for path, cut in ((old, chosen[0]), (new, chosen[1])):
        if not any(len(track) for timeline in cut for track in timeline.tracks):
            raise FormatError(
                "nothing to compare", path=path, expected="a cut: a timeline with clips", found="none",
                remedy="give the two versions of the cut, then the work",
            )  # fmt: skip
    is_cues = bool(read[2]) and all(one.opened.format.name == "cue_list" for one in read[2])
    return CutFiles(chosen[0], chosen[1], chosen[2], is_cues, _versions(old, new, chosen))


def _versions(old: Path, new: Path, chosen: Sequence[Sequence[Any]]) -> tuple[str, str] | None:
    """Give the names of the files where the timelines do not tell the versions apart: programs keep a title for all cuts."""
    names = [[one.name for one in cut] for cut in chosen[:2]]
    return (old.name, new.name) if names[0] == names[1] and old.name != new.name else None


def _same_but_speed(one: Rate, other: Rate) -> bool:
    return one != other and one.nominal == other.nominal and one.drop == other.drop


def _files(path: Path, reels: bool) -> list[Path]:
    if not reels or not path.is_dir() or path.suffix:
        return [path]
    found = sorted(
        (one for one in path.iterdir() if not one.name.startswith(".")), key=lambda one: natural_key(one.name)
    )
    if not found:
        raise UnknownFormat("the folder is empty", path=path, remedy="put one file for each reel into it")
    return found


def _read(path: Path, rate: Rate | None, how: Mapping[str, Any]) -> _Read:
    own = Report()
    return _Read(path, read_file(path, own, rate=rate, **how), own)


def _chosen(one: _Read, reels: bool, name: str | None) -> list[Any]:
    return list(one.opened.timelines) if reels and name is None else [one.opened.choose(name)]
