"""Reports: what stands in them, in every form, and that totals agree with the list."""

from __future__ import annotations

import csv
import io
import json
import random
from dataclasses import replace

import opentimelineio as otio
import pytest
from click.testing import CliRunner

import paper_show
import postsync
from postsync import verbs
from postsync.cli import main
from postsync.conforming import Maps, changes, reconform
from postsync.demo import unpack_example
from postsync.errors import CannotWrite, UnknownOption
from postsync.model import Code, Project, Reel, Vocabulary, cue_marker, timeline_facts
from postsync.paper.cue_report import report_rows
from postsync.paper.kinds import KINDS
from postsync.paper.lines import PaperOptions, Request
from postsync.report import Report
from postsync.timing import as_rate
from postsync_adapters.edl import EdlReadOptions, parse_text, timeline_of
from recuts import edl, old_reel, recut

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


def test_the_help_of_the_command_lists_every_kind_with_what_it_is_for():
    told = CliRunner().invoke(main, ["report", "--help"], terminal_width=200).stdout
    for kind in KINDS.values():
        assert kind.name in told
        assert kind.purpose in told


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


def test_of_several_names_and_reels_each_must_have_lines(work, tmp_path):
    for asked, told in (
        ({"characters": ("ROBIN 2", "Nobody")}, "no lines of Nobody"),
        ({"reels": ("R1", "R7")}, "no lines in reel R7; the reels are: R1"),
    ):
        with pytest.raises(UnknownOption, match=told):
            verbs.report(work, "cue-sheet", tmp_path / "x.html", **asked)


def test_a_character_who_is_not_in_the_reel_is_named_with_the_reel(work, tmp_path):
    postsync.write(paper_show.reel(2, 3), tmp_path / "R2.otio")
    both = [work, tmp_path / "R2.otio"]
    with pytest.raises(UnknownOption, match="no lines of ROBIN 9 in reel R2"):
        verbs.report(both, "cue-sheet", tmp_path / "x.html", characters=("ROBIN 9",), reels=("R2",))


@pytest.mark.parametrize("asked", [{"date": "2026-13-01"}, {"date": "9.3.2026"}, {"language": "ja"}, {"language": "x"}])
def test_a_date_that_is_no_day_and_a_language_without_words_are_refused(work, tmp_path, asked):
    with pytest.raises(UnknownOption, match=r"is no date|no words in"):
        verbs.report(work, "cue-sheet", tmp_path / "x.html", **asked)
    verbs.report(work, "cue-sheet", tmp_path / "x.html", date="2026-03-09", language="de_AT")


def test_a_work_in_which_no_cues_are_found_is_told_with_what_to_do(tmp_path):
    path = tmp_path / "empty.otio"
    postsync.write(paper_show.reel(1, 0), path)
    done = CliRunner().invoke(main, ["report", str(path), "--kind", "cue-sheet", "--out", str(tmp_path / "x.html")])
    assert done.exit_code == 0
    assert "1 work without cues (--all-markers" in done.stderr
    with pytest.raises(CannotWrite, match="--all-markers"):
        verbs.report(path, "sides", into=tmp_path / "Scripts")
    assert not (tmp_path / "Scripts").exists()


MARKER_LIST = "Anna\t01:00:10:12\tV1\tgreen\tADR: Come here\t1\nAnna\t01:00:20:00\tV1\tgreen\tADR: Go\t1\n"


def test_the_earlier_state_is_read_at_the_rate_of_the_work(tmp_path):
    for name in ("old.txt", "new.txt"):
        (tmp_path / name).write_text(MARKER_LIST, encoding="utf-8")
    how = {"earlier": [tmp_path / "old.txt"], "rate": as_rate("30"), "all_markers": True}
    verbs.report(tmp_path / "new.txt", "changes", tmp_path / "x.csv", **how)
    assert len(list(csv.reader(io.StringIO((tmp_path / "x.csv").read_text(encoding="utf-8-sig"))))) == 1


def test_cues_of_marker_lists_are_known_again_where_they_moved_or_changed(tmp_path):
    later = MARKER_LIST.replace("01:00:20:00", "01:00:21:00").replace("Come here", "Come over here")
    (tmp_path / "May.txt").write_text(MARKER_LIST, encoding="utf-8")
    (tmp_path / "June.txt").write_text(later, encoding="utf-8")
    how = {"earlier": [tmp_path / "May.txt"], "rate": as_rate("24"), "all_markers": True}
    verbs.report(tmp_path / "June.txt", "changes", tmp_path / "x.csv", **how)
    rows = csv.DictReader(io.StringIO((tmp_path / "x.csv").read_text(encoding="utf-8-sig")))
    assert [(row["Line"], row["Since then"]) for row in rows] == [("Come over here", "changed"), ("Go", "moved")]


def test_a_cue_of_our_own_work_that_was_replaced_by_another_is_gone(tmp_path):
    was, now = (replace(paper_show.cue(1, 1), uid=uid) for uid in ("WASQRSTX", "NEWQRSTX"))
    for name, one in (("old", was), ("new", now)):
        postsync.write(paper_show.reel(1, 0, extra=(one,)), tmp_path / f"{name}.otio")
    verbs.report(tmp_path / "new.otio", "changes", tmp_path / "x.csv", earlier=[tmp_path / "old.otio"])
    rows = csv.DictReader(io.StringIO((tmp_path / "x.csv").read_text(encoding="utf-8-sig")))
    assert [row["Since then"] for row in rows] == ["new", "gone"]


def test_an_earlier_state_of_another_program_is_read_as_what_it_is(tmp_path):
    (tmp_path / "old.txt").write_text(MARKER_LIST, encoding="utf-8")
    postsync.write(paper_show.reel(1, 2), tmp_path / "R1.otio")
    how = {"earlier": [tmp_path / "old.txt"], "from_format": "otio", "rate": as_rate("24"), "all_markers": True}
    done = verbs.report(tmp_path / "R1.otio", "changes", tmp_path / "x.csv", **how)
    assert "gone" in done.files[0].read_text(encoding="utf-8-sig")


def test_lines_of_nobody_get_a_script_too_and_capitals_make_no_second_one(tmp_path):
    more = [
        replace(paper_show.cue(1, 1), uid=f"NEWQRST{letter}", character=who, record_in=place, record_out=place + 9)
        for place, (letter, who) in enumerate([("X", None), ("Y", "Anna"), ("Z", "ANNA")])
    ]
    postsync.write(paper_show.reel(1, 0, extra=tuple(more)), tmp_path / "R1.otio")
    done = verbs.report(tmp_path / "R1.otio", "sides", into=tmp_path / "Scripts", as_form="csv")
    rows = {path.name: path.read_text(encoding="utf-8-sig").count("\n") - 1 for path in done.files}
    assert rows == {"(no character) sides.csv": 1, "Anna sides.csv": 2}


def test_a_file_of_several_timelines_is_refused_with_their_names(tmp_path):
    both = otio.schema.SerializableCollection()
    both.extend([paper_show.reel(1, 2), paper_show.reel(2, 2)])
    path = tmp_path / "both.otio"
    otio.adapters.write_to_file(both, str(path))
    with pytest.raises(UnknownOption, match="R2 v12"):
        verbs.report(path, "cue-sheet", tmp_path / "x.html")
    verbs.report(path, "cue-sheet", tmp_path / "x.html", timeline="R2 v12")
    assert "R201" in (tmp_path / "x.html").read_text(encoding="utf-8")


def test_into_a_folder_each_character_gets_a_file(work, tmp_path):
    done = verbs.report(work, "cue-sheet", into=tmp_path / "out", as_form="html")
    assert (tmp_path / "out" / "ROBIN HOOD cue-sheet.html") in done.files
    assert len(done.files) == 12


def script(**how):
    return made("sides", characters=("ROBIN 2",), **how)


def test_an_actors_script_holds_his_lines_that_stand_and_no_reasons_or_notes():
    document = script(works=[paper_show.reel(1, 100)])
    own = [row.values for row in document.rows if row.state != "context"]
    assert [row["number"] for row in own] == ["R102", "R142", "R182"]
    printed = {key for column in document.columns for key in column.fields} | {one.key for one in document.fields}
    assert not printed & {"reasons", "reason_note", "note", "engineer_note"}


def test_the_lines_before_and_after_stand_in_grey_with_their_speakers():
    around = [row.values["who"] for row in script().sections[0].rows if row.state == "context"]
    assert around == ["ROBIN 1", "ROBIN 3"]
    assert all(row.state == "" for row in script(context=False).rows)


def test_a_script_breaks_the_page_between_reels_and_leaves_struck_lines_out():
    sections = made("sides", works=paper_show.feature(2, 60), characters=("ROBIN 10",)).sections
    assert [dict(section.facts)["Reel"] for section in sections] == ["R1", "R2"]
    assert "R110" not in {row.values["number"] for section in sections for row in section.rows}


def test_a_session_page_counts_lines_and_running_time():
    rows = made("session", works=[paper_show.reel(1, 3)]).rows
    assert [row.values["place"] for row in rows] == ["1 of 3", "2 of 3", "3 of 3"]
    assert [row.values["running"] for row in rows] == ["0:02", "0:03", "0:05"]


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
def test_the_recordists_log_reads_back_as_takes(language, tmp_path):
    path = tmp_path / "log.csv"
    path.write_bytes(drawn("recordist-log", "csv", language=language))
    from postsync.verbs.take_logs import read_take_logs

    rows = read_take_logs([path], Report()).rows
    takes = [take for reel in (1, 2) for number in range(24) for take in takes_of(reel, number)]
    assert [(row.cue, row.take, row.file, bool(row.circled), row.note) for row in rows] == takes


def takes_of(reel: int, number: int):
    cue = paper_show.cue(reel, number)
    return [
        (cue.number, take["take"], take["file"], take["selected"] == "circled", take["note"])
        for take in cue.takes
        if cue.status != "omitted"
    ]


def test_a_comment_that_looks_like_a_formula_comes_back_as_it_was(tmp_path):
    cue = paper_show.cue(1, 5)
    cue = replace(cue, takes=({**cue.takes[0], "note": "-No! =1"},))
    path = tmp_path / "log.csv"
    path.write_bytes(drawn("recordist-log", "csv", works=[paper_show.reel(1, 0, extra=(cue,))]))
    from postsync.verbs.take_logs import read_take_logs

    assert [row.note for row in read_take_logs([path], Report()).rows] == ["-No! =1"]


def test_the_workbook_of_the_log_reads_back_too(tmp_path):
    path = tmp_path / "log.xlsx"
    path.write_bytes(drawn("recordist-log", "xlsx"))
    from postsync.verbs.take_logs import read_take_logs

    assert [row.take for row in read_take_logs([path], Report()).rows if row.take] == ["1", "2"] * 8


def test_the_directors_list_goes_by_scene_with_who_asked():
    document = made("directors-list")
    assert [dict(section.facts)["Scene"] for section in document.sections] == ["1", "2", "3"]
    assert document.rows[0].values["requested_by"] == "Anna"


def test_the_group_list_holds_the_group_and_nothing_else():
    names = {row.values["character"] for row in made("group-list", works=paper_show.feature(1, 100)).rows}
    assert names == {"CROWD"}


def test_a_reel_that_is_only_a_number_is_called_a_reel_where_nothing_heads_it(tmp_path):
    reel = unpack_example(tmp_path)
    page = verbs.report(reel, "missed-lines", tmp_path / "missed.html").files[0].read_text(encoding="utf-8")
    assert '<small dir="auto">Reel 1</small>' in page
    assert '<small dir="auto">1</small>' not in page


def test_missed_and_recorded_lines_together_are_all_lines_that_stand():
    missed, recorded, every = (made(kind).rows for kind in ("missed-lines", "as-recorded", "cue-sheet"))
    numbers = sorted(row.values["number"] for row in (*missed, *recorded))
    assert numbers == sorted(row.values["number"] for row in every if row.state != "struck")


def test_progress_agrees_with_the_line_count():
    done, counted = total(made("progress")), total(made("line-count"))
    for key in ("lines", "count.recorded", "count.left"):
        assert done[key] == counted[key]


def test_the_schedule_adds_up_to_the_same_lines_and_minutes():
    booked, counted = total(made("schedule")), total(made("line-count"))
    assert (booked["lines"], booked["minutes"]) == (counted["lines"], counted["minutes"])


def test_a_cover_stands_beside_the_words_of_the_cinema():
    first = made("tv-cover").rows[0].values
    assert (first["theatrical_line"], first["tv_line"]) == ("Hold there, damn it!", paper_show.LINES[0])


def test_a_cover_without_words_of_its_own_names_the_line_that_it_covers():
    cover = replace(paper_show.cue(1, 1), uid="TVTVTVTV", number="R101TV", line="Come.", uses=("tv",))
    document = made("tv-cover", works=[paper_show.reel(1, 3, extra=(cover,))])
    (row,) = [row.values for row in document.rows if row.values["number"] == "R101TV"]
    assert (row["covers"], row["theatrical_line"]) == ("R101", paper_show.LINES[1])


def test_the_change_report_says_from_where_to_where_and_what_changed():
    document = made("changes", works=[paper_show.later(20)], earlier=[paper_show.reel(1, 20)])
    rows = {row.values["number"]: row.values for row in document.rows}
    assert (rows["R102"]["old_in"], rows["R102"]["in"]) == ("01:00:08:08", "01:00:09:04")
    assert rows["R102"]["moved"] == "+00:00:00:20"
    assert rows["R101"]["changed"] == "Line"
    assert rows["R101"]["old_line"] == f"was: {paper_show.LINES[1]}"
    assert rows["R104A"]["old_in"] == ""
    assert document.notes == ("17 unchanged.",)


def test_a_cue_that_the_list_no_longer_has_is_reported_as_gone():
    document = made("changes", works=[paper_show.reel(1, 19)], earlier=[paper_show.reel(1, 20)])
    (row,) = document.rows
    assert (row.values["number"], row.values["mark"], row.state) == ("R119", "gone", "struck")


def test_after_a_reconform_the_change_report_needs_no_earlier_state():
    record = {
        "status": "tail-trimmed", "delta": -14, "flags": [], "frames": 6, "fragments": [], "old_in": 0, "old_out": 0,
        "was": {"record_in": 114, "record_out": 154, "start_frame": 86400, "rate": "24/1"},
    }  # fmt: skip
    cue = replace(paper_show.cue(1, 1), uid="MVMVMVMV", number="R190", record_in=100, record_out=134, reconform=record)
    document = made("changes", works=[paper_show.reel(1, 3, extra=(cue,))])
    (row,) = document.rows
    assert row.values["moved"] == "-00:00:00:14"
    assert row.values["todo"] == "check the end: 6 frames of picture are gone"


def test_the_questions_are_those_of_check_and_the_lines_that_wait():
    document = made("questions")
    codes = {row.values.get("code") for row in document.rows}
    waiting = [row for row in document.rows if "to be written" in str(row.values["question"])]
    assert len(waiting) == 4
    assert None in codes


def test_a_continuity_counts_every_line_that_stands_in_a_scene():
    rows = made("continuity").rows
    assert sum(row.values["lines"] for row in rows) == total(made("line-count"))["lines"]


def test_feet_and_frames_count_from_the_beginning_of_the_reel_and_say_their_film():
    document = made("cue-sheet", works=[paper_show.reel(2, 3)], feet="35mm-4perf")
    assert [row.values["feet"] for row in document.rows] == ["0+00", "6+04", "12+08"]
    assert dict(document.sections[0].facts)["Feet"] == "35mm-4perf, 24 fps"


def test_feet_of_a_timeline_of_several_reels_count_from_each():
    project = replace(paper_show.PROJECT, reels=(Reel("1", "01:00:00:00"), Reel("2", "01:00:04:00")))
    document = made("cue-sheet", works=[paper_show.reel(1, 2)], project=project, feet="35mm-4perf")
    assert [row.values["feet"] for row in document.rows] == ["0+00", "0+04"]


def test_a_record_of_a_reconform_that_is_damaged_is_left_aside():
    cue = replace(paper_show.cue(1, 1), uid="MVMVMVMV", reconform={"status": "moved", "was": {"record_in": "soon"}})
    assert made("changes", works=[paper_show.reel(1, 1, extra=(cue,))]).rows[0].values["old_in"] == ""


def test_the_whole_set_is_every_report_and_a_script_for_each_actor(work, tmp_path):
    done = verbs.report(work, "all", into=tmp_path / "Paper", as_form="html")
    names = {path.relative_to(tmp_path / "Paper").as_posix() for path in done.files}
    assert {f"{kind}.html" for kind in KINDS if not KINDS[kind].for_each} <= names
    assert "sides/ROBIN HOOD sides.html" in names


def test_title_supervisor_and_cast_numbers_that_a_session_states_stand_on_paper():
    extra = {"title": "The Crossing", "supervisor": "N. Levinson", "cast_number": "102"}
    cue = replace(paper_show.cue(1, 1), extra=extra)
    document = made("line-count", works=[paper_show.reel(1, 0, extra=(cue,))], project=Project())
    assert document.title == "The Crossing"
    assert ("Supervisor", "N. Levinson") in document.facts
    assert document.rows[0].values["cast_number"] == "102"


def test_a_session_page_counts_the_minutes_that_are_budgeted():
    rows = made("session", works=[paper_show.reel(1, 3)]).rows
    assert [row.values["running_minutes"] for row in rows] == ["5.0", "10.0", "15.0"]


def test_house_words_stand_on_paper_instead_of_ours():
    words = Vocabulary()
    house = replace(words, reasons=words.reasons.with_codes([Code("noise", "Set noise", ("N",))]))
    document = made("cue-sheet", project=replace(paper_show.PROJECT, vocabulary=house))
    assert "Set noise" in {row.values["reasons"] for row in document.rows}


def test_after_a_reconform_the_change_report_says_what_the_reconform_said(tmp_path):
    rng = random.Random(11)
    shots = old_reel(rng, 60)
    new_shots, _ = recut(rng, shots, 12)
    old, new = (timeline_of(parse_text(edl(one, "R1")), Report(), EdlReadOptions()) for one in (shots, new_shots))
    work = old.deepcopy()
    facts = timeline_facts(old)
    cues = [
        replace(paper_show.cue(1, place), record_in=300 + 150 * place, record_out=340 + 150 * place)
        for place in range(20)
    ]
    work.tracks.markers.extend(cue_marker(cue, facts) for cue in cues)
    outcome = reconform(work, Maps(changes(old, new)), new, old)
    told = {row["UID"]: row for row in report_rows(outcome) if row["What"] == "cue"}
    document = made("changes", works=outcome.timelines)
    shown = {row.values["number"]: row.values for row in document.rows if row.values["number"]}
    by_uid = {cue.uid: cue.number for cue in cues}
    moved = {by_uid[uid]: row for uid, row in told.items() if row["Status"] != "unchanged" and uid in by_uid}
    assert moved
    for number, row in moved.items():
        seen = shown[number]
        assert (seen["old_in"], seen["old_out"]) == (row["Old in"], row["Old out"])
        assert seen["state"] == row["Status"]
        assert seen["todo"] == row["Check"]
        if row["New in"]:
            assert seen["in"] == row["New in"]
