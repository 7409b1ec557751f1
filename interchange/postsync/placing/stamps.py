"""Where takes lie by their time stamps, and whether the stamps of a session speak of the programme's time at all.

A stamp counts samples since midnight of the time-code day; a stage that runs to picture stamps the place of the picture.
One that ran its recorder free stamps the clock on the wall, and one whose session began at another hour is off by the same
amount for every take. What the names say decides which of these it was.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from postsync.model import TimelineFacts
from postsync.placing.takes import TakeFile
from postsync.timing import fraction_text, seconds_of_frame

ENOUGH_TO_TELL = 5
"""Takes whose names are sure that it needs to judge the stamps of all."""

MOST = Fraction(3, 5)
SLACK = Fraction(2)
"""Seconds by which a take may miss its cue and still be recorded to picture: a pick-up begins late."""


@dataclass(frozen=True)
class StampClock:
    """What is known of the stamps: how many seconds they lie late, and whether they are believed; in words, why.

    >>> from postsync.model import timeline_cues, timeline_facts
    >>> takes = read_takes([Path("ADR takes")], report)
    >>> clock = match_takes(takes, timeline_cues(timeline), timeline_facts(timeline)).clock
    >>> clock.believed, clock.why
    (True, 'time stamps are those of the timeline')
    """

    believed: bool = True
    offset: Fraction = Fraction(0)
    why: str = "time stamps are those of the timeline"

    def to_json(self) -> dict[str, object]:
        """Give the judgement as plain values."""
        return {"believed": self.believed, "offset": fraction_text(self.offset), "why": self.why}


def day_of(facts: TimelineFacts) -> Fraction:
    """Give the seconds of a time-code day: 86,400 of the label, which at NTSC rates are not those of the clock."""
    return seconds_of_frame(facts.rate.frames_per_day, facts.rate)


def stamp_place(
    take: TakeFile, facts: TimelineFacts, clock: StampClock, sample_rate: int | None = None
) -> Fraction | None:
    """Give where a take's first sample lies, in exact seconds from the timeline's first frame; None where it has no stamp.

    Of a stamp and the place a day earlier and later the one nearest to the timeline counts. `sample_rate` takes the stamp as
    counted at another rate than the file's.

    >>> from postsync.model import timeline_facts
    >>> take = read_take(Path("ADR takes/R101_ROSA_T1.wav"))
    >>> stamp_place(take, timeline_facts(timeline), StampClock())
    Fraction(-7007, 6000)
    """
    if take.stamp is None or not clock.believed:
        return None
    place = Fraction(take.stamp, sample_rate or take.sample_rate) - clock.offset
    place -= seconds_of_frame(facts.start_frame, facts.rate)
    day = day_of(facts)
    return (place + day / 2) % day - day / 2


def judged(sure: Sequence[tuple[TakeFile, Fraction, Fraction]], facts: TimelineFacts) -> StampClock:
    """Judge the stamps by takes whose cue is sure without them: (take, cue in, cue out) in seconds of the timeline."""
    plain = StampClock()
    stamped = [one for one in sure if one[0].stamp is not None]
    if len(stamped) < ENOUGH_TO_TELL:
        return plain
    if _share(stamped, facts, plain) >= MOST:
        return plain
    offset = _common_offset(stamped, facts)
    moved = StampClock(True, offset, f"all time stamps lie {_said(offset)} beside the timeline")
    if _share(stamped, facts, moved) >= MOST:
        return moved
    return StampClock(False, Fraction(0), "time stamps are not those of the timeline: most contradict the names")


def _share(takes: Sequence[tuple[TakeFile, Fraction, Fraction]], facts: TimelineFacts, clock: StampClock) -> Fraction:
    """Give the share of takes that reach their cues."""
    hits = 0
    for take, record_in, record_out in takes:
        place = stamp_place(take, facts, clock)
        hits += place is not None and place - SLACK < record_out and record_in < place + take.duration + SLACK
    return Fraction(hits, len(takes))


def _common_offset(takes: Sequence[tuple[TakeFile, Fraction, Fraction]], facts: TimelineFacts) -> Fraction:
    """Give the whole hours or, failing those, whole seconds by which most takes lie late."""
    places = [(stamp_place(take, facts, StampClock()) or Fraction(0), record_in) for take, record_in, _ in takes]
    hour = day_of(facts) / 24
    hours = Counter(round((place - at) / hour) for place, at in places)
    most, count = hours.most_common(1)[0]
    if most and count >= MOST * len(takes):
        return most * hour
    ordered = sorted(place - at for place, at in places)
    return Fraction(round(ordered[len(ordered) // 2]))


def _said(offset: Fraction) -> str:
    late = "late" if offset > 0 else "early"
    return f"{float(abs(offset)):.3f} s {late}"
