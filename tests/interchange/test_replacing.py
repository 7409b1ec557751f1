"""No work is lost by writing over it: works and edited lists stay beside what replaces them, originals are refused."""

from __future__ import annotations

import os
import re
import shutil
from fractions import Fraction
from pathlib import Path

import pytest
from click.testing import CliRunner

import postsync
from postsync import demo as packaged
from postsync import verbs
from postsync.cli import main
from postsync.errors import CannotWrite
from postsync.formats.files import whole_file
from postsync.formats.format import Feature
from postsync.model import timeline_cues
from postsync_adapters import formats

DATED = re.compile(r" of \d{4}-\d\d-\d\d \d{4}( \d+)?(\.[a-z]+)?\.[a-z]+$")


@pytest.fixture
def reel(tmp_path):
    return Path(shutil.copytree(packaged.REEL, tmp_path / "reel")) / "The Crossing R1.fcpxml"


def aside(folder):
    return sorted(path.name for path in folder.iterdir() if DATED.search(path.name))


def kept(report):
    return [loss.facts["kept"] for loss in report if loss.code == "file-kept-aside"]


def corrected(work):
    """Change a line in a work, as somebody did on the stage."""
    timeline, _ = postsync.read(work)
    marker = timeline.tracks.markers[0]
    marker.metadata["postsync"]["cue"]["line"] = "a line from the stage"
    postsync.write(timeline, work.with_name("corrected.otio"))
    work.with_name("corrected.otio").replace(work)


def test_a_turnover_into_the_same_folder_keeps_the_corrected_work(tmp_path, reel):
    verbs.turnover(reel, tmp_path / "R1")
    work = tmp_path / "R1" / "The Crossing R1.otio"
    corrected(work)
    again = verbs.turnover(reel, tmp_path / "R1")
    (name,) = aside(tmp_path / "R1")
    assert kept(again.report) == [name]
    assert "a line from the stage" in {cue.line for cue in timeline_cues(postsync.read(tmp_path / "R1" / name)[0])}
    assert name in next(one.path for one in again.files if one.what == "report").read_text(encoding="utf-8")


def test_the_same_turnover_again_keeps_nothing_aside(tmp_path, reel):
    verbs.turnover(reel, tmp_path / "R1")
    before = {path.name for path in (tmp_path / "R1").rglob("*")}
    assert kept(verbs.turnover(reel, tmp_path / "R1").report) == []
    assert {path.name for path in (tmp_path / "R1").rglob("*")} == before


def test_a_list_that_was_edited_since_is_kept_and_one_that_was_not_is_replaced(tmp_path, reel):
    verbs.turnover(reel, tmp_path / "R1")
    table = tmp_path / "R1" / "The Crossing R1 cues.csv"
    table.write_bytes(table.read_bytes().replace(b"R101", b"R901"))
    edited = table.read_bytes()
    again = verbs.turnover(reel, tmp_path / "R1", tags="full")
    (name,) = [name for name in aside(tmp_path / "R1") if name.endswith(".csv")]
    assert name.startswith("The Crossing R1 cues of ") and kept(again.report).count(name) == 1
    assert {Path(name).suffix for name in aside(tmp_path / "R1")} <= {".csv", ".otio"}
    assert (tmp_path / "R1" / name).read_bytes() == edited != table.read_bytes()


def test_a_file_that_we_did_not_write_is_kept(tmp_path, reel):
    target = tmp_path / "R1.edl"
    target.write_text("TITLE: somebody's own\n")
    done = verbs.convert(reel, target)
    (name,) = aside(tmp_path)
    assert kept(done.report) == [name] and (tmp_path / name).read_text() == "TITLE: somebody's own\n"


def test_several_earlier_ones_of_a_minute_are_all_kept_and_each_once(tmp_path):
    path = tmp_path / "R1.resolve.otio"
    for text in (b"one", b"two", b"one", b"two", b"three"):
        with whole_file(path, aside=[]) as file:
            file.write(text)
        os.utime(path, (1_790_000_000, 1_790_000_000))
    assert {(tmp_path / name).read_bytes() for name in aside(tmp_path)} == {b"one", b"two"}
    assert len(aside(tmp_path)) == 2 and all(name.endswith(".resolve.otio") for name in aside(tmp_path))


def test_the_file_that_is_read_is_not_written_over(reel):
    before = reel.read_bytes()
    for act in (verbs.convert, verbs.number, verbs.renumber):
        with pytest.raises(CannotWrite, match="this is the file that is read; give the new one another name"):
            act(reel, reel)
    assert reel.read_bytes() == before and aside(reel.parent) == []


def test_a_work_may_be_changed_in_place_and_what_it_was_stays_beside_it(tmp_path, reel):
    work = verbs.convert(reel, tmp_path / "R1.otio").target
    was = work.read_bytes()
    table = verbs.convert(work, tmp_path / "R1.csv").target
    table.write_bytes(table.read_bytes().replace("¿Y mi hermano?".encode(), b"a line from the stage"))
    verbs.merge(work, table, work)
    assert [(tmp_path / name).read_bytes() for name in aside(tmp_path) if name.endswith(".otio")] == [was]
    assert b"a line from the stage" in work.read_bytes()


def test_a_list_that_came_back_is_not_written_over_by_its_own_merge(tmp_path, reel):
    work = verbs.convert(reel, tmp_path / "R1.otio").target
    table = verbs.convert(work, tmp_path / "R1.csv").target
    was = table.read_bytes()
    with pytest.raises(CannotWrite, match="this is the file that is read"):
        verbs.merge(work, table, table)
    assert table.read_bytes() == was


def test_a_cue_document_that_is_a_work_is_kept_when_a_list_of_its_name_is_written(tmp_path, reel):
    work = verbs.convert(reel, tmp_path / "R1.cues.json").target
    corrected_text = work.read_text(encoding="utf-8").replace("R101", "R901")
    work.write_text(corrected_text, encoding="utf-8")
    done = verbs.convert(reel, tmp_path / "R1.csv")
    (name,) = kept(done.report)
    assert name.endswith(".cues.json") and (tmp_path / name).read_text(encoding="utf-8") == corrected_text
    assert kept(verbs.convert(reel, tmp_path / "R1.mid").report) == []


def test_what_was_kept_is_said_without_asking(tmp_path, reel):
    (tmp_path / "R1.edl").write_text("TITLE: somebody's own\n")
    done = CliRunner().invoke(main, ["convert", str(reel), str(tmp_path / "R1.edl")])
    assert done.exit_code == 0 and "R1.edl: what was there is kept beside it (R1 of " in done.output


def test_paper_is_replaced(tmp_path, reel):
    (tmp_path / "R1.html").write_text("yesterday's paper")
    assert not formats()["cue_sheet"].reads & Feature.CUES
    assert kept(verbs.convert(reel, tmp_path / "R1.html").report) == [] == aside(tmp_path)


def test_a_second_reel_in_the_same_folder_leaves_the_sound_of_the_first(tmp_path, reel):
    verbs.turnover(reel, tmp_path / "both", handles=Fraction(0))
    sounds = {path.name: path.read_bytes() for path in (tmp_path / "both" / "Audio Files").iterdir()}
    second = reel.with_name("R2.fcpxml")
    second.write_text(reel.read_text(encoding="utf-8").replace('name="The Crossing R1"', 'name="R2"'), encoding="utf-8")
    for _ in range(2):
        made = verbs.turnover(second, tmp_path / "both", handles=Fraction(4))
        assert made.sound_files == 4
    now = {path.name: path.read_bytes() for path in (tmp_path / "both" / "Audio Files").iterdir()}
    assert sounds.items() <= now.items() and len(now) == 8
