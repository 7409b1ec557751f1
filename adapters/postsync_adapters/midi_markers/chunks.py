"""The chunks of a Standard MIDI File, walked event by event: what is damaged or not ours is stepped over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from postsync.errors import FormatError
from postsync.report import Report

DIVISION_RATES = {24: Fraction(24), 25: Fraction(25), 29: Fraction(30000, 1001), 30: Fraction(30)}


@dataclass(frozen=True)
class MetaEvent:
    """One meta event: its tick, type, bytes, and the track from 0."""

    tick: int
    kind: int
    data: bytes
    track: int


def meta_events(data: bytes, report: Report, path: Any) -> tuple[int, list[MetaEvent]]:
    """Walk the chunks, skipping what is not ours, and give division and meta events in order of tick."""
    start = data.find(b"MThd", 0, 4096)
    if start < 0 or len(data) < start + 14:
        raise FormatError(path=path, place="byte 0", expected="the chunk MThd", found=repr(data[:4]))
    division = int.from_bytes(data[start + 12 : start + 14], "big")
    if not division or (division & 0x8000 and (256 - (division >> 8) not in DIVISION_RATES or not division & 0xFF)):
        raise FormatError(path=path, place=f"byte {start + 12}", expected="a division", found=hex(division))
    events: list[MetaEvent] = []
    tracks = 0
    for offset, body in _track_chunks(data, start, report):
        try:
            for event in _track_events(body, tracks):
                events.append(event)
        except (IndexError, ValueError):
            report.note("element-ignored", source=f"byte {offset}", name=f"rest of the damaged track {tracks + 1}")
        tracks += 1
    if not tracks:
        raise FormatError(path=path, expected="a track chunk MTrk", found="none")
    return division, sorted(events, key=lambda event: event.tick)


def _track_chunks(data: bytes, start: int, report: Report) -> Iterator[tuple[int, bytes]]:
    """Yield the tracks; one whose size is wrong, as in a recording that was cut off, ends where the next begins."""
    position = start
    while position + 8 <= len(data):
        name, size = data[position : position + 4], int.from_bytes(data[position + 4 : position + 8], "big")
        end = position + 8 + size
        if name == b"MTrk" and (end > len(data) or not _is_chunk_place(data, end)):
            following = data.find(b"MTrk", position + 8)
            stated, end = end, following if following > 0 else len(data)
            if following > 0 or stated < end:
                report.note("element-ignored", source=f"byte {position}", name="wrong size of a track")
        if name == b"MTrk":
            yield position, data[position + 8 : end]
        elif name != b"MThd":
            report.note("element-ignored", source=f"byte {position}", name=f"chunk {name!r}")
        position = end


def _is_chunk_place(data: bytes, position: int) -> bool:
    """Whether a chunk begins there, or the file ends."""
    name = data[position : position + 4]
    return position >= len(data) - 8 or (len(name) == 4 and name.isalnum())


_DATA_BYTES = {0x8: 2, 0x9: 2, 0xA: 2, 0xB: 2, 0xC: 1, 0xD: 1, 0xE: 2}


def _track_events(body: bytes, track: int) -> Iterator[MetaEvent]:
    """Yield the meta events of a track, stepping over notes and the rest; IndexError where it is cut off."""
    position, tick, running = 0, 0, 0
    while position < len(body):
        delta, position = _variable(body, position)
        tick += delta
        status = body[position]
        if status & 0x80:
            position += 1
        else:
            status = running
        if status == 0xFF:
            kind = body[position]
            size, position = _variable(body, position + 1)
            if position + size > len(body):
                raise IndexError(position)
            if kind == 0x2F:
                return
            yield MetaEvent(tick, kind, body[position : position + size], track)
            position += size
        elif status in (0xF0, 0xF7):
            size, position = _variable(body, position)
            position += size
        elif status >> 4 in _DATA_BYTES:
            running = status
            position += _DATA_BYTES[status >> 4]
        else:
            raise ValueError(f"status {status:#x}")


def _variable(body: bytes, position: int) -> tuple[int, int]:
    """Read a number in groups of seven bits: its value and where it ends."""
    value = 0
    for place in range(position, position + 4):
        value = value << 7 | body[place] & 0x7F
        if not body[place] & 0x80:
            return value, place + 1
    raise ValueError("a length of more than four bytes")
