"""The listing of memory locations, whose names and comments may hold tabs and line breaks as they are.

They can be told apart again because every cell but the last is filled with blanks to a width, and the filling counts a tab or
a break as one character. A break inside a comment is followed by the cells before it, empty, up to where comments begin.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from postsync_adapters.pro_tools_text.session import MarkerRow

_START = re.compile(
    r"(?P<number>\d+) *\t(?P<location>[^\t]*)\t(?P<reference>[^\t]*)\t(?P<units>Samples|Ticks) *(?:\t|$)(?P<rest>.*)",
    re.DOTALL,
)
NAME_WIDTH = 33
"""Characters of a name, a track name and a track type, as every version fills them."""

_FILLER = re.compile(r"\n {4}\t {13}\t {14,18}\t {9,11}\t {33}\t(?: {33}\t {33}\t)?")
_KIND = re.compile(r"\t(?P<kind>Ruler|Track) *(?:\t|$)")


def is_marker_start(line: str) -> bool:
    """Whether a line begins a record; every other line belongs to the one before."""
    return _START.match(line) is not None


def marker_rows(lines: Sequence[tuple[int, str]], has_tracks: bool) -> Iterator[MarkerRow | tuple[int, str]]:
    """Yield the records of a listing from its numbered lines, and lines before the first as they are.

    `has_tracks` says that the header has the columns of 2023.12 and later.
    """
    start, parts = 0, list[str]()
    for number, line in lines:
        if is_marker_start(line):
            if parts:
                yield _row("\n".join(parts), start, has_tracks)
            start, parts = number, [line]
        elif parts:
            parts.append(line)
        elif line.strip():
            yield number, line
    if parts:
        yield _row("\n".join(parts), start, has_tracks)


def _row(record: str, line: int, has_tracks: bool) -> MarkerRow:
    record = record.rstrip("\n")
    match = _START.match(record)
    assert match is not None
    name, track, kind, comments, how = _cells(match["rest"], has_tracks)
    return MarkerRow(
        int(match["number"]), match["location"].strip(), match["reference"].strip(), match["units"],
        name, track, kind, _FILLER.sub("\n", comments), line, how,
    )  # fmt: skip


def _cells(rest: str, has_tracks: bool) -> tuple[str, str | None, str | None, str, str]:
    """Give name, track, type of track, comment, and how they were told apart."""
    plain = rest.split("\t")
    if has_tracks:
        if len(plain) == 4:
            return plain[0].rstrip(), plain[1].strip(), plain[2].strip(), plain[3], "tabs"
        return _with_track(rest)
    if len(plain) == 2:
        return plain[0].rstrip(), None, None, plain[1], "tabs"
    if len(plain) == 1:
        return plain[0].rstrip(), None, None, "", "tabs"
    end = _cell_end(rest)
    if end is None:
        return plain[0].rstrip(), None, None, "\t".join(plain[1:]), "unsure"
    return rest[:end].rstrip(" "), None, None, rest[end + 1 :], "widths"


def _cell_end(text: str) -> int | None:
    """Give where a filled cell ends: the first tab at or after its width."""
    end = text.find("\t", NAME_WIDTH)
    return None if end < 0 else end


def _with_track(rest: str) -> tuple[str, str | None, str | None, str, str]:
    """Tell the cells of newer versions apart by the one that can only be `Ruler` or `Track`."""
    for kind in _KIND.finditer(rest):
        before = rest[: kind.start()]
        end = _cell_end(before)
        if end is None:
            continue
        name, track = before[:end].rstrip(" "), before[end + 1 :].strip(" ")
        return name, track, kind["kind"], rest[kind.end() :], "widths"
    name, _, comments = rest.partition("\t")
    return name.rstrip(), None, None, comments, "unsure"
