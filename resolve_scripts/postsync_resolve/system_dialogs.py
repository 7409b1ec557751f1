"""Small questions by the system's own dialogs, for editions of Resolve that show no window of a script.

One question at a time: a text, a choice, yes or no. What is asked goes to the system as an argument or a variable, never into a
program's text, so that nothing in it can be taken for code.
"""

from __future__ import annotations

import subprocess
import sys
from typing import Callable, Dict, List, Optional, Sequence, Tuple

from postsync_resolve.command import clean_environment, without_console

TITLE = "postsync"

APPLE = {
    "text": "return text returned of (display dialog (item 1 of argv) default answer (item 2 of argv)"
    " with title (item 3 of argv))",
    "yes": 'return button returned of (display dialog (item 1 of argv) buttons {"Cancel", "No", "Yes"}'
    ' default button (item 2 of argv) cancel button "Cancel" with title (item 3 of argv))',
    "choice": "set found to choose from list (items 4 thru -1 of argv) with prompt (item 1 of argv)"
    " default items {item 2 of argv} with title (item 3 of argv)\n"
    "if found is false then error number -128\nreturn item 1 of found",
}

POWERSHELL = (
    "Add-Type -AssemblyName Microsoft.VisualBasic; [Console]::OutputEncoding = [Text.Encoding]::UTF8; "
    "$answer = [Microsoft.VisualBasic.Interaction]::InputBox("
    "$env:POSTSYNC_ASK, $env:POSTSYNC_TITLE, $env:POSTSYNC_VALUE); [Console]::Out.Write($answer)"
)

Runner = Callable[[List[str], Dict[str, str]], Tuple[int, str]]


class NoDialog(Exception):
    """This system has no such dialog, or none that starts."""


def run(command: List[str], variables: Dict[str, str]) -> Tuple[int, str]:
    """Run a dialog and wait for the person; give its exit code and what it printed."""
    try:
        ended = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=dict(clean_environment(), **variables),
            creationflags=without_console(),
            check=False,
        )
    except OSError as fault:
        raise NoDialog(str(fault)) from fault
    return ended.returncode, ended.stdout.decode("utf-8", "replace").strip("\r\n")


def ask(
    kind: str,
    question: str,
    value: str,
    choices: Sequence[str] = (),
    system: str = sys.platform,
    runner: Optional[Runner] = None,
) -> Optional[str]:
    """Ask one question; give the answer (`Yes` or `No` for kind `yes`), None where the person cancelled."""
    dialog = {"darwin": _apple, "win32": _windows}.get(system, _linux)
    return dialog(kind, question, value, choices, runner or run)


def _apple(kind: str, question: str, value: str, choices: Sequence[str], runner: Runner) -> Optional[str]:
    script = "on run argv\n%s\nend run" % APPLE[kind]
    code, answer = runner(["osascript", "-e", script, question, value, TITLE, *choices], {})
    return answer if code == 0 else None


def _windows(kind: str, question: str, value: str, choices: Sequence[str], runner: Runner) -> Optional[str]:
    """Ask by the one box that every Windows has; a choice is made by its number. It gives nothing for Cancel."""
    options = list(choices) if kind == "choice" else ["Yes", "No"] if kind == "yes" else []
    lines = [question] + ["%d  %s" % (number, option) for number, option in enumerate(options, 1)]
    shown = str(options.index(value) + 1) if value in options else value
    variables = {"POSTSYNC_ASK": "\n".join(lines), "POSTSYNC_TITLE": TITLE, "POSTSYNC_VALUE": shown}
    code, answer = runner(["powershell", "-NoProfile", "-NonInteractive", "-Command", POWERSHELL], variables)
    if code != 0:
        raise NoDialog("powershell ended with %d" % code)
    if options:
        number = int(answer) if answer.isdigit() else 0
        return options[number - 1] if 1 <= number <= len(options) else answer if answer in options else None
    return answer or None


def _linux(kind: str, question: str, value: str, choices: Sequence[str], runner: Runner) -> Optional[str]:
    head = ["zenity", "--title", TITLE, "--text", question]
    if kind == "yes":
        code, _ = runner(head + ["--question", "--no-markup"], {})
        return {0: "Yes", 1: "No"}.get(code)
    if kind == "choice":
        code, answer = runner(head + ["--list", "--column", "", *choices], {})
    else:
        code, answer = runner(head + ["--entry", "--entry-text", value], {})
    return answer if code == 0 else None
