"""What options a format offers, read off its own records, so that what is shown is what there is."""

from __future__ import annotations

import dataclasses
import inspect
import re
import typing
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from postsync.timing import Rate


@dataclass(frozen=True)
class OptionRow:
    """One option of a format, for people and programs: what it may be, and what it is where nobody says.

    >>> from postsync.formats import ReadOptions
    >>> options_of(ReadOptions)[0].name
    'rate'
    """

    name: str
    choices: tuple[str, ...]
    default: str | None

    def to_json(self) -> dict[str, Any]:
        """Give the row as plain values."""
        return {"name": self.name, "choices": list(self.choices), "default": self.default}


def options_of(record: type[Any]) -> tuple[OptionRow, ...]:
    """Give the options of a record in order; an option of free text or number has its kind as its only choice in capitals.

    >>> from postsync.formats import ReadOptions
    >>> [(row.name, row.choices) for row in options_of(ReadOptions)]
    [('rate', ('RATE',)), ('name', ('TEXT',))]
    """
    hints = typing.get_type_hints(record)
    return tuple(
        OptionRow(field.name, _choices(hints[field.name]), _shown(field.default))
        for field in dataclasses.fields(record)
    )


def words_of(record: type[Any]) -> str:
    """Give what a record says of its options: its docstring, each paragraph as one line.

    >>> from postsync.formats import ReadOptions
    >>> words_of(ReadOptions).splitlines()[0]
    'Options that every reader understands.'
    """
    paragraphs = re.split(r"\n\s*\n", re.split(r"\n\s*>>>", inspect.getdoc(record) or "")[0])
    return "\n".join(" ".join(one.split()) for one in paragraphs).strip()


_KIND_WORDS = {
    bool: ("yes", "no"),
    Rate: ("RATE",),
    int: ("NUMBER",),
    Fraction: ("NUMBER",),
    Path: ("FILE",),
    str: ("TEXT",),
}


def _choices(hint: Any) -> tuple[str, ...]:
    if typing.get_origin(hint) is typing.Literal:
        return tuple(str(choice) for choice in typing.get_args(hint))
    kinds = [kind for kind in typing.get_args(hint) if kind is not type(None)] or [hint]
    return tuple(word for kind in kinds for word in _KIND_WORDS.get(kind) or _deeper(kind))


def _deeper(kind: Any) -> tuple[str, ...]:
    return _choices(kind) if typing.get_origin(kind) is typing.Literal else ("TEXT",)


def _shown(default: Any) -> str | None:
    if default is None or default is dataclasses.MISSING or default == "":
        return None
    return {True: "yes", False: "no"}[default] if isinstance(default, bool) else str(default)
