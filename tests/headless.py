"""A real browser without a window, for the pages: Chromium as the system has it, driven by playwright.

Its place is found on the path or stated in POSTSYNC_CHROMIUM; where browser or driver are missing, tests skip and say so.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def chromium() -> str:
    """Give the path of the browser, or skip the test with the reason."""
    found = os.environ.get("POSTSYNC_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip("no Chromium on the path: install it, or name it in POSTSYNC_CHROMIUM")
    return found


@contextmanager
def browser() -> Iterator[Any]:
    """Give a running browser."""
    driver, path = pytest.importorskip("playwright.sync_api", reason="playwright is not installed"), chromium()
    with driver.sync_playwright() as running:
        # A container has no sandbox of the kind that Chromium wants; the pages are ours.
        one = running.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield one
        one.close()


def faults_of_access(page: Any) -> str:
    """Give what an automated check of accessibility finds on a page, empty where nothing."""
    checker = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed"
    )
    found = checker.Axe().run(page)
    return "" if found.violations_count == 0 else found.generate_report()
