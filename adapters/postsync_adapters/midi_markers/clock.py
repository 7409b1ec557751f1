"""Ticks to time, and the rate and start of a file: by its tempos, its division and its SMPTE offset."""

from __future__ import annotations

from bisect import bisect_right
from fractions import Fraction

from postsync.errors import RateError
from postsync.model import (
    TimelineFacts,
)
from postsync.report import Report
from postsync.timing import Rate, parse_timecode, round_half_up
from postsync_adapters.midi_markers.chunks import DIVISION_RATES, MetaEvent

USUAL_TEMPO = 500_000
"""Microseconds per quarter note at 120 beats a minute; what counts where a file sets no tempo."""

OFFSET_RATES: dict[int, tuple[int, Fraction, bool]] = {
    0: (24, Fraction(24), False),
    1: (25, Fraction(25), False),
    2: (30, Fraction(30000, 1001), True),
    3: (30, Fraction(30), False),
}
"""The rate code of `FF 54`: frames counted, true rate, drop. There is no code for 23.976 and 29.97 non-drop."""

INDEPENDENT_TRACKS = 2
"""The format in which every track is a piece of its own, with its own tempo."""


class Clock:
    """Ticks to exact seconds, over every tempo of every track."""

    def __init__(self, division: int, events: list[MetaEvent]) -> None:
        self.division = division
        self._ticks: list[int] = []
        self.tempos: list[tuple[int, Fraction, Fraction]] = []
        if division & 0x8000:
            per_second = DIVISION_RATES[256 - (division >> 8)] * (division & 0xFF)
            self.tempos.append((0, Fraction(0), 1 / per_second))
            self._ticks.append(0)
            return
        self._add(0, USUAL_TEMPO)
        for event in events:
            if event.kind == 0x51 and len(event.data) == 3 and any(event.data):
                self._add(event.tick, int.from_bytes(event.data, "big"))

    def _add(self, tick: int, tempo: int) -> None:
        here = self.seconds(tick) if self.tempos else Fraction(0)
        self.tempos.append((tick, here, Fraction(tempo, 1_000_000 * self.division)))
        self._ticks.append(tick)

    def seconds(self, tick: int) -> Fraction:
        """Give the time of a tick."""
        start, seconds, per_tick = self.tempos[bisect_right(self._ticks, tick) - 1]
        return seconds + (tick - start) * per_tick

    def runs_at_ntsc(self) -> bool:
        """Whether every tempo is one that only makes sense at 1000/1001 of a whole rate."""
        tempos = {round_half_up(per_tick * 1_000_000 * self.division) for _, _, per_tick in self.tempos[1:]}
        return bool(tempos) and not self.division & 0x8000 and all(tempo % 1001 == 0 for tempo in tempos)


def own_clocks(data: bytes, division: int, events: list[MetaEvent]) -> dict[int, Clock]:
    """Give the clock of each track, where tracks have clocks of their own."""
    start = data.find(b"MThd", 0, 4096)
    if int.from_bytes(data[start + 8 : start + 10], "big") != INDEPENDENT_TRACKS:
        return {}
    tracks = {event.track for event in events}
    return {track: Clock(division, [event for event in events if event.track == track]) for track in tracks}


def stated_facts(
    offset: bytes | None, division: int, clock: Clock, asked: Rate | None, report: Report
) -> TimelineFacts:
    """Settle rate and start: the user's rate, else the code of `FF 54`, else that of the division."""
    if offset is None:
        rate = asked or _rate_of_division(division)
        report.note("start-guessed", start="00:00:00:00", why="the file has no SMPTE offset")
        return TimelineFacts(rate, 0, format="midi_markers")
    counted, fps, drop = OFFSET_RATES[offset[0] >> 5 & 3]
    rate = asked or _rate_of_code(fps, drop, clock, report)
    base = Rate.of(Fraction(counted), drop)
    hours, minutes, seconds, frames = offset[0] & 0x1F, *(byte & 0x7F for byte in offset[1:4])
    label = f"{hours:02}:{minutes:02}:{seconds:02}:{frames:02}"
    whole = Fraction(frames) + Fraction(min(offset[4], 99), 100)
    scaled = round_half_up(whole * rate.nominal / base.nominal)
    label = f"{label[:-2]}{min(scaled, rate.nominal - 1):02}"
    return TimelineFacts(rate, parse_timecode(label, rate, place="SMPTE offset"), format="midi_markers")


def _rate_of_division(division: int) -> Rate:
    if division & 0x8000 and 256 - (division >> 8) != 25:
        return Rate.of(DIVISION_RATES[256 - (division >> 8)], 256 - (division >> 8) == 29)
    raise RateError("this MIDI file does not say its frame rate", remedy="give it with --rate")


def _rate_of_code(fps: Fraction, drop: bool, clock: Clock, report: Report) -> Rate:
    """Give the rate that a code stands for; 24 and 30 also stand for 23.976 and 29.97, which the tempo may tell."""
    if fps in (24, 30) and clock.runs_at_ntsc():
        rate = Rate.of(fps * 1000 / 1001, drop)
        report.note("rate-guessed", rate=rate.name, why=f"SMPTE offset {fps}, tempo of {rate.name} frames")
        return rate
    rate = Rate.of(fps, drop)
    if fps in (24, 30):
        report.note(
            "rate-guessed", rate=rate.name, why=f"SMPTE offset {fps}, which also stands for {float(fps) / 1.001:.3f}"
        )
    return rate
