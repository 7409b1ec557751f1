"""The words of a show: codes, their labels for people, and the letters that stand for them in sheets.

All lists are open. A house renames codes, gives them letters of its own and adds codes, in `[codes.…]` of the project file; a
value that no table knows is kept as it was written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from postsync.errors import FormatError
from postsync.model.cues import FLAGS, KINDS, REASONS, STATUSES, USES


@dataclass(frozen=True)
class Code:
    """One value: the code that we store, the label that people read, the letters in sheets, the usual ones first.

    >>> reason = Code("noise", "Noise", letters=("N",))
    >>> CodeTable((reason,)).find("N")
    'noise'
    """

    code: str
    label: str
    letters: tuple[str, ...] = ()


@dataclass(frozen=True)
class CodeTable:
    """One vocabulary. Finding is blind to case, spaces and underscores.

    >>> table = CodeTable((Code("noise", "Noise", ("N",)), Code("dialogue-change", "Dialogue change", ("D",))))
    >>> table.find("Dialogue Change"), table.find("n"), table.find("weather")
    ('dialogue-change', 'noise', None)
    """

    codes: tuple[Code, ...]

    @cached_property
    def by_code(self) -> dict[str, Code]:
        """The codes by themselves."""
        return {code.code: code for code in self.codes}

    @cached_property
    def _by_word(self) -> dict[str, str]:
        words = {folded(code.code): code.code for code in self.codes}
        for code in self.codes:
            for word in (*code.letters, code.label):
                words.setdefault(folded(word), code.code)
        return words

    def find(self, text: str) -> str | None:
        """Give the code that a code, label or letters stand for; None where the table has no such word."""
        return self._by_word.get(folded(text))

    def label(self, code: str) -> str:
        """Give what people read for a code; an unknown one reads as written."""
        known = self.by_code.get(code)
        return known.label if known else code.replace("_", " ")

    def letters(self, code: str) -> str | None:
        """Give the usual letters of a code in sheets; None where it has none."""
        known = self.by_code.get(code)
        return known.letters[0] if known and known.letters else None

    def __contains__(self, code: object) -> bool:
        return code in self.by_code

    def with_codes(self, stated: Iterable[Code]) -> CodeTable:
        """Give the table with a house's own codes; letters that it gives to another code leave the one that had them.

        A code without label or letters keeps those that it had.
        FormatError where the house gives the same letters to two codes.
        """
        own: dict[str, str] = {}
        for code in (stated := tuple(stated)):
            for letters in code.letters:
                other = own.setdefault(folded(letters), code.code)
                if other != code.code:
                    raise FormatError(
                        f"the letters {letters!r} stand for {other} and for {code.code}",
                        remedy="give each code letters of its own",
                    )
        merged = {
            code.code: Code(code.code, code.label, tuple(one for one in code.letters if folded(one) not in own))
            for code in self.codes
        }
        for code in stated:
            was = merged.get(code.code)
            kept = was.letters if was and not code.letters else ()
            label = code.label or (was.label if was else code.code.replace("_", " "))
            merged[code.code] = Code(code.code, label, code.letters or kept)
        return CodeTable(tuple(merged.values()))


def folded(word: str) -> str:
    """Give a word without regard to case, width, spaces and underscores."""
    return " ".join(re.sub(r"[\s_-]+", " ", unicodedata.normalize("NFKC", word)).casefold().split())


_REASON_LETTERS = {
    "noise": ("N", "NOI"), "technical": ("T", "TECH", "OM"), "performance": ("P", "PERF"), "clarity": ("C", "U", "CLR"),
    "added": ("A", "ADD"), "changed": ("S", "CH", "W"), "continuity": ("X", "ED", "OL"), "perspective": ("PV",),
    "tv": ("TV", "AIR"), "foreign": ("M", "M&E"), "temp": ("TMP",), "split": ("FILL",),
}  # fmt: skip
_KIND_LETTERS = {
    "effort": ("EFF",),
    "group": ("GRP", "WALLA"),
    "futz": ("FTZ",),
    "voice_over": ("VO", "V.O."),
    "breath": ("BR",),
}
_FLAG_LETTERS = {"optional": ("OPT",), "to_be_written": ("TBW",), "ad_lib": ("ADLIB",)}
_USE_LETTERS = {"tv": ("TV",), "airline": ("AIR",), "foreign": ("M&E",), "trailer": ("TRL",), "theatrical": ("TH",)}


def _table(
    codes: Iterable[str], letters: Mapping[str, tuple[str, ...]], labels: Mapping[str, str] | None = None
) -> CodeTable:
    return CodeTable(
        tuple(Code(code, (labels or {}).get(code, code.replace("_", " ")), letters.get(code, ())) for code in codes)
    )


@dataclass(frozen=True)
class Vocabulary:
    """The five vocabularies of a show, with its code tables applied.

    >>> Vocabulary().reason("NOI"), Vocabulary().reason("AR4")
    ('noise', 'AR4')
    """

    reasons: CodeTable = field(default_factory=lambda: _table(REASONS, _REASON_LETTERS, REASONS))
    kinds: CodeTable = field(default_factory=lambda: _table(KINDS, _KIND_LETTERS))
    flags: CodeTable = field(default_factory=lambda: _table(FLAGS, _FLAG_LETTERS))
    uses: CodeTable = field(default_factory=lambda: _table(USES, _USE_LETTERS))
    statuses: CodeTable = field(default_factory=lambda: _table(STATUSES, {}))

    def reason(self, text: str) -> str:
        """Give the code of a reason as people write it; an unknown one is kept verbatim."""
        return self.reasons.find(text) or text

    def kind(self, text: str) -> str:
        """Give the code of a kind."""
        return self.kinds.find(text) or text

    def flag(self, text: str) -> str:
        """Give the code of a flag."""
        return self.flags.find(text) or text

    def use(self, text: str) -> str:
        """Give the code of a use."""
        return self.uses.find(text) or text

    def status(self, text: str) -> str:
        """Give the code of a status."""
        return self.statuses.find(text) or text
