"""Tracks that one lane cannot hold: clips whose channels lie in files of their own, and clips that overlap.

A clip of this format plays one file, so each file of a clip of Media Composer or Pro Tools becomes a clip in a lane of its own,
all in step. Clips overlap where a nested stack was opened; a storyline and a lane have one at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from postsync.model import PlacedClip, PlacedTrack, PlacedTransition, lay_without_overlaps, media_facts
from postsync.model.walk import placed_clip
from postsync.report import Report


def one_file_a_clip(tracks: Sequence[PlacedTrack], report: Report) -> list[PlacedTrack]:
    """Give the tracks with every clip on one file; a track that needs more is followed by further ones."""
    return [one for track in tracks for one in _parted(track, report)]


def _parted(track: PlacedTrack, report: Report) -> Iterator[PlacedTrack]:
    widths = [len(_files(item)) for item in track.items if isinstance(item, PlacedClip)]
    width = max(widths, default=1)
    if width <= 1:
        yield track
        return
    for item in track.clips:
        if len(_files(item)) > 1:
            report.note("channel-split", where=track.name, name=item.clip.name, channels=len(_files(item)))
    for number in range(width):
        items = [_channel(item, number) if isinstance(item, PlacedClip) else item for item in track.items]
        yield replace(track, items=tuple(item for item in items if item is not None))


def _files(placed: PlacedClip) -> list[str]:
    """Give the keys of the media of a clip's channels, each once."""
    return list(dict.fromkeys(source.media for source in placed.facts.sources))


def _channel(placed: PlacedClip, number: int) -> PlacedClip | None:
    """Give the clip of one of the files; the first is that of a clip that needs no parting."""
    files = _files(placed)
    if not files:
        return placed if number == 0 else None
    if number >= len(files):
        return None
    ours = [source for source in placed.facts.sources if source.media == files[number]]
    media = placed.clip.media_references().get(files[number]) or placed.clip.media_reference
    clip = placed.clip.deepcopy()
    clip.set_media_references({clip.DEFAULT_MEDIA_KEY: media.clone()}, clip.DEFAULT_MEDIA_KEY)
    channels = tuple(source.file_channel for source in ours)
    facts = replace(placed.facts, channels=channels, sources=())
    again = placed_clip(clip, placed.record_in, placed.duration)
    start = placed.source_start + ours[0].offset
    return replace(
        again,
        facts=facts,
        media=media_facts(media),
        source_start=start,
        source_in=start - again.media_start,
        enabled=placed.enabled,
    )


def without_overlaps(tracks: Sequence[PlacedTrack]) -> list[PlacedTrack]:
    """Give the tracks with one clip at a time; what lies over another follows on further tracks."""
    return [one for track in tracks for one in _layers(track)]


def _layers(track: PlacedTrack) -> Iterator[PlacedTrack]:
    clips = track.clips
    layers = lay_without_overlaps([(placed.record_in, placed.record_out) for placed in clips])
    if max(layers, default=0) == 0:
        yield track
        return
    chosen = {id(placed): layer for placed, layer in zip(clips, layers, strict=True)}
    for layer in range(max(layers) + 1):
        items = (item for item in track.items if _is_on(item, layer, chosen))
        yield replace(track, items=tuple(sorted(items, key=lambda item: item.record_in)))


def _is_on(item: PlacedClip | PlacedTransition, layer: int, chosen: dict[int, int]) -> bool:
    return layer == 0 if isinstance(item, PlacedTransition) else chosen[id(item)] == layer
