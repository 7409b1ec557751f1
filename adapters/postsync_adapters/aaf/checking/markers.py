"""Rules of markers: the slots they lie in, and the tracks they speak of (Edit Protocol 148 to 150)."""

from __future__ import annotations

from collections.abc import Iterator

from postsync.findings import Finding, finding
from postsync_adapters.aaf.checking.whole import Part, Whole
from postsync_adapters.aaf.reading.slots import is_marker


def _markers(whole: Whole) -> Iterator[Part]:
    return (part for part in whole.parts if is_marker(part.item))


def places(whole: Whole) -> Iterator[Finding]:
    """Find plain markers outside the slots of events; descriptive ones may lie anywhere."""
    for part in _markers(whole):
        slot = part.place.slot.class_name
        if part.class_name != "DescriptiveMarker" and slot != "EventMobSlot":
            yield finding("aaf-marker-place", whole.where(part), marker=part.class_name, slot=slot)


def tracks(whole: Whole) -> Iterator[Finding]:
    """Find markers of tracks that are not in the file: Media Composer leaves them out."""
    for part in _markers(whole):
        described = part.item.get("DescribedSlots") if "DescribedSlots" in part.item else None
        there = {place.slot.get("SlotID") for place in whole.slots(part.place.mob)}
        for slot in described if isinstance(described, (list, tuple)) else ():
            if slot not in there:
                text = str(part.item.get("Comment") or "")
                yield finding("aaf-marker-track", whole.where(part), _time(whole, part), slot=slot, text=text[:60])


def _time(whole: Whole, part: Part) -> str | None:
    """Give the timecode of a marker, whose place is stated and not that of its neighbours."""
    position = part.item.get("Position")
    at = position if isinstance(position, int) and abs(position) < 2**53 else 0
    return whole.time(Part(part.item, part.place, at, part.parent))
