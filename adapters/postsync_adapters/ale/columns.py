"""What the columns of a log mean: names that Media Composer, Resolve and the dailies labs give to one and the same thing.

Names are compared without case, blanks and underscores. The first column of a list that is filled in a row counts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

NAME = ("Name", "Clip Name", "Clip", "Display Name")
TRACKS = ("Tracks",)
START = ("Start", "Start TC", "Start Timecode")
END = ("End", "End TC", "End Timecode")
DURATION = ("Duration", "Duration TC")
FRAMES = ("Frame Count Duration", "Length", "Frames")
FPS = ("FPS",)
TAPE = ("Tape", "TapeID", "Camroll", "Labroll", "Reel", "Reel Name")
SOUND_ROLL = ("Soundroll", "Sound Roll", "Tape", "TapeID")
SOURCE_FILE = ("Source File", "Source File Name", "Filename", "File Name")
SOUND_FILE = ("Audiofile", "Audio File", *SOURCE_FILE)
SOURCE_FOLDER = ("Source Path",)
SOURCE_PATH = ("UNC Path", "UNC", "Source File Path", "Filepath", "File Path")
SCENE = ("Scene",)
TAKE = ("Take",)
CIRCLED = ("Circled", "Circle", "Circle Take", "Circled Take", "Good Take")
NOTE = ("Comments", "Comment", "DESCRIPT", "Description", "Notes")
SAMPLE_RATE = ("Audio SR", "Audio Sample Rate", "Sample Rate")
BITS = ("Audio Bit Depth",)
UID = ("Clip UMID", "UMID", "UID")
DROP_FRAME = ("DropFrame", "Drop Frame")
MAKER = ("Manufacturer",)

CUE_NUMBER = ("ADR Cue", "ADR #", "ADR No", "ADR No.", "ADR Number", "ADR", "Cue", "Cue #", "Cue No", "Cue Number")
CHARACTER = ("Character", "ADR Character", "Char")
LINE = ("Line", "ADR Line", "Dialogue", "Dialog", "Prompt")
REASON = ("Reason", "ADR Reason")
CUE_NOTE = ("Cue Note", "ADR Note")
CUE_UID = ("Cue UID",)
CUE_IN = ("Cue In", "ADR In")
CUE_OUT = ("Cue Out", "ADR Out")

YES = frozenset({"1", "x", "y", "yes", "true", "circled", "c", "*", "✓", "✔", "ok", "good"})


@lru_cache(maxsize=4096)
def folded(name: str) -> str:
    """Fold the name of a column: `Sound_Roll`, `SoundRoll` and `Soundroll` are one."""
    return re.sub(r"[\s_]+", "", name).casefold()


@lru_cache(maxsize=256)
def _folded(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(folded(name) for name in names)


class Cells:
    """The cells of one row, asked for by what they mean."""

    def __init__(self, cells: Mapping[str, str]) -> None:
        self._cells: dict[str, str] = {}
        for key, cell in cells.items():
            text = cell.strip()
            if text:
                self._cells.setdefault(folded(key), text)

    def first(self, names: tuple[str, ...]) -> str:
        """Give the first filled cell of these columns, empty where there is none."""
        cells = self._cells
        for name in _folded(names):
            if name in cells:
                return cells[name]
        return ""

    def key_of(self, names: tuple[str, ...], keys: tuple[str, ...]) -> str | None:
        """Give the column that stands for these: the first filled one, else the first that the log has."""
        by_name = {folded(key): key for key in reversed(keys)}
        here = [by_name[folded(name)] for name in names if folded(name) in by_name]
        return next((key for key in here if folded(key) in self._cells), here[0] if here else None)

    def yes(self, names: tuple[str, ...]) -> bool:
        """Whether the cell of these columns says yes, in any way that people tick a box."""
        return self.first(names).casefold() in YES


_TRACK = re.compile(r"(?P<kind>[A-Z])\s*(?P<numbers>\d+(?:\s*[-,]\s*\d+)*)?", re.IGNORECASE)


def tracks_of(text: str) -> tuple[bool, tuple[int, ...], str]:
    """Read `VA1A2`, `V`, `A1-4`: whether there is picture, which sound tracks, and what was not understood.

    >>> tracks_of("VA1A2"), tracks_of("A1-4")
    ((True, (1, 2), ''), (False, (1, 2, 3, 4), ''))
    """
    picture, sound = False, dict[int, None]()
    for match in _TRACK.finditer(text):
        kind = match["kind"].upper()
        picture = picture or kind == "V"
        if kind == "A":
            sound |= dict.fromkeys(_numbers(match["numbers"] or "1"))
    return picture, tuple(sorted(sound)), re.sub(r"[\s,;+/]+|D", "", _TRACK.sub(_unknown_track, text))


def _unknown_track(match: re.Match[str]) -> str:
    return "" if match["kind"].upper() in "VAD" else match[0]


def _numbers(text: str) -> list[int]:
    found: list[int] = []
    for part in text.split(","):
        first, dash, last = part.partition("-")
        top = min(int(last), 128) if dash else min(int(first), 128)
        found += range(int(first), top + 1)
    return [number for number in found if 0 < number <= 128]


def tracks_text(picture: bool, sound: tuple[int, ...]) -> str:
    """Write tracks as Media Composer does: `VA1A2`."""
    return ("V" if picture else "") + "".join(f"A{number}" for number in sound)
