"""The forms that a `Document` is drawn in, each a function of the same data; all of them take texts as texts only."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from postsync.paper.document import Document
from postsync.paper.forms.csv_form import csv_bytes
from postsync.paper.forms.html_form import html_bytes
from postsync.paper.forms.json_form import json_bytes
from postsync.paper.forms.pdf_form import pdf_bytes
from postsync.paper.forms.xlsx_form import xlsx_bytes
from postsync.report import Report

FORMS: Mapping[str, Callable[[Document, Report], bytes]] = {
    "pdf": pdf_bytes,
    "html": html_bytes,
    "xlsx": xlsx_bytes,
    "csv": csv_bytes,
    "json": json_bytes,
}
"""By their suffixes."""
