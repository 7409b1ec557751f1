"""Checks of what is said: empty lines, lines too long for their time, repeats, tags that did not read, unknown words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

from postsync.cueing.checks.work import Work, grouped
from postsync.findings import Finding
from postsync.model import Cue
from postsync.timing import seconds_of_frame

WORDLESS_KINDS = ("effort", "breath", "reaction", "group", "callout", "foley")
"""Kinds that need no words."""

UNWRITTEN_FLAGS = ("to_be_written", "ad_lib")
FASTEST = 25
"""Characters a second: more than anybody speaks."""

_TAG_SIGNS = re.compile(r"\{[^{}]{0,40}\}?|\}|\$[A-Za-z][A-Za-z0-9]{0,11}=\S*")
_SPELLED = re.compile(r"[\W_]+")
_TEXTS = ("line", "production_line", "reason_note", "direction", "note", "engineer_note")
_VOCABULARIES = (
    ("reason", "reasons", "reasons", lambda cue: cue.reasons),
    ("flag", "flags", "flags", lambda cue: cue.flags),
    ("use", "uses", "uses", lambda cue: cue.uses),
    ("kind", "kinds", "kinds", lambda cue: (cue.kind,)),
    ("status", "statuses", "status", lambda cue: (cue.status,)),
)
"""What a word is called, its vocabulary, its table in the project file, and where a cue has it."""


def lines_empty(work: Work) -> Iterator[Finding]:
    """Find cues that need words and have none; TV cover without a line is a finding of its own."""
    for cue in work.live:
        if (cue.line or "").strip() or not set(cue.flags).isdisjoint(UNWRITTEN_FLAGS):
            continue
        if _is_tv_cover(cue):
            yield work.found("tv-cover-empty", cue)
        elif cue.kind not in WORDLESS_KINDS:
            yield work.found("line-empty", cue)


def _is_tv_cover(cue: Cue) -> bool:
    return "tv" in cue.reasons or ("tv" in cue.uses and "theatrical" not in cue.uses)


def lines_fast(work: Work) -> Iterator[Finding]:
    """Find lines with more characters than their time has room for."""
    for cue in work.live:
        if cue.record_out is None or cue.record_out <= cue.record_in or cue.kind in WORDLESS_KINDS:
            continue
        length = len(" ".join(unicodedata.normalize("NFC", cue.line or "").split()))
        seconds = seconds_of_frame(cue.record_out - cue.record_in, work.facts.rate)
        if length > FASTEST * seconds:
            speed = f"{float(length / seconds):.0f}"
            yield work.found("line-fast", cue, characters=length, seconds=f"{float(seconds):.2f}", speed=speed)


def spelled(text: str | None) -> str:
    """Give what tells one line from another: letters and digits, case folded.

    >>> spelled("Hold there! What's his fault?")
    'holdtherewhatshisfault'
    """
    return _SPELLED.sub("", unicodedata.normalize("NFKC", text or "").casefold())


def lines_repeated(work: Work) -> Iterator[Finding]:
    """Find lines that are said twice in one scene."""

    def said(cue: Cue) -> tuple[str, str] | None:
        words = spelled(cue.line)
        return (cue.scene.casefold(), words) if cue.scene and words else None

    for first, *others in grouped(work.live, said).values():
        for cue in others:
            yield work.found("line-repeated", cue, other=work.place(first), scene=cue.scene)


def cues_repeated(work: Work) -> Iterator[Finding]:
    """Find cues with the fingerprint of another: same character, same words (the first forty letters), within two seconds.

    Parts of a split line share its words and are no copies.
    """

    def fingerprint(cue: Cue) -> tuple[str | None, str] | None:
        words = spelled(cue.line)[:40]
        return (cue.character, words) if words else None

    near = 2 * work.facts.rate.fps
    for cues in grouped(work.live, fingerprint).values():
        for before, cue in pairwise(cues):
            if cue.record_in - before.record_in <= near and _family(before).isdisjoint(_family(cue)):
                yield work.found("cue-repeated", cue, other=work.place(before))


def _family(cue: Cue) -> set[str]:
    """Give the uids by which parts of one line know each other."""
    return {cue.uid} if cue.derived_from is None else {cue.uid, cue.derived_from}


def tags_unparsed(work: Work) -> Iterator[Finding]:
    """Find braces and `$NAME=` in texts: dialogue has none, so a tag is damaged there."""
    for cue in work.cues:
        for name in _TEXTS:
            match = _TAG_SIGNS.search(getattr(cue, name) or "")
            if match:
                yield work.found("tag-unparsed", cue, field=name.replace("_", " "), text=match[0])


def words_unknown(work: Work) -> Iterator[Finding]:
    """Find reasons, flags, uses, kinds and statuses that no table of the show has; each word once, at its first cue."""
    for called, vocabulary, table, words in _VOCABULARIES:
        known = getattr(work.project.vocabulary, vocabulary)
        cues: dict[str, list[Cue]] = {}
        for cue in work.cues:
            for word in words(cue):
                if word not in known:
                    cues.setdefault(word, []).append(cue)
        for word, having in cues.items():
            count = "in one cue" if len(having) == 1 else f"in {len(having)} cues"
            yield work.found("word-unknown", having[0], vocabulary=called, word=word, table=table, cues=count)
