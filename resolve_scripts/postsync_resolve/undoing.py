"""The way back: what the timeline looked like before a job, on disk before the job changes anything."""

from __future__ import annotations

import os
import re
import time
from typing import Any, Dict, List, Optional, Sequence

from postsync_resolve.marker_plan import Marker
from postsync_resolve.placing import Placing
from postsync_resolve.saving import json_if, write_json

SCHEMA = "postsync.resolve-undo/1"


def open_undo(folder: str, job: str, timeline: Dict[str, Any], before: Sequence[Marker]) -> str:
    """Write how a timeline looks before a job; give the path."""
    document = {
        "schema": SCHEMA, "job": job, "written": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "timeline": {"name": timeline["name"], "unique_id": timeline["unique_id"]}, "state": "open",
        "touched": [], "before": list(before), "after": None, "clip_marks": [], "items": [], "tracks": [], "removed": [],
    }  # fmt: skip
    return write_json(os.path.join(folder, "undo", "%04d %s.json" % (_next(folder), job)), document)


def widen_undo(path: str, touched: Sequence[int], clip_marks: Sequence[Dict[str, Any]]) -> str:
    """Add what the next step of a job is about to change: a job is taken back as one."""
    document = json_if(path) or {}
    frames = sorted({*document.get("touched", ()), *touched})
    marks = list(document.get("clip_marks", ())) + list(clip_marks)
    return write_json(path, dict(document, state="open", touched=frames, clip_marks=marks))


def close_undo(
    path: str, after: Sequence[Marker], placing: Optional[Placing] = None, state: str = "done"
) -> Dict[str, Any]:
    """Write what the job left behind; give the document."""
    made = {} if placing is None else {"items": placing.items, "tracks": placing.tracks, "removed": placing.removed}
    document = dict(json_if(path) or {}, state=state, after=list(after), **made)
    write_json(path, document)
    return document


def mark_undone(path: str) -> None:
    """Say that a change was taken back."""
    write_json(path, dict(json_if(path) or {}, state="undone"))


def last_undo(folder: str, timeline: str) -> Optional[str]:
    """Give the latest change of a timeline, by its id, that was not taken back yet; others may have the same name."""
    for name in reversed(_names(folder)):
        path = os.path.join(folder, "undo", name)
        document = json_if(path)
        if document is None or document.get("schema") != SCHEMA or document.get("state") not in ("open", "done"):
            continue
        if document["timeline"]["unique_id"] == timeline:
            return path
    return None


def _names(folder: str) -> List[str]:
    place = os.path.join(folder, "undo")
    found = os.listdir(place) if os.path.isdir(place) else []
    return sorted(name for name in found if re.match(r"\d{4,} .*\.json$", name))


def _next(folder: str) -> int:
    names = _names(folder)
    return int(names[-1].split()[0]) + 1 if names else 1
