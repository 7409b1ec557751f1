"""A new AAF without mobs: header, dictionary and metadictionary, made by pyaaf2, into which records are put.

pyaaf2 knows the classes, types and definitions of the standard and of Media Composer, and writes them in a moment. What grows
with a timeline does not go through it: it walks its storage for every object, which takes seconds for a thousand clips.
"""

from __future__ import annotations

import io
import uuid
from collections.abc import Mapping
from typing import Any, BinaryIO

import aaf2
from aaf2.auid import AUID

from postsync_adapters.aaf.objects import AafFile
from postsync_adapters.aaf.writing.definitions import PICTURE, Kit, fitting
from postsync_adapters.aaf.writing.identity import auid
from postsync_adapters.aaf.writing.records import Encoding, Record, referenced_properties
from postsync_adapters.aaf.writing.storage import SECTOR, Storage, taken_from, write_storage

_HEADER_CLASS = bytes.fromhex("0102010d00020000060e2b3403020101")
"""Of files in sectors of 4096 bytes, in the header and as the class of the root."""


def write_aaf(
    file: BinaryIO, mobs: list[Record], essences: list[Record], kit: Kit, identity: Mapping[str, Any]
) -> None:
    """Write a file of mobs and media to an open file; `identity` is what its header says of who wrote it and when."""
    aaf = AafFile.open(_skeleton(kit, identity))
    root = taken_from(aaf.container)
    encoding = Encoding(aaf.dictionary.extensions, list(aaf.paths))
    content = encoding.storage(Record("ContentStorage", Mobs=mobs, EssenceData=essences or None))
    header = _only_storage(root, "Header-2")
    header.children["Content-3b03".encode("utf-16-le")] = content
    root.children["referenced properties".encode("utf-16-le")] = referenced_properties(encoding.paths)
    write_storage(root, _HEADER_CLASS, file)


def _only_storage(owner: Storage, name: str) -> Storage:
    found = owner.children[name.encode("utf-16-le")]
    assert isinstance(found, Storage)
    return found


def _skeleton(kit: Kit, identity: Mapping[str, Any]) -> BinaryIO:
    """Give the file that pyaaf2 makes of the definitions alone."""
    f = aaf2.open()
    _define(f, kit)
    for name, value in identity.items():
        if name != "LastModified":
            f.header["IdentificationList"].value[0][name].value = (
                AUID(str(value)) if isinstance(value, uuid.UUID) else value
            )
    f.header["LastModified"].value = identity["LastModified"]
    f.save()
    f.cfb.close()  # As `close` does, which would close the file in memory as well.
    made: BinaryIO = f.f
    made.write(
        bytes(-made.seek(0, io.SEEK_END) % SECTOR)
    )  # It ends its last sector by truncating, which memory ignores.
    return made


def _define(f: Any, kit: Kit) -> None:
    """Register what a kit used; pyaaf2 refuses to save an operation without data definition, inputs or time warp."""
    create, register = f.create, f.dictionary.register_def
    parameters: dict[uuid.UUID, Any] = {}
    for one in kit.parameters.values():
        made = create.ParameterDef(AUID(str(one.auid)), one.name, "", f.metadict.lookup_typedef(AUID(one.kind)))
        register(made)
        parameters[one.auid] = made
    for kind in kit.operations.values():
        definition = create.OperationDef(AUID(str(kind.auid)), kind.name, "")
        register(definition)
        definition.datadef = f.dictionary.lookup_datadef("picture" if kind.data == PICTURE else "sound")
        definition["NumberInputs"].value = kind.inputs
        definition["IsTimeWarp"].value = kind.warps
        definition["OperationCategory"].value = "OperationCategory_Effect"
        if kind.parameters:
            definition.parameters.extend([parameters[one.auid] for one in kind.parameters])
    for way, name in kit.interpolations.items():
        register(create.InterpolationDef(AUID(str(way)), name, ""))
    for name in sorted(kit.tag_names):
        register(create.TaggedValueDef(AUID(str(auid("tag", name))), fitting(name), ""))
