"""What goes on which track: clips on whole frames, one file a clip, one clip at a time, transitions at their cuts.

Resolve lays clips on frames; where they play in their media may lie between. So an edge between frames goes to the nearest
frame, and the sound under it stays where it was.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import PurePosixPath
from typing import Any

import opentimelineio as otio

from postsync.model import (
    PlacedClip,
    PlacedTrack,
    PlacedTransition,
    TimelineFacts,
    lay_without_overlaps,
    media_facts,
    nest_names,
    placed_clip,
    placed_tracks,
    recut,
)
from postsync.report import Report
from postsync.timing import from_rational_time, nearest_frame, seconds_of_frame
from postsync_adapters.resolve_otio.dialect import DIALECT, MOST_CHANNELS, SOUND_SUFFIXES, TITLE, TYPES_OF_CHANNELS


@dataclass(frozen=True)
class Piece:
    """A clip on the frames of the timeline, `end` exclusive; its facts count from where it begins now."""

    placed: PlacedClip
    start: int
    end: int
    where: str
    channels: tuple[int, ...] | None = None


@dataclass(frozen=True)
class Joint:
    """A transition that covers `before` frames of what ends at `cut` and `after` of what begins there."""

    transition: otio.schema.Transition
    cut: int
    before: int
    after: int
    curve: str


@dataclass(frozen=True)
class Nest:
    """A compound clip of Resolve's own, which stays one; `end` exclusive."""

    stack: otio.schema.Stack
    start: int
    end: int


@dataclass
class Row:
    """One track of the file."""

    source: PlacedTrack
    name: str
    pieces: list[Piece]
    joints: list[Joint] = field(default_factory=list)
    nests: list[Nest] = field(default_factory=list)

    @property
    def laid(self) -> list[Piece | Nest]:
        """Everything on it but transitions, in order of time."""
        laid: list[Piece | Nest] = [*self.pieces, *self.nests]
        return sorted(laid, key=lambda one: one.start)

    @property
    def width(self) -> int:
        """How many channels the track must have."""
        widest = max((len(piece.channels or (1,)) for piece in self.pieces), default=1)
        return min(max(self.source.facts.channels or 1, widest), MOST_CHANNELS)

    @property
    def track_type(self) -> str:
        """What Resolve calls a track of that width."""
        return TYPES_OF_CHANNELS.get(self.width) or f"Adaptive{self.width}"

    def ordered(self) -> Iterator[Piece | Nest | Joint]:
        """Yield clips, compounds and transitions in order of time, each transition between what it joins."""
        waiting = sorted(self.joints, key=lambda joint: joint.cut)
        for item in self.laid:
            while waiting and waiting[0].cut <= item.start:
                yield waiting.pop(0)
            yield item
        yield from waiting


def rows_of(timeline: otio.schema.Timeline, facts: TimelineFacts, report: Report, *, gaps: bool = False) -> list[Row]:
    """Give the tracks of a timeline, picture first, bottom to top; with `gaps`, without the clips that have no file."""
    return [row for track in placed_tracks(timeline) for row in _rows(track, facts, report, gaps)]


def _rows(track: PlacedTrack, facts: TimelineFacts, report: Report, gaps: bool) -> Iterator[Row]:
    """Yield the track, and further ones for what lies over it or in files of its own."""
    nests, inside = _kept_nests(track, facts)
    for name in _opened(track):
        report.note("nest-opened", where=track.name, name=name)
    _note_state(track, report)
    outside = [clip for clip in track.clips if id(clip.clip) not in inside]
    clips = [part for clip in outside for part in _one_file_each(clip, track.name, report)]
    if gaps:
        clips = [clip for clip in clips if _has_file(clip, track.name, report)]
    pieces = [piece for clip in clips if (piece := _piece(clip, track, facts, report)) is not None]
    laid: list[Piece | Nest] = [*nests, *pieces]
    layers = lay_without_overlaps([(Fraction(one.start), Fraction(one.end)) for one in laid])
    rows: list[Row] = []
    for layer in range(max(layers, default=0) + 1):
        ours = [one for one, at in zip(laid, layers, strict=True) if at == layer]
        name = track.name if not layer else f"{track.name} {layer + 1}"
        here = sorted((one for one in ours if isinstance(one, Piece)), key=lambda piece: piece.start)
        rows.append(Row(track, name, here, nests=[one for one in ours if isinstance(one, Nest)]))
    for item in track.items:
        if isinstance(item, PlacedTransition) and id(item.transition) not in inside:
            _attach(_joint(item, facts), rows, report)
    yield from rows


def _kept_nests(track: PlacedTrack, facts: TimelineFacts) -> tuple[list[Nest], dict[int, Any]]:
    """Give the compounds that Resolve made, and by its id all that lies in them, which is not laid on its own."""
    nests: list[Nest] = []
    inside: dict[int, Any] = {}
    at = Fraction(0)
    for item in track.track:
        if isinstance(item, otio.schema.Transition):
            continue
        end = at + from_rational_time(item.duration())
        if _is_compound(item):
            nests.append(Nest(item, nearest_frame(at, facts.rate), nearest_frame(end, facts.rate)))
            inside |= {id(one): one for one in item.find_children()}
        at = end
    return nests, inside


def _is_compound(item: Any) -> bool:
    return isinstance(item, otio.schema.Stack) and bool((item.metadata.get(DIALECT) or {}).get("Sequence Type"))


def _opened(track: PlacedTrack) -> list[str]:
    """Give the names of the nests that other programs made, each opened into its clips."""
    if not any(_is_compound(item) for item in track.track):
        return nest_names(track.track)
    nests = [item for item in track.track if isinstance(item, otio.schema.Stack) and not _is_compound(item)]
    return [name for nest in nests for name in (nest.name, *(inner for one in nest for inner in nest_names(one)))]


def _has_file(placed: PlacedClip, where: str, report: Report) -> bool:
    made = isinstance(placed.clip.media_reference, (otio.schema.GeneratorReference, otio.schema.ImageSequenceReference))
    if placed.url or made:
        return True
    report.note("clip-left-out", where=where, name=placed.clip.name)
    return False


def _note_state(track: PlacedTrack, report: Report) -> None:
    state = track.facts
    lost = [name for name in ("pan", "gain_db", "gain_points", "pan_points") if getattr(state, name)]
    if lost:
        words = "pan or level of a track"
        report.note("feature-not-carried", where=track.name, feature=f"1 {words}", format=TITLE, count=1)


# --------------------------------------------------------------------------------------------------------------- clips


def _one_file_each(placed: PlacedClip, where: str, report: Report) -> list[PlacedClip]:
    """Give a clip for every file in which channels of it lie, all in step; most clips have one."""
    sources = placed.facts.sources
    if not sources:
        return [placed]
    files = list(dict.fromkeys(source.media for source in sources))
    if len(files) > 1:
        report.note("channel-split", where=where, name=placed.clip.name, channels=len(files))
    return [_of_file(placed, key) for key in files]


def _of_file(placed: PlacedClip, key: str) -> PlacedClip:
    ours = [source for source in placed.facts.sources if source.media == key]
    media = placed.clip.media_references().get(key) or placed.clip.media_reference
    clip = placed.clip.deepcopy()
    clip.set_media_references({clip.DEFAULT_MEDIA_KEY: media.clone()}, clip.DEFAULT_MEDIA_KEY)
    again = placed_clip(clip, placed.record_in, placed.duration)
    start = placed.source_start + ours[0].offset
    facts = replace(placed.facts, channels=tuple(source.file_channel for source in ours), sources=())
    return replace(
        again,
        facts=facts,
        media=media_facts(media),
        source_start=start,
        source_in=start - again.media_start,
        enabled=placed.enabled,
    )


def _piece(placed: PlacedClip, track: PlacedTrack, facts: TimelineFacts, report: Report) -> Piece | None:
    """Put a clip on frames; None where less than one is left of it."""
    where = f"{track.name} / clip {placed.clip.name!r}"
    recording = track.kind == "audio" and _is_recording(placed)
    start, end = _edges(placed, facts, recording)
    if end <= start:
        report.note("clip-below-frame", where=where, time=facts.timecode(placed.record_in), name=placed.clip.name)
        return None
    begin, stop = seconds_of_frame(start, facts.rate), seconds_of_frame(end, facts.rate)
    late = begin - placed.record_in
    moved = late or stop - placed.record_out
    if moved:
        how = f"{float(moved):.4f} s{', its sound in place' if recording else ''}"
        report.note("time-rounded", where=where, time=facts.label(start), moved_by=moved, grid="frame", moved=how)
    fitted = recut(placed, begin, stop)
    fitted = fitted if recording else _slipped_inside(fitted, placed)
    points = tuple((time - late, level) for time, level in fitted.facts.gain_points)
    fitted = replace(fitted, facts=replace(fitted.facts, gain_points=points))
    channels = None
    if track.kind == "audio":
        channels = fitted.facts.channels or tuple(range(1, (fitted.media.channels or 1) + 1))
    return Piece(fitted, start, end, where, channels)


def _is_recording(placed: PlacedClip) -> bool:
    """Whether a clip plays a file of sound alone; the sound of a movie goes with its picture."""
    suffix = PurePosixPath((placed.url or placed.media.name or "").replace("\\", "/")).suffix.lower()
    return placed.media.kind == "sound" or (placed.media.kind is None and suffix in SOUND_SUFFIXES)


def _slipped_inside(fitted: PlacedClip, placed: PlacedClip) -> PlacedClip:
    """Give a clip that grew by part of a frame no more than its media: a slip shows less than a frame of nothing."""
    if fitted.facts.retime or placed.source_in < 0:
        return fitted
    slip = max(Fraction(0), -fitted.source_in)
    used = fitted.source_in + slip + fitted.duration * abs(fitted.facts.speed)
    if placed.media_duration is not None and used > placed.media_duration:
        slip -= min(used - placed.media_duration, fitted.source_in + slip)
    return replace(fitted, source_in=fitted.source_in + slip, source_start=fitted.source_start + slip)


def _edges(placed: PlacedClip, facts: TimelineFacts, recording: bool) -> tuple[int, int]:
    """Give the frames nearest to the edges of a clip; those of a recording are inside it where it has no more."""
    start, end = nearest_frame(placed.record_in, facts.rate), nearest_frame(placed.record_out, facts.rate)
    if not recording or placed.facts.speed <= 0 or placed.facts.retime:
        return start, end
    early = placed.record_in - seconds_of_frame(start, facts.rate)
    if early > 0 and placed.source_in - early * placed.facts.speed < 0:
        start += 1
    over = seconds_of_frame(end, facts.rate) - placed.record_out
    if over > 0 and placed.media_duration is not None:
        used = placed.source_in + (placed.duration + over) * placed.facts.speed
        end -= used > placed.media_duration
    return start, end


# --------------------------------------------------------------------------------------------------------- transitions


def _joint(item: PlacedTransition, facts: TimelineFacts) -> Joint:
    before, after = nearest_frame(item.before, facts.rate), nearest_frame(item.after, facts.rate)
    if before + after == 0:
        after = 1
    ours: Any = item.transition.metadata.get("postsync") or {}
    return Joint(
        item.transition, nearest_frame(item.cut, facts.rate), before, after, str(ours.get("curve") or "linear")
    )


def _attach(joint: Joint, rows: list[Row], report: Report) -> None:
    """Give a transition to the row whose clips it joins."""
    touching = [sum(joint.cut in (one.start, one.end) for one in row.laid) for row in rows]
    best = max(touching, default=0)
    if not best:
        name = joint.transition.name or joint.transition.transition_type
        report.note("transition-not-carried", where=rows[0].source.name, name=name)
        return
    rows[touching.index(best)].joints.append(joint)
