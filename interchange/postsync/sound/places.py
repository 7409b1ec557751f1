"""Paths and URLs of media as every application spells them, by pure text: the same on every computer.

RFC 8089 and its breaches: Premiere writes `file://localhost/C%3A/…`, Final Cut Pro `file:///Volumes/…`, old Mac
projects begin with the name of the disk, Resolve and Media Composer on Windows write bare `C:\\…`, and more than one
of them leaves `#` and spaces as they are. A bare path is never percent-decoded here: `100%25.wav` may be its name.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote, unquote_to_bytes

_FILE_SCHEME = re.compile(r"^file:", re.IGNORECASE)
_DRIVE = re.compile(r"^[A-Za-z][:|](?=[\\/]|$)")
_LOCAL_HOSTS = ("", "localhost", "127.0.0.1", ".")


def path_from_url(url: str) -> str:
    """Give the path that a URL or a bare path means, with forward slashes; a share begins with `//`.

    >>> path_from_url("file://localhost/C%3A/Sound/12%20A.wav")
    'C:/Sound/12 A.wav'
    """
    text = url.strip()
    if not _FILE_SCHEME.match(text):
        return _forward(url.strip("\r\n\t"))
    rest = text[len("file:") :].replace("\\", "/")
    if rest.startswith("//"):
        host, slash, path = rest[2:].partition("/")
        rest = _with_host(percent_decoded(host), slash + path)
    return _without_root_of_drive(percent_decoded(rest))


def _with_host(host: str, path: str) -> str:
    """Put the host of a URL in front of its path, unless it is this computer; some write the drive in its place."""
    if host.lower() in _LOCAL_HOSTS:
        return path
    return f"/{host}{path}" if _DRIVE.match(host) else f"//{host}{path}"


def _without_root_of_drive(path: str) -> str:
    """Turn `/C:/x` and `/C|/x` into `C:/x`."""
    bare = path.lstrip("/")
    return f"{bare[0]}:{bare[2:]}" if _DRIVE.match(bare) else path


def _forward(path: str) -> str:
    """Turn the backslashes of a Windows path; a path that has a forward slash and no drive keeps them as letters."""
    windows = _DRIVE.match(path) or path.startswith("\\\\") or "/" not in path
    return path.replace("\\", "/") if windows else path


def url_from_path(path: str) -> str:
    """Give the `file:` URL of an absolute path, percent-encoded once as UTF-8; a relative path stays a relative path.

    >>> url_from_path("C:\\\\Sound\\\\12 A.wav")
    'file:///C:/Sound/12%20A.wav'
    """
    plain = path_from_url(path)
    if is_windows(plain):
        return f"file:///{plain[:2]}{_quoted(plain[2:])}"
    if plain.startswith("//"):
        return f"file:{_quoted(plain)}"
    return f"file://{_quoted(plain)}" if plain.startswith("/") else plain


def _quoted(path: str) -> str:
    return quote(_utf8(path), safe="/")


def percent_decoded(text: str) -> str:
    """Decode `%XX` once: UTF-8, else Latin-1; a `%` that begins no code stays."""
    raw = unquote_to_bytes(_utf8(text))
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _utf8(text: str) -> bytes:
    """Encode a path; what Python made of the bytes of a Linux name goes back to those bytes."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace")


def is_windows(path: str) -> bool:
    """Tell whether a path begins with a drive letter."""
    return _DRIVE.match(path) is not None


def path_parts(path: str) -> tuple[str, ...]:
    """Give the names of a path without drive, root, `.` and `..`."""
    bare = path[2:] if is_windows(path) else path
    return tuple(part for part in bare.split("/") if part not in ("", ".", ".."))


def folded(name: str) -> str:
    """Give a name as a Mac or Windows disk compares it: composed letters, no case."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def spellings(path: str, *, windows: bool) -> tuple[str, ...]:
    """Give every absolute path that a stated one can mean on this kind of computer, likeliest first.

    Nothing for relative paths, and nothing for a drive letter where there are no drives.
    """
    if not path.startswith("/") and not (windows and is_windows(path)):
        return ()
    return _all_forms(path, percent_decoded(path))


def other_disks(path: str) -> tuple[str, ...]:
    """Give what a path that begins with the name of a Mac disk means: `/Macintosh HD/Users/…` is `/Users/…`."""
    parts = path_parts(path)
    if is_windows(path) or not path.startswith("/") or len(parts) < 3:
        return ()
    mounted, own = "/" + "/".join(("Volumes", *parts)), "/" + "/".join(parts[1:])
    return _all_forms(mounted, own, percent_decoded(mounted), percent_decoded(own))


def _all_forms(*paths: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(form for path in paths for form in unicode_forms(path)))


def unicode_forms(path: str) -> tuple[str, ...]:
    """Give a path as written, composed and decomposed: Mac disks hand out the last, files state either."""
    return tuple(dict.fromkeys((path, unicodedata.normalize("NFC", path), unicodedata.normalize("NFD", path))))
