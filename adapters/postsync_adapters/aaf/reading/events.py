"""Markers of an AAF, from whatever slot they lie in and on whatever mob.

Media Composer writes one event slot for each marked track and puts markers with a length into a timeline slot; Resolve puts
all into one event slot that names no track. Every property but the position may be missing, and the track that a marker
names may not be in the file: then it hangs on the timeline. Markers on masters and sub-clips are shown on every clip that
plays them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from postsync.model import COLOURS, Attachment, PlainMarker, colour_name, nearest_colour, rgb_text
from postsync_adapters.aaf.objects import AafObject
from postsync_adapters.aaf.reading.chains import Chains
from postsync_adapters.aaf.reading.clips import Use
from postsync_adapters.aaf.reading.layers import Layer, Units, units
from postsync_adapters.aaf.reading.leftovers import plain_value
from postsync_adapters.aaf.reading.slots import Slot, holds_events, is_marker
from postsync_adapters.aaf.reading.tags import Tags, number, tagged, text

_KNOWN = frozenset({"_ATN_CRM_COM", "_ATN_CRM_USER", "_ATN_CRM_COLOR", "_ATN_CRM_LENGTH", "_ATN_CRM_ID"})


@dataclass(frozen=True)
class Event:
    """A marker where it lies on its mob, in seconds; `slots` are those that it describes."""

    at: Fraction
    duration: Fraction
    item: AafObject
    slots: tuple[int, ...]
    origin: str
    tags: Tags

    @property
    def key(self) -> tuple[object, ...]:
        """What tells one marker from another: Avid's own id, else where it lies and what it says."""
        own = text(self.tags, "_ATN_CRM_ID")
        return ("id", own) if own else ("said", self.at, self.item.get("Comment"), self.item.get("CommentMarkerUser"))


def events_of(slots: Iterable[Slot], origin: str) -> list[Event]:
    """Give the markers in the slots of a mob that are for markers, in the order of the file."""
    return [event for slot in slots if holds_events(slot) for event in _events(slot, f"{origin}/slot {slot.number}")]


def strayed_events(layer: Layer) -> list[Event]:
    """Give the markers that lie among the clips of a track."""
    return [_event(item, at, layer.rate, origin) for item, at, origin in layer.events]


def _events(slot: Slot, origin: str) -> Iterator[Event]:
    segment = slot.segment
    items = segment.get("Components", []) if segment.class_name == "Sequence" else [segment]
    at = 0
    for index, item in enumerate(items):
        if is_marker(item):
            yield _event(item, at, slot.rate, f"{origin}/item {index + 1}")
        else:
            at += units(item, "Length")


def _event(item: AafObject, at: Units, rate: Fraction, origin: str) -> Event:
    """Read a marker; one that states no position lies where it stands in its slot."""
    tags = tagged(item, "CommentMarkerAttributeList")
    place = item.get("Position")
    length = units(item, "Length") or number(tags, "_ATN_CRM_LENGTH") or 0
    described = item.get("DescribedSlots", ())
    return Event(
        (Fraction(place) if isinstance(place, int) else Fraction(at)) / rate,
        Fraction(max(length, 0)) / rate,
        item,
        tuple(described) if isinstance(described, (list, tuple)) else (),
        origin,
        tags,
    )


def markers_on_timeline(events: Iterable[Event], tracks: dict[int, str]) -> list[PlainMarker]:
    """Give the markers of a composition; `tracks` names its tracks by slot."""
    return [_marker(event, event.at, _attachment(event, tracks)) for event in events]


def _attachment(event: Event, tracks: dict[int, str]) -> Attachment | None:
    named = next((tracks[slot] for slot in event.slots if slot in tracks), None)
    return None if named is None else Attachment(track=named)


def markers_on_clips(uses: Iterable[Use], chains: Chains, taken: set[tuple[object, ...]]) -> Iterator[PlainMarker]:
    """Yield the markers of masters and sub-clips on the clips that play them; `taken` are those of the timeline.

    A marker that is on the sub-clip and on its master counts once for each clip.
    """
    known: dict[int, list[Event]] = {}
    for use in uses:
        seen: set[tuple[object, ...]] = set()
        for host in use.source.hosts:
            events = known.get(id(host))
            if events is None:
                slots = chains.slots(host.mob).values()
                events = known[id(host)] = events_of(slots, f"mob {host.mob.get('MobID')}")
            for event in events:
                if host.slot not in event.slots and event.slots:
                    continue
                into = event.at - host.lead - use.source_in
                if event.key in taken or event.key in seen:
                    continue
                seen.add(event.key)
                visible = 0 <= into < use.duration
                attached = Attachment(use.track, use.source.clip_name)
                yield _marker(event, use.record_in + into, attached, visible=visible)


def _marker(event: Event, at: Fraction, attached: Attachment | None, *, visible: bool = True) -> PlainMarker:
    item, tags = event.item, event.tags
    # Media Composer states a user, Resolve's markers have a name there and no user.
    user = text(tags, "_ATN_CRM_USER")
    name = _first(item.get("CommentMarkerUser"), user)
    said = tagged(item, "UserComments")
    comment = _first(item.get("Comment"), text(tags, "_ATN_CRM_COM"), text(said, "Comment"))
    rgb = _rgb(item.get("CommentMarkerColor"))
    return PlainMarker(
        record_in=at,
        duration=event.duration,
        name=name or "",
        comment=comment or "",
        colour=_colour(rgb, text(tags, "_ATN_CRM_COLOR")),
        colour_rgb=rgb,
        user=user,
        visible=visible,
        attached_to=attached,
        origin=event.origin,
        extra=_extra(item, tags, said, comment),
    )


def _extra(item: AafObject, tags: Tags, said: Tags, comment: str | None) -> dict[str, Any]:
    """Give what else is stated on a marker."""
    rest = {name: value for name, value in tags.items() if name not in _KNOWN}
    rest.update({name: value for name, value in said.items() if value != comment})
    for name in ("CommentMarkerDate", "CommentMarkerTime"):
        if item.get(name):
            rest[name] = item.get(name)
    own = text(tags, "_ATN_CRM_ID")
    aaf = {**({"id": own} if own else {}), **({"attributes": plain_value(rest)} if rest else {})}
    return {"aaf": aaf} if aaf else {}


def _first(*values: Any) -> str | None:
    return next((value for value in values if isinstance(value, str) and value), None)


def _rgb(value: Any) -> str | None:
    """Give sixteen bits a colour as `#RRGGBB`."""
    if not isinstance(value, dict):
        return None
    parts = [value.get(name) for name in ("red", "green", "blue")]
    if not all(isinstance(part, int) and 0 <= part <= 0xFFFF for part in parts):
        return None
    red, green, blue = (int(part) >> 8 for part in parts)  # type: ignore[arg-type]
    return rgb_text(red, green, blue)


_OURS = {numbers: name for name, numbers in COLOURS.items()}


def _colour(rgb: str | None, named: str | None) -> str | None:
    """Name a colour: by its numbers where they are one of ours, as Media Composer does, else by what its numbers are near.

    What we write for Media Composer keeps the numbers beside the nearest of its own few names.
    """
    known = _OURS.get(rgb or "") or colour_name(named)
    if known is not None:
        return known
    return None if rgb is None else nearest_colour(rgb)
