"""From a clip to its media: composition, master, file, tape.

Each step names a mob and a slot; what a clip starts at is counted in the rate of the slot that holds it, so that the steps
add up in seconds. The first mob that describes a file is the media, the next that holds a timecode tells where it lies on
its tape. Nothing is trusted to be there: a chain ends where the next mob is not in the file, and is never walked in circles.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from postsync.report import Report
from postsync_adapters.aaf.objects import AafFile, AafObject
from postsync_adapters.aaf.properties import MobId
from postsync_adapters.aaf.reading.descriptors import FileFacts, file_facts, url_of_locator
from postsync_adapters.aaf.reading.layers import start_of, units
from postsync_adapters.aaf.reading.slots import Slot, holds_events, kind_of, slots_of, usage_of
from postsync_adapters.aaf.reading.tags import columns
from postsync_adapters.aaf.reading.tapes import code_of

_LONGEST_CHAIN = 40


@dataclass(frozen=True)
class Host:
    """A mob that a clip passes through, and how far into it the clip's own zero lies: for the markers on it."""

    mob: AafObject
    slot: int
    lead: Fraction


@dataclass(frozen=True)
class Source:
    """What one slot of a mob plays.

    `lead` is the place in the media file, in seconds, at which the slot begins. `tape_start` is where the file begins on
    its tape, `start` the same with the tape's own timecode; `rate` and `drop` are those of that timecode. `channel` counts
    in the file, `track` in the master clip.
    """

    name: str
    clip_name: str
    lead: Fraction = Fraction(0)
    length: Fraction | None = None
    file: FileFacts | None = None
    file_id: MobId | None = None
    master_id: MobId | None = None
    channel: int = 1
    track: int = 1
    start: Fraction | None = None
    tape_start: Fraction | None = None
    rate: Fraction | None = None
    drop: bool = False
    tape: str | None = None
    columns: dict[str, str] = field(default_factory=dict)
    hosts: tuple[Host, ...] = ()
    urls: tuple[str, ...] = ()
    broken: str | None = None


@dataclass(frozen=True)
class Nested:
    """A composition of several clips that a clip plays a part of."""

    slot: Slot


class Chains:
    """Follows clips of one file; each slot is followed once."""

    def __init__(self, aaf: AafFile, report: Report) -> None:
        self.aaf, self.report = aaf, report
        self._slots: dict[MobId, dict[int, Slot]] = {}
        self._sources: dict[tuple[MobId, int], Source | Nested] = {}

    def slots(self, mob: AafObject) -> dict[int, Slot]:
        """Give the slots of a mob by number."""
        key = mob.get("MobID")
        if key not in self._slots:
            self._slots[key] = {slot.number: slot for slot in slots_of(mob, self.report)}
        return self._slots[key]

    def is_marked(self, source: Source) -> bool:
        """Whether a mob that a source passes through carries markers."""
        return any(holds_events(slot) for host in source.hosts for slot in self.slots(host.mob).values())

    def target(self, clip: AafObject) -> Slot | None:
        """Give the slot that a source clip plays; None at the end of a chain, and where the file does not hold it."""
        mob_id = clip.get("SourceID")
        mob = None if not isinstance(mob_id, MobId) or mob_id.is_zero else self.aaf.mob(mob_id)
        if mob is None:
            return None
        slots = self.slots(mob)
        return slots.get(clip.get("SourceMobSlotID", 0)) or _only(slots, kind_of(clip))

    def source(self, clip: AafObject) -> Source | Nested:
        """Give what a source clip plays."""
        mob_id, number = clip.get("SourceID"), clip.get("SourceMobSlotID", 0)
        key = (mob_id, number)
        found = self._sources.get(key)
        if found is None:
            found = self._sources[key] = self._followed(clip)
        return found

    def source_of(self, slot: Slot) -> Source:
        """Give what a slot plays, with the names of the mob that holds it."""
        return _Chain(self, slot).source()

    def _followed(self, clip: AafObject) -> Source | Nested:
        slot = self.target(clip)
        if slot is None:
            return self._lost(clip)
        if slot.mob.class_name == "CompositionMob" and _is_sequence(slot):
            return Nested(slot)
        return _Chain(self, slot).source()

    def _lost(self, clip: AafObject) -> Source:
        """Give a source of which the file says nothing: its mob was left out of it, or it never had one."""
        mob_id = clip.get("SourceID")
        known = isinstance(mob_id, MobId) and not mob_id.is_zero
        mob = self.aaf.mob(mob_id) if known else None
        name = str(mob.get("Name", "")) if mob is not None else ""
        said = f"mob {mob_id}" if known else "no source is stated"
        self.report.note("reference-broken", source=clip.path, name=said)
        return Source(name, name, broken=said)


def _only(slots: dict[int, Slot], kind: str) -> Slot | None:
    """Give the one slot that can be meant where a clip names one that is not there."""
    found = [slot for slot in slots.values() if slot.kind == kind]
    return found[0] if len(found) == 1 else None


def _is_sequence(slot: Slot) -> bool:
    """Whether a composition's slot plays more than one clip, so that it cannot be seen as a sub-clip."""
    if usage_of(slot.mob) in ("sub-clip", "adjusted-clip"):
        return False
    return _count_clips(slot.segment, 0) != 1


def _count_clips(segment: AafObject, depth: int) -> int:
    if segment.class_name == "SourceClip":
        return 1
    if depth > 8:
        return 2
    if segment.class_name == "Sequence":
        parts = segment.get("Components", [])
        if len(parts) > 16:
            return 2
        shown = [part for part in parts if part.class_name not in ("Filler", "ScopeReference")]
        return _count_clips(shown[0], depth + 1) if len(parts) == len(shown) == 1 else len(shown) + 1
    if segment.class_name == "OperationGroup":
        inputs = segment.get("InputSegments", [])
        return _count_clips(inputs[0], depth + 1) if len(inputs) == 1 else 2
    return 0 if segment.class_name == "Filler" else 2


class _Chain:
    """One walk from a slot to the end of its chain."""

    def __init__(self, chains: Chains, first: Slot) -> None:
        self._chains = chains
        self._steps = list(self._walk(first))

    def _walk(self, slot: Slot) -> Iterator[tuple[Slot, Fraction]]:
        """Yield the slots of a chain, each with the place in it that belongs to zero of the first."""
        at, seen = slot.origin, set[tuple[MobId, int]]()
        for _ in range(_LONGEST_CHAIN):
            key = (slot.mob.get("MobID"), slot.number)
            if key in seen:
                self._chains.report.note(
                    "reference-broken", source=slot.slot.path, name="a chain that runs in a circle"
                )
                return
            seen.add(key)
            yield slot, at
            clip = first_clip(slot.segment)
            following = None if clip is None else self._chains.target(clip)
            if clip is None or following is None:
                return
            at += start_of(clip) / slot.rate + following.origin
            slot = following

    def source(self) -> Source:
        """Give what the chain says."""
        first = self._steps[0][0]
        clip_name = str(first.mob.get("Name") or "")
        master = next((slot for slot, _ in self._steps if slot.mob.class_name == "MasterMob"), None)
        named = str(master.mob.get("Name") or "") if master else clip_name
        said: dict[str, Any] = {
            "name": named,
            "length": _length(first),
            "columns": self._columns(),
            "hosts": tuple(
                Host(slot.mob, slot.number, at - slot.origin)
                for slot, at in self._steps
                if slot.mob.class_name != "SourceMob"
            ),
            "master_id": None if master is None else master.mob.get("MobID"),
            "track": _track(master or first),
        }
        place = next((index for index, (slot, _) in enumerate(self._steps) if _describes_file(slot.mob)), None)
        if place is not None:
            said |= self._in_file(named, said["track"], place)
        return Source(**said, clip_name=clip_name or said["name"], **self._on_tape(said.get("file"), place))

    def _columns(self) -> dict[str, str]:
        """Give the bin columns: those of the sub-clip before those of the master, and these before the file's."""
        found: dict[str, str] = {}
        for slot, _ in reversed(self._steps):
            found.update(columns(slot.mob))
        return found

    def _in_file(self, named: str, track: int, place: int) -> dict[str, Any]:
        """Give what the chain says of the media file."""
        slot, lead = self._steps[place]
        facts = file_facts(slot.mob, slot.slot, _slot_seconds(slot), self._chains.aaf)
        return {
            "name": named or str(slot.mob.get("Name") or ""),
            "lead": lead,
            "file": facts,
            "file_id": slot.mob.get("MobID"),
            "channel": _channel(facts, slot, track),
            "urls": tuple(dict.fromkeys((*facts.urls, *self._other_urls(place)))),
        }

    def _other_urls(self, place: int) -> Iterator[str]:
        """Yield where the file came from, as the mobs behind it say."""
        for slot, _ in self._steps[place + 1 :]:
            descriptor = slot.mob.get("EssenceDescription")
            for locator in () if descriptor is None else descriptor.get("Locator", ()):
                url = url_of_locator(locator)
                if url:
                    yield url

    def _on_tape(self, file: FileFacts | None, place: int | None) -> dict[str, Any]:
        """Give where the media lies on its tape or in its recorder's day."""
        said: dict[str, Any] = {}
        origin = self._steps[place or 0][1]
        for slot, at in self._steps if place is None else self._steps[place + 1 :]:
            said.setdefault("tape_start", at - origin)
            if _is_tape(slot.mob) and slot.mob.get("Name"):
                said.setdefault("tape", str(slot.mob.get("Name")))
            code = code_of(self._chains.slots(slot.mob).values(), at - origin)
            if code is not None:
                said |= {"start": code.start + at - origin, "rate": code.rate, "drop": code.drop}
                break
        stamp = file.stamp if file else None
        if stamp is not None and _agree(stamp, said.get("start"), said.get("rate")):
            said["start"] = stamp
        return said


def _agree(stamp: Fraction, start: Fraction | None, rate: Fraction | None) -> bool:
    """Whether a time stamp in samples is the finer form of a timecode in frames; alone it is all there is."""
    if start is None:
        return True
    return rate is not None and abs(stamp - start) * rate <= 1


def first_clip(segment: AafObject | None) -> AafObject | None:
    """Give the first source clip of a segment, through whatever wraps it."""
    for _ in range(_LONGEST_CHAIN):
        if segment is None or segment.class_name == "SourceClip":
            return segment
        segment = _inner(segment)
    return None


_INNER = {
    "Sequence": "Components",
    "OperationGroup": "InputSegments",
    "EssenceGroup": "Choices",
    "NestedScope": "Slots",
    "Selector": "Selected",
    "Pulldown": "InputSegment",
}


def _inner(segment: AafObject) -> AafObject | None:
    name = _INNER.get(segment.class_name)
    found = None if name is None else segment.get(name)
    if isinstance(found, list):
        return next((item for item in found if item.class_name not in ("Filler", "ScopeReference")), None)
    return found if isinstance(found, AafObject) else None


def _length(slot: Slot) -> Fraction | None:
    length = units(slot.segment, "Length")
    return Fraction(length) / slot.rate if length else None


def _slot_seconds(slot: Slot) -> Fraction:
    return Fraction(units(slot.segment, "Length")) / slot.rate


def _track(slot: Slot) -> int:
    return max(slot.track or 1, 1)


def _channel(facts: FileFacts, slot: Slot, track: int) -> int:
    """Give the channel within the file. Each mono file of Media Composer is channel 1, whatever track it is of."""
    count = facts.channels or 1
    if count == 1:
        return 1
    return next((one for one in (_track(slot), track) if 1 < one <= count), 1)


def _describes_file(mob: AafObject) -> bool:
    descriptor = mob.get("EssenceDescription")
    return descriptor is not None and descriptor.is_a("FileDescriptor")


def _is_tape(mob: AafObject) -> bool:
    descriptor = mob.get("EssenceDescription")
    return descriptor is not None and descriptor.class_name in ("TapeDescriptor", "RecordingDescriptor")
