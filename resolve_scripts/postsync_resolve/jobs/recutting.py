"""Reconform Cues to This Timeline: cues and placed takes follow the picture from an older cut to the one that is open."""

from __future__ import annotations

import os
from typing import Any, Dict, List, Optional, Tuple

from postsync_resolve.asking import Stop, ask, text, whole
from postsync_resolve.desk import Desk, unique_id
from postsync_resolve.instructions import SCHEMA, read_instructions
from postsync_resolve.jobs.carrying import stamp
from postsync_resolve.marker_plan import uid_of
from postsync_resolve.saving import file_name, json_if, unused
from postsync_resolve.snapshot import SCHEMA as SNAPSHOT
from postsync_resolve.snapshot import take_snapshot
from postsync_resolve.windows import Field, Form

EARLIER = "this timeline as it was: "


def reconform(desk: Desk) -> bool:
    """Move the cues of an older cut to the open timeline."""
    cuts = _earlier(desk) + _others(desk)
    answers = desk.dialogs.ask_form(
        Form(
            "Reconform cues to %s" % desk.name,
            (
                Field(
                    "old", "From", "choice", cuts[0][0] if cuts else "", [name for name, _ in cuts], ask=len(cuts) > 1
                ),
                Field("file", "or from a file (snapshot, OTIO, EDL, AAF)", "open", ""),
                Field("cut", "Cut placed sound where its picture was cut", "yes", False),
            ),
            "Reconform",
        )
    )
    if answers is None:
        raise Stop("Cancelled: nothing was changed.")
    old = answers["file"] or _old_cut(desk, dict(cuts).get(answers["old"]))
    into = unused(os.path.join(desk.folder, "reconformed", file_name(desk.name)))
    stamp_first = any(not marker["custom_data"] for marker in desk.snapshot["markers"])
    if stamp_first:
        stamp(desk)
    new = desk.save_snapshot(without_takes(desk.snapshot, json_if(old) or {}))
    arguments = ["reconform", old, new, old, "--into", into, "--as", "resolve_instructions", "--json"]
    answer = desk.postsync(*arguments, *(["--cut"] if answers["cut"] else []))
    document = answer.document()
    path = next((str(one) for one in document.get("written") or [] if _is_instructions(str(one))), "")
    if not path:
        raise Stop("postsync wrote no instructions into %s. Nothing was changed." % into)
    fine = desk.apply(read_instructions(path))
    for status, count in (document.get("counts") or {}).items():
        if count:
            desk.say("  %s: %s" % (status, count))
    desk.say("What became of each cue: the report in %s" % into)
    return fine and answer.settled


def _is_instructions(path: str) -> bool:
    return path.endswith(".json") and (json_if(path) or {}).get("schema") == SCHEMA


def _others(desk: Desk) -> List[Tuple[str, Any]]:
    """Give the other timelines of the project; they are only to be had by number."""
    own, found = unique_id(desk.timeline), []
    for index in range(1, (whole(ask(lambda: desk.project.GetTimelineCount(), [])) or 0) + 1):
        timeline = ask(lambda index=index: desk.project.GetTimelineByIndex(index), [])
        if timeline and unique_id(timeline) != own:
            found.append((text(ask(lambda timeline=timeline: timeline.GetName(), [])), timeline))
    return found


def _earlier(desk: Desk) -> List[Tuple[str, Dict[str, Any]]]:
    """Give the newest saved snapshot of this very timeline with another cut and with cues."""
    for path in desk.saved_snapshots():
        snapshot = json_if(path) or {}
        same = snapshot.get("schema") == SNAPSHOT and snapshot["timeline"]["unique_id"] == unique_id(desk.timeline)
        if (
            same
            and _cut(snapshot) != _cut(desk.snapshot)
            and any(uid_of(one["custom_data"]) for one in snapshot["markers"])
        ):
            return [(EARLIER + os.path.basename(path)[:15], snapshot)]
    return []


def _cut(snapshot: Dict[str, Any]) -> List[Any]:
    return [
        [track["type"], [[item["name"], item["start"], item["end"], item["left_offset"]] for item in track["items"]]]
        for track in snapshot["tracks"]
        if track["type"] == "video"
    ]


def _old_cut(desk: Desk, chosen: Any) -> str:
    """Write the older cut as a file. Of this very timeline it has the cues as they read now, at their old places."""
    if chosen is None:
        raise Stop(
            "There is no older cut to start from: choose the older timeline, or a file of it. Nothing was changed."
        )
    if isinstance(chosen, dict):
        return desk.save_snapshot(carried_texts(chosen, desk.snapshot))
    snapshot = take_snapshot(desk.resolve, desk.project, chosen)
    return desk.save_snapshot(snapshot)


def without_takes(new: Dict[str, Any], old: Dict[str, Any]) -> Dict[str, Any]:
    """Give a snapshot without the takes that the old one has: those go along with their cues, wherever they lie now."""
    known = {_take(item) for track in old.get("tracks") or () for item in track.get("items") or ()}
    tracks = [
        dict(track, items=[item for item in track["items"] if not _take(item) or _take(item) not in known])
        for track in new["tracks"]
    ]
    return dict(new, tracks=tracks)


def _take(item: Dict[str, Any]) -> str:
    return str((item.get("media") or {}).get("take") or "")


def carried_texts(old: Dict[str, Any], new: Dict[str, Any]) -> Dict[str, Any]:
    """Give an old snapshot whose cues say what they say now; cues that are no longer there are left out."""
    now: Dict[Optional[str], Dict[str, Any]] = {uid_of(one["custom_data"]): one for one in new["markers"]}
    markers = [
        dict(now[uid_of(one["custom_data"])], frame=one["frame"], duration=one["duration"])
        for one in old["markers"]
        if uid_of(one["custom_data"]) in now and uid_of(one["custom_data"]) is not None
    ]
    return dict(old, markers=markers)
