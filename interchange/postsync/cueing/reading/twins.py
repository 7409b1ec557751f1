"""Cues that a file holds twice: as a marker and as a clip that is named for it.

A session of cues has both where somebody laid markers beside the clips, and so has every timeline that we write of one. The
marker is the cue, since a clip's name may be cut and its tag lost; what only the clip says is taken in.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Iterator

from postsync.cueing.merging.likeness import fingerprint, number_key
from postsync.model import Cue, with_fields

_BLANK = Cue(uid="", record_in=0)
_OWN = ("uid", "record_in", "precise_in", "character", "history", "derived_from", "extra")
_MORE = tuple(field.name for field in dataclasses.fields(Cue) if field.name not in _OWN)


class Twins:
    """The cues that are known, by the frame on which they stand.

    >>> known = Twins([Cue(uid="7KQ2M9XD", number="R106", record_in=240)])
    >>> known.of(Cue(uid="", number="r106", record_in=241)), known.of(Cue(uid="", number="R107", record_in=240))
    ('7KQ2M9XD', None)
    """

    def __init__(self, cues: Iterable[Cue]) -> None:
        self.by_frame: dict[int, list[Cue]] = defaultdict(list)
        for cue in cues:
            self.by_frame[cue.record_in].append(cue)

    def of(self, cue: Cue) -> str | None:
        """Give the uid of the cue that this one is: within a frame of it, with its uid, its number or its words."""
        return next((one.uid for one in self._near(cue) if _is_same(one, cue)), None)

    def _near(self, cue: Cue) -> Iterator[Cue]:
        for frame in (cue.record_in, cue.record_in - 1, cue.record_in + 1):
            yield from self.by_frame.get(frame, ())


def _is_same(one: Cue, other: Cue) -> bool:
    if other.uid and one.uid == other.uid:
        return True
    if one.number and other.number:
        return number_key(one.number) == number_key(other.number)
    says = fingerprint(one.line or "")
    return bool(says) and says == fingerprint(other.line or "") and one.character in (other.character, None)


def with_what_it_lacks(cue: Cue, twin: Cue) -> Cue:
    """Give a cue with the fields of its twin of which it says nothing.

    >>> cue = Cue(uid="7KQ2M9XD", number="R106", record_in=240)
    >>> with_what_it_lacks(cue, Cue(uid="", record_in=240, record_out=300, reasons=("noise",))).reasons
    ('noise',)
    """
    said = {
        name: getattr(twin, name)
        for name in _MORE
        if getattr(cue, name) == getattr(_BLANK, name) != getattr(twin, name)
    }
    extra = {**twin.extra, **cue.extra}
    return with_fields(cue, **said, **({"extra": extra} if extra != cue.extra else {})) if said or extra else cue
