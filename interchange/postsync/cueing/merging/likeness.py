"""How alike two texts are, when carriers have changed their case, their accents and their punctuation."""

from __future__ import annotations

import unicodedata
from collections import Counter
from functools import lru_cache

FINGERPRINT_LENGTH = 40
COMPARED = 400
"""Letters of a line that are compared."""


@lru_cache(maxsize=65536)
def folded(text: str) -> str:
    """Give the letters and digits of a text without case and accents; the text itself where it has none.

    >>> folded("“Où, là?!”") == folded("OU LA")
    True
    """
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    kept = "".join(letter for letter in decomposed if letter.isalnum())
    return kept or "".join(text.split())


def fingerprint(text: str | None) -> str:
    """Give the first letters of a folded text, by which a line is known again."""
    return folded(text or "")[:FINGERPRINT_LENGTH]


def likeness(one: str, other: str) -> float:
    """Give 0 for nothing in common to 1 for the same, by the pairs of letters that two texts share (Dice's measure)."""
    one, other = folded(one)[:COMPARED], folded(other)[:COMPARED]
    if one == other:
        return 1.0
    pairs, others = _pairs(one), _pairs(other)
    total = sum(pairs.values()) + sum(others.values())
    return 2 * sum((pairs & others).values()) / total if total else 0.0


def _pairs(text: str) -> Counter[str]:
    return Counter(text[place : place + 2] for place in range(len(text) - 1))


def number_key(number: str | None) -> str:
    """Give a cue number for comparing: without case, spaces and the leading zeros that spreadsheets take off.

    >>> number_key("ADR 007") == number_key("adr7")
    True
    """
    kept = "".join(letter for letter in (number or "").casefold() if letter.isalnum() or letter in "-.")
    head = kept.rstrip("0123456789")
    digits = kept[len(head) :]
    return head + (digits.lstrip("0") or "0") if digits else kept
