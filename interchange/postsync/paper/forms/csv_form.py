"""A report as CSV in UTF-8 with a mark, as spreadsheets want it; text that one would count with is guarded by an apostrophe."""

from __future__ import annotations

import csv
import io

from postsync.paper.document import Document, Value
from postsync.report import Report

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet may take for the begin of a formula, the wide letters of Japanese among them."""


def csv_bytes(document: Document, report: Report) -> bytes:
    """Give the flat table of a report, without context and blank rows: those are for people."""
    out = io.StringIO(newline="")
    table = csv.writer(out)
    table.writerow([guarded(one.heading) for one in document.fields])
    for row in document.rows:
        if row.state not in ("context", "blank"):
            table.writerow([guarded(row.values.get(one.key, "")) for one in document.fields])
    return out.getvalue().encode("utf-8-sig", "replace")


def guarded(value: Value) -> Value:
    """Give a value that no spreadsheet counts with."""
    return f"'{value}" if isinstance(value, str) and value.lstrip(" \u00a0").startswith(FORMULA_SIGNS) else value
