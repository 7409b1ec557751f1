"""Facts of a WAV file: its sound, its time stamp, and what the recorder said about the take.

Microsoft's RIFF and EBU Tech 3285, 3306; the rest is what Sound Devices, Zoom, Metacorder, Nuendo, Pro Tools and
iZotope RX really write. Where sources disagree, iXML names the take and `bext` stamps it: Pro Tools rewrites `bext`
on import and leaves a stale iXML behind. Samples are counted from the file's start, channels from 1.
"""

from __future__ import annotations

import re
import stat
import struct
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO

from postsync.errors import MediaError
from postsync.report import Report
from postsync.sound.bext import Bext, parse_bext
from postsync.sound.chunks import Chunk, Walk, walk_chunks
from postsync.sound.ixml import Ixml, parse_ixml, rate_of_text, truth
from postsync.sound.marks import CuePoint, RegionStamp, parse_cues, parse_region
from postsync.timing import round_half_up

PCM = 1
FLOAT = 3
EXTENSIBLE = 0xFFFE

FORMAT_TAGS = {PCM: "PCM", FLOAT: "float"}
"""The formats whose samples we read; others still give their facts.

>>> FORMAT_TAGS
{1: 'PCM', 3: 'float'}
"""

_TRACK_KEY = re.compile(r"TRK?(\d{1,4})")
_FMT = struct.Struct("<HHIIHH")
_TAG_OF_SUB_FORMAT = 24
_LIMITS = {"fmt ": 64, "fact": 4, "bext": 2**20, "iXML": 2**24, "cue ": 2**24, "LIST": 2**26, "regn": 4096}
"""The most bytes that we read of a chunk: far above any real one, far below what a lying size asks for."""


@dataclass(frozen=True)
class WavFacts:
    """What one WAV file states; None where it states nothing.

    `data_offset` and `data_size` are bytes, `length_samples` and `time_reference` samples at `sample_rate`. A
    `time_reference` of 0 is kept as 0, but means that nobody stamped the file: ask `stamped`.

    >>> facts = read_facts(Path("reel/12A-T3_Boom.wav"))
    >>> facts.container, facts.channels, facts.sample_rate, facts.bits, facts.stamped
    ('RIFF', 1, 48000, 16, True)
    """

    path: Path | None
    container: str
    format_tag: int
    channels: int
    sample_rate: int
    bits: int
    block_align: int
    data_offset: int
    data_size: int
    length_samples: int
    time_reference: int | None = None
    bext: Bext | None = None
    ixml: Ixml | None = None
    cue_points: tuple[CuePoint, ...] = ()
    regions: tuple[RegionStamp, ...] = ()
    chunks: tuple[Chunk, ...] = ()

    @property
    def stamped(self) -> bool:
        """Whether the file says where it lies in time; a stamp of 0 means that it does not know."""
        return bool(self.time_reference)

    @property
    def is_float(self) -> bool:
        """Whether samples are floating point."""
        return self.format_tag == FLOAT

    @property
    def bytes_per_sample(self) -> int:
        """Bytes of one sample of one channel, padding included."""
        return self.block_align // self.channels

    @property
    def scene(self) -> str | None:
        """Scene or cue number: iXML, else the description."""
        return (self.ixml.scene if self.ixml else None) or self._described("SCENE")

    @property
    def take(self) -> str | None:
        """Take as written, for takes are not always numbers: iXML, else the description."""
        return (self.ixml.take if self.ixml else None) or self._described("TAKE")

    @property
    def tape(self) -> str | None:
        """Tape or roll: iXML, else the description."""
        return (self.ixml.tape if self.ixml else None) or self._described("TAPE")

    @property
    def note(self) -> str | None:
        """What the recordist noted: iXML, else the description."""
        return (self.ixml.note if self.ixml else None) or self._described("NOTE")

    @property
    def circled(self) -> bool | None:
        """Whether the take was chosen on set; None where nothing says so or otherwise."""
        stated = self.ixml.circled if self.ixml else None
        return truth(self._described("CIRCLED")) if stated is None else stated

    @property
    def frame_rate(self) -> Fraction | None:
        """Frames a second that the recorder ran at: iXML timecode rate, master speed, then the description."""
        ixml = self.ixml or Ixml()
        described = (rate_of_text(self._described(key)) for key in ("SPEED", "FRAMERATE"))
        return next((rate for rate in (ixml.timecode_rate, ixml.master_speed, *described) if rate), None)

    def channel_name(self, channel: int) -> str | None:
        """Give the track name of a channel, from 1: iXML by its place in the file, else `TRKn` of the description."""
        tracks = self.ixml.tracks if self.ixml else ()
        placed = ((track.interleave_index or place, track.name) for place, track in enumerate(tracks, start=1))
        named = (name for place, name in placed if place == channel and name)
        return next(named, None) or self._described_track(channel)

    def _described(self, key: str) -> str | None:
        return (self.bext.description_fields.get(key) if self.bext else None) or None

    def _described_track(self, channel: int) -> str | None:
        """Find `TRKn` or `TRn`; a mono split of Sound Devices keeps the line of its channel, whatever its number."""
        fields = self.bext.description_fields if self.bext else {}
        names = {int(match[1]): name for key, name in fields.items() if (match := _TRACK_KEY.fullmatch(key))}
        if self.channels == 1 and len(names) == 1:
            return next(iter(names.values())) or None
        return names.get(channel) or None


def read_facts(source: Path | BinaryIO, report: Report | None = None) -> WavFacts:
    """Read the header of a WAV, RF64 or BW64 file without touching its sound.

    Faults that were read past and stamps that disagree are noted in the report. Raises MediaError where the file
    cannot be opened or is no WAV.

    >>> facts = read_facts(Path("reel/12A-T3_Boom.wav"))
    >>> facts.scene, facts.take, facts.length_samples
    ('12A', '3', 192000)
    """
    if not isinstance(source, Path):
        name = getattr(source, "name", None)
        return _facts(source, Path(name) if isinstance(name, str) else None, report)
    try:
        with opened_sound_file(source) as file:
            return _facts(file, source, report)
    except MediaError as error:
        error.at(source)
        raise
    except OSError as error:
        raise MediaError("cannot be read", path=source, found=error.strerror or str(error)) from error


def opened_sound_file(path: Path) -> BinaryIO:
    """Open a file for reading; MediaError for a pipe or a device, which would be waited for without an end."""
    mode = path.stat().st_mode
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise MediaError("not a file", path=path, expected="a file of sound", found="a pipe or a device")
    return path.open("rb", buffering=0)


def _facts(file: BinaryIO, path: Path | None, report: Report | None) -> WavFacts:
    walk = walk_chunks(file)
    sound = _sound(walk)
    bext_chunk, ixml_chunk = walk.first("bext"), walk.first("iXML")
    bext = None if bext_chunk is None else parse_bext(_content(walk, bext_chunk))
    ixml = None if ixml_chunk is None else parse_ixml(_content(walk, ixml_chunk))
    regions = (parse_region(_content(walk, chunk)) for chunk in walk.chunks if chunk.id == "regn")
    facts = WavFacts(
        path=path,
        container=walk.container,
        **sound,
        time_reference=_time_reference(bext, ixml, sound["sample_rate"]),
        bext=bext,
        ixml=ixml,
        cue_points=_cue_points(walk),
        regions=tuple(region for region in regions if region is not None),
        chunks=tuple(walk.chunks),
    )
    if report is not None:
        _note_faults(facts, walk, report)
    return facts


def _content(walk: Walk, chunk: Chunk | None) -> bytes:
    return b"" if chunk is None else walk.content(chunk, _LIMITS[chunk.id.upper() if chunk.id == "list" else chunk.id])


def _cue_points(walk: Walk) -> tuple[CuePoint, ...]:
    """Read cues and their texts; the Zoom H4n writes `list` in small letters."""
    cues = _content(walk, walk.first("cue "))
    lists = [_content(walk, chunk) for chunk in walk.chunks if chunk.id in ("LIST", "list")] if cues else []
    return parse_cues(cues, lists)


def _sound(walk: Walk) -> dict[str, int]:
    """Give the facts of `fmt ` and `data`, repaired where they contradict; MediaError where no sound is told."""
    content = _content(walk, walk.first("fmt "))
    if len(content) < _FMT.size:
        raise MediaError(
            "nothing says what its sound is", expected="a fmt chunk of 16 bytes", found=f"{len(content)} bytes"
        )
    tag, channels, sample_rate, _, block_align, bits = _FMT.unpack_from(content)
    if not channels or not sample_rate or not (bits or block_align):
        raise MediaError(
            "its fmt chunk describes no sound", found=f"{channels} channels, {sample_rate} Hz, {bits} bits"
        )
    if tag == EXTENSIBLE:
        tag = int.from_bytes(content[_TAG_OF_SUB_FORMAT : _TAG_OF_SUB_FORMAT + 2], "little") or PCM
    align = _block_align(walk, tag, channels, bits, block_align)
    data = walk.first("data")
    if data is None:
        walk.faults.append("no data chunk")
    offset, size = (walk.window.size, 0) if data is None else data[1:]
    return {
        "format_tag": tag,
        "channels": channels,
        "sample_rate": sample_rate,
        "bits": bits or align // channels * 8,
        "block_align": align,
        "data_offset": offset,
        "data_size": size,
        "length_samples": _length(walk, tag, size // align),
    }


def _block_align(walk: Walk, tag: int, channels: int, bits: int, stated: int) -> int:
    """Give the bytes of one frame: as stated where it can be true, else what channels and bits make."""
    if tag not in FORMAT_TAGS:
        return max(stated, channels)
    needed = -(-bits // 8)
    if stated and stated % channels == 0 and needed <= stated // channels <= 8:
        return stated
    walk.faults.append(f"block of {stated} bytes for {channels} channels of {bits} bits")
    return channels * max(needed, 1)


def _length(walk: Walk, tag: int, counted: int) -> int:
    """Give the length in samples; compressed sound states it in `fact`."""
    fact = _content(walk, walk.first("fact")) if tag not in FORMAT_TAGS else b""
    return int.from_bytes(fact, "little") if len(fact) == 4 else counted


def _time_reference(bext: Bext | None, ixml: Ixml | None, sample_rate: int) -> int | None:
    """Give the stamp: `bext` if it is a real one, else iXML, else whatever 0 there is."""
    stamp = None if bext is None else bext.time_reference
    return stamp or (_ixml_stamp(ixml, sample_rate) or stamp)


def _ixml_stamp(ixml: Ixml | None, sample_rate: int) -> int | None:
    """Give the iXML stamp in samples of the file; a recorder may have counted it at another rate."""
    if ixml is None or ixml.timestamp_samples is None:
        return None
    counted_at = ixml.timestamp_sample_rate or sample_rate
    if counted_at <= 0 or counted_at == sample_rate:
        return ixml.timestamp_samples
    return round_half_up(Fraction(ixml.timestamp_samples * sample_rate, counted_at))


def _note_faults(facts: WavFacts, walk: Walk, report: Report) -> None:
    where = facts.path.name if facts.path else ""
    for fault in walk.faults:
        report.note("wav-repaired", where=where, what=fault)
    told = _ixml_stamp(facts.ixml, facts.sample_rate)
    stamp = facts.bext.time_reference if facts.bext else None
    if told is not None and stamp is not None and told != stamp:
        report.note("stamp-disagrees", where=where, was=f"iXML {told}", now=f"bext {stamp}")
