"""What an AAF must define before it may be used: operations, their parameters, ways between values, and tag names.

The AUIDs are those of Media Composer, DaVinci Resolve, Premiere and Pro Tools, who agree on them and not on the names.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, NamedTuple
from uuid import UUID

from postsync.timing import Rate
from postsync_adapters.aaf.writing.records import Record

UNITY = 2**29
"""Denominator of amplitudes in Resolve, Media Composer and Pro Tools."""

LARGEST = 2**31 - 1

SOUND = UUID("01030202-0200-0000-060e-2b3404010101")
PICTURE = UUID("01030202-0100-0000-060e-2b3404010101")
TIMECODE = UUID("01030201-0100-0000-060e-2b3404010101")
DESCRIPTIVE = UUID("01030201-1000-0000-060e-2b3404010101")
AAF_CONTAINER = UUID("4313b571-d8ba-11d2-809b-006008143e6f")
TOP_LEVEL = UUID("0d010102-0101-0700-060e-2b3404010101")
SUB_CLIP = UUID("0d010102-0101-0500-060e-2b3404010101")

RATIONAL = "03010100-0000-0000-060e-2b3401040101"
INTEGER = "01010700-0000-0000-060e-2b3401040101"
"""The types of the values of parameters."""


class Parameter(NamedTuple):
    """A value of an operation: its AUID, name, and the AUID of its type as text."""

    auid: UUID
    name: str
    kind: str = RATIONAL


class Operation(NamedTuple):
    """An effect: its AUID, name, how many inputs it has, its values, whether it changes time, and what it is over."""

    auid: UUID
    name: str
    inputs: int
    parameters: tuple[Parameter, ...] = ()
    warps: bool = False
    data: UUID = SOUND


AMPLITUDE = Parameter(UUID("e4962321-2267-11d3-8a4c-0050040ef7d2"), "Amplitude")
PAN_VALUE = Parameter(UUID("e4962322-2267-11d3-8a4c-0050040ef7d2"), "Pan")
LEVEL = Parameter(UUID("e4962320-2267-11d3-8a4c-0050040ef7d2"), "Level")
CLIP_RATIO = Parameter(UUID("47c00f7d-fb55-11d3-9ff7-0004ac969f50"), "AvidControlClipRatio")
CURVE_TYPE = Parameter(UUID("8134fc48-3bd6-4904-9520-7a6360cc7127"), "Curve Type", INTEGER)
SPEED_RATIO = Parameter(UUID("72559a80-24d7-11d3-8a50-0050040ef7d2"), "SpeedRatio")
OFFSETS = Parameter(UUID("8d56827d-847e-11d5-935a-50f857c10000"), "PARAM_SPEED_OFFSET_MAP_U")

GAIN = Operation(UUID("9d2ea894-0968-11d3-8a38-0050040ef7d2"), "Audio Gain", 1, (AMPLITUDE, CLIP_RATIO))
PAN = Operation(UUID("9d2ea893-0968-11d3-8a38-0050040ef7d2"), "Audio Pan", 1, (PAN_VALUE,))
DISSOLVE = Operation(UUID("0c3bea41-fc05-11d2-8a29-0050040ef7d2"), "Audio Dissolve", 2, (LEVEL, CURVE_TYPE))
PICTURE_DISSOLVE = Operation(UUID("0c3bea40-fc05-11d2-8a29-0050040ef7d2"), "Video Dissolve", 2, (LEVEL,), data=PICTURE)
COMBINER = Operation(UUID("6b46dd7a-132d-4856-ab21-8b751d8462ec"), "Audio Channel Combiner", -1)
WARP = Operation(UUID("f1db0f27-8d64-11d3-80df-006008143e6f"), "Audio Warp", 1, (SPEED_RATIO, OFFSETS), warps=True)
MOTION = Operation(
    UUID("9d2ea890-0968-11d3-8a38-0050040ef7d2"), "Motion Control", 1, (SPEED_RATIO, OFFSETS), warps=True, data=PICTURE
)

INTERPOLATIONS = {
    "constant": (UUID("5b6c85a5-0ede-11d3-80a9-006008143e6f"), "ConstantInterp"),
    "linear": (UUID("5b6c85a4-0ede-11d3-80a9-006008143e6f"), "LinearInterp"),
    "logarithmic": (UUID("15829ec3-1f24-458a-960d-c65bb23c2aa1"), "LogInterp"),
    "equal-power": (UUID("c09153f7-bd18-4e5a-ad09-cbdd654fa001"), "PowerInterp"),
}
"""The curves of fades that AAF has a name for, and the steps of a value."""

CURVES = frozenset({"linear", "logarithmic", "equal-power"})

NAME_LIMIT = 32_000
"""Characters of one text: a property holds 65,535 bytes of UTF-16."""

Points = Iterable[tuple[tuple[int, int] | Fraction, Any]]


@dataclass
class Kit:
    """Makes what refers to definitions, and remembers which it used: the dictionary gets those."""

    operations: dict[UUID, Operation] = field(default_factory=dict)
    parameters: dict[UUID, Parameter] = field(default_factory=dict)
    interpolations: dict[UUID, str] = field(default_factory=dict)
    tag_names: set[str] = field(default_factory=set)

    def operation(
        self,
        kind: Operation,
        length: int,
        inputs: list[Record],
        parameters: list[Record],
        tags: dict[str, Any] | None = None,
    ) -> Record:
        """Give an operation group."""
        self.use(kind)
        return Record(
            "OperationGroup", DataDefinition=kind.data, Length=length, Operation=kind.auid,
            InputSegments=inputs or None, Parameters=parameters or None,
            ComponentAttributeList=self.tags(tags) if tags else None,
        )  # fmt: skip

    def use(self, kind: Operation) -> None:
        """Have an operation and its parameters defined."""
        if kind.auid not in self.operations:
            self.operations[kind.auid] = kind
            self.parameters.update({one.auid: one for one in kind.parameters})

    def constant(self, parameter: Parameter, value: Any) -> Record:
        """Give a parameter that stays."""
        return Record("ConstantValue", Definition=parameter.auid, Value=value)

    def varying(self, parameter: Parameter, curve: str, points: Points) -> Record:
        """Give a parameter that moves through points of (time from 0 to 1, value)."""
        way, name = INTERPOLATIONS[curve]
        self.interpolations[way] = name
        made = [Record("ControlPoint", Time=time, Value=value) for time, value in points]
        return Record("VaryingValue", Definition=parameter.auid, Interpolation=way, PointList=made)

    def tags(self, values: dict[str, Any]) -> list[Record]:
        """Give tagged values; lists in lists are those of Media Composer."""
        self.tag_names.update(values)
        return [
            Record("TaggedValue", Name=name, Value="__AttributeList", TaggedValueAttributeList=self.tags(value))
            if isinstance(value, dict)
            else Record("TaggedValue", Name=name, Value=fitting(value) if isinstance(value, str) else value)
            for name, value in values.items()
        ]


def fitting(text: str) -> str:
    """Give a text as AAF can hold it: UTF-16 without zeros, and no longer than one property."""
    sound = text.replace("\0", "").encode("utf-16-le", "replace")[: 2 * NAME_LIMIT]
    return sound.decode("utf-16-le", "ignore")


def frame_rate(rate: Rate) -> Fraction:
    """Give a frame rate as AAF writes it."""
    return rate.fps


def amplitude(value: float) -> tuple[int, int]:
    """Give an amplitude over 2^29; louder than +12 dB needs a smaller denominator to fit."""
    bottom = UNITY
    while round(value * bottom) > LARGEST and bottom > 1:
        bottom //= 2
    return min(round(value * bottom), LARGEST), bottom


def place(position: int, length: int) -> tuple[int, int]:
    """Give a place in a clip from 0 to 1, in edit units over edit units where they fit in 32 bits."""
    while length > LARGEST:
        position, length = position // 2, length // 2
    return position, max(length, 1)
