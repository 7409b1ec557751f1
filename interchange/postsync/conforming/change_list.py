"""The change list for people: what was done to the old cut, in new time, with a running total that ends at the difference.

Every line says by how many frames the programme grew or shrank there; moves take out at one place and put in at another. So
the running total is always how much later the picture stands, and its last value is the difference of the two lengths.
Counts are of frames that are in or out, and outs are exclusive, as timecode lists have it; footage of film change notes,
which names the last frame, is one less.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from postsync.conforming.change_map import ChangeMap, Piece, without
from postsync.conforming.names import Namer, version_patterns
from postsync.timing import format_feet, format_timecode
from postsync.wording import counted

WORDS = {
    "insert": "insert",
    "delete": "delete",
    "lengthen-head": "lengthen head",
    "lengthen-tail": "lengthen tail",
    "trim-head": "trim head",
    "trim-tail": "trim tail",
    "moved-out": "moved to",
    "moved-in": "moved from",
    "repeat": "repeated from",
    "replaced": "replaced, same length",
    "retime": "speed changed",
    "version": "new version",
    "start": "programme starts elsewhere",
}


NEAR = 32
"""Shots that begin shortly before a place and may still cover it, on as many tracks."""


@dataclass(frozen=True)
class ChangeRow:
    """One change. `at` is its new place, `frames` how many are concerned, `growth` by how many the programme grew there.

    `old` is the old place that it is about, where it has one; `total` is the sum of growths so far; `name` is the shot.

    Places and lengths are frames of the axes.

    >>> row = change_rows(changes(timeline, new_cut))[0]
    >>> row.at, row.kind, row.frames, row.growth, row.total
    (86400, 'moved-in', 40, 40, 40)
    """

    at: int
    kind: str
    frames: int
    growth: int
    total: int
    old: int | None = None
    name: str = ""
    detail: str = ""

    def to_json(self) -> dict[str, Any]:
        """Give the row as plain values."""
        return {
            "at": self.at, "kind": self.kind, "frames": self.frames, "growth": self.growth, "total": self.total,
            "old": self.old, "name": self.name or None, "detail": self.detail or None,
        }  # fmt: skip


def change_rows(changes: ChangeMap) -> list[ChangeRow]:
    """Give the changes in order of new time.

    >>> [(row.kind, row.frames, row.total) for row in change_rows(changes(timeline, new_cut))]
    [('moved-in', 40, 40), ('delete', 8, 32), ('moved-out', 40, -8), ('trim-tail', 12, -20)]
    """
    rows: list[ChangeRow] = []
    total = 0
    for at, kind, frames, growth, old, name, detail, _ in sorted(
        _Lister(changes).rows(), key=lambda row: (row[0], row[7])
    ):
        total += growth
        rows.append(ChangeRow(at, kind, frames, growth, total, old, name, detail))
    return rows


_Row = tuple[int, str, int, int, int | None, str, str, int]


class _Lister:
    """Walks both cuts along the pieces that kept their order."""

    def __init__(self, changes: ChangeMap) -> None:
        self.changes = changes
        self.spine = [one for one in changes.pieces if one.kind in ("order", "bridge", "retimed") and one.ratio > 0]
        self.spine = _increasing(self.spine)
        self.old_ends = [one.old_span[1] for one in self.spine]
        self.old_shots = sorted((low, high, name) for low, high, name, new in changes.shots if not new)
        self.new_shots = sorted((low, high, name) for low, high, name, new in changes.shots if new)
        self.namer = Namer(version_patterns(changes.versions))
        self.order = 0

    def rows(self) -> Iterator[tuple[int, str, int, int, int | None, str, str, int]]:
        """Yield every change, with its rank among those at one place."""
        on_spine = set(map(id, self.spine))
        yield from self._lost_old(on_spine)
        yield from self._new_time(on_spine)
        for piece in self.spine:
            yield from self._of_piece(piece)

    def _row(self, at: int, kind: str, frames: int, growth: int, old: int | None, name: str, detail: str = "") -> _Row:
        self.order += 1
        return at, kind, frames, growth, old, name, detail, self.order

    def _lost_old(self, on_spine: set[int]) -> Iterator[_Row]:
        """Yield what went out: old time that no piece of the spine uses, placed where the new cut closes over it."""
        others = [one for one in self.changes.pieces if id(one) not in on_spine and one.kind != "repeat"]
        moved = [one.old_span for one in others]
        for start, end in without(self.changes.old.spans, [one.old_span for one in self.spine]):
            at = self._closing(start)
            for low, high in without([(start, end)], moved):
                yield self._row(
                    at, self._out_kind(low, high), high - low, low - high, low, self._name(self.old_shots, low)
                )
            claimed: list[tuple[int, int]] = []
            for one in others:
                low, high = max(start, one.old_span[0]), min(end, one.old_span[1])
                if low >= high:
                    continue
                for first, last in without([(low, high)], claimed):
                    to = self.changes.new.label(one.new_at(first) if one.ratio > 0 else one.new_in)
                    name = self._name(self.old_shots, first)
                    yield self._row(at, "moved-out", last - first, first - last, first, name, to)
                claimed.append((low, high))

    def _closing(self, old: int) -> int:
        """Give the new place at which what stood at an old place is missing."""
        place = bisect_right(self.old_ends, old) - 1
        if place >= 0:
            return self.spine[place].new_out
        return self.spine[0].new_in if self.spine else self.changes.new.spans[0][0]

    def _out_kind(self, low: int, high: int) -> str:
        """Tell a trim from a delete: the rest of the shot is still there."""
        for start, end, _ in _around(self.old_shots, low, high):
            if low == start and self._kept_old(high):
                return "trim-head"
            if high == end and self._kept_old(low - 1):
                return "trim-tail"
        return "delete"

    def _kept_old(self, frame: int) -> bool:
        place = bisect_right(self.old_ends, frame)
        return place < len(self.spine) and self.spine[place].old_span[0] <= frame

    def _new_time(self, on_spine: set[int]) -> Iterator[_Row]:
        """Yield what came in: new time beside the spine."""
        for low, high in self.changes.inserted:
            yield self._row(
                low, self._in_kind(low, high), high - low, high - low, None, self._name(self.new_shots, low)
            )
        for one in self.changes.pieces:
            if id(one) in on_spine:
                continue
            kind = "repeat" if one.kind == "repeat" else "moved-in"
            used = one.old_span[1] - one.old_span[0]
            growth = one.length
            detail = self.changes.old.label(one.old_span[0]) + (
                f", speed {_percent(one)}" if used != one.length else ""
            )
            yield self._row(
                one.new_in, kind, one.length, growth, one.old_in, self._name(self.new_shots, one.new_in), detail
            )

    def _in_kind(self, low: int, high: int) -> str:
        for start, end, _ in _around(self.new_shots, low, high):
            if low == start and self.changes.piece_at(high) is not None:
                return "lengthen-head"
            if high == end and self.changes.piece_at(low - 1) is not None:
                return "lengthen-tail"
        return "insert"

    def _of_piece(self, piece: Piece) -> Iterator[_Row]:
        """Yield what happened to a piece that kept its place."""
        name = self._name(self.new_shots, piece.new_in)
        if piece.kind == "bridge":
            yield self._row(piece.new_in, "replaced", piece.length, 0, piece.old_in, name)
        if piece.ratio != 1:
            used = piece.old_span[1] - piece.old_span[0]
            grown = piece.length - used
            yield self._row(piece.new_out, "retime", piece.length, grown, piece.old_in, name, _percent(piece))
        if piece.version_changed:
            yield from self._versions(piece)

    def _versions(self, piece: Piece) -> Iterator[_Row]:
        """Yield the effects shots of a piece that came in another version."""
        first = max(0, bisect_right(self.new_shots, (piece.new_in, 10**12, "")) - 1)
        for start, end, name in self.new_shots[first:]:
            if start >= piece.new_out:
                break
            at = max(start, piece.new_in)
            if min(end, piece.new_out) <= at:
                continue
            was, now = self.namer.source(self._name(self.old_shots, piece.old_at(at))), self.namer.source(name)
            if was.key == now.key and was.version != now.version:
                told = f"{was.version or 'none'} to {now.version or 'none'}"
                yield self._row(at, "version", min(end, piece.new_out) - at, 0, piece.old_at(at), name, told)

    def _name(self, shots: list[tuple[int, int, str]], frame: int) -> str:
        place = bisect_right(shots, (frame, 10**12, "")) - 1
        return shots[place][2] if place >= 0 and shots[place][1] > frame else ""


def _around(shots: list[tuple[int, int, str]], low: int, high: int) -> list[tuple[int, int, str]]:
    """Give the shots of which a stretch is a part and not the whole; on a few tracks they lie near each other."""
    place = bisect_right(shots, (low, 10**12, ""))
    near = shots[max(0, place - NEAR) : place]
    return [shot for shot in near if high <= shot[1] and shot[:2] != (low, high)]


def _increasing(pieces: list[Piece]) -> list[Piece]:
    """Keep what increases in old time too; a bridge may stand beside a block that moved."""
    kept: list[Piece] = []
    reach: int | None = None
    for one in pieces:
        if reach is None or one.old_span[0] >= reach:
            kept.append(one)
            reach = one.old_span[1]
    return kept


def _percent(piece: Piece) -> str:
    text = f"{float(piece.ratio) * 100:.1f}".rstrip("0").rstrip(".")
    return f"{text} % of the old speed"


def change_list_text(changes: ChangeMap, gauge: str = "35mm-4perf") -> str:
    """Give the change list as a page of text with timecode, feet and frames, and the sum that explains the lengths.

    >>> change_list_text(changes(timeline, new_cut)).splitlines()[0]
    'Change list: The Crossing R1 to The Crossing R1 v4'
    """
    rows = change_rows(changes)
    new, old = changes.new, changes.old
    lines = [
        f"Change list: {old.name} to {new.name}",
        f"Rate {new.rate.name}; outs exclusive; feet+frames of {gauge} from the beginning of the reel, first frame 0+00.",
        "",
        f"{'New timecode':<13} {'Feet':>9}  {'Change':<24} {'Frames':>7} {'Duration':>12} {'Total':>7}  Shot",
    ]
    for row in rows:
        words = " ".join(part for part in (WORDS[row.kind], row.detail) if part)
        feet = format_feet(new.footage_at(row.at), gauge)
        length = signed_timecode(row.growth, changes) if row.growth else format_timecode(row.frames, new.rate)
        frames = f"{row.growth:+d}" if row.growth else str(row.frames)
        lines.append(
            f"{new.label(row.at):<13} {feet:>9}  {words:<24} {frames:>7} {length:>12} {row.total:>+7d}  {row.name}".rstrip()
        )
    difference = new.length - old.length
    grown = sum(row.growth for row in rows if row.growth > 0)
    lines += [
        "",
        f"Old length {counted(old.length, 'frame')}, {format_timecode(old.length, old.rate)}, {format_feet(old.length, gauge)}",
        f"New length {counted(new.length, 'frame')}, {format_timecode(new.length, new.rate)}, {format_feet(new.length, gauge)}",
        f"Difference {difference:+d} frames, {signed_timecode(difference, changes)}: "
        f"in {grown:+d}, out {difference - grown:+d}",
        f"New time known by evidence {changes.share('order', 'moved', 'repeat', 'retimed'):.1%}, "
        f"bridged {changes.share('bridge'):.1%}, new {1 - changes.share():.1%}",
        *(f"Note: {warning}" for warning in changes.warnings),
    ]
    return "\n".join(lines) + "\n"


def signed_timecode(frames: int, changes: ChangeMap) -> str:
    """Give a length in timecode with its sign."""
    return ("-" if frames < 0 else "+") + format_timecode(abs(frames), changes.new.rate)
