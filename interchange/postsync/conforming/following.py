"""One stretch of old time through the map: where it stands now, what became of it, and whether somebody must listen.

The fragments that survive decide the status. Things move whole, by the distance of the fragment that holds their sync point;
nothing is cut or dropped here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

from postsync.conforming.change_map import ChangeMap, Kind, Piece, without
from postsync.conforming.cuts import Number
from postsync.timing import fraction_text, round_half_up

STATUSES = (
    "unchanged", "moved", "moved-block", "head-trimmed", "tail-trimmed", "both", "lengthened", "shortened", "split",
    "reordered", "retimed", "picture-replaced", "repeated", "lost",
)  # fmt: skip
"""What may become of a cue, a marker or a clip, from nothing at all to gone.

>>> STATUSES[:4]
('unchanged', 'moved', 'moved-block', 'head-trimmed')
"""

FLAGS = {
    "conflict": "dialogue and picture moved differently: dialogue was followed",
    "collision": "overlaps another clip on its track",
    "partly-replaced": "part of the picture under it was replaced",
    "ambiguous": "the same pictures stood elsewhere too",
    "also-at": "the same pictures are used again elsewhere",
    "frames-lost": "frames inside it are gone",
    "before-start": "begins before the new cut",
    "past-end": "reaches past the end of the new cut",
    "outside": "stands outside the new cut",
    "version-changed": "an effects shot under it came in a new version",
}
"""What may be said of a moved cue beside its status, in words for people.

>>> FLAGS["conflict"]
'dialogue and picture moved differently: dialogue was followed'
"""
SILENT = frozenset({"version-changed"})
"""Flags that ask for no ears."""

_RANKS: dict[Kind, int] = {"order": 0, "retimed": 1, "moved": 1, "bridge": 2, "repeat": 3}

SPLIT_SECONDS = 2
"""Fragments of a line further apart than its own length, and than this, are in different places."""


@dataclass(frozen=True)
class Fragment:
    """Old frames that survive together at one new place.

    Places are frames of the two axes; outs are exclusive. `ratio` is old frames per new frame.

    >>> fragment = follow(changes(timeline, timeline), 86400, 86424).fragments[0]
    >>> fragment.old_in, fragment.new_in, fragment.delta
    (86400, 86400, 0)
    """

    old_in: int
    old_out: int
    new_in: int
    new_out: int
    kind: Kind
    ratio: Number = 1
    ambiguous: bool = False
    version_changed: bool = False

    @property
    def delta(self) -> int:
        """How much later it stands."""
        return self.new_in - self.old_in

    def to_json(self) -> dict[str, Any]:
        """Give the fragment as plain values."""
        return {
            "old_in": self.old_in, "old_out": self.old_out, "new_in": self.new_in, "new_out": self.new_out,
            "kind": self.kind, "ratio": fraction_text(self.ratio),
        }  # fmt: skip


@dataclass(frozen=True)
class Fate:
    """What became of one stretch. New places are None where it is lost; `frames` counts what was trimmed, added or taken out.

    `fragments` survive in order of old time; `again` are further uses of the same frames; `neighbours` are, for what is
    lost, the new frames of the nearest survivors before and after.

    Places are frames of the two axes; outs are exclusive.

    >>> fate = follow(changes(timeline, timeline), 86400, 86424)
    >>> fate.status, fate.delta, fate.needs_ears
    ('unchanged', 0, False)
    """

    status: str
    old_in: int
    old_out: int
    new_in: int | None
    new_out: int | None
    flags: tuple[str, ...] = ()
    frames: int = 0
    fragments: tuple[Fragment, ...] = ()
    again: tuple[Fragment, ...] = ()
    neighbours: tuple[int | None, int | None] = (None, None)

    @property
    def delta(self) -> int | None:
        """How much later it stands, in frames; None where it is lost."""
        return None if self.new_in is None else self.new_in - self.old_in

    @property
    def needs_ears(self) -> bool:
        """Whether somebody must look at it: anything but a plain move."""
        return self.status not in ("unchanged", "moved") or any(flag not in SILENT for flag in self.flags)


def follow(changes: ChangeMap, old_in: int, old_out: int, sync: int | None = None) -> Fate:
    """Give what became of old frames `old_in` to `old_out`, held at `sync` (the first frame where it is not given).

    Frames are those of the maps: labels counted from 00:00:00:00, `old_out` exclusive.

    >>> fate = follow(changes(timeline, new_cut), 86408, 86432)
    >>> fate.status, fate.delta
    ('moved', 40)
    """
    old_out = max(old_out, old_in + 1)
    held = old_in if sync is None or not old_in <= sync < old_out else sync
    main, again = _survivors(changes.pieces_of(old_in, old_out), old_in, old_out)
    if not main:
        return Fate("lost", old_in, old_out, None, None, neighbours=_neighbours(changes, old_in))
    primary = next((one for one in main if one.old_in <= held < one.old_out), None) or max(main, key=_preference)
    status, frames = _status(main, primary, old_in, old_out, round_half_up(SPLIT_SECONDS * changes.new.rate.fps))
    if again and status in ("unchanged", "moved"):
        status = "repeated"
    start, end = _placed(primary, old_in, old_out, status)
    flags = tuple(_flags(main, again, status, frames, (start, end), changes))
    return Fate(status, old_in, old_out, start, end, flags, frames, tuple(main), tuple(again))


def _survivors(pieces: Sequence[Piece], old_in: int, old_out: int) -> tuple[list[Fragment], list[Fragment]]:
    """Give the surviving fragments, each old frame once by its best piece, and what uses the same frames again."""
    found = sorted(
        (_fragment(piece, old_in, old_out) for piece in pieces), key=lambda one: (_RANKS[one.kind], one.old_in)
    )
    main: list[Fragment] = []
    again: list[Fragment] = []
    for one in found:
        if not any(one.old_in < other.old_out and other.old_in < one.old_out for other in main):
            main.append(one)
            continue
        left = _uncovered(one, main)
        main += left
        if one.kind != "bridge" and sum(each.old_out - each.old_in for each in left) < one.old_out - one.old_in:
            again.append(one)
    main.sort(key=lambda one: one.old_in)
    return _joined(main), again


def _fragment(piece: Piece, old_in: int, old_out: int) -> Fragment:
    low, high = max(old_in, piece.old_span[0]), min(old_out, piece.old_span[1])
    edges = sorted((piece.new_at(low), piece.new_at(high)))
    return Fragment(low, high, edges[0], edges[1], piece.kind, piece.ratio, piece.ambiguous, piece.version_changed)


def _uncovered(one: Fragment, main: Sequence[Fragment]) -> list[Fragment]:
    """Give the parts of a fragment whose old frames no better one has."""
    if one.ratio != 1:
        return []
    left = without([(one.old_in, one.old_out)], [(each.old_in, each.old_out) for each in main])
    return [
        Fragment(low, high, low + one.delta, high + one.delta, one.kind, 1, one.ambiguous, one.version_changed)
        for low, high in left
    ]


def _joined(main: Sequence[Fragment]) -> list[Fragment]:
    """Put neighbours of one kind and distance together."""
    result: list[Fragment] = []
    for one in main:
        last = result[-1] if result else None
        if (
            last is not None
            and (last.old_out, last.new_out, last.kind) == (one.old_in, one.new_in, one.kind)
            and (last.ratio == one.ratio)
        ):
            result[-1] = Fragment(
                last.old_in, one.old_out, last.new_in, one.new_out, one.kind, one.ratio,
                last.ambiguous or one.ambiguous, last.version_changed or one.version_changed,
            )  # fmt: skip
        else:
            result.append(one)
    return result


def _preference(one: Fragment) -> tuple[int, int]:
    return -_RANKS[one.kind], one.old_out - one.old_in


def _status(main: Sequence[Fragment], primary: Fragment, start: int, end: int, apart: int) -> tuple[str, int]:
    """Say what became of it, and by how many frames."""
    if any(one.ratio != 1 for one in main):
        return "retimed", sum(one.new_out - one.new_in - (one.old_out - one.old_in) for one in main)
    head, tail = main[0].old_in - start, end - main[-1].old_out
    if len({one.delta for one in main}) == 1:
        gone = end - start - sum(one.old_out - one.old_in for one in main)
        if gone == 0:
            return _whole_status(main, primary), 0
        if gone > head + tail:
            return "shortened", -gone
        return "both" if head and tail else "head-trimmed" if head else "tail-trimmed", -gone
    if any(after.new_in < before.new_out for before, after in pairwise(main)):
        return "reordered", 0
    longer = (main[-1].new_out - main[0].new_in) - (main[-1].old_out - main[0].old_in)
    limit = max(apart, end - start)
    if longer > limit or (head or tail):
        return "split", 0
    return ("lengthened" if longer > 0 else "shortened"), longer


def _whole_status(main: Sequence[Fragment], primary: Fragment) -> str:
    if all(one.kind == "bridge" for one in main):
        return "picture-replaced"
    if primary.kind == "moved":
        return "moved-block"
    return "repeated" if primary.kind == "repeat" else "moved" if primary.delta else "unchanged"


def _placed(primary: Fragment, start: int, end: int, status: str) -> tuple[int, int]:
    """Give the new place: whole by the primary fragment's distance, or scaled by its speed."""
    if primary.ratio == 1 or primary.ratio <= 0:
        return start + primary.delta, end + primary.delta
    edges = [primary.new_in + round_half_up(Fraction(edge - primary.old_in) / primary.ratio) for edge in (start, end)]
    return edges[0], max(edges[1], edges[0] + 1)


def _flags(
    main: Sequence[Fragment],
    again: Sequence[Fragment],
    status: str,
    frames: int,
    place: tuple[int, int],
    changes: ChangeMap,
) -> list[str]:
    found: list[str] = []
    bridged = [one for one in main if one.kind == "bridge"]
    if bridged and status != "picture-replaced":
        found.append("partly-replaced")
    if any(one.ambiguous for one in main):
        found.append("ambiguous")
    if again and status != "repeated":
        found.append("also-at")
    if status in ("lengthened", "split", "reordered"):
        covered = sum(one.old_out - one.old_in for one in main)
        if covered < main[-1].old_out - main[0].old_in:
            found.append("frames-lost")
    found += _over_edges(place, changes)
    if any(one.version_changed for one in main):
        found.append("version-changed")
    return found


def _over_edges(place: tuple[int, int], changes: ChangeMap) -> list[str]:
    """Say over which edge of its reel a new place reaches, or that no reel has any of it."""
    low, high = place[0], max(place[1], place[0] + 1)
    held = [(start, end) for start, end in changes.new.spans if low < end and start < high]
    if not held:
        return ["outside"]
    begins = ["before-start"] if low < held[0][0] else []
    return begins + (["past-end"] if high > held[0][1] else [])


def _neighbours(changes: ChangeMap, frame: int) -> tuple[int | None, int | None]:
    """Give the new places of the nearest old frames before and after that survive."""
    ends = [(piece.old_span, piece) for piece in changes.pieces if piece.ratio > 0 and piece.kind != "repeat"]
    before = max(((span[1], piece.new_out) for span, piece in ends if span[1] <= frame), default=(0, None))
    after = min(((span[0], piece.new_in) for span, piece in ends if span[0] > frame), default=(0, None))
    return before[1], after[1]
