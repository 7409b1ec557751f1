"""Names as people sort and file them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

_RUNS = re.compile(r"\d+|[^\W\d_]+|[\W_]+")
_AFTER_LETTERS = "\U0010ffff"
_UNFIT = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')
_RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}


def natural_key(text: str) -> tuple[tuple[tuple[int, int, str], ...], str]:
    """Give the sort key by which people count: 2 before 10, and R106 before R106A before R107.

    Digits of every script count as digits, width and case do not matter; equal keys fall back on the text, so the order is
    total. Letters that end a number are a suffix, and those that were put in later come first: R106, R106AA, R106A, R106BA.

    >>> sorted(["R107", "R106A", "R106", "R20"], key=natural_key)
    ['R20', 'R106', 'R106A', 'R107']
    """
    runs = _RUNS.findall(unicodedata.normalize("NFKC", text).casefold())
    parts = [_digits_key(run) if run[0].isdecimal() else (1, 0, run) for run in runs]
    if len(runs) > 1 and runs[-1].isalpha() and runs[-2][0].isdecimal():
        parts[-1] = (1, 0, runs[-1] + _AFTER_LETTERS)
    return tuple(parts), text


def _digits_key(digits: str) -> tuple[int, int, str]:
    """Order digits by length, then by value; a run of any length is never made a number, which Python limits."""
    plain = "".join(str(unicodedata.decimal(digit)) for digit in digits).lstrip("0")
    return 0, len(plain), plain


def file_name(text: str, *, default: str = "untitled", longest: int = 120) -> str:
    """Make a name that macOS, Windows and Linux all take as a file's; letters of every script stay.

    >>> file_name('R1/v2: "lock"')
    'R1 v2 lock'
    """
    cleaned = " ".join(_UNFIT.sub(" ", unicodedata.normalize("NFC", text)).split()).strip(" .")
    while len(cleaned.encode()) > longest:
        cleaned = cleaned[:-1].rstrip(" .")
    if cleaned.split(".")[0].casefold() in _RESERVED:
        cleaned = f"_{cleaned}"
    return cleaned or default


def unique_name(wanted: str, taken: Collection[str]) -> str:
    """Give the name, or the name with the first free ` 2`, ` 3`, …; compared without regard to case.

    >>> unique_name("ADR Rosa", {"adr rosa", "ADR Rosa 2"})
    'ADR Rosa 3'
    """
    folded = {name.casefold() for name in taken}
    if wanted.casefold() not in folded:
        return wanted
    number = 2
    while f"{wanted} {number}".casefold() in folded:
        number += 1
    return f"{wanted} {number}"
