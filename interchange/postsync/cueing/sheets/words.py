"""Words of the vocabularies as sheets write them: ours, those of other programs, and letters.

The lists are open. A word that means one of ours is read as that, a word that nobody knows stays as it is written; both are
reported once for each word, so that a sheet of a thousand lines says it in one.
"""

from __future__ import annotations

from collections.abc import Iterable

from postsync.cueing.reading.words import REASON_WORDS
from postsync.cueing.sheets.texts import join_list, split_list
from postsync.model import CodeTable, Vocabulary
from postsync.model.cues import FLAGS, KINDS, REASONS, SCREENS, STATUSES, USES
from postsync.report import Report

CODES: dict[str, tuple[str, ...]] = {
    "kind": KINDS, "reasons": tuple(REASONS), "uses": USES, "flags": FLAGS, "screen": SCREENS, "status": STATUSES,
}  # fmt: skip

SPELLINGS: dict[str, dict[str, str]] = {
    "kind": {
        "dialogue": "line", "dialog": "line", "adr": "line", "eff": "effort", "efforts": "effort", "breaths": "breath",
        "react": "reaction", "reactions": "reaction", "walla": "group", "loop group": "group", "crowd": "group",
        "vo": "voice_over", "v.o.": "voice_over", "voiceover": "voice_over", "narration": "voice_over", "wild line": "wild",
        "phone": "futz", "radio": "futz", "pa": "futz", "singing": "song",
    },
    "reasons": REASON_WORDS,
    "uses": {"theatre": "theatrical", "theater": "theatrical", "cinema": "theatrical", "tv cover": "tv", "air": "airline"},
    "flags": {
        "opt": "optional", "tbw": "to_be_written", "adlib": "ad_lib", "ad-lib": "ad_lib", "must have": "must",
        "on hold": "hold",
    },
    "screen": {
        "on screen": "on", "onscreen": "on", "os": "off", "o.s.": "off", "off screen": "off", "offscreen": "off",
        "on/off": "on_off", "off/on": "off_on",
    },
    "status": {
        "not recorded": "spotted", "open": "spotted", "todo": "spotted", "false": "spotted", "no": "spotted",
        "in progress": "approved", "needs review": "recorded", "done": "recorded", "shot": "recorded", "true": "recorded",
        "yes": "recorded", "x": "recorded", "✓": "recorded", "omit": "omitted", "cut in": "cut", "final": "approved_final",
    },
}  # fmt: skip
"""Words of other programs by the field that they stand in, folded; what the reader makes of them is in the report."""

NOTHING = "none"
"""Stands for an empty list where an empty cell means the usual value."""

UNTRUE = {"", "no", "n", "false", "0", "-", "–", "none"}
"""Cells of a yes-or-no column that say no."""


def shown_word(field: str, code: str) -> str:
    """Give a code as people read it; a word that is no code of ours as it is."""
    return code.replace("_", " ") if code in CODES[field] else code


def shown_words(field: str, codes: Iterable[str]) -> str:
    """Give a list of codes in one cell."""
    return join_list(shown_word(field, code) for code in codes)


class WordReader:
    """Reads words of one sheet by the show's vocabulary, and remembers which it had to guess or keep."""

    def __init__(self, report: Report, vocabulary: Vocabulary | None = None) -> None:
        self._report = report
        self._tables = _tables(vocabulary or Vocabulary())
        self._known: dict[tuple[str, str], str] = {}

    def code(self, field: str, text: str) -> str:
        """Give the code that a word stands for, or the word itself."""
        known = self._known.get((field, text))
        if known is None:
            known = self._known[field, text] = self._read(field, text.strip())
        return known

    def codes(self, field: str, text: str) -> tuple[str, ...]:
        """Give the codes of a list; `N/P` is two where both are known."""
        found: list[str] = []
        for item in split_list(text):
            parts = [part.strip() for part in item.split("/")]
            several = (
                len(parts) > 1 and not self._meaning(field, item) and all(self._meaning(field, part) for part in parts)
            )
            found += [self.code(field, part) for part in (parts if several else [item])]
        return tuple(dict.fromkeys(found))

    def _read(self, field: str, word: str) -> str:
        meaning = self._meaning(field, word)
        if meaning is None:
            self._report.note("word-kept", field=field, word=word)
            return word
        if meaning != _folded(word):
            self._report.note("word-read", field=field, word=word, now=shown_word(field, meaning))
        return meaning

    def _meaning(self, field: str, word: str) -> str | None:
        """Give the code that a word stands for: ours, the show's code, label or letters, or a word of other programs."""
        folded = _folded(word)
        if folded in CODES[field]:
            return folded
        table = self._tables.get(field)
        return (table.find(word) if table else None) or SPELLINGS[field].get(word.casefold())


def _tables(vocabulary: Vocabulary) -> dict[str, CodeTable]:
    return {
        "kind": vocabulary.kinds,
        "reasons": vocabulary.reasons,
        "uses": vocabulary.uses,
        "flags": vocabulary.flags,
        "status": vocabulary.statuses,
    }


def _folded(word: str) -> str:
    return word.casefold().replace(" ", "_")
