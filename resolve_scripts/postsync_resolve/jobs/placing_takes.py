"""Place ADR Takes: recorded files onto the cues of the open timeline, each take on a track of its character."""

from __future__ import annotations

import os
from typing import Any, Dict, List

from postsync_resolve.asking import Stop
from postsync_resolve.desk import Desk
from postsync_resolve.instructions import read_instructions
from postsync_resolve.jobs.carrying import stamp
from postsync_resolve.saving import file_name, unused
from postsync_resolve.windows import Field, Form

WAITING = ("guess", "unpaired")
"""What `postsync place` calls a take that waits for a person's word."""

WAYS = ("auto", "cue", "stamp", "sync")


def place_takes(desk: Desk) -> bool:
    """Pair takes with cues, make files that begin on frames, and lay them."""
    answers = desk.dialogs.ask_form(
        Form(
            "Place ADR takes",
            (
                Field("takes", "Folder of the takes", "folder", os.path.join(desk.folder, "in"), needed=True),
                Field("by", "Placed by", "choice", "auto", WAYS),
                Field("guide", "Guide sound (may be empty)", "open", ""),
                Field("log", "The recordist's log (may be empty)", "open", ""),
                Field("guesses", "Place takes whose cue is not sure, too", "yes", False),
                Field("alternates", "Lay alternates too, muted", "yes", True),
            ),
            "Place",
        )
    )
    if answers is None or not answers["takes"]:
        raise Stop("No folder was chosen: nothing was changed.")
    stamp(desk)
    into = unused(os.path.join(desk.folder, "placed", file_name(desk.name)))
    more: List[str] = ["--accept-guesses"] if answers["guesses"] else []
    more += [] if answers["alternates"] else ["--no-alternates"]
    for option, name in (("--guide", "guide"), ("--log", "log")):
        more += [option, answers[name]] if answers[name] else []
    arguments = [
        "place",
        desk.save_snapshot(),
        answers["takes"],
        "--for",
        "resolve",
        "--into",
        into,
        "--by",
        answers["by"],
    ]
    answer = desk.postsync(*arguments, *more, "--json")
    work = next((one for one in answer.document().get("files") or [] if str(one).endswith(".otio")), "")
    if not work:
        raise Stop("postsync wrote no work into %s. Nothing was changed." % into)
    path = desk.new_path(" instructions.json")
    desk.postsync(
        "convert",
        str(work),
        path,
        "--as",
        "resolve_instructions",
        "--option",
        "media=%s" % os.path.join(into, "On frames"),
    )
    fine = desk.apply(read_instructions(path))
    _tell_waiting(desk, answer.document(), into)
    return fine and answer.settled


def _tell_waiting(desk: Desk, placed: Dict[str, Any], into: str) -> None:
    """Say how many takes went where, and name those that did not go: a person must pair them."""
    for what, count in (placed.get("counts") or {}).items():
        desk.say("  %s: %s" % (what, count))
    for take in placed.get("takes") or ():
        if take["what"] in WAITING:
            names = ", ".join(os.path.basename(path) for path in take["files"])
            cue = " for %s" % (take["cue"]["number"] or take["cue"]["uid"]) if take["cue"] else ""
            desk.say("  %s is not laid: %s%s%s" % (names, take["what"], cue, take["why"] and ", " + take["why"]))
    for loss in placed.get("losses") or ():
        if loss["code"] == "media-unreadable":
            desk.say("  %s" % loss["sentence"])
    missing = [cue["number"] or cue["uid"] for cue in placed.get("cues_without_takes") or ()]
    if missing:
        desk.say("  without a take: %s" % ", ".join(missing))
    desk.say("What went where, and why: the placement log in %s" % into)
