"""What was found against a guide: findings for a person, and every measurement for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from postsync.delivery.checks.guide.amounts import amount, severity_of, speed_facts
from postsync.delivery.checks.guide.guides import STAMP
from postsync.delivery.checks.guide.hearing import NOT_PLAYED
from postsync.delivery.checks.guide.measuring import ABSENT, SAME_PLACE, Alignment, Measurement, Measuring
from postsync.delivery.checks.guide.reel_pops import TWO_POP, ReelPops, pop_findings
from postsync.findings import Finding, finding
from postsync.model import Project, TimelineFacts
from postsync.timing import Rate, fraction_text, round_half_up
from postsync.wording import counted

ALONE_DB, ABOVE_FLOOR_DB, ALONE_SECONDS, PAUSE = -45.0, 12.0, Fraction(1, 2), Fraction(1)
"""How loud, how far above its own quietest tenth, and how long only the guide must sound: reverberation, noise and room tone of
the mixer are none of it. A pause shorter than the last is no end.
"""

_STEP = Fraction(1, 20)


@dataclass(frozen=True)
class GuideResult:
    """What came of one guide. `start` is where it was laid, in seconds from the timeline's first frame, by `how`."""

    path: Path
    start: Fraction
    how: str
    sample_rate: int
    rate: Rate
    alignment: Alignment
    measurements: tuple[Measurement, ...]
    pops: tuple[ReelPops, ...]
    findings: tuple[Finding, ...]

    def to_json(self) -> dict[str, Any]:
        """Give every measurement as plain values; offsets are by how much the timeline lies late against the guide."""
        aligned = self.alignment
        return {
            "file": str(self.path),
            "start": fraction_text(self.start),
            "laid_by": self.how,
            "sample_rate": self.sample_rate,
            "measured": aligned.sure,
            **(_offset(-aligned.offset, self.sample_rate, self.rate) if aligned.sure else _NO_OFFSET),
            "speed": fraction_text(aligned.speed),
            "inverted": aligned.inverted,
            "places": {"measured": aligned.measured, "agreed": aligned.agreed},
            "pops": [_pop(one) for one in self.pops],
            "clips": [_clip(one, self.sample_rate, self.rate) for one in self.measurements],
        }


_NO_OFFSET: dict[str, Any] = {"offset_samples": None, "offset_ms": None, "offset_frames": None}


def _offset(samples: int, sample_rate: int, rate: Rate) -> dict[str, Any]:
    seconds = Fraction(samples, sample_rate)
    return {
        "offset_samples": samples,
        "offset_ms": round(float(seconds * 1000), 3),
        "offset_frames": round(float(seconds * rate.fps), 4),
    }


def _pop(pops: ReelPops) -> dict[str, Any]:
    times = {"guide": pops.guide, "timeline": pops.timeline, "expected": pops.expected}
    known = {name: None if time is None else fraction_text(time) for name, time in times.items()}
    return {"pop": "two-pop" if pops.pop == TWO_POP else "tail pop", **known}


def _clip(one: Measurement, sample_rate: int, rate: Rate) -> dict[str, Any]:
    placed = one.clip.placed
    there = one.compared and one.verdict != ABSENT
    return {
        "where": one.clip.name,
        "record_in": fraction_text(placed.record_in),
        "verdict": "not compared" if not one.compared else "absent" if one.verdict == ABSENT else "found",
        **(_offset(-one.offset, sample_rate, rate) if there else _NO_OFFSET),
        "strength": round(one.strength, 1),
        "inverted": one.inverted,
        "speed": fraction_text(one.speed),
        "drift_samples": -one.drift,
        "why": one.why or None,
    }


def result_of(
    one: Measuring, measurements: list[Measurement], pops: list[ReelPops], clock: TimelineFacts, project: Project
) -> GuideResult:
    """Put together what was found and measured."""
    findings = [
        *_of_whole(one, clock),
        *(found for each in measurements for found in _of_clip(each, one, clock)),
        *_only_in_guide(one, measurements, pops, clock),
        *pop_findings(pops, one, clock, project),
        *_of_comparing(one, measurements),
    ]
    laid = one.laid
    return GuideResult(
        laid.guide.path, laid.start, laid.how, one.rate, clock.rate, one.alignment, tuple(measurements), tuple(pops),
        tuple(findings),
    )  # fmt: skip


def _of_whole(one: Measuring, clock: TimelineFacts) -> Iterator[Finding]:
    aligned, guide = one.alignment, one.laid.guide.path.name
    time = clock.timecode(max(one.laid.start, Fraction(0)))
    if one.laid.guide.alone is not None:
        yield finding("guide-channels-cancel", time=time, guide=guide, channel=one.laid.guide.alone)
    if not aligned.sure:
        if one.assembly.audible:
            yield finding("guide-unlike", time=time, guide=guide, compared=counted(len(one.assembly.audible), "clip"))
        return
    if aligned.speed != 1:
        yield finding("guide-speed", time=time, guide=guide, **speed_facts(aligned.speed))
    elif aligned.offset:
        facts = amount(-aligned.offset, one.rate, clock.rate)
        facts |= {"agreed": aligned.agreed, "measured": aligned.measured, "guide": guide}
        if one.laid.how == STAMP:
            rated = severity_of(-aligned.offset, one.rate, clock.rate)
            yield replace(finding("guide-offset", time=time, **facts), rated=rated)
        else:
            yield finding("guide-starts-elsewhere", time=time, how=one.laid.how, **facts)
    if aligned.inverted:
        yield finding("guide-inverted", time=time, guide=guide)


def _of_clip(each: Measurement, one: Measuring, clock: TimelineFacts) -> Iterator[Finding]:
    """Yield what is wrong with one clip, beyond what is wrong with all of them."""
    if not each.compared:
        return
    guide, clip, aligned = one.laid.guide.path.name, each.clip, one.alignment
    place: tuple[str, str | None] = clip.name, clock.timecode(clip.placed.record_in)
    if each.verdict == ABSENT:
        yield finding("clip-not-in-guide", *place, guide=guide)
        return
    if each.speed != 1:
        yield finding("clip-speed-guide", *place, guide=guide, **speed_facts(each.speed))
    elif each.drift:
        parts = round(abs(each.drift) / one.rate / float(each.over) * 1e6)
        over = f"{float(each.over):.1f}"
        facts = amount(-each.drift, one.rate, clock.rate)
        made = finding("clip-drifts", *place, guide=guide, over=over, parts=parts, **facts)
        yield replace(made, rated=severity_of(-each.drift, one.rate, clock.rate))
    elif abs(each.offset) > (SAME_PLACE if aligned.speed == 1 else one.rate // 100):
        made = finding("clip-off-guide", *place, guide=guide, **amount(-each.offset, one.rate, clock.rate))
        yield replace(made, rated=severity_of(-each.offset, one.rate, clock.rate))
    if each.inverted != aligned.inverted:
        yield finding("clip-inverted", *place, guide=guide)


def _only_in_guide(
    one: Measuring, measurements: list[Measurement], pops: list[ReelPops], clock: TimelineFacts
) -> Iterator[Finding]:
    """Yield stretches in which the guide sounds and the timeline has no clip at all; pops and clips that are off apart."""
    if not one.alignment.sure or one.alignment.speed != 1:
        return
    guide, rate = one.laid.guide, one.rate
    offset = one.laid.start - Fraction(one.alignment.offset, rate)
    played = (clip.placed for clip in one.assembly.clips if clip.why != NOT_PLAYED)
    zero = Fraction(one.alignment.offset, rate)
    beeps = (pop.guide - zero for pop in pops if pop.guide is not None)
    known = [(clip.record_in - _STEP, clip.record_out + _STEP) for clip in played]
    off = ((each.clip.placed, Fraction(each.offset, rate)) for each in measurements if each.offset)
    known += [(clip.record_in + late - _STEP, clip.record_out + late + _STEP) for clip, late in off]
    known += [(beep - _STEP, beep + 4 * _STEP) for beep in beeps]
    least = _least(one)
    for start, end in _gaps(sorted(known), offset, offset + guide.duration):
        yield from _sounding(one, start, end, offset, clock, least)


def _least(one: Measuring) -> float:
    """Give the power from which the guide sounds: above the noise that it has everywhere."""
    guide, step = one.laid.guide, round_half_up(_STEP * one.rate)
    places = np.linspace(0, max(guide.length - step, 0), 400).astype(int)
    powers = [float(np.mean(np.square(guide.samples(int(place), step)))) for place in places]
    return float(max(10 ** (ALONE_DB / 10), np.percentile(powers, 10) * 10 ** (ABOVE_FLOOR_DB / 10)))


def _gaps(
    spans: list[tuple[Fraction, Fraction]], start: Fraction, end: Fraction
) -> Iterator[tuple[Fraction, Fraction]]:
    """Yield what lies between spans, from `start` to `end`."""
    for first, last in spans:
        if first > start:
            yield start, min(first, end)
        start = max(start, last)
        if start >= end:
            return
    yield start, end


def _sounding(
    one: Measuring, start: Fraction, end: Fraction, offset: Fraction, clock: TimelineFacts, least: float
) -> Iterator[Finding]:
    """Yield the stretches of a gap, with what they last, in which the guide sounds."""
    step = round_half_up(_STEP * one.rate)
    first = round_half_up((start - offset) * one.rate)
    count = round_half_up((end - start) * one.rate) // step
    loud: list[Any] = []
    for at in range(0, count, 1200):
        some = min(1200, count - at)
        sound = one.laid.guide.samples(first + at * step, some * step).reshape(some, step)
        loud.append(np.mean(np.square(sound), axis=1) > least)
    for begin, stop in _runs(np.flatnonzero(np.concatenate(loud)) if loud else np.empty(0, np.int64)):
        seconds = (stop - begin) * _STEP
        if seconds >= ALONE_SECONDS:
            time = clock.timecode(max(start + begin * _STEP, Fraction(0)))
            guide = one.laid.guide.path.name
            yield finding("guide-sound-without-clip", time=time, guide=guide, seconds=f"{float(seconds):.1f}")


def _runs(steps: Any) -> Iterator[tuple[int, int]]:
    """Yield (first, end) of steps that follow each other but for pauses."""
    if not len(steps):
        return
    breaks = np.flatnonzero(np.diff(steps) > PAUSE / _STEP)
    for first, last in zip(np.r_[0, breaks + 1], np.r_[breaks, len(steps) - 1], strict=True):
        yield int(steps[first]), int(steps[last]) + 1


def _of_comparing(one: Measuring, measurements: list[Measurement]) -> Iterator[Finding]:
    """Say how much was compared, and why the rest was not."""
    guide = one.laid.guide.path.name
    count = len(measurements)
    compared = [each for each in measurements if each.compared]
    right = sum(each.verdict != ABSENT and abs(each.offset) <= SAME_PLACE and not each.drift for each in compared)
    if one.alignment.sure:
        yield finding(
            "guide-compared", guide=guide, count=counted(count, "clip"), compared=len(compared),
            right=right,
        )  # fmt: skip
    reasons = Counter(each.why for each in measurements if each.why)
    if not one.alignment.sure:
        reasons = Counter(clip.why for clip in one.assembly.clips if clip.why)
    for why, many in reasons.items():
        yield finding("guide-not-compared", guide=guide, count=counted(many, "clip"), why=why)
