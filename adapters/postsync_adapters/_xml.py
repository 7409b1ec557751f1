"""XML from anywhere, opened so that it can do no harm; shared by the formats that are XML.

Nothing outside the file is loaded, entities that a document defines for itself are refused (they are how a file of a
kilobyte becomes one of a gigabyte), and no program that writes these formats uses them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, BinaryIO

from lxml import etree

from postsync.errors import FormatError


def xml_root(file: BinaryIO, path: Path | None) -> Any:
    """Give the root element of an XML file; FormatError where it is not well formed or defines entities."""
    parser = etree.XMLParser(
        load_dtd=False, no_network=True, resolve_entities=False, huge_tree=True, remove_comments=True, remove_pis=True
    )
    try:
        tree = etree.parse(file, parser)
    except etree.XMLSyntaxError as fault:
        line = fault.position[0] if fault.position else None
        place = f"line {line}" if line else None
        raise FormatError(f"not well-formed XML ({fault.msg})", path=path, place=place) from fault
    document_type: Any = tree.docinfo.internalDTD
    if document_type is not None and any(True for _ in document_type.iterentities()):
        raise FormatError("defines entities of its own, which no program writes", path=path, place="document type")
    return tree.getroot()


def xml_text(text: str) -> str:
    """Give a text without what XML has no place for."""
    return "".join(letter for letter in text if letter >= " " or letter in "\t\n\r")


def local_name(element: Any) -> str:
    """Give the name of an element without its namespace; empty for what is no element."""
    tag = element.tag
    return tag[tag.rfind("}") + 1 :] if isinstance(tag, str) else ""
