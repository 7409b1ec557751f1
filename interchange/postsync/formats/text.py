"""Bytes to text and back, for the lists and logs that never say how they are encoded.

Order: byte order mark, UTF-16 by its zeros, strict UTF-8, then what the applications wrote before it: GB18030 and Shift-JIS
(Premiere and Media Composer on Chinese and Japanese systems), Windows-1252, Mac Roman. Never fails, and the text encodes to
the very bytes that it was read from.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from postsync.errors import UnknownOption
from postsync.report import Report

MARKS = {
    "utf-8": codecs.BOM_UTF8,
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
}
"""Byte order marks by the codec that they announce.

>>> MARKS["utf-8"]
b'\\xef\\xbb\\xbf'
"""

NAMES = {
    "utf-8": "UTF-8", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16", "gb18030": "GB18030", "shift_jis": "Shift-JIS",
    "cp1252": "Windows-1252", "mac_roman": "Mac Roman",
}  # fmt: skip

_COMMON = frozenset("àáâãäåæçèéêëìíîïñòóôõöøùúûüýÿœßÀÁÂÄÅÆÇÈÉÊËÍÎÑÓÔÖØÙÚÛÜŒ‘’“”–—…«»°©®™€£¿¡·•\xa0")
"""What stands beyond ASCII in the names and lines of people who write Latin letters."""

_HIGH_RUNS = re.compile(rb"[\x80-\xff]+")
_GB_WORDS = re.compile(rb"(?:[\xb0-\xf7][\xa1-\xfe]|[\xa1-\xa9][\xa1-\xfe])+")
_KANA_OR_KANJI = re.compile(r"[\u3000-\u30ff\u4e00-\u9fff\uff01-\uff9f]+")


@dataclass(frozen=True)
class Text:
    """A text and how it lay in its file: the name of the codec, and the byte order mark before it.

    >>> decode_text(b"\\xef\\xbb\\xbfHold there!")
    Text(text='Hold there!', encoding='utf-8', mark=b'\\xef\\xbb\\xbf')
    """

    text: str
    encoding: str = "utf-8"
    mark: bytes = b""

    @property
    def guessed(self) -> bool:
        """Whether nothing in the file says that this is the encoding."""
        return not self.mark and self.encoding not in ("utf-8", "utf-16-le", "utf-16-be")


def decode_text(
    data: bytes, report: Report | None = None, encoding: str | None = None, usual: str | None = None
) -> Text:
    """Read bytes as text, saying in the report when the encoding was guessed; `encoding` overrules the guess.

    `usual` is what the application writes beside UTF-8: it is taken before any other whose letters are no likelier.

    Raises UnknownOption where there is no such encoding, or the bytes are not in it.

    >>> decode_text(b"Ren\\x8e, where?").text
    'René, where?'
    """
    found = _marked(data) or _named(data, encoding) or _unmarked(data, usual)
    if report is not None and encoding is None and found.guessed:
        report.note("text-encoding-guessed", encoding=NAMES[found.encoding])
    return found


def encode_text(text: str, encoding: str = "utf-8", mark: bytes = b"") -> bytes | None:
    """Give the bytes of a text; None where the encoding has no place for one of its letters.

    >>> encode_text("Où?", "cp1252"), encode_text("Да", "cp1252")
    (b'O\\xf9?', None)
    """
    try:
        return mark + _encoded(text, encoding)
    except UnicodeEncodeError:
        return None


def known_encoding(name: str) -> str:
    """Give the codec's own name for a spelling of it; UnknownOption where there is none.

    >>> known_encoding("Mac Roman"), known_encoding("UTF8")
    ('mac_roman', 'utf-8')
    """
    try:
        codec = codecs.lookup(name).name
    except (LookupError, ValueError) as fault:
        raise UnknownOption(
            "option encoding", expected="a text encoding such as mac_roman", found=repr(name)
        ) from fault
    return {"mac-roman": "mac_roman"}.get(codec, codec)


def _marked(data: bytes) -> Text | None:
    for encoding, mark in MARKS.items():
        if data.startswith(mark):
            body = data[len(mark) :]
            try:
                return Text(body.decode(encoding), encoding, mark)
            except UnicodeDecodeError:
                return None
    return None


def _named(data: bytes, encoding: str | None) -> Text | None:
    if encoding is None:
        return None
    codec = known_encoding(encoding)
    try:
        return Text(_decoded(data, codec), codec)
    except UnicodeDecodeError as fault:
        raise UnknownOption(
            "option encoding", expected=f"an encoding that the file is in, not {encoding}", found=f"byte {fault.start}"
        ) from fault


def _unmarked(data: bytes, usual: str | None = None) -> Text:
    for encoding in ("utf-16-le", "utf-16-be"):
        if _looks_wide(data, encoding):
            return Text(data.decode(encoding), encoding)
    try:
        return Text(data.decode("utf-8"))
    except UnicodeDecodeError:
        pass
    singles = sorted(("cp1252", "mac_roman"), key=lambda encoding: encoding != usual)
    readings = [Text(_decoded(data, encoding), encoding) for encoding in singles]
    if usual is not None and all(letter in _COMMON for letter in readings[0].text if ord(letter) > 0x7F):
        return readings[0]
    double = _double_byte(data)
    if double is not None:
        return Text(data.decode(double), double)
    return max(readings, key=lambda reading: _likeness(reading.text))


def _looks_wide(data: bytes, encoding: str) -> bool:
    """Whether every other byte of the head is zero, as Latin text in UTF-16 has it, and the whole decodes."""
    head = data[:256]
    zeros = head[1::2] if encoding == "utf-16-le" else head[::2]
    others = head[::2] if encoding == "utf-16-le" else head[1::2]
    if len(head) < 8 or len(data) % 2 or zeros.count(0) * 10 < len(zeros) * 9 or others.count(0):
        return False
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _double_byte(data: bytes) -> str | None:
    """Give GB18030 or Shift-JIS where every run of high bytes is made of whole characters of it."""
    runs = _HIGH_RUNS.findall(data)
    if all(_GB_WORDS.fullmatch(run) for run in runs) and _decodes(data, "gb18030"):
        return "gb18030"
    if not _decodes(data, "shift_jis"):
        return None
    beyond = [letter for letter in data.decode("shift_jis") if ord(letter) > 0x7F]
    whole = [letter for letter in beyond if _KANA_OR_KANJI.fullmatch(letter) and not "\uff61" <= letter <= "\uff9f"]
    return "shift_jis" if whole and len(whole) * 10 >= len(beyond) * 9 else None


def _decodes(data: bytes, encoding: str) -> bool:
    """Whether the bytes decode and encode to themselves again."""
    try:
        return data.decode(encoding).encode(encoding) == data
    except UnicodeError:
        return False


def _likeness(text: str) -> int:
    """Count what people write beyond ASCII; a capital in the middle of a word is a sign of the wrong table."""
    score = 0
    for place, letter in enumerate(text):
        if letter > "\x7f":
            score += 2 if letter in _COMMON else -1
            after_small = place and text[place - 1].isalpha() and text[place - 1].islower()
            score -= 2 if letter.isupper() and after_small else 0
    return score


def _windows_table() -> str:
    """Give Windows-1252 with a letter for each byte: the five that it leaves open are the controls of that number."""
    return "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(256))


_WINDOWS = _windows_table()
_WINDOWS_BYTES = {letter: byte for byte, letter in enumerate(_WINDOWS)}


def _decoded(data: bytes, encoding: str) -> str:
    if encoding == "cp1252":
        return data.decode("latin-1").translate(dict(enumerate(_WINDOWS)))
    return data.decode(encoding)


def _encoded(text: str, encoding: str) -> bytes:
    if encoding != "cp1252":
        return text.encode(encoding)
    try:
        return bytes(_WINDOWS_BYTES[letter] for letter in text)
    except KeyError as fault:
        raise UnicodeEncodeError(encoding, text, 0, 1, "no such letter") from fault
