"""Spot ADR Cue Here: a cue at the playhead, or over the in and out marks where the playhead stands between them."""

from __future__ import annotations

import json
import os
import re
from typing import Any, Dict, List, Optional, Tuple

from postsync_resolve.asking import Stop, ask, whole
from postsync_resolve.desk import Desk
from postsync_resolve.instructions import COLOURS, WantedCue
from postsync_resolve.marker_plan import plan_markers, uid_of
from postsync_resolve.windows import Field, Form

UID_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
UID_LENGTH = 8

REASONS = (
    "", "noise", "technical", "performance", "clarity", "added", "changed", "continuity", "perspective", "tv", "foreign",
    "temp", "split",
)  # fmt: skip
"""What stands in the list of reasons: those of the cue record."""


def spot_cue(desk: Desk) -> bool:
    """Set a marker that is a cue, with what the person says of it."""
    frame, length = where_to_spot(desk)
    taken = {uid_of(marker["custom_data"]) or "" for marker in desk.snapshot["markers"]}
    people = known_people(desk.snapshot["markers"])
    answers = desk.dialogs.ask_form(_form(desk, frame, length, sorted(people), line_under(desk, frame)))
    if answers is None:
        raise Stop("Cancelled: nothing was changed.")
    frame = _place(desk, answers["start"], frame)
    length = _length(answers["length"])
    cue = cue_of_answers(answers, frame, length, new_uid(taken), people)
    plan = plan_markers(desk.snapshot["markers"], [cue], (), desk.clock)
    plan.rows = [row for row in plan.rows if row.uid == cue.uid]
    fine = desk.change_markers(desk.snapshot["markers"], plan) if plan.add else False
    for row in plan.rows if fine or not plan.add else ():  # what Resolve did not take was said already
        place = desk.clock.label(cue.frame if row.frame is None else row.frame)
        desk.say("%s at %s: %s%s" % (cue.label, place, row.result, row.why and ", " + row.why))
    return fine


def _place(desk: Desk, typed: str, frame: int) -> int:
    typed = typed.strip()
    if not typed or typed == desk.clock.label(frame):
        return frame
    found = desk.clock.frame_of(typed)
    if found is None:
        raise Stop("%r is no timecode such as %s. Nothing was changed." % (typed, desk.clock.label(frame)))
    return found


def _length(typed: str) -> int:
    if not typed.strip().isdecimal() or int(typed) < 1:
        raise Stop("%r is no length: expected frames, such as 48. Nothing was changed." % typed)
    return int(typed)


def _form(desk: Desk, frame: int, length: int, people: List[str], line: str) -> Form:
    return Form(
        "Spot ADR cue",
        (
            Field("start", "Start", value=desk.clock.label(frame)),
            Field("length", "Frames", value=str(length)),
            Field("number", "Number (empty: numbered later)"),
            Field("character", "Character", value=people[0] if len(people) == 1 else "", ask=True),
            Field("line", "Line", "lines", line, ask=True),
            Field("reason", "Reason", "choice", "", REASONS),
            Field("note", "Note"),
            Field("color", "Colour", "choice", "Blue", COLOURS),
        ),
        "Spot",
    )


def where_to_spot(desk: Desk) -> Tuple[int, int]:
    """Give the frame of the playhead and a length; between the in and out marks those are the cue."""
    label = ask(lambda: desk.timeline.GetCurrentTimecode(), [])
    frame = desk.clock.frame_of(str(label)) if label else None
    if frame is None:
        raise Stop(
            "Resolve did not say where the playhead is: "
            "open the Edit, Fairlight, Cut, Color or Deliver page and run this again."
        )
    marks = ask(lambda: desk.timeline.GetMarkInOut(), []) or {}
    for kind in ("audio", "video"):
        pair = marks.get(kind) if isinstance(marks, dict) else None
        if isinstance(pair, dict):
            first, last = whole(pair.get("in")), whole(pair.get("out"))
            if first is not None and last is not None and first <= frame <= last:
                return first, last - first + 1
    return frame, desk.clock.nominal * 2


def line_under(desk: Desk, frame: int) -> str:
    """Give the subtitle under the playhead, which is often the line."""
    place = desk.clock.absolute(frame)
    for track in desk.snapshot["tracks"]:
        if track["type"] == "subtitle" and track["enabled"]:
            for item in track["items"]:
                if item["start"] <= place < item["end"]:
                    return str(item["name"])
    return ""


def known_people(markers: List[Dict[str, Any]]) -> Dict[str, str]:
    """Give the characters of the cues that are there, name to id."""
    people: Dict[str, str] = {}
    for marker in markers:
        if uid_of(marker["custom_data"]):
            record = json.loads(marker["custom_data"])["postsync"]["cue"]
            name, uid = record.get("character_name"), record.get("character")
            if isinstance(name, str) and isinstance(uid, str) and name:
                people[name] = uid
    return people


def cue_of_answers(answers: Dict[str, Any], frame: int, length: int, uid: str, people: Dict[str, str]) -> WantedCue:
    """Make the cue of what was typed: record out of sight, name and note in sight."""
    number, name = answers["number"].strip(), answers["character"].strip()
    line, note, reason = answers["line"].strip(), answers["note"].strip(), answers["reason"]
    record: Dict[str, Any] = {"uid": uid, "record_in": frame, "record_out": frame + length, "status": "spotted"}
    record.update({key: value for key, value in (("number", number), ("line", line), ("note", note)) if value})
    if name:
        record["character"] = _person(name, people)
        record["character_name"] = name
    if reason:
        record["reasons"] = [reason]
    details = ["Reason: %s" % reason] if reason else []
    shown = "\n".join(filter(None, [line, *details, note]))
    label = " ".join(filter(None, [number, name])) or "ADR"
    return WantedCue(uid, label, frame, length, answers["color"], label, shown, mark_of(record))


def _person(name: str, people: Dict[str, str]) -> str:
    known: Optional[str] = next((uid for one, uid in people.items() if one.casefold() == name.casefold()), None)
    return known or re.sub(r"[\W_]+", "-", name.casefold()).strip("-") or "character"


def mark_of(record: Dict[str, Any]) -> str:
    """Give the text for `customData` that makes a marker a cue's."""
    return json.dumps({"postsync": {"cue": record}}, ensure_ascii=False, separators=(",", ":"))


def new_uid(taken: Any) -> str:
    """Make a uid that no cue of the timeline has."""
    while True:
        uid = "".join(UID_LETTERS[byte % len(UID_LETTERS)] for byte in os.urandom(UID_LENGTH))
        if uid not in taken:
            return uid
