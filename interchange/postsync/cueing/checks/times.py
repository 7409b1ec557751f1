"""Checks of when: in and out, the reel and the timeline, picture cuts, timecodes that cannot be."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import partial

from postsync.cueing.checks.work import Work
from postsync.errors import FormatError
from postsync.findings import Finding, finding
from postsync.model import Cue, Reel, hour_of, reel_in_numbers
from postsync.timing import is_timecode, parse_timecode, seconds_of_frame
from postsync.wording import counted

LONGEST = 60
"""Seconds; no line is longer."""

FEWEST = 5
"""From so many cues on, times that are all whole seconds are no chance."""

UNNUMBERED_HOURS = (0, 10)
"""Hours at which programmes begin that have no reels (10:00:00:00 is usual in television)."""

CUTS_NAMED = 3


def lengths_wrong(work: Work) -> Iterator[Finding]:
    """Find cues that end before they begin, have no length, or are longer than a minute."""
    for cue in work.cues:
        if cue.record_out is None:
            continue
        length = cue.record_out - cue.record_in
        if length < 0:
            yield work.found("out-before-in", cue)
        elif length == 0:
            yield work.found("length-zero", cue)
        elif (seconds := seconds_of_frame(length, work.facts.rate)) > LONGEST:
            yield work.found("cue-long", cue, seconds=f"{float(seconds):.1f}")


def outside_timeline(work: Work) -> Iterator[Finding]:
    """Find cues that begin before the timeline or end after it."""
    for cue in work.live:
        last = cue.record_in + 1 if cue.record_out is None else cue.record_out
        if cue.record_in < 0 or (work.end is not None and last > work.end):
            end = "no end" if work.end is None else work.facts.label(work.end)
            yield work.found("outside-timeline", cue, first=work.facts.start_timecode, last=end)


def outside_reel(work: Work) -> Iterator[Finding]:
    """Find cues outside the first and last frame of action of the reel that they are in."""
    bounds = _reel_bounds(work)
    for cue in work.live if bounds else ():
        name = cue.reel or work.project.reel_at(work.facts.start_frame + cue.record_in, work.facts.rate)
        first, last = bounds.get(_same_reel(name or ""), (None, None))
        begins, ends = cue.record_in, (cue.record_in if cue.record_out is None else cue.record_out - 1)
        if (first is not None and begins < first) or (last is not None and ends > last):
            parts = [
                (word, work.facts.label(bound)) for word, bound in (("from", first), ("to", last)) if bound is not None
            ]
            yield work.found(
                "outside-reel", cue, reel=name, action=" ".join(f"{word} {label}" for word, label in parts)
            )


def _reel_bounds(work: Work) -> dict[str, tuple[int | None, int | None]]:
    """Give first and last frame of action of each reel, counted from the timeline's first frame.

    Where a reel states none, it runs from its start to the start of the next.
    """
    label = partial(_label, work)
    starts = sorted(start for reel in work.project.reels if (start := label(reel.start)) is not None)
    bounds: dict[str, tuple[int | None, int | None]] = {}
    for reel in work.project.reels:
        start, first, last = label(reel.start), label(reel.ffoa), label(reel.lfoa)
        if last is None and start is not None:
            after = bisect_right(starts, start)
            last = starts[after] - 1 if after < len(starts) else None
        bounds[_same_reel(reel.name)] = (start if first is None else first, last)
    return bounds


def _label(work: Work, text: str | None) -> int | None:
    try:
        return None if text is None else parse_timecode(text, work.facts.rate) - work.facts.start_frame
    except FormatError:
        return None


def _same_reel(name: str) -> str:
    return reel_in_numbers(name).casefold()


def reels_disagreeing(work: Work) -> Iterator[Finding]:
    """Find cues whose reel is not the one that their timecode is in: by the project's table, else by the hour."""
    for cue in work.live:
        if cue.reel:
            found = _reel_by_timecode(work, cue)
            if found is not None and _same_reel(found) != _same_reel(cue.reel):
                yield work.found("reel-disagrees", cue, reel=cue.reel, found=found)


def _reel_by_timecode(work: Work, cue: Cue) -> str | None:
    frame, rate = work.facts.start_frame + cue.record_in, work.facts.rate
    if any(reel.start for reel in work.project.reels):
        return work.project.reel_at(frame, rate)
    number = re.match(r"\d+", reel_in_numbers(cue.reel or ""))
    # A leader of two minutes may stand before the hour of its reel.
    hours = {hour_of(frame, rate), hour_of(frame + 120 * rate.nominal, rate)}
    if number is None or int(number[0]) in hours or not hours.isdisjoint(UNNUMBERED_HOURS):
        return None
    return str(hour_of(frame, rate))


def across_cuts(work: Work) -> Iterator[Finding]:
    """Find cues inside which the picture cuts."""
    for cue in work.live:
        if cue.record_out is None:
            continue
        inside = work.cuts[bisect_right(work.cuts, cue.record_in) : bisect_left(work.cuts, cue.record_out)]
        if inside:
            places = ", ".join(work.facts.label(cut) for cut in inside[:CUTS_NAMED])
            count = "a cut" if len(inside) == 1 else counted(len(inside), "cut")
            places += " …" if len(inside) > CUTS_NAMED else ""
            yield work.found("across-cut", cue, count=count, places=places)


def timecodes_impossible(work: Work) -> Iterator[Finding]:
    """Find timecodes that do not exist: in the reel table, in what a list had beside our fields, and repaired on reading."""
    rate = work.facts.rate
    for reel in work.project.reels:
        for name in ("start", "ffoa", "lfoa"):
            label = getattr(reel, name)
            if label and _is_impossible(work, label):
                what = name if name == "start" else name.upper()
                yield finding("timecode-impossible", _reel_place(reel), what=what, timecode=label, rate=rate.name)
    for cue in work.cues:
        for name, value in cue.extra.items():
            if isinstance(value, str) and is_timecode(value) and _is_impossible(work, value):
                yield work.found("timecode-impossible", cue, what=name, timecode=value, rate=rate.name)
    for loss in work.report or ():
        if loss.code == "timecode-repaired":
            where, was = loss.where or loss.source or "", loss.facts.get("was", "?")
            yield finding("timecode-impossible", where, loss.time, what="timecode", timecode=was, rate=rate.name)


def _is_impossible(work: Work, label: str) -> bool:
    try:
        parse_timecode(label, work.facts.rate)
    except FormatError:
        return True
    return False


def _reel_place(reel: Reel) -> str:
    return f"reel {reel.name}"


def seconds_only(work: Work) -> Iterator[Finding]:
    """Find lists whose times are whole seconds throughout: the frames were lost on the way."""
    cues = work.live
    if len(cues) >= FEWEST and all(_on_whole_seconds(work, cue) for cue in cues):
        yield finding("seconds-only", time=work.time(cues[0]), count=len(cues))


def _on_whole_seconds(work: Work, cue: Cue) -> bool:
    if any(exact is not None and exact.denominator != 1 for exact in (cue.precise_in, cue.precise_out)):
        return False
    frames = [cue.record_in] if cue.record_out is None else [cue.record_in, cue.record_out]
    return all(int(work.facts.label(frame).replace(";", ":").rpartition(":")[2]) == 0 for frame in frames)
