"""An AAF as the rules look at it: its mobs, also those of one id, and every component with the place where it lies.

The file is walked once. What cannot be read on the way is kept as a fault, by its place.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from postsync.errors import FormatError
from postsync.model import TimelineFacts
from postsync.report import Report
from postsync_adapters.aaf.objects import AafFile, AafObject
from postsync_adapters.aaf.properties import MobId
from postsync_adapters.aaf.reading.clock import clock_of
from postsync_adapters.aaf.reading.slots import exact_rate, kind_of, slots_of, usage_of

_VECTORS = ("Components", "InputSegments", "Slots", "Choices", "Alternates")
_SINGLE = ("Selected", "InputSegment", "OperationGroup")
_LARGEST = 2**53
_MOST_PARTS = 2_000_000

MOB_WORDS = {"CompositionMob": "composition", "MasterMob": "master", "SourceMob": "source"}
FILES, PHYSICAL = "FileDescriptor", ("TapeDescriptor", "FilmDescriptor", "PhysicalDescriptor")


@dataclass(frozen=True)
class Place:
    """A slot of a mob; `rate` is None where it states none that can be."""

    mob: AafObject
    slot: AafObject
    rate: Fraction | None


@dataclass(frozen=True)
class Part:
    """A component where it lies. `at` counts edit units from the beginning of its slot, `parent` is what holds it."""

    item: AafObject
    place: Place
    at: int
    parent: Part | None = None

    @property
    def class_name(self) -> str:
        """The class of the component."""
        return self.item.class_name

    def above(self) -> Iterator[Part]:
        """Yield what it lies in, from the inside out."""
        part = self.parent
        while part is not None:
            yield part
            part = part.parent


def number(item: AafObject, name: str) -> int | None:
    """Give a whole number; None where none is stated, or what no timeline can hold."""
    value = item.get(name)
    return value if isinstance(value, int) and -_LARGEST <= value <= _LARGEST else None


class Whole:
    """A file, walked once."""

    def __init__(self, aaf: AafFile) -> None:
        self.aaf = aaf
        self.faults: dict[str, str] = {}
        """What cannot be read, by its place."""
        self._clocks: dict[str, TimelineFacts | None] = {}

    def note(self, fault: FormatError) -> None:
        """Keep what could not be read."""
        self.faults.setdefault(fault.place or "", fault.sentence())

    def keyed(self, name: str) -> list[tuple[MobId, AafObject]]:
        """Give the objects of a set of the content with their ids, also where several have one."""
        content = self.aaf.content
        return [(MobId(key), item) for key, item in content.keyed(content.row(name).number)]

    @cached_property
    def mobs(self) -> list[AafObject]:
        """Every mob in the order of the file."""
        return [mob for _, mob in self.keyed("Mobs")]

    def of_class(self, name: str) -> list[AafObject]:
        """Give the mobs of a class."""
        return [mob for mob in self.mobs if mob.class_name == name]

    @cached_property
    def top_levels(self) -> list[AafObject]:
        """The compositions that are timelines."""
        return [mob for mob in self.of_class("CompositionMob") if usage_of(mob) == "top-level"]

    @cached_property
    def places(self) -> list[Place]:
        """Every slot of every mob."""
        found: list[Place] = []
        for mob in self.mobs:
            try:
                found += [Place(mob, slot, exact_rate(slot.get("EditRate"))) for slot in mob.get("Slots", ())]
            except FormatError as fault:
                self.note(fault)
        return found

    def slots(self, mob: AafObject) -> list[Place]:
        """Give the slots of one mob."""
        return self._by_mob.get(mob.path, [])

    @cached_property
    def _by_mob(self) -> dict[str, list[Place]]:
        found: dict[str, list[Place]] = {}
        for place in self.places:
            found.setdefault(place.mob.path, []).append(place)
        return found

    @cached_property
    def parts(self) -> list[Part]:
        """Every component of every slot."""
        found: list[Part] = []
        for place in self.places:
            try:
                segment = place.slot.get("Segment")
            except FormatError as fault:
                self.note(fault)
                continue
            if isinstance(segment, AafObject):
                self._walk(Part(segment, place, 0), found)
        return found

    def _walk(self, first: Part, found: list[Part]) -> None:
        """Add a component and all that lies in it, in the order of the file."""
        waiting = [first]
        while waiting and len(found) < _MOST_PARTS:
            part = waiting.pop()
            found.append(part)
            try:
                waiting += reversed(list(_inner(part)))
            except FormatError as fault:
                self.note(fault)

    @cached_property
    def clips(self) -> list[Part]:
        """Every source clip."""
        return [part for part in self.parts if part.class_name == "SourceClip"]

    def target(self, clip: Part) -> AafObject | None:
        """Give the mob that a source clip plays; None at the end of a chain, and where the file does not hold it."""
        mob_id = clip.item.get("SourceID")
        return self.aaf.mob(mob_id) if isinstance(mob_id, MobId) and not mob_id.is_zero else None

    # ------------------------------------------------------------------------------------------------------ in words

    def called(self, mob: AafObject) -> str:
        """Give what people call a mob."""
        word = MOB_WORDS.get(mob.class_name, mob.class_name)
        if word == "source":
            descriptor = mob.get("EssenceDescription")
            word = "file" if isinstance(descriptor, AafObject) and descriptor.is_a(FILES) else "source"
        name = mob.get("Name")
        return f"{word} {name!r}" if isinstance(name, str) and name else f"{word} {short(mob.get('MobID'))}"

    def where(self, place: Place | Part) -> str:
        """Give the mob and slot of a component in words."""
        at = place.place if isinstance(place, Part) else place
        name, track = at.slot.get("SlotName"), at.slot.get("PhysicalTrackNumber")
        said = name if isinstance(name, str) and name else f"track {track}" if track is not None else ""
        slot = at.slot.get("SlotID")
        return f"{self.called(at.mob)} / {said or f'slot {slot}'}"

    def time(self, part: Part) -> str | None:
        """Give the timecode of a component of a composition; None elsewhere."""
        place = part.place
        if place.mob.class_name != "CompositionMob" or place.rate is None:
            return None
        clock = self._clock(place.mob)
        return None if clock is None else clock.timecode(part.at / place.rate)

    def _clock(self, mob: AafObject) -> TimelineFacts | None:
        if mob.path not in self._clocks:
            try:
                self._clocks[mob.path] = clock_of(slots_of(mob, Report()), None, Report(), "")
            except FormatError as fault:
                self.note(fault)
                self._clocks[mob.path] = None
        return self._clocks[mob.path]


def short(mob_id: Any) -> str:
    """Give the part of a mob's id that tells it from others."""
    return f"{bytes(mob_id)[16:].hex()}" if isinstance(mob_id, bytes) else "without id"


def track_kind(place: Place) -> str:
    """Give what runs in a slot; nothing where it holds no segment."""
    segment = place.slot.get("Segment")
    return kind_of(segment) if isinstance(segment, AafObject) else ""


def _inner(part: Part) -> Iterator[Part]:
    """Yield what lies in a component: one after another in a sequence, all from its beginning elsewhere."""
    item, at = part.item, part.at
    for name in _VECTORS:
        if name not in item:
            continue
        for inner in item.get(name, ()):
            if not isinstance(inner, AafObject):
                continue
            length = (number(inner, "Length") or 0) if name == "Components" else 0
            back = length if name == "Components" and inner.class_name == "Transition" else 0
            yield Part(inner, part.place, at - back, part)
            at += length - 2 * back
    for name in _SINGLE:
        inner = item.get(name) if name in item else None
        if isinstance(inner, AafObject):
            yield Part(inner, part.place, part.at, part)
