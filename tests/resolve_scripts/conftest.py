"""A home of one's own for every test, no waiting for Resolve, and no dialog of the machine that runs the tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from postsync_resolve import system_dialogs


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    def nobody(*asked: Any) -> Any:
        raise system_dialogs.NoDialog

    (tmp_path / "Documents").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.setattr("postsync_resolve.asking.PATIENCE", (0.0, 0.0))
    monkeypatch.setattr("postsync_resolve.system_dialogs.run", nobody)
    return tmp_path
