"""What only the running system can tell: which Pythons Resolve would find, and whether our command starts.

Up to 21.0 Resolve runs menu scripts on a Python of the user's. On a Mac it looks at `PYTHON3HOME`, as the system's launcher
knows it, and at `/usr/local/bin/python3`; Homebrew, pyenv and conda install elsewhere, and the scripts then never appear. On
Windows it takes `FUSION_PYTHON3_HOME`, else the highest version in the registry.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from postsync.resolve.folders import System

PATIENCE = 60
"""Seconds until a command that does not answer is given up: the first start on a cold disk takes many."""


def launcher_variable(name: str) -> str | None:
    """Give a variable that applications started from the Dock have; None where it is not set, or there is no Dock."""
    code, text = run(["launchctl", "getenv", name])
    return text.strip() or None if code == 0 else None


def registered_pythons() -> list[Path]:
    """Give the Pythons that the registry of Windows names; none elsewhere."""
    if os.name != "nt":
        return []
    import winreg

    registry: Any = winreg
    found: list[Path] = []
    for hive in (registry.HKEY_CURRENT_USER, registry.HKEY_LOCAL_MACHINE):
        for version in _subkeys(registry, hive, r"SOFTWARE\Python\PythonCore"):
            try:
                home = registry.QueryValue(hive, rf"SOFTWARE\Python\PythonCore\{version}\InstallPath")
            except OSError:
                continue
            found.append(Path(home) / "python.exe")
    return found


def _subkeys(registry: Any, hive: Any, name: str) -> Iterator[str]:
    try:
        with registry.OpenKey(hive, name) as key:
            number = 0
            while True:
                yield registry.EnumKey(key, number)
                number += 1
    except OSError:
        return


def run(command: Sequence[str]) -> tuple[int | None, str]:
    """Run a command as Resolve's scripts do, without what this Python was told; the code is None where it did not start."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    try:
        done = subprocess.run(
            list(command),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env={**kept, "PYTHONIOENCODING": "utf-8"},
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None, f"no answer within {PATIENCE} s"
    except OSError as fault:
        return None, str(fault.strerror or fault)
    return done.returncode, (done.stdout or done.stderr).decode("utf-8", "replace").strip()


@dataclass(frozen=True)
class Outside:
    """The questions that are put to the running system; tests answer them themselves."""

    launcher_variable: Callable[[str], str | None] = launcher_variable
    registered_pythons: Callable[[], list[Path]] = registered_pythons
    run: Callable[[Sequence[str]], tuple[int | None, str]] = run


def pythons_for_resolve(system: System, outside: Outside) -> list[Path]:
    """Give the Pythons that builds up to 21.0 would find here, best first."""
    if system.name == "macos":
        home = outside.launcher_variable("PYTHON3HOME")
        places = [Path(home) / "bin" / "python3"] if home else []
        places += system.folder("/usr/local/bin/python3")
    elif system.name == "windows":
        home = system.environment.get("FUSION_PYTHON3_HOME")
        places = [Path(home) / "python.exe"] if home else []
        places += outside.registered_pythons()
    else:
        # Not the PATH of this shell: an application that is started from a menu has none of its folders.
        places = [*system.folder("/usr/local/bin/python3"), *system.folder("/usr/bin/python3")]
    return [place for place in dict.fromkeys(places) if place.exists()]


def own_command() -> tuple[str, ...]:
    """Give the command by which this postsync is started from anywhere: its script, else its Python."""
    folder = Path(sys.executable).parent
    name = "postsync.exe" if os.name == "nt" else "postsync"
    script = folder / name
    return (str(script),) if script.is_file() else (sys.executable, "-m", "postsync")
