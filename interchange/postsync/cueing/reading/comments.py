"""The comment under a marker's name: the line, or the line again, then details and a note, as we lay them out ourselves."""

from __future__ import annotations

import re
from typing import Any

from postsync.cueing.reading.reasons import reason_fields
from postsync.cueing.reading.signs import Reading
from postsync.model import Vocabulary, with_fields
from postsync.model.cues import FLAGS, KINDS, USES

_DETAILS = re.compile(r"(?:Reason: |Kind: |Priority \d+|TV\b|Airline\b|Foreign\b|Trailer\b)[^\n]*")
_SPACES = re.compile(r"\s+")
_LINE_END = re.compile(r"\s*(?:\n|$)")


def with_comment(reading: Reading, body: str) -> Reading:
    """Bring in the comment: it is the line where the name has none, else it repeats the line and adds details and note."""
    if not body:
        return reading
    if reading.line is None:
        return _split_body(reading, body)
    rest = _after_line(body, reading.line)
    split = _split_body(reading, rest if rest is not None else body)
    note = (
        split.note
        if rest is not None and split.line is None
        else "\n".join(part for part in (split.line, split.note) if part)
    )
    line = reading.line
    if line.endswith(("…", "...")) and rest is None and body.startswith(line.rstrip("….").rstrip()):
        return with_fields(reading, line=split.line, note=split.note, details=split.details)
    return with_fields(reading, note=note or None, details=split.details)


def _after_line(body: str, line: str) -> str | None:
    """Give what follows the line in a comment that repeats it; None where the comment says something else."""
    at = 0
    for word in line.split():
        gap = _SPACES.match(body, at) if at else None
        begin = gap.end() if gap else 0
        if (at and gap is None) or not body.startswith(word, begin):
            return None
        at = begin + len(word)
    return body[at:].strip() if _LINE_END.match(body, at) else None


def _split_body(reading: Reading, body: str) -> Reading:
    """Take a comment in our layout apart: line, details, note. Without a line of details all of it is the line."""
    rows = body.split("\n")
    for place, row in enumerate(rows):
        details = _DETAILS.fullmatch(row.strip())
        if details or row.startswith("Note: "):
            line = "\n".join(rows[:place]).strip()
            note = "\n".join(rows[place + 1 :] if details else [row.removeprefix("Note: "), *rows[place + 1 :]]).strip()
            return with_fields(reading, line=line or None, note=note or None, details=row.strip() if details else None)
    return with_fields(reading, line=body or None)


def details_fields(details: str, vocabulary: Vocabulary) -> dict[str, Any]:
    """Read back `Reason: noise (plane) · Priority 1 · TV`; words that are not ours stay where they were."""
    fields: dict[str, Any] = {}
    uses: list[str] = []
    flags: list[str] = []
    for part in (part.strip() for part in details.split("·")):
        folded = part.casefold().replace(" ", "_")
        if part.startswith("Reason: "):
            fields |= reason_fields(part.removeprefix("Reason: "), vocabulary)
        elif part.startswith("Kind: ") and folded.removeprefix("kind:_") in KINDS:
            fields["kind"] = folded.removeprefix("kind:_")
        elif re.fullmatch(r"Priority \d{1,3}", part):
            fields["priority"] = int(part.split()[1])
        elif folded in USES:
            uses.append(folded)
        elif folded in FLAGS:
            flags.append(folded)
    if uses:
        fields["uses"] = ("theatrical", *uses)
    return fields | ({"flags": tuple(flags)} if flags else {})
