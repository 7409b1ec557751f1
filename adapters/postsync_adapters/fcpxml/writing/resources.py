"""The resources of a new document: each format, file and effect once, by an id of its own.

Final Cut finds a format by its name where that is one of its own, and by frame duration and size where it is not. Resolve
refuses media whose asset does not cover the timecode that clips ask for, so an asset without a stated length gets the
stretch that its clips use.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import opentimelineio as otio

from postsync.model import MediaFacts, PlacedClip
from postsync.report import Report
from postsync.sound import url_from_path
from postsync.timing import Rate, parse_rate
from postsync_adapters.fcpxml.document import METADATA_KEYS, Element
from postsync_adapters.fcpxml.writing.elements import clean, make, with_children
from postsync_adapters.fcpxml.writing.times import Times

NAMED_SIZES = {
    (1920, 1080): "1080",
    (1280, 720): "720",
    (640, 480): "640x480",
    (3840, 2160): "3840x2160",
    (4096, 2160): "4096x2160",
    (5120, 2160): "5120x2160",
}
NAMED_RATES = {
    Fraction(24000, 1001): "2398",
    Fraction(24): "24",
    Fraction(25): "25",
    Fraction(30000, 1001): "2997",
    Fraction(30): "30",
    Fraction(50): "50",
    Fraction(60000, 1001): "5994",
    Fraction(60): "60",
}
"""What Final Cut's own format names are made of: `FFVideoFormat1080p2398`."""

STILL = "FFVideoFormatRateUndefined"

EFFECTS = {
    "title": ("Basic Title", ".../Titles.localized/Bumper:Opener.localized/Basic Title.localized/Basic Title.moti"),
    "video": ("Grey Scale", ".../Generators.localized/Solids.localized/Grey Scale.localized/Grey Scale.motn"),
    "sound": ("Audio Crossfade", "FFAudioTransition"),
    "picture": ("Cross Dissolve", "FxPlug:4731E73A-8DAC-4113-9A30-AE85B1761265"),
}
"""Final Cut's own: what stands for a title, for something generated, and for the two transitions."""

_KEYS = {name: key for key, name in METADATA_KEYS.items()}
_SAFE = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?#[]@!$&'()*+,;=%")


def address(url: str) -> str:
    """Give the address of a file as both programs read it: a URL, percent-encoded; what is one already is left as it is.

    >>> address("/M/12 A.wav")
    'file:///M/12%20A.wav'
    """
    if "://" not in url:
        url = url_from_path(url)
    return "".join(
        one if one in _SAFE else "".join(f"%{byte:02X}" for byte in one.encode("utf-8", "replace")) for one in url
    )


def metadata_element(stated: Mapping[str, Any]) -> Element | None:
    """Give scene, take, reel and the like under Final Cut's own keys; None where there are none."""
    entries = [
        make("md", key=key, value=str(stated[name])) for name, key in _KEYS.items() if isinstance(stated.get(name), str)
    ]
    return with_children(make("metadata"), *entries) if entries else None


@dataclass
class File:
    """One media file: what is known of it, and what its clips use."""

    id: str
    name: str
    url: str | None
    start: Fraction
    duration: Fraction | None
    media: MediaFacts
    rate: Rate | None
    seen: bool = False
    heard: bool = False
    first: Fraction | None = None
    last: Fraction | None = None

    @property
    def is_still(self) -> bool:
        """Whether it is a picture that does not move."""
        return self.media.kind == "still"

    @property
    def channels(self) -> int | None:
        """How many channels it has, where that is stated."""
        return self.media.channels

    def use(self, low: Fraction, high: Fraction) -> None:
        """Take note of a stretch, in its own timecode, that a clip uses."""
        self.first = low if self.first is None else min(self.first, low)
        self.last = high if self.last is None else max(self.last, high)

    def extent(self) -> tuple[Fraction, Fraction]:
        """Give where it begins and how long it is: as stated, else as much as is used."""
        if self.duration is not None:
            return self.start, self.duration
        first, last = self.first or Fraction(0), self.last or Fraction(0)
        start = min(self.start, first)
        return start, max(last - start, Fraction(0))


@dataclass
class Resources:
    """The resources of one document while it is made."""

    times: Times
    report: Report
    size: tuple[int, int]
    media_reps: bool
    _count: int = 0
    _files: dict[Any, File] = field(default_factory=dict)
    _formats: dict[Any, Element] = field(default_factory=dict)
    _effects: dict[str, Element] = field(default_factory=dict)

    def begin_after(self, number: int) -> None:
        """Count ids from after one that is taken."""
        self._count = number

    def _new_id(self) -> str:
        self._count += 1
        return f"r{self._count}"

    # ------------------------------------------------------------------------------------------------------ formats

    def format(self, rate: Rate | None) -> str:
        """Give the id of the format of a rate at the sequence's size; None is that of stills."""
        key = None if rate is None else rate.fps
        if key not in self._formats:
            self._formats[key] = self._format(rate)
        return str(self._formats[key].get("id"))

    def _format(self, rate: Rate | None) -> Element:
        if rate is None:
            return make("format", id=self._new_id(), name=STILL)
        width, height = self.size
        size, speed = NAMED_SIZES.get(self.size), NAMED_RATES.get(rate.fps)
        return make(
            "format",
            id=self._new_id(),
            name=f"FFVideoFormat{size}p{speed}" if size and speed else None,
            frameDuration=Times(rate).frame_duration(),
            width=str(width),
            height=str(height),
        )

    # ------------------------------------------------------------------------------------------------------ effects

    def effect(self, kind: str) -> str:
        """Give the id of Final Cut's own effect for a kind."""
        name, uid = EFFECTS[kind]
        return self.known_effect({"name": name, "uid": uid})

    def known_effect(self, effect: Mapping[str, str]) -> str:
        """Give the id of an effect that is known by its uid."""
        uid = effect["uid"]
        if uid not in self._effects:
            self._effects[uid] = make(
                "effect", id=self._new_id(), name=effect.get("name"), uid=uid, src=effect.get("src")
            )
        return str(self._effects[uid].get("id"))

    # -------------------------------------------------------------------------------------------------------- files

    def file(self, placed: PlacedClip, *, seen: bool) -> File:
        """Give the file of a clip, and note that it is seen or heard."""
        media = placed.media
        key = (
            placed.url, media.name if placed.url is None else None, media.uid, placed.media_start, placed.media_duration,
            media.rate, media.sample_rate, media.channels, media.kind == "still",
        )  # fmt: skip
        found = self._files.get(key)
        if found is None:
            found = self._files[key] = self._file(placed)
        found.seen |= seen or media.has_picture is True
        found.heard |= not seen or (media.channels or 0) > 0
        return found

    def _file(self, placed: PlacedClip) -> File:
        media = placed.media
        reference: otio.core.MediaReference = placed.clip.media_reference
        name = media.name or reference.name or placed.clip.name or "Media"
        rate = None if media.rate is None or media.kind == "still" else parse_rate(media.rate)
        return File(self._new_id(), name, placed.url, placed.media_start, placed.media_duration, media, rate)

    def elements(self) -> list[Element]:
        """Give all resources: formats, then files, then effects, since Resolve reads them in that order."""
        files = [self._asset(file) for file in self._files.values()]
        return [*self._formats.values(), *files, *self._effects.values()]

    def _asset(self, file: File) -> Element:
        start, duration = file.extent()
        sounds = file.heard and not file.is_still
        asset = make(
            "asset",
            id=file.id,
            name=clean(file.name, file.name, self.report) or None,
            uid=file.media.uid,
            src=None if self.media_reps else self._source(file),
            start=self.times.text(start),
            duration="0s" if file.is_still else self.times.text(duration),
            hasVideo="1" if file.seen else None,
            format=self.format(None if file.is_still else file.rate or self.times.rate) if file.seen else None,
            hasAudio="1" if sounds else None,
            audioSources="1" if sounds else None,
            audioChannels=str(file.channels) if sounds and file.channels else None,
            audioRate=str(file.media.sample_rate) if sounds and file.media.sample_rate else None,
        )
        copy = make("media-rep", kind="original-media", src=self._source(file)) if self.media_reps else None
        stated = {**file.media.extra, "reel": file.media.tape}
        return with_children(asset, copy, metadata_element(stated))

    def _source(self, file: File) -> str:
        """Give the address of a file; Apple's DTDs demand one, so a file without gets one where nothing lies."""
        if file.url is not None:
            return address(file.url)
        self.report.note("media-without-address", where=file.name, media=file.name)
        return address(f"/offline/{file.name.replace('/', ':')}")
