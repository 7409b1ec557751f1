"""The `bext` chunk of Broadcast Wave: who recorded, when, and at which sample since midnight.

EBU Tech 3285: 602 fixed bytes and a coding history. The book says ASCII; recorders write UTF-8 and Latin-1, leave stack
contents behind the first NUL (Metacorder), and put `KEY=value` lines with a letter of their own before the key into the
description: `s` Sound Devices, `d` the same file after Pro Tools, `g` Metacorder, none Zoom.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from functools import cached_property

_FIXED = struct.Struct("<256s32s32s10s8sQH64s5h180x")
_STAMP_END = 346
_FIELD = re.compile(r"^[a-z]?([A-Z0-9_]+)=(.*)$")

LARGEST_STAMP = 2**64 - 1


@dataclass(frozen=True)
class Bext:
    """One `bext` chunk.

    `time_reference` counts samples since midnight at the file's rate, None where the chunk ends before it. `loudness`
    holds integrated loudness, range, true peak, momentary and short-term maximum in hundredths (version 2 only).

    >>> bext = Bext(originator="postsync", time_reference=172800000)
    >>> with Path("stamped.wav").open("wb") as file:
    ...     _ = write_wav(file, sample_rate=48000, bits=16, blocks=[bytes(96)], length_samples=48, bext=bext)
    >>> read_facts(Path("stamped.wav")).time_reference
    172800000
    """

    description: str = ""
    originator: str = ""
    originator_reference: str = ""
    date: str = ""
    time: str = ""
    time_reference: int | None = None
    version: int = 0
    umid: bytes = b""
    loudness: tuple[int, ...] | None = None
    coding_history: str = ""

    @cached_property
    def description_fields(self) -> dict[str, str]:
        """The `KEY=value` lines of the description without their writer's letter; the first of a key wins."""
        fields: dict[str, str] = {}
        for line in self.description.splitlines():
            if match := _FIELD.match(line.strip()):
                fields.setdefault(match[1], match[2].strip())
        return fields


def decode_text(raw: bytes) -> str:
    """Decode up to the first NUL: UTF-8, else Latin-1, never an error. What lies behind the NUL is not text."""
    raw = raw.split(b"\0", 1)[0]
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def parse_bext(content: bytes) -> Bext:
    """Read a `bext` as far as it goes."""
    fixed = content[: _FIXED.size].ljust(_FIXED.size, b"\0")
    description, originator, reference, date, time, stamp, version, umid, *loudness = _FIXED.unpack(fixed)
    return Bext(
        description=decode_text(description),
        originator=decode_text(originator),
        originator_reference=decode_text(reference),
        date=decode_text(date),
        time=decode_text(time),
        time_reference=stamp if len(content) >= _STAMP_END else None,
        version=version,
        umid=umid,
        loudness=tuple(loudness) if version >= 2 else None,
        coding_history=decode_text(content[_FIXED.size :]),
    )


def bext_bytes(bext: Bext) -> bytes:
    """Give the content of the chunk, of even length. Text that is too long is cut between letters.

    The version is 2 when loudness is there and 1 otherwise, whatever the record was read from.
    """
    fixed = _FIXED.pack(
        _encode(bext.description, 256),
        _encode(bext.originator, 32),
        _encode(bext.originator_reference, 32),
        _encode(bext.date, 10),
        _encode(bext.time, 8),
        min(max(bext.time_reference or 0, 0), LARGEST_STAMP),
        1 if bext.loudness is None else 2,
        bext.umid[:64],
        *(bext.loudness or (0,) * 5),
    )
    history = bext.coding_history.encode("utf-8", "replace")
    return fixed + history + b"\0" * (len(history) % 2)


def _encode(text: str, room: int) -> bytes:
    return text.encode("utf-8", "replace")[:room].decode("utf-8", "ignore").encode("utf-8")
