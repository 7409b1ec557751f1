"""The files of a session: dropped ones in a folder of its own until it ends, chosen ones where they lie.

Files that were dropped lie beside each other under their own names, so that a cue document or a `postsync.toml` is found by its
neighbours; a second file of a name gets a folder of its own.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from postsync.errors import CannotWrite, UnknownOption
from postsync.model import file_name

PROJECT_FILE = "postsync.toml"
SPARE = 256 * 1024 * 1024
"""Bytes that stay free on the disk."""


class TooMuch(CannotWrite):
    """More was sent than a session takes."""


@dataclass
class Item:
    """One thing that a person gave: a file, or a folder (a bundle, a folder of takes). `settings` say how it is read."""

    id: str
    name: str
    path: Path
    dropped: bool
    folder: bool = False
    whole: bool = False
    settings: dict[str, Any] = field(default_factory=dict[str, Any])

    def to_json(self) -> dict[str, Any]:
        """Give what the page knows of it."""
        return {
            "id": self.id,
            "name": self.name,
            "dropped": self.dropped,
            "folder": self.folder,
            "place": None if self.dropped else str(self.path.parent),
        }


class Shelf:
    """Everything that was given, by id; keeps to its bounds."""

    def __init__(self, folder: Path, most_of_file: int, most: int, most_files: int) -> None:
        self.folder, self.most_of_file, self.most, self.most_files = folder, most_of_file, most, most_files
        self.items: dict[str, Item] = {}
        self.bytes = self.files = 0
        self._ids = count(1)

    def get(self, item: str) -> Item:
        """Give an item by its id."""
        if item not in self.items:
            raise UnknownOption(f"there is no file {item!r} any more", remedy="give it again")
        return self.items[item]

    def chosen(self, path: Path) -> Item:
        """Put a file or folder on the shelf that lies on this computer; UnknownOption where there is none."""
        if not path.is_absolute() or not path.exists():
            raise UnknownOption(f"{path}: there is nothing here", remedy="choose a file that exists")
        # A bundle is a folder that is one document.
        return self._put(Item(self._id(), path.name, path, dropped=False, folder=path.is_dir(), whole=True))

    def promised(self, name: str, *, folder: bool, size: int = 0) -> Item:
        """Make room for something that is about to be sent; the settings of a show take the place of earlier ones.

        `size` is that of all of it, as far as it is known: what is too much is better refused before it is on its way.
        """
        self._refuse_too_much(size, of_file=not folder)
        clean = file_name(name)
        if clean == PROJECT_FILE:
            for earlier in [item.id for item in self.items.values() if item.dropped and item.name == clean]:
                self.remove(earlier)
        place = next(
            here
            for number in count(1)
            if not (here := self.folder / str(number) / clean).exists() and not self._taken(here)
        )
        place.parent.mkdir(parents=True, exist_ok=True)
        if folder:
            place.mkdir()
        return self._put(Item(self._id(), clean, place, dropped=True, folder=folder, whole=folder))

    async def receive(self, item: Item, inside: str, announced: int | None, chunks: AsyncIterator[bytes]) -> None:
        """Take the bytes of a promised file, or of one inside a promised folder; a broken one leaves nothing behind."""
        target = self._target(item, inside)
        self._refuse_too_much(announced or 0)
        part = target.with_name(f".{target.name[:80]}.part")
        got = 0
        try:
            with part.open("xb") as file:
                async for chunk in chunks:
                    got += len(chunk)
                    self._refuse_too_much(got)
                    file.write(chunk)
            if announced is not None and got != announced:
                raise CannotWrite("it did not arrive whole", path=item.name, remedy="give it again")
            part.replace(target)
        except OSError as fault:
            if isinstance(fault, CannotWrite):
                raise
            raise CannotWrite(f"cannot be kept: {fault.strerror}", path=item.name) from fault
        finally:
            part.unlink(missing_ok=True)
        self.bytes, self.files, item.whole = self.bytes + got, self.files + 1, True

    def remove(self, item: str) -> None:
        """Take an item away; what was dropped is deleted, what was chosen stays where it lies."""
        gone = self.items.pop(item, None)
        if gone is None or not gone.dropped:
            return
        paths = [gone.path, *gone.path.rglob("*")] if gone.path.is_dir() else [gone.path]
        files = [path for path in paths if path.is_file()]
        self.bytes -= sum(path.stat().st_size for path in files)
        self.files -= len(files)
        if gone.path.is_dir():
            shutil.rmtree(gone.path, ignore_errors=True)
        else:
            gone.path.unlink(missing_ok=True)

    def _put(self, item: Item) -> Item:
        self.items[item.id] = item
        return item

    def _id(self) -> str:
        return str(next(self._ids))

    def _taken(self, place: Path) -> bool:
        return any(item.path == place for item in self.items.values())

    def _target(self, item: Item, inside: str) -> Path:
        """Give where a file goes: every part of its name is one that files may have, so it stays inside."""
        if not item.dropped:
            raise UnknownOption(f"{item.name} lies on this computer and is not written to")
        if not item.folder:
            return item.path
        parts = [file_name(part) for part in inside.split("/") if part]
        if not parts:
            raise UnknownOption(f"a file of the folder {item.name} has no name")
        target = item.path.joinpath(*parts)
        target.parent.mkdir(parents=True, exist_ok=True)
        return target

    def _refuse_too_much(self, size: int, *, of_file: bool = True) -> None:
        if (of_file and size > self.most_of_file) or self.bytes + size > self.most or self.files >= self.most_files:
            raise TooMuch(
                "too much to be dropped",
                expected=f"{_size(self.most_of_file)} a file, {_size(self.most)} and {self.most_files} files in all",
                remedy="choose it from this computer instead: then nothing is copied",
            )
        if size and shutil.disk_usage(self.folder).free < size + SPARE:
            raise TooMuch("the disk is full", remedy="choose it from this computer instead: then nothing is copied")


def _size(number: int) -> str:
    for unit in ("bytes", "KB", "MB"):
        if number < 1024:
            return f"{number} {unit}"
        number //= 1024
    return f"{number} GB"


def keep_beside(item: Item, folder: Path) -> Path:
    """Give a path of an item that lasts: one that was dropped is laid into a folder, since the session's own goes away."""
    if not item.dropped:
        return item.path
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / item.name
    if item.path.is_dir():
        shutil.copytree(item.path, target, copy_function=_link_or_copy)
    else:
        _link_or_copy(item.path, target)
    return target


def _link_or_copy(source: str | Path, target: str | Path) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
