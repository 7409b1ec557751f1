"""XML from anywhere, opened so that it can do no harm; shared by the formats that are XML.

Nothing outside the file is loaded, entities that a document defines for itself are refused (they are how a file of a
kilobyte becomes one of a gigabyte), and no program that writes these formats uses them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from lxml import etree

from postsync.errors import FormatError, UnknownOption
from postsync.formats import Claim

_CODES = ("utf-8", "utf-16-le", "utf-16-be")


def xml_sniffer(name: str) -> Callable[[bytes], Claim]:
    """Give what says of the first bytes of a file whether they are XML whose root has this name, in UTF-8 or UTF-16."""
    marks = [mark.encode(code) for mark in (f"<!DOCTYPE {name}", f"<{name}") for code in _CODES]
    return lambda head: Claim.CERTAIN if any(mark in head for mark in marks) else Claim.NO


def xml_root(
    file: BinaryIO, path: object, name: str | None = None, *, huge: bool = False, keep_blanks: bool = True
) -> Any:
    """Give the root element of an XML file; FormatError where it is not well formed, defines entities or has another name.

    `huge` lets single texts be larger than ten megabytes and elements lie deeper than 256 levels; without `keep_blanks` the
    white space between elements goes.
    """
    parser = etree.XMLParser(
        load_dtd=False, no_network=True, resolve_entities=False, huge_tree=huge, remove_comments=True, remove_pis=True,
        remove_blank_text=not keep_blanks,
    )  # fmt: skip
    try:
        tree = etree.parse(file, parser)
    except etree.XMLSyntaxError as fault:
        raise _broken(fault, path) from fault
    document_type: Any = tree.docinfo.internalDTD
    if document_type is not None and any(True for _ in document_type.iterentities()):
        raise FormatError("defines entities of its own, which no program writes", path=path, place="document type")
    root = tree.getroot()
    if name is not None and root.tag != name:
        raise FormatError(path=path, place=root.sourceline, expected=f"an {name} element", found=str(root.tag))
    return root


def xml_elements(file: BinaryIO, path: object, name: str) -> Iterator[Any]:
    """Yield the elements of a name, in whatever namespace, each emptied afterwards: files of many fill half a gigabyte."""
    elements = etree.iterparse(
        file, tag=f"{{*}}{name}", load_dtd=False, no_network=True, resolve_entities=False, huge_tree=False
    )
    try:
        for _, element in elements:
            yield element
            element.clear()
    except etree.XMLSyntaxError as fault:
        raise _broken(fault, path) from fault


def _broken(fault: etree.XMLSyntaxError, path: object) -> FormatError:
    line = fault.position[0] if fault.position else None
    message = f"not well-formed XML ({fault.msg})"
    return FormatError(message, path=path, place=line or None, remedy="export it again")


def xml_text(text: str) -> str:
    """Give a text without what XML has no place for."""
    return "".join(letter for letter in text if letter >= " " or letter in "\t\n\r")


def local_name(element: Any) -> str:
    """Give the name of an element without its namespace; empty for what is no element."""
    tag = element.tag
    return tag[tag.rfind("}") + 1 :] if isinstance(tag, str) else ""


def picture_size(text: str) -> tuple[int, int]:
    """Read the option of a picture's width and height, `1920x1080`; UnknownOption where it is something else."""
    width, _, height = text.lower().partition("x")
    if not (width.isdecimal() and height.isdecimal() and 0 < int(width) < 100_000 and 0 < int(height) < 100_000):
        raise UnknownOption("option size", expected="width and height such as 1920x1080", found=repr(text))
    return int(width), int(height)
