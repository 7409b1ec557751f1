"""An FCPXML document opened safely, and its resources by their ids.

The truth is Apple's DTDs 1.0 to 1.14; files that break them (a missing format, references to nothing) are read all the same
and the break is noted. No editing program declares entities, so a document that does is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from math import lcm
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from postsync.model import MediaFacts
from postsync.report import Report
from postsync.timing import Rate, as_rate
from postsync_adapters._xml import xml_root
from postsync_adapters.fcpxml.time import holdable, nearest_flick, seconds

Element = Any
"""An `lxml` element; lxml carries no types."""

METADATA_KEYS = {
    "com.apple.proapps.studio.reel": "reel",
    "com.apple.proapps.studio.scene": "scene",
    "com.apple.proapps.studio.shot": "take",
    "com.apple.proapps.studio.angle": "angle",
    "com.apple.proapps.mio.cameraName": "camera",
}

_NAMED_RATES = {
    "2398": Fraction(24000, 1001),
    "2997": Fraction(30000, 1001),
    "4795": Fraction(48000, 1001),
    "5994": Fraction(60000, 1001),
    **{str(whole): Fraction(whole) for whole in (24, 25, 30, 48, 50, 60, 90, 100, 120)},
}
_NAMED_RATE = re.compile(r"(?P<scan>[pi])(?P<rate>\d{2,5})$")


class Look(NamedTuple):
    """What a format says of pictures: frames per second as stated and as the rate that it means, size, whether they stand."""

    speed: Fraction | None = None
    rate: str | None = None
    size: str | None = None
    still: bool = False


_NO_LOOK = Look()


_LARGEST = 2**53
_LONGEST_FILE = Fraction(10**7)


def parse(file: BinaryIO, path: Path | None) -> Element:
    """Give the root of a document; FormatError where it is broken, dangerous or no FCPXML."""
    root: Element = xml_root(file, path, "fcpxml")
    return root


@dataclass(frozen=True, eq=False)
class Asset:
    """One media file as the document states it, made once. `channels` is None where it does not say."""

    id: str
    name: str
    src: str | None
    start: Fraction
    duration: Fraction | None
    has_video: bool
    has_audio: bool
    channels: int | None
    facts: MediaFacts
    made: list[Any] = field(default_factory=list, repr=False)
    """Its media reference as text, once made."""

    @cached_property
    def every_channel(self) -> tuple[int, ...] | None:
        """The numbers of its channels; None where it does not say how many it has."""
        return tuple(range(1, self.channels + 1)) if self.channels else None


@dataclass(frozen=True)
class Resources:
    """What `resources` holds, each kind by id; assets are read when first asked for."""

    formats: dict[str, Element]
    assets: dict[str, Element]
    media: dict[str, Element]
    report: Report
    effects: dict[str, Element] = field(default_factory=dict)
    known: dict[str, Asset] = field(default_factory=dict)
    """The assets that were asked for, by id."""
    _broken: set[tuple[str, str]] = field(default_factory=set)
    _looks: dict[str, Look] = field(default_factory=dict)

    def asset(self, ref: str | None, where: str) -> Asset | None:
        """Give an asset; None, noted once, where the id names none."""
        known = self.known.get(ref or "")
        if known is not None:
            return known
        element = self.assets.get(ref or "")
        if element is None:
            self.note_broken("asset", ref, where)
            return None
        asset = self.known[ref or ""] = _asset(element, self)
        return asset

    def note_broken(self, kind: str, ref: str | None, where: str) -> None:
        """Note a reference to nothing, once for each id."""
        if (kind, ref or "") not in self._broken:
            self._broken.add((kind, ref or ""))
            self.report.note(
                "reference-broken", source=where, name=f"{kind} {ref!r}" if ref else f"{kind} without a ref"
            )

    def speed_of_format(self, ref: str | None) -> Fraction | None:
        """Give the frames per second of a format; None where it has none or does not exist."""
        return self.look(ref).speed

    def look(self, ref: str | None) -> Look:
        """Give what a format says of pictures; nothing where it does not exist."""
        known = self._looks.get(ref or "")
        if known is None:
            element = self.formats.get(ref or "")
            known = self._looks[ref or ""] = _NO_LOOK if element is None else _look(element)
        return known

    def any_speed(self) -> Fraction | None:
        """Give the first rate that any format of the document has, for a sequence whose own is missing."""
        return next((speed for speed in map(self.speed_of_format, self.formats) if speed is not None), None)


_KINDS = {"format": "formats", "asset": "assets", "media": "media", "effect": "effects"}


def read_resources(root: Element, report: Report) -> Resources:
    """Collect the resources of a document, wherever its version puts them."""
    found: dict[str, dict[str, Element]] = {name: {} for name in _KINDS.values()}
    for resources in upper(root, "resources"):
        for element in resources:
            kind = _KINDS.get(element.tag)
            if kind is not None and element.get("id"):
                found[kind].setdefault(element.get("id"), element)
    return Resources(found["formats"], found["assets"], found["media"], report, found["effects"])


def metadata(blocks: Iterable[Element]) -> dict[str, str]:
    """Give scene, take, reel, angle and camera from the `metadata` of a clip or asset, where stated."""
    found: dict[str, str] = {}
    for block in blocks:
        for entry in block:
            name = METADATA_KEYS.get(entry.get("key") or "")
            value = None if name is None else entry.get("value")
            if name is not None and value:
                found[name] = value
    return found


def note_text(element: Element) -> str | None:
    """Give the note of an element."""
    return (element.findtext("note") or "").strip() or None


def whole(text: str | None) -> int | None:
    """Read a plain positive number; None where there is none."""
    return (
        int(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 10 and int(text) else None
    )


def _asset(element: Element, resources: Resources) -> Asset:
    has_video, has_audio = element.get("hasVideo") == "1", element.get("hasAudio") == "1"
    name = element.get("name") or ""
    channels = whole(element.get("audioChannels")) if has_audio else None
    look = resources.look(element.get("format"))
    stated = metadata(element.iterchildren("metadata")) if len(element) else {}
    still = has_video and not has_audio and (look.still or seconds(element.get("duration") or "") == 0)
    facts = MediaFacts(
        name=name or None,
        channels=channels,
        sample_rate=whole(element.get("audioRate")) if has_audio else None,
        rate=look.rate,
        tape=stated.pop("reel", None),
        uid=element.get("uid") or None,
        kind="still" if still else "picture" if has_video else "sound" if has_audio else None,
        has_picture=has_video,
        frame_size=look.size if has_video else None,
        extra=stated,
    )
    start = holdable(seconds(element.get("start") or "0s") or Fraction(0))
    duration = _duration(element, start, resources.report)
    src = _source(element)
    return Asset(element.get("id"), name, src, start, duration, has_video, has_audio, channels, facts)


def _look(kind: Element) -> Look:
    """Read a format; one of Apple's own names may stand without a size, or for the rate."""
    speed = _speed(kind)
    width, height = whole(kind.get("width")), whole(kind.get("height"))
    size = f"{width}x{height}" if width and height else None
    still = kind.get("name") == "FFVideoFormatRateUndefined"
    return Look(speed, None if speed is None else as_rate(speed).text, size, still)


def _speed(kind: Element) -> Fraction | None:
    frame = seconds(kind.get("frameDuration") or "")
    if frame is not None and frame > 0:
        return 1 / frame
    match = _NAMED_RATE.search(kind.get("name") or "")
    if match is None or match["rate"] not in _NAMED_RATES:
        return None
    return _NAMED_RATES[match["rate"]] / (2 if match["scan"] == "i" else 1)


def _duration(element: Element, start: Fraction, report: Report) -> Fraction | None:
    """Give the length of a file; None for what no file can have (scripts write numbers without end)."""
    duration = seconds(element.get("duration") or "")
    if duration is None or duration <= 0:
        return None
    common = lcm(start.denominator, holdable(duration).denominator)
    if max(abs(start), duration) * common <= _LARGEST:
        return holdable(duration)
    if duration <= _LONGEST_FILE:
        return nearest_flick(duration)
    report.note("value-unreadable", source=f"asset (line {element.sourceline})", name="duration", value=duration)
    return None


def _source(element: Element) -> str | None:
    """Give the address of the original media as written; 1.9 moved it from the asset into `media-rep`."""
    copies = list(element.iterchildren("media-rep"))
    copies.sort(key=lambda copy: copy.get("kind", "original-media") != "original-media")
    return next((copy.get("src") for copy in copies if copy.get("src")), None) or element.get("src") or None


LOOSE = ("asset-clip", "clip", "ref-clip", "sync-clip", "mc-clip", "audition")
"""What stands in an event, or alone in a document, beside projects."""

_CLOSED = frozenset(
    {"sequence", "media", "asset", "effect", "format", *LOOSE, "video", "audio", "title", "gap", "spine"}
)


def upper(parent: Element, *tags: str) -> Iterator[Element]:
    """Yield elements in the order of the document, without looking into sequences and clips, where nearly all of it is."""
    for child in parent:
        tag = child.tag
        if tag in tags:
            yield child
        if tag not in _CLOSED:
            yield from upper(child, *tags)


def projects(root: Element) -> Iterator[tuple[Element, Element]]:
    """Yield each project with its sequence, in the order of the document."""
    for project in upper(root, "project"):
        sequence = project.find("sequence")
        if sequence is not None:
            yield project, sequence


def loose_clips(root: Element) -> Iterator[Element]:
    """Yield the clips that stand in no sequence: in an event, alone, or, up to 1.3, in a project without one."""
    holders = [root, *upper(root, "event", "project")]
    for holder in holders:
        for child in holder:
            if child.tag in LOOSE:
                yield child


def producer_of(project: Element) -> str | None:
    """Name the program that wrote a project: Resolve marks its names, Final Cut states ids, dates or the library."""
    event = project.getparent()
    names = [(one.get("name") or "") for one in (project, event) if one is not None]
    if any(name.endswith("(Resolve)") for name in names):
        return "DaVinci Resolve"
    stated = project.get("uid") or project.get("modDate") or project.get("eventID")
    return "Final Cut Pro" if stated else None


def rate_of(speed: Fraction, drop: bool) -> Rate:
    """Make the rate of a sequence; drop-frame labels only where they exist."""
    rate = Rate.of(speed)
    return rate.with_drop(drop and rate.can_drop)
