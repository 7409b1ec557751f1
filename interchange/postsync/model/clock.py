"""The clock of a timeline: its exact rate, drop frame or not, and the label that it starts at.

OpenTimelineIO has a start time for it, which holds neither the drop flag nor the rate of a timeline without start and clips;
ours are in the `postsync` metadata block.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import opentimelineio as otio

from postsync.errors import RateError
from postsync.model.keys import part, put_block
from postsync.timing import Rate, as_rate, format_timecode, frame_at, from_rational_time, rate_of_float

LARGEST_NUMBER = 2**62
"""What a clock may count to and still be kept: OpenTimelineIO's integers have 64 bits."""

HALF_A_SAMPLE = Fraction(1, 88_200)
"""In seconds, of the slowest sound that programs take."""


@dataclass(frozen=True)
class TimelineFacts:
    """The clock of a timeline: exact rate with its drop flag, and the frame count of its first label.

    `start_frame` counts from 00:00:00:00; `sample_rate` in Hz, where the timeline states one. `format` and `producer`
    say what the timeline was read of.

    >>> clock = TimelineFacts(timing.as_rate("23.976"), start_frame=86400)
    >>> clock.start_timecode, clock.label(48), clock.timecode(Fraction(1001, 500))
    ('01:00:00:00', '01:00:02:00', '01:00:02:00')
    """

    rate: Rate
    start_frame: int = 0
    sample_rate: int | None = None
    producer: str | None = None
    format: str | None = None

    def timecode(self, seconds: Fraction) -> str:
        """Give the label of the frame that holds a time counted from the timeline's first frame.

        Sound that lies on samples may begin a fraction of one before its frame does, whose label it is nonetheless.
        """
        return format_timecode(self.start_frame + frame_at(seconds + HALF_A_SAMPLE, self.rate), self.rate)

    def label(self, frame: int) -> str:
        """Give the label of a frame counted from the timeline's first."""
        return format_timecode(self.start_frame + frame, self.rate)

    @property
    def start_timecode(self) -> str:
        """The label of the first frame."""
        return self.label(0)


_CLOCK = ("rate", "drop_frame", "start_frame", "sample_rate", "producer", "format")


def timeline_facts(timeline: otio.schema.Timeline) -> TimelineFacts:
    """Give the clock of a timeline: our own block, else what OTIO has, else RateError.

    OTIO has no place for the rate of a timeline without a start or clips, nor for the drop flag; ours are in metadata.

    >>> clock = timeline_facts(timeline)
    >>> clock.rate.text, clock.start_timecode
    ('24000/1001', '01:00:00:00')
    """
    # Entry by entry: the block also remembers every list that was written, which takes a hundred times as long to read.
    facts = {name: found for name in _CLOCK if (found := part(timeline, name)) is not None}
    if "rate" in facts:
        rate = as_rate(Fraction(facts["rate"]), drop=bool(facts.get("drop_frame")))
        return TimelineFacts(
            rate,
            int(facts.get("start_frame") or 0),
            facts.get("sample_rate"),
            facts.get("producer"),
            facts.get("format"),
        )
    rate = Rate.of(_rate_by_evidence(timeline))
    start = timeline.global_start_time
    frame = 0 if start is None else frame_at(from_rational_time(start), rate)
    return TimelineFacts(rate, frame, producer=facts.get("producer"), format=facts.get("format"))


def _rate_by_evidence(timeline: otio.schema.Timeline) -> Fraction:
    """Take the rate of the start time, else of the first picture item, else of the first item, else in a nest."""
    if timeline.global_start_time is not None:
        return rate_of_float(timeline.global_start_time.rate)
    tracks = [*timeline.video_tracks(), *timeline.audio_tracks()]
    for items in (*tracks, timeline.find_clips()):
        for item in items:
            if getattr(item, "source_range", None) is not None and item.source_range.duration.rate <= 120:
                return rate_of_float(item.source_range.duration.rate)
    raise RateError("the timeline states no frame rate", remedy="give it with --rate")


def put_timeline_facts(timeline: otio.schema.Timeline, facts: TimelineFacts) -> None:
    """Write the clock of a timeline, in our block and where OTIO has a place for it.

    Raises RateError where the start or the sample rate is beyond OTIO's numbers.

    >>> reel2 = otio.schema.Timeline("R2")
    >>> put_timeline_facts(reel2, TimelineFacts(timing.as_rate("29.97 DF"), 215784))
    >>> timeline_facts(reel2).start_timecode, reel2.global_start_time.value
    ('02:00:00;00', 215784.0)
    """
    timeline.global_start_time = otio.opentime.RationalTime(facts.start_frame, float(facts.rate.fps))
    for number in (facts.start_frame, facts.sample_rate or 0):
        if abs(number) > LARGEST_NUMBER:
            raise RateError("no clock counts so far", found=f"{number:.3g}")
    put_block(
        timeline,
        {
            "rate": facts.rate.text,
            "drop_frame": facts.rate.drop,
            "start_frame": facts.start_frame,
            "sample_rate": facts.sample_rate,
            "producer": facts.producer,
            "format": facts.format,
        },
    )
