"""Which edit lies where: each event put on every track that it names, tracks split where events overlap.

Record times are never moved. Events that overlap on one track (lists made of several picture tracks, temp sound piled up) lie
on further tracks of the same name. An outgoing side that goes on from the clip before it needs no clip of its own.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from postsync_adapters.edl.channels import Channel
from postsync_adapters.edl.edits import Edit
from postsync_adapters.edl.lists import Event


@dataclass(slots=True)
class Piece:
    """One event on one track, in frames from 00:00:00:00, past midnight counted on.

    `edit` is what it belongs to, `event` its line; `mixed` the frames over which it comes in from what was before, where
    `outgoing` is the other side. `channel` is the source channel that sounds, `late` how much of its beginning a split
    edit leaves out, `linked` whether it is on other tracks too.
    """

    start: int
    end: int
    order: int
    event: Event
    edit: Edit
    name: str
    channel: int | None
    mixed: int = 0
    outgoing: Event | None = None
    outgoing_name: str = ""
    late: int = 0
    linked: bool = False


def layers_of(pieces: Iterable[Piece]) -> list[list[Piece]]:
    """Give the pieces of one track as few layers as possible, each in order of time, none overlapping.

    A piece that comes in by a transition goes to the layer that the outgoing side ends on, where there is one.
    """
    ordered = list(pieces)
    for _ in range(2):  # most lists are in order of time, and sorting is what costs
        if all(before.end <= piece.start and before.start <= piece.start for before, piece in pairwise(ordered)):
            return [ordered]
        ordered.sort(key=lambda one: (one.start, one.order))
    layers: list[list[Piece]] = []
    busy: list[tuple[int, int]] = []
    free: list[int] = []
    ends: dict[int, list[int]] = {}
    for piece in ordered:
        while busy and busy[0][0] <= piece.start:
            heapq.heappush(free, heapq.heappop(busy)[1])
        chosen = _continued(piece, layers, ends.get(piece.start, [])) if piece.mixed or piece.outgoing else None
        if chosen is not None and chosen in free:
            free.remove(chosen)
            heapq.heapify(free)
        elif free:
            chosen = heapq.heappop(free)
        else:
            chosen = len(layers)
            layers.append([])
        layers[chosen].append(piece)
        heapq.heappush(busy, (piece.end, chosen))
        ends.setdefault(piece.end, []).append(chosen)
    return layers


def _continued(piece: Piece, layers: list[list[Piece]], candidates: list[int]) -> int | None:
    """Give the layer whose last piece goes on as the outgoing side of this one, else one that just ends here."""
    ending = [layer for layer in candidates if layers[layer][-1].end == piece.start]
    return next((layer for layer in ending if continues(layers[layer][-1], piece)), ending[0] if ending else None)


def continues(before: Piece, piece: Piece) -> bool:
    """Whether the outgoing side of a piece is the clip before it going on, so that it is no clip of its own."""
    side = piece.outgoing
    if before.end != piece.start:
        return False
    if side is None:
        return True
    if before.event.reel.upper() != side.reel.upper():
        return False
    return (
        before.event.source_out == side.source_in
        or not piece.outgoing_name
        or before.name.casefold() == piece.outgoing_name.casefold()
    )


def track_order(channel: Channel) -> tuple[int, str, int]:
    """Sort key of tracks: picture bottom to top, sound in order, channels that nobody knows last."""
    row = 0 if channel.kind.startswith("V") else 1 if channel.kind == "A" else 2
    return (row, channel.kind, channel.number)
