"""Clips of several channels as mono clips on parallel tracks, the way Pro Tools and the AAF Edit Protocol want them.

The new tracks carry the tails that sound editors know: `NAME.L` and `NAME.R` for two channels, `NAME.A1`, `NAME.A2`, … for
more, because a count alone does not say which loudspeaker a channel is for.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import opentimelineio as otio

from postsync.model import (
    ChannelSource,
    ClipFacts,
    MediaFacts,
    channel_media_key,
    clip_facts,
    media_facts,
    put_clip_facts,
    put_track_facts,
    track_facts,
)
from postsync.report import Report
from postsync.timing import from_rational_time, to_time_range

STEREO_TAILS = ("L", "R")


def sounding_channels(facts: ClipFacts, media: MediaFacts) -> tuple[int, ...]:
    """Give the source channels that sound, from 1: as the clip says, else all of its media, else one.

    >>> from postsync.model import ClipFacts, MediaFacts
    >>> sounding_channels(ClipFacts(channels=(2,)), MediaFacts(channels=8))
    (2,)
    >>> sounding_channels(ClipFacts(), MediaFacts(channels=2))
    (1, 2)
    """
    return facts.channels or tuple(range(1, max(media.channels or 1, 1) + 1))


def mono_tracks(timeline: otio.schema.Timeline, report: Report) -> otio.schema.Timeline:
    """Give a copy of a timeline in which every clip on a sound track has one channel.

    A track whose clips have more becomes one track for each channel, side by side; each split clip is noted once.

    >>> [track.name for track in mono_tracks(timeline, report).audio_tracks()]
    ['Dialogue Boom', 'Dialogue Rosa']
    """
    result: otio.schema.Timeline = timeline.deepcopy()
    tracks: list[otio.schema.Track] = []
    for track in list(result.tracks):
        width = _width(track, report) if track.kind == otio.schema.TrackKind.Audio else 1
        tracks.extend([track] if width == 1 else _split(track, width))
    result.tracks[:] = tracks
    return result


def _width(track: otio.schema.Track, report: Report) -> int:
    """Count the tracks that a track needs, noting the clips that make it more than one."""
    width = 1
    for clip in track.find_clips():
        channels = _channels(clip)
        if len(channels) > 1:
            report.note("channel-split", where=track.name, name=clip.name, channels=len(channels))
        width = max(width, len(channels))
    return width


def _channels(clip: otio.schema.Clip) -> tuple[int, ...]:
    return sounding_channels(clip_facts(clip), media_facts(clip.media_reference))


def _split(track: otio.schema.Track, width: int) -> list[otio.schema.Track]:
    """Give one mono track for each channel."""
    copies: list[otio.schema.Track] = [track.deepcopy() for _ in range(width)]
    for index, copy in enumerate(copies):
        tail = STEREO_TAILS[index] if width == len(STEREO_TAILS) else f"A{index + 1}"
        copy.name = f"{track.name}.{tail}" if track.name else tail
        put_track_facts(copy, dataclasses.replace(track_facts(track), channels=1))
        _keep_channel(copy, index)
    return copies


def _keep_channel(composition: Any, index: int) -> None:
    """Leave one channel of every clip; a gap where a clip has no such channel."""
    for place, item in enumerate(list(composition)):
        if isinstance(item, otio.schema.Clip):
            channels = _channels(item)
            if index < len(channels):
                _leave_channel(item, channels[index], index)
            else:
                composition[place] = otio.schema.Gap(duration=item.duration())
        elif isinstance(item, otio.core.Composition):
            _keep_channel(item, index)
    if isinstance(composition, otio.schema.Track):
        _drop_transitions_of_nothing(composition)


def _leave_channel(clip: otio.schema.Clip, channel: int, index: int) -> None:
    """Leave one channel of a clip; where it has a file of its own, that file becomes the clip's media."""
    facts = clip_facts(clip)
    if index >= len(facts.sources):
        put_clip_facts(clip, dataclasses.replace(facts, channels=(channel,)))
        return
    source = facts.sources[index]
    media = clip.media_references().get(source.media) or clip.media_reference
    clip.set_media_references({clip.DEFAULT_MEDIA_KEY: media.clone()}, clip.DEFAULT_MEDIA_KEY)
    if source.offset and clip.source_range is not None:
        start = from_rational_time(clip.source_range.start_time) + source.offset
        duration = from_rational_time(clip.source_range.duration)
        clip.source_range = to_time_range(start, duration)
    put_clip_facts(clip, dataclasses.replace(facts, channels=(source.file_channel,), sources=()))


def _drop_transitions_of_nothing(track: otio.schema.Track) -> None:
    """Take out transitions that now stand between two gaps."""
    items = list(track)
    for place in reversed(range(len(items))):
        if isinstance(items[place], otio.schema.Transition):
            neighbours = items[max(place - 1, 0) : place] + items[place + 1 : place + 2]
            if all(isinstance(one, otio.schema.Gap) for one in neighbours):
                del track[place]


def rejoined(timeline: otio.schema.Timeline, mono: otio.schema.Timeline) -> otio.schema.Timeline:
    """Give a timeline whose clips play, channel for channel, the media that its mono copy was given since it was split.

    `mono` is what `mono_tracks` made of it; neither is changed.

    >>> mono = mono_tracks(timeline, report)
    >>> [track.name for track in rejoined(timeline, mono).audio_tracks()]
    ['Dialogue Boom', 'Dialogue Rosa']
    """
    result: otio.schema.Timeline = timeline.deepcopy()
    parts = [part.clone() for part in mono.tracks]
    tracks: list[otio.schema.Track] = []
    for track in list(result.tracks):
        width = _width(track, Report()) if track.kind == otio.schema.TrackKind.Audio else 1
        own, parts = parts[:width], parts[width:]
        if width > 1:
            _join(track, own)
        tracks.append(track if width > 1 else own[0])
    result.tracks[:] = tracks
    return result


def _join(composition: Any, parts: Sequence[Any]) -> None:
    """Give every clip of a composition what its channels play in the parts, which are laid out alike but for transitions."""
    laid = [_items(part) for part in parts]
    for place, item in enumerate(_items(composition)):
        if isinstance(item, otio.schema.Clip):
            _join_clip(item, [laid[index][place] for index in range(len(_channels(item)))])
        elif isinstance(item, otio.core.Composition):
            _join(item, [items[place] for items in laid])


def _items(composition: Any) -> list[Any]:
    return [item for item in composition if not isinstance(item, otio.schema.Transition)]


def _join_clip(clip: otio.schema.Clip, halves: Sequence[otio.schema.Clip]) -> None:
    """Give a clip the media of its channels: one where they lie in one file, else one for each."""
    first = halves[0]
    channels = tuple((clip_facts(half).channels or (1,))[0] for half in halves)
    facts = dataclasses.replace(clip_facts(clip), channels=channels, sources=())
    media = {channel_media_key(index): half.media_reference.clone() for index, half in enumerate(halves)}
    places = {(getattr(half.media_reference, "target_url", None), _start(half)) for half in halves}
    if len(halves) == 1 or (len(places) == 1 and None not in {url for url, _ in places}):
        media = {clip.DEFAULT_MEDIA_KEY: first.media_reference.clone()}
    else:
        sources = tuple(
            ChannelSource(
                index + 1, half.media_reference.name or None, getattr(half.media_reference, "target_url", None),
                channel_media_key(index), channels[index], _start(half) - _start(first),
            )
            for index, half in enumerate(halves)
        )  # fmt: skip
        facts = dataclasses.replace(facts, channels=tuple(range(1, len(halves) + 1)), sources=sources)
    clip.set_media_references(media, clip.DEFAULT_MEDIA_KEY)
    clip.source_range = first.source_range
    put_clip_facts(clip, facts)


def _start(clip: otio.schema.Clip) -> Any:
    return from_rational_time(clip.trimmed_range().start_time)
