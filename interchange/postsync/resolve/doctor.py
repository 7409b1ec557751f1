"""What keeps our scripts from running in Resolve, and what to do about it, in words for an editor."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from postsync.errors import PostsyncError
from postsync.resolve.folders import ScriptFolder, System, applications, script_folders
from postsync.resolve.installing import Installed, changed_files, installed_in
from postsync.resolve.outside import Outside, pythons_for_resolve
from postsync.resolve.seen import LastSeen, brings_its_python, last_seen, version_on_disk

State = Literal["ok", "note", "problem"]

_FROM_FILES = "every job also works from files: docs/resolve.md, Without scripts"


@dataclass(frozen=True)
class Check:
    """One thing that was looked at: what it is, whether it is as it must be, what was found, and what to do."""

    topic: str
    state: State
    found: str
    remedy: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Give it as plain values."""
        return asdict(self)


def examine(system: System, outside: Outside, version: str) -> list[Check]:
    """Look at everything that a script needs to appear in Resolve's menu and to work; `version` is that of postsync."""
    seen = last_seen(system)
    folders = script_folders(system)
    there = [(folder, _installed(folder)) for folder in folders]
    return [
        *_application(system, folders),
        *_edition(system, seen),
        *_python(system, outside),
        *_installations(there, version, outside),
        *_twice(there),
        *_sandbox(folders),
        *_by_hand(there),
    ]


def _application(system: System, folders: list[ScriptFolder]) -> Iterator[Check]:
    found = applications(system)
    products = [folder.product for folder in folders if folder.found]
    if found:
        number = version_on_disk(system)
        yield Check("Resolve", "ok", f"{found[0]}{f', version {number}' if number else ''}")
    elif products:
        yield Check("Resolve", "ok", f"its folder {products[0]}; the application itself is somewhere else")
    else:
        looked = ", ".join(str(folder.product) for folder in folders)
        yield Check(
            "Resolve",
            "problem",
            f"not found; looked for {looked}",
            "install DaVinci Resolve and start it once, or name its script folder: postsync resolve install --into FOLDER",
        )


def _edition(system: System, seen: LastSeen | None) -> Iterator[Check]:
    """Yield what is known of the edition, which no file on the disk tells."""
    if seen is None:
        if brings_its_python(system):
            yield Check(
                "edition",
                "note",
                "21.1 or newer; whether it is Studio is not known from outside",
                "the free edition lists no Python scripts from 21.1 on, only Export ADR Cues in Lua; " + _FROM_FILES,
            )
        else:
            yield Check("edition", "note", "not known from outside; run Diagnostics from the menu once")
        return
    said = f"{seen.product} {seen.version}, as seen from inside{f' on {seen.written[:10]}' if seen.written else ''}"
    if not seen.studio and _is_from(seen.version, (21, 1)):
        remedy = f"the free edition runs no Python scripts from 21.1 on: use the Lua export; {_FROM_FILES}"
        yield Check("edition", "problem", said, remedy)
    else:
        windows = "" if seen.studio or not _is_from(seen.version, (19, 1)) else "; its scripts have no windows"
        yield Check("edition", "ok", said + windows)


def _is_from(version: str, first: tuple[int, int]) -> bool:
    numbers = tuple(int(part) for part in version.split(".")[:2] if part.isdigit())
    return len(numbers) == 2 and numbers >= first


def _python(system: System, outside: Outside) -> Iterator[Check]:
    modern = brings_its_python(system)
    if modern:
        yield Check("Python", "ok", "21.1 or newer: Studio brings its own")
        return
    found = pythons_for_resolve(system, outside)
    if found:
        yield Check("Python", "ok", f"Resolve will find {found[0]}")
        return
    remedies = {
        "macos": "install Python from python.org, which puts it into /usr/local/bin; Homebrew, pyenv and conda are not seen",
        "windows": "install 64-bit Python from python.org, for all users",
        "linux": "install the package python3",
    }
    state: State = "problem" if modern is False else "note"
    found_none = "none that Resolve up to 21.0 would find: its menu then lists no Python script at all"
    yield Check("Python", state, found_none, remedies[system.name])


def _installed(folder: ScriptFolder) -> Installed | Check | None:
    try:
        return installed_in(folder)
    except PostsyncError as fault:
        return Check("scripts", "problem", fault.sentence())


def _installations(
    there: list[tuple[ScriptFolder, Installed | Check | None]], version: str, outside: Outside
) -> Iterator[Check]:
    damaged = [one for _, one in there if isinstance(one, Check)]
    whole = [one for _, one in there if isinstance(one, Installed)]
    yield from damaged
    if not whole and not damaged:
        yield Check("scripts", "problem", "not installed", "postsync resolve install")
    for one in whole:
        yield from _installation(one, version)
    for command in dict.fromkeys(one.command for one in whole):
        yield start_command(command, outside)


def _installation(one: Installed, version: str) -> Iterator[Check]:
    missing, changed = changed_files(one)
    entries = sum(name.startswith("menu/") for name in one.files)
    if missing:
        names = ", ".join(path.name for path in missing)
        yield Check("scripts", "problem", f"{one.folder.menu}: missing {names}", "postsync resolve install")
    elif one.version != version:
        found = f"{one.folder.menu}: from postsync {one.version}, this is {version}"
        yield Check("scripts", "problem", found, "postsync resolve install")
    else:
        yield Check("scripts", "ok", f"{one.folder.menu}: {entries} entries; Resolve lists them after a restart")
    if changed:
        names = ", ".join(path.name for path in changed)
        yield Check("scripts", "note", f"{one.folder.menu}: changed by somebody: {names}")


def start_command(command: tuple[str, ...], outside: Outside) -> Check:
    """Start the command that the scripts start, in the way in which they do."""
    code, text = outside.run([*command, "--version"])
    shown = " ".join(command)
    if code == 0:
        return Check("command", "ok", f"{shown}: {text.splitlines()[0] if text else 'it starts'}")
    why = text.splitlines()[-1] if text else f"exit code {code}"
    return Check(
        "command",
        "problem",
        f"{shown} does not start: {why}",
        "install postsync for good, then: postsync resolve install",
    )


def _twice(there: list[tuple[ScriptFolder, Installed | Check | None]]) -> Iterator[Check]:
    where = [folder for folder, one in there if isinstance(one, Installed) and folder.audience != "app-store"]
    if len({folder.audience for folder in where}) > 1:
        places = " and ".join(str(folder.menu) for folder in where)
        remedy = "postsync resolve uninstall --for everyone"
        yield Check("scripts", "note", f"installed twice, so the menu shows every entry twice: {places}", remedy)


def _sandbox(folders: list[ScriptFolder]) -> Iterator[Check]:
    if any(folder.audience == "app-store" and folder.found for folder in folders):
        found = "the build of the Mac App Store runs in a sandbox and cannot start the command postsync"
        remedy = "its scripts save a file and say what to type; the build from Blackmagic's own site has no sandbox"
        yield Check("sandbox", "note", found, remedy)


def _by_hand(there: list[tuple[ScriptFolder, Installed | Check | None]]) -> Iterator[Check]:
    """Yield copies of our scripts that somebody put there by hand, which an update does not reach."""
    for folder, one in there:
        listed = (
            {folder.menu / name[5:] for name in one.files if name[:5] == "menu/"}
            if isinstance(one, Installed)
            else set()
        )
        for path in _python_files(folder.scripts):
            if path not in listed and _is_of_ours(path):
                yield Check(
                    "scripts", "note", f"a copy made by hand: {path}", "remove it, so that the menu has one of each"
                )


def _python_files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.py")) if folder.is_dir() else []


def _is_of_ours(path: Path) -> bool:
    try:
        return b"POSTSYNC_SUPPORT" in path.read_bytes()[:8192]
    except OSError:
        return False
