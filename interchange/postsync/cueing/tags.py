"""The tag block: `{adr=7KQ2M9XD;n=R106;o=40}` at the end of a marker's text, by which a cue stays the same cue.

One group on one line, readable by people and harmless to other programs: no `|`, tab or newline is in it, and it reads as a
field in the tag language of clip names and as a comment in EdiCue. Readers forgive what carriers do to text: lost case,
spaces put in, the end cut off.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal

from postsync.cueing.identity import is_uid
from postsync.model import Cue
from postsync.model.cues import FLAGS, KINDS, REASONS, SCREENS, STATUSES, USES

TagLevel = Literal["none", "uid", "full"]
"""How much of a cue its tag holds: nothing, the uid, or the whole record.

>>> from typing import get_args
>>> get_args(TagLevel)
('none', 'uid', 'full')
"""


@dataclass(frozen=True)
class TagField:
    """One field of the block: its key, the cue field it holds, and how: text, code, codes (a list), number."""

    key: str
    name: str
    kind: str
    usual: str = ""


FIELDS = (
    TagField("n", "number", "text"),
    TagField("c", "character", "text"),
    TagField("o", "record_out", "frames"),
    TagField("t", "record_in", "frames"),
    TagField("r", "reasons", "codes"),
    TagField("f", "flags", "codes"),
    TagField("p", "priority", "number"),
    TagField("k", "kind", "code", "line"),
    TagField("s", "status", "code", "spotted"),
    TagField("re", "reel", "text"),
    TagField("sc", "scene", "text"),
    TagField("v", "picture_version", "text"),
    TagField("h", "", "check"),
    TagField("ac", "actor", "text"),
    TagField("rn", "reason_note", "text"),
    TagField("u", "uses", "codes", "theatrical"),
    TagField("e", "episode", "text"),
    TagField("os", "screen", "code"),
    TagField("mi", "minutes", "text"),
    TagField("d", "direction", "text"),
    TagField("no", "note", "text"),
    TagField("en", "engineer_note", "text"),
    TagField("l", "line", "text"),
)
"""The block's fields in the order in which they are kept where room runs out."""

CUE_FIELDS = tuple(row for row in FIELDS if row.kind in ("text", "code", "codes", "number") and row.name != "actor")
"""Those that hold a field of the cue record, the character by its name."""

CODES = {code.casefold(): code for codes in (KINDS, REASONS, USES, FLAGS, SCREENS, STATUSES) for code in codes}
"""Our own codes by their folded spelling, for carriers that change case; the words of a house stay as they are."""

_CUT_HERE = ";x=1"
_FORBIDDEN = re.compile(r"[%;{}|=\[\]$\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_BEYOND_ASCII = re.compile(r"[^\x20-\x7e]")
_OUTER_SPACE = re.compile(r"^\s+|\s+$")
_ESCAPE = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_TAG = re.compile(
    r"\s*\{\s*adr\s*=\s*(?P<uid>[A-Z2-9]{8})(?P<fields>(?:\s*;\s*[a-z]{1,3}\s*=[^;{}]*)*)(?P<end>\s*\}|\s*(?:;\s*[a-z]{0,3})?\s*$)",
    re.IGNORECASE | re.ASCII,
)


@dataclass(frozen=True)
class Tag:
    """A tag block as read: the uid, the fields by key, and whether its end was cut off.

    >>> tag = find_tag("Hold there! {adr=7KQ2M9XD}")
    >>> tag.uid, tag.cut, tag.is_full
    ('7KQ2M9XD', False, False)
    """

    uid: str
    fields: dict[str, str] = field(default_factory=dict)
    cut: bool = False

    def frames(self, key: str) -> int | None:
        """Give a field as a whole number of frames, None where it is missing or damaged."""
        text = self.fields.get(key, "")
        return int(text) if re.fullmatch(r"[+-]?[0-9]{1,9}", text) else None

    @property
    def is_full(self) -> bool:
        """Whether the whole record was written, so that a field not there was not stated."""
        return "h" in self.fields and not self.cut


@dataclass(frozen=True)
class TagStyle:
    """How a carrier wants the block: at which level, whether it needs the out, and what becomes of its letters.

    `room` is the most characters. `ascii_only` and `upper` say that other letters, or small ones, do not arrive, so they
    go as `%XX`. `nudge` is how many frames the marker had to stand late.

    >>> cue = Cue(uid="7KQ2M9XD", number="R106", record_in=0)
    >>> write_tag(cue, TagStyle("uid")), write_tag(cue, TagStyle("none"))
    ('{adr=7KQ2M9XD}', '')
    """

    level: TagLevel = "uid"
    point: bool = False
    room: int | None = None
    ascii_only: bool = False
    upper: bool = False
    nudge: int = 0


def write_tag(
    cue: Cue,
    style: TagStyle,
    *,
    character: str | None = None,
    actor: str | None = None,
    human: str | None = None,
    altered: bool = False,
) -> str:
    """Give the tag block of a cue; empty for level `none`, or where the style's room has no place for the uid.

    `human` is the text that the block follows: at level `full` its check goes in, and `altered` says that the true line
    must go in because that text does not read back as it.

    >>> cue = Cue(uid="7KQ2M9XD", number="R106", record_in=0, scene="12A")
    >>> write_tag(cue, TagStyle("full"), character="ROBIN")
    '{adr=7KQ2M9XD;n=R106;c=ROBIN;sc=12A;h=e3b0}'
    """
    if style.level == "none":
        return ""
    values = _values(cue, style, character, actor, human, altered)
    parts = [f";{row.key}={_escaped(values[row.key], style, row)}" for row in FIELDS if values.get(row.key)]
    head = f"{{adr={cue.uid}"
    while parts and style.room is not None and len(head) + sum(map(len, parts)) + 1 > style.room:
        kept = [part for part in parts if part != _CUT_HERE][:-1]
        parts = [*kept, _CUT_HERE] if kept else []
    text = f"{head}{''.join(parts)}}}"
    return text if style.room is None or len(text) <= style.room else ""


def _values(
    cue: Cue, style: TagStyle, character: str | None, actor: str | None, human: str | None, altered: bool
) -> dict[str, str]:
    values: dict[str, str] = {}
    if style.point and cue.record_out is not None and cue.record_out > cue.record_in:
        values["o"] = str(cue.record_out - cue.record_in)
    if style.nudge:
        values["t"] = str(-style.nudge)
    if style.level == "uid":
        return values
    for row in CUE_FIELDS:
        values[row.key] = _text(getattr(cue, row.name), row)
    values |= {"c": character or cue.character or "", "ac": actor or ""}
    values |= {"l": (cue.line or "") if altered else "", "h": text_check(human or "")}
    return values


def _text(value: Any, row: TagField) -> str:
    text = ",".join(item.replace(",", " ") for item in value) if row.kind == "codes" else str(value or "")
    return "" if text == row.usual else text


def tag_record(tag: Tag) -> dict[str, Any]:
    """Give the cue fields that a block states, by name, as the record holds them; the character by its name.

    >>> tag_record(find_tag("{adr=7KQ2M9XD;n=R106;r=noise,tv}"))
    {'number': 'R106', 'reasons': ('noise', 'tv')}
    """
    rows = [row for row in CUE_FIELDS if row.key in tag.fields] if tag.fields else []
    return {row.name: value for row in rows if (value := _value(tag.fields[row.key], row))}


def _value(text: str | None, row: TagField) -> Any:
    if not text:
        return None
    if row.kind == "number":
        return int(text) if re.fullmatch(r"[1-9][0-9]{0,2}", text) else None
    if row.kind == "codes":
        return tuple(_code(item) for item in text.split(",") if item.strip())
    return _code(text) if row.kind == "code" else text


def _code(text: str) -> str:
    return CODES.get(text.strip().casefold(), text.strip())


def text_check(human: str) -> str:
    """Give the four characters by which a reader knows whether the text beside a tag was edited."""
    words = " ".join(unicodedata.normalize("NFC", strip_tag(human)).split())
    return hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()[:4]


def _escaped(text: str, style: TagStyle, row: TagField) -> str:
    text = _FORBIDDEN.sub(_percent, text)
    text = _OUTER_SPACE.sub(_percent, text)
    if style.ascii_only:
        text = _BEYOND_ASCII.sub(_percent, text)
    if style.upper and not (row.kind.startswith("code") and all(item in CODES for item in text.split(","))):
        text = "".join(
            part if part.startswith("%") or part.upper() == part else _percent_of(part) for part in _parts(text)
        )
    return text


def _parts(text: str) -> list[str]:
    """Take a text apart into what is escaped already and single letters."""
    return re.findall(r"%[0-9A-F]{2}|.", text, re.DOTALL)


def _percent(match: re.Match[str]) -> str:
    return _percent_of(match[0])


def _percent_of(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode("utf-8", "replace"))


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda run: bytes.fromhex(run[0].replace("%", "")).decode("utf-8", "replace"), text.strip())


@lru_cache(maxsize=64)
def _last_match(text: str) -> re.Match[str] | None:
    """Find the last block of a text; each text of a marker is asked for its tag and then for what stands beside it."""
    if "{" not in text:
        return None
    found = [match for match in _TAG.finditer(text) if is_uid(match["uid"].upper())]
    return found[-1] if found else None


def find_tag(text: str) -> Tag | None:
    """Find the last tag block of a text.

    A block without its brace was cut off somewhere: its last field may be half a word and is left aside.

    >>> find_tag("Hold there! {adr=7KQ2M9XD;n=R106}").fields
    {'n': 'R106'}
    """
    match = _last_match(text)
    if match is None:
        return None
    pairs = [pair.partition("=") for pair in match["fields"].split(";")[1:]]
    whole = "}" in match["end"]
    if not whole and pairs:
        pairs = pairs if ";" in match["end"] else pairs[:-1]
    fields = {key.strip().lower(): _unescaped(value) for key, _, value in pairs}
    return Tag(match["uid"].upper(), fields, cut=not whole or "x" in fields)


def strip_tag(text: str) -> str:
    """Give the text without its tag blocks, as people read it.

    >>> strip_tag("Hold there! {adr=7KQ2M9XD}")
    'Hold there!'
    """
    while (match := _last_match(text)) is not None:
        text = text[: match.start()] + text[match.end() :]
    return text.rstrip()


def note_with_tag(note: str | None, uid: str | None) -> str:
    """Give the note of a clip, and behind it the tag of the cue that it was placed for: nothing else of a clip lasts.

    >>> note_with_tag("use the boom", "7KQ2M9XD")
    'use the boom {adr=7KQ2M9XD}'
    """
    return " ".join(part for part in (note, f"{{adr={uid}}}" if uid else "") if part)


def note_and_uid(text: str) -> tuple[str | None, str | None]:
    """Part what `note_with_tag` made into the note and the uid; None for each that is not there.

    >>> note_and_uid("wind on the boom {adr=7KQ2M9XD}")
    ('wind on the boom', '7KQ2M9XD')
    """
    tag = find_tag(text)
    return (strip_tag(text) or None, tag.uid) if tag is not None else (text or None, None)


def part_at_tag(text: str) -> tuple[str, str, str]:
    """Part a text at its last tag block: what stands before, the block, what stands behind.

    >>> part_at_tag("Hold there! {adr=7KQ2M9XD} $QN=R106")
    ('Hold there!', ' {adr=7KQ2M9XD}', ' $QN=R106')
    """
    match = _last_match(text)
    return (text, "", "") if match is None else (text[: match.start()], match[0], text[match.end() :])


def without_false_tags(text: str) -> str:
    """Give a text whose own words can no longer be taken for a block: its brace becomes round.

    >>> without_false_tags("type {adr=ABCDEFGH} here")
    'type (adr=ABCDEFGH} here'
    """
    while (match := _last_match(text)) is not None:
        brace = text.index("{", match.start())
        text = f"{text[:brace]}({text[brace + 1 :]}"
    return text
