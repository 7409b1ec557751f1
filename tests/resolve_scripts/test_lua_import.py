"""The Lua import, run by real Luas: it does with markers what the Python jobs do, whatever happens."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from postsync import verbs
from postsync_resolve import applying
from postsync_resolve.instructions import WantedCue
from postsync_resolve.marker_plan import plan_markers
from resolve_double import V21_0, V21_1, Fusion, Timeline, marker, new_world
from resolve_double.lua import LuaWorld
from resolve_double.menu import RATES, SCRIPTS, make_timeline
from resolve_double.scenes import CLOCK, mark, scenes
from resolve_double.scenes import reel as made_reel

SCRIPT = SCRIPTS / "lua" / "Import ADR Cues (Lua).lua"


def instructions(reel: Timeline, cues: list[dict[str, Any]], **more: Any) -> str:
    told = {
        "name": reel.name, "frame_rate": str(reel.rate), "drop_frame": reel.drop,
        "start_timecode": reel.start_timecode,
    }  # fmt: skip
    document = {
        "schema": "postsync.resolve-instructions/1",
        "timeline": told,
        "cues": cues,
        "remove": [],
        "clips": [],
        **more,
    }
    return json.dumps(document, ensure_ascii=len(cues) % 2 == 0)


def cue_json(cue: WantedCue) -> dict[str, Any]:
    return {name: getattr(cue, name) for name in cue.__dataclass_fields__}


def wanted(uid: str, at: int, **more: Any) -> dict[str, Any]:
    return {
        "uid": uid, "label": uid, "frame": at, "duration": 40, "color": "Red", "name": f"R{at} ROBIN",
        "note": "Hold \"there\"!\nété 🎬",
        "custom_data": mark(uid), "was": None, **more,
    }  # fmt: skip


def carry_out(path: Path, timeline: Timeline, document: str, runtime: str = "luajit21", page: str = "edit") -> str:
    path.write_text(document, encoding="utf-8")
    _, resolve = new_world(timeline.world.profile, timeline, page=page)
    return LuaWorld(runtime).run(SCRIPT, resolve=resolve, fusion=Fusion([str(path)]))


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(scene=scenes(), runtime=st.sampled_from(["luajit21", "lua51", "lua54"]))
def test_lua_does_what_python_does(tmp_path: Path, scene: Any, runtime: str) -> None:
    pytest.importorskip("lupa", reason="lupa is not installed: no Lua to run the import")
    there, cues, gone = scene
    ours, theirs = made_reel(there), made_reel(there)
    before = applying.markers_now(ours)
    applying.apply_markers(ours, plan_markers(before, cues, gone, CLOCK), before)
    document = instructions(theirs, [cue_json(cue) for cue in cues], remove=[uid for uid in gone if uid])
    said = carry_out(tmp_path / "x.json", theirs, document, runtime)
    assert seen(theirs) == seen(ours), said


def seen(timeline: Timeline) -> dict[int, Any]:
    """Markers, with our marks as values: how their JSON is written is no difference."""
    return {frame: {**facts, "customData": _value(facts["customData"])} for frame, facts in timeline.markers.items()}


def _value(custom_data: str) -> Any:
    return json.loads(custom_data) if custom_data.startswith("{") else custom_data


@pytest.mark.parametrize(("name", "rate", "drop", "start"), RATES)
def test_cues_stand_on_their_frames_at_every_clock(home: Path, name: str, rate: float, drop: bool, start: str) -> None:
    timeline = make_timeline(V21_0, rate=rate, drop=drop, start=start)
    said = carry_out(
        home / "x.json",
        timeline,
        instructions(timeline, [wanted("AAAAAAAA", 500), wanted("BBBBBBBB", 1000)]),
        page="color",
    )
    assert sorted(timeline.markers) == [7, 500, 1000, 1001] and timeline.world.page == "color", said
    assert timeline.markers[500]["note"] == 'Hold "there"!\nété 🎬'
    assert "2 cues: 2 added" in said and "stands 1 frame late" in said


def test_the_file_of_before_brings_the_markers_back(home: Path) -> None:
    timeline = make_timeline(V21_0)
    before = copy.deepcopy(timeline.markers)
    carry_out(
        home / "x.json",
        timeline,
        instructions(timeline, [wanted("AAAAAAAA", 7, was={"frame": 7, "name": "R101", "note": ""})]),
    )
    assert timeline.markers != before
    said = carry_out(home / "y.json", timeline, (home / "x before.json").read_text("utf-8"))
    assert timeline.markers == before and said == "The markers are as they were."


@pytest.mark.parametrize("trouble", [False, None, RuntimeError("busy")])
def test_a_refused_marker_takes_everything_back(home: Path, trouble: Any) -> None:
    timeline = make_timeline(V21_0)
    carry_out(home / "x.json", timeline, instructions(timeline, [wanted("AAAAAAAA", 500)]))
    before = copy.deepcopy(timeline.markers)
    timeline.world.fail("AddMarker", ..., trouble)
    said = carry_out(
        home / "x.json", timeline, instructions(timeline, [wanted("AAAAAAAA", 510), wanted("BBBBBBBB", 610)])
    )
    assert timeline.markers == before and "Everything was taken back: close any dialog" in said


def test_a_marker_of_a_clip_is_not_read_twice(home: Path) -> None:
    timeline = make_timeline(V21_0)
    was = {"item": "b", "frame": 60, "name": "LINE", "note": "Noise"}
    carry_out(home / "x.json", timeline, instructions(timeline, [wanted("AAAAAAAA", 112, was=was)]))
    (item,) = timeline.of("audio")[0].items
    assert (
        json.loads(item.markers[60]["customData"]) == {"postsync": {"lifted": "AAAAAAAA"}}
        and item.markers[60]["name"] == "LINE"
    )


@pytest.mark.parametrize(
    ("change", "sentence"),
    [({"frame_rate": "25"}, "The cues count in 25"), ({"drop_frame": True}, "differ in drop frame"),
     ({"start_timecode": "02:00:00:00"}, "count from 02:00:00:00")],
)  # fmt: skip
def test_instructions_of_another_clock_are_refused(home: Path, change: dict[str, Any], sentence: str) -> None:
    timeline = make_timeline(V21_0)
    told = {"name": "x", "frame_rate": "24", "drop_frame": False, "start_timecode": "01:00:00:00", **change}
    said = carry_out(home / "x.json", timeline, instructions(timeline, [wanted("AAAAAAAA", 500)], timeline=told))
    assert sentence in said and "Nothing was changed" in said and len(timeline.markers) == 2


@pytest.mark.parametrize(
    ("document", "sentence"),
    [("{", "not JSON"), ('{"schema": "else"}', "found else"), ("[1, 2", "not JSON"), ('"x"', "found x"), ("", "not JSON"),
     ('{"schema": "postsync.resolve-instructions/1"}', "no timeline or no cues")],
)  # fmt: skip
def test_what_is_no_instructions_is_refused(home: Path, document: str, sentence: str) -> None:
    timeline = make_timeline(V21_0)
    said = carry_out(home / "x.json", timeline, document)
    assert sentence in said and "Nothing was changed." in said and len(timeline.markers) == 2


@pytest.mark.parametrize(
    "change", [{"frame": "500"}, {"frame": 1.5}, {"duration": 0}, {"uid": ""}, {"custom_data": None}, {"color": None}]
)
def test_a_cue_that_is_none_is_refused_before_anything_changes(home: Path, change: dict[str, Any]) -> None:
    timeline = make_timeline(V21_0)
    said = carry_out(home / "x.json", timeline, instructions(timeline, [{**wanted("AAAAAAAA", 500), **change}]))
    assert "Nothing was changed." in said and len(timeline.markers) == 2


def test_takes_are_named_as_not_laid(home: Path) -> None:
    timeline = make_timeline(V21_0)
    assert "1 take not laid" in carry_out(home / "x.json", timeline, instructions(timeline, [], clips=[{"id": "x"}]))


def test_cues_go_out_are_numbered_and_come_back_without_any_python_in_resolve(home: Path) -> None:
    timeline = make_timeline(V21_1, rate=29.97, drop=True, start="01:00:00;00")
    timeline.of("audio")[0].items[0].markers = {60: marker("ROBIN: Stand!", "", "Red", 20)}
    timeline.markers = {400: marker("R101 ROBIN: Hold there!", "", "Red", 40), 900: marker("mine", "", "Sand")}
    _, resolve = new_world(V21_1, timeline)
    LuaWorld("luajit21").run(
        SCRIPTS / "lua" / "Export ADR Cues (Lua).lua", resolve=resolve, fusion=Fusion([str(home / "R1")])
    )
    verbs.number(home / "R1.json", home / "R1.resolve.json")
    LuaWorld("luajit21").run(SCRIPT, resolve=resolve, fusion=Fusion([str(home / "R1.resolve.json")]))
    assert {frame: one["name"] for frame, one in timeline.markers.items()} == {
        112: "R100A ROBIN",
        400: "R101 ROBIN",
        900: "mine",
    }
    assert timeline.markers[400]["note"] == "Hold there!" and timeline.markers[900]["customData"] == ""


def test_other_peoples_data_stays(home: Path) -> None:
    timeline = make_timeline(V21_0)
    timeline.markers[300] = marker("theirs", custom_data='{"postsync": 3}')
    carry_out(home / "x.json", timeline, instructions(timeline, [wanted("AAAAAAAA", 300)]))
    assert timeline.markers[300]["name"] == "theirs" and 301 in timeline.markers
