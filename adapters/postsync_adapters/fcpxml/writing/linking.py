"""Which sound clips lie in step with a picture clip of the same file, and so are its own sound again.

Final Cut shows a shot with its sound as one clip; readers of ours part it into picture and components by role. Only what agrees
in everything is joined: file, place, source, speed, state, name and note, and no channel twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import opentimelineio as otio

from postsync.model import PlacedClip, PlacedTrack, PlacedTransition
from postsync_adapters.fcpxml.writing.clips import Sound
from postsync_adapters.fcpxml.writing.roles import role_of

Links = dict[int, list[Sound]]
"""By the id of a placed picture clip, the sounds that it brings."""


def key_of(placed: PlacedClip) -> Any:
    """Give what must agree between a picture and its sound."""
    media, facts = placed.media, placed.facts
    return (
        placed.url, placed.record_in, placed.duration, placed.source_start, facts.speed, facts.retime, placed.clip.name,
        facts.note, placed.enabled and not facts.muted, placed.media_start, placed.media_duration, media.rate,
        media.channels, media.uid,
    )  # fmt: skip


def linked(pictures: Iterable[PlacedTrack], sounds: Iterable[PlacedTrack]) -> Links:
    """Give each picture the sounds that are its own; a sound that mixes into its neighbour stays by itself."""
    waiting: dict[Any, list[Sound]] = {}
    for track in sounds:
        for placed in without_transitions(track):
            if placed.url is not None and not placed.facts.sources:
                waiting.setdefault(key_of(placed), []).append(Sound(placed, role_of(placed, track)))
    links: Links = {}
    for track in pictures:
        for placed in track.clips:
            if _can_sound(placed) and (found := waiting.get(key_of(placed))):
                own = _without_repeats(found)
                links[id(placed)] = own
                taken = {id(sound) for sound in own}
                waiting[key_of(placed)] = [sound for sound in found if id(sound) not in taken]
    return links


def _can_sound(placed: PlacedClip) -> bool:
    generated = isinstance(placed.clip.media_reference, otio.schema.GeneratorReference)
    return not generated and placed.media.kind != "still"


def without_transitions(track: PlacedTrack) -> list[PlacedClip]:
    """Give the clips of a track that no transition touches."""
    touching: set[int] = set()
    items = track.items
    for place, item in enumerate(items):
        if isinstance(item, PlacedTransition):
            touching |= {id(beside) for beside in items[max(place - 1, 0) : place + 2]}
    return [item for item in items if isinstance(item, PlacedClip) and id(item) not in touching]


def _without_repeats(found: list[Sound]) -> list[Sound]:
    """Keep one sound of all channels, or several whose channels are stated and differ."""
    kept: list[Sound] = []
    taken: set[int] = set()
    for sound in found:
        channels = set(sound.placed.facts.channels or ())
        if not channels:
            return kept or [sound]
        if not channels & taken:
            kept.append(sound)
            taken |= channels
    return kept
