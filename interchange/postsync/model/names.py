"""Names as people sort and file them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

_RUNS = re.compile(r"(\d+)")
_UNFIT = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')
_RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}


def natural_key(text: str) -> tuple[tuple[int, int, str], ...]:
    """Sort key by which 2 comes before 10 and R106 before R106A before R107."""
    parts = _RUNS.split(text.casefold())
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts if part)


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
    """Give the name, or the name with the first free ` 2`, ` 3`, …; compared without regard to case."""
    folded = {name.casefold() for name in taken}
    if wanted.casefold() not in folded:
        return wanted
    number = 2
    while f"{wanted} {number}".casefold() in folded:
        number += 1
    return f"{wanted} {number}"
