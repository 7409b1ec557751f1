"""Elements of a document, made in the order that Apple's DTDs fix for their children."""

from __future__ import annotations

from lxml import etree

from postsync.cueing import printable
from postsync.report import Report
from postsync_adapters.fcpxml.document import Element

FIRST = frozenset(
    {
        "note",
        "conform-rate",
        "timeMap",
        "param",
        "text",
        "text-style-def",
        "mc-source",
        "object-tracker",
        "import-options",
    }
)
ANCHORED = frozenset(
    {
        "audio", "video", "clip", "title", "caption", "mc-clip", "ref-clip", "sync-clip", "asset-clip", "audition", "spine",
        "live-drawing", "gap",
    }
)  # fmt: skip
MARKING = frozenset({"marker", "chapter-marker", "rating", "keyword", "analysis-marker", "hidden-clip-marker"})


def rank(tag: str) -> int:
    """Give the group of a child inside a story element: settings, what hangs on it, markers, components and filters."""
    if tag in FIRST or tag.startswith("adjust-"):
        return 0
    return 1 if tag in ANCHORED else 2 if tag in MARKING else 3


def make(tag: str, **attributes: str | None) -> Element:
    """Make an element with the attributes that have a value; `from_` and `class_` are not needed by this format."""
    return etree.Element(tag, {name: value for name, value in attributes.items() if value is not None})


def with_children(element: Element, *children: Element | None) -> Element:
    """Append the children that there are."""
    element.extend([child for child in children if child is not None])
    return element


def with_text(element: Element, text: str) -> Element:
    """Give an element its text."""
    element.text = text
    return element


def clean(text: str | None, where: str, report: Report) -> str:
    """Give a text that XML can hold: control characters have no place there, not even as references."""
    if not text:
        return ""
    kept = printable(text)
    if kept != text.replace("\r\n", "\n").replace("\r", "\n"):
        report.note("text-replaced", where=where, was=repr(text), now=repr(kept))
    return kept


def serialised(root: Element) -> bytes:
    """Give a new document as bytes, indented by four spaces as both programs write it."""
    etree.indent(root, space="    ")
    body: bytes = etree.tostring(root, encoding="UTF-8")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE fcpxml>\n\n' + body + b"\n"
