"""Names for files in a folder that holds others: nothing there is written over, nor written twice."""

from __future__ import annotations

import filecmp
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import BinaryIO

from postsync.formats.files import made_folder, whole_file
from postsync.model import unique_name

Fill = Callable[[BinaryIO, str], object]
"""Writes a file; told the name that it will have."""


class Names:
    """The names of one folder: each file gets one that is free, unless the same file is there already."""

    def __init__(self, folder: Path, taken: Iterable[str] = ()) -> None:
        """List the folder, which is made where it is missing; `taken` are names that no file gets."""
        self.folder = made_folder(folder)
        self._taken = set(taken)
        self._there = {one.stem.casefold() for one in self.folder.iterdir()}

    def write(self, stem: str, suffix: str, fill: Fill) -> Path:
        """Write a file by `fill(file, name)` under the first free name; an equal one from an earlier time is kept instead."""
        while True:
            name = unique_name(stem, self._taken)
            self._taken.add(name)
            path = self.folder / f"{name}{suffix}"
            if name.casefold() not in self._there:
                with whole_file(path) as file:
                    fill(file, path.name)
                return path
            if path.is_file() and self._is_the_same(path, fill):
                return path

    def _is_the_same(self, earlier: Path, fill: Fill) -> bool:
        """Whether a file is what would be written under its name."""
        again = self.folder / f".{earlier.name}.again.part"
        try:
            with whole_file(again) as file:
                fill(file, earlier.name)
            return filecmp.cmp(again, earlier, shallow=False)
        finally:
            again.unlink(missing_ok=True)
