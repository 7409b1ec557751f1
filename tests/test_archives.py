"""What is shipped: the source archive holds the project and nothing beside it, the wheel what runs and no tests of it."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHIPPED = {
    "interchange", "adapters", "resolve_scripts", "tests", "fixtures", "docs", "benchmarks",
    "README.md", "LICENSE", "CHANGELOG.md", "pyproject.toml",
}  # fmt: skip
MADE = {"PKG-INFO", ".gitignore"}  # by the builder, and what it needs to build again from the archive
PACKAGES = {"interchange/": "", "adapters/": "", "resolve_scripts/": "postsync/_resolve_scripts/"}


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    """The folder of both archives, built as for a release."""
    if importlib.util.find_spec("hatchling") is None:
        pytest.skip("no hatchling to build with: install the extra 'test'")
    folder = tmp_path_factory.mktemp("archives")
    building = [sys.executable, "-m", "hatchling", "build", "-d", str(folder)]
    done = subprocess.run(building, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder


def in_source_archive(built: Path) -> set[str]:
    (archive,) = built.glob("*.tar.gz")
    with tarfile.open(archive) as opened:
        return {name.partition("/")[2] for name in opened.getnames()}


def in_wheel(built: Path) -> set[str]:
    (archive,) = built.glob("*.whl")
    with zipfile.ZipFile(archive) as opened:
        return {name for name in opened.namelist() if ".dist-info/" not in name}


def kept_files() -> set[str]:
    """Give what is kept of the project, with what is new and not ignored."""
    listing = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        told = subprocess.run(listing, capture_output=True, check=True).stdout.decode()
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not in a clone: nothing says which files belong to the project")
    return {path for path in told.split("\0") if path and (ROOT / path).is_file()}


def test_the_source_archive_holds_the_files_of_the_project_and_nothing_else(built):
    wanted = {path for path in kept_files() if path.partition("/")[0] in SHIPPED}
    assert in_source_archive(built) - MADE == wanted


def test_the_wheel_holds_both_packages_and_the_scripts_for_resolve_and_nothing_else(built):
    wanted = {
        inside + path.removeprefix(root)
        for path in kept_files()
        for root, inside in PACKAGES.items()
        if path.startswith(root)
    }
    assert in_wheel(built) == wanted


def test_both_packages_say_that_they_are_typed(built):
    assert {"postsync/py.typed", "postsync_adapters/py.typed"} <= in_wheel(built)
