"""What notes say: speed, locators, markers, colour decisions, levels, patches, splits, and comments that were wrapped.

Each reader takes the value of a note and gives a record, or None where it is damaged; damaged ones stay in the list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from postsync_adapters.edl.lists import Note
from postsync_adapters.edl.tables import LABEL

_FPS = r"(?P<fps>-?\d{1,4}(?:\.\d+)?)"
_SPEEDS = (
    re.compile(rf"(?:(?P<reel>\S.*)\s+)?{_FPS}\s+(?P<rest>{LABEL})$"),
    re.compile(rf"(?P<reel>\S.*?)\s+{_FPS}(?:\s+(?P<rest>\S.*))?$"),
    re.compile(rf"(?P<reel>.*?)\s*(?<![\w.]){_FPS}(?:\s+(?P<rest>\S.*))?$"),
)
"""Surest first: a reel may be a number too, and hold blanks."""
_SPOT = re.compile(
    r"(?P<spot>(?:\d{1,2}[:;.]){2,3}\d{2,3}|\d+)(?:\s+(?P<colour>[A-Za-z]+))?(?:\s(?P<text>.*))?$", re.DOTALL
)
_LENGTH = re.compile(r"\s*\|D:\s*(\d+)\s*$")
_MARKER = re.compile(
    r"(?P<note>.*?)(?:\|C:(?P<colour>[^|\n]*))?(?:\|M:(?P<name>.*))?\|D:\s*(?P<length>\d+)\s*$", re.DOTALL
)
_NUMBER = re.compile(r"[-+]?\d*\.?\d+(?:[eE][-+]?\d+)?")
_LEVEL = re.compile(
    rf"(?P<at>{LABEL})\s+IS\s+(?P<db>\S+)\s+DB(?:\s+\(REEL\s+(?P<reel>.*?)\s+A(?P<channel>\d+)\))?", re.IGNORECASE
)
_PATCH = re.compile(r"(?P<reel>.*?):?\s+FROM SOURCE (?P<source>\d+) TO RECORD (?P<record>\d+)", re.IGNORECASE)
_MIX = re.compile(
    r"\D*?(?P<channel>\d+) VOL\s*=\s*(?P<db>[-+]?[\d.]+)\s*DB(?:\s+PAN\s+(?P<pan>[LR]\d+|MID|C))?", re.IGNORECASE
)
_SPLIT = re.compile(rf"(?P<part>AUDIO|VIDEO) DELAY\s*=\s*(?P<delay>-?{LABEL})", re.IGNORECASE)
_REPLACED = re.compile(r"(?P<was>.*?)\s+REPLACED BY:\s*(?P<now>.*)$", re.IGNORECASE)
_SOURCE = re.compile(r"(?P<reel>.*?)\s+(?P<name>\S+)\s+(?P<umid>[0-9a-f]{16,}\S*)\s*$", re.IGNORECASE)

WRAPPED = 80
"""Media Composer breaks a comment after this many characters, in the middle of a word."""


@dataclass(frozen=True)
class Speed:
    """An `M2` line: the reel, the frames of it that play each second (negative backwards, 0 a freeze), where it is entered."""

    reel: str
    fps: Fraction
    entry: str = ""


def speed_of(note: Note) -> Speed | None:
    """Read an M2 line."""
    value = note.value.strip()
    match = next((found for pattern in _SPEEDS if (found := pattern.match(value))), None)
    if match is None:
        return None
    return Speed((match["reel"] or "").strip(), Fraction(match["fps"]), (match["rest"] or "").strip())


@dataclass(frozen=True)
class Spot:
    """A locator or marker: where (a label as written), colour as written, name, text, length in frames."""

    line: int
    label: str
    colour: str
    text: str
    name: str = ""
    user: str = ""
    track: str = ""
    length: int = 0


def locator_of(note: Note) -> Spot | None:
    """Read a `LOC:` line."""
    match = _SPOT.match(note.value.strip())
    if match is None:
        return None
    text = (match["text"] or "").strip()
    length = _LENGTH.search(text)
    if length is not None:
        text = text[: length.start()]
    return Spot(note.line, match["spot"], match["colour"] or "", text, length=int(length[1]) if length else 0)


def marker_of(lines: Iterable[Note], label: str) -> Spot | None:
    """Read the marker that follows an event: free lines, the last of which ends in `|D:`; read from the right."""
    notes = list(lines)
    body = "\n".join(note.text for note in notes)
    head, bar, tail = body.rpartition("|C:") if "|C:" in body else ("", "", "")
    match = _MARKER.match(bar + tail if bar else body)
    if match is None or not notes:
        return None
    note = head if bar else match["note"]
    return Spot(
        notes[-1].line, label, (match["colour"] or "").strip(), note.strip(), (match["name"] or "").strip(),
        length=int(match["length"]),
    )  # fmt: skip


def markers_of(notes: Iterable[Note], label: str) -> list[Spot]:
    """Give every marker among the notes of an event, each with the free lines before it."""
    found: list[Spot] = []
    body: list[Note] = []
    for note in notes:
        if note.kind == "text":
            body.append(note)
        elif note.kind == "marker":
            spot = marker_of([*body, note], label)
            found += [spot] if spot is not None else []
            body = []
    return found


def table_of_markers(notes: Iterable[Note]) -> list[Spot]:
    """Read the table that Media Composer puts at the end when asked for markers there; columns as in its header."""
    found: list[Spot] = []
    columns: list[int] = []
    for note in notes:
        row = note.value
        if "Marker Name" in row and "Start TC" in row:
            names = ("Color", "Marker Name", "Start TC", "End TC", "Duration", "Track", "Part", "Comment")
            columns = [note.text.find(name) for name in names]
        elif columns and -1 not in columns and note.kind == "star" and row[:1].isdecimal():
            cells = [note.text[a:b].strip() for a, b in zip(columns, [*columns[1:], None], strict=True)]
            if re.fullmatch(LABEL, cells[2]):
                length = int(cells[4]) if cells[4].isdecimal() else 0
                found.append(
                    Spot(note.line, cells[2], cells[0], cells[7], user=cells[1], track=cells[5], length=length)
                )
    return found


def colour_decision(sop: Note | None, sat: Note | None) -> dict[str, Any]:
    """Read ASC_SOP and ASC_SAT as the official adapter keeps them; damaged numbers are left out."""
    result: dict[str, Any] = {}
    numbers = [] if sop is None else [float(one) for one in _NUMBER.findall(sop.value)]
    if len(numbers) == 9:
        result["asc_sop"] = {"slope": numbers[0:3], "offset": numbers[3:6], "power": numbers[6:9]}
    one = None if sat is None else _NUMBER.search(sat.value)
    if one is not None:
        result["asc_sat"] = float(one[0])
    return result


@dataclass(frozen=True)
class Level:
    """A level of a sound clip at a source label; on every channel where `channel` is None. `pan` from -1 to 1."""

    label: str | None
    db: float
    channel: int | None
    pan: float | None = None


def level_of(note: Note) -> Level | None:
    """Read Premiere's `AUDIO LEVEL AT` or Media Composer's `A12 VOL =` line."""
    match = (_LEVEL if note.kind == "level" else _MIX).match(note.value if note.kind == "level" else note.text)
    if match is None or _NUMBER.fullmatch(match["db"]) is None:
        return None
    channel = int(match["channel"]) if match["channel"] else None
    if note.kind == "level":
        return Level(match["at"], float(match["db"]), channel)
    return Level(None, float(match["db"]), channel, _pan(match["pan"]))


def _pan(text: str | None) -> float | None:
    if text is None:
        return None
    if text[0] not in "LRlr":
        return 0.0
    return int(text[1:]) / 100 * (-1 if text[0] in "Ll" else 1)


def patches_of(notes: Iterable[Note]) -> dict[int, int]:
    """Give the source channel of each record channel that a `PATCH` line names."""
    found = (_PATCH.match(note.value) for note in notes if note.kind == "patch")
    return {int(match["record"]): int(match["source"]) for match in found if match is not None}


def split_of(note: Note) -> tuple[str, str] | None:
    """Read a `SPLIT:` line: the part that is late, `V` or `A`, and by what label."""
    match = _SPLIT.search(note.value)
    return None if match is None else (match["part"][0].upper(), match["delay"])


def replaced_reel(note: Note) -> tuple[str, str] | None:
    """Read `FINAL CUT PRO REEL: x REPLACED BY: y` as (original, reel of the list)."""
    match = _REPLACED.match(note.value.strip())
    return None if match is None else (match["was"].strip(), match["now"].strip())


def source_ids(notes: Iterable[Note]) -> dict[str, tuple[str, str]]:
    """Give Avid's id and file of each reel in the table at a list's end; reels that stand for several are left out."""
    found: dict[str, tuple[str, str]] = {}
    twice: set[str] = set()
    reel = ""
    for note in notes:
        match = _SOURCE.match(note.value) if note.kind == "source_table" else None
        if match is not None:
            reel = match["reel"].strip()
            twice |= {reel} if reel in found else set()
            found[reel] = (match["umid"], "")
        elif note.kind == "source_file" and reel in found and not found[reel][1]:
            found[reel] = (found[reel][0], note.value.strip())
    return {reel: facts for reel, facts in found.items() if reel not in twice}


def comments_of(notes: Iterable[Note]) -> str:
    """Give the free comments of an edit, a line each; lines that the program broke at its width are joined."""
    rows: list[str] = []
    full = False
    for note in notes:
        if note[1] not in ("star", "comment"):
            continue
        body = _body(note)
        if full and note.kind == "star":
            rows[-1] = rows[-1].ljust(WRAPPED) + body if len(body) else rows[-1]
        elif body.strip():
            rows.append(body)
        full = note.kind == "star" and bool(rows) and WRAPPED - 1 <= len(body) <= WRAPPED
    return "\n".join(row.strip() for row in rows)


def _body(note: Note) -> str:
    """Give a comment behind its star and one blank, with the blanks that a break left at its beginning."""
    return note.value if note.kind == "comment" else note.text.lstrip().removeprefix("*").removeprefix(" ")
