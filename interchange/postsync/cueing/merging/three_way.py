"""One field between two people: what was written, what came back, and what we have now.

    came back = as it was shown      ours
    came back changed, ours not      theirs
    both changed alike               either
    both changed otherwise           conflict: ours stays, theirs is kept beside it

A carrier shows some values poorer than they are (capitals, ASCII, whole frames). What came back is compared with what the
carrier showed, and a change is carried over to the true value.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher
from fractions import Fraction
from typing import Any

from postsync.cueing.merging.cue_values import COUNTED, PLACES, SETS, TABLES
from postsync.timing import fraction_text

OURS, THEIRS, BOTH, CONFLICT = "ours", "theirs", "both", "conflict"
"""Whose value a field ends with. `conflict` leaves ours in place."""


@dataclass(frozen=True)
class Written:
    """One field when it was written: as it was, and as the carrier shows it."""

    was: Any
    shown: Any


@dataclass(frozen=True)
class Settled:
    """What a field ends as, and whose value that is."""

    value: Any
    verdict: str
    theirs: Any = None


def settle(name: str, written: Written, ours: Any, theirs: Any, grain: Fraction = Fraction(0)) -> Settled:
    """Merge one field. `grain` is the finest step in seconds in which the carrier keeps times.

    >>> settle("line", Written("Hold there!", "HOLD THERE!"), "Hold there!", "HOLD ON THERE!").value
    'Hold ON there!'
    """
    if name in SETS or name in TABLES:
        return _settle_items(written, ours, theirs, name in SETS)
    if _same(name, theirs, written.shown, grain):
        return Settled(ours, OURS)
    lifted = _lifted(name, written, theirs)
    if _same(name, lifted, ours, grain):
        return Settled(ours, BOTH, lifted)
    if _same(name, ours, written.was, Fraction(0)):
        return Settled(lifted, THEIRS, lifted)
    return Settled(ours, CONFLICT, lifted)


def _same(name: str, one: Any, other: Any, grain: Fraction) -> bool:
    if name in PLACES and one is not None and other is not None:
        return abs(Fraction(one) - Fraction(other)) <= grain
    return (one or None) == (other or None) or one == other or (name in COUNTED and counts_alike(one, other))


def counts_alike(one: Any, other: Any) -> bool:
    """Whether two codes are one number to a spreadsheet, which saves `001` as `1` and `3.10` as `3.1`."""
    if not all(isinstance(text, str) and _NUMERIC.fullmatch(text) for text in (one, other)):
        return False
    return Decimal(one) == Decimal(other)


_NUMERIC = re.compile(r"\d{1,15}(?:\.\d{1,15})?(?:E\+\d{1,2})?", re.ASCII)


def _lifted(name: str, written: Written, theirs: Any) -> Any:
    """Carry what changed between shown and came back over to the value as it was."""
    if written.was == written.shown or theirs is None or written.shown is None or written.was is None:
        return theirs
    if name in PLACES:
        return fraction_text(Fraction(written.was) + Fraction(theirs) - Fraction(written.shown))
    if all(isinstance(text, str) for text in (written.was, written.shown, theirs)):
        return _lifted_words(written.was, written.shown, theirs)
    return theirs


def _lifted_words(was: str, shown: str, theirs: str) -> str:
    """Keep our spelling of the words that came back as they were shown; only where words match one to one."""
    true, poor, back = was.split(), shown.split(), theirs.split()
    if len(true) != len(poor):
        return theirs
    words: list[str] = []
    for kind, first, last, start, end in SequenceMatcher(None, poor, back, autojunk=False).get_opcodes():
        words += true[first:last] if kind == "equal" else back[start:end]
    return " ".join(words)


# ------------------------------------------------------------------------------------------------ several things in one


def _settle_items(written: Written, ours: Any, theirs: Any, as_list: bool) -> Settled:
    """Merge a field of several things, each for itself; a conflict over one of them is a conflict of the field."""
    form: Callable[[Any], dict[str, Any]] = _by_key if as_list else dict
    was, shown, mine, their = (form(value or {}) for value in (written.was, written.shown, ours, theirs))
    result: dict[str, Any] = {}
    verdicts: set[str] = set()
    wanted = {**was, **mine, **{key: item for key, item in their.items() if key not in shown or shown[key] != item}}
    order = [*mine, *sorted(key for key in wanted if key not in mine)]
    for key in order:
        one = settle("", Written(was.get(key), shown.get(key)), mine.get(key), their.get(key))
        verdicts.add(one.verdict)
        if one.value is not None:
            result[key] = one.value
    verdict = next((verdict for verdict in (CONFLICT, THEIRS, BOTH) if verdict in verdicts), OURS)
    value = list(result.values()) if as_list else result
    return Settled(ours if _equal(value, ours, as_list) else value, verdict, theirs if verdict != OURS else None)


def _equal(value: Any, ours: Any, as_list: bool) -> bool:
    return bool(value == (ours or ([] if as_list else {})))


def _by_key(items: Any) -> dict[str, Any]:
    """Name each item of a list: a take by its file and number, anything else by what it is."""
    return {_key(item): item for item in items}


def _key(item: Any) -> str:
    if isinstance(item, dict):
        named = {name: item[name] for name in ("file", "take", "track", "channel") if item.get(name) is not None}
        return json.dumps(named or item, sort_keys=True, ensure_ascii=False)
    return str(item)
