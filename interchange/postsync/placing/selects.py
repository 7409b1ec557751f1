"""Which take of a cue plays: the comp, else the circled one, else the last; the rest lie muted beneath."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from postsync.model import natural_key
from postsync.placing.pairings import Pairing

PLAYABLE = ("take", "alternate")


@dataclass(frozen=True)
class Selection:
    """The takes of one cue in the order in which they lie: the one that plays, then its alternates; and why it plays.

    `guessed` where nobody chose; `left_out` are takes that were marked as no good.

    >>> from postsync.model import timeline_cues, timeline_facts
    >>> takes = [take for take in read_takes([Path("ADR takes")], report) if "R101" in take.name]
    >>> chosen = select(match_takes(takes, timeline_cues(timeline), timeline_facts(timeline)).pairings)
    >>> chosen.active.take, [one.take for one in chosen.alternates], chosen.guessed
    ('2', ['1'], False)
    """

    active: Pairing | None
    alternates: tuple[Pairing, ...]
    left_out: tuple[Pairing, ...]
    why: str
    guessed: bool = False


def select(pairings: Sequence[Pairing]) -> Selection:
    """Choose among the takes of one cue.

    >>> from postsync.model import timeline_cues, timeline_facts
    >>> takes = [take for take in read_takes([Path("ADR takes")], report) if "R101" in take.name]
    >>> select(match_takes(takes, timeline_cues(timeline), timeline_facts(timeline)).pairings).why
    'it was circled'
    """
    ordered = sorted(pairings, key=_order)
    good = [one for one in ordered if one.selected != "no_good"]
    left_out = tuple(one for one in ordered if one.selected == "no_good")
    active, why, guessed = _active(good)
    rest = [one for one in reversed(good) if one is not active]
    rest.sort(key=lambda one: (one.selected != "circled", one.selected != "alternate"))
    return Selection(active, tuple(rest), left_out, why, guessed)


def _active(good: Sequence[Pairing]) -> tuple[Pairing | None, str, bool]:
    comps = [one for one in good if one.kind == "comp"]
    circled = [one for one in good if one.selected == "circled"]
    if comps:
        return comps[-1], "it is the comp", False
    if circled:
        why = "it was circled" if len(circled) == 1 else f"it is the last of {len(circled)} circled takes"
        return circled[-1], why, False
    for kinds, why in ((PLAYABLE[:1], "it is the last take"), (PLAYABLE, "it is the last alternate")):
        plain = [one for one in good if one.kind in kinds and one.selected != "hold"]
        if plain:
            only = len(good) == 1
            return plain[-1], "it is the only take" if only else f"{why}, none was circled", not only
    return (good[-1], "no other take is there", True) if good else (None, "every take was marked as no good", False)


def _order(pairing: Pairing) -> tuple[object, ...]:
    """Order takes as they were recorded: by number where they have one, else by stamp, else by name."""
    take = pairing.recorded
    return (natural_key(pairing.take or ""), take.time_reference or 0, natural_key(take.path.name))
