"""What the attributes and first children of a story element say: times, lengths, conforming, retimes, lanes.

A value that does not read is noted and stands at its default; a document is never refused for one.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

from postsync.report import Report
from postsync_adapters.fcpxml.document import Element, Resources
from postsync_adapters.fcpxml.reading.scene import Parts, Scene
from postsync_adapters.fcpxml.time import (
    LONGEST,
    ONE,
    SOURCE_RATES,
    ZERO,
    Clock,
    TimeMap,
    TimePoint,
    Window,
    conform_factor,
    near_seconds,
    seconds,
    sum_of,
    time_map,
    whole_pair,
)

CLIPS = frozenset(
    {"asset-clip", "clip", "video", "audio", "title", "gap", "mc-clip", "ref-clip", "sync-clip", "live-drawing"}
)
STORY = CLIPS | {"spine", "audition", "transition", "caption"}
ANCHORABLE = STORY - {"transition"}
CONTAINERS = frozenset({"clip", "sync-clip"})
NESTS = {"ref-clip": "sequence", "mc-clip": "multicam"}
"""Clips that play a `media` resource, and what stands in it."""

CHANNEL_SOURCES = ("audio-channel-source", "audio-source")
"""Settings of the channels of a clip, from 1.6 and before."""


def time_of(
    element: Element, name: str, default: Fraction | None, report: Report, longest: int = LONGEST
) -> Fraction | None:
    """Read a time attribute."""
    text = element.get(name)
    if text is None:
        return default
    value = near_seconds(text)
    if value is not None:
        return value
    value = seconds(text)
    if value is None or abs(value.numerator) > longest * value.denominator:
        where = f"{element.tag} (line {element.sourceline})"
        report.note("value-unreadable", source=where, name=name, value=text[:80])
        return default
    return value


def begin_of(element: Element, clock: Clock, default: Fraction, report: Report) -> Fraction:
    """Give the programme time at which an element begins; `default` is its local time where it states none.

    Nearly always that is one sum of whole numbers. The offset is not remembered: no two items share one.
    """
    text = element.get("offset")
    pair = None if text is None else whole_pair(text)
    if pair is not None and clock.pace is ONE and pair[0] < LONGEST:
        return sum_of(clock.origin.as_integer_ratio(), pair)
    return clock.programme(time_of(element, "offset", default, report) or ZERO)


def length_of(element: Element, resources: Resources, where: str) -> Fraction:
    """Give the length of an element in its parent's time; an asset clip that states none has that of its file."""
    stated = time_of(element, "duration", None, resources.report)
    if stated is not None:
        return stated
    asset = resources.asset(element.get("ref"), where) if element.get("ref") else None
    return asset.duration if asset is not None and asset.duration is not None else ZERO


def nested_in(element: Element, resources: Resources) -> Element:
    """Give the sequence or multicam that a compound or multicam clip plays; None where it plays none."""
    media = resources.media.get(element.get("ref") or "")
    return None if media is None else media.find(NESTS[element.tag])


def start_of(element: Element, resources: Resources) -> Fraction:
    """Give the local time that an element begins with: the one that it states, else that of `first_time`."""
    stated = time_of(element, "start", None, resources.report)
    return first_time(element, resources) if stated is None else stated


def first_time(element: Element, resources: Resources) -> Fraction:
    """Give the start of an element that states none: the first time of a compound clip's sequence, else zero."""
    if element.tag not in NESTS:
        return ZERO
    inner = nested_in(element, resources)
    return ZERO if inner is None else seconds(inner.get("tcStart") or "0s") or ZERO


def conform_of(parts: Parts, scene: Scene, report: Report) -> Fraction:
    """Give how many seconds of the timeline one second of the source takes."""
    conform = parts.get("conform-rate")
    if conform is None or conform.get("scaleEnabled") == "0" or conform.get("srcFrameRate") is None:
        return ONE
    source = SOURCE_RATES.get(conform.get("srcFrameRate"))
    if source is None:
        where = f"conform-rate (line {conform.sourceline})"
        report.note("value-unreadable", source=where, name="srcFrameRate", value=conform.get("srcFrameRate"))
        return ONE
    return conform_factor(source, scene.speed)


def retime_of(parts: Parts, report: Report) -> TimeMap | None:
    """Read the `timeMap`; only smooth points ease, and only where they say for how long."""
    found = parts.get("timeMap")
    if found is None:
        return None
    points: list[TimePoint] = []
    for point in found.iterchildren("timept"):
        time, value = (time_of(point, name, None, report) for name in ("time", "value"))
        if time is None or value is None:
            continue
        smooth = (point.get("interp") or "smooth2").startswith("smooth")
        eases = (time_of(point, name, ZERO, report) if smooth else ZERO for name in ("inTime", "outTime"))
        points.append(TimePoint(time, value, *(ease or ZERO for ease in eases)))
    return time_map(points)


def heard_of(element: Element, clock: Clock, span: Window, pace: Fraction, report: Report) -> Window:
    """Give the stretch in which an element sounds: its own, or that of a split edit."""
    start = time_of(element, "audioStart", None, report)
    length = time_of(element, "audioDuration", None, report)
    if start is None and length is None:
        return span
    begin = span[0] if start is None else clock.programme(start)
    end = span[1] if length is None else begin + length * pace
    return (begin, end) if begin <= end else (end, begin)


def lane_of(element: Element, scene: Scene, anchored: bool) -> tuple[int | None, int]:
    """Give the lane as written and the rank among picture tracks: lanes count from that of the parent."""
    if not anchored:
        return scene.lane, scene.rank
    lane = _lane(element.get("lane"))
    return (scene.lane, scene.rank) if lane is None else (lane, scene.rank + lane)


@lru_cache(maxsize=1024)
def _lane(text: str | None) -> int | None:
    stated = (text or "").strip()
    return int(stated) if stated.removeprefix("-").isdecimal() and len(stated) <= 6 else None


def is_contained(parent_tag: str, tag: str, child: Element) -> bool:
    """Say whether a child is the content of a container and not connected to it.

    In the tree form of sound, `audio` with a lane directly in a `clip` is one of its channels.
    """
    if parent_tag not in CONTAINERS:
        return False
    return child.get("lane") in (None, "0") or (parent_tag == "clip" and tag == "audio")
