"""A report as CSV in UTF-8 with a mark, as spreadsheets want it; text that one would count with is guarded by an apostrophe."""

from __future__ import annotations

import csv
import io

from postsync.cueing.sheets import inert
from postsync.paper.document import Document, Value
from postsync.report import Report


def csv_bytes(document: Document, report: Report) -> bytes:
    """Give the flat table of a report, without context and blank rows: those are for people."""
    out = io.StringIO(newline="")
    table = csv.writer(out)
    table.writerow([inert(one.heading) for one in document.fields])
    for row in document.rows:
        if row.state not in ("context", "blank"):
            table.writerow([_cell(row.values.get(one.key, "")) for one in document.fields])
    return out.getvalue().encode("utf-8-sig", "replace")


def _cell(value: Value) -> Value:
    return inert(value) if isinstance(value, str) else value
