"""The edit kept, its media exchanged: every placed event plays the recorder's file instead of what it played."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import opentimelineio as otio

from postsync.conforming.names import bare_name
from postsync.conforming.rushes.laying import media_columns, media_range, start_in_media
from postsync.conforming.rushes.matches import Conform, Match, Piece
from postsync.conforming.rushes.records import Microphone
from postsync.model import ClipFacts, MediaFacts, PlacedClip, from_json, put_clip_facts, put_media_facts
from postsync.sound import url_from_path
from postsync.timing import common_rate, from_rational_time, rate_of_float, to_time_range

OWN_SOURCES = ("edl", "cmx_3600", "aaf", "xmeml", "fcpxml")
"""Names under which formats remember the source that a clip had."""


def relink(conform: Conform) -> int:
    """Give the clips of placed events the recorder's files; count them. Events of several pieces stay as they are."""
    count = 0
    for match in conform.placed:
        if len(match.pieces) == 1 and match.pieces[0].duration == match.event.duration:
            for number, clip in enumerate(match.event.clips):
                _relink(match, match.pieces[0], clip, number)
                count += 1
    return count


def _relink(match: Match, piece: Piece, placed: PlacedClip, number: int) -> None:
    microphone, channels = _channels(match, piece, placed, number)
    file, clip = microphone.file, placed.clip
    start, duration = media_range(file)
    reference: Any = otio.schema.ExternalReference(target_url=url_from_path(file.path))
    reference.name = file.stem
    reference.available_range = to_time_range(start, duration, common_rate([start, duration], [file.sample_rate]))
    put_media_facts(reference, from_json(MediaFacts, media_columns(file)))
    length = from_rational_time(clip.trimmed_range().duration)
    at = start_in_media(piece, file)
    clip.set_media_references({clip.DEFAULT_MEDIA_KEY: reference}, clip.DEFAULT_MEDIA_KEY)
    begin = to_time_range(
        at, length, common_rate([at], [rate_of_float(clip.trimmed_range().duration.rate), file.sample_rate])
    ).start_time
    clip.source_range = otio.opentime.TimeRange(begin, clip.source_range.duration if clip.source_range else None)
    facts: ClipFacts = replace(placed.facts, channels=channels, sources=(), speed=piece.speed)
    put_clip_facts(clip, facts)
    for name in OWN_SOURCES:
        if name in clip.metadata:
            del clip.metadata[name]


def _channels(match: Match, piece: Piece, placed: PlacedClip, number: int) -> tuple[Microphone, tuple[int, ...]]:
    """Choose what a clip plays: its own channels where it is the same file, else the mix, else the first microphone."""
    microphones = piece.recording.microphones
    chosen = match.chosen
    named = [one for one in microphones if bare_name(one.file.path) in match.event.files]
    own = placed.facts.channels
    if named and len(piece.recording.files) > 1:
        first = named[min(number, len(named) - 1)]
        return (named[0], own) if own and max(own) <= first.file.channels else (first, (first.channel,))
    if chosen is not None and chosen.file and own and max(own) <= piece.recording.first.channels:
        return next(one for one in microphones if one.channel == own[0]), own
    mix = [one for one in microphones if one.is_mix] or list(microphones[:1])
    one = mix[min(number, len(mix) - 1)]
    return one, (one.channel,)
