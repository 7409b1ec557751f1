"""What an AAF says of a media file: descriptors, their summaries and locators.

The descriptor's own length and rate are not trusted alone: Resolve writes the timeline's rate there, Premiere a length in
frames. The Summary of a WAVE or AIFC descriptor is the header of the file itself and goes first.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from postsync_adapters.aaf.objects import AafFile, AafObject
from postsync_adapters.aaf.reading.identifiers import PICTURE_DESCRIPTORS, SOUND_DESCRIPTORS


@dataclass(frozen=True)
class FileFacts:
    """A media file as the AAF states it; `duration` and `stamp` in seconds, `stamp` from midnight."""

    kind: str | None
    form: str
    channels: int | None = None
    sample_rate: int | None = None
    bits: int | None = None
    duration: Fraction | None = None
    stamp: Fraction | None = None
    urls: tuple[str, ...] = ()
    embedded: bool = False
    frame_size: str | None = None


@dataclass(frozen=True)
class Summary:
    """The header of a sound file; `frames` None where it does not say how many."""

    channels: int
    sample_rate: int
    bits: int
    frames: int | None


def file_facts(mob: AafObject, slot: AafObject, slot_seconds: Fraction, aaf: AafFile) -> FileFacts:
    """Read the descriptor of a file mob."""
    outer = mob.get("EssenceDescription")
    descriptor = _telling(outer)
    header = summary_of(descriptor)
    rate = header.sample_rate if header else _whole(descriptor.get("AudioSamplingRate")) or _sound_rate(descriptor)
    stamp = descriptor.get("AudioTimeReference")
    return FileFacts(
        _kind(descriptor),
        descriptor.class_name,
        header.channels if header else descriptor.get("Channels") or None,
        rate,
        header.bits if header else descriptor.get("QuantizationBits"),
        _duration(descriptor, header, slot_seconds),
        Fraction(stamp, rate) if isinstance(stamp, int) and rate and stamp > 0 else None,
        tuple(_urls(outer)) or tuple(_urls(descriptor)),
        mob.get("MobID") in aaf.essences,
        _frame_size(descriptor),
    )


_FIELDS_APART = (1, 2)
"""The frame layouts that count the lines of one field: separate fields, and one field alone."""


def _frame_size(descriptor: AafObject) -> str | None:
    """Give width and height of whole frames; what a descriptor without pictures must state is 0."""
    width, height = descriptor.get("StoredWidth"), descriptor.get("StoredHeight")
    if not (isinstance(width, int) and isinstance(height, int) and width and height):
        return None
    return f"{width}x{height * 2 if descriptor.get('FrameLayout') in _FIELDS_APART else height}"


def _telling(descriptor: AafObject) -> AafObject:
    """Give the descriptor that says most: of several tracks in one file, the sound's."""
    inner = descriptor.get("FileDescriptors", []) if descriptor.class_name == "MultipleDescriptor" else []
    return next((one for one in inner if _kind(one) == "sound"), inner[0] if inner else descriptor)


def _kind(descriptor: AafObject) -> str | None:
    if any(descriptor.is_a(name) for name in SOUND_DESCRIPTORS):
        return "sound"
    return "picture" if any(descriptor.is_a(name) for name in PICTURE_DESCRIPTORS) else None


def _urls(descriptor: AafObject) -> list[str]:
    return [url for locator in descriptor.get("Locator", ()) if (url := url_of_locator(locator))]


def url_of_locator(locator: AafObject) -> str | None:
    """Give the place that a locator states: its URL, or the path that a text locator holds."""
    found = locator.get("URLString") if locator.class_name != "TextLocator" else locator.get("Name")
    return found if isinstance(found, str) and found else None


def _whole(rate: Any) -> int | None:
    return int(rate) if isinstance(rate, Fraction) and rate >= 1 else None


def _sound_rate(descriptor: AafObject) -> int | None:
    """Give the sample rate of a sound descriptor that has it nowhere else."""
    return _whole(descriptor.get("SampleRate")) if _kind(descriptor) == "sound" else None


def _duration(descriptor: AafObject, header: Summary | None, slot_seconds: Fraction) -> Fraction | None:
    """Give the length of a file: its own header's, else the descriptor's where the slot agrees, else the slot's."""
    if header is not None and header.frames:
        return Fraction(header.frames, header.sample_rate)
    rate, length = descriptor.get("SampleRate"), descriptor.get("Length")
    stated = Fraction(length) / rate if isinstance(length, int) and isinstance(rate, Fraction) and rate > 0 else None
    if stated is not None and stated > 0 and (not slot_seconds or abs(stated - slot_seconds) < Fraction(1, 5)):
        return stated
    return slot_seconds or stated


# ---------------------------------------------------------------------------------------------------------- summaries

_WAVE_FORMAT = struct.Struct("<HHIIHH")
_AIFF_COMMON = struct.Struct(">HIH10s")


def summary_of(descriptor: AafObject) -> Summary | None:
    """Read the header that a WAVE or AIFC descriptor quotes; None where there is none, or no sense in it."""
    data = descriptor.get("Summary") if "Summary" in descriptor else None
    if not isinstance(data, bytes) or len(data) < 12:
        return None
    try:
        if data[:4] in (b"RIFF", b"RF64"):
            return _wave(data)
        return _aiff(data) if data[:4] == b"FORM" else None
    except (struct.error, ValueError, OverflowError):
        return None


def _chunks(data: bytes, order: str) -> dict[bytes, tuple[int, int]]:
    """Give the chunks of a header: name → (size, place of its content). The first of a name counts."""
    found: dict[bytes, tuple[int, int]] = {}
    at = 12
    while at + 8 <= len(data):
        name, size = struct.unpack_from(f"{order}4sI", data, at)
        found.setdefault(name, (size, at + 8))
        at += 8 + size + size % 2
    return found


def _wave(data: bytes) -> Summary | None:
    chunks = _chunks(data, "<")
    if b"fmt " not in chunks:
        return None
    _, channels, rate, _, align, bits = _WAVE_FORMAT.unpack_from(data, chunks[b"fmt "][1])
    size = chunks.get(b"data", (0, 0))[0]
    if not channels or not rate:
        return None
    return Summary(channels, rate, bits, size // align if align and 0 < size < 0xFFFFFFFF else None)


def _aiff(data: bytes) -> Summary | None:
    chunks = _chunks(data, ">")
    if b"COMM" not in chunks:
        return None
    channels, frames, bits, rate = _AIFF_COMMON.unpack_from(data, chunks[b"COMM"][1])
    exponent, mantissa = struct.unpack(">HQ", rate)
    whole = mantissa >> (16383 + 63 - (exponent & 0x7FFF)) if (exponent & 0x7FFF) <= 16383 + 63 else 0
    return Summary(channels, whole, bits, frames or None) if channels and whole else None
