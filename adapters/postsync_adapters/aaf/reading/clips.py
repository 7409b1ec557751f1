"""Layers to tracks of OpenTimelineIO: clips with their facts, gaps, cross fades, stacks.

Objects are made with everything they carry; attaching it later costs many times as much. Ranges stay whole edit units of
the slot wherever they are.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import opentimelineio as otio

from postsync.model import ChannelSource, ClipFacts, Fade, new_clip, put_block
from postsync.report import Report
from postsync.timing import common_rate
from postsync_adapters.aaf.objects import AafObject
from postsync_adapters.aaf.reading.chains import Chains, Host, Nested, Source
from postsync_adapters.aaf.reading.identifiers import COMBINER, DISSOLVE, GAIN, OPERATIONS, PAN, WARP
from postsync_adapters.aaf.reading.layers import Layer, Piece, Units, describe, units, walk
from postsync_adapters.aaf.reading.leftovers import plain_object, plain_value
from postsync_adapters.aaf.reading.levels import gain_db, gain_points, level_of, pan_of
from postsync_adapters.aaf.reading.media import Library, Template
from postsync_adapters.aaf.reading.speeds import STILL, Motion, motion_of
from postsync_adapters.aaf.reading.tags import Tags, component_attributes, cue_fields, text
from postsync_adapters.aaf.reading.transitions import CrossFade, cross

_DEEPEST_NEST = 12
_MOST_NESTED = 100_000
"""Clips that nested compositions may add, so that ten that play each other ten times end."""

_UNDERSTOOD = frozenset({GAIN, COMBINER, WARP})
_USED = frozenset({"_COMMENT", "POSTSYNC_ROLE", "POSTSYNC_CUE", "_DISABLE_CLIP_FLAG", "_AAF_SELECTED"})
_INPUTS = frozenset({"InputSegments", "DataDefinition", "Length"})


@dataclass(frozen=True)
class Use:
    """A clip where it plays in the timeline, and the mobs behind it: for the markers that hang on those.

    Times in seconds; `source_in` counts from zero of each host's slot plus its `lead`.
    """

    record_in: Fraction
    duration: Fraction
    source_in: Fraction
    hosts: tuple[Host, ...]
    track: str
    name: str


@dataclass
class Tracks:
    """Makes the tracks of a timeline, and keeps what was used where."""

    chains: Chains
    report: Report
    library: Library = field(default_factory=Library)
    uses: list[Use] = field(default_factory=list)
    nested: int = 0

    def fill(self, track: otio.schema.Track, layer: Layer, where: str, *, sound: bool) -> None:
        """Lay the clips of a slot on a track."""
        track.extend(_Row(self, layer, where, sound, 0, Fraction(0)).children())


@dataclass
class _Row:
    """One row of clips on its way into a track."""

    tracks: Tracks
    layer: Layer
    where: str
    sound: bool
    depth: int
    zero: Fraction | None
    """Where the row begins on the timeline, in seconds; None inside a stack, whose clips carry no markers."""

    def children(self) -> list[Any]:
        """Give the items of the row with the gaps between them."""
        fades = cross(self.layer, self.tracks.report)
        waiting = sorted(fades, key=lambda fade: fade.cut)
        made: list[Any] = []
        at: Units = 0
        for piece in sorted(self.layer.pieces, key=lambda one: one.start):
            self._clear(piece, at)
            if piece.start > at:
                made.append(otio.schema.Gap(source_range=self._range(0, piece.start - at)))
            while waiting and waiting[0].cut <= piece.start:
                made.append(self._transition(waiting.pop(0)))
            made.append(self._item(piece))
            at = piece.end
        made.extend(self._transition(fade) for fade in waiting)
        if self.layer.length > at:
            made.append(otio.schema.Gap(source_range=self._range(0, self.layer.length - at)))
        return made

    def _clear(self, piece: Piece, at: Units) -> None:
        """Take off a piece what another covers already; only damaged files have that."""
        if piece.start < at:
            late = min(at - piece.start, piece.length)
            self.tracks.report.note("value-clamped", where=piece.origin, was=f"begins at {piece.start}", now=f"{at}")
            piece.start, piece.shift, piece.length = piece.start + late, piece.shift + late, piece.length - late
            piece.start = max(piece.start, at)

    # --------------------------------------------------------------------------------------------------------- items

    def _item(self, piece: Piece) -> Any:
        if piece.layers:
            return self._stack(piece)
        sources = [self.tracks.chains.source(clip) for clip in piece.clips]
        first = sources[0]
        if isinstance(first, Nested):
            return self._composition(piece, first)
        return self._clip(piece, [source for source in sources if isinstance(source, Source)])

    def _stack(self, piece: Piece) -> Any:
        """Make a stack of what several inputs of an effect show."""
        stack = otio.schema.Stack(name=_effect_name(piece), source_range=self._range(piece.shift, piece.length))
        for layer in piece.layers:
            stack.append(self._inner(layer, self.where))
        self._put_effects(stack, piece)
        stack.enabled = not piece.muted
        return stack

    def _inner(self, layer: Layer, where: str) -> Any:
        kind = otio.schema.TrackKind.Audio if self.sound else otio.schema.TrackKind.Video
        track = otio.schema.Track(kind=kind)
        track.extend(_Row(self.tracks, layer, where, self.sound, self.depth + 1, None).children())
        return track

    def _composition(self, piece: Piece, nested: Nested) -> Any:
        """Make a stack of the part of another composition that a clip plays."""
        name = str(nested.slot.mob.get("Name") or "")
        rate = piece.inner_rate or self.layer.rate
        start = units(piece.clips[0], "StartTime") / rate + piece.shift / self.layer.rate
        stack = otio.schema.Stack(name=name, source_range=_time_range(start, piece.length / self.layer.rate, rate))
        layer = None
        if self.depth < _DEEPEST_NEST and self.tracks.nested < _MOST_NESTED:
            layer = walk(nested.slot.segment, nested.slot.rate, f"{piece.origin}/{name}", self.tracks.report)
            self.tracks.nested += len(layer.pieces) + 1
        if layer is None:
            self.tracks.report.note("element-ignored", where=piece.origin, name=f"nested too deep: {name}")
        else:
            stack.append(self._inner(layer, name))
        put_block(stack, {"origin": piece.origin})
        self._put_effects(stack, piece)
        stack.enabled = not piece.muted
        return stack

    def _put_effects(self, holder: Any, piece: Piece) -> None:
        kept = self._leftovers(piece)
        if kept:
            holder.metadata["aaf"] = kept

    # ---------------------------------------------------------------------------------------------------------- clips

    def _clip(self, piece: Piece, sources: list[Source]) -> Any:
        source, rate = sources[0], self.layer.rate
        motion = self._motion(piece)
        media = self.tracks.library.template(source)
        own = piece.inner_rate or rate
        source_in = source.lead + units(piece.clips[0], "StartTime") / own + piece.shift / rate * motion.speed
        facts = self._facts(piece, sources, source_in, motion)
        source_range = self._source_range(media, source_in + motion.lead, piece)
        kept = self._leftovers(piece)
        name = source.clip_name if len(sources) == 1 else _common_name(sources)
        metadata = {"aaf": kept} if kept else None
        clip = new_clip(name, media.reference.clone(), source_range, facts, metadata)
        if facts.sources:
            self._put_references(clip, sources)
        if piece.muted and not self.sound:
            clip.enabled = False
        if self.zero is not None and source.hosts:
            self._note_use(piece, source, source_in - source.lead, name)
        return clip

    def _note_use(self, piece: Piece, source: Source, source_in: Fraction, name: str) -> None:
        rate = self.layer.rate
        at, duration = (self.zero or Fraction(0)) + piece.start / rate, Fraction(piece.length) / rate
        self.tracks.uses.append(Use(at, duration, source_in, source.hosts, self.where, name))

    def _facts(self, piece: Piece, sources: list[Source], source_in: Fraction, motion: Motion) -> ClipFacts:
        attributes = _attributes(piece)
        gain = {} if not piece.groups or not self.sound else self._gain(piece)
        pairs = tuple((at, source_in + into) for at, into in motion.pairs)
        columns = sources[0].columns
        cue = cue_fields(columns) if columns else {}
        pan = self._pan(piece)
        return ClipFacts(
            channels=self._channels(sources),
            fade_in=self._fade(piece.fade_in),
            fade_out=self._fade(piece.fade_out),
            muted=piece.muted and self.sound,
            note=text(attributes, "_COMMENT") if attributes else None,
            role=text(attributes, "POSTSYNC_ROLE") if attributes else None,
            cue_uid=text(attributes, "POSTSYNC_CUE") if attributes else None,
            speed=motion.speed,
            retime=pairs,
            origin=piece.origin,
            sources=self._sources(sources),
            extra={**({"cue": cue} if cue else {}), **pan},
            **gain,
        )

    def _gain(self, piece: Piece) -> dict[str, Any]:
        level = level_of(group for group in piece.groups if _kind(group.effect) == GAIN)
        points = gain_points(level, piece.start, self.layer.rate)
        return {"gain_db": gain_db(level), "gain_points": points}

    def _pan(self, piece: Piece) -> dict[str, Any]:
        """Give the pan of a clip, which only files that break the Edit Protocol have."""
        group = next((one for one in piece.groups if _kind(one.effect) == PAN), None) if piece.groups else None
        value = None if group is None else pan_of(group, self.layer.rate)[0]
        return {} if value is None else {"pan": value}

    def _fade(self, fade: tuple[Units, str] | None) -> Fade | None:
        return None if fade is None else Fade(Fraction(fade[0]) / self.layer.rate, fade[1])

    def _motion(self, piece: Piece) -> Motion:
        for group in piece.groups:
            if _kind(group.effect) == WARP:
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
        templates = [self.tracks.library.template(source) for source in sources]
        return tuple(
            ChannelSource(
                source.track, source.name or None, media.url, _media_key(index), source.channel,
                media.start + source.lead - templates[0].start - sources[0].lead,
            )
            for index, (source, media) in enumerate(zip(sources, templates, strict=True))
        )  # fmt: skip

    def _put_references(self, clip: Any, sources: list[Source]) -> None:
        references = {
            _media_key(index): self.tracks.library.template(source).reference.clone()
            for index, source in enumerate(sources)
        }
        clip.set_media_references(references, otio.schema.Clip.DEFAULT_MEDIA_KEY)
        whole = clip.media_reference
        put_block(whole, {"channels": len(sources)})

    # --------------------------------------------------------------------------------------------------------- ranges

    def _range(self, start: Units, length: Units) -> Any:
        """Give a range in edit units of the slot."""
        if isinstance(start, int) and isinstance(length, int):
            rate = float(self.layer.rate)
            return otio.opentime.TimeRange(
                otio.opentime.RationalTime(start, rate), otio.opentime.RationalTime(length, rate)
            )
        return _time_range(start / self.layer.rate, length / self.layer.rate, self.layer.rate)

    def _source_range(self, media: Template, source_in: Fraction, piece: Piece) -> Any:
        """Give what a clip plays, its start by the media's timecode at a rate that holds it."""
        start, rate = media.start + source_in, self.layer.rate
        value = start * rate
        length = piece.length
        if value.denominator == 1 and isinstance(length, int):
            return self._range(value.numerator, length)
        grid = common_rate([start], [media.sample_rate] if media.sample_rate else [])
        begin = otio.opentime.RationalTime((start * grid).numerator, float(grid))
        return otio.opentime.TimeRange(begin, self._range(0, length).duration)

    # ---------------------------------------------------------------------------------------------------- transitions

    def _transition(self, fade: CrossFade) -> Any:
        effect = fade.crossing.effect
        known = effect is None or _kind(effect) == DISSOLVE
        name = "cross fade" if self.sound else ("dissolve" if effect is None else describe(effect))
        kind = otio.schema.TransitionTypes.SMPTE_Dissolve if known or self.sound else otio.schema.TransitionTypes.Custom
        metadata: dict[str, Any] = {"postsync": {"schema": 1, "curve": fade.curve, "origin": fade.crossing.origin}}
        if effect is not None and not (known or self.sound):
            metadata["aaf"] = plain_object(effect, _INPUTS)
        before, after = self._range(0, fade.before), self._range(0, fade.after)
        return otio.schema.Transition(name, kind, before.duration, after.duration, metadata)

    # ------------------------------------------------------------------------------------------------------ leftovers

    def _leftovers(self, piece: Piece) -> dict[str, Any]:
        """Give what lies on and round a clip without being understood."""
        kept: dict[str, Any] = {}
        effects: list[Any] = []
        for group in piece.groups:
            kind = _kind(group.effect)
            if kind not in _UNDERSTOOD and not (kind == PAN and self.sound):
                effects.append(plain_object(group.effect, _INPUTS))
                self.tracks.report.note("element-ignored", where=piece.origin, name=describe(group.effect))
            elif "ComponentAttributeList" in group.effect:
                own = {name: value for name, value in component_attributes(group.effect).items() if not name.startswith("_EFFECT_")}
                kept.setdefault("attributes", {}).update(plain_value(own))
        if effects:
            kept["effects"] = effects
        rest = {name: value for name, value in _attributes(piece).items() if name not in _USED}
        if rest:
            kept.setdefault("attributes", {}).update(plain_value(rest))
        if not kept.get("attributes", True):
            del kept["attributes"]
        return kept


def _kind(effect: AafObject) -> str | None:
    auid = effect.ref_auid("Operation")
    return None if auid is None else OPERATIONS.get(auid)


def _attributes(piece: Piece) -> Tags:
    """Give the attributes of the source clip of a piece."""
    clip = piece.clips[0] if piece.clips else None
    if clip is None or ("ComponentAttributeList" not in clip and "Attributes" not in clip):
        return {}
    return component_attributes(clip)


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


def _media_key(index: int) -> str:
    return otio.schema.Clip.DEFAULT_MEDIA_KEY if index == 0 else f"channel {index + 1}"


def _time_range(start: Fraction, duration: Fraction, rate: Fraction) -> Any:
    grid = common_rate([start, duration], [rate])
    return otio.opentime.TimeRange(
        otio.opentime.RationalTime((start * grid).numerator, float(grid)),
        otio.opentime.RationalTime((duration * grid).numerator, float(grid)),
    )


