"""Putting our menu scripts where Resolve finds them, and taking them away again.

Every file in a script folder becomes a menu entry, so what the entries import lies beside that folder, with a list of all
that was written. Nothing that is not on such a list is ever overwritten or removed.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from postsync.errors import CannotWrite, FormatError, ResolveError
from postsync.formats.files import whole_file
from postsync.resolve.folders import ScriptFolder

SCHEMA = "postsync.resolve-install/1"
LIST = "installed.json"
PACKAGE = "postsync_resolve"
REPLACED = "replaced"

_COMMAND = re.compile(r"^(\s*(?:local\s+)?POSTSYNC_COMMAND\s*=).*$", re.MULTILINE)
_SUPPORT = re.compile(r"^(\s*(?:local\s+)?POSTSYNC_SUPPORT\s*=).*$", re.MULTILINE)


@dataclass(frozen=True)
class Scripts:
    """The scripts that we bring, by their paths: entries of the menu, and what they import."""

    menu: Mapping[str, bytes]
    support: Mapping[str, bytes]


@dataclass(frozen=True)
class Installed:
    """What lies in one place: its folder, the version and command written into it, the files by their digests."""

    folder: ScriptFolder
    version: str
    command: tuple[str, ...]
    files: Mapping[str, str] = field(default_factory=dict)
    made: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Give the list as it is kept beside the scripts."""
        return {
            "schema": SCHEMA,
            "version": self.version,
            "command": list(self.command),
            "scripts": str(self.folder.scripts),
            "files": dict(self.files),
            "folders": list(self.made),
        }


@dataclass(frozen=True)
class Change:
    """What was done in one place: files written, removed, and those of a person that were kept, with where they are now."""

    folder: ScriptFolder
    written: tuple[Path, ...] = ()
    removed: tuple[Path, ...] = ()
    kept: tuple[Path, ...] = ()


def packed_scripts() -> Scripts:
    """Give the scripts that came with postsync: from the checkout, else from the installed package."""
    package = Path(__file__).resolve().parent.parent
    places = (package.parent.parent / "resolve_scripts", package / "_resolve_scripts")
    root = next((place for place in places if (place / "menu").is_dir()), None)
    if root is None:
        raise ResolveError("the scripts for Resolve are not in this installation", remedy="install postsync again")
    menu = {path.name: path.read_bytes() for path in _files(root / "menu")}
    menu |= {path.name: path.read_bytes() for path in _files(root / "lua") if path.suffix == ".lua"}
    support = {path.relative_to(root).as_posix(): path.read_bytes() for path in _files(root / PACKAGE)}
    return Scripts(menu, support)


def _files(root: Path) -> Iterator[Path]:
    if root.is_dir():
        yield from (path for path in sorted(root.rglob("*")) if path.is_file() and "__pycache__" not in path.parts)


def with_paths(script: bytes, command: Sequence[str], support: Path, *, lua: bool = False) -> bytes:
    """Write the command and the folder of the support into a menu script.

    Both go in as JSON in plain ASCII inside one string, so that neither backslashes nor accents can break it. Resolve may
    run a script without telling it where it lies, so it cannot find them by itself.
    """

    def quoted(value: Any) -> str:
        text = json.dumps(value)
        return f"[==[{text}]==]" if lua else repr(text)

    text = script.decode("utf-8")
    for pattern, value in ((_COMMAND, list(command)), (_SUPPORT, str(support))):
        said = quoted(value)
        text = pattern.sub(lambda match, said=said: f"{match[1]} {said}", text)  # type: ignore[misc]
    return text.encode("utf-8")


# ---------------------------------------------------------------------------------------------------------- what is there


def installed_in(folder: ScriptFolder) -> Installed | None:
    """Give what we installed in a folder; None where nothing. FormatError where the list of it is damaged."""
    path = folder.support / LIST
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        files = {str(name): str(digest) for name, digest in data["files"].items()}
        command, made = tuple(map(str, data["command"])), tuple(map(str, data.get("folders") or ()))
        return Installed(folder, str(data["version"]), command, files, made)
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return None  # of a folder that only another user may enter, nothing is known
    except OSError as fault:
        raise ResolveError(f"cannot be read: {fault.strerror}", path=path) from fault
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        remedy = "remove this file, then run postsync resolve install again"
        raise FormatError("the list of what was installed is damaged", path=path, remedy=remedy) from fault


def digest_of(data: bytes) -> str:
    """Give what a file is known again by."""
    return hashlib.sha256(data).hexdigest()


def changed_files(there: Installed) -> tuple[list[Path], list[Path]]:
    """Give the files of an installation that are missing, and those that somebody changed."""
    missing: list[Path] = []
    changed: list[Path] = []
    for name, digest in there.files.items():
        path = _path(there.folder, name)
        data = _data(path)
        if data is None:
            missing.append(path)
        elif digest_of(data) != digest:
            changed.append(path)
    return missing, changed


def _path(folder: ScriptFolder, name: str) -> Path:
    """Give the path of a listed file, which says in which of the two folders it lies; never one outside them."""
    kind, _, rest = name.partition("/")
    base = {"menu": folder.menu, "support": folder.support}.get(kind)
    path = None if base is None else base / rest
    if base is None or path is None or not rest or ".." in path.parts:
        listed = folder.support / LIST
        raise FormatError("the list of what was installed names a file outside", path=listed, found=repr(name))
    return path


def _data(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as fault:
        raise ResolveError(f"cannot be read: {fault.strerror}", path=path) from fault


# --------------------------------------------------------------------------------------------------------------- install


def install(folder: ScriptFolder, scripts: Scripts, command: Sequence[str], version: str) -> Change:
    """Put the scripts into a folder, in the place of those of an older version.

    Raises ResolveError where a file that is not ours has the name of one, CannotWrite where the folder cannot be written.
    """
    before = installed_in(folder)
    old = {} if before is None else dict(before.files)
    wanted = _wanted(folder, scripts, command)
    _refuse_foreign(folder, wanted, old)
    kept = tuple(_set_aside(folder, name) for name in _edited(folder, wanted, old))
    made = _make_folders(folder, wanted)
    written = _write_all({_path(folder, name): data for name, data in wanted.items()})
    removed = _remove(folder, {name: digest for name, digest in old.items() if name not in wanted})
    folders = tuple(dict.fromkeys((*(before.made if before else ()), *map(str, made))))
    digests = {name: digest_of(data) for name, data in wanted.items()}
    there = Installed(folder, version, tuple(command), digests, folders)
    _write(folder.support / LIST, (json.dumps(there.to_json(), indent=1) + "\n").encode())
    return Change(folder, written, tuple(removed), kept)


def _wanted(folder: ScriptFolder, scripts: Scripts, command: Sequence[str]) -> dict[str, bytes]:
    menu = {
        f"menu/{name}": with_paths(data, command, folder.support, lua=name.endswith(".lua"))
        for name, data in scripts.menu.items()
    }
    return menu | {f"support/{name}": data for name, data in scripts.support.items()}


def _refuse_foreign(folder: ScriptFolder, wanted: Mapping[str, bytes], old: Mapping[str, str]) -> None:
    for name, data in wanted.items():
        there = _data(_path(folder, name)) if name not in old else None
        if there is not None and there != data:
            raise ResolveError(
                "a file that postsync did not write has this name",
                path=_path(folder, name),
                remedy="move it away, then run postsync resolve install again",
            )


def _edited(folder: ScriptFolder, wanted: Mapping[str, bytes], old: Mapping[str, str]) -> list[str]:
    """Give our files that somebody changed and that would go."""
    there = {name: _data(_path(folder, name)) for name in old}
    return [
        name
        for name, data in there.items()
        if data is not None and digest_of(data) != old[name] and data != wanted.get(name)
    ]


def _set_aside(folder: ScriptFolder, name: str) -> Path:
    """Move a file that somebody changed out of the menu, under a name that nothing has yet."""
    path = _path(folder, name)
    shelf = folder.support / REPLACED
    number, goal = 1, shelf / path.name
    while goal.exists():
        number += 1
        goal = shelf / f"{path.stem} {number}{path.suffix}"
    with _writing(goal):
        shelf.mkdir(parents=True, exist_ok=True)
        path.rename(goal)
    return goal


def _make_folders(folder: ScriptFolder, wanted: Mapping[str, bytes]) -> list[Path]:
    """Make the folders that are missing, and give them, the outermost first."""
    parents = {_path(folder, name).parent for name in wanted} | {folder.support, folder.menu}
    made: list[Path] = []
    for parent in sorted(parents):
        missing = [one for one in (parent, *parent.parents) if not one.exists()]
        with _writing(parent):
            parent.mkdir(parents=True, exist_ok=True)
        made += reversed(missing)
    return made


def _write_all(files: Mapping[Path, bytes]) -> tuple[Path, ...]:
    """Write all files or none: where one fails, those before it are as they were."""
    before: dict[Path, bytes | None] = {}
    try:
        for path, data in files.items():
            before[path] = _data(path)
            _write(path, data)
    except BaseException:
        for path, old in before.items():
            with contextlib.suppress(OSError, CannotWrite):
                path.unlink(missing_ok=True) if old is None else _write(path, old)
        raise
    return tuple(files)


def _write(path: Path, data: bytes) -> Path:
    with _writing(path), whole_file(path) as file:
        file.write(data)
    return path


@contextlib.contextmanager
def _writing(path: Path) -> Generator[None]:
    try:
        yield
    except OSError as fault:
        remedy = "install for yourself (--for me), or run this as an administrator"
        if isinstance(fault, CannotWrite):
            fault.remedy = remedy
            raise
        raise CannotWrite(f"cannot write here: {fault.strerror}", path=path, remedy=remedy) from fault


# ------------------------------------------------------------------------------------------------------------- uninstall


def uninstall(folder: ScriptFolder) -> Change | None:
    """Take away what we installed in a folder; None where nothing is. Files that somebody changed stay, and are named."""
    there = installed_in(folder)
    if there is None:
        return None
    _, changed = changed_files(there)
    kept = [*changed, *_files(folder.support / REPLACED)]
    removed = _remove(folder, there.files)
    with _writing(folder.support / LIST):
        (folder.support / LIST).unlink()
    _remove_caches(folder)
    folders = {_path(folder, name).parent for name in there.files} | {
        folder.menu,
        folder.support,
        *map(Path, there.made),
    }
    ours = [one for one in folders if _is_ours(one, folder, there)]
    for one in sorted(ours, key=lambda path: len(path.parts), reverse=True):
        with contextlib.suppress(OSError):  # not empty: something of somebody else's lies there
            one.rmdir()
    return Change(folder, removed=tuple(removed), kept=tuple(kept))


def _is_ours(path: Path, folder: ScriptFolder, there: Installed) -> bool:
    """Say whether a folder is one of ours: our own two and what is in them, or one that we made on the way there."""
    inside = path.is_relative_to(folder.menu) or path.is_relative_to(folder.support)
    on_the_way = folder.menu.is_relative_to(path) or folder.support.is_relative_to(path)
    return inside or (on_the_way and str(path) in there.made)


def _remove(folder: ScriptFolder, listed: Mapping[str, str]) -> list[Path]:
    """Remove listed files that are as we wrote them."""
    removed: list[Path] = []
    for name, digest in listed.items():
        path = _path(folder, name)
        data = _data(path)
        if data is not None and digest_of(data) == digest:
            with _writing(path):
                path.unlink()
            removed.append(path)
    return removed


def _remove_caches(folder: ScriptFolder) -> None:
    """Remove what a Python of Resolve's left beside our modules."""
    for cache in folder.support.rglob("__pycache__"):
        for path in cache.glob("*.pyc"):
            with contextlib.suppress(OSError):
                path.unlink()
        with contextlib.suppress(OSError):
            cache.rmdir()
