"""A cue as text in the fields of other programs: `R106 ROBIN`, `R106 ROBIN: line`, and the note beneath with its tag.

The layout is the same in every carrier, so that what one program wrote is read back from any other (`spotting`). What a
program's fields can hold is a `Carrier` record: one row of limits, no code of its own.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from postsync.cueing.reading.comments import details_fields
from postsync.cueing.reading.marker_text import read_marker_text
from postsync.cueing.reading.signs import Signs
from postsync.cueing.tags import TagLevel, TagStyle, strip_tag, without_false_tags, write_tag
from postsync.model import Character, Cue, CueRules, Vocabulary, character_name

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
    """Give a text on one line: breaks and tabs become single spaces, other controls go.

    >>> one_line("Hold\\n\\tthere!")
    'Hold there!'
    """
    return _CONTROLS.sub("", _BREAKS.sub(" ", text)).strip()


def printable(text: str) -> str:
    """Give a text without the control characters that files and pages cannot hold; line breaks stay, as newlines.

    >>> printable("Hold\\x07 there!\\r\\nNow!")
    'Hold there!\\nNow!'
    """
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
    """Give the short name of a cue, `R106 ROBIN`.

    >>> from postsync.model import Character
    >>> cue = Cue(uid="7KQ2M9XD", number="R106", record_in=0, character="1")
    >>> cue_name(cue, {"1": Character("1", "ROBIN")})
    'R106 ROBIN'
    """
    return one_line(" ".join(part for part in (cue.number, character_name(characters, cue)) if part))


SHORTEST_TAG = 14


@dataclass(frozen=True)
class Carrier:
    """What the text fields of one marker can hold in a program's file.

    `note`: there is a note beside the name. `name_room`, `note_room`: the most characters. `one_line`: no line breaks.
    `ascii_only`, `upper`: other letters, or small ones, do not arrive. `points`: no duration, so the tag holds the out.
    `replaced`: letters that would break the line there, each written as `/`. `one_per_frame`: no two markers on a frame.
    `line_only`: the note is what the actor reads, so neither details nor notes go into it.

    >>> cue = Cue(uid="7KQ2M9XD", number="R106", record_in=0, line="¿Dónde está?")
    >>> lay_out(cue, {}, Carrier(note=False, one_line=True, ascii_only=True)).name
    'R106 ?Donde esta? {adr=7KQ2M9XD}'
    """

    note: bool = True
    name_room: int | None = None
    note_room: int | None = None
    one_line: bool = False
    ascii_only: bool = False
    upper: bool = False
    points: bool = False
    replaced: str = ""
    one_per_frame: bool = False
    line_only: bool = False

    def shown(self, text: str) -> str:
        """Give a text as this program's fields will show it."""
        text = without_false_tags(one_line(text) if self.one_line else printable(text).strip())
        text = text.translate({ord(letter): "/" for letter in self.replaced})
        text = to_ascii(text) if self.ascii_only else text
        return text.upper() if self.upper else text

    def cut(self, text: str, room: int | None) -> str:
        """Give a text that fits, its end replaced by `…` where it does not."""
        dots = "..." if self.ascii_only else "…"
        if room is None or len(text) <= room:
            return text
        return text[: room - len(dots)].rstrip() + dots if room > len(dots) else ""


@dataclass(frozen=True)
class MarkerText:
    """The two texts of a marker.

    >>> MarkerText("R106 ROBIN", "Hold there!").comment
    'Hold there!'
    """

    name: str
    comment: str = ""


NAME_ONLY = Carrier(note=False, one_line=True)
"""A marker that is nothing but a name, as in MIDI and in Media Composer's comment.

>>> cue = Cue(uid="7KQ2M9XD", number="R106", record_in=0, line="Hold there!")
>>> lay_out(cue, {}, NAME_ONLY).name
'R106 Hold there! {adr=7KQ2M9XD}'
"""

NAME_AND_NOTE = Carrier()
"""A marker with a name and a note of several lines, as DaVinci Resolve and Final Cut show them.

>>> cue = Cue(uid="7KQ2M9XD", number="R106", record_in=0, line="Hold there!")
>>> lay_out(cue, {}, NAME_AND_NOTE).comment.splitlines()
['Hold there!', '{adr=7KQ2M9XD}']
"""


def lay_out(
    cue: Cue, characters: dict[str, Character], carrier: Carrier, tags: TagLevel = "uid", *, nudge: int = 0
) -> MarkerText:
    """Give the texts by which a carrier shows a cue and gives it back; `nudge` is by how many frames it stands late.

    Where room runs out the tag stays whole and the line is cut with `…` (three dots in ASCII). At level `full` the tag
    brings the true line where the text, as the carrier shows it, does not read back as it.

    >>> cue = Cue(uid="7KQ2M9XD", number="R106", record_in=0, line="Hold there!")
    >>> lay_out(cue, {}, NAME_AND_NOTE)
    MarkerText(name='R106', comment='Hold there!\\n{adr=7KQ2M9XD}')
    """
    name, human = _human(cue, characters, carrier)
    room = carrier.note_room if carrier.note else carrier.name_room
    tag_room = None if room is None else max(SHORTEST_TAG, room // 2)
    style = TagStyle(tags, carrier.points, tag_room, carrier.ascii_only, carrier.upper, nudge)
    joint = " " if carrier.one_line else "\n"

    def fitted(altered: bool) -> MarkerText:
        tag = _tag(cue, characters, style, f"{name}\n{human}" if carrier.note else human, altered)
        shown = carrier.cut(human, None if room is None else room - len(tag) - len(joint) if tag else room)
        tag = _tag(cue, characters, style, f"{name}\n{shown}" if carrier.note else shown, altered)
        text = joint.join(part for part in (shown, tag) if part)
        return MarkerText(name, text) if carrier.note else MarkerText(text)

    plain = fitted(False)
    untrue = tags == "full" and bool(cue.line) and _line_read_back(plain) != cue.line
    return fitted(True) if untrue else plain


def _human(cue: Cue, characters: dict[str, Character], carrier: Carrier) -> tuple[str, str]:
    """Give the name, and the text that the tag follows: the note, or name and line where there is no note."""
    name = carrier.shown(cue_name(cue, characters))
    if carrier.note:
        return carrier.cut(name, carrier.name_room), carrier.shown("\n".join(_note_parts(cue, carrier)))
    joint = ": " if character_name(characters, cue) else " "
    return name, joint.join(part for part in (name, carrier.shown(cue.line or "")) if part)


def _note_parts(cue: Cue, carrier: Carrier) -> list[str]:
    """Give line, details and note; in carriers of one line, or of lines alone, the line."""
    line, details, note = (cue.line or "").strip(), cue_details(cue), (cue.note or "").strip()
    note = f"Note: {note}" if note and not details else note
    return [part for part in ([line] if carrier.one_line or carrier.line_only else [line, details, note]) if part]


def _tag(cue: Cue, characters: dict[str, Character], style: TagStyle, human: str, altered: bool) -> str:
    who = characters.get(cue.character or "")
    return write_tag(
        cue,
        style,
        character=character_name(characters, cue),
        actor=who.actor if who else None,
        human=human,
        altered=altered,
    )


def says_the_same(one: MarkerText, other: MarkerText) -> bool:
    """Whether two texts, tags aside, read as the same cue: what a person wrote need not be laid out our way.

    >>> theirs = MarkerText("R106 ROBIN: Hold there!", "Reason: off mic")
    >>> says_the_same(theirs, MarkerText("R106 ROBIN", "Hold there!\\nReason: technical (off mic)"))
    True
    """
    return _meaning(one) == _meaning(other)


def _meaning(text: MarkerText) -> object:
    reading = read_marker_text(strip_tag(text.name), strip_tag(text.comment), Signs(CueRules(), trusted=True))
    if reading is None:
        return text
    stated = details_fields(reading.details or "", Vocabulary())
    fields = {**reading.fields, **stated}
    if reading.reasons or reading.reason_note:
        fields |= {"reasons": reading.reasons, "reason_note": reading.reason_note}
    return reading.number, reading.character, reading.line, reading.note, fields


def _line_read_back(text: MarkerText) -> str | None:
    signs = Signs(CueRules(), (), trusted=True)
    reading = read_marker_text(strip_tag(text.name), strip_tag(text.comment), signs)
    return None if reading is None else reading.line


def cue_details(cue: Cue) -> str:
    """Give reason, priority, uses and flags in one line, `Reason: noise (plane) · Priority 1 · TV`; empty where usual.

    >>> cue_details(Cue(uid="7KQ2M9XD", record_in=0, reasons=("noise",), priority=1))
    'Reason: noise · Priority 1'
    """
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
