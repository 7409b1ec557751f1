"""What every test may ask for: the corpus of real files, the fixtures, and OpenTimelineIO knowing our formats."""

from __future__ import annotations

import os
from pathlib import Path

import opentimelineio as otio
import pytest

ROOT = Path(__file__).resolve().parent.parent


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--accept", action="store_true", help="write what we made over the golden files")


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real files from real applications; they are not ours to ship."""
    folder = Path(os.environ.get("POSTSYNC_CORPUS") or ROOT.parent / "shared" / "corpus")
    if not folder.is_dir():
        pytest.skip("no corpus: name its folder in POSTSYNC_CORPUS")
    return folder


@pytest.fixture(scope="session")
def fixtures() -> Path:
    """The small files that we made ourselves."""
    return ROOT / "fixtures"


@pytest.fixture
def accept(request: pytest.FixtureRequest) -> bool:
    """Whether goldens are to be written instead of compared."""
    return bool(request.config.getoption("--accept"))


@pytest.fixture(scope="session", autouse=True)
def _our_formats_in_otio() -> None:
    """Hand our manifest to OpenTimelineIO in a checkout that was not installed, where no entry point names us."""
    from postsync_adapters import plugin_manifest

    manifest = otio.plugins.ActiveManifest()
    known = {adapter.name for adapter in manifest.adapters}
    ours = plugin_manifest()
    manifest.adapters.extend(adapter for adapter in ours.adapters if adapter.name not in known)
