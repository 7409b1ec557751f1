"""From the items of a track to clips: what plays, from where in which file, at which level and speed."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import opentimelineio as otio

from postsync.cueing import note_and_uid
from postsync.model import NAMESPACE, SCHEMA, SILENCE_DB, Laid, to_json
from postsync.model.keys import from_plain
from postsync.timing import fraction_text
from postsync_adapters.xmeml.cuts import TICKS, Mix, Span
from postsync_adapters.xmeml.document import FLICKS, Document, Element, held, kept, line_of, number, raw, text, truth
from postsync_adapters.xmeml.effects import (
    MODELLED,
    TimeMap,
    curve_of,
    decibels,
    effects_of,
    time_map,
    within,
    without_repeats,
)
from postsync_adapters.xmeml.labels import LOGGED
from postsync_adapters.xmeml.labels import curve_of as fade_curve
from postsync_adapters.xmeml.media import Source, Sources

KNOWN = frozenset({
    "name", "enabled", "duration", "rate", "start", "end", "in", "out", "pproTicksIn", "pproTicksOut", "file",
    "sourcetrack", "link", "marker", "filter", "sequence", "subclipinfo",
})  # fmt: skip
"""Children of an item that we have records for; the others ride along as they are."""

_PER_FLICK = TICKS // FLICKS


@dataclass(frozen=True)
class Playing:
    """What a span plays: seconds into the file at its start, speed, and the map where it is not constant."""

    first: Fraction
    speed: Fraction = Fraction(1)
    map: TimeMap | None = None
    fps: Fraction = Fraction(1)
    frame: Fraction = Fraction(0)
    length: Fraction | None = None

    def at(self, into: Fraction) -> Fraction:
        """Give the seconds into the file at some seconds into the span."""
        if self.map is not None and self.map.variable:
            return self.map.source(self.frame + into * self.fps, self.length) / self.fps
        return self.first + into * self.speed


def playing_of(span: Span, source: Source | None, effects: dict[str, Element]) -> Playing:
    """Say where in its file a span begins, and how fast it plays."""
    remap = time_map(effects.get("timeremap"))
    offset = number(span.element.findtext("subclipinfo/startoffset")) or Fraction(0)
    frame = span.first + offset
    ticks = [number(span.element.findtext(name)) for name in ("pproTicksIn", "pproTicksOut")]
    if remap is None:
        return Playing(_nearest(frame / span.fps, ticks[0] if not offset else None))
    length = None if source is None or source.duration is None else source.duration * span.fps
    first = remap.source(frame, length) / span.fps
    if not remap.variable and ticks[0] is not None and ticks[1] is not None:
        # Only the ticks of Premiere are sure where speed is changed.
        first = (min if remap.speed > 0 else max)(_of_ticks(one) for one in ticks if one is not None)
    return Playing(first, remap.speed, remap, span.fps, frame, length)


def _nearest(stated: Fraction, ticks: Fraction | None) -> Fraction:
    """Give the in point: that in frames, or what Premiere's ticks say of it where they lie between frames."""
    if ticks is None or ticks < 0:
        return stated
    exact = Fraction(ticks, TICKS)
    if abs(exact - stated) <= Fraction(1, TICKS) or abs(exact - stated) >= Fraction(1, 20):
        return stated
    return _of_ticks(ticks)


def _of_ticks(ticks: Fraction) -> Fraction:
    return Fraction(round(ticks / _PER_FLICK), FLICKS)


# -------------------------------------------------------------------------------------------------------------- clips


@dataclass(frozen=True)
class Shown:
    """How the nest that a sequence stands in plays it: seconds of it in a second of programme, and its level in dB."""

    pace: Fraction = Fraction(1)
    gain_db: float = 0.0

    def within(self, pace: Fraction, gain_db: float) -> Shown:
        """Give how a nest in it plays."""
        return Shown(self.pace * pace, self.raised(gain_db))

    def raised(self, gain_db: float) -> float:
        """Give a level of the sequence as it sounds; what is silent stays so."""
        silent = SILENCE_DB in (gain_db, self.gain_db)
        return SILENCE_DB if silent else round(gain_db + self.gain_db, 6)


class ClipMaker:
    """Makes the clips of one sequence."""

    def __init__(
        self, document: Document, sources: Sources, fps: Fraction, links: dict[str, str], shown: Shown
    ) -> None:
        self._document = document
        self._sources = sources
        self._fps = fps
        self._links = links
        self._shown = shown

    def clip(self, span: Span, channels: tuple[int, ...] | None, sound: bool, fades: dict[str, Mix]) -> Laid:
        """Make the clip of a span."""
        element = span.element
        source = None if element.tag == "generatoritem" else self._sources.of_item(element, self._fps)
        effects = effects_of(element)
        playing = playing_of(span, source, effects)
        into = (span.cut_in - span.start) / self._fps
        duration = (span.cut_out - span.cut_in) / self._fps
        pace = self._shown.pace
        first = playing.at(into)
        own: dict[str, Any] = {"attributes": dict(element.attrib), "kept": kept(element, KNOWN) + filters_kept(element)}
        facts = self._facts(span, effects, playing, into, duration, own)
        if sound and channels is not None:
            facts["channels"] = list(channels)
        if number(element.findtext("subframeoffset")):
            # Final Cut 7 slips sound by it; no description says in which unit.
            value = text(element, "subframeoffset")
            self._document.report.note("value-unreadable", source=line_of(element), name="subframeoffset", value=value)
        for side, mix in fades.items():
            facts[side] = {
                "duration": fraction_text((mix.end - mix.start) / self._fps / pace),
                "curve": fade_curve(mix.element.find("effect")),
            }
            own[side] = raw(mix.element)
        lowest = min(first, playing.at(into + duration)) if playing.speed < 0 else first
        clip = self._made(element, source, facts, own, playing.speed * pace)
        begins = held(lowest + (Fraction(0) if source is None else source.start))
        return Laid(clip, span.cut_in / self._fps / pace, duration / pace, begins)

    def _made(
        self, element: Element, source: Source | None, facts: dict[str, Any], own: dict[str, Any], speed: Fraction
    ) -> otio.schema.Clip:
        name = text(element, "name") or ("" if source is None else source.name)
        key = otio.schema.Clip.DEFAULT_MEDIA_KEY
        clip: otio.schema.Clip = from_plain(
            {
                "OTIO_SCHEMA": "Clip.2",
                "name": name,
                "enabled": truth(text(element, "enabled"), True),
                "metadata": {NAMESPACE: {"schema": SCHEMA, **facts}, "xmeml": own},
                "media_references": {key: _generator(element, name)} if source is None else {},
                "active_media_reference_key": key if source is None else "",
                "effects": _speed_effects(speed),
            }
        )
        if source is not None:
            clip.set_media_references({key: source.reference.clone()}, key)
        return clip

    def _facts(
        self,
        span: Span,
        effects: dict[str, Element],
        playing: Playing,
        into: Fraction,
        duration: Fraction,
        own: dict[str, Any],
    ) -> dict[str, Any]:
        """Give our block of a clip: what it states beyond the defaults; what only XMEML has goes to its `own`."""
        element = span.element
        facts: dict[str, Any] = {"origin": line_of(element)}
        note, uid = note_and_uid(text(element, "logginginfo/lognote"))
        group = self._links.get(element.get("id") or "")
        facts |= {name: value for name, value in (("note", note), ("cue_uid", uid), ("link_group", group)) if value}
        extra: dict[str, Any] = {
            name: said for path, name in LOGGED.items() if (said := text(element, f"logginginfo/{path}"))
        }
        label = text(element, "labels/label2")
        extra |= {"label": label} if label else {}
        pace = self._shown.pace
        _put_level(facts, own, span, effects, into, duration, self._shown)
        _put_pan(extra, span, effects, into, pace)
        if extra:
            facts["extra"] = extra
        if playing.speed * pace != 1:
            facts["speed"] = fraction_text(playing.speed * pace)
        retime = tuple((time / pace, source) for time, source in _retime(playing, into, duration))
        if retime:
            facts["retime"] = to_json(retime)
        return facts


def filters_kept(element: Element) -> str:
    """Give the filters that no fact stands for: others than ours, and ours where they are off."""
    on = list(effects_of(element).items())
    ours = [effect for name, effect in on if name in MODELLED]
    return "".join(raw(one) for one in element.iterchildren("filter") if not any(e.getparent() is one for e in ours))


def _put_level(
    facts: dict[str, Any],
    own: dict[str, Any],
    span: Span,
    effects: dict[str, Element],
    into: Fraction,
    duration: Fraction,
    shown: Shown,
) -> None:
    """Put the level: one, or the curve of the part that plays; where key frames lie outside it, all of them beside."""
    curve = curve_of(effects.get("audiolevels"), "level")
    if curve is None:
        if shown.gain_db:
            facts["gain_db"] = shown.gain_db
        return
    keys = [
        (((when - span.first) / span.fps - into) / shown.pace, shown.raised(decibels(value)))
        for when, value in without_repeats(curve.points)
    ]
    points = within(tuple(keys), duration / shown.pace)
    if points != tuple(keys):
        own["levels"] = [[fraction_text(time), gain] for time, gain in keys]
    if len({gain for _, gain in points}) > 1:
        facts["gain_points"] = [[fraction_text(time), gain] for time, gain in points]
        return
    gain = points[0][1] if points else shown.raised(0.0 if curve.value is None else decibels(curve.value))
    if gain:
        facts["gain_db"] = gain


def _put_pan(extra: dict[str, Any], span: Span, effects: dict[str, Element], into: Fraction, pace: Fraction) -> None:
    curve = curve_of(effects.get("audiopan"), "pan")
    if curve is None:
        return
    if len(curve.points) > 1:
        points = without_repeats(curve.points)
        at = [(((when - span.first) / span.fps - into) / pace, float(value)) for when, value in points]
        extra["pan_points"] = [[fraction_text(time), value] for time, value in at]
    elif curve.value is not None or curve.points:
        extra["pan"] = float(curve.points[0][1] if curve.points else curve.value or 0)


def _retime(playing: Playing, into: Fraction, duration: Fraction) -> tuple[tuple[Fraction, Fraction], ...]:
    """Give where in the file the shown part runs, where it is not one constant speed forwards."""
    if playing.map is None or (not playing.map.variable and playing.speed > 0):
        return ()
    inner: list[Fraction] = []
    if playing.map.variable:
        times = [(frame - playing.frame) / playing.fps - into for frame, _ in playing.map.graph]
        inner = [time for time in times if 0 < time < duration]
    return tuple((time, held(playing.at(into + time))) for time in (Fraction(0), *inner, duration))


def _speed_effects(speed: Fraction) -> list[dict[str, Any]]:
    if speed == 1:
        return []
    kind = "FreezeFrame.1" if speed == 0 else "LinearTimeWarp.1"
    name = kind.removesuffix(".1")
    return [{"OTIO_SCHEMA": kind, "name": "", "effect_name": name, "time_scalar": float(speed), "metadata": {}}]


def _generator(element: Element, name: str) -> dict[str, Any]:
    """Plan the reference of a generator or title, or of a clip that nothing is known of."""
    effect = element.find("effect")
    none: dict[str, Any] = {"available_range": None, "available_image_bounds": None, "name": name, "metadata": {}}
    if element.tag != "generatoritem" and effect is None:
        return {"OTIO_SCHEMA": "MissingReference.1", **none}
    said = "".join(text(one, "value") for one in element.iter("parameter") if text(one, "parameterid") == "str")
    parameters = {"text": said} if said else {}
    kind = text(effect, "effectid") or text(effect, "name") or "generator"
    return {"OTIO_SCHEMA": "GeneratorReference.1", "generator_kind": kind, "parameters": parameters, **none}
