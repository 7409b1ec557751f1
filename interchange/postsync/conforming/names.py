"""What a source is called, stripped of what programs and versions add to a name.

One file is `/Vol/A/TOA_0101_V03.0100.exr` in one list, `TOA_0101_V03.MOV` in the next and `TOA_0101_V04.NEW.01` after Media
Composer copied it. Versions of an effects shot become a place-holder and are kept beside it, so that a new version is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from postsync.errors import UnknownOption

EXTENSIONS = frozenset(
    {
        "MOV", "MP4", "M4V", "MXF", "AVI", "MKV", "WAV", "BWF", "AIF", "AIFF", "MP3", "M4A", "CAF", "FLAC", "EXR", "DPX",
        "TIF", "TIFF", "TGA", "PNG", "JPG", "JPEG", "PSD", "PDF", "R3D", "ARI", "ARX", "BRAW", "CINE", "OMF", "AAF",
        "DNG", "CIN", "CR2", "RMF", "MTS", "MPG", "MPEG", "TS", "W64", "RF64", "OGG", "HEIC", "GIF", "BMP", "SGI", "CRM",
        "NEV",
    }
)  # fmt: skip
"""Ends of file names; anything else after a dot is part of the name."""

VERSION_PATTERNS: dict[str, str] = {
    "v-number": r"(?<=_)V(?P<version>\d+[A-Z]?)(?=_|$)",
    "ver-number": r"(?<=_)(?:VER|VERSION|VRS)_?(?P<version>\d+[A-Z]?)(?=_|$)",
    "trailing-number": r"(?<=[A-Z0-9]_)(?P<version>\d{1,3})$",
}
"""How versions of effects shots are written, on names in capitals with `_` for blank, `-` and `.`. The first two are safe in
any list; a plain number at the end is one only where the show says so.

>>> sorted(VERSION_PATTERNS)
['trailing-number', 'v-number', 'ver-number']
"""

DEFAULT_PATTERNS = ("v-number", "ver-number")
"""The ways of writing an effects version that are read unless others are asked for.

>>> DEFAULT_PATTERNS
('v-number', 'ver-number')
"""

_AVID_COPIES = re.compile(r"(?:\.(?:NEW|COPY|SUB)\.\d+)+$")
_FRAME_RANGE = re.compile(r"[._]?\[[\d\s-]+\]|[._]%0?\d*D|[._]#+")
_FRAME_NUMBER = re.compile(r"\.\d{3,8}$")
_ENDS = " \t*•·\u2022"
_PLACE_HOLDER = "V#"
_FOLD = re.compile(r"[\s_.\-]+")
_DAY = re.compile(r"(?<!\d)(?:20)?(?P<day>\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))(?!\d)")


@dataclass(frozen=True)
class SourceName:
    """A name as sources are compared by it: `key` without versions and copies, `version` as written, None without one.

    `plain` is the name with its version, for lists in which versions are shots.
    """

    key: str
    version: str | None = None
    plain: str | None = None


@dataclass(frozen=True)
class Namer:
    """Reads names by some version patterns; keeps what it has read, since a list names one source many times.

    >>> Namer().source("VFX_010_v003.mov").key == Namer().source("vfx 010 V12.NEW.01").key
    True
    """

    patterns: tuple[re.Pattern[str], ...] = field(default_factory=lambda: version_patterns(DEFAULT_PATTERNS))
    _known: dict[str, SourceName] = field(default_factory=lambda: {}, compare=False, repr=False)

    def source(self, text: str) -> SourceName:
        """Give the key and version of a name, a path or a URL."""
        known = self._known.get(text)
        if known is None:
            known = self._known[text] = self._read(text)
        return known

    def _read(self, text: str) -> SourceName:
        plain = _FOLD.sub("_", bare_name(text)).strip("_")
        for pattern in self.patterns:
            match = pattern.search(plain)
            if match is not None:
                key = f"{plain[: match.start()]}{_PLACE_HOLDER}{plain[match.end() :]}"
                return SourceName(key, match["version"].lstrip("0"), plain)
        return SourceName(plain)


def version_patterns(names: Iterable[str]) -> tuple[re.Pattern[str], ...]:
    """Give patterns by the names of `VERSION_PATTERNS`, or made of a show's own: `#` stands for the number (`_cmp#`).

    Raises UnknownOption for a text that is neither.
    """
    return tuple(_pattern(name) for name in names)


@lru_cache(maxsize=256)
def _pattern(text: str) -> re.Pattern[str]:
    if text in VERSION_PATTERNS:
        return re.compile(VERSION_PATTERNS[text])
    if text.count("#") != 1:
        raise UnknownOption(
            "version pattern",
            expected=f"{', '.join(VERSION_PATTERNS)}, or a text with one # for the number",
            found=repr(text),
        )
    before, after = (_FOLD.sub("_", part.upper()) for part in text.split("#"))
    return re.compile(f"(?<={re.escape(before)})(?P<version>\\d+[A-Z]?)(?={re.escape(after)})")


def bare_name(text: str) -> str:
    """Give a name in capitals without folders, frame numbers, extension, and the ends that Media Composer hangs on copies."""
    name = text.replace("\\", "/").rstrip("/").rpartition("/")[2].upper().strip(_ENDS)
    name = _AVID_COPIES.sub("", name)
    head, dot, end = name.rpartition(".")
    while dot and head and (end in EXTENSIONS or _is_cut_extension(name, end)):
        name = _AVID_COPIES.sub("", head)
        head, dot, end = name.rpartition(".")
    name = _FRAME_NUMBER.sub("", _FRAME_RANGE.sub("", name)).strip(_ENDS)
    return name or text.upper().strip()


def _is_cut_extension(name: str, end: str) -> bool:
    """Whether the last part is an extension of which a list of 32 columns kept the beginning."""
    return len(name) == 32 and len(end) < 3 and any(known.startswith(end) for known in ("MOV", "MXF", "WAV"))


@lru_cache(maxsize=65536)
def shooting_day(text: str) -> str | None:
    """Give the day `YYMMDD` that cameras write into the names of rolls (`A192C008_160909_R1BY`), None without one.

    >>> shooting_day("A192C008_160909_R1BY"), shooting_day("12A-3")
    ('160909', None)
    """
    if "_" not in text and "-" not in text:
        return None
    match = _DAY.search(text)
    return match["day"] if match is not None else None
