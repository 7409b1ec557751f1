"""A reel with cues, a person who uses the jobs of the menu, and looking at what came of it."""

from __future__ import annotations

import contextlib
import io
import json
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

from postsync.cueing import spot
from postsync.formats.conversion import read_file
from postsync.model import Project, timeline_cues
from postsync.report import Report
from resolve_double.application import Fusion, Resolve, new_world
from resolve_double.menu import make_timeline, run_job
from resolve_double.profiles import V21_0, Profile
from resolve_double.timeline import Timeline, TimelineItem, marker
from resolve_double.windows import Windows


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


def cues_shown(timeline: Timeline) -> dict[str, tuple[int, str, str, str]]:
    """The cues that Resolve shows: number to frame, name, note and colour, of markers with our record."""
    found = {}
    for frame, one in sorted(timeline.markers.items()):
        if one["customData"]:
            record = json.loads(one["customData"])["postsync"]["cue"]
            found[record.get("number") or record["uid"]] = (frame, one["name"], one["note"], one["color"])
    return found


def folder(home: Path, name: str = "R1 v12") -> Path:
    return home / "Documents" / "postsync" / "Feature" / name


def postsync_cues(path: Path) -> dict[str, Any]:
    timeline = read_file(path, Report()).choose(None)
    spot(timeline, Project(), Report())
    return {cue.number or cue.uid: cue for cue in timeline_cues(timeline)}


def undone(resolve: Resolve) -> str:
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        run_job("Undo Last Change", resolve)
    return said.getvalue()


def exported(home: Path, timeline: Timeline, resolve: Any, carrier: str, name: str) -> Path:
    with_window(timeline, "Export Cues", {"carrier": carrier, "file": str(home / name)}, resolve=resolve)
    (path,) = [one for one in home.iterdir() if one.name.startswith(name) and not one.name.endswith(".cues.json")]
    return path


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
