"""The packaged example: a small made reel with ADR markers, turned over for Pro Tools.

`reel/` holds a Final Cut project and the mono recordings it uses, all made by `make_reel.py` beside it.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from postsync.delivery import Turnover
from postsync.formats import made_folder
from postsync.model import Project
from postsync.verbs import turnover

REEL = Path(__file__).parent / "reel"
PROJECT = Project(show="The Crossing", episode="Reel 1", picture_version="v3")


def run_demo(folder: Path) -> Turnover:
    """Put the example into a folder and turn it over for Pro Tools beside it; gives what was made."""
    source = made_folder(folder) / "reel"
    shutil.copytree(REEL, source, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    return turnover(source / "The Crossing R1.fcpxml", folder / "for Pro Tools", project=PROJECT, date="2026-01-01")


def summary(made: Turnover) -> list[str]:
    """Say in six lines what the demo made and how each file is imported."""
    by_what = {file.what: file for file in made.files}
    aaf, midi = by_what["sound and cue markers"], by_what["cue markers"]
    sheet, work, page = by_what["cue sheet"], by_what["the work"], by_what["report"]
    return [
        f"Turned over {made.timeline!r} into {made.folder}: {made.clips} sound clips, {made.cues} ADR cues, "
        f"{made.sound_files} mono WAVs with 4 s handles.",
        f"{aaf.path.name}: into Pro Tools by {aaf.how}.",
        f"{midi.path.name}: the markers alone; {midi.how}.",
        f"{sheet.path.name}: the cue sheet; {sheet.how}.",
        f"{work.path.name}: the work; {work.how}.",
        f"{page.path.name}: {page.how}.",
    ]
