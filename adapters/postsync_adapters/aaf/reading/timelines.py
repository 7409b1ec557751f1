"""The compositions of an AAF as timelines.

Every top-level composition is one; where there is none, every composition that no other plays, those of no stated usage before
the others; where there is none, as in a bin's clip exported alone, each master that nothing plays. Slots are tracks in the
order of the file; timecode, edge code and Avid's own bus are no tracks and ride along.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import opentimelineio as otio

from postsync.model import TimelineFacts, TrackFacts, put_timeline_facts, put_track_facts, to_otio_marker
from postsync.report import Report
from postsync.timing import Rate, as_rate
from postsync_adapters.aaf.objects import AafFile, AafObject
from postsync_adapters.aaf.reading.chains import Chains, Source
from postsync_adapters.aaf.reading.clips import Tracks
from postsync_adapters.aaf.reading.clock import clock_of, clock_of_media
from postsync_adapters.aaf.reading.events import (
    Event,
    events_of,
    markers_on_clips,
    markers_on_timeline,
    strayed_events,
)
from postsync_adapters.aaf.reading.layers import Layer, nested_slots, track_groups, walk
from postsync_adapters.aaf.reading.leftovers import plain_object, plain_value
from postsync_adapters.aaf.reading.levels import Group, gain_db, gain_points, level_of, pan_of
from postsync_adapters.aaf.reading.pro_tools_edits import Edits, ProToolsEdits, count_uses, may_be_rendered
from postsync_adapters.aaf.reading.slots import Slot, holds_events, slots_of, usage_of
from postsync_adapters.aaf.reading.tags import attributes, number, tagged, text

TRACK_KINDS = {"picture": "Video", "sound": "Audio", "data": "Data"}

TRACK_FORMATS = {1: 1, 2: 2, 3: 6, 4: 8}
"""`_TRACK_FORMAT` of Media Composer and Pro Tools: mono, stereo, 5.1, 7.1."""

_FASTEST_FRAMES = 121
_SLOT_TAGS = frozenset({"_TRACK_FORMAT", "AudioMixerCompMute", "AudioMixerCompSolo"})
_UNKNOWN_VERSION = "Unknown version"


@dataclass(frozen=True)
class Reading:
    """How to read: the rate where a file leaves it open, the name where it has none, what to do with rendered edits."""

    rate: Rate | None = None
    name: str | None = None
    pro_tools_edits: ProToolsEdits = "fades"


def read_timelines(aaf: AafFile, how: Reading, report: Report) -> list[otio.schema.Timeline]:
    """Give every timeline of a file in its order."""
    chains = Chains(aaf, report)
    producer = producer_of(aaf)
    return [_Timeline(mob, chains, how, report, producer).made() for mob in compositions(aaf)]


def producer_of(aaf: AafFile) -> str | None:
    """Give the application that wrote the file last, with its version."""
    written = aaf.header.get("IdentificationList", [])
    for one in reversed(written):
        name, version = one.get("ProductName"), one.get("ProductVersionString")
        if isinstance(name, str) and name:
            known = isinstance(version, str) and version and version != _UNKNOWN_VERSION and version not in name
            return f"{name} {version}" if known else name
    return None


def compositions(aaf: AafFile) -> list[AafObject]:
    """Give the mobs that are timelines."""
    found = [mob for mob in aaf.mobs if mob.class_name == "CompositionMob" and usage_of(mob) == "top-level"]
    if found:
        return found
    played = _played(aaf)
    whole = [mob for mob in aaf.mobs if mob.get("MobID") not in played]
    found = [mob for mob in whole if mob.class_name == "CompositionMob"]
    plain = [mob for mob in found if usage_of(mob) is None]
    return plain or found or [mob for mob in whole if mob.class_name == "MasterMob"]


def _played(aaf: AafFile) -> set[Any]:
    """Give the ids of all mobs that compositions and masters play."""
    found: set[Any] = set()
    for mob in aaf.mobs:
        if mob.class_name in ("CompositionMob", "MasterMob"):
            waiting = [slot.get("Segment") for slot in mob.get("Slots", ())]
            while waiting:
                item = waiting.pop()
                if item is None:
                    continue
                if item.class_name == "SourceClip":
                    found.add(item.get("SourceID"))
                for name in ("Components", "InputSegments", "Slots", "Choices", "Alternates"):
                    waiting.extend(item.get(name, ()))
                waiting.extend(item.get(name) for name in ("Selected", "InputSegment"))
    return found


class _Timeline:
    """One composition on its way to a timeline."""

    def __init__(self, mob: AafObject, chains: Chains, how: Reading, report: Report, producer: str | None) -> None:
        self.mob, self.chains, self.how, self.report, self.producer = mob, chains, how, report, producer
        self.name = str(mob.get("Name") or how.name or "")
        self.origin = f"mob {mob.get('MobID')}"
        self.slots = slots_of(mob, report)
        self.tracks = Tracks(chains, report)
        self.names: dict[int, str] = {}
        self.strays: list[Event] = []
        self._counts: Counter[str] = Counter()

    def made(self) -> otio.schema.Timeline:
        """Make the timeline."""
        timeline = otio.schema.Timeline(name=self.name)
        laid = [(slot, *parts) for slot in self.slots if self._is_track(slot) for parts in self._layers(slot)]
        self._take_back_edits([(slot, layer) for slot, layer, _, _ in laid])
        laid.reverse()
        while laid:  # What was made of one track need not be kept while the next is made.
            timeline.tracks.append(self._track(*laid.pop()))
        facts = self._clock()
        put_timeline_facts(timeline, self._completed(facts))
        self._put_markers(timeline, facts.rate)
        self._put_leftovers(timeline)
        return timeline

    # --------------------------------------------------------------------------------------------------------- tracks

    def _is_track(self, slot: Slot) -> bool:
        return slot.kind in TRACK_KINDS and not holds_events(slot)

    def _layers(self, slot: Slot) -> list[tuple[Layer, list[Group], AafObject]]:
        """Lay out a slot: what lies on it, what lies over all of it, and its segment; several where pictures are nested."""
        groups, inner = track_groups(slot.segment) if slot.kind == "sound" else ([], slot.segment)
        segments = nested_slots(inner) if slot.kind == "picture" else [inner]
        origin = f"{self.origin}/slot {slot.number}"
        places = [origin] if len(segments) == 1 else [f"{origin}/track {n + 1}" for n in range(len(segments))]
        return [
            (walk(segment, slot.rate, place, self.report), groups, segment)
            for segment, place in zip(segments, places, strict=True)
        ]

    def _take_back_edits(self, laid: list[tuple[Slot, Layer]]) -> None:
        """Take Pro Tools' rendered edits back, where there can be any."""
        sound = [(slot, layer) for slot, layer in laid if slot.kind == "sound"]
        if self.how.pro_tools_edits == "keep" or not any(may_be_rendered(layer) for _, layer in sound):
            return
        uses = count_uses([layer for _, layer in sound], self.chains.source)
        for slot, layer in sound:
            Edits(layer, self.chains.source, uses, self.report, slot.name or f"A{slot.track}").recover(
                self.how.pro_tools_edits
            )

    def _track(self, slot: Slot, layer: Layer, groups: list[Group], segment: AafObject) -> otio.schema.Track:
        kind = TRACK_KINDS[slot.kind]
        self._counts[kind] += 1
        name = text(tagged(segment, "UserComments"), "_TRACK_NAME") or slot.name
        where = name or f"{kind.lower()} {self._counts[kind]}"
        self.names.setdefault(slot.number, where)
        track = self.tracks.track(name, kind, layer, where)
        self.strays += strayed_events(layer)
        put_track_facts(track, self._track_facts(slot, groups))
        rest = {name: value for name, value in self._slot_tags(slot).items() if name not in _SLOT_TAGS}
        own: dict[str, Any] = {"SlotID": slot.number, "PhysicalTrackNumber": slot.track}
        track.metadata["aaf"] = {**own, **({"attributes": plain_value(rest)} if rest else {})}
        return track

    def _slot_tags(self, slot: Slot) -> dict[str, Any]:
        return attributes(slot.slot, "TimelineMobAttributeList")

    def _track_facts(self, slot: Slot, groups: list[Group]) -> TrackFacts:
        tags = self._slot_tags(slot)
        origin = f"{self.origin}/slot {slot.number}"
        if slot.kind != "sound":
            return TrackFacts(origin=origin)
        level = level_of(groups)
        pans = [pan_of(group, slot.rate) for group in groups]
        pan, points = next((found for found in pans if found != (None, ())), (None, ()))
        return TrackFacts(
            channels=TRACK_FORMATS.get(number(tags, "_TRACK_FORMAT") or 1),
            muted=number(tags, "AudioMixerCompMute") == 1,
            soloed=number(tags, "AudioMixerCompSolo") == 1,
            pan=pan,
            pan_points=points,
            gain_db=gain_db(level),
            gain_points=gain_points(level, 0, slot.rate),
            origin=origin,
        )

    # ---------------------------------------------------------------------------------------------------------- clock

    def _clock(self) -> TimelineFacts:
        if self.mob.class_name == "CompositionMob":
            return clock_of(self.slots, self.how.rate, self.report, self.name)
        guess = clock_of(self.slots, self.how.rate, self.report, self.name)
        source = next((found for slot in self.slots if (found := self._own_media(slot)) is not None), None)
        if source is None:
            return guess
        rate = as_rate(source.rate) if source.rate and source.rate < _FASTEST_FRAMES else guess.rate
        rate = rate.with_drop(True) if source.drop and rate.can_drop else rate
        start = None if source.start is None else source.start + source.lead
        return clock_of_media(self.slots, start, rate, self.report, self.name)

    def _own_media(self, slot: Slot) -> Source | None:
        """Give the media of a slot of a master that stands for itself."""
        segment = slot.segment
        found = self.chains.source(segment) if segment.class_name == "SourceClip" and self._is_track(slot) else None
        return found if isinstance(found, Source) and found.start is not None else None

    def _completed(self, facts: TimelineFacts) -> TimelineFacts:
        rates = [int(slot.rate) for slot in self.slots if slot.kind == "sound" and slot.rate > _FASTEST_FRAMES]
        rate = Counter(rates).most_common(1)[0][0] if rates else self._media_rate()
        return TimelineFacts(facts.rate, facts.start_frame, rate, self.producer, "aaf")

    def _media_rate(self) -> int | None:
        """Give the sample rate of most media that are used."""
        counted: Counter[int] = Counter()
        for source in self.tracks.media.sources:
            if source.file is not None and source.file.kind == "sound" and source.file.sample_rate:
                counted[source.file.sample_rate] += 1
        return counted.most_common(1)[0][0] if counted else None

    # -------------------------------------------------------------------------------------------------------- markers

    def _put_markers(self, timeline: otio.schema.Timeline, rate: Rate) -> None:
        events = events_of(self.slots, self.origin) + self.strays
        plain = markers_on_timeline(events, self.names)
        taken = {event.key for event in events if event.key[0] == "id"}
        plain += markers_on_clips(self.tracks.uses, self.chains, taken)
        timeline.tracks.markers.extend(
            to_otio_marker(marker, rate.fps) for marker in sorted(plain, key=lambda one: one.record_in)
        )

    # ------------------------------------------------------------------------------------------------------ leftovers

    def _put_leftovers(self, timeline: otio.schema.Timeline) -> None:
        """Keep what a composition states beyond tracks and markers."""
        kept: dict[str, Any] = {"MobID": str(self.mob.get("MobID"))}
        named = {
            "attributes": attributes(self.mob, "MobAttributeList"),
            "UserComments": tagged(self.mob, "UserComments"),
        }
        kept.update({name: plain_value(values) for name, values in named.items() if values})
        for name in ("CreationTime", "LastModified"):
            if name in self.mob:
                kept[name] = str(self.mob.get(name))
        others = [plain_object(slot.slot) for slot in self.slots if not self._is_track(slot) and not holds_events(slot)]
        if others:
            kept["slots"] = others
        for slot in self.slots:
            if slot.kind == "other" and not holds_events(slot):
                said = f"slot {slot.number} of a kind that nobody knows"
                self.report.note(
                    "element-ignored", where=self.name, source=f"{self.origin}/slot {slot.number}", name=said
                )
        timeline.metadata["aaf"] = kept
