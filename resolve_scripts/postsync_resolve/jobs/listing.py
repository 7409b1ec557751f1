"""Cue List: every cue of the timeline, what is wrong with them, numbers for those that have none, and a way to each."""

from __future__ import annotations

from typing import Any, Dict, List

from postsync_resolve.asking import Stop, ask, counted, tell
from postsync_resolve.desk import Desk
from postsync_resolve.instructions import read_instructions
from postsync_resolve.windows import Field, Form

IN_THE_MENU = {"number-missing": "number them here"}
"""What to do about a finding, where the command's own advice is a line to type."""

HEADS = ("Number", "In", "Out", "Character", "Line", "Status")


def cue_list(desk: Desk) -> bool:
    """Show the cues; number and check them where that is wanted."""
    answers = desk.dialogs.ask_form(
        Form(
            "Cue list",
            (
                Field("number", "Number the cues that have no number", "yes", False, ask=True),
                Field("check", "Check", "yes", True),
                Field("all", "Every marker is a cue", "yes", False),
            ),
            "Show",
        )
    )
    if answers is None:
        raise Stop("Cancelled: nothing was changed.")
    more = ["--all-markers"] if answers["all"] else []
    fine = _number(desk, more) if answers["number"] else True
    snapshot = desk.save_snapshot()
    found = desk.postsync("cues", snapshot, "--json", *more).document()
    cues: List[Dict[str, Any]] = found.get("cues") or []
    names = _characters(found)
    rows = [_row(cue, names) for cue in cues]
    desk.say("%s: %s" % (desk.name, counted(len(rows), "cue")))
    for row in rows:
        tell("  ".join(row).replace("\n", " / "))
    if answers["check"]:
        _check(desk, snapshot, more)
    chosen = desk.dialogs.show("Cue list", "\n".join(desk.said), rows, HEADS)
    desk.said.clear()
    if chosen is not None and 0 <= chosen < len(rows):
        ask(lambda: desk.timeline.SetCurrentTimecode(rows[chosen][1]), [])
    return fine


def _number(desk: Desk, more: List[str]) -> bool:
    path = desk.new_path(" instructions.json")
    desk.postsync("number", desk.save_snapshot(), path, "--as", "resolve_instructions", *more)
    fine = desk.apply(read_instructions(path))
    desk.look_again()
    return fine


def _check(desk: Desk, snapshot: str, more: List[str]) -> None:
    findings = desk.postsync("check", snapshot, "--json", *more).document().get("findings") or []
    for one in findings:
        todo = IN_THE_MENU.get(str(one.get("code")), one.get("remedy"))
        desk.say("  %s: %s%s" % (one.get("severity"), one.get("sentence"), "; %s" % todo if todo else ""))
    if not findings:
        desk.say("Nothing is wrong with them.")


def _characters(document: Dict[str, Any]) -> Dict[str, str]:
    found = document.get("characters") or []
    people = found.values() if isinstance(found, dict) else found
    return {one["id"]: one.get("name") or one["id"] for one in people if isinstance(one, dict) and one.get("id")}


def _row(cue: Dict[str, Any], names: Dict[str, str]) -> List[str]:
    who = cue.get("character") or ""
    given = [cue.get(name) for name in ("number", "record_in_timecode", "record_out_timecode", "line", "status")]
    given.insert(3, names.get(who, who))
    return [str(one or "") for one in given]
