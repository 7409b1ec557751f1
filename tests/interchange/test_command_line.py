"""The command: parse, do, print, and the right exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from postsync import demo as packaged
from postsync.cli import main

DEMO = Path(packaged.REEL) / "The Crossing R1.fcpxml"
MARKERS = Path(packaged.EXAMPLE) / "from Resolve" / "The Crossing R1 markers.edl"


def run(*words: object):
    return CliRunner(env={"COLUMNS": None}).invoke(main, [str(word) for word in words], prog_name="postsync")


def test_help_teaches_each_verb_with_an_example():
    top = run("--help").output
    for name in ("inspect", "cues", "convert", "turnover", "formats", "demo"):
        assert name in top
        assert run(name, "--help").exit_code == 0
    assert "Example: postsync turnover" in run("turnover", "--help").output


def test_inspect_prints_one_document_with_every_field():
    done = run("inspect", DEMO, "--json")
    assert done.exit_code == 0
    document = json.loads(done.stdout)
    (timeline,) = document["timelines"]
    assert document["schema"] == "postsync.inspect/1"
    assert (timeline["rate"], timeline["start_timecode"], timeline["drop_frame"]) == (
        "24000/1001",
        "01:00:00:00",
        False,
    )
    clip = next(track for track in timeline["tracks"] if track["kind"] == "audio")["items"][0]
    assert (clip["record_in"], clip["source_in"], clip["source_timecode"]) == ("0/1", "1001/2000", "14:12:07:12")
    assert {
        "gain_db",
        "gain_points",
        "fade_in",
        "fade_out",
        "note",
        "media",
        "sources",
        "origin",
        "lane",
        "muted",
    } <= set(clip)
    marker = timeline["markers"][0]
    assert (marker["timecode"], marker["kind"], marker["cue"]["number"]) == ("01:00:00:08", "to-do", "R101")


def test_inspect_and_cues_draw_tables_for_people():
    assert "Dialogue Boom" in run("inspect", DEMO).output
    listed = run("cues", DEMO).output
    assert "R104" in listed and "ЮРИЙ" in listed and "5 cues" in listed


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("R1.txt", "jo\t01:00:01:00\tV1\tred\tdarker here\t1\njo\t01:00:02:00\tV1\tred\tbright\t1\n",
         "0 cues: 2 markers, of which none reads as a cue: --all-markers takes all of them"),
        ("R1.srt", "1\n00:00:01,000 --> 00:00:02,000\nR101 ROSA: hello\n",
         "0 cues: 1 caption, of which none reads as a cue: --all-markers takes all of them"),
        ("R1.edl", "TITLE: R1\nFCM: NON-DROP FRAME\n\n", "0 cues: no marker stands in the timeline"),
    ],
)  # fmt: skip
def test_a_file_without_cues_says_why_there_are_none(tmp_path, name, text, said):
    (tmp_path / name).write_text(text)
    done = run("cues", tmp_path / name, "--rate", "25")
    assert (done.exit_code, " ".join(done.stdout.split())) == (0, said)


def test_a_turnover_of_nothing_is_a_loss_and_says_so(tmp_path):
    (tmp_path / "R1.srt").write_text("1\n00:00:01,000 --> 00:00:02,000\nR101 ROSA: hello\n")
    done = run("turnover", tmp_path / "R1.srt", "--into", tmp_path / "out", "--rate", "25")
    assert "1 caption, of which none reads as a cue" in " ".join(done.stdout.split())
    assert "! nothing turned over: no sound clip and no cue" in done.stderr


def test_a_uid_is_shown_where_a_file_holds_it_and_not_before(tmp_path):
    uids = [cue["uid"] for cue in json.loads(run("cues", DEMO, "--json").stdout)["cues"]]
    assert "uid" not in run("cues", DEMO).stdout
    for name in ("R1.otio", "R1.aaf", "R1.csv"):
        assert run("convert", DEMO, tmp_path / name).exit_code == 0
        shown = run("cues", tmp_path / name).stdout
        assert all(uid in shown for uid in uids), name


def test_a_long_list_of_cues_is_drawn_whole(tmp_path):
    head = "Heading\nFPS\t24\n\nColumn\nName\tTracks\tStart\tEnd\tADR Cue\tCharacter\tLine\n\nData\n"
    line = "Юрий, hold there! " * 5 + "x" * 90
    rows = [f"a\tV\t01:00:00:00\t01:00:01:00\tR{n}\tROBIN\t{line}\n" for n in range(300)]
    (tmp_path / "a.ale").write_text(head + "".join(rows), encoding="utf-8")
    narrow = CliRunner().invoke(main, ["cues", str(tmp_path / "a.ale")], env={"COLUMNS": "80"})
    listed = narrow.output
    assert "300 cues" in listed and "R299" in listed
    assert "".join(listed.split()).count("x" * 20) >= 300 and listed.count("Юрий") == 1500
    assert max(map(len, listed.splitlines())) <= 80
    piped = run("cues", tmp_path / "a.ale").output
    assert piped.count("x" * 90) == 300 and max(map(len, piped.splitlines())) < 300


def test_cues_carry_seconds_and_labels():
    document = json.loads(run("cues", DEMO, "--json").stdout)
    first = document["cues"][0]
    assert (first["record_in"], first["record_in_seconds"], first["record_in_timecode"]) == (
        8,
        "1001/3000",
        "01:00:00:08",
    )


def test_convert_writes_and_says_what_was_lost(tmp_path):
    done = run("convert", DEMO, tmp_path / "r1.mid")
    assert done.exit_code == 0 and (tmp_path / "r1.mid").exists()
    assert "not carried" in done.stderr


def test_strict_turns_losses_into_one_and_allow_takes_a_kind_out(tmp_path):
    out = tmp_path / "r1.mid"
    assert run("convert", DEMO, out, "--strict").exit_code == 1
    kinds = ("feature-not-carried", "text-replaced", "cue-field-not-carried", "cue-field-changed")
    allowed = [word for kind in kinds for word in ("--allow", kind)]
    assert run("convert", DEMO, out, "--strict", *allowed).exit_code == 0
    assert run("convert", DEMO, out, "--allow", "no-such").exit_code == 2


def test_the_report_file_holds_every_loss(tmp_path):
    run("convert", DEMO, tmp_path / "r1.mid", "--report", tmp_path / "losses.json")
    losses = json.loads((tmp_path / "losses.json").read_text(encoding="utf-8"))["losses"]
    assert {"code", "kind", "level", "where", "time", "facts", "sentence"} <= set(losses[0])


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["cues", "gone.fcpxml"], 3),
        (["cues"], 2),
        (["convert", DEMO, "x.nonsense"], 3),
        (["convert", DEMO, "no/such/folder/x.mid"], 4),
        (["cues", DEMO, "--rate", "fast"], 3),
        (["cues", DEMO, "--rate", "17"], 3),
        (["cues", MARKERS, "--option", "rate=17"], 3),
        (["cues", DEMO, "--option", "nonsense=1"], 2),
        (["cues", DEMO, "--timeline", "Z"], 2),
        (["turnover", DEMO, "--into", "x", "--for", "tape"], 2),
        (["turnover", DEMO], 2),
    ],
)
def test_each_mistake_has_its_exit_code_and_one_line(words, code, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = run(*words)
    assert done.exit_code == code, done.output
    if "Usage" not in done.stderr:
        assert done.stderr.startswith("postsync: ") and done.stderr.count("\n") == 1


def test_an_error_is_a_document_too_when_json_was_asked_for():
    done = run("cues", "gone.fcpxml", "--json")
    assert json.loads(done.stdout)["error"] == "UnknownFormat"


def test_formats_come_from_the_records():
    document = json.loads(run("formats", "--json").stdout)
    rows = {row["name"]: row for row in document["formats"]}
    assert rows["fcpxml"]["can_read"] and rows["aaf"]["can_write"]
    assert "cue_sheet" in run("formats").output


def test_the_options_of_a_format_are_listed_with_what_they_may_be():
    shown = run("formats", "aaf").stdout
    assert "pro-tools | media-composer | resolve | generic" in shown
    assert "else pro-tools" in shown
    (row,) = json.loads(run("formats", "aaf", "--json").stdout)["formats"]
    assert {"name": "tags", "choices": ["none", "uid", "full"], "default": "uid"} in row["write_options"]
    assert run("formats", "wax").exit_code == 3


def test_a_pipe_has_no_width_that_tables_are_broken_to(tmp_path):
    table = tmp_path / "long.csv"
    table.write_text(f"Cue,In,Character,Line\nR1,01:00:00:00,ROSA,{'word ' * 60}\n", encoding="utf-8")
    shown = run("cues", table, "--rate", "24").stdout
    assert ("word " * 60).strip() in shown


@pytest.mark.parametrize(
    "words", [["inspect", DEMO], ["cues", DEMO], ["formats"], ["formats", "edl"], ["media", "list", DEMO]]
)
def test_no_line_of_a_table_ends_in_blanks(words):
    shown = run(*words).stdout
    assert len(shown.splitlines()) > 3
    assert [line for line in shown.splitlines() if line != line.rstrip()] == []


def test_verbose_tells_losses_from_notes_by_their_mark(tmp_path):
    shown = run("convert", DEMO, tmp_path / "r.csv", "--verbose").stderr
    assert "· R103" in shown
    assert "! 1 marker not carried" in shown


def test_a_rate_that_the_file_states_stands_against_the_one_asked_for(tmp_path):
    run("convert", DEMO, tmp_path / "r.otio", "--as", "resolve_otio")
    shown = run("cues", tmp_path / "r.otio", "--rate", "25", "-v")
    assert "01:00:00:08" in shown.stdout
    assert "the rate asked for was not taken: the file states another (23.976, not 25)" in shown.stderr


def test_the_demo_says_in_six_lines_what_it_made(tmp_path):
    done = run("demo", tmp_path / "demo", "--quiet")
    assert done.exit_code == 0
    assert len(done.stdout.strip().splitlines()) == 6
    assert "5 ADR cues" in done.stdout
