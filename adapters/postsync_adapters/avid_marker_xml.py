"""Media Composer's marker XML: what the marker window exports beside its text, with the id that Avid keeps for each marker.

A stream of property lists without namespaces of their own: one `AvClass` for each marker, in it name, kind and value of each
attribute (`_ATN_CRM_ID`, `_ATN_CRM_TC`, …). Attributes that we do not know, and the order of all, are kept. After an export
of Media Composer; the document type that it names is never loaded.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, BinaryIO
from xml.sax.saxutils import escape

from postsync.errors import FormatError, UnknownOption
from postsync.formats import (
    CUE_FEATURES,
    MARKER_FEATURES,
    Claim,
    Feature,
    Format,
    Purpose,
    Timelines,
    path_of,
)
from postsync.report import Report
from postsync_adapters._avid import AvidMarker, AvidReadOptions, AvidWriteOptions, rows_of, timeline_of
from postsync_adapters._xml import xml_elements, xml_text

INTEGER, STRING = 1, 2
KINDS = {INTEGER: ("OMFI:ATTB:IntAttribute", "int32"), STRING: ("OMFI:ATTB:StringAttribute", "string")}
"""The kinds of attributes: under which name the value stands, and its type."""

ID, USER, COMMENT, TIMECODE = "_ATN_CRM_ID", "_ATN_CRM_USER", "_ATN_CRM_COM", "_ATN_CRM_TC"
TRACK, LENGTH = "_ATN_CRM_TRK", "_ATN_CRM_LENGTH"
COLOUR, FURTHER_COLOUR = "_ATN_CRM_COLOR", "_ATN_CRM_COLOR_EXTENDED"
CREATED, CHANGED, DATE, TIME = "_ATN_CRM_LONG_CREATE_DATE", "_ATN_CRM_LONG_MOD_DATE", "_ATN_CRM_DATE", "_ATN_CRM_TIME"

ORDER = (ID, CREATED, USER, DATE, TIME, FURTHER_COLOUR, COLOUR, COMMENT, CHANGED, TIMECODE, TRACK, LENGTH)
"""The order in which Media Composer writes the attributes."""

DAY = "2000-01-01T00:00:00"
"""The date in files whose writer names none: the same timeline then gives the same bytes."""

_HEAD = """<?xml version="1.0" encoding="UTF-8" standalone="no" ?>
<!DOCTYPE Avid:StreamItems SYSTEM "AvidSettingsFile.dtd">
<Avid:StreamItems xmlns:Avid="http://www.avid.com">

  <Avid:XMLFileData>
    <AvProp name="DomainMagic" type="string">Domain</AvProp>
    <AvProp name="DomainKey" type="char4">58424a44</AvProp>
"""
_TAIL = """  </Avid:XMLFileData>

</Avid:StreamItems>
"""
_CLASS = """    <AvClass id="ATTR">
      <AvProp id="ATTR" name="__OMFI:ATTR:NumItems" type="int32">{count}</AvProp>
      <List id="OMFI:ATTR:AttrRefs">
{elements}        <ListElem/>
      </List>
    </AvClass>
"""
_ELEMENT = """        <ListElem>
          <AvProp id="ATTR" name="OMFI:ATTB:Kind" type="int32">{kind}</AvProp>
          <AvProp id="ATTR" name="OMFI:ATTB:Name" type="string">{name}</AvProp>
          <AvProp id="ATTR" name="{property}" type="{type}">{value}</AvProp>
        </ListElem>
"""


@dataclass(frozen=True)
class MarkerXmlWriteOptions(AvidWriteOptions):
    """`created`: the date that new markers bear, as ISO text."""

    created: str | None = None


def sniff(head: bytes) -> Claim:
    """Say whether the first bytes are a stream of Avid items, and those markers."""
    text = head.replace(b"\0", b"")
    if b"Avid:StreamItems" not in text:
        return Claim.NO
    return Claim.CERTAIN if b"_ATN_CRM_" in text else Claim.MAYBE


# ------------------------------------------------------------------------------------------------------------- reading


def read(file: BinaryIO, report: Report, options: AvidReadOptions) -> Timelines:
    """Read the markers of one sequence."""
    path = path_of(file)
    found: list[AvidMarker] = []
    for element in xml_elements(file, path, "AvClass"):
        attributes = tuple(_attributes(element, report))
        marker = _marker(attributes, f"line {element.sourceline}")
        if marker.timecode:
            found.append(marker)
        else:
            report.note("line-ignored", source=marker.source, text=marker.comment or "a marker without timecode")
    if not found:
        raise FormatError(path=path, place="line 1", expected="an AvClass with _ATN_CRM_TC", found="none")
    name = options.name or (path.stem if path else "")
    return [timeline_of(found, name, FORMAT.name, report, options)]


def _attributes(element: Any, report: Report) -> Iterator[tuple[str, int, str]]:
    """Yield the attributes of a marker as (name, kind, value), in order."""
    string, integer = KINDS[STRING][0], KINDS[INTEGER][0]
    for item in element.iter("{*}ListElem"):
        properties = {prop.get("name"): prop.text or "" for prop in item}
        name = properties.get("OMFI:ATTB:Name")
        if not name:
            continue
        if string in properties:
            yield name, STRING, properties[string]
        elif integer in properties:
            yield name, INTEGER, properties[integer]
        else:
            value = ", ".join(sorted(str(key) for key in properties))
            report.note("value-unreadable", source=f"line {item.sourceline}", name=name, value=value)


def _marker(attributes: tuple[tuple[str, int, str], ...], source: str) -> AvidMarker:
    values = {name: value for name, _, value in attributes}
    length = values.get(LENGTH, "").strip()
    return AvidMarker(
        timecode=values.get(TIMECODE, "").strip(),
        user=values.get(USER, ""),
        track=values.get(TRACK, ""),
        colour=values.get(COLOUR, ""),
        further=values.get(FURTHER_COLOUR, ""),
        comment=values.get(COMMENT, ""),
        duration=int(length) if length.isascii() and length.isdigit() and len(length) < 10 else None,
        source=source,
        attributes=attributes,
    )


# ------------------------------------------------------------------------------------------------------------- writing


def write(timeline: Any, file: BinaryIO, report: Report, options: MarkerXmlWriteOptions) -> None:
    """Write the cues and markers of a timeline in order of time, each with the id that it came with or one of its own."""
    created = _date(options.created or DAY)
    file.write(_HEAD.encode())
    taken: set[str] = set()
    for row in rows_of(timeline, report, options):
        attributes = _written(row, created, taken)
        elements = "".join(_element(name, kind, value) for name, kind, value in attributes)
        file.write(_CLASS.format(count=len(attributes), elements=elements).encode("utf-8", "replace"))
    file.write(_TAIL.encode())


def _date(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=timezone.utc)
    except ValueError as fault:
        raise UnknownOption("option created", expected="a date such as 2026-11-24", found=repr(text)) from fault


def _element(name: str, kind: int, value: str) -> str:
    named, typed = KINDS[kind]
    return _ELEMENT.format(kind=kind, name=escape(name), property=named, type=typed, value=escape(xml_text(value)))


def _written(row: AvidMarker, created: datetime, taken: set[str]) -> list[tuple[str, int, str]]:
    """Give the attributes: those it came with in their order, with what has changed since, then what it lacked."""
    kept = {name: value for name, _, value in row.attributes}
    further = row.further or (row.colour if FURTHER_COLOUR in kept else "")
    now = {
        USER: row.user,
        COMMENT: row.comment,
        TIMECODE: row.timecode,
        TRACK: row.track,
        COLOUR: row.colour.capitalize(),
        FURTHER_COLOUR: further.capitalize(),
        LENGTH: str(row.duration or 1),
    }
    now = {name: kept[name] if _same(name, kept.get(name), value) else value for name, value in now.items()}
    now[ID] = _own_id(kept.get(ID) or row.id or _new_id(row), taken)
    if not kept:
        now |= _dates(created)
    elif LENGTH not in kept and now[LENGTH] == "1":
        del now[LENGTH]
    order = [name for name, _, _ in row.attributes]
    order += [name for name in ORDER if name not in kept and now.get(name)]
    kinds = {name: kind for name, kind, _ in row.attributes}
    return [(name, kinds.get(name, _usual_kind(name)), now.get(name, kept.get(name, ""))) for name in order]


def _same(name: str, kept: str | None, value: str) -> bool:
    """Whether a value says what the file said; colours are compared without case, lengths as numbers."""
    folded: Callable[[str], str] = str.casefold if name in (COLOUR, FURTHER_COLOUR) else str
    if kept is None:
        return False
    return folded(kept) == folded(value) or (name == LENGTH and kept in ("0", "") and value == "1")


def _usual_kind(name: str) -> int:
    return INTEGER if name in (CREATED, CHANGED, LENGTH) else STRING


def _dates(created: datetime) -> dict[str, str]:
    """Give the dates of a new marker; Media Composer doubles the slashes."""
    seconds = str(int(created.timestamp()))
    return {
        CREATED: seconds,
        CHANGED: seconds,
        DATE: created.strftime("%m//%d//%Y"),
        TIME: created.strftime("%H:%M"),
    }


def _new_id(row: AvidMarker) -> str:
    """Make an id in Avid's form; the same marker gets the same one each time it is written."""
    seed = "\x1f".join((row.user, row.timecode, row.track, row.comment))
    return f"060a2b340101010101010f0013-000000-{hashlib.sha256(seed.encode()).hexdigest()[:16]}-060e2b347f7f-2a80"


def _own_id(wanted: str, taken: set[str]) -> str:
    """Give an id that no marker of the file has yet: of two copies the first keeps it."""
    chosen, count = wanted, 1
    while chosen in taken:
        count += 1
        chosen = _new_id(AvidMarker(timecode=wanted, user=str(count)))
    taken.add(chosen)
    return chosen


FORMAT = Format(
    name="avid_marker_xml",
    title="Media Composer marker XML",
    suffixes=(".markers.xml",),
    sniff=sniff,
    purpose=Purpose.CUES,
    reads=MARKER_FEATURES | Feature.DROP_FRAME,
    writes=CUE_FEATURES & ~Feature.CUE_RECORDS,
    read_options=AvidReadOptions,
    write_options=MarkerXmlWriteOptions,
    read=read,
    write=write,
    claims_suffixes_in_otio=False,
)
globals().update(FORMAT.otio_functions())
