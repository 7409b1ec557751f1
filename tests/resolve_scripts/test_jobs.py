"""The jobs of the menu with cues: the menu file, the command, the markers in Resolve, from one end to the other."""

from __future__ import annotations

import copy
import csv
import json
from pathlib import Path
from typing import Any

import pytest

import postsync
from resolve_double import (
    V21_0,
    V21_0_FREE,
    V21_1,
    Fusion,
    Profile,
    Windows,
    in_process,
    marker,
    new_world,
)
from resolve_double.menu import RATES, run_job
from resolve_double.person import (
    cues_shown,
    exported,
    folder,
    postsync_cues,
    reel,
    running,
    undone,
    with_window,
)


@pytest.fixture(autouse=True)
def _no_other_process(monkeypatch: pytest.MonkeyPatch) -> None:
    in_process.use(monkeypatch)


# ---------------------------------------------------------------------------------------------------- spotting


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


@pytest.mark.parametrize("typed", ["abc", "-5", "0", "2s", "", "1.5"])
def test_a_length_that_is_no_number_of_frames_is_refused(
    typed: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    timeline = reel()
    timeline.playhead = 500
    with_window(timeline, "Spot ADR Cue Here", {"character": "ROBIN", "length": typed})
    assert f"{typed!r} is no length: expected frames, such as 48." in capsys.readouterr().out
    assert len(timeline.markers) == 3


@pytest.mark.parametrize("typed", ["01:75:00:00", "01:00:99:00", "01:00:10:24", "3600"])
def test_a_start_that_no_clock_shows_is_refused(typed: str, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    timeline = reel()
    with_window(timeline, "Spot ADR Cue Here", {"character": "ROBIN", "start": typed})
    assert f"{typed!r} is no timecode such as" in capsys.readouterr().out and len(timeline.markers) == 3


def test_a_cue_that_resolve_does_not_take_is_not_said_to_be_added(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    timeline = reel()
    resolve = running(timeline)
    timeline.world.modal = True
    with_window(timeline, "Spot ADR Cue Here", {"character": "ROBIN"}, resolve=resolve)
    said = capsys.readouterr().out
    assert "ROBIN: failed" in said and "added" not in said and len(timeline.markers) == 3


# ---------------------------------------------------------------------------------------------------- a dialog is open


@pytest.mark.parametrize("job", ["Export Cues", "Turnover to Pro Tools", "Sync with Fairlight ADR List"])
def test_nothing_is_written_of_cues_that_could_not_be_marked(
    job: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    timeline = reel()
    resolve = running(timeline)
    before = copy.deepcopy(timeline.markers)
    timeline.world.modal = True
    with_window(timeline, job, {}, resolve=resolve)
    said = capsys.readouterr().out
    assert "close any dialog that is open in Resolve" in said and "nothing was written." in said
    assert timeline.markers == before and not list(folder(home).glob("out/*"))
    timeline.world.modal = False
    with_window(timeline, job, {}, resolve=resolve)
    assert list(cues_shown(timeline)) == ["R101", "R102"]


# ---------------------------------------------------------------------------------------------------- typed paths


@pytest.mark.parametrize(
    ("typed", "below"),
    [("~/R1 list", "R1 list.srt"), ("R1 list", "Documents/postsync/Feature/R1 v12/R1 list.srt"),
     ("'~/Zoë’s list'", "Zoë’s list.srt"), ("../R1 list", "Documents/postsync/Feature/R1 list.srt")],
)  # fmt: skip
def test_a_typed_path_is_taken_as_a_person_means_it(typed: str, below: str, home: Path) -> None:
    timeline = reel()
    with_window(timeline, "Export Cues", {"carrier": "Subtitles (SRT)", "file": typed})
    assert (home / below).is_file()


def test_a_typed_folder_is_made_in_the_folder_of_the_timeline(home: Path) -> None:
    timeline = reel()
    for _ in range(2):
        with_window(timeline, "Turnover to Pro Tools", {"into": "for sound"})
    assert [(folder(home) / name / "R1 v12.aaf").is_file() for name in ("for sound", "for sound 2")] == [True, True]


# ---------------------------------------------------------------------------------------------------- what was lost


def test_notes_that_the_command_only_counts_lie_beside_in_words(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    timeline = reel()
    with_window(timeline, "Export Cues", {"carrier": "Fairlight ADR list", "file": str(home / "list")})
    said = capsys.readouterr().out
    (path,) = folder(home).glob("exchange/*Export Cues losses.txt")
    assert "--verbose" not in said and f"Each of them in words: {path}" in said
    assert "3 clips stay behind: a list of cues" in path.read_text(encoding="utf-8")


# ---------------------------------------------------------------------------------------------------- the list


def test_subtitles_and_markers_that_stay_in_resolve_are_not_said_to_be_lost(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with_window(reel(), "Cue List", {"number": True, "check": False})
    assert "no cues not carried" not in capsys.readouterr().out


def test_what_is_wrong_with_a_cue_is_said_with_what_to_do(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    timeline = reel()
    timeline.markers[905] = marker("R102 MARY: Never.", "", "Red", 20)
    timeline.markers[1000] = marker("MARY: No.", "", "Red", 20)
    with_window(timeline, "Cue List", {"check": True})
    said = capsys.readouterr().out
    assert (
        "  error: R102 MARY, 01:00:37:17: number R102 is also that of R102 MARIAN at 01:00:37:12;"
        " give one of the two another number\n" in said
    )
    assert "  warning: MARY, 01:00:41:16: has no number; number them here\n" in said


def test_where_every_marker_is_a_cue_every_one_is_checked(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for every in (False, True):
        with_window(reel(), "Cue List", {"check": True, "all": every})
        said = capsys.readouterr().out
        assert ("01:00:50:00: has no character" in said, "Nothing is wrong" in said) == (every, not every)


def test_cues_without_a_number_get_one_and_undo_takes_it_back(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    timeline = reel()
    timeline.markers[600] = marker("ROBIN: Stand!", "", "Red", 20)
    before = copy.deepcopy(timeline.markers)
    resolve = running(timeline)
    with_window(timeline, "Cue List", {"number": True}, resolve=resolve)
    assert list(cues_shown(timeline)) == ["R101", "R101A", "R102"] and timeline.markers[1200] == before[1200]
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
    assert {number: one[0] for number, one in cues_shown(timeline).items()} == {"R100A": 112, "R101": 400, "R102": 900}
    for item in (picture, sound):  # what a person sees of the clip stays
        assert {**item.markers[60], "customData": ""} == before[1][60]
    while "nothing to undo" not in undone(resolve):
        pass
    assert (timeline.markers, sound.markers, picture.markers) == before


def test_a_cue_on_a_clip_is_exported_and_comes_back_once(home: Path) -> None:
    timeline = reel()
    timeline.of("audio")[0].items[0].markers = {60: marker("R100 ROBIN: Stand!", "", "Red", 20)}
    resolve = running(timeline)
    path = exported(home, timeline, resolve, "Table (CSV)", "cues")
    assert set(timeline.markers) == {400, 900, 1200}
    path.write_text(path.read_text("utf-8-sig").replace("Stand!", "Stand up!"), "utf-8")
    for _ in range(2):
        with_window(timeline, "Import Cues", {"file": str(path)}, resolve=resolve)
    assert {number: one[0] for number, one in cues_shown(timeline).items()} == {"R100": 112, "R101": 400, "R102": 900}
    assert cues_shown(timeline)["R100"][2] == "Stand up!"


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


# ---------------------------------------------------------------------------------------------------- out and back


def test_exporting_gives_cues_an_identity_and_changes_nothing_that_is_seen(home: Path) -> None:
    timeline = reel()
    before = copy.deepcopy(timeline.markers)
    exported(home, timeline, running(timeline), "Table (CSV)", "out")
    assert list(cues_shown(timeline)) == ["R101", "R102"]
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
    assert cues_shown(timeline)["R101"][:3] == (400, "R101 ROBIN", "Hold it there!")
    assert timeline.markers[700]["name"] == "new vfx" and timeline.markers[1200]["name"] == "sky replacement"


@pytest.mark.parametrize(("name", "rate", "drop", "start"), RATES)
def test_a_list_comes_onto_a_timeline_without_cues(home: Path, name: str, rate: float, drop: bool, start: str) -> None:
    source = reel(rate=rate, drop=drop, start=start)
    path = exported(home, source, running(source), "Table (CSV)", "cues")
    timeline = reel(rate=rate, drop=drop, start=start, name="R1 clean")
    timeline.markers = {900: marker("mine", "", "Sand"), 901: marker("mine too", "", "Sand")}
    with_window(timeline, "Import Cues", {"file": str(path)})
    assert {number: one[:2] for number, one in cues_shown(timeline).items()} == {
        "R101": (400, "R101 ROBIN"), "R102": (902, "R102 MARIAN"),
    }  # fmt: skip
    assert (timeline.markers[902]["duration"], timeline.markers[900]["name"]) == (58, "mine")


def test_every_marker_may_be_a_cue(home: Path) -> None:
    timeline = reel()
    with_window(timeline, "Export Cues", {"carrier": "Table (CSV)", "file": str(home / "x"), "all": True})
    assert "sky replacement" in (home / "x.csv").read_text("utf-8-sig")
    assert len(cues_shown(timeline)) == 3 and timeline.markers[1200]["name"] == "sky replacement"


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
    assert cues_shown(timeline)["R101"][2] == "Stop there!"
    with_window(timeline, "Import Cues", {"file": str(path), "conflicts": "take theirs"}, resolve=resolve)
    assert cues_shown(timeline)["R101"][2] == "Hold it there!"


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
    assert cues_shown(timeline)["R102"][:3] == (900, "R102 MARIAN", "What is it?")
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
    assert cues_shown(timeline)["R101"][2] == "Hold on!"
    assert json.loads(timeline.markers[400]["customData"])["postsync"]["cue"]["status"] == "recorded"
    assert (
        '"True"' in again.read_text("utf-8-sig") and "Clear Cue List, then Import Cue List" in capsys.readouterr().out
    )
