"""The frame of every page that we write: its policy forbids all but its own style, and nothing comes from outside."""

from __future__ import annotations

import re
from html import escape

from postsync.cueing import printable

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def html_frame(title: str, style: str, body: str, *, language: str = "en", look: str = "") -> str:
    """Give a whole page; `title` is a text, `style` and `body` are written as they are."""
    tag = language if re.fullmatch(r"[A-Za-z0-9-]{2,35}", language) else "en"
    named = f' class="{look}"' if look else ""
    return (
        f'<!DOCTYPE html>\n<html lang="{tag}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{page_text(title)}</title>\n<style>{style}</style>\n</head>\n<body{named}>\n{body}\n</body>\n</html>\n"
    )


def page_text(text: str) -> str:
    """Give a text as it stands in a page: escaped, without control characters."""
    return escape(printable(text))
