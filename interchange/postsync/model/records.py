"""Frozen records to plain JSON values and back, by their own type hints.

Fractions become `"3003/1000"`, tuples become lists, records become objects with every field present (a field not known is
null, never left out). Nothing else is needed by the records of this project, so nothing else is handled.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Callable, Collection, Mapping
from fractions import Fraction
from functools import lru_cache, partial, wraps
from typing import Any, TypeVar, cast

from postsync.errors import FormatError
from postsync.timing import fraction_text, parse_fraction

R = TypeVar("R")
Reader = Callable[[Any], Any]


def to_json(value: Any) -> Any:
    """Give a record, or anything inside one, as plain JSON values.

    >>> to_json(Fade(Fraction(1, 6)))
    {'duration': '1/6', 'curve': 'linear'}
    """
    kind = type(value)
    if value is None or kind in _PLAIN:
        return value
    if kind is tuple or kind is list:
        return [item if type(item) in _PLAIN else to_json(item) for item in value]
    if kind is dict:
        return {str(key): one if type(one) in _PLAIN else to_json(one) for key, one in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        # Most fields hold nothing or a plain value: to ask that here takes half the time on lists of thousands.
        held = value.__dict__
        return {
            name: one if (one := held[name]) is None or type(one) in _PLAIN else [] if one == () else to_json(one)
            for name in _names(type(value))
        }
    if isinstance(value, Fraction):
        return fraction_text(value)
    if isinstance(value, (tuple, list)):
        return [to_json(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): to_json(item) for key, item in value.items()}
    return value


_PLAIN = frozenset({str, int, float, bool})


def stated_json(record: Any, *, but: Collection[str] = ()) -> dict[str, Any]:
    """Give a record as plain JSON values without the fields that are as by default (it reads the same) and some others.

    For what lies in metadata by the thousand; `to_json` is for what people and programs read.

    >>> stated_json(Reel("R1", ffoa="01:00:08:00"), but=("name",))
    {'ffoa': '01:00:08:00'}
    """
    held = record.__dict__
    return {
        name: one if type(one) in _PLAIN else stated_json(one) if hasattr(one, "__dataclass_fields__") else to_json(one)
        for name, usual in _usual(cast("Any", type(record)))
        if (one := held[name]) is not usual and one != usual and name not in but
    }


def made_at_once(record: type[R]) -> type[R]:
    """Decorate a frozen record of plain fields: it is filled in one go, where Python sets each field by a call of its own.

    On a cue's fifty fields that takes a quarter of the time. What is missing or unknown is refused as ever.
    """
    by_field = cast("Callable[..., None]", record.__init__)
    usual = {name: default for name, default, factory in _defaults(cast("Any", record)) if factory is None}
    factories = [(name, factory) for name, _, factory in _defaults(cast("Any", record)) if factory is not None]
    count = len(_names(cast("Any", record)))
    ordered = [one.name for one in dataclasses.fields(cast("Any", record)) if not one.kw_only]

    @wraps(by_field)
    def fill(self: Any, *values: Any, **fields: Any) -> None:
        held = self.__dict__
        held.update(usual)
        for name, factory in factories:
            held[name] = factory()
        if values:
            held.update(zip(ordered, values, strict=False))
        held.update(fields)
        if len(held) != count or len(values) > len(ordered):
            held.clear()
            by_field(self, *values, **fields)

    type.__setattr__(record, "__init__", fill)
    return record


def with_fields(record: R, **fields: Any) -> R:
    """Give a record with some fields changed, as `dataclasses.replace` does, in a fifth of the time on large records.

    The names are not checked, and no field is made from others: for records that are plain fields, changed by our own code.

    >>> with_fields(Reel("R1"), name="R2").name
    'R2'
    """
    copy: R = object.__new__(type(record))
    copy.__dict__.update(record.__dict__)
    copy.__dict__.update(fields)
    return copy


def from_json(record: type[R], data: Mapping[str, Any]) -> R:
    """Make a record from plain values; fields that are missing keep their default, unknown ones are left aside.

    Raises FormatError where a required field is missing or a value has the wrong shape.

    >>> from_json(Reel, {"name": "R1", "ffoa": "01:00:08:00"}).ffoa
    '01:00:08:00'
    """
    readers = _readers(cast("Any", record))
    made: R = object.__new__(record)
    held = (
        made.__dict__
    )  # a frozen record of forty fields sets each by a call of its own, which takes as long as the rest
    try:
        for name, usual, factory in _defaults(cast("Any", record)):
            if name not in data:
                held[name] = usual if factory is None else factory()
        for name, value in data.items():
            if name in readers:
                held[name] = readers[name](value)
    except (TypeError, ValueError, KeyError, OverflowError) as fault:
        raise FormatError(f"not a {record.__name__} record: {fault}") from fault
    if len(held) < len(readers):
        missing = ", ".join(name for name in readers if name not in held)
        raise FormatError(f"not a {record.__name__} record", expected=missing, found="none")
    return made


def unknown_fields(record: type[Any], data: Mapping[str, Any]) -> dict[str, Any]:
    """Give what a newer version, or another program, wrote beside the fields that we know."""
    known = _readers(cast("Any", record))
    return {str(name): plain(value) for name, value in data.items() if name not in known}


def plain(value: Any) -> Any:
    """Give OpenTimelineIO's dictionaries and vectors as real dicts and lists, which `json` accepts.

    >>> import json
    >>> json.loads(json.dumps(plain(timeline.metadata)))["postsync"]["drop_frame"]
    False
    """
    if isinstance(value, (str, int, float, bool)) or value is None:
        return value
    if hasattr(value, "items"):
        return {str(key): plain(value[key]) for key in value}
    if hasattr(value, "__getitem__"):
        # By index: the iterators of OpenTimelineIO's vectors take as long to end, even empty ones, as a cue to read.
        return [plain(value[place]) for place in range(len(value))]
    return [plain(item) for item in value] if hasattr(value, "__iter__") else value


def _plain_or_json(value: Any) -> Any:
    """Give plain values; a real dictionary came from JSON and holds nothing else."""
    return dict(value) if type(value) is dict else plain(value)


@lru_cache(maxsize=64)
def _names(record: Any) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(record))


@lru_cache(maxsize=64)
def _defaults(record: Any) -> tuple[tuple[str, Any, Callable[[], Any] | None], ...]:
    """Give the fields that need not be given, each with its default or what makes one."""
    return tuple(
        (field.name, field.default, None)
        if field.default_factory is dataclasses.MISSING
        else (field.name, None, field.default_factory)
        for field in dataclasses.fields(record)
        if field.default is not dataclasses.MISSING or field.default_factory is not dataclasses.MISSING
    )


_NEVER = object()


@lru_cache(maxsize=64)
def _usual(record: Any) -> tuple[tuple[str, Any], ...]:
    """Give every field with its default; one that must be given has none that anything equals."""
    usual = {name: factory() if factory else default for name, default, factory in _defaults(record)}
    return tuple((name, usual.get(name, _NEVER)) for name in _names(record))


@lru_cache(maxsize=64)
def _readers(record: Any) -> dict[str, Reader]:
    """Give what reads each field of a record, made once from its type hints: a list has thousands of cues."""
    hints = typing.get_type_hints(record)
    return {name: _reader(hints[name]) for name in _names(record)}


def _reader(hint: Any) -> Reader:
    """Give what turns a plain value into what the hint asks for."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        stated = _reader(next(one for one in arguments if one is not type(None)))
        return lambda value: None if value is None else stated(value)
    if hint is Fraction:
        return parse_fraction
    if origin is tuple:
        return _tuple_reader(arguments)
    if hint is Any or origin in (dict, Mapping) or hint is dict:
        return _plain_or_json
    if dataclasses.is_dataclass(hint):
        return partial(from_json, cast("type[Any]", hint))
    return partial(_scalar, hint)


def _tuple_reader(arguments: tuple[Any, ...]) -> Reader:
    readers = [_reader(hint) for hint in arguments if hint is not Ellipsis]

    def read(value: Any) -> tuple[Any, ...]:
        if isinstance(value, str):
            raise TypeError(f"expected a list, found {value!r}")
        if len(arguments) == 2 and arguments[1] is Ellipsis:
            return tuple([readers[0](item) for item in value])
        return tuple([reader(item) for reader, item in zip(readers, value, strict=True)])

    return read


def _scalar(hint: Any, value: Any) -> Any:
    if type(value) is hint:
        return value
    if hint in (int, float) and isinstance(value, (int, float)) and hint(value) == value:
        return value if isinstance(value, bool) else hint(value)
    if isinstance(hint, type) and not isinstance(value, hint):
        raise TypeError(f"expected {hint.__name__}, found {value!r}")
    return value
