"""The `uid` of a cue: eight characters that stay with it for life.

Letters and digits that nobody confuses on paper or over a talkback: no I, L, O, 0 or 1. A uid is made from a hash of what
the cue was first read from, so reading the same file twice gives the same cues.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection

UID_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
UID_LENGTH = 8


def new_uid(seed: str, taken: Collection[str]) -> str:
    """Give the uid for a seed, or the next one that is not taken.

    >>> new_uid("reel 3, 01:00:10:00", ()) == new_uid("reel 3, 01:00:10:00", ())
    True
    """
    space = len(UID_LETTERS) ** UID_LENGTH
    digest = hashlib.sha256(seed.encode("utf-8", "surrogatepass")).digest()
    number = int.from_bytes(digest[:16], "big") % space
    while (uid := _uid_of(number)) in taken:
        number = (number + 1) % space
    return uid


def _uid_of(number: int) -> str:
    letters: list[str] = []
    for _ in range(UID_LENGTH):
        number, rest = divmod(number, len(UID_LETTERS))
        letters.append(UID_LETTERS[rest])
    return "".join(reversed(letters))


def is_uid(text: str) -> bool:
    """Whether the text is a uid as we make them.

    >>> is_uid("7KQ2M9XD"), is_uid("R106")
    (True, False)
    """
    return len(text) == UID_LENGTH and all(letter in UID_LETTERS for letter in text)
