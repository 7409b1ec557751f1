"""A report for programs: the document `postsync.paper/1`."""

from __future__ import annotations

import json

from postsync.paper.document import Document
from postsync.report import Report


def json_bytes(document: Document, report: Report) -> bytes:
    """Give the document as JSON."""
    return (json.dumps(document.to_json(), ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")
