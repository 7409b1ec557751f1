"""What the text of a marker says, and what is known of the show, the file and the track before it is read."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from postsync.cueing.reading.words import NOISES, ORDINARY_PREFIXES, REASON_WORDS
from postsync.model import CueRules, Dialect, Vocabulary

_NUMBERED_STRONGLY = re.compile(
    r"(?:ADR[ _-]?\w+|(?P<prefix>[A-Z]{1,4})\d{2,5}[A-Z]{0,2}|[A-Z]{0,4}\d{1,5}-[A-Z]+-\d+[A-Z]{0,2})"
)


@dataclass(frozen=True)
class Reading:
    """What a marker's text says. `form` names the shape by which it was read."""

    form: str
    number: str | None = None
    character: str | None = None
    line: str | None = None
    reasons: tuple[str, ...] = ()
    reason_note: str | None = None
    note: str | None = None
    details: str | None = None
    fields: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Signs:
    """What is known before a text is read.

    The show's rules, its cast (case folded), whether the text is surely a cue, the notation that the file is in, the track
    that the marker hangs on, the show's words for reasons, and whether the notation was guessed.
    """

    rules: CueRules
    cast: Collection[str] = ()
    trusted: bool = False
    dialect: Dialect = "plain"
    track: str | None = None
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    guessed: bool = False

    def reason(self, word: str, *, letters: bool = False) -> str | None:
        """Give the reason that a word stands for; single letters only where they are asked for and in capitals."""
        text = " ".join(word.split())
        known = self.vocabulary.reasons.find(text) if len(text) > 1 or (letters and text.isupper()) else None
        if known or text.casefold() in REASON_WORDS:
            return known or REASON_WORDS[text.casefold()]
        return "noise" if not letters and text and text.casefold().split()[0] in NOISES else None

    def says_more(self, word: str) -> bool:
        """Whether a word says more than its reason, as `off mic` does; codes, labels and letters of the table do not."""
        text = " ".join(word.split())
        return self.vocabulary.reasons.find(text) is None


def has_cue_word(text: str, rules: CueRules) -> bool:
    """Whether one of the show's words, such as ADR, stands in a text as a word (`ADR_104` and `ADR104` count)."""
    words = _any_of(rules.words)
    return bool(words and text) and re.search(rf"(?<![^\W_])(?:{words})(?![^\W\d_])", text, re.IGNORECASE) is not None


def without_cue_word(title: str, rules: CueRules) -> str:
    """Take a leading `ADR` off; `ADR 104` is a number and stays."""
    words = _any_of(rules.words)
    if not words:
        return title
    return re.sub(rf"^(?:{words})(?![^\W_])(?![ _-]?#?\s?\d)[\s:：,;_–—-]*", "", title, flags=re.IGNORECASE)


@lru_cache(maxsize=16)
def _any_of(words: tuple[str, ...]) -> str:
    return "|".join(re.escape(word) for word in words if word)


def is_strong_number(number: str, rules: CueRules) -> bool:
    """Whether a number cannot be anything else: the show's own pattern says so, or letters with two digits and more."""
    if rules.number_pattern != CueRules().number_pattern:
        return True
    match = _NUMBERED_STRONGLY.fullmatch(number)
    return match is not None and match["prefix"] not in ORDINARY_PREFIXES
