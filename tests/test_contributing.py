"""The page for contributors is true: its format, put into one file, works everywhere without another line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

import postsync_adapters
from damage import damaged, made_originals, outcome_of
from nothing_lost import PROBES, SILENT, probed
from postsync import demo
from postsync.cli import main

PAGE = Path(__file__).resolve().parent.parent / "docs" / "contributing.md"
NAME = "stage_notes"


@pytest.fixture
def with_the_format(tmp_path, monkeypatch):
    """The format of the page beside all others, as if its file lay in the folder of adapters."""
    code = re.search(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)[1]
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / f"{NAME}.py").write_text(code, encoding="utf-8")
    monkeypatch.setattr(postsync_adapters, "__path__", [*postsync_adapters.__path__, str(tmp_path / "more")])
    forget()
    yield postsync_adapters.formats()[NAME]
    forget()


def forget() -> None:
    postsync_adapters.format_modules.cache_clear()
    postsync_adapters.formats.cache_clear()


def test_the_command_line_writes_reads_and_recognises_it(with_the_format, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    reel = demo.unpack_example(tmp_path)
    run = CliRunner()
    assert run.invoke(main, ["convert", str(reel), "R1.stage.txt", "--quiet"]).exit_code == 0
    assert "01:00:00:08 | R101 ROSA: You said the boat would wait. {adr=" in Path("R1.stage.txt").read_text("utf-8")
    assert "5 cues" in run.invoke(main, ["cues", "R1.stage.txt"]).output
    assert NAME in run.invoke(main, ["formats"]).output


def test_opentimelineio_knows_it(with_the_format):
    manifest = postsync_adapters.plugin_manifest()
    assert f"postsync_{NAME}" in [adapter.name for adapter in manifest.adapters]


def test_what_it_cannot_carry_is_named(with_the_format, tmp_path):
    findings = {probe.name: probed(probe, with_the_format, tmp_path) for probe in PROBES}
    assert {thing: found.said for thing, found in findings.items() if found.verdict == SILENT} == {}


def test_damaged_files_of_it_are_read_or_refused(with_the_format):
    original = next(one for one in made_originals() if one.format == NAME)
    for number in range(44):
        kind, data = damaged(original, number)
        assert outcome_of(with_the_format, kind, data).result in ("read", "refused")
