"""The parts of a workbook, looked through before a library parses them.

A zip may state any size and unpack to any other, and XML may define entities that grow without end. Each part is unpacked
once, up to a limit, and what stands behind the rows is picked up before they are read: merged cells.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import BinaryIO

from postsync.errors import FormatError

LARGEST_TABLE = 256 * 2**20
"""Most bytes of a sheet, or of the table of texts: about 100,000 full cues."""

LARGEST_PART = 16 * 2**20
"""Most bytes of any other part that is parsed (styles, relations, properties)."""

LARGEST_TOTAL = 512 * 2**20
MOST_PARTS = 4096

_TABLES = re.compile(r"xl/(?:worksheets/[^/]*|sharedStrings)\.xml", re.IGNORECASE)
_PARSED = re.compile(r".*\.(?:xml|rels)", re.IGNORECASE)
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\b[^>]*\bref=\"([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})\"")
_DOCTYPE = re.compile(rb"<\s*!\s*(?:DOCTYPE|ENTITY)|<\x00!\x00[DE]|\x00<\x00![\x00][DE]", re.IGNORECASE)


@dataclass(frozen=True)
class Parts:
    """What was seen: the merged ranges of each part, `B4:B9`."""

    merged: dict[str, list[str]] = field(default_factory=dict)


CONTENTS = "[Content_Types].xml"

_NOT_WHOLE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError)
"""What the standard library raises at an archive that lacks parts of itself; a place before its beginning is the last two."""


def looked_through(file: BinaryIO) -> Parts:
    """Unpack every part that will be parsed, once. FormatError where one is too large, damaged, or defines entities."""
    parts, total = Parts(), 0
    try:
        with zipfile.ZipFile(file) as archive:
            infos = archive.infolist()
            if CONTENTS not in archive.namelist():
                raise FormatError("not a whole workbook", expected=f"the part {CONTENTS}", found="none")
            if len(infos) > MOST_PARTS:
                raise FormatError("more parts than any workbook has", found=str(len(infos)))
            for info in infos:
                if _PARSED.fullmatch(info.filename):
                    total += _look_at(archive, info, parts, LARGEST_TOTAL - total)
    except FormatError:
        raise
    except _NOT_WHOLE as fault:
        raise FormatError(f"not a whole workbook: {fault}") from fault
    return parts


def _look_at(archive: zipfile.ZipFile, info: zipfile.ZipInfo, parts: Parts, room: int) -> int:
    is_table = _TABLES.fullmatch(info.filename) is not None
    limit = min(LARGEST_TABLE if is_table else LARGEST_PART, room)
    with archive.open(info) as part:
        data = part.read(limit + 1)
    if len(data) > limit:
        raise FormatError("a part larger than any cue sheet", place=info.filename, found=f"over {limit} bytes")
    if _DOCTYPE.search(data):
        raise FormatError("a part that defines entities, which no workbook does", place=info.filename)
    if is_table:
        merged = [ref.decode() for ref in _MERGED.findall(data)]
        if merged:
            parts.merged[info.filename] = merged
    return len(data)
