"""A cue as text in the fields of other programs: `R106 ROBIN`, `R106 ROBIN: line`, and the note beneath with its tag.

The layout is the same in every carrier, so that what one program wrote is read back from any other (`spotting`).
"""

from __future__ import annotations

import re
import unicodedata

from postsync.cueing.tags import TagLevel, write_tag
from postsync.model import Character, Cue, character_name

_ASCII = str.maketrans(
    {
        "‘": "'", "’": "'", "‚": "'", "‛": "'", "“": '"', "”": '"', "„": '"', "‟": '"', "«": '"', "»": '"', "‹": "'",
        "›": "'", "–": "-", "—": "-", "―": "-", "‐": "-", "‑": "-", "−": "-", "…": "...", "•": "*", "·": "*",
        "×": "x", "ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L",
        "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ı": "i", "¿": "?", "¡": "!", "€": "EUR",
        "£": "GBP", "\u00a0": " ", "\u200b": "", "\u200e": "", "\u200f": "", "\ufeff": "", "\u00ad": "",
    }
)  # fmt: skip
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_BREAKS = re.compile(r"\s*[\r\n\t\v\f\x1c-\x1e\x85\u2028\u2029]+\s*")

USE_WORDS = {"tv": "TV", "airline": "Airline", "foreign": "Foreign", "trailer": "Trailer", "theatrical": "Theatrical"}


def one_line(text: str) -> str:
    """Give a text on one line: breaks and tabs become single spaces, other controls go."""
    return _CONTROLS.sub("", _BREAKS.sub(" ", text)).strip()


def printable(text: str) -> str:
    """Give a text without the control characters that files and pages cannot hold; line breaks stay, as newlines."""
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def to_ascii(text: str) -> str:
    """Give a text in ASCII: accents fall, quotes and dashes become plain, what has no likeness becomes `?`.

    >>> to_ascii("“Où — là?”")
    '"Ou - la?"'
    """
    decomposed = unicodedata.normalize("NFKD", text.translate(_ASCII)).translate(_ASCII)
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return bare.encode("ascii", "replace").decode("ascii")


def cue_name(cue: Cue, characters: dict[str, Character]) -> str:
    """Give the short name of a cue, `R106 ROBIN`."""
    return one_line(" ".join(part for part in (cue.number, character_name(characters, cue)) if part))


def cue_title(
    cue: Cue,
    characters: dict[str, Character],
    *,
    tags: TagLevel = "none",
    point: bool = False,
    room: int | None = None,
    ascii_only: bool = False,
) -> str:
    """Give a cue in one line, `R106 ROBIN: line`, with its tag where asked; `room` is the most characters in all.

    Where room runs out the tag stays whole and the line is cut with `…` (three dots in ASCII).
    """
    name, line = cue_name(cue, characters), one_line(cue.line or "")
    joint = ": " if character_name(characters, cue) else " "
    human = joint.join(part for part in (name, line) if part)
    told = to_ascii(human) if ascii_only else human
    tag = _tag(cue, characters, tags, told, point, None if room is None else max(14, room // 2), ascii_only)
    return joined_with_tag(told, tag, room, "..." if ascii_only else "…")


def joined_with_tag(human: str, tag: str, room: int | None = None, dots: str = "…") -> str:
    """Put a tag after the text that people read; where room runs out the text is cut, never the tag."""
    left = None if room is None else room - (len(tag) + 1 if tag else 0)
    if left is not None and len(human) > left:
        human = human[: max(0, left - len(dots))].rstrip() + dots if left > len(dots) else ""
    return " ".join(part for part in (human, tag) if part)


def _tag(
    cue: Cue,
    characters: dict[str, Character],
    tags: TagLevel,
    human: str,
    point: bool,
    room: int | None,
    ascii_only: bool,
) -> str:
    who = characters.get(cue.character or "")
    return write_tag(
        cue,
        tags,
        point=point,
        room=room,
        character=character_name(characters, cue),
        actor=who.actor if who else None,
        human=human,
        altered=cue.line is not None and cue.line not in human,
        ascii_only=ascii_only,
    )


def cue_details(cue: Cue) -> str:
    """Give reason, priority, uses and flags in one line, `Reason: noise (plane) · Priority 1 · TV`; empty where usual."""
    reasons = ", ".join(cue.reasons)
    note = f" ({one_line(cue.reason_note)})" if cue.reason_note else ""
    parts = [
        f"Reason: {reasons}{note}".replace(":  (", ": (") if reasons or note else "",
        f"Kind: {cue.kind.replace('_', ' ')}" if cue.kind != "line" else "",
        f"Priority {cue.priority}" if cue.priority is not None else "",
        *(USE_WORDS.get(use, use) for use in cue.uses if use != "theatrical"),
        *(flag.replace("_", " ") for flag in cue.flags),
    ]
    return " · ".join(part for part in parts if part)


def cue_note(
    cue: Cue,
    characters: dict[str, Character],
    tags: TagLevel = "uid",
    point: bool = False,
    *,
    single_line: bool = False,
    ascii_only: bool = False,
) -> str:
    """Give the note of a cue: its line, its details, its note, and its tag, each on a line of its own.

    In carriers of one line only the line and the tag are written.
    """
    line = printable(cue.line or "").strip()
    details, note = cue_details(cue), printable(cue.note or "").strip()
    note = f"Note: {note}" if note and not details else note
    parts = [one_line(line)] if single_line else [line, details, note]
    human = "\n".join(part for part in parts if part)
    human = to_ascii(human) if ascii_only else human
    tag = _tag(cue, characters, tags, human, point, None, ascii_only)
    return (" " if single_line else "\n").join(part for part in (human, tag) if part)
