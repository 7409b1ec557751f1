"""An event as it will be written: its one or two lines, and the notes under them, where a list had theirs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from postsync_adapters.edl.channels import Channel, code_of
from postsync_adapters.edl.lists import Event, Line, Note
from postsync_adapters.edl.tables import Layout

MADE_ANEW = frozenset(
    {
        "from_clip", "to_clip", "key_clip", "source_file", "from_file", "to_file", "speed", "freeze", "effect", "audio",
        "patch", "level", "mix", "fcp_reel", "fcm", "locator", "marker", "split",
    }
)  # fmt: skip
"""Notes that say what the timeline says; the others are kept as they came."""

ONE = Fraction(1)
ENTRY = "\0"
"""Between the parts of an M2 line, until a layout puts them into columns."""

HEADS: dict[str, str] = {
    "from_clip": "{star}FROM CLIP NAME:{gap}", "to_clip": "{star}TO CLIP NAME:{gap}", "key_clip": "{star}KEY CLIP NAME:{gap}",
    "source_file": "{star}SOURCE FILE: ", "from_file": "{star}FROM FILE: ", "to_file": "{star}TO FILE: ",
    "effect": "{star}EFFECT NAME: ", "freeze": "** FREEZE FRAME", "comment": "{star}COMMENT: ", "patch": "{star}PATCH ",
    "level": "{star}AUDIO LEVEL AT ", "asc_sop": "{star}ASC_SOP ", "asc_sat": "{star}ASC_SAT ", "audio": "AUD  ",
    "fcp_reel": "FINAL CUT PRO REEL: ", "speed": "", "timewarp": "{star}TIMEWARP EFFECT AT SEQUENCE TC ",
}  # fmt: skip

Channels = tuple[Channel, ...]


@dataclass(slots=True)
class Side:
    """One source of an event: its reel and labels, the name and notes of its clip."""

    reel: str
    source_in: str
    source_out: str
    name: str
    drop: bool
    speed: Fraction = ONE
    notes: list[tuple[str, str]] = field(default_factory=list)

    def begin_at(self, stated: Event) -> None:
        """Take the labels that a list stated, and enter `M2` there: by that it is known which of two sides it belongs to."""
        self.source_in, self.source_out = stated.source_in, stated.source_out
        self.notes = [
            (kind, f"{value.rpartition(ENTRY)[0]}{ENTRY}{stated.source_in}" if kind == "speed" else value)
            for kind, value in self.notes
        ]


@dataclass(slots=True)
class Made:
    """One event, or the two lines of a transition, on one or more channels."""

    start: int
    end: int
    record_in: str
    record_out: str
    side: Side
    channels: Channels
    transition: str = "C"
    duration: str = ""
    outgoing: Side | None = None
    effect: str = ""
    kept: list[Note] = field(default_factory=list)
    link: str | None = None

    @property
    def drop(self) -> bool:
        """How the source counts."""
        return self.side.drop

    def keys_over(self, before: Made) -> bool:
        """Whether this is keyed over the event before it, and so shares its number."""
        return self.transition == "K" and before.start == self.start and "".join(before.transition.split()) == "KB"

    def lines(self, number: str, layout: Layout, heads: Mapping[str, str]) -> list[Line]:
        """Give the lines of this event with its notes, kept ones in their places; `heads` are those of the layout."""
        code, more = code_of(self.channels)
        lines: list[Line] = []
        out, side = self.outgoing, self.side
        if out is not None:
            cut = self.record_in
            lines.append(Event(0, number, out.reel, code, "C", "", out.source_in, out.source_out, cut, cut))
        lines.append(
            Event(
                0, number, side.reel, code, self.transition, self.duration, side.source_in, side.source_out,
                self.record_in, self.record_out,
            )
        )  # fmt: skip
        notes = self._names()
        notes += (*out.notes, *side.notes) if out is not None else side.notes
        if more:
            notes.append(("audio", more))
        made = [
            Note(0, kind, heads[kind], value) if kind != "speed" else _speed_note(value, layout)
            for kind, value in notes
        ]  # fmt: skip
        lines += _merged(made, self.kept) if self.kept else made
        return lines

    def _names(self) -> list[tuple[str, str]]:
        if self.outgoing is None:
            kind = "key_clip" if self.transition == "K" else "from_clip"
            return [(kind, self.side.name)] if self.side.name else []
        names = [("effect", self.effect)] if self.effect else []
        names += [("from_clip", self.outgoing.name)] if self.outgoing.name else []
        return names + ([("to_clip", self.side.name)] if self.side.name else [])


def heads_of(layout: Layout) -> dict[str, str]:
    """Give what stands before the value of each kind of note in a layout."""
    return {kind: head.format(star=layout.star, gap=layout.name_gap) for kind, head in HEADS.items()}


def _speed_note(value: str, layout: Layout) -> Note:
    reel, fps, entry = value.split(ENTRY)
    if layout.reel > 8:
        return Note(0, "speed", "M2      ", f"{reel:<{layout.reel}} {fps:>14} {entry}")
    return Note(0, "speed", "M2   ", f"{reel:<8}      {fps:>6}                {entry}")


def _merged(made: list[Note], kept: list[Note]) -> list[Line]:
    """Put what is made anew where the list had its like, the rest of it first, and keep the order of everything else."""
    had = {note.kind for note in kept}
    lines: list[Line] = [note for note in made if note.kind not in had]
    for note in kept:
        if note.kind not in MADE_ANEW:
            lines.append(note)
            continue
        lines += [one for one in made if one.kind == note.kind]
        made = [one for one in made if one.kind != note.kind]
    return lines
