"""Properties of AAF objects as bytes: the stream that holds them, the indexes of what an object owns, and their values.

The AMWA's AAF Low-Level Container Specification for the streams, the AAF Object Specification for the types. Everything is
little endian; streams of old Macs, which are not, are refused by name. A value never takes more than it occupies: no
count that a file states is believed beyond the bytes that are there.
"""

from __future__ import annotations

import struct
import uuid
from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from typing import Any

from postsync.errors import FormatError

DATA = 0x82
STREAM = 0x42
OPAQUE_STREAM = 0x40
UNIQUE_ID = 0x86
STRONG = 0x22
STRONG_VECTOR = 0x32
STRONG_SET = 0x3A
WEAK = 0x02
WEAK_VECTOR = 0x12
WEAK_SET = 0x1A

LITTLE_ENDIAN = 0x4C
BIG_ENDIAN = 0x4D

_WIDEST = 8
"""Bytes of the widest number."""

_LABEL_AS_GUID = bytes.fromhex("060e2b347f7f")

Decoder = Callable[[bytes], Any]

_HEAD = struct.Struct("<BBH")
_ENTRY = struct.Struct("<HHH")
_INDEX_HEAD = struct.Struct("<I8x")
_SET_HEAD = struct.Struct("<I10xB")
_SET_ENTRY = struct.Struct("<II")
_WEAK = struct.Struct("<HHB")
_WEAK_INDEX = struct.Struct("<IHHB")
_RATIONAL = struct.Struct("<ii")
_TIMESTAMP = struct.Struct("<hBBBBBB")
_PRODUCT = struct.Struct("<HHHHB")
_VERSION = struct.Struct("<bb")


class MobId(bytes):
    """The 32 bytes that name a mob; as text the URN of its UMID."""

    __slots__ = ()

    @property
    def is_zero(self) -> bool:
        """Whether it names no mob: the end of a chain of sources."""
        return not any(self)

    def __str__(self) -> str:
        """Spell it `urn:smpte:umid:…`.

        The material number is stored as a GUID. Where it was a label to begin with (Premiere), its halves are stored the other
        way round, and told in their own order.
        """
        material = uuid.UUID(bytes_le=self[16:32].ljust(16, b"\0")).bytes
        if self[11:12] == b"\0" and material[8:14] == _LABEL_AS_GUID:
            material = material[8:] + material[:8]
        digits = (bytes(self[:16]) + material).hex()
        return "urn:smpte:umid:" + ".".join(digits[place : place + 8] for place in range(0, 64, 8))

    def __repr__(self) -> str:
        return f"MobId({str(self)!r})"


# ------------------------------------------------------------------------------------------------------------ streams


Layout = dict[int, tuple[int, int, int]]
"""Where the properties of an object lie in its stream: number → (form, begin, end)."""


def parse_properties(data: bytes) -> Layout:
    """Take a `properties` stream apart. The result may be shared by objects that are laid out alike."""
    order, _, count = _HEAD.unpack_from(data)
    if order != LITTLE_ENDIAN:
        _refuse_order(order)
    layout, end = _layout(data[_HEAD.size : _HEAD.size + _ENTRY.size * count])
    if end > len(data):
        raise FormatError(expected=f"{end} bytes of properties", found=f"{len(data)}")
    return layout


@lru_cache(maxsize=4096)
def _layout(entries: bytes) -> tuple[Layout, int]:
    """Read a table of entries; most objects of a file have one of a few dozen."""
    place = _HEAD.size + len(entries)
    layout: Layout = {}
    for number, form, size in _ENTRY.iter_unpack(entries):
        layout[number] = (form, place, place + size)
        place += size
    return layout, place


def _refuse_order(order: int) -> None:
    if order == BIG_ENDIAN:
        raise FormatError(
            "an AAF of an old Macintosh, in big-endian order, which is not read",
            remedy="open it in a present application and export it again",
        )
    raise FormatError(expected="properties that begin with 0x4c", found=f"0x{order:02x}")


def parse_vector_index(data: bytes) -> tuple[int, ...]:
    """Give the keys of the objects in a vector, in order."""
    (count,) = _INDEX_HEAD.unpack_from(data)
    _fits(count, 4, len(data) - _INDEX_HEAD.size)
    return struct.unpack_from(f"<{count}I", data, _INDEX_HEAD.size)


def parse_set_index(data: bytes) -> list[tuple[int, bytes]]:
    """Give, for every object of a set, its key and the identity that it is found by."""
    count, size = _SET_HEAD.unpack_from(data)
    place, step = _SET_HEAD.size, _SET_ENTRY.size + size
    _fits(count, step, len(data) - place)
    unpack = _set_entry(size)
    return [unpack(data, place + step * number) for number in range(count)]


@lru_cache(maxsize=256)
def _set_entry(size: int) -> Callable[..., tuple[int, bytes]]:
    return struct.Struct(f"<I4x{size}s").unpack_from


def parse_weak(data: bytes) -> tuple[int, bytes]:
    """Give what a weak reference points to: the number of the path to its set, and the identity in it."""
    table, _, size = _WEAK.unpack_from(data)
    return table, _key(data, _WEAK.size, size)


@lru_cache(maxsize=1024)
def weak_auid(data: bytes) -> uuid.UUID | None:
    """Give the AUID that a weak reference points to; None where its target is known by something longer."""
    key = parse_weak(data)[1]
    return auid(key) if len(key) == 16 else None


def parse_weak_index(data: bytes) -> tuple[int, list[bytes]]:
    """Give the number of the path and the identities of a vector or set of weak references."""
    count, table, _, size = _WEAK_INDEX.unpack_from(data)
    _fits(count, max(size, 1), len(data) - _WEAK_INDEX.size)
    return table, [_key(data, _WEAK_INDEX.size + size * number, size) for number in range(count)]


def parse_paths(data: bytes) -> list[tuple[int, ...]]:
    """Give the paths of `referenced properties`: from the root, the property numbers that lead to each set."""
    order, count, _ = struct.unpack_from("<BHI", data)
    if order != LITTLE_ENDIAN:
        _refuse_order(order)
    paths: list[tuple[int, ...]] = []
    path: list[int] = []
    for (number,) in struct.iter_unpack("<H", data[7 : 7 + (len(data) - 7) // 2 * 2]):
        if number:
            path.append(number)
        elif len(paths) < count:
            paths.append(tuple(path))
            path = []
    return paths


def _key(data: bytes, place: int, size: int) -> bytes:
    key = data[place : place + size]
    if len(key) < size or not size:
        raise FormatError(expected=f"an identity of {size} bytes", found=f"{len(key)}")
    return key


def _fits(count: int, each: int, there: int) -> None:
    if count * each > there:
        raise FormatError(expected=f"{count} entries of {each} bytes", found=f"{max(there, 0)} bytes")


# ------------------------------------------------------------------------------------------------------------- values


@lru_cache(maxsize=8192)
def auid(data: bytes) -> uuid.UUID:
    """Give the AUID of 16 bytes."""
    return uuid.UUID(bytes_le=data)


@lru_cache(maxsize=8192)
def rational(data: bytes) -> Fraction | None:
    """Give a rational; None where nothing is stated, which Premiere writes as 0/0."""
    numerator, denominator = _RATIONAL.unpack_from(data)
    return Fraction(numerator, denominator) if denominator else None


def text(data: bytes) -> str:
    """Give a text up to its first zero; half a letter at the end, or half a surrogate, becomes a mark."""
    return data.decode("utf-16-le", "replace").partition("\0")[0]


def texts(data: bytes) -> list[str]:
    """Give the texts of an array, each ended by a zero."""
    parts = data.decode("utf-16-le", "replace").split("\0")
    return parts[:-1] if parts and not parts[-1] else parts


def text8(data: bytes) -> str:
    """Give a text of 7-bit letters."""
    return data.partition(b"\0")[0].decode("latin-1")


def timestamp(data: bytes) -> str:
    """Give a date and time as ISO text; the last byte of the stored form counts 250ths of a second."""
    year, month, day, hour, minute, second, fraction = _TIMESTAMP.unpack_from(data)
    return f"{year:04d}-{month:02d}-{day:02d}T{hour:02d}:{minute:02d}:{second:02d}.{fraction * 4:03d}"


def signed(data: bytes) -> int:
    """Give a signed number of however many bytes there are: some applications store fewer than the standard says."""
    if not 0 < len(data) <= _WIDEST:
        raise FormatError(expected="a number", found=f"{len(data)} bytes")
    return int.from_bytes(data, "little", signed=True)


def unsigned(data: bytes) -> int:
    """Give an unsigned number of however many bytes there are."""
    if not 0 < len(data) <= _WIDEST:
        raise FormatError(expected="a number", found=f"{len(data)} bytes")
    return int.from_bytes(data, "little")


def mob_id(data: bytes) -> MobId:
    """Give the id of a mob."""
    if len(data) != 32:
        raise FormatError(expected="a mob id of 32 bytes", found=f"{len(data)}")
    return MobId(data)


def array(code: str) -> Decoder:
    """Give a decoder of numbers in a row."""
    size = struct.calcsize(f"<{code}")
    return lambda data: list(struct.unpack(f"<{len(data) // size}{code}", data[: len(data) // size * size]))


def auids(data: bytes) -> list[uuid.UUID]:
    """Give AUIDs in a row."""
    return [auid(data[place : place + 16]) for place in range(0, len(data) // 16 * 16, 16)]


DECODERS: dict[str, Decoder] = {
    "bytes": bytes,
    "text": text,
    "text8": text8,
    "text[]": texts,
    "auid": auid,
    "auid[]": auids,
    "mobid": mob_id,
    "rational": rational,
    "timestamp": timestamp,
    "bool": lambda data: bool(unsigned(data)),
    "product": _PRODUCT.unpack_from,
    "version": _VERSION.unpack_from,
    **dict.fromkeys(("int8", "int16", "int32", "int64"), signed),
    **dict.fromkeys(("uint8", "uint16", "uint32", "uint64"), unsigned),
    "int8[]": array("b"),
    "int16[]": array("h"),
    "int32[]": array("i"),
    "int64[]": array("q"),
    "uint8[]": bytes,
    "uint16[]": array("H"),
    "uint32[]": array("I"),
}
"""How the value of each kind of `names` is read; what is not here is not a plain value."""
