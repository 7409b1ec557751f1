"""Relative addresses of media, stated so that a file in another folder reaches what they lead to.

Final Cut Pro, Resolve's OTIO and Media Composer's folders of media beside an AAF state `./12A-T3_Boom.wav`, which is meant from
the folder of the file that says so. Written into another folder the same words lead nowhere.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path

from postsync.sound.locate import Found, MediaFinder
from postsync.sound.places import path_from_url, percent_decoded, url_from_path

_SCHEMED = ("://", ":\\", ":/")


def is_relative(url: str) -> bool:
    """Tell whether an address is meant from the folder of the file that states it.

    >>> is_relative("./12A-T3_Boom.wav"), is_relative("file:///M/12A.wav"), is_relative("C:/M/12A.wav")
    (True, False, False)
    """
    return bool(url) and not any(mark in url for mark in _SCHEMED) and not Path(path_from_url(url)).is_absolute()


def is_named(path: Path, url: str) -> bool:
    """Tell whether a file has the very name that an address states, as a Mac or Windows disk compares names.

    >>> is_named(Path("reel/12A-T3_Boom.wav"), "file:///M/12a-t3_boom.WAV")
    True
    """
    stated = path_from_url(url).rsplit("/", 1)[-1]
    return _folded(path.name) in (_folded(stated), _folded(percent_decoded(stated)))


def address_from_elsewhere(url: str, finder: MediaFinder) -> str:
    """Give the address by which any folder reaches what a relative one leads to from the folder of a finder.

    What is not relative, and what leads to no file of that name, is given as it is: a name in a list may be no path at all.

    >>> address_from_elsewhere("./no such file.wav", MediaFinder(beside=Path("reel")))
    './no such file.wav'
    """
    if not is_relative(url):
        return url
    found = finder.find(url)
    if isinstance(found, Found) and is_named(found.path, url):
        return url_from_path(found.path.resolve().as_posix())
    return url


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
