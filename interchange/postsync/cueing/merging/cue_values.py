"""The fields of a cue as plain values that can be compared, written down and merged, one by one.

Times are exact seconds from 00:00:00:00 as text, so that two lists with different starts compare; the character is the name
that people read, since ids differ from list to list.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from postsync.cueing.cast import Cast
from postsync.model import Cue, TimelineFacts, from_json, to_json
from postsync.timing import format_timecode, fraction_text, frame_at, seconds_of_frame

PLACES = ("in", "out")
"""The two times of a cue; each stands for a whole frame and the exact time beside it."""

_OWN = (
    "uid", "record_in", "record_out", "precise_in", "precise_out", "character", "history", "derived_from", "reconform",
)  # fmt: skip
"""Record fields that are not values to merge: identity, what `PLACES` and the cast stand for, and what only we keep."""

VALUE_NAMES = (*PLACES, "character", *(one.name for one in dataclasses.fields(Cue) if one.name not in _OWN))
"""Every field that is compared, in the order in which people read them."""

_RECORD_NAMES = tuple(name for name in VALUE_NAMES if name not in ("in", "out", "character"))

EVERY_FIELD = frozenset(VALUE_NAMES)
"""The fields of a cue that a merge compares.

>>> "line" in EVERY_FIELD, "uid" in EVERY_FIELD
(True, False)
"""

SETS = ("reasons", "uses", "flags", "former_numbers", "alternates", "sync_points", "takes", "placements")
"""Fields that hold several things, each of which is added and taken away for itself."""

TABLES = ("translations", "extra")
"""Fields that hold values by name."""

COUNTED = ("number", "episode", "reel", "scene", "shot", "picture_version", "group")
"""Fields that hold codes, which spreadsheets take for numbers."""

USUAL: dict[str, Any] = {
    "in": None,
    "out": None,
    "character": None,
    **{
        name: to_json(getattr(Cue(uid="", record_in=0), name))
        for name in VALUE_NAMES
        if name not in ("in", "out", "character")
    },
}
"""What each field is where nobody said anything."""


def cue_values(cue: Cue, facts: TimelineFacts, cast: Cast) -> dict[str, Any]:
    """Give every field of a cue as a plain value."""
    zero = seconds_of_frame(facts.start_frame, facts.rate)
    end = cue.seconds_out(facts)
    values = {name: to_json(getattr(cue, name)) for name in _RECORD_NAMES}
    return {
        "in": fraction_text(zero + cue.seconds_in(facts)),
        "out": None if end is None else fraction_text(zero + end),
        "character": cast.name(cue.character),
        **values,
    }


def with_values(cue: Cue, values: Mapping[str, Any], facts: TimelineFacts, cast: Cast) -> Cue:
    """Give a cue with some of its fields replaced by plain values; the cast learns a new name."""
    fields: dict[str, Any] = {name: value for name, value in values.items() if name not in ("in", "out", "character")}
    record = from_json(Cue, {**{name: to_json(getattr(cue, name)) for name in fields}, **_base(cue), **fields})
    changed: dict[str, Any] = {name: getattr(record, name) for name in fields}
    if "character" in values:
        changed["character"] = cast.id_of(values["character"]) if values["character"] else None
    for place in PLACES:
        if place in values:
            changed |= _place(place, values[place], facts)
    return dataclasses.replace(cue, **changed)


def _base(cue: Cue) -> dict[str, Any]:
    return {"uid": cue.uid, "record_in": cue.record_in}


def _place(name: str, value: str | None, facts: TimelineFacts) -> dict[str, Any]:
    """Give frame and exact time of a place: the frame that holds it, the remainder kept."""
    if value is None:
        return {f"record_{name}": None, f"precise_{name}": None}
    seconds = Fraction(value) - seconds_of_frame(facts.start_frame, facts.rate)
    frame = frame_at(seconds, facts.rate)
    exact = None if seconds == seconds_of_frame(frame, facts.rate) else seconds
    return {f"record_{name}": frame, f"precise_{name}": exact}


def told(name: str, value: Any, facts: TimelineFacts, nothing: str = "nothing") -> str:
    """Give a value as people read it, in 60 letters: a place as its timecode and what it lies behind that frame.

    >>> from postsync.model import TimelineFacts
    >>> clock = TimelineFacts(timing.as_rate(24), 86400)
    >>> told("in", "86401/24", clock), told("out", "86403/24", clock), told("line", None, clock)
    ('01:00:00:01', '01:00:00:03', 'nothing')
    """
    if value in (None, "", [], {}):
        return nothing
    text = _clock(value, facts) if name in PLACES else _words(value)
    return text if len(text) <= LONGEST_TOLD else text[: LONGEST_TOLD - 1] + "…"


LONGEST_TOLD = 60


def _words(value: Any) -> str:
    parts = value if isinstance(value, (list, tuple)) else [value]
    return " ".join(", ".join(map(str, parts)).split())


def _clock(value: Any, facts: TimelineFacts) -> str:
    try:
        seconds = Fraction(value)
    except (TypeError, ValueError, ZeroDivisionError):
        return _words(value)  # a history may hold what another program wrote
    frame = frame_at(seconds, facts.rate)
    label = format_timecode(frame, facts.rate)
    rest = round(float(seconds - seconds_of_frame(frame, facts.rate)) * 1000, 1)
    return f"{label} + {rest} ms" if rest else label


def is_usual(name: str, value: Any) -> bool:
    """Whether a field says nothing."""
    return value in (None, "", [], {}) or value == USUAL[name]
