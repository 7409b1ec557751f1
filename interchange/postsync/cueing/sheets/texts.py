"""Small values as the text of one cell, and back: lists, exact seconds, and cells that a spreadsheet would run.

Every writer here has a reader that gives the same value again. Exact seconds carry an `s`: a bare `1/2` in a CSV is a date
to Excel, and a bare `10.25` may come back as `10,25`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction

from postsync.model import SyncPoint

LISTED = ",;\n"
"""What stands between the items of a list of codes."""

_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_GUARDED = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")
_ITEM = re.compile(r'\s*"(?P<quoted>(?:[^"]|"")*)"\s*(?P<end>$|[,;\n])|(?P<bare>[^,;\n]*)(?P<mark>$|[,;\n])')
_LINE = re.compile(r'"(?P<quoted>(?:[^"]|"")*)"[ \t]*(?:\n|$)|(?P<bare>[^\n]+)(?:\n|$)')
_EXACT = re.compile(
    r"(?P<value>-?\d{1,18}(?:[.,]\d{1,18}|/\d{0,17}[1-9]\d{0,17})?)\s*(?:s|sec|seconds?)?", re.IGNORECASE
)
_SYNC_POINT = re.compile(r"(?P<time>-?[\d./]+ s)(?: (?P<label>.*))?", re.DOTALL)


def inert(cell: str) -> str:
    """Keep a spreadsheet from running a cell: an apostrophe before what would be a formula.

    >>> inert("-No!"), live(inert("-No!"))
    ("'-No!", '-No!')
    """
    return f"'{cell}" if _FORMULA.match(cell) else cell


def live(cell: str) -> str:
    """Take the apostrophe of `inert` off again."""
    return cell[1:] if cell[:1] == "'" and _GUARDED.match(cell) else cell


def typed_inert(cell: str) -> str:
    """Guard the text of a cell that is typed as text: only what `live` would otherwise take an apostrophe from.

    A CSV of ours that was saved as XLSX brings its apostrophes along, so readers of both take them off.
    """
    return f"'{cell}" if cell[:1] == "'" and _GUARDED.match(cell) else cell


def join_list(items: Iterable[str], joint: str = ", ", marks: str = LISTED) -> str:
    """Write a list in one cell; an item that a reader would take apart at `marks` stands in quote marks.

    >>> join_list(["noise", "plane, car"])
    'noise, "plane, car"'
    """
    return joint.join(_item(item, marks) for item in items)


def _item(item: str, marks: str) -> str:
    if item and item == item.strip() and not item.startswith('"') and not any(mark in item for mark in marks):
        return item
    return '"{}"'.format(item.replace('"', '""'))


def split_list(text: str) -> list[str]:
    """Take a list of a cell apart at commas, semicolons and line breaks."""
    items: list[str] = []
    place = 0
    while place < len(text):
        match = _ITEM.match(text, place)
        if match is None:
            break
        quoted, bare = match["quoted"], (match["bare"] or "").strip()
        if quoted is not None:
            items.append(quoted.replace('""', '"'))
        elif bare:
            items.append(bare)
        place = max(match.end(), place + 1)
    return items


def split_lines(text: str) -> list[str]:
    """Take a cell apart at line breaks alone, as wordings of a line stand in it; quoted items may hold breaks."""
    items: list[str] = []
    for match in _LINE.finditer(text):
        if match["quoted"] is not None:
            items.append(match["quoted"].replace('""', '"'))
        elif match["bare"].strip():
            items.append(match["bare"].strip())
    return items


def exact_text(seconds: Fraction) -> str:
    """Write exact seconds: decimals where they end, else a fraction.

    >>> exact_text(Fraction(41, 4)), exact_text(Fraction(1001, 24000))
    ('10.25 s', '1001/24000 s')
    """
    digits = _decimals(seconds.denominator)
    if digits is None:
        return f"{seconds.numerator}/{seconds.denominator} s"
    if digits == 0:
        return f"{seconds.numerator} s"
    whole, rest = divmod(abs(seconds.numerator) * 10**digits // seconds.denominator, 10**digits)
    return f"{'-' if seconds < 0 else ''}{whole}.{rest:0{digits}} s"


def _decimals(denominator: int) -> int | None:
    """Give how many decimals a fraction has, None where they do not end within nine."""
    return next((digits for digits in range(10) if 10**digits % denominator == 0), None)


def parse_exact(text: str) -> Fraction:
    """Read exact seconds; ValueError where the text is none."""
    match = _EXACT.fullmatch(text.strip())
    if match is None:
        raise ValueError(text)
    return Fraction(match["value"].replace(",", "."))


def sync_points_text(points: Iterable[SyncPoint]) -> str:
    """Write the anchors of a line: `12.5 s hand on door, 13 s slam`."""
    return join_list(f"{exact_text(point.time)} {point.label}".rstrip() for point in points)


def parse_sync_points(text: str) -> tuple[SyncPoint, ...]:
    """Read anchors; ValueError where one has no time."""
    points: list[SyncPoint] = []
    for item in split_list(text):
        match = _SYNC_POINT.fullmatch(item)
        if match is None:
            raise ValueError(item)
        points.append(SyncPoint(parse_exact(match["time"]), match["label"] or ""))
    return tuple(points)
