"""What a file says of its own classes, properties and types, on top of what the standard says.

The AMWA's AAF Object Specification, metadictionary. Applications add properties to the classes of the standard; each file
numbers them for itself and describes them here. It is read when a class or a name is asked for that the standard does not
have, and not before.
"""

from __future__ import annotations

import struct
import uuid
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from postsync.errors import FormatError
from postsync_adapters.aaf import names
from postsync_adapters.aaf import properties as p
from postsync_adapters.aaf.types import Types

if TYPE_CHECKING:
    from postsync_adapters.aaf.objects import AafObject

_INDIRECT = struct.Struct("<B16s")
_META_DICTIONARY = 0x0001
_CLASSES, _TYPES = 0x0003, 0x0004
_DEFINITIONS = {
    auid.bytes_le
    for auid, known in names.BASELINE_CLASSES.items()
    if known.name.endswith("Definition") or "TypeDef" in known.name
}
_OF_TYPE = "type "
_INDIRECT_TYPES = {auid for auid, kind in names.BASELINE_TYPES.items() if kind == "indirect"}


class Row(NamedTuple):
    """One property of a class in one file: its number, -1 where there is none, how its value is read, and whether it is plain.

    What is plain is never an object, and what is an object never plain, whatever a damaged file says.
    """

    number: int
    read: p.Decoder
    plain: bool = False


_ABSENT = Row(-1, bytes)


def _refused(data: bytes) -> Any:
    """Refuse the plain value of a property that holds objects."""
    raise FormatError(expected="an object", found=f"{len(data)} bytes")


class Rows(dict[str, Row]):
    """The properties of a class by name; one that the standard does not have is looked for in the file when asked for."""

    def __init__(self, complete: Callable[[], None]) -> None:
        super().__init__()
        self._complete = complete

    def __missing__(self, name: str) -> Row:
        self._complete()
        return self.setdefault(name, _ABSENT)


class ClassTable:
    """A class in one file: name, ancestors, and in `rows` its properties by name, or by AUID as text."""

    def __init__(self, dictionary: Dictionary, auid: uuid.UUID, lineage: list[names.Class]) -> None:
        self.auid = auid
        self.name = lineage[0].name if lineage else str(auid)
        self.ancestors = frozenset(ancestor.name for ancestor in lineage) or frozenset((self.name,))
        self._lineage = [ancestor.auid for ancestor in lineage] or [auid]
        self._dictionary = dictionary
        self.rows = Rows(self._complete_from_file)
        self._names: dict[int, str] = {}
        self._complete = False
        for ancestor in lineage:
            self._add(ancestor.properties)

    def name_of(self, number: int) -> str:
        """Give the name of a property by its number."""
        if number not in self._names:
            self._complete_from_file()
        if number not in self._names:
            self._names[number] = f"pid-0x{number:04x}"
            self.rows[self._names[number]] = Row(number, _ABSENT.read)
        return self._names[number]

    def _complete_from_file(self) -> None:
        """Add what the file itself says of the class and its ancestors."""
        if not self._complete:
            self._complete = True
            for ancestor in self._lineage:
                self._add(self._dictionary.extensions.get(ancestor, ()))

    def _add(self, properties: tuple[names.Property, ...]) -> None:
        for row in properties:
            if row.pid in self._names:
                continue
            name = row.name if row.name not in self.rows else str(row.auid or f"pid-0x{row.pid:04x}")
            entry = Row(row.pid, self._dictionary.reader(row.kind), row.kind in p.DECODERS)
            self._names[row.pid] = name
            self.rows[name] = entry
            if row.auid is not None:
                self.rows[str(row.auid)] = entry


class Dictionary:
    """The classes and types that a file describes, each read once."""

    def __init__(self, root: AafObject) -> None:
        self._root = root
        self._readers: dict[str, p.Decoder] = {}
        self._indirect: dict[bytes, p.Decoder] = {}
        self.types = Types(lambda: self._own_types)

    # ------------------------------------------------------------------------------------------------------- classes

    def table(self, class_id: bytes) -> ClassTable:
        """Give what is known of the class of an id as stored."""
        auid = p.auid(class_id)
        lineage: list[names.Class] = []
        seen: set[uuid.UUID] = set()
        step: uuid.UUID | None = auid
        while step is not None and step not in seen:
            seen.add(step)
            found = names.BASELINE_CLASSES.get(step) or self._own_class(step)
            if found is None:
                break
            lineage.append(found)
            step = found.parent
        return ClassTable(self, auid, lineage)

    def _own_class(self, auid: uuid.UUID) -> names.Class | None:
        found = self._own_classes.get(auid)
        if found is None:
            return None
        parent = found.ref_auid("ParentClass")
        return names.Class(found.get("Name") or str(auid), auid, None if parent == auid else parent)

    @cached_property
    def _own_classes(self) -> dict[uuid.UUID, AafObject]:
        return self._meta(_CLASSES)

    @cached_property
    def _own_types(self) -> dict[uuid.UUID, AafObject]:
        return self._meta(_TYPES)

    def _meta(self, number: int) -> dict[uuid.UUID, AafObject]:
        """Give the definitions of a set by id, but only those that are what they must be: nothing defines itself."""
        dictionary = self._root.get("MetaDictionary")
        items = () if dictionary is None else dictionary.keyed(number)
        return {p.auid(key): item for key, item in items if len(key) == 16 and item.class_id in _DEFINITIONS}

    @cached_property
    def extensions(self) -> dict[uuid.UUID, tuple[names.Property, ...]]:
        """The properties that the file numbers for itself, by class."""
        return {auid: tuple(self._added(item)) for auid, item in self._own_classes.items()}

    def _added(self, definition: AafObject) -> list[names.Property]:
        standard = names.BASELINE_CLASSES.get(definition.get("Identification"))
        known = {row.pid for row in standard.properties} if standard else set[int]()
        added: list[names.Property] = []
        stated = definition.get("Properties", ())
        for item in stated if isinstance(stated, Iterable) else ():  # Damage may make a set one object.
            number = item.get("LocalIdentification", -1)
            if number in known:
                continue
            auid = item.get("Identification")
            name, kind = names.KNOWN_EXTENSIONS.get(auid, ("", ""))
            name = name or item.get("Name") or str(auid)
            kind = kind or f"{_OF_TYPE}{item.ref_auid('Type') or uuid.UUID(int=0)}"
            added.append(names.Property(number, name, kind, auid))
        return added

    # --------------------------------------------------------------------------------------------------------- types

    def reader(self, kind: str) -> p.Decoder:
        """Give the function that reads values of a kind, as `names` words it."""
        found = self._readers.get(kind)
        if found is None:
            found = self._readers[kind] = self._reader(kind)
        return found

    def _reader(self, kind: str) -> p.Decoder:
        if kind == "indirect":
            return self.indirect
        if kind.startswith(_OF_TYPE):
            type_id = uuid.UUID(kind.removeprefix(_OF_TYPE))
            # Only a value that is asked for needs its type looked up.
            return lambda data: self.value(type_id, data)
        return p.auid if kind == "definition" else p.DECODERS.get(kind, _refused)

    def indirect(self, data: bytes) -> Any:
        """Give a value that carries its own type in front of it."""
        if not data:
            return None
        head = data[: _INDIRECT.size]
        decode = self._indirect.get(head)
        if decode is None:
            order, type_id = _INDIRECT.unpack(head)
            if order != p.LITTLE_ENDIAN:
                raise FormatError(expected="a value that begins with 0x4c", found=f"0x{order:02x}")
            decode = self._indirect[head] = self.types.shape(p.auid(type_id)).decode
        return decode(data[_INDIRECT.size :])

    def value(self, type_id: uuid.UUID, data: bytes) -> Any:
        """Give a value of a type; its bytes where nothing in the file or the standard says what the type is."""
        return self.indirect(data) if type_id in _INDIRECT_TYPES else self.types.shape(type_id).decode(data)
