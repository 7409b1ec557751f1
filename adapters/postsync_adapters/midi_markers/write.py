"""Writing: markers on ticks of a tempo on which every frame is a whole number of them, and notes that count cues in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any, BinaryIO, Literal

import mido
import opentimelineio as otio

from postsync.cueing import Carrier, TagLevel, lay_out, one_line, to_ascii
from postsync.errors import CannotWrite
from postsync.formats import Options
from postsync.model import (
    RecordingRules,
    TimelineFacts,
    cue_of,
    natural_key,
    plain_marker,
    timeline_characters,
    timeline_facts,
)
from postsync.placing import Note, cue_guides, guide_notes
from postsync.report import Report
from postsync.timing import Rate, round_half_up
from postsync_adapters.midi_markers.clock import USUAL_TEMPO

PULSES = 960
"""Ticks per quarter note wherever a frame comes out whole with them."""

MIDO_RATES = {(24, False): 24, (25, False): 25, (30, True): 29.97, (30, False): 30}

NOTE_VELOCITY = 100

CARRIERS = {
    "ascii": Carrier(note=False, one_line=True, points=True, ascii_only=True),
    "utf8": Carrier(note=False, one_line=True, points=True),
}
"""What a marker's name holds, by the encoding asked for."""


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
            "letters-replaced", count=len(broken), format="MIDI marker file", now=broken[0], remedy="--option text=utf8"
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
