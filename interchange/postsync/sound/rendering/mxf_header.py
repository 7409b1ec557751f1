"""What the header of an MXF says of the material: its timecode, tape and identity.

SMPTE 377: local sets in the first partition, tied together by their instance ids. Cameras state timecode on the material
package; Avid's files state it on the tape that the essence came from, with the place on it, and count their own from 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO

from postsync.sound.mxf import LABEL, first_key, value_of
from postsync.timing import Rate, as_rate

MOST_SETS = 20_000
_LARGEST_SET = 1 << 16
_SET = bytes.fromhex("060e2b34025301010d010101010101")
_ESSENCE = bytes.fromhex("060e2b34010201")

_MATERIAL, _SOURCE, _SEQUENCE, _SOURCE_CLIP, _TIMECODE = 0x36, 0x37, 0x0F, 0x11, 0x14
_INSTANCE, _PACKAGE, _NAME, _TRACKS, _OF_TRACK, _COMPONENTS = 0x3C0A, 0x4401, 0x4402, 0x4403, 0x4803, 0x1001
_EDIT_RATE, _START, _BASE, _DROP, _POSITION, _CLIP_OF = 0x4B01, 0x1501, 0x1502, 0x1503, 0x1201, 0x1101

_Tags = dict[int, bytes]


@dataclass(frozen=True)
class MxfHeader:
    """The first frame of the material by its timecode, the rate of that, the tape, the material's UMID."""

    start_frame: int | None = None
    rate: Rate | None = None
    tape: str | None = None
    umid: str | None = None


def mxf_header(path: Path) -> MxfHeader:
    """Read the header of an MXF as far as it goes; nothing is raised for what it does not say."""
    with path.open("rb") as file:
        sets = _Sets(list(_sets(file)))
    material = next(sets.of_kind(_MATERIAL), None)
    files = list(sets.of_kind(_SOURCE))
    umid = material[_PACKAGE].hex().upper() if material is not None and _PACKAGE in material else None
    tapes = [tape for _, tape in sets.origins(files)]
    packages = ([] if material is None else [material]) + [one for one in files if one not in tapes]
    stated = [code for code in (*map(sets.timecode, packages), sets.timecode_of_tape(files)) if code is not None]
    frame, rate = next((code for code in stated if code[0]), stated[0] if stated else (None, None))
    return MxfHeader(frame, rate, _tape(sets, files), umid)


def _tape(sets: _Sets, files: list[_Tags]) -> str | None:
    """Give the name of the package that the essence was taken from, where it is in the file."""
    named = (package[_NAME] for _, package in sets.origins(files) if package.get(_NAME))
    return next((name.decode("utf-16-be", "replace").rstrip("\0") or None for name in named), None)


class _Sets:
    """The sets of a header by kind and by instance."""

    def __init__(self, found: list[tuple[int, _Tags]]) -> None:
        self._found = found
        self._by_id = {tags[_INSTANCE]: (kind, tags) for kind, tags in found if _INSTANCE in tags}

    def of_kind(self, wanted: int) -> Iterator[_Tags]:
        return (tags for kind, tags in self._found if kind == wanted)

    def _referred(self, batch: bytes) -> Iterator[tuple[int, _Tags]]:
        for at in range(8, len(batch), 16):
            if batch[at : at + 16] in self._by_id:
                yield self._by_id[batch[at : at + 16]]

    def components(self, package: _Tags) -> Iterator[tuple[Fraction, int, _Tags]]:
        """Yield (edit rate of the track, kind, component) of everything on the tracks of a package."""
        for _, track in self._referred(package.get(_TRACKS, b"")):
            rate = _fraction(track.get(_EDIT_RATE, b""))
            kind, segment = self._by_id.get(track.get(_OF_TRACK, b""), (0, {}))
            if rate is None:
                continue
            if kind == _SEQUENCE:
                yield from ((rate, *part) for part in self._referred(segment.get(_COMPONENTS, b"")))
            elif kind:
                yield rate, kind, segment

    def timecode(self, package: _Tags) -> tuple[int, Rate] | None:
        """Give the first timecode on a package: frame count at its beginning, and rate."""
        for edit_rate, kind, part in self.components(package):
            base = int.from_bytes(part.get(_BASE, b""), "big")
            if kind == _TIMECODE and base and len(part.get(_START, b"")) == 8:
                drop = any(part.get(_DROP, b""))
                return int.from_bytes(part[_START], "big", signed=True), as_rate(_speed(edit_rate, base), drop=drop)
        return None

    def origins(self, files: list[_Tags]) -> Iterator[tuple[Fraction, _Tags]]:
        """Yield (seconds into it, package) for each package that the essence was taken from."""
        packages = {package.get(_PACKAGE, b""): package for package in files}
        for package in files:
            for rate, kind, part in self.components(package):
                origin = packages.get(part.get(_CLIP_OF, b"")) if kind == _SOURCE_CLIP else None
                if origin is not None and origin is not package:
                    yield int.from_bytes(part.get(_POSITION, b""), "big", signed=True) / rate, origin

    def timecode_of_tape(self, files: list[_Tags]) -> tuple[int, Rate] | None:
        for seconds, origin in self.origins(files):
            found = self.timecode(origin)
            if found is not None:
                return found[0] + int(seconds * found[1].fps), found[1]
        return None


def _speed(edit_rate: Fraction, base: int) -> Fraction:
    """Give frames a second: the track's edit rate, unless it counts samples or differs from the base by more than 1 %."""
    return edit_rate if abs(edit_rate / base - 1) < Fraction(1, 100) else Fraction(base)


def _fraction(raw: bytes) -> Fraction | None:
    top, bottom = int.from_bytes(raw[:4], "big"), int.from_bytes(raw[4:8], "big")
    return Fraction(top, bottom) if top and bottom else None


def _sets(file: BinaryIO) -> Iterator[tuple[int, _Tags]]:
    """Yield (kind, tags) of each local set before the first essence."""
    size = file.seek(0, 2)
    at = first_key(file, size)
    for _ in range(MOST_SETS):
        file.seek(at)
        head = file.read(25)
        begin, length = value_of(head, at)
        if head[:4] != LABEL or length is None or head[:7] == _ESSENCE:
            return
        if head[:14] == _SET[:14] and length <= _LARGEST_SET:
            file.seek(begin)
            yield head[14], _tags(file.read(length))
        at = begin + length


def _tags(content: bytes) -> _Tags:
    found: _Tags = {}
    at = 0
    while at + 4 <= len(content):
        tag, length = int.from_bytes(content[at : at + 2], "big"), int.from_bytes(content[at + 2 : at + 4], "big")
        found.setdefault(tag, content[at + 4 : at + 4 + length])
        at += 4 + length
    return found
