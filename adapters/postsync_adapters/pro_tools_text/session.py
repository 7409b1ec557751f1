"""What a session text says, record by record, before any of it is a time or a clip.

Every text is as the file has it, without the blanks that only fill a column. `line` is where a record begins, from 1.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class ListedFile:
    """A row of a list of files: its name and the folder, which old systems wrote with colons."""

    name: str
    location: str
    online: bool = True


@dataclass(frozen=True)
class ListedClip:
    """A row of a list of clips (regions before Pro Tools 9): the file it plays, and the channel where it is one of several."""

    name: str
    source: str
    channel: int | None = None
    online: bool = True


@dataclass(frozen=True)
class EventRow:
    """One event of one channel of a track. `timestamp` and `state` are None where the export has no such column."""

    channel: int
    event: int
    name: str
    start: str
    end: str
    duration: str
    timestamp: str | None
    state: str | None
    line: int


@dataclass
class TrackBlock:
    """A track as it is listed, with the rows of all its channels."""

    name: str
    line: int
    comments: str = ""
    user_delay: str = ""
    states: tuple[str, ...] = ()
    plug_ins: tuple[str, ...] = ()
    rows: list[EventRow] = field(default_factory=list)


@dataclass(frozen=True)
class MarkerRow:
    """A memory location. `track` and `track_type` are None in exports before 2023.12.

    `how` says how its cells were told apart: `tabs` alone, `widths` where tabs or line breaks stand inside cells, `unsure`
    where neither fits.
    """

    number: int
    location: str
    reference: str
    units: str
    name: str
    track: str | None
    track_type: str | None
    comments: str
    line: int
    how: str = "tabs"


@dataclass
class Session:
    """A whole export. `has_markers` says whether markers were asked for; `other` are lines that are nothing we know."""

    header: dict[str, str] = field(default_factory=dict)
    files: list[ListedFile] = field(default_factory=list)
    clips: list[ListedClip] = field(default_factory=list)
    plug_ins: list[tuple[str, ...]] = field(default_factory=list)
    tracks: list[TrackBlock] = field(default_factory=list)
    markers: list[MarkerRow] = field(default_factory=list)
    has_markers: bool = False
    other: list[tuple[int, str]] = field(default_factory=list)

    def stated(self, *keys: str) -> str | None:
        """Give the value of the first of some header lines that is there."""
        return next((self.header[key] for key in keys if self.header.get(key)), None)
