"""Lint, format, types and layers, so that `pytest` is the one thing to run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

CHECKS = {
    "lint": ["ruff", "check", "."],
    "format": ["ruff", "format", "--check", "."],
    "types by mypy": ["mypy"],
    "types by pyright": ["pyright", "--pythonpath", sys.executable],
    "layers": ["lint-imports"],
}


@pytest.mark.parametrize("check", CHECKS)
def test_the_house_is_in_order(check):
    tool = Path(sys.executable).with_name(CHECKS[check][0])
    if not tool.exists():
        pytest.skip(f"{tool.name} is not installed in this environment")
    paths = {"PYTHONPATH": f"{ROOT / 'interchange'}:{ROOT / 'adapters'}"}
    import os

    done = subprocess.run(
        [tool, *CHECKS[check][1:]], cwd=ROOT, capture_output=True, text=True, check=False, env={**os.environ, **paths}
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
