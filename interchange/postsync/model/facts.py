"""What we know of a timeline, a clip and its media beyond what OpenTimelineIO has fields for.

Three frozen records, kept in the `postsync` metadata block of the object that they describe. `None` means that the file did
not say. Times are exact seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from fractions import Fraction
from typing import Any, NamedTuple

import opentimelineio as otio

from postsync.errors import RateError
from postsync.model.keys import NAMESPACE, SCHEMA, block, from_plain, held_values, own_block, part, put_block
from postsync.model.records import from_json, made_at_once, to_json
from postsync.timing import Rate, as_rate, format_timecode, frame_at, from_rational_time, rate_of_float

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

LARGEST_NUMBER = 2**62
"""What a clock may count to and still be kept: OpenTimelineIO's integers have 64 bits."""

HALF_A_SAMPLE = Fraction(1, 88_200)
"""In seconds, of the slowest sound that programs take."""


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


@dataclass(frozen=True)
class TimelineFacts:
    """The clock of a timeline: exact rate with its drop flag, and the frame count of its first label.

    `start_frame` counts from 00:00:00:00; `sample_rate` in Hz, where the timeline states one. `format` and `producer`
    say what the timeline was read of.

    >>> clock = TimelineFacts(timing.as_rate("23.976"), start_frame=86400)
    >>> clock.start_timecode, clock.label(48), clock.timecode(Fraction(1001, 500))
    ('01:00:00:00', '01:00:02:00', '01:00:02:00')
    """

    rate: Rate
    start_frame: int = 0
    sample_rate: int | None = None
    producer: str | None = None
    format: str | None = None

    def timecode(self, seconds: Fraction) -> str:
        """Give the label of the frame that holds a time counted from the timeline's first frame.

        Sound that lies on samples may begin a fraction of one before its frame does, whose label it is nonetheless.
        """
        return format_timecode(self.start_frame + frame_at(seconds + HALF_A_SAMPLE, self.rate), self.rate)

    def label(self, frame: int) -> str:
        """Give the label of a frame counted from the timeline's first."""
        return format_timecode(self.start_frame + frame, self.rate)

    @property
    def start_timecode(self) -> str:
        """The label of the first frame."""
        return self.label(0)


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
    return from_json(ClipFacts, facts) if facts else ClipFacts(speed=_speed_of(clip))


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
        from_json(ClipFacts, facts) if facts else ClipFacts(speed=_speed_of(clip)),
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


class MediaPlan(NamedTuple):
    """A media reference that is still to be made: its JSON values, and the stretch that there is of it, None where unknown.

    >>> MediaPlan.of("12A-3.wav", None, {}, None).plain["OTIO_SCHEMA"]
    'MissingReference.1'
    """

    plain: Mapping[str, Any]
    available: otio.opentime.TimeRange | None = None

    @classmethod
    def of(
        cls, name: str, url: str | None, metadata: Mapping[str, Any], available: otio.opentime.TimeRange | None
    ) -> MediaPlan:
        """Plan a reference to a file, or to what has no place of its own."""
        form = {"OTIO_SCHEMA": "MissingReference.1"}
        if url is not None:
            form = {"OTIO_SCHEMA": "ExternalReference.1", "target_url": url}
        return cls({**form, **_NO_RANGES, "name": name, "metadata": metadata}, available)


_NO_RANGES: dict[str, Any] = {"available_range": None, "available_image_bounds": None}


_kept: Callable[[Any], Any] = getattr(getattr(otio, "_otio", None), "PyAny", lambda value: value)
"""What OpenTimelineIO keeps a value in. It takes one as it is, where it asks any other four times what it may be."""

_SCALARS = frozenset({str, float, int})


class ClipMould:
    """Makes many clips of one media: what they share is attached to the first and copied, which takes a fraction of the time.

    Facts that are as by default are not written; they read the same.

    >>> media = MediaPlan.of("12A-3.wav", "file:///sound/12A-3.wav", {}, None)
    >>> mould = ClipMould("12A-3", {"DEFAULT_MEDIA": media}, ClipFacts(role="dialogue"))
    >>> clip = mould.clip(timing.to_time_range(Fraction(0), Fraction(5), 24), stated_facts(ClipFacts(note="wind")))
    >>> clip_facts(clip).role, clip_facts(clip).note
    ('dialogue', 'wind')
    """

    def __init__(self, name: str, media: Mapping[str, MediaPlan], shared: ClipFacts) -> None:
        clip: otio.schema.Clip = from_plain(
            {
                "OTIO_SCHEMA": "Clip.2",
                "name": name,
                "metadata": {NAMESPACE: {"schema": SCHEMA, **stated_facts(shared)}},
                "media_references": {key: plan.plain for key, plan in media.items()},
                "active_media_reference_key": otio.schema.Clip.DEFAULT_MEDIA_KEY,
            }
        )
        # Set as objects, so that rates are the very doubles that stand for them.
        for key, reference in clip.media_references().items():
            reference.available_range = media[key].available
        self._first = clip

    def clip(self, source_range: otio.opentime.TimeRange, own: Mapping[str, Any]) -> otio.schema.Clip:
        """Give a clip with facts of its own beside the shared ones, as `stated_facts` gives them."""
        clip: otio.schema.Clip = self._first.clone()
        clip.source_range = source_range
        stated = clip.metadata[NAMESPACE]
        for name, value in own.items():
            stated[name] = _kept(value) if type(value) in _SCALARS else value
        if "speed" in own:
            clip.effects.extend(speed_effects(Fraction(own["speed"])))
        return clip


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


def _speed_of(clip: otio.schema.Clip) -> Fraction:
    speed = Fraction(1)
    for effect in clip.effects if len(clip.effects) else ():
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


_CLOCK = ("rate", "drop_frame", "start_frame", "sample_rate", "producer", "format")


def timeline_facts(timeline: otio.schema.Timeline) -> TimelineFacts:
    """Give the clock of a timeline: our own block, else what OTIO has, else RateError.

    OTIO has no place for the rate of a timeline without a start or clips, nor for the drop flag; ours are in metadata.

    >>> clock = timeline_facts(timeline)
    >>> clock.rate.text, clock.start_timecode
    ('24000/1001', '01:00:00:00')
    """
    # Entry by entry: the block also remembers every list that was written, which takes a hundred times as long to read.
    facts = {name: found for name in _CLOCK if (found := part(timeline, name)) is not None}
    if "rate" in facts:
        rate = as_rate(Fraction(facts["rate"]), drop=bool(facts.get("drop_frame")))
        return TimelineFacts(
            rate,
            int(facts.get("start_frame") or 0),
            facts.get("sample_rate"),
            facts.get("producer"),
            facts.get("format"),
        )
    rate = Rate.of(_rate_by_evidence(timeline))
    start = timeline.global_start_time
    frame = 0 if start is None else frame_at(from_rational_time(start), rate)
    return TimelineFacts(rate, frame, producer=facts.get("producer"), format=facts.get("format"))


def _rate_by_evidence(timeline: otio.schema.Timeline) -> Fraction:
    """Take the rate of the start time, else of the first picture item, else of the first item."""
    if timeline.global_start_time is not None:
        return rate_of_float(timeline.global_start_time.rate)
    for tracks in (timeline.video_tracks(), timeline.audio_tracks()):
        for track in tracks:
            for item in track:
                if getattr(item, "source_range", None) is not None and item.source_range.duration.rate <= 120:
                    return rate_of_float(item.source_range.duration.rate)
    raise RateError("the timeline states no frame rate", remedy="give it with --rate")


def put_timeline_facts(timeline: otio.schema.Timeline, facts: TimelineFacts) -> None:
    """Write the clock of a timeline, in our block and where OTIO has a place for it.

    Raises RateError where the start or the sample rate is beyond OTIO's numbers.

    >>> reel2 = otio.schema.Timeline("R2")
    >>> put_timeline_facts(reel2, TimelineFacts(timing.as_rate("29.97 DF"), 215784))
    >>> timeline_facts(reel2).start_timecode, reel2.global_start_time.value
    ('02:00:00;00', 215784.0)
    """
    timeline.global_start_time = otio.opentime.RationalTime(facts.start_frame, float(facts.rate.fps))
    for number in (facts.start_frame, facts.sample_rate or 0):
        if abs(number) > LARGEST_NUMBER:
            raise RateError("no clock counts so far", found=f"{number:.3g}")
    put_block(
        timeline,
        {
            "rate": facts.rate.text,
            "drop_frame": facts.rate.drop,
            "start_frame": facts.start_frame,
            "sample_rate": facts.sample_rate,
            "producer": facts.producer,
            "format": facts.format,
        },
    )
