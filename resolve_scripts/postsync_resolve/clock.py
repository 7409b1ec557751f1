"""Frames and timecodes of a timeline, in both of Resolve's counts.

Markers count from the timeline's first frame; clips, the playhead and record frames count absolute, the start label included.
Everything of ours counts like markers; `absolute` and `relative` are the only places where one becomes the other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Mapping, Optional

from postsync_resolve.asking import Stop, known_rate

_LABEL = re.compile(r"^(\d{1,2})[:;.](\d{1,2})[:;.](\d{1,2})[:;.,](\d{1,3})$")


@dataclass(frozen=True)
class Clock:
    """A timeline's clock. `start` is the absolute frame of its first frame, `length` how many it has."""

    rate: str
    drop: bool
    start: int
    length: int

    @property
    def nominal(self) -> int:
        """Frames that a second of the labels has: 24 at 23.976."""
        return round(float(self.rate))

    @property
    def fps(self) -> Fraction:
        """Frames in a true second, exactly."""
        return Fraction(self.nominal * 1000, 1001) if "." in self.rate else Fraction(self.nominal)

    def absolute(self, frame: int) -> int:
        """Give the count that clips and record frames use."""
        return frame + self.start

    def relative(self, frame: int) -> int:
        """Give the count that markers use."""
        return frame - self.start

    def holds(self, frame: int) -> bool:
        """Whether a marker there could be seen; Resolve takes any."""
        return 0 <= frame < self.length

    def label(self, frame: int) -> str:
        """Give the timecode of a frame that counts from the first one."""
        return label_of(self.start + frame, self.nominal, self.drop)

    def frame_of(self, label: str) -> Optional[int]:
        """Give the frame of a timecode, counted from the first one; None for what is no timecode."""
        found = frame_of_label(label, self.nominal, self.drop)
        day = frame_of_label("24:00:00:00", self.nominal, self.drop) or 0
        if found is not None and found < self.start and self.start + self.length > day:
            found += day  # the timeline goes on past midnight
        return None if found is None else found - self.start


def clock_of(timeline: Mapping[str, Any]) -> Clock:
    """Give the clock of a snapshot's timeline."""
    words = (known_rate(timeline["frame_rate"]) or "").split()
    if not words:
        raise Stop("The frame rate of the timeline is %r, which is no rate that we know." % (timeline["frame_rate"],))
    nominal, drop = round(float(words[0])), bool(timeline["drop_frame"])
    start = timeline.get("start_frame")
    if start is None:
        start = frame_of_label(timeline.get("start_timecode") or "", nominal, drop) or 0
    end = timeline.get("end_frame")
    return Clock(words[0], drop, start, max(0, (start if end is None else end) - start))


def frame_of_label(label: str, nominal: int, drop: bool) -> Optional[int]:
    """Count the frames from 00:00:00:00; drop frame leaves out two labels at 30 (four at 60) but every tenth minute.

    None for what no clock shows: a minute 75, a frame 24 at 24, a label that drop frame leaves out.
    """
    found = _LABEL.match(label.strip())
    if found is None:
        return None
    hours, minutes, seconds, frames = (int(part) for part in found.groups())
    skipped = nominal // 15 if drop else 0
    dropped = minutes % 10 and not seconds and frames < skipped
    if minutes > 59 or seconds > 59 or frames >= nominal or dropped:
        return None
    minutes += hours * 60
    left_out = skipped * (minutes - minutes // 10)
    return (minutes * 60 + seconds) * nominal + frames - left_out


def label_of(frame: int, nominal: int, drop: bool) -> str:
    """Give the label of a frame that counts from 00:00:00:00, with a semicolon in drop frame."""
    if frame < 0:
        return "-" + label_of(-frame, nominal, drop)
    if drop:
        skipped, ten = nominal // 15, nominal * 600 - nominal // 15 * 9
        tens, rest = divmod(frame, ten)
        minute = nominal * 60 - skipped
        frame += tens * 9 * skipped + (0 if rest < nominal * 60 else skipped * (1 + (rest - nominal * 60) // minute))
    seconds, frames = divmod(frame, nominal)
    minutes, second = divmod(seconds, 60)
    digits = 3 if nominal > 100 else 2
    return "%02d:%02d:%02d%s%0*d" % (minutes // 60 % 24, minutes % 60, second, ";" if drop else ":", digits, frames)
