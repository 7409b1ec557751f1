"""From text to the list model: each line is looked at once and becomes an event or a note.

An event is found by the four times at its end, then by channel and transition; what is left between number and channel is
the reel, which may hold blanks. Columns are never counted: no two programs agree on them.
"""

from __future__ import annotations

import re

from postsync.formats import decode_text
from postsync.report import Report
from postsync_adapters.edl.lists import EditList, Event, Line, Note
from postsync_adapters.edl.tables import BARE_PATTERNS, CHANNEL, DURATION, LABEL, NOTE_PATTERNS, TRANSITION

_MIX = rf"(?:({TRANSITION})(?:\s+({DURATION}))?|()({DURATION}))"
_TIMES = rf"\s+({LABEL}|\d+)\s+({LABEL}|\d+)\s+({LABEL})\s+({LABEL})\s*$"
_REEL = r"\s*(\d+[A-Z]?)\s+(?:(\S.*?)\s+)??"

EVENT = re.compile(rf"{_REEL}({CHANNEL})\s+{_MIX}{_TIMES}", re.IGNORECASE | re.ASCII)
"""An event as every program writes it."""

ODD_EVENT = re.compile(
    rf"{_REEL}(\S+)(?:\s+{_MIX})?\s+((?![A-Z]+\s)\S+)\s+((?![A-Z]+\s)\S+)\s+({LABEL})\s+({LABEL})\s*$",
    re.IGNORECASE | re.ASCII,
)
"""An event with a channel that nobody knows, without its transition, or with a source that is no time; a word is no time."""

TRAILED = re.compile(rf"(\s*\d.*\s{LABEL}\s+{LABEL})\s+(\S.*)$", re.ASCII)
"""An event with words behind its times: a mark, a shot name."""

DAMAGED = re.compile(r"\s*\d+\s+\S.*?(?<!\S)\d\d?[:;]\d\d[:;]\d\d[:;]?\d*")
"""What was an event: a number, words, and something like a time."""

_NOTES = "|".join(f"(?P<{kind}>{pattern})" for kind, pattern in NOTE_PATTERNS)
_BARE = "|".join(f"(?P<{kind}>{pattern})" for kind, pattern in BARE_PATTERNS)
NOTE = re.compile(rf"[\s*]*(?:{_NOTES})\s*", re.IGNORECASE | re.ASCII)
BARE = re.compile(rf"\s*(?:{_BARE})\s*", re.IGNORECASE | re.ASCII)
MARKER = re.compile(r"\|D:\s*\d+\s*$")
"""The end of a marker as Resolve, Frame.io and their like write it."""

LONGEST = 2000
"""No program writes an event line longer than this; a longer one is text."""

_PADDING = {0: " ", 0x1A: " "}
_STARS = re.compile(r"[\s*]+")


def parse_bytes(data: bytes, report: Report | None = None) -> EditList:
    """Read a file's bytes as a list, whatever their encoding; padding at the end of blocks is white space."""
    text = decode_text(data, report)
    found = parse_text(text.text)
    found.encoding, found.mark = text.encoding, text.mark
    return found


def parse_text(text: str) -> EditList:
    """Read text as a list. Nothing is refused: what is not understood is kept as it stands.

    >>> parse_text("TITLE: R1\\n* FROM CLIP NAME:  12A-3\\n").title
    'R1'
    """
    if "\0" in text or "\x1a" in text:
        text = text.translate(_PADDING)
    newline = "\r\n" if "\r\n" in text else "\r" if "\r" in text and "\n" not in text else "\n"
    rows = text.replace("\r\n", "\n").replace("\r", "\n").split("\n") if "\r" in text else text.split("\n")
    while rows and not rows[-1].strip():
        rows.pop()
    lines = [_line(number, row) for number, row in enumerate(rows, 1)]
    if any(line[1] == "damaged" for line in lines):
        lines = [part for line in lines for part in _parts(line)]
    return EditList(lines, _dialect(lines), newline=newline)


def _line(number: int, row: str) -> Line:
    """Read one line."""
    bare = row.lstrip()
    if not bare:
        return Note(number, "blank", "", "")
    if len(row) > LONGEST:
        return Note(number, "star" if bare[0] == "*" else "text", "", row.rstrip())
    if bare[0].isdecimal():
        return _numbered(number, row)
    match = NOTE.match(row) or (BARE.match(row) if bare[0] != "*" else None)
    if match is not None:
        return Note(number, str(match.lastgroup), match[0], row[match.end() :].rstrip())
    if bare[0] == "*":
        head = _STARS.match(row)
        assert head is not None
        return Note(number, "star", head[0].rstrip("\n"), row[head.end() :].rstrip())
    return _free(number, row)


def _numbered(number: int, row: str) -> Line:
    match = EVENT.match(row)
    if match is not None:
        digits, reel, channels, transition, duration, _, bare, *times = match.groups("")
        return Event(number, digits, reel, channels, transition, duration or bare, *times)
    match = ODD_EVENT.match(row)
    if match is not None:
        digits, reel, channels, transition, duration, _, bare, *times = match.groups("")
        return Event(number, digits, reel, channels, transition, duration or bare, *times)
    if DAMAGED.match(row):
        return Note(number, "damaged", "", row.rstrip())
    return _free(number, row)


def _parts(line: Line) -> list[Line]:
    """Give an event that only has words behind its times as the event and a line of those words."""
    trailed = TRAILED.match(line.text) if isinstance(line, Note) and line.kind == "damaged" else None
    event = _numbered(line.line, trailed[1]) if trailed is not None else line
    if trailed is None or not isinstance(event, Event):
        return [line]
    return [event, Note(line.line, "text", "", trailed[2].rstrip())]


def _free(number: int, row: str) -> Note:
    return Note(number, "marker" if MARKER.search(row) else "text", "", row.rstrip())


def _dialect(lines: list[Line]) -> str:
    """Say which columns a list has, by the digits of its numbers and its longest reel."""
    events = [line for line in lines if isinstance(line, Event)]
    if not events or max(len(event.number) for event in events) < 6:
        return "cmx3600"
    longest = max(len(event.reel) for event in events)
    return "file16" if longest <= 16 else "file32" if longest <= 32 else "file128"
