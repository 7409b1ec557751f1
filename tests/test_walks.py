"""The walks of `docs/walks` are true: every command, typed in a folder with the example, prints what the page shows.

`…` on a page stands for anything. `pytest tests/test_walks.py --accept` writes what was printed into the pages.
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from postsync import demo
from postsync.cli import main

WALKS = Path(__file__).resolve().parent.parent / "docs" / "walks"
BLOCK = re.compile(r"```(console|python)\n(.*?)```", re.DOTALL)
COMMAND = re.compile(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)


def typed(line: str) -> tuple[str, int]:
    """Run a line of a page: a command of ours, or `ls` of a folder; gives what it printed and its exit code."""
    program, *arguments = shlex.split(line)
    if program == "ls":
        return "".join(f"{path.name}\n" for path in sorted(Path(arguments[0]).iterdir())), 0
    assert program == "postsync", f"the pages type postsync and ls, not {program}"
    result = CliRunner().invoke(main, arguments, env={"COLUMNS": "110", "NO_COLOR": "1"})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return re.sub(r"[ \t]+$", "", result.output, flags=re.MULTILINE), result.exit_code


def matches(shown: str, printed: str) -> bool:
    pattern = re.escape(shown.strip()).replace("…", ".*?")
    return re.fullmatch(pattern, printed.strip(), re.DOTALL) is not None


@pytest.mark.parametrize("page", sorted(WALKS.glob("*.md")), ids=lambda page: page.stem)
def test_every_command_of_the_walk_prints_what_the_page_shows(page, tmp_path, monkeypatch, request):
    monkeypatch.chdir(tmp_path)
    demo.unpack_example(tmp_path)
    accept = request.config.getoption("--accept")
    text = page.read_text(encoding="utf-8")

    def walked(block: re.Match[str]) -> str:
        if block[1] == "python":
            exec(compile(block[2], page.name, "exec"), {})
            return block[0]
        return f"```console\n{COMMAND.sub(walked_line, block[2])}```"

    def walked_line(command: re.Match[str]) -> str:
        printed, code = typed(command[1])
        assert code in (0, 1), f"{command[1]}: exit code {code}: {printed}"
        if accept and not matches(command[2], printed):
            return f"$ {command[1]}\n{printed}"
        assert matches(command[2], printed), f"{command[1]} printed:\n{printed}"
        return command[0]

    new = BLOCK.sub(walked, text)
    if accept:
        page.write_text(new, encoding="utf-8")
