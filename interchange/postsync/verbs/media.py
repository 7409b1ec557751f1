"""The media of a file: `media list`, `media find`, `media extract`."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from postsync.delivery.media_files import (
    MediaFile,
    as_they_are,
    copy_found,
    extract,
    find_media,
    media_files,
    with_embedded,
)
from postsync.errors import MediaError
from postsync.formats.conversion import Opened, embedded_in, read_file
from postsync.report import Report
from postsync.sound import EmbeddedSound, MediaFinder, search_folders
from postsync.timing import Rate
from postsync.wording import counted


@dataclass(frozen=True)
class MediaList:
    """The media of a file, one row a file, and where they were looked for.

    >>> listed = verbs.media_list(reel)
    >>> [row.name for row in listed.rows][:2]
    ['12A-3', '12B-1']
    """

    path: Path
    format: str
    rows: tuple[MediaFile, ...]
    report: Report
    into: Path | None = None
    searched: tuple[Path, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Give the list as plain values."""
        return {
            "schema": "postsync.media/1",
            "file": str(self.path),
            "format": self.format,
            "into": None if self.into is None else str(self.into),
            "searched": [str(folder) for folder in self.searched],
            "media": [row.to_json() for row in self.rows],
            "losses": self.report.to_json(),
        }


def media_list(path: Path | str, *, search: Sequence[Path | str] = (), **how: Any) -> MediaList:
    """Give the media of every timeline of a file and whether each is there; `search` are more folders to look in.

    >>> [row.name for row in verbs.media_list(reel, search=["reel"]).rows][:2]
    ['12A-3', '12B-1']
    """
    report = Report()
    with _opened(path, report, **how) as (opened, rows, _):
        found = find_media(rows, _finder(opened, search), Report())
        return MediaList(opened.path, opened.format.name, tuple(found), report, searched=search_folders(search))


def media_find(
    path: Path | str, *, into: Path | str | None = None, search: Sequence[Path | str] = (), **how: Any
) -> MediaList:
    """Find the linked media of a file, and copy what was found into a folder where one is given.

    What is missing is in the report, with every place that was tried.

    >>> [row.found.how for row in verbs.media_find(reel).rows if row.found][:1]
    ['beside the timeline']
    """
    report = Report()
    with _opened(path, report, **how) as (opened, rows, _):
        found = as_they_are(find_media(rows, _finder(opened, search), report))
        folder = None if into is None else Path(into)
        if folder is not None:
            found = copy_found(found, folder)
        return MediaList(opened.path, opened.format.name, tuple(found), report, folder, search_folders(search))


def media_extract(path: Path | str, into: Path | str, **how: Any) -> MediaList:
    """Write the sound inside a file as WAVs into a folder, with time stamp, scene and take where the file has them.

    MediaError where nothing lies inside.

    >>> verbs.convert(reel, "R1 embedded.aaf", options={"media": "embed"}).written_as
    'aaf'
    >>> [path.name for path in verbs.media_extract("R1 embedded.aaf", "R1 sound").rows]
    ['12A-T3_Boom', '12B-T1_Boom', '14-T5_Boom', '12A-T3_Rosa']
    """
    report = Report()
    with _opened(path, report, **how) as (opened, rows, sounds):
        if not sounds:
            raise MediaError(
                "no sound lies inside this file", path=opened.path, found=f"{counted(len(rows), 'linked media file')}",
                remedy="media find looks for them",
            )  # fmt: skip
        made = extract(rows, sounds, Path(into), report)
        return MediaList(opened.path, opened.format.name, tuple(made), report, Path(into))


Rows = tuple[Opened, list[MediaFile], list[EmbeddedSound]]


@contextmanager
def _opened(
    path: Path | str,
    report: Report,
    *,
    from_format: str | None = None,
    rate: Rate | None = None,
    timeline: str | None = None,
    options: Mapping[str, Any] | None = None,
) -> Generator[Rows]:
    """Read a file and what lies inside it; the latter can be read while the block lasts."""
    opened = read_file(path, report, from_format=from_format, rate=rate, options=options)
    chosen = opened.timelines if timeline is None else [opened.choose(timeline)]
    with embedded_in(opened, report) as sounds:
        rows = media_files(chosen)
        if timeline is not None:
            played = {row.media.uid for row in rows}
            sounds = [sound for sound in sounds if sound.uid in played]
        yield opened, with_embedded(rows, sounds), sounds


def _finder(opened: Opened, search: Sequence[Path | str]) -> MediaFinder:
    return MediaFinder(search_folders(search), beside=opened.path)
