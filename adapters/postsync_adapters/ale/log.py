"""An Avid Log as it stands in its file: headings, columns, rows, and every blank line and line end between them.

Sections `Heading`, `Column` and `Data`, each begun by its word alone on a line. What we parse is kept beside the very text it
came from, so a log that nobody touched is written as it was. Tabs part the cells; `FIELD_DELIM` may name something else.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from postsync.errors import FormatError

SECTIONS = ("heading", "column", "data")

DELIMITERS = {
    "TABS": "\t", "TAB": "\t", "COMMAS": ",", "COMMA": ",", "SEMICOLONS": ";", "SEMICOLON": ";", "COLONS": ":",
    "COLON": ":", "PIPES": "|", "PIPE": "|",
}  # fmt: skip
"""What `FIELD_DELIM` says and which character that is."""

PADDING = " \t\x00\x1a"
"""What stands on an empty line: blanks, and the bytes with which old systems filled up the last block."""

_LINE = re.compile(r"(?P<text>[^\r\n]*)(?P<end>\r\n|\r|\n|$)")


@dataclass(frozen=True)
class LogRow:
    """One row of `Data`: its cells, the text they were read from, and what follows up to the next row."""

    cells: tuple[str, ...]
    raw: str = ""
    after: str = "\n"
    line: int = 0


@dataclass(frozen=True)
class AvidLog:
    """A whole log. `head` is everything before the first row, as it stands."""

    head: str
    headings: tuple[tuple[str, str], ...]
    columns: tuple[str, ...]
    rows: tuple[LogRow, ...]
    delimiter: str = "\t"
    line_end: str = "\n"

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns under names that differ: a repeated one is numbered, one without a name is `column 31`."""
        return column_keys(self.columns)

    def text(self) -> str:
        """Give the text of the log; the same that was read."""
        return self.head + "".join(row.raw + row.after for row in self.rows)


@dataclass
class _Parsed:
    """A log while its lines are walked."""

    head: list[str] = field(default_factory=list)
    headings: list[tuple[str, str]] = field(default_factory=list)
    columns: tuple[str, ...] | None = None
    rows: list[LogRow] = field(default_factory=list)
    delimiter: str = "\t"


def parse_log(text: str, path: object = None) -> AvidLog:
    """Take a text apart; FormatError where it has no columns.

    >>> log = parse_log("Heading\\nFPS\\t24\\n\\nColumn\\nName\\tStart\\n\\nData\\n12A-3\\t01:00:00:00\\n")
    >>> log.columns, log.rows[0].cells
    (('Name', 'Start'), ('12A-3', '01:00:00:00'))
    """
    parsed, section, ends = _Parsed(), "", []
    for number, (line, end) in enumerate(_lines(text), 1):
        ends.append(end)
        word = line.strip(PADDING).casefold()
        if word in SECTIONS and not (word != "data" and section == "data"):
            section = word
            _keep(parsed, line + end)
        elif not word:
            _keep(parsed, line + end)
        elif section == "data" or (section == "column" and parsed.columns is not None):
            parsed.rows.append(LogRow(split_cells(line, parsed.delimiter), line, end, number))
        else:
            _read_head(parsed, section, line)
            _keep(parsed, line + end)
    if parsed.columns is None:
        raise FormatError(path=path, expected="the line Column and names under it", found="none")
    line_end = max(("\r\n", "\n", "\r"), key=ends.count)
    return AvidLog(
        "".join(parsed.head), tuple(parsed.headings), parsed.columns, tuple(parsed.rows), parsed.delimiter, line_end
    )


def _lines(text: str) -> Iterator[tuple[str, str]]:
    for match in _LINE.finditer(text):
        if match[0]:
            yield match["text"], match["end"]


def _keep(parsed: _Parsed, text: str) -> None:
    """Keep a line that is no row: in the head, or behind the row before it."""
    if not parsed.rows:
        parsed.head.append(text)
        return
    last = parsed.rows[-1]
    parsed.rows[-1] = LogRow(last.cells, last.raw, last.after + text, last.line)


def _read_head(parsed: _Parsed, section: str, line: str) -> None:
    if section == "column":
        if parsed.delimiter not in line and "\t" in line:
            parsed.delimiter = "\t"
        parsed.columns = split_cells(line, parsed.delimiter)
        return
    parsed.headings += _headings(line)
    stated = dict(parsed.headings).get("FIELD_DELIM", "TABS").strip()
    parsed.delimiter = DELIMITERS.get(stated.upper(), stated if len(stated) == 1 else "\t")


def _headings(line: str) -> list[tuple[str, str]]:
    """Read `FPS<tab>24`, several such pairs on one line, or a pair that lost its tab."""
    cells = line.split("\t") if "\t" in line else line.split(None, 1)
    pairs = [(_key(cells[place]), "".join(cells[place + 1 : place + 2])) for place in range(0, len(cells), 2)]
    return [(key, value) for key, value in pairs if key]


def split_cells(line: str, delimiter: str) -> tuple[str, ...]:
    """Part a line into cells; only cells between tabs stand without quotes."""
    if delimiter == "\t":
        return tuple(line.split("\t"))
    try:
        return tuple(next(csv.reader([line], delimiter=delimiter), ()))
    except csv.Error:
        return tuple(line.split(delimiter))


def join_cells(cells: Sequence[str], delimiter: str) -> str:
    """Put cells on one line; they hold no tabs or line breaks."""
    if delimiter == "\t":
        return "\t".join(cells)
    line = io.StringIO()
    csv.writer(line, delimiter=delimiter, lineterminator="").writerow(cells)
    return line.getvalue()


def column_keys(columns: Sequence[str]) -> tuple[str, ...]:
    """Give each column a name of its own, by which its cells are kept."""
    keys: dict[str, None] = {}
    for number, name in enumerate(columns, 1):
        key = _key(name) or f"column {number}"
        while key in keys:
            key = f"{key} (column {number})"
        keys[key] = None
    return tuple(keys)


def _key(name: str) -> str:
    """Give a name without the zeros of a damaged file, at which OpenTimelineIO would cut it off."""
    return name.replace("\0", "").strip()


def cells_by_key(row: LogRow, keys: Sequence[str]) -> dict[str, str]:
    """Give the filled cells of a row by column, and its last one, by which its length is known.

    Cells beyond the last column are `column 33` and so on.
    """
    extra = [f"column {number}" for number in range(len(keys) + 1, len(row.cells) + 1)]
    last = len(row.cells)
    pairs = enumerate(zip((*keys, *extra), row.cells, strict=False), 1)
    return {key: cell for place, (key, cell) in pairs if cell or place == last}


def cells_in_order(cells: Mapping[str, str], keys: Sequence[str]) -> list[str]:
    """Turn cells by column back into a row as long as its last cell."""
    count = len(keys)
    numbers = [int(key[7:]) for key in cells if re.fullmatch(r"column \d{1,6}", key) and key not in keys]
    extra = [f"column {number}" for number in range(count + 1, max(numbers, default=count) + 1)]
    order = [*keys, *extra]
    last = max((place for place, key in enumerate(order, 1) if key in cells), default=0)
    return [str(cells.get(key, "")) for key in order[:last]]
