"""Frames for markers in programs that keep one marker on a frame, as DaVinci Resolve's timeline and Avid's tracks do.

Two characters often start on one frame. The one that comes first by number stays; the others take the next frame that nobody
stands on, and their tag says by how much they are late, so that they come back to where they belong.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from postsync.model import natural_key


def on_free_frames(wanted: Sequence[tuple[int, str]]) -> list[int]:
    """Give a frame of its own to each (frame, number), in the order given.

    >>> on_free_frames([(10, "R2"), (10, "R1"), (11, "R3")])
    [12, 10, 11]
    """
    taken = {frame for frame, _ in wanted}
    held: set[int] = set()
    frames = [0] * len(wanted)
    next_free: dict[int, int] = {}
    for place in sorted(range(len(wanted)), key=lambda place: _order(wanted[place])):
        frame = wanted[place][0]
        if frame in held:
            frame = _free_after(frame, taken, next_free)
            taken.add(frame)
        held.add(frame)
        frames[place] = frame
    return frames


def _order(one: tuple[int, str]) -> tuple[int, bool, Any]:
    return one[0], not one[1], natural_key(one[1])


def _free_after(frame: int, taken: set[int], next_free: dict[int, int]) -> int:
    """Give the next frame not taken; what was walked over once is remembered, so a thousand on one frame stay quick."""
    walked: list[int] = []
    while frame in taken:
        walked.append(frame)
        frame = next_free.get(frame, frame + 1)
    for passed in walked:
        next_free[passed] = frame
    return frame
