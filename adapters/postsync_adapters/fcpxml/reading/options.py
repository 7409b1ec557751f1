"""The options of the FCPXML reader."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from postsync.formats import ReadOptions
from postsync_adapters.fcpxml.reading.roles import USUAL_ORDER


@dataclass(frozen=True)
class FcpxmlReadOptions(ReadOptions):
    """How sound is laid on tracks, and what is read.

    `role_order`: roles in the order of their tracks, `*` for every other one. `subroles`: `apart` gives each its own track,
    `merge` one to the whole role. `tracks`: `roles`, or `lanes` for documents whose lanes are tracks, as Resolve writes
    them. `leave_out`: roles that get no tracks. `clips`: also the clips of events, each as a timeline of its own; without a
    project in the document they are read anyway.
    """

    role_order: str = USUAL_ORDER
    subroles: Literal["apart", "merge"] = "apart"
    tracks: Literal["roles", "lanes"] = "roles"
    leave_out: str = ""
    clips: bool = False
