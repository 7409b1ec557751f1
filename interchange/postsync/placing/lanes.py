"""Tracks as they fill: which track a line still fits on, and how handles give way to the lines of neighbours."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise

from postsync.model import PlacedTrack, Take
from postsync.placing.anchors import Anchor
from postsync.placing.pairings import Pairing


@dataclass
class Wish:
    """A clip that is to be laid: its line may not be cut, its handles may."""

    pairing: Pairing
    take: Take
    active: bool
    anchor: Anchor
    line_in: Fraction
    line_out: Fraction
    start: Fraction
    end: Fraction
    why: str


@dataclass
class Lane:
    """One track as it fills; `track` is the one that is there already."""

    name: str
    track: PlacedTrack | None = None
    wishes: list[Wish] = field(default_factory=lambda: [])

    def is_free(self, wish: Wish) -> bool:
        """Whether a line fits between what lies here; handles give way."""
        held = [(one.line_in, one.line_out) for one in self.wishes]
        held += [(clip.record_in, clip.record_out) for clip in self.track.clips] if self.track else []
        return all(wish.line_out <= start or end <= wish.line_in for start, end in held)


def give_way(wishes: list[Wish], held: Iterable[tuple[Fraction, Fraction]]) -> None:
    """Cut handles back where a neighbour lies: the tail first, for the breath before a line is worth more than what follows."""
    held = sorted(held)
    for before, after in pairwise(wishes):
        if before.end > after.start:
            after.start = max(after.start, before.line_out)
            before.end = min(before.end, after.start)
    for wish in wishes:
        for start, end in held:
            if end <= wish.line_in:
                wish.start = max(wish.start, end)
            elif start >= wish.line_out:
                wish.end = min(wish.end, start)


def track_order(name: str) -> tuple[str, int, str]:
    """Order tracks: each character's playing track, then its alternates."""
    base, _, number = name.partition(" alt ")
    return base, int(number) if number.isdecimal() else 0, name


def free_name(name: str, taken: set[str]) -> str:
    """Give a name that no track has."""
    number = 2
    while f"{name} ({number})" in taken:
        number += 1
    return f"{name} ({number})"
