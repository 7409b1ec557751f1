"""The Lua export, run by real Luas: it writes what the Python jobs write, for editions without Python."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from postsync_resolve.snapshot import take_snapshot
from resolve_double import PROFILES, V21_0, V21_1, Fusion, Profile, Timeline, new_world
from resolve_double.lua import LuaWorld
from resolve_double.menu import RATES, SCRIPTS, make_timeline

SCRIPT = SCRIPTS / "lua" / "Export ADR Cues (Lua).lua"

LUAS = ("luajit21", "lua51", "lua54")
"""LuaJIT is what Resolve has; the others keep the script from leaning on it."""


def both(runtime: str, timeline: Timeline, home: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Give the snapshots of Lua and of Python."""
    _, resolve = new_world(timeline.world.profile, timeline)
    LuaWorld(runtime).run(SCRIPT, resolve=resolve)
    (path,) = (home / "Documents").glob("*.json")
    lua = json.loads(path.read_text(encoding="utf-8"))
    python = json.loads(json.dumps(take_snapshot(resolve, resolve.project, timeline)))
    for one in (lua, python):
        assert one.pop("written")
        assert one.pop("by") in ("lua", "python")
    return lua, python


@pytest.mark.parametrize("runtime", LUAS)
@pytest.mark.parametrize("build", PROFILES)
def test_lua_sees_what_python_sees(home: Path, runtime: str, build: str) -> None:
    lua, python = both(runtime, make_timeline(PROFILES[build], rate=23.976), home)
    assert lua == python


@pytest.mark.parametrize(("name", "rate", "drop", "start"), RATES)
def test_lua_sees_every_clock(home: Path, name: str, rate: float, drop: bool, start: str) -> None:
    lua, python = both("luajit21", make_timeline(V21_0, rate=rate, drop=drop, start=start), home)
    assert lua == python


def test_texts_of_every_kind_arrive(home: Path) -> None:
    timeline = make_timeline(V21_0)
    timeline.markers[7] = {
        "color": "Sky", "name": 'été "x" \\ \x1f', "note": "дом\n\t日本 🎬", "duration": 3, "customData": '{"a": "é"}',
    }  # fmt: skip
    lua, python = both("luajit21", timeline, home)
    assert lua["markers"] == python["markers"]


def test_answers_that_fail_cost_only_themselves(home: Path) -> None:
    profile = Profile(silent=frozenset({"GetLinkedItems", "GetMediaPoolItem"}), raising=frozenset({"GetClipColor"}))
    lua, python = both("luajit21", make_timeline(profile), home)
    assert len(lua.pop("warnings")) == len(python.pop("warnings")) and lua == python


def test_the_dialog_says_where(home: Path) -> None:
    _, resolve = new_world(V21_1, make_timeline(V21_1))
    said = LuaWorld("luajit21").run(SCRIPT, resolve=resolve, fusion=Fusion([str(home / "mine")]))
    assert (home / "mine.json").is_file() and said.startswith("2 markers, written to") and "postsync turnover" in said


@pytest.mark.parametrize(
    ("names", "sentence"),
    [({}, "DaVinci Resolve did not answer"), ({"resolve": new_world(V21_1)[1]}, "No timeline is open")],
)
def test_what_is_missing_is_said_in_one_sentence(home: Path, names: dict[str, Any], sentence: str) -> None:
    said = LuaWorld("luajit21").run(SCRIPT, **names)
    assert said.startswith(sentence) and "\n" not in said and not list((home / "Documents").iterdir())


def test_a_file_is_never_written_over(home: Path) -> None:
    _, resolve = new_world(V21_0, make_timeline(V21_0, "R1/v12: été"))
    for _ in range(2):
        LuaWorld("luajit21").run(SCRIPT, resolve=resolve)
    assert sorted(path.name for path in (home / "Documents").iterdir()) == ["R1_v12_ été 2.json", "R1_v12_ été.json"]


def test_a_cancelled_dialog_writes_nothing(home: Path) -> None:
    _, resolve = new_world(V21_0, make_timeline(V21_0))
    assert LuaWorld("luajit21").run(SCRIPT, resolve=resolve, fusion=Fusion([None])) == "Cancelled: nothing was written."
    assert not list((home / "Documents").iterdir())
