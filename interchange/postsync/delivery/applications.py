"""What each application can be given, and how a person brings it in: tables, no code.

The import steps are what the applications' own guides say; which of them were seen to work is in the table *verified in* of
the documentation.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True)
class Deliverable:
    """One file of a turnover: its format, the end of its name, what it is and how it is imported.

    `mono` says that it is made from the timeline with one channel a clip and prepared media, `linked` that it plays the media
    where they are, `remembers` that it is the
    memory of what the others were given and so is written after them. `extra` files are made where their format can be
    written, and are not missed where not; what they carry, others carry too. `exact` says that the file is of no use to the
    application unless its writer offers all of `options`. `beeps` says that it gets a track of beeps for each cue.

    >>> APPLICATIONS["pro-tools"][0].how
    'File > Import > Session Data: all tracks, clip gain and markers on, timecode absolute'
    """

    format: str
    suffix: str
    what: str
    how: str
    options: tuple[tuple[str, Any], ...] = ()
    mono: bool = False
    linked: bool = False
    tags: bool = False
    remembers: bool = False
    extra: bool = False
    exact: bool = False
    beeps: bool = False


SHEET = Deliverable("cue_sheet", " cues.html", "cue sheet", "open in any browser and print")
TABLE = Deliverable("cue_table", " cues.csv", "cue table", "open in Excel, Numbers or Sheets; it reads back")
WORK = Deliverable("otio", ".otio", "the work", "keep it: later merges and reconforms start from it", remembers=True)
CUE_LIST = Deliverable(
    "cue_list", ".cues.json", "cue records", "stands beside the work; programs read it", remembers=True
)
LOGIC_MIDI = "File > Import > MIDI File into the project, at its first bar; take the tempo along"
REAPER_MIDI = "Insert > Media file, at the start of the project; merge tempo map and markers"
MIDI = Deliverable(
    "midi_markers",
    " markers.mid",
    "cue markers",
    "empty session of the same start and rate; File > Import > MIDI; Session start; import tempo map on",
    options=(("markers", "cues"),),
    tags=True,
)
STAGE_MIDI = replace(MIDI, what="cue markers, beeps and streamers", options=(("markers", "cues"), ("guides", "both")))
AAF = Deliverable(
    "aaf",
    ".aaf",
    "sound and cue markers",
    "File > Import > Session Data: all tracks, clip gain and markers on, timecode absolute",
    options=(("profile", "pro-tools"),),
    mono=True,
    tags=True,
)
PLAIN_AAF = replace(
    AAF,
    how="File > Import > AAF File; link to the media where they are",
    options=(("profile", "generic"), ("speeds", False)),  # Nuendo and Logic read no speed of an AAF.
)
AVID_AAF = replace(
    AAF,
    how="bin: Input > Import Media, or drag it into a bin; then link the audio files",
    options=(("profile", "media-composer"),),
    exact=True,  # Media Composer takes no composition that is cut in samples.
)
RESOLVE_AAF = replace(
    AAF,
    how="File > Import > Timeline; do not import source clips, but name the folder of the audio files",
    options=(("profile", "resolve"),),
)
AVID_MARKERS = Deliverable(
    "avid_markers",
    " markers.txt",
    "cue markers",
    "Tools > Markers; right-click > Import Markers, with the sequence in the record monitor",
    tags=True,
)
ALE = Deliverable(
    "ale",
    ".ale",
    "log of the sources",
    "bin: Input > Import Media, merging events with known master clips; names and columns",
)
REAPER_MARKERS = Deliverable(
    "reaper_markers",
    " markers.csv",
    "cue regions",
    "View > Region/Marker Manager; right-click > Import regions/markers",
    tags=True,
    extra=True,
)
REAPER_PROJECT = Deliverable(
    "reaper_project", ".rpp", "cue regions in a project", "File > Open; copy the regions", tags=True, extra=True
)
CUBASE_TRACKS = Deliverable(
    "cubase_archive",
    " markers.xml",
    "cue markers as cycle markers",
    "File > Import > Track Archive",
    tags=True,
    extra=True,
)
FAIRLIGHT_CUES = Deliverable(
    "fairlight_adr",
    " ADR.csv",
    "cues for the ADR panel",
    "Fairlight > ADR > Setup > Import Cue List",
    tags=True,
    extra=True,
)
RESOLVE_OTIO = Deliverable(
    "resolve_otio",
    ".resolve.otio",
    "the whole timeline with levels, fades and cue markers",
    "File > Import > Timeline, all media in their places: Resolve makes none, and says nothing, where one is missing",
    linked=True,
    tags=True,
    extra=True,
)
MARKER_EDL = Deliverable(
    "resolve_marker_edl",
    " markers.edl",
    "cue markers",
    "Media pool: right-click the timeline > Timelines > Import > Timeline Markers from EDL",
    tags=True,
)
FCPXML = Deliverable(
    "fcpxml",
    ".fcpxml",
    "timeline and cue markers",
    "File > Import > XML; into a cut that exists: --option into=CUT.fcpxml, then import that",
    options=(("version", "1.11"),),
    linked=True,
    tags=True,
)
PREMIERE_XML = Deliverable(
    "xmeml",
    ".xml",
    "the edit with cue markers",
    "File > Import: it comes as a sequence of its own, cues as sequence markers",
    options=(("profile", "premiere"),),
    linked=True,
    tags=True,
)

_PAPER = (SHEET, TABLE, WORK, CUE_LIST)

APPLICATIONS: dict[str, tuple[Deliverable, ...]] = {
    "pro-tools": (AAF, MIDI, *_PAPER),
    "media-composer": (AVID_AAF, AVID_MARKERS, ALE, *_PAPER),
    "premiere": (PREMIERE_XML, *_PAPER),
    "nuendo": (PLAIN_AAF, MIDI, CUBASE_TRACKS, *_PAPER),
    "logic": (PLAIN_AAF, replace(MIDI, how=LOGIC_MIDI, options=(*MIDI.options, ("text", "utf8"))), *_PAPER),
    "resolve": (RESOLVE_AAF, MARKER_EDL, FAIRLIGHT_CUES, *_PAPER, RESOLVE_OTIO),
    "final-cut": (FCPXML, *_PAPER),
    "reaper": (replace(MIDI, how=REAPER_MIDI), REAPER_MARKERS, REAPER_PROJECT, *_PAPER),
    "recording": (replace(AAF, what="guide sound, beeps and cue markers", beeps=True), STAGE_MIDI, *_PAPER),
}
"""The files that each application gets, in the order in which a person needs them. `recording` is the ADR stage, whichever
recorder it has.

>>> [file.format for file in APPLICATIONS["pro-tools"]][:2]
['aaf', 'midi_markers']
"""
