"""Standard MIDI file with markers: the one plain file from which Pro Tools, Nuendo, Cubase and Logic all take markers.

A marker is a name at a tick. The tempo is chosen so that every frame is a whole number of ticks, which makes positions
exact at every rate; `FF 54` (SMPTE offset) holds the start, from which ticks count. Durations have no place: the tag in
the name carries the out. Written with mido; read with our own walk over the chunks, since mido gives up a whole file over
one odd event. Bytes after the Standard MIDI Files 1.0 specification; what the hosts do with them is noted where it counts.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any, BinaryIO, Literal

import mido
import opentimelineio as otio

from postsync.cueing import Carrier, TagLevel, lay_out, one_line, to_ascii
from postsync.errors import CannotWrite, FormatError, RateError
from postsync.formats import Claim, Feature, Format, Options, Purpose, ReadOptions, Timelines, decode_text, path_of
from postsync.model import (
    PlainMarker,
    RecordingRules,
    TimelineFacts,
    cue_of,
    natural_key,
    plain_marker,
    put_timeline_facts,
    timeline_characters,
    timeline_facts,
    to_otio_marker,
)
from postsync.placing import Note, cue_guides, guide_notes
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


NOTE_VELOCITY = 100

CARRIERS = {
    "ascii": Carrier(note=False, one_line=True, points=True, ascii_only=True),
    "utf8": Carrier(note=False, one_line=True, points=True),
}
"""What a marker's name holds, by the encoding asked for."""


@dataclass(frozen=True)
class MidiReadOptions(ReadOptions):
    """`text`: how names are encoded, which no file says: Logic and we write UTF-8, other programs what their system has.

    `auto` takes UTF-8 where all names are that, else what their letters look like.
    """

    text: Literal["auto", "utf8", "shift_jis", "latin1", "cp1252", "mac_roman", "gb18030"] = "auto"


@dataclass(frozen=True)
class MidiWriteOptions(Options):
    """How markers are written.

    `text`: `ascii` for Pro Tools and Cubase, which mangle everything else, `utf8` for Logic. `bias_ticks` moves every
    marker later, for hosts that round the tempo down. `tags`: what of the tag goes into names. `markers`: `all`, or
    `cues` alone. `guides` adds tracks of notes that count each cue in: `beeps` beeps, `beep_spacing` apart, the beat after the
    last is the cue, and a note that runs up to it for as long as `streamer`; counts that meet are on tracks of their own.
    """

    text: Literal["ascii", "utf8"] = "ascii"
    bias_ticks: int = 0
    tags: TagLevel = "uid"
    markers: Literal["all", "cues"] = "all"
    guides: Literal["none", "beeps", "streamers", "both"] = "none"
    beeps: int = 3
    beep_spacing: str = "1s"
    streamer: str = "3s"


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
    midi.tracks.extend(_guide_tracks(timeline, facts, grid, report, options))
    midi.save(file=file)


def _guide_tracks(
    timeline: otio.schema.Timeline, facts: TimelineFacts, grid: Grid, report: Report, options: MidiWriteOptions
) -> Iterator[Any]:
    """Yield the tracks of notes that count cues in."""
    if options.guides == "none":
        return
    rules = RecordingRules(options.beeps, options.beep_spacing, options.streamer)
    counts = cue_guides(timeline, rules)
    for one in counts:
        if one.left_out:
            report.note("beeps-left-out", where=one.cue.number or one.cue.uid, count=one.left_out)
    both = options.guides == "both"
    tracks = guide_notes(
        counts, facts, beeps=both or options.guides == "beeps", streamers=both or options.guides == "streamers"
    )
    for name, notes in tracks.items():
        track = mido.MidiTrack([mido.MetaMessage("track_name", name=name, time=0)])
        last = 0
        for tick, message in _note_events(notes, facts, grid, report):
            track.append(message.copy(time=tick - last))
            last = tick
        track.append(mido.MetaMessage("end_of_track", time=0))
        yield track


def _note_events(notes: list[Note], facts: TimelineFacts, grid: Grid, report: Report) -> list[tuple[int, Any]]:
    """Give the beginnings and ends of notes by tick; of two at one tick the end comes first."""
    events: list[tuple[int, bool, Any]] = []
    for note in notes:
        ticks = [_tick(time, facts, grid, "guide note", report) for time in (note.on, note.off)]
        for tick, kind, velocity in zip(ticks, ("note_on", "note_off"), (NOTE_VELOCITY, 0), strict=True):
            message = mido.Message(kind, note=note.key, velocity=velocity, channel=note.channel)
            events.append((tick, kind == "note_on", message))
    return [(tick, message) for tick, _, message in sorted(events, key=lambda event: event[:2])]


def _placed_texts(
    timeline: otio.schema.Timeline, facts: TimelineFacts, grid: Grid, report: Report, options: MidiWriteOptions
) -> list[tuple[int, str]]:
    """Give tick and text of each marker in order; two on one frame keep the order of their numbers."""
    characters = timeline_characters(timeline)
    placed: list[tuple[int, Any, str]] = []
    broken: list[str] = []
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
            if options.tags == "full":  # else the reading back names the line as changed
                _encodable(told, told, facts, seconds, report, options)
            text = lay_out(cue, characters, CARRIERS[options.text], options.tags).name
            if _loses_letters(told):
                broken.append(text)
        tick = _tick(seconds, facts, grid, text, report) + options.bias_ticks
        placed.append((max(0, tick), natural_key((cue.number if cue else None) or ""), text))
    if broken and options.text == "ascii":
        report.note(
            "letters-replaced", count=len(broken), format=FORMAT.title, now=broken[0], remedy="--option text=utf8"
        )
    return [(tick, text) for tick, _, text in sorted(placed, key=lambda one: one[:2])]


def _loses_letters(text: str) -> bool:
    """Say whether letters of a text have no likeness in ASCII and become question marks there."""
    return to_ascii(text).count("?") > text.count("?") + text.count("¿")


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
    data = file.read()
    division, events = _events(data, report, path)
    clock, clocks = _Clock(division, events), _own_clocks(data, division, events)
    offset = next((event.data for event in events if event.kind == 0x54 and len(event.data) >= 5), None)
    facts = _facts(offset, division, clock, options, report)
    names = _Names(events, report, options)
    timeline = otio.schema.Timeline(name=_track_name(events, names) or options.name or (path.stem if path else ""))
    put_timeline_facts(timeline, facts)
    for event in events:
        if event.kind in SHOWN_AS_MARKERS:
            timeline.tracks.markers.append(
                _marker(event, names.text(event.data), clocks.get(event.track, clock), facts, report)
            )
    return [timeline]


INDEPENDENT_TRACKS = 2
"""The format in which every track is a piece of its own, with its own tempo."""


def _own_clocks(data: bytes, division: int, events: list[MetaEvent]) -> dict[int, _Clock]:
    """Give the clock of each track, where tracks have clocks of their own."""
    start = data.find(b"MThd", 0, 4096)
    if int.from_bytes(data[start + 8 : start + 10], "big") != INDEPENDENT_TRACKS:
        return {}
    tracks = {event.track for event in events}
    return {track: _Clock(division, [event for event in events if event.track == track]) for track in tracks}


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
    """Yield the tracks; one whose size is wrong, as in a recording that was cut off, ends where the next begins."""
    position = start
    while position + 8 <= len(data):
        name, size = data[position : position + 4], int.from_bytes(data[position + 4 : position + 8], "big")
        end = position + 8 + size
        if name == b"MTrk" and (end > len(data) or not _is_chunk_place(data, end)):
            following = data.find(b"MTrk", position + 8)
            stated, end = end, following if following > 0 else len(data)
            if following > 0 or stated < end:
                report.note("element-ignored", source=f"byte {position}", name="wrong size of a track")
        if name == b"MTrk":
            yield position, data[position + 8 : end]
        elif name != b"MThd":
            report.note("element-ignored", source=f"byte {position}", name=f"chunk {name!r}")
        position = end


def _is_chunk_place(data: bytes, position: int) -> bool:
    """Whether a chunk begins there, or the file ends."""
    name = data[position : position + 4]
    return position >= len(data) - 8 or (len(name) == 4 and name.isalnum())


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


def _marker(event: MetaEvent, text: str, clock: _Clock, facts: TimelineFacts, report: Report) -> otio.schema.Marker:
    seconds = clock.seconds(event.tick)
    placed = seconds_of_frame(nearest_frame(seconds, facts.rate), facts.rate)
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


class _Names:
    """Decodes the names of a file, all in one encoding."""

    def __init__(self, events: list[MetaEvent], report: Report, options: MidiReadOptions) -> None:
        self._encoding = {"utf8": "utf-8", "auto": "utf-8"}.get(options.text, options.text)
        if options.text == "auto":
            names = b"\n".join(event.data for event in events if event.kind in (0x03, *SHOWN_AS_MARKERS))
            self._encoding = decode_text(names, report).encoding if not _is_utf8(names) else "utf-8"

    def text(self, data: bytes) -> str:
        """Give a name; what does not fit shows as `\ufffd`."""
        return data.decode(self._encoding, "replace").replace("\0", "").strip()


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _track_name(events: list[MetaEvent], names: _Names) -> str:
    found = [event.data for event in events if event.kind == 0x03 and event.track == 0]
    return names.text(found[0]) if found else ""


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
