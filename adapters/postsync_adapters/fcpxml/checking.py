"""What in an FCPXML document Final Cut Pro or Resolve refuses or misreads, whatever its timelines are.

Apple's DTDs 1.0 to 1.14, and what people report of Resolve's importer: it takes a decimal time for one frame, drops sound
whose address is not percent-encoded, and sound that stands alone in the primary storyline.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, BinaryIO

from postsync.findings import Finding, finding
from postsync.report import Report
from postsync.timing import Rate, as_rate, format_timecode, frame_at
from postsync_adapters.fcpxml.document import Element, Resources, projects, read_resources
from postsync_adapters.fcpxml.reading import opened_root
from postsync_adapters.fcpxml.reading.attributes import CHANNEL_SOURCES
from postsync_adapters.fcpxml.reading.walk import walk_sequence
from postsync_adapters.fcpxml.time import seconds

TIMES = ("offset", "start", "duration", "tcStart", "audioStart", "audioDuration", "frameDuration", "time", "value")
VALUED = ("timept",)
"""Elements whose `value` is a time; elsewhere it is a text or a level."""

REFERENCES = ("ref", "format")
SOUND_HOLDERS = ("asset-clip", "clip", "sync-clip")
_DECIMAL = re.compile(r"-?\d+\.\d+s")
_PLAIN = re.compile(r"[A-Za-z0-9\-._~:/?@!$&'()*+,;=%]*")
_JOIN = Fraction(1, 1000)

Rule = Callable[[Element, Resources], Iterator[Finding]]


def check(file: BinaryIO | Path) -> list[Finding]:
    """Give everything that an open document, or a bundle, breaks. Raises FormatError where it cannot be parsed."""
    if not isinstance(file, Path):
        file.seek(0)
    root = opened_root(file)
    resources = read_resources(root, Report())
    return [one for rule in RULES for one in rule(root, resources)]


def versions(root: Element, resources: Resources) -> Iterator[Finding]:
    """Say which version it is; whether that is read, the application decides."""
    yield finding("fcpxml-version", version=root.get("version") or "unstated", application="", taken="", wanted="")


def decimals(root: Element, resources: Resources) -> Iterator[Finding]:
    """Find times in decimal seconds, as scripts write them."""
    for element in root.iter():
        for name in TIMES:
            value = element.get(name)
            if value and _DECIMAL.fullmatch(value) and (name != "value" or element.tag in VALUED):
                yield finding("fcpxml-decimal-time", _line(element), attribute=name, value=value)
                break


def references(root: Element, resources: Resources) -> Iterator[Finding]:
    """Find references to resources that are not there; each once."""
    known = {*resources.assets, *resources.formats, *resources.media}
    known |= {one.get("id") for holder in root.iter("resources") for one in holder if one.get("id")}
    told: set[str] = set()
    for element in root.iter():
        for name in REFERENCES:
            ref = element.get(name)
            # A text style is named within its title, not among the resources.
            if ref and ref not in known and ref not in told and element.tag != "text-style":
                told.add(ref)
                yield finding("fcpxml-reference", _line(element), ref=ref)


def addresses(root: Element, resources: Resources) -> Iterator[Finding]:
    """Find addresses that are not URLs, or hold letters as they are."""
    for element in root.iter("asset", "media-rep"):
        url = element.get("src")
        if not url:
            continue
        found = None if _PLAIN.fullmatch(url) else next(one for one in url if not _PLAIN.fullmatch(one))
        fault = f"holds {found!r} as it is" if found else "" if url.startswith("file:") else "is no file URL"
        if fault:
            yield finding("fcpxml-address", _line(element), url=url, fault=fault)


def sound_in_spines(root: Element, resources: Resources) -> Iterator[Finding]:
    """Find sound without picture in the primary storyline."""
    for item, place in _spine_items(root, resources):
        asset = resources.assets.get(item.get("ref") or "")
        alone = asset is not None and asset.get("hasAudio") == "1" and asset.get("hasVideo") != "1"
        if item.tag in SOUND_HOLDERS and (alone or item.get("srcEnable") == "audio"):
            yield finding("fcpxml-sound-in-spine", *place)


def off_frames(root: Element, resources: Resources) -> Iterator[Finding]:
    """Find edits of the primary storyline that are not on a frame."""
    for item, place in _spine_items(root, resources):
        fps = resources.speed_of_format(_sequence(item).get("format"))
        for name in ("offset", "duration"):
            time = seconds(item.get(name) or "0s")
            if fps is not None and time is not None and (time * fps).denominator != 1:
                yield finding("fcpxml-off-frame", *place, attribute=name)
                break


def joins(root: Element, resources: Resources) -> Iterator[Finding]:
    """Find items of the primary storyline that leave a hole behind the one before, or lie over it."""
    end: Fraction | None = None
    holder = None
    for item, place in _spine_items(root, resources):
        if item.getparent() is not holder:
            end, holder = None, item.getparent()
        if item.tag == "transition":
            continue
        offset, duration = seconds(item.get("offset") or ""), seconds(item.get("duration") or "")
        if offset is not None and end is not None and abs(offset - end) > _JOIN:
            side = "behind" if offset > end else "before"
            yield finding("fcpxml-gap", *place, seconds=f"{abs(float(offset - end)):.3f}", side=side)
        at = offset if offset is not None else end
        end = None if at is None or duration is None else at + duration


def components_off(root: Element, resources: Resources) -> Iterator[Finding]:
    """Find sound that is there and switched off: channels of a clip, roles inside a container."""
    for source in root.iter(*CHANNEL_SOURCES, "audio-role-source"):
        if source.get("active") == "0":
            holder: Any = source.getparent()
            name = holder.get("name") or holder.getparent().get("name") or holder.tag
            yield finding(
                "fcpxml-component-off", f"{name}, {_line(source)}", role=source.get("role") or "without a role"
            )


def sound_off_frames(root: Element, resources: Resources) -> Iterator[Finding]:
    """Find sound that begins or ends between frames, wherever it lies inside compound and sync clips."""
    for project, sequence in projects(root):
        rate = _rate(sequence, resources)
        if rate is None:
            continue
        first = seconds(sequence.get("tcStart") or "0s") or Fraction(0)
        where = f"project {project.get('name') or ''!r}"
        story = walk_sequence(sequence, resources, Report(), where, rate.fps, first)
        for one in story.components:
            parts = [(time * rate.fps) % 1 for time in (one.record_in, one.record_out)]
            off = next((part for part in parts if part), None)
            if off is not None and one.enabled:
                label = format_timecode(frame_at(one.record_in + first, rate), rate)
                yield finding("fcpxml-sound-off-frame", one.host.path, label, part=f"{float(off):.2f}")


def angles_mixed(root: Element, resources: Resources) -> Iterator[Finding]:
    """Find multicam clips in which more than one angle sounds."""
    for clip in root.iter("mc-clip"):
        sounding = [
            one for one in clip.iterchildren("mc-source") if (one.get("srcEnable") or "all") in ("all", "audio")
        ]
        if len(sounding) > 1:
            yield finding("fcpxml-angles-mixed", f"{clip.get('name') or ''}, {_line(clip)}", count=len(sounding))


RULES: tuple[Rule, ...] = (
    versions, decimals, references, addresses, sound_in_spines, off_frames, joins, components_off, sound_off_frames,
    angles_mixed,
)  # fmt: skip


# ---------------------------------------------------------------------------------------------------------------- places


def _spine_items(root: Element, resources: Resources) -> Iterator[tuple[Element, tuple[str, str | None]]]:
    """Yield what stands in primary storylines, with where it is and its timecode."""
    for project, sequence in projects(root):
        spine = sequence.find("spine")
        rate = _rate(sequence, resources)
        for item in spine if spine is not None else ():
            offset = seconds(item.get("offset") or "")
            name = item.get("name") or item.tag
            where = f"project {project.get('name') or ''!r} / {name}, {_line(item)}"
            label = None if rate is None or offset is None else format_timecode(frame_at(offset, rate), rate)
            yield item, (where, label)


def _rate(sequence: Element, resources: Resources) -> Rate | None:
    fps = resources.speed_of_format(sequence.get("format"))
    if fps is None:
        return None
    rate = as_rate(fps)
    return rate.with_drop(True) if sequence.get("tcFormat") == "DF" and rate.nominal in (30, 60) else rate


def _sequence(item: Element) -> Any:
    return item.getparent().getparent()


def _line(element: Element) -> str:
    return f"line {element.sourceline}"
