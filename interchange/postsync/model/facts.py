"""What we know of a clip, its media and its track beyond what OpenTimelineIO has fields for.

Frozen records, kept in the `postsync` metadata block of the object that they describe. `None` means that the file did
not say. Times are exact seconds.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from fractions import Fraction
from typing import Any

import opentimelineio as otio

from postsync.model.keys import NAMESPACE, block, held_values, own_block, put_block
from postsync.model.records import from_json, made_at_once, to_json

CURVES = ("linear", "equal-power", "logarithmic", "exponential", "s-curve")
"""The shapes of a fade.

>>> Fade(Fraction(1, 6)).curve in CURVES, CURVES[1]
(True, 'equal-power')
"""

SILENCE_DB = -144.0
"""The level that means silence, in decibels.

>>> clip = otio.schema.Clip("12A-3")
>>> put_clip_facts(clip, ClipFacts(gain_db=SILENCE_DB))
>>> clip_facts(clip).gain_db
-144.0
"""


@dataclass(frozen=True)
class Fade:
    """A fade of the clip itself: exact seconds, and one of `CURVES`.

    >>> clip = otio.schema.Clip("12A-3")
    >>> put_clip_facts(clip, ClipFacts(fade_out=Fade(Fraction(1, 6), "equal-power")))
    >>> clip_facts(clip).fade_out.curve
    'equal-power'
    """

    duration: Fraction
    curve: str = "linear"


@dataclass(frozen=True)
class ChannelSource:
    """One channel of a clip whose channels lie in files of their own, as Media Composer and Pro Tools keep them.

    `channel` is the number that the program gives it, `file_channel` counts in its own file. `media` is the key of its
    reference among the clip's; `offset` is how much later than in the first of them the clip begins there, by timecode.

    >>> sources = (ChannelSource(1, "12A-3.A1.wav"), ChannelSource(2, "12A-3.A2.wav"))
    >>> [source.name for source in ClipFacts(channels=(1, 2), sources=sources).sources]
    ['12A-3.A1.wav', '12A-3.A2.wav']
    """

    channel: int = 1
    name: str | None = None
    url: str | None = None
    media: str = otio.schema.Clip.DEFAULT_MEDIA_KEY
    file_channel: int = 1
    offset: Fraction = Fraction(0)


@dataclass(frozen=True)
class ClipFacts:
    """What a sound editor must know of a clip.

    `channels` are the source channels that sound, from 1, in order; None means all that the media has. `gain_points` count
    from the clip's start and replace `gain_db`. `speed` is source seconds per timeline second; `retime` gives
    (seconds from the clip's start, seconds in the media file) pairs where the speed changes, linear between.
    `role` is the role of Final Cut or the bus of another program; `lane` the lane or track it had there. `sources` are
    there where each channel has a file of its own; `channels` then count them.

    >>> clip = otio.schema.Clip("12A-3")
    >>> put_clip_facts(clip, ClipFacts(channels=(2,), gain_db=-3.0, fade_in=Fade(Fraction(1, 6))))
    >>> clip_facts(clip).channels, clip_facts(clip).muted
    ((2,), False)
    """

    channels: tuple[int, ...] | None = None
    gain_db: float | None = None
    gain_points: tuple[tuple[Fraction, float], ...] = ()
    fade_in: Fade | None = None
    fade_out: Fade | None = None
    muted: bool = False
    note: str | None = None
    role: str | None = None
    lane: int | None = None
    speed: Fraction = Fraction(1)
    retime: tuple[tuple[Fraction, Fraction], ...] = ()
    link_group: str | None = None
    cue_uid: str | None = None
    origin: str | None = None
    sources: tuple[ChannelSource, ...] = ()
    extra: dict[str, Any] = field(default_factory=dict)


_CLIP_DEFAULTS = {one.name: getattr(ClipFacts(), one.name) for one in fields(ClipFacts)}


@made_at_once
@dataclass(frozen=True)
class MediaFacts:
    """What is known of a media file without opening it, as its timeline states it.

    `rate` is its frame rate as text, `sample_rate` in Hz, `tape` the reel or sound roll, `uid` the id that the editing
    program gave it, `kind` is `sound`, `picture`, `still` or None where unknown, `frame_size` the width and height of its
    pictures in pixels such as `1920x1080`.

    >>> media = otio.schema.ExternalReference("12A-3.wav")
    >>> put_media_facts(media, MediaFacts(channels=2, sample_rate=48000, tape="SR004"))
    >>> media_facts(media).tape
    'SR004'
    """

    name: str | None = None
    channels: int | None = None
    sample_rate: int | None = None
    bits: int | None = None
    rate: str | None = None
    drop_frame: bool = False
    tape: str | None = None
    uid: str | None = None
    kind: str | None = None
    has_picture: bool | None = None
    embedded: bool = False
    frame_size: str | None = None
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class TrackFacts:
    """What is known of a track: `channels` of its format, mute, solo, pan (-1.0 left to 1.0 right), gain in dB, role.

    Points count from the beginning of the track.

    >>> track = otio.schema.Track("DX A")
    >>> put_track_facts(track, TrackFacts(channels=1, muted=True, pan=-1.0))
    >>> track_facts(track).muted
    True
    """

    channels: int | None = None
    muted: bool = False
    soloed: bool = False
    pan: float | None = None
    pan_points: tuple[tuple[Fraction, float], ...] = ()
    gain_db: float | None = None
    gain_points: tuple[tuple[Fraction, float], ...] = ()
    role: str | None = None
    origin: str | None = None


def channel_media_key(index: int) -> str:
    """Give the key under which a clip keeps the media of one of its channels, counted from 0: the first is the clip's own.

    >>> channel_media_key(0), channel_media_key(1)
    ('DEFAULT_MEDIA', 'channel 2')
    """
    return otio.schema.Clip.DEFAULT_MEDIA_KEY if index == 0 else f"channel {index + 1}"


def clip_facts(clip: otio.schema.Clip) -> ClipFacts:
    """Give what we know of a clip.

    >>> clip_facts(timeline.audio_tracks()[0][1]).role
    'dialogue.Boom'
    """
    facts = block(clip)
    return from_json(ClipFacts, facts) if facts else ClipFacts(speed=speed_of(clip))


def clip_and_media_facts(clip: otio.schema.Clip, media: otio.core.MediaReference) -> tuple[ClipFacts, MediaFacts]:
    """Give what we know of a clip and of the media that it plays.

    Both are read at once where we wrote the clip, which takes a quarter of the time.
    """
    if not len(clip.metadata) or NAMESPACE not in clip.metadata:
        return clip_facts(clip), media_facts(media)
    values = held_values(clip)
    facts = own_block(values)
    held = values["media_references"].get(values["active_media_reference_key"])
    return (
        from_json(ClipFacts, facts) if facts else ClipFacts(speed=speed_of(clip)),
        media_facts(media) if held is None else from_json(MediaFacts, {"name": media.name or None, **own_block(held)}),
    )


def put_clip_facts(clip: otio.schema.Clip, facts: ClipFacts) -> None:
    """Write what we know of a clip, and its constant speed as the OTIO effect that other programs read.

    >>> clip = otio.schema.Clip("12A-3")
    >>> put_clip_facts(clip, ClipFacts(speed=Fraction(24, 25), note="pulled"))
    >>> clip.effects[0].time_scalar, clip_facts(clip).speed
    (0.96, Fraction(24, 25))
    """
    put_block(clip, to_json(facts))
    clip.effects[:] = [effect for effect in clip.effects if not isinstance(effect, otio.schema.LinearTimeWarp)]
    clip.effects.extend(speed_effects(facts.speed))


def stated_facts(facts: ClipFacts) -> dict[str, Any]:
    """Give as plain values what a clip's facts state beyond the defaults.

    >>> stated_facts(ClipFacts(gain_db=-3.0))
    {'gain_db': -3.0}
    """
    return {
        name: to_json(value)
        for name, default in _CLIP_DEFAULTS.items()
        if (value := getattr(facts, name)) is not default and value != default
    }


def speed_effects(speed: Fraction) -> list[otio.schema.TimeEffect]:
    """Give a constant speed as the effects that other programs read."""
    if speed == 0:
        return [otio.schema.FreezeFrame()]
    return [] if speed == 1 else [otio.schema.LinearTimeWarp(time_scalar=float(speed))]


def speed_of(item: otio.core.Item) -> Fraction:
    """Give the speed at which the effects of a clip or nest make it play; 0 for a freeze, below 0 backwards.

    >>> speed_of(otio.schema.Stack("nest", effects=[otio.schema.LinearTimeWarp(time_scalar=2.0)]))
    Fraction(2, 1)
    """
    speed = Fraction(1)
    for effect in item.effects if len(item.effects) else ():
        if isinstance(effect, otio.schema.LinearTimeWarp):
            speed *= Fraction(effect.time_scalar).limit_denominator(100_000)
    return speed


def media_facts(media: otio.core.MediaReference) -> MediaFacts:
    """Give what we know of a clip's media.

    >>> media_facts(timeline.audio_tracks()[0][1].media_reference).sample_rate
    48000
    """
    facts = block(media)
    return from_json(MediaFacts, {"name": media.name or None, **facts})


def put_media_facts(media: otio.core.MediaReference, facts: MediaFacts) -> None:
    """Write what we know of a media file.

    >>> media = otio.schema.MissingReference()
    >>> put_media_facts(media, MediaFacts(name="12A-3.wav", sample_rate=96000))
    >>> media_facts(media).sample_rate
    96000
    """
    put_block(media, to_json(facts))


def track_facts(track: otio.schema.Track) -> TrackFacts:
    """Give what we know of a track.

    >>> track_facts(timeline.audio_tracks()[0]).muted
    False
    """
    facts = block(track)
    return from_json(TrackFacts, facts) if facts else TrackFacts(muted=not track.enabled)


def put_track_facts(track: otio.schema.Track, facts: TrackFacts) -> None:
    """Write what we know of a track.

    >>> track = otio.schema.Track("DX A", kind="Audio")
    >>> put_track_facts(track, TrackFacts(gain_db=-2.5))
    >>> track_facts(track).gain_db
    -2.5
    """
    put_block(track, to_json(facts))
    track.enabled = not facts.muted
