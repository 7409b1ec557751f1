"""The times of a session text: five forms, three of which count from the session's start, none quite exact but samples.

    timecode    23:57:25:00.00   absolute; with subframes to 1/200 frame, else cut to the frame
    samples     1201200          exact
    min:secs    0:25.025         real seconds, cut to the millisecond, or to the second
    feet+frames 37+08.60         16 frames a foot, at a rate that is written nowhere
    bars|beats  13|3| 048        ticks of the session's tempo, which is written nowhere either

Memory locations in samples are exact whatever the form, and so tell rates and tempo. Rules after exports of one session in
every form.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from postsync.errors import FormatError, RateError
from postsync.formats import rate_of_labels
from postsync.model import TimelineFacts
from postsync.report import Report
from postsync.timing import (
    Rate,
    as_rate,
    format_timecode,
    parse_timecode,
    repair_timecode,
    round_half_up,
    seconds_of_frame,
)
from postsync_adapters.pro_tools_text.session import MarkerRow, Session

USUAL_SAMPLE_RATE = 48_000

GRID_SAMPLES = 2
"""Clips placed on a frame sit on a sample beside it, up to two away; they are on that frame."""

FEET_RATES = {"29.97": Fraction(24000, 1001), "29.97 DF": Fraction(24000, 1001)}
"""How fast film runs in sessions of a rate, where it is not 24 a second: after real exports."""

TICKS_PER_BEAT = 960
BEATS_PER_BAR = 4


@dataclass(frozen=True)
class Form:
    """One way in which times are written: its name for people, its pattern, whether it counts from the session's start."""

    name: str
    pattern: re.Pattern[str]
    relative: bool = True


FORMS = (
    Form("timecode", re.compile(r"-?(\d{1,2})[:;.](\d\d)[:;.](\d\d)[:;.](\d{2,3})(?:\.(\d\d))?"), relative=False),
    Form("feet and frames", re.compile(r"(\d+)\+(\d{1,2})(?:\.(\d\d))?")),
    Form("bars and beats", re.compile(r"(\d+)\|(\d+)(?:\| *(\d{1,3}))?")),
    Form("minutes and seconds", re.compile(r"(\d+):(\d\d)(?:\.(\d{1,3}))?")),
    Form("samples", re.compile(r"(\d+)()()")),
)


def form_of(text: str) -> Form | None:
    """Say in which form a time is written."""
    return next((form for form in FORMS if form.pattern.fullmatch(text)), None)


@dataclass(frozen=True)
class Moment:
    """A time as far as the file tells it: seconds from the session's start, true to `below` less and `above` more."""

    seconds: Fraction
    below: Fraction = Fraction(0)
    above: Fraction = Fraction(0)


@dataclass(frozen=True)
class ClockQuestion:
    """What the person who reads a file knows of its clock: rate, start, feet a second, beats a minute."""

    rate: Rate | None = None
    start: str | None = None
    sample_rate: int | None = None
    feet_rate: Rate | None = None
    tempo: Fraction | None = None


class SessionClock:
    """Reads the times of one export."""

    def __init__(self, session: Session, question: ClockQuestion, report: Report, path: object = None) -> None:
        self.report, self.path, self.question = report, path, question
        self.form, self.fine = _form_of_session(session)
        self.sample_rate = question.sample_rate or self._stated_sample_rate(session)
        rate = self._rate(session)
        self.facts = TimelineFacts(
            rate, self._start(session, rate), self.sample_rate, producer="Pro Tools", format="pro_tools_text"
        )
        self._near = Fraction(GRID_SAMPLES, self.sample_rate)
        anchors = self._anchors(session)
        self._feet = self._feet_rate(anchors) if self.form == "feet and frames" else Fraction(24)
        self._ticks = self._tick_length(session, anchors) if self.form == "bars and beats" else Fraction(0)

    # --------------------------------------------------------------------------------------------- what the clock is

    def _stated_sample_rate(self, session: Session) -> int:
        text = session.stated("SAMPLE RATE")
        match = re.match(r"\d{4,6}", text or "")
        if match is not None:
            return int(match[0])
        if text is not None or self.form == "samples":
            self.report.note("rate-guessed", rate=f"{USUAL_SAMPLE_RATE} Hz", why="the file states no sample rate")
        return USUAL_SAMPLE_RATE

    def _rate(self, session: Session) -> Rate:
        if self.question.rate is not None:
            return self.question.rate
        text = session.stated("TIMECODE FORMAT", "TIME CODE FORMAT")
        if text is not None:
            drop = "drop" in text.casefold() and "non" not in text.casefold()
            try:
                return as_rate(text.split()[0], drop=drop)
            except RateError:
                self.report.note("value-unreadable", name="TIMECODE FORMAT", value=text)
        labels = [row.start for track in session.tracks for row in track.rows]
        labels = [label for label in labels if (form := form_of(label)) is not None and form.name == "timecode"]
        if labels:
            return rate_of_labels([label[:11] for label in labels], session.stated("SESSION NAME") or "", self.report)
        why = "the file states none; film counts 24" if self.form == "feet and frames" else "the file states none"
        self.report.note("rate-guessed", rate="24", why=why)
        return as_rate(24)

    def _start(self, session: Session, rate: Rate) -> int:
        """Give the frame at the session's start: asked for, stated, else the hour of the first label."""
        if self.question.start is not None:
            return parse_timecode(self.question.start, rate, place="option start")
        text = session.stated("SESSION START TIMECODE")
        if text is not None:
            label = text if form_of(text) is None else re.sub(r"\.\d\d$", "", text) if text.count(":") > 1 else text
            return self._frame(label, rate, "SESSION START TIMECODE")
        labels = [row.start for track in session.tracks for row in track.rows if self.form == "timecode"]
        frames = [frame for label in labels if (frame := repair_timecode(_bare(label), rate)) is not None]
        hour = f"{format_timecode(min(frames, default=0), rate)[:2]}:00:00:00"
        why = "the hour of the first event" if frames else "times count from it"
        self.report.note("start-guessed", start=hour, why=f"{why}; the file states none")
        return parse_timecode(hour, rate)

    def _anchors(self, session: Session) -> list[tuple[str, Fraction]]:
        """Give the places of memory locations that are told twice: in the form of the export, and exactly."""
        return [
            (row.location, Fraction(int(row.reference), self.sample_rate))
            for row in session.markers
            if row.units == "Samples" and row.reference.isdecimal() and int(row.reference)
        ]

    def _feet_rate(self, anchors: list[tuple[str, Fraction]]) -> Fraction:
        """Give frames of film a second: asked for, as exact memory locations tell, else what sessions of this rate have."""
        if self.question.feet_rate is not None:
            return self.question.feet_rate.fps
        usual = FEET_RATES.get(self.facts.rate.name, Fraction(24))
        rates = dict.fromkeys((usual, Fraction(24), Fraction(24000, 1001), Fraction(25), self.facts.rate.fps))
        told = [rate for rate in rates if anchors and all(_fits_feet(text, at, rate) for text, at in anchors)]
        if len(told) == 1:
            self.report.note("feet-rate-found", rate=_named(told[0]))
            return told[0]
        self.report.note("feet-rate-guessed", rate=_named(usual))
        return usual

    def _tick_length(self, session: Session, anchors: list[tuple[str, Fraction]]) -> Fraction:
        """Give the seconds of a tick: by the tempo asked for, or by exact memory locations that agree on one."""
        if self.question.tempo is not None:
            return 60 / self.question.tempo / TICKS_PER_BEAT
        found = [(at / ticks, at, ticks) for text, at in anchors if (ticks := _ticks(text))]
        if not found:
            if not any(track.rows for track in session.tracks):
                return Fraction(0)
            raise FormatError(
                "times in bars and beats need the tempo, which this file does not hold", path=self.path,
                remedy="export again with the time format Samples, or give --option tempo=120",
            )  # fmt: skip
        longest = max(found, key=lambda one: one[2])
        tempo = Fraction(round_half_up(60_000 / longest[0] / TICKS_PER_BEAT), 1000)
        whole = Fraction(round_half_up(tempo))
        tempo = whole if abs(whole - tempo) < Fraction(1, 50) else tempo
        length = 60 / tempo / TICKS_PER_BEAT
        if any(abs(ticks * length - at) > Fraction(1, 10) for _, at, ticks in found):
            raise FormatError(
                "the tempo changes, and this file does not hold where", path=self.path,
                remedy="export again with the time format Samples",
            )  # fmt: skip
        self.report.note("tempo-found", tempo=f"{float(tempo):g}")
        return length

    # ----------------------------------------------------------------------------------------------------- reading

    @property
    def precision(self) -> Fraction:
        """By how much a time of an event may be off, in seconds."""
        frame = self.facts.rate.seconds_per_frame
        spans = {
            ("timecode", False): frame, ("timecode", True): frame / 200, ("samples", False): Fraction(1, self.sample_rate),
            ("samples", True): Fraction(1, self.sample_rate), ("minutes and seconds", False): Fraction(1),
            ("minutes and seconds", True): Fraction(1, 1000), ("feet and frames", False): 1 / self._feet,
            ("feet and frames", True): 1 / self._feet / 200, ("bars and beats", True): self._ticks,
            ("bars and beats", False): self._ticks * TICKS_PER_BEAT,
        }  # fmt: skip
        return spans.get((self.form, self.fine), frame)

    def moment(self, text: str, source: str) -> Moment | None:
        """Read a time; None, and a note, where it is none."""
        form = form_of(text)
        if form is None:
            self.report.note("value-unreadable", source=source, name="time", value=text)
            return None
        match = form.pattern.fullmatch(text)
        assert match is not None
        if form.name == "timecode":
            return self._timecode(match, source)
        whole, part, fine = int(match[1]), int(match[2] or 0), match[3]
        if form.name == "samples":
            return Moment(Fraction(whole, self.sample_rate), self._near, self._near)
        if form.name == "minutes and seconds":
            cut = Fraction(1, 10 ** len(fine)) if fine else Fraction(1)
            return Moment(whole * 60 + part + int(fine or 0) * cut, self._near, cut + self._near)
        if form.name == "feet and frames":
            seconds = (whole * 16 + part + Fraction(int(fine or 0), 100)) / self._feet
            half = 1 / self._feet / 200
            return Moment(seconds, half, half) if fine else Moment(seconds, self._near, 1 / self._feet)
        ticks = _ticks(text) or 0
        return Moment(ticks * self._ticks, self._near, self.precision)

    def _timecode(self, match: re.Match[str], source: str) -> Moment:
        rate = self.facts.rate
        frame = self._frame(_bare(match[0]), rate, source)
        count = (frame - self.facts.start_frame) % rate.frames_per_day
        if match[5] is None:
            return Moment(seconds_of_frame(count, rate))
        half = rate.seconds_per_frame / 200
        return Moment((count + Fraction(int(match[5]), 100)) / rate.fps, half, half)

    def _frame(self, label: str, rate: Rate, source: str) -> int:
        """Read a label; one that the rate does not have is taken as the next that it has, which is said."""
        try:
            return parse_timecode(label, rate)
        except FormatError as fault:
            frame = repair_timecode(label, rate)
            if frame is None:
                raise FormatError(path=self.path, place=source, expected="a timecode", found=repr(label)) from fault
            self.report.note("timecode-repaired", source=source, was=label, now=format_timecode(frame, rate))
            return frame

    def marker(self, row: MarkerRow) -> Moment | None:
        """Give the place of a memory location: exact where its reference counts samples."""
        if row.units == "Samples" and row.reference.isdecimal():
            return Moment(Fraction(int(row.reference), self.sample_rate), self._near, self._near)
        form = form_of(row.location)
        if form is not None and form.name == "bars and beats" and not self._ticks:
            return None
        return self.moment(row.location, f"line {row.line}")


def _form_of_session(session: Session) -> tuple[str, bool]:
    """Say in which form the events are, else the memory locations, and whether to fractions of its unit."""
    texts = [row.start for track in session.tracks for row in track.rows[:1]] + [
        row.location for row in session.markers
    ]
    for text in texts:
        form = form_of(text)
        match = form.pattern.fullmatch(text) if form is not None else None
        if form is not None and match is not None:
            return form.name, bool(match[match.re.groups])
    return "", False


def _bare(label: str) -> str:
    """Give a label without subframes, its first marks as colons."""
    match = FORMS[0].pattern.fullmatch(label)
    if match is None:
        return label
    return f"{match[1]}:{match[2]}:{match[3]}{';' if ';' in label else ':'}{match[4]}"


def _fits_feet(text: str, at: Fraction, rate: Fraction) -> bool:
    match = FORMS[1].pattern.fullmatch(text)
    if match is None:
        return False
    frames = int(match[1]) * 16 + int(match[2]) + Fraction(int(match[3] or 0), 100)
    return -Fraction(1, 10) <= at * rate - frames < (Fraction(1, 10) if match[3] else Fraction(11, 10))


def _ticks(text: str) -> int | None:
    """Give the ticks from bar 1 in bars of four beats."""
    match = FORMS[2].pattern.fullmatch(text)
    if match is None:
        return None
    beats = (int(match[1]) - 1) * BEATS_PER_BAR + int(match[2]) - 1
    return beats * TICKS_PER_BEAT + int(match[3] or 0)


def _named(fps: Fraction) -> str:
    return Rate.of(fps).name
