"""Turnover to Pro Tools: our AAF from what the timeline says, or Resolve's own, repaired, with our cues."""

from __future__ import annotations

import os
from typing import List

from postsync_resolve.asking import Stop, ask
from postsync_resolve.desk import Desk
from postsync_resolve.jobs.carrying import stamp
from postsync_resolve.saving import file_name, unused
from postsync_resolve.windows import Field, Form

OURS, RESOLVES = "postsync makes it from the timeline", "Resolve exports it, postsync repairs it and adds the cues"


def turnover(desk: Desk) -> bool:
    """Make the folder for Pro Tools."""
    place = os.path.join(desk.folder, "out", file_name(desk.name) + " for Pro Tools")
    answers = desk.dialogs.ask_form(
        Form(
            "Turnover to Pro Tools",
            (
                Field("aaf", "The AAF", "choice", OURS, (OURS, RESOLVES)),
                Field("into", "Folder to make", "new", place),
                Field("media", "Look for media here too", "folder", ""),
                Field("handles", "Handles", value="4s"),
                Field("tags", "Mark of a cue in its text", "choice", "uid", ("uid", "full", "none")),
            ),
            "Turn over",
        )
    )
    if answers is None:
        raise Stop("Cancelled: nothing was written.")
    stamp(desk)
    snapshot = desk.save_snapshot()
    sources = [snapshot]
    if answers["aaf"] == RESOLVES:
        aaf = _export_aaf(desk)
        sources = [aaf, "--cues", snapshot] if aaf else sources
    into = unused(answers["into"] or place)
    more: List[str] = ["--media", answers["media"]] if answers["media"] else []
    answer = desk.postsync(
        "turnover", *sources, "--for", "pro-tools", "--into", into, "--handles", answers["handles"] or "4s",
        "--tags", answers["tags"], *more,
    )  # fmt: skip
    desk.say(answer.output)
    return answer.settled


def _export_aaf(desk: Desk) -> str:
    """Let Resolve export the timeline; give the file, nothing where it did not. Constants are numbers and may be 0."""
    path = desk.new_path(".aaf")
    kind, new = (getattr(desk.resolve, name, None) for name in ("EXPORT_AAF", "EXPORT_AAF_NEW"))
    if kind is not None and new is not None:
        ask(lambda: desk.timeline.Export(path, kind, new), [])
    if os.path.isfile(path) and os.path.getsize(path):
        return path
    desk.say("Resolve wrote no AAF (close any dialog that is open); postsync makes it from the timeline instead.")
    return ""
