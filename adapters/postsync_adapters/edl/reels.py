"""Reels as a dialect takes them: cut to its width, unlike each other, and reversible.

Media Composer's way for CMX 3600: capitals, blanks to underscores, eight characters. Where two sources would get one reel the
last characters count; what was there before is written as Final Cut Pro 7 does, `FINAL CUT PRO REEL: x REPLACED BY: y`.
"""

from __future__ import annotations

from postsync.cueing import to_ascii
from postsync_adapters.edl.tables import GENERATOR_REELS, LAYOUTS, NO_REELS


class ReelTable:
    """The reels of one list: each name gets one reel, and each reel stands for one name.

    >>> table = ReelTable("cmx3600")
    >>> table.reel("TC R1 V6 TEMP2 M DX"), table.reel("TC R1 V6 TEMP2 ST FX")
    ('TC_R1_V6', 'TC_R1_V2')
    """

    def __init__(self, dialect: str, width: int = 0) -> None:
        """`width`: of the reels in the list that is written again, where its columns were wider than its dialect's."""
        self.originals: dict[str, str] = {}
        self._width = max(LAYOUTS[dialect].reel, width)
        self._capitals = self._width == LAYOUTS["cmx3600"].reel
        self._reels: dict[str, str] = {}
        self._counted: dict[tuple[str, int], int] = {}
        self._digits: dict[str, int] = {}

    def reel(self, name: str) -> str:
        """Give the reel of a name, the same each time."""
        known = self._reels.get(name)
        if known is not None:
            return known
        wanted = self._fitting(name)
        reel = wanted if self._free(wanted, name) else self._numbered(wanted, name)
        self.originals[reel] = name
        self._reels[name] = reel
        return reel

    def take(self, reel: str, name: str) -> None:
        """Keep a reel for a name, where a list had it so."""
        self.originals.setdefault(reel, name)
        self._reels.setdefault(name, reel)

    def _free(self, reel: str, name: str) -> bool:
        return reel not in self.originals and (reel.upper() not in _SPECIAL or reel == name.upper())

    def _numbered(self, wanted: str, name: str) -> str:
        """Put the first free number in place of the last characters; numbers are counted on for each beginning."""
        for digits in range(self._digits.get(wanted, 1), self._width + 1):
            head, end = wanted[: self._width - digits], 10**digits
            number = self._counted.get((head, digits)) or max(2, end // 10)
            while number < end and not self._free(f"{head}{number}", name):
                number += 1
            self._counted[head, digits] = number + 1
            if number < end:
                self._digits[wanted] = digits
                return f"{head}{number}"
        return wanted

    def _fitting(self, name: str) -> str:
        plain = "_".join((name if name.isascii() else to_ascii(name).replace("?", "_")).split())
        return ((plain.upper() if self._capitals else plain)[: self._width]) or "AX"


_SPECIAL = {*GENERATOR_REELS, *NO_REELS} - {"001"}
