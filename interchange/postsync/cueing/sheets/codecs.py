"""How the fields of a cue become the text of a cell, and back: one row for each manner of writing.

Readers raise ValueError where a cell is not what the field holds; the cell is then kept beside the cue under its header.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from postsync.cueing.sheets.texts import (
    exact_text,
    join_list,
    parse_exact,
    parse_sync_points,
    split_lines,
    split_list,
    sync_points_text,
)
from postsync.cueing.sheets.words import NOTHING, WordReader, shown_word, shown_words


@dataclass(frozen=True)
class Codec:
    """`show(field, value)` gives the text of a filled field, `read(field, text, words)` the value of a filled cell."""

    show: Callable[[str, Any], str]
    read: Callable[[str, str, WordReader], Any]


def _priority(text: str) -> int:
    if not re.fullmatch(r"[1-9]\d{0,8}", text):
        raise ValueError(text)
    return int(text)


CODECS: dict[str, Codec] = {
    "text": Codec(lambda field, value: value, lambda field, text, words: text),
    "colour": Codec(lambda field, value: value, lambda field, text, words: text.casefold()),
    "code": Codec(shown_word, lambda field, text, words: words.code(field, text)),
    "codes": Codec(shown_words, lambda field, text, words: words.codes(field, text)),
    "uses": Codec(
        lambda field, value: shown_words(field, value) if value else NOTHING,
        lambda field, text, words: () if text.casefold() == NOTHING else words.codes(field, text),
    ),
    "priority": Codec(lambda field, value: str(value), lambda field, text, words: _priority(text)),
    "list": Codec(lambda field, value: join_list(value), lambda field, text, words: tuple(split_list(text))),
    "lines": Codec(
        lambda field, value: join_list(value, "\n", "\n"), lambda field, text, words: tuple(split_lines(text))
    ),
    "exact": Codec(lambda field, value: exact_text(value), lambda field, text, words: parse_exact(text)),
    "sync_points": Codec(
        lambda field, value: sync_points_text(value), lambda field, text, words: parse_sync_points(text)
    ),
}
