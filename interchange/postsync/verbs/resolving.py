"""Our scripts into DaVinci Resolve and out of it, and what keeps them from running."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from postsync import __version__
from postsync.errors import ResolveError
from postsync.resolve import (
    Audience,
    Change,
    Check,
    Installed,
    Outside,
    ScriptFolder,
    System,
    chosen_folders,
    examine,
    install,
    installed_in,
    own_command,
    packed_scripts,
    resolve_is_here,
    script_folders,
    start_command,
    uninstall,
)


@dataclass(frozen=True)
class Changes:
    """What installing or uninstalling did in each script folder.

    >>> done = verbs.resolve_install(into="Scripts", command=["postsync"])
    >>> done.job, len(done.changes)
    ('install', 1)
    """

    job: str
    changes: tuple[Change, ...]
    command: tuple[str, ...] = ()
    started: Check | None = None
    """Whether the command that was written into the scripts starts; None after uninstalling."""

    def to_json(self) -> dict[str, Any]:
        """Give the document of `--json`."""
        return {
            "schema": f"postsync.resolve-{self.job}/1",
            "command": list(self.command),
            "started": None if self.started is None else self.started.to_json(),
            "folders": [
                {
                    "for": one.folder.audience,
                    "menu": str(one.folder.menu),
                    "support": str(one.folder.support),
                    "written": list(map(str, one.written)),
                    "removed": list(map(str, one.removed)),
                    "kept": list(map(str, one.kept)),
                }
                for one in self.changes
            ],
        }


@dataclass(frozen=True)
class Whereabouts:
    """The script folders of this system, and what of ours lies in each.

    >>> verbs.Whereabouts(()).to_json()
    {'schema': 'postsync.resolve-where/1', 'folders': []}
    """

    folders: tuple[tuple[ScriptFolder, Installed | None], ...]

    def to_json(self) -> dict[str, Any]:
        """Give the document of `--json`."""
        return {
            "schema": "postsync.resolve-where/1",
            "folders": [
                {
                    "for": folder.audience,
                    "scripts": str(folder.scripts),
                    "menu": str(folder.menu),
                    "support": str(folder.support),
                    "resolve_was_here": folder.found,
                    "installed": None if there is None else there.version,
                }
                for folder, there in self.folders
            ],
        }


@dataclass(frozen=True)
class Examined:
    """What the doctor found.

    >>> verbs.Examined(()).is_well
    True
    """

    checks: tuple[Check, ...]

    @property
    def is_well(self) -> bool:
        """Whether nothing keeps the scripts from running."""
        return all(check.state != "problem" for check in self.checks)

    def to_json(self) -> dict[str, Any]:
        """Give the document of `--json`."""
        return {"schema": "postsync.resolve-doctor/1", "checks": [check.to_json() for check in self.checks]}


def resolve_install(
    *,
    audience: Audience = "me",
    into: Path | str | None = None,
    command: Sequence[str] | None = None,
    system: System | None = None,
    outside: Outside | None = None,
) -> Changes:
    """Put the menu scripts into Resolve: for oneself, for everyone, or into a script folder named by `into`.

    Raises ResolveError where Resolve is not on this computer and no folder is named, or where `into` is empty.

    >>> verbs.resolve_install(into="My Scripts", command=["postsync"]).job
    'install'
    """
    here = system or System.this()
    if into is None and not resolve_is_here(here):
        looked = ", ".join(str(folder.product) for folder in script_folders(here))
        raise ResolveError(
            "DaVinci Resolve was not found",
            expected=f"one of {looked}",
            remedy="install it and start it once, or name its script folder with --into",
        )
    folders = chosen_folders(here, audience, _named(into))
    scripts, started = packed_scripts(), _from_anywhere(command or own_command())
    changes = tuple(install(folder, scripts, started, __version__) for folder in folders)
    return Changes("install", changes, started, start_command(started, outside or Outside()))


def _named(into: Path | str | None) -> Path | None:
    """Give the named script folder from the root on: its path is written into scripts that run anywhere."""
    if into is None:
        return None
    if str(into).strip() in ("", "."):
        raise ResolveError("no script folder is named", expected="a folder after --into", found=repr(str(into)))
    return Path(into).expanduser().absolute()


def _from_anywhere(command: Sequence[str]) -> tuple[str, ...]:
    """Give a command that starts from any folder: Resolve starts it from none that we know, and with a PATH of its own."""
    first = command[0]
    found = shutil.which(first) if not Path(first).is_absolute() else None
    return (str(Path(found).absolute()) if found else first, *command[1:])


def resolve_uninstall(
    *, audience: Audience | None = None, into: Path | str | None = None, system: System | None = None
) -> Changes:
    """Take away what `resolve_install` put there: everywhere, or where one audience has it, or in one named folder.

    Raises ResolveError where `into` is empty.

    >>> verbs.resolve_install(into="Old Scripts", command=["postsync"]).job
    'install'
    >>> verbs.resolve_uninstall(into="Old Scripts").job
    'uninstall'
    """
    here = system or System.this()
    if into is not None:
        folders = chosen_folders(here, "me", _named(into))
    elif audience is not None:
        folders = chosen_folders(here, audience)
    else:
        folders = script_folders(here)
    changes = [change for folder in folders if (change := uninstall(folder)) is not None]
    return Changes("uninstall", tuple(changes))


def resolve_where(*, system: System | None = None) -> Whereabouts:
    """Give the script folders of this system.

    >>> verbs.resolve_where().to_json()["schema"]
    'postsync.resolve-where/1'
    """
    folders = script_folders(system or System.this())
    return Whereabouts(tuple((folder, installed_in(folder)) for folder in folders))


def resolve_doctor(*, system: System | None = None, outside: Outside | None = None) -> Examined:
    """Say what keeps the scripts from running in Resolve, and what to do.

    >>> examined = verbs.resolve_doctor()
    >>> len(examined.checks) > 0
    True
    """
    return Examined(tuple(examine(system or System.this(), outside or Outside(), __version__)))
