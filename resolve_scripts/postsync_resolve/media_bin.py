"""The files of takes in the media pool: imported into a bin of their own, and found by where they lie.

A file that is in the pool already gives no new clip, so what the import answers says nothing.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Dict, Optional, Sequence

from postsync_resolve.asking import ask, text
from postsync_resolve.instructions import WantedClip

if TYPE_CHECKING:
    from postsync_resolve.api import FolderApi, MediaPoolApi, MediaPoolItemApi

KEY = "postsync"
"""The third-party metadata of a media pool clip that holds the id of the take."""


def imported(pool: MediaPoolApi, clips: Sequence[WantedClip], bin_name: str) -> Dict[str, MediaPoolItemApi]:
    """Bring the files of takes into a bin, mark them as ours, and give every clip of the pool by the place of its file."""
    root = ask(lambda: pool.GetRootFolder(), [])
    known = _by_path(root)
    missing = sorted({clip.file_path for clip in clips if place_of(clip.file_path) not in known})
    if missing:
        current = ask(lambda: pool.GetCurrentFolder(), [])
        folder = _bin(pool, root, bin_name)
        if folder:
            ask(lambda: pool.SetCurrentFolder(folder), [])  # an import goes where the person is
        ask(lambda: pool.ImportMedia(missing), [])
        if current:
            ask(lambda: pool.SetCurrentFolder(current), [])
        known = _by_path(root)
    for clip in clips:
        item = known.get(place_of(clip.file_path))
        if item is not None:
            ask(lambda item=item, uid=clip.id: item.SetThirdPartyMetadata({KEY: uid}), [])
    return known


def _bin(pool: MediaPoolApi, root: Optional[FolderApi], name: str) -> Optional[FolderApi]:
    if root is None:
        return None
    for folder in ask(lambda: root.GetSubFolderList(), []) or []:
        if text(ask(lambda folder=folder: folder.GetName(), [])) == name:
            return folder
    return ask(lambda: pool.AddSubFolder(root, name), [])


def _by_path(root: Optional[FolderApi]) -> Dict[str, MediaPoolItemApi]:
    """Find every clip of the pool by the place of its file."""
    found: Dict[str, MediaPoolItemApi] = {}
    folders = [root] if root else []
    while folders:
        folder = folders.pop()
        for item in ask(lambda folder=folder: folder.GetClipList(), []) or []:
            path = text(ask(lambda item=item: item.GetClipProperty("File Path"), []))
            if path:
                found.setdefault(place_of(path), item)
        folders += ask(lambda folder=folder: folder.GetSubFolderList(), []) or []
    return found


def place_of(path: str) -> str:
    """Give a path as it compares on this system."""
    return os.path.normcase(os.path.normpath(path.replace("\\", "/") if os.name == "nt" else path))


def same_media(one: MediaPoolItemApi, two: MediaPoolItemApi) -> bool:
    """Whether two clips of the pool are one: by their ids, or by their files where a build gives none."""
    ids = [text(ask(lambda item=item: item.GetUniqueId(), [])) for item in (one, two)]
    if all(ids):
        return ids[0] == ids[1]
    paths = [text(ask(lambda item=item: item.GetClipProperty("File Path"), [])) for item in (one, two)]
    return bool(paths[0]) and place_of(paths[0]) == place_of(paths[1])
