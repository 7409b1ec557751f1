"""Layers to tracks of OpenTimelineIO: clips with their facts, gaps, cross fades, stacks.

Objects are made with everything they carry; attaching it later costs many times as much. Ranges stay whole edit units of
the slot wherever they are.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import opentimelineio as otio

from postsync.model import (
    ChannelSource,
    ClipFacts,
    ClipMould,
    Fade,
    MediaPlan,
    channel_media_key,
    put_block,
    stated_facts,
)
from postsync.report import Report
from postsync.timing import common_rate
from postsync_adapters.aaf.reading.chains import Chains, Nested, Source
from postsync_adapters.aaf.reading.identifiers import COMBINER, DISSOLVE, GAIN, WARP
from postsync_adapters.aaf.reading.layers import Layer, Piece, Units, describe, operation, start_of, walk
from postsync_adapters.aaf.reading.leftovers import plain_object, plain_value
from postsync_adapters.aaf.reading.levels import Level, gain_db, gain_points, level_of
from postsync_adapters.aaf.reading.media import Library, Template
from postsync_adapters.aaf.reading.speeds import STILL, Motion, motion_of
from postsync_adapters.aaf.reading.tags import Tags, component_attributes, cue_fields, text
from postsync_adapters.aaf.reading.transitions import CrossFade, cross

_ONE = Fraction(1)

_DEEPEST_NEST = 12
_MOST_NESTED = 20_000
"""Clips that nested compositions may add: ten that each play the next ten times would be ten thousand millions."""

_UNDERSTOOD = frozenset({GAIN, COMBINER, WARP})
_USED = frozenset({"_COMMENT", "Comment", "POSTSYNC_ROLE", "POSTSYNC_CUE", "_DISABLE_CLIP_FLAG", "_AAF_SELECTED"})
_INPUTS = frozenset({"InputSegments", "DataDefinition", "Length"})


@dataclass(frozen=True)
class Use:
    """A clip where it plays in the timeline, and what it plays: for the markers that hang on masters and sub-clips."""

    piece: Piece
    rate: Fraction
    source: Source
    track: str

    @property
    def record_in(self) -> Fraction:
        """Where it begins on the timeline, in seconds."""
        return Fraction(self.piece.start) / self.rate

    @property
    def duration(self) -> Fraction:
        """How long it plays, in seconds."""
        return Fraction(self.piece.length) / self.rate

    @property
    def source_in(self) -> Fraction:
        """How far into what its source clip names it begins, in seconds."""
        return _source_in(self.piece, self.rate)


@dataclass(frozen=True)
class _Kind:
    """What clips of one source share. `base` is where the source begins in its media, in edit units, where those are whole."""

    mould: ClipMould
    media: Template
    base: int | None
    marked: bool


@dataclass
class Tracks:
    """Makes the tracks of a timeline, and keeps what was used where."""

    chains: Chains
    report: Report
    media: Library = field(default_factory=Library)
    uses: list[Use] = field(default_factory=list)
    nested: int = 0
    kinds: dict[tuple[Fraction, bool], dict[tuple[int, ...], _Kind]] = field(default_factory=dict)

    def track(self, name: str, kind: str, layer: Layer, where: str) -> otio.schema.Track:
        """Make the track of a slot."""
        children = _Row(self, layer, where, kind == otio.schema.TrackKind.Audio).children()
        return otio.schema.Track(name, children, kind=kind)


@dataclass
class _Row:
    """One row of clips on its way into a track."""

    tracks: Tracks
    layer: Layer
    where: str
    sound: bool
    nest: tuple[Any, ...] = ()
    """The ids of the compositions that it is nested in, a zero for each stack."""
    outer: Fraction | None = None
    """The amplitude that lies over all of it where it is nested."""

    def __post_init__(self) -> None:
        self._kinds = self.tracks.kinds.setdefault((self.layer.rate, self.sound), {})
        self._rate = float(self.layer.rate)

    def children(self) -> list[Any]:
        """Give the items of the row with the gaps between them."""
        fades = cross(self.layer, self.tracks.report)
        waiting = sorted(fades, key=lambda fade: fade.cut)
        made: list[Any] = []
        at: Units = 0
        for piece in sorted(self.layer.pieces, key=lambda one: one.start):
            if piece.start < at:
                self._clear(piece, at)
            elif piece.start > at:
                made.append(self._gap(piece.start - at))
            while waiting and waiting[0].cut <= piece.start:
                made.append(self._transition(waiting.pop(0)))
            made.append(self._item(piece))
            at = piece.end
        made.extend(self._transition(fade) for fade in waiting)
        if self.layer.length > at:
            made.append(self._gap(self.layer.length - at))
        return made

    def _gap(self, length: Units) -> Any:
        if isinstance(length, int):
            return otio.schema.Gap(duration=otio.opentime.RationalTime(length, self._rate))
        return otio.schema.Gap(source_range=self._range(0, length))

    def _clear(self, piece: Piece, at: Units) -> None:
        """Take off a piece what another covers already; only damaged files have that."""
        late = min(at - piece.start, piece.length)
        was = f"beginning at {piece.start}"
        self.tracks.report.note("value-clamped", where=self.where, source=piece.origin, was=was, now=f"{at}")
        piece.start, piece.shift, piece.length = at, piece.shift + late, piece.length - late

    # --------------------------------------------------------------------------------------------------------- items

    def _item(self, piece: Piece) -> Any:
        if not piece.clips:
            return self._stack(piece)
        first = self.tracks.chains.source(piece.clips[0])
        if isinstance(first, Nested):
            return self._composition(piece, first)
        others = map(self.tracks.chains.source, piece.clips[1:])
        return self._clip(piece, [first, *(source for source in others if isinstance(source, Source))])

    def _stack(self, piece: Piece) -> Any:
        """Make a stack of what several inputs of an effect show."""
        stack = otio.schema.Stack(name=_effect_name(piece), source_range=self._range(piece.shift, piece.length))
        for layer in piece.layers:
            stack.append(self._inner(layer, self.where, 0))
        self._put_leftovers(stack, piece, {})
        stack.enabled = not piece.muted
        return stack

    def _inner(self, layer: Layer, where: str, owner: Any, outer: Fraction | None = None) -> Any:
        kind = otio.schema.TrackKind.Audio if self.sound else otio.schema.TrackKind.Video
        row = _Row(self.tracks, layer, where, self.sound, (*self.nest, owner), outer)
        return otio.schema.Track(children=row.children(), kind=kind)

    def _level_over(self, piece: Piece, name: str) -> Fraction | None:
        """Give the constant level over a nest, for the clips in it; a curve or a fade over it has no place."""
        level = level_of(group for group in piece.groups if group.kind == GAIN)
        if level.curves:
            self.tracks.report.note("gain-points-not-carried", where=self.where, source=piece.origin, name=name)
        if piece.fade_in or piece.fade_out:
            self.tracks.report.note("fade-not-carried", where=self.where, source=piece.origin, name=name)
        amplitudes = [one for one in (level.constant, self.outer) if one is not None]
        return Fraction(math.prod(amplitudes)) if amplitudes else None

    def _composition(self, piece: Piece, nested: Nested) -> Any:
        """Make a stack of the part of another composition that a clip plays."""
        name = str(nested.slot.mob.get("Name") or "")
        rate = piece.inner_rate or self.layer.rate
        start = _source_in(piece, self.layer.rate)
        stack = otio.schema.Stack(name=name, source_range=_time_range(start, piece.length / self.layer.rate, rate))
        layer, own = None, nested.slot.mob.get("MobID")
        if own not in self.nest and len(self.nest) < _DEEPEST_NEST and self.tracks.nested < _MOST_NESTED:
            layer = walk(nested.slot.segment, nested.slot.rate, f"{piece.origin}/{name}", self.tracks.report)
            self.tracks.nested += len(layer.pieces) + 1
        if layer is None:
            self.tracks.report.note("element-ignored", where=self.where, source=piece.origin, name=f"nest {name!r}")
        else:
            stack.append(self._inner(layer, name, own, self._level_over(piece, name) if self.sound else None))
        put_block(stack, {"origin": piece.origin})
        self._put_leftovers(stack, piece, {})
        stack.enabled = not piece.muted
        return stack

    # ---------------------------------------------------------------------------------------------------------- clips

    def _clip(self, piece: Piece, sources: list[Source]) -> Any:
        kind = self._kind(sources)
        attributes = component_attributes(piece.clips[0])
        if kind.base is not None and piece.inner_rate is None and not piece.warped:
            motion = STILL
            source_range = self._range(kind.base + start_of(piece.clips[0]) + piece.shift, piece.length)
        else:
            motion = self._motion(piece)
            source_in = sources[0].lead + _source_in(piece, self.layer.rate, motion.speed)
            motion = motion.from_source(source_in)
            source_range = self._source_range(kind.media, motion.lead, piece)
        clip = kind.mould.clip(source_range, self._facts(piece, motion, attributes))
        if attributes or piece.groups:
            self._put_leftovers(clip, piece, attributes)
        if piece.muted and not self.sound:
            clip.enabled = False
        if not self.nest and kind.marked:
            self.tracks.uses.append(Use(piece, self.layer.rate, sources[0], self.where))
        return clip

    def _kind(self, sources: list[Source]) -> _Kind:
        """Give what all clips of some sources share at the rate of this slot."""
        key = tuple(map(id, sources))
        found = self._kinds.get(key)
        if found is None:
            media = self.tracks.media.template(sources[0])
            base = (media.start + sources[0].lead) * self.layer.rate
            name = sources[0].clip_name if len(sources) == 1 else _common_name(sources)
            mould = ClipMould(name, self._references(sources), self._shared(sources))
            whole = base.numerator if base.denominator == 1 else None
            found = self._kinds[key] = _Kind(mould, media, whole, self.tracks.chains.is_marked(sources[0]))
        return found

    def _shared(self, sources: list[Source]) -> ClipFacts:
        columns = sources[0].columns
        cue = cue_fields(columns) if columns else {}
        return ClipFacts(
            channels=self._channels(sources), sources=self._sources(sources), extra={"cue": cue} if cue else {}
        )

    def _references(self, sources: list[Source]) -> dict[str, MediaPlan]:
        """Give the media of a clip: one reference, or one for each channel that has a file of its own."""
        if not _of_several_files(sources):
            return {channel_media_key(0): self.tracks.media.template(sources[0]).plan}
        templates = map(self.tracks.media.template, sources)
        return {channel_media_key(index): media.plan for index, media in enumerate(templates)}

    def _facts(self, piece: Piece, motion: Motion, attributes: Tags) -> dict[str, Any]:
        """Give what is a clip's own, as it is kept. Most clips have no more than a level."""
        gain = self._gain(piece) if self.sound and (piece.groups or self.outer is not None) else {}
        bare = motion is STILL and piece.fade_in is None and piece.fade_out is None and not piece.muted
        if bare and not attributes and "gain_points" not in gain:
            return {"origin": piece.origin, **gain}
        facts = ClipFacts(
            fade_in=self._fade(piece.fade_in),
            fade_out=self._fade(piece.fade_out),
            muted=piece.muted and self.sound,
            note=text(attributes, "_COMMENT") or text(attributes, "Comment"),
            role=text(attributes, "POSTSYNC_ROLE"),
            cue_uid=text(attributes, "POSTSYNC_CUE"),
            speed=motion.speed,
            retime=motion.pairs,
            origin=piece.origin,
            **gain,
        )
        return stated_facts(facts)

    def _gain(self, piece: Piece) -> dict[str, Any]:
        level = level_of([group for group in piece.groups if group.kind == GAIN])
        if self.outer is not None:
            level = Level(self.outer * (1 if level.constant is None else level.constant), level.curves)
        constant = {} if level.constant is None else {"gain_db": gain_db(level)}
        if not level.curves:
            return constant
        return {**constant, "gain_points": gain_points(level, piece.start, self.layer.rate)}

    def _fade(self, fade: tuple[Units, str] | None) -> Fade | None:
        return None if fade is None else Fade(Fraction(fade[0]) / self.layer.rate, fade[1])

    def _motion(self, piece: Piece) -> Motion:
        for group in piece.groups:
            if group.kind == WARP:
                return motion_of(group.effect, piece.length, self.layer.rate, piece.inner_rate or self.layer.rate)
        return STILL

    def _channels(self, sources: list[Source]) -> tuple[int, ...] | None:
        if not self.sound:
            return None
        if _of_several_files(sources):
            return tuple(range(1, len(sources) + 1))
        return tuple(source.channel for source in sources)

    def _sources(self, sources: list[Source]) -> tuple[ChannelSource, ...]:
        """Give each channel's file where they have files of their own."""
        if not _of_several_files(sources):
            return ()
        templates = [self.tracks.media.template(source) for source in sources]
        return tuple(
            ChannelSource(
                source.track, source.name or None, media.url, channel_media_key(index), source.channel,
                media.start + source.lead - templates[0].start - sources[0].lead,
            )
            for index, (source, media) in enumerate(zip(sources, templates, strict=True))
        )  # fmt: skip

    # --------------------------------------------------------------------------------------------------------- ranges

    def _range(self, start: Units, length: Units) -> Any:
        """Give a range in edit units of the slot."""
        if isinstance(start, int) and isinstance(length, int):
            return otio.opentime.TimeRange(
                otio.opentime.RationalTime(start, self._rate), otio.opentime.RationalTime(length, self._rate)
            )
        return _time_range(start / self.layer.rate, length / self.layer.rate, self.layer.rate)

    def _source_range(self, media: Template, source_in: Fraction, piece: Piece) -> Any:
        """Give what a clip plays from a place of its media on, told by their timecode at a rate that holds it."""
        start, rate = media.start + source_in, self.layer.rate
        value = start * rate
        length = piece.length
        if value.denominator == 1 and isinstance(length, int):
            return self._range(value.numerator, length)
        grid = common_rate([start], media.rates)
        begin = otio.opentime.RationalTime((start * grid).numerator, float(grid))
        return otio.opentime.TimeRange(begin, self._range(0, length).duration)

    # ---------------------------------------------------------------------------------------------------- transitions

    def _transition(self, fade: CrossFade) -> Any:
        effect = fade.crossing.effect
        known = effect is None or operation(effect) == DISSOLVE
        name = "cross fade" if self.sound else ("dissolve" if effect is None else describe(effect))
        kind = otio.schema.TransitionTypes.SMPTE_Dissolve if known or self.sound else otio.schema.TransitionTypes.Custom
        metadata: dict[str, Any] = {"postsync": {"schema": 1, "curve": fade.curve, "origin": fade.crossing.origin}}
        if effect is not None and not (known or self.sound):
            metadata["aaf"] = plain_object(effect, _INPUTS)
        before, after = self._range(0, fade.before), self._range(0, fade.after)
        return otio.schema.Transition(name, kind, before.duration, after.duration, metadata)

    # ------------------------------------------------------------------------------------------------------ leftovers

    def _put_leftovers(self, holder: Any, piece: Piece, attributes: Tags) -> None:
        """Keep what lies on and round a clip without being understood."""
        tags = {name: value for name, value in attributes.items() if name not in _USED}
        effects: list[Any] = []
        for group in piece.groups:
            if group.kind not in _UNDERSTOOD:
                effects.append(plain_object(group.effect, _INPUTS))
                self.tracks.report.note(
                    "element-ignored", where=self.where, source=piece.origin, name=describe(group.effect)
                )
            elif "ComponentAttributeList" in group.effect:
                own = component_attributes(group.effect)
                tags = {name: value for name, value in own.items() if not name.startswith("_EFFECT_")} | tags
        kept = {**({"effects": effects} if effects else {}), **({"attributes": plain_value(tags)} if tags else {})}
        if kept:
            holder.metadata["aaf"] = kept


def _source_in(piece: Piece, rate: Fraction, speed: Fraction = _ONE) -> Fraction:
    """Give how far into what its source clip names a piece begins, in seconds."""
    own = piece.inner_rate or rate
    return start_of(piece.clips[0]) / own + piece.shift / rate * speed


def _effect_name(piece: Piece) -> str:
    return describe(piece.groups[-1].effect) if piece.groups else ""


def _of_several_files(sources: list[Source]) -> bool:
    """Whether channels lie in files of their own; Resolve gives each channel of one file a mob."""
    if len(sources) < 2:
        return False
    places = {(source.file.urls[:1] if source.file and source.file.urls else source.file_id) for source in sources}
    return len(places) > 1


def _common_name(sources: list[Source]) -> str:
    """Give the name of a clip of several masters: what they begin with, without the tails `.L`, `.R`, …"""
    names = {source.clip_name for source in sources}
    if len(names) == 1:
        return names.pop()
    stems = {name.rpartition(".")[0] for name in names}
    return stems.pop() if len(stems) == 1 and "" not in stems else sources[0].clip_name


def _time_range(start: Fraction, duration: Fraction, rate: Fraction) -> Any:
    grid = common_rate([start, duration], [rate])
    return otio.opentime.TimeRange(
        otio.opentime.RationalTime((start * grid).numerator, float(grid)),
        otio.opentime.RationalTime((duration * grid).numerator, float(grid)),
    )
