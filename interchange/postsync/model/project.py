"""The project file, `postsync.toml`: what holds for a whole show and lies beside the work.

Looked for in the folder of the work and upwards. Unknown keys are refused by name, since a misspelt one would silently do
nothing.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

from postsync.errors import FormatError
from postsync.timing import Rate, as_rate, parse_timecode

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib  # pyright: ignore[reportMissingImports]

FILE_NAME = "postsync.toml"
PAPERS = ("A4", "Letter")
Dialect = Literal["auto", "tags", "edicue", "plain"]
DIALECTS: tuple[Dialect, ...] = get_args(Dialect)


@dataclass(frozen=True)
class Reel:
    """One reel: its name, first label, first and last frame of action as labels."""

    name: str
    start: str | None = None
    ffoa: str | None = None
    lfoa: str | None = None


@dataclass(frozen=True)
class CueRules:
    """What makes a plain marker a cue, beside its text.

    `words` are looked for as whole words in a marker's name or user, `colours` and `users` are compared whole;
    `number_pattern` is a regular expression for cue numbers of the show. `dialect` is the notation of names: auto, tags,
    edicue or plain; `tag_keys` are keys of the tag language that the show adds.
    """

    words: tuple[str, ...] = ("ADR",)
    colours: tuple[str, ...] = ()
    users: tuple[str, ...] = ("ADR",)
    dialect: Dialect = "auto"
    tag_keys: tuple[str, ...] = ()
    number_pattern: str = r"(?:ADR[ _-]?)?(?=[A-Z0-9-]*\d)[A-Z]{0,4}\d{1,5}(?:-[A-Z]{1,4}-\d{1,4})?[A-Z]{0,2}"


@dataclass(frozen=True)
class Project:
    """A show as its project file states it; every field has a default, so no file is needed."""

    show: str | None = None
    episode: str | None = None
    client: str | None = None
    supervisor: str | None = None
    picture_version: str | None = None
    rate: Rate | None = None
    reels: tuple[Reel, ...] = ()
    paper: str = "A4"
    cue_rules: CueRules = field(default_factory=CueRules)
    path: Path | None = None

    def reel_at(self, frame: int, rate: Rate) -> str | None:
        """Give the name of the reel that a frame, counted from 00:00:00:00, belongs to: the last that starts before it."""
        starts = [(parse_timecode(reel.start, rate), reel.name) for reel in self.reels if reel.start]
        before = [(start, name) for start, name in starts if start <= frame]
        return max(before)[1] if before else None


_TEXTS = ("show", "episode", "client", "supervisor", "picture_version", "paper")
_KEYS = {*_TEXTS, "rate", "drop_frame", "reels", "cues"}


def find_project(beside: Path) -> Project:
    """Give the project of a work: the `postsync.toml` in its folder or the nearest above, else an empty one."""
    folder = beside.resolve() if beside.is_dir() else beside.resolve().parent
    for place in (folder, *folder.parents):
        candidate = place / FILE_NAME
        if candidate.is_file():
            return read_project(candidate)
    return Project()


def read_project(path: Path) -> Project:
    """Read a project file; FormatError names the key that is wrong."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise FormatError(f"not TOML: {fault}", path=path) from fault
    unknown = sorted(set(data) - _KEYS)
    if unknown:
        raise FormatError(path=path, place=unknown[0], expected=f"one of {', '.join(sorted(_KEYS))}", found=unknown[0])
    texts = {name: _text(data, name, path) for name in _TEXTS if name in data}
    if texts.get("paper", "A4") not in PAPERS:
        raise FormatError(path=path, place="paper", expected=" or ".join(PAPERS), found=str(texts["paper"]))
    rate = as_rate(str(data["rate"]), drop=bool(data.get("drop_frame", False))) if "rate" in data else None
    return Project(**texts, rate=rate, reels=_reels(data, path, rate), cue_rules=_cue_rules(data, path), path=path)


def _text(data: dict[str, Any], name: str, path: Path) -> Any:
    if not isinstance(data[name], (str, int)):
        raise FormatError(path=path, place=name, expected="text", found=repr(data[name]))
    return str(data[name])


def _reels(data: dict[str, Any], path: Path, rate: Rate | None) -> tuple[Reel, ...]:
    fields = {"name", "start", "ffoa", "lfoa"}
    reels: list[Reel] = []
    for number, entry in enumerate(data.get("reels", []), start=1):
        if not isinstance(entry, dict) or "name" not in entry or set(entry) - fields:
            raise FormatError(path=path, place=f"reels {number}", expected="name, start, ffoa, lfoa", found=str(entry))
        for label in ("start", "ffoa", "lfoa"):
            if label in entry and rate is not None:
                parse_timecode(str(entry[label]), rate, path=path, place=f"reels {number} {label}")
        reels.append(Reel(**{name: str(text) for name, text in entry.items()}))
    return tuple(reels)


def _cue_rules(data: dict[str, Any], path: Path) -> CueRules:
    entry = data.get("cues", {})
    fields = {"words", "colours", "users", "number_pattern", "dialect", "tag_keys"}
    if not isinstance(entry, dict) or set(entry) - fields:
        raise FormatError(path=path, place="cues", expected=", ".join(sorted(fields)), found=str(entry))
    default = CueRules()
    words, colours, users, tag_keys = (
        tuple(str(item) for item in entry.get(name, getattr(default, name)))
        for name in ("words", "colours", "users", "tag_keys")
    )
    dialect = entry.get("dialect", default.dialect)
    if dialect not in DIALECTS:
        raise FormatError(path=path, place="cues dialect", expected=" or ".join(DIALECTS), found=repr(dialect))
    pattern = str(entry.get("number_pattern", default.number_pattern))
    return CueRules(words, colours, users, dialect, tag_keys, pattern)
