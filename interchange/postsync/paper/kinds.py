"""The reports that there are, one row each: what is made, what it is for, and the forms that it comes in.

A new report is a function in `reports` and a row here; one whose form is its own (such as a page that moves) names its writer.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from postsync.errors import UnknownOption
from postsync.paper.browser import browser_bytes, shown_cues
from postsync.paper.forms import FORMS
from postsync.paper.lines import Request
from postsync.paper.reports.changes import changes
from postsync.paper.reports.continuity import continuity
from postsync.paper.reports.cue_sheet import cue_sheet
from postsync.paper.reports.line_count import line_count
from postsync.paper.reports.lists import as_recorded, directors_list, group_list, missed_lines
from postsync.paper.reports.progress import progress
from postsync.paper.reports.questions import questions
from postsync.paper.reports.recordist_log import recordist_log
from postsync.paper.reports.schedule import schedule
from postsync.paper.reports.session import session
from postsync.paper.reports.sides import sides
from postsync.paper.reports.tv_cover import tv_cover
from postsync.report import Report

Writer = Callable[[Any, Report], bytes]
"""Draws what a kind made; the report takes notes of what could not be drawn."""


@dataclass(frozen=True)
class Kind:
    """One report: `make` gives its data of a request, `forms` draw them, the first where nothing else is asked for.

    `for_each`: of a whole set it is made for each character alone.
    """

    name: str
    purpose: str
    make: Callable[[Request], Any]
    forms: Mapping[str, Writer]
    for_each: bool = False

    def draw(self, request: Request, form: str, report: Report) -> bytes:
        """Make the report in a form; UnknownOption names the forms that there are."""
        writer = self.forms.get(form)
        if writer is None:
            raise UnknownOption(f"no {form!r} of {self.name}", remedy=f"it comes as: {', '.join(self.forms)}")
        return writer(self.make(request), report)


KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("cue-sheet", "every cue with boxes for takes, by reel, character or scene", cue_sheet, FORMS),
        Kind("line-count", "characters by reels, minutes, what is left", line_count, FORMS),
        Kind("sides", "an actor's script in large type, with room to write", sides, FORMS, for_each=True),
        Kind("session", "a page for each line, with boxes for takes and the running time", session, FORMS),
        Kind("recordist-log", "takes with circle, microphone and file; reads back as takes", recordist_log, FORMS),
        Kind("directors-list", "by scene, with reason and who asked for it", directors_list, FORMS),
        Kind("group-list", "walla and callouts by scene, with room for the headcount", group_list, FORMS),
        Kind("continuity", "scenes with in, out, length and who is in them", continuity, FORMS),
        Kind("progress", "for each character spotted, recorded, cut, left", progress, FORMS),
        Kind("missed-lines", "the lines that are still open, by character", missed_lines, FORMS),
        Kind("changes", "what is new, moved, changed, struck or gone, and what to do", changes, FORMS),
        Kind("as-recorded", "the final words with their times", as_recorded, FORMS),
        Kind("tv-cover", "the words of the cinema and of television side by side", tv_cover, FORMS),
        Kind("questions", "what the checks find and what waits, with room for answers", questions, FORMS),
        Kind("schedule", "actors with parts, lines and minutes to book", schedule, FORMS),
        Kind(
            "browser", "a page to look through all cues: strips, filters, details", shown_cues, {"html": browser_bytes}
        ),
    )
}


def kind_named(name: str) -> Kind:
    """Give a kind by its name; UnknownOption names those that there are."""
    found = KINDS.get(name.casefold().replace("_", "-").replace(" ", "-"))
    if found is None:
        near = difflib.get_close_matches(name, KINDS, n=1)
        hint = f"did you mean {near[0]!r}? " if near else ""
        raise UnknownOption(f"there is no report {name!r}", remedy=f"{hint}there are: {', '.join(KINDS)}, all")
    return found
