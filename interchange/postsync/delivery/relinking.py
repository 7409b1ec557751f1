"""Media that stay where they are, stated so that a file in another folder still reaches them.

A path that is relative to the file it was read from, or of a disk that this computer does not have, leads nowhere from the
folder of a turnover. Only a file of the very name is taken: what may stand for it is for people to say.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import opentimelineio as otio

from postsync.formats.linked_media import file_references
from postsync.model import media_facts
from postsync.report import Report
from postsync.sound import Found, MediaFinder, Missing, is_named, is_relative, path_from_url, url_from_path


def relinked(timeline: otio.schema.Timeline, finder: MediaFinder, kinds: tuple[str, ...]) -> otio.schema.Timeline:
    """Give a copy of a timeline whose clips on tracks of some kinds state their files as this computer finds them."""
    result: otio.schema.Timeline = timeline.deepcopy()
    for reference in file_references(result, kinds):
        url = str(reference.target_url)
        found = _found(reference, finder)
        reference.target_url = found or (_beside(url, finder) if is_relative(url) else url)
    return result


def state_found(timeline: otio.schema.Timeline, finder: MediaFinder) -> None:
    """Let a timeline itself state where its files were found, so that the work knows next time; the rest stays as stated."""
    for reference in file_references(timeline):
        reference.target_url = _found(reference, finder) or reference.target_url


def note_missing(
    timeline: otio.schema.Timeline, finder: MediaFinder, report: Report
) -> list[tuple[str, tuple[str, ...]]]:
    """Say each file that no clip will reach, once; gives their names and where they were looked for."""
    missing: dict[str, tuple[str, tuple[str, ...]]] = {}
    for reference in file_references(timeline):
        url = str(reference.target_url)
        found = finder.find(url, name=media_facts(reference).name)
        if isinstance(found, Missing) and url not in missing:
            tried = finder.places(found)
            missing[url] = (_last(url), tried)
            report.note("media-missing", media=url, tried=found.reason or ", ".join(tried))
    return list(missing.values())


def _found(reference: Any, finder: MediaFinder) -> str | None:
    """Give the address of the file that a clip means, as it is stated where that leads there; None where nobody finds it."""
    url = str(reference.target_url)
    found = finder.find(url, name=media_facts(reference).name)
    if not isinstance(found, Found) or not is_named(found.path, url):
        return None
    return url if _stated(url) == found.path else str(url_from_path(str(found.path.resolve())))


def _beside(url: str, finder: MediaFinder) -> str:
    """Give the address of a relative path that leads nowhere: it is meant beside the file that it is stated in."""
    return url if finder.beside is None else str(url_from_path(str((finder.beside / _stated(url)).resolve())))


def _stated(url: str) -> Path:
    return Path(path_from_url(url))


def _last(url: str) -> str:
    return path_from_url(url).rsplit("/", 1)[-1]
