"""Who may speak: words that are a character, told from notes to the crew."""

from __future__ import annotations

import re

from postsync.cueing.reading.signs import Signs
from postsync.cueing.reading.words import CREW_WORDS, NAME_JOINTS, ORDINARY_WORDS

_NAME = re.compile(r"[^\W\d_][\w '’.\-/#&()]{0,38}")


def may_speak(who: str, signs: Signs, strong: bool) -> bool:
    """Whether words before a colon are a character; behind a number that is surely one, or in a sure cue, with less proof."""
    return (
        ((strong or signs.trusted) and is_unshown(who))
        or is_name(who, signs)
        or ((strong or signs.trusted) and looks_capitalised(who))
    )


def is_name(text: str, signs: Signs) -> bool:
    """Whether a text is a character: one of the cast, or a few words in capitals that no crew note is made of."""
    if text.casefold() in signs.cast:
        return True
    words = text.split()
    if not _NAME.fullmatch(text) or len(words) > 4 or text != text.upper() or len(re.findall(r"[^\W\d_]", text)) < 2:
        return False
    return signs.trusted or not any(
        word.strip(".()#").casefold() in ORDINARY_WORDS for word in re.split(r"[\s/\-]+", text)
    )


def looks_capitalised(text: str) -> bool:
    """Whether a text is up to three words with capitals, and those between them that join a name: `Guest at Court`."""
    words = text.split()
    names = [word for word in words if word not in NAME_JOINTS]
    small = any(word[0].islower() for word in (*words[:1], *names, *words[-1:]))
    return bool(_NAME.fullmatch(text)) and len(words) <= 5 and len(names) <= 3 and not small


def is_unshown(text: str) -> bool:
    """Whether a text is letters that a carrier could not show, each a question mark."""
    return set(text) == {"?"}


def is_for_crew(text: str) -> bool:
    """Whether a word of notes to the crew stands in a text."""
    return any(word in CREW_WORDS for word in re.split(r"[\W_]+", text.casefold()))
