"""What must be read from the XMEML files of the corpus, compared with what we read: every item in its place, every marker."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import opentimelineio as otio
from lxml import etree

from postsync.formats.conversion import read_file
from postsync.model import placed_clip, timeline_facts, timeline_markers, track_facts
from postsync.report import Report
from postsync.timing import from_rational_time


@dataclass
class Agreement:
    """How many items, transitions and markers stand where they must; `retimed` items are held to their place alone."""

    items: int = 0
    right: int = 0
    retimed: int = 0
    transitions: int = 0
    transitions_right: int = 0
    markers: int = 0
    markers_right: int = 0
    faults: list[str] = field(default_factory=list)

    def add(self, other: Agreement) -> None:
        for name in ("items", "right", "retimed", "transitions", "transitions_right", "markers", "markers_right"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.faults += other.faults


@dataclass(frozen=True)
class Shown:
    """An item of one of our tracks with what transitions show of it, in frames of the sequence."""

    start: Fraction
    end: Fraction
    item: Any
    first: Fraction
    speed_is_one: bool


def expected(corpus: Path) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = json.loads((corpus / "xmeml" / "expected.json").read_text())
    return found


def agreement(path: Path, sequences: list[dict[str, Any]]) -> Agreement:
    """Compare one file."""
    total = Agreement()
    timelines = read_file(path, Report()).timelines
    elements = [one for one in etree.parse(path).getroot().iter("sequence") if len(one)]
    outer = [one for one in elements if not any(up.tag == "clipitem" for up in one.iterancestors())]
    for wanted, timeline, element in zip(sequences, timelines, outer, strict=True):
        total.add(_of_sequence(wanted, timeline, element))
    return total


def _of_sequence(wanted: dict[str, Any], timeline: Any, element: Any) -> Agreement:
    found = Agreement()
    facts = timeline_facts(timeline)
    fps = facts.rate.fps
    if wanted["tc_frame"] is not None and wanted["tc_frame"] != facts.start_frame:
        found.faults.append(f"start {facts.start_frame}, expected {wanted['tc_frame']}")
    lanes = _lanes(timeline, element, fps)
    counts: Counter[str] = Counter()
    for track in wanted["tracks"]:
        counts[track["kind"]] += 1
        have, mixes = lanes[track["kind"], counts[track["kind"]]]
        for item in track["items"]:
            if item["type"] == "transition":
                found.transitions += 1
                good = (item["start"], item["end"]) in mixes
                found.transitions_right += good
            else:
                good = _item_is_there(item, have, fps, found)
            if not good:
                found.faults.append(f"{track['kind']}{counts[track['kind']]} {item}")
    _markers(wanted, timeline, fps, found)
    return found


def _item_is_there(item: dict[str, Any], have: list[Shown], fps: Fraction, found: Agreement) -> bool:
    if item["start"] is None:
        return True  # named by id alone; its definition is compared where it stands
    found.items += 1
    found.retimed += item["timeremap"]
    good = any(_same(item, one, fps) for one in have)
    found.right += good
    return good


def _same(item: dict[str, Any], one: Shown, fps: Fraction) -> bool:
    if (item["start"], item["end"], item["enabled"]) != (one.start, one.end, bool(one.item.enabled)):
        return False
    own = _fps(item["rate"]) or fps
    if isinstance(one.item, otio.schema.Stack):
        return bool(item["nested_sequence"]) and one.first * own == item["in"]
    media = one.item.media_reference
    same = (item["url"] or None) == getattr(media, "target_url", None) and item["name"] == one.item.name
    if item["source_track"] is not None:
        channels = placed_clip(one.item, Fraction(0), Fraction(0)).facts.channels
        same = same and (channels is None or item["source_track"] in channels)
    return same and (item["timeremap"] or item["in"] is None or one.first * own == item["in"])


def _fps(rate: Any) -> Fraction | None:
    return None if not rate else Fraction(rate[0] * 1000, 1001) if rate[1] else Fraction(rate[0])


def _lanes(
    timeline: Any, sequence: Any, fps: Fraction
) -> dict[tuple[str, int], tuple[list[Shown], set[tuple[Any, Any]]]]:
    """Give our items by the tracks of the document; where Premiere wrote a track as two, both are our one."""
    by_line: dict[str | None, tuple[list[Shown], set[tuple[Any, Any]]]] = {}
    for track in timeline.tracks:
        items, mixes = by_line.setdefault(track_facts(track).origin, ([], set()))
        _walk(track, fps, items, mixes)
    lanes: dict[tuple[str, int], tuple[list[Shown], set[tuple[Any, Any]]]] = {}
    for kind in ("video", "audio"):
        last: tuple[list[Shown], set[tuple[Any, Any]]] = ([], set())
        for number, element in enumerate(sequence.iterfind(f"media/{kind}/track"), 1):
            last = by_line.get(f"line {element.sourceline}", last)
            lanes[kind, number] = last
    return lanes


def _walk(track: Any, fps: Fraction, items: list[Shown], mixes: set[tuple[Any, Any]]) -> None:
    at = Fraction(0)
    children = list(track)
    for place, item in enumerate(children):
        if isinstance(item, otio.schema.Transition):
            cut = at * fps
            mixes.add((cut - _frames(item.in_offset, fps), cut + _frames(item.out_offset, fps)))
            continue
        duration = from_rational_time(item.duration())
        if not isinstance(item, otio.schema.Gap):
            before = children[place - 1] if place else None
            after = children[place + 1] if place + 1 < len(children) else None
            lead = _frames(before.in_offset, fps) if isinstance(before, otio.schema.Transition) else Fraction(0)
            tail = _frames(after.out_offset, fps) if isinstance(after, otio.schema.Transition) else Fraction(0)
            items.append(_shown(item, at * fps, duration * fps, lead, tail, fps))
            mixes |= _fades(items[-1])
        at += duration


def _shown(item: Any, start: Fraction, length: Fraction, lead: Fraction, tail: Fraction, fps: Fraction) -> Shown:
    if isinstance(item, otio.schema.Stack):
        first = from_rational_time(item.source_range.start_time)
        return Shown(start - lead, start + length + tail, item, first - lead / fps, True)
    clip = placed_clip(item, start / fps, length / fps)
    return Shown(start - lead, start + length + tail, item, clip.source_in - lead / fps, clip.facts.speed == 1)


def _fades(one: Shown) -> set[tuple[Any, Any]]:
    """Sound that fades at one side was written with a transition there."""
    if not isinstance(one.item, otio.schema.Clip):
        return set()
    facts = placed_clip(one.item, Fraction(0), Fraction(0)).facts
    length = one.end - one.start
    seconds = from_rational_time(one.item.duration())
    found: set[tuple[Any, Any]] = set()
    if facts.fade_in is not None:
        found.add((one.start, one.start + facts.fade_in.duration / seconds * length))
    if facts.fade_out is not None:
        found.add((one.end - facts.fade_out.duration / seconds * length, one.end))
    return found


def _frames(time: Any, fps: Fraction) -> Fraction:
    return from_rational_time(time) * fps


def _markers(wanted: dict[str, Any], timeline: Any, fps: Fraction, found: Agreement) -> None:
    have = [plain for _, plain in timeline_markers(timeline)]
    for marker in wanted["markers"]:
        found.markers += 1
        length = max(marker.get("out", -1) - marker["frame"], 0) if marker["on"] == "sequence" else None
        good = any(
            plain.record_in * fps == marker["frame"]
            and (plain.name, plain.comment) == (marker["name"], marker["comment"])
            and plain.visible == marker.get("inside", True)
            and (plain.attached_to is None) == (marker["on"] == "sequence")
            and (length is None or plain.duration * fps == length)
            for plain in have
        )
        found.markers_right += good
        if not good:
            found.faults.append(f"marker {marker}")
