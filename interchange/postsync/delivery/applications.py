"""What each application can be given, and how a person brings it in: tables, no code.

The import steps are what the applications' own guides say; which of them were seen to work is in the table *verified in* of
the documentation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Deliverable:
    """One file of a turnover: its format, the end of its name, what it is and how it is imported.

    `mono` says that it is made from the timeline with one channel a clip and prepared media, `remembers` that it is the
    memory of what the others were given and so is written after them.
    """

    format: str
    suffix: str
    what: str
    how: str
    options: tuple[tuple[str, Any], ...] = ()
    mono: bool = False
    tags: bool = False
    remembers: bool = False


SHEET = Deliverable("cue_sheet", " cues.html", "cue sheet", "open in any browser and print")
TABLE = Deliverable("cue_table", " cues.csv", "cue table", "open in Excel, Numbers or Sheets; it reads back")
WORK = Deliverable("otio", ".otio", "the work", "keep it: later merges and reconforms start from it", remembers=True)
CUE_LIST = Deliverable(
    "cue_list", ".cues.json", "cue records", "stands beside the work; programs read it", remembers=True
)
MIDI = Deliverable(
    "midi_markers",
    " markers.mid",
    "cue markers",
    "empty session of the same start and rate; File > Import > MIDI; Session start; import tempo map on",
    options=(("markers", "cues"),),
    tags=True,
)
AAF = Deliverable(
    "aaf",
    ".aaf",
    "sound and cue markers",
    "File > Import > Session Data: all tracks, clip gain and markers on, timecode absolute",
    options=(("profile", "pro-tools"),),
    mono=True,
    tags=True,
)
MARKER_EDL = Deliverable(
    "resolve_marker_edl",
    " markers.edl",
    "cue markers",
    "Media pool: right-click the timeline > Timelines > Import > Timeline Markers from EDL",
    tags=True,
)

PREMIERE_XML = Deliverable(
    "xmeml",
    ".xml",
    "the edit with cue markers",
    "File > Import: it comes as a sequence of its own, cues as sequence markers",
    options=(("profile", "premiere"),),
    tags=True,
)

APPLICATIONS: dict[str, tuple[Deliverable, ...]] = {
    "pro-tools": (AAF, MIDI, SHEET, TABLE, WORK, CUE_LIST),
    "nuendo": (AAF, MIDI, SHEET, TABLE, WORK, CUE_LIST),
    "logic": (AAF, MIDI, SHEET, TABLE, WORK, CUE_LIST),
    "premiere": (PREMIERE_XML, SHEET, TABLE, WORK, CUE_LIST),
    "resolve": (MARKER_EDL, SHEET, TABLE, WORK, CUE_LIST),
}
"""The files that each application gets, in the order in which a person needs them."""
