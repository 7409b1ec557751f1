"""The folders of this computer, for choosing where results go and which files are meant."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from postsync.errors import CannotWrite, UnknownOption
from postsync.model import file_name, natural_key, unique_name

MOST_ENTRIES = 2000
USUAL = ("Desktop", "Documents", "Downloads", "Movies", "Music")


def starting_places() -> list[dict[str, str]]:
    """Give the places that people look in first: home, what lies there usually, and the volumes."""
    home = Path.home()
    places = [home, *(home / name for name in USUAL)]
    volumes = Path("/Volumes") if sys.platform == "darwin" else Path("/media")
    if sys.platform == "win32":
        places += [Path(f"{letter}:\\") for letter in "CDEFGHIJKLMNOPQRSTUVWXYZ"]
    elif volumes.is_dir():
        places += sorted(path for path in volumes.iterdir() if not path.name.startswith("."))
    return [{"name": path.name or str(path), "path": str(path)} for path in places if path.is_dir()]


def place(text: str, *, files: bool) -> dict[str, Any]:
    """Give what lies in a folder: its folders, and its files where asked for; CannotWrite where it cannot be looked into."""
    folder = folder_of(text)
    try:
        entries = [entry for entry in os.scandir(folder) if not entry.name.startswith((".", "$"))]
    except OSError as fault:
        raise CannotWrite(f"cannot be looked into: {fault.strerror}", path=folder) from fault
    entries.sort(key=lambda entry: natural_key(entry.name))
    return {
        "path": str(folder),
        "parent": None if folder.parent == folder else str(folder.parent),
        "writable": os.access(folder, os.W_OK),
        "more": len(entries) > MOST_ENTRIES,
        "folders": [entry.name for entry in entries[:MOST_ENTRIES] if _is_folder(entry)],
        "files": [entry.name for entry in entries[:MOST_ENTRIES] if files and not _is_folder(entry)],
        "separator": os.sep,
    }


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def folder_of(text: str) -> Path:
    """Give a folder that exists by its whole path; UnknownOption for anything else."""
    folder = Path(text).expanduser() if text else Path.home()
    if not folder.is_absolute() or not folder.is_dir():
        raise UnknownOption(f"{text}: there is no such folder", remedy="choose a folder that exists")
    return folder


def new_folder(text: str, name: str) -> Path:
    """Make a folder for a person; an existing one of that name is given as it is."""
    made = folder_of(text) / file_name(name)
    try:
        made.mkdir(exist_ok=True)
    except OSError as fault:
        raise CannotWrite(f"cannot make this folder: {fault.strerror}", path=made) from fault
    return made


def fresh_folder(text: str, name: str) -> Path:
    """Make a new folder for a job's results in the one that the person chose: nothing that is there is written over."""
    parent = folder_of(text)
    try:
        taken = {entry.name for entry in os.scandir(parent)}
        made = parent / unique_name(file_name(name), taken)
        made.mkdir()
    except OSError as fault:
        raise CannotWrite(f"cannot make a folder here: {fault.strerror}", path=parent) from fault
    return made
