"""Scenes and takes under new names: in names of every shape, in tables of every kind, in edits and in rushes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from made_rushes import Header, make_rush
from postsync.cli import main
from postsync.conforming.rushes.scenes import SceneRow, SceneTable, renamed, scene_rows
from postsync.errors import FormatError
from postsync.verbs import conform, opened, scene_rename

LIST = """TITLE: R1
FCM: NON-DROP FRAME
001  SR1      A     C        10:00:02:00 10:00:06:00 01:00:00:00 01:00:04:00
* FROM CLIP NAME: 12A-3B
002  SR1      A     C        10:01:02:00 10:01:06:00 01:00:04:00 01:00:08:00
* FROM CLIP NAME: 13-1
003  SR1      A     C        10:02:02:00 10:02:06:00 01:00:08:00 01:00:12:00
* FROM CLIP NAME: WILD-1
"""


def table(*rows: tuple[str, ...]) -> SceneTable:
    cells = [("Old scene", "Old take", "New scene", "New take"), *rows]
    return SceneTable(scene_rows(cells, "t"))


@pytest.mark.parametrize(
    ("name", "now"),
    [
        ("12A-3B", "112-3B"),
        ("Sc 12A Take 03", "Sc 112 Take 03"),
        ("SR1_12A_T3.wav", "SR1_112_T3.wav"),
        ("12A/3", "112/3"),
    ],
)
def test_only_scene_and_take_of_a_name_change(name, now):
    assert renamed(name, table(("12A", "", "112", "")))[0] == now


def test_a_row_with_a_take_is_for_that_take_alone():
    rows = table(("12", "3", "40", "1"), ("12", "", "41", ""))
    assert [renamed(name, rows)[0] for name in ("12-3A", "12-4")] == ["40-1A", "41-4"]


def test_scenes_may_change_places():
    rows = table(("12", "", "13", ""), ("13", "", "12", ""))
    assert [renamed(name, rows)[0] for name in ("12-1", "13-1")] == ["13-1", "12-1"]


def test_a_take_that_gets_two_names_is_refused_with_both_places():
    with pytest.raises(FormatError, match="two new names"):
        table(("12", "3", "40", ""), ("12", "3", "41", ""))


def test_columns_are_found_below_a_title_and_in_any_order():
    cells = [["Film X"], [], ["New", "Take", "Old"], ["112", 3.0, "12A"]]
    assert scene_rows(cells, "t") == [SceneRow("t:4", "12A", "112", "3", None)]


def test_the_edit_is_written_with_new_names_and_the_rest_as_it_was(tmp_path):
    (tmp_path / "e.edl").write_text(LIST)
    (tmp_path / "t.csv").write_text("Old scene;New scene\n12A;112\n13;14\n99;100\n")
    done = scene_rename(tmp_path / "e.edl", tmp_path / "t.csv", tmp_path / "out.edl")
    assert [one.new for one in done.renamed] == ["112-3B", "14-1"]
    assert [row.old_scene for row in done.table.unused] == ["99"]
    names = [clip.name for clip in opened(tmp_path / "out.edl").choose().find_clips()]
    assert names == ["112-3B", "14-1", "WILD-1"]


def test_what_is_no_table_is_refused(tmp_path):
    (tmp_path / "e.edl").write_text(LIST)
    (tmp_path / "t.csv").write_text("a;b\n1;2\n")
    with pytest.raises(FormatError, match="not a table of scenes"):
        scene_rename(tmp_path / "e.edl", tmp_path / "t.csv", tmp_path / "out.edl")


def test_rushes_are_matched_under_the_names_of_the_cut(tmp_path):
    stamp = 36_000 * 48_000
    make_rush(tmp_path / "rushes" / "T1.WAV", Header(length=4_800_000, stamp=stamp, scene="12A", take="3", roll="X"))
    (tmp_path / "e.edl").write_text(LIST.replace("12A-3B", "112-3B").replace("SR1", "AX "))
    (tmp_path / "t.csv").write_text("Old scene;New scene\n12A;112\n")
    how = {"rushes": [tmp_path / "rushes"], "application": "none"}
    plain = conform(tmp_path / "e.edl", tmp_path / "a", **how)
    with_table = conform(tmp_path / "e.edl", tmp_path / "b", scenes=tmp_path / "t.csv", **how)
    assert not plain.conform.matches[0].placed
    [match] = with_table.conform.placed
    assert match.level == "scene"


def test_the_command_tells_what_it_renamed(tmp_path: Path):
    (tmp_path / "e.edl").write_text(LIST)
    (tmp_path / "t.csv").write_text("Old scene,New scene\n12A,112\n")
    asked = ["scene", "rename", str(tmp_path / "e.edl"), str(tmp_path / "t.csv"), str(tmp_path / "o.edl")]
    told = json.loads(CliRunner().invoke(main, [*asked, "--json"]).stdout)
    assert (told["schema"], told["renamed"][0]["new"]) == ("postsync.scene-rename/1", "112-3B")
    assert "1 clip renamed" in CliRunner().invoke(main, asked).stdout
