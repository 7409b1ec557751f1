"""How the timecode of an edit and the stamps of a roll go together, found by a vote of the clips whose recording is named.

A stamp counts seconds, an edit counts labels. They are the same moment where recorder and picture counted alike; a recorder at
true 24 beside pictures at 23.976 counts the same labels in other seconds, a drop-frame one in other labels, a clock that was
set wrongly stands whole hours beside. Which it was only clips can say that name their recording otherwise. Where they
contradict the stamps and agree on nothing else, a roll is in doubt, and what only its time would place is not placed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from postsync.conforming.rushes.book import Book, Spans
from postsync.conforming.rushes.events import Event
from postsync.conforming.rushes.records import Recording
from postsync.model import TimelineFacts
from postsync.timing import Rate, fraction_text, parse_fraction, same_label, seconds_of_frame
from postsync.wording import counted

LEAST_VOTES = 3
"""Named clips, of two recordings at least, that it takes to believe a clock that nobody states."""

AGREEMENT = Fraction(9, 10)
CONTRADICTED = Fraction(3, 4)
"""A plain clock of which fewer named clips than this share find their recording is not believed; another must have more votes
than it by as much."""

NTSC_PULLS = (Fraction(1001, 1000), Fraction(1000, 1001))
PULLS = (*NTSC_PULLS, Fraction(25, 24), Fraction(24, 25))
"""Edit seconds for each recorder second: pictures pulled down and up, and film at the speed of television."""

HOURS = 11
"""More of them are fewer the other way round the day, but for the twelve that a clock without a.m. is wrong by."""


@dataclass(frozen=True)
class Clock:
    """From a source time of the edit to a second of the recorder.

    `scale` are edit seconds for each recorder second, `offset` is by how much the edit's times stand later. With `labels` (the
    edit's rate, the recorder's) it is the label that both have in common, and `scale` says only how fast the sound plays.
    """

    why: str = "plain"
    scale: Fraction = Fraction(1)
    offset: Fraction = Fraction(0)
    labels: tuple[Rate, Rate] | None = None
    believed: bool = True
    votes: tuple[int, int] = (0, 0)

    def seconds(self, time: Fraction) -> Fraction:
        """Give the recorder's second of a source time of the edit."""
        if self.labels is not None:
            return _relabelled(time, *self.labels)
        return (time - self.offset) / self.scale

    @property
    def speed(self) -> Fraction:
        """Recorder seconds that play in one second of the source."""
        return 1 / self.scale

    @property
    def is_plain(self) -> bool:
        """Whether stamps and labels are the same seconds."""
        return self.scale == 1 and not self.offset and self.labels is None

    def to_json(self) -> dict[str, Any]:
        """Give the clock as plain values."""
        return {
            "why": self.why, "scale": fraction_text(self.scale), "offset": fraction_text(self.offset),
            "believed": self.believed, "votes": self.votes[0], "of": self.votes[1],
        }  # fmt: skip


PLAIN = Clock()


def _relabelled(time: Fraction, edit: Rate, recorder: Rate) -> Fraction:
    """Give the second at which a recorder of another rate counted the label of a time, with what lies beyond the frame."""
    frame = int(time * edit.fps)
    rest = time - seconds_of_frame(frame, edit)
    return seconds_of_frame(same_label(frame, edit, recorder), recorder) + rest


@dataclass(frozen=True)
class Place:
    """Where in a recording an event begins, in its seconds, and how much of the event it holds.

    `head` and `tail` are the recorder's seconds that are missing before and behind, 0 where all is there.
    """

    position: Fraction
    used: Fraction
    head: Fraction = Fraction(0)
    tail: Fraction = Fraction(0)
    days: int = 0

    @property
    def held(self) -> Fraction:
        """The seconds of the event that are there."""
        return self.used - self.head - self.tail

    def share(self) -> Fraction:
        """The part of the event that is there, from 0 to 1."""
        return max(Fraction(0), self.held / self.used) if self.used else Fraction(0)

    def is_whole(self, slack: Fraction) -> bool:
        """Whether all of it is there but for a frame's width: lists round to frames, files begin between them."""
        return self.head <= slack and self.tail <= slack


@dataclass
class Clocks:
    """The clock of each roll, and of all that has none."""

    facts: TimelineFacts
    by_roll: dict[str, Clock] = field(default_factory=dict[str, Clock])

    def __post_init__(self) -> None:
        self.day = seconds_of_frame(self.facts.rate.frames_per_day, self.facts.rate)
        self.slack = self.facts.rate.seconds_per_frame
        self._known: dict[int, list[Clock]] = {}

    def of(self, recording: Recording) -> Clock:
        """Give the clock by which a recording is found."""
        return self.by_roll.get(_roll_of(recording), PLAIN)

    def place(self, event: Event, recording: Recording, clock: Clock | None = None) -> Place | None:
        """Give where an event lies in a recording by time; None where the recording holds nothing of it, or knows no time."""
        if recording.start is None or not event.timed:
            return None
        clock = self.of(recording) if clock is None else clock
        at = clock.seconds(event.source)
        low, day = at.numerator * 1000 // at.denominator, int(self._day(clock) * 1000)
        first, last = recording.milliseconds
        roughly = 2 * event.used.numerator * 1000 // event.used.denominator + 2
        for days in (0, 1, -1):
            if low + days * day > last or low + days * day + roughly < first:
                continue
            used = event.used * clock.speed
            position = at - recording.start + days * self._day(clock)
            if position < recording.duration and position + used > 0:
                head = max(Fraction(0), -position)
                return Place(position, used, head, max(Fraction(0), position + used - recording.duration), days)
        return None

    def _day(self, clock: Clock) -> Fraction:
        """Give the recorder's seconds after which its timecode begins anew."""
        if clock.labels is not None:
            return seconds_of_frame(clock.labels[1].frames_per_day, clock.labels[1])
        return self.day / clock.scale

    def touching(self, event: Event, spans: Spans) -> Iterator[Recording]:
        """Yield the recordings of some spans that may hold an event by their clocks, midnight crossed or not.

        Whole milliseconds with room on either side: who is let in too much `place` turns away.
        """
        for clock in self._clocks_of(spans):
            low = int(clock.seconds(event.source) * 1000)
            high, day = low + int(event.used * 2000) + 2, int(self._day(clock) * 1000)
            yield from spans.touching(low - 1, high)
            if low + day < spans.end:
                yield from spans.touching(low + day - 1, high + day)
            if high > day:
                yield from spans.touching(low - day - 1, high - day)

    def _clocks_of(self, spans: Spans) -> list[Clock]:
        found = self._known.get(id(spans))
        if found is None:
            clocks = dict.fromkeys(self.of(one) for one in spans.recordings)
            found = self._known[id(spans)] = list(clocks)
        return found


Named = Mapping[int, Sequence[Recording]]
"""For the number of an event the recordings that its names mean, whatever the time."""


def vote(events: Sequence[Event], named: Named, book: Book, facts: TimelineFacts) -> Clocks:
    """Find the clock of every roll that clips name, and one for what has no roll."""
    clocks = Clocks(facts)
    voters: dict[str, list[tuple[Event, Sequence[Recording]]]] = defaultdict(list)
    for event in events:
        found = [one for one in named.get(event.number, ()) if one.start is not None]
        if event.timed and found:
            rolls = {_roll_of(one) for one in found}
            if len(rolls) == 1:  # Names that several rolls have, as T001.WAV of every day, speak for none.
                voters[rolls.pop()].append((event, found))
    for roll, ballots in voters.items():
        clock = _elected(ballots, clocks)
        if not clock.is_plain or not clock.believed:
            clocks.by_roll[roll] = clock
    unnamed: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        known = book.roll(event.roll)
        if event.timed and known is not None and known not in voters:
            unnamed[known].append(event)
    for roll, spans in book.rolls.items():
        if roll not in voters and (why := _doubt(unnamed.get(roll, ()), spans, clocks)):
            clocks.by_roll[roll] = Clock(why, believed=False)
    return clocks


def _doubt(events: Sequence[Event], spans: Spans, clocks: Clocks) -> str:
    """Say why the clock of a roll is not believed of which no clip names a recording; empty where nothing speaks against it.

    A recorder runs a part of the day only, so a wrong clock shows in the clips of its roll that fall between recordings.
    """
    mismatch = _mismatch(spans.recordings, clocks.facts)
    if mismatch or len(events) <= LEAST_VOTES:
        return mismatch
    held = 0
    for event in events:
        places = (clocks.place(event, one, PLAIN) for one in clocks.touching(event, spans))
        held += any(place is not None for place in places)
    return (
        ""
        if held >= AGREEMENT * len(events)
        else f"it holds only {held} of the {counted(len(events), 'clip')} of its roll"
    )


Ballots = Sequence[tuple[Event, Sequence[Recording]]]


def _elected(ballots: Ballots, clocks: Clocks) -> Clock:
    """Give the clock that most named clips agree on; one in doubt where another explains more than the plain one does."""
    count = len(ballots)
    plain = _votes(ballots, PLAIN, clocks)
    recordings = {one.number: one for _, found in ballots for one in found}
    mismatch = _mismatch(recordings.values(), clocks.facts)
    if plain == count and not mismatch:
        return PLAIN
    tried = [(clock, _votes(ballots, clock, clocks)) for clock in _hypotheses(ballots, clocks.facts)]
    tried.sort(key=lambda one: -one[1])
    best, most = tried[0]
    explains = most >= AGREEMENT * count
    if explains and _is_elected(tried, plain, count, len(recordings), stated=bool(mismatch)):
        return _with_votes(best, most, count)
    if mismatch and plain <= most:
        return Clock(mismatch, believed=False, votes=(plain, count))
    if plain >= CONTRADICTED * count and not (explains and most > plain):
        return PLAIN
    if count == 1:
        return PLAIN
    return Clock("its stamps contradict clips that name it", believed=False, votes=(plain, count))


def _is_elected(tried: Sequence[tuple[Clock, int]], plain: int, count: int, recordings: int, *, stated: bool) -> bool:
    """Whether the best of the other clocks is believed: clear of the plain one, and of all that say something else.

    Where the recorder states that it counted otherwise than the edit, it needs only to explain more than the plain one.
    """
    best, most = tried[0]
    rivals = [votes for clock, votes in tried[1:] if not _alike(clock, best)]
    if recordings < 2 or (rivals and rivals[0] > CONTRADICTED * most):
        return False
    if stated and best.labels is not None:
        return most > plain
    return most >= LEAST_VOTES and plain <= CONTRADICTED * most


def _with_votes(clock: Clock, votes: int, count: int) -> Clock:
    return Clock(clock.why, clock.scale, clock.offset, clock.labels, True, (votes, count))


def _roll_of(recording: Recording) -> str:
    """Give the roll whose clock a recording has; empty where it has none."""
    return min(recording.rolls, default="")


def _votes(ballots: Ballots, clock: Clock, clocks: Clocks) -> int:
    """Count the clips that a recording of theirs holds whole."""
    count = 0
    for event, found in ballots:
        places = (clocks.place(event, one, clock) for one in found)
        count += any(place is not None and place.is_whole(clocks.slack) for place in places)
    return count


def _alike(one: Clock, other: Clock) -> bool:
    """Whether two clocks say the same to the sample: an exact start is often a whole hour too."""
    return (one.scale, one.labels) == (other.scale, other.labels) and abs(one.offset - other.offset) < Fraction(
        1, 96_000
    )


def _hypotheses(ballots: Ballots, facts: TimelineFacts) -> list[Clock]:
    """Give every clock that could be: the starts that the edit states of its files, pulls, other labels, hours."""
    recordings = [one for _, found in ballots for one in found]
    made = list(_stated_starts(ballots, facts))
    stated = _recorder_rates(recordings)
    made += [Clock(_pull_told(pull), scale=pull) for pull in PULLS if not stated or pull not in NTSC_PULLS]
    made += [_of_labels(rate, facts.rate) for rate in stated if _counts_otherwise(rate, facts.rate)]
    hour = seconds_of_frame(facts.rate.frames_per_day // 24, facts.rate)
    for hours in (*range(-HOURS, HOURS + 1), 12):
        late = "behind" if hours > 0 else "ahead"
        if hours:
            made.append(Clock(f"the recorder's clock was {abs(hours)} h {late}", offset=hours * hour))
    return made


def _counts_otherwise(rate: Rate, edit: Rate) -> bool:
    """Whether labels of two rates are other seconds: where one is pulled and the other not, or one drops labels."""
    return rate.is_ntsc != edit.is_ntsc or rate.drop != edit.drop


def _of_labels(rate: Rate, edit: Rate) -> Clock:
    """Give the clock of a recorder of another rate whose labels are those of the pictures."""
    pull = Fraction(1) if rate.is_ntsc == edit.is_ntsc else NTSC_PULLS[0] if edit.is_ntsc else NTSC_PULLS[1]
    plays = "" if pull == 1 else f"; {_pull_told(pull)}"
    return Clock(f"its labels are those of a recorder at {rate.name}{plays}", pull, labels=(edit, rate))


def _pull_told(pull: Fraction) -> str:
    return {
        PULLS[0]: "the pictures were pulled down by 0.1 %, and the sound plays so",
        PULLS[1]: "the pictures were pulled up by 0.1 %, and the sound plays so",
    }.get(pull, f"the pictures play at {fraction_text(1 / pull)} of the recorder's speed, and the sound plays so")


def _stated_starts(ballots: Ballots, facts: TimelineFacts) -> Iterator[Clock]:
    """Yield the offsets between the starts that an edit states of files and the stamps of those files, most frequent first."""
    offsets: dict[Fraction, int] = defaultdict(int)
    for event, found in ballots:
        for one in found:
            if one.start is not None and same_file(event, one, facts) and event.media_start != one.start:
                offsets[event.media_start - one.start] += 1
    for offset, _ in sorted(offsets.items(), key=lambda item: -item[1])[:4]:
        yield Clock("the edit states another start of these files than their stamp", offset=offset)


def same_start(event: Event, recording: Recording, facts: TimelineFacts) -> bool:
    """Whether the media of an event begin where a recording does and are as long: formats of frames round the start."""
    if recording.start is None or not same_file(event, recording, facts):
        return False
    return abs(event.media_start - recording.start) <= facts.rate.seconds_per_frame


def same_file(event: Event, recording: Recording, facts: TimelineFacts) -> bool:
    """Whether the media of an event are as long as a recording, so that its source can be counted from the file's start.

    A list knows no lengths: what it gives as the media is what it uses of them, and hardly ever as long as the file.
    """
    if event.media_duration is None or facts.format in NO_LENGTHS:
        return False
    return abs(event.media_duration - recording.duration) <= facts.rate.seconds_per_frame


NO_LENGTHS = ("edl", "cmx_3600", "pro_tools_text")
"""Formats that state no media: the length there is what the edit uses."""


def _recorder_rates(recordings: Iterable[Recording]) -> list[Rate]:
    found: dict[Rate, None] = {}
    for one in recordings:
        rate = recorder_rate(one)
        if rate is not None:
            found[rate] = None
    return list(found)


def recorder_rate(recording: Recording) -> Rate | None:
    """Give the rate and counting that a recorder states; None where it states none that exists."""
    text = recording.first.frame_rate
    if not text:
        return None
    fps = parse_fraction(text)
    if fps <= 0:
        return None
    rate = Rate.of(fps)
    return rate.with_drop(bool(recording.first.drop_frame) and rate.can_drop)


def _mismatch(recordings: Iterable[Recording], facts: TimelineFacts) -> str:
    """Say how recorders counted where it was not as the edit counts; empty where most counted alike or say nothing."""
    rates = [rate for one in recordings if (rate := recorder_rate(one)) is not None]
    other = [rate for rate in rates if _counts_otherwise(rate, facts.rate)]
    if not rates or len(other) * 2 <= len(rates):
        return ""
    rates_told = f"the recorder counted at {other[0].name}, the edit runs at {facts.rate.name}"
    return f"{rates_told}, and too few clips name their recording"
