"""A workbook opened: its sheets, how its styles show numbers, and its table of texts.

openpyxl says which parts there are and what a number format means. Texts and cells are read from the XML itself, since
openpyxl makes several objects of each, which takes most of the time of a long list: those that Excel saved keep every text
once in a table, those of scripts have it in the cell.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from lxml import etree

from postsync.cueing.sheets import live
from postsync.errors import FormatError, UnknownFormat
from postsync_adapters.cue_workbook.parts import Parts

_ESCAPE = re.compile(r"_x(00[01][0-9A-Fa-f]|005[Ff]|00[7][Ff])_")
_ZEROS = re.compile(r"0{2,9}")

INSTALL = 'install it with: pip install "postsync[sheets]"'


@dataclass(frozen=True)
class Look:
    """How a style shows numbers: as a date, as a length of time, as whole numbers of so many digits."""

    date: bool = False
    length: bool = False
    digits: int = 0


PLAIN = Look()

NAMESPACES = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
"""What workbooks are written in, and what Excel's "Strict Open XML" is; the anchors of buttons have rows of another."""


@dataclass(frozen=True)
class Book:
    """What the sheets of a workbook share: its parts, its texts, its styles, the day that it counts from."""

    archive: zipfile.ZipFile
    texts: list[str]
    looks: list[Look]
    epoch: Any


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, the part that it lies in, its merged ranges (`B4:B9`)."""

    title: str
    part: str
    merged: list[str]
    book: Book


def opened(file: BinaryIO, parts: Parts) -> list[Sheet]:
    """Give the sheets of a workbook, in its order; FormatError where it lacks a part of itself.

    UnknownFormat where openpyxl is not installed.
    """
    try:
        from openpyxl.reader.excel import ExcelReader
        from openpyxl.styles.stylesheet import apply_stylesheet
        from openpyxl.xml.constants import SHARED_STRINGS
    except ImportError as fault:
        raise UnknownFormat("XLSX needs openpyxl", remedy=INSTALL) from fault

    file.seek(0)
    try:
        reader: Any = ExcelReader(file, read_only=True, data_only=True, keep_links=False)
        reader.read_manifest()
        reader.read_workbook()
        apply_stylesheet(reader.archive, reader.wb)
        table = reader.package.find(SHARED_STRINGS)
        texts = [] if table is None else _texts(reader.archive, table.PartName[1:])
        found = [
            (sheet.name, link.target) for sheet, link in reader.parser.find_sheets() if "chartsheet" not in link.Type
        ]
    except KeyError as fault:
        raise FormatError(f"not a whole workbook: {fault.args[0]}") from fault
    book = Book(reader.archive, texts, _looks(reader.wb), reader.wb.epoch)
    return [Sheet(name, part, parts.merged.get(part, []), book) for name, part in found if part in reader.valid_files]


def _looks(book: Any) -> list[Look]:
    """Give the looks of all styles; openpyxl keeps them to itself."""
    from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE

    looks: list[Look] = []
    for index, style in enumerate(book._cell_styles):
        own = style.numFmtId - BUILTIN_FORMATS_MAX_SIZE
        shown = str(BUILTIN_FORMATS.get(style.numFmtId, "General") if own < 0 else book._number_formats[own])
        digits = len(shown) if _ZEROS.fullmatch(shown) else 0
        looks.append(Look(index in book._date_formats, index in book._timedelta_formats, digits))
    return looks


def _texts(archive: zipfile.ZipFile, part: str) -> list[str]:
    return [typed_text(element) for element in elements(archive, part, "si")]


def elements(archive: zipfile.ZipFile, part: str, name: str) -> Iterator[Any]:
    """Yield the elements of a name one by one, each emptied afterwards; FormatError where the part is no XML."""
    wanted = [f"{{{space}}}{name}" for space in NAMESPACES]
    safe = {
        "load_dtd": False,
        "no_network": True,
        "resolve_entities": False,
        "remove_comments": True,
        "remove_pis": True,
    }
    with archive.open(part) as source:
        try:
            for _, element in etree.iterparse(source, tag=wanted, huge_tree=True, **safe):
                yield element
                element.clear()
        except etree.XMLSyntaxError as fault:
            raise FormatError(f"not well-formed XML ({fault.msg})", place=part) from fault


def typed_text(element: Any) -> str:
    """Give the text in an element as somebody typed it, without its looks and without how it is pronounced."""
    if len(element) == 1 and element[0].tag.endswith("}t"):
        return as_typed(element[0].text or "")
    texts: list[str] = []
    for child in element:
        if child.tag.endswith("}t"):
            texts.append(child.text or "")
        elif child.tag.endswith("}r"):
            texts += [one.text or "" for one in child if one.tag.endswith("}t")]
    return as_typed("".join(texts))


def as_typed(text: str) -> str:
    """Take back the `_x000D_` by which XLSX writes control characters, and the apostrophe of our own CSV."""
    if "_x" in text:
        text = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    return live(text)
