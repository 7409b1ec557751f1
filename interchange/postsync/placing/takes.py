"""Recorded takes as they lie on disk: files read by their headers, and split recordings put together again.

A recorder or a workstation writes one file for each microphone of a take, or one poly file; both are one take here. The
sound is never touched. Names of folders and files that workstations make for themselves are those of Pro Tools and macOS.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from postsync.errors import MediaError
from postsync.report import Report
from postsync.sound import CuePoint, WavFacts, read_facts
from postsync.sound.aiff import read_aiff
from postsync.sound.wav import opened_sound_file

WAV_SUFFIXES = (".wav", ".wave", ".bwf", ".rf64")
AIFF_SUFFIXES = (".aif", ".aiff", ".aifc")

OWN_FOLDERS = frozenset({
    "fade files", "rendered files", "session file backups", "plug-in settings", "clip groups", "video files", "__macosx",
})  # fmt: skip
"""Folders of a Pro Tools session, and of an archive of macOS, in which no take lies."""

_CHANNEL_TAIL = re.compile(r"[._ -](?:L|R|C|Ls|Rs|LFE|A\d{1,2}|M|S|\d|boom|lav|lav ?\d)$", re.IGNORECASE)

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class TakeFile:
    """One take as recorded; None where its files state nothing.

    `time_reference` is in samples since midnight at `sample_rate`, `duration` exact seconds. `siblings` are the other files of
    the same pass, one for each microphone. `circled` and `take_types` are what the recorder wrote; `pre_record` samples lie
    before the recordist pressed the button.

    `length_samples` counts one channel.

    >>> take = read_take(Path("ADR takes/R101_ROSA_T1.wav"))
    >>> take.name, take.channels, take.sample_rate, take.duration
    ('R101_ROSA_T1', 1, 48000, Fraction(4, 1))
    """

    path: Path
    sample_rate: int
    channels: int
    length_samples: int
    bits: int = 24
    time_reference: int | None = None
    scene: str | None = None
    take: str | None = None
    tape: str | None = None
    note: str | None = None
    circled: bool | None = None
    take_types: tuple[str, ...] = ()
    recorded_on: str | None = None
    original_name: str | None = None
    family: str | None = None
    identity: str | None = None
    microphones: tuple[str, ...] = ()
    cue_points: tuple[CuePoint, ...] = ()
    region_name: str | None = None
    converter_rate: int | None = None
    siblings: tuple[Path, ...] = ()

    @property
    def name(self) -> str:
        """The name of its first file without extension."""
        return self.path.stem

    @property
    def duration(self) -> Fraction:
        """Its length in exact seconds."""
        return Fraction(self.length_samples, self.sample_rate)

    @property
    def stamp(self) -> int | None:
        """The time stamp; None where it is 0, which means that nobody stamped the file."""
        return self.time_reference or None

    @property
    def uid(self) -> str:
        """What the take is known by when it comes again: its identity, else name, stamp and length."""
        seed = f"{self.identity or ''} {self.name} {self.time_reference} {self.length_samples} {self.sample_rate}"
        return hashlib.sha256(seed.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def read_takes(places: Iterable[Path], report: Report, progress: Progress | None = None) -> list[TakeFile]:
    """Read the takes of files and folders, in natural order of their folders; what cannot be read is in the report.

    Raises MediaError where a place that was named does not exist.

    >>> [take.name for take in read_takes([Path("ADR takes")], report)][:2]
    ['R101_ROSA_T1', 'R101_ROSA_T2']
    """
    paths = list(dict.fromkeys(path for place in places for path in sound_files(place)))
    found: list[TakeFile] = []
    for number, path in enumerate(paths):
        if progress is not None and number % 64 == 0:
            progress("reading takes", number, len(paths))
        try:
            found.append(read_take(path, report))
        except MediaError as fault:
            report.note("media-unreadable", media=str(path), why=fault.sentence())
    if progress is not None and paths:
        progress("reading takes", len(paths), len(paths))
    return joined_takes(found)


def sound_files(place: Path) -> Iterator[Path]:
    """Yield the sound files at or below a place; MediaError where it does not exist.

    >>> sorted(path.name for path in sound_files(Path("ADR takes")))[0]
    'R101_ROSA_T1.wav'
    """
    if not place.exists():
        raise MediaError("no such file or folder", path=place, remedy="name files of takes, or folders that hold them")
    if not place.is_dir():
        yield place
        return
    for folder, inner, names in os.walk(place):
        inner[:] = sorted(name for name in inner if name.casefold() not in OWN_FOLDERS and not name.startswith("."))
        for name in sorted(names):
            # macOS writes a `._` file of its own beside every file on a foreign disk.
            if name.lower().endswith((*WAV_SUFFIXES, *AIFF_SUFFIXES)) and not name.startswith("."):
                yield Path(folder, name)


def read_take(path: Path, report: Report | None = None) -> TakeFile:
    """Read one file's header as a take. Raises MediaError where it is no sound file that we read.

    >>> read_take(Path("ADR takes/R101_ROSA_T1.wav")).length_samples
    192000
    """
    if path.suffix.lower() in AIFF_SUFFIXES:
        return _of_aiff(path)
    return _of_wav(path, read_facts(path, report))


def _of_aiff(path: Path) -> TakeFile:
    try:
        with opened_sound_file(path) as file:
            facts = read_aiff(file)
    except MediaError as fault:
        fault.at(path)
        raise
    except OSError as fault:
        raise MediaError("cannot be read", path=path, found=fault.strerror or str(fault)) from fault
    return TakeFile(path, facts.sample_rate, facts.channels, facts.length_samples, facts.bits)


def _of_wav(path: Path, facts: WavFacts) -> TakeFile:
    ixml, bext = facts.ixml, facts.bext
    names = tuple(facts.channel_name(channel) or "" for channel in range(1, min(facts.channels, 64) + 1))
    umid = bext.umid.hex().strip("0") if bext else ""
    day = f"{bext.date} {bext.time}".strip() if bext else ""
    return TakeFile(
        path=path,
        sample_rate=facts.sample_rate,
        channels=facts.channels,
        length_samples=facts.length_samples,
        bits=facts.bits,
        time_reference=facts.time_reference,
        scene=facts.scene,
        take=facts.take,
        tape=facts.tape,
        note=facts.note,
        circled=facts.circled,
        take_types=ixml.take_types if ixml else (),
        recorded_on=day or None,
        original_name=ixml.original_filename if ixml else None,
        family=ixml.family_uid if ixml else None,
        identity=(ixml.file_uid if ixml else None) or umid or None,
        microphones=names if any(names) else (),
        cue_points=facts.cue_points,
        region_name=next((region.name for region in facts.regions if region.name), None),
        converter_rate=ixml.digitizer_sample_rate if ixml else None,
    )


def joined_takes(takes: Sequence[TakeFile]) -> list[TakeFile]:
    """Put the mono files of one pass together: of one family, or alike in all but the tail that names a channel.

    Only files of one length, rate and stamp are one pass, whatever their names say.

    >>> from dataclasses import replace
    >>> take = read_take(Path("ADR takes/R101_ROSA_T1.wav"))
    >>> boom, lav = (replace(take, path=Path(f"R101_T1_{where}.wav"), family="7") for where in ("Boom", "Lav"))
    >>> [[path.name for path in one.siblings] for one in joined_takes([boom, lav])]
    [['R101_T1_Lav.wav']]
    """
    groups: dict[tuple[object, ...], list[TakeFile]] = {}
    for take in takes:
        groups.setdefault(_pass_of(take), []).append(take)
    return [_joined(group) for group in groups.values()]


def _pass_of(take: TakeFile) -> tuple[object, ...]:
    sound = (take.path.parent, take.length_samples, take.sample_rate, take.time_reference)
    if take.channels == 1 and take.family:
        return ("family", take.family, *sound)
    bare = _CHANNEL_TAIL.sub("", take.name)
    if take.channels != 1 or bare == take.name or re.search(r"[._ -]\d$", take.name):
        return ("file", take.path)
    return ("name", bare.casefold(), *sound)


def _joined(group: list[TakeFile]) -> TakeFile:
    first = group[0]
    if len(group) == 1:
        return first
    names = tuple(name for take in group for name in (take.microphones or ("",)))
    return replace(first, siblings=tuple(take.path for take in group[1:]), microphones=names)
