"""Checks of takes: recorded cues that have none, selects that are missing, takes that belong to no cue of the list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from postsync.cueing.checks.work import Work
from postsync.cueing.rows import STRUCK_STATUSES
from postsync.findings import Finding
from postsync.wording import counted

RECORDED = ("recorded", "selected", "cut", "approved_final")
SELECTED = ("selected", "cut", "approved_final")

_TAKE_FILE = re.compile(r"(?P<number>.+?)_tk\d", re.IGNORECASE)
_UNFIT = re.compile(r"[^\w-]+")


def takes_missing(work: Work) -> Iterator[Finding]:
    """Find cues that are recorded by their status and have no take, and cues in use of which no take is circled."""
    for cue in work.cues:
        if cue.status in RECORDED and not cue.takes:
            yield work.found("take-missing", cue, status=_words(cue.status))
        elif cue.status in SELECTED and not any(take.get("selected") == "circled" for take in cue.takes):
            yield work.found("select-missing", cue, status=_words(cue.status))


def takes_of_omitted(work: Work) -> Iterator[Finding]:
    """Find takes of cues that are struck."""
    for cue in work.cues:
        if cue.status in STRUCK_STATUSES and cue.takes:
            count = "a take" if len(cue.takes) == 1 else counted(len(cue.takes), "take")
            yield work.found("take-of-omitted", cue, status=_words(cue.status), count=count)


def takes_without_cue(work: Work) -> Iterator[Finding]:
    """Find takes that name a cue, in their record or at the head of their file's name, which the list does not have."""
    known = {_in_file_names(word) for cue in work.cues for word in (cue.uid, cue.number, *cue.former_numbers) if word}
    for cue in work.cues:
        for take in cue.takes:
            named = _named(take)
            if named is not None and _in_file_names(named) not in known:
                yield work.found("take-without-cue", cue, take=take.get("take") or take.get("file") or "?", named=named)


def _named(take: dict[str, Any]) -> str | None:
    if take.get("cue"):
        return str(take["cue"])
    file = re.split(r"[/\\]", str(take.get("file") or ""))[-1]
    match = _TAKE_FILE.match(file)
    return match["number"] if match else None


def _in_file_names(number: str) -> str:
    """Give a number as file names have it: letters, digits, `-` and `_`."""
    return _UNFIT.sub("", number).casefold()


def _words(status: str) -> str:
    return status.replace("_", " ")
