"""Sentences for people: nouns that go with their number, and templates filled from facts.

Whoever prints a number before a noun asks here, so that no sentence says `1 cues`. A template counts by itself: the field
`{clips:clip|clips}` reads `1 clip` or `3 clips`, and carries its verb where it has one: `{count:clip stays|clips stay}`.
"""

from __future__ import annotations

from collections.abc import Mapping
from string import Formatter
from typing import Any

UNNAMED = "a file without a name"
"""What media are called that nothing names."""


def counted(number: object, one: str, many: str | None = None) -> str:
    """Give a number with its noun; `many` only where the plural is not the noun with an s.

    >>> counted(1, "cue"), counted(0, "cue"), counted(3, "match", "matches")
    ('1 cue', '0 cues', '3 matches')
    """
    return f"{number} {one if str(number) == '1' else f'{one}s' if many is None else many}"


def fill(template: str, facts: Mapping[str, Any]) -> str:
    """Fill a template of words, counting where a field names two forms of its noun.

    >>> fill("{count:clip stays|clips stay} in {name}", {"count": 1, "name": "REEL1"})
    '1 clip stays in REEL1'
    """
    # str.format_map is an order of magnitude faster, and reports of a hundred thousand losses are written.
    return _COUNTING.vformat(template, (), facts) if "|" in template else template.format_map(facts)


class _Counting(Formatter):
    def format_field(self, value: Any, format_spec: str) -> str:
        one, either, many = format_spec.partition("|")
        return counted(value, one, many) if either else str(super().format_field(value, format_spec))


_COUNTING = _Counting()
