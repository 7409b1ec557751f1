"""The command `postsync` without starting a Python for each call."""

from __future__ import annotations

import contextlib
import io
import os
from pathlib import Path

import pytest

from postsync.cli import main
from postsync_resolve.command import Answer


def run(command: list[str], arguments: list[str], folder: str) -> Answer:
    """Run `postsync` in this process, as `postsync_resolve.command.run` would in another."""
    output, notices = io.StringIO(), io.StringIO()
    here = Path.cwd()
    os.chdir(folder)
    try:
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(notices):
            try:
                main(arguments)
                code = 0
            except SystemExit as end:
                code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    finally:
        os.chdir(here)
    return Answer(code, output.getvalue().strip(), notices.getvalue().strip())


def use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("postsync_resolve.desk.run", run)
