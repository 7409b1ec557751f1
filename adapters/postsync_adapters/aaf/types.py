"""The types that a file describes for itself, reduced to how many bytes a value takes and how it is read.

The AMWA's AAF Object Specification, type definitions. Records become dictionaries, arrays lists, arrays of bytes bytes;
enumerations stay numbers or AUIDs. Whatever is not described comes out as the bytes that are there.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from postsync.errors import FormatError
from postsync_adapters.aaf import names
from postsync_adapters.aaf import properties as p

if TYPE_CHECKING:
    from postsync_adapters.aaf.objects import AafObject

_DEEPEST = 32

_SIZES = {
    "uint8": 1, "int8": 1, "bool": 1, "uint16": 2, "int16": 2, "uint32": 4, "int32": 4, "uint64": 8, "int64": 8,
    "auid": 16, "mobid": 32, "rational": 8, "timestamp": 8, "product": 9, "version": 2,
}  # fmt: skip


class Shape(NamedTuple):
    """How a type is stored: its bytes, 0 where values differ in length, and how a value is read."""

    size: int
    decode: p.Decoder


_OPAQUE = Shape(0, bytes)
_BYTE = names.full_auid("01010100", "060e-2b3401040101")


class Types:
    """The types of one file by id; each definition is looked at once."""

    def __init__(self, own: Callable[[], dict[uuid.UUID, AafObject]]) -> None:
        self.own = own
        self._shapes = {
            auid: Shape(_SIZES.get(kind, 0), p.DECODERS[kind])
            for auid, kind in names.BASELINE_TYPES.items()
            if kind in p.DECODERS
        }

    def shape(self, type_id: uuid.UUID | None, depth: int = 0) -> Shape:
        """Give the shape of a type; bytes where nothing describes it."""
        if type_id is None or depth > _DEEPEST:
            return _OPAQUE
        found = self._shapes.get(type_id)
        if found is None:
            definition = self.own().get(type_id)
            make = None if definition is None else _MAKERS.get(definition.class_name)
            found = _OPAQUE if definition is None or make is None else make(self, definition, depth + 1)
            self._shapes[type_id] = found
        return found


# ------------------------------------------------------------------------------------------- one per kind of type


def _integer(types: Types, definition: AafObject, depth: int) -> Shape:
    return Shape(int(definition.get("Size", 0)), p.signed if definition.get("IsSigned") else p.unsigned)


def _enumeration(types: Types, definition: AafObject, depth: int) -> Shape:
    return types.shape(definition.ref_auid("ElementType"), depth)


def _extendible(types: Types, definition: AafObject, depth: int) -> Shape:
    return Shape(16, p.auid)


def _rename(types: Types, definition: AafObject, depth: int) -> Shape:
    return types.shape(definition.ref_auid("RenamedType"), depth)


def _array(types: Types, definition: AafObject, depth: int) -> Shape:
    element = definition.ref_auid("ElementType")
    if element == _BYTE:
        return Shape(int(definition.get("ElementCount", 0)), bytes)
    shape = types.shape(element, depth)
    if not shape.size:
        return _OPAQUE
    return Shape(shape.size * int(definition.get("ElementCount", 0)), lambda data: _row(shape, data))


def _string(types: Types, definition: AafObject, depth: int) -> Shape:
    element = types.own().get(definition.ref_auid("ElementType") or uuid.UUID(int=0))
    narrow = element is not None and element.class_name == "TypeDefinitionGenericCharacter"
    return Shape(0, p.text8 if narrow else p.text)


def _record(types: Types, definition: AafObject, depth: int) -> Shape:
    shapes = [types.shape(member, depth) for member in definition.ref_auids("MemberTypes")]
    labels = definition.get("MemberNames", [])
    if not shapes or len(labels) != len(shapes) or not all(shape.size for shape in shapes):
        return _OPAQUE
    size = sum(shape.size for shape in shapes)
    return Shape(size, lambda data: _members(labels, shapes, size, data))


_MAKERS: dict[str, Callable[[Types, AafObject, int], Shape]] = {
    "TypeDefinitionInteger": _integer,
    "TypeDefinitionEnumeration": _enumeration,
    "TypeDefinitionExtendibleEnumeration": _extendible,
    "TypeDefinitionRename": _rename,
    "TypeDefinitionFixedArray": _array,
    "TypeDefinitionVariableArray": _array,
    "TypeDefinitionSet": _array,
    "TypeDefinitionString": _string,
    "TypeDefinitionRecord": _record,
}


def _row(shape: Shape, data: bytes) -> list[Any]:
    whole = len(data) // shape.size * shape.size
    return [shape.decode(data[place : place + shape.size]) for place in range(0, whole, shape.size)]


def _members(labels: list[str], shapes: list[Shape], size: int, data: bytes) -> dict[str, Any]:
    if len(data) < size:
        raise FormatError(expected=f"a record of {size} bytes", found=f"{len(data)}")
    values: dict[str, Any] = {}
    place = 0
    for label, shape in zip(labels, shapes, strict=True):
        values[label] = shape.decode(data[place : place + shape.size])
        place += shape.size
    return values
