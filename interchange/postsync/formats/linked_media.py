"""The files that a timeline links to, stated for the folder in which it is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import opentimelineio as otio

from postsync.sound import MediaFinder, address_from_elsewhere, is_relative

PICTURE_AND_SOUND = ("Video", "Audio")


def file_references(timeline: otio.schema.Timeline, kinds: tuple[str, ...] = PICTURE_AND_SOUND) -> Iterator[Any]:
    """Yield the references to files on the tracks of some kinds."""
    for track in timeline.tracks:
        for clip in track.find_clips() if track.kind in kinds else ():
            for reference in clip.media_references().values():
                if isinstance(reference, otio.schema.ExternalReference) and reference.target_url:
                    yield reference


def reached_from(timeline: Any, sources: Sequence[Path], target: Path) -> Any:
    """Give a timeline that was read from some files as `target` is to state it: its relative links lead to the same media.

    A copy, where anything changes: for a file beside the one that was read, a relative link stays as it is.
    """
    home = target.resolve().parent
    if all(source.resolve().parent == home for source in sources):
        return timeline
    stated = {str(one.target_url) for one in file_references(timeline)}
    moved = {url: address for url in stated if (address := _address(url, sources, home)) != url}
    if not moved:
        return timeline
    copy = timeline.deepcopy()
    for reference in file_references(copy):
        reference.target_url = moved.get(str(reference.target_url), str(reference.target_url))
    return copy


def _address(url: str, sources: Sequence[Path], home: Path) -> str:
    """Give the address of what the first of the files leads to that leads anywhere."""
    if is_relative(url):
        for source in sources:
            address = address_from_elsewhere(url, MediaFinder(beside=source))
            if address != url:
                return url if source.resolve().parent == home else address
    return url
