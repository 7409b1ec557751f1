"""What an AAF must define before it may be used: operations, their parameters, ways between values, and tag names.

The AUIDs are those of Media Composer, DaVinci Resolve, Premiere and Pro Tools, who agree on them and not on the names.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from aaf2.auid import AUID
from aaf2.rational import AAFRational

from postsync.timing import Rate
from postsync_adapters.aaf.identity import auid

UNITY = 2**29
"""Denominator of amplitudes in Resolve, Media Composer and Pro Tools."""

LARGEST = 2**31 - 1


class Parameter(NamedTuple):
    """A value of an operation, always a rational."""

    auid: str
    name: str


class Operation(NamedTuple):
    """An effect: its AUID, name, how many inputs it has, and its values."""

    auid: str
    name: str
    inputs: int
    parameters: tuple[Parameter, ...]


AMPLITUDE = Parameter("e4962321-2267-11d3-8a4c-0050040ef7d2", "Amplitude")
PAN_VALUE = Parameter("e4962322-2267-11d3-8a4c-0050040ef7d2", "Pan")
LEVEL = Parameter("e4962320-2267-11d3-8a4c-0050040ef7d2", "Level")

GAIN = Operation("9d2ea894-0968-11d3-8a38-0050040ef7d2", "Audio Gain", 1, (AMPLITUDE,))
PAN = Operation("9d2ea893-0968-11d3-8a38-0050040ef7d2", "Audio Pan", 1, (PAN_VALUE,))
DISSOLVE = Operation("0c3bea41-fc05-11d2-8a29-0050040ef7d2", "Audio Dissolve", 2, (LEVEL,))

INTERPOLATIONS = {
    "linear": ("5b6c85a4-0ede-11d3-80a9-006008143e6f", "LinearInterp"),
    "logarithmic": ("15829ec3-1f24-458a-960d-c65bb23c2aa1", "LogInterp"),
    "equal-power": ("c09153f7-bd18-4e5a-ad09-cbdd654fa001", "PowerInterp"),
}
"""The curves of fades that AAF has a name for."""

NAME_LIMIT = 32_000
"""Characters of one text: a property holds 65,535 bytes of UTF-16."""


class Kit:
    """The definitions of one new file, and what is made of them.

    They are held here and handed to pyaaf2 as objects: by name it would walk the whole dictionary for every component.
    """

    def __init__(self, f: Any) -> None:
        self.f = f
        self.sound = f.dictionary.lookup_datadef("sound")
        self._rational = f.metadict.lookup_typedef("Rational")
        self._definitions: dict[str, Any] = {}
        for kind in (GAIN, PAN, DISSOLVE):
            self._define(kind)
        for identifier, name in INTERPOLATIONS.values():
            self._register(identifier, f.create.InterpolationDef(AUID(identifier), name, ""))

    def _register(self, identifier: str, definition: Any) -> Any:
        self.f.dictionary.register_def(definition)
        self._definitions[identifier] = definition
        return definition

    def _define(self, kind: Operation) -> None:
        """Register an operation and its parameters; pyaaf2 refuses to save one without kind, inputs or time warp."""
        create = self.f.create
        parameters = [
            self._register(one.auid, create.ParameterDef(AUID(one.auid), one.name, "", self._rational))
            for one in kind.parameters
        ]
        definition = self._register(kind.auid, create.OperationDef(AUID(kind.auid), kind.name, ""))
        definition.datadef = self.sound
        definition["NumberInputs"].value = kind.inputs
        definition["IsTimeWarp"].value = False
        definition["OperationCategory"].value = "OperationCategory_Effect"
        definition.parameters.extend(parameters)

    def operation(self, kind: Operation, length: int, inputs: list[Any], parameters: list[Any]) -> Any:
        """Give an operation group over sound."""
        group = self.f.create.OperationGroup(self._definitions[kind.auid], length=length, media_kind=self.sound)
        group["Parameters"].value = parameters
        if inputs:
            group["InputSegments"].value = inputs
        return group

    def constant(self, parameter: Parameter, value: AAFRational) -> Any:
        """Give a parameter that stays."""
        return self.f.create.ConstantValue(self._definitions[parameter.auid], value)

    def varying(self, parameter: Parameter, curve: str, points: list[tuple[AAFRational, AAFRational]]) -> Any:
        """Give a parameter that moves through points of (time from 0 to 1, value)."""
        way = self._definitions[INTERPOLATIONS[curve][0]]
        value = self.f.create.VaryingValue(self._definitions[parameter.auid], way)
        value["PointList"].value = [self._point(time, level) for time, level in points]
        return value

    def _point(self, time: AAFRational, level: AAFRational) -> Any:
        point = self.f.create.ControlPoint()
        point["Time"].value = time
        point["Value"].value = level
        return point


class Tags:
    """Makes tagged values, and remembers their names: the Edit Protocol wants each declared."""

    def __init__(self, f: Any) -> None:
        self._f = f
        self._names: set[str] = set()

    def made(self, values: dict[str, str | int]) -> list[Any]:
        """Give the tagged values of these names."""
        self._names.update(values)
        return [
            self._f.create.TaggedValue(name, fitting(value) if isinstance(value, str) else value)
            for name, value in values.items()
        ]

    def declare(self) -> None:
        """Register every name that was used."""
        for name in sorted(self._names):
            self._f.dictionary.register_def(self._f.create.TaggedValueDef(auid("tag", name), name, ""))


def fitting(text: str) -> str:
    """Give a text as AAF can hold it: UTF-16 without zeros, and no longer than one property."""
    sound = text.replace("\0", "").encode("utf-16-le", "replace")[: 2 * NAME_LIMIT]
    return sound.decode("utf-16-le", "ignore")


def edit_rate(rate: Rate) -> AAFRational:
    """Give a frame rate as AAF writes it."""
    return AAFRational(rate.fps.numerator, rate.fps.denominator)


def rational(value: float) -> AAFRational:
    """Give an amplitude over 2^29; louder than +12 dB needs a smaller denominator to fit."""
    bottom = UNITY
    while round(value * bottom) > LARGEST and bottom > 1:
        bottom //= 2
    return AAFRational(min(round(value * bottom), LARGEST), bottom)


def place(position: int, length: int) -> AAFRational:
    """Give a place in a clip from 0 to 1, in samples over samples where they fit in 32 bits."""
    while length > LARGEST:
        position, length = position // 2, length // 2
    return AAFRational(position, max(length, 1))
