"""The recorded take and its placement: records that live in the cue and in the metadata of the clip that plays the take.

A take is what the stage recorded, one or several files of the same pass. A placement is where a take lies on the timeline.
Both are kept as plain values in `Cue.takes` and `Cue.placements`, so that a cue carries them through every cue carrier that
keeps whole records; clip, cue and take name each other by uid.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

import opentimelineio as otio

from postsync.model.cues import Cue
from postsync.model.keys import part, put_block
from postsync.model.records import from_json, to_json

TAKE_KINDS = ("take", "pickup", "wild", "rehearsal", "alternate", "comp")
SELECTIONS = ("circled", "alternate", "hold", "no_good")


@dataclass(frozen=True, kw_only=True)
class Take:
    """One recorded take of a cue.

    `take` is as people write it (`3`, `3PU`). `start_sample` is the time stamp in samples since midnight, `length_samples`
    the length, both at `sample_rate`. `files` are the names of the files that hold it, one for each microphone where they
    are split.

    >>> take = Take(uid="take-1", take="3PU", selected="circled", sample_rate=48000, length_samples=96000)
    >>> cue_takes(with_takes(Cue(uid="7KQ2M9XD", record_in=0), [take], []))[0].selected
    'circled'
    """

    uid: str
    take: str | None = None
    kind: str = "take"
    selected: str | None = None
    rating: int | None = None
    file: str = ""
    files: tuple[str, ...] = ()
    channel: int | None = None
    sample_rate: int | None = None
    start_sample: int | None = None
    length_samples: int | None = None
    recorded_on: str | None = None
    studio: str | None = None
    microphone: str | None = None
    note: str | None = None
    paired_by: str | None = None
    confidence: float | None = None


@dataclass(frozen=True, kw_only=True)
class Placement:
    """Where a take lies: exact seconds from the timeline's first frame and from the first sample of its file.

    `offset_to_cue` is how much later than the cue's in the clip begins; `slip` how far the take was slipped from its stamp, or
    from the cue, to be in sync. `fit` is none, slipped or cut; a take that was cut into phrases has a
    placement for each. Alternates lie muted beneath and are not `active`.

    >>> placement = Placement(
    ...     take="take-1",
    ...     track="ADR ROSA",
    ...     clip="R101_T2",
    ...     record_in=Fraction(2),
    ...     duration=Fraction(3),
    ...     source_in=Fraction(0),
    ...     offset_to_cue=Fraction(0),
    ...     placed_by="cue",
    ... )
    >>> placement.slip, placement.active
    (Fraction(0, 1), True)
    """

    take: str
    track: str
    clip: str
    record_in: Fraction
    duration: Fraction
    source_in: Fraction
    offset_to_cue: Fraction
    placed_by: str
    slip: Fraction = Fraction(0)
    fit: str = "none"
    active: bool = True


def clip_take(clip: otio.schema.Clip) -> str | None:
    """Give the uid of the take that a clip plays, None where it plays none that we placed.

    >>> clip_take(otio.schema.Clip("12A-3")) is None
    True
    """
    found = part(clip, "take")
    return None if found is None else found.get("uid")


def put_clip_take(clip: otio.schema.Clip, take: Take, placement: Placement) -> None:
    """Write take and placement into the clip that plays it.

    >>> clip = otio.schema.Clip("R101_T2")
    >>> placement = Placement(
    ...     take="take-1",
    ...     track="ADR ROSA",
    ...     clip="R101_T2",
    ...     record_in=Fraction(2),
    ...     duration=Fraction(3),
    ...     source_in=Fraction(0),
    ...     offset_to_cue=Fraction(0),
    ...     placed_by="cue",
    ... )
    >>> put_clip_take(clip, Take(uid="take-1", take="2"), placement)
    >>> clip_take(clip)
    'take-1'
    """
    put_block(clip, {"take": to_json(take), "placement": to_json(placement)})


def cue_takes(cue: Cue) -> list[Take]:
    """Give the takes of a cue that carry a uid; what other programs wrote without one stays with the cue.

    >>> cue = with_takes(Cue(uid="7KQ2M9XD", record_in=0), [Take(uid="take-1", take="2")], [])
    >>> [take.take for take in cue_takes(cue)], cue_takes(Cue(uid="7KQ2M9XD", record_in=0))
    (['2'], [])
    """
    return [from_json(Take, facts) for facts in cue.takes if facts.get("uid")]


def with_takes(cue: Cue, takes: Iterable[Take], placements: Iterable[Placement]) -> Cue:
    """Give a cue that also has these takes and placements; what it says of the same takes already is replaced.

    >>> cue = with_takes(Cue(uid="7KQ2M9XD", record_in=0), [Take(uid="take-1", take="2")], [])
    >>> [take.take for take in cue_takes(cue)]
    ['2']
    """
    new = {take.uid: to_json(take) for take in takes}
    placed = [to_json(placement) for placement in placements]
    moved = {facts["take"] for facts in placed}
    kept_takes = [facts for facts in cue.takes if facts.get("uid") not in new]
    kept_places = [facts for facts in cue.placements if facts.get("take") not in moved]
    return dataclasses.replace(cue, takes=(*kept_takes, *new.values()), placements=(*kept_places, *placed))
