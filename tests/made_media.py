"""Media in which every sample tells its file, its channel and its position.

The files are sparse: as long as the asset says, written only where clips and their handles use them. Built with `struct` and
numpy alone, so that a fault of ours cannot hide in both the media and the check.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np

BLOCK = 1 << 16


def sample_values(file_id: int, channel: int, start: int, count: int) -> np.ndarray:
    """The 24-bit values that a made file holds at some positions; any other place holds others."""
    positions = np.arange(start, start + count, dtype=np.uint64)
    mixed = positions * np.uint64(0x9E3779B97F4A7C15) + np.uint64(
        (file_id * 64 + channel) * 0xD1B54A32D192ED03 & (2**64 - 1)
    )
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    return ((mixed >> np.uint64(40)).astype(np.int64)) - (1 << 23)


@dataclass(frozen=True)
class MadeFile:
    """One made file: its number, and the header facts that it was given."""

    path: Path
    file_id: int
    channels: int
    sample_rate: int
    length: int

    def value(self, channel: int, position: int) -> int:
        """What sounds at a position; silence outside the file."""
        if not 0 <= position < self.length:
            return 0
        return int(sample_values(self.file_id, channel, position, 1)[0])


def make_wav(
    path: Path,
    file_id: int,
    *,
    channels: int = 1,
    sample_rate: int = 48000,
    length: int,
    used: list[tuple[int, int]],
    time_reference: int | None = None,
) -> MadeFile:
    """Write a sparse 24-bit WAV (RF64 above 4 GB) whose samples are true in the `used` ranges and zero elsewhere."""
    path.parent.mkdir(parents=True, exist_ok=True)
    frame = channels * 3
    header = _header(channels, sample_rate, length * frame, time_reference)
    with path.open("wb") as file:
        file.write(header)
        for start, end in _together(used, length):
            for at in range(start, end, BLOCK):
                count = min(BLOCK, end - at)
                values = np.stack(
                    [sample_values(file_id, channel, at, count) for channel in range(1, channels + 1)], axis=1
                )
                packed = values.astype("<i4").reshape(-1, 1).view(np.uint8).reshape(-1, 4)[:, :3]
                file.seek(len(header) + at * frame)
                file.write(packed.tobytes())
        file.truncate(len(header) + length * frame)
    return MadeFile(path, file_id, channels, sample_rate, length)


def _together(used: list[tuple[int, int]], length: int) -> list[tuple[int, int]]:
    """Give ranges within a file as few that do not overlap: clips of one file mostly play the same of it."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted((max(0, start), min(length, end)) for start, end in used):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        elif start < end:
            joined.append((start, end))
    return joined


def _header(channels: int, sample_rate: int, size: int, time_reference: int | None) -> bytes:
    frame = channels * 3
    fmt = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, channels, sample_rate, sample_rate * frame, frame, 24)
    bext = b"" if time_reference is None else _bext(time_reference)
    body = len(fmt) + len(bext) + 8 + size + size % 2
    if body + 4 > 0xFFFFFFFF - 65536:
        ds64 = struct.pack("<4sIQQQI", b"ds64", 28, body + 4 + 36, size, size // frame, 0)
        return b"RF64\xff\xff\xff\xffWAVE" + ds64 + bext + fmt + b"data\xff\xff\xff\xff"
    return struct.pack("<4sI4s", b"RIFF", body + 4, b"WAVE") + bext + fmt + struct.pack("<4sI", b"data", size)


def _bext(time_reference: int) -> bytes:
    text = b"made for a test".ljust(256, b"\0") + b"postsync tests".ljust(32, b"\0") + bytes(32)
    body = text + b"2026-01-01" + b"12:00:00" + struct.pack("<QH", time_reference, 1) + bytes(64 + 10 + 180)
    return struct.pack("<4sI", b"bext", len(body)) + body
