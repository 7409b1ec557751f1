"""The jobs of the menu from one end to the other: the menu file, the command, the markers and clips in Resolve."""

from __future__ import annotations

import copy
import csv
import json
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import postsync
from postsync.formats.conversion import read_file
from postsync.model import timeline_cues
from postsync.report import Report
from postsync_resolve import command as command_module
from resolve_double import (
    V21_0,
    V21_0_FREE,
    V21_1,
    Fusion,
    Profile,
    Resolve,
    Timeline,
    TimelineItem,
    Windows,
    in_process,
    marker,
    new_world,
)
from resolve_double.menu import RATES, make_timeline, run_job


@pytest.fixture(autouse=True)
def _no_other_process(monkeypatch: pytest.MonkeyPatch) -> None:
    in_process.use(monkeypatch)


def reel(profile: Profile = V21_0, rate: float = 24.0, **more: Any) -> Timeline:
    """A reel with two markers that are cues and one that is none."""
    timeline = make_timeline(profile, rate=rate, **more)
    timeline.of("audio")[0].items[0].markers = {}
    timeline.markers = {
        400: marker("R101 ROBIN: Hold there!", "", "Red", 40),
        900: marker("R102 MARIAN: What's his fault?", "", "Green", 60),
        1200: marker("sky replacement", "vfx", "Blue"),
    }
    return timeline


def running(timeline: Timeline) -> Resolve:
    return new_world(timeline.world.profile, timeline, page="fairlight")[1]


def filled(answers: dict[str, Any], press: str = "ok") -> Callable[[str, dict[str, Any]], str]:
    """A person who fills in the first form so and presses a button, and closes all other windows."""
    used: list[str] = []

    def person(title: str, items: dict[str, Any]) -> str:
        if "text" in items:  # a window that only shows something
            used.append(items["text"].PlainText)
            return "ok"
        for name, value in answers.items():
            element = items[name]
            if element.kind == "CheckBox":
                element.Checked = value
            elif element.kind == "ComboBox":
                element.CurrentIndex = element.choices.index(value)
            elif element.kind == "TextEdit":
                element.PlainText = value
            else:
                element.Text = value
        return press

    return person


def with_window(
    timeline: Timeline, job: str, answers: dict[str, Any], press: str = "ok", resolve: Any = None
) -> Windows:
    windows = Windows(timeline.world, filled(answers, press))
    fusion = Fusion([], windows)
    run_job(job, resolve or running(timeline), fusion=fusion, bmd=windows)
    assert windows.shown
    return windows


def cues(timeline: Timeline) -> dict[str, tuple[int, str, str, str]]:
    """The cues that Resolve shows: number to frame, name, note and colour, of markers with our record."""
    found = {}
    for frame, one in sorted(timeline.markers.items()):
        if one["customData"]:
            record = json.loads(one["customData"])["postsync"]["cue"]
            found[record.get("number") or record["uid"]] = (frame, one["name"], one["note"], one["color"])
    return found


def folder(home: Path, name: str = "R1 v12") -> Path:
    return home / "Documents" / "postsync" / "Feature" / name


# ------------------------------------------------------------------------------------------------------- spotting


def test_a_cue_is_spotted_at_the_playhead(home: Path) -> None:
    timeline = reel(rate=23.976)
    timeline.playhead = 500
    with_window(
        timeline, "Spot ADR Cue Here",
        {"number": "R103", "character": "Marian", "line": "Never.", "reason": "noise", "note": "plane", "length": "30"},
    )  # fmt: skip
    made = timeline.markers[500]
    assert (made["name"], made["note"], made["duration"]) == ("R103 Marian", "Never.\nReason: noise\nplane", 30)
    path = home / "snapshot.json"
    run_job("Cue List", running(timeline), [])
    (saved,) = list(folder(home).glob("snapshots/*.json"))[-1:]
    path.write_bytes(saved.read_bytes())
    found = postsync_cues(path)["R103"]
    assert (found.record_in, found.record_out, found.line, found.reasons, found.note) == (
        500,
        530,
        "Never.",
        ("noise",),
        "plane",
    )


def postsync_cues(path: Path) -> dict[str, Any]:
    from postsync.cueing import spot
    from postsync.model import Project

    timeline = read_file(path, Report()).choose(None)
    spot(timeline, Project(), Report())
    return {cue.number or cue.uid: cue for cue in timeline_cues(timeline)}


def test_in_and_out_marks_around_the_playhead_are_the_cue_and_the_subtitle_its_line(home: Path) -> None:
    timeline = reel()
    timeline.playhead, timeline.marks = 130, {"video": {"in": 120, "out": 149}}
    with_window(timeline, "Spot ADR Cue Here", {"character": "ROBIN"})
    assert (timeline.markers[120]["duration"], timeline.markers[120]["note"]) == (30, "Hold there!")


def test_spotting_on_a_taken_frame_stands_beside_the_other_marker(home: Path) -> None:
    timeline = reel()
    timeline.playhead = 1200
    with_window(timeline, "Spot ADR Cue Here", {"character": "ROBIN"})
    assert (timeline.markers[1200]["name"], timeline.markers[1201]["name"]) == ("sky replacement", "ROBIN")


def test_spotting_works_without_a_window(home: Path) -> None:
    timeline = reel(V21_0_FREE)
    timeline.playhead = 500
    run_job("Spot ADR Cue Here", new_world(V21_0_FREE, timeline, page="edit")[1])
    assert timeline.markers[500]["name"] == "ADR" and not timeline.world.modal


def test_spotting_where_resolve_has_no_playhead_is_said(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    timeline = reel()
    run_job("Spot ADR Cue Here", new_world(V21_0, timeline, page="media")[1])
    assert (
        "open the Edit, Fairlight, Cut, Color or Deliver page" in capsys.readouterr().out and len(timeline.markers) == 3
    )


def test_a_cancelled_window_changes_nothing(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for press in ("cancel", "close"):
        timeline = reel()
        with_window(timeline, "Spot ADR Cue Here", {}, press)
        assert "Cancelled: nothing was changed." in capsys.readouterr().out and len(timeline.markers) == 3


# ------------------------------------------------------------------------------------------------------- the list


def test_cues_without_a_number_get_one_and_undo_takes_it_back(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    timeline = reel()
    timeline.markers[600] = marker("ROBIN: Stand!", "", "Red", 20)
    before = copy.deepcopy(timeline.markers)
    resolve = running(timeline)
    with_window(timeline, "Cue List", {"number": True}, resolve=resolve)
    assert list(cues(timeline)) == ["R101", "R101A", "R102"] and timeline.markers[1200] == before[1200]
    assert timeline.markers[600]["name"] == "R101A ROBIN"
    run_job("Undo Last Change", resolve)
    assert timeline.markers == before


def test_a_cue_on_a_clip_comes_onto_the_timeline_once(home: Path) -> None:
    timeline = reel()
    sound, picture = timeline.of("audio")[0].items[0], timeline.of("video")[0].items[0]
    for item in (picture, sound):
        item.markers = {60: marker("ROBIN: Stand!", "", "Red", 20)}
    before = copy.deepcopy((timeline.markers, sound.markers, picture.markers))
    resolve = running(timeline)
    for _ in range(2):
        with_window(timeline, "Cue List", {"number": True}, resolve=resolve)
    assert {number: one[0] for number, one in cues(timeline).items()} == {"R100A": 112, "R101": 400, "R102": 900}
    for item in (picture, sound):  # what a person sees of the clip stays
        assert {**item.markers[60], "customData": ""} == before[1][60]
    while "nothing to undo" not in undone(resolve):
        pass
    assert (timeline.markers, sound.markers, picture.markers) == before


def undone(resolve: Resolve) -> str:
    import contextlib
    import io

    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        run_job("Undo Last Change", resolve)
    return said.getvalue()


def test_a_cue_on_a_clip_is_exported_and_comes_back_once(home: Path) -> None:
    timeline = reel()
    timeline.of("audio")[0].items[0].markers = {60: marker("R100 ROBIN: Stand!", "", "Red", 20)}
    resolve = running(timeline)
    path = exported(home, timeline, resolve, "Table (CSV)", "cues")
    assert set(timeline.markers) == {400, 900, 1200}
    path.write_text(path.read_text("utf-8-sig").replace("Stand!", "Stand up!"), "utf-8")
    for _ in range(2):
        with_window(timeline, "Import Cues", {"file": str(path)}, resolve=resolve)
    assert {number: one[0] for number, one in cues(timeline).items()} == {"R100": 112, "R101": 400, "R102": 900}
    assert cues(timeline)["R100"][2] == "Stand up!"


def test_the_list_is_shown_and_goes_to_a_cue(home: Path) -> None:
    timeline = reel()
    shown: list[list[str]] = []

    def person(title: str, items: dict[str, Any]) -> str:
        if "rows" not in items:
            return "ok"
        shown.extend([row.Text[column] for column in range(1, 6)] for row in items["rows"].rows)
        items["rows"].chosen = 1
        return "go"

    windows = Windows(timeline.world, person)
    run_job("Cue List", running(timeline), fusion=Fusion([], windows), bmd=windows)
    assert shown == [
        ["R101", "01:00:16:16", "01:00:18:08", "ROBIN", "Hold there!"],
        ["R102", "01:00:37:12", "01:00:40:00", "MARIAN", "What's his fault?"],
    ]
    assert timeline.playhead == 900


# ------------------------------------------------------------------------------------------------------- out and back


def exported(home: Path, timeline: Timeline, resolve: Any, carrier: str, name: str) -> Path:
    with_window(timeline, "Export Cues", {"carrier": carrier, "file": str(home / name)}, resolve=resolve)
    (path,) = [one for one in home.iterdir() if one.name.startswith(name) and not one.name.endswith(".cues.json")]
    return path


def test_exporting_gives_cues_an_identity_and_changes_nothing_that_is_seen(home: Path) -> None:
    timeline = reel()
    before = copy.deepcopy(timeline.markers)
    exported(home, timeline, running(timeline), "Table (CSV)", "out")
    assert list(cues(timeline)) == ["R101", "R102"]
    seen = {frame: {**one, "customData": ""} for frame, one in timeline.markers.items()}
    assert seen == before


@pytest.mark.parametrize("profile", [V21_0, V21_1, V21_0_FREE])
def test_a_table_goes_out_and_comes_back_changed(home: Path, profile: Profile) -> None:
    timeline = reel(profile)
    resolve = running(timeline)
    path = home / "cues.csv"
    if profile.studio:
        assert exported(home, timeline, resolve, "Table (CSV)", "cues") == path
    else:
        run_job("Export Cues", resolve, [str(path)])
        (made,) = home.glob("cues*.xlsx")
        postsync.convert(made, path)
    rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    path.write_text(
        "\n".join(",".join(f'"{cell}"' for cell in row) for row in rows).replace("Hold there!", "Hold it there!"),
        "utf-8",
    )
    timeline.markers[700] = marker("new vfx", "", "Sand")
    run_job("Import Cues", resolve, [str(path)]) if not profile.studio else with_window(
        timeline, "Import Cues", {"file": str(path)}, resolve=resolve
    )
    assert cues(timeline)["R101"][:3] == (400, "R101 ROBIN", "Hold it there!")
    assert timeline.markers[700]["name"] == "new vfx" and timeline.markers[1200]["name"] == "sky replacement"


@pytest.mark.parametrize(("name", "rate", "drop", "start"), RATES)
def test_a_list_comes_onto_a_timeline_without_cues(home: Path, name: str, rate: float, drop: bool, start: str) -> None:
    source = reel(rate=rate, drop=drop, start=start)
    path = exported(home, source, running(source), "Table (CSV)", "cues")
    timeline = reel(rate=rate, drop=drop, start=start, name="R1 clean")
    timeline.markers = {900: marker("mine", "", "Sand"), 901: marker("mine too", "", "Sand")}
    with_window(timeline, "Import Cues", {"file": str(path)})
    assert {number: one[:2] for number, one in cues(timeline).items()} == {
        "R101": (400, "R101 ROBIN"), "R102": (902, "R102 MARIAN"),
    }  # fmt: skip
    assert (timeline.markers[902]["duration"], timeline.markers[900]["name"]) == (58, "mine")


def test_every_marker_may_be_a_cue(home: Path) -> None:
    timeline = reel()
    with_window(timeline, "Export Cues", {"carrier": "Table (CSV)", "file": str(home / "x"), "all": True})
    assert "sky replacement" in (home / "x.csv").read_text("utf-8-sig")
    assert len(cues(timeline)) == 3 and timeline.markers[1200]["name"] == "sky replacement"


def test_what_both_sides_changed_is_a_conflict_that_keeps_ours(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    timeline = reel()
    resolve = running(timeline)
    path = exported(home, timeline, resolve, "Table (CSV)", "cues")
    away = home / "from Anna"
    away.mkdir()  # without the cue document beside it: what was sent is remembered with the timeline
    path = path.rename(away / path.name)
    path.write_text(path.read_text("utf-8-sig").replace("Hold there!", "Hold it there!"), "utf-8")
    (home / "cues.cues.json").unlink()
    mine = dict(timeline.markers[400], name="R101 ROBIN", note="Stop there!")
    timeline.markers[400] = mine
    capsys.readouterr()
    with_window(timeline, "Import Cues", {"file": str(path)}, resolve=resolve)
    said = capsys.readouterr().out
    assert "conflict in R101, line" in said and "Hold it there!" in said
    assert cues(timeline)["R101"][2] == "Stop there!"
    with_window(timeline, "Import Cues", {"file": str(path), "conflicts": "take theirs"}, resolve=resolve)
    assert cues(timeline)["R101"][2] == "Hold it there!"


def test_a_reel_is_turned_over_its_list_returned_and_merged_back(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    timeline = reel()
    resolve = running(timeline)
    into = home / "for Pro Tools"
    with_window(timeline, "Turnover to Pro Tools", {"into": str(into)}, resolve=resolve)
    names = {path.suffix for path in into.iterdir()}
    assert {".aaf", ".mid", ".csv", ".html", ".otio"} <= names
    (table,) = into.glob("*cues.csv")
    table.write_text(
        table.read_text("utf-8-sig").replace("spotted", "recorded").replace("What's his fault?", "What is it?"), "utf-8"
    )
    with_window(timeline, "Import Cues", {"file": str(table)}, resolve=resolve)
    assert cues(timeline)["R102"][:3] == (900, "R102 MARIAN", "What is it?")
    assert json.loads(timeline.markers[400]["customData"])["postsync"]["cue"]["status"] == "recorded"
    before_import = timeline.markers[900]["note"]
    run_job("Undo Last Change", resolve)
    assert before_import != timeline.markers[900]["note"] and timeline.markers[1200]["name"] == "sky replacement"
    run_job("Undo Last Change", resolve)
    assert timeline.markers == reel().markers


def test_resolves_own_aaf_is_repaired_and_gets_the_cues(home: Path) -> None:
    timeline = reel()
    resolve = running(timeline)

    def export(path: Path) -> None:
        with_snapshot = sorted(folder(home).glob("snapshots/*.json"))[-1]
        postsync.convert(with_snapshot, path, write_options={"profile": "resolve"})

    timeline.exporter = export
    into = home / "for Pro Tools"
    with_window(
        timeline, "Turnover to Pro Tools",
        {"into": str(into), "aaf": "Resolve exports it, postsync repairs it and adds the cues"}, resolve=resolve,
    )  # fmt: skip
    (aaf,) = into.glob("*.aaf")
    assert {"R101", "R102"} <= set(postsync_cues(aaf))


def test_where_resolve_writes_no_aaf_ours_is_made_and_it_is_said(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    timeline = reel()
    into = home / "for Pro Tools"
    with_window(
        timeline, "Turnover to Pro Tools",
        {"into": str(into), "aaf": "Resolve exports it, postsync repairs it and adds the cues"},
    )  # fmt: skip
    assert list(into.glob("*.aaf")) and "Resolve wrote no AAF" in capsys.readouterr().out


def test_the_fairlight_list_comes_in_and_goes_out(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    timeline = reel()
    resolve = running(timeline)
    out = home / "first ADR.csv"
    with_window(timeline, "Sync with Fairlight ADR List", {"exported": "", "file": str(out)}, resolve=resolve)
    back = home / "from panel.csv"
    back.write_text(out.read_text("utf-8-sig").replace('"False"', '"True"').replace("Hold there!", "Hold on!"), "utf-8")
    again = home / "second ADR.csv"
    with_window(timeline, "Sync with Fairlight ADR List", {"exported": str(back), "file": str(again)}, resolve=resolve)
    assert cues(timeline)["R101"][2] == "Hold on!"
    assert json.loads(timeline.markers[400]["customData"])["postsync"]["cue"]["status"] == "recorded"
    assert (
        '"True"' in again.read_text("utf-8-sig") and "Clear Cue List, then Import Cue List" in capsys.readouterr().out
    )


# ------------------------------------------------------------------------------------------------------- takes, recuts


def recorded(place: Path, name: str, seconds: float = 6) -> Path:
    place.mkdir(exist_ok=True)
    path = place / f"{name}.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(3)
        file.setframerate(48000)
        file.writeframes(bytes(int(3 * 48000 * seconds)))
    return path


def adr_tracks(timeline: Timeline) -> dict[str, list[tuple[int, int]]]:
    return {
        track.name: [(item.start - timeline.start_frame, item.end - item.start) for item in track.items]
        for track in timeline.of("audio")
        if track.name.startswith("ADR")
    }


@pytest.mark.parametrize(("name", "rate", "drop", "start"), RATES)
def test_takes_are_placed_read_back_and_undone(
    home: Path, name: str, rate: float, drop: bool, start: str, capsys: pytest.CaptureFixture[str]
) -> None:
    timeline = reel(rate=rate, drop=drop, start=start)
    resolve = running(timeline)
    recorded(home / "takes", "R101_T1")
    recorded(home / "takes", "R102_T2")
    tracks = len(timeline.of("audio"))
    with_window(timeline, "Place ADR Takes", {"takes": str(home / "takes"), "by": "cue"}, resolve=resolve)
    said = capsys.readouterr().out
    laid = adr_tracks(timeline)
    assert set(laid) == {"ADR ROBIN", "ADR MARIAN"}, said
    ((start, length),) = laid["ADR ROBIN"]
    assert start <= 400 and start + length >= 440
    done = json.loads(
        sorted(folder(home).glob("work/* done*.json"), key=lambda one: one.stat().st_mtime_ns)[-1].read_text()
    )
    assert [(row["result"], row["off_by"]) for row in done["clips"]] == [("placed", "0")] * 2
    assert json.loads(timeline.markers[400]["customData"])["postsync"]["cue"]["takes"]
    run_job("Undo Last Change", resolve)
    assert adr_tracks(timeline) == {} and len(timeline.of("audio")) == tracks
    assert timeline.markers == reel().markers


def recut(timeline: Timeline, opened: int = 48) -> None:
    """Open the cut by some frames before the second shot; markers stay where they were, as Resolve leaves them."""
    for track in timeline.tracks:
        for item in track.items:
            if item.start - timeline.start_frame >= 300:
                item.start, item.end = item.start + opened, item.end + opened
    black = TimelineItem(
        timeline.world, "insert.mov", timeline.start_frame + 300, timeline.start_frame + 300 + opened, 0, uid="ins"
    )
    timeline.tracks[0].items.insert(1, black)


def test_a_recut_of_the_same_timeline_is_followed(home: Path) -> None:
    timeline = reel()
    resolve = running(timeline)
    with_window(timeline, "Export Cues", {"carrier": "Table (CSV)", "file": str(home / "x")}, resolve=resolve)
    recut(timeline)
    timeline.markers[900]["note"] = "What was his fault?"
    marks = copy.deepcopy(timeline.markers)
    with_window(timeline, "Reconform Cues to This Timeline", {}, resolve=resolve)
    assert {number: one[0] for number, one in cues(timeline).items()} == {"R101": 448, "R102": 948}
    assert timeline.markers[1200] == marks[1200]
    run_job("Undo Last Change", resolve)
    assert timeline.markers == marks


def test_a_cue_whose_picture_is_gone_loses_its_marker_and_is_kept_beside(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    timeline = reel()
    resolve = running(timeline)
    video = timeline.of("video")[0]
    video.items[-1].end = timeline.start_frame + 600
    third = TimelineItem(
        timeline.world, "14-1.mov", timeline.start_frame + 600, timeline.start_frame + 3000, 0, uid="e"
    )
    video.items.append(third)
    with_window(timeline, "Export Cues", {"carrier": "Table (CSV)", "file": str(home / "x")}, resolve=resolve)
    third.start, third.left = timeline.start_frame + 600, 1000  # the beginning of the shot, with the cue, is cut out
    third.end -= 1000
    marks = copy.deepcopy(timeline.markers)
    with_window(timeline, "Reconform Cues to This Timeline", {}, resolve=resolve)
    assert "lost: 1" in capsys.readouterr().out
    assert sorted(timeline.markers) == [400, 1200] and timeline.markers[1200] == marks[1200]
    (work,) = folder(home).glob("reconformed/*/*.otio")
    assert set(postsync_cues(work)) == {"R101", "R102"}
    run_job("Undo Last Change", resolve)
    assert timeline.markers == marks


def test_cues_of_an_older_timeline_come_into_the_new_one(home: Path) -> None:
    old, new = reel(), reel(name="R1 v13")
    old.uid, new.uid = "t-old", "t-new"
    new.world, new.markers = old.world, {5: marker("mine")}
    for track in new.tracks:
        for item in track.items:
            item.world = old.world
    recut(new)
    _, resolve = new_world(V21_0, new, old)
    before = copy.deepcopy(old.markers)
    with_window(new, "Reconform Cues to This Timeline", {"old": "R1 v12"}, resolve=resolve)
    assert {number: one[0] for number, one in cues(new).items()} == {"R101": 448, "R102": 948}
    assert new.markers[5]["name"] == "mine" and old.markers == before


def test_without_an_older_cut_it_says_so(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    timeline = reel()
    before = copy.deepcopy(timeline.markers)
    with_window(timeline, "Reconform Cues to This Timeline", {})
    assert "There is no older cut to start from" in capsys.readouterr().out and timeline.markers == before


def test_placed_takes_follow_a_recut(home: Path) -> None:
    timeline = reel()
    resolve = running(timeline)
    recorded(home / "takes", "R101_T1")
    with_window(timeline, "Place ADR Takes", {"takes": str(home / "takes"), "by": "cue"}, resolve=resolve)
    ((start, length),) = adr_tracks(timeline)["ADR ROBIN"]
    adr = timeline.of("audio")[-1].items[0]
    recut(timeline)
    adr.start, adr.end = (
        start + timeline.start_frame,
        start + length + timeline.start_frame,
    )  # nobody moved the take along
    with_window(timeline, "Reconform Cues to This Timeline", {}, resolve=resolve)
    assert cues(timeline)["R101"][0] == 448 and adr_tracks(timeline)["ADR ROBIN"] == [(start + 48, length)]


# ------------------------------------------------------------------------------------------------------- how things stand


def test_diagnostics_say_what_is_there(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run_job("Diagnostics", running(reel()))
    said = capsys.readouterr().out
    assert (
        "DaVinci Resolve Studio 21.0.0.28, studio" in said and "All is well." in said and "24 from 01:00:00:00" in said
    )
    assert (home / "Documents" / "postsync" / "diagnostics.json").is_file()


@pytest.mark.parametrize("command", [[], ["/nowhere/postsync"]])
def test_diagnostics_say_what_to_do_where_postsync_does_not_start(
    home: Path, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    run_job("Diagnostics", running(reel()), command=command)
    assert "postsync resolve install" in capsys.readouterr().out


def test_diagnostics_work_without_a_project(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run_job("Diagnostics", new_world(V21_0_FREE)[1])
    said = capsys.readouterr().out
    assert "No timeline is open" in said and "Windows: no" in said


@pytest.mark.parametrize("command", [[], ["/nowhere/postsync"]])
def test_where_postsync_does_not_start_everything_is_saved_and_the_command_is_told(
    home: Path, command: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("postsync_resolve.desk.run", command_module.run)
    timeline = reel()
    back = home / "back.csv"
    back.write_text("x", "utf-8")
    before = copy.deepcopy(timeline.markers)
    run_job("Import Cues", running(timeline), [str(back)], command=command)
    said = capsys.readouterr().out
    assert "postsync resolve install" in said and "postsync merge" in said and "then run Import Cues and choose" in said
    assert timeline.markers == before and list(folder(home).glob("snapshots/*.json"))


def test_a_file_that_is_no_list_is_refused_with_the_commands_own_sentence(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    timeline = reel()
    bad = home / "notes.docx"
    bad.write_bytes(b"PK\x03\x04 nothing")
    before = copy.deepcopy(timeline.markers)
    run_job("Import Cues", running(timeline), [str(bad)])
    said = capsys.readouterr().out
    assert "notes.docx" in said and "Nothing was changed." in said and timeline.markers == before


def test_a_real_command_does_the_same(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("postsync_resolve.desk.run", command_module.run)
    monkeypatch.setenv("PYTHONHOME", "/opt/resolve/python")  # as Resolve sets it for its own Python
    timeline = reel()
    run_job("Export Cues", running(timeline), [str(home / "out.xlsx")])
    assert list(home.glob("out*.xlsx")) and list(cues(timeline)) == ["R101", "R102"]


# ------------------------------------------------------------------------------------------------------- without windows


class Asked:
    """The system's dialogs, answered by what stands in the question."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, answers: dict[str, str | None]) -> None:
        self.questions: list[str] = []
        self.answers = answers
        monkeypatch.setattr("postsync_resolve.system_dialogs.ask", self.ask)

    def ask(self, kind: str, question: str, value: str, choices: Any = ()) -> str | None:
        self.questions.append(question)
        return next((answer for words, answer in self.answers.items() if words in question), value)


def test_the_free_edition_asks_by_the_systems_dialogs(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    timeline = reel(V21_0_FREE)
    timeline.playhead = 500
    asked = Asked(monkeypatch, {"Character": "MARIAN", "Line": "Never."})
    run_job("Spot ADR Cue Here", new_world(V21_0_FREE, timeline, page="edit")[1])
    assert (timeline.markers[500]["name"], timeline.markers[500]["note"]) == ("MARIAN", "Never.")
    assert asked.questions == ["Character", "Line"]


def test_the_free_edition_numbers_when_it_is_asked_to(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    timeline = reel(V21_0_FREE)
    timeline.markers[600] = marker("ROBIN: Stand!", "", "Red", 20)
    resolve = running(timeline)
    Asked(monkeypatch, {})
    run_job("Cue List", resolve)
    assert cues(timeline) == {}
    Asked(monkeypatch, {"Number": "Yes"})
    run_job("Cue List", resolve)
    assert list(cues(timeline)) == ["R101", "R101A", "R102"]


def test_the_free_edition_exports_what_is_chosen(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Asked(monkeypatch, {"As": "Subtitles (SRT)"})
    run_job("Export Cues", running(reel(V21_0_FREE)), [str(home / "lines")])
    assert "Hold there!" in (home / "lines.srt").read_text("utf-8")


def test_a_cancelled_question_changes_nothing(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    timeline = reel(V21_0_FREE)
    Asked(monkeypatch, {"Character": None})
    run_job("Spot ADR Cue Here", new_world(V21_0_FREE, timeline, page="edit")[1])
    assert "Cancelled: nothing was changed." in capsys.readouterr().out and len(timeline.markers) == 3


def test_what_lies_in_the_folder_in_is_taken_where_no_dialog_comes_up(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    timeline = reel(V21_0_FREE)
    resolve = running(timeline)
    run_job("Export Cues", resolve, [str(home / "cues")])
    inbox = folder(home) / "in"
    inbox.mkdir()
    postsync.convert(home / "cues.xlsx", inbox / "back.csv")
    path = inbox / "back.csv"
    path.write_text(path.read_text("utf-8-sig").replace("Hold there!", "Hold on!"), "utf-8")
    for extra in inbox.glob("*.json"):
        extra.unlink()
    run_job("Import Cues", resolve, fusion=None)
    assert cues(timeline)["R101"][2] == "Hold on!"


def test_what_stops_a_job_is_shown_in_its_window(home: Path) -> None:
    timeline = reel()
    shown: list[str] = []

    def person(title: str, items: dict[str, Any]) -> str:
        if "text" in items:
            shown.append(items["text"].PlainText)
            return "ok"
        items["start"].Text = "half past nine"
        return "ok"

    windows = Windows(timeline.world, person)
    run_job("Spot ADR Cue Here", running(timeline), fusion=Fusion([], windows), bmd=windows)
    assert shown == ["'half past nine' is no timecode such as 01:00:00:00. Nothing was changed."]
