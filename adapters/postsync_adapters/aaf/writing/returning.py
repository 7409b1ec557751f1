"""What an AAF that was read held without being understood, as objects again: effects, attributes, slots.

The reader keeps it as plain values under the format's name (`reading.leftovers`). What is whole goes back; what was cut because
it was too large, or is of a class or type that the standard does not have, is noted.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

from aaf2.model import datadefs, typedefs
from aaf2.model.ext import typedefs as added_typedefs

from postsync.report import Report
from postsync_adapters.aaf import names
from postsync_adapters.aaf.reading.identifiers import INTERPOLATIONS
from postsync_adapters.aaf.writing.definitions import (
    PICTURE,
    RATIONAL,
    SOUND,
    TIMECODE,
    Kit,
    Operation,
    Parameter,
    fitting,
)
from postsync_adapters.aaf.writing.identity import mob_id_of_urn
from postsync_adapters.aaf.writing.records import CLASSES, TEXT_TYPE, Record, Typed, rational, text

KNOWN_DATA = {uuid.UUID(one) for one in datadefs.DataDefs}
"""What may run in a slot, as the dictionary of a new file has it."""

KNOWN_TYPES = {
    str(uuid.UUID(str(row[0])))
    for module in (typedefs, added_typedefs)
    for table in vars(module).values()
    if isinstance(table, dict) and table.keys() - {"__name__"}
    for row in table.values()
    if isinstance(row, tuple) and isinstance(row[0], str)
}
"""The types that the dictionary of a new file has: those of the standard, and Media Composer's."""

_OF_TODAY = {
    uuid.UUID("78e1ebe1-6cef-11d2-807d-006008143e6f"): SOUND,
    uuid.UUID("6f3c8ce1-6cef-11d2-807d-006008143e6f"): PICTURE,
    uuid.UUID("7f275e81-77e5-11d2-807f-006008143e6f"): TIMECODE,
}
"""Definitions of before the AAF specification, and those that took their place."""

_NOT_STATED = {"class", "definition", "left_out"}
_RATIONAL = re.compile(r"-?\d+/\d+")
_KINDS = {str(auid): kind for auid, kind in names.BASELINE_TYPES.items()}
_SIZES = {"int8": 1, "int16": 2, "int32": 4, "int64": 8, "uint8": 1, "uint16": 2, "uint32": 4, "uint64": 8, "bool": 1}
_LEAST, _MOST = -(2**31), 2**31 - 1


class Unreturnable(ValueError):
    """A value that cannot go back; the text says why."""


@lru_cache(maxsize=128)
def _property_kinds(kind: str) -> dict[str, str]:
    """Give how the values of a class's properties are stored, by name."""
    known = {name: how for name, how in names.KNOWN_EXTENSIONS.values() if name in _EXTENSIONS}
    auid: uuid.UUID | None = CLASSES.get(kind)
    while auid is not None:
        one = names.BASELINE_CLASSES[auid]
        known |= {row.name: row.kind for row in one.properties}
        auid = one.parent
    return known


_EXTENSIONS = {"ComponentAttributeList", "TimelineMobAttributeList", "TaggedValueAttributeList", "ControlPointSource"}
"""Properties that applications added and every new file has."""


@dataclass(frozen=True)
class Returning:
    """Makes objects of plain values, and notes what cannot be made."""

    kit: Kit
    report: Report

    # ---------------------------------------------------------------------------------------------------------- tags

    def tags(self, values: Mapping[str, Any] | None, where: str) -> dict[str, Any]:
        """Give attributes as they can be written."""
        found: dict[str, Any] = {}
        for name, value in (values or {}).items():
            try:
                found[str(name)] = self._tag(value)
            except Unreturnable as fault:
                self.report.note("element-ignored", where=where, name=f"attribute {name!r}: {fault}")
        return found

    def _tag(self, value: Any) -> Any:
        if _is_bytes(value):
            return _bytes(value)
        if isinstance(value, Mapping):
            return self.tags(value, "")
        if isinstance(value, bool):
            return int(value)
        if isinstance(value, (str, int)):
            return value
        if value is None:
            return ""
        raise Unreturnable(f"a {type(value).__name__}")

    # ------------------------------------------------------------------------------------------------------- effects

    def round(self, segment: Record, effects: Iterable[Mapping[str, Any]], where: str, data: uuid.UUID) -> Record:
        """Put effects that were round a segment round it again, the outermost first in the list."""
        for effect in reversed(list(effects)):
            made = self.effect(effect, where, segment["Length"], data)
            if made is not None:
                made["InputSegments"] = [segment]
                segment = made
        return segment

    def effect(self, effect: Mapping[str, Any], where: str, length: int, data: uuid.UUID) -> Record | None:
        """Give an operation group without inputs; None, and a note, where it cannot be made."""
        try:
            kinds = self._define(effect, data)
            made = self._record(effect, kinds)
        except (Unreturnable, ValueError, KeyError) as fault:
            self.report.note("element-ignored", where=where, name=f"effect {effect.get('Operation')}: {fault}")
            return None
        made["DataDefinition"], made["Length"] = data, length
        return made

    def _define(self, effect: Mapping[str, Any], data: uuid.UUID) -> dict[str, str]:
        """Have the operation of an effect defined as it was; gives the types of its parameters by their ids."""
        said = effect.get("definition")
        if not isinstance(said, Mapping) or effect.get("class") != "OperationGroup":
            raise Unreturnable("nothing says what it does")
        listed = {str(one["auid"]): one for one in said.get("Parameters", ())}
        own = uuid.UUID(str(effect["Operation"]))
        parameters = tuple(
            Parameter(uuid.UUID(auid), str(one.get("Name") or "Parameter"), str(one.get("Type") or RATIONAL))
            for auid, one in listed.items()
            if str(one.get("Type")) in KNOWN_TYPES
        )
        self.kit.use(
            Operation(own, str(said.get("Name") or own), int(said.get("NumberInputs", 1)), parameters,
                      bool(said.get("IsTimeWarp")), PICTURE if data == PICTURE else SOUND)
        )  # fmt: skip
        return {str(one.auid): one.kind for one in parameters}

    # ------------------------------------------------------------------------------------------------------- objects

    def _record(self, given: Mapping[str, Any], kinds: Mapping[str, str]) -> Record:
        kind = str(given.get("class"))
        if kind not in CLASSES or given.get("left_out"):
            raise Unreturnable("too large to have been kept" if kind in CLASSES else f"a {kind}")
        if "Definition" in given and str(given["Definition"]) not in kinds:
            raise Unreturnable(f"parameter {given['Definition']} of a type that only its file described")
        known = _property_kinds(kind)
        made = Record(kind)
        own_type = kinds.get(str(given.get("Definition")))
        for name, value in given.items():
            if name in _NOT_STATED or value is None:
                continue
            if name not in known:
                self.report.note("element-ignored", name=f"{kind}.{name}")
                continue
            how = known[name]
            if name == "PointList":
                made[name] = [self._point(one, own_type) for one in value]
            elif name == "Parameters":
                made[name] = list(self._parameters(value, kinds))
            else:
                made[name] = self._value(how, value, own_type, kinds)
        if kind == "TaggedValue":
            self.kit.tag_names.add(str(given.get("Name", "")))
        return made

    def _parameters(self, values: Iterable[Any], kinds: Mapping[str, str]) -> Iterable[Record]:
        for one in values:
            try:
                yield self._record(one, kinds)
            except (Unreturnable, ValueError, KeyError) as fault:
                self.report.note("element-ignored", name=f"parameter of an effect: {fault}")

    def _point(self, given: Mapping[str, Any], own_type: str | None) -> Record:
        return Record("ControlPoint", Value=_indirect(given.get("Value"), own_type), Time=_fraction(given.get("Time")))

    def _value(self, how: str, value: Any, own_type: str | None, kinds: Mapping[str, str]) -> Any:
        if how == "object":
            return self._record(value, kinds)
        if how == "objects":
            return [self._record(one, kinds) for one in value]
        if how == "definition":
            return self._definition(uuid.UUID(str(value)))
        if how == "indirect":
            return _indirect(value, own_type)
        if how == "stream" or how == "":
            raise Unreturnable("a stream")
        return _SCALARS.get(how, lambda given: given)(value)

    def _definition(self, auid: uuid.UUID) -> uuid.UUID:
        auid = _OF_TODAY.get(auid, auid)
        if auid in INTERPOLATIONS:
            self.kit.interpolations[auid] = f"{INTERPOLATIONS[auid].title()}Interp"
        elif auid not in KNOWN_DATA and auid not in self.kit.operations:
            raise Unreturnable(f"definition {auid}, which only its file has")
        return auid

    # --------------------------------------------------------------------------------------------------------- slots

    def slots(self, given: Iterable[Mapping[str, Any]], first: int, where: str) -> list[Record]:
        """Give the slots beside the tracks but for the timecode that is shown, numbered anew."""
        kept = [dict(one) for one in given]
        shown = _shown(kept)
        made: list[Record] = []
        for one in kept:
            if one is shown:
                continue
            try:
                slot = self._record(one, {})
            except (Unreturnable, ValueError, KeyError, TypeError, AttributeError) as fault:
                self.report.note("element-ignored", where=where, name=f"slot {one.get('SlotID')}: {fault}")
                continue
            slot["SlotID"], slot["SlotName"] = first + len(made), f"{one.get('SlotName') or 'Slot'} {first + len(made)}"
            made.append(slot)
        return made


def _shown(slots: Iterable[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """Give the slot of the timecode that a composition shows: number 1, else the one without a number, else the lowest."""
    found = [one for one in slots if _runs(one) == str(TIMECODE) or _runs(one).startswith("7f275e81")]
    order = {1: -2, None: -1}
    return min(
        found,
        key=lambda one: order.get(one.get("PhysicalTrackNumber"), one.get("PhysicalTrackNumber") or 0),
        default=None,
    )


def _runs(slot: Mapping[str, Any]) -> str:
    segment = slot.get("Segment")
    return str(segment.get("DataDefinition")) if isinstance(segment, Mapping) else ""


def _is_bytes(value: Any) -> bool:
    return isinstance(value, Mapping) and set(value) == {"bytes", "length"}


def _bytes(value: Any) -> bytes:
    data = bytes.fromhex(value["bytes"]) if _is_bytes(value) else None
    if data is None or len(data) != value["length"]:
        raise Unreturnable("bytes that were too many to be kept")
    return data


def _fraction(value: Any) -> tuple[int, int]:
    top, _, bottom = str(value).partition("/")
    pair = int(top), int(bottom or 1)
    if not all(_LEAST <= one <= _MOST for one in pair):
        raise Unreturnable(f"{value}, which no rational holds")
    return pair


def _mob(value: Any) -> bytes:
    found = mob_id_of_urn(str(value))
    if found is None:
        raise Unreturnable(f"mob id {value}")
    return found


_SCALARS: dict[str, Callable[[Any], Any]] = {
    "auid": lambda value: uuid.UUID(str(value)),
    "rational": _fraction,
    "mobid": _mob,
    "bytes": _bytes,
    "uint8[]": _bytes,
    "text": lambda value: fitting(str(value)),
    "int64": int,
    "uint64": int,
}  # fmt: skip


def _indirect(value: Any, own_type: str | None) -> Any:
    """Give a value behind its type, which the parameter that it is of may have said."""
    kind = _KINDS.get(own_type or "")
    if kind in _SIZES:
        signed = kind.startswith("int")
        return Typed(uuid.UUID(own_type), int(value).to_bytes(_SIZES[kind], "little", signed=signed))
    if kind == "rational":
        return Typed(uuid.UUID(own_type), rational(_fraction(value)))
    if kind == "text":
        return Typed(TEXT_TYPE, text(str(value)))
    if _is_bytes(value):
        return Typed(uuid.UUID(own_type), _bytes(value)) if own_type else _bytes(value)
    if own_type and kind is None:
        raise Unreturnable(f"a value of type {own_type}")
    if isinstance(value, str):
        return _fraction(value) if _RATIONAL.fullmatch(value) and own_type == RATIONAL else value
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, (int, Fraction)):
        return value
    raise Unreturnable(f"a value {str(value)[:40]!r}")
