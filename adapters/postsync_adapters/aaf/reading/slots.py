"""Slots of mobs: what runs in each, at which rate, and which hold markers instead of tracks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from postsync.report import Report
from postsync.timing import as_rate
from postsync_adapters.aaf.objects import AafObject
from postsync_adapters.aaf.reading.identifiers import DATA_KINDS, USAGES

_EVENTS = ("DescriptiveMarker", "CommentMarker", "Event")


def exact_rate(rate: Fraction | None) -> Fraction | None:
    """Give the rate that an edit rate means: Media Composer rounds 120000/1001 to 11988/100. None where it is none."""
    if not isinstance(rate, Fraction) or rate <= 0:
        return None
    if rate.denominator in (1, 1001) or rate > 125:
        return rate
    return as_rate(rate).fps


@dataclass(frozen=True)
class Slot:
    """A slot of a mob: what runs in it, and its rate."""

    mob: AafObject
    slot: AafObject
    number: int
    rate: Fraction
    segment: AafObject

    @property
    def kind(self) -> str:
        """What runs in it."""
        return kind_of(self.segment)

    @property
    def track(self) -> int | None:
        """The number that people know it by."""
        value = self.slot.get("PhysicalTrackNumber")
        return value if isinstance(value, int) else None

    @property
    def origin(self) -> Fraction:
        """How far into its segment the place lies that is its zero, in seconds."""
        value = self.slot.get("Origin")
        return value / self.rate if isinstance(value, int) and 0 < abs(value) < _FARTHEST else _ZERO

    @property
    def name(self) -> str:
        """Its name, where it has one."""
        return str(self.slot.get("SlotName", ""))


def slots_of(mob: AafObject, report: Report) -> list[Slot]:
    """Give the slots of a mob that hold something; one whose rate is none is said and left out."""
    found: list[Slot] = []
    for slot in mob.get("Slots", ()):
        segment = slot.get("Segment")
        if segment is None:
            continue
        rate = exact_rate(slot.get("EditRate"))
        if rate is None and slot.class_name != "StaticMobSlot":
            report.note("value-unreadable", source=slot.path, name="EditRate", value=slot.get("EditRate"))
            continue
        found.append(Slot(mob, slot, slot.get("SlotID", 0), rate or Fraction(1), segment))
    return found


def kind_of(segment: AafObject) -> str:
    """Give what runs in a segment, by its data definition, else by that of what is inside it."""
    return _stated_kind(segment) or next(filter(None, map(_stated_kind, _inside(segment))), "other")


def _stated_kind(segment: AafObject) -> str | None:
    auid = segment.ref_auid("DataDefinition")
    return None if auid is None else DATA_KINDS.get(auid)


def _inside(segment: AafObject) -> Iterator[AafObject]:
    """Yield what a segment is made of, for one whose own definition nobody knows."""
    for _ in range(_DEEPEST):
        inner = segment.get(_PARTS.get(segment.class_name, ""))
        if not inner:
            return
        yield from inner
        segment = inner[0]


_PARTS = {"Sequence": "Components", "OperationGroup": "InputSegments", "NestedScope": "Slots"}
_DEEPEST = 8
_FARTHEST = 2**53
_ZERO = Fraction(0)


def is_marker(item: AafObject) -> bool:
    """Whether a component is a marker."""
    return item.class_name in _EVENTS or item.is_a("CommentMarker")


def holds_events(slot: Slot) -> bool:
    """Whether a slot holds markers and nothing else, so that it is no track."""
    if slot.slot.class_name == "EventMobSlot" or slot.kind == "descriptive":
        return True
    segment = slot.segment
    if segment.class_name != "Sequence":
        return is_marker(segment)
    first = segment.first("Components")
    return first is not None and is_marker(first)


def usage_of(mob: AafObject) -> str | None:
    """Give what a composition is for."""
    auid = mob.get("UsageCode")
    return None if auid is None else USAGES.get(auid, "other")
