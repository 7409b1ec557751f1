"""Undo Last Change: the markers that the last job changed as they were, and the clips that it laid away again."""

from __future__ import annotations

from typing import Any, Dict, List, Tuple

from postsync_resolve import applying, undoing
from postsync_resolve.asking import Stop, ask
from postsync_resolve.clip_marks import ClipMark, put_clip_marks
from postsync_resolve.desk import Desk, unique_id
from postsync_resolve.instructions import SCHEMA, instructions_of
from postsync_resolve.marker_plan import Marker, same_marker
from postsync_resolve.placing import Stage
from postsync_resolve.saving import read_json
from postsync_resolve.windows import Form


def undo_last(desk: Desk) -> bool:
    """Take back the last change of this timeline that was not taken back yet."""
    path = undoing.last_undo(desk.folder, unique_id(desk.timeline))
    if path is None:
        raise Stop("There is nothing to undo on %r." % desk.name)
    undo = read_json(path, undoing.SCHEMA)
    asked = desk.dialogs.ask_form(Form("Undo last change", (), "Undo", "%s, %s" % (undo["job"], undo["written"])))
    if asked is None:
        raise Stop("Cancelled: nothing was changed.")
    page = ask(lambda: desk.resolve.GetCurrentPage(), [])
    ask(lambda: desk.resolve.OpenPage("edit"), [])
    try:
        kept, left = _markers_back(desk, undo)
        left += _clip_marks_back(desk, undo) + _clips_back(desk, undo, path)
    finally:
        if page:
            ask(lambda: desk.resolve.OpenPage(page), [])
    for words in kept + left:
        desk.say("Not as it was: %s" % words)
    if not left:  # what a person changed since is theirs; it must not bar the way to the jobs before
        undoing.mark_undone(path)
        desk.say("%s of %s was taken back%s." % (undo["job"], undo["written"], ", all but that" if kept else ""))
    return not left and not kept


def _markers_back(desk: Desk, undo: Dict[str, Any]) -> Tuple[List[str], List[str]]:
    """Restore the frames that the job touched and nobody since; give what somebody did, and what Resolve refused."""
    before = _by_frame(undo["before"])
    after = _by_frame(undo["after"]) if undo["after"] is not None else None
    now = _by_frame(desk.snapshot["markers"])
    frames, kept = [], []
    for frame in undo["touched"]:
        if _same(now.get(frame), before.get(frame)):
            continue
        if after is None or _same(now.get(frame), after.get(frame)) or undo["state"] == "open":
            frames.append(frame)
        else:
            kept.append("the marker on %s was changed since, and stays" % desk.clock.label(frame))
    return kept, applying.restore(desk.timeline, undo["before"], frames)


def _clip_marks_back(desk: Desk, undo: Dict[str, Any]) -> List[str]:
    marks = [ClipMark(one["item"], one["frame"], one["before"], one["after"]) for one in reversed(undo["clip_marks"])]
    return put_clip_marks(desk.timeline, marks, back=True)


def _clips_back(desk: Desk, undo: Dict[str, Any], path: str) -> List[str]:
    if not undo["items"] and not undo["tracks"]:
        return []
    stage = Stage(desk.project, desk.timeline, desk.clock)
    left = stage.undo(undo["items"], undo["tracks"])
    if undo["removed"]:
        again = {"schema": SCHEMA, "timeline": desk.snapshot["timeline"], "clips": undo["removed"]}
        placed = stage.place(instructions_of(again, path).clips, "ADR %s" % desk.name)
        left += ["%s: %s" % (row.wanted.name, row.why) for row in placed.rows if row.result == "failed"]
    return left


def _by_frame(markers: List[Marker]) -> Dict[int, Marker]:
    return {marker["frame"]: marker for marker in markers}


def _same(one: Any, two: Any) -> bool:
    return one is two or (one is not None and two is not None and same_marker(one, two))
