"""AAF objects, read as they are asked for: what each is, what it states, and what it owns.

The AMWA's AAF Object Specification. An object is a storage; its class is known by id, its properties by number, and a name
that we ask by is looked up once per class. Nothing here knows what a timeline is.

    file = AafFile.open(stream)
    for mob in file.mobs:
        print(mob.class_name, mob.get("Name"), [slot.get("SlotID") for slot in mob.get("Slots", [])])
"""

from __future__ import annotations

import io
import struct
import uuid
from collections.abc import Callable
from functools import cached_property, lru_cache
from typing import Any, BinaryIO

from postsync.errors import FormatError
from postsync_adapters.aaf import names
from postsync_adapters.aaf import properties as p
from postsync_adapters.aaf.container import STORAGE, STREAM, Container, shown, stored
from postsync_adapters.aaf.dictionary import ClassTable, Dictionary, Row
from postsync_adapters.aaf.properties import DATA

_ROOT_HEADER = 0x0002
_DEEPEST = 400
"""Objects lie some ten deep, in effects of effects some fifty; a file that goes on is not a timeline."""


_PROPERTIES = stored("properties")
_INDEX = stored(" index")
_REFERENCED = stored("referenced properties")


class AafFile:
    """An AAF that is open for reading; close the stream after the last object was asked."""

    def __init__(self, container: Container) -> None:
        self.container = container
        self.tables: dict[bytes, ClassTable] = {}
        """What is known of the classes met so far, by their id as stored."""
        self._sets: dict[int, dict[bytes, AafObject]] = {}
        self.root = AafObject(self, None, b"", container.root)
        self.dictionary = Dictionary(self.root)

    @classmethod
    def open(cls, file: BinaryIO) -> AafFile:
        """Open an AAF; FormatError where it is none, or one of the two kinds that nobody reads any more."""
        opened = cls(Container(file))
        if _ROOT_HEADER not in opened.root.layout:
            raise FormatError("structured storage, but not an AAF", expected="a header", found="none")
        return opened

    @cached_property
    def header(self) -> AafObject:
        """The Header, which says who wrote the file."""
        return self._owned(self.root, _ROOT_HEADER)

    @cached_property
    def content(self) -> AafObject:
        """The ContentStorage, which holds mobs and embedded media."""
        return self._owned(self.header, 0x3B03)

    def _owned(self, owner: AafObject, number: int) -> AafObject:
        found = owner.by_number(number)
        if not isinstance(found, AafObject):
            raise FormatError(place=owner.path or "/", expected=f"an object as property 0x{number:04x}", found="none")
        return found

    @cached_property
    def mobs(self) -> list[AafObject]:
        """All mobs in the order of the file."""
        return list(self._mobs.values())

    def mob(self, mob_id: p.MobId) -> AafObject | None:
        """Give the mob of an id; None where the file does not hold it."""
        return self._mobs.get(mob_id)

    @cached_property
    def _mobs(self) -> dict[p.MobId, AafObject]:
        return _by_id(self.content, "Mobs")

    @cached_property
    def essences(self) -> dict[p.MobId, AafObject]:
        """The embedded media by the id of the file mob that each belongs to."""
        return _by_id(self.content, "EssenceData")

    def table(self, class_id: bytes) -> ClassTable:
        """Give what is known of a class."""
        table = self.tables.get(class_id)
        if table is None:
            table = self.tables[class_id] = self.dictionary.table(class_id)
        return table

    def definition(self, path: int, identity: bytes) -> AafObject | None:
        """Give the object that a weak reference means: the set at a path of `referenced properties`, and a key in it."""
        if path not in self._sets:
            self._sets[path] = self._definitions(path)
        return self._sets[path].get(identity)

    def _definitions(self, number: int) -> dict[bytes, AafObject]:
        paths = self.paths
        if number >= len(paths):
            raise FormatError(place="/referenced properties", expected=f"at most {len(paths)} paths", found=str(number))
        owner: Any = self.root
        *steps, last = paths[number]
        for step in steps:
            owner = owner.by_number(step) if isinstance(owner, AafObject) else None
        return dict(owner.keyed(last)) if isinstance(owner, AafObject) else {}

    @cached_property
    def paths(self) -> list[tuple[int, ...]]:
        """The ways to the sets that weak references point into, as these count them."""
        stream = self.root.children.get(_REFERENCED)
        try:
            return [path for path in p.parse_paths(self.container.read(stream)) if path] if stream else []
        except struct.error as error:
            raise FormatError(place="/referenced properties", found=str(error)) from error


def _by_id(owner: AafObject, name: str) -> dict[p.MobId, AafObject]:
    """Give the objects of a set by mob id; the first of two of one id is kept, as its application reads it."""
    found: dict[p.MobId, AafObject] = {}
    number = owner.row(name).number
    for key, item in owner.keyed(number):
        found.setdefault(p.MobId(key) if len(key) == 32 else item.get("MobID", p.MobId(key)), item)
    return found


class AafObject:
    """One object of an AAF.

    `get` gives a property by its name in the AAF Object Specification: numbers, Fractions, text, UUIDs, MobIds, the objects
    that it owns, the definition that it points to. None, or the default, where the file does not state it.
    """

    __slots__ = ("_children", "_data", "_depth", "_entry", "_layout", "_name", "_parent", "_table", "file")

    def __init__(self, file: AafFile, parent: AafObject | None, name: bytes, entry: int) -> None:
        self.file = file
        self._parent = parent
        self._name = name
        self._entry = entry
        depth = 0 if parent is None else parent._depth + 1
        self._depth: int = depth
        self._children: dict[bytes, int] | None = None
        self._layout: p.Layout | None = None
        self._data = b""
        self._table = file.tables.get(file.container.class_of(entry)) if parent is not None else None
        if depth > _DEEPEST:
            raise FormatError(place=self.path, expected=f"objects at most {_DEEPEST} deep", found="one deeper")

    # ------------------------------------------------------------------------------------------------------ identity

    @property
    def table(self) -> ClassTable:
        """What is known of its class."""
        if self._table is None:
            self._table = self.file.table(names.ROOT.bytes_le if self._parent is None else self.class_id)
        return self._table

    @property
    def class_name(self) -> str:
        """The name of its class; the class's AUID where nothing in the file or the standard names it."""
        return (self._table or self.table).name

    @property
    def class_id(self) -> bytes:
        """The id of its class as stored."""
        return self.file.container.class_of(self._entry)

    @property
    def class_auid(self) -> uuid.UUID:
        """The id of its class."""
        return self.table.auid

    def is_a(self, name: str) -> bool:
        """Tell whether its class is the one named, or descends from it."""
        return name in self.table.ancestors

    @property
    def path(self) -> str:
        """Where it lies in the file: the names of the storages down to it."""
        parts: list[str] = []
        place: AafObject | None = self
        while place is not None and place._parent is not None:
            parts.append(shown(place._name))
            place = place._parent
        return "/" + "/".join(reversed(parts))

    def __repr__(self) -> str:
        return f"<{self.class_name} {self.path}>"

    # -------------------------------------------------------------------------------------------------------- bytes

    @property
    def children(self) -> dict[bytes, int]:
        """The streams and storages in its storage, by name as it is stored."""
        if self._children is None:
            self._children = self.file.container.children(self._entry)
        return self._children

    @property
    def layout(self) -> p.Layout:
        """Where its properties lie: number → (form, begin, end)."""
        if self._layout is None:
            try:
                self._data = data = self.file.container.only(self._entry, _PROPERTIES) or self._stream()
                self._layout = p.parse_properties(data)
            except (struct.error, FormatError) as error:
                raise self._fault(error, "properties") from error
        return self._layout

    def _stream(self) -> bytes:
        """Give its `properties` stream from among what else its storage holds."""
        stream = self.children.get(_PROPERTIES)
        if stream is None:
            raise FormatError(expected="properties", found="none")
        return self.file.container.read(stream)

    def found(self, name: str) -> tuple[int, bytes] | None:
        """Give the form and the bytes of a property as they are stored; None where it is not stated."""
        place = self.layout.get(self.table.rows[name].number)
        return None if place is None else (place[0], self._data[place[1] : place[2]])

    def raw(self, name: str) -> bytes | None:
        """Give the bytes of a property as they are stored."""
        found = self.found(name)
        return None if found is None else found[1]

    def row(self, name: str) -> Row:
        """Give what is known of a property of its class; number -1 where no such property exists."""
        return self.table.rows[name]

    def __contains__(self, name: str) -> bool:
        return (self._table or self.table).rows[name].number in (self._layout or self.layout)

    def stated(self, names: tuple[str, ...]) -> list[str]:
        """Give those of some names that it states."""
        rows, layout = (self._table or self.table).rows, self._layout or self.layout
        return [name for name in names if rows[name].number in layout]

    def names(self) -> list[str]:
        """Give the names of the properties that it states."""
        return [self.table.name_of(number) for number in self.layout]

    # -------------------------------------------------------------------------------------------------------- values

    def get(self, name: str, default: Any = None) -> Any:
        """Give the value of a property, decoded; the default where it is not stated."""
        number, decode, plain = (self._table or self.table).rows[name]
        found = (self._layout or self.layout).get(number)
        if found is None:
            return default
        form, begin, end = found
        data = self._data[begin:end]
        try:
            value = decode(data) if form == DATA or plain else _FORMS.get(form, _unknown)(self, data)
        except (struct.error, ValueError) as error:
            raise self._fault(error, name) from error
        return default if value is None else value

    def first(self, name: str) -> AafObject | None:
        """Give the first object of a vector without making the others; None where there is none."""
        found = self.found(name)
        if found is None or found[0] != p.STRONG_VECTOR:
            return None
        base = _name(found[1])
        try:
            keys = p.parse_vector_index(self.index(base))
        except (struct.error, FormatError) as error:
            raise self._fault(error, name) from error
        return self.child(_numbered(base, keys[0])) if keys else None

    def by_number(self, number: int) -> Any:
        """Give what a property refers to by its number in the file; None where it is a plain value or not stated."""
        form, begin, end = self.layout.get(number, (p.DATA, 0, 0))
        try:
            return _FORMS[form](self, self._data[begin:end]) if form in _FORMS else None
        except (struct.error, ValueError) as error:
            raise self._fault(error, f"0x{number:04x}") from error

    def ref_auid(self, name: str) -> uuid.UUID | None:
        """Give the AUID of the definition that a weak reference points to, without looking for the definition."""
        found = self.found(name)
        if found is None:
            return None
        form, data = found
        try:
            return p.weak_auid(data) if form == p.WEAK else p.auid(data) if len(data) == 16 else None
        except (struct.error, ValueError) as error:
            raise self._fault(error, name) from error

    def ref_auids(self, name: str) -> list[uuid.UUID]:
        """Give the AUIDs of the definitions that a vector or set of weak references points to."""
        found = self.found(name)
        if found is None or found[0] not in (p.WEAK_VECTOR, p.WEAK_SET):
            return []
        try:
            _, keys = p.parse_weak_index(self.index(_name(found[1])))
            return [p.auid(key) for key in keys]
        except (struct.error, ValueError) as error:
            raise self._fault(error, name) from error

    def stream(self, name: str) -> BinaryIO | None:
        """Give a property that is a stream as an open file; None where it is not stated."""
        found = self.found(name)
        if found is None:
            return None
        form, data = found
        return _stream(self, data) if form == p.STREAM else io.BytesIO(data)

    def keyed(self, number: int) -> list[tuple[bytes, AafObject]]:
        """Give the objects of a set with the identity of each."""
        place = self.layout.get(number)
        if place is None:
            return []
        base = _name(self._data[place[1] : place[2]])
        try:
            index = p.parse_set_index(self.index(base))
        except (struct.error, FormatError) as error:
            raise self._fault(error, shown(base)) from error
        return [(key, self.child(_numbered(base, local))) for local, key in index]

    def child(self, name: bytes) -> AafObject:
        """Give an object that it owns by the name of its storage as stored."""
        entry = (self._children or self.children).get(name)
        if entry is None or self.file.container.kind(entry) != STORAGE:
            raise FormatError(place=self.path, expected=f"an object {shown(name)!r}", found="none")
        return AafObject(self.file, self, name, entry)

    def index(self, base: bytes) -> bytes:
        """Give the index of a vector or set by its name as stored."""
        entry = (self._children or self.children).get(base + _INDEX)
        if entry is None:
            raise FormatError(expected="an index", found="none")
        return self.file.container.read(entry)

    def _fault(self, error: Exception, name: str) -> FormatError:
        """Say where in the file a value could not be read."""
        place = f"{self.path.rstrip('/')}/{name}"
        if isinstance(error, FormatError):
            if error.place is None or "/" not in error.place:
                error.message = error.message or (error.place or "")
                error.place = place
            return error
        return FormatError(place=place, expected="a value of its kind", found=str(error))


# ---------------------------------------------------------------------------------------------- what is not plain data


def _name(data: bytes) -> bytes:
    """Give the name in a property as the directory stores it: without the zero, which some writers leave out."""
    return data[:-2] if data[-2:] == b"\0\0" else data


def _numbered(base: bytes, key: int) -> bytes:
    return base + _place(key)


@lru_cache(maxsize=8192)
def _place(key: int) -> bytes:
    return f"{{{key:x}}}".encode("utf-16-le")


def _stream(owner: AafObject, data: bytes) -> BinaryIO:
    """Open a stream beside the properties; its name follows a byte that says in which order it is stored."""
    name = _name(data[1:])
    entry = owner.children.get(name)
    if entry is None or owner.file.container.kind(entry) != STREAM:
        raise FormatError(place=owner.path, expected=f"a stream {shown(name)!r}", found="none")
    return owner.file.container.open(entry, f"{owner.path}/{shown(name)}")


def _strong(owner: AafObject, data: bytes) -> AafObject:
    return owner.child(_name(data))


def _vector(owner: AafObject, data: bytes) -> list[AafObject]:
    base, child = _name(data), owner.child
    return [child(base + _place(key)) for key in p.parse_vector_index(owner.index(base))]


def _set(owner: AafObject, data: bytes) -> list[AafObject]:
    base, child = _name(data), owner.child
    return [child(base + _place(key)) for key, _ in p.parse_set_index(owner.index(base))]


def _weak(owner: AafObject, data: bytes) -> Any:
    return _meant(owner, *p.parse_weak(data))


def _weak_objects(owner: AafObject, data: bytes) -> list[Any]:
    path, keys = p.parse_weak_index(owner.index(_name(data)))
    return [_meant(owner, path, key) for key in keys]


def _meant(owner: AafObject, path: int, key: bytes) -> Any:
    """Give the definition of an identity; the bare id where the file does not define it, as with built-in ones."""
    found = owner.file.definition(path, key)
    if found is not None:
        return found
    return p.auid(key) if len(key) == 16 else p.MobId(key)


def _unknown(owner: AafObject, data: bytes) -> Any:
    raise FormatError(expected="a way of storing that there is", found="none of them")


def _bare(owner: AafObject, data: bytes) -> bytes:
    return data


_FORMS: dict[int, Callable[[AafObject, bytes], Any]] = {
    p.STREAM: _stream,
    p.OPAQUE_STREAM: _bare,
    p.UNIQUE_ID: _bare,
    p.STRONG: _strong,
    p.STRONG_VECTOR: _vector,
    p.STRONG_SET: _set,
    p.WEAK: _weak,
    p.WEAK_VECTOR: _weak_objects,
    p.WEAK_SET: _weak_objects,
}
