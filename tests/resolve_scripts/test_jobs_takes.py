"""Takes placed and cuts followed by the jobs of the menu, from one end to the other."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest

from resolve_double import (
    V21_0,
    TimelineItem,
    in_process,
    marker,
    new_world,
)
from resolve_double.menu import RATES, run_job
from resolve_double.person import (
    adr_tracks,
    cues_shown,
    folder,
    postsync_cues,
    recorded,
    recut,
    reel,
    running,
    with_window,
)


@pytest.fixture(autouse=True)
def _no_other_process(monkeypatch: pytest.MonkeyPatch) -> None:
    in_process.use(monkeypatch)


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
        sorted(folder(home).glob("exchange/* done*.json"), key=lambda one: one.stat().st_mtime_ns)[-1].read_text()
    )
    assert [(row["result"], row["off_by"]) for row in done["clips"]] == [("placed", "0")] * 2
    assert json.loads(timeline.markers[400]["customData"])["postsync"]["cue"]["takes"]
    run_job("Undo Last Change", resolve)
    assert adr_tracks(timeline) == {} and len(timeline.of("audio")) == tracks
    assert timeline.markers == reel().markers


def test_takes_that_wait_for_a_person_are_named(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    timeline = reel()
    for name in ("R101_T1", "R999_T1", "wild"):
        recorded(home / "takes", name)
    (home / "takes" / "broken.wav").write_bytes(b"RIFF1234")
    with_window(timeline, "Place ADR Takes", {"takes": str(home / "takes"), "by": "cue"})
    said = capsys.readouterr().out
    assert "  R999_T1.wav is not laid: unpaired, nothing speaks for a cue\n" in said
    assert "  wild.wav is not laid: unpaired" in said and "  without a take: R102\n" in said
    assert "broken.wav: not a WAV file" in said


def test_a_recut_of_the_same_timeline_is_followed(home: Path) -> None:
    timeline = reel()
    resolve = running(timeline)
    with_window(timeline, "Export Cues", {"carrier": "Table (CSV)", "file": str(home / "x")}, resolve=resolve)
    recut(timeline)
    timeline.markers[900]["note"] = "What was his fault?"
    marks = copy.deepcopy(timeline.markers)
    with_window(timeline, "Reconform Cues to This Timeline", {}, resolve=resolve)
    assert {number: one[0] for number, one in cues_shown(timeline).items()} == {"R101": 448, "R102": 948}
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
    assert {number: one[0] for number, one in cues_shown(new).items()} == {"R101": 448, "R102": 948}
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
    assert cues_shown(timeline)["R101"][0] == 448 and adr_tracks(timeline)["ADR ROBIN"] == [(start + 48, length)]
