"""What is known of a Resolve: the edition and version that it told a job of ours, and what the disk tells of the build."""

from __future__ import annotations

import json
import plistlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from postsync.resolve.folders import System, applications, developer_folder

FOLDER = Path("Documents", "postsync")
"""Where the jobs of the menu leave their files, below the home that Resolve has."""

NEWEST = 200
"""How many files are looked at; a folder of a show holds more than anybody wants to wait for."""


@dataclass(frozen=True)
class LastSeen:
    """What the newest file of ours says of the Resolve that it was written in."""

    product: str
    version: str
    studio: bool
    written: str
    path: Path


def last_seen(system: System) -> LastSeen | None:
    """Give what Resolve was when a job of ours last ran in it; None where none did."""
    homes = [system.home, *system.folder("~/Library/Containers/com.blackmagic-design.*/Data")]
    files = [path for home in homes for path in _json_files(home / FOLDER)]
    newest = sorted(files, key=_written, reverse=True)[:NEWEST]
    return next((found for path in newest if (found := _seen_in(path)) is not None), None)


def _json_files(folder: Path) -> Iterator[Path]:
    try:  # a Mac may keep Documents from a terminal
        yield from folder.rglob("*.json") if folder.is_dir() else ()
    except OSError:
        return


def _written(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _seen_in(path: Path) -> LastSeen | None:
    try:
        data: Any = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    about = data.get("application") if isinstance(data, dict) else None
    if not isinstance(about, dict) or not about.get("version"):
        return None
    studio = about.get("edition") == "studio"
    product, version = str(about.get("product") or "DaVinci Resolve"), str(about["version"])
    return LastSeen(product, version, studio, str(data.get("written") or ""), path)


def version_on_disk(system: System) -> str | None:
    """Give the version of the application, where its files tell it: on a Mac they do."""
    for application in applications(system):
        try:
            about = plistlib.loads((application / "Contents" / "Info.plist").read_bytes())
        except (OSError, ValueError, plistlib.InvalidFileException):
            continue
        found = about.get("CFBundleShortVersionString")
        if found:
            return str(found)
    return None


def brings_its_python(system: System) -> bool | None:
    """Say whether the build is 21.1 or newer, which has a Python of its own (Studio) or none (free); None where untold.

    Its notes for scripting changed their names then.
    """
    version = version_on_disk(system)
    if version is not None:
        numbers = [int(part) for part in version.split(".")[:2] if part.isdigit()]
        return None if not numbers else tuple(numbers) >= (21, 1)
    folder = developer_folder(system)
    if folder is None:
        return None
    if (folder / "DaVinciResolveScript.pyi").exists() or (folder / "README.md").exists():
        return True
    return False if (folder / "README.txt").exists() else None
