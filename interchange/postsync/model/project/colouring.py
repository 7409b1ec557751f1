"""The colour of a cue's marker: by character or by status, as the show wishes.

Characters without a colour are given one of the palette, always the same for the same cast.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from postsync.model.colours import RESOLVE_COLOURS
from postsync.model.cues import Character, Cue

COLOURED_BY = ("character", "status")

STATUS_COLOURS = {
    "spotted": "red", "approved": "yellow", "recorded": "cyan", "selected": "sky", "cut": "green", "approved_final": "mint",
    "omitted": "cocoa", "lost": "purple", "replaced": "sand",
}  # fmt: skip


@dataclass(frozen=True)
class ColourRules:
    """How cues are coloured. `by` is None where the project does not say.

    `characters` and `statuses` are the colours that the project gives, by id or name and by status.

    >>> rules = ColourRules(by="character", characters={"ROSA": "rose"})
    >>> Project(colours=rules).colours.characters["ROSA"]
    'rose'
    """

    by: str | None = None
    characters: Mapping[str, str] = field(default_factory=dict, hash=False)
    statuses: Mapping[str, str] = field(default_factory=dict, hash=False)

    def colour_of(self, cue: Cue, characters: Mapping[str, Character]) -> str | None:
        """Give the colour of a cue.

        Where the project does not say by what, a cue keeps the colour that it has, and one without takes its character's.
        None only for a cue that has neither a colour nor anything to be coloured by.
        """
        if self.by == "status":
            return self.statuses.get(cue.status) or STATUS_COLOURS.get(cue.status) or cue.colour
        own = self._of_character(cue, characters)
        return own or cue.colour if self.by == "character" else cue.colour or own

    def _of_character(self, cue: Cue, characters: Mapping[str, Character]) -> str | None:
        if cue.character is None:
            return None
        stated = tuple(sorted((one.id, self._stated(one)) for one in characters.values()))
        assigned = assigned_colours(stated)
        return assigned[cue.character] if cue.character in assigned else self._by_word.get(cue.character.casefold())

    def _stated(self, one: Character) -> str:
        words = (word.casefold() for word in (one.id, one.name, *one.aliases))
        return next((self._by_word[word] for word in words if word in self._by_word), one.colour or "")

    @property
    def _by_word(self) -> dict[str, str]:
        return {word.casefold(): colour for word, colour in self.characters.items()}


@lru_cache(maxsize=64)
def assigned_colours(stated: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """Give every character a colour, from pairs of id and stated colour ("" where none), in order of id.

    Each starts at a place in the palette that its id decides and takes the next free colour, so a new name in the cast seldom
    changes the colours of others. Beyond sixteen characters, colours repeat.
    """
    colours = {character: colour for character, colour in stated if colour}
    used = set(colours.values())
    for character, colour in stated:
        if colour:
            continue
        first = hashlib.sha256(character.encode("utf-8", "surrogatepass")).digest()[0] % len(RESOLVE_COLOURS)
        turned = RESOLVE_COLOURS[first:] + RESOLVE_COLOURS[:first]
        colours[character] = next((free for free in turned if free not in used), turned[0])
        used.add(colours[character])
    return colours
