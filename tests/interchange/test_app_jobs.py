"""What the jobs of the app do, and that they write only where they were told to."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from app_running import running
from made_rushes import Header, make_rush
from postsync import demo

REEL = demo.REEL / "The Crossing R1.fcpxml"
MARKERS = b"""TITLE: R1
FCM: NON-DROP FRAME

001  001      V     C        01:00:10:00 01:00:10:01 01:00:10:00 01:00:10:01
Hold there! |C:ResolveColorRed |M:R106 ROBIN |D:48
"""


@pytest.fixture(scope="module")
def app():
    with running() as one:
        yield one


def test_a_turnover_makes_the_folder_and_says_what_to_do_with_it(app, tmp_path):
    done = app.run("turnover", {"timeline": [app.choose(REEL)]}, tmp_path)
    assert done["state"] == "done", done["error"]
    assert done["outcome"]["lines"] == ["The Crossing R1: 4 sound clips, 5 cues, 4 sound files."]
    folder = tmp_path / "The Crossing R1 for Pro Tools"
    assert Path(done["folder"]) == folder
    assert {file["name"] for file in done["outcome"]["files"]} >= {"The Crossing R1.aaf", "The Crossing R1.otio"}
    assert all((folder / file["name"]).exists() for file in done["outcome"]["files"])
    assert any("Import > Session Data" in file["how"] for file in done["outcome"]["files"])


def test_missing_media_wait_for_the_person(app, tmp_path):
    item = app.give("The Crossing R1.fcpxml", REEL.read_bytes())
    app.ask("POST", f"items/{item}/look", {})
    done = app.run("turnover", {"timeline": [item]}, tmp_path)
    assert len(done["outcome"]["waits"]) >= 3 and "12A-T3_Boom.wav" in "".join(done["outcome"]["waits"])
    again = app.run("turnover", {"timeline": [item]}, tmp_path, search=[str(demo.REEL)])
    assert again["outcome"]["waits"] == []


def test_a_list_that_came_back_is_merged_and_conflicts_wait(app, tmp_path):
    sent = app.run("convert", {"file": [app.choose(REEL)]}, tmp_path, format="otio")
    work = app.choose(Path(sent["folder"]) / "The Crossing R1.otio")
    table = app.run("convert", {"file": [work]}, tmp_path, format="cue_table")
    back = (Path(table["folder"]) / "The Crossing R1.csv").read_text(encoding="utf-8")
    returned = app.give("back from Anna.csv", back.replace("the boat would wait", "the ship would wait").encode())
    done = app.run("merge", {"work": [work], "returned": [returned]}, tmp_path)
    assert done["state"] == "done", done["error"]
    assert "Changed: 1," in done["outcome"]["lines"][1]
    assert any("the ship would wait" in "".join(row) for row in done["outcome"]["table"])
    assert (Path(done["folder"]) / "The Crossing R1.otio").exists()


def test_dropped_takes_are_kept_beside_the_results_that_play_them(app, tmp_path):
    work = app.choose(REEL)
    take = app.give("R101_tk1.wav", (demo.REEL / "12A-T3_Boom.wav").read_bytes())
    done = app.run("place", {"work": [work], "takes": [take]}, tmp_path, by="cue", accept_guesses=True)
    assert done["state"] == "done", done["error"]
    assert (Path(done["folder"]) / "Takes" / "R101_tk1.wav").stat().st_size > 1000
    assert "of these 1 plays" in done["outcome"]["lines"][0]
    assert done["outcome"]["table"][1][:2] == ["R101_tk1.wav", "R101"]


def test_everything_in_the_folder_of_a_job_is_named(app, tmp_path):
    done = app.run("convert", {"file": [app.choose(REEL)]}, tmp_path, format="cue_table")
    named = {file["name"] for file in done["outcome"]["files"]}
    assert (
        named
        == {path.name for path in Path(done["folder"]).iterdir()}
        == {"The Crossing R1.csv", "The Crossing R1.cues.json"}
    )


def test_a_folder_of_takes_is_placed_on_the_cues(app, tmp_path):
    done = app.run("place", {"work": [app.choose(REEL)], "takes": [app.choose(demo.EXAMPLE / "ADR takes")]}, tmp_path)
    assert done["state"] == "done", done["error"]
    placed = {row[0]: row[1] for row in done["outcome"]["table"][1:]}
    assert placed["R101_ROSA_T1.wav"] == "R101" and placed["R104_YURI_T3.wav"] == "R104"
    assert "R102" not in placed.values() and "Cues without a take: 1." in " ".join(done["outcome"]["lines"])


def test_a_new_cut_takes_the_cues_along(app, tmp_path):
    work, new = app.choose(REEL), app.choose(demo.EXAMPLE / "new cut" / "The Crossing R1 v4.fcpxml")
    done = app.run("reconform", {"old": [work], "new": [new], "work": [work]}, tmp_path)
    assert done["state"] == "done", done["error"]
    assert "5 cues" in done["outcome"]["lines"][0] and "moved" in done["outcome"]["lines"][0]
    assert any(file["name"].endswith(".html") for file in done["outcome"]["files"])
    compared = app.run("compare", {"old": [work], "new": [new]}, tmp_path)
    assert len(compared["outcome"]["table"]) > 1, compared["error"]


def test_an_edit_is_conformed_to_the_rushes_that_were_chosen(app, tmp_path):
    rushes, results, edit = tmp_path / "rushes", tmp_path / "results", tmp_path / "edit.edl"
    results.mkdir()
    stamp = 48_000 * (10 * 3600)
    make_rush(
        rushes / "12A-T3.WAV", Header(length=48_000 * 60, stamp=stamp, scene="12A", take="3", channels=2, rate="24/1")
    )
    edit.write_text(
        "TITLE: R1\nFCM: NON-DROP FRAME\n\n"
        "001  12A-T3   A     C        10:00:10:00 10:00:14:00 01:00:00:00 01:00:04:00\n* FROM CLIP NAME: 12A-T3.WAV\n",
        encoding="ascii",
    )
    items = {"edit": [app.choose(edit)], "rushes": [app.choose(rushes)]}
    app.ask("POST", f"items/{items['edit'][0]}/look", {"rate": "24"})
    done = app.run("conform", items, results)
    assert done["state"] == "done", done["error"]
    assert done["outcome"]["lines"][0] == "Events found in the rushes: 1 of 1."
    assert done["outcome"]["table"][1][2] == "placed"
    assert (Path(done["folder"]) / "R1.aaf").exists()


@pytest.mark.parametrize(
    ("task", "slots"),
    [("compare", ("old", "new")), ("check", ("file",)), ("verify", ("sent", "returned"))],
)
def test_looking_jobs_say_what_they_found(app, tmp_path, task, slots):
    item = app.choose(REEL)
    done = app.run(task, {slot: [item] for slot in slots}, tmp_path)
    assert done["state"] == "done" and done["outcome"]["lines"], done["error"]
    if task != "compare":
        assert done["folder"] is None and list(tmp_path.iterdir()) == []


def test_cues_without_a_number_are_numbered(app, tmp_path):
    plain = MARKERS.replace(b"R106 ROBIN", b"ADR ROBIN").replace(b"Hold there!", b"ROBIN: Hold there!")
    item = app.give("unnumbered.edl", plain)
    app.ask("POST", f"items/{item}/look", {"rate": "24"})
    done = app.run("number", {"file": [item]}, tmp_path)
    assert done["state"] == "done", done["error"]
    assert done["outcome"]["lines"][0].startswith("Numbers given by ") and ": 1; kept" in done["outcome"]["lines"][0]
    assert (Path(done["folder"]) / "unnumbered.otio").exists()


def test_takes_are_measured_against_their_guide(app, tmp_path):
    guide, take = demo.REEL / "12A-T3_Boom.wav", demo.REEL / "12A-T3_Rosa.wav"
    done = app.run("sync", {"guide": [app.choose(guide)], "takes": [app.choose(take)]}, tmp_path)
    assert done["state"] == "done", done["error"]
    assert done["outcome"]["table"][1][0] == take.name
    assert {file["name"] for file in done["outcome"]["files"]} == {"12A-T3_Boom sync.html", "12A-T3_Boom sync.csv"}


def test_sound_inside_a_file_is_taken_out(app, tmp_path):
    made = app.run("turnover", {"timeline": [app.choose(REEL)]}, tmp_path, media="embed")
    aaf = app.choose(Path(made["folder"]) / "The Crossing R1.aaf")
    done = app.run("extract", {"file": [aaf]}, tmp_path)
    assert done["state"] == "done", done["error"]
    assert len([file for file in done["outcome"]["files"] if file["name"].endswith(".wav")]) == 4


def test_reports_come_in_the_form_that_fits(app, tmp_path):
    done = app.run("report", {"works": [app.choose(REEL)]}, tmp_path, kind="browser")
    assert [file["name"] for file in done["outcome"]["files"]] == ["The Crossing R1 browser.html"]
    sheet = app.run("report", {"works": [app.choose(REEL)]}, tmp_path, kind="cue-sheet", form="csv")
    assert [file["name"] for file in sheet["outcome"]["files"]] == ["The Crossing R1 cue-sheet.csv"]


def test_a_job_that_fails_says_why_and_leaves_no_folder(app, tmp_path):
    item = app.give("broken.fcpxml", b"<?xml version='1.0'?><fcpxml version='1.10'><resources>")
    done = app.run("turnover", {"timeline": [item]}, tmp_path)
    assert done["state"] == "failed" and "broken.fcpxml" in done["error"]
    assert list(tmp_path.iterdir()) == []


def test_a_job_can_be_stopped_where_it_counts_and_leaves_no_folder(tmp_path):
    from postsync.app.running import Done, Runs

    runs = Runs()
    folder = tmp_path / "half"
    folder.mkdir()

    def job(run):
        (folder / "half a file").write_bytes(b"x")
        for count in range(10_000):
            run.advance("sounds", count, 10_000)
            time.sleep(0.002)
        return Done()

    run = runs.start("long", folder, job)
    waiting = runs.start("behind", None, lambda run: Done())
    while run.done < 5:
        time.sleep(0.01)
    assert (run.what, run.total) == ("sounds", 10_000)
    run.stopping = True
    while waiting.state != "done":
        time.sleep(0.01)
    assert run.state == "stopped" and not folder.exists()
    runs.end()


def test_a_job_with_an_empty_slot_or_a_wrong_answer_does_not_begin(app, tmp_path):
    item = app.choose(REEL)
    for wrong, said in (
        ({"task": "turnover", "items": {}}, "no file was given"),
        ({"task": "turnover", "items": {"timeline": [item, item]}}, "expected one file"),
        ({"task": "turnover", "items": {"timeline": ["999"]}}, "no file '999'"),
        ({"task": "turnover", "items": {"timeline": [item]}, "answers": {"application": "tape"}}, "expected one of"),
        ({"task": "turnover", "items": {"timeline": [item]}, "answers": {"search": ["/no/such"]}}, "search"),
        ({"task": "format the disk", "items": {}}, "there is no job"),
        ({"task": "turnover", "items": {"timeline": [item]}, "into": "relative"}, "no such folder"),
    ):
        status, error = app.ask("POST", "runs", {"into": str(tmp_path), **wrong}, ok=False)
        assert status == 400 and said in error
    assert list(tmp_path.iterdir()) == []


def test_only_what_a_job_made_is_opened(app, tmp_path):
    done = app.run("convert", {"file": [app.choose(REEL)]}, tmp_path, format="otio")
    app.opened.clear()
    app.ask("POST", f"runs/{done['id']}/open", {"file": 0})
    app.ask("POST", f"runs/{done['id']}/open", {})
    folder = Path(done["folder"])
    assert app.opened[-2:] == [folder / "The Crossing R1.otio", folder]
    for wrong in (7, -1, "../../etc/passwd", True):
        assert app.ask("POST", f"runs/{done['id']}/open", {"file": wrong}, ok=False)[0] == 400
    assert set(app.opened) <= {folder, *folder.iterdir()}


def test_nothing_is_left_of_what_was_dropped_when_it_ends(tmp_path, monkeypatch):
    import tempfile

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with running() as one:
        one.give("markers.edl", MARKERS)
        assert list(tmp_path.rglob("markers.edl"))
    assert list(tmp_path.iterdir()) == []
