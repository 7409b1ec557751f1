"""The names and numbers by which Resolve writes what OpenTimelineIO has no field for, as its files show them.

Everything lies under one key of the metadata of each object. An effect is an `Effect.1` whose name is always
`Resolve Effect`; which it is, say `Effect Name` and the number `Type`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

TITLE = "DaVinci Resolve OTIO"
DIALECT = "Resolve_OTIO"
VERSION = {"Resolve OTIO Meta Version": "1.0"}

VOLUME = "Fairlight Clip Volume and Fades"
VIDEO_FADERS = "Video Faders"
EXTRA_PARAMETERS = {"Fairlight Clip Pan": "pan", "Fairlight Clip Pitch": "semiTones"}
"""Effects of a sound clip that we have no field for: their value rides along in `ClipFacts.extra`."""

QUIETEST, LOUDEST = -100.0, 30.0
"""The ends of a clip's level in decibels; at the lower one it is silent."""

LONGEST_FADE = 2.0**31 - 1

CHANNELS_OF_TYPES = {
    "mono": 1, "stereo": 2, "lrc": 3, "lcr": 3, "lrcs": 4, "lcrs": 4, "quad": 4, "5.0": 5, "5.0film": 5, "5.1": 6,
    "5.1film": 6, "7.0": 7, "7.0film": 7, "7.1": 8, "7.1film": 8,
}  # fmt: skip
"""Types of sound tracks in small letters; an adaptive one has its number of channels in its name."""

TYPES_OF_CHANNELS = {1: "Mono", 2: "Stereo", 3: "LCR", 4: "Quad", 5: "5.0", 6: "5.1", 7: "7.0", 8: "7.1"}
MOST_CHANNELS = 36

SOUND_SUFFIXES = frozenset({".wav", ".bwf", ".rf64", ".aif", ".aiff", ".aifc", ".mp3", ".m4a", ".aac", ".flac", ".ogg"})
STILL_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".tif", ".tiff", ".psd", ".bmp", ".tga", ".exr", ".dpx", ".webp"})


class Faders(NamedTuple):
    """An effect that holds the fades of a clip: its names, its number, and the parameters of fade in and fade out."""

    effect: str
    shown: str
    number: int
    fade_in: str
    fade_out: str


FADERS = {
    "audio": Faders(VOLUME, "Volume", 62, "faderIn", "faderOut"),
    "video": Faders(VIDEO_FADERS, "Video Faders", 36, "videoFaderIn", "videoFaderOut"),
}


class Mix(NamedTuple):
    """A transition of Resolve: what it calls it, its type, the names of its effect and the number of that."""

    name: str
    kind: str
    effect: str
    shown: str
    number: int


MIXES = {
    "audio": Mix("Cross Fade 0 dB", "Cross Fade 0DB", "Cross Fade 0 dB", "Cross Fade", 40),
    "video": Mix("Cross Dissolve", "Cross Dissolve", "Cross Dissolve", "Cross Dissolve", 9),
}


def channels_of(listed: Sequence[Any] | None) -> tuple[int, ...] | None:
    """Give the source channels from 1; a file with several one-channel tracks counts by track."""
    if not listed:
        return None
    pairs = [(int(entry.get("Source Track ID") or 0), int(entry.get("Source Channel ID") or 0)) for entry in listed]
    if all(channel == 0 for _, channel in pairs):
        return tuple(track + 1 for track, _ in pairs)
    return tuple(channel + 1 for _, channel in pairs)
