"""A new AAF without mobs: header, dictionary and metadictionary, made by pyaaf2, into which records are put.

pyaaf2 knows the classes, types and definitions of the standard and of Media Composer. What grows with a timeline does not go
through it: it walks its storage for every object, which takes seconds for a thousand clips. It takes a good part of a second
for the definitions alone, so a process keeps what it made: files of the same definitions differ in their dates and one id.
"""

from __future__ import annotations

import io
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, BinaryIO

import aaf2
from aaf2.auid import AUID

from postsync_adapters.aaf import names
from postsync_adapters.aaf.objects import AafFile
from postsync_adapters.aaf.writing.definitions import PICTURE, Kit, Operation, Parameter, fitting
from postsync_adapters.aaf.writing.identity import auid
from postsync_adapters.aaf.writing.records import Encoding, Record, referenced_properties, timestamp
from postsync_adapters.aaf.writing.storage import SECTOR, Storage, taken_from, write_storage

_HEADER_CLASS = bytes.fromhex("0102010d00020000060e2b3403020101")
"""Of files in sectors of 4096 bytes, in the header and as the class of the root."""


_HEADER = "Header-2"
_SAVINGS = "Identifi-ionList-3b06{"

_VERSION = {"major": 0, "minor": 1, "tertiary": 0, "patchLevel": 0, "type": "VersionReleased"}
_WRITER: dict[str, Any] = {
    "CompanyName": "postsync",
    "ProductName": "postsync",
    "ProductVersionString": "0.1.0",
    "ProductVersion": _VERSION,
    "ToolkitVersion": _VERSION,
    "ProductID": auid("product", "postsync"),
    "Platform": "Python",
}
"""What every file says of who wrote it."""

_WHEN, _WHICH = datetime.fromisoformat("1789-07-14T17:30:11"), uuid.UUID("5f2f6a0e-6a1c-4d8e-9b1d-b5a7c0d3e9f1")
"""What stands in a kept file where each has its own date and the id of this saving."""

Definitions = tuple[tuple[Parameter, ...], tuple[Operation, ...], tuple[tuple[uuid.UUID, str], ...], tuple[str, ...]]
"""Parameters, operations, ways between values, and names of tags."""


@dataclass(frozen=True)
class _Skeleton:
    """The storage of a file without mobs, the properties that it numbers for itself, and the sets that it points into."""

    root: Storage
    added: Mapping[uuid.UUID, tuple[names.Property, ...]]
    paths: tuple[tuple[int, ...], ...]


def write_aaf(
    file: BinaryIO, mobs: list[Record], essences: list[Record], kit: Kit, created: datetime, generation: uuid.UUID
) -> None:
    """Write a file of mobs and media to an open file; its header says when it was saved, and the id of that."""
    definitions = (
        tuple(kit.parameters.values()),
        tuple(kit.operations.values()),
        tuple(kit.interpolations.items()),
        tuple(sorted(kit.tag_names)),
    )
    kept = _skeleton(definitions)
    encoding = Encoding(kept.added, list(kept.paths))
    content = encoding.storage(Record("ContentStorage", Mobs=mobs, EssenceData=essences or None))
    header = _stated(_only_storage(kept.root, _HEADER), created, generation)
    header.children[_stored("Content-3b03")] = content
    referenced = {_stored("referenced properties"): referenced_properties(encoding.paths)}
    root = Storage(kept.root.class_id, kept.root.children | {_stored(_HEADER): header} | referenced)
    write_storage(root, _HEADER_CLASS, file)


def _stored(name: str) -> bytes:
    return name.encode("utf-16-le")


def _only_storage(owner: Storage, name: str) -> Storage:
    found = owner.children[_stored(name)]
    assert isinstance(found, Storage)
    return found


def _stated(kept: Storage, created: datetime, generation: uuid.UUID) -> Storage:
    """Give the header of a kept file, and what it says of who saved it, with a date and an id of their own."""
    values = {timestamp(_WHEN): timestamp(created), _WHICH.bytes_le: generation.bytes_le}

    def stated(one: Storage) -> Storage:
        data = one.children[_stored("properties")]
        assert isinstance(data, bytes)
        for was, now in values.items():
            data = data.replace(was, now)
        return Storage(one.class_id, one.children | {_stored("properties"): data})

    made = stated(kept)
    for name, one in kept.children.items():
        if name.startswith(_stored(_SAVINGS)) and isinstance(one, Storage):
            made.children[name] = stated(one)
    return made


@lru_cache(maxsize=16)
def _skeleton(definitions: Definitions) -> _Skeleton:
    """Give the file that pyaaf2 makes of the definitions alone."""
    f = aaf2.open()
    _define(f, *definitions)
    for name, value in {**_WRITER, "Date": _WHEN, "GenerationAUID": _WHICH}.items():
        f.header["IdentificationList"].value[0][name].value = (
            AUID(str(value)) if isinstance(value, uuid.UUID) else value
        )
    f.header["LastModified"].value = _WHEN
    f.save()
    f.cfb.close()  # As `close` does, which would close the file in memory as well.
    made: BinaryIO = f.f
    made.write(
        bytes(-made.seek(0, io.SEEK_END) % SECTOR)
    )  # It ends its last sector by truncating, which memory ignores.
    aaf = AafFile.open(made)
    return _Skeleton(taken_from(aaf.container), aaf.dictionary.extensions, tuple(aaf.paths))


def _define(
    f: Any,
    used: Iterable[Parameter],
    operations: Iterable[Operation],
    interpolations: Iterable[tuple[uuid.UUID, str]],
    tag_names: Iterable[str],
) -> None:
    """Register what a kit used; pyaaf2 refuses to save an operation without data definition, inputs or time warp."""
    create, register = f.create, f.dictionary.register_def
    parameters: dict[uuid.UUID, Any] = {}
    for one in used:
        made = create.ParameterDef(AUID(str(one.auid)), one.name, "", f.metadict.lookup_typedef(AUID(one.kind)))
        register(made)
        parameters[one.auid] = made
    for kind in operations:
        definition = create.OperationDef(AUID(str(kind.auid)), kind.name, "")
        register(definition)
        definition.datadef = f.dictionary.lookup_datadef("picture" if kind.data == PICTURE else "sound")
        definition["NumberInputs"].value = kind.inputs
        definition["IsTimeWarp"].value = kind.warps
        definition["OperationCategory"].value = "OperationCategory_Effect"
        if kind.parameters:
            definition.parameters.extend([parameters[one.auid] for one in kind.parameters])
    for way, name in interpolations:
        register(create.InterpolationDef(AUID(str(way)), name, ""))
    for name in tag_names:
        register(create.TaggedValueDef(AUID(str(auid("tag", name))), fitting(name), ""))
