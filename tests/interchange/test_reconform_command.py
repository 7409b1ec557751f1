"""The commands `diff` and `reconform`, what they write, the page, and the manual of both."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import opentimelineio as otio
import pytest

import postsync
from moved_works import (
    AT_THE_CUT,
    IN_B,
    IN_C,
    NEW,
    OLD,
    by_number,
    cue,
    cut,
    run,
    work,
)
from postsync import verbs
from postsync.conforming import (
    FLAGS,
    STATUSES,
    Maps,
    changes,
    changes_of_timeline,
    reconform,
)
from postsync.errors import CannotWrite, FormatError, RateError, UnknownFormat
from postsync.model import (
    TimelineFacts,
    cue_marker,
    put_timeline_facts,
    timeline_cues,
    timeline_facts,
)
from postsync.timing import as_rate
from recuts import START


@pytest.fixture
def files(tmp_path) -> Path:
    for name, shots in (("R1 v1", OLD), ("R1 v2", NEW)):
        postsync.write(cut(*shots, name=name), tmp_path / f"{name}.edl")
    postsync.write(
        work(IN_B, IN_C, AT_THE_CUT, clips=(("ADR 1", "R2_tk3", Fraction(25, 2), "AAAAAAA2"),)), tmp_path / "R1.otio"
    )
    return tmp_path


def test_diff_prints_the_change_list_and_writes_what_was_asked_for(files):
    out, page = files / "changes.edl", files / "changes.html"
    done = run(
        "diff", files / "R1 v1.edl", files / "R1 v2.edl", "--out", out, "--page", page, "--list", files / "c.txt"
    )
    assert (done.exit_code, "Difference +24 frames" in done.stdout) == (0, True)
    assert changes_of_timeline(postsync.read(out)[0]).pieces == changes(cut(*OLD), cut(*NEW)).pieces
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_two_cuts_of_one_title_are_called_by_their_files(files):
    for name in ("R1 v1.edl", "R1 v2.edl"):
        text = (files / name).read_text()
        (files / name).write_text(re.sub("TITLE: .*", "TITLE: REEL 1", text))
    done = run("diff", files / "R1 v1.edl", files / "R1 v2.edl")
    assert "Change list: R1 v1.edl to R1 v2.edl" in done.stdout


def test_diff_gives_the_document_that_programs_rely_on(files):
    document = json.loads(run("diff", files / "R1 v1.edl", files / "R1 v2.edl", "--json").stdout)
    assert document["schema"] == "postsync.changes/1"
    assert document["rate"] == "24/1"
    piece = document["pieces"][0]
    assert {"new_in", "new_out", "old_in", "ratio", "kind", "evidence", "confidence"} <= set(piece)
    assert (piece["new_in"], piece["new_out"], piece["old_in"], piece["ratio"]) == (START, START + 216, START, "1/1")
    assert (document["inserted"], document["deleted"]) == ([[START + 456, START + 504]], [[START + 216, START + 240]])


def test_reconform_writes_the_moved_work_and_its_reports(files):
    into = files / "R1 v2"
    done = run(
        "reconform", files / "R1 v1.edl", files / "R1 v2.edl", files / "R1.otio", "--into", into,
        "--markers", "resolve_marker_edl", "--as", "avid_markers", "--date", "2026-03-01", "--json",
    )  # fmt: skip
    assert done.exit_code == 0, done.stderr
    document = json.loads(done.stdout)
    assert document["schema"] == "postsync.reconform/1"
    assert document["counts"] == {"moved": 2, "shortened": 1}
    row = {one["number"]: one for one in document["cues"]}["R2"]
    assert (row["uid"], row["status"], row["delta"], row["old_in"], row["new_in"]) == (
        "AAAAAAA2", "moved", -24, START + 300, START + 276,
    )  # fmt: skip
    names = {path.name for path in into.iterdir()}
    ends = (
        ".otio",
        ".cues.json",
        " reconform.csv",
        " reconform.json",
        " changes.txt",
        " changes.edl",
        " reconform.html",
    )
    assert {f"R1{end}" for end in ends} | {"R1 status markers.edl", "R1.txt"} <= names
    marks = (into / "R1 status markers.edl").read_text(encoding="utf-8")
    assert (marks.count("ResolveColorGreen"), marks.count("ResolveColorLemon"), "{adr" in marks) == (2, 1, False)
    assert "check sync after it" in marks
    moved = by_number(postsync.read(into / "R1.otio")[0])["R2"]
    assert moved.history[-1].old == "01:00:12:12"
    assert moved.history[-1].new == "01:00:11:12"


def test_a_second_run_writes_the_same_bytes(files):
    def contents():
        run(
            "reconform",
            files / "R1 v1.edl",
            files / "R1 v2.edl",
            files / "R1.otio",
            "--into",
            files / "out",
            "--date",
            "x",
        )
        return {path.name: path.read_bytes() for path in sorted((files / "out").iterdir())}

    assert contents() == contents()


def test_an_unchanged_cut_leaves_the_cue_document_byte_for_byte(files):
    run("convert", files / "R1.otio", files / "R1.cues.json")
    before = (files / "R1.cues.json").read_bytes()
    done = run("reconform", files / "R1 v1.edl", files / "R1 v1.edl", files / "R1.cues.json", "--into", files / "same")
    assert done.exit_code == 0, done.output
    assert (files / "same" / "R1.cues.json").read_bytes() == before


def test_the_work_is_never_written_over(files):
    done = run("reconform", files / "R1 v1.edl", files / "R1 v2.edl", files / "R1.otio", "--into", files)
    assert (done.exit_code, "choose another folder" in done.stderr) == (CannotWrite.exit_code, True)


def test_undo_is_a_command_too(files):
    into = files / "R1 v2"
    run("reconform", files / "R1 v1.edl", files / "R1 v2.edl", files / "R1.otio", "--into", into)
    done = run(
        "reconform", files / "R1 v1.edl", files / "R1 v2.edl", into / "R1.otio", "--undo", "--into", files / "back"
    )
    assert done.exit_code == 0, done.output
    back, was = (timeline_cues(postsync.read(path)[0]) for path in (files / "back" / "R1.otio", files / "R1.otio"))
    assert [replace(one, history=()) for one in back] == was


@pytest.fixture
def moved_files(files) -> Path:
    """The files, and the work on its new cut in `R1 v2`."""
    run("reconform", files / "R1 v1.edl", files / "R1 v2.edl", files / "R1.otio", "--into", files / "R1 v2")
    return files


def undone(files: Path, old: Path, work: Path, *more: object):
    return run("reconform", old, files / "R1 v2.edl", work, "--undo", "--into", files / "back", *more)


def test_undo_onto_a_cut_of_another_rate_is_refused(moved_files):
    done = undone(moved_files, moved_files / "R1 v1.edl", moved_files / "R1 v2" / "R1.otio", "--rate", 25)
    assert (done.exit_code, (moved_files / "back").exists()) == (RateError.exit_code, False)
    assert "counted at another rate before its last reconform, expected 24, found 25, the rate of R1 v1" in done.stderr


def test_undo_onto_another_programme_is_refused(moved_files):
    postsync.write(cut(("P", 5, 97), ("Q", 5, 101), ("R", 5, 203), ("S", 5, 307)), moved_files / "R7 v1.edl")
    done = undone(moved_files, moved_files / "R7 v1.edl", moved_files / "R1 v2" / "R1.otio")
    assert (done.exit_code, (moved_files / "back").exists()) == (FormatError.exit_code, False)
    assert "the picture of the work is not in the cuts" in done.stderr


def test_undo_goes_one_reconform_at_a_time(moved_files):
    files = moved_files
    postsync.write(cut(*NEW[1:], name="R1 v3"), files / "R1 v3.edl")
    run("reconform", files / "R1 v2.edl", files / "R1 v3.edl", files / "R1 v2" / "R1.otio", "--into", files / "R1 v3")
    done = undone(files, files / "R1 v1.edl", files / "R1 v3" / "R1.otio")
    assert done.exit_code == FormatError.exit_code
    assert "expected R1 v2, the cut before its last reconform, found R1 v1; take it back one" in done.stderr
    assert undone(files, files / "R1 v2.edl", files / "R1 v3" / "R1.otio").exit_code == 0


def test_undo_onto_the_cut_that_the_work_stands_on_now_is_refused(moved_files):
    done = undone(moved_files, moved_files / "R1 v2.edl", moved_files / "R1 v2" / "R1.otio")
    assert done.exit_code == FormatError.exit_code
    assert "stands on this cut now, expected R1 v1, the cut before its last reconform, found R1 v2; give" in done.stderr


def test_undo_takes_the_old_cut_from_another_format_too(moved_files):
    run("convert", moved_files / "R1 v1.edl", moved_files / "R1 v1.xml")
    done = undone(moved_files, moved_files / "R1 v1.xml", moved_files / "R1 v2" / "R1.otio")
    assert done.exit_code == 0, done.output


def episodes(folder: Path) -> tuple[Path, Path, Path]:
    places = folder / "old", folder / "new", folder / "work"
    for place in places:
        place.mkdir()
    for number in (1, 2):
        postsync.write(cut(*OLD), places[0] / f"EP10{number} v12.edl")
        postsync.write(cut(*NEW), places[1] / f"EP10{number}_v13.edl")
        postsync.write(work(IN_B, IN_C), places[2] / f"EP10{number}.otio")
    return places


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_folder_of_episodes_is_done_at_once(tmp_path, jobs):
    done = run("reconform", *episodes(tmp_path), "--into", tmp_path / "out", "--jobs", jobs, "--json")
    assert done.exit_code == 0, done.output
    document = json.loads(done.stdout)
    assert [(one["name"], one["counts"]) for one in document["episodes"]] == [
        ("EP101", {"moved": 2}),
        ("EP102", {"moved": 2}),
    ]
    assert (tmp_path / "out" / "EP102" / "EP102.otio").is_file()


def test_one_broken_episode_is_said_and_the_others_are_done(tmp_path):
    places = episodes(tmp_path)
    (places[1] / "EP101_v13.edl").write_text("no list at all\n")
    done = run("reconform", *places, "--into", tmp_path / "out")
    assert (done.exit_code, "EP101_v13.edl" in done.output) == (1, True)
    assert (tmp_path / "out" / "EP102" / "EP102.otio").is_file()


def test_an_episode_without_its_cut_is_refused_by_name(tmp_path):
    places = episodes(tmp_path)
    (places[0] / "EP101 v12.edl").unlink()
    with pytest.raises(UnknownFormat, match=r"EP101\.otio"):
        verbs.reconform_folder(*places, tmp_path / "out")


def test_a_programme_of_several_reels_is_one(tmp_path):
    for folder, shots in (("old", OLD), ("new", NEW)):
        (tmp_path / folder).mkdir()
        postsync.write(cut(*shots), tmp_path / folder / "R1.edl")
        text = (tmp_path / folder / "R1.edl").read_text().replace("R1", "R2").replace(" 01:00:", " 02:00:")
        (tmp_path / folder / "R2.edl").write_text(text)
    found = verbs.diff(tmp_path / "old", tmp_path / "new", out=tmp_path / "c.edl", reels=True)
    assert [reel.name for reel in found.changes.new.reels] == ["R1", "R2"]
    assert {path.name for path in found.written} == {"c R1.edl", "c R2.edl"}


def test_a_list_that_leaves_24_or_23_976_open_takes_the_rate_of_the_work(tmp_path, files):
    given = work(IN_B)
    put_timeline_facts(given, TimelineFacts(as_rate("23.976"), START))
    postsync.write(given, tmp_path / "W.otio")
    done = verbs.reconform(files / "R1 v1.edl", files / "R1 v2.edl", tmp_path / "W.otio", tmp_path / "out")
    assert done.outcome.maps.picture.new.rate.name == "23.976"
    assert by_number(done.outcome.timelines[0])["R2"].record_in == 276


def test_a_work_at_another_rate_than_the_cuts_is_refused_in_one_sentence(files):
    cuts = files / "R1 v1.edl", files / "R1 v2.edl"
    done = run("reconform", *cuts, files / "R1.otio", "--into", files / "o", "--rate", 25)
    assert (done.exit_code, (files / "o").exists()) == (RateError.exit_code, False)
    assert "expected 25, the rate of R1 v1, found 24 in" in done.stderr


def test_a_work_of_twice_as_many_frames_goes_along_and_the_report_says_so(tmp_path, files):
    given = otio.schema.Timeline("stage")
    put_timeline_facts(given, TimelineFacts(as_rate("48"), 2 * START))
    given.tracks.markers.append(cue_marker(cue("AAAAAAA2", 600, 700), timeline_facts(given), "Robin"))
    postsync.write(given, tmp_path / "W.otio")
    done = verbs.reconform(files / "R1 v1.edl", files / "R1 v2.edl", tmp_path / "W.otio", tmp_path / "out")
    assert [moved.fate.delta for moved in done.outcome.cues] == [-24]
    assert "times put on another frame rate" in " ".join(loss.sentence() for loss in done.report)


def test_a_work_whose_picture_neither_cut_has_is_refused_and_its_cues_alone_are_not(files):
    other = cut(("P", 5, 97), ("Q", 5, 101), ("R", 5, 203), ("S", 5, 307))
    other.tracks.markers.append(cue_marker(IN_B, timeline_facts(other), "Robin"))
    postsync.write(other, files / "R7.otio")
    given = files / "R1 v1.edl", files / "R1 v2.edl"
    done = run("reconform", *given, files / "R7.otio", "--into", files / "out")
    assert (done.exit_code, "the picture of the work is not in the cuts" in done.stderr) == (
        FormatError.exit_code,
        True,
    )
    run("convert", files / "R7.otio", files / "R7.cues.json")
    assert run("reconform", *given, files / "R7.cues.json", "--into", files / "out").exit_code == 0


def test_a_work_that_calls_its_sources_otherwise_is_known_by_its_edits(files):
    lengths = [length for _, _, length in OLD]
    postsync.write(cut(*((f"clip {place}", 7, length) for place, length in enumerate(lengths))), files / "R7.otio")
    done = run("reconform", files / "R1 v1.edl", files / "R1 v2.edl", files / "R7.otio", "--into", files / "out")
    assert done.exit_code == 0, done.output


def test_a_cut_without_clips_is_refused_in_one_sentence(files):
    run("convert", files / "R1.otio", files / "R1.cues.json")
    done = run("diff", files / "R1.cues.json", files / "R1 v2.edl")
    assert (done.exit_code, "nothing to compare" in done.stderr) == (FormatError.exit_code, True)


def test_cuts_in_one_file_are_named(files):
    both = otio.schema.SerializableCollection("cuts", [cut(*OLD, name="v1"), cut(*NEW, name="v2")])
    otio.adapters.write_to_file(both, str(files / "cuts.otio"))
    where = files / "cuts.otio"
    assert run("diff", where, where).exit_code == 2
    done = run("diff", where, where, "--old-timeline", "v1", "--new-timeline", "v2")
    assert "Difference +24 frames" in done.stdout


# --------------------------------------------------------------------------------------------------------------- the page


def test_the_page_stands_alone_and_shows_both_cuts_and_every_cue(files):
    run("reconform", files / "R1 v1.edl", files / "R1 v2.edl", files / "R1.otio", "--into", files / "out")
    page = (files / "out" / "R1 reconform.html").read_text(encoding="utf-8")
    assert "default-src 'none'" in page
    assert not [word for word in ("<script", "http://", "https://", "url(") if word in page]
    for words in ("R1 v1", "R1 v2", "line 2", "shortened", "insert: 48 frames", "trim tail: 24 frames"):
        assert words in page


def test_the_page_counts_what_needs_ears_once(files):
    run("reconform", files / "R1 v1.edl", files / "R1 v2.edl", files / "R1.otio", "--into", files / "out", "--json")
    page = (files / "out" / "R1 reconform.html").read_text(encoding="utf-8")
    facts = re.search(r"To be heard and looked at <b>(\d+)</b>", page)
    table = re.search(r"<h2>To be heard and looked at: (\d+)</h2>", page)
    assert facts is not None and table is not None
    assert facts[1] == table[1] == "1"


def test_a_page_of_hostile_texts_is_only_text(tmp_path):
    given = work(replace(IN_B, line="<script>alert(1)</script> & \x07", number='"><b>'))
    old, new = cut(*OLD), cut(*NEW, name="<i>v2")
    from postsync.paper.conform_page import conform_page

    page = conform_page(reconform(given, Maps(changes(old, new)), new, old))
    assert not [word for word in ("<script>", '"><b>', "<i>v2", "\x07") if word in page]


def test_a_csv_never_runs_as_a_formula():
    from postsync.paper.cue_report import report_csv

    given = work(replace(IN_B, line="=HYPERLINK(1)"))
    old, new = cut(*OLD), cut(*NEW)
    text = report_csv(reconform(given, Maps(changes(old, new)), new, old)).decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in text
    assert ",moved," in text


# ------------------------------------------------------------------------------------------------------------ the manual

MANUAL = Path(__file__).resolve().parents[2] / "docs" / "reconform.md"


def test_the_examples_of_the_manual_run(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for folder in ("cuts", "works"):
        Path(folder).mkdir()
    for version, shots in enumerate((OLD, NEW, NEW[:2]), 1):
        postsync.write(cut(*shots), f"cuts/R1 v{version}.edl")
    postsync.write(work(IN_B, IN_C), "works/R1.otio")
    watching, in_memory = re.findall(
        r"<!-- run by the tests -->\n```python\n(.*?)```", MANUAL.read_text("utf-8"), re.DOTALL
    )
    assert len([line for line in watching.splitlines() if line.strip()]) <= 20
    exec(watching.replace("while True:\n    look()\n    time.sleep(5)", "look()\nlook()"), {})
    printed = capsys.readouterr().out.splitlines()
    assert printed == ["R1 v2.edl {'moved': 2} 0 to be heard", "R1 v3.edl {'unchanged': 1, 'lost': 1} 1 to be heard"]
    exec(in_memory, {})
    assert capsys.readouterr().out.split() == [str(START + 324)]
    assert by_number(postsync.read("R1 on v2.otio")[0])["R2"].record_in == 276


def test_the_manual_names_every_status_and_flag():
    text = MANUAL.read_text(encoding="utf-8")
    assert not [word for word in (*STATUSES, *FLAGS) if f"`{word}`" not in text]
