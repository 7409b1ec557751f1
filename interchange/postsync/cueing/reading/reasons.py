"""Why a line is said again, in words: as a notation states it, at the end of a line (`(noise)`, `/ plane`), in our own layout.

What the show's vocabulary and the table of `words` know becomes a code, a short code of the house stays as it is; the words
stay beside the code where they say more.
"""

from __future__ import annotations

import re
from typing import Any

from postsync.cueing.reading.signs import Reading, Signs
from postsync.cueing.reading.words import REASON_WORDS
from postsync.model import Vocabulary, with_fields

_REASON_AT_END = re.compile(r"\s*\((?P<words>[^()]{2,40})\)\s*$")
_NOISE_AT_END = re.compile(r"\s+/\s+(?P<words>[^/\n]{3,30})$")
_CODES_AND_NOTE = re.compile(r"(?P<codes>[^()]*?)\s*\((?P<note>.+)\)", re.DOTALL)
_HOUSE_CODE = re.compile(r"[A-Z][A-Z0-9&-]{0,7}")


def with_stated_reason(reading: Reading, words: str, signs: Signs) -> Reading:
    """Take in a stated reason: known words as codes, a short code of the house as it is, anything else as the note."""
    noted = _CODES_AND_NOTE.fullmatch(words)
    if noted is not None:
        codes = [code.strip() for code in noted["codes"].split(",") if code.strip()]
        read = [signs.vocabulary.reasons.find(code) or code for code in codes]
        if all(code in signs.vocabulary.reasons or _HOUSE_CODE.fullmatch(code) for code in read):
            return with_fields(reading, reasons=tuple(read), reason_note=noted["note"])
    parts = [part.strip() for part in re.split(r"[,;+/]", words) if part.strip()]
    known = [signs.reason(part, letters=True) or signs.reason(part) for part in parts]
    if parts and all(known):
        note = words if any(signs.says_more(part) for part in parts) else None
        return with_fields(reading, reasons=tuple(dict.fromkeys(filter(None, known))), reason_note=note)
    if parts and all(one or _HOUSE_CODE.fullmatch(part) for one, part in zip(known, parts, strict=True)):
        return with_fields(reading, reasons=tuple(one or part for one, part in zip(known, parts, strict=True)))
    return with_fields(reading, reason_note=words)


def with_reason_at_end(reading: Reading, signs: Signs) -> Reading:
    """Take a known reason off the end of the line."""
    line = reading.line
    if line is None:
        return reading
    found = reason_at_end(line, signs)
    if found is None:
        return with_fields(reading, line=line.strip() or None)
    reasons, note, rest = found
    reasons = (*reading.reasons, *(reason for reason in reasons if reason not in reading.reasons))
    return with_fields(reading, line=rest or None, reasons=reasons, reason_note=note)


def reason_at_end(line: str, signs: Signs) -> tuple[tuple[str, ...], str | None, str] | None:
    """Read `(noise)`, `(plane)` or `/ plane` at the end of a line: reasons, what was said, and the line before."""
    for pattern in (_REASON_AT_END, _NOISE_AT_END):
        match = pattern.search(line)
        if match is None:
            continue
        words = [word.strip() for word in re.split(r"[,;+/]| and ", match["words"]) if word.strip()]
        reasons = [signs.reason(word) for word in words]
        if words and all(reasons):
            note = match["words"].strip() if any(signs.says_more(word) for word in words) else None
            return tuple(dict.fromkeys(reason for reason in reasons if reason)), note, line[: match.start()].rstrip()
    return None


def reason_fields(text: str, vocabulary: Vocabulary) -> dict[str, Any]:
    """Read `noise, perf (plane)` of our own layout; a word of no table stays as it is."""
    match = re.fullmatch(r"(?P<codes>[^()]*?)\s*(?:\((?P<note>.*)\))?", text)
    if match is None:
        return {"reason_note": text}
    words = [code.strip() for code in match["codes"].split(",") if code.strip()]
    known = [vocabulary.reasons.find(word) for word in words]
    read = [
        REASON_WORDS.get(word.casefold()) if code is None else None for word, code in zip(words, known, strict=True)
    ]
    codes = tuple(code or other or word for word, code, other in zip(words, known, read, strict=True))
    note = match["note"] or (match["codes"].strip() if any(read) else None)
    return {"reasons": codes} | ({"reason_note": note} if note else {})
