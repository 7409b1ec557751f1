"""What holds for every verb alike: help with an example, one JSON document, silence and no colour when asked for.

A verb that answers a question prints the answer under `--quiet` too; one that writes files then says nothing.
"""

from __future__ import annotations

import json
import re
import shlex
import shutil
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from postsync import demo
from postsync.cli import main

REEL, NEW = "reel/The Crossing R1.fcpxml", "new cut/The Crossing R1 v4.fcpxml"
ANSWERS: dict[str, list[str]] = {
    "inspect": [REEL],
    "cues": [REEL],
    "diff": [REEL, NEW],
    "formats": [],
    "check": [REEL],
    "verify": [REEL, "R1.otio"],
    "sync": [REEL, "ADR takes/R105_ROSA_T1.wav"],
    "media list": [REEL],
    "media find": [REEL],
    "resolve where": [],
    "resolve doctor": [],
    "demo": ["demo"],
}
WRITES: dict[str, list[str]] = {
    "turnover": [REEL, "--into", "R1"],
    "convert": [REEL, "R1.mid"],
    "number": [REEL, "numbered.otio"],
    "renumber": [REEL, "renumbered.otio"],
    "merge": ["R1.otio", "R1.otio", "merged.otio"],
    "report": ["R1.otio", "--kind", "cue-sheet", "--out", "sheet.html"],
    "place": ["R1.otio", "ADR takes", "--into", "placed"],
    "reconform": [REEL, NEW, "R1.otio", "--into", "v4"],
    "rushes index": ["reel", "--out", "rushes.sqlite"],
    "conform": [REEL, "--rushes", "reel", "--into", "isos", "--for", "none"],
    "scene rename": [REEL, "scenes.csv", "renamed.otio"],
    "media extract": ["inside.aaf", "--into", "sound"],
    "resolve install": ["--into", "Scripts"],
    "resolve uninstall": ["--into", "Scripts"],
}
WITHOUT_THE_SHARED_OPTIONS = {"app", "completion"}
COLOUR = re.compile(r"\x1b\[[0-9;]*\b(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:;[0-9;]*)?m")
NO_COLOUR_AT_A_TERMINAL = {"FORCE_COLOR": "1", "NO_COLOR": "1"}


def commands_below(group: click.Group, path: tuple[str, ...] = ()) -> dict[str, click.Command]:
    found: dict[str, click.Command] = {}
    for name, command in group.commands.items():
        below = commands_below(command, (*path, name)) if isinstance(command, click.Group) else {}
        found |= below or {" ".join((*path, name)): command}
    return found


VERBS = commands_below(main)
each_verb = pytest.mark.parametrize("verb", [*ANSWERS, *WRITES])


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory) -> Path:
    """The example with its work and a table of scenes."""
    folder = tmp_path_factory.mktemp("example")
    reel = demo.unpack_example(folder)
    for name, *more in (["R1.otio"], ["inside.aaf", "--option", "media=embed"]):
        assert CliRunner().invoke(main, ["convert", str(reel), str(folder / name), *more]).exit_code == 0
    (folder / "scenes.csv").write_text("Old scene,New scene\n12A,12C\n", encoding="utf-8")
    return folder


@pytest.fixture
def run(unpacked, tmp_path, monkeypatch):
    """Run a verb as the tables have it, with more options, in a folder of its own."""
    shutil.copytree(unpacked, tmp_path / "here")
    monkeypatch.chdir(tmp_path / "here")

    def ran(verb: str, *more: str, **env: str) -> Result:
        typed = [*verb.split(), *(ANSWERS | WRITES)[verb], *more]
        done = CliRunner().invoke(main, typed, env={"COLUMNS": "110", **env}, prog_name="postsync")
        assert done.exit_code in (0, 1), done.output
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done

    return ran


def test_every_verb_is_in_one_of_the_tables():
    assert set(VERBS) == {*ANSWERS, *WRITES, *WITHOUT_THE_SHARED_OPTIONS}


@pytest.mark.parametrize("verb", VERBS)
def test_the_help_shows_what_to_type_and_every_option_of_it_exists(verb):
    command = VERBS[verb]
    examples = re.findall(rf"^\s*(?:\w+: +)?(postsync {verb}\b.*)$", command.help or "", re.MULTILINE)
    known = {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}
    assert examples
    assert {word for example in examples for word in shlex.split(example) if word.startswith("--")} <= known
    assert f"postsync {verb}" in CliRunner().invoke(main, [*verb.split(), "--help"], env={"COLUMNS": "200"}).output


@each_verb
def test_json_is_one_document_with_its_schema_and_nothing_else(verb, run):
    document = json.loads(run(verb, "--json").stdout)
    assert re.fullmatch(r"postsync\.[a-z-]+/\d+", document["schema"])


@pytest.mark.parametrize(
    "verb", [verb for verb, words in (ANSWERS | WRITES).items() if words[:1] != ["--into"] and words]
)
def test_with_json_an_error_is_one_document_too(verb, run):
    typed = [*verb.split(), "gone.fcpxml", *(ANSWERS | WRITES)[verb][1:], "--json"]
    if verb == "demo":
        typed[1] = str(Path(REEL, "below a file"))
    done = CliRunner().invoke(main, typed)
    assert done.exit_code in (3, 4, 5)
    assert json.loads(done.stdout)["schema"] == "postsync.error/1"
    assert done.stderr.startswith("postsync: ") and done.stderr.count("\n") == 1


@each_verb
def test_quiet_leaves_the_answer_and_nothing_else(verb, run):
    done = run(verb, "--quiet")
    assert done.stderr == ""
    assert bool(done.stdout) == (verb in ANSWERS)


@each_verb
def test_no_colour_is_used_where_it_is_not_wanted(verb, run):
    done = run(verb, "--verbose", **NO_COLOUR_AT_A_TERMINAL)
    assert COLOUR.search(done.output) is None


@pytest.mark.parametrize("verb", ["", *VERBS])
def test_help_has_no_colour_where_it_is_not_wanted(verb):
    done = CliRunner().invoke(main, [*verb.split(), "--help"], env=NO_COLOUR_AT_A_TERMINAL)
    assert COLOUR.search(done.output) is None


def test_at_a_terminal_that_takes_it_there_is_colour(run):
    assert COLOUR.search(run("check", FORCE_COLOR="1", TERM="xterm-256color").output)
