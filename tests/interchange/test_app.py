"""The app: who may ask it, what it takes in, what it says, what it does, and that it writes only where it was told to."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from app_running import running
from made_rushes import Header, make_rush
from postsync import demo
from postsync.app.launcher import write_launcher
from postsync.app.places import fresh_folder, new_folder, place
from postsync.app.shelf import PROJECT_FILE
from postsync.app.words import LANGUAGES, WORDS, Sayer
from postsync.cli import main
from postsync.errors import PostsyncError, UnknownOption

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


# ------------------------------------------------------------------------------------------------------- who may ask


def test_only_the_loopback_address_listens(app):
    addresses = {address for address in _own_addresses() if not address.startswith("127.")}
    for address in addresses:
        with pytest.raises(OSError):
            http.client.HTTPConnection(address, app.port, timeout=1).request("GET", "/")


def _own_addresses():
    import socket

    try:
        return {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}
    except OSError:
        return set()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"X-Postsync-Token": "wrong"}, "a session that has ended"),
        ({"X-Postsync-Token": ""}, "a session that has ended"),
        ({"Origin": "http://evil.example"}, "asked by another page"),
        ({"Origin": "http://127.0.0.1:1"}, "asked by another page"),
        ({"Origin": "null"}, "asked by another page"),
        ({"Origin": None}, "it is not said which page asks"),
        ({"Host": "evil.example"}, "another address"),
        ({"Sec-Fetch-Site": "cross-site"}, "asked by another page"),
    ],
)
def test_what_does_not_come_from_its_own_page_is_turned_away(app, change, said):
    usual = {"X-Postsync-Token": app.token, "Origin": app.origin}
    headers = {name: value for name, value in {**usual, **change}.items() if value is not None}
    status, _, text = app.raw("POST", "/ask/place", b"{}", headers)
    assert status == 403 and said in json.loads(text)["error"]
    assert app.raw("POST", "/ask/place", b"{}", usual)[0] == 200


def test_a_name_that_points_here_gets_nothing_either(app):
    assert app.raw("GET", "/", headers={"Host": "evil.example"})[0] == 403
    assert app.raw("GET", "/", headers={"Host": f"localhost:{app.port}"})[0] == 200


def test_every_answer_forbids_frames_caches_and_foreign_scripts(app):
    for path in ("/", "/app.js", "/app.css", "/ask/start", "/nothing"):
        _, headers, _ = app.raw("GET", path)
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"


def test_the_page_itself_holds_no_secret(app):
    assert all(app.token not in app.raw("GET", path)[2] for path in ("/", "/app.js", "/app.css"))


def test_there_is_no_cross_origin_permission(app):
    status, headers, _ = app.raw("OPTIONS", "/ask/place", headers={"Origin": "http://evil.example"})
    assert status in (403, 405) and not [name for name in headers if name.startswith("access-control")]


def test_the_code_that_the_browser_is_started_with_works_once(tmp_path):
    from postsync.app.session import Session

    session = Session(tmp_path, lambda path: None)
    code = session.code
    assert session.enter("wrong") is None
    assert session.enter(code) == session.token
    assert session.enter(code) is None
    session.runs.end()


# ------------------------------------------------------------------------------------------------------------- files


def test_a_dropped_file_is_looked_into(app):
    item = app.give("markers.edl", MARKERS)
    found = app.ask("POST", f"items/{item}/look", {"rate": "24"})
    assert found["role"] == "list"
    assert found["cues"] == [["R106", "01:00:10:00", "01:00:12:00", "ROBIN", "Hold there!", "", "spotted"]]


def test_a_file_that_leaves_its_rate_open_asks_for_it(app):
    item = app.give("markers.txt", b"ROBIN\t01:00:10:00\tV1\tred\tR101 ROBIN: Hold there!\t1\n")
    found = app.ask("POST", f"items/{item}/look", {})
    assert (found["needs"], found["timelines"][0]["rate"]) == ("rate", "24/1")
    found = app.ask("POST", f"items/{item}/look", {"rate": "25"})
    assert (found["needs"], found["timelines"][0]["rate"], len(found["cues"])) == ("", "25/1", 1)
    status, said = app.ask("POST", f"items/{item}/look", {"rate": "fast"}, ok=False)
    assert status == 400 and "fast" in said


def test_every_marker_can_be_taken_as_a_cue(app):
    plain = MARKERS.replace(b"Hold there! ", b"a note ").replace(b"R106 ROBIN", b"Marker 1")
    item = app.give("plain.edl", plain)
    assert app.ask("POST", f"items/{item}/look", {"rate": "24"})["cues"] == []
    assert len(app.ask("POST", f"items/{item}/look", {"rate": "24", "all_markers": True})["cues"]) == 1


def test_of_several_timelines_one_is_chosen_and_jobs_take_it(app, tmp_path):
    reel = REEL.read_text(encoding="utf-8")
    first = reel[reel.index("<project") : reel.index("</project>") + len("</project>")]
    second = first.replace("The Crossing R1", "The Crossing R2", 1).replace("R101", "R201")
    item = app.give("both.fcpxml", reel.replace(first, first + second).encode())
    found = app.ask("POST", f"items/{item}/look", {})
    assert [one["name"] for one in found["timelines"]] == ["The Crossing R1", "The Crossing R2"]
    assert (found["chosen"], found["cues"][0][0]) == ("The Crossing R1", "R101")
    assert len(app.ask("POST", f"items/{item}/look", {"timeline": ""})["cues"]) == 10
    found = app.ask("POST", f"items/{item}/look", {"timeline": "The Crossing R2"})
    assert found["cues"][0][0] == "R201"
    done = app.run("turnover", {"timeline": [item]}, tmp_path)
    assert done["outcome"]["lines"][0].startswith("The Crossing R2:")


def test_what_cannot_be_read_says_why(app):
    item = app.give("holiday.jpg", b"\xff\xd8\xff\xe0 no timeline")
    found = app.ask("POST", f"items/{item}/look", {})
    assert found["role"] == "other" and "holiday.jpg" in found["fault"]


def test_a_chosen_file_stays_where_it_lies(app):
    item = app.choose(REEL)
    found = app.ask("POST", f"items/{item}/look", {})
    assert (found["role"], len(found["cues"]), found["timelines"][0]["sound_tracks"]) == ("timeline", 5, 2)
    app.ask("DELETE", f"items/{item}")
    assert REEL.exists()


def test_files_that_were_dropped_together_lie_together_and_a_second_of_a_name_apart(app):
    first = app.give("R1.edl", MARKERS)
    app.give(PROJECT_FILE, b"show = 'The Crossing'\n")
    second = app.give("R1.edl", MARKERS.replace(b"R106", b"R107"))
    looks = [app.ask("POST", f"items/{one}/look", {"rate": "24"}) for one in (first, second)]
    assert [look["cues"][0][0] for look in looks] == ["R106", "R107"]


@pytest.mark.parametrize(
    "name", ["../../escaped.edl", "/tmp/escaped.edl", "a\\..\\escaped.edl", "..", "nul", "x" * 500, "a\0b"]
)
def test_no_name_leads_out_of_the_session_s_own_folder(tmp_path, name):
    import asyncio

    from postsync.app.shelf import Shelf

    shelf = Shelf(tmp_path / "shelf", 1000, 1000, 10)
    shelf.folder.mkdir()

    async def chunks():
        yield b"data"

    item = shelf.promised(name, folder=False)
    asyncio.run(shelf.receive(item, "", 4, chunks()))
    folder = shelf.promised(name, folder=True)
    asyncio.run(shelf.receive(folder, f"../{name}/x.wav", 4, chunks()))
    made = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(made) == 2
    assert all(path.is_relative_to(shelf.folder) for path in made)


def test_a_folder_of_takes_comes_with_all_that_is_in_it(app):
    item = app.ask("POST", "items", {"name": "Takes", "folder": True})["id"]
    for inside in ("R101_tk1.wav", "Day 2/R102_tk1.wav"):
        app.ask("PUT", f"items/{item}?inside={inside.replace(' ', '%20')}", b"RIFF")
    found = app.ask("POST", f"items/{item}/look", {})
    assert (found["role"], found["sounds"]) == ("folder", 2)


def test_more_than_the_bounds_is_refused_and_leaves_nothing(tmp_path, monkeypatch):
    import asyncio

    from postsync.app.shelf import Shelf, TooMuch

    shelf = Shelf(tmp_path, 10, 15, 3)

    async def chunks(*sizes):
        for size in sizes:
            yield b"x" * size

    def send(*sizes, announced=None):
        asyncio.run(shelf.receive(shelf.promised("a.wav", folder=False), "", announced, chunks(*sizes)))

    for sizes, announced in (((6, 6), None), ((1,), 11)):
        with pytest.raises(TooMuch, match="too much"):
            send(*sizes, announced=announced)
    with pytest.raises(TooMuch):
        shelf.promised("a.wav", folder=False, size=11)
    shelf.promised("Takes", folder=True, size=11)
    send(10)
    for size, folder in ((6, False), (6, True)):
        with pytest.raises(TooMuch):
            shelf.promised("b", folder=folder, size=size)
    with pytest.raises(TooMuch):
        send(6)
    with pytest.raises(PostsyncError, match="did not arrive whole"):
        send(2, announced=5)
    assert [path.stat().st_size for path in tmp_path.rglob("*") if path.is_file()] == [10]


def test_a_large_file_arrives_whole_in_pieces(app):
    content = os.urandom(1 << 16) * 100
    item = app.give("long.wav", content)
    assert app.ask("POST", f"items/{item}/look", {})["role"] == "sound"


def test_a_question_that_is_too_long_or_no_question_is_refused(app):
    assert app.ask("POST", "place", b"{" + b" " * (2 << 20), ok=False)[0] == 413
    for text in (b"nonsense", b"[1]", b'{"path": 7}', b"\xff\xfe"):
        status, said = app.ask("POST", "place", text, ok=False)
        assert status == 400 and "expected" in said


WORDS_OF_QUESTIONS = (
    "name",
    "folder",
    "path",
    "files",
    "rate",
    "all_markers",
    "task",
    "items",
    "answers",
    "into",
    "file",
    "code",
)
VALUES_OF_QUESTIONS = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.sampled_from(["turnover", "999", "/", "24", "work", "timeline"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text() | st.sampled_from(["timeline", "work"]), inner, max_size=3)
    ),
    max_leaves=4,
)
QUESTIONS = st.dictionaries(st.sampled_from(WORDS_OF_QUESTIONS), VALUES_OF_QUESTIONS, max_size=4)


@settings(max_examples=80, deadline=None)
@given(
    st.sampled_from(["items", "items/chosen", "items/1/look", "place", "runs", "runs/1/open", "runs/x/stop", "enter"]),
    QUESTIONS,
)
def test_whatever_is_asked_the_answer_is_a_sentence(app, path, question):
    body = json.dumps(question).encode()
    status, _, text = app.raw("POST", f"/ask/{path}", body, {"X-Postsync-Token": app.token, "Origin": app.origin})
    assert status in (200, 400, 413), text
    if status != 200:
        assert json.loads(text)["error"]


# ------------------------------------------------------------------------------------------------------------- places


def test_places_show_folders_and_files_as_people_count_and_nothing_hidden(tmp_path):
    for name in ("R10", "R2", ".hidden"):
        (tmp_path / name).mkdir()
    (tmp_path / "a.edl").write_bytes(b"")
    found = place(str(tmp_path), files=True)
    assert (found["folders"], found["files"], found["parent"]) == (["R2", "R10"], ["a.edl"], str(tmp_path.parent))
    assert place(str(tmp_path), files=False)["files"] == []


def test_a_place_that_does_not_exist_is_refused(tmp_path):
    for wrong in (str(tmp_path / "gone"), "relative", str(REEL)):
        with pytest.raises(UnknownOption, match="no such folder"):
            place(wrong, files=False)


def test_results_get_a_folder_of_their_own_and_write_over_nothing(tmp_path):
    assert [fresh_folder(str(tmp_path), "R1: lock/ed").name for _ in range(3)] == [
        "R1 lock ed",
        "R1 lock ed 2",
        "R1 lock ed 3",
    ]
    assert new_folder(str(tmp_path), "../up").parent == tmp_path


# --------------------------------------------------------------------------------------------------------------- jobs


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


# ----------------------------------------------------------------------------------------------------- texts, command


def test_every_text_is_there_in_every_language_with_the_same_facts():
    import string

    for key, texts in WORDS.items():
        assert len(texts) == len(LANGUAGES), key
        facts = [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in texts]
        assert facts[0] == facts[1], key


def test_every_job_slot_and_question_has_its_text():
    from postsync.app.tasks import TASKS, choice_titles

    known = {**WORDS, **choice_titles("en")}
    for task in TASKS.values():
        assert {f"task.{task.name}", f"task.{task.name}.why"} <= set(known)
        assert {f"slot.{slot.name}" for slot in task.slots} <= set(known)
        assert {f"field.{one.name}" for one in task.fields} <= set(known)
    assert Sayer("de")("done.convert", name="R1.otio") == "Geschrieben: R1.otio."


def test_every_text_that_the_page_asks_for_exists():
    from importlib.resources import files

    folder = files("postsync.app") / "page"
    asked = set(re.findall(r'data-text="([^"]+)"', (folder / "app.html").read_text(encoding="utf-8")))
    asked |= set(re.findall(r'say\("([^"]+[^."])"', (folder / "app.js").read_text(encoding="utf-8")))
    assert asked - set(WORDS) - {"state", "role", "slot", "field", "head", "task", "severity"} == set()


@pytest.mark.parametrize(
    ("platform", "name", "starts"),
    [
        ("darwin", "postsync.command", "#!/bin/sh"),
        ("win32", "postsync.cmd", "@echo off"),
        ("linux", "postsync.desktop", "[Desktop"),
    ],
)
def test_a_launcher_starts_the_app_with_the_python_that_made_it(tmp_path, platform, name, starts):
    path = write_launcher(tmp_path, platform=platform, python="/opt/my python/100%/python3")
    text = path.read_text(encoding="utf-8")
    assert path.name == name and text.startswith(starts) and "-m postsync app" in text
    quoted = {"darwin": "'/opt/my python/100%/python3'", "win32": '"/opt/my python/100%%/python3"'}
    assert quoted.get(platform, '"/opt/my python/100%%/python3"') in text
    assert path.stat().st_mode & 0o111


def test_the_command_writes_a_launcher(tmp_path):
    done = CliRunner().invoke(main, ["app", "--launcher", str(tmp_path)])
    assert done.exit_code == 0 and len(list(tmp_path.iterdir())) == 1
    assert CliRunner().invoke(main, ["app", "--launcher", str(tmp_path / "gone")]).exit_code == 4


def test_a_port_that_is_taken_is_said_in_one_sentence(app):
    done = CliRunner().invoke(main, ["app", "--no-browser", "--port", str(app.port)])
    assert done.exit_code == 4 and f"port {app.port}" in done.stderr and done.stderr.count("\n") == 1


@pytest.mark.skipif(sys.platform == "win32", reason="there, a program cannot be sent Ctrl-C alone")
def _hears_the_keyboard() -> None:
    """Undo what a shell does to its background jobs, to which the tests may belong."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_the_keyboard_ends_it_and_nothing_is_left(tmp_path):
    paths = os.pathsep.join(str(Path(__file__).resolve().parents[2] / root) for root in ("interchange", "adapters"))
    with subprocess.Popen(
        [sys.executable, "-m", "postsync", "app", "--no-browser"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": paths, "TMPDIR": str(tmp_path)},
        preexec_fn=_hears_the_keyboard,  # noqa: PLW1509 - no threads run here yet
    ) as started:  # fmt: skip
        started.stdout.readline()
        address = started.stdout.readline().strip()
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/#token=[\w-]{40,}", address)
        started.send_signal(signal.SIGINT)
        assert started.wait(60) == 0
        assert started.stderr.read() == "" and list(tmp_path.iterdir()) == []


def test_without_its_libraries_it_says_how_to_get_them(monkeypatch):
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    done = CliRunner().invoke(main, ["app", "--no-browser"])
    assert done.exit_code == 2 and 'pip install "postsync[app]"' in done.stderr
    assert done.stdout == ""
