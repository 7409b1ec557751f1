"""What the header of a cut-out mono copy must say, made from that of its original.

EBU Tech 3285 and the iXML usage guidelines. The stamp moves to the first written sample in `bext` and iXML together,
so that Pro Tools' *spot to original time stamp* still finds the place; names and history stay, so that a sound editor
can trace the copy to the recorder's file. The same copy gets the same identity every time it is made.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from typing import Any

from lxml import etree

from postsync.sound.bext import LARGEST_STAMP, Bext
from postsync.sound.ixml import child, children, ixml_root
from postsync.sound.ixml_writing import as_chunk, mirror_bext, new_root, set_rate, set_stamp, set_xml
from postsync.sound.wav import WavFacts
from postsync.timing import as_rate

ORIGINATOR = "postsync"

_IDENTITIES = uuid.UUID("6f2b1f0e-6c2c-5d0a-9d3c-7d0f6b1a3c55")
_TRACK_LINE = re.compile(r"^\s*[a-z]?TRK?(\d+)=")
_OF_THE_WHOLE_FILE = ("MediaStartTime", "MediaDuration")
"""Nuendo's attributes that speak of the file's old range and have no place in a part of it."""


def consolidated_metadata(
    facts: WavFacts,
    *,
    start_sample: int,
    channel: int,
    new_name: str,
    created: datetime | None = None,
    count: int | None = None,
    time_reference: int | None = None,
) -> tuple[Bext, bytes]:
    """Give `bext` and iXML of a mono copy that begins at `start_sample` of its original (channels from 1).

    `created` dates a copy whose original has no date; `count` (samples) makes copies of different length differ in
    identity; `time_reference` is the stamp of the first written sample where it is not the original's stamp moved on.

    >>> facts = read_facts(Path("reel/12A-T3_Boom.wav"))
    >>> bext, ixml = consolidated_metadata(facts, start_sample=48000, channel=1, new_name="12A-T3.A1.wav")
    >>> bext.time_reference - facts.time_reference
    48000
    """
    moved = (facts.time_reference or 0) + start_sample if time_reference is None else time_reference
    stamp = min(max(moved, 0), LARGEST_STAMP)
    identity = _identity(facts, start_sample, count, channel)
    bext = _bext(facts, stamp, channel, identity, created)
    return bext, _ixml(facts, bext, start_sample, channel, new_name, identity)


def _identity(facts: WavFacts, start: int, count: int | None, channel: int) -> str:
    """Make 32 letters from what was cut out of what: never from the clock."""
    named = facts.path.name if facts.path else ""
    original = (facts.ixml.file_uid if facts.ixml else None) or named
    return uuid.uuid5(_IDENTITIES, f"{original}|{start}|{count}|{channel}").hex.upper()


def _bext(facts: WavFacts, stamp: int, channel: int, identity: str, created: datetime | None) -> Bext:
    original = facts.bext or Bext(originator=ORIGINATOR, originator_reference=identity)
    return replace(
        original,
        description=_own_track_lines(original.description, channel) if facts.channels > 1 else original.description,
        date=original.date or (created.strftime("%Y-%m-%d") if created else ""),
        time=original.time or (created.strftime("%H:%M:%S") if created else ""),
        time_reference=stamp,
        version=1,
        umid=b"",
        loudness=None,
        coding_history=_history(facts, original.coding_history),
    )


def _own_track_lines(description: str, channel: int) -> str:
    """Drop the `TRKn` lines of other channels, as Sound Devices does in its mono splits."""
    lines = description.splitlines(keepends=True)
    tracks = [_TRACK_LINE.match(line) for line in lines]
    return "".join(line for line, track in zip(lines, tracks, strict=True) if track is None or int(track[1]) == channel)


def _history(facts: WavFacts, history: str) -> str:
    before = history.rstrip("\r\n")
    line = f"A=PCM,F={facts.sample_rate},W={facts.bytes_per_sample * 8},M=mono,T={ORIGINATOR}\r\n"
    return f"{before}\r\n{line}" if before else line


def _ixml(facts: WavFacts, bext: Bext, start: int, channel: int, new_name: str, identity: str) -> bytes:
    """Bring every element that speaks of the file itself up to date; all others stay as the recorder wrote them."""
    root = ixml_root(facts.ixml.raw) if facts.ixml else None
    if root is None:
        root = new_root()
        _tell_take(root, facts)
    _set_history(root, facts, new_name)
    set_xml(root, identity, "FILE_UID")
    _set_family(root, facts)
    set_xml(root, str(facts.sample_rate), "SPEED", "FILE_SAMPLE_RATE")
    set_xml(root, str(facts.bytes_per_sample * 8), "SPEED", "AUDIO_BIT_DEPTH")
    set_stamp(root, bext.time_reference or 0, facts.sample_rate)
    mirror_bext(root, bext)
    _move_sync_points(root, start)
    _keep_track(root, facts, channel)
    _drop_range_attributes(root)
    return as_chunk(root)


def _set_history(root: Any, facts: WavFacts, new_name: str) -> None:
    """Keep the first name and parent that are told; a file that tells none is the original itself."""
    named = facts.path.name if facts.path else None
    ixml = facts.ixml
    original = (ixml.original_filename if ixml else None) or named
    parent = (ixml.parent_uid or ixml.file_uid) if ixml else None
    if original:
        set_xml(root, original, "HISTORY", "ORIGINAL_FILENAME")
    if parent:
        set_xml(root, parent, "HISTORY", "PARENT_UID")
    set_xml(root, new_name, "HISTORY", "CURRENT_FILENAME")


def _tell_take(root: Any, facts: WavFacts) -> None:
    """Say in a new document what the description of `bext` said of the take: many programs read only one of the two."""
    fields = facts.bext.description_fields if facts.bext else {}
    for name in ("PROJECT", "SCENE", "TAKE", "TAPE", "NOTE", "UBITS"):
        if fields.get(name):
            set_xml(root, fields[name], name)
    if facts.circled is not None:
        set_xml(root, "TRUE" if facts.circled else "FALSE", "CIRCLED")
    if facts.frame_rate is not None:
        described = f"{fields.get('SPEED', '')} {fields.get('FRAMERATE', '')}".upper().replace("ND", "")
        drop = "D" in described and facts.frame_rate in (Fraction(30000, 1001), Fraction(30))
        set_rate(root, as_rate(facts.frame_rate, drop=drop))


def _set_family(root: Any, facts: WavFacts) -> None:
    """Let the mono copies of one file share its family; how many there are of it only the recorder knew."""
    family = child(root, "FILE_SET")
    if facts.channels == 1 or facts.ixml is None or not (facts.ixml.family_uid or facts.ixml.file_uid):
        return
    set_xml(root, facts.ixml.family_uid or facts.ixml.file_uid or "", "FILE_SET", "FAMILY_UID")
    for name in ("TOTAL_FILES", "FILE_SET_INDEX"):
        if family is not None and (stale := child(family, name)) is not None:
            family.remove(stale)


def _move_sync_points(root: Any, start: int) -> None:
    """Count pre-roll and relative sync points from the new first sample; what lies before it goes."""
    pre_roll = child(root, "PRE_RECORD_SAMPLECOUNT")
    if pre_roll is not None:
        _move(root, pre_roll, (pre_roll, None), start)
    points = child(root, "SYNC_POINT_LIST")
    for point in list(children(points, "SYNC_POINT")) if points is not None else []:
        kind = child(point, "SYNC_POINT_TYPE")
        if kind is not None and (kind.text or "").strip().upper() == "RELATIVE":
            _move(points, point, (child(point, "SYNC_POINT_LOW"), child(point, "SYNC_POINT_HIGH")), start)
    if points is not None and child(points, "SYNC_POINT_COUNT") is not None:
        set_xml(points, str(len(list(children(points, "SYNC_POINT")))), "SYNC_POINT_COUNT")


def _move(parent: Any, element: Any, words: tuple[Any, Any], start: int) -> None:
    """Take `start` off a position in one or two words; an element that then falls before the sound goes."""
    low, high = (int(word.text) if word is not None and _is_number(word.text) else None for word in words)
    if low is None:
        return
    moved = (high or 0) % 2**32 * 2**32 + low % 2**32 - start
    if moved < 0:
        parent.remove(element)
        return
    top, bottom = divmod(moved, 2**32)
    words[0].text = str(bottom)
    if words[1] is not None:
        words[1].text = str(top)


def _is_number(text: str | None) -> bool:
    return text is not None and re.fullmatch(r"\s*[+-]?\d{1,20}\s*", text) is not None


def _keep_track(root: Any, facts: WavFacts, channel: int) -> None:
    """Leave one track in the list, now first in its file but still from the same input of the recorder."""
    tracks = child(root, "TRACK_LIST")
    if tracks is None:
        tracks = etree.SubElement(root, "TRACK_LIST")
    for track in list(children(tracks, "TRACK")):
        place = child(track, "INTERLEAVE_INDEX")
        if place is None or (place.text or "").strip() != str(channel):
            tracks.remove(track)
    if child(tracks, "TRACK") is None:
        set_xml(tracks, str(channel), "TRACK", "CHANNEL_INDEX")
        set_xml(tracks, facts.channel_name(channel) or "", "TRACK", "NAME")
    set_xml(tracks, "1", "TRACK", "INTERLEAVE_INDEX")
    set_xml(tracks, "1", "TRACK_COUNT")


def _drop_range_attributes(root: Any) -> None:
    attributes = child(root, "STEINBERG", "ATTR_LIST")
    if attributes is None:
        return
    for attribute in list(children(attributes, "ATTR")):
        name = child(attribute, "NAME")
        if name is not None and (name.text or "").strip() in _OF_THE_WHOLE_FILE:
            attributes.remove(attribute)
