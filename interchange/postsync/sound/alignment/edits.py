"""The edits that put every phrase of a take into sync: the take cut in its own silences, each piece at its own place.

A piece that moves towards its neighbour shortens the silence between them, one that moves away is prolonged by that silence's
own sound. No word is ever cut or covered: where a silence is too short for all of a move, the later piece comes as near as it
can.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from postsync.sound.alignment.records import Phrase


@dataclass(frozen=True)
class Edit:
    """A piece of a take, from `take_in` to `take_out` (samples of it), that is laid `earlier` samples before where it lay."""

    take_in: int
    take_out: int
    earlier: int

    @property
    def record_in(self) -> int:
        """Where it begins, in samples from where the take's first sample lay."""
        return self.take_in - self.earlier

    @property
    def record_out(self) -> int:
        """Where it ends, counted likewise."""
        return self.take_out - self.earlier

    def to_json(self) -> dict[str, int]:
        """Give the edit as plain values."""
        return {
            "take_in": self.take_in,
            "take_out": self.take_out,
            "record_in": self.record_in,
            "earlier": self.earlier,
        }


def edits(phrases: Sequence[Phrase]) -> tuple[Edit, ...]:
    """Give the pieces of a take in order, without overlaps; one where it has one slip, none where nothing was measured."""
    made: list[Edit] = []
    for before, phrase in pairwise([None, *phrases]):
        assert phrase is not None
        here = Edit(phrase.take_in, phrase.take_out, phrase.offset_samples)
        if before is not None:
            made[-1], here = _joined(made[-1], here, before.speech_out, phrase.speech_in)
        made.append(here)
    return tuple(made)


def _joined(before: Edit, after: Edit, speech_out: int, speech_in: int) -> tuple[Edit, Edit]:
    """Let two pieces meet in the silence between the end of one's words and the beginning of the other's."""
    cut = before.take_out
    room = max(speech_in - speech_out, 0)
    after = replace(after, earlier=min(after.earlier, before.earlier + room))
    nearer = after.earlier - before.earlier
    if nearer >= 0:
        shorter = min(max(nearer // 2, nearer - max(speech_in - cut, 0)), max(cut - speech_out, 0))
        return replace(before, take_out=cut - shorter), replace(after, take_in=cut + nearer - shorter)
    longer = min(-nearer // 2, max(speech_in - cut, 0))
    return replace(before, take_out=cut + longer), replace(
        after, take_in=cut - min(-nearer - longer, max(cut - speech_out, 0))
    )
