"""Recorder files with headers as recorders write them, sparse behind: the sound is silence unless a test gives some.

Built with `struct` alone, so that a fault of our reading or writing cannot hide in both sides.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from xml.sax.saxutils import escape

import numpy as np

from postsync.conforming.rushes import RushFile
from postsync.conforming.rushes.events import Event


@dataclass(frozen=True)
class Header:
    """What a made file states; None leaves it out. `stamp` and `length` in samples."""

    length: int = 48_000
    stamp: int | None = None
    channels: int = 1
    sample_rate: int = 48_000
    bits: int = 24
    date: str = "2026-03-02"
    clock: str = "10:00:00"
    recorder: str = "SoundDev: 833 S#A1"
    roll: str | None = None
    scene: str | None = None
    take: str | None = None
    tracks: Sequence[str] = ()
    first_track: int = 1
    uid: str | None = None
    family: str | None = None
    circled: bool | None = None
    rate: str | None = None
    flag: str | None = None
    digitizer_rate: int | None = None
    original: str | None = None
    has_ixml: bool = True
    has_bext: bool = True


def make_rush(path: Path, header: Header, sound: np.ndarray | None = None, at: int = 0) -> Path:
    """Write a file; `sound` has a row for each channel, in -1…1, and begins at the sample `at`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    width = header.bits // 8
    size = header.length * header.channels * width
    chunks = _bext(header) if header.has_bext else b""
    chunks += _ixml(header) if header.has_ixml else b""
    rate, frame = header.sample_rate, header.channels * width
    chunks += struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, header.channels, rate, rate * frame, frame, header.bits)
    head = (
        struct.pack("<4sI4s", b"RIFF", 4 + len(chunks) + 8 + size, b"WAVE")
        + chunks
        + struct.pack("<4sI", b"data", size)
    )
    with path.open("wb") as file:
        file.write(head)
        if sound is not None:
            values = np.clip(
                np.rint(sound.T * 2 ** (header.bits - 1)), -(2 ** (header.bits - 1)), 2 ** (header.bits - 1) - 1
            )
            packed = values.astype("<i4").reshape(-1, 1).view(np.uint8).reshape(-1, 4)[:, :width]
            file.seek(len(head) + at * frame)
            file.write(packed.tobytes())
        file.truncate(len(head) + size)
    return path


def _bext(header: Header) -> bytes:
    lines = [("sSCENE", header.scene), ("sTAKE", header.take), ("sTAPE", header.roll)] if not header.has_ixml else []
    text = "\r\n".join(f"{key}={value}" for key, value in lines if value).encode()
    body = text[:256].ljust(256, b"\0") + header.recorder.encode()[:32].ljust(32, b"\0") + bytes(32)
    body += header.date.encode().ljust(10, b"\0")[:10] + header.clock.encode().ljust(8, b"\0")[:8]
    body += struct.pack("<QH", header.stamp or 0, 1) + bytes(64 + 10 + 180)
    return struct.pack("<4sI", b"bext", len(body)) + body


def _ixml(header: Header) -> bytes:
    told = {
        "SCENE": header.scene, "TAKE": header.take, "TAPE": header.roll, "FILE_UID": header.uid,
        "CIRCLED": None if header.circled is None else str(header.circled).upper(),
    }  # fmt: skip
    text = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in told.items() if value is not None)
    speed = {
        "TIMECODE_RATE": header.rate, "TIMECODE_FLAG": header.flag,
        "DIGITIZER_SAMPLE_RATE": header.digitizer_rate, "FILE_SAMPLE_RATE": header.sample_rate,
    }  # fmt: skip
    text += "<SPEED>" + "".join(f"<{name}>{value}</{name}>" for name, value in speed.items() if value) + "</SPEED>"
    if header.family:
        text += f"<FILE_SET><FAMILY_UID>{header.family}</FAMILY_UID></FILE_SET>"
    if header.original:
        text += f"<HISTORY><ORIGINAL_FILENAME>{escape(header.original)}</ORIGINAL_FILENAME></HISTORY>"
    rows = "".join(
        f"<TRACK><CHANNEL_INDEX>{header.first_track + place}</CHANNEL_INDEX><INTERLEAVE_INDEX>{place + 1}</INTERLEAVE_INDEX>"
        f"<NAME>{escape(name)}</NAME></TRACK>"
        for place, name in enumerate(header.tracks)
    )
    text += f"<TRACK_LIST><TRACK_COUNT>{len(header.tracks)}</TRACK_COUNT>{rows}</TRACK_LIST>" if rows else ""
    body = f"<BWFXML><IXML_VERSION>1.61</IXML_VERSION>{text}</BWFXML>".encode()
    body += b" " * (len(body) % 2)
    return struct.pack("<4sI", b"iXML", len(body)) + body


def rushes_of_list(events: Sequence[Event], rate: int = 48_000) -> list[RushFile]:
    """Recordings as the recorder must have made them for an edit to exist: of every roll, each take as far as it is used.

    Only what the edit says is known: rolls, times, and the scenes and takes in its names.
    """
    files: list[RushFile] = []
    rolls: dict[str, list[Event]] = {}
    for one in events:
        if one.roll_text and one.timed:
            rolls.setdefault(one.roll_text, []).append(one)
    for roll, found in rolls.items():
        found.sort(key=lambda one: one.source)
        takes: list[list[Event]] = []
        for one in found:
            last = takes[-1] if takes else []
            if last and (one.name == last[0].name or one.source < max(each.source + each.used for each in last)):
                last.append(one)
            else:
                takes.append([one])
        for number, take in enumerate(takes):
            begin, end = take[0].source, max(one.source + one.used for one in take)
            before = max(one.source + one.used for one in takes[number - 1]) if number else Fraction(0)
            after = takes[number + 1][0].source if number + 1 < len(takes) else end + 12
            begin -= min(Fraction(8), (begin - before) / 3)
            end += min(Fraction(4), (after - end) / 3)
            stamp = int(begin * rate)
            scene, _, words = take[0].name.partition(".SUB.")[0].partition("-")
            files.append(
                RushFile(
                    path=f"/rushes/{roll}/{roll}T{number + 1:03}.WAV", sample_rate=rate, channels=4, bits=24,
                    length=int(end * rate) + 1 - stamp, stamp=stamp, roll=roll, scene=scene or None, take=words or None,
                )
            )  # fmt: skip
    return files
