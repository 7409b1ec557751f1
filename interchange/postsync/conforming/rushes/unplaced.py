"""Events that were not placed: why not, and what was looked for, in words."""

from __future__ import annotations

from collections.abc import Sequence

from postsync.conforming.rushes.events import Event
from postsync.conforming.rushes.evidence import Evidence
from postsync.conforming.rushes.matches import Candidate
from postsync.timing import format_timecode, frame_at
from postsync.wording import counted


def why_not(event: Event, likely: Sequence[Candidate]) -> str:
    """Say why none of the likely recordings was laid: what is missing, in doubt, or contradicts."""
    if not event.timed and not likely:
        return "the clip has no timecode, and no file in the rushes has its name"
    if not likely:
        return "nothing in the rushes has its file, roll and time, day and time, or scene and take"
    first = likely[0]
    if first.place is None:
        what = "the file" if first.file else "the take"
        return f"{what} is there, but its time stamp does not hold the clip: the sound must say where it lies"
    if not first.clock.believed:
        return f"the clock of its roll is in doubt: {first.clock.why}"
    against = [reason for reason in first.reasons() if "other" in reason]
    return f"the evidence contradicts itself: {', '.join(against) or 'too little of the clip is there'}"


def looked_for(event: Event, evidence: Evidence) -> tuple[str, ...]:
    """Say all that was looked for, so that a person can look for it by hand."""
    rate, book = evidence.facts.rate, evidence.book
    told: list[str] = []
    if event.files:
        told.append(f"a file named {' or '.join(sorted(event.files))}")
    if event.roll_text:
        roll = book.roll(event.roll)
        held = f"has {counted(len(book.rolls[roll]), 'recording')}" if roll else "is not in the rushes"
        told.append(f"roll {event.roll_text}, which {held}")
    if event.timed:
        first = format_timecode(frame_at(event.source, rate), rate)
        last = format_timecode(frame_at(event.source + event.used, rate), rate)
        told.append(f"{first} to {last}")
    told += [f"shooting day {day}" for day in sorted(evidence.days(event))]
    told += [f"scene {scene} take {take}" for scene, take in sorted(event.scene_takes)]
    return tuple(told)
