"""Instructions carried out on the markers of a timeline: what is foreign stays, what fails is taken back."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from resolve_double import PROFILES, V21_0, V21_0_FREE, Timeline, marker, new_world
from resolve_double.menu import RATES, make_timeline, run_job


def mark(uid: str, **more: Any) -> str:
    return json.dumps({"postsync": {"cue": {"uid": uid, **more}}})


def wanted(uid: str, at: int, **more: Any) -> dict[str, Any]:
    return {
        "uid": uid, "label": uid, "frame": at, "duration": 40, "color": "Red", "name": f"R{at} ROBIN", "note": "Hold there!",
        "custom_data": mark(uid, record_in=at), "was": None, **more,
    }  # fmt: skip


def carry_out(
    home: Path, reel: Timeline, *cues: dict[str, Any], job: str = "Import Cues", page: str = "edit", **more: Any
) -> dict[str, Any]:
    """Give a job a file of instructions, and its record back."""
    told = {
        "name": reel.name, "frame_rate": str(reel.rate), "drop_frame": reel.drop,
        "start_timecode": reel.start_timecode,
    }  # fmt: skip
    path = home / "instructions.json"
    document = {"schema": "postsync.resolve-instructions/1", "timeline": told, "cues": list(cues), **more}
    path.write_text(json.dumps(document), encoding="utf-8")
    _, resolve = new_world(reel.world.profile, reel, page=page)
    run_job(job, resolve, [str(path)])
    return record(home)


def record(home: Path) -> dict[str, Any]:
    found = sorted(home.glob("Documents/postsync/*/*/exchange/* done*.json"), key=lambda path: path.stat().st_mtime_ns)
    return dict(json.loads(found[-1].read_text(encoding="utf-8"))) if found else {}


def results(done: dict[str, Any]) -> dict[str, str]:
    return {row["uid"]: row["result"] for row in done["cues"]}


@pytest.mark.parametrize("build", PROFILES)
@pytest.mark.parametrize(("name", "rate", "drop", "start"), RATES)
def test_cues_stand_on_their_frames_and_foreign_markers_where_they_were(
    home: Path, build: str, name: str, rate: float, drop: bool, start: str
) -> None:
    timeline = make_timeline(PROFILES[build], rate=rate, drop=drop, start=start)
    foreign = dict(timeline.markers)
    done = carry_out(home, timeline, wanted("AAAAAAAA", 0), wanted("BBBBBBBB", 1500))
    assert timeline.markers == {
        **foreign,
        0: marker("R0 ROBIN", "Hold there!", "Red", 40, mark("AAAAAAAA", record_in=0)),
        1500: marker("R1500 ROBIN", "Hold there!", "Red", 40, mark("BBBBBBBB", record_in=1500)),
    }
    assert (results(done), done["foreign"], done["whole"]) == ({"AAAAAAAA": "added", "BBBBBBBB": "added"}, 2, True)


def test_the_same_instructions_twice_change_nothing(home: Path) -> None:
    timeline = make_timeline(V21_0)
    cues = [wanted("AAAAAAAA", 1000), wanted("BBBBBBBB", 1001)]
    carry_out(home, timeline, *cues)
    before = json.dumps(timeline.markers)
    timeline.world.calls.clear()
    done = carry_out(home, timeline, *cues)
    assert set(results(done).values()) == {"unchanged"} and json.dumps(timeline.markers) == before
    assert not {"AddMarker", "DeleteMarkerAtFrame", "UpdateMarkerCustomData"} & set(timeline.world.calls)


def test_a_cue_on_a_foreign_markers_frame_stands_later_and_ends_where_it_did(home: Path) -> None:
    timeline = make_timeline(V21_0)
    done = carry_out(home, timeline, wanted("AAAAAAAA", 1000))
    found = timeline.markers[1001]
    assert (found["duration"], json.loads(found["customData"])["postsync"]["nudge"]) == (39, 1)
    assert timeline.markers[1000]["name"] == "R102 MARY"
    assert (results(done), done["cues"][0]["why"]) == ({"AAAAAAAA": "nudged"}, "01:00:41:16 is taken: 1 frame late")


def test_a_cue_moves_without_leaving_its_old_marker(home: Path) -> None:
    timeline = make_timeline(V21_0)
    carry_out(home, timeline, wanted("AAAAAAAA", 500), wanted("BBBBBBBB", 510))
    done = carry_out(home, timeline, wanted("AAAAAAAA", 510), wanted("BBBBBBBB", 520))
    assert sorted(timeline.markers) == [7, 510, 520, 1000]
    assert results(done) == {"AAAAAAAA": "moved", "BBBBBBBB": "moved"}


def test_cues_that_the_instructions_do_not_speak_of_stay_and_are_named(home: Path) -> None:
    timeline = make_timeline(V21_0)
    carry_out(home, timeline, wanted("AAAAAAAA", 500), wanted("BBBBBBBB", 600))
    done = carry_out(home, timeline, wanted("AAAAAAAA", 500))
    assert results(done) == {"AAAAAAAA": "unchanged", "BBBBBBBB": "kept"} and 600 in timeline.markers


def test_a_cue_is_removed_only_by_name(home: Path) -> None:
    timeline = make_timeline(V21_0)
    carry_out(home, timeline, wanted("AAAAAAAA", 500), wanted("BBBBBBBB", 600))
    done = carry_out(home, timeline, wanted("AAAAAAAA", 500), remove=["BBBBBBBB"])
    assert results(done)["BBBBBBBB"] == "removed" and 600 not in timeline.markers


def test_a_plain_marker_becomes_its_cues_marker_while_it_looks_as_it_did(home: Path) -> None:
    timeline = make_timeline(V21_0)
    carry_out(home, timeline, wanted("AAAAAAAA", 7, was={"frame": 7, "name": "R101", "note": ""}))
    assert timeline.markers[7]["name"] == "R7 ROBIN" and len(timeline.markers) == 2


@pytest.mark.parametrize(
    "was", [{"frame": 7, "name": "R101", "note": "other"}, {"frame": 1000, "name": "R102 MARY", "note": ""}]
)
def test_a_plain_marker_that_somebody_changed_is_foreign(home: Path, was: dict[str, Any]) -> None:
    timeline = make_timeline(V21_0)
    before = dict(timeline.markers)
    carry_out(home, timeline, wanted("AAAAAAAA", 400, was=was))
    assert {frame: timeline.markers[frame] for frame in before} == before and 400 in timeline.markers


def test_where_only_the_record_changed_the_marker_is_not_set_anew(home: Path) -> None:
    timeline = make_timeline(V21_0)
    carry_out(home, timeline, wanted("AAAAAAAA", 500))
    timeline.world.calls.clear()
    done = carry_out(home, timeline, wanted("AAAAAAAA", 500, custom_data=mark("AAAAAAAA", status="recorded")))
    assert "DeleteMarkerAtFrame" not in timeline.world.calls and results(done) == {"AAAAAAAA": "changed"}
    assert timeline.markers[500]["customData"] == mark("AAAAAAAA", status="recorded")


@pytest.mark.parametrize("frame", [-1, 3000, 90000])
def test_a_frame_outside_the_timeline_is_refused_by_us_since_resolve_takes_it(
    home: Path, frame: int, capsys: pytest.CaptureFixture[str]
) -> None:
    timeline = make_timeline(V21_0)
    done = carry_out(home, timeline, wanted("AAAAAAAA", frame), wanted("BBBBBBBB", 500))
    assert results(done) == {"AAAAAAAA": "refused", "BBBBBBBB": "added"} and not done["whole"]
    assert sorted(timeline.markers) == [7, 500, 1000] and "outside the timeline" in capsys.readouterr().out


def test_a_refused_marker_takes_everything_back(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    timeline = make_timeline(V21_0)
    carry_out(home, timeline, wanted("AAAAAAAA", 500), wanted("BBBBBBBB", 600))
    before = json.dumps(timeline.markers, sort_keys=True)
    timeline.world.fail("AddMarker", ..., False, False)
    done = carry_out(home, timeline, wanted("AAAAAAAA", 510), wanted("BBBBBBBB", 610))
    assert json.dumps(timeline.markers, sort_keys=True) == before
    assert results(done) == {"AAAAAAAA": "failed", "BBBBBBBB": "failed"}
    assert "Everything was taken back: close any dialog" in capsys.readouterr().out


def test_a_moment_of_refusal_is_waited_out(home: Path) -> None:
    timeline = make_timeline(V21_0)
    timeline.world.fail("AddMarker", False)
    assert carry_out(home, timeline, wanted("AAAAAAAA", 500))["whole"]


@pytest.mark.parametrize("answer", [None, False, RuntimeError("busy")])
def test_a_change_that_happened_counts_whatever_was_answered(home: Path, answer: Any) -> None:
    class Mute(Timeline):
        def AddMarker(self, *values: Any) -> Any:  # type: ignore[override]
            super().AddMarker(*values)
            if isinstance(answer, Exception):
                raise answer
            return answer

    plain = make_timeline(V21_0)
    timeline = Mute(**{name: getattr(plain, name) for name in plain.__dataclass_fields__})
    assert carry_out(home, timeline, wanted("AAAAAAAA", 500))["whole"] and 500 in timeline.markers


def test_an_open_dialog_changes_nothing_and_is_said(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    timeline = make_timeline(V21_0)
    timeline.world.modal = True
    before = dict(timeline.markers)
    assert not carry_out(home, timeline, wanted("AAAAAAAA", 500))["whole"]
    assert timeline.markers == before and "close any dialog that is open" in capsys.readouterr().out


def test_a_dialog_that_opens_half_way_is_named_and_undone_later(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    timeline = make_timeline(V21_0)
    carry_out(home, timeline, wanted("AAAAAAAA", 500), wanted("BBBBBBBB", 600))
    before = json.dumps(timeline.markers, sort_keys=True)
    delete = Timeline.DeleteMarkerAtFrame

    def opens_a_dialog(self: Timeline, frame: Any, /) -> bool:
        self.world.modal = True
        return delete(self, frame)

    timeline.world.faults.clear()
    type.__setattr__(Timeline, "DeleteMarkerAtFrame", opens_a_dialog)
    try:
        done = carry_out(home, timeline, wanted("AAAAAAAA", 510), wanted("BBBBBBBB", 610))
    finally:
        type.__setattr__(Timeline, "DeleteMarkerAtFrame", delete)
    assert done["left"] and "Undo Last Change brings it back" in capsys.readouterr().out
    timeline.world.modal = False
    run_job("Undo Last Change", new_world(V21_0, timeline)[1])
    assert json.dumps(timeline.markers, sort_keys=True) == before


def test_a_marker_that_comes_back_otherwise_is_seen(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    class Forgetful(Timeline):
        def AddMarker(self, *values: Any) -> bool:  # type: ignore[override]
            return super().AddMarker(*values[:3], values[3][:4], *values[4:])

    plain = make_timeline(V21_0)
    timeline = Forgetful(**{name: getattr(plain, name) for name in plain.__dataclass_fields__})
    before = dict(timeline.markers)
    done = carry_out(home, timeline, wanted("AAAAAAAA", 500))
    assert "came back with another note" in capsys.readouterr().out and timeline.markers == before
    assert results(done) == {"AAAAAAAA": "failed"}


def test_a_resolve_that_does_not_answer_is_told_of_while_the_job_waits(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Slow(Timeline):
        def AddMarker(self, *values: Any) -> bool:  # type: ignore[override]
            time.sleep(0.6)
            return super().AddMarker(*values)

    monkeypatch.setattr("postsync_resolve.asking.HUNG", 0.2)
    plain = make_timeline(V21_0)
    timeline = Slow(**{name: getattr(plain, name) for name in plain.__dataclass_fields__})
    assert carry_out(home, timeline, wanted("AAAAAAAA", 500))["whole"]
    assert (
        capsys.readouterr().out.count("Resolve has not answered for 0 seconds: close any dialog that is open in it.")
        == 1
    )


def test_a_console_that_cannot_show_a_letter_gets_its_number(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []

    class Console:
        def write(self, words: str) -> None:
            words.encode("cp1252")
            written.append(words)

        def flush(self) -> None:
            pass

    timeline = make_timeline(V21_0, name="Δ R1")
    monkeypatch.setattr("sys.stdout", Console())
    run_job("Undo Last Change", new_world(V21_0, timeline)[1])
    assert "".join(written) == "There is nothing to undo on '\\u0394 R1'.\n"


def test_markers_on_an_empty_timeline_are_refused_in_one_sentence(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    timeline = make_timeline(V21_0)
    timeline.tracks, timeline.markers = [], {}
    carry_out(home, timeline, wanted("AAAAAAAA", 500))
    assert "The timeline 'R1 v12' is empty" in capsys.readouterr().out and not timeline.markers


@pytest.mark.parametrize(
    ("change", "sentence"),
    [({"frame_rate": "25"}, "count in 25, the timeline 'R1 v12' runs at 24"), ({"drop_frame": True}, "drop frame"),
     ({"start_timecode": "02:00:00:00"}, "count from 02:00:00:00")],
)  # fmt: skip
def test_instructions_of_another_clock_are_refused(
    home: Path, change: dict[str, Any], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    timeline = make_timeline(V21_0)
    told = {"name": "x", "frame_rate": "24", "drop_frame": False, "start_timecode": "01:00:00:00", **change}
    carry_out(home, timeline, wanted("AAAAAAAA", 500), timeline=told)
    said = capsys.readouterr().out
    assert sentence in said and "Nothing was changed" in said and len(timeline.markers) == 2


@pytest.mark.parametrize(
    ("change", "sentence"),
    [({"color": "Orange"}, "cues[0].color: expected one of Blue"), ({"color": "red"}, "cues[0].color"),
     ({"frame": "500"}, "cues[0].frame: expected a whole number, found '500'"), ({"duration": 0}, "cues[0].duration"),
     ({"custom_data": None}, "cues[0].custom_data: expected a text, found nothing"), ({"was": 3}, "cues[0].was")],
)  # fmt: skip
def test_wrong_instructions_are_refused_by_their_place(
    home: Path, change: dict[str, Any], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    timeline = make_timeline(V21_0)
    carry_out(home, timeline, wanted("AAAAAAAA", 500, **change))
    assert sentence in capsys.readouterr().out and len(timeline.markers) == 2


def test_the_page_where_the_person_was_comes_back(home: Path) -> None:
    timeline = make_timeline(V21_0)
    carry_out(home, timeline, wanted("AAAAAAAA", 500), page="color")
    assert timeline.world.page == "color"


def test_the_free_edition_is_never_asked_for_a_window(home: Path) -> None:
    timeline = make_timeline(V21_0_FREE)
    carry_out(home, timeline, wanted("AAAAAAAA", 500))
    assert not timeline.world.modal and 500 in timeline.markers


def test_undo_restores_every_marker_exactly(home: Path) -> None:
    timeline = make_timeline(V21_0)
    carry_out(
        home, timeline, wanted("AAAAAAAA", 500), wanted("BBBBBBBB", 7, was={"frame": 7, "name": "R101", "note": ""})
    )
    before = json.dumps(timeline.markers, sort_keys=True)
    carry_out(
        home, timeline, wanted("AAAAAAAA", 510), wanted("DDDDDDDD", 8, color="Sand"), wanted("CCCCCCCC", 1000),
        remove=["BBBBBBBB"],
    )  # fmt: skip
    assert json.dumps(timeline.markers, sort_keys=True) != before
    run_job("Undo Last Change", new_world(V21_0, timeline)[1])
    assert json.dumps(timeline.markers, sort_keys=True) == before
    run_job("Undo Last Change", new_world(V21_0, timeline)[1])
    assert timeline.markers == make_timeline(V21_0).markers


def test_undo_leaves_what_somebody_changed_since(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    timeline = make_timeline(V21_0)
    carry_out(home, timeline, wanted("AAAAAAAA", 500), wanted("BBBBBBBB", 600))
    timeline.markers[600]["note"] = "a better line"
    timeline.markers[700] = marker("mine")
    run_job("Undo Last Change", new_world(V21_0, timeline)[1])
    assert sorted(timeline.markers) == [7, 600, 700, 1000]
    assert "was changed since, and stays" in capsys.readouterr().out


def test_what_somebody_changed_since_does_not_bar_the_way_to_the_job_before(home: Path) -> None:
    timeline = make_timeline(V21_0)
    carry_out(home, timeline, wanted("AAAAAAAA", 500))
    carry_out(home, timeline, wanted("BBBBBBBB", 600))
    timeline.markers[600]["note"] = "a better line"
    for _ in range(2):
        run_job("Undo Last Change", new_world(V21_0, timeline)[1])
    assert sorted(timeline.markers) == [7, 600, 1000]


def test_there_may_be_nothing_to_undo(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run_job("Undo Last Change", new_world(V21_0, make_timeline(V21_0))[1])
    assert capsys.readouterr().out == "There is nothing to undo on 'R1 v12'.\n"


def test_a_disk_that_takes_nothing_stops_before_anything_changes(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    timeline = make_timeline(V21_0)
    before = dict(timeline.markers)

    def full(path: str, data: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("postsync_resolve.saving.write_whole", full)
    carry_out(home, timeline, wanted("AAAAAAAA", 500))
    assert timeline.markers == before and "No space left on device" in capsys.readouterr().out


def test_a_disk_that_fills_up_after_the_change_does_not_say_that_nothing_changed(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from postsync_resolve import saving

    timeline = make_timeline(V21_0)
    write = saving.write_whole

    def filling(path: str, data: bytes) -> None:
        if 500 in timeline.markers:
            raise OSError(28, "No space left on device")
        write(path, data)

    monkeypatch.setattr("postsync_resolve.saving.write_whole", filling)
    carry_out(home, timeline, wanted("AAAAAAAA", 500))
    said = capsys.readouterr().out
    assert 500 in timeline.markers and "No space left on device" in said and "nothing was changed" not in said.lower()
    monkeypatch.setattr("postsync_resolve.saving.write_whole", write)
    run_job("Undo Last Change", new_world(V21_0, timeline)[1])
    assert 500 not in timeline.markers
