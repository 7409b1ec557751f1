"""AAF objects to be written: what each is and states, and their bytes.

The AMWA's AAF Object Specification and its Low-Level Container Specification. A record is made once with everything it
states and put once into what owns it; its bytes are made when the file is. Numbers of properties are those of `names`, and
for what applications added those that the file's own dictionary gives them.
"""

from __future__ import annotations

import datetime
import struct
import uuid
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple

from postsync.errors import CannotWrite
from postsync_adapters.aaf import names
from postsync_adapters.aaf import properties as p
from postsync_adapters.aaf.container import stored
from postsync_adapters.aaf.writing.storage import Storage

LONGEST = 65_535
"""Bytes of one property."""

_HEAD = struct.Struct("<BBH")
_ENTRY = struct.Struct("<HHH")
_VERSION = 0x20
_NO_KEY = 0xFFFFFFFF
_TARGETS = {
    "DataDefinition": 0x2605,
    "Operation": 0x2603,
    "Interpolation": 0x2609,
    "ContainerFormat": 0x2608,
    "CodecDefinition": 0x2607,
}
"""Weak references, and the set of the dictionary that each means something in."""
_DICTIONARY = (0x0002, 0x3B04)
_IDENTITY = 0x1B01

_SETS = {"Mobs": ("MobID", 0x4401), "EssenceData": ("MobID", 0x2701)}
"""Sets, with the property that their objects are known by; everything else that owns several is a vector."""


class Record:
    """An object to be written: its class and what it states by name. None is not stated."""

    __slots__ = ("kind", "values")

    def __init__(self, kind: str, **values: Any) -> None:
        self.kind = kind
        self.values = values

    def __setitem__(self, name: str, value: Any) -> None:
        self.values[name] = value

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


class Typed(NamedTuple):
    """A value that carries its type, where the value alone does not say which: its bytes and the AUID of the type."""

    type_id: uuid.UUID
    data: bytes


# ------------------------------------------------------------------------------------------------------------- values

_TYPES = {kind: auid for auid, kind in reversed(names.BASELINE_TYPES.items())}
TEXT_TYPE = names.full_auid("01100200", "060e-2b3401040101")
BYTES_TYPE = names.full_auid("04100100", "060e-2b3401040101")
_INTEGERS = (("int32", struct.Struct("<i")), ("int64", struct.Struct("<q")))


def text(value: str) -> bytes:
    """Give a text as it is stored; half a surrogate becomes a mark, a zero would end it."""
    return value.replace("\0", "").encode("utf-16-le", "replace") + b"\0\0"


def rational(value: Fraction | tuple[int, int]) -> bytes:
    """Give a rational; a pair is stored as it stands, not shortened."""
    top, bottom = value if isinstance(value, tuple) else (value.numerator, value.denominator)
    return _RATIONAL.pack(top, bottom)


def timestamp(value: str | datetime.datetime) -> bytes:
    """Give a date and time of ISO text."""
    at = value if isinstance(value, datetime.datetime) else datetime.datetime.fromisoformat(value)
    return _TIMESTAMP.pack(at.year, at.month, at.day, at.hour, at.minute, at.second, at.microsecond // 4000)


def indirect(value: Any) -> bytes:
    """Give a value behind the type that it carries."""
    if isinstance(value, Typed):
        return _indirect_head(value.type_id) + value.data
    if isinstance(value, str):
        return _indirect_head(TEXT_TYPE) + text(value)
    if isinstance(value, (Fraction, tuple)):
        return _indirect_head(_TYPES["rational"]) + rational(value)
    if isinstance(value, bytes):
        return _indirect_head(BYTES_TYPE) + value
    if isinstance(value, int):
        kind, number = _INTEGERS[not -(2**31) <= value < 2**31]
        return _indirect_head(_TYPES[kind]) + number.pack(value)
    raise CannotWrite("a value that AAF has no type for", found=repr(value)[:80])


@lru_cache(maxsize=64)
def _indirect_head(type_id: uuid.UUID) -> bytes:
    return bytes((p.LITTLE_ENDIAN,)) + type_id.bytes_le


def colour(value: Iterable[int]) -> bytes:
    """Give red, green and blue of sixteen bits each."""
    return struct.pack("<3H", *value)


_RATIONAL = struct.Struct("<ii")
_TIMESTAMP = struct.Struct("<hBBBBBB")
Encoder = Callable[[Any], bytes]


def _number(code: str) -> Encoder:
    return struct.Struct(f"<{code}").pack


def _row(code: str) -> Encoder:
    return lambda values: struct.pack(f"<{len(values)}{code}", *values)


ENCODERS: dict[str, Encoder] = {
    "int8": _number("b"), "int16": _number("h"), "int32": _number("i"), "int64": _number("q"),
    "uint8": _number("B"), "uint16": _number("H"), "uint32": _number("I"), "uint64": _number("Q"),
    "int32[]": _row("i"), "int64[]": _row("q"), "uint32[]": _row("I"),
    "bool": lambda value: b"\1" if value else b"\0",
    "text": text,
    "auid": lambda value: value.bytes_le,
    "mobid": bytes,
    "bytes": bytes,
    "uint8[]": bytes,
    "rational": rational,
    "timestamp": timestamp,
    "indirect": indirect,
    "colour": colour,
}  # fmt: skip
"""How the value of each kind of `names` is stored, and the one that only files describe."""

_DESCRIBED_BY_FILES = {"CommentMarkerColor": "colour"}


# ------------------------------------------------------------------------------------------------------------- objects


class _Property(NamedTuple):
    number: int
    kind: str
    base: bytes
    """The name, as stored, of what holds the objects of it."""


class Encoding:
    """Makes the storages of records for one file.

    `added` are the properties that the file numbers for itself, by class; `paths` the sets that weak references point
    into, which grows by those that are used.
    """

    def __init__(self, added: Mapping[uuid.UUID, tuple[names.Property, ...]], paths: list[tuple[int, ...]]) -> None:
        self.paths = paths
        self._added = added
        self._classes: dict[str, tuple[bytes, dict[str, _Property]]] = {}
        self._weak: dict[tuple[str, uuid.UUID], bytes] = {}

    def storage(self, record: Record) -> Storage:
        """Give the storage of a record with all that it owns."""
        class_id, known = self._known(record.kind)
        made = Storage(class_id)
        entries: list[bytes] = []
        data: list[bytes] = []
        for name, value in record.values.items():
            if value is None:
                continue
            number, kind, base = known[name]
            encode = ENCODERS.get(kind)
            if encode is not None:
                form, stored_value = p.DATA, encode(value)
            elif kind == "definition":
                form, stored_value = p.WEAK, self._reference(name, value)
            elif kind == "object":
                form, stored_value = p.STRONG, base + b"\0\0"
                made.children[base] = self.storage(value)
            elif kind == "stream":
                form, stored_value = p.STREAM, b"\x55" + base + b"\0\0"
                made.children[base] = value
            else:
                form, stored_value = self._owned(made, base, name, value), base + b"\0\0"
            if len(stored_value) > LONGEST:
                raise CannotWrite(
                    "a value longer than an AAF holds", place=f"{record.kind}.{name}", expected=f"at most {LONGEST} bytes",
                    found=str(len(stored_value)),
                )  # fmt: skip
            entries.append(_ENTRY.pack(number, form, len(stored_value)))
            data.append(stored_value)
        head = _HEAD.pack(p.LITTLE_ENDIAN, _VERSION, len(entries))
        made.children[_PROPERTIES] = b"".join((head, *entries, *data))
        return made

    def _owned(self, made: Storage, base: bytes, name: str, records: list[Record]) -> int:
        """Put the objects of a vector or set into a storage, with the index that lists them."""
        count = len(records)
        children, storage = made.children, self.storage
        for place, record in enumerate(records):
            children[base + _numbered(place)] = storage(record)
        if name in _SETS:
            children[base + _INDEX] = _set_index(records, *_SETS[name])
            return p.STRONG_SET
        index = struct.pack(f"<III{count}I", count, count, _NO_KEY, *range(count))
        children[base + _INDEX] = index
        return p.STRONG_VECTOR

    def _reference(self, name: str, auid: uuid.UUID) -> bytes:
        found = self._weak.get((name, auid))
        if found is None:
            path = (*_DICTIONARY, _TARGETS[name])
            if path not in self.paths:
                self.paths.append(path)
            place = self.paths.index(path)
            found = self._weak[name, auid] = struct.pack("<HHB", place, _IDENTITY, 16) + auid.bytes_le
        return found

    def _known(self, kind: str) -> tuple[bytes, dict[str, _Property]]:
        found = self._classes.get(kind)
        if found is None:
            found = self._classes[kind] = self._class(kind)
        return found

    def _class(self, name: str) -> tuple[bytes, dict[str, _Property]]:
        known: dict[str, _Property] = {}
        auid: uuid.UUID | None = CLASSES[name]
        own = names.BASELINE_CLASSES[CLASSES[name]]
        while auid is not None:
            one = names.BASELINE_CLASSES[auid]
            for row in (*one.properties, *self._added.get(auid, ())):
                kind = _DESCRIBED_BY_FILES.get(row.name, row.kind)
                known.setdefault(row.name, _Property(row.pid, kind, stored(f"{row.name[:14]}-{row.pid:x}")))
            auid = one.parent
        return own.auid.bytes_le, known

    def has(self, kind: str, name: str) -> bool:
        """Whether records of a class can state a property."""
        return kind in CLASSES and name in self._known(kind)[1]


CLASSES = {one.name: auid for auid, one in names.BASELINE_CLASSES.items()}
"""The classes of the standard by name."""

_PROPERTIES = stored("properties")
_INDEX = stored(" index")


@lru_cache(maxsize=8192)
def _numbered(place: int) -> bytes:
    return stored(f"{{{place:x}}}")


def _set_index(records: list[Record], identity: str, number: int) -> bytes:
    """Give the index of a set of objects that are known by a mob id."""
    head = struct.pack("<IIIHB", len(records), len(records), _NO_KEY, number, 32)
    rows = (struct.pack("<II", place, 1) + bytes(record[identity]) for place, record in enumerate(records))
    return head + b"".join(rows)


def referenced_properties(paths: list[tuple[int, ...]]) -> bytes:
    """Give the stream of the paths that weak references are counted by."""
    numbers = [number for path in paths for number in (*path, 0)]
    return struct.pack(f"<BHI{len(numbers)}H", p.LITTLE_ENDIAN, len(paths), len(numbers), *numbers)
