"""From the markers that are there and the cues that shall be: what to delete, to add and to stamp. Nothing here asks Resolve.

One marker stands on a frame. Foreign markers keep theirs, and a cue that wants a taken one stands later; its end does not move.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Dict, Iterable, List, Mapping, Optional, Set, Tuple

from postsync_resolve.asking import counted
from postsync_resolve.clock import Clock
from postsync_resolve.instructions import WantedCue

Marker = Dict[str, Any]
"""`frame`, `color`, `name`, `note`, `duration`, `custom_data`, as in a snapshot."""

FURTHEST = 250
"""Frames by which a cue may stand late before it is refused."""


@dataclass
class Row:
    """What becomes of one cue."""

    uid: str
    label: str
    frame: Optional[int]
    result: str
    why: str = ""

    def to_json(self) -> Dict[str, Any]:
        """Give the row as the job's record has it."""
        return {"uid": self.uid, "label": self.label, "frame": self.frame, "result": self.result, "why": self.why}


@dataclass
class MarkerPlan:
    """Markers to take away, to set, and to stamp (their `custom_data` alone changes); `after` is how all shall look."""

    delete: List[Marker] = field(default_factory=list)
    add: List[Marker] = field(default_factory=list)
    stamp: List[Tuple[Marker, str]] = field(default_factory=list)
    rows: List[Row] = field(default_factory=list)
    after: List[Marker] = field(default_factory=list)
    foreign: int = 0

    @property
    def touched(self) -> List[int]:
        """The frames on which anything changes."""
        frames = [marker["frame"] for marker in self.delete + self.add] + [marker["frame"] for marker, _ in self.stamp]
        return sorted(set(frames))


def uid_of(custom_data: str) -> Optional[str]:
    """Give the uid of the cue whose mark this is, None for a foreign one."""
    cue = _mark(custom_data).get("cue")
    uid = cue.get("uid") if isinstance(cue, dict) else None
    return uid if isinstance(uid, str) and uid else None


def _mark(custom_data: str) -> Dict[str, Any]:
    try:
        found = json.loads(custom_data) if custom_data else None
    except (ValueError, RecursionError):
        return {}
    mark = found.get("postsync") if isinstance(found, dict) else None
    return mark if isinstance(mark, dict) else {}


def with_nudge(custom_data: str, nudge: int, shown: Optional[Dict[str, str]] = None) -> str:
    """Put into a cue's mark by how many frames its marker stands late; nothing is said where it does not.

    `shown` is the text of a marker that nobody wrote by the record, so that it is not taken for an edit of the line.
    """
    mark = _mark(custom_data)
    said = {name: value for name, value in (("nudge", nudge), ("shown", shown)) if value}
    rest = {name: value for name, value in mark.items() if name not in ("nudge", "shown")}
    if not mark or mark == dict(rest, **said):
        return custom_data
    return json.dumps({"postsync": dict(rest, **said)}, ensure_ascii=False, separators=(",", ":"))


def plan_markers(
    before: List[Marker], cues: Iterable[WantedCue], remove: Iterable[str], clock: Clock, only_stamp: bool = False
) -> MarkerPlan:
    """Plan how the markers of a timeline become those of the cues.

    With `only_stamp` cues get their identity, and nothing that a person sees changes.
    """
    plan = MarkerPlan()
    wanted = sorted(cues, key=lambda cue: (cue.frame, cue.label, cue.uid))
    ours = _matched(before, wanted)
    leaving = _leaving(before, set(remove), plan)
    if only_stamp:
        _plan_stamps(plan, wanted, ours)
    else:
        plan.delete += leaving
        _plan_places(plan, wanted, ours, before, clock)
    _note_rest(plan, before, wanted, ours, leaving)
    changed = {id(marker) for marker in plan.delete}
    stamped = {id(marker): text for marker, text in plan.stamp}
    kept = [dict(one, custom_data=stamped.get(id(one), one["custom_data"])) for one in before if id(one) not in changed]
    plan.after = sorted(kept + plan.add, key=lambda marker: marker["frame"])
    return plan


def _matched(before: List[Marker], wanted: List[WantedCue]) -> Dict[str, Marker]:
    """Find the marker of each cue: by its mark, else the plain one that it was read from and that nobody changed since."""
    marked: Dict[str, List[Marker]] = {}
    for marker in before:
        marked.setdefault(uid_of(marker["custom_data"]) or "", []).append(marker)
    plain = {marker["frame"]: marker for marker in before if not marker["custom_data"]}
    found: Dict[str, Marker] = {}
    for cue in wanted:
        was = cue.was or {}
        if marked.get(cue.uid):
            # A marker that was copied carries the same mark twice; the nearest is the cue's.
            found[cue.uid] = min(marked[cue.uid], key=lambda marker: abs(marker["frame"] - cue.frame))
        elif was.get("frame") in plain and _is_as_it_was(plain[was["frame"]], was):
            found[cue.uid] = plain.pop(was["frame"])
    return found


def _is_as_it_was(marker: Marker, was: Mapping[str, Any]) -> bool:
    return not was.get("item") and all(
        _even(marker[name]) == _even(str(was.get(name) or "")) for name in ("name", "note")
    )


def _leaving(before: List[Marker], remove: Set[str], plan: MarkerPlan) -> List[Marker]:
    leaving = [marker for marker in before if uid_of(marker["custom_data"]) in remove]
    for marker in leaving:
        plan.rows.append(Row(uid_of(marker["custom_data"]) or "", marker["name"], marker["frame"], "removed"))
    return leaving


def _plan_stamps(plan: MarkerPlan, wanted: List[WantedCue], ours: Dict[str, Marker]) -> None:
    for cue in wanted:
        marker = ours.get(cue.uid)
        if marker is not None:
            late = marker["frame"] - cue.frame
            shown = {"name": marker["name"], "note": marker["note"]}
            unlike = any(_even(shown[name]) != _even(text) for name, text in (("name", cue.name), ("note", cue.note)))
            custom_data = with_nudge(cue.custom_data, late if late > 0 else 0, shown if unlike else None)
            adopted = not marker["custom_data"]
            if marker["custom_data"] != custom_data:
                plan.stamp.append((marker, custom_data))
            result = "adopted" if adopted else "unchanged"
            plan.rows.append(Row(cue.uid, cue.label, marker["frame"], result))


def _plan_places(
    plan: MarkerPlan, wanted: List[WantedCue], ours: Dict[str, Marker], before: List[Marker], clock: Clock
) -> None:
    """Give every cue its frame, or none, and say which of the old markers go."""
    refused: Dict[str, str] = {cue.uid: _outside(cue, clock) for cue in wanted if not clock.holds(cue.frame)}
    while True:
        leaving = [marker["frame"] for uid, marker in ours.items() if uid not in refused]
        taken = {marker["frame"] for marker in before}.difference(leaving, (one["frame"] for one in plan.delete))
        places = _places([cue for cue in wanted if cue.uid not in refused], taken, clock)
        lost = {
            cue.uid: "no free frame from %s on" % clock.label(cue.frame)
            for cue in wanted
            if cue.uid not in {*places, *refused}
        }
        if not lost:
            break
        refused.update(lost)  # what is refused keeps its old marker, whose frame is no longer free
    for cue in wanted:
        if cue.uid in refused:
            _refuse(plan, cue, ours.get(cue.uid), refused[cue.uid], clock)
        else:
            _plan_one(plan, cue, ours.get(cue.uid), places[cue.uid], clock)


def _outside(cue: WantedCue, clock: Clock) -> str:
    return "%s lies outside the timeline" % clock.label(cue.frame)


def _places(wanted: List[WantedCue], taken: Set[int], clock: Clock) -> Dict[str, int]:
    """Give frames in order of time, so that the same cues and foreign markers always give the same places."""
    places: Dict[str, int] = {}
    for cue in wanted:
        last = min(clock.length, cue.frame + FURTHEST)
        frame = next((one for one in range(cue.frame, last) if one not in taken), None)
        if frame is not None:
            places[cue.uid] = frame
            taken.add(frame)
    return places


def _refuse(plan: MarkerPlan, cue: WantedCue, old: Optional[Marker], why: str, clock: Clock) -> None:
    """Leave a cue out; a marker that it has already stays where it is."""
    if old is not None:
        why += "; its marker stays at %s" % clock.label(old["frame"])
    plan.rows.append(Row(cue.uid, cue.label, old["frame"] if old else None, "refused", why))


def _plan_one(plan: MarkerPlan, cue: WantedCue, old: Optional[Marker], frame: int, clock: Clock) -> None:
    late = frame - cue.frame
    new: Marker = {
        "frame": frame,
        "color": cue.color,
        "name": cue.name,
        "note": cue.note,
        "duration": max(1, cue.duration - late),
        "custom_data": with_nudge(cue.custom_data, late),
    }
    row = Row(cue.uid, cue.label, frame, "added")
    if old is None:
        plan.add.append(new)
    elif same_marker(old, new):
        row.result = "unchanged"
    elif same_marker(dict(old, custom_data=new["custom_data"]), new):
        plan.stamp.append((old, new["custom_data"]))
        row.result = "changed" if old["custom_data"] else "adopted"
    else:
        plan.delete.append(old)
        plan.add.append(new)
        row.result = _kind_of_change(old, new)
        row.why = "" if old["frame"] == frame else "from %s" % clock.label(old["frame"])
    if late:
        row.why = "; ".join(
            filter(None, [row.why, "%s is taken: %s late" % (clock.label(cue.frame), counted(late, "frame"))])
        )
        row.result = "nudged" if row.result != "unchanged" else row.result
    plan.rows.append(row)


def _kind_of_change(old: Marker, new: Marker) -> str:
    if not old["custom_data"]:
        return "adopted"
    return "changed" if old["frame"] == new["frame"] else "moved"


def _note_rest(
    plan: MarkerPlan, before: List[Marker], wanted: List[WantedCue], ours: Dict[str, Marker], leaving: List[Marker]
) -> None:
    """Count the foreign markers, and name cues of the timeline that the instructions do not speak of."""
    known = {id(marker) for marker in list(ours.values()) + leaving}
    uids = {cue.uid for cue in wanted}
    for marker in before:
        if id(marker) in known:
            continue
        uid = uid_of(marker["custom_data"])
        if uid is None:
            plan.foreign += 1
        else:
            why = "a copy of the same cue's marker" if uid in uids else "not spoken of"
            plan.rows.append(Row(uid, marker["name"], marker["frame"], "kept", why))


def same_marker(one: Marker, two: Marker) -> bool:
    """Whether two markers are one and the same; line ends are no difference."""
    return all(
        _even(one[name]) == _even(two[name]) for name in ("frame", "color", "name", "note", "duration", "custom_data")
    )


def _even(value: Any) -> Any:
    return value.replace("\r\n", "\n").replace("\r", "\n") if isinstance(value, str) else value
