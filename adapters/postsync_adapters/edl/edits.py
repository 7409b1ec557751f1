"""Edits: the lines of a list that say one thing together.

Two lines of one number are one edit when the second mixes: a transition, its outgoing side first, or a key over its
background. Notes belong to the edit that they follow, also where `AUD` or `M2` come after the comments; only `SPLIT` stands
before its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from postsync_adapters.edl.lists import Event, Line, Note


@dataclass(slots=True)
class Edit:
    """One edit: `first` is the outgoing side of a transition or the background of a key, `main` what begins.

    `modes` are the source timecode modes of both (drop frame or not; None where the list says nothing).
    """

    main: Event
    mode: bool | None
    first: Event | None = None
    first_mode: bool | None = None
    notes: list[Note] = field(default_factory=list)

    def value(self, kind: str) -> str:
        """Give the value of the first note of a kind; empty where there is none."""
        for note in self.notes:
            if note[1] == kind:
                return note[3].strip()
        return ""

    def of_kind(self, *kinds: str) -> list[Note]:
        """Give the notes of some kinds."""
        return [note for note in self.notes if note[1] in kinds]


@dataclass
class Grouped:
    """A list as edits: the lines before the first event, the edits, and Avid's table of sources at the end."""

    head: list[Note]
    edits: list[Edit]
    tail: list[Note]
    record_mode: str = ""


def grouped(lines: Iterable[Line]) -> Grouped:
    """Put the lines of a list together."""
    found = Grouped([], [], [])
    notes, mode = found.head, None
    splits: list[Note] = []
    for line in lines:
        if isinstance(line, Event):
            last = found.edits[-1] if found.edits else None
            if last is not None and belongs(last, line):
                last.first, last.first_mode, last.main, last.mode = last.main, last.mode, line, mode
            else:
                found.edits.append(last := Edit(line, mode))
            notes = last.notes
            notes += splits
            splits = []
            continue
        if line.kind == "split":
            splits.append(line)
            continue
        if line.kind == "fcm":
            mode = is_drop(line.value, mode)
            found.record_mode = found.record_mode or ("" if found.edits else line.value)
        if line.kind == "source_table" or (line.kind == "star" and line.value.startswith("=====")):
            notes = found.tail
        if line.kind != "blank":
            notes.append(line)
    notes += splits
    return found


def belongs(last: Edit, event: Event) -> bool:
    """Whether an event line is the second of an edit: the same number, and it mixes where the first did not."""
    before = last.main
    return (
        last.first is None and before.number == event.number and not event.is_cut and before.is_cut
        and (before.record_in == event.record_in or before.record_out == event.record_in)
    )  # fmt: skip


def is_drop(words: str, before: bool | None = None) -> bool | None:
    """Say what an FCM line means, junk and all: `NON-DROP FRAME`, `DROP FRAME`, `FILM`; None for anything else."""
    upper = words.upper()
    if "NON" in upper or "FILM" in upper:
        return False
    return True if "DROP" in upper else before
