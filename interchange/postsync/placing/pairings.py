"""A take and the cue that it was paired with, with the reasons and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from postsync.model import Cue
from postsync.placing.takes import TakeFile

THRESHOLD = 0.8
"""The confidence from which a pair is sure; `docs/placing.md` says how it was found.

>>> from postsync.model import timeline_cues, timeline_facts
>>> take = read_take(Path("ADR takes/R101_ROSA_T1.wav"))
>>> pairing = match_takes([take], timeline_cues(timeline), timeline_facts(timeline)).pairings[0]
>>> pairing.confidence >= THRESHOLD, pairing.sure
(True, True)
"""


@dataclass(frozen=True)
class Evidence:
    """One reason: where it comes from, what it says, and its points for the cue (against it where negative).

    >>> from postsync.model import timeline_cues, timeline_facts
    >>> take = read_take(Path("ADR takes/R101_ROSA_T1.wav"))
    >>> pairing = match_takes([take], timeline_cues(timeline), timeline_facts(timeline)).pairings[0]
    >>> [(reason.source, reason.says) for reason in pairing.reasons][:1]
    [('iXML scene', 'the name is R101')]
    """

    source: str
    says: str
    points: float


@dataclass(frozen=True)
class Pairing:
    """One take and the cue that it was paired with, None where nothing speaks for any.

    `confidence` is 0 to 1, `runner_up` the next cue, `take` the number as people say it, `kind` and `selected` as `model.Take`
    has them. `copy_of` names the file of which it is a copy. `stamp_place` is where its first sample lies by its time stamp.

    >>> from postsync.model import timeline_cues, timeline_facts
    >>> take = read_take(Path("ADR takes/R101_ROSA_T1.wav"))
    >>> pairing = match_takes([take], timeline_cues(timeline), timeline_facts(timeline)).pairings[0]
    >>> pairing.cue.number, pairing.take, pairing.sure
    ('R101', '1', True)
    """

    recorded: TakeFile
    cue: Cue | None = None
    confidence: float = 0.0
    reasons: tuple[Evidence, ...] = ()
    runner_up: Cue | None = None
    take: str | None = None
    kind: str = "take"
    selected: str | None = None
    note: str | None = None
    copy_of: str | None = None
    stamp_place: Fraction | None = None
    remarks: tuple[str, ...] = ()

    @property
    def sure(self) -> bool:
        """Whether it is placed without being told to accept guesses."""
        return self.cue is not None and self.copy_of is None and self.confidence >= THRESHOLD

    @property
    def guessed(self) -> bool:
        """Whether a cue was found that is not sure."""
        return self.cue is not None and self.copy_of is None and not self.sure

    def why(self) -> str:
        """Give the reasons as a person reads them, the weightiest first."""
        ordered = sorted(self.reasons, key=lambda one: -abs(one.points))
        return "; ".join([*(f"{one.source}: {one.says}" for one in ordered), *self.remarks])
