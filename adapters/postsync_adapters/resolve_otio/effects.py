"""What plays on a clip, as Resolve's effects: level with its key frames, fades, speed and ramps.

Resolve leaves out every parameter that is at its default, and on import takes one that equals the default it states for
nothing said; so none of these is written. Effects of its own that came with a clip go back as they were.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise
from typing import Any

import opentimelineio as otio

from postsync.model import SILENCE_DB, Fade, PlacedClip, TimelineFacts, plain
from postsync.report import Report
from postsync.timing import as_rate, nearest_frame, seconds_of_frame
from postsync_adapters.resolve_otio.dialect import DIALECT, FADERS, LONGEST_FADE, LOUDEST, QUIETEST, Faders
from postsync_adapters.resolve_otio.plan import Piece
from postsync_adapters.resolve_otio.reading import stated_level, stated_retime

Effect = dict[str, Any]
Points = list[tuple[Fraction, Fraction]]


def effects_of(piece: Piece, kind: str, facts: TimelineFacts, report: Report) -> list[Effect]:
    """Give the effects of a clip, speed first as Resolve writes it."""
    others = kept_effects(piece.placed.clip)
    faders = FADERS[kind]
    mine = next((effect for effect in others if _name(effect) == faders.effect), None)
    fresh = _effect(faders) if mine is None else mine
    about = fresh["metadata"][DIALECT]
    about["Parameters"] = _parameters(piece, kind, about["Parameters"], facts, report)
    about["Enabled"] = bool(about.get("Enabled", True) or about["Parameters"])
    if mine is None and about["Parameters"]:
        others.insert(0, fresh)
    return [*_speed(piece, report), *others]


def kept_effects(item: Any) -> list[Effect]:
    """Give the effects of Resolve's own that came with a clip, those of time aside."""
    kept = [_kept(effect) for effect in item.effects if not isinstance(effect, otio.schema.TimeEffect)]
    return [effect for effect in kept if effect is not None]


def _parameters(piece: Piece, kind: str, kept: list[Effect], facts: TimelineFacts, report: Report) -> list[Effect]:
    """Give level and fades; a level that nobody changed with all its digits, then what else the effect holds."""
    faders, about = FADERS[kind], piece.placed.facts
    fades = list(_fades(piece, faders, facts, report))
    if kind == "video" or stated_level(piece.placed.clip) == (about.gain_db, about.gain_points):
        level = [one for one in kept if one.get("Parameter ID") == "volume"]
    else:
        level = list(_level(piece, facts, report))
    ours = {"volume", faders.fade_in, faders.fade_out}
    return [*level, *fades, *(one for one in kept if one.get("Parameter ID") not in ours)]


def _kept(effect: Any) -> Effect | None:
    """Give an effect of Resolve's own as it was; those of other programs mean nothing to it."""
    if DIALECT not in effect.metadata:
        return None
    made: Effect = json.loads(effect.to_json_string(-1))
    about = made["metadata"][DIALECT]
    about["Parameters"] = about.get("Parameters") or []
    made["metadata"] = {DIALECT: about}
    if made.get("enabled") is True:  # Resolve has a switch of its own, and never writes this one.
        del made["enabled"]
    return made


def _kept_ramp(effect: Any) -> Effect:
    made = _time_effect("TimeEffect.1")
    return {**made, "metadata": {DIALECT: kept_facts(effect)}}


def _name(effect: Effect) -> str:
    return str(effect["metadata"][DIALECT].get("Effect Name"))


def _effect(faders: Faders) -> Effect:
    about = {"Effect Name": faders.effect, "Enabled": True, "Name": faders.shown, "Parameters": []}
    return {
        "OTIO_SCHEMA": "Effect.1",
        "metadata": {DIALECT: {**about, "Type": faders.number}},
        "name": "",
        "effect_name": "Resolve Effect",
    }


def parameter(name: str, value: float, lowest: float, highest: float, keys: dict[str, Any] | None = None) -> Effect:
    """Give a parameter whose default is nothing; a fader has no key frames."""
    made: Effect = {"Default Parameter Value": 0.0}
    if keys is not None:
        made["Key Frames"] = keys
    return {
        **made,
        "Parameter ID": name,
        "Parameter Value": value,
        "Variant Type": "Double",
        "maxValue": highest,
        "minValue": lowest,
    }


# --------------------------------------------------------------------------------------------------------------- level


def _level(piece: Piece, facts: TimelineFacts, report: Report) -> Iterable[Effect]:
    points = piece.placed.facts.gain_points
    if points:
        keys = _on_frames(points, piece, facts, report)
        values = {str(frame): {"Value": level, "Variant Type": "Double"} for frame, level in keys.items()}
        # The value beside key frames means nothing, but Resolve drops a parameter whose value is its default, keys and all.
        beside = next((level for level in keys.values() if level), 0.0)
        yield parameter("volume", beside, QUIETEST, LOUDEST, values)
    elif piece.placed.facts.gain_db:
        yield parameter("volume", _limited(piece.placed.facts.gain_db, piece, report), QUIETEST, LOUDEST, {})


def _on_frames(
    points: Iterable[tuple[Fraction, float]], piece: Piece, facts: TimelineFacts, report: Report
) -> dict[int, float]:
    """Give the points of a curve by frames from the clip's start; where two share a frame the later takes the next."""
    keys: dict[int, float] = {}
    for time, level in sorted(points, key=lambda point: point[0]):
        frame = nearest_frame(time, facts.rate)
        while frame in keys:
            frame += 1
        moved = seconds_of_frame(frame, facts.rate) - time
        if moved:
            how = f"{float(moved):.4f} s"
            report.note("time-rounded", where=f"{piece.where} / level", moved_by=moved, grid="frame", moved=how)
        keys[frame] = _limited(level, piece, report)
    return keys


def _limited(level: float, piece: Piece, report: Report) -> float:
    """Give a level that Resolve has; its lowest is its silence."""
    limited = float(min(max(level, QUIETEST), LOUDEST))
    if limited != level and level > SILENCE_DB:
        report.note("value-clamped", where=piece.where, was=f"{level:g} dB", now=f"{limited:g} dB")
    return limited


def _fades(piece: Piece, faders: Faders, facts: TimelineFacts, report: Report) -> Iterable[Effect]:
    about = piece.placed.facts
    for name, fade in ((faders.fade_in, about.fade_in), (faders.fade_out, about.fade_out)):
        if fade is not None and fade.duration > 0:
            yield parameter(name, _fade_frames(fade, piece, facts, report), 0.0, LONGEST_FADE)


def _fade_frames(fade: Fade, piece: Piece, facts: TimelineFacts, report: Report) -> float:
    if fade.curve != "linear":
        report.note("fade-curve-changed", where=piece.where, was=fade.curve, now="linear")
    return float(fade.duration * facts.rate.fps)


# --------------------------------------------------------------------------------------------------------------- speed


def _speed(piece: Piece, report: Report) -> Iterable[Effect]:
    pairs = _without_stops(piece.placed.facts.retime)
    slopes = [(v1 - v0) / (t1 - t0) for (t0, v0), (t1, v1) in pairwise(pairs)]
    if len(set(slopes)) > 1:
        ramp = _ramp(piece, pairs, slopes, report)
        if ramp is not None:
            yield ramp
        return
    speed = slopes[0] if slopes else piece.placed.facts.speed
    if speed == 0:
        yield {**_time_effect("FreezeFrame.1"), "effect_name": "FreezeFrame", "time_scalar": 0.0}
    elif speed != 1:
        yield {**_time_effect("LinearTimeWarp.1"), "time_scalar": float(speed)}


def _time_effect(schema: str) -> Effect:
    return {"OTIO_SCHEMA": schema, "metadata": {}, "name": "", "effect_name": ""}


def _ramp(piece: Piece, pairs: Points, slopes: list[Fraction], report: Report) -> Effect | None:
    """Give a ramp as Resolve keeps it: key frames from the media's first frame to its last, both in seconds."""
    placed = piece.placed
    for effect in placed.clip.effects:
        if isinstance(effect, otio.schema.TimeEffect) and placed.facts.retime == stated_retime(placed.clip):
            return _kept_ramp(effect)
    if min(slopes) <= 0:
        speeds = ", ".join(f"{float(slope):g}" for slope in slopes)
        report.note("clip-retimed", where=piece.where, name=placed.clip.name, speed=speeds)
        return None
    head = pairs[0][1] / slopes[0]
    keys = [(Fraction(0), Fraction(0)), *((time + head, value) for time, value in pairs[1:-1])]
    last_time, last_value = pairs[-1][0] + head, pairs[-1][1]
    whole = placed.media_duration or last_value
    length = max(whole - _one_frame(placed), last_value)
    keys.append((last_time + (length - last_value) / slopes[-1], length))
    rows = [[float(time), float(value), False, 0.0, 0.0, 0.0, 0.0] for time, value in keys]
    about = {"Key Frames": rows, "Speed Ratio": float(keys[-1][1] / keys[-1][0])}
    return {**_time_effect("TimeEffect.1"), "metadata": {DIALECT: about}}


def _one_frame(placed: PlacedClip) -> Fraction:
    """Give a frame of the media: the last key stands on the beginning of the last one."""
    return 1 / as_rate(Fraction(placed.media.rate)).fps if placed.media.rate else Fraction(0)


def _without_stops(points: Iterable[tuple[Fraction, Fraction]]) -> Points:
    """Give the points of a map without those that take no time."""
    found: Points = []
    for time, value in points:
        if not found or time > found[-1][0]:
            found.append((time, value))
    return found


def kept_facts(holder: Any) -> Effect:
    """Give what Resolve wrote about an object, to go back with it."""
    found = holder.metadata.get(DIALECT) if len(holder.metadata) else None
    made = {} if found is None else plain(found)
    return made if isinstance(made, dict) else {}
