"""A file to double-click that starts the app: the kind that each system runs, naming the Python that made it."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

from postsync.errors import CannotWrite
from postsync.formats.files import whole_file

NAMES = {"darwin": "postsync.command", "win32": "postsync.cmd"}
OTHER = "postsync.desktop"

MAC = """#!/bin/sh
exec {python} -m postsync app
"""
WINDOWS = """@echo off\r\nchcp 65001 >nul\r\n"{python}" -m postsync app\r\nif errorlevel 1 pause\r\n"""
DESKTOP = """[Desktop Entry]
Type=Application
Name=postsync
Comment=ADR and post sync
Exec={python} -m postsync app
Terminal=true
Categories=AudioVideo;
"""


def write_launcher(folder: Path, *, platform: str = sys.platform, python: str = sys.executable) -> Path:
    """Write the launcher for a system into a folder, such as the desktop; CannotWrite where that is not possible."""
    if not folder.is_dir():
        raise CannotWrite(
            "there is no such folder", path=folder, remedy="name a folder that exists, such as the desktop"
        )
    path = folder / NAMES.get(platform, OTHER)
    with whole_file(path) as file:
        file.write(_text(platform, python).encode())
    path.chmod(path.stat().st_mode | 0o111)
    return path


def _text(platform: str, python: str) -> str:
    if platform == "darwin":
        return MAC.format(python=shlex.quote(python))
    if platform == "win32":
        return WINDOWS.format(python=python.replace("%", "%%"))
    return DESKTOP.format(python=_desktop_quoted(python))


def _desktop_quoted(text: str) -> str:
    """Quote an argument of a desktop entry: in it a backslash is read twice, and `%` begins a field."""
    inside = "".join(f"\\\\{letter}" if letter in '"`$\\' else letter for letter in text)
    return f'"{inside.replace("%", "%%")}"'
