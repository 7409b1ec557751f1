"""Notations that people put into names: the tag language of ptulsconv, and the naming of EdiCue and Cue Pro.

    Hold there! $QN=R106 {Note=plane over} [TV]        tag language: fields by key
    Hold there! [N] {plane over second half}           EdiCue: reason in brackets, comment in braces
    Robin[ROB]{E. Flynn}                               EdiCue, on a track: name, prefix, actor

A file is in one of them: `{word=…}` and `$QN=` show the first, tracks with `[…]{…}` the second. Only known keys are tags, so
`[laughs]`, `{softly}` and `$500` stay in the line, and a `$` behind a quote mark, by which our names guard one, is text.
Keys after ptulsconv's documentation, naming after Non-Lethal's.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from postsync.model import Dialect

VALUE_KEYS = {
    "qn": "number", "sc": "scene", "ver": "picture_version", "reel": "reel", "p": "priority", "r": "reason",
    "note": "note", "rq": "requested_by", "shot": "recorded_on", "cn": "cast_number", "char": "character", "actor": "actor",
    "line": "line", "mins": "minutes", "title": "title", "supv": "supervisor", "client": "client", "spot": "spotting",
}  # fmt: skip
"""Keys of the tag language that hold a value, without case, and what each is to us."""

FLAG_KEYS: dict[str, tuple[str, str]] = {
    "EFF": ("kind", "effort"), "TV": ("uses", "tv"), "TBW": ("flags", "to_be_written"), "ADLIB": ("flags", "ad_lib"),
    "OPT": ("flags", "optional"), "OMIT": ("status", "omitted"),
}  # fmt: skip
"""Keys that are a flag, written `[TV]`, and the code that each sets."""

_VALUE = re.compile(r"(?<!')\$(?P<word>[A-Za-z]\w*)=(?P<short>\S+)|\{(?P<key>[A-Za-z]\w*)=(?P<long>[^{}]*)\}")
_FLAG_AT_END = re.compile(r"\s*\[(?P<flag>[A-Z]+)\]\s*$")
_TRACK = re.compile(r"(?P<name>[^\[\]{}]*?)\s*(?:\[(?P<prefix>[^\[\]]*)\])?\s*(?:\{(?P<actor>[^{}=]*)\})?\s*$")
_CODE_AT_END = re.compile(r"\s*\[(?P<code>[^\[\]]{1,24})\]\s*$")
_COMMENT_AT_END = re.compile(r"\s*\{(?P<comment>[^{}=]*)\}\s*$")


@dataclass(frozen=True)
class Said:
    """What a notation says: the text that is left, and what its fields hold, by our names."""

    text: str
    fields: dict[str, str] = field(default_factory=dict)
    codes: tuple[tuple[str, str], ...] = ()
    reason_code: str | None = None


def dialect_of(texts: Iterable[str], tracks: Iterable[str] = (), declared: Collection[str] = ()) -> Dialect:
    """Say which notation a file is in, from all its names and tracks; one name in the tag language decides for all."""
    for text in texts:
        if any(_is_key(match["word"] or match["key"], declared) for match in _VALUE.finditer(text)):
            return "tags"
    shapes = [_TRACK.fullmatch(track.strip()) for track in tracks]
    return "edicue" if any(match and match["prefix"] and match["actor"] is not None for match in shapes) else "plain"


def _is_key(key: str, declared: Collection[str]) -> bool:
    return key.casefold() in VALUE_KEYS or key in declared


def read_tag_language(text: str, declared: Collection[str] = ()) -> Said:
    """Take the fields of the tag language out of a text; keys that are neither known nor declared stay in it.

    >>> read_tag_language("I owe you $500 [laughs] $QN=R106 [TV]")
    Said(text='I owe you $500 [laughs]', fields={'number': 'R106'}, codes=(('uses', 'tv'),), reason_code=None)
    """
    fields: dict[str, str] = {}
    codes: list[tuple[str, str]] = []

    def take(match: re.Match[str]) -> str:
        key, value = match["word"] or match["key"], (match["short"] or match["long"] or "").strip()
        if not _is_key(key, declared):
            return match[0]
        fields[VALUE_KEYS.get(key.casefold(), key)] = value
        return "\0"

    rest = _VALUE.sub(take, text)
    while True:
        rest = rest.rstrip(" \0\t\n") if "\0" in rest else rest.rstrip()
        flag = _FLAG_AT_END.search(rest)
        if flag is None or flag["flag"] not in FLAG_KEYS:
            break
        codes.insert(0, FLAG_KEYS[flag["flag"]])
        rest = rest[: flag.start()]
    rest = re.sub(r"[ \t]*\0[ \t]*", " ", rest).strip()
    return Said(rest, fields, tuple(codes))


def read_edicue(text: str) -> Said:
    """Take comment and reason code off the end of a clip name in EdiCue's naming.

    >>> read_edicue("Where is she? [N] {plane over}")
    Said(text='Where is she?', fields={'note': 'plane over'}, codes=(), reason_code='N')
    """
    fields: dict[str, str] = {}
    code: str | None = None
    for _ in range(2):
        comment = _COMMENT_AT_END.search(text)
        bracket = _CODE_AT_END.search(text)
        if comment and "note" not in fields:
            fields["note"], text = comment["comment"].strip(), text[: comment.start()]
        elif bracket and code is None and _looks_like_code(bracket["code"]):
            code, text = bracket["code"].strip(), text[: bracket.start()]
    return Said(text.strip(), fields, reason_code=code)


def _looks_like_code(text: str) -> bool:
    """Whether brackets hold a code, as `[N]` and `[AR4]` do and `[laughs]` does not."""
    return re.fullmatch(r"[A-Z][A-Z0-9&+/-]{0,7}", text.strip()) is not None


def read_edicue_track(name: str) -> dict[str, Any]:
    """Read a track name as EdiCue writes it.

    >>> read_edicue_track("Leo Tan[LEO]{J. Smith}")
    {'character': 'Leo Tan', 'prefix': 'LEO', 'actor': 'J. Smith'}
    """
    match = _TRACK.fullmatch(name.strip())
    if match is None:
        return {"character": name.strip()}
    found = {"character": match["name"], "prefix": match["prefix"], "actor": match["actor"]}
    return {key: value.strip() for key, value in found.items() if value and value.strip()}
