"""The acceptance kit: twelve small turnovers, each of which tests one thing, to be opened in the real applications.

`python -m postsync.delivery.acceptance FOLDER [APPLICATION…]` makes it. `reels` are the twelve timelines, `pages` what a person
does with them and the table of what was verified in which application.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from postsync.delivery.acceptance.reels import REELS, KitReel
from postsync.delivery.turnover import Turnover, TurnoverPlan, make_turnover, served
from postsync.errors import UnknownOption
from postsync.formats.files import made_folder
from postsync.report import Report

__all__ = ["REELS", "KitReel", "MadeReel", "make_kit"]

DATE = "2026-01-01"
"""The date on paper: the kit is the same bytes whenever it is made."""


@dataclass(frozen=True)
class MadeReel:
    """One turnover of the kit: for which application, of which reel, and the file to be sent and compared with."""

    application: str
    reel: KitReel
    turnover: Turnover

    @property
    def sent(self) -> Path:
        """The timeline file; for applications that take none, the work."""
        return next((one.path for one in self.turnover.files if one.what.startswith(("sound", "the edit"))), self.work)

    @property
    def work(self) -> Path:
        """The work: the lossless memory."""
        return next(one.path for one in self.turnover.files if one.what == "the work")


def make_kit(folder: Path, applications: Sequence[str] = (), reels: Sequence[KitReel] = REELS) -> list[MadeReel]:
    """Make the kit for some applications, all that can be served where none is named.

    Raises UnknownOption for an application that has no turnover, CannotWrite where the folder cannot be written.
    """
    wanted = list(applications) or served()
    for name in wanted:
        if name not in served():
            raise UnknownOption(f"no turnover for {name!r} yet", remedy=f"there are: {', '.join(served())}")
    sounds = made_folder(folder / "sound")
    made: list[MadeReel] = []
    for reel in reels:
        timeline = reel.timeline(sounds)
        for name in wanted:
            plan = TurnoverPlan(application=name, tags=reel.tags, handles=reel.handles, date=DATE)
            into = folder / name / reel.title
            made.append(
                MadeReel(name, reel, make_turnover(timeline.deepcopy(), into, sounds / "kit.otio", plan, Report()))
            )
    return made
