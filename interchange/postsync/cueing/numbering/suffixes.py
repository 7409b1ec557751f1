"""Suffix letters of cues that were put in after numbers were frozen: `R106A`, `R106B`, and `R106AA` before `R106A`.

The order is that of `natural_key`: a number comes before all its suffixes, and letters that were put in later come before the
letter that they begin with: 106, 106AA, 106AB, 106A, 106BA, 106B. So there is room everywhere and no neighbour moves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product

from postsync.model.project import LONGEST_SUFFIX

_AFTER_LETTERS = 1_000_000


def suffix_key(suffix: str, letters: str) -> tuple[int, ...]:
    """Give the sort key of a suffix; none at all comes first.

    >>> sorted(["B", "A", "AA", "", "BA"], key=lambda suffix: suffix_key(suffix, "ABC"))
    ['', 'AA', 'A', 'BA', 'B']
    """
    return (*map(letters.index, suffix), _AFTER_LETTERS) if suffix else ()


def free_suffixes(
    count: int, after: str, before: str | None, letters: str, is_taken: Callable[[str], bool]
) -> list[str] | None:
    """Give `count` free suffixes in order that lie between two of the same number, the shortest that there is room for.

    `before` is None where the next number is another one. None where there is no room, or where so many cues came in that
    letters would say nothing to anybody.

    >>> free_suffixes(2, "", None, "ABCDEFGH", is_taken=lambda suffix: suffix == "B")
    ['A', 'C']
    """
    if count > len(letters) ** 2:
        return None
    low = suffix_key(after, letters)
    high = None if before is None else suffix_key(before, letters)
    for length in range(1, LONGEST_SUFFIX + 1):
        found: list[str] = []
        for suffix in _of_length(length, after, letters):
            key = suffix_key(suffix, letters)
            if high is not None and key >= high:
                break
            if key > low and not is_taken(suffix):
                found.append(suffix)
            if len(found) == count:
                return found
    return None


def _of_length(length: int, after: str, letters: str) -> Iterator[str]:
    """Yield the suffixes of a length in order, from the first letter of the one before."""
    first = letters[letters.index(after[0]) :] if after else letters
    for head in first:
        yield from (head + "".join(rest) for rest in product(letters, repeat=length - 1))
