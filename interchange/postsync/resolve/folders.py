"""Where DaVinci Resolve looks for scripts on macOS, Windows and Linux, by tables.

Resolve makes its script folders only when a script is installed, so whether it is there at all is told by the folder of
the product. The build of the Mac App Store runs in a sandbox: it has a home of its own, and builds of it were seen to look in
either of two places below it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

SystemName = Literal["macos", "windows", "linux"]
Audience = Literal["me", "everyone", "app-store"]

MENU = Path("Utility", "postsync")
"""Below a script folder: shown on every page, as a sub-menu of its own."""

SUPPORT = "postsync"
"""Beside a script folder, where Resolve does not look: what the menu scripts import, and what was installed."""


@dataclass(frozen=True)
class System:
    """A computer as far as folders go. Everything is below `root` and `home`, so that a made tree serves as one."""

    name: SystemName
    home: Path
    root: Path = Path("/")
    environment: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def this(cls) -> System:
        """Give the computer that we run on."""
        name: SystemName = "windows" if os.name == "nt" else "macos" if sys.platform == "darwin" else "linux"
        return cls(name, Path.home(), Path(Path.home().anchor), dict(os.environ))

    def folder(self, pattern: str) -> list[Path]:
        """Give the folders that a pattern of the tables means here; none where a variable in it is not set."""
        head, _, rest = pattern.partition("/")
        base = {"~": self.home, "": self.root}.get(head)
        if base is None:
            value = self.environment.get(head.strip("%"))
            if not value:
                return []
            base = Path(value)
        return sorted(base.glob(rest)) if "*" in rest else [base / rest]


@dataclass(frozen=True)
class _Row:
    audience: Audience
    product: str
    scripts: str


_BRAND = "Blackmagic Design/DaVinci Resolve"
_MAC = f"Library/Application Support/{_BRAND}"
_SANDBOX = "~/Library/Containers/com.blackmagic-design.*/Data"

_ROWS: dict[SystemName, tuple[_Row, ...]] = {
    "macos": (
        _Row("me", f"~/{_MAC}", "Fusion/Scripts"),
        _Row("everyone", f"/{_MAC}", "Fusion/Scripts"),
        _Row("app-store", _SANDBOX, f"{_MAC}/Fusion/Scripts"),
        _Row("app-store", _SANDBOX, "Library/Application Support/Fusion/Scripts"),
    ),
    # The variable already ends in Roaming, which the vendor's own page adds once more; only this tree has `Support`.
    "windows": (
        _Row("me", f"%APPDATA%/{_BRAND}", "Support/Fusion/Scripts"),
        _Row("everyone", f"%PROGRAMDATA%/{_BRAND}", "Fusion/Scripts"),
    ),
    "linux": (
        _Row("me", "~/.local/share/DaVinciResolve", "Fusion/Scripts"),
        _Row("everyone", "/opt/resolve", "Fusion/Scripts"),
        _Row("everyone", "/home/resolve", "Fusion/Scripts"),
    ),
}

_APPLICATIONS: dict[SystemName, tuple[str, ...]] = {
    "macos": ("/Applications/DaVinci Resolve/DaVinci Resolve.app", "/Applications/DaVinci Resolve.app"),
    "windows": (
        "%PROGRAMFILES%/Blackmagic Design/DaVinci Resolve/Resolve.exe",
        "/Program Files/Blackmagic Design/DaVinci Resolve/Resolve.exe",
    ),
    "linux": ("/opt/resolve/bin/resolve", "/home/resolve/bin/resolve"),
}

_DEVELOPER: dict[SystemName, tuple[str, ...]] = {
    "macos": (f"/{_MAC}/Developer/Scripting",),
    "windows": (f"%PROGRAMDATA%/{_BRAND}/Support/Developer/Scripting",),
    "linux": ("/opt/resolve/Developer/Scripting", "/home/resolve/Developer/Scripting"),
}


@dataclass(frozen=True)
class ScriptFolder:
    """One folder in which Resolve looks for scripts. `product` is the folder that is there where Resolve is."""

    audience: Audience
    product: Path
    scripts: Path

    @property
    def menu(self) -> Path:
        """Where our menu entries go."""
        return self.scripts / MENU

    @property
    def support(self) -> Path:
        """Where what they import goes."""
        return self.scripts.parent / SUPPORT

    @property
    def found(self) -> bool:
        """Whether Resolve was ever there."""
        return self.product.is_dir()


def script_folders(system: System) -> list[ScriptFolder]:
    """Give every script folder of this system, whether it is there or not; sandboxes only where they are."""
    return [
        ScriptFolder(row.audience, product, product / row.scripts)
        for row in _ROWS[system.name]
        for product in system.folder(row.product)
    ]


def applications(system: System) -> list[Path]:
    """Give the applications that are there."""
    return list(dict.fromkeys(_existing(system, _APPLICATIONS[system.name])))


def developer_folder(system: System) -> Path | None:
    """Give the folder with the vendor's notes on scripting, whose contents tell old builds from new ones."""
    return next(_existing(system, _DEVELOPER[system.name]), None)


def _existing(system: System, patterns: tuple[str, ...]) -> Iterator[Path]:
    for pattern in patterns:
        for path in system.folder(pattern):
            if path.exists():
                yield path


def chosen_folders(system: System, audience: Audience, into: Path | None = None) -> list[ScriptFolder]:
    """Give the folders to install into: for one person theirs, and the sandbox of the App Store build where there is one."""
    if into is not None:
        return [ScriptFolder(audience, into.parent, into)]
    folders = script_folders(system)
    wanted = [one for one in folders if one.audience == audience]
    if audience == "everyone":
        return [one for one in wanted if one.found] or wanted[:1]
    return [*wanted, *(one for one in folders if one.audience == "app-store")]


def resolve_is_here(system: System) -> bool:
    """Say whether anything tells of Resolve on this computer."""
    return bool(applications(system)) or any(one.found for one in script_folders(system))
