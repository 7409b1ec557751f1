"""The prefix of each character in cue numbers: the one that the project gives, that its numbers show, or a derived one.

A derived prefix is the shortest beginning of the name that no other character has; it is a guess and reported as one.
"""

from __future__ import annotations

import dataclasses
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set
from itertools import count

from postsync.model import Character, Cue, NumberScheme


def with_prefixes(
    characters: Mapping[str, Character], cues: Iterable[Cue], scheme: NumberScheme
) -> tuple[dict[str, Character], dict[str, str]]:
    """Give every character that has cues a prefix; also those that were guessed, by id, with where each came from."""
    counts: dict[str, Counter[str]] = {}
    for cue in cues:
        if cue.character is not None and cue.character in characters:
            prefix = scheme.prefix_of(cue.number) if cue.number else None
            counts.setdefault(cue.character, Counter()).update([prefix] if prefix else [])
    result, guessed = dict(characters), dict[str, str]()
    taken = {one.prefix.casefold() for one in characters.values() if one.prefix}
    wanting = [character for character in sorted(counts) if not characters[character].prefix]
    for character in wanting:
        learned = [prefix for prefix, _ in counts[character].most_common(1) if prefix.casefold() not in taken]
        if learned:
            result[character] = dataclasses.replace(characters[character], prefix=learned[0])
            guessed[character] = "as its numbers have it"
            taken.add(learned[0].casefold())
    for character in wanting:
        if character not in guessed:
            prefix = derived_prefix(characters[character].name or character, taken)
            result[character] = dataclasses.replace(characters[character], prefix=prefix)
            guessed[character] = "from its name"
            taken.add(prefix.casefold())
    return result, guessed


def derived_prefix(name: str, taken: Set[str]) -> str:
    """Give the shortest prefix for a name that is not taken (case folded), in letters of the name's own script.

    >>> derived_prefix("ROBIN", set()), derived_prefix("RENA", {"r"}), derived_prefix("ELDER REN", {"e"})
    ('R', 'RE', 'ER')
    """
    return next(prefix for prefix in _candidates(name) if prefix.casefold() not in taken)


def _candidates(name: str) -> Iterator[str]:
    """Yield prefixes from the likeliest: first letter, initials, beginnings, first letter with a later one, any letters."""
    words = [_letters(word) for word in unicodedata.normalize("NFKC", name).split()]
    words = [word for word in words if word] or ["X"]
    whole, initials = "".join(words), "".join(word[0] for word in words)
    yield whole[0]
    if len(initials) > 1:
        yield initials[:3]
    yield from (whole[:length] for length in (2, 3))
    yield from (whole[0] + letter for letter in whole[1:])
    yield from (whole[:length] for length in (4, 5, 6))
    for number in count():
        yield whole[0] + _counted(number)


def _letters(word: str) -> str:
    return "".join(letter for letter in word if letter.isalpha()).upper()


def _counted(number: int) -> str:
    """Give A, B, …, Z, AA, …: letters, as a digit would run into the number."""
    text = ""
    while number >= 0:
        number, rest = divmod(number, 26)
        text, number = chr(ord("A") + rest) + text, number - 1
    return text
