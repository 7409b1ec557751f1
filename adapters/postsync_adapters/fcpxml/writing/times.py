"""Times as FCPXML has them: whole numbers over whole numbers, edits of the picture on frames.

Final Cut takes a numerator of 64 bits and a denominator of 32; Resolve reads a decimal duration as one frame, so none is ever
written. The reader of a document sees multiples of the frame as Final Cut writes them (`1001/24000s`, `100/2400s`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from postsync.report import Report
from postsync.timing import Rate, nearest_frame, seconds_of_frame
from postsync_adapters.fcpxml.time import nearest_flick

WIDEST_DENOMINATOR = 2**31 - 1
WIDEST_NUMERATOR = 2**63 - 1


@dataclass
class Times:
    """Writes the times of one document. `moved` is the farthest that one had to go to be written at all."""

    rate: Rate
    reduced: bool = False
    moved: Fraction = field(default=Fraction(0))
    _texts: dict[Fraction, str] = field(default_factory=dict)

    def text(self, time: Fraction) -> str:
        """Give a time as text: over the scale of the frames where that holds it, else in lowest terms.

        >>> Times(Rate.of(Fraction(24000, 1001))).text(Fraction(1001, 8000))
        '3003/24000s'
        """
        found = self._texts.get(time)
        if found is None:
            found = self._texts[time] = self._text(self._writable(time))
        return found

    def _text(self, time: Fraction) -> str:
        if self.reduced:
            return f"{time.numerator}/{time.denominator}s"
        if time.denominator == 1:
            return f"{time.numerator}s"
        scaled = time * self._scale()
        if scaled.denominator == 1:
            return f"{scaled.numerator}/{self._scale()}s"
        return f"{time.numerator}/{time.denominator}s"

    def _scale(self) -> int:
        fps = self.rate.fps
        return fps.numerator if fps.denominator != 1 else fps.numerator * 100

    def _writable(self, time: Fraction) -> Fraction:
        if time.denominator <= WIDEST_DENOMINATOR and abs(time.numerator) <= WIDEST_NUMERATOR:
            return time
        near = nearest_flick(time)
        self.moved = max(self.moved, abs(near - time))
        return near

    def note_moved(self, where: str, report: Report) -> None:
        """Note the farthest that a time had to go to be written at all."""
        if self.moved:
            moved = f"{float(self.moved):.2e} s"
            report.note("time-rounded", where=where, moved_by=self.moved, grid="flick", moved=moved)

    def frame_duration(self) -> str:
        """Give the length of a frame as Final Cut writes it."""
        fps = self.rate.fps
        if fps.denominator == 1:
            return f"100/{fps.numerator * 100}s"
        return f"{fps.denominator}/{fps.numerator}s"

    def frame(self) -> Fraction:
        """Give the length of a frame."""
        return 1 / self.rate.fps

    def on_frame(self, time: Fraction) -> Fraction:
        """Give the nearest edit between two frames."""
        return seconds_of_frame(nearest_frame(time, self.rate), self.rate)

    def up_to_frame(self, time: Fraction) -> Fraction:
        """Give the first edit at or after a time."""
        return seconds_of_frame(-(-(time * self.rate.fps) // 1), self.rate)
