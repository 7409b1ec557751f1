"""What is planned for a file: tracks, clips, fades, in whole edit units, and what every plan is made by."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from postsync.model import ClipFacts, MediaFacts, PlacedClip, TimelineFacts, TrackFacts
from postsync.report import Report
from postsync.timing import round_half_up


@dataclass(frozen=True)
class Overlap:
    """A fade or cross fade round a cut, in edit units."""

    before: int
    after: int
    curve: str = "linear"
    leftover: Any = None
    """What an AAF that was read said of the effect, where it is none of ours."""

    @property
    def length(self) -> int:
        """Its whole length."""
        return self.before + self.after


@dataclass(frozen=True)
class MediaUse:
    """One channel of one media file that a clip plays: the file as the timeline tells it, and where in it the clip begins.

    `start` is in seconds from the beginning of the file, `media_start` where that lies by its own timecode.
    """

    media: MediaFacts
    url: str | None
    channel: int
    start: Fraction
    media_start: Fraction
    media_duration: Fraction | None
    own: dict[str, Any]
    """What an AAF that was read said of the media itself."""


@dataclass(frozen=True)
class PlannedClip:
    """A clip from `start` to `end` on the timeline, in edit units, and what sounds or shows in it: a use for each channel.

    Uses begin at `start`. `head` and `tail` are its fades; `joined` says that the tail is a cross fade into the next clip.
    `speed` is 1 wherever the file does not say another.
    """

    placed: PlacedClip
    start: int
    end: int
    uses: tuple[MediaUse, ...]
    speed: Fraction = Fraction(1)
    retime: tuple[tuple[Fraction, Fraction], ...] = ()
    head: Overlap | None = None
    tail: Overlap | None = None
    joined: bool = False
    name: str = ""
    """The name that editors see."""

    @property
    def facts(self) -> ClipFacts:
        """What is known of the clip."""
        return self.placed.facts

    @property
    def silenced(self) -> bool:
        """Whether it is disabled or muted."""
        return not self.placed.enabled or self.placed.facts.muted

    @property
    def segment_start(self) -> int:
        """Where the segment begins on the timeline, with what a cross fade uses before the cut."""
        return self.start - (self.head.before if self.head else 0)

    @property
    def segment_end(self) -> int:
        """Where the segment ends on the timeline, with what a cross fade uses behind the cut."""
        return self.end + (self.tail.after if self.tail else 0)

    @property
    def of_files(self) -> bool:
        """Whether its channels lie in files of their own, each of a name of its own."""
        return len({(use.url, use.media.uid, use.media.name) for use in self.uses}) > 1

    @property
    def length(self) -> int:
        """How long the segment is."""
        return self.segment_end - self.segment_start

    @property
    def warped(self) -> bool:
        """Whether it plays at another speed than its own."""
        return self.speed != 1 or bool(self.retime)

    def in_units(self, use: MediaUse, rate: Fraction) -> Fraction:
        """Give where the segment begins in a file, in edit units."""
        return use.start * rate - (self.start - self.segment_start) * self.speed


@dataclass(frozen=True)
class PlannedTrack:
    """A track of clips that do not overlap, in order of time."""

    name: str
    facts: TrackFacts
    clips: tuple[PlannedClip, ...]
    channels: int = 1
    own: dict[str, Any] = field(default_factory=dict)

    @property
    def end(self) -> int:
        """Where its last segment ends."""
        return max((clip.segment_end for clip in self.clips), default=0)


@dataclass(frozen=True)
class Grid:
    """What a track counts in, how its clips may play, and the clock that notes are told in."""

    rate: Fraction
    timeline: TimelineFacts
    report: Report
    native: bool = False
    speeds: bool = False
    include_disabled: bool = True

    @property
    def unit(self) -> str:
        """What an edit unit is called."""
        return "frame" if self.rate == self.timeline.rate.fps else "sample"

    def at(self, seconds: Fraction) -> int:
        """Give the edit unit nearest to a time."""
        return round_half_up(seconds * self.rate)


@dataclass(frozen=True)
class Spot:
    """The place in the timeline that notes speak of."""

    report: Report
    where: str
    time: str | None = None

    def note(self, code: str, moved_by: Fraction | None = None, **facts: str) -> None:
        """Add a loss at this place."""
        self.report.note(code, where=self.where, time=self.time, moved_by=moved_by, source=None, **facts)


def plain(value: Any) -> dict[str, Any]:
    """Give what an AAF left in metadata as plain values."""
    return {} if value is None else dict(block_values(value))


def block_values(value: Any) -> Any:
    """Give metadata as plain values."""
    if hasattr(value, "items"):
        return {name: block_values(item) for name, item in value.items()}
    if isinstance(value, str) or not hasattr(value, "__iter__"):
        return value
    return [block_values(item) for item in value]
