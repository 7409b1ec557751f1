"""Frozen records to plain JSON values and back, by their own type hints.

Fractions become `"3003/1000"`, tuples become lists, records become objects with every field present (a field not known is
null, never left out). Nothing else is needed by the records of this project, so nothing else is handled.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any, TypeVar, cast

from postsync.errors import FormatError
from postsync.timing import fraction_text, parse_fraction

R = TypeVar("R")


def to_json(value: Any) -> Any:
    """Give a record, or anything inside one, as plain JSON values."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_json(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Fraction):
        return fraction_text(value)
    if isinstance(value, (tuple, list)):
        return [to_json(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): to_json(item) for key, item in value.items()}
    return value


def from_json(record: type[R], data: Mapping[str, Any]) -> R:
    """Make a record from plain values; fields that are missing keep their default, unknown ones are left aside.

    Raises FormatError where a required field is missing or a value has the wrong shape.
    """
    hints = _hints(cast("Any", record))
    known = {field.name for field in dataclasses.fields(cast(Any, record))}
    try:
        values = {name: _value(hints[name], data[name]) for name in known if name in data}
        return record(**values)
    except (TypeError, ValueError, KeyError) as fault:
        raise FormatError(f"not a {record.__name__} record: {fault}") from fault


def unknown_fields(record: type[Any], data: Mapping[str, Any]) -> dict[str, Any]:
    """Give what a newer version, or another program, wrote beside the fields that we know."""
    known = {field.name for field in dataclasses.fields(record)}
    return {str(name): plain(value) for name, value in data.items() if name not in known}


def plain(value: Any) -> Any:
    """Give OpenTimelineIO's dictionaries and vectors as real dicts and lists, which `json` accepts."""
    if isinstance(value, (str, int, float, bool)) or value is None:
        return value
    if hasattr(value, "items"):
        return {str(key): plain(item) for key, item in value.items()}
    if hasattr(value, "__iter__"):
        return [plain(item) for item in value]
    return value


@lru_cache(maxsize=64)
def _hints(record: Any) -> dict[str, Any]:
    return typing.get_type_hints(record)


def _value(hint: Any, value: Any) -> Any:
    """Turn one plain value into what the hint asks for."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return None if value is None else _value(next(one for one in arguments if one is not type(None)), value)
    if hint is Fraction:
        return parse_fraction(value)
    if origin is tuple:
        return _tuple(arguments, value)
    if origin in (dict, Mapping) or hint is dict:
        return plain(value)
    if dataclasses.is_dataclass(hint):
        return from_json(cast("type[Any]", hint), value)
    return _scalar(hint, value)


def _tuple(arguments: tuple[Any, ...], value: Any) -> tuple[Any, ...]:
    if isinstance(value, str):
        raise TypeError(f"expected a list, found {value!r}")
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        return tuple(_value(arguments[0], item) for item in value)
    return tuple(_value(hint, item) for hint, item in zip(arguments, value, strict=True))


def _scalar(hint: Any, value: Any) -> Any:
    if hint is Any:
        return plain(value)
    if hint in (int, float) and isinstance(value, (int, float)) and hint(value) == value:
        return value if isinstance(value, bool) else hint(value)
    if isinstance(hint, type) and not isinstance(value, hint):
        raise TypeError(f"expected {hint.__name__}, found {value!r}")
    return value
