"""What sounds: audible components with roles, channels and levels, and their layout on tracks by role.

Final Cut has no audio tracks. Every component keeps its own role; a track is one role and subrole, and a further one where
clips of a role overlap. The order is the one that X2Pro made usual: dialogue, the user's own roles, effects, music.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

import opentimelineio as otio

from postsync.errors import RateError
from postsync.model import (
    SILENCE_DB,
    ClipFacts,
    Fade,
    Laid,
    TrackFacts,
    build_track,
    lay_without_overlaps,
    natural_key,
    put_clip_facts,
    put_media_facts,
)
from postsync.report import Report
from postsync.timing import to_time_range
from postsync_adapters.fcpxml.document import Asset, Element
from postsync_adapters.fcpxml.time import Clock, Window, holdable, meet, nearest_flick, seconds

ROLE_ORDER = {"dialogue": 0, "effects": 2, "music": 3}
"""Places of the built-in roles; every other role stands between dialogue and effects."""

FADE_CURVES = {"linear": "linear", "easeIn": "exponential", "easeOut": "logarithmic", "easeInOut": "s-curve"}

OFF_DB = -96.0
"""Final Cut's lowest level, which means silence."""


# ------------------------------------------------------------------------------------------------------------ roles


def role_parts(role: str | None) -> tuple[str, str]:
    """Give role and subrole; a role alone means its own first subrole, so `dialogue` is `dialogue.dialogue-1`.

    >>> role_parts("dialogue.Boom 1")
    ('dialogue', 'Boom 1')
    """
    text = (role or "dialogue").split("?")[0]
    main, _, sub = text.partition(".")
    return main, sub or f"{main}-1"


def role_text(role: str | None) -> str:
    """Give a role in its shortest spelling: `dialogue`, `dialogue.Boom 1`."""
    main, sub = role_parts(role)
    return main if sub == f"{main}-1" else f"{main}.{sub}"


def role_title(role: str) -> str:
    """Give the name of a role's track: `Dialogue`, `Dialogue Boom 1`."""
    title = role.replace(".", " ", 1)
    return title[:1].upper() + title[1:]


def _role_key(role: str) -> tuple[Any, ...]:
    main, sub = role_parts(role)
    return ROLE_ORDER.get(main.lower(), 1), natural_key(main), sub != f"{main}-1", natural_key(sub)


@dataclass(frozen=True)
class RoleSetting:
    """What a container says of one role inside it. `whole_role` speaks of every subrole."""

    role: tuple[str, str]
    whole_role: bool
    active: bool
    enabled: bool
    level: Level | None


Switch = tuple[RoleSetting, ...]


def role_settings(parent: Element, clock: Clock, span: Window) -> Switch:
    """Read the `audio-role-source` elements of a sync, multicam or compound clip."""
    return tuple(
        RoleSetting(
            role_parts(source.get("role")),
            "." not in (source.get("role") or ""),
            source.get("active") != "0",
            source.get("enabled") != "0",
            level_of(source, clock, span),
        )
        for source in parent.iterchildren("audio-role-source")
    )


def setting_for(role: str | None, switch: Switch) -> RoleSetting | None:
    """Give what a container says of a role: of the subrole itself first, then of its whole role."""
    parts = role_parts(role)
    exact = next((one for one in switch if one.role == parts), None)
    return exact or next((one for one in switch if one.whole_role and one.role[0] == parts[0]), None)


# ----------------------------------------------------------------------------------------------------------- levels


@dataclass(frozen=True)
class Level:
    """One `adjust-volume`: points and span in programme time."""

    gain_db: float
    points: tuple[tuple[Fraction, float], ...]
    fade_in: Fade | None
    fade_out: Fade | None
    span: Window


def level_of(element: Element, clock: Clock, span: Window) -> Level | None:
    """Read the level of an element; None where it has none."""
    adjust = element.find("adjust-volume")
    if adjust is None:
        return None
    amount = next((param for param in adjust.iterchildren("param") if param.get("name") == "amount"), None)
    stated = _decibels(adjust.get("amount"))
    if amount is None:
        return Level(stated or 0.0, (), None, None, span)
    gain = stated if stated is not None else _decibels(amount.get("value")) or 0.0
    points = sorted(
        (clock.programme(time), level)
        for frame in amount.iter("keyframe")
        if (time := seconds(frame.get("time") or "")) is not None
        and (level := _decibels(frame.get("value"))) is not None
    )
    fades = [_fade(amount.find(name), clock) for name in ("fadeIn", "fadeOut")]
    return Level(0.0 if points else gain, tuple(points), fades[0], fades[1], span)


def _decibels(text: str | None) -> float | None:
    try:
        return None if text is None else float(text.strip().removesuffix("dB"))
    except ValueError:
        return None


def _fade(element: Element, clock: Clock) -> Fade | None:
    if element is None:
        return None
    duration = seconds(element.get("duration") or "")
    curve = FADE_CURVES.get(element.get("type") or "easeIn", "linear")
    return Fade(abs(duration * clock.pace), curve) if duration else None


def _level_at(level: Level, time: Fraction) -> float:
    """Give the level at a programme time, linear in decibels between points and held beyond them."""
    if not level.points:
        return level.gain_db
    after = bisect_right([at for at, _ in level.points], time)
    if after == 0:
        return level.points[0][1]
    if after == len(level.points):
        return level.points[-1][1]
    (start, low), (end, high) = level.points[after - 1], level.points[after]
    return low + (high - low) * float((time - start) / (end - start))


def _audible(gain_db: float) -> float:
    return SILENCE_DB if gain_db <= OFF_DB else round(gain_db, 6)


def mixed_levels(levels: Sequence[Level], span: Window) -> dict[str, Any]:
    """Fold the levels from the component up to its outermost container into the facts of one clip."""
    facts: dict[str, Any] = {}
    curves = [level for level in levels if level.points]
    if curves:
        inside = sorted({at for level in curves for at, _ in level.points if span[0] < at < span[1]})
        times = [span[0], *inside, span[1]]
        facts["gain_points"] = tuple(
            (at - span[0], _audible(sum(_level_at(level, at) for level in levels))) for at in times
        )
    elif levels:
        gain = _audible(sum(level.gain_db for level in levels))
        facts["gain_db"] = gain or None
    for name, edge in (("fade_in", 0), ("fade_out", 1)):
        fade = next((getattr(one, name) for one in levels if getattr(one, name) and one.span[edge] == span[edge]), None)
        facts[name] = fade
    return facts


def has_lost_fade(levels: Sequence[Level], facts: dict[str, Any]) -> bool:
    """Say whether a fade of a container does not begin or end with the clip, and so found no place on it."""
    return any(getattr(one, name) and facts.get(name) is None for one in levels for name in ("fade_in", "fade_out"))


# ------------------------------------------------------------------------------------------------------- components


@dataclass(frozen=True)
class Component:
    """One thing that sounds: a file, its channels, and where it plays. `source_start` is in the media's timecode."""

    record_in: Fraction
    duration: Fraction
    source_start: Fraction
    asset: Asset | None
    name: str
    role: str
    channels: tuple[int, ...] | None
    enabled: bool
    lane: int | None
    origin: str
    speed: Fraction = Fraction(1)
    retime: tuple[tuple[Fraction, Fraction], ...] = ()
    note: str | None = None
    levels: dict[str, Any] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)


def source_channels(text: str | None) -> tuple[int, ...] | None:
    """Read `srcCh`: `1, 2`; Resolve repeats a channel for a mono clip (`1, 1`), which is one channel."""
    numbers = [int(part) for part in (text or "").replace(" ", "").split(",") if part.isascii() and part.isdigit()]
    return tuple(dict.fromkeys(number for number in numbers if number > 0)) or None


def by_sources(
    channels: tuple[int, ...] | None, sources: Iterable[Element]
) -> list[tuple[tuple[int, ...] | None, Element | None]]:
    """Split channels among the `audio-channel-source` elements of their clip; without any, they stay one component."""
    shares: list[tuple[tuple[int, ...] | None, Element | None]] = []
    for source in sources:
        asked = source_channels(source.get("srcCh"))
        share = tuple(one for one in asked if one in channels) if asked and channels else asked or channels
        if share or (asked is None and channels is None):
            shares.append((share, source))
    return shares or [(channels, None)]


def media_reference(asset: Asset | None, name: str) -> otio.core.MediaReference:
    """Make the media reference of an asset."""
    if asset is None:
        return otio.schema.MissingReference(name=name)
    if asset.made:
        return asset.made[0].clone()
    exact = None if asset.duration is None else to_time_range(asset.start, asset.duration)
    if asset.src is None:
        media = otio.schema.MissingReference(name=asset.name, available_range=exact)
    else:
        media = otio.schema.ExternalReference(target_url=asset.src, available_range=exact)
        media.name = asset.name
    put_media_facts(media, asset.facts)
    asset.made.append(media.clone())
    return media


def _clip(component: Component) -> otio.schema.Clip:
    clip = otio.schema.Clip(name=component.name, media_reference=media_reference(component.asset, component.name))
    clip.enabled = component.enabled
    facts = ClipFacts(
        channels=component.channels,
        role=component.role,
        lane=component.lane,
        speed=component.speed,
        retime=component.retime,
        note=component.note,
        origin=component.origin,
        extra=component.extra,
    )
    put_clip_facts(clip, replace(facts, **component.levels))
    return clip


def lay_track(
    name: str,
    kind: str,
    laid: Sequence[Laid],
    preferred: Sequence[Fraction | int],
    report: Report,
    facts: TrackFacts | None = None,
) -> otio.schema.Track:
    """Lay a track at exact times; where their fractions are wider than OpenTimelineIO's numbers, on flicks."""
    kept = [replace(one, source_start=holdable(one.source_start)) for one in laid]
    moved = {one.source_start - was.source_start for one, was in zip(kept, laid, strict=True)} - {Fraction(0)}
    try:
        track = build_track(name, kind, kept, preferred, facts=facts)
    except RateError:
        kept = [_on_flicks(one) for one in laid]
        moved |= {one.record_in - was.record_in for one, was in zip(kept, laid, strict=True)}
        track = build_track(name, kind, kept, preferred, facts=facts)
    if moved:
        report.note("time-rounded", where=name, moved_by=max(moved, key=abs), grid="flick", moved="less than 1 ns")
    return track


def _on_flicks(one: Laid) -> Laid:
    begin, end = nearest_flick(one.record_in), nearest_flick(one.record_in + one.duration)
    return Laid(one.item, begin, end - begin, nearest_flick(one.source_start))


def lay_by_role(
    components: Sequence[Component], preferred: Sequence[Fraction | int], report: Report
) -> list[otio.schema.Track]:
    """Lay components on one track for each role and each layer of overlaps."""
    by_role: dict[str, list[Component]] = {}
    for component in components:
        by_role.setdefault(component.role, []).append(component)
    tracks: list[otio.schema.Track] = []
    for role in sorted(by_role, key=_role_key):
        ours = by_role[role]
        layers = lay_without_overlaps([(one.record_in, one.record_in + one.duration) for one in ours])
        for layer in range(max(layers) + 1):
            laid = [
                Laid(_clip(one), one.record_in, one.duration, one.source_start)
                for one, chosen in zip(ours, layers, strict=True)
                if chosen == layer
            ]
            name = role_title(role) + (f" {layer + 1}" if layer else "")
            tracks.append(lay_track(name, "Audio", laid, preferred, report, facts=TrackFacts(role=role)))
    return tracks


def clipped(span: Window, bounds: Window) -> Window | None:
    """Cut a span to its bounds; None where nothing is left."""
    kept = meet(span, bounds)
    return kept if kept[0] < kept[1] else None
