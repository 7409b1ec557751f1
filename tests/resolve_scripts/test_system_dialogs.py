"""Small questions by the dialogs of macOS, Windows and Linux: what is run, and what its answers mean."""

from __future__ import annotations

from typing import Any

import pytest

from postsync_resolve.system_dialogs import NoDialog, ask

ODD = 'Say "no" & \\ $(rm) `x` %PATH% <b>été</b>'


class Runner:
    def __init__(self, code: int, answer: str = "") -> None:
        self.outcome = (code, answer)

    def __call__(self, command: list[str], variables: dict[str, str]) -> tuple[int, str]:
        self.command, self.variables = command, variables
        return self.outcome


@pytest.mark.parametrize(
    ("system", "kind", "code", "said", "meant"),
    [
        ("darwin", "text", 0, "ROBIN", "ROBIN"), ("darwin", "text", 1, "", None), ("darwin", "yes", 0, "No", "No"),
        ("darwin", "choice", 0, "b", "b"), ("darwin", "choice", 1, "", None),
        ("win32", "text", 0, "ROBIN", "ROBIN"), ("win32", "text", 0, "", None), ("win32", "yes", 0, "2", "No"),
        ("win32", "yes", 0, "", None), ("win32", "choice", 0, "2", "b"), ("win32", "choice", 0, "b", "b"),
        ("win32", "choice", 0, "9", None),
        ("linux", "text", 0, "ROBIN", "ROBIN"), ("linux", "text", 1, "", None), ("linux", "yes", 0, "", "Yes"),
        ("linux", "yes", 1, "", "No"), ("linux", "yes", 252, "", None), ("linux", "choice", 0, "a", "a"),
    ],
)  # fmt: skip
def test_answers_mean_the_same_on_every_system(system: str, kind: str, code: int, said: str, meant: str | None) -> None:
    assert ask(kind, "Which?", "a", ("a", "b"), system, Runner(code, said)) == meant


@pytest.mark.parametrize("system", ["darwin", "win32", "linux"])
@pytest.mark.parametrize("kind", ["text", "yes", "choice"])
def test_no_text_is_taken_for_code(system: str, kind: str) -> None:
    runner = Runner(0, "1")
    ask(kind, ODD, ODD, (ODD, "b"), system, runner)
    code = {"darwin": runner.command[2], "win32": runner.command[-1], "linux": runner.command[0]}[system]
    assert "rm" not in code.replace("argv", "")
    assert ODD in runner.command or ODD in runner.variables["POSTSYNC_ASK"]


def test_a_dialog_that_does_not_start_is_none() -> None:
    def absent(command: list[str], variables: dict[str, str]) -> Any:
        raise NoDialog

    with pytest.raises(NoDialog):
        ask("text", "Which?", "", (), "linux", absent)
    with pytest.raises(NoDialog):
        ask("text", "Which?", "", (), "win32", Runner(1))
