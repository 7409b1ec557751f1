"""What a comparison finds: differences, and the record of all of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from postsync.timing import fraction_text
from postsync.wording import counted

MOVED, CHANGED, GONE, NEW = "moved", "changed", "gone", "new"
"""What can have happened: to another place, another value, not there any more, not there before."""

WORDS = {MOVED: "moved", CHANGED: "changed", GONE: "is gone", NEW: "is new"}


@dataclass(frozen=True)
class Difference:
    """One thing that is not as it was sent.

    `what` is clip, transition, marker, cue, track or timeline; `field` says which of its values, where it is there on both
    sides; `sent` and `returned` are those values. `time` is the timecode where it was sent, or stands now where it is new.
    """

    what: str
    kind: str
    where: str
    time: str | None = None
    field: str | None = None
    sent: Any = None
    returned: Any = None

    def sentence(self) -> str:
        """Say this one difference in words."""
        place = ", ".join(part for part in (self.where, self.time or "") if part)
        if self.kind in (GONE, NEW):
            return f"{place}: {self.what} {WORDS[self.kind]}"
        shown = [_ratio(one) if self.field == "speed" else _shown(one) for one in (self.sent, self.returned)]
        values = f"{shown[0]} came back as {shown[1]}"
        return f"{place}: {self.what} {WORDS[self.kind]}, {(self.field or 'place').replace('_', ' ')} {values}"

    def to_json(self) -> dict[str, Any]:
        """Give the difference as plain values."""
        return {
            "what": self.what,
            "kind": self.kind,
            "where": self.where,
            "time": self.time,
            "field": self.field,
            "sent": _plain(self.sent),
            "returned": _plain(self.returned),
            "sentence": self.sentence(),
        }


def _plain(value: Any) -> Any:
    if isinstance(value, Fraction):
        return fraction_text(value)
    return [_plain(item) for item in value] if isinstance(value, (tuple, list)) else value


def _ratio(value: Any) -> str:
    return "nothing" if value is None else f"{float(value):.6g} times"


def _shown(value: Any) -> str:
    if isinstance(value, Fraction):
        return f"{float(value):.6g} s"
    if value is None or value == "":
        return "nothing"
    if isinstance(value, (tuple, list)) and len(value) > 3:
        return counted(len(value), "point")
    text = " ".join(str(_plain(value)).split())
    return text if len(text) <= 60 else text[:59] + "…"


@dataclass
class Verification:
    """What came of comparing two timelines.

    `counts` is by what is compared: how many were sent, how many came back, and how many of them are the same.
    `not_compared` names what one of the two files has no place for. `offset` is by how many seconds all of what came back
    stands later; it is one difference and is taken off before clips and cues are compared.
    """

    offset: Fraction = Fraction(0)
    differences: list[Difference] = field(default_factory=list)
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    not_compared: list[str] = field(default_factory=list)

    @property
    def same(self) -> bool:
        """Whether all that was compared arrived as it was sent."""
        return not self.differences

    def to_json(self) -> dict[str, Any]:
        """Give the comparison as plain values."""
        kinds = Counter(one.kind for one in self.differences)
        return {
            "same": self.same,
            "offset": fraction_text(self.offset),
            "counts": self.counts,
            "kinds": {kind: kinds.get(kind, 0) for kind in WORDS},
            "differences": [one.to_json() for one in self.differences],
            "not_compared": self.not_compared,
        }
