"""Diagnostics: what this Resolve is, what it lets a script do, whether `postsync` starts, and what to do where not."""

from __future__ import annotations

import os
import platform
import sys
from typing import TYPE_CHECKING, Any, Dict, List, Mapping, Sequence, Tuple

from postsync_resolve.asking import Stop, can, counted, tell
from postsync_resolve.clock import clock_of
from postsync_resolve.command import run
from postsync_resolve.saving import usual_folders, write_json
from postsync_resolve.snapshot import application_facts, open_project, open_timeline, take_snapshot
from postsync_resolve.windows import Dialogs, has_windows

if TYPE_CHECKING:
    from postsync_resolve.api import ResolveApi

NEEDED = {
    "timeline": (
        "GetMarkers",
        "AddMarker",
        "DeleteMarkerAtFrame",
        "UpdateMarkerCustomData",
        "GetItemListInTrack",
        "AddTrack",
    ),
    "project": ("GetMediaPool", "GetTimelineCount", "GetTimelineByIndex"),
}
HELPFUL = {"timeline": ("GetSettings", "GetMarkInOut")}


def diagnostics(resolve: ResolveApi, names: Mapping[str, Any], command: Sequence[str]) -> bool:
    """Say how things stand; nothing is changed. Works without a project, too."""
    facts = application_facts(resolve, [])
    rows: List[Tuple[str, str, str]] = [
        ("DaVinci Resolve", "%s %s, %s" % (facts["product"], facts["version"], facts["edition"]), ""),
        ("Python", "%s at %s" % (platform.python_version(), sys.executable or "inside Resolve"), ""),
    ]
    studio = facts["edition"] == "studio"
    windows = has_windows(facts["product"], facts["version"], studio)
    rows.append(
        ("Windows", "yes" if windows else "no: this edition shows none, jobs use file dialogs and the console", "")
    )
    rows += [_command(list(command)), _folder(), *_timeline(resolve)]
    for name, found, remedy in rows:
        tell("%s: %s%s" % (name, found, remedy and " - " + remedy))
    trouble = [row for row in rows if row[2]]
    tell("All is well." if not trouble else "%d to do." % len(trouble))
    _save(facts, rows)
    dialogs = Dialogs(names.get("fusion") or names.get("fu"), names.get("bmd"), windows)
    dialogs.show("Diagnostics", "\n".join("%s: %s" % row[:2] for row in rows), rows, ("What", "Found", "Do"))
    return not trouble


def _command(command: List[str]) -> Tuple[str, str, str]:
    remedy = "install it (pip install postsync), then `postsync resolve install`"
    if not command:
        return ("postsync", "no command is written into this script", remedy)
    answer = run(command, ["--version"], os.path.expanduser("~"))
    if answer.settled:
        return ("postsync", "%s at %s" % (answer.output, command[0]), "")
    return ("postsync", "%s does not start: %s" % (command[0], answer.notices or answer.code), remedy)


def _folder() -> Tuple[str, str, str]:
    for folder in usual_folders():
        if os.path.isdir(folder) and os.access(folder, os.W_OK):
            return ("Folder", os.path.join(folder, "postsync"), "")
    return ("Folder", "none that can be written", "make a Documents folder in %s" % os.path.expanduser("~"))


def _timeline(resolve: ResolveApi) -> List[Tuple[str, str, str]]:
    try:
        project = open_project(resolve, [])
        timeline = open_timeline(project, [])
        snapshot = take_snapshot(resolve, project, timeline, kinds=())
    except Stop as stop:
        return [("Timeline", str(stop), "")]
    told = snapshot["timeline"]
    clock = clock_of(told)
    facts = "%s: %s%s from %s, %s, %s" % (
        told["name"], told["frame_rate"], " drop frame" if clock.drop else "", told["start_timecode"],
        counted(clock.length, "frame"), counted(len(snapshot["markers"]), "marker"),
    )  # fmt: skip
    rows = [("Timeline", facts, "")]
    if told["start_timecode"] and clock.frame_of(told["start_timecode"]) != 0:
        rows.append(
            ("Clock", "frame %d is not %s" % (clock.start, told["start_timecode"]), "tell us, with this report")
        )
    objects = {"timeline": timeline, "project": project}
    for table, remedy in ((NEEDED, "update Resolve"), (HELPFUL, "")):
        for name, methods in table.items():
            missing = [method for method in methods if not can(objects[name], method)]
            if missing:
                rows.append(("This build", "has no %s" % ", ".join(missing), remedy))
    return rows


def _save(facts: Dict[str, Any], rows: List[Tuple[str, str, str]]) -> None:
    home = next((folder for folder in usual_folders() if os.path.isdir(folder)), "")
    document = {"schema": "postsync.resolve-diagnostics/1", "application": facts, "rows": [list(row) for row in rows]}
    try:
        tell("Written: %s" % write_json(os.path.join(home, "postsync", "diagnostics.json"), document))
    except Stop as stop:
        tell(str(stop))
