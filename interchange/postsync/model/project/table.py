"""Reading a table of a TOML file key by key, so that every mistake is named with its file and its key."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from postsync.errors import FormatError


@dataclass(frozen=True)
class Table:
    """A table with the place where it stands: `numbers`, `codes.reasons`, `reels 2`."""

    data: dict[str, Any]
    path: Path
    place: str = ""

    def only(self, known: Collection[str]) -> Table:
        """Refuse keys that nobody reads, by name, with the nearest that is meant; a misspelt one would do nothing."""
        for key in self.data:
            if key not in known:
                remedy = _nearest(key, known)
                self.fail(key, expected=f"one of {', '.join(sorted(known))}", found=f"key {key!r}", remedy=remedy)
        return self

    def at(self, key: str) -> str:
        """Give the place of a key."""
        between = " " if self.place[-1:].isdecimal() else "."
        return f"{self.place}{between}{key}" if self.place else key

    def fail(self, key: str | None, *, expected: str, found: object, remedy: str | None = None) -> NoReturn:
        """Raise FormatError for a key, or for the table itself."""
        place = self.place if key is None else self.at(key)
        raise FormatError(path=self.path, place=place or None, expected=expected, found=str(found), remedy=remedy)

    def __contains__(self, key: object) -> bool:
        return key in self.data

    def text(self, key: str) -> str | None:
        """Give a text, None where the key is missing; whole numbers count as text (`episode = 104`)."""
        value = self.data.get(key)
        if value is not None and (isinstance(value, bool) or not isinstance(value, (str, int))):
            self.fail(key, expected="text", found=repr(value))
        return None if value is None else str(value)

    def needed_text(self, key: str) -> str:
        """Give a text that must be there and must not be empty."""
        value = self.text(key)
        if value is None or not value.strip():
            self.fail(key, expected="text that is not empty", found="nothing" if value is None else repr(value))
        return value

    def whole(self, key: str, default: int, *, least: int) -> int:
        """Give a whole number from `least` on."""
        value = self.data.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            self.fail(key, expected=f"a whole number from {least} on", found=repr(value))
        return value

    def truth(self, key: str) -> bool:
        """Give true or false; false where the key is missing."""
        value = self.data.get(key, False)
        if not isinstance(value, bool):
            self.fail(key, expected="true or false", found=repr(value))
        return value

    def texts(self, key: str, default: Iterable[str] = ()) -> tuple[str, ...]:
        """Give a list of texts; one text alone counts as a list of one."""
        value = self.data.get(key, list(default))
        items = [value] if isinstance(value, str) else value
        if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
            self.fail(key, expected="a list of texts", found=repr(value))
        return tuple(items)

    def choice(self, key: str, choices: Collection[str], default: str | None = None) -> str | None:
        """Give one of some words."""
        value = self.text(key)
        if value is not None and value not in choices:
            self.fail(key, expected=_either(choices), found=repr(value), remedy=_nearest(value, choices))
        return default if value is None else value

    def table(self, key: str) -> Table:
        """Give a table inside this one, an empty one where the key is missing."""
        value = self.data.get(key, {})
        if not isinstance(value, dict):
            self.fail(key, expected=f"a table [{self.at(key)}]", found=repr(value))
        return Table(value, self.path, self.at(key))

    def tables(self, key: str) -> list[Table]:
        """Give the tables of a list `[[key]]`, placed `key 1`, `key 2`, …"""
        value = self.data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.fail(key, expected=f"a list of tables [[{self.at(key)}]]", found=repr(value))
        return [Table(item, self.path, f"{self.at(key)} {number}") for number, item in enumerate(value, start=1)]


def _nearest(word: str, known: Iterable[str]) -> str | None:
    found = difflib.get_close_matches(word.casefold(), list(known), n=1, cutoff=0.6)
    return f"did you mean {found[0]!r}?" if found else None


def _either(choices: Collection[str]) -> str:
    *first, last = choices
    return f"{', '.join(first)} or {last}" if first else last
