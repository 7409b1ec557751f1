"""What the index of the rushes knows of a file, and a recording: one pass of a recorder, in one file or several mono ones.

Stamps count samples since midnight of the recorder's timecode at the rate that the file states; `None` means that the file does
not say. Days are `YYMMDD`, as cameras and recorders write them into the names of rolls.
"""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from pathlib import Path

_MIX = re.compile(r"(?:^|[\s_.-])(?:[LR]?MIX|MONOMIX)(?:[\s_.-]?(?:L|R|LEFT|RIGHT|MONO|\d))?(?=$|[\s_.-])")
"""How recorders call the tracks of the mix: `Mix`, `MixL`, `MIX-R`, `LR Mix`, `Mix 1`.

`L`, `R`, `LT` alone are microphones of a pair or persons, and left and right as a function may be a pair too.
"""

CHANNEL_TAIL = re.compile(
    r"(?:[._ -](?:L|R|C|M|S|A\d{1,2}|CH\d{1,2}|TRK?\d{1,2}|\d{1,2}|BOOM\d?|LAV ?\d?|MIX[LR]?))$", re.IGNORECASE
)
"""How recorders name the mono files of a take: `A101_1_1`, `T003_BOOM`, `12A-3.A2`."""


@dataclass(frozen=True)
class TrackName:
    """What a file calls one of its channels: its place in the file and on the recorder (both from 1), name and function."""

    channel: int
    name: str = ""
    function: str = ""
    recorder_track: int | None = None

    @property
    def is_mix(self) -> bool:
        """Whether it holds the mix of the others."""
        return bool(_MIX.search(self.name.upper())) or self.function.upper().startswith("MIX")


@dataclass(frozen=True, kw_only=True)
class RushFile:
    """One sound file as its header tells it.

    `size` in bytes and `modified` in nanoseconds are those that it had when it was read; `problem` says in a sentence why
    it could not be read. `converter_rate` is the true rate of a recorder that stamps another. `pre_record` counts samples
    that lie before the button was pressed. `sound_print` stands for some of the sound of a file that has no identity.
    """

    path: str
    size: int = 0
    modified: int = 0
    problem: str | None = None
    sample_rate: int = 0
    converter_rate: int | None = None
    channels: int = 0
    bits: int = 0
    length: int = 0
    stamp: int | None = None
    frame_rate: str | None = None
    drop_frame: bool | None = None
    roll: str | None = None
    scene: str | None = None
    take: str | None = None
    note: str | None = None
    circled: bool | None = None
    take_types: str = ""
    day: str | None = None
    clock: str | None = None
    recorder: str | None = None
    project: str | None = None
    file_uid: str | None = None
    umid: str | None = None
    family: str | None = None
    original_name: str | None = None
    pre_record: int | None = None
    sound_print: str | None = None
    tracks: tuple[TrackName, ...] = ()

    @property
    def stem(self) -> str:
        """The name without folder and extension."""
        return Path(self.path).stem

    @property
    def is_called_mix(self) -> bool:
        """Whether its name ends with, or its folder is, the mix: what counts where its channels have no names."""
        path = Path(self.path)
        tail = CHANNEL_TAIL.search(path.stem)
        return bool(tail and _MIX.search(tail[0].upper())) or bool(_MIX.fullmatch(path.parent.name.upper()))

    def track(self, channel: int) -> TrackName:
        """Give what is said of a channel, from 1."""
        return next((one for one in self.tracks if one.channel == channel), TrackName(channel))


COLUMNS = tuple(one.name for one in dataclasses.fields(RushFile))


@dataclass(frozen=True)
class Microphone:
    """One channel of a recording: the file that it lies in, its channel there (from 1), and what it is called."""

    name: str
    file: RushFile
    channel: int
    is_mix: bool = False


@dataclass(frozen=True)
class Recording:
    """One pass of one recorder: a poly file, the mono files of one take, or these with a mix in a file of its own.

    `copies` are further places of the very same files. `rolls` and `scene_takes` are folded for comparing. `number` is its
    place in the index.
    """

    number: int
    files: tuple[RushFile, ...]
    rolls: frozenset[str] = frozenset()
    days: frozenset[str] = frozenset()
    scene_take: tuple[str, str] | None = None
    names: frozenset[str] = frozenset()
    copies: tuple[str, ...] = ()

    @property
    def first(self) -> RushFile:
        """Its first file, which speaks for all."""
        return self.files[0]

    @property
    def sample_rate(self) -> int:
        """Samples a second, as its files state."""
        return self.files[0].sample_rate

    @property
    def length(self) -> int:
        """Samples of the shortest of its files."""
        return min(file.length for file in self.files)

    def at_hand(self) -> Recording:
        """Give the recording with copies in place of files that are not there: often one of its drives is plugged in."""
        if not self.copies or all(Path(file.path).exists() for file in self.files):
            return self
        there = {Path(path).name: path for path in reversed(self.copies) if Path(path).exists()}
        files = tuple(
            file if Path(file.path).exists() else replace(file, path=there.get(Path(file.path).name, file.path))
            for file in self.files
        )
        return replace(self, files=files)

    @cached_property
    def microphones(self) -> tuple[Microphone, ...]:
        """Its channels in the order of its files."""
        split = len(self.files) > 1
        return tuple(
            _microphone(file, channel, split) for file in self.files for channel in range(1, file.channels + 1)
        )

    @cached_property
    def start(self) -> Fraction | None:
        """Where its first sample lies, in seconds since midnight; None where nobody stamped it."""
        stamp = self.files[0].stamp
        return Fraction(stamp, self.sample_rate) if stamp else None

    @cached_property
    def duration(self) -> Fraction:
        """Its length in exact seconds."""
        return Fraction(self.length, self.sample_rate)

    @cached_property
    def milliseconds(self) -> tuple[int, int]:
        """Where it begins and ends, in milliseconds with a little room, for a first look."""
        if self.start is None:
            return (0, 0)
        first, last = self.start * 1000, (self.start + self.duration) * 1000
        return first.numerator // first.denominator - 1, last.numerator // last.denominator + 1

    @property
    def label(self) -> str:
        """What a person calls it: scene and take where they are known, and its first file."""
        file = self.files[0]
        told = "/".join(part for part in (file.scene, file.take) if part)
        name = Path(file.path).name
        more = f" and {len(self.files) - 1} more" if len(self.files) > 1 else ""
        return f"{told} ({name}{more})" if told else f"{name}{more}"


def _microphone(file: RushFile, channel: int, split: bool) -> Microphone:
    """Name a channel: as the file does, by the end of its own name where the take is split, else by its number."""
    track = file.track(channel)
    name = " ".join(track.name.split())
    is_mix = track.is_mix or (not name and file.is_called_mix)
    if not name and is_mix:
        name = "MIX" if file.channels == 1 else f"MIX {channel}"
    if not name and split:
        tail = CHANNEL_TAIL.search(file.stem)
        end = tail[0].strip("._ -") if tail else ""
        name = "" if end.isdecimal() or file.channels > 1 else end.upper()
    return Microphone(name or f"ISO {track.recorder_track or channel}", file, channel, is_mix)
