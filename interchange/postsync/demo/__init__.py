"""The packaged example: a small made reel with ADR markers, turned over for Pro Tools.

`example/` holds a Final Cut project with the mono recordings that it uses, a newer cut of it, and takes of its cues; all made
by `make_reel.py` beside it.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from postsync.delivery import Turnover
from postsync.errors import CannotWrite
from postsync.formats import made_folder, whole_file
from postsync.model import Project

EXAMPLE = Path(__file__).parent / "example"
"""The folder of the packaged example.

>>> sorted(folder.name for folder in EXAMPLE.iterdir() if folder.is_dir())
['ADR takes', 'from Resolve', 'new cut', 'reel']
"""
REEL = EXAMPLE / "reel"
"""The folder of its reel.

>>> (REEL / "The Crossing R1.fcpxml").is_file()
True
"""
PROJECT = Project(show="The Crossing", episode="Reel 1", picture_version="v3")
"""What a project file would say of it.

>>> PROJECT.show
'The Crossing'
"""


def unpack_example(folder: Path) -> Path:
    """Put the example's reel, new cut and takes into folders of `folder`; gives the path of the reel's project.

    Raises CannotWrite where the folder cannot be written to.

    >>> unpack_example(Path("unpacked")).name
    'The Crossing R1.fcpxml'
    """
    for source in sorted(EXAMPLE.iterdir()):
        made = made_folder(folder / source.name)
        try:
            for path in sorted(source.iterdir()):
                with path.open("rb") as original, whole_file(made / path.name) as file:
                    shutil.copyfileobj(original, file)
        except OSError as fault:
            if isinstance(fault, CannotWrite):
                raise
            raise CannotWrite(f"cannot write here: {fault.strerror}", path=made) from fault
    return folder / "reel" / "The Crossing R1.fcpxml"


def summary(made: Turnover) -> list[str]:
    """Say in six lines what the demo made and how each file is imported.

    >>> summary(verbs.demo("demo"))[4]
    'The Crossing R1.otio: the work; keep it: later merges and reconforms start from it.'
    """
    by_what = {file.what: file for file in made.files}
    aaf, midi = by_what["sound and cue markers"], by_what["cue markers"]
    sheet, work, page = by_what["cue sheet"], by_what["the work"], by_what["report"]
    return [
        f"Turned over {made.timeline!r} into {made.folder}: {made.clips} sound clips, {made.cues} ADR cues, "
        f"{made.sound_files} mono WAVs with handles of up to 4 s.",
        f"{aaf.path.name}: into Pro Tools by {aaf.how}.",
        f"{midi.path.name}: the markers alone; {midi.how}.",
        f"{sheet.path.name}: the cue sheet; {sheet.how}.",
        f"{work.path.name}: the work; {work.how}.",
        f"{page.path.name}: {page.how}.",
    ]
