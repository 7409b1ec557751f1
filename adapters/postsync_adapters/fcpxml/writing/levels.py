"""Levels of a clip as Final Cut keeps them: one amount, or key frames, and fades at both ends, all in decibels."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from postsync.model import SILENCE_DB, ClipFacts, Fade
from postsync.report import Report
from postsync_adapters.fcpxml.document import Element
from postsync_adapters.fcpxml.reading.levels import FADE_CURVES, OFF_DB
from postsync_adapters.fcpxml.writing.elements import make, with_children
from postsync_adapters.fcpxml.writing.times import Times

_TYPES = {**{curve: name for name, curve in FADE_CURVES.items()}, "equal-power": "easeOut"}
"""Final Cut's +3 dB shape is the nearest to equal power."""


def volume_of(
    facts: ClipFacts, local: Callable[[Fraction], Fraction], pace: Fraction, times: Times, where: str, report: Report
) -> Element | None:
    """Make the level of a clip; None where it plays as it is. `local` gives the local time of a time from its start."""
    _note_quiet(facts, where, report)
    fades = _fades(facts, pace, times, where, report)
    if not facts.gain_points and not facts.gain_db and not fades:
        return None
    if not facts.gain_points:
        amount = decibels(facts.gain_db or 0.0)
        if not fades:
            return make("adjust-volume", amount=amount)
        return with_children(
            make("adjust-volume", amount=amount),
            with_children(make("param", name="amount", value=amount), *fades),
        )
    frames = [
        make("keyframe", time=times.text(local(time)), value=decibels(level), curve="linear")
        for time, level in facts.gain_points
    ]
    param = with_children(make("param", name="amount"), *fades, with_children(make("keyframeAnimation"), *frames))
    return with_children(make("adjust-volume"), param)


def _note_quiet(facts: ClipFacts, where: str, report: Report) -> None:
    """Note levels below Final Cut's lowest, which are written as off."""
    levels = [facts.gain_db or 0.0, *(level for _, level in facts.gain_points)]
    quiet = [level for level in levels if SILENCE_DB < level < OFF_DB]
    if quiet:
        report.note("value-clamped", where=where, was=f"{min(quiet):g} dB", now="off")


def decibels(level: float) -> str:
    """Give a level as text; what Final Cut calls off stands for silence.

    >>> decibels(-144.0)
    '-96dB'
    """
    text = f"{OFF_DB if level <= OFF_DB else level:.6f}".rstrip("0").rstrip(".")
    return f"{'0' if text == '-0' else text}dB"


def _fades(facts: ClipFacts, pace: Fraction, times: Times, where: str, report: Report) -> list[Element]:
    stated = (("fadeIn", facts.fade_in), ("fadeOut", facts.fade_out))
    return [_fade(tag, fade, pace, times, where, report) for tag, fade in stated if fade is not None and fade.duration]


def _fade(tag: str, fade: Fade, pace: Fraction, times: Times, where: str, report: Report) -> Element:
    kind = _TYPES.get(fade.curve, "linear")
    if FADE_CURVES[kind] != fade.curve:
        report.note("fade-curve-changed", where=where, was=fade.curve, now=FADE_CURVES[kind])
    return make(tag, type=kind, duration=times.text(fade.duration / pace))
