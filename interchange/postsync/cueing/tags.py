"""The tag block: `{adr=7KQ2M9XD;n=R106;o=40}` at the end of a marker's text, by which a cue stays the same cue.

One group on one line, readable by people and harmless to other programs: no `|`, tab or newline is in it, and it reads as a
field in the tag language of clip names and as a comment in EdiCue. Readers forgive what carriers do to text: lost case,
spaces put in, the end cut off.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import Literal

from postsync.cueing.identity import is_uid
from postsync.model import Cue

TagLevel = Literal["none", "uid", "full"]

KEYS = (
    "n", "c", "o", "r", "f", "p", "k", "s", "re", "sc", "v",
    "ac", "rn", "u", "e", "os", "mi", "d", "no", "en", "l", "h",
)  # fmt: skip
"""Keys in the order in which they are kept where room runs out."""

_CELLS: dict[str, str] = {
    "n": "number", "p": "priority", "re": "reel", "sc": "scene", "v": "picture_version", "rn": "reason_note",
    "e": "episode", "os": "screen", "mi": "minutes", "d": "direction", "no": "note", "en": "engineer_note",
}  # fmt: skip
_LISTS = {"r": "reasons", "f": "flags", "u": "uses"}
_USUAL = {"u": "theatrical", "k": "line", "s": "spotted"}
_CUT_HERE = ";x=1"
_FORBIDDEN = re.compile(r"[%;{}|=\[\]$\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_BEYOND_ASCII = re.compile(r"[^\x20-\x7e]")
_ESCAPE = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_TAG = re.compile(
    r"\s*\{\s*adr\s*=\s*(?P<uid>[A-Z2-9]{8})(?P<fields>(?:\s*;\s*[a-z]{1,3}\s*=[^;{}]*)*)(?P<end>\s*\}|\s*(?:;\s*[a-z]{0,3})?\s*$)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Tag:
    """A tag block as read: the uid, the fields by key, and whether its end was cut off."""

    uid: str
    fields: dict[str, str] = field(default_factory=dict)
    cut: bool = False

    def frames(self, key: str) -> int | None:
        """Give a field as a whole number of frames, None where it is missing or damaged."""
        text = self.fields.get(key, "")
        return int(text) if re.fullmatch(r"[+-]?[0-9]{1,9}", text) else None


def write_tag(
    cue: Cue,
    level: TagLevel,
    *,
    point: bool = False,
    room: int | None = None,
    character: str | None = None,
    actor: str | None = None,
    human: str | None = None,
    altered: bool = False,
    ascii_only: bool = False,
) -> str:
    """Give the tag block of a cue; empty for level `none`, or where `room` has no place for the uid.

    `point` adds the out for carriers that hold points only. `human` is the text that the block follows: at level `full`
    its check goes in, and `altered` says that the true line must go in because that text is not it.
    """
    if level == "none":
        return ""
    values = _values(cue, level, point, character, actor, human, altered)
    escape = _escaped_ascii if ascii_only else _escaped
    parts = [f";{key}={escape(values[key])}" for key in KEYS if values.get(key)]
    head = f"{{adr={cue.uid}"
    while parts and room is not None and len(head) + sum(map(len, parts)) + 1 > room:
        kept = [part for part in parts if part != _CUT_HERE][:-1]
        parts = [*kept, _CUT_HERE] if kept else []
    text = f"{head}{''.join(parts)}}}"
    return text if room is None or len(text) <= room else ""


def _values(
    cue: Cue, level: TagLevel, point: bool, character: str | None, actor: str | None, human: str | None, altered: bool
) -> dict[str, str]:
    values: dict[str, str] = {}
    if point and cue.record_out is not None and cue.record_out > cue.record_in:
        values["o"] = str(cue.record_out - cue.record_in)
    if level == "uid":
        return values
    for key, name in _CELLS.items():
        value = getattr(cue, name)
        values[key] = "" if value is None else str(value)
    for key, name in _LISTS.items():
        values[key] = ",".join(item.replace(",", " ") for item in getattr(cue, name))
    values |= {"c": character or cue.character or "", "ac": actor or "", "k": cue.kind, "s": cue.status}
    values |= {"l": cue.line or "" if altered else "", "h": text_check(human) if human else ""}
    return {key: value for key, value in values.items() if value != _USUAL.get(key)}


def text_check(human: str) -> str:
    """Give the four characters by which a reader knows whether the text beside a tag was edited."""
    return hashlib.sha256(" ".join(human.split()).encode("utf-8", "replace")).hexdigest()[:4]


def _escaped(text: str) -> str:
    return _FORBIDDEN.sub(_percent, text.strip())


def _escaped_ascii(text: str) -> str:
    return _BEYOND_ASCII.sub(_percent, _escaped(text))


def _percent(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8", "replace"))


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda run: bytes.fromhex(run[0].replace("%", "")).decode("utf-8", "replace"), text.strip())


def _last_match(text: str) -> re.Match[str] | None:
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
    """Give the text without its tag blocks, as people read it."""
    while (match := _last_match(text)) is not None:
        text = text[: match.start()] + text[match.end() :]
    return text.rstrip()
