"""The text of a marker read as a cue: in the notation of its file where it has any, else in the `shapes` of plain words."""

from __future__ import annotations

import re
from typing import Any

from postsync.cueing.reading.dialects import Said, read_edicue, read_edicue_track, read_tag_language
from postsync.cueing.reading.reasons import with_stated_reason
from postsync.cueing.reading.shapes import read_plain_words
from postsync.cueing.reading.signs import Reading, Signs, is_strong_number
from postsync.model import with_fields

_OF_READING = ("number", "character", "line", "note")


def read_marker_text(name: str, comment: str, signs: Signs) -> Reading | None:
    """Read a marker's name and comment as a cue; None where they do not have its shape.

    >>> from postsync.model import CueRules
    >>> reading = read_marker_text("R106 ROBIN: Hold there! (noise)", "", Signs(CueRules()))
    >>> reading.number, reading.character, reading.line, reading.reasons
    ('R106', 'ROBIN', 'Hold there!', ('noise',))
    """
    reading = _in_notation(name.strip(), comment.strip(), signs)
    return reading or read_plain_words(name.strip(), comment.strip(), signs)


def _in_notation(name: str, comment: str, signs: Signs) -> Reading | None:
    """Read a text in the notation of its file; None where it holds nothing of it."""
    if signs.dialect == "tags":
        said, beside = (read_tag_language(text, signs.rules.tag_keys) for text in (name, comment))
        fields = {**beside.fields, **said.fields}
        both = Said(said.text or beside.text, fields, (*said.codes, *beside.codes))
        if signs.guessed and _is_laid_out(name, comment, fields.get("number"), signs):
            return None
        is_cue = signs.trusted or "number" in fields
        note = beside.text if said.text else None
        return _noted("tag language", both, note, signs) if is_cue and (fields or both.codes) else None
    if signs.dialect == "edicue":
        said = read_edicue(name)
        track = read_edicue_track(signs.track or "")
        if not (track or said.fields or said.reason_code):
            return None
        return _noted("EdiCue", Said(said.text, {**track, **said.fields}, (), said.reason_code), comment or None, signs)
    return None


def _is_laid_out(name: str, comment: str, number: str | None, signs: Signs) -> bool:
    """Whether a text is in our layout, `R106 ROBIN: …`, and what looks like a tag, with another number, is in its line."""
    plain = read_plain_words(name, comment, with_fields(signs, trusted=False)) if number else None
    if plain is None or not plain.number or plain.number == number:
        return False
    return plain.form.startswith("number character") or is_strong_number(plain.number, signs.rules)


def said_reading(form: str, said: Said, signs: Signs) -> Reading:
    """Make a reading of what a notation says of a clip: its text is the line, whatever it looks like."""
    given = {name: said.fields.get(name) for name in _OF_READING}
    reading = Reading(
        form, given["number"], given["character"], given["line"] or said.text or None, note=given["note"],
        fields=_code_fields(said),
    )  # fmt: skip
    words = said.fields.get("reason") or said.reason_code
    return with_stated_reason(reading, words, signs) if words else reading


def _noted(form: str, said: Said, beside: str | None, signs: Signs) -> Reading:
    """Make a reading of what a notation says; a text that it says nothing of is read as plain words are."""
    plain = None
    if not {"number", "character", "line"} & set(said.fields):
        plain = read_plain_words(said.text, "", with_fields(signs, trusted=True))
    reading = with_fields(plain, form=form) if plain else Reading(form, line=said.text or None)
    given: dict[str, Any] = {name: said.fields[name] for name in _OF_READING if said.fields.get(name)}
    note = "\n".join(part for part in (given.pop("note", None), beside) if part)
    reading = with_fields(reading, **given, note=note or None, fields=_code_fields(said))
    words = said.fields.get("reason") or said.reason_code
    return with_stated_reason(reading, words, signs) if words else reading


def _code_fields(said: Said) -> dict[str, Any]:
    """Give what a notation says beside number, character, line and note, as the cue record holds it."""
    fields: dict[str, Any] = {
        name: text for name, text in said.fields.items() if name not in (*_OF_READING, "reason") and text
    }
    if re.fullmatch(r"[1-9]\d{0,2}", str(fields.get("priority", ""))):
        fields["priority"] = int(fields["priority"])
    elif "priority" in fields:
        fields["stated_priority"] = fields.pop("priority")
    for name, code in said.codes:
        fields[name] = code if name in ("kind", "status") else (*fields.get(name, ()), code)
    if "uses" in fields:
        fields["uses"] = ("theatrical", *fields["uses"])
    if "recorded_on" in fields and "status" not in fields:
        fields["status"] = "recorded"
    return fields
