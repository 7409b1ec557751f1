"""`number`, `renumber` and `check` from file to file, and as commands."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import postsync
from postsync import demo as packaged
from postsync import verbs
from postsync.cli import main
from postsync.cueing import timeline_from_document
from postsync.errors import CannotWrite, FormatError

REEL = packaged.REEL / "The Crossing R1.fcpxml"
TOML = '[numbers]\nscheme = "{prefix}{reel}{seq:02}"\n'


def run(*words: object):
    return CliRunner().invoke(main, [str(word) for word in words], prog_name="postsync")


def cue(uid, frame, **facts):
    return {
        "uid": uid,
        "record_in": frame,
        "record_out": frame + 30,
        "character": "robin",
        "line": f"Line {frame}",
        **facts,
    }


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A list of three cues, the middle one without a number, beside a project file."""
    (tmp_path / "postsync.toml").write_text(TOML, encoding="utf-8")
    cues = [cue("AAAAAAAA", 101, number="R101"), cue("BBBBBBBB", 201), cue("CCCCCCCC", 301, number="R102")]
    return write(tmp_path / "reel1.otio", *cues)


def write(path: Path, *cues) -> Path:
    cast = [{"id": "robin", "name": "ROBIN", "prefix": "R"}]
    document = {
        "schema": "postsync.cues/1",
        "rate": "24/1",
        "start_timecode": "01:00:00:00",
        "cues": list(cues),
        "characters": cast,
    }
    postsync.write(timeline_from_document(document), path)
    return path


def numbers(path: Path) -> list[str | None]:
    return [one["number"] for one in verbs.cues(path).document["cues"]]


def test_number_gives_numbers_and_keeps_those_that_are_there(work, tmp_path):
    done = verbs.number(work, tmp_path / "out.otio")
    assert numbers(tmp_path / "out.otio") == ["R101", "R101A", "R102"]
    assert (done.numbering.kept, done.numbering.count("suffixed")) == (2, 1)
    assert numbers(work) == ["R101", None, "R102"]


def test_number_writes_any_format(work, tmp_path):
    verbs.number(work, tmp_path / "out.csv")
    assert "R101A" in (tmp_path / "out.csv").read_text(encoding="utf-8")


def test_number_twice_changes_nothing_and_may_write_over_its_source(work):
    verbs.number(work, work)
    assert verbs.number(work, work).numbering.changes == ()
    assert numbers(work) == ["R101", "R101A", "R102"]


def test_renumber_writes_the_list_of_old_and_new_numbers(tmp_path):
    (tmp_path / "postsync.toml").write_text(TOML, encoding="utf-8")
    work = write(tmp_path / "old.otio", cue("AAAAAAAA", 101, number="1001"), cue("BBBBBBBB", 201, number="=1+1"))
    done = verbs.renumber(work, tmp_path / "new.cues.json")
    assert done.old_to_new == tmp_path / "new renumber.csv"
    with done.old_to_new.open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file)) == [["Old number", "New number"], ["1001", "R101"], ["'=1+1", "R102"]]
    again = verbs.cues(tmp_path / "new.cues.json").document["cues"]
    assert [one["former_numbers"] for one in again] == [["1001"], ["=1+1"]]


def test_a_list_of_an_earlier_renumbering_stays(tmp_path):
    (tmp_path / "postsync.toml").write_text(TOML, encoding="utf-8")
    work = write(tmp_path / "old.otio", cue("AAAAAAAA", 101, number="1001"))
    assert verbs.renumber(work, tmp_path / "new.otio").old_to_new == tmp_path / "new renumber.csv"
    assert verbs.renumber(work, tmp_path / "new.otio").old_to_new == tmp_path / "new renumber 2.csv"


def test_renumber_writes_nothing_where_takes_exist(tmp_path):
    work = write(tmp_path / "old.otio", cue("AAAAAAAA", 101, number="1001", takes=[{"take": 1}]))
    with pytest.raises(CannotWrite, match="1001"):
        verbs.renumber(work, tmp_path / "new.otio")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["old.otio"]
    assert run("renumber", work, tmp_path / "new.otio").exit_code == 4
    assert run("renumber", work, tmp_path / "new.otio", "--force").exit_code == 0


def test_renumber_leaves_no_list_where_the_target_cannot_be_written(work, tmp_path, monkeypatch):
    from postsync.verbs import numbering

    def broken(*_: object, **__: object):
        raise CannotWrite("no room")

    monkeypatch.setattr(numbering, "write_file", broken)
    (tmp_path / "postsync.toml").write_text('[numbers]\nscheme = "{seq:03}"\n', encoding="utf-8")
    with pytest.raises(CannotWrite):
        verbs.renumber(work, tmp_path / "new.otio")
    assert not list(tmp_path.glob("*.csv"))


def test_number_says_how_many_of_each(work, tmp_path):
    assert "1 with a suffix, 2 kept; scheme {prefix}{reel}{seq:02}" in run("number", work, tmp_path / "o.otio").output


def test_number_prints_one_document(work, tmp_path):
    document = json.loads(run("number", work, tmp_path / "o.otio", "--json").stdout)
    assert document["schema"] == "postsync.numbering/1"
    assert document["counts"] == {"kept": 2, "numbered": 0, "suffixed": 1, "gap": 0, "renumbered": 0, "left": 0}
    assert document["changes"] == [{"uid": "BBBBBBBB", "old": None, "new": "R101A", "how": "suffixed"}]


def test_renumber_says_that_every_number_is_in_its_place(work, tmp_path):
    run("renumber", work, tmp_path / "o.otio", "--force")
    again = run("renumber", tmp_path / "o.otio", tmp_path / "again.otio", "--force")
    assert "no number changed, so there is no list" in again.output
    assert not list(tmp_path.glob("again*.csv"))


def test_renumber_shows_old_and_new(work, tmp_path):
    (tmp_path / "postsync.toml").write_text('[numbers]\nscheme = "{seq:03}"\n', encoding="utf-8")
    shown = run("renumber", work, tmp_path / "o.otio").output
    assert "R102  003" in shown
    assert "o renumber.csv" in shown


def test_check_ends_with_one_for_an_error_only(tmp_path):
    twice = write(tmp_path / "twice.otio", cue("AAAAAAAA", 101, number="R101"), cue("BBBBBBBB", 201, number="R101"))
    done = run("check", twice, "--json")
    document = json.loads(done.stdout)
    assert done.exit_code == 1
    assert (document["schema"], document["findings"][0]["code"]) == ("postsync.findings/1", "number-used-twice")
    missing = write(tmp_path / "missing.otio", cue("AAAAAAAA", 101))
    shown = run("check", missing)
    assert shown.exit_code == 0
    assert "number-missing: number the list: postsync number IN OUT" in shown.output
    assert "1 warning" in shown.output


def test_check_counts_long_lists_of_one_kind(tmp_path):
    cues = [cue(f"AAAAAA{at}", at * 100 + 1) for at in range(22, 39)]
    work = write(tmp_path / "many.otio", *cues)
    assert "… 7 more" in run("check", work).output
    assert "…" not in run("check", work, "--verbose").output


def test_a_mistake_in_the_project_file_is_one_sentence(work, tmp_path):
    (tmp_path / "postsync.toml").write_text("[numbers]\nscheem = '{seq}'\n", encoding="utf-8")
    done = run("number", work, tmp_path / "o.otio")
    assert done.exit_code == 3
    assert "postsync.toml:numbers.scheem" in done.output
    assert "did you mean 'scheme'?" in done.output
    with pytest.raises(FormatError):
        verbs.check(work)


def test_the_packaged_reel_is_checked_without_errors():
    assert not verbs.check(REEL).has_errors


@pytest.mark.parametrize("name", ["number", "renumber", "check"])
def test_the_help_shows_an_example(name):
    assert f"Example: postsync {name}" in run(name, "--help").output
