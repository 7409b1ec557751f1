"""The number scheme of a show: a template such as `{prefix}{reel}{seq:02}`, written and read back.

Tokens are `{reel}`, `{episode}`, `{prefix}`, `{char}`, `{version}` and, once, `{seq}`; `{seq:03}` pads with zeros. All else is
fixed text. Cues that were put in later carry suffix letters right after the sequence (`R106A`), without I and O, which people
take for 1 and 0 on a slate.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from postsync.errors import FormatError

TOKENS = ("reel", "episode", "prefix", "char", "version", "seq")
COUNTERS = ("character", "reel", "character and reel", "global")
SUFFIX_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
DEFAULT_TEMPLATE = "{prefix}{reel}{seq:02}"
LONGEST_SUFFIX = 4

_PIECE = re.compile(r"\{(?P<token>[^{}:]*)(?::(?P<width>[^{}]*))?\}|(?P<text>[^{}]+)|(?P<stray>.)")
_CAPITAL = r"(?![a-zß-öø-ÿα-ωа-џ])[^\W\d_]"
_CREW_PREFIXES = r"(?!(?:VFX|SFX|GFX|CGI?|FX|QC|MX|SH|IMG|DSC|MVI|TC|CAM|V)\d)"
"""Letters by which a marker such as VFX010 is a shot or a take of the crew's, whatever the show's scheme."""

_VALUE_PATTERNS = {
    "reel": r"\d{1,2}(?:[A-Z]{1,2}(?![A-Za-z]))?",
    "episode": r"\w{1,12}",
    "prefix": rf"(?:{_CAPITAL}){{1,6}}",
    "char": r"[^\W_][\w-]{0,30}",
    "version": r"\w{1,12}",
}


@dataclass(frozen=True)
class Piece:
    """A stretch of a template: fixed text, or a token with the least digits that it is written with."""

    text: str = ""
    token: str | None = None
    width: int = 0


@dataclass(frozen=True)
class Series:
    """The numbers of a scheme that share everything but the sequence: `R1` + 06 + `` for Robin in reel 1.

    >>> series = Series(head="R1", tail="", width=2)
    >>> series.write(6), series.read("R106")
    ('R106', (6, ''))
    """

    head: str
    tail: str
    width: int
    letters: str = SUFFIX_LETTERS

    def write(self, sequence: int, suffix: str = "") -> str:
        """Give a number.

        >>> Series("R1", "", 2).write(6, "A")
        'R106A'
        """
        return f"{self.head}{sequence:0{self.width}}{suffix}{self.tail}"

    def read(self, number: str) -> tuple[int, str] | None:
        """Give sequence and suffix of a number of this series; None for any other. Carriers that changed case are forgiven."""
        match = _series_pattern(self).fullmatch(number)
        if match is None:
            return None
        digits = match["seq"]
        if len(digits) > max(1, self.width) and digits.startswith("0"):
            return None
        return int(digits), match["suffix"].upper()


@lru_cache(maxsize=4096)
def _series_pattern(series: Series) -> re.Pattern[str]:
    digits = f"[0-9]{{{max(1, series.width)},9}}"
    suffix = f"[{re.escape(series.letters)}]{{0,{LONGEST_SUFFIX}}}"
    head, tail = re.escape(series.head), re.escape(series.tail)
    return re.compile(rf"{head}(?P<seq>{digits})(?P<suffix>{suffix}){tail}", re.IGNORECASE)


@dataclass(frozen=True)
class NumberScheme:
    """A scheme as the project states it; `padding` is the width of a `{seq}` that states none.

    `{prefix}` is the character's, `{reel}` the reel in numbers, `{seq:02}` the sequence two digits wide; `letters`
    are those of suffixes, in order.

    >>> scheme = NumberScheme("{prefix}{reel}{seq:02}")
    >>> scheme.is_distinct, scheme.letters[:9]
    (True, 'ABCDEFGHJ')
    """

    template: str = DEFAULT_TEMPLATE
    padding: int = 1
    letters: str = SUFFIX_LETTERS

    def __post_init__(self) -> None:
        """Refuse a template that cannot number: an unknown token, a stray brace, no `{seq}` or two."""
        pieces = self.pieces
        unknown = [piece.token for piece in pieces if piece.token is not None and piece.token not in TOKENS]
        if unknown:
            raise FormatError(expected=f"one of {_braced(TOKENS)}", found=f"{{{unknown[0]}}}")
        if [piece.token for piece in pieces].count("seq") != 1:
            raise FormatError(expected="{seq} exactly once", found=repr(self.template))

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """The template taken apart."""
        return tuple(_piece(match, self.padding) for match in _PIECE.finditer(self.template))

    @cached_property
    def tokens(self) -> frozenset[str]:
        """The tokens that the template uses."""
        return frozenset(piece.token for piece in self.pieces if piece.token is not None)

    @property
    def counter(self) -> str:
        """What the sequence counts within, where the project does not say: all that the number itself tells apart."""
        by_character, by_reel = bool(self.tokens & {"prefix", "char"}), "reel" in self.tokens
        names = {(True, True): "character and reel", (True, False): "character", (False, True): "reel"}
        return names.get((by_character, by_reel), "global")

    def series(self, values: Mapping[str, str]) -> Series:
        """Give the series for the values of the tokens; KeyError names the token that has none."""
        place = next(at for at, piece in enumerate(self.pieces) if piece.token == "seq")
        head, tail = (
            "".join(_written(piece, values) for piece in pieces)
            for pieces in (self.pieces[:place], self.pieces[place + 1 :])
        )
        return Series(head, tail, self.pieces[place].width, self.letters)

    def pattern(self, reels: Iterable[str] = ()) -> str:
        """Give a regular expression for the numbers of this scheme, without groups that capture.

        `reels` are the reels of the show as they stand in numbers, where they are known.
        """
        crew = _CREW_PREFIXES if self.pieces[0].token == "prefix" else ""
        return crew + "".join(self._piece_pattern(piece, tuple(reels)) for piece in self.pieces)

    @property
    def is_distinct(self) -> bool:
        """Whether a number cannot be taken for a word of a note: it has letters of its own, or three digits and more."""
        letters = any(re.search(r"[^\W\d_]", piece.text) for piece in self.pieces)
        digits = sum(max(1, piece.width) for piece in self.pieces if piece.token in ("seq", "reel"))
        return letters or bool(self.tokens & {"prefix", "char"}) or digits >= 3

    def prefix_of(self, number: str) -> str | None:
        """Give the prefix that stands in a number of this scheme; None where it does not follow it."""
        match = _prefix_pattern(self).fullmatch(number)
        return None if match is None else match["prefix"]

    def _piece_pattern(self, piece: Piece, reels: tuple[str, ...]) -> str:
        if piece.token is None:
            return (
                f"(?i:{re.escape(piece.text)})" if piece.text.upper() != piece.text.lower() else re.escape(piece.text)
            )
        if piece.token == "seq":
            width = max(1, piece.width)
            # One digit more than the show pads for, as sequences do run over; a year after a reel's digit must not.
            return rf"[0-9]{{{width},{max(width + 1, 4)}}}[{re.escape(self.letters)}]{{0,{LONGEST_SUFFIX}}}"
        if piece.token == "reel" and reels:
            ordered = sorted({_padded(reel, piece.width) for reel in reels}, key=len, reverse=True)
            return f"(?:{'|'.join(map(re.escape, ordered))})"
        return f"(?:{_VALUE_PATTERNS[piece.token]})"


@lru_cache(maxsize=64)
def _prefix_pattern(scheme: NumberScheme) -> re.Pattern[str]:
    parts = [scheme._piece_pattern(piece, ()) for piece in scheme.pieces]  # pyright: ignore[reportPrivateUsage]
    named = [
        f"(?P<prefix>{part})" if piece.token == "prefix" else part
        for piece, part in zip(scheme.pieces, parts, strict=True)
    ]
    return re.compile("".join(named) if "prefix" in scheme.tokens else r"(?P<prefix>)(?!)")


def _piece(match: re.Match[str], padding: int) -> Piece:
    if match["stray"]:
        raise FormatError(expected=f"fixed text and {_braced(TOKENS)}", found=f"a brace alone: {match['stray']!r}")
    if match["text"] is not None:
        return Piece(match["text"])
    token, width = match["token"].strip(), match["width"]
    if width is not None and not re.fullmatch(r"0?[1-9]", width.strip()):
        raise FormatError(expected="a width such as {seq:03}", found=match[0])
    return Piece("", token, int(width) if width else padding if token == "seq" else 0)


def _braced(tokens: Iterable[str]) -> str:
    return ", ".join(f"{{{token}}}" for token in tokens)


def _written(piece: Piece, values: Mapping[str, str]) -> str:
    return piece.text if piece.token is None else _padded(values[piece.token], piece.width)


def _padded(value: str, width: int) -> str:
    return value.zfill(width) if value.isdecimal() else value


def reel_in_numbers(name: str) -> str:
    """Give a reel's name as it stands in numbers: from its first digit on, without zeros before; `R1` and `Reel 01` are 1.

    >>> reel_in_numbers("R3AB"), reel_in_numbers("Trailer")
    ('3AB', 'Trailer')
    """
    match = re.fullmatch(r"\D*?0*(?P<reel>\d\w*)", name.strip())
    return match["reel"] if match else "".join(name.split())
