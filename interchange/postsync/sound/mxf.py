"""The sound in an MXF, as far as it is needed to take it out: where its bytes lie.

SMPTE 377 for the key-length-value coding, 382 for sound in it. What the sound is, an AAF that embeds such a file states
in its own descriptor. Frame-wrapped and clip-wrapped wave essence is taken; AES3 blocks and compressed kinds are not.
"""

from __future__ import annotations

from typing import BinaryIO

from postsync.errors import MediaError

LABEL = bytes.fromhex("060e2b34")

_ESSENCE = bytes.fromhex("060e2b34010201")
_GENERIC_CONTAINER = bytes.fromhex("0d010301")
_SOUND = 0x16
_WAVE = (0x01, 0x02)
_TRACK = slice(12, 16)
"""Kind of item, number of elements, kind of element, number of the element: what tells one track from another."""


def sound_runs(file: BinaryIO) -> list[tuple[int, int]]:
    """Give the (offset, bytes) of the first sound track, in order; MediaError where it has none that is plain wave."""
    size = file.seek(0, 2)
    runs: list[tuple[int, int]] = []
    track: bytes | None = None
    at = first_key(file, size)
    while at + 17 <= size:
        file.seek(at)
        head = file.read(25)
        begin, length = value_of(head, at)
        if head[:4] != LABEL or length is None:
            break
        length = min(length, size - begin)
        if head[:7] == _ESSENCE and head[8:12] == _GENERIC_CONTAINER and head[12] == _SOUND and length:
            track = track or head[_TRACK]
            if head[_TRACK] == track:
                runs.append((begin, length))
        at = begin + length
    if not runs or track is None or track[2] not in _WAVE:
        raise MediaError(
            "an MXF without plain sound", expected="wave essence", found="none" if not track else track.hex()
        )
    return runs


def first_key(file: BinaryIO, size: int) -> int:
    """Step over the run-in that SMPTE 377 allows before the first key."""
    file.seek(0)
    return max(file.read(min(size, 65_536 + 16)).find(LABEL), 0)


def value_of(head: bytes, at: int) -> tuple[int, int | None]:
    """Give where the value of a key begins and its length in bytes; None where no length is stated."""
    if len(head) < 17:
        return at + 17, None
    first = head[16]
    if first < 0x80:
        return at + 17, first
    count = first & 0x7F
    if not 1 <= count <= 8 or len(head) < 17 + count:
        return at + 17, None
    return at + 17 + count, int.from_bytes(head[17 : 17 + count], "big")
