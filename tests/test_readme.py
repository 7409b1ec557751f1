"""The README tells the truth: its demo prints what it shows, its table lists the formats that exist, its Python runs."""

from __future__ import annotations

import re
from pathlib import Path

from click.testing import CliRunner

from postsync import demo as packaged
from postsync import verbs
from postsync.cli import main

README = (Path(__file__).resolve().parent.parent / "README.md").read_text(encoding="utf-8")


def test_the_demo_prints_what_the_readme_shows(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shown = re.search(r"<!-- output of the demo -->\n```text\n(.*?)```", README, re.DOTALL)[1]
    assert CliRunner().invoke(main, ["demo", "--quiet"]).stdout == shown


def test_the_format_table_lists_every_format_and_what_it_does():
    for row in verbs.formats():
        cells = f"| {row.title} (`{row.name}`) | {'yes' if row.can_read else ''} | {'yes' if row.can_write else ''} |"
        assert cells in README


def test_the_python_example_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code = re.search(r"```python\n(.*?)```", README, re.DOTALL)[1]
    reel = packaged.unpack_example(tmp_path)
    exec(code.replace("reel1.fcpxml", str(reel)), {})
    assert (tmp_path / "reel1.aaf").stat().st_size > 0
