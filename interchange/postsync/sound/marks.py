"""Places inside a WAV: cue points with their labels, and the region stamps of Pro Tools.

`cue ` and `LIST adtl` are Microsoft's. Zoom fills only the sample offset of a cue and leaves its position 0, iZotope
RX fills both, so the sample offset counts, unless a program left all of those 0 and filled the positions. `regn` is
undocumented; its layout is read off files that Pro Tools recorded and imported.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace

from postsync.sound.bext import decode_text

_CUE = struct.Struct("<II12xI")
_SUB = struct.Struct("<4sI")
_REGN = struct.Struct("<I24xQQQQ")


@dataclass(frozen=True)
class CuePoint:
    """One cue point, in samples from the file's start; `length` is None for a point without a region.

    >>> marks = (CuePoint(1, position=480, label="R106", length=960),)
    >>> with Path("marked.wav").open("wb") as file:
    ...     _ = write_wav(file, sample_rate=48000, bits=16, blocks=[bytes(9600)], length_samples=4800, marks=marks)
    >>> [(mark.label, mark.position) for mark in read_facts(Path("marked.wav")).cue_points]
    [('R106', 480)]
    """

    id: int
    position: int
    label: str | None = None
    note: str | None = None
    length: int | None = None


@dataclass(frozen=True)
class RegionStamp:
    """What Pro Tools says of a region: length and start in samples, its user and its original time stamp, its name.

    After recording both stamps agree; after an import the user stamp is 0 and the original that of `bext`.

    >>> RegionStamp(length=96000, start=0, user_stamp=0, original_stamp=172800000).original_stamp
    172800000
    """

    length: int
    start: int
    user_stamp: int
    original_stamp: int
    name: str = ""


def parse_cues(cues: bytes, lists: list[bytes]) -> tuple[CuePoint, ...]:
    """Join `cue ` with the texts and lengths of every `LIST adtl`, in the order of the file."""
    stated = int.from_bytes(cues[:4], "little")
    count = min(stated, (len(cues) - 4) // _CUE.size) if len(cues) > 4 else 0
    texts = _texts(lists)
    rows = list(_CUE.iter_unpack(cues[4 : 4 + count * _CUE.size]))
    by_offset = any(offset for _, _, offset in rows)
    return tuple(CuePoint(cue, offset if by_offset else position, *_of(texts, cue)) for cue, position, offset in rows)


def _of(texts: dict[tuple[bytes, int], bytes], cue: int) -> tuple[str | None, str | None, int | None]:
    label, note, length = (texts.get((kind, cue)) for kind in (b"labl", b"note", b"ltxt"))
    return (
        None if label is None else decode_text(label),
        None if note is None else decode_text(note),
        None if length is None else int.from_bytes(length[:4], "little"),
    )


def _texts(lists: list[bytes]) -> dict[tuple[bytes, int], bytes]:
    """Give the content behind the cue id by kind and cue; the first of a pair wins."""
    texts: dict[tuple[bytes, int], bytes] = {}
    for content in lists:
        for kind, part in _parts(content[4:]) if content[:4] == b"adtl" else ():
            if len(part) >= 4:
                texts.setdefault((kind, int.from_bytes(part[:4], "little")), part[4:])
    return texts


def _parts(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    offset = 0
    while offset + _SUB.size <= len(content):
        kind, size = _SUB.unpack_from(content, offset)
        yield kind, content[offset + 8 : offset + 8 + size]
        offset += 8 + size + size % 2


def marks_within(points: tuple[CuePoint, ...], start: int, count: int) -> tuple[CuePoint, ...]:
    """Give the points of a part of a file, counted from its first sample, numbered anew; regions are cut at its end.

    >>> marks_within((CuePoint(1, 48000, length=96000),), start=24000, count=48000)
    (CuePoint(id=1, position=24000, label=None, note=None, length=24000),)
    """
    inside = [point for point in points if start <= point.position < start + count]
    return tuple(
        replace(
            point, id=number, position=point.position - start,
            length=None if point.length is None else min(point.length, start + count - point.position),
        )
        for number, point in enumerate(inside, start=1)
    )  # fmt: skip


def mark_chunks(points: tuple[CuePoint, ...]) -> list[tuple[bytes, bytes]]:
    """Give `cue ` and the `LIST adtl` of its texts as (id, content), both even; none where there are no points."""
    if not points:
        return []
    rows = b"".join(struct.pack("<II4sIII", one.id, one.position, b"data", 0, 0, one.position) for one in points)
    texts = b"".join(part for one in points for part in _texts_of(one))
    chunks = [(b"cue ", struct.pack("<I", len(points)) + rows)]
    return [*chunks, (b"LIST", b"adtl" + texts)] if texts else chunks


def _texts_of(point: CuePoint) -> Iterator[bytes]:
    for kind, text in ((b"labl", point.label), (b"note", point.note)):
        if text is not None:
            yield _sub(kind, struct.pack("<I", point.id) + text.encode("utf-8", "replace") + b"\0")
    if point.length is not None:
        yield _sub(b"ltxt", struct.pack("<II4sHHHH", point.id, point.length, b"rgn ", 0, 0, 0, 0))


def _sub(kind: bytes, content: bytes) -> bytes:
    return _SUB.pack(kind, len(content)) + content + b"\0" * (len(content) % 2)


def parse_region(content: bytes) -> RegionStamp | None:
    """Read a `regn`; None where it is too short to hold its stamps."""
    if len(content) < _REGN.size:
        return None
    _, length, start, user, original = _REGN.unpack_from(content)
    return RegionStamp(
        length, start, user, original, decode_text(content[61 : 61 + content[60]]) if content[60:] else ""
    )
