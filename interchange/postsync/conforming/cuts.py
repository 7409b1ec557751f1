"""A cut as conforming sees it: segments in whole frames, each with the place in its source and everything it may be known by.

Record times count from 00:00:00:00 in frames of the timeline; source times from 00:00:00:00 of the source in the same frames.
A segment keeps `phase`, the source position that would lie at record 0, so that two segments of one source and speed stand
apart by the difference of their phases alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction

from postsync.timing import Rate, round_half_up

Number = int | Fraction


CUT_REEL = 8


@dataclass(slots=True)
class Segment:
    """A stretch of one source on one track. `speed` is source frames per record frame; negative plays backwards, 0 stands.

    `names` are keys by which it may be known, the surest first; `fields` says what each is called. `timed` is false for what
    has no timecode of its own: stills, black, material that the list gives no source time.

    `record_in` and `record_out` (exclusive) are frames of the axis of the cut: labels of its reels counted from
    00:00:00:00, with whole days added where reels would overlap. `phase` is the source frame that would lie at record
    frame 0.

    >>> segment = cut_of(timeline).segments[0]
    >>> segment.name, segment.sound, segment.length, segment.speed
    ('12A-3', False, 60, 1)
    """

    track: int
    sound: bool
    record_in: int
    record_out: int
    phase: Number
    speed: Number
    names: tuple[str, ...]
    fields: tuple[str, ...]
    name: str
    version: str | None = None
    timed: bool = True
    weight: float = 1.0
    origin: str | None = None
    day: str | None = None
    restarts: bool = False
    """Whether it begins at a full hour of its source, as cards and stills do wherever they are cut."""

    @property
    def length(self) -> int:
        """Frames of record time."""
        return self.record_out - self.record_in

    @property
    def source_span(self) -> tuple[Number, Number]:
        """The lowest source position used and the first above it."""
        one = self.phase + self.speed * self.record_in
        other = self.phase + self.speed * self.record_out
        return (one, other) if one <= other else (other, one)


@dataclass(frozen=True)
class ReelSpan:
    """One timeline of a cut on the common axis: `start` and `end` there; `shift` is what was added to its own labels.

    >>> cut_of(timeline).reels[0].name
    'The Crossing R1'
    """

    name: str
    start: int
    end: int
    shift: int = 0


@dataclass(frozen=True)
class Programme:
    """The reels of one version one after another on one axis of frames."""

    name: str
    rate: Rate
    reels: tuple[ReelSpan, ...]

    @property
    def length(self) -> int:
        """Frames of all reels together."""
        return sum(reel.end - reel.start for reel in self.reels)

    def reel_at(self, frame: int) -> ReelSpan:
        """Give the reel that a place of the axis belongs to: the one that holds it, else the nearest before."""
        before = [reel for reel in self.reels if reel.start <= frame]
        return before[-1] if before else self.reels[0]


@dataclass(frozen=True)
class Cut(Programme):
    """One version of a programme: its reels, and what they play.

    >>> cut = cut_of(timeline)
    >>> cut.length, cut.rate.text, len(cut.segments)
    (180, '24000/1001', 7)
    """

    segments: tuple[Segment, ...] = field(repr=False)

    def of_kind(self, *, sound: bool) -> Cut:
        """Give the cut with its sound or its picture alone."""
        return replace(self, segments=tuple(one for one in self.segments if one.sound is sound))

    def at_rate(self, rate: Rate) -> Cut:
        """Give the cut in frames of another rate that runs at the same real speed, each edge on the nearest frame."""
        factor = rate.fps / self.rate.fps
        if factor == 1:
            return self

        def scaled(value: Number) -> int:
            return round_half_up(Fraction(value) * factor)

        reels = tuple(ReelSpan(one.name, scaled(one.start), scaled(one.end), scaled(one.shift)) for one in self.reels)
        segments = tuple(
            replace(
                one,
                record_in=scaled(one.record_in),
                record_out=scaled(one.record_out),
                phase=scaled(one.phase) if one.speed == 1 else one.phase * factor,
            )
            for one in self.segments
        )
        return Cut(self.name, rate, reels, segments)
