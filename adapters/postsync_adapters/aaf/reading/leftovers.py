"""What is not understood of an AAF, as plain values that ride along in metadata and can go back out.

An object becomes its class and its properties by name; definitions become their AUIDs, bytes hexadecimal text. Depth, count
and size are bounded: effects of pictures carry whole images in their parameters.
"""

from __future__ import annotations

import uuid
from fractions import Fraction
from typing import Any

from postsync_adapters.aaf.objects import AafObject
from postsync_adapters.aaf.properties import MobId

_DEEPEST = 12
_MOST = 400
_LONGEST_BYTES = 4096
_DEFINITIONS = "DefinitionObject"


def plain_object(item: AafObject, without: frozenset[str] = frozenset()) -> dict[str, Any]:
    """Give an object as plain values, without the properties named."""
    return _Plain().of_object(item, without, 0)


def plain_value(value: Any) -> Any:
    """Give a value of an AAF as a plain one."""
    return _Plain().of(value, 0)


class _Plain:
    """Counts what has been turned into plain values, so that one effect cannot fill the memory."""

    def __init__(self) -> None:
        self._count = 0

    def of_object(self, item: AafObject, without: frozenset[str], depth: int) -> dict[str, Any]:
        self._count += 1
        found: dict[str, Any] = {"class": item.class_name}
        if depth >= _DEEPEST or self._count > _MOST:
            return found | {"left_out": True}
        for name in item.names():
            if name not in without:
                found[name] = self.of(item.get(name), depth + 1)
        if item.class_name == "OperationGroup" and isinstance(item.get("Operation"), AafObject):
            found["definition"] = _defined(item.get("Operation"))
        return found

    def of(self, value: Any, depth: int) -> Any:
        if isinstance(value, AafObject):
            return self._reference(value, depth)
        if isinstance(value, (list, tuple)):
            return [self.of(item, depth) for item in value[:_MOST]]
        if isinstance(value, dict):
            return {str(name): self.of(item, depth) for name, item in value.items()}
        return _scalar(value)

    def _reference(self, value: AafObject, depth: int) -> Any:
        if value.is_a(_DEFINITIONS):
            return str(value.get("Identification"))
        return self.of_object(value, frozenset(), depth)


def _defined(operation: AafObject) -> dict[str, Any]:
    """Give what a file defines an operation as, without which nobody could define it anew."""
    listed = operation.get("ParametersDefined")
    parameters = [one for one in listed if isinstance(one, AafObject)] if isinstance(listed, list) else []
    return {
        "Name": _scalar(operation.get("Name")),
        "NumberInputs": _scalar(operation.get("NumberInputs", 1)),
        "IsTimeWarp": bool(operation.get("IsTimeWarp", False)),
        "Parameters": [
            {
                "auid": str(one.get("Identification")),
                "Name": _scalar(one.get("Name")),
                "Type": str(one.ref_auid("Type")),
            }
            for one in parameters
        ],
    }


def _scalar(value: Any) -> Any:
    if isinstance(value, (MobId, uuid.UUID)):
        return str(value)
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    if isinstance(value, (bytes, bytearray)):
        return {"bytes": value[:_LONGEST_BYTES].hex(), "length": len(value)}
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        return str(value)
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8").replace("\0", "")
    return value if isinstance(value, (int, float, bool)) or value is None else str(value)
