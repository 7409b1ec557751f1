"""Find the media file that a timeline means, on a computer that is not the one it was made on.

Tried in this order: the path as it is; the name beside the timeline; each trailing part of the path below the
timeline's folder and the search folders; the name anywhere below the search folders; the same stem with another
extension; the asset's own name. Several different files that fit equally well are no find: the answer then lists
them, for a wrong take is worse than none.
"""

from __future__ import annotations

import os
import re
import stat
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

from postsync.errors import MediaError
from postsync.sound.places import (
    folded,
    other_disks,
    path_from_url,
    path_parts,
    percent_decoded,
    spellings,
    unicode_forms,
)

SOUND_SUFFIXES = (
    ".wav",
    ".bwf",
    ".rf64",
    ".w64",
    ".aif",
    ".aiff",
    ".caf",
    ".flac",
    ".mp3",
    ".m4a",
    ".mxf",
    ".mov",
    ".mp4",
)
"""Extensions under which the same stem may hold the same sound, likeliest first."""

_EXTENSION = re.compile(r"\.(?=\w*[A-Za-z])\w{2,5}")

AS_IS = "as is"
OTHER_DISK = "without the name of its disk"
BESIDE = "beside the timeline"
TRAILING = "by the end of its path"
BELOW = "by name below a search folder"
OTHER_EXTENSION = "with another extension"
ASSET_NAME = "by the asset's name"


@dataclass(frozen=True)
class Found:
    """A media file and how it was found, one of the sentences above.

    >>> MediaFinder(beside=Path("reel")).find("12A-T3_Boom.wav").path.name
    '12A-T3_Boom.wav'
    """

    path: Path
    how: str


@dataclass(frozen=True)
class Missing:
    """No file, or no single one: `tried` are the places looked in, `reason` lists files that fit equally well.

    >>> missing = MediaFinder(beside=Path("reel")).find("no such file.wav")
    >>> type(missing).__name__, len(missing.tried) > 0
    ('Missing', True)
    """

    tried: tuple[str, ...]
    reason: str = ""


def search_folders(named: Iterable[Path | str]) -> tuple[Path, ...]:
    """Give the folders that a person wants searched; MediaError where one is not there: a disk not mounted, a word mistyped.

    >>> search_folders(["reel"])[0].name
    'reel'
    """
    folders = tuple(Path(one) for one in named)
    for folder in folders:
        if not folder.is_dir():
            raise MediaError("there is no such folder to look for media in", path=folder)
    return folders


class MediaFinder:
    """Finds the files of one timeline; the search folders are listed once, when a file is not where it should be.

    >>> finder = MediaFinder([Path("rushes")], beside=Path("."))
    >>> finder.find("file:///D%3A/Sound/no%20such%20file.wav").tried[0]
    'D:/Sound/no such file.wav'
    """

    def __init__(self, search: Sequence[Path] = (), beside: Path | None = None) -> None:
        self.search = tuple(search)
        self.beside = beside.parent if beside is not None and beside.is_file() else beside
        self._answers: dict[tuple[str, str | None], Found | Missing] = {}

    def find(self, url: str, *, name: str | None = None) -> Found | Missing:
        """Give the file that a URL or path in any spelling means; `name` is what the timeline calls the asset."""
        key = (url, name)
        if key not in self._answers:
            self._answers[key] = self._find(path_from_url(url), name or "")
        return self._answers[key]

    def places(self, missing: Missing) -> tuple[str, ...]:
        """Give where a file was looked for as a person would say it: the stated place, then each folder."""
        folders = [f"the folder {self.beside}"] if self.beside is not None else []
        return (*missing.tried[:1], *folders, *(f"all below {folder}" for folder in self.search))

    def _find(self, path: str, name: str) -> Found | Missing:
        tried = [path] if path else []
        for how, places in self._steps(path, name):
            hits = _different(places, tried)
            best = _nearest(hits, path)
            if len(best) == 1:
                return Found(best[0], how)
            if best:
                listed = ", ".join(str(hit) for hit in best)
                return Missing(tuple(dict.fromkeys(tried)), f"{len(best)} files fit equally well: {listed}")
        tried += [f"below {folder}" for folder in self.search]
        return Missing(tuple(dict.fromkeys(tried)))

    def _steps(self, path: str, name: str) -> Iterator[tuple[str, Iterable[Path]]]:
        """Yield each way of looking with the places it looks at, in order of trust."""
        own = _last(path)
        if path:
            for spelling in spellings(path, windows=os.name == "nt"):
                yield AS_IS, [Path(spelling)]
            for spelling in other_disks(path) if os.name != "nt" else ():
                yield OTHER_DISK, [Path(spelling)]
            yield BESIDE, self._relative(path)
            yield BESIDE, self._beside_named(own)
            yield from ((TRAILING, places) for places in self._trailing(path))
            yield BELOW, self._below(own)
            yield OTHER_EXTENSION, self._other_extension(own)
        for asset in _names(name):
            yield ASSET_NAME, self._beside_named(asset)
            yield ASSET_NAME, self._below(asset)
        yield OTHER_EXTENSION, self._other_extension(_last(name.strip()))

    def _relative(self, path: str) -> list[Path]:
        """Give where a relative path leads from the timeline, `..` included."""
        if self.beside is None or path.startswith("/") or not path_parts(path):
            return []
        return [self.beside / form for way in (path, percent_decoded(path)) for form in unicode_forms(way)]

    def _beside_named(self, name: str) -> list[Path]:
        if self.beside is None or not name:
            return []
        return [self.beside / form for way in (name, percent_decoded(name)) for form in unicode_forms(_last(way))]

    def _trailing(self, path: str) -> Iterator[list[Path]]:
        """Yield what lies at each trailing part of the path, longest part first, in every folder at once."""
        folders = ([] if self.beside is None else [self.beside]) + list(self.search)
        ways = dict.fromkeys((path_parts(path), path_parts(percent_decoded(path))))
        for length in range(max(map(len, ways)), 0, -1):
            ends = ["/".join(way[-length:]) for way in ways if len(way) >= length]
            yield [folder / form for folder in folders for end in ends for form in unicode_forms(end)]

    def _below(self, name: str) -> list[Path]:
        """Give the files of a name anywhere below the search folders; the exact case first, if it exists."""
        hits = [hit for way in _both(name) for hit in self._index.get(folded(way), [])]
        exact = {form for way in _both(name) for form in unicode_forms(way)}
        return [hit for hit in hits if hit.name in exact] or hits

    def _other_extension(self, name: str) -> list[Path]:
        """Give the files of the same stem; of several kinds the likeliest."""
        stems = {folded(_stem(way)) for way in _both(name) if way}
        hits = [hit for stem in stems for suffix in SOUND_SUFFIXES for hit in self._index.get(stem + suffix, [])]
        hits += [beside for stem in stems for beside in self._beside_by_stem.get(stem, [])]
        kinds = [[hit for hit in hits if hit.suffix.lower() == suffix] for suffix in SOUND_SUFFIXES]
        return next((kind for kind in kinds if kind), [])

    @cached_property
    def _index(self) -> dict[str, list[Path]]:
        """Every file below the search folders by its folded name, listed once."""
        index: dict[str, list[Path]] = defaultdict(list)
        for top in self.search:
            for folder, _, names in os.walk(top):
                for name in names:
                    index[folded(name)].append(Path(folder, name))
        return dict(index)

    @cached_property
    def _beside_by_stem(self) -> dict[str, list[Path]]:
        by_stem: dict[str, list[Path]] = defaultdict(list)
        for file in _listing(self.beside):
            if file.suffix.lower() in SOUND_SUFFIXES:
                by_stem[folded(file.stem)].append(file)
        return dict(by_stem)


def _listing(folder: Path | None) -> list[Path]:
    try:
        return [] if folder is None else sorted(folder.iterdir())
    except OSError:
        return []


def _last(path: str) -> str:
    parts = path_parts(path)
    return parts[-1] if parts else ""


def _stem(name: str) -> str:
    """Give a name without its extension; a dot within the name of a take, as in `12.3`, begins none."""
    ending = PurePosixPath(name).suffix
    return name.removesuffix(ending) if _EXTENSION.fullmatch(ending) else name


def _both(name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((name, percent_decoded(name))))


def _names(name: str) -> tuple[str, ...]:
    """Give the file names that an asset's name may stand for."""
    plain = _last(name.strip())
    return (plain, f"{plain}.wav") if plain else ()


def _different(places: Iterable[Path], tried: list[str]) -> list[Path]:
    """Give the files that exist, each once however many names lead to it, and remember what was tried."""
    hits: dict[tuple[int, int], Path] = {}
    for place in dict.fromkeys(places):
        tried.append(place.as_posix())
        identity = _file_identity(place)
        if identity is not None:
            hits.setdefault(identity, place)
    return list(hits.values())


def _file_identity(place: Path) -> tuple[int, int] | None:
    """Give the disk and number of a file; None where none is there, or no disk could hold the name."""
    try:
        found = place.stat()
    except (OSError, ValueError):
        return None
    return (found.st_dev, found.st_ino) if stat.S_ISREG(found.st_mode) else None


def _nearest(hits: list[Path], path: str) -> list[Path]:
    """Give the files whose path agrees with the one looked for over the most trailing folders."""
    wanted = path_parts(path)
    agreement = {hit: _agreeing(hit.parts[:-1], wanted[:-1]) for hit in hits}
    most = max(agreement.values(), default=0)
    return sorted(hit for hit in hits if agreement[hit] == most)


def _agreeing(parts: Sequence[str], wanted: Sequence[str]) -> int:
    count = 0
    for part, other in zip(reversed(parts), reversed(wanted), strict=False):
        if folded(part) != folded(other):
            break
        count += 1
    return count
