"""The change map: where every frame of the new cut was in the old one, and where every old frame went.

Pieces lie in new time and do not overlap there; old frames may be in several pieces (repeats) or in none (deleted). Frames
count from 00:00:00:00 on the axis of the cut, as lists do.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import Any, Literal

from postsync.conforming.candidates import old_span
from postsync.conforming.cuts import Number, Programme
from postsync.conforming.names import DEFAULT_PATTERNS
from postsync.timing import format_timecode, fraction_text, round_half_up

Kind = Literal["order", "moved", "repeat", "retimed", "bridge"]
Span = tuple[int, int]


@dataclass(frozen=True)
class Piece:
    """New frames `new_in` to `new_out` (exclusive) that were old frames from `old_in`.

    `ratio` is old frames per new frame, 1 but for changed speeds; below zero the old frames run down from `old_in`. `kind`
    says how it was found, `evidence` by what; `confidence` is from 0 to 1. `ambiguous` where the same frames were elsewhere
    too and nothing around them says which; `version_changed` where an effects shot came in another version.

    >>> piece = Piece(new_in=100, new_out=148, old_in=76)
    >>> piece.delta, piece.length, piece.old_out
    (24, 48, 124)
    """

    new_in: int
    new_out: int
    old_in: int
    ratio: Number = 1
    kind: Kind = "order"
    evidence: str = ""
    confidence: float = 1.0
    ambiguous: bool = False
    version_changed: bool = False

    @property
    def delta(self) -> int:
        """How much later the first frame is in the new cut."""
        return self.new_in - self.old_in

    @property
    def length(self) -> int:
        """New frames."""
        return self.new_out - self.new_in

    @property
    def old_span(self) -> Span:
        """The lowest old frame and the first above."""
        return old_span(self.new_in, self.new_out, self.old_in, self.ratio)

    @property
    def old_out(self) -> int:
        """The old place at which the piece ends."""
        low, high = self.old_span
        return high if self.ratio > 0 else low

    def old_at(self, frame: int) -> int:
        """Give the old frame that a new one inside the piece shows."""
        if self.ratio == 1:
            return self.old_in + frame - self.new_in
        exact = self.old_in + (frame - self.new_in) * self.ratio
        return exact.__floor__() if self.ratio > 0 else exact.__ceil__() - 1

    def new_at(self, edge: int) -> int:
        """Give the new place of an old edge."""
        if self.ratio == 1:
            return edge + self.delta
        return self.new_in + (round_half_up(Fraction(edge - self.old_in) / self.ratio) if self.ratio else 0)

    def within(self, start: int, end: int) -> Piece:
        """Give the part of the piece between two new frames."""
        if self.ratio == 1:
            return replace(self, new_in=start, new_out=end, old_in=self.old_in + start - self.new_in)
        return replace(
            self,
            new_in=start,
            new_out=end,
            old_in=self.old_in + round_half_up(Fraction((start - self.new_in) * self.ratio)),
        )

    def to_json(self) -> dict[str, Any]:
        """Give the piece as plain values."""
        return {
            "new_in": self.new_in,
            "new_out": self.new_out,
            "old_in": self.old_in,
            "ratio": fraction_text(self.ratio),
            "kind": self.kind,
            "evidence": self.evidence,
            "confidence": round(self.confidence, 2),
            "ambiguous": self.ambiguous,
            "version_changed": self.version_changed,
        }


@dataclass(frozen=True)
class Side(Programme):
    """One of the two cuts: name, rate, its reels on the axis.

    >>> side = changes(timeline, timeline).new
    >>> side.name, side.length, side.label(86400)
    ('The Crossing R1', 180, '01:00:00:00')
    """

    fingerprint: str = ""
    """A short name of what the cut plays, for the history of what stood on it."""

    @property
    def spans(self) -> list[Span]:
        """Where the reels lie."""
        return [(reel.start, reel.end) for reel in self.reels]

    def label(self, frame: int) -> str:
        """Give the timecode of a place, as its own reel counts."""
        return format_timecode(frame - self.reel_at(frame).shift, self.rate)

    def footage_at(self, frame: int) -> int:
        """Give the frames from the beginning of its reel."""
        return frame - self.reel_at(frame).start

    def to_json(self) -> dict[str, Any]:
        """Give the side as plain values."""
        return {
            "name": self.name,
            "fingerprint": self.fingerprint,
            "rate": self.rate.text,
            "drop_frame": self.rate.drop,
            "start": self.reels[0].start,
            "end": self.reels[-1].end,
            "reels": [{"name": one.name, "start": one.start, "end": one.end, "shift": one.shift} for one in self.reels],
        }


@dataclass(frozen=True)
class ChangeMap:
    """What became of one cut in the next. `pieces` in order of new time; `warnings` in words, for a person.

    >>> compared = changes(timeline, new_cut)
    >>> compared.is_identity, [(piece.new_in, piece.new_out, piece.old_in) for piece in compared.pieces][:2]
    (False, [(86400, 86440, 86468), (86440, 86500, 86400)])
    """

    old: Side
    new: Side
    pieces: tuple[Piece, ...]
    track: str = "picture"
    warnings: tuple[str, ...] = ()
    shots: tuple[tuple[int, int, str, bool], ...] = field(default=(), repr=False)
    """Cuts of both lists for people: (in, out, name, whether of the new cut)."""
    versions: tuple[str, ...] = DEFAULT_PATTERNS
    """How the names of effects shots write their versions."""

    @cached_property
    def _new_ins(self) -> list[int]:
        return [piece.new_in for piece in self.pieces]

    @cached_property
    def _by_old(self) -> tuple[list[Piece], list[int], list[int]]:
        """Give the pieces by old time, with their lowest frames and how far any so far reaches."""
        order = sorted(self.pieces, key=lambda piece: (piece.old_span, piece.new_in))
        reach: list[int] = []
        for piece in order:
            reach.append(max(piece.old_span[1], reach[-1] if reach else 0))
        return order, [piece.old_span[0] for piece in order], reach

    def piece_at(self, frame: int) -> Piece | None:
        """Give the piece that a new frame belongs to; None where it is new."""
        place = bisect_right(self._new_ins, frame) - 1
        return self.pieces[place] if place >= 0 and frame < self.pieces[place].new_out else None

    def old_frame(self, frame: int) -> int | None:
        """Give the old frame of a new one; None where it is new."""
        piece = self.piece_at(frame)
        return None if piece is None else piece.old_at(frame)

    def pieces_of(self, old_in: int, old_out: int) -> list[Piece]:
        """Give the pieces that use old frames between two places, in order of old time."""
        order, lows, reach = self._by_old
        last = bisect_left(lows, old_out)
        first = last
        while first > 0 and reach[first - 1] > old_in:
            first -= 1
        return [piece for piece in order[first:last] if piece.old_span[1] > old_in]

    @cached_property
    def inserted(self) -> list[Span]:
        """New time that was not in the old cut."""
        return without(self.new.spans, [(piece.new_in, piece.new_out) for piece in self.pieces])

    @cached_property
    def deleted(self) -> list[Span]:
        """Old time that is not in the new cut."""
        return without(self.old.spans, [piece.old_span for piece in self.pieces])

    @property
    def is_identity(self) -> bool:
        """Whether nothing changed: every frame stands where it stood."""
        same = all(piece.delta == 0 and piece.ratio == 1 and piece.kind != "bridge" for piece in self.pieces)
        return same and not self.inserted and not self.deleted

    def share(self, *kinds: str) -> float:
        """Give the share of new time that pieces of some kinds cover; of all without any."""
        total = sum(piece.length for piece in self.pieces if not kinds or piece.kind in kinds)
        return total / self.new.length if self.new.length else 1.0

    @cached_property
    def identity(self) -> str:
        """A short name of this very map, for the history of what went through it."""
        told = ";".join(f"{one.new_in},{one.new_out},{one.old_in},{one.ratio},{one.kind}" for one in self.pieces)
        return hashlib.sha256(f"{self.old.spans}{self.new.spans}{told}".encode()).hexdigest()[:12]

    def to_json(self) -> dict[str, Any]:
        """Give the document `postsync.changes/1`."""
        evidence: dict[str, int] = {}
        for piece in self.pieces:
            evidence[piece.evidence] = evidence.get(piece.evidence, 0) + piece.length
        return {
            "schema": "postsync.changes/1",
            "rate": self.new.rate.text,
            "track": self.track,
            "old": self.old.to_json(),
            "new": self.new.to_json(),
            "pieces": [piece.to_json() for piece in self.pieces],
            "inserted": [list(span) for span in self.inserted],
            "deleted": [list(span) for span in self.deleted],
            "confidence": {
                "by_evidence": round(self.share("order", "moved", "repeat", "retimed"), 4),
                "by_bridge": round(self.share("bridge"), 4),
                "unmapped": round(1 - self.share(), 4),
                "frames_by_evidence": evidence,
            },
            "warnings": list(self.warnings),
        }


def without(spans: Iterable[Span], taken: Iterable[Span]) -> list[Span]:
    """Give what is left of some spans when others, which may overlap, are taken out."""
    covered = sorted(taken)
    left: list[Span] = []
    for start, end in sorted(spans):
        for low, high in covered:
            if high <= start:
                continue
            if low >= end:
                break
            if low > start:
                left.append((start, low))
            start = max(start, high)
            if start >= end:
                break
        if start < end:
            left.append((start, end))
    return left


def healed(pieces: Sequence[Piece]) -> list[Piece]:
    """Put touching pieces of one distance and kind together."""
    result: list[Piece] = []
    for piece in pieces:
        last = result[-1] if result else None
        if (
            last is not None
            and last.new_out == piece.new_in
            and last.ratio == piece.ratio
            and last.kind == piece.kind
            and last.ambiguous == piece.ambiguous
            and (last.delta == piece.delta if piece.ratio == 1 else last.old_out == piece.old_in)
        ):
            result[-1] = _joined(last, piece)
        else:
            result.append(piece)
    return result


def _joined(one: Piece, other: Piece) -> Piece:
    lengths = one.length, other.length
    total = sum(lengths)
    confidence = (one.confidence * lengths[0] + other.confidence * lengths[1]) / total
    evidence = one.evidence if lengths[0] >= lengths[1] else other.evidence
    changed = one.version_changed or other.version_changed
    return replace(one, new_out=other.new_out, confidence=confidence, evidence=evidence, version_changed=changed)
