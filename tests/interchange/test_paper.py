"""Reports: what stands in them, in every form, and that totals agree with the list."""

from __future__ import annotations

import csv
import io
import json

import pytest
from click.testing import CliRunner

import paper_show
import postsync
from postsync import verbs
from postsync.cli import main
from postsync.errors import UnknownOption
from postsync.model import Project
from postsync.paper.kinds import KINDS
from postsync.paper.lines import PaperOptions, Request
from postsync.report import Report

SMALL = paper_show.feature(2, 24)


def request(works=SMALL, *, project: Project = paper_show.PROJECT, earlier=(), **asked) -> Request:
    return Request(tuple(works), project, tuple(earlier), PaperOptions(date="2026-03-01", **asked))


def made(kind: str, **how):
    return KINDS[kind].make(request(**how))


def drawn(kind: str, form: str, **how) -> bytes:
    return KINDS[kind].draw(request(**how), form, Report())


def total(document):
    (row,) = [row for row in document.rows if row.state == "total"]
    return row.values


def test_the_line_count_adds_up_to_the_list():
    counted = total(made("line-count", works=paper_show.feature()))
    cues = [paper_show.cue(reel, number) for reel in range(1, 7) for number in range(150)]
    standing = [cue for cue in cues if cue.status != "omitted"]
    assert counted["lines"] == len(standing) == sum(counted[f"reel R{reel}"] for reel in range(1, 7))
    assert counted["count.struck"] == len(cues) - len(standing)
    assert counted["count.recorded"] + counted["count.left"] == counted["lines"]
    assert counted["count.optional"] == sum("optional" in cue.flags for cue in standing)


def test_each_row_of_the_line_count_is_the_sum_of_its_reels():
    for row in made("line-count").rows:
        assert row.values["lines"] == row.values["reel R1"] + row.values["reel R2"]


def test_characters_are_sorted_as_people_count():
    names = [row.values["character"] for row in made("line-count", works=paper_show.feature(1, 120)).rows]
    assert names.index("ROBIN 2") < names.index("ROBIN 10") < names.index("ROBIN 11")


def test_a_cue_sheet_by_reel_has_a_section_for_each_reel_in_the_order_of_time():
    sections = made("cue-sheet").sections
    assert [dict(section.facts)["Reel"] for section in sections] == ["R1", "R2"]
    starts = [row.values["in"] for row in sections[0].rows]
    assert starts == sorted(starts)


def test_a_cue_sheet_by_character_has_a_section_for_each_character():
    sections = made("cue-sheet", by="character").sections
    assert dict(sections[0].facts)["Character"] == "ROBIN / HOOD" or len(sections) > 20


def test_struck_cues_stay_in_the_sheet():
    (row,) = [row for row in made("cue-sheet").sections[0].rows if row.values["number"] == "R110"]
    assert row.state == "struck"
    assert row.values["status"] == "omitted"


def test_what_changed_since_the_last_paper_is_marked():
    document = made("cue-sheet", works=[paper_show.later(20)], earlier=[paper_show.reel(1, 20)])
    marks = {row.values["number"]: row.mark for row in document.rows if row.mark}
    assert marks == {"R101": "C", "R102": "M", "R103": "X", "R104A": "N"}
    assert ("M", "moved") in document.marks


def test_only_what_was_asked_for_is_in_a_report():
    document = made("cue-sheet", characters=("robin 2",), reels=("R2",))
    assert {(row.values["character"], row.values["reel"]) for row in document.rows} == {("ROBIN 2", "R2")}


def test_the_csv_holds_every_field_of_every_cue():
    rows = list(csv.DictReader(io.StringIO(drawn("cue-sheet", "csv").decode("utf-8-sig"))))
    assert len(rows) == 48
    assert rows[1]["Line"] == paper_show.LINES[1]


def test_a_form_that_a_kind_does_not_have_is_refused_with_those_that_it_has():
    with pytest.raises(UnknownOption, match="html"):
        drawn("cue-sheet", "docx")


@pytest.fixture
def work(tmp_path):
    path = tmp_path / "R1.otio"
    postsync.write(paper_show.reel(1, 12), path)
    return path


def test_the_command_writes_the_file_and_says_which(work, tmp_path):
    done = CliRunner().invoke(main, ["report", str(work), "--kind", "cue-sheet", "--out", str(tmp_path / "a b.html")])
    assert done.exit_code == 0, done.output
    assert "a b.html" in done.stdout
    assert "R101" in (tmp_path / "a b.html").read_text(encoding="utf-8")


def test_its_json_names_kind_form_and_files(work, tmp_path):
    how = ["report", str(work), "--kind", "line-count", "--out", str(tmp_path / "c.csv"), "--json"]
    told = json.loads(CliRunner().invoke(main, how).stdout)
    assert (told["kind"], told["form"], told["files"]) == ("line-count", "csv", [str(tmp_path / "c.csv")])


def test_an_unknown_kind_or_character_is_refused_with_those_that_there_are(work, tmp_path):
    with pytest.raises(UnknownOption, match="did you mean 'cue-sheet'"):
        verbs.report(work, "cue-shet", tmp_path / "x.pdf")
    with pytest.raises(UnknownOption, match="ROBIN 2"):
        verbs.report(work, "cue-sheet", tmp_path / "x.html", characters=("Nobody",))
    assert not (tmp_path / "x.html").exists()


def test_into_a_folder_each_character_gets_a_file(work, tmp_path):
    done = verbs.report(work, "cue-sheet", into=tmp_path / "out", as_form="html")
    assert (tmp_path / "out" / "ROBIN HOOD cue-sheet.html") in done.files
    assert len(done.files) == 12
