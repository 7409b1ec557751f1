"""Filters and effects as elements: curves of level and pan, time remaps, transitions, generators."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from lxml import etree

from postsync.report import Report
from postsync.timing import Rate
from postsync_adapters.xmeml.document import Element
from postsync_adapters.xmeml.labels import SOUND_EFFECTS
from postsync_adapters.xmeml.plan import Joint, Piece
from postsync_adapters.xmeml.profiles import add, decimal


@dataclass(frozen=True)
class Place:
    """Where an item plays its file: in and out points in frames of `rate`, and in exact seconds of the file."""

    rate: Rate
    first: int
    last: int
    source_in: Fraction
    source_out: Fraction


def add_curve(
    item: Element,
    title: str,
    name: str,
    parameter: str,
    limits: tuple[str, str],
    value: str,
    keys: list[tuple[int, str]],
) -> None:
    """Add a filter of one parameter: a value, or key frames."""
    effect = add(add(item, "filter"), "effect")
    for tag, content in (("name", title), ("effectid", name), ("effectcategory", name), ("effecttype", name)):
        add(effect, tag, content)
    add(effect, "mediatype", "audio")
    block = add(effect, "parameter")
    for tag, content in zip(
        ("name", "parameterid", "valuemin", "valuemax"), (parameter, parameter.lower(), *limits), strict=True
    ):
        add(block, tag, content)
    add(block, "value", value)
    for frame, level in keys:
        key = add(block, "keyframe")
        add(key, "when", frame)
        add(key, "value", level)


def add_speed(item: Element, piece: Piece, place: Place, sound: bool) -> None:
    """Add the time remap: the speed in per cent, and the graph from frames as they play to frames of the file."""
    facts = piece.placed.facts
    variable = len(facts.retime) > 1 and facts.speed >= 0
    effect = add(add(item, "filter"), "effect")
    for tag, content in (
        ("name", "Time Remap"), ("effectid", "timeremap"), ("effectcategory", "motion"), ("effecttype", "motion"),
        ("mediatype", "audio" if sound else "video"),
    ):  # fmt: skip
        add(effect, tag, content)
    for name, value in (
        ("variablespeed", int(variable)), ("speed", decimal(facts.speed * 100)), ("reverse", facts.speed < 0),
        ("frameblending", False),
    ):  # fmt: skip
        block = add(effect, "parameter")
        add(block, "parameterid", name)
        add(block, "name", name)
        add(block, "value", value)
    block = add(effect, "parameter")
    add(block, "parameterid", "graphdict")
    add(block, "name", "graphdict")
    add(block, "value", 0)
    for when, frame in _graph(piece, place, variable):
        key = add(block, "keyframe")
        add(key, "when", decimal(when))
        add(key, "value", decimal(frame))
    add(add(block, "interpolation"), "name", "FCPCurve")


def _graph(piece: Piece, place: Place, variable: bool) -> list[tuple[Fraction, Fraction]]:
    fps = place.rate.fps
    if variable:
        return [(place.first + time * fps, source * fps) for time, source in piece.placed.facts.retime]
    ends = ((place.first, place.source_in), (place.last, place.source_out))
    return [(Fraction(when), source * fps) for when, source in ends]


def add_transition_effect(item: Element, joint: Joint, sound: bool, report: Report) -> None:
    """Add the effect of a transition that no document was read for."""
    effect = add(item, "effect")
    if not sound:
        name = joint.name or "Cross Dissolve"
        rows = (("name", name), ("effectid", name), ("effectcategory", "Dissolve"), ("effecttype", "transition"))
        for tag, content in (*rows, ("mediatype", "video"), ("wipecode", "0"), ("wipeaccuracy", "100")):
            add(effect, tag, content)
        for tag, content in (("startratio", "0"), ("endratio", "1"), ("reverse", "FALSE")):
            add(effect, tag, content)
        return
    curve = joint.curve if joint.curve in SOUND_EFFECTS else "linear"
    if curve != joint.curve:
        report.note("value-clamped", where=joint.name or "fade", was=f"curve {joint.curve}", now=curve)
    name, identity = SOUND_EFFECTS[curve]
    for tag, content in (
        ("name", name), ("effectid", identity), ("effecttype", "transition"), ("mediatype", "audio"),
    ):  # fmt: skip
        add(effect, tag, content)


def generator_effect(media: Any) -> Element:
    """Make the effect of a generator that no document was read for: a text generator for titles, else a slug."""
    said = str(media.parameters.get("text") or "")
    name = "Text" if said else media.generator_kind or "Slug"
    effect = etree.Element("effect")
    for tag, content in (("name", name), ("effectid", name), ("effecttype", "generator"), ("mediatype", "video")):
        add(effect, tag, content)
    if said:
        block = add(effect, "parameter")
        add(block, "parameterid", "str")
        add(block, "name", "Text")
        add(block, "value", "".join(letter for letter in said if letter.isprintable() or letter == "\n"))
    return effect
