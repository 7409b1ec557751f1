"""Frozen records to plain JSON values and back, by their own type hints.

Fractions become `"3003/1000"`, tuples become lists, records become objects with every field present (a field not known is
null, never left out). Nothing else is needed by the records of this project, so nothing else is handled.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any, TypeVar, cast

from postsync.errors import FormatError
from postsync.timing import fraction_text, parse_fraction

R = TypeVar("R")

_ATOMS = frozenset({str, int, float, bool, type(None)})


def to_json(value: Any) -> Any:
    """Give a record, or anything inside one, as plain JSON values."""
    kind = type(value)
    if kind in _ATOMS:
        return value
    if kind is Fraction:
        return fraction_text(value)
    if kind in (tuple, list):
        return [to_json(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): to_json(item) for key, item in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {name: to_json(getattr(value, name)) for name in _field_names(kind)}
    return value


@lru_cache(maxsize=64)
def _field_names(record: Any) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(record))


def from_json(record: type[R], data: Mapping[str, Any]) -> R:
    """Make a record from plain values; fields that are missing keep their default, unknown ones are left aside.

    Raises FormatError where a required field is missing or a value has the wrong shape.
    """
    try:
        values = {
            name: convert(data[name]) for name, convert in _converters(cast("Any", record)).items() if name in data
        }
        return record(**values)
    except (TypeError, ValueError, KeyError) as fault:
        raise FormatError(f"not a {record.__name__} record: {fault}") from fault


def unknown_fields(record: type[Any], data: Mapping[str, Any]) -> dict[str, Any]:
    """Give what a newer version, or another program, wrote beside the fields that we know."""
    known = _converters(cast("Any", record))
    return {str(name): plain(value) for name, value in data.items() if name not in known}


def plain(value: Any) -> Any:
    """Give OpenTimelineIO's dictionaries and vectors as real dicts and lists, which `json` accepts."""
    if type(value) in _ATOMS:
        return value
    if hasattr(value, "items"):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (str, int, float)):
        return value
    if hasattr(value, "__getitem__") and hasattr(value, "__len__"):
        # By index, since iterating over OpenTimelineIO's vectors ends each time in an exception, which is slow.
        return [plain(value[place]) for place in range(len(value))]
    return [plain(item) for item in value] if hasattr(value, "__iter__") else value


Converter = Callable[[Any], Any]


@lru_cache(maxsize=64)
def _converters(record: Any) -> dict[str, Converter]:
    """Give for each field of a record what turns a plain value into what its hint asks for."""
    hints = typing.get_type_hints(record)
    return {field.name: _converter(hints[field.name]) for field in dataclasses.fields(record)}


def _converter(hint: Any) -> Converter:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        inner = _converter(next(one for one in arguments if one is not type(None)))
        return lambda value: None if value is None else inner(value)
    if hint is Fraction:
        return parse_fraction
    if origin is tuple:
        return _tuple_converter(arguments)
    if origin in (dict, Mapping) or hint in (dict, Any):
        return plain
    if dataclasses.is_dataclass(hint):
        return lambda value: from_json(cast("type[Any]", hint), value)
    return lambda value: _scalar(hint, value)


def _tuple_converter(arguments: tuple[Any, ...]) -> Converter:
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        inner = _converter(arguments[0])
        return lambda value: tuple(inner(item) for item in _listed(value))
    each = [_converter(hint) for hint in arguments]
    return lambda value: tuple(convert(item) for convert, item in zip(each, _listed(value), strict=True))


def _listed(value: Any) -> Any:
    if isinstance(value, str):
        raise TypeError(f"expected a list, found {value!r}")
    return value


def _scalar(hint: Any, value: Any) -> Any:
    if type(value) is hint:
        return value
    if hint in (int, float) and isinstance(value, (int, float)) and hint(value) == value:
        return value if isinstance(value, bool) else hint(value)
    if isinstance(hint, type) and not isinstance(value, hint):
        raise TypeError(f"expected {hint.__name__}, found {value!r}")
    return value
