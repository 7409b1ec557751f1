"""Media that stay where they are, stated so that a file in another folder still reaches them.

A path that is relative to the file it was read from, or of a disk that this computer does not have, leads nowhere from the
folder of a turnover. Only a file of the very name is taken: what may stand for it is for people to say.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import opentimelineio as otio

from postsync.model import media_facts
from postsync.report import Report
from postsync.sound import Found, MediaFinder, Missing, path_from_url, url_from_path

_SCHEMED = ("://", ":\\", ":/")


def relinked(timeline: otio.schema.Timeline, finder: MediaFinder, kinds: tuple[str, ...]) -> otio.schema.Timeline:
    """Give a copy of a timeline whose clips on tracks of some kinds state their files as this computer finds them."""
    result: otio.schema.Timeline = timeline.deepcopy()
    for reference in _references(result, kinds):
        reference.target_url = _address(str(reference.target_url), reference, finder)
    return result


def note_missing(
    timeline: otio.schema.Timeline, finder: MediaFinder, report: Report
) -> list[tuple[str, tuple[str, ...]]]:
    """Say each file that no clip will reach, once; gives their names and where they were looked for."""
    missing: dict[str, tuple[str, tuple[str, ...]]] = {}
    for reference in _references(timeline, ("Video", "Audio")):
        url = str(reference.target_url)
        found = finder.find(url, name=media_facts(reference).name)
        if isinstance(found, Missing) and url not in missing:
            tried = finder.places(found)
            missing[url] = (_last(url), tried)
            report.note("media-missing", media=url, tried=found.reason or ", ".join(tried))
    return list(missing.values())


def _references(timeline: otio.schema.Timeline, kinds: tuple[str, ...]) -> Iterator[Any]:
    for track in timeline.tracks:
        for clip in track.find_clips() if track.kind in kinds else ():
            for reference in clip.media_references().values():
                if isinstance(reference, otio.schema.ExternalReference) and reference.target_url:
                    yield reference


def _address(url: str, reference: Any, finder: MediaFinder) -> str:
    """Give the address of the file that is meant; one that nobody finds is meant beside the file it is stated in."""
    found = finder.find(url, name=media_facts(reference).name)
    if isinstance(found, Found) and _folded(found.path.name) == _folded(_last(url)):
        return url if _stated(url) == found.path else str(url_from_path(str(found.path.resolve())))
    path = _stated(url)
    if finder.beside is None or path.is_absolute() or any(mark in url for mark in _SCHEMED):
        return url
    return str(url_from_path(str((finder.beside / path).resolve())))


def _stated(url: str) -> Path:
    return Path(path_from_url(url))


def _last(url: str) -> str:
    return path_from_url(url).rsplit("/", 1)[-1]


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
