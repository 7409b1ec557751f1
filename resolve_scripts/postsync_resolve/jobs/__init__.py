"""The jobs of the menu, one function each: what to ask, which `postsync` to run, what to change and what to say.

A job takes the application, the names that Resolve gave the script, and the command; it gives whether all is well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Dict, Mapping, Sequence

from postsync_resolve.asking import Stop
from postsync_resolve.desk import Desk
from postsync_resolve.jobs.carrying import export_cues, import_cues, sync_fairlight
from postsync_resolve.jobs.diagnosing import diagnostics
from postsync_resolve.jobs.listing import cue_list
from postsync_resolve.jobs.placing_takes import place_takes
from postsync_resolve.jobs.recutting import reconform
from postsync_resolve.jobs.spotting import spot_cue
from postsync_resolve.jobs.turning_over import turnover
from postsync_resolve.jobs.undo import undo_last
from postsync_resolve.snapshot import TRACK_TYPES

if TYPE_CHECKING:
    from postsync_resolve.api import ResolveApi

Job = Callable[["ResolveApi", Mapping[str, Any], Sequence[str]], bool]


KINDS = {"Spot ADR Cue Here": ("subtitle",), "Undo Last Change": ()}
"""Jobs that need not know every clip, with the kinds of tracks that they need."""


def _at_desk(name: str, job: Callable[[Desk], bool]) -> Job:
    """Give a job that works on the open timeline; its last words come in a window where there is one."""

    def run(resolve: ResolveApi, names: Mapping[str, Any], command: Sequence[str]) -> bool:
        desk = Desk(name, resolve, names, command, KINDS.get(name, TRACK_TYPES))
        desk.warn_of_snapshot()
        try:
            fine = job(desk)
        except Stop as stop:
            desk.say(str(stop))
            fine = False
        if desk.undo and name not in KINDS:
            desk.look_again()
            desk.save_snapshot()  # what a later recut starts from
        if desk.said:
            desk.dialogs.show(name, "\n".join(desk.said))
        return fine

    return run


_ON_THE_TIMELINE: Dict[str, Callable[[Desk], bool]] = {
    "Spot ADR Cue Here": spot_cue,
    "Cue List": cue_list,
    "Import Cues": import_cues,
    "Export Cues": export_cues,
    "Turnover to Pro Tools": turnover,
    "Place ADR Takes": place_takes,
    "Reconform Cues to This Timeline": reconform,
    "Sync with Fairlight ADR List": sync_fairlight,
    "Undo Last Change": undo_last,
}

JOBS: Dict[str, Job] = {name: _at_desk(name, job) for name, job in _ON_THE_TIMELINE.items()}
JOBS["Diagnostics"] = diagnostics
