"""The command `postsync` of its own environment: started, waited for, and taken by its exit code.

Resolve gives a script variables that make any other Python load Resolve's libraries; the command must not see them.
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
from dataclasses import dataclass
from typing import Any, Dict, List, Optional

FOREIGN_VARIABLES = (
    "PYTHONHOME", "PYTHONPATH", "PYTHONEXECUTABLE", "PYTHON3HOME", "LD_LIBRARY_PATH", "LD_PRELOAD", "DYLD_LIBRARY_PATH",
    "DYLD_FRAMEWORK_PATH", "DYLD_INSERT_LIBRARIES", "__PYVENV_LAUNCHER__",
)  # fmt: skip

NO_WINDOW = 0x08000000
"""Windows would open a console for the command, in front of Resolve."""


@dataclass(frozen=True)
class Answer:
    """What the command said: its exit code (None where it could not be started), its output and its notices."""

    code: Optional[int]
    output: str
    notices: str

    @property
    def settled(self) -> bool:
        """Whether all is well."""
        return self.code == 0

    @property
    def worked(self) -> bool:
        """Whether the output was written: 1 says that something waits for a person."""
        return self.code in (0, 1)

    def document(self) -> Dict[str, Any]:
        """Give the JSON that a command with `--json` printed; empty where it printed none."""
        try:
            found = json.loads(self.output)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}


def run(command: List[str], arguments: List[str], folder: str) -> Answer:
    """Run `postsync` with arguments, in a folder, and wait for it."""
    try:
        ended = subprocess.run(
            command + arguments,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=clean_environment(),
            creationflags=without_console(),
            check=False,
        )
    except (OSError, IndexError) as fault:
        return Answer(None, "", str(getattr(fault, "strerror", None) or fault))
    return Answer(ended.returncode, _words(ended.stdout), _words(ended.stderr))


def without_console() -> int:
    """Give the flag that keeps a console from opening, on the one system where it would."""
    return NO_WINDOW if os.name == "nt" else 0


def clean_environment() -> Dict[str, str]:
    """Give the variables without those that Resolve sets for its own Python and libraries."""
    kept = {name: value for name, value in os.environ.items() if name not in FOREIGN_VARIABLES}
    return dict(kept, PYTHONIOENCODING="utf-8", NO_COLOR="1", COLUMNS="160")


def command_line(command: List[str]) -> str:
    """Give a command as the user would type it on this system."""
    return subprocess.list2cmdline(command) if os.name == "nt" else " ".join(shlex.quote(part) for part in command)


def _words(data: bytes) -> str:
    return data.decode("utf-8", "replace").strip()
