"""What the app takes in: dropped and chosen files, what it says of them, and the places it shows."""

from __future__ import annotations

import json
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app_running import running
from postsync import demo
from postsync.app.places import fresh_folder, new_folder, place
from postsync.app.shelf import PROJECT_FILE
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
