"""The AAF object layer against pyaaf2, property by property, and against files that are not what they say."""

from __future__ import annotations

import datetime
import io
import uuid
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import aaf2
import pytest

from postsync.errors import FormatError
from postsync_adapters.aaf.objects import AafFile, AafObject
from postsync_adapters.aaf.properties import MobId


def corpus_files(corpus: Path) -> list[Path]:
    return sorted((corpus / "aaf").rglob("*.aaf"))


def owned(value: Any) -> list[AafObject]:
    return [item for item in (value if isinstance(value, list) else [value]) if isinstance(item, AafObject)]


def walk(item: AafObject) -> Iterator[AafObject]:
    """Every object below one, itself first."""
    yield item
    for name in item.names():
        for inner in owned(item.get(name)):
            if inner.path.startswith(item.path.rstrip("/") + "/"):
                yield from walk(inner)


def plain(value: Any) -> Any:
    """One spelling of a value for both readers."""
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, MobId):
        return bytes(value)
    if isinstance(value, aaf2.mobid.MobID):
        return bytes(value.bytes_le)
    if isinstance(value, aaf2.auid.AUID):
        return str(value)
    if isinstance(value, Fraction):  # pyaaf2's own rational is one too, not in lowest terms
        return Fraction(value.numerator, value.denominator) if value.denominator else None
    if isinstance(value, datetime.datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%S")
    if isinstance(value, bytearray):
        return bytes(value)
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set)):
        items = [plain(item) for item in value]
        return sorted(items, key=str) if isinstance(value, set) else items
    return value


@pytest.fixture(scope="module")
def files(corpus: Path) -> list[Path]:
    return corpus_files(corpus)


def test_every_object_of_a_third_of_the_files_is_what_pyaaf2_sees(files: list[Path]) -> None:
    compared = 0
    for path in files[::3]:
        with path.open("rb") as stream, aaf2.open(str(path), "r") as theirs:
            ours = AafFile.open(stream)
            compared += compare_objects(ours.header, theirs.header, path.name)
    assert compared > 30_000 or len(files) < 60


def compare_objects(ours: AafObject, theirs: Any, where: str) -> int:
    """Compare two objects and all below them; the number of values compared."""
    assert str(ours.class_auid) == str(theirs.class_id), where
    count = 0
    by_number = {row.pid: row for row in theirs.properties()}
    assert set(ours.layout) == set(theirs.property_entries), f"{where} {ours.path}"
    for number, row in by_number.items():
        name = ours.table.name_of(number)
        count += compare_values(ours, name, row, f"{where} {ours.path}/{name}")
    return count


def compare_values(ours: AafObject, name: str, row: Any, where: str) -> int:
    if isinstance(row, aaf2.properties.WeakRefProperty):
        assert str(ours.ref_auid(name)) == str(row.ref), where
        return 1
    if isinstance(row, (aaf2.properties.WeakRefArrayProperty)):
        assert sorted(map(str, ours.ref_auids(name))) == sorted(str(key) for key in row.references), where
        return 1
    if isinstance(row, aaf2.properties.StrongRefProperty):
        return 1 + compare_objects(ours.get(name), row.value, where)
    if isinstance(row, (aaf2.properties.StrongRefVectorProperty, aaf2.properties.StrongRefSetProperty)):
        mine, other = ours.get(name), list(row.value)
        assert len(mine) == len(other), where
        paths = {item.path.rpartition("/")[2]: item for item in mine}
        return 1 + sum(compare_objects(paths[item.dir.name], item, where) for item in other)
    if isinstance(row, aaf2.properties.StreamProperty):
        stream, their_stream = ours.stream(name), row.open("r")
        assert stream is not None
        assert stream.read() == their_stream.read(), where
        return 1
    return compare_plain(ours, name, row, where)


NAMED_BY_PYAAF2 = (aaf2.types.TypeDefEnum, aaf2.types.TypeDefExtEnum)
"""Kinds of which pyaaf2 gives the name and we the value: of these the stored bytes are compared."""


def compare_plain(ours: AafObject, name: str, row: Any, where: str) -> int:
    assert ours.raw(name) == bytes(row.data or b""), where
    typedef = meaning(row)
    if name == "PixelLayout" or (isinstance(typedef, NAMED_BY_PYAAF2) and typedef.type_name != "Boolean"):
        return 1
    mine, other = plain(ours.get(name)), plain(row.value)
    if typedef.type_name == "TimeStamp":
        mine = mine.partition(".")[0]
    if isinstance(mine, bytes) and isinstance(other, list):
        mine = list(mine)
    if isinstance(mine, list) and isinstance(typedef, aaf2.types.TypeDefSet):
        mine = sorted(mine, key=str)
    if isinstance(other, dict) and isinstance(mine, list):  # versions
        mine, other = mine[:2], list(other.values())[:2]
    assert mine == other, where
    return 1


def meaning(row: Any) -> Any:
    """The type of a value as pyaaf2 knows it, behind new names and behind the type that a value carries itself."""
    typedef = row.typedef
    while isinstance(typedef, aaf2.types.TypeDefRename):
        typedef = typedef.renamed_typedef
    return typedef.decode_typedef(row.data) if isinstance(typedef, aaf2.types.TypeDefIndirect) else typedef


def test_a_property_that_an_application_added_has_one_name_however_it_is_spelt(corpus: Path) -> None:
    seen = set()
    for name in ("libaaf/MC_Markers.aaf", "libaaf/DR_Markers.aaf"):
        with (corpus / "aaf" / name).open("rb") as stream:
            markers = [item for mob in AafFile.open(stream).mobs for item in walk(mob) if item.is_a("CommentMarker")]
            seen.add(name if any(marker.get("CommentMarkerUser") for marker in markers) else None)
            colours = [marker.get("CommentMarkerColor") for marker in markers if "CommentMarkerColor" in marker]
            assert colours and all(set(colour) == {"red", "green", "blue"} for colour in colours)
    assert seen == {"libaaf/MC_Markers.aaf", "libaaf/DR_Markers.aaf"}


@pytest.mark.parametrize("name", ["MC_Fades", "PR_Fades", "PT_Fades", "DR_Markers"])
def test_a_mob_id_reads_as_the_urn_that_pyaaf2_gives(corpus: Path, name: str) -> None:
    path = corpus / f"aaf/libaaf/{name}.aaf"
    with path.open("rb") as stream, aaf2.open(str(path), "r") as theirs:
        ours = AafFile.open(stream)
        assert [str(mob.get("MobID")) for mob in ours.mobs] == [mob.mob_id.urn for mob in theirs.content.mobs]
        assert all(ours.mob(mob.get("MobID")) is mob for mob in ours.mobs)


def test_a_descendant_is_of_the_kind_of_its_ancestors(corpus: Path) -> None:
    with (corpus / "aaf/libaaf/MC_Fades.aaf").open("rb") as stream:
        clip = next(item for mob in AafFile.open(stream).mobs for item in walk(mob) if item.class_name == "SourceClip")
        assert clip.is_a("SourceReference") and clip.is_a("Component") and clip.is_a("SourceClip")
        assert not clip.is_a("Sequence")


def test_what_is_not_stated_is_none_and_an_unknown_name_too(corpus: Path) -> None:
    with (corpus / "aaf/libaaf/DR_Empty.aaf").open("rb") as stream:
        header = AafFile.open(stream).header
        assert header.get("NoSuchProperty") is None
        assert header.get("NoSuchProperty", 7) == 7
        assert "NoSuchProperty" not in header


@pytest.mark.parametrize(
    ("head", "told"),
    [
        (bytes.fromhex("060e2b340205010100000000"), "KLV"),
        (b"", "not an AAF"),
        (b"PK\x03\x04" + bytes(600), "not an AAF"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + b"\x3e\0\x04\0\xff\xfe" + bytes(600), "big-endian"),
    ],
)
def test_what_is_no_readable_aaf_is_refused_in_words(head: bytes, told: str) -> None:
    with pytest.raises(FormatError, match=told):
        AafFile.open(io.BytesIO(head))


def test_a_big_endian_property_stream_is_refused_in_words(corpus: Path) -> None:
    data = bytearray((corpus / "aaf/libaaf/DR_Empty.aaf").read_bytes())
    with (corpus / "aaf/libaaf/DR_Empty.aaf").open("rb") as stream:
        container = AafFile.open(stream).container
        properties = container.read(container.children(container.root)["properties".encode("utf-16-le")])
    place = data.find(properties)
    data[place] = 0x4D
    with pytest.raises(FormatError, match="old Macintosh"):
        AafFile.open(io.BytesIO(bytes(data)))


def test_a_file_in_memory_reads_as_one_on_disk(corpus: Path) -> None:
    path = corpus / "aaf/libaaf/PT_Fades.aaf"
    with path.open("rb") as stream:
        on_disk = [str(mob.get("MobID")) for mob in AafFile.open(stream).mobs]
    assert [str(mob.get("MobID")) for mob in AafFile.open(io.BytesIO(path.read_bytes())).mobs] == on_disk


def test_a_file_cut_anywhere_reads_or_is_refused(corpus: Path) -> None:
    data = (corpus / "aaf/libaaf/DR_Markers.aaf").read_bytes()
    for length in range(0, len(data), 4099):
        read_or_refuse(data[:length])


def read_or_refuse(data: bytes) -> bool:
    try:
        opened = AafFile.open(io.BytesIO(data))
        for item in walk(opened.root):
            item.names()
    except FormatError as error:
        assert str(error)
        return False
    return True
