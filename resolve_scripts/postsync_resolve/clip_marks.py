"""Cues that were read from markers of clips: the clip's marker stays as it is, and says out of sight whose it was.

Without that it would be read as a second cue the next time, at a place of its own once the clip moves.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Dict, Iterator, List, Sequence, Tuple

from postsync_resolve.asking import ask, done, text, whole
from postsync_resolve.instructions import WantedCue
from postsync_resolve.marker_plan import uid_of, with_nudge

if TYPE_CHECKING:
    from postsync_resolve.api import TimelineApi, TimelineItemApi


@dataclass(frozen=True)
class ClipMark:
    """The mark of one marker of a clip, before and after. `frame` counts the source."""

    item: str
    frame: int
    before: str
    after: str

    def to_json(self) -> Dict[str, Any]:
        """Give it as the record of a change has it."""
        return {"item": self.item, "frame": self.frame, "before": self.before, "after": self.after}


def plan_clip_marks(tracks: Sequence[Dict[str, Any]], cues: Sequence[WantedCue], only_stamp: bool) -> List[ClipMark]:
    """Plan the marks of the clip markers that cues were read from; picture and sound of one clip often both have it.

    With `only_stamp` the clip's marker is still the only one of the cue, and carries its record.
    """
    marks = []
    for cue in cues:
        was = cue.was or {}
        if not was.get("item"):
            continue
        shown = {"name": was.get("name") or "", "note": was.get("note") or ""}
        after = (
            with_nudge(cue.custom_data, 0, shown)
            if only_stamp
            else json.dumps({"postsync": {"lifted": cue.uid}}, separators=(",", ":"))
        )
        items = [item for track in tracks for item in track["items"]]
        home = next((item for item in items if item["unique_id"] == was["item"]), None)
        for item in items:
            if home is not None and (
                item is home or (item["start"], item["left_offset"]) == (home["start"], home["left_offset"])
            ):
                marks += [
                    ClipMark(item["unique_id"], marker["frame"], marker["custom_data"], after)
                    for marker in item["markers"]
                    if _is_it(marker, was, cue.uid) and marker["custom_data"] != after
                ]
    return marks


def _is_it(marker: Dict[str, Any], was: Any, uid: str) -> bool:
    same = all(marker[name] == (was.get(name) or "") for name in ("name", "note")) and marker["frame"] == was.get(
        "frame"
    )
    return same and (not marker["custom_data"] or uid_of(marker["custom_data"]) == uid)


def put_clip_marks(timeline: TimelineApi, marks: Sequence[ClipMark], back: bool = False) -> List[str]:
    """Write the marks, or with `back` what stood there before; give what Resolve refused."""
    if not marks:
        return []
    items = dict(_items(timeline))
    faults = []
    for mark in marks:
        item, words = items.get(mark.item), mark.before if back else mark.after
        if item is None or not done(
            lambda item=item, mark=mark, words=words: item.UpdateMarkerCustomData(mark.frame, words)
        ):
            faults.append("Resolve did not mark the clip's marker on source frame %d." % mark.frame)
    return faults


def _items(timeline: TimelineApi) -> Iterator[Tuple[str, TimelineItemApi]]:
    for kind in ("video", "audio"):
        for index in range(1, (whole(ask(lambda kind=kind: timeline.GetTrackCount(kind), [])) or 0) + 1):
            for item in ask(lambda kind=kind, index=index: timeline.GetItemListInTrack(kind, index), []) or []:
                if item:
                    yield text(ask(lambda item=item: item.GetUniqueId(), [])), item
