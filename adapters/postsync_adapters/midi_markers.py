"""Standard MIDI file with markers: the one plain file from which Pro Tools, Nuendo, Cubase and Logic all take markers.

A marker is a name at a tick. The tempo is chosen so that every frame is a whole number of ticks, which makes positions
exact at every rate; `FF 54` (SMPTE offset) holds the start, from which ticks count. Durations have no place: the tag in
the name carries the out. Written with mido; read with our own walk over the chunks, since mido gives up a whole file over
one odd event. Bytes after the Standard MIDI Files 1.0 specification; what the hosts do with them is noted where it counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any, BinaryIO, Literal

import mido
import opentimelineio as otio

from postsync.cueing import Carrier, TagLevel, lay_out, one_line, to_ascii
from postsync.errors import CannotWrite, FormatError, RateError
from postsync.formats import Claim, Feature, Format, Options, Purpose, ReadOptions, Timelines, path_of
from postsync.model import (
    PlainMarker,
    TimelineFacts,
    cue_of,
    natural_key,
    plain_marker,
    put_timeline_facts,
    timeline_characters,
    timeline_facts,
    to_otio_marker,
)
from postsync.report import Report
from postsync.timing import Rate, nearest_frame, parse_timecode, round_half_up, seconds_of_frame

PULSES = 960
"""Ticks per quarter note wherever a frame comes out whole with them."""

USUAL_TEMPO = 500_000
"""Microseconds per quarter note at 120 beats a minute; what counts where a file sets no tempo."""

OFFSET_RATES: dict[int, tuple[int, Fraction, bool]] = {
    0: (24, Fraction(24), False),
    1: (25, Fraction(25), False),
    2: (30, Fraction(30000, 1001), True),
    3: (30, Fraction(30), False),
}
"""The rate code of `FF 54`: frames counted, true rate, drop. There is no code for 23.976 and 29.97 non-drop."""

MIDO_RATES = {(24, False): 24, (25, False): 25, (30, True): 29.97, (30, False): 30}

DIVISION_RATES = {24: Fraction(24), 25: Fraction(25), 29: Fraction(30000, 1001), 30: Fraction(30)}

SHOWN_AS_MARKERS = (0x06, 0x07)
"""Marker and cue point. Most hosts drop cue points on import, so we write markers and read both."""


CARRIERS = {
    "ascii": Carrier(note=False, one_line=True, points=True, ascii_only=True),
    "utf8": Carrier(note=False, one_line=True, points=True),
}
"""What a marker's name holds, by the encoding asked for."""


@dataclass(frozen=True)
class MidiReadOptions(ReadOptions):
    """`text`: how names are encoded. Logic and we write UTF-8, old Japanese programs Shift-JIS."""

    text: Literal["utf8", "shift_jis", "latin1"] = "utf8"


@dataclass(frozen=True)
class MidiWriteOptions(Options):
    """How markers are written.

    `text`: `ascii` for Pro Tools and Cubase, which mangle everything else, `utf8` for Logic. `bias_ticks` moves every
    marker later, for hosts that round the tempo down. `tags`: what of the tag goes into names. `markers`: `all`, or
    `cues` alone.
    """

    text: Literal["ascii", "utf8"] = "ascii"
    bias_ticks: int = 0
    tags: TagLevel = "uid"
    markers: Literal["all", "cues"] = "all"


@dataclass(frozen=True)
class Grid:
    """A tempo on which frames fall: microseconds per quarter, ticks per quarter, ticks per frame."""

    tempo: int
    pulses: int
    ticks_per_frame: int


@lru_cache(maxsize=64)
def grid_for(rate: Rate) -> Grid:
    """Find the tempo nearest 120 at which a quarter is a whole number of frames and of microseconds.

    >>> grid_for(Rate.of(Fraction(24000, 1001)))
    Grid(tempo=500500, pulses=960, ticks_per_frame=80)
    """
    found: list[tuple[bool, int, int]] = []
    for frames in range(1, PULSES + 1):
        tempo = frames * 1_000_000 / rate.fps
        if tempo.denominator == 1 and tempo < 1 << 24:
            found.append((PULSES % frames != 0, abs(int(tempo) - USUAL_TEMPO), frames))
    if not found:
        raise CannotWrite("no MIDI tempo puts this frame rate on whole ticks", found=rate.name)
    # A tempo near 120 counts more than round pulses: far slower ones do not divide a frame finely.
    _, _, frames = min(found, key=lambda one: (one[1] > USUAL_TEMPO, one))
    ticks = PULSES // frames
    return Grid(int(frames * 1_000_000 / rate.fps), frames * ticks, ticks)


# ------------------------------------------------------------------------------------------------------------- writing


def write(timeline: otio.schema.Timeline, file: BinaryIO, report: Report, options: MidiWriteOptions) -> None:
    """Write the cues, and the plain markers unless only cues are asked for."""
    facts = timeline_facts(timeline)
    grid = grid_for(facts.rate)
    track = mido.MidiTrack()
    name = one_line(timeline.name or "Markers")
    track.append(mido.MetaMessage("track_name", name=_encodable(name, "", facts, 0, report, options), time=0))
    track.append(_smpte_offset(facts, report))
    track.append(mido.MetaMessage("set_tempo", tempo=grid.tempo, time=0))
    track.append(mido.MetaMessage("time_signature", numerator=4, denominator=4, time=0))
    last = 0
    for tick, text in _placed_texts(timeline, facts, grid, report, options):
        track.append(mido.MetaMessage("marker", text=text, time=tick - last))
        last = tick
    track.append(mido.MetaMessage("end_of_track", time=0))
    midi = mido.MidiFile(type=1, ticks_per_beat=grid.pulses, charset="utf-8")
    midi.tracks.append(track)
    midi.save(file=file)


def _placed_texts(
    timeline: otio.schema.Timeline, facts: TimelineFacts, grid: Grid, report: Report, options: MidiWriteOptions
) -> list[tuple[int, str]]:
    """Give tick and text of each marker in order; two on one frame keep the order of their numbers."""
    characters = timeline_characters(timeline)
    placed: list[tuple[int, Any, str]] = []
    for marker in timeline.tracks.markers:
        cue, plain = cue_of(marker), plain_marker(marker)
        if cue is None and (options.markers == "cues" or not plain.visible):
            continue
        seconds = plain.record_in if cue is None else cue.seconds_in(facts)
        if cue is None:
            human = one_line(": ".join(part for part in (plain.name, plain.comment) if part))
            text = _encodable(human, human, facts, seconds, report, options)
        else:
            told = lay_out(cue, characters, CARRIERS["utf8"], "none").name
            _encodable(told, told, facts, seconds, report, options)
            text = lay_out(cue, characters, CARRIERS[options.text], options.tags).name
        tick = _tick(seconds, facts, grid, text, report) + options.bias_ticks
        placed.append((max(0, tick), natural_key((cue.number if cue else None) or ""), text))
    return [(tick, text) for tick, _, text in sorted(placed, key=lambda one: one[:2])]


def _encodable(
    text: str, where: str, facts: TimelineFacts, seconds: Fraction | int, report: Report, options: MidiWriteOptions
) -> str:
    """Give the text as the host can show it, saying what changed."""
    if options.text == "utf8":
        return text
    plain = to_ascii(text)
    if plain != text:
        report.note("text-replaced", where=where, time=facts.timecode(Fraction(seconds)), was=text, now=plain)
    return plain


def _tick(seconds: Fraction, facts: TimelineFacts, grid: Grid, name: str, report: Report) -> int:
    """Give the tick of a time; between frames the nearest tick counts, which is reported."""
    exact = seconds * facts.rate.fps * grid.ticks_per_frame
    tick = round_half_up(exact)
    if tick != exact:
        moved = (tick - exact) / (facts.rate.fps * grid.ticks_per_frame)
        report.note(
            "time-rounded",
            where=name,
            time=facts.timecode(seconds),
            moved_by=moved,
            grid="tick",
            moved=f"{float(abs(moved)) * 1000:.3f} ms",
        )
    if tick < 0:
        report.note("cue-outside-timeline", where=name, time=facts.timecode(seconds), name=name)
    return max(0, tick)


def _smpte_offset(facts: TimelineFacts, report: Report) -> Any:
    """Write the start as `FF 54`: at double rates the label is halved and the odd frame becomes half a frame.

    Pro Tools takes it as the session start and reads code 2 as 30 drop, as its own exports do.
    """
    nominal, drop = facts.rate.nominal, facts.rate.drop
    base = next((one for one in (30, 25, 24) if nominal % one == 0 or one % nominal == 0), 30)
    head, _, frames = facts.start_timecode.replace(";", ":").rpartition(":")
    hours, minutes, seconds = (int(part) for part in head.split(":"))
    hundredths = Fraction(int(frames) * base * 100, nominal)
    if hundredths.denominator != 1:
        report.note(
            "time-rounded", where="start", time=facts.start_timecode, grid="1/100 frame", moved="less than that"
        )
    whole, part = divmod(round_half_up(hundredths), 100)
    rate = MIDO_RATES[(base, drop and base == 30)]
    return mido.MetaMessage(
        "smpte_offset",
        frame_rate=rate,
        hours=hours % 24,
        minutes=minutes,
        seconds=seconds,
        frames=whole,
        sub_frames=part,
        time=0,
    )


# ------------------------------------------------------------------------------------------------------------- reading


@dataclass(frozen=True)
class MetaEvent:
    """One meta event: its tick, type, bytes, and the track from 0."""

    tick: int
    kind: int
    data: bytes
    track: int


def sniff(head: bytes) -> Claim:
    """Say whether the first bytes are a Standard MIDI File, bare or in a RIFF wrapper."""
    if head.startswith(b"MThd"):
        return Claim.CERTAIN
    return Claim.CERTAIN if head.startswith(b"RIFF") and head[8:12] == b"RMID" else Claim.NO


def read(file: BinaryIO, report: Report, options: MidiReadOptions) -> Timelines:
    """Read the markers of all tracks, each on the frame nearest to its time."""
    path = path_of(file)
    division, events = _events(file.read(), report, path)
    clock = _Clock(division, events)
    offset = next((event.data for event in events if event.kind == 0x54 and len(event.data) >= 5), None)
    facts = _facts(offset, division, clock, options, report)
    timeline = otio.schema.Timeline(
        name=_track_name(events, report, options) or options.name or (path.stem if path else "")
    )
    put_timeline_facts(timeline, facts)
    for event in events:
        if event.kind in SHOWN_AS_MARKERS:
            timeline.tracks.markers.append(_marker(event, clock, facts, report, options))
    return [timeline]


def _events(data: bytes, report: Report, path: Any) -> tuple[int, list[MetaEvent]]:
    """Walk the chunks, skipping what is not ours, and give division and meta events in order of tick."""
    start = data.find(b"MThd", 0, 4096)
    if start < 0 or len(data) < start + 14:
        raise FormatError(path=path, place="byte 0", expected="the chunk MThd", found=repr(data[:4]))
    division = int.from_bytes(data[start + 12 : start + 14], "big")
    if not division or (division & 0x8000 and (256 - (division >> 8) not in DIVISION_RATES or not division & 0xFF)):
        raise FormatError(path=path, place=f"byte {start + 12}", expected="a division", found=hex(division))
    events: list[MetaEvent] = []
    tracks = 0
    for offset, body in _track_chunks(data, start, report):
        try:
            for event in _track_events(body, tracks):
                events.append(event)
        except (IndexError, ValueError):
            report.note("element-ignored", source=f"byte {offset}", name=f"rest of the damaged track {tracks + 1}")
        tracks += 1
    if not tracks:
        raise FormatError(path=path, expected="a track chunk MTrk", found="none")
    return division, sorted(events, key=lambda event: event.tick)


def _track_chunks(data: bytes, start: int, report: Report) -> Iterator[tuple[int, bytes]]:
    position = start
    while position + 8 <= len(data):
        name, size = data[position : position + 4], int.from_bytes(data[position + 4 : position + 8], "big")
        if name == b"MTrk":
            yield position, data[position + 8 : position + 8 + size]
        elif name != b"MThd":
            report.note("element-ignored", source=f"byte {position}", name=f"chunk {name!r}")
        position += 8 + size


_DATA_BYTES = {0x8: 2, 0x9: 2, 0xA: 2, 0xB: 2, 0xC: 1, 0xD: 1, 0xE: 2}


def _track_events(body: bytes, track: int) -> Iterator[MetaEvent]:
    """Yield the meta events of a track, stepping over notes and the rest; IndexError where it is cut off."""
    position, tick, running = 0, 0, 0
    while position < len(body):
        delta, position = _variable(body, position)
        tick += delta
        status = body[position]
        if status & 0x80:
            position += 1
        else:
            status = running
        if status == 0xFF:
            kind = body[position]
            size, position = _variable(body, position + 1)
            if position + size > len(body):
                raise IndexError(position)
            if kind == 0x2F:
                return
            yield MetaEvent(tick, kind, body[position : position + size], track)
            position += size
        elif status in (0xF0, 0xF7):
            size, position = _variable(body, position)
            position += size
        elif status >> 4 in _DATA_BYTES:
            running = status
            position += _DATA_BYTES[status >> 4]
        else:
            raise ValueError(f"status {status:#x}")


def _variable(body: bytes, position: int) -> tuple[int, int]:
    """Read a number in groups of seven bits: its value and where it ends."""
    value = 0
    for place in range(position, position + 4):
        value = value << 7 | body[place] & 0x7F
        if not body[place] & 0x80:
            return value, place + 1
    raise ValueError("a length of more than four bytes")


class _Clock:
    """Ticks to exact seconds, over every tempo of every track."""

    def __init__(self, division: int, events: list[MetaEvent]) -> None:
        self.division = division
        self.tempos: list[tuple[int, Fraction, Fraction]] = []
        if division & 0x8000:
            per_second = DIVISION_RATES[256 - (division >> 8)] * (division & 0xFF)
            self.tempos.append((0, Fraction(0), 1 / per_second))
            return
        self._add(0, USUAL_TEMPO)
        for event in events:
            if event.kind == 0x51 and len(event.data) == 3 and any(event.data):
                self._add(event.tick, int.from_bytes(event.data, "big"))

    def _add(self, tick: int, tempo: int) -> None:
        here = self.seconds(tick) if self.tempos else Fraction(0)
        self.tempos.append((tick, here, Fraction(tempo, 1_000_000 * self.division)))

    def seconds(self, tick: int) -> Fraction:
        """Give the time of a tick."""
        start, seconds, per_tick = next(one for one in reversed(self.tempos) if one[0] <= tick)
        return seconds + (tick - start) * per_tick

    def runs_at_ntsc(self) -> bool:
        """Whether every tempo is one that only makes sense at 1000/1001 of a whole rate."""
        tempos = {round_half_up(per_tick * 1_000_000 * self.division) for _, _, per_tick in self.tempos[1:]}
        return bool(tempos) and not self.division & 0x8000 and all(tempo % 1001 == 0 for tempo in tempos)


def _facts(
    offset: bytes | None, division: int, clock: _Clock, options: MidiReadOptions, report: Report
) -> TimelineFacts:
    """Settle rate and start: the user's rate, else the code of `FF 54`, else that of the division."""
    if offset is None:
        rate = options.rate or _rate_of_division(division)
        report.note("start-guessed", start="00:00:00:00", why="the file has no SMPTE offset")
        return TimelineFacts(rate, 0, format="midi_markers")
    counted, fps, drop = OFFSET_RATES[offset[0] >> 5 & 3]
    rate = options.rate or _rate_of_code(fps, drop, clock, report)
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


def _rate_of_code(fps: Fraction, drop: bool, clock: _Clock, report: Report) -> Rate:
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


def _marker(
    event: MetaEvent, clock: _Clock, facts: TimelineFacts, report: Report, options: MidiReadOptions
) -> otio.schema.Marker:
    seconds = clock.seconds(event.tick)
    placed = seconds_of_frame(nearest_frame(seconds, facts.rate), facts.rate)
    text = _decoded(event.data, report, options)
    source = f"track {event.track + 1}, tick {event.tick}"
    if placed != seconds:
        moved = placed - seconds
        report.note(
            "time-rounded",
            where=text,
            time=facts.timecode(placed),
            source=source,
            moved_by=moved,
            grid="frame",
            moved=f"{float(abs(moved)) * 1000:.3f} ms",
        )
    return to_otio_marker(PlainMarker(placed, name=text, origin=source), facts.rate.fps)


def _decoded(data: bytes, report: Report, options: MidiReadOptions) -> str:
    encoding = {"utf8": "utf-8"}.get(options.text, options.text)
    try:
        return data.decode(encoding).rstrip("\0")
    except UnicodeDecodeError:
        report.note("text-encoding-guessed", where=data.decode("latin-1"), encoding="Latin-1")
        return data.decode("latin-1").rstrip("\0")


def _track_name(events: list[MetaEvent], report: Report, options: MidiReadOptions) -> str:
    names = [event.data for event in events if event.kind == 0x03 and event.track == 0]
    return _decoded(names[0], report, options) if names else ""


FORMAT = Format(
    name="midi_markers",
    title="MIDI marker file",
    suffixes=(".mid", ".midi", ".smf"),
    sniff=sniff,
    reads=Feature.MARKERS | Feature.START_TIMECODE | Feature.DROP_FRAME,
    writes=Feature.CUES | Feature.MARKERS | Feature.MARKER_COMMENTS | Feature.START_TIMECODE | Feature.DROP_FRAME,
    purpose=Purpose.CUES,
    read_options=MidiReadOptions,
    write_options=MidiWriteOptions,
    read=read,
    write=write,
)
globals().update(FORMAT.otio_functions())
