"""The list itself, without loss: every line is an event, a note of a known kind, or kept as it stands, in its place.

Nothing here knows time. An event's fields are the words of its line; a note is what stands before its value and the value.
What is read and written again is the same text but for white space, so a program can change one word and leave the rest.
Named tuples, because lists have ten thousand lines and a frozen dataclass takes three times as long to make.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from postsync_adapters.edl.tables import LAYOUTS, PRODUCERS, VERBATIM, Layout


class Event(NamedTuple):
    """One event line: number, reel, channels, transition with its duration, and four times, as they are written.

    `transition` is empty where a list leaves it out. `line` counts from 1; 0 is a line that no file has yet.
    """

    line: int
    number: str
    reel: str
    channels: str
    transition: str
    duration: str
    source_in: str
    source_out: str
    record_in: str
    record_out: str

    @property
    def is_cut(self) -> bool:
        """Whether nothing is mixed: a cut, or the background of a key."""
        return self.transition[:1] in ("C", "c") or (not self.transition and not self.duration) or self.is_background

    @property
    def is_background(self) -> bool:
        """Whether it is what a key lies over."""
        return "".join(self.transition.upper().split())[:2] == "KB"

    @property
    def is_key(self) -> bool:
        """Whether it is keyed over another picture, or a key taken off."""
        return self.transition[:1] in ("K", "k") and not self.is_background

    @property
    def is_wipe(self) -> bool:
        """Whether it is a wipe."""
        return self.transition[:1] in ("W", "w")

    @property
    def has_no_record(self) -> bool:
        """Whether it takes no time in the programme: the outgoing side of a transition."""
        return self.record_in == self.record_out


class Note(NamedTuple):
    """Any other line: its kind (a name of `NOTE_PATTERNS`, `BARE_PATTERNS`, `VERBATIM` or `marker`), head and value."""

    line: int
    kind: str
    head: str
    value: str

    @property
    def text(self) -> str:
        """The line."""
        return self.head + self.value


Line = Event | Note


@dataclass
class EditList:
    """A list: its lines in order, the dialect of its columns, and how it lay in its file."""

    lines: list[Line] = field(default_factory=list)
    dialect: str = "cmx3600"
    encoding: str = "utf-8"
    mark: bytes = b""
    newline: str = "\n"

    @property
    def events(self) -> list[Event]:
        """The event lines in order."""
        return [line for line in self.lines if isinstance(line, Event)]

    @property
    def notes(self) -> list[Note]:
        """Every other line in order."""
        return [line for line in self.lines if isinstance(line, Note)]

    @property
    def title(self) -> str:
        """The list's own name; empty where it has none."""
        return next((note.value.strip() for note in self.notes if note.kind == "title"), "")

    @property
    def producer(self) -> str | None:
        """The program that wrote it, where a line says so that only that program writes."""
        kinds = {note.kind for note in self.notes}
        return next((name for kind, name in PRODUCERS if kind in kinds), None)

    def counts(self) -> Counter[str]:
        """Count the lines by kind; events are `event`."""
        return Counter(line.kind if isinstance(line, Note) else "event" for line in self.lines)

    def verbatim(self) -> list[Note]:
        """Give the lines that are kept without being understood, but for empty ones."""
        return [note for note in self.notes if note.kind in VERBATIM and note.kind != "blank"]

    def text(self, dialect: str | None = None) -> str:
        """Give the list as text in the columns of its dialect, or of another; the words are the same."""
        layout = LAYOUTS[dialect or self.dialect]
        out = [event_text(line, layout) if isinstance(line, Event) else line[2] + line[3] for line in self.lines]
        return self.newline.join([*out, ""]) if out else ""


def event_text(event: Event, layout: Layout) -> str:
    """Give one event line in the columns of a layout."""
    _, number, reel, channels, transition, duration, *times = event
    columns = f"{number}  {reel:<{layout.reel}} {channels:<5} {transition:<4} {duration:>3}"
    return f"{columns} {times[0]} {times[1]} {times[2]} {times[3]}{layout.tail}"


def split_list(whole: EditList, most: int) -> list[EditList]:
    """Give a list as several of no more than `most` event numbers each, for editors that count no further.

    The head is repeated, the two lines of a transition stay together, and each part counts from 001.
    """
    first = next((place for place, line in enumerate(whole.lines) if isinstance(line, Event)), len(whole.lines))
    head, parts, number = whole.lines[:first], [list[Line]()], 0
    previous: Event | None = None
    for line in whole.lines[first:]:
        if isinstance(line, Event):
            same = previous is not None and previous.number == line.number and not line.is_cut
            number += not same
            if number > most:
                parts.append([])
                number = 1
            previous, line = line, line._replace(number=f"{number:03}")
        parts[-1].append(line)
    return [EditList([*head, *part], whole.dialect, whole.encoding, whole.mark, whole.newline) for part in parts]
