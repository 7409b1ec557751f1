"""Writing files so that an existing one is never damaged: beside its name first, renamed when whole."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any, BinaryIO, cast

from postsync.errors import CannotWrite


@contextmanager
def whole_file(path: Path, *, aside: list[Path] | None = None) -> Generator[BinaryIO]:
    """Open a new file beside `path` for writing and reading; it takes the name only when the block ends well.

    With a list for `aside`, another file of that name is kept beside it under its own date, and its path added to the list.
    Raises CannotWrite where the folder is missing, read-only or full; the file that was there before stays as it was.

    >>> with whole_file(Path("list.txt")) as file:
    ...     _ = file.write(b"Hold there!")
    >>> Path("list.txt").read_text()
    'Hold there!'
    """
    temporary: Path | None = None
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name[:40]}.", suffix=".part", dir=path.parent)
        temporary = Path(name)
        with os.fdopen(handle, "w+b") as file:
            cast("Any", file).raw.name = str(
                path
            )  # as a file opened by its path has it: `path_of` is asked where it goes
            yield cast("BinaryIO", file)
            file.flush()
        _take_usual_permissions(temporary)
        if aside is not None and path.is_file() and not _same(path, temporary):
            aside.append(_kept_aside(path))
        temporary.replace(path)
        temporary = None
    except OSError as fault:
        if isinstance(fault, CannotWrite) or fault.errno is None:
            raise
        raise CannotWrite(f"cannot write here: {fault.strerror}", path=path) from fault
    finally:
        if temporary is not None:
            with suppress(OSError):
                temporary.unlink()


def _kept_aside(path: Path) -> Path:
    """Give a file a second name, with the day and minute when it was last changed; one that it has already is enough."""
    changed = time.strftime("%Y-%m-%d %H%M", time.localtime(path.stat().st_mtime))
    ending = _ENDING.search(path.name)
    suffix = ending.group() if ending else ""
    stem = f"{path.name.removesuffix(suffix)} of {changed}"
    names = (path.with_name(f"{stem}{'' if number == 1 else f' {number}'}{suffix}") for number in count(1))
    kept = next(name for name in names if not name.exists() or _same(name, path))
    if not kept.exists():
        try:
            os.link(path, kept)
        except OSError:  # Disks of other systems know no second name for a file.
            shutil.copy2(path, kept)
    return kept


def _same(one: Path, other: Path) -> bool:
    return one.stat().st_size == other.stat().st_size and digest_of(one) == digest_of(other)


_ENDING = re.compile(r"(\.[a-z]+)?\.[A-Za-z0-9]+$")
"""One suffix, or two as in `.cues.json` and `.resolve.otio`."""


@contextmanager
def whole_bundle(folder: Path, inner: str, *, aside: list[Path] | None = None) -> Generator[BinaryIO]:
    """Open the document of a bundle for writing: a new folder beside its name first, the file alone where it exists.

    What else lies in an existing bundle stays. Raises CannotWrite as `whole_file` does.
    """
    if folder.is_dir():
        with whole_file(folder / inner, aside=aside) as file:
            yield file
        return
    temporary: Path | None = None
    try:
        temporary = Path(tempfile.mkdtemp(prefix=f".{folder.name[:40]}.", suffix=".part", dir=folder.parent))
        with whole_file(temporary / inner) as file:
            yield file
        _take_usual_permissions(temporary, 0o777)
        temporary.replace(folder)
        temporary = None
    except OSError as fault:
        if isinstance(fault, CannotWrite) or fault.errno is None:
            raise
        raise CannotWrite(f"cannot write here: {fault.strerror}", path=folder) from fault
    finally:
        if temporary is not None:
            shutil.rmtree(temporary, ignore_errors=True)


def digest_of(file: Path | BinaryIO) -> str:
    """Give the SHA-256 of a file."""
    if isinstance(file, Path):
        with file.open("rb") as opened:
            return digest_of(opened)
    file.seek(0)
    digest = hashlib.sha256()
    while block := file.read(2**20):
        digest.update(block)
    return digest.hexdigest()


def _take_usual_permissions(path: Path, usual: int = 0o666) -> None:
    """Give the file the permissions that an ordinary new one would have had; a temporary one is for its owner only."""
    mask = os.umask(0)
    os.umask(mask)
    path.chmod(usual & ~mask)


def made_folder(path: Path) -> Path:
    """Make a folder where it is missing; CannotWrite where that is not possible.

    >>> made_folder(Path("R1 v4")).is_dir()
    True
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise CannotWrite(f"cannot make this folder: {fault.strerror}", path=path) from fault
    if not os.access(path, os.W_OK):
        raise CannotWrite("this folder cannot be written to", path=path)
    return path
