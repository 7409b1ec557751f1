"""The recordist's logs as files: CSV, TSV and XLSX into the rows of a `TakeLog`."""

from __future__ import annotations

import csv
import io
import warnings
from collections.abc import Iterable, Sequence
from pathlib import Path

from postsync.errors import FormatError, MediaError, PostsyncError
from postsync.formats.text import decode_text
from postsync.placing import TakeLog, log_rows
from postsync.report import Report

DELIMITERS = "\t;,|"
LARGEST_LOG = 64 * 2**20


def read_take_logs(paths: Iterable[Path], report: Report) -> TakeLog:
    """Read logs; FormatError names one in which nothing heads takes, MediaError one that cannot be opened."""
    log = TakeLog()
    for path in paths:
        tables = read_tables(path, report)
        rows = [row for name, cells in tables for row in log_rows(cells, name)]
        if not rows:
            raise FormatError(
                "not a log of takes", path=path, expected="a header with a file or a take, and a cue, scene or circle",
                remedy="name the columns File, Cue, Take, Circled",
            )  # fmt: skip
        log.add(rows)
    return log


def read_tables(path: Path, report: Report) -> list[tuple[str, Sequence[Sequence[object]]]]:
    """Give the tables of a CSV, TSV or XLSX, each under its name; MediaError where it cannot be opened."""
    try:
        data = path.read_bytes()
    except OSError as fault:
        raise MediaError("cannot be read", path=path, found=fault.strerror or str(fault)) from fault
    if len(data) > LARGEST_LOG:
        raise FormatError("larger than any log", path=path, found=f"{len(data)} bytes")
    if data.startswith(b"PK\x03\x04"):
        return _sheets(path, data, report)
    text = decode_text(data, report).text.replace("\0", "")
    mark = max(DELIMITERS, key=text.count)
    try:
        return [(path.name, list(csv.reader(io.StringIO(text, newline=""), delimiter=mark)))]
    except csv.Error as fault:
        raise FormatError(f"not a table: {fault}", path=path) from fault


def _sheets(path: Path, data: bytes, report: Report) -> list[tuple[str, Sequence[Sequence[object]]]]:
    """Give the sheets of a workbook, each under its name."""
    from postsync_adapters.cue_workbook.book import opened
    from postsync_adapters.cue_workbook.cells import cell_rows
    from postsync_adapters.cue_workbook.parts import looked_through

    file = io.BytesIO(data)
    parts = looked_through(file)
    file.seek(0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return [(f"{path.name} {sheet.title}", list(cell_rows(sheet, report))) for sheet in opened(file, parts)]
        except PostsyncError as fault:
            fault.at(path)
            raise
        except (KeyError, ValueError, TypeError) as fault:
            raise FormatError(f"not a whole workbook: {fault}", path=path) from fault
