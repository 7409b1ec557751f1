"""Rules of slots: numbers, names, rates and the timecode of a composition (Edit Protocol 089, 099, 101, 103, 131)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction

from postsync.findings import Finding, finding
from postsync.report import Report
from postsync_adapters.aaf.checking.whole import Place, Whole, track_kind
from postsync_adapters.aaf.objects import AafObject
from postsync_adapters.aaf.reading.clock import timecode_of
from postsync_adapters.aaf.reading.slots import holds_events, slots_of

ESSENCE_KINDS = ("sound", "picture")
FASTEST_FRAMES = 121
_STATIC = "StaticMobSlot"


def numbers(whole: Whole) -> Iterator[Finding]:
    """Find slots of one number, and of one name, in a mob."""
    for mob in whole.mobs:
        slots = [place.slot for place in whole.slots(mob)]
        for number, count in Counter(slot.get("SlotID") for slot in slots).items():
            if count > 1:
                yield finding("aaf-slot-id-twice", whole.called(mob), count=count, slot=number)
        for name, count in Counter(slot.get("SlotName") for slot in slots if slot.get("SlotName")).items():
            if count > 1:
                yield finding("aaf-slot-name-twice", whole.called(mob), count=count, name=name)


def empty(whole: Whole) -> Iterator[Finding]:
    """Find slots that hold nothing."""
    for place in whole.places:
        if not isinstance(place.slot.get("Segment"), AafObject):
            yield finding("aaf-slot-empty", whole.where(place))


def track_numbers(whole: Whole) -> Iterator[Finding]:
    """Find sound and picture slots without a track number, and sound tracks of a composition that share one."""
    for mob in whole.mobs:
        if mob.class_name == "SourceMob":
            continue
        essence = [place for place in whole.slots(mob) if track_kind(place) in ESSENCE_KINDS and not _is_event(place)]
        for place in essence:
            if place.slot.get("PhysicalTrackNumber") is None:
                yield finding("aaf-track-number", whole.where(place))
        sound = [place for place in essence if track_kind(place) == "sound" and mob.class_name == "CompositionMob"]
        for number, count in Counter(place.slot.get("PhysicalTrackNumber") for place in sound).items():
            if number is not None and count > 1:
                yield finding("aaf-track-number-twice", whole.called(mob), count=count, number=number)


def _is_event(place: Place) -> bool:
    return place.slot.class_name == "EventMobSlot"


def timecodes(whole: Whole) -> Iterator[Finding]:
    """Find top levels without a timecode, and with several that want to be the one that is shown."""
    for mob in whole.top_levels:
        found = [slot for slot in slots_of(mob, Report()) if timecode_of(slot) is not None]
        if not found:
            yield finding("aaf-timecode-none", whole.called(mob))
        first = sum(slot.track == 1 for slot in found)
        if first > 1:
            yield finding("aaf-timecode-several", whole.called(mob), count=first)


def rates(whole: Whole) -> Iterator[Finding]:
    """Find impossible edit rates, sound tracks that count differently, and what they count in."""
    for place in whole.places:
        if place.rate is None and place.slot.class_name != _STATIC:
            yield finding("aaf-edit-rate", whole.where(place), rate=place.slot.get("EditRate") or "none")
    for mob in whole.top_levels:
        sound = (slot for slot in slots_of(mob, Report()) if slot.kind == "sound" and not holds_events(slot))
        found = sorted({slot.rate for slot in sound})
        if len(found) > 1:
            yield finding("aaf-edit-rate-mixed", whole.called(mob), rates=", ".join(_text(rate) for rate in found))
        elif found:
            code = "aaf-edit-rate-frames" if found[0] < FASTEST_FRAMES else "aaf-edit-rate-samples"
            yield finding(code, whole.called(mob), rate=_text(found[0]))


def _text(rate: Fraction) -> str:
    return str(rate) if rate.denominator == 1 else f"{float(rate):.3f}"
