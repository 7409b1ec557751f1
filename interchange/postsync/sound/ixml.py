"""The `iXML` chunk: scene, take, tracks and speed, as recorders and workstations tell them.

The truth is the iXML "object details" and "usage guidelines" (gallery.co.uk/ixml) and files of Sound Devices,
Metacorder, Zoom, Nuendo and Pro Tools. Everything is optional. Chunks come padded with spaces or thousands of NULs
(Zoom), and low words are printed as signed numbers (Metacorder), so both are taken in stride.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import Any
from xml.etree import ElementTree

from lxml import etree

from postsync.timing import parse_rate

TRUTHS = {"TRUE": True, "YES": True, "Y": True, "1": True, "FALSE": False, "NO": False, "N": False, "0": False}

_OLD_TAKE_TYPES = ("NO_GOOD", "FALSE_START", "WILD_TRACK")
"""Recorders from before TAKE_TYPE have an element for each, TRUE or FALSE."""

_TEXTS = {
    "project": "PROJECT",
    "scene": "SCENE",
    "take": "TAKE",
    "tape": "TAPE",
    "note": "NOTE",
    "ubits": "UBITS",
    "file_uid": "FILE_UID",
    "family_uid": "FILE_SET/FAMILY_UID",
    "timecode_flag": "SPEED/TIMECODE_FLAG",
    "original_filename": "HISTORY/ORIGINAL_FILENAME",
    "current_filename": "HISTORY/CURRENT_FILENAME",
    "parent_uid": "HISTORY/PARENT_UID",
}
_RATES = {"master_speed": "SPEED/MASTER_SPEED", "timecode_rate": "SPEED/TIMECODE_RATE"}
_COUNTS = {
    "file_sample_rate": "SPEED/FILE_SAMPLE_RATE",
    "digitizer_sample_rate": "SPEED/DIGITIZER_SAMPLE_RATE",
    "timestamp_sample_rate": "SPEED/TIMESTAMP_SAMPLE_RATE",
}
_STAMPS = (
    ("SPEED/TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_HI", "SPEED/TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_LO"),
    ("BEXT/BWF_TIME_REFERENCE_HIGH", "BEXT/BWF_TIME_REFERENCE_LOW"),
)
_PARENTS = frozenset(
    path.partition("/")[0]
    for path in (*_TEXTS.values(), *_RATES.values(), *_COUNTS.values(), *(one for pair in _STAMPS for one in pair))
    if "/" in path
)
_INTEGER = re.compile(r"[+-]?\d{1,20}")


@dataclass(frozen=True)
class IxmlTrack:
    """One track of the recorder: its input, its place in this file (both from 1), its name and function.

    >>> track = read_facts(Path("reel/12A-T3_Boom.wav")).ixml.tracks[0]
    >>> track.name, track.interleave_index
    ('Boom', 1)
    """

    channel_index: int | None
    interleave_index: int | None
    name: str | None
    function: str | None


@dataclass(frozen=True)
class SyncPoint:
    """One sync point, in samples: from the file's start when RELATIVE, from midnight when ABSOLUTE.

    >>> SyncPoint("RELATIVE", "SLATE_GENERIC", None, position=48000, duration=None).position
    48000
    """

    kind: str | None
    function: str | None
    comment: str | None
    position: int | None
    duration: int | None


@dataclass(frozen=True)
class Ixml:
    """What an iXML states; None where it states nothing. `raw` is the chunk as it lay in the file.

    >>> ixml = read_facts(Path("reel/12A-T3_Boom.wav")).ixml
    >>> ixml.scene, ixml.take, [track.name for track in ixml.tracks]
    ('12A', '3', ['Boom'])
    """

    raw: bytes = b""
    project: str | None = None
    scene: str | None = None
    take: str | None = None
    tape: str | None = None
    note: str | None = None
    ubits: str | None = None
    file_uid: str | None = None
    family_uid: str | None = None
    circled: bool | None = None
    take_types: tuple[str, ...] = ()
    master_speed: Fraction | None = None
    timecode_rate: Fraction | None = None
    timecode_flag: str | None = None
    file_sample_rate: int | None = None
    digitizer_sample_rate: int | None = None
    timestamp_samples: int | None = None
    timestamp_sample_rate: int | None = None
    tracks: tuple[IxmlTrack, ...] = ()
    pre_record_samples: int | None = None
    sync_points: tuple[SyncPoint, ...] = ()
    original_filename: str | None = None
    current_filename: str | None = None
    parent_uid: str | None = None
    steinberg: dict[str, str] = field(default_factory=dict[str, str], hash=False)


def parse_ixml(raw: bytes) -> Ixml | None:
    """Read an iXML chunk; None where there is no XML in it at all."""
    root = _read_only_root(raw)
    if root is None:
        return None
    values = _values(root)
    points = tuple(_sync_point(row) for row in _rows(root, "SYNC_POINT", "SYNC_POINT_LIST"))
    stated: dict[str, Any] = {name: values.get(path) for name, path in _TEXTS.items()}
    stated |= {name: rate_of_text(values.get(path)) for name, path in _RATES.items()}
    stated |= {name: _integer(values.get(path)) for name, path in _COUNTS.items()}
    return Ixml(
        raw=raw,
        circled=truth(values.get("CIRCLED")),
        take_types=_take_types(values),
        timestamp_samples=_stamp(values),
        tracks=tuple(_track(row) for row in _rows(root, "TRACK", "TRACK_LIST")),
        pre_record_samples=_pre_record(values, points),
        sync_points=points,
        steinberg=_steinberg(root),
        **stated,
    )


def _read_only_root(raw: bytes) -> Any | None:
    """Parse for reading: plain XML with the parser of the standard library, whose elements cost a third; the rest as ever.

    Whatever declares or comments goes the slow way, which never expands an entity.
    """
    text = _text(raw)
    if text and "<!" not in text:
        try:
            return ElementTree.fromstring(text)
        except (ElementTree.ParseError, ValueError):
            pass
    return ixml_root(raw)


def ixml_root(raw: bytes) -> Any | None:
    """Parse with recovery and without entities; None where nothing can be saved."""
    text = _text(raw)
    try:
        return etree.fromstring(text.encode("utf-8"), _parser()) if text else None
    except (etree.XMLSyntaxError, ValueError):
        return None


def _text(raw: bytes) -> str:
    """Decode what a recorder padded; the XML declaration goes, for it names another encoding than ours now is."""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = raw.decode("utf-16", "replace")
    else:
        raw = raw.replace(b"\0", b"")
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = raw.decode("latin-1")
    return re.sub(r"^\s*<\?xml[^>]*>", "", text.replace("\0", "")).strip()


@lru_cache(maxsize=1)
def _parser() -> Any:
    return etree.XMLParser(
        recover=True,
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )


def children(element: Any, name: str = "*") -> Iterator[Any]:
    """Yield the elements of a name directly inside another, in whatever namespace."""
    inside: Iterator[Any] = element.iterchildren(name if name == "*" else f"{{*}}{name}")
    return inside


def child(element: Any, *path: str) -> Any | None:
    """Give the first element down a path of names."""
    for name in path:
        element = next(children(element, name), None)
        if element is None:
            return None
    return element


def truth(text: str | None) -> bool | None:
    """Read TRUE and FALSE in any case; None for anything else."""
    return None if text is None else TRUTHS.get(text.strip().upper())


def _values(element: Any) -> dict[str, str]:
    """Give `NAME`, and `PARENT/NAME` inside the parents that we read, with their text; empty elements state nothing."""
    values: dict[str, str] = {}
    for outer in element:
        name = outer.tag if "}" not in outer.tag else _name(outer)
        text = outer.text
        if text and (text := text.strip()) and name not in values:
            values[name] = text
        if name not in _PARENTS:
            continue
        for inner in outer:
            text = inner.text
            if text and (text := text.strip()):
                values.setdefault(f"{name}/{_name(inner)}", text)
    return values


def _name(element: Any) -> str:
    tag: str = element.tag
    return tag.rpartition("}")[2] if "}" in tag else tag


def _integer(text: str | None) -> int | None:
    return int(text) if text is not None and _INTEGER.fullmatch(text) else None


@lru_cache(maxsize=256)
def rate_of_text(text: str | None) -> Fraction | None:
    """Read `24000/1001`, `25/1` or `023.976-ND`; None for what is no rate."""
    try:
        return None if text is None else parse_rate(text).fps
    except (ValueError, ZeroDivisionError):
        return None


def _joined(high: str | None, low: str | None) -> int | None:
    """Join two words of 32 bits; Metacorder prints the low one signed, so both are taken modulo 2**32."""
    bottom, top = _integer(low), _integer(high)
    return None if bottom is None else ((top or 0) % 2**32) * 2**32 + bottom % 2**32


def _stamp(values: dict[str, str]) -> int | None:
    stamps = (_joined(values.get(high), values.get(low)) for high, low in _STAMPS)
    return next((stamp for stamp in stamps if stamp is not None), None)


def _take_types(values: dict[str, str]) -> tuple[str, ...]:
    named = [name.strip().upper() for name in values.get("TAKE_TYPE", "").split(",")]
    named += [name for name in _OLD_TAKE_TYPES if truth(values.get(name))]
    return tuple(dict.fromkeys(name for name in named if name))


def _track(values: dict[str, str]) -> IxmlTrack:
    return IxmlTrack(
        _integer(values.get("CHANNEL_INDEX")),
        _integer(values.get("INTERLEAVE_INDEX")),
        values.get("NAME"),
        values.get("FUNCTION"),
    )


def _rows(root: Any, name: str, *path: str) -> Iterator[dict[str, str]]:
    """Give the values of every `name` inside the list at a path."""
    inside = root
    for step in path:
        found = inside.find(step)
        if found is None:
            found = next((one for one in inside if "}" in one.tag and _name(one) == step), None)
        if found is None:
            return
        inside = found
    for element in inside:
        if element.tag == name or _name(element) == name:
            yield _values(element)


def _sync_point(values: dict[str, str]) -> SyncPoint:
    return SyncPoint(
        values.get("SYNC_POINT_TYPE"),
        values.get("SYNC_POINT_FUNCTION"),
        values.get("SYNC_POINT_COMMENT"),
        _joined(values.get("SYNC_POINT_HIGH"), values.get("SYNC_POINT_LOW")),
        _integer(values.get("SYNC_POINT_EVENT_DURATION")),
    )


def _pre_record(values: dict[str, str], points: tuple[SyncPoint, ...]) -> int | None:
    """Give the samples of pre-roll inside the file, stated on their own or as a sync point."""
    stated = _integer(values.get("PRE_RECORD_SAMPLECOUNT"))
    marked = (point.position for point in points if point.function == "PRE_RECORD_SAMPLECOUNT")
    return stated if stated is not None else next(marked, None)


def _steinberg(root: Any) -> dict[str, str]:
    """Give Nuendo's attributes as they are written: `MediaStartTime` 3600.0, `ProgramVersion`, …"""
    rows = _rows(root, "ATTR", "STEINBERG", "ATTR_LIST")
    return {row["NAME"]: row.get("VALUE", "") for row in rows if "NAME" in row}
