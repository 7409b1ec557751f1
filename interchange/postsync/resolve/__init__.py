"""DaVinci Resolve from outside: its script folders on each system, our scripts in them, and what keeps them from running.

What runs inside Resolve is `resolve_scripts`, which imports nothing of this package; `docs/resolve-exchange.md` says what
passes between the two.
"""

from postsync.resolve.doctor import Check, examine, start_command
from postsync.resolve.folders import (
    Audience,
    ScriptFolder,
    System,
    chosen_folders,
    resolve_is_here,
    script_folders,
)
from postsync.resolve.installing import (
    Change,
    Installed,
    Scripts,
    install,
    installed_in,
    packed_scripts,
    uninstall,
    with_paths,
)
from postsync.resolve.outside import Outside, own_command, pythons_for_resolve

__all__ = [
    "Audience",
    "Change",
    "Check",
    "Installed",
    "Outside",
    "ScriptFolder",
    "Scripts",
    "System",
    "chosen_folders",
    "examine",
    "install",
    "installed_in",
    "own_command",
    "packed_scripts",
    "pythons_for_resolve",
    "resolve_is_here",
    "script_folders",
    "start_command",
    "uninstall",
    "with_paths",
]
