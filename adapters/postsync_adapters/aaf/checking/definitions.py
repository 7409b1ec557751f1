"""Rules of definitions: that what is used is defined, named and of today (Edit Protocol 151, 161, 163)."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator
from typing import Any

from postsync.findings import Finding, finding
from postsync_adapters.aaf.checking.whole import Part, Whole
from postsync_adapters.aaf.objects import AafObject
from postsync_adapters.aaf.reading.identifiers import DATA_KINDS

USED = {"DataDefinition": "data definition", "Operation": "operation"}
NAMED = {
    "DataDefinitions": "data definition", "OperationDefinitions": "operation", "ParameterDefinitions": "parameter",
    "InterpolationDefinitions": "interpolation", "ContainerDefinitions": "container", "CodecDefinitions": "codec",
}  # fmt: skip

OLD = {
    uuid.UUID("78e1ebe1-6cef-11d2-807d-006008143e6f"),
    uuid.UUID("6f3c8ce1-6cef-11d2-807d-006008143e6f"),
    uuid.UUID("7f275e81-77e5-11d2-807f-006008143e6f"),
}
"""Sound, picture and timecode as before the AAF specification; Pro Tools writes all three."""

LISTS = ("UserComments", "Attributes", "MobAttributeList", "ComponentAttributeList", "TimelineMobAttributeList")


def missing(whole: Whole) -> Iterator[Finding]:
    """Find definitions that components use and the dictionary does not have; each once."""
    told: set[tuple[str, uuid.UUID]] = set()
    for part in whole.parts:
        for name, kind in USED.items():
            auid = part.item.ref_auid(name) if name in part.item else None
            if auid is None or (kind, auid) in told:
                continue
            told.add((kind, auid))
            if not isinstance(part.item.get(name), AafObject):
                yield finding("aaf-definition-none", whole.where(part), whole.time(part), kind=kind, auid=auid)


def unnamed(whole: Whole) -> Iterator[Finding]:
    """Find definitions without a name, as Pro Tools writes them."""
    for name, kind in NAMED.items():
        for one in _definitions(whole, name):
            if not one.get("Name"):
                yield finding("aaf-definition-unnamed", kind=kind, auid=one.get("Identification"))


def _definitions(whole: Whole, name: str) -> list[AafObject]:
    dictionary = whole.aaf.header.get("Dictionary")
    found: Any = dictionary.get(name) if isinstance(dictionary, AafObject) and name in dictionary else None
    return [one for one in found if isinstance(one, AafObject)] if isinstance(found, list) else []


def old(whole: Whole) -> Iterator[Finding]:
    """Find what runs under definitions of before the specification, each kind once."""
    first: dict[uuid.UUID, Part] = {}
    for part in whole.parts:
        auid = part.item.ref_auid("DataDefinition")
        if auid is not None and auid in OLD:
            first.setdefault(auid, part)
    for auid, part in first.items():
        yield finding("aaf-definition-old", whole.where(part), kind=DATA_KINDS.get(auid, "something"))


def tags(whole: Whole) -> Iterator[Finding]:
    """Find names of values that are declared nowhere."""
    known = {one.get("Name") for one in _definitions(whole, "TaggedValueDefinitions")}
    used: Counter[str] = Counter()
    holders = [*whole.mobs, *(place.slot for place in whole.places), *(part.item for part in whole.parts)]
    for holder in holders:
        for name in LISTS:
            if name in holder:
                used.update(str(one.get("Name")) for one in holder.get(name, ()) if isinstance(one, AafObject))
    for name, count in used.items():
        if name not in known:
            yield finding("aaf-tag-undeclared", name=name, count=count)
