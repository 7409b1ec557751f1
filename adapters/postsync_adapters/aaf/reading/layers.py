"""What lies in a slot, laid out flat: clips with everything that wraps them, and the transitions between them.

The AAF Object Specification, components. Positions are edit units of the slot. A transition overlaps both neighbours, so it
takes its length back. Groups, selectors and nested sequences are looked through; what has several inputs that show
something becomes a stack of layers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, NamedTuple

from postsync.report import Report
from postsync_adapters.aaf.objects import AafObject
from postsync_adapters.aaf.reading.identifiers import COMBINER, GAIN, OPERATIONS, PAN, WARP
from postsync_adapters.aaf.reading.levels import Group
from postsync_adapters.aaf.reading.tags import component_attributes, number

Units = Fraction | int
"""Edit units of a slot; broken ones only inside a changed speed."""

_LARGEST = 2**53


@dataclass
class Piece:
    """A clip where it lies: its source clips, one for each channel, and the operations over it from the outside in.

    `shift` is how far into what its source clip names it begins. `inner_rate` is the rate of its source clip where that is
    not the slot's, `warped` says that one of the operations changes time. `layers` are set for a stack, which has no
    source clips of its own.
    """

    start: Units
    length: Units
    clips: tuple[AafObject, ...]
    origin: str
    groups: tuple[Group, ...] = ()
    muted: bool = False
    shift: Units = 0
    fade_in: tuple[Units, str] | None = None
    fade_out: tuple[Units, str] | None = None
    inner_rate: Fraction | None = None
    layers: tuple[Layer, ...] = ()
    warped: bool = False

    @property
    def end(self) -> Units:
        """Where it ends."""
        return self.start + self.length


@dataclass
class Crossing:
    """A transition: where it lies, how much of it lies before the cut, and the clips on either side; None is silence."""

    start: Units
    length: Units
    cut: Units
    effect: AafObject | None
    origin: str
    before: Piece | None = None
    after: Piece | None = None


@dataclass
class Layer:
    """The clips and transitions of one slot, or of one of the slots nested in it; and markers that stray into it."""

    rate: Fraction
    length: Units = 0
    pieces: list[Piece] = field(default_factory=list)
    crossings: list[Crossing] = field(default_factory=list)
    events: list[tuple[AafObject, Units, str]] = field(default_factory=list)


class Wraps(NamedTuple):
    """What lies round a component."""

    groups: tuple[Group, ...] = ()
    muted: bool = False
    inner_rate: Fraction | None = None

    def within(self, group: Group) -> Wraps:
        """Give what lies round the inputs of a group."""
        return Wraps((*self.groups, group), self.muted, self.inner_rate)


_BARE = Wraps()


def units(component: AafObject, name: str) -> int:
    """Give a length or position; what no timeline can hold counts as nothing."""
    value = component.get(name, 0)
    return value if isinstance(value, int) and 0 <= value <= _LARGEST else 0


def start_of(clip: AafObject) -> int:
    """Give the place that a source clip begins at: before the zero of its source, where it says so."""
    value = clip.get("StartTime", 0)
    return value if isinstance(value, int) and -_LARGEST <= value <= _LARGEST else 0


def walk(segment: AafObject, rate: Fraction, origin: str, report: Report) -> Layer:
    """Lay out what a segment holds."""
    layer = Layer(rate)
    layer.length = _Walk(layer, report).component(segment, 0, origin, _BARE)
    return layer


def track_groups(segment: AafObject) -> tuple[list[Group], AafObject]:
    """Take gain and pan that lie over a whole track off its segment: the groups, and what is under them.

    A group straight over a clip is the clip's own, also where the clip is all that the slot holds.
    """
    groups: list[Group] = []
    inner = segment
    while inner.class_name == "OperationGroup" and operation(inner) in (GAIN, PAN):
        inputs = inner.get("InputSegments", [])
        if len(inputs) != 1:
            break
        groups.append(Group(inner, 0, units(inner, "Length"), operation(inner)))
        inner = inputs[0]
    return (groups, inner) if inner.class_name in ("Sequence", "NestedScope") else ([], segment)


def nested_slots(segment: AafObject) -> list[AafObject]:
    """Give the segments of a slot that holds several tracks, bottom first, as Media Composer keeps its pictures."""
    if segment.class_name == "NestedScope":
        return list(segment.get("Slots", []))
    return [segment]


def operation(group: AafObject) -> str | None:
    """Give the kind of an operation; None for one that is not understood."""
    auid = group.ref_auid("Operation")
    return None if auid is None else OPERATIONS.get(auid)


class _Walk:
    """Fills one layer."""

    def __init__(self, layer: Layer, report: Report) -> None:
        self.layer, self.report = layer, report

    def component(self, item: AafObject, at: Units, origin: str, wraps: Wraps) -> Units:
        """Lay one component at a place; gives its length."""
        way = _WAYS.get(item.class_name)
        if way is not None:
            return way(self, item, at, origin, wraps)
        if item.is_a("Event"):
            self.layer.events.append((item, at, origin))
        else:
            self.report.note("element-ignored", source=origin, name=item.class_name)
        return units(item, "Length")

    def silence(self, item: AafObject, at: Units, origin: str, wraps: Wraps) -> Units:
        return units(item, "Length")

    def clip(self, item: AafObject, at: Units, origin: str, wraps: Wraps) -> Units:
        length = units(item, "Length")
        piece = Piece(at, length, (item,), origin, wraps.groups, wraps.muted, inner_rate=wraps.inner_rate)
        if item.stated(_FADES):
            piece.fade_in, piece.fade_out = _legacy_fade(item, "FadeIn"), _legacy_fade(item, "FadeOut")
        self.layer.pieces.append(piece)
        return length

    def sequence(self, item: AafObject, at: Units, origin: str, wraps: Wraps) -> Units:
        begin = at
        if wraps.groups:
            wraps = _with_rate(item, wraps)
        pieces, last, open_crossing = self.layer.pieces, None, None
        for index, part in enumerate(item.get("Components", ())):
            kind = part.class_name
            if kind == "Filler":
                at += units(part, "Length")
                last, open_crossing = None, None
                continue
            place = f"{origin}/item {index + 1}" if wraps is _BARE else origin
            if kind == "Transition":
                at = max(at - units(part, "Length"), begin)
                open_crossing = self.transition(part, at, place, last)
                continue
            count = len(pieces)
            at += self.component(part, at, place, wraps)
            last = pieces[-1] if len(pieces) > count else None
            if open_crossing is not None:
                open_crossing.after = pieces[count] if len(pieces) > count else None
                open_crossing = None
        return at - begin

    def transition(self, item: AafObject, at: Units, origin: str, before: Piece | None) -> Crossing:
        length = units(item, "Length")
        cut = min(units(item, "CutPoint"), length)
        made = Crossing(at, length, cut, item.get("OperationGroup"), origin, before)
        self.layer.crossings.append(made)
        return made

    def group(self, item: AafObject, at: Units, origin: str, wraps: Wraps) -> Units:
        length = units(item, "Length")
        inputs = item.get("InputSegments", [])
        kind = operation(item)
        inside = wraps.within(Group(item, at, length, kind))
        if kind == COMBINER:
            self._combined(inputs, at, length, origin, inside)
        elif kind == WARP:
            self._warped(inputs, at, length, origin, inside)
        else:
            self._inputs(inputs, at, length, origin, inside)
        return length

    def selector(self, item: AafObject, at: Units, origin: str, wraps: Wraps) -> Units:
        selected, alternates = item.get("Selected"), item.get("Alternates", [])
        disabled = number(component_attributes(item), "_DISABLE_CLIP_FLAG") == 1
        if disabled:
            wraps = Wraps(wraps.groups, True, wraps.inner_rate)
        if disabled and alternates:
            self.component(alternates[0], at, origin, wraps)
        elif selected is not None:
            self.component(selected, at, origin, wraps)
        return units(item, "Length")

    def scope(self, item: AafObject, at: Units, origin: str, wraps: Wraps) -> Units:
        length = units(item, "Length")
        self._inputs(item.get("Slots", []), at, length, origin, wraps)
        return length

    def choices(self, item: AafObject, at: Units, origin: str, wraps: Wraps) -> Units:
        found = item.get("Choices", [])
        if found:
            self.component(found[0], at, origin, wraps)
        return units(item, "Length")

    def pulldown(self, item: AafObject, at: Units, origin: str, wraps: Wraps) -> Units:
        inner = item.get("InputSegment")
        if inner is not None:
            self.component(inner, at, origin, wraps)
        return units(item, "Length")

    # ------------------------------------------------------------------------------------------------- several inputs

    def _apart(self, item: AafObject, origin: str, wraps: Wraps) -> Layer:
        """Lay one input by itself, from 0."""
        layer = Layer(self.layer.rate)
        layer.length = _Walk(layer, self.report).component(item, 0, origin, wraps)
        return layer

    def _inputs(self, inputs: list[AafObject], at: Units, length: Units, origin: str, wraps: Wraps) -> None:
        """Lay what the inputs of an effect show: one straight in its place, several, or an effect over nothing, as a stack."""
        shown = [item for item in inputs if not _is_silent(item)]
        if len(shown) == 1:
            self.component(shown[0], at, origin, wraps)
            return
        layers = [layer for item in shown if (layer := self._apart(item, origin, _BARE)).pieces]
        if layers or any(group.kind is None for group in wraps.groups):
            stack = Piece(at, length, (), origin, wraps.groups, wraps.muted, layers=tuple(layers))
            self.layer.pieces.append(stack)

    def _combined(self, inputs: list[AafObject], at: Units, length: Units, origin: str, wraps: Wraps) -> None:
        """Make one clip of the channels of a combiner; Resolve cuts the channels to whole frames, the group is right."""
        found = [layer.pieces[0] for item in inputs if (layer := self._apart(item, origin, _BARE)).pieces]
        clips = tuple(piece.clips[0] for piece in found if piece.clips)
        if clips:
            groups = (
                *wraps.groups,
                *(Group(one.effect, at + one.start, one.length, one.kind) for one in found[0].groups),
            )
            self.layer.pieces.append(Piece(at, length, clips, origin, groups, wraps.muted))

    def _warped(self, inputs: list[AafObject], at: Units, length: Units, origin: str, wraps: Wraps) -> None:
        """Lay what plays at another speed or comes from another rate; several clips share the time that there is."""
        if not inputs:
            return
        inner = self._apart(inputs[0], origin, wraps)
        scale = Fraction(length, inner.length) if inner.length else Fraction(1)
        alone, outer = len(inner.pieces) == 1, len(wraps.groups)
        for piece in inner.pieces:
            own = (
                Group(one.effect, at + one.start * scale, one.length * scale, one.kind) for one in piece.groups[outer:]
            )
            piece.groups = (*piece.groups[:outer], *own)
            piece.warped = True
            piece.start = at if alone else at + piece.start * scale
            piece.length = length if alone else piece.length * scale
            self.layer.pieces.append(piece)
        for lost in inner.crossings:
            self.report.note(
                "transition-not-carried", source=origin, name=f"{lost.length} units inside a changed speed"
            )


def _is_silent(item: AafObject) -> bool:
    """Whether a component shows nothing of its own."""
    if item.class_name == "Sequence":
        return all(_is_silent(part) for part in item.get("Components", ()))
    return item.class_name in ("Filler", "ScopeReference")


def _with_rate(sequence: AafObject, wraps: Wraps) -> Wraps:
    """Take in the rate of media that Media Composer mixes into a project of another."""
    if "ComponentAttributeList" not in sequence:
        return wraps
    found = component_attributes(sequence)
    top, bottom = number(found, "_MIXMATCH_RATE_NUM"), number(found, "_MIXMATCH_RATE_DENOM")
    if not top or not bottom or top < 0 or bottom < 0:
        return wraps
    return Wraps(wraps.groups, wraps.muted, Fraction(top, bottom))


_FADES = ("FadeInLength", "FadeOutLength")
_LEGACY_CURVES = {1: "linear", 2: "equal-power"}


def _legacy_fade(clip: AafObject, side: str) -> tuple[Units, str] | None:
    """Give a fade that a source clip of an old file states itself."""
    length = units(clip, f"{side}Length")
    return (length, _LEGACY_CURVES.get(clip.get(f"{side}Type", 1), "linear")) if length else None


_Way = Callable[[_Walk, AafObject, Units, str, Wraps], Units]

_WAYS: dict[str, _Way] = {
    "SourceClip": _Walk.clip,
    "DescriptiveClip": _Walk.silence,
    "Filler": _Walk.silence,
    "ScopeReference": _Walk.silence,
    "Timecode": _Walk.silence,
    "EdgeCode": _Walk.silence,
    "TimecodeStream": _Walk.silence,
    "Sequence": _Walk.sequence,
    "OperationGroup": _Walk.group,
    "Selector": _Walk.selector,
    "NestedScope": _Walk.scope,
    "EssenceGroup": _Walk.choices,
    "Pulldown": _Walk.pulldown,
}
"""How each class of component is laid."""


def describe(group: Any) -> str:
    """Name an operation for people: as the plug-in calls itself, else as its definition does, else its AUID."""
    found = component_attributes(group)
    name = found.get("_EFFECT_PLUGIN_NAME")
    if isinstance(name, str) and name:
        return name
    definition = group.get("Operation")
    named = definition.get("Name") if isinstance(definition, AafObject) else None
    return str(named or group.ref_auid("Operation"))
