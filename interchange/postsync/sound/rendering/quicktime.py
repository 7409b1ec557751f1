"""What a QuickTime or MP4 file says of its tracks beyond their sound: edits, timecode, reel, names.

Apple's QuickTime File Format and ISO 14496-12. Sound is decoded by a library; where it lies in the movie is read here,
because an edit list may begin, pause and end anywhere, to the sample, and only who keeps every edit puts all of them in place.
Encoders of AAC state their priming as an edit too. Sizes are never believed beyond the file or the box around them.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO

from postsync.errors import MediaError
from postsync.timing import Rate, as_rate

MOST_BOXES = 10_000
MOST_EDITS = 100_000
_HEAD = struct.Struct(">I4s")
_DROP, _NEGATIVE_ALLOWED = 1, 4
_WHOLE_SPEED = 0x10000


@dataclass(frozen=True)
class Edit:
    """One edit: seconds of the movie that it lasts (None to the end), the tick of its media; None where nothing plays."""

    duration: Fraction | None
    media_time: int | None


@dataclass(frozen=True)
class TimecodeTrack:
    """A `tmcd` track: the frame count of the movie's first frame, its rate, and the reel that it names."""

    start_frame: int
    rate: Rate
    reel: str | None


@dataclass(frozen=True)
class MovieTrack:
    """One track: its id, kind (`soun`, `vide`, `tmcd`), ticks a second, edits and name."""

    id: int
    kind: str
    timescale: int
    edits: tuple[Edit, ...] = ()
    name: str | None = None
    timecode: TimecodeTrack | None = None


@dataclass(frozen=True)
class _Box:
    kind: bytes
    begin: int
    end: int


def movie_tracks(path: Path) -> tuple[MovieTrack, ...]:
    """Give the tracks of a movie in order; none where the file has no index that is read here.

    Raises MediaError where an edit changes the speed of the sound, which no copy of its samples can follow.
    """
    with path.open("rb") as file:
        whole = _Box(b"", 0, file.seek(0, 2))
        movie = _first(file, whole, b"moov")
        header = _content(file, _first(file, movie, b"mvhd"), 32)
        ticks = _word(header, 20 if header[:1] == b"\1" else 12)
        if movie is None or not ticks:
            return ()
        return tuple(_track(file, box, ticks) for box in _boxes(file, movie) if box.kind == b"trak")


def _boxes(file: BinaryIO, outer: _Box | None) -> Iterator[_Box]:
    """Yield the boxes inside another; what does not fit ends the walk."""
    at = outer.begin if outer is not None else 0
    for _ in range(MOST_BOXES if outer is not None else 0):
        assert outer is not None
        file.seek(at)
        head = file.read(16)
        if at + 8 > outer.end or len(head) < 8:
            return
        size, kind = _HEAD.unpack_from(head)
        begin = at + 8
        if size == 1 and len(head) == 16:
            size, begin = int.from_bytes(head[8:], "big"), at + 16
        end = outer.end if size == 0 else min(at + size, outer.end)
        if end < begin:
            return
        yield _Box(kind, begin, end)
        at = end


def _first(file: BinaryIO, outer: _Box | None, *path: bytes) -> _Box | None:
    for kind in path:
        outer = next((box for box in _boxes(file, outer) if box.kind == kind), None)
    return outer


def _content(file: BinaryIO, box: _Box | None, limit: int) -> bytes:
    if box is None:
        return b""
    file.seek(box.begin)
    return file.read(min(box.end - box.begin, limit))


def _word(content: bytes, at: int) -> int:
    return int.from_bytes(content[at : at + 4], "big")


def _track(file: BinaryIO, box: _Box, movie_ticks: int) -> MovieTrack:
    media = _first(file, box, b"mdia")
    head, times = (_content(file, found, 40) for found in (_first(file, box, b"tkhd"), _first(file, media, b"mdhd")))
    kind = _content(file, _first(file, media, b"hdlr"), 12)[8:12].decode("latin-1")
    timescale = _word(times, 20 if times[:1] == b"\1" else 12)
    edits = tuple(_edits(_content(file, _first(file, box, b"edts", b"elst"), 8 + 20 * MOST_EDITS), movie_ticks, kind))
    table = _first(file, media, b"minf", b"stbl")
    return MovieTrack(
        _word(head, 20 if head[:1] == b"\1" else 12),
        kind,
        timescale,
        edits,
        _text(_content(file, _first(file, box, b"udta", b"name"), 256)),
        _timecode(file, table, edits, timescale) if kind == "tmcd" and table is not None else None,
    )


def _edits(content: bytes, movie_ticks: int, kind: str) -> Iterator[Edit]:
    """Yield the edits; a duration of 0 in a fragmented file means all that comes."""
    row = struct.Struct(">QqI" if content[:1] == b"\1" else ">IiI")
    count = min(_word(content, 4), (len(content) - 8) // row.size) if len(content) >= 8 else 0
    for index in range(count):
        duration, media_time, speed = row.unpack_from(content, 8 + index * row.size)
        if kind == "soun" and media_time >= 0 and speed != _WHOLE_SPEED:
            raise MediaError(
                "an edit that changes the speed of the sound", expected="1", found=f"{speed / _WHOLE_SPEED:g}"
            )
        yield Edit(Fraction(duration, movie_ticks) if duration else None, None if media_time < 0 else media_time)


def _timecode(file: BinaryIO, table: _Box, edits: tuple[Edit, ...], timescale: int) -> TimecodeTrack | None:
    """Read the description and the first sample of a timecode track, moved by what its own edits cut off."""
    entry = _content(file, _first(file, table, b"stsd"), 4096)[8:]
    if len(entry) < 33 or entry[4:8] != b"tmcd":
        return None
    flags, ticks, frame_ticks, _ = struct.unpack_from(">IIIB", entry, 20)
    offset = _first_chunk(file, table)
    if not ticks or not frame_ticks or offset is None:
        return None
    file.seek(offset)
    sample = file.read(4)
    if len(sample) < 4:
        return None
    rate = as_rate(Fraction(ticks, frame_ticks), drop=bool(flags & _DROP))
    cut = next((edit.media_time for edit in edits if edit.media_time is not None), 0)
    start = int.from_bytes(sample, "big", signed=bool(flags & _NEGATIVE_ALLOWED))
    skipped = int(Fraction(cut, timescale) * rate.fps) if timescale else 0
    return TimecodeTrack((start + skipped) % rate.frames_per_day, rate, _reel(entry))


def _first_chunk(file: BinaryIO, table: _Box) -> int | None:
    """Give where the first sample of a track lies."""
    for kind, width in ((b"stco", 4), (b"co64", 8)):
        content = _content(file, _first(file, table, kind), 8 + width)
        if len(content) == 8 + width:
            return int.from_bytes(content[8:], "big")
    return None


def _reel(entry: bytes) -> str | None:
    """Read the source name behind the description of a timecode: the reel, as Final Cut and Resolve write it."""
    inner = entry[34 : int.from_bytes(entry[:4], "big")]
    if len(inner) < 12 or inner[4:8] != b"name":
        return None
    return _text(inner[12 : 12 + int.from_bytes(inner[8:10], "big")])


def _text(raw: bytes) -> str | None:
    return raw.split(b"\0", 1)[0].decode("utf-8", "replace").strip() or None
