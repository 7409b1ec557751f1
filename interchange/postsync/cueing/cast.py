"""The characters of a timeline while cues are being read or merged: known ones are found by name, new ones added."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping

from postsync.model import Character


class Cast:
    """Characters by id, found by any of their names without case.

    >>> cast = Cast([Character("1", "Robin", aliases=("ROB",))])
    >>> cast.id_of("rob"), cast.id_of("MUCH")
    ('1', 'much')
    """

    def __init__(self, characters: Iterable[Character] = ()) -> None:
        self.by_id: dict[str, Character] = {}
        self._by_name: dict[str, str] = {}
        for one in characters:
            self._add(one)

    def _add(self, one: Character) -> None:
        self.by_id[one.id] = one
        for name in (one.id, one.name, *one.aliases):
            self._by_name.setdefault(name.casefold(), one.id)

    def folded_names(self) -> set[str]:
        """Every name and alias, case folded."""
        return {name.casefold() for one in self.by_id.values() for name in (one.name, *one.aliases)}

    def name(self, character: str | None) -> str | None:
        """Give the name for an id; the id itself where nobody has it."""
        return self.by_id[character].name if character in self.by_id else character

    def find(self, name: str) -> str | None:
        """Give the id of the character of that name, None where there is none."""
        return self._by_name.get(name.casefold())

    def id_of(self, name: str, actor: str | None = None, prefix: str | None = None) -> str:
        """Find a character by name, adding it where it is new; actor and prefix fill what is open."""
        known = self.find(name)
        one = self.by_id[known] if known is not None else Character(character_id(name, self.by_id), name)
        open_actor, open_prefix = actor and not one.actor, prefix and not one.prefix
        if open_actor or open_prefix:
            one = dataclasses.replace(one, actor=one.actor or actor, prefix=one.prefix or prefix)
        if known is None or open_actor or open_prefix:
            self._add(one)
        return one.id

    def add_as(self, character: str, name: str) -> None:
        """Add a character whose id is already known."""
        if character not in self.by_id:
            self._add(Character(character, name))


def character_id(name: str, taken: Mapping[str, Character]) -> str:
    """Make a short id of a name; letters of every script stay.

    >>> character_id("ELDER REN", {})
    'elder-ren'
    """
    slug = re.sub(r"[\W_]+", "-", name.casefold()).strip("-") or "character"
    wanted, count = slug, 2
    while wanted in taken:
        wanted, count = f"{slug}-{count}", count + 1
    return wanted
