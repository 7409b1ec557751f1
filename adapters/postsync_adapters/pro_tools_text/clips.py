"""The rows of a track as clips: channels folded into one, fades taken into the clips they belong to.

A stereo clip is listed once a channel, with `.L` and `.R` at the end of its name. A fade is an event of its own, so that a clip
is listed without what it fades over.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from postsync.report import Report
from postsync_adapters.pro_tools_text.clock import Moment, SessionClock
from postsync_adapters.pro_tools_text.session import EventRow, ListedClip, TrackBlock

LAYOUTS = {
    "Mono": 1, "Stereo": 2, "LCR": 3, "Quad": 4, "LCRS": 4, "5.0": 5, "5.0.2": 7, "5.0.4": 9, "5.1": 6, "5.1.2": 8,
    "5.1.4": 10, "6.0": 6, "6.1": 7, "7.0": 7, "7.0 SDDS": 7, "7.1": 8, "7.1 SDDS": 8, "7.0.2": 9, "7.1.2": 10, "7.0.4": 11,
    "7.1.4": 12, "7.0.6": 13, "7.1.6": 14, "9.0.4": 13, "9.1.4": 14, "9.0.6": 15, "9.1.6": 16, "1st Order Ambisonics": 4,
    "2nd Order Ambisonics": 9, "3rd Order Ambisonics": 16,
}  # fmt: skip
"""Channels of a track by what Pro Tools writes in brackets behind its name."""

FADES = {"(fade in)": "in", "(fade out)": "out", "(cross fade)": "cross"}

_LAYOUT = re.compile(r"(?P<name>.*?) \((?P<layout>[^()]+)\)\s*", re.DOTALL)
_CHANNEL_END = re.compile(r"\.(?:L|R|C|Ls|Rs|Lc|Rc|Lss|Rss|Lsr|Rsr|Cs|S|Ltm|Rtm|Lts|Rts|Lfe|LFE|A?\d+)$")


@dataclass(frozen=True)
class Shown:
    """A clip as the session plays it: its whole place, fades included, and the rows that it was listed by."""

    name: str
    start: Moment
    end: Moment
    rows: tuple[EventRow, ...]
    fade_in: Fraction | None = None
    fade_out: Fraction | None = None

    @property
    def muted(self) -> bool:
        """Whether it is muted."""
        return (self.rows[0].state or "").casefold() == "muted"


@dataclass(frozen=True)
class Crossing:
    """A cross fade between two clips that touch it: from where to where, in seconds."""

    start: Fraction
    end: Fraction


def track_name(name: str) -> tuple[str, int | None]:
    """Give a track's own name and its channels, which Pro Tools writes behind it: `MX (Stereo)`."""
    match = _LAYOUT.fullmatch(name)
    if match is None or match["layout"] not in LAYOUTS:
        return name, None
    return match["name"].strip(), LAYOUTS[match["layout"]]


def shown_clips(block: TrackBlock, clock: SessionClock, report: Report) -> tuple[list[Shown], list[Crossing]]:
    """Give the clips of a track in order of time, and the cross fades between them."""
    events = [event for rows in _folded(block.rows) if (event := _event(rows, clock, report)) is not None]
    events.sort(key=lambda event: event.start.seconds)
    clips: list[Shown] = []
    crossings: list[Crossing] = []
    opened: Shown | None = None
    for event in events:
        fade = FADES.get(event.name)
        if fade is None:
            clips.append(_faded_in(event, opened))
            opened = None
        elif fade == "in":
            opened = event
        elif fade == "out" and clips and _touch(clips[-1].end, event.start, clock):
            length = event.end.seconds - event.start.seconds
            clips[-1] = replace(clips[-1], end=event.end, fade_out=length)
        elif fade == "cross":
            crossings.append(Crossing(event.start.seconds, event.end.seconds))
        else:
            report.note("element-ignored", source=f"line {event.rows[0].line}", name=event.name)
    return clips, crossings


def _folded(rows: Sequence[EventRow]) -> Iterable[tuple[EventRow, ...]]:
    """Give the rows of all channels of one event together: the same number, start and end."""
    found: dict[tuple[int, str, str], list[EventRow]] = {}
    for row in rows:
        found.setdefault((row.event, row.start, row.end), []).append(row)
    return map(tuple, found.values())


def _event(rows: tuple[EventRow, ...], clock: SessionClock, report: Report) -> Shown | None:
    first = rows[0]
    source = f"line {first.line}"
    start, end = clock.moment(first.start, source), clock.moment(first.end, source)
    if start is None or end is None:
        report.note("line-ignored", source=source, text=first.name)
        return None
    if end.seconds < start.seconds:
        report.note("line-ignored", source=source, text=f"{first.name}: {first.start} to {first.end}")
        return None
    name = first.name if len(rows) == 1 else _CHANNEL_END.sub("", first.name)
    return Shown(name, start, end, rows)


def _faded_in(clip: Shown, fade: Shown | None) -> Shown:
    if (
        fade is None
        or fade.end.seconds > clip.start.seconds
        or fade.end.seconds < clip.start.seconds - clip.start.above * 2
    ):
        return clip
    return replace(clip, start=fade.start, fade_in=fade.end.seconds - fade.start.seconds)


def _touch(one: Moment, other: Moment, clock: SessionClock) -> bool:
    return abs(one.seconds - other.seconds) <= 2 * clock.precision


def listed_clips(clips: Iterable[ListedClip]) -> Mapping[str, ListedClip]:
    """Give the listed clips by name; of two with one name the first counts."""
    found: dict[str, ListedClip] = {}
    for clip in clips:
        found.setdefault(clip.name, clip)
    return found
