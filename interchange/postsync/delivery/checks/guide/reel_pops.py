"""The pops of a reel: those of the guide against those of the timeline, and both against the first and last frame of action."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from postsync.delivery.checks.guide.amounts import amount, severity_of
from postsync.delivery.checks.guide.guides import LaidGuide, label_frame
from postsync.delivery.checks.guide.measuring import SAME_PLACE, Alignment, Measuring
from postsync.findings import Finding, finding
from postsync.model import Project, TimelineFacts
from postsync.sound.pops import BEFORE_ACTION, Pop, find_pops, leading_pops, trailing_pops
from postsync.sound.same_recording import Sound
from postsync.timing import round_half_up, seconds_of_frame

ZONE = Fraction(120)
"""Seconds from the beginning, and before the end, in which a pop is looked for."""

MARGIN = Fraction(1)
"""Seconds beyond the guide in which the pop of the timeline may lie when it is off."""

EXACT = Fraction(1, 1000)
"""Seconds within which a pop lies on a frame: it has no edge that is sharper."""

TWO_POP, TAIL_POP = "a two-pop", "a tail pop"


@dataclass(frozen=True)
class ReelPops:
    """Where one pop lies, in seconds of the timeline; None where there is none. `expected` is where it belongs, if stated.

    `guide` is by how the guide was laid, before it was aligned.
    """

    pop: str
    guide: Fraction | None
    timeline: Fraction | None
    expected: Fraction | None = None


def pops_of(one: Measuring, clock: TimelineFacts, project: Project) -> list[ReelPops]:
    """Find the two-pop and the tail pop of what a guide covers."""
    laid = one.laid
    zone = min(ZONE, laid.guide.duration / 2)
    first, last = _action(laid, clock, project)
    end = laid.guide.duration - zone
    return [
        ReelPops(
            TWO_POP,
            _head_pop(_guide_part(laid, Fraction(0), zone), one.rate, laid.start, first),
            _head_pop(_timeline_part(one, laid.start - MARGIN, zone), one.rate, laid.start - MARGIN, first),
            first,
        ),
        ReelPops(
            TAIL_POP,
            _tail_pop(_guide_part(laid, end, zone), one.rate, laid.start + end, last),
            _tail_pop(_timeline_part(one, laid.start + end + MARGIN, zone), one.rate, laid.start + end + MARGIN, last),
            last,
        ),
    ]


def _head_pop(sound: Sound, rate: int, start: Fraction, expected: Fraction | None) -> Fraction | None:
    """Give the time of the two-pop: nearest to where it belongs; where nobody says that, the last before the programme."""
    times = _times(leading_pops(sound, rate) if expected is None else find_pops(sound, rate), rate, start)
    return _nearest(times, expected) if expected is not None else times[-1] if times else None


def _tail_pop(sound: Sound, rate: int, start: Fraction, expected: Fraction | None) -> Fraction | None:
    times = _times(trailing_pops(sound, rate) if expected is None else find_pops(sound, rate), rate, start)
    return _nearest(times, expected) if expected is not None else times[0] if times else None


def _times(pops: list[Pop], rate: int, start: Fraction) -> list[Fraction]:
    return [start + Fraction(pop.start, rate) for pop in pops]


def _nearest(times: list[Fraction], expected: Fraction) -> Fraction | None:
    """Give the pop nearest to where one belongs; one further off than the beginning of the action is something else."""
    near = [time for time in times if abs(time - expected) < BEFORE_ACTION]
    return min(near, key=lambda time: abs(time - expected), default=None)


def _guide_part(laid: LaidGuide, start: Fraction, length: Fraction) -> Sound:
    rate = laid.guide.sample_rate
    return laid.guide.samples(round_half_up(start * rate), round_half_up(length * rate))


def _timeline_part(one: Measuring, start: Fraction, length: Fraction) -> Sound:
    return one.assembly.samples(start, round_half_up(length * one.rate))


def _action(laid: LaidGuide, clock: TimelineFacts, project: Project) -> tuple[Fraction | None, Fraction | None]:
    """Give where the pops of the reel belong that a guide is of: two seconds before FFOA, and behind LFOA."""
    for reel in project.reels:
        first, last = label_frame(reel.ffoa, clock), label_frame(reel.lfoa, clock)
        inside = seconds_of_frame(first, clock.rate) if first is not None else None
        if inside is not None and laid.start - MARGIN <= inside <= laid.end + MARGIN:
            tail = None if last is None else seconds_of_frame(last, clock.rate) + BEFORE_ACTION
            return inside - _two_seconds(clock), tail
    return None, None


def _two_seconds(clock: TimelineFacts) -> Fraction:
    """Give two seconds as the counter shows them: 48 frames at 23.976 too."""
    return seconds_of_frame(2 * clock.rate.nominal, clock.rate)


def aligned_by_pops(pops: list[ReelPops], one: Measuring) -> Alignment:
    """Lay a guide by its pop where nothing else could be measured: by that of the timeline."""
    for pop in pops:
        if pop.guide is not None and pop.timeline is not None:
            return Alignment(round_half_up((pop.guide - pop.timeline) * one.rate), sure=True, by_pops=True)
    return Alignment()


def pop_findings(pops: list[ReelPops], one: Measuring, clock: TimelineFacts, project: Project) -> Iterator[Finding]:
    """Yield what is wrong with the pops, beyond what is said of the whole."""
    guide = one.laid.guide.path.name
    for pop in pops:
        yield from _against_each_other(pop, one, clock, guide)
        for whose, time in ((guide, pop.guide), ("the timeline", pop.timeline)):
            yield from _against_action(pop, whose, time, one.rate, clock)


def _against_each_other(pop: ReelPops, one: Measuring, clock: TimelineFacts, guide: str) -> Iterator[Finding]:
    if pop.timeline is None:
        if pop.guide is not None:
            yield finding("pop-in-guide-only", time=clock.timecode(pop.guide), guide=guide, pop=pop.pop)
        elif pop.pop == TWO_POP:
            yield finding("pop-none", guide=guide, pop=pop.pop)
        return
    time = clock.timecode(pop.timeline)
    if pop.guide is None:
        yield finding("pop-in-timeline-only", time=time, guide=guide, pop=pop.pop)
        return
    off = round_half_up((pop.timeline - pop.guide) * one.rate) + one.alignment.offset
    if abs(off) > max(one.rate * EXACT, Fraction(SAME_PLACE)) and one.alignment.speed == 1:
        facts = amount(off, one.rate, clock.rate)
        made = finding("pop-off", time=time, guide=guide, pop=pop.pop, **facts)
        yield replace(made, rated=severity_of(off, one.rate, clock.rate))


def _against_action(
    pop: ReelPops, whose: str, time: Fraction | None, rate: int, clock: TimelineFacts
) -> Iterator[Finding]:
    """Compare with FFOA and LFOA; behind LFOA houses count from its beginning or its end, and both are right."""
    if time is None or pop.expected is None:
        return
    off = time - pop.expected
    if pop.pop == TAIL_POP and off > clock.rate.seconds_per_frame / 2:
        off -= clock.rate.seconds_per_frame
    if abs(off) <= EXACT:
        return
    belongs = "before the first frame of action" if pop.pop == TWO_POP else "behind the last frame of action"
    samples = round_half_up(off * rate)
    made = finding(
        "pop-off-reel", time=clock.timecode(time), whose=whose, pop=pop.pop, where_it_belongs=belongs,
        **amount(samples, rate, clock.rate),
    )  # fmt: skip
    yield replace(made, rated=severity_of(samples, rate, clock.rate))
