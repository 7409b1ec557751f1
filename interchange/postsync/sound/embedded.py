"""Sound that lies inside a timeline file, and its way out: a WAV that still says what it is.

EBU Tech 3285 and the iXML usage guidelines. Embedding loses time stamp, scene and take unless the timeline file keeps them
beside the sound; what it keeps goes back into `bext` and iXML. What the embedded file says of itself is left as it is.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, BinaryIO

from lxml import etree

from postsync.sound.bext import LARGEST_STAMP, Bext
from postsync.sound.consolidate import ORIGINATOR
from postsync.sound.essence import Essence
from postsync.sound.ixml_writing import as_chunk, mirror_bext, new_root, set_rate, set_stamp, set_xml
from postsync.sound.write import write_wav
from postsync.timing import as_rate, round_half_up

_IDENTITIES = uuid.UUID("0d8d7b52-31f7-5f0e-8a5e-4a9d6f8be1c7")

COLUMNS = {
    "scene": ("Scene", "Scene #", "SCENE"),
    "take": ("Take", "Take Number", "Take #", "TAKE"),
    "tape": ("Tape", "Soundroll", "Sound Roll", "Sound TC Roll", "Reel", "TAPE"),
    "note": ("Comments", "Comment", "Note", "Notes", "NOTE"),
    "project": ("Project", "PROJECT"),
}
"""The bin columns in which programs keep what iXML has elements for; the first that is filled counts."""


@dataclass(frozen=True)
class EmbeddedSound:
    """One stream of media inside a timeline file.

    `uid` is the id by which clips name it. `start` is the time of its first sample by its tape or recorder, in seconds,
    `rate` and `drop` those of that timecode. `essence` is None where the sound cannot be taken out; `fault` says why.

    >>> EmbeddedSound(uid="urn:1", name="12A-3", size=0, kind=None, fault="compressed").essence is None
    True
    """

    uid: str
    name: str
    size: int
    kind: str | None
    essence: Essence | None = None
    fault: str = ""
    start: Fraction | None = None
    rate: Fraction | None = None
    drop: bool = False
    tape: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict[str, str])
    track_names: tuple[str, ...] = ()

    @property
    def time_reference(self) -> int | None:
        """Samples since midnight at the first sample: as the embedded file says, else as the timeline file does."""
        if self.essence is None:
            return None
        if self.essence.time_reference:
            return self.essence.time_reference
        if self.start is None:
            return self.essence.time_reference
        return min(max(round_half_up(self.start * self.essence.sample_rate), 0), LARGEST_STAMP)

    def said(self, what: str) -> str | None:
        """Give scene, take, tape, note or project: what the embedded iXML says, else the bin column."""
        ixml = self.essence.ixml if self.essence else None
        own = getattr(ixml, what, None) if ixml is not None else None
        column = next((self.columns[name] for name in COLUMNS[what] if self.columns.get(name)), None)
        return own or column or (self.tape if what == "tape" else None)


def write_embedded(sound: EmbeddedSound, file: BinaryIO, name: str) -> int:
    """Write embedded sound as one WAV with `bext` and iXML and give its size in bytes; `name` is the file's own.

    Raises MediaError where the stream ends early, CannotWrite where no WAV has such sound.

    >>> with Path("reel/12A-T3_Boom.wav").open("rb") as source, Path("out.wav").open("wb") as target:
    ...     essence = open_essence(source)
    ...     size = write_embedded(EmbeddedSound("urn:1", "12A-3", 0, "PCM", essence), target, "out.wav")
    >>> size == Path("out.wav").stat().st_size
    True
    """
    essence = sound.essence
    assert essence is not None
    return write_wav(
        file, sample_rate=essence.sample_rate, bits=essence.bytes_per_sample * 8, channels=essence.channels,
        blocks=essence.blocks(), length_samples=essence.length_samples, bext=_bext(sound, essence),
        ixml=essence.ixml.raw if essence.ixml else _ixml(sound, essence, name), float_samples=essence.is_float,
    )  # fmt: skip


def _identity(sound: EmbeddedSound) -> str:
    return uuid.uuid5(_IDENTITIES, sound.uid).hex.upper()


def _bext(sound: EmbeddedSound, essence: Essence) -> Bext:
    if essence.bext is not None:
        return replace(essence.bext, time_reference=sound.time_reference)
    return Bext(
        description=_description(sound),
        originator=ORIGINATOR,
        originator_reference=_identity(sound),
        time_reference=sound.time_reference or 0,
        version=1,
        coding_history=_history(essence),
    )


def _description(sound: EmbeddedSound) -> str:
    """Write what is known as Sound Devices does, a line each, as far as the 256 bytes go."""
    lines = [
        f"s{what.upper()}={value}\r\n" for what in ("scene", "take", "tape", "note") if (value := sound.said(what))
    ]
    text = ""
    for line in lines:
        if len((text + line).encode()) <= 256:
            text += line
    return text


def _history(essence: Essence) -> str:
    mode = {1: "mono", 2: "stereo"}.get(essence.channels, "multitrack")
    return f"A=PCM,F={essence.sample_rate},W={essence.bytes_per_sample * 8},M={mode},T={ORIGINATOR}\r\n"


def _ixml(sound: EmbeddedSound, essence: Essence, name: str) -> bytes:
    """Make the iXML of sound that had none."""
    root = new_root()
    for what in ("project", "scene", "take", "tape", "note"):
        if value := sound.said(what):
            set_xml(root, value, what.upper())
    set_xml(root, _identity(sound), "FILE_UID")
    if sound.rate is not None:
        set_rate(root, as_rate(sound.rate, drop=sound.drop))
    set_xml(root, str(essence.sample_rate), "SPEED", "FILE_SAMPLE_RATE")
    set_xml(root, str(essence.bits), "SPEED", "AUDIO_BIT_DEPTH")
    set_stamp(root, sound.time_reference or 0, essence.sample_rate)
    mirror_bext(root, _bext(sound, essence))
    if sound.name:
        set_xml(root, sound.name, "HISTORY", "ORIGINAL_FILENAME")
    set_xml(root, name, "HISTORY", "CURRENT_FILENAME")
    _track_list(root, sound, essence)
    return as_chunk(root)


def _track_list(root: Any, sound: EmbeddedSound, essence: Essence) -> None:
    tracks = etree.SubElement(root, "TRACK_LIST")
    set_xml(tracks, str(essence.channels), "TRACK_COUNT")
    for channel in range(1, essence.channels + 1):
        track = etree.SubElement(tracks, "TRACK")
        set_xml(track, str(channel), "CHANNEL_INDEX")
        set_xml(track, str(channel), "INTERLEAVE_INDEX")
        if channel <= len(sound.track_names) and sound.track_names[channel - 1]:
            set_xml(track, sound.track_names[channel - 1], "NAME")
