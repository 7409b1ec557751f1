"""What a list does not say: its frame rate, whether its labels are dropped, and where midnight lies.

A list holds labels and nothing else. Frames are counted to the highest that occurs; where that leaves a choice, events are
asked that are as long in the source as in the programme only at one rate. 23.976 and 24 cannot be told apart by labels.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from postsync.errors import RateError
from postsync.timing import DROP_NOMINALS, Rate, as_rate, format_timecode
from postsync.wording import counted
from postsync_adapters.edl.edits import is_drop
from postsync_adapters.edl.lists import Event

RATES_BY_COUNT: dict[int, str] = {
    24: "24", 25: "25", 30: "29.97", 48: "48", 50: "50", 60: "59.94", 96: "96", 100: "100", 120: "119.88",
}  # fmt: skip
"""What a count of frames a second stands for where a list says no more: the speeds of film and television."""

RARE = (48, 96)
"""Counts that a handful of labels does not make likely: such lists hardly exist."""

SURE = 0.001
"""Below this chance that the highest frame number is missing by accident, the next count is ruled out."""

_PARTS = re.compile(r"[:;.,]")
_TWO = {f"{number:02}": number for number in range(100)}


class Labels(dict[str, int]):
    """Labels to frames at one rate, each worked out once; a frame number that the rate has not counts on into the next second.

    Raises KeyError for text that is no label.
    """

    def __init__(self, rate: Rate) -> None:
        super().__init__()
        self.rate, self._nominal, self._dropped = rate, rate.nominal, rate.dropped_per_minute
        self._unreal: set[str] = set()

    def __missing__(self, label: str) -> int:
        try:
            hours, minutes, seconds, frames = _TWO[label[:2]], _TWO[label[3:5]], _TWO[label[6:8]], _TWO[label[9:]]
        except KeyError:
            hours, minutes, seconds, frames = fields(label)
        if frames >= self._nominal or seconds > 59 or minutes > 59:
            self._unreal.add(label)
        whole = hours * 60 + minutes
        frame = (whole * 60 + seconds) * self._nominal + frames
        if self._dropped:
            if seconds == 0 and frames < self._dropped and minutes % 10:
                frame += self._dropped - frames
                self._unreal.add(label)
            frame -= self._dropped * (whole - whole // 10)
        self[label] = frame
        return frame

    def exists(self, label: str) -> bool:
        """Whether the rate has such a label."""
        return self[label] >= 0 and label not in self._unreal

    def text(self, frame: int) -> str:
        """Give the label of a frame."""
        return format_timecode(frame, self.rate)


def fields(label: str) -> tuple[int, int, int, int]:
    """Take a label apart; KeyError where it is none."""
    parts = _PARTS.split(label)
    if len(parts) != 4 or not all(part.isdecimal() for part in parts):
        raise KeyError(label)
    return int(parts[0]), int(parts[1]), int(parts[2]), int(parts[3])


@dataclass(frozen=True)
class Decision:
    """A rate and why it was taken; `sure` where the list leaves no other."""

    rate: Rate
    why: str
    sure: bool


def decide_rate(
    events: list[Event], spots: list[str], record_mode: str, reverse: set[int], asked: Rate | None
) -> Decision:
    """Decide the rate and drop flag of a list from its events, the labels of its locators, and its reverse speeds.

    A clip played backwards is nearly always played at its own speed, so `M2` then says the frames a second.

    Raises RateError where the rate that was asked for has not the frame numbers that the list is written in.
    """
    records = [label for event in events for label in (event.record_in, event.record_out)] or spots
    drop = _drop(records, record_mode)
    if asked is not None:
        return _asked(asked, records, drop)
    count, why, settled = _count(events, records, reverse, drop)
    if drop and count not in DROP_NOMINALS:
        drop = False
    if drop and _missing_labels(records, count):
        drop, why = False, f"{why}; it says drop frame but uses labels that drop frame leaves out"
    rate = as_rate(RATES_BY_COUNT[count]).with_drop(drop)
    return Decision(rate, why, settled and count in (25, 50, 100))


def _asked(asked: Rate, records: list[str], drop: bool) -> Decision:
    """Take the rate that was asked for, with the list's own drop flag where the asking left that open."""
    high = [label for label in records if _frames(label) >= asked.nominal]
    if len(high) > 2 and len(high) * 50 > len(records):
        raise RateError(
            "the rate asked for is not that of the list",
            expected=f"frame numbers 0 to {asked.nominal - 1} at {asked.name}",
            found=f"{counted(len(high), 'record time')} beyond, such as {high[0]}",
            remedy="ask for another --rate, or leave it out",
        )
    able = asked.can_drop and drop and not _missing_labels(records, asked.nominal)
    return Decision(asked.with_drop(True) if able else asked, "as asked for", True)


def _drop(records: list[str], record_mode: str) -> bool:
    marked = sum(";" in label for label in records)
    stated = is_drop(record_mode)
    return bool(stated) if stated is not None else bool(records) and marked * 2 > len(records)


def _missing_labels(records: list[str], count: int) -> bool:
    """Whether a list uses labels that drop frame leaves out, more often than a slip of the hand explains."""
    labels = Labels(as_rate(RATES_BY_COUNT.get(count, "29.97")).with_drop(True))
    wrong = sum(not labels.exists(label) for label in records if _frames(label) < count)
    return wrong > 2 and wrong * 100 > len(records)


def _count(events: list[Event], records: list[str], reverse: set[int], drop: bool) -> tuple[int, str, bool]:
    """Give the frames a second, why, and whether nothing else is possible."""
    seen = Counter(_frames(label) for label in set(records))
    highest = _highest(seen)
    counts = [count for count in RATES_BY_COUNT if count > highest and (not drop or count in DROP_NOMINALS)]
    smallest = counts[0] if counts else max(RATES_BY_COUNT)
    larger = next((count for count in counts[1:]), None)
    said = f"its highest frame number is {highest}"
    if larger is not None and (1 - (larger - smallest) / larger) ** sum(seen.values()) < SURE:
        return smallest, said, True
    votes = Counter(vote for event in events if (vote := _vote(event)) in counts)
    if votes:
        best, agreed = votes.most_common(1)[0]
        if agreed * 2 > sum(votes.values()):
            told = counted(agreed, "event is", "events are")
            words = f"{told} as long in the source as in the programme only at {best} frames a second"
            return best, words, agreed > 1
    sources = [label for event in events for label in (event.source_in, event.source_out) if ":" in label]
    beyond = _highest(Counter(_frames(label) for label in sources))
    if drop:
        return smallest, "it says drop frame", False
    if len(reverse) == 1 and reverse <= set(counts):
        return min(reverse), f"it plays backwards at {min(reverse)} frames a second", False
    if beyond > highest and beyond >= smallest:
        fits = next((count for count in counts if count > beyond), smallest)
        return fits, f"the highest frame number of its sources is {beyond}", False
    if smallest in RARE and highest < smallest - 1:
        return next(count for count in counts if count not in RARE), said, False
    return smallest, said, highest == smallest - 1


def _highest(seen: Counter[int]) -> int:
    """Give the highest frame number, but for one damaged label among many."""
    ordered = sorted(seen.elements(), reverse=True)
    allowed = len(ordered) // 200
    return ordered[min(allowed, len(ordered) - 1)] if ordered else 0


def _frames(label: str) -> int:
    tail = _PARTS.split(label)[-1]
    return int(tail) if tail.isdecimal() else 0


def _vote(event: Event) -> int | None:
    """Give the one count of frames at which source and programme are equally long; None where every count or none fits."""
    try:
        times = [fields(label) for label in event[6:]]
    except KeyError:
        return None
    seconds = [(hours * 60 + minutes) * 60 + second for hours, minutes, second, _ in times]
    more = (seconds[1] - seconds[0]) - (seconds[3] - seconds[2])
    less = (times[3][3] - times[2][3]) - (times[1][3] - times[0][3])
    return less // more if more and less % more == 0 else None


def crosses_midnight(pairs: Iterable[tuple[int, int]], day: int) -> int | None:
    """Give the frame from which on, in a day, labels are before midnight; None where a list does not run through it.

    A list runs through midnight when an event begins late in the day and ends early in the next.
    """
    late = [start for start, end in pairs if end < start and start > day // 2 and (end - start) % day < day // 2]
    return min(late) if late else None
