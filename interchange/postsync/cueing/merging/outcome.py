"""What is asked of a merge, and what came of it: records, with their JSON."""

from __future__ import annotations

import dataclasses
from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import groupby
from typing import Any, Literal

import opentimelineio as otio

from postsync.cueing.merging.three_way import CONFLICT, THEIRS
from postsync.cueing.merging.written import Snapshot
from postsync.model import timeline_cues
from postsync.timing import fraction_text

Prefer = Literal["ours", "theirs"]
"""Whose value a merge takes where both sides changed one.

>>> from typing import get_args
>>> get_args(Prefer)
('ours', 'theirs')
"""


@dataclass(frozen=True)
class MergePlan:
    """How a list is merged.

    `carrier` names where it came from and `when` the day, for the history. `base` is what was written there. `carried` are
    the fields that the file holds (None where it does not say). `start_known` is false where the file counts from a zero
    of its own, so that its offset means nothing; `take_offset` moves our cues where the whole list moved. `prefer` settles
    conflicts; `omit_missing` marks cues that did not come back as omitted. `doubtful` are uids of theirs that no sign but a
    match with one of ours makes a cue: unmatched, they stay the markers that they were.

    >>> plan = MergePlan("Nuendo list", when="2026-01-08", prefer="theirs")
    >>> plan.take_offset, plan.omit_missing
    (True, False)
    """

    carrier: str
    when: str = ""
    base: Snapshot | None = None
    carried: frozenset[str] | None = None
    start_known: bool = True
    take_offset: bool = True
    prefer: Prefer | None = None
    omit_missing: bool = False
    doubtful: frozenset[str] = frozenset()


@dataclass(frozen=True)
class FieldChange:
    """One field of one cue that came back changed: what was written, ours, theirs, the result, and whose it is.

    >>> FieldChange("line", was="Hold.", ours="Hold.", theirs="Hold there!", result="Hold there!", verdict="theirs").result
    'Hold there!'
    """

    field: str
    was: Any
    ours: Any
    theirs: Any
    result: Any
    verdict: str


@dataclass(frozen=True)
class CueMerge:
    """One cue of ours that came back: by which key it was known, what changed, and its uid in the list.

    >>> merged = merge_cues(timeline, timeline.deepcopy(), MergePlan("Nuendo list"), Report())
    >>> merged.cues[0].number, merged.cues[0].key, merged.cues[0].changes
    ('R101', 'uid', ())
    """

    uid: str
    number: str | None
    key: str
    changes: tuple[FieldChange, ...] = ()
    theirs: str = ""

    @property
    def conflicts(self) -> tuple[FieldChange, ...]:
        """The fields that both sides changed otherwise."""
        return tuple(change for change in self.changes if change.verdict == CONFLICT)


@dataclass
class Merge:
    """What a merge did. The timeline is the work with the list merged in; uids are of its cues.

    `unsure` are cues that came back and may be one of ours: each is in the work under a uid of its own, with the uids of
    the candidates. `offset` is by how many seconds their whole list stands later.

    >>> merged = merge_cues(timeline, timeline.deepcopy(), MergePlan("Nuendo list"), Report())
    >>> len(merged.cues), merged.new, merged.missing, merged.conflicts
    (5, [], [], 0)
    """

    timeline: otio.schema.Timeline
    cues: list[CueMerge] = field(default_factory=list)
    new: list[str] = field(default_factory=list)
    copies: dict[str, str] = field(default_factory=dict)
    unsure: dict[str, list[str]] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    offset: Fraction = Fraction(0)
    offset_taken: bool = False

    @property
    def conflicts(self) -> int:
        """How many fields are in conflict."""
        return sum(len(cue.conflicts) for cue in self.cues)

    def to_json(self) -> dict[str, Any]:
        """Give the merge as plain values: counts, the offset, and every cue that changed."""
        keys = Counter(cue.key for cue in self.cues)
        return {
            "counts": {
                "known_by": {key: keys.get(key, 0) for key in ("uid", "number", "fingerprint")},
                "changed": sum(bool(cue.changes) for cue in self.cues),
                "conflicts": self.conflicts,
                "new": len(self.new),
                "copies": len(self.copies),
                "unsure": len(self.unsure),
                "missing": len(self.missing),
            },
            "offset": {"seconds": fraction_text(self.offset), "taken": self.offset_taken},
            "cues": [
                {
                    "uid": cue.uid,
                    "number": cue.number,
                    "known_by": cue.key,
                    "changes": [dataclasses.asdict(change) for change in cue.changes],
                }
                for cue in self.cues
                if cue.changes
            ],
            "new": self.new,
            "copies": [{"uid": uid, "copy_of": root} for uid, root in self.copies.items()],
            "unsure": [{"uid": uid, "candidates": found} for uid, found in self.unsure.items()],
            "missing": self.missing,
            "moves": [move.to_json() for move in self.moves()],
        }

    def moves(self) -> list[Move]:
        """Give the runs of cues, next to each other in time, that moved by one and the same amount."""
        moved = {
            cue.uid: Fraction(change.result) - Fraction(change.ours)
            for cue in self.cues
            for change in cue.changes
            if change.field == "in" and change.verdict == THEIRS and None not in (change.ours, change.result)
        }
        runs: list[Move] = []
        if len(moved) < SHORTEST_RUN:
            return runs
        for by, run in groupby(timeline_cues(self.timeline), lambda cue: moved.get(cue.uid)):
            cues = list(run)
            if by is not None and len(cues) >= SHORTEST_RUN:
                runs.append(Move(by, cues[0].uid, cues[-1].uid, len(cues)))
        return runs


SHORTEST_RUN = 3


@dataclass(frozen=True)
class Move:
    """A run of cues that moved alike: by how many seconds, the first and the last uid, and how many."""

    by: Fraction
    first: str
    last: str
    count: int

    def to_json(self) -> dict[str, Any]:
        """Give the move as plain values."""
        return {"seconds": fraction_text(self.by), "first": self.first, "last": self.last, "count": self.count}
