"""Clips, transitions and tracks of two timelines, compared value by value.

Clips are known again by their media and place in it, by their place on the timeline, by their name; so a clip that moved is not
one gone and one new. Values that one of the two files has no place for are not compared.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import PurePosixPath
from typing import Any

import opentimelineio as otio

from postsync.delivery.verifying.differences import CHANGED, GONE, MOVED, NEW, Difference
from postsync.delivery.verifying.likeness import TrackKey, whole_items
from postsync.delivery.verifying.pairing import common_offset, paired
from postsync.formats import Feature
from postsync.model import Fade, PlacedClip, PlacedTrack, PlacedTransition, TimelineFacts, block, placed_tracks
from postsync.timing import seconds_of_frame

ENDINGS = {".wav", ".wave", ".bwf", ".aif", ".aiff", ".aifc", ".mxf", ".mov", ".mp4", ".m4a", ".mp3", ".caf", ".flac"}

WITHOUT_CURVES = {"pro_tools_text"}
"""Formats that say how long a fade is and not how it runs."""

WITHOUT_CROSS_FADE_CURVES = {"pro_tools_text", "edl"}
"""Formats that say how long a cross fade is and not how it runs."""

ONE_SAMPLE = Fraction(1, 44_100)

SAME_DB = 0.06
"""Levels nearer than this are one level: applications keep them as floats of their own."""


@dataclass(frozen=True)
class Ruler:
    """By what two timelines are measured: their clocks, the finest step that both files keep, and what both can hold."""

    sent: TimelineFacts
    returned: TimelineFacts
    grain: Fraction
    shared: Feature
    offset: Fraction = Fraction(0)
    tracks: Mapping[TrackKey, TrackKey] = field(default_factory=dict[TrackKey, TrackKey])
    """Which track came back as which, as far as their clips tell."""

    def near(self, one: Fraction, other: Fraction) -> bool:
        """Whether two times are the same as far as both files keep them."""
        return abs(one - other) <= self.grain


@dataclass(frozen=True)
class Edit:
    """A clip or transition with its track and its in, in seconds from 00:00:00:00."""

    item: Any
    track: PlacedTrack
    record_in: Fraction

    @property
    def name(self) -> str:
        """What a person calls it."""
        return str((self.item.clip if isinstance(self.item, PlacedClip) else self.item.transition).name or "")


@dataclass(frozen=True)
class Value:
    """One value that is compared: its name, what a file must hold for it, how it is read, when two are the same.

    `told` is what is shown of it, where that is not what is read.
    """

    name: str
    needs: Feature
    read: Callable[[Edit], Any]
    same: Callable[[Any, Any, Ruler], bool] = lambda one, other, ruler: one == other
    told: Callable[[Any], Any] = lambda value: value


def _near_length(one: Fraction, other: Fraction, ruler: Ruler) -> bool:
    """Compare lengths; where a file cuts times, both ends may be as far off as it cuts them."""
    return abs(one - other) <= ruler.grain * (2 if ruler.grain > ONE_SAMPLE else 1)


def _source(edit: Edit) -> tuple[Fraction, Fraction]:
    return edit.item.source_start, edit.item.source_in


def _same_source(one: tuple[Fraction, Fraction], other: tuple[Fraction, Fraction], ruler: Ruler) -> bool:
    """By the media's own timecode, or by the place in the file where a consolidated file has another stamp."""
    return any(ruler.near(here, there) for here, there in zip(one, other, strict=True))


def _media(edit: Edit) -> str:
    clip = edit.item
    name = clip.media.name or (PurePosixPath(clip.url.replace("\\", "/")).name if clip.url else "") or edit.name
    return str(name)


def _stated_media(edit: Edit) -> tuple[str, ...]:
    """Give the names of the media, that of its file included, where the file states any; a list of clips alone does not."""
    clip = edit.item
    own = PurePosixPath(clip.url.replace("\\", "/")).name if clip.url else ""
    return tuple(dict.fromkeys(name for name in (clip.media.name, own) if name))


def _same_media(one: tuple[str, ...], other: tuple[str, ...], ruler: Ruler) -> bool:
    """By any of its names: programs call media as the clip, as the file, or as the channel of it that they are."""
    if not one or not other:
        return True
    return any(_same_name(here.casefold(), there.casefold()) for here in one for there in other)


def _same_name(here: str, there: str) -> bool:
    """AAF and Pro Tools keep a name without its ending, so one of the two may lack it."""
    return here == there or here in _without_ending(there) or there in _without_ending(here)


def _without_ending(name: str) -> tuple[str, ...]:
    path = PurePosixPath(name)
    return (path.stem,) if path.suffix in ENDINGS else ()


def _same_track(one: PlacedTrack, other: PlacedTrack, ruler: Ruler) -> bool:
    """By name, or by what most of its clips came back on where the track has another name: that is said of the track."""
    named = Feature.TRACK_NAMES in ruler.shared and one.name == other.name
    return bool(named or ruler.tracks.get(key_of(one), key_of(one)) == key_of(other))


def key_of(track: PlacedTrack) -> TrackKey:
    """Give kind and number of a track."""
    return track.kind, track.index


def _same_speed(one: Edit, other: Edit, ruler: Ruler) -> bool:
    """Whether a clip ends in its source where it did; what rounds speeds or ends to frames is half a frame off."""
    speeds = one.item.facts.speed, other.item.facts.speed
    return bool(
        abs(speeds[0] - speeds[1]) * one.item.duration <= max(ruler.grain, ruler.sent.rate.seconds_per_frame / 2)
    )


def _same_ramp(one: Edit, other: Edit, ruler: Ruler) -> bool:
    """Whether two clips are at the same place of their source wherever one of them changes its speed."""
    half_a_frame = ruler.sent.rate.seconds_per_frame / 2
    places = {at for edit in (one, other) for at, _ in edit.item.facts.retime if 0 <= at <= edit.item.duration}
    return all(abs(_into_source(one, at) - _into_source(other, at)) <= max(ruler.grain, half_a_frame) for at in places)


def _into_source(edit: Edit, at: Fraction) -> Fraction:
    """Give how far into its source a clip is so many seconds after its begin."""
    clip: PlacedClip = edit.item
    points = clip.facts.retime
    if len(points) < 2:
        return at * clip.facts.speed
    pairs = list(itertools.pairwise(points))
    (left, low), (right, high) = next((pair for pair in pairs if at <= pair[1][0]), pairs[-1])
    place = high if right == left else low + (high - low) * (at - left) / (right - left)
    return place - clip.source_in


def _same_level(one: Edit, other: Edit, ruler: Ruler) -> bool:
    here, there = (edit.item.facts.gain_db or 0.0 for edit in (one, other))
    return abs(here - there) <= SAME_DB or _runs_alike(one, other)


def _same_points(one: Edit, other: Edit, ruler: Ruler) -> bool:
    here, there = (edit.item.facts.gain_points for edit in (one, other))
    near = len(here) == len(there) and all(
        ruler.near(at, to) and abs(level - value) <= SAME_DB
        for (at, level), (to, value) in zip(here, there, strict=True)
    )
    return near or _runs_alike(one, other)


def _runs_alike(one: Edit, other: Edit) -> bool:
    """Whether two levels are the same wherever either has a point: a flat run may be points, or one level and none."""
    runs = [edit.item.facts.gain_points or ((Fraction(0), edit.item.facts.gain_db or 0.0),) for edit in (one, other)]
    places = {Fraction(0), one.item.duration, *(at for run in runs for at, _ in run)}
    inside = [at for at in places if 0 <= at <= min(one.item.duration, other.item.duration)]
    return all(abs(_level_at(runs[0], at) - _level_at(runs[1], at)) <= SAME_DB for at in inside)


def _level_at(points: Sequence[tuple[Fraction, float]], at: Fraction) -> float:
    for (left, low), (right, high) in itertools.pairwise(points):
        if left <= at <= right:
            return high if right == left else low + (high - low) * float((at - left) / (right - left))
    return points[0][1] if at < points[0][0] else points[-1][1]


def _same_fade(one: Fade | None, other: Fade | None, ruler: Ruler) -> bool:
    if one is None or other is None:
        return one is other
    curves = not {ruler.sent.format, ruler.returned.format} & WITHOUT_CURVES
    return ruler.near(one.duration, other.duration) and (one.curve == other.curve or not curves)


def _same_curve(one: str | None, other: str | None, ruler: Ruler) -> bool:
    """Whether two cross fades run alike, as far as both files say how theirs run."""
    silent = {ruler.sent.format, ruler.returned.format} & WITHOUT_CROSS_FADE_CURVES
    return bool(silent) or one is None or other is None or one == other


def _fade(name: str) -> Callable[[Edit], Any]:
    return lambda edit: getattr(edit.item.facts, name)


def _told_fade(fade: Fade | None) -> list[Any] | None:
    return None if fade is None else [fade.duration, fade.curve]


CLIP_VALUES = (
    Value("duration", Feature.NONE, lambda edit: edit.item.duration, _near_length),
    Value("source_in", Feature.SOURCE_TIMECODE, _source, _same_source),
    Value("media", Feature.MEDIA, _stated_media, _same_media, lambda names: next(iter(names), None)),
    Value("name", Feature.NONE, lambda edit: edit.name),
    Value("track", Feature.NONE, lambda edit: edit.track, _same_track, lambda track: [track.name, track.index]),
    Value("channels", Feature.MULTICHANNEL, lambda edit: list(edit.item.facts.channels or ())),
    Value("gain_db", Feature.GAIN, lambda edit: edit, _same_level, lambda edit: edit.item.facts.gain_db),
    Value(
        "gain_points", Feature.GAIN_POINTS, lambda edit: edit, _same_points, lambda edit: edit.item.facts.gain_points
    ),
    Value("fade_in", Feature.FADES, _fade("fade_in"), _same_fade, _told_fade),
    Value("fade_out", Feature.FADES, _fade("fade_out"), _same_fade, _told_fade),
    Value("enabled", Feature.DISABLED, lambda edit: edit.item.enabled and not edit.item.facts.muted),
    Value("speed", Feature.SPEED, lambda edit: edit, _same_speed, lambda edit: edit.item.facts.speed),
    Value("retime", Feature.SPEED, lambda edit: edit, _same_ramp, lambda edit: edit.item.facts.retime),
    Value("note", Feature.CLIP_NOTES, lambda edit: edit.item.facts.note),
)
TRANSITION_VALUES = (
    Value("duration", Feature.TRANSITIONS, lambda edit: edit.item.duration, _near_length),
    Value("curve", Feature.TRANSITIONS, lambda edit: block(edit.item.transition).get("curve"), _same_curve),
)


def edits_of(
    timeline: otio.schema.Timeline, facts: TimelineFacts, kind: type[Any], *, whole: bool = False
) -> list[Edit]:
    """Give the clips, or the transitions, of a timeline in order of tracks and time; `whole` with what fades cover."""
    zero = seconds_of_frame(facts.start_frame, facts.rate)
    return [
        Edit(item, track, zero + item.record_in)
        for track in placed_tracks(timeline)
        for item in (whole_items(track) if whole else track.items)
        if isinstance(item, kind)
    ]


def is_cue_clip(edit: Edit) -> bool:
    """Whether a clip is nothing but a cue, which is compared as one."""
    return bool(block(edit.item.clip).get("cue_clip"))


def holds_more_than_cues(track: PlacedTrack) -> bool:
    """Whether a track has anything in it that is not compared as a cue."""
    return any(not isinstance(item, PlacedClip) or not block(item.clip).get("cue_clip") for item in track.items)


def pair_clips(sent: list[Edit], returned: list[Edit], ruler: Ruler) -> dict[int, int]:
    """Say which clip that came back is which that was sent."""
    step = max(ruler.grain, Fraction(1, 48_000))
    zero = ruler.offset

    def cell(time: Fraction) -> int:
        return round(time / (2 * step))

    moved = {id(edit): edit.record_in - zero for edit in returned}

    def at(edit: Edit) -> Fraction:
        return moved.get(id(edit), edit.record_in)

    def kind(edit: Edit) -> tuple[str, str]:
        return edit.track.kind, edit.track.name

    signs: tuple[Callable[[Edit], Any], ...] = (
        lambda edit: (kind(edit), edit.name, _media(edit).casefold(), cell(edit.item.source_start), cell(at(edit))),
        lambda edit: (
            edit.track.kind,
            edit.name,
            _media(edit).casefold(),
            cell(edit.item.source_start),
            cell(at(edit)),
        ),
        lambda edit: (kind(edit), _media(edit).casefold(), cell(edit.item.source_start), cell(edit.item.duration)),
        lambda edit: (edit.track.kind, _media(edit).casefold(), cell(edit.item.source_start)),
        lambda edit: (kind(edit), edit.name, cell(at(edit))),
        lambda edit: (kind(edit), cell(at(edit))),
        lambda edit: (kind(edit), edit.name),
        lambda edit: (kind(edit), cell(at(edit) + edit.item.duration)),
        lambda edit: (edit.track.kind, edit.name, cell(edit.item.duration)),
    )
    return paired(sent, returned, signs, at)


def offset_of(sent: list[Edit], returned: list[Edit], ruler: Ruler) -> Fraction:
    """Give by how much the clips of one media place stand later as a whole."""
    step = max(ruler.grain, Fraction(1, 48_000))
    pairs = paired(
        sent,
        returned,
        (
            lambda edit: (
                edit.track.kind,
                _media(edit).casefold(),
                edit.name,
                round(edit.item.source_start / (2 * step)),
            ),
        ),
        lambda edit: edit.record_in,
    )
    return common_offset([returned[there].record_in - sent[here].record_in for here, there in pairs.items()], 2 * step)


def compared_edits(
    what: str, sent: list[Edit], returned: list[Edit], pairs: dict[int, int], values: tuple[Value, ...], ruler: Ruler
) -> Iterator[Difference]:
    """Yield what moved, changed, is gone and is new."""
    for here, edit in enumerate(sent):
        where, time = _where(edit), _label(edit.record_in, ruler.sent)
        if here not in pairs:
            yield Difference(what, GONE, where, time)
            continue
        back = returned[pairs[here]]
        if not ruler.near(edit.record_in, back.record_in - ruler.offset):
            yield Difference(what, MOVED, where, time, "record_in", time, _label(back.record_in, ruler.returned))
        for value in values:
            one, other = value.read(edit), value.read(back)
            if value.needs & ruler.shared == value.needs and not value.same(one, other, ruler):
                yield Difference(what, CHANGED, where, time, value.name, value.told(one), value.told(other))
    there = set(pairs.values())
    for place, edit in enumerate(returned):
        if place not in there:
            yield Difference(what, NEW, _where(edit), _label(edit.record_in, ruler.returned))


def _where(edit: Edit) -> str:
    return f"{edit.track.kind} {edit.track.index} {edit.track.name!r} / {edit.name!r}"


def _label(time: Fraction, facts: TimelineFacts) -> str:
    """Give the timecode of a time, with what it lies past the frame where it lies between two."""
    local = time - seconds_of_frame(facts.start_frame, facts.rate)
    rest = local * facts.rate.fps % 1
    return facts.timecode(local) + (f" + {float(rest):.3f} frame" if rest else "")


TRACK_VALUES: tuple[tuple[str, Feature, Callable[[PlacedTrack], Any]], ...] = (
    ("name", Feature.TRACK_NAMES, lambda track: track.name),
    ("muted", Feature.TRACK_STATE, lambda track: track.facts.muted),
    ("soloed", Feature.TRACK_STATE, lambda track: track.facts.soloed),
    ("pan", Feature.TRACK_STATE, lambda track: _settings(track.facts.pan, track.facts.pan_points)),
    ("gain_db", Feature.TRACK_STATE, lambda track: _settings(track.facts.gain_db, track.facts.gain_points)),
)
SAME_SETTING = 0.02
"""Pans and levels of tracks nearer than this are the same: applications keep them as floats of their own."""


def _settings(constant: float | None, points: Sequence[tuple[Fraction, float]]) -> Any:
    """Give a setting of a track as one number, or as its points where it moves; what is not set is 0."""
    return [list(point) for point in points] or (constant or 0.0)


def _same_setting(one: Any, other: Any, ruler: Ruler) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) <= SAME_SETTING
    if not isinstance(one, list) or not isinstance(other, list):
        return bool(one == other)
    return len(one) == len(other) and all(
        ruler.near(at, to) and abs(value - back) <= SAME_SETTING
        for (at, value), (to, back) in zip(one, other, strict=True)
    )


def compared_tracks(sent: list[PlacedTrack], returned: list[PlacedTrack], ruler: Ruler) -> Iterator[Difference]:
    """Yield tracks that are gone, new or changed; known by their clips, else counted by kind."""
    mine, theirs = ({key_of(track): track for track in tracks} for tracks in (sent, returned))
    found = {key: ruler.tracks.get(key, key) for key in mine}
    taken = set(ruler.tracks.values())
    found = {key: there for key, there in found.items() if key in ruler.tracks or there not in taken}
    for key, track in mine.items():
        where = f"{key[0]} {key[1]} {track.name!r}"
        other = theirs.get(found.get(key, ("", 0)))
        if other is None:
            yield Difference("track", GONE, where)
            continue
        for name, needs, read in TRACK_VALUES:
            if needs & ruler.shared == needs and not _same_setting(read(track), read(other), ruler):
                yield Difference("track", CHANGED, where, None, name, read(track), read(other))
    for key, track in theirs.items():
        if key not in found.values():
            yield Difference("track", NEW, f"{key[0]} {key[1]} {track.name!r}")


__all__ = [
    "CLIP_VALUES",
    "TRANSITION_VALUES",
    "Edit",
    "PlacedTransition",
    "Ruler",
    "compared_edits",
    "compared_tracks",
    "edits_of",
    "holds_more_than_cues",
    "is_cue_clip",
    "key_of",
    "offset_of",
    "pair_clips",
]
