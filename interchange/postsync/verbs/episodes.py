"""A folder of episodes onto their new cuts: one reconform each, several at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from postsync.conforming import DEFAULT_PATTERNS, Namer
from postsync.conforming.names import version_patterns
from postsync.cueing import SUFFIX
from postsync.errors import PostsyncError, UnknownFormat
from postsync.model import natural_key
from postsync.report import Report
from postsync.verbs.reconforming import Reconformed, reconform

_VERSION = re.compile(r"_*V#$|(?<=_)V#_?")
"""A version in a name that `Namer` has made a place-holder of."""


@dataclass(frozen=True)
class Episode:
    """One episode: its three files and what came of them; `done` is None where `fault` says why not."""

    name: str
    old: Path
    new: Path
    work: Path
    done: dict[str, Any] | None = None
    fault: dict[str, Any] | None = None
    sentence: str = ""
    losses: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Episodes:
    """What a reconform of a folder did, episode by episode.

    >>> for folder, file in (("v12", reel), ("v13", reel), ("work", Path("R1.otio"))):
    ...     Path(folder).mkdir()
    ...     _ = Path(folder, f"EP101{file.suffix}").write_bytes(file.read_bytes())
    >>> done = verbs.reconform_folder("v12", "v13", "work", "reconformed")
    >>> [episode.name for episode in done.episodes], done.failed
    (['EP101'], [])
    """

    into: Path
    episodes: tuple[Episode, ...]
    report: Report

    @property
    def failed(self) -> list[Episode]:
        """The episodes that could not be done; the others were."""
        return [one for one in self.episodes if one.fault is not None]

    def to_json(self) -> dict[str, Any]:
        """Give the document `postsync.reconform-folder/1`."""
        return {
            "schema": "postsync.reconform-folder/1",
            "into": str(self.into),
            "episodes": [
                {"name": one.name, "old": str(one.old), "new": str(one.new), "work": str(one.work),
                 "counts": None if one.done is None else one.done["counts"],
                 "written": [] if one.done is None else one.done["written"], "error": one.fault}
                for one in self.episodes
            ],
            "losses": self.report.to_json(),
        }  # fmt: skip


def reconform_folder(
    old: Path | str,
    new: Path | str,
    work: Path | str,
    into: Path | str,
    *,
    jobs: int = 1,
    progress: Callable[[str, int, int], None] | None = None,
    **how: Any,
) -> Episodes:
    """Reconform every work of a folder with the cuts of its name in two others; `jobs` at once.

    Files are one episode when their names are the same but for the version (`EP101 v12.edl`, `EP101_v13.edl`, `EP101.otio`);
    each goes into a folder of its own. An episode that fails is said, and the others are done. Raises UnknownFormat where a
    work finds no cut, or two.

    >>> for folder, file in (("cut 1", reel), ("cut 2", reel), ("works", Path("R1.otio"))):
    ...     Path(folder).mkdir()
    ...     _ = Path(folder, f"EP101{file.suffix}").write_bytes(file.read_bytes())
    >>> [episode.name for episode in verbs.reconform_folder("cut 1", "cut 2", "works", "done").episodes]
    ['EP101']
    """
    plans = episode_files(Path(old), Path(new), Path(work))
    act = partial(_one, into=Path(into), how=how)
    if jobs > 1 and len(plans) > 1:
        # A fresh start of each: a fork of a program that has threads may hang.
        with ProcessPoolExecutor(min(jobs, len(plans)), get_context("spawn")) as pool:
            found = list(pool.map(act, plans))
    else:
        found = []
        for number, plan in enumerate(plans):
            found.append(act(plan))
            if progress is not None:
                progress("episodes", number + 1, len(plans))
    report = Report()
    for one in found:
        report.losses.extend(one.losses)
    return Episodes(Path(into), tuple(found), report)


def _one(plan: Episode, into: Path, how: dict[str, Any]) -> Episode:
    try:
        done: Reconformed = reconform(plan.old, plan.new, plan.work, into / plan.name, **how)
    except PostsyncError as fault:
        return Episode(plan.name, plan.old, plan.new, plan.work, None, fault.facts(), fault.sentence())
    return Episode(plan.name, plan.old, plan.new, plan.work, done.to_json(), losses=tuple(done.report))


def episode_files(old: Path, new: Path, work: Path) -> list[Episode]:
    """Join the files of three folders by their names without versions."""
    olds, news = _by_name(old), _by_name(new)
    plans: list[Episode] = []
    for key, paths in _by_name(work).items():
        for side, folder in ((olds, old), (news, new)):
            if len(side.get(key, [])) != 1:
                names = ", ".join(path.name for path in side.get(key, [])) or "none"
                raise UnknownFormat(
                    f"no single cut for {paths[0].name}", path=folder, expected="one file of its name", found=names,
                    remedy="one file for each episode in each folder",
                )  # fmt: skip
        name = paths[0].name.removesuffix(SUFFIX) if paths[0].name.endswith(SUFFIX) else paths[0].stem
        plans.append(Episode(name, olds[key][0], news[key][0], _best(paths)))
    if not plans:
        raise UnknownFormat(
            "the folder holds no work", path=work, expected=f"files such as EP101.otio or EP101{SUFFIX}"
        )
    return plans


def _by_name(folder: Path) -> dict[str, list[Path]]:
    """Give the files of a folder by their names without versions, in the order in which people count."""
    if not folder.is_dir():
        raise UnknownFormat("not a folder", path=folder, remedy="give three folders, or three files")
    namer = Namer(version_patterns(DEFAULT_PATTERNS))
    found: dict[str, list[Path]] = {}
    for path in sorted(folder.iterdir(), key=lambda one: natural_key(one.name)):
        if not path.name.startswith(".") and (path.is_file() or path.suffix):
            stem = path.name.removesuffix(SUFFIX) if path.name.endswith(SUFFIX) else path.stem
            key = _VERSION.sub("", namer.source(stem).key)
            found.setdefault(key, []).append(path)
    return found


def _best(paths: list[Path]) -> Path:
    """Choose the work among what stands beside it: the timeline before its cue document."""
    return min(paths, key=lambda path: (path.suffix != ".otio", path.name))
