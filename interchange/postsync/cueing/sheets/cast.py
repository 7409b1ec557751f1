"""The characters of a sheet: names to ids, with the actors, and what a changed name beside an old id means."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable

from postsync.cueing.cast import character_id
from postsync.cueing.sheets.headings import Heading
from postsync.cueing.sheets.rows import CueCells
from postsync.model import Character


class SheetCast:
    """Finds the character of each row, by the id column where it agrees with the name, else by the name."""

    def __init__(self, heading: Heading, cells: Iterable[CueCells]) -> None:
        self.characters: dict[str, Character] = {}
        self._by_name: dict[str, str] = {}
        self._named = "character" in heading.names
        self._names = _usual_names(cells) if "character_id" in heading.names else {}

    def character(self, cells: CueCells) -> str | None:
        """Give the id of a row's character, None where it has none."""
        name, stated = cells.named("character") or cells.section_character, cells.named("character_id")
        if not name and (self._named or not stated):
            return None
        if stated and (not name or self._names.get(stated, "").casefold() == name.casefold()):
            known = self.characters.get(stated) or Character(stated, name or stated)
            self._by_name.setdefault(known.name.casefold(), stated)
        else:
            known = self._named_as(name)
        actor = known.actor or cells.named("actor") or None
        self.characters[known.id] = known if actor == known.actor else dataclasses.replace(known, actor=actor)
        return known.id

    def _named_as(self, name: str) -> Character:
        """Find a character by name, or make one; ids that the sheet states elsewhere are not given away."""
        folded = name.casefold()
        made = self._by_name.get(folded)
        if made is None:
            made = next((one for one, usual in self._names.items() if usual.casefold() == folded), None)
            made = made or character_id(name, {**self.characters, **dict.fromkeys(self._names, Character("", ""))})
            self._by_name[folded] = made
        return self.characters.get(made) or Character(made, name)


def _usual_names(cells: Iterable[CueCells]) -> dict[str, str]:
    """Give the name that stands most often beside each id: a character renamed in every row keeps its id."""
    counts: dict[str, Counter[str]] = {}
    for one in cells:
        stated, name = one.named("character_id"), one.named("character")
        if stated and name:
            counts.setdefault(stated, Counter())[name] += 1
    return {stated: names.most_common(1)[0][0] for stated, names in counts.items()}
