"""Cue points of a WAV file: the `cue ` chunk and the labels, notes and lengths of its `LIST adtl`.

Reaper, Cubase, Logic, WaveLab, Audition and iZotope RX read them, so a silent WAV with a time stamp at the reel's start is a
list of markers that travels. Positions are samples, counted from the stamp of `bext`; the frame rate stands in iXML. Lengths
are in `ltxt`, in Reaper's files in the loops of `smpl`. We write a new silent file, or a copy of a given one: its sound and
every other chunk stay as they are.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO, Literal
from xml.sax.saxutils import escape

import opentimelineio as otio

from postsync.cueing import NAME_AND_NOTE, NAME_ONLY, TagLevel, lay_out, printable
from postsync.errors import CannotWrite, FormatError, MediaError, RateError
from postsync.formats import (
    Claim,
    Feature,
    Format,
    Options,
    Purpose,
    Timelines,
    meant_time,
    path_of,
    rate_of_times,
    start_of_times,
)
from postsync.model import (
    Character,
    PlainMarker,
    TimelineFacts,
    put_timeline_facts,
    timeline_characters,
    timeline_facts,
    to_otio_marker,
)
from postsync.report import Report
from postsync.sound import Bext, CuePoint, WavFacts, read_facts, write_wav
from postsync.timing import (
    Rate,
    as_rate,
    frame_at,
    parse_timecode,
    samples_of_seconds,
    seconds_of_frame,
)
from postsync_adapters._carried import Shown, TimesReadOptions, shown_markers

TAIL = 1
"""Seconds of silence after the last marker: WaveLab drops markers at the very end of a file."""

BLOCK = 2**20

LARGEST = 2**32 - 2**16
"""A RIFF that grows beyond this would have to become RF64."""

_LOOP = struct.Struct("<IIII8x")
_LOOPS_AT = 36


@dataclass(frozen=True)
class WavWriteOptions(Options):
    """How the file is made.

    `onto`: a WAV of which a copy is written, with these cue points instead of its own; else silence of `sample_rate` and
    `bits`, as long as the markers reach. `tags`: what of the tag goes into labels.
    """

    onto: str | None = None
    sample_rate: int = 48000
    bits: Literal[8, 16, 24] = 16
    tags: TagLevel = "uid"


def sniff(head: bytes) -> Claim:
    """Say whether the first bytes are a WAV file."""
    return Claim.CERTAIN if head[:4] in (b"RIFF", b"RF64", b"BW64") and head[8:12] == b"WAVE" else Claim.NO


# ------------------------------------------------------------------------------------------------------------- reading


def read(file: BinaryIO, report: Report, options: TimesReadOptions) -> Timelines:
    """Read the cue points of a file; one without any is an empty timeline."""
    path = path_of(file)
    try:
        facts = read_facts(file, report)
    except MediaError as fault:
        raise FormatError(fault.message, path=path, expected=fault.expected, found=fault.found) from fault
    loops = _loops(file, facts)
    points = [_with_loop(point, loops) for point in facts.cue_points]
    name = options.name or (path.stem if path else "")
    timeline = otio.schema.Timeline(name=name)
    clock, late = _clock(facts, points, name, report, options)
    put_timeline_facts(timeline, clock)
    for point in sorted(points, key=lambda one: one.position):
        timeline.tracks.markers.append(to_otio_marker(_plain(point, late, facts, clock), clock.rate.fps))
    return [timeline]


def _loops(file: BinaryIO, facts: WavFacts) -> dict[int, tuple[int, int]]:
    """Give start and last sample of the loops in `smpl` by the cue point that they belong to."""
    chunk = next((one for one in facts.chunks if one.id == "smpl"), None)
    if chunk is None:
        return {}
    file.seek(chunk.offset + _LOOPS_AT)
    content = file.read(min(chunk.size - _LOOPS_AT, 2**24)) if chunk.size > _LOOPS_AT else b""
    whole = content[: len(content) // _LOOP.size * _LOOP.size]
    return {cue: (start, last) for cue, _, start, last in _LOOP.iter_unpack(whole)}


def _with_loop(point: CuePoint, loops: dict[int, tuple[int, int]]) -> CuePoint:
    start, last = loops.get(point.id, (-1, -1))
    return replace(point, length=last + 1 - start) if not point.length and start == point.position < last else point


def _clock(
    facts: WavFacts, points: list[CuePoint], name: str, report: Report, options: TimesReadOptions
) -> tuple[TimelineFacts, Fraction]:
    """Give the clock of a file, and how long after its first frame the file begins."""
    sample = Fraction(1, facts.sample_rate)
    rate = options.rate or _stated_rate(facts)
    rate = rate or rate_of_times([(point.position * sample, sample) for point in points], name, report)
    stamp = meant_time((facts.time_reference or 0) * sample, rate, sample)
    if options.start is not None:
        start = parse_timecode(options.start, rate, place="option start")
        stamp = stamp if facts.stamped else seconds_of_frame(start, rate)
    elif facts.stamped:
        start = frame_at(stamp, rate)
    else:
        start = start_of_times(None, rate, name, report)
    clock = TimelineFacts(rate, start, sample_rate=facts.sample_rate, format=FORMAT.name)
    return clock, stamp - seconds_of_frame(start, rate)


def _stated_rate(facts: WavFacts) -> Rate | None:
    if facts.frame_rate is None:
        return None
    drop = facts.ixml is not None and facts.ixml.timecode_flag == "DF"
    try:
        return as_rate(facts.frame_rate, drop=drop)
    except RateError:
        return as_rate(facts.frame_rate)


def _plain(point: CuePoint, late: Fraction, facts: WavFacts, clock: TimelineFacts) -> PlainMarker:
    sample = Fraction(1, facts.sample_rate)
    start = meant_time(late + point.position * sample, clock.rate, sample)
    end = meant_time(late + (point.position + (point.length or 0)) * sample, clock.rate, sample)
    return PlainMarker(
        start,
        max(Fraction(0), end - start) if point.length else Fraction(0),
        point.label or "",
        point.note or "",
        origin=f"cue point {point.id}",
    )


# ------------------------------------------------------------------------------------------------------------- writing


def write(timeline: otio.schema.Timeline, file: BinaryIO, report: Report, options: WavWriteOptions) -> None:
    """Write the sound, then the cue points behind it."""
    facts = timeline_facts(timeline)
    shown = shown_markers(timeline, NAME_AND_NOTE, "none", report)
    zero = seconds_of_frame(facts.start_frame, facts.rate)
    if options.onto is None:
        sample_rate, first, length = options.sample_rate, None, None
        _write_silence(timeline.name, shown, facts, file, options)
    else:
        source = Path(options.onto)
        sound = read_facts(source)
        sample_rate, length = sound.sample_rate, sound.length_samples
        first = Fraction(sound.time_reference or 0, sample_rate) if sound.stamped else None
        _copy_without_marks(source, sound, file)
    cast = timeline_characters(timeline)
    late = Fraction(0) if first is None else first - zero
    points = list(_points(shown, late, sample_rate, length, facts, report))
    file.write(_cue_chunk(points) + _list_chunk(points, cast, options.tags))
    _put_size(file)


def _write_silence(
    name: str, shown: Iterable[Shown], facts: TimelineFacts, file: BinaryIO, options: WavWriteOptions
) -> None:
    last = max((one.start if one.end is None else one.end for one in shown), default=Fraction(0))
    length = samples_of_seconds(max(last, Fraction(0)) + TAIL, options.sample_rate)
    stamp = samples_of_seconds(seconds_of_frame(facts.start_frame, facts.rate), options.sample_rate)
    frame = options.bits // 8
    silence = (b"\x80" if options.bits == 8 else b"\0") * (BLOCK // frame * frame)
    size = length * frame
    blocks = (silence[: min(len(silence), size - at)] for at in range(0, size, len(silence)))
    write_wav(
        file,
        sample_rate=options.sample_rate,
        bits=options.bits,
        blocks=blocks,
        length_samples=length,
        bext=Bext(description=name, originator="postsync", time_reference=stamp),
        ixml=_ixml(facts),
    )


def _ixml(facts: TimelineFacts) -> bytes:
    rate, flag = facts.rate.text, "DF" if facts.rate.drop else "NDF"
    speed = f"<TIMECODE_RATE>{escape(rate)}</TIMECODE_RATE><TIMECODE_FLAG>{flag}</TIMECODE_FLAG>"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<BWFXML><SPEED>{speed}</SPEED></BWFXML>'.encode()


def _copy_without_marks(source: Path, sound: WavFacts, file: BinaryIO) -> None:
    """Copy a WAV chunk by chunk, leaving its own cue points and their texts behind."""
    with source.open("rb") as original:
        file.write(original.read(12))
        for chunk in sound.chunks:
            original.seek(chunk.offset)
            is_text = chunk.id in ("LIST", "list") and original.read(4) == b"adtl"
            if chunk.id == "cue " or is_text:
                continue
            original.seek(chunk.offset - 8)
            header = original.read(8)
            stated = header[4:] if chunk.id == "data" and header[4:] == b"\xff" * 4 else struct.pack("<I", chunk.size)
            file.write(header[:4] + stated)
            _copy(original, file, chunk.size)
            if chunk.size % 2:
                file.write(b"\0")


def _copy(original: BinaryIO, file: BinaryIO, size: int) -> None:
    while size > 0:
        block = original.read(min(size, BLOCK))
        if not block:
            return
        file.write(block)
        size -= len(block)


def _put_size(file: BinaryIO) -> None:
    """Write the size of the whole into its head, in `ds64` where there is one."""
    size = file.tell() - 8
    file.seek(0)
    head = file.read(20)
    if head[:4] == b"RIFF":
        if size > LARGEST:
            raise CannotWrite(
                "too long for a WAV of this kind", found=f"{size} bytes", remedy="a lower sample_rate or bits"
            )
        file.seek(4)
        file.write(struct.pack("<I", size))
    elif head[12:16] == b"ds64":
        file.seek(20)
        file.write(struct.pack("<Q", size))
    file.seek(0, 2)


@dataclass(frozen=True)
class _Point:
    """A cue point that is to be written."""

    id: int
    position: int
    length: int
    shown: Shown


def _points(
    shown: Iterable[Shown],
    late: Fraction,
    sample_rate: int,
    length: int | None,
    facts: TimelineFacts,
    report: Report,
) -> Iterator[_Point]:
    """Yield the points with their samples; those outside a given sound are left out, which is reported."""
    count = 0
    for one in shown:
        position = samples_of_seconds(one.start - late, sample_rate)
        if position < 0 or (length is not None and position >= length):
            report.note("cue-outside-timeline", where=one.where, time=facts.timecode(one.start), name=one.where)
            continue
        end = position if one.end is None else samples_of_seconds(one.end - late, sample_rate)
        count += 1
        yield _Point(count, position, max(0, end - position), one)


def _cue_chunk(points: list[_Point]) -> bytes:
    rows = [
        struct.pack("<II4sIII", point.id, point.position, b"data", 0, 0, point.position)
        for point in points
    ]  # fmt: skip
    return _chunk(b"cue ", struct.pack("<I", len(rows)) + b"".join(rows))


def _list_chunk(points: list[_Point], cast: dict[str, Character], tags: TagLevel) -> bytes:
    texts: list[bytes] = [b"adtl"]
    for point in points:
        label, note = _texts(point.shown, cast, tags)
        texts.append(_chunk(b"labl", struct.pack("<I", point.id) + label))
        if len(note) > 1:
            texts.append(_chunk(b"note", struct.pack("<I", point.id) + note))
        if point.length:
            texts.append(_chunk(b"ltxt", struct.pack("<II4s8x", point.id, point.length, b"rgn ")))
    return _chunk(b"LIST", b"".join(texts))


def _texts(shown: Shown, cast: dict[str, Character], tags: TagLevel) -> tuple[bytes, bytes]:
    """Give label and note: of a cue its layout in one line and its note, of a marker its name and comment."""
    if shown.cue is None:
        label, note = shown.text.name, shown.text.comment
    else:
        label, note = lay_out(shown.cue, cast, NAME_ONLY, tags).name, printable(shown.cue.note or "")
    return label.encode("utf-8", "replace") + b"\0", note.encode("utf-8", "replace") + b"\0"


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack("<4sI", name, len(content)) + content + b"\0" * (len(content) % 2)


FORMAT = Format(
    name="wav_markers",
    title="WAV cue points",
    suffixes=(".wav", ".wave", ".bwf"),
    sniff=sniff,
    purpose=Purpose.CUES,
    reads=Feature.MARKERS
    | Feature.MARKER_COMMENTS
    | Feature.MARKER_DURATIONS
    | Feature.START_TIMECODE
    | Feature.DROP_FRAME
    | Feature.SUBFRAME,
    writes=Feature.CUES
    | Feature.MARKERS
    | Feature.MARKER_COMMENTS
    | Feature.MARKER_DURATIONS
    | Feature.START_TIMECODE
    | Feature.DROP_FRAME
    | Feature.SUBFRAME,
    read_options=TimesReadOptions,
    write_options=WavWriteOptions,
    read=read,
    write=write,
    claims_suffixes_in_otio=False,
)
globals().update(FORMAT.otio_functions())
