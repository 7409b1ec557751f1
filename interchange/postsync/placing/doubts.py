"""What speaks against a pair once all takes are paired: copies, two recordings of one take, and the order of the recording.

A number typed wrong may be that of another cue. Where no time stamp says so, the takes recorded before and after still do: a
take 3 of R160 among those of R106, which has no take 3, is a slip of the hand more often than not. So is a take 7 of R160 that
has no take 6, where R106 has one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace

from postsync.model import Cue
from postsync.placing.cue_index import mistyped, one_slip_apart
from postsync.placing.pairings import Pairing
from postsync.placing.take_names import read_name

SAID_TWICE = 0.5
"""What is left of the confidence where another recording claims the same take of the same cue."""

OUT_OF_ORDER = 0.5
"""What is left of it where the takes round it are those of a cue that is one slip of the hand away."""

BACKED = 1.25
"""Points of a time stamp or a log above which a pair is not doubted for what its words say: more than a stamp has that may have
been counted at another sample rate."""

AROUND = 2
"""Takes before and after that say what was being recorded."""


def doubted(pairings: Sequence[Pairing], cues: Sequence[Cue]) -> list[Pairing]:
    """Give the pairings with copies marked and what is doubtful made less sure, each with a remark that says why."""
    return _without_copies(_said_twice(_counted_on(_in_order(list(pairings), cues), cues)))


def _without_copies(pairings: list[Pairing]) -> list[Pairing]:
    """Mark files that hold the recording of an earlier one: the same stamp, length and rate, and the same words."""
    first: dict[tuple[object, ...], str] = {}
    result: list[Pairing] = []
    for one in pairings:
        words = tuple(word.text for word in read_name(one.recorded.name).words)
        key = (words, *_sound_of(one), one.recorded.channels, one.cue and one.cue.uid)
        if one.recorded.time_reference and key in first:
            result.append(replace(one, copy_of=first[key]))
            continue
        first.setdefault(key, one.recorded.path.name)
        result.append(one)
    return result


def _said_twice(pairings: list[Pairing]) -> list[Pairing]:
    """Doubt pairs of which another recording claims the same take of the same cue, where no stamp speaks for them."""
    claims: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for place, one in enumerate(pairings):
        if one.cue is not None and one.take:
            claims[one.cue.uid, _number(one.take) or "", one.kind].append(place)
    for places in claims.values():
        names = {pairings[place].recorded.path.name for place in places}
        if len(names) > 1 and len({_sound_of(pairings[place]) for place in places}) > 1:
            for place in places:
                others = ", ".join(sorted(names - {pairings[place].recorded.path.name}))
                pairings[place] = _less_sure(pairings[place], SAID_TWICE, f"{others} says to be the same take")
    return pairings


def _in_order(pairings: list[Pairing], cues: Sequence[Cue]) -> list[Pairing]:
    """Doubt pairs whose take was recorded where a cue with nearly the same number was being recorded."""
    moments = [(moment, place) for place, one in enumerate(pairings) if one.sure and (moment := _recorded_at(one))]
    order = [place for _, place in sorted(moments)]
    counted, sure = _numbers(pairings), _numbers([one for one in pairings if one.sure])
    found: dict[int, Pairing] = {}
    for at, place in enumerate(order):
        one, cue = pairings[place], pairings[place].cue
        before, after = (
            [near for other in part if (near := pairings[other].cue) is not None]
            for part in (order[max(0, at - AROUND) : at], order[at + 1 : at + 1 + AROUND])
        )
        if cue is None or _is_backed(one) or not _is_strange(cue, before, after):
            continue
        there = [other for other in cues if other in before or other in after or _fits(other, before, after)]
        beside, alike, anywhere = _beside(one.take), one_slip_apart, cues
        if counted[cue.uid] & beside:
            # It goes on in its own cue, so the director may have come back to that: another digit is no slip.
            alike, anywhere = mistyped, [other for other in cues if sure[other.uid] & beside]
        meant = next((other for other in there if _may_be(one, other, sure, alike)), None)
        slip = meant or next((other for other in anywhere if _may_be(one, other, sure, mistyped)), None)
        if slip is not None:
            where = f"where {slip.number} was, which" if meant else f"out of order, and {slip.number}"
            found[place] = _less_sure(one, OUT_OF_ORDER, f"it was recorded {where} differs by one slip of the hand")
    return [found.get(place, one) for place, one in enumerate(pairings)]


def _is_strange(cue: Cue, before: Sequence[Cue], after: Sequence[Cue]) -> bool:
    """Whether the takes recorded before and after are not of this cue, nor of cues on either side of it."""
    near = {other.uid for other in (*before, *after)}
    if not near or cue.uid in near:
        return False
    between = {other.uid for other in before} & {other.uid for other in after}
    return bool(between) or not _fits(cue, before, after)


def _fits(cue: Cue, before: Sequence[Cue], after: Sequence[Cue]) -> bool:
    """Whether a cue lies between those recorded before and after, or goes on from one of them where the next actor begins."""
    at = cue.record_in
    pairs = [(one.record_in, other.record_in) for one in before for other in after]
    if all(one > other for one, other in pairs):
        return not pairs or any(at >= one or at <= other for one, other in pairs)
    return any(one <= at <= other for one, other in pairs)


def _counted_on(pairings: list[Pairing], cues: Sequence[Cue]) -> list[Pairing]:
    """Doubt pairs whose take number has no neighbour in its own cue, but goes on in one whose number is easily mistyped so."""
    counted, sure = _numbers(pairings), _numbers([one for one in pairings if one.sure])
    for place, one in enumerate(pairings):
        beside = _beside(one.take)
        if one.cue is None or not one.sure or _is_backed(one) or not beside or counted[one.cue.uid] & beside:
            continue
        before = str(int(one.take or 1) - 1) if one.take != "1" else "2"
        meant = next(
            (other for other in cues if before in sure[other.uid] and _may_be(one, other, sure, mistyped)), None
        )
        if meant is not None:
            remark = f"{meant.number} has a take {before} but none {one.take}, and differs by one slip of the hand"
            pairings[place] = _less_sure(one, OUT_OF_ORDER, remark)
    return pairings


def _numbers(pairings: Sequence[Pairing]) -> dict[str, set[str | None]]:
    """Give the numbers of the takes of each cue."""
    counted: dict[str, set[str | None]] = defaultdict(set)
    for one in pairings:
        if one.cue is not None:
            counted[one.cue.uid].add(_number(one.take))
    return counted


def _number(take: str | None) -> str | None:
    return take and (take.lstrip("0") or "0").casefold()


def _beside(take: str | None) -> set[str | None]:
    """Give the numbers before and after that of a take; nothing where it has none."""
    return {str(int(take) - 1), str(int(take) + 1)} if take and take.isdecimal() else set()


def _may_be(one: Pairing, other: Cue, counted: dict[str, set[str | None]], alike: Callable[[str, str], bool]) -> bool:
    """Whether a take may be of another cue, which has none of its number yet."""
    cue = one.cue
    return (
        cue is not None and cue.uid != other.uid and _number(one.take) not in counted[other.uid]
        and alike(cue.number or "", other.number or "")
    )  # fmt: skip


def _recorded_at(pairing: Pairing) -> str | None:
    """Give when a take was recorded as text that sorts: by the clock of its recorder, else by its stamp; None where unknown."""
    moment = re.sub(r"\D", "", pairing.recorded.recorded_on or "")
    if len(moment) == len("YYYYMMDDhhmmss"):
        return moment
    stamp = pairing.recorded.stamp
    return (
        None if stamp is None or pairing.stamp_place is not None else f"{stamp / pairing.recorded.sample_rate:014.3f}"
    )


def _sound_of(pairing: Pairing) -> tuple[object, ...]:
    take = pairing.recorded
    return take.time_reference, take.length_samples, take.sample_rate


def _less_sure(pairing: Pairing, left: float, remark: str) -> Pairing:
    """Make a pair less sure, unless a time stamp or the log speaks for it; the remark stays."""
    confidence = pairing.confidence if _is_backed(pairing) else round(pairing.confidence * left, 3)
    return replace(pairing, confidence=confidence, remarks=(*pairing.remarks, remark))


def _is_backed(pairing: Pairing) -> bool:
    return any(one.source in ("time stamp", "log") and one.points > BACKED for one in pairing.reasons)
