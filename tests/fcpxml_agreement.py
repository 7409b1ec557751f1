"""What the FCPXML reader says beside what Final Cut showed: every marker and every placement of `expected.json`.

Markers are compared in the timeline that is read: exact time, name, note, kind, and whether they are seen. Placements are
compared in the walk, where every story element stands, also gaps and the channels of a recording; and again in the timeline
for what becomes a clip. Items inside a retimed clip are listed there without the retime: those must follow the time map.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from postsync.errors import PostsyncError
from postsync.formats import ReadOptions
from postsync.formats.format import read_with
from postsync.model import placed_tracks, timeline_facts, timeline_markers
from postsync.report import Report
from postsync.timing import from_rational_time
from postsync_adapters.fcpxml import FORMAT
from postsync_adapters.fcpxml.document import projects, read_resources
from postsync_adapters.fcpxml.reading import opened_root
from postsync_adapters.fcpxml.reading.attributes import CONTAINERS, is_contained
from postsync_adapters.fcpxml.reading.scene import Host
from postsync_adapters.fcpxml.reading.walk import walk_sequence
from postsync_adapters.fcpxml.time import nearest_flick, seconds

KINDS = {"marker": "marker", "todo": "to-do", "done": "completed", "chapter": "chapter"}
NO_CLIPS = frozenset({"transition", "caption", "gap", "video", "audio"})
"""Elements that become no clip of their own name and length in a timeline."""


@dataclass
class Agreement:
    """Counts over documents, and what did not agree."""

    documents: int = 0
    projects: int = 0
    refused: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        names = ("markers", "placements", "clips", "inside retimes")
        parts = [f"{self.counts[f'{name} right']} of {self.counts[name]} {name}" for name in names]
        return [f"{self.documents} documents, {self.projects} projects: " + ", ".join(parts), *self.faults]


def agreement(corpus: Path) -> Agreement:
    """Compare every document of the corpus."""
    truth = json.loads((corpus / "fcpxml" / "expected.json").read_text(encoding="utf-8"))
    found = Agreement()
    for path in sorted((corpus / "fcpxml").glob("*.fcpxml")):
        try:
            timelines = read_with(FORMAT, path, Report(), ReadOptions())
        except PostsyncError as fault:
            found.refused.append(f"{path.name}: {fault}")
            continue
        found.documents += 1
        expected = truth[path.name].get("projects", [])
        if not expected:
            continue  # clips alone: nothing was shown for them
        found.projects += len(expected)
        if len(timelines) != len(expected):
            found.faults.append(f"{path.name}: {len(timelines)} timelines, {len(expected)} projects")
        for timeline, project, hosts in zip(timelines, expected, _walked(path), strict=True):
            compare_clock(path.name, timeline, project, found)
            compare_markers(path.name, timeline, project, found)
            compare_placements(path.name, hosts, project, found)
            compare_clips(path.name, timeline, hosts, found)
    return found


def _walked(path: Path) -> list[list[Host]]:
    root = opened_root(path) if path.is_dir() else _root(path)
    resources = read_resources(root, Report())
    walks: list[list[Host]] = []
    for _, sequence in projects(root):
        speed = resources.speed_of_format(sequence.get("format")) or resources.any_speed() or Fraction(24)
        first = seconds(sequence.get("tcStart") or "0s") or Fraction(0)
        story = walk_sequence(sequence, resources, Report(), "", speed, first, keep_hosts=True)
        walks.append(story.hosts or [])
    return walks


def _root(path: Path) -> Any:
    with path.open("rb") as file:
        return opened_root(file)


def compare_clock(name: str, timeline: Any, project: dict[str, Any], found: Agreement) -> None:
    if project["rate"]:
        rate = timeline_facts(timeline).rate
        if (rate.fps, rate.drop) != (Fraction(project["rate"]), project["tcFormat"] == "DF"):
            found.faults.append(f"{name}: clock {rate.name}, expected {project['rate']} {project['tcFormat']}")


def _start(project: dict[str, Any]) -> Fraction:
    return seconds(project["tcStart"]) or Fraction(0)


def compare_markers(name: str, timeline: Any, project: dict[str, Any], found: Agreement) -> None:
    """Nested markers are said to be inside their host; whether the programme shows that part is the reader's to say."""
    start = _start(project)
    ours = Counter(
        (plain.record_in + start, plain.name, plain.comment, plain.kind, plain.visible)
        for _, plain in timeline_markers(timeline)
        if plain.kind != "caption"
    )
    for marker in project.get("markers", []):
        found.counts["markers"] += 1
        inside = marker["inside_host"] is not False and not is_alternative(marker["path"])
        key = (seconds(marker["at"]), marker["name"] or "", marker["note"] or "", KINDS[marker["type"]])
        allowed = [inside, False] if marker["nested"] else [inside]
        same = next((seen for seen in allowed if ours[(*key, seen)]), None)
        if same is None:
            found.faults.append(f"{name}: marker {marker['name']!r} at {marker['at']} of {marker['path']}")
            continue
        ours[(*key, same)] -= 1
        found.counts["markers right"] += 1
    found.faults += [f"{name}: marker that nobody showed: {key}" for key in +ours if "markers" in project]


def is_alternative(path: str) -> bool:
    return any(part.startswith("audition") and part != "audition0" for part in path.split("/"))


def compare_placements(name: str, hosts: list[Host], project: dict[str, Any], found: Agreement) -> None:
    start = _start(project)
    ours: Counter[tuple[Any, ...]] = Counter()
    retimed: Counter[tuple[Any, ...]] = Counter()
    for host in hosts:
        if is_inside_retime(host.element):
            retimed[host.tag, host.name] += 1
            continue
        ours[_key_of(host, start)] += 1
    for item in project.get("placements", []):
        key = (
            item["tag"], item["name"] or "", seconds(item["at"]), seconds(item["duration"]), item["lane"], item["enabled"],
        )  # fmt: skip
        if ours[key]:
            ours[key] -= 1
            found.counts.update({"placements": 1, "placements right": 1})
        elif retimed[item["tag"], item["name"] or ""]:
            retimed[item["tag"], item["name"] or ""] -= 1
        else:
            found.counts["placements"] += 1
            found.faults.append(f"{name}: {item}")
    found.faults += [f"{name}: item that nobody showed: {key}" for key in +ours if "placements" in project]
    for host in hosts:
        if host.retime is not None and host.tag in CONTAINERS:
            compare_retime(name, host, hosts, found)


def _key_of(host: Host, start: Fraction) -> tuple[Any, ...]:
    lane = int(host.element.get("lane") or 0)
    return host.tag, host.name, host.span[0] + start, host.span[1] - host.span[0], lane, host.enabled


def is_inside_retime(element: Any) -> bool:
    """Say whether an element is content, at any depth, of a retimed container."""
    child, parent = element, element.getparent()
    while parent is not None:
        if is_contained(parent.tag, child.tag, child) and parent.find("timeMap") is not None:
            return True
        child, parent = parent, parent.getparent()
    return False


def compare_retime(name: str, host: Host, hosts: list[Host], found: Agreement) -> None:
    """At both ends of each stretch of constant speed, the content must be at the original time that the map says."""
    assert host.retime is not None
    for one in hosts:
        if one.element.getparent() is not host.element or not is_contained(host.tag, one.tag, one.element):
            continue
        window = one.scene.picture
        for at in window if window[0] < window[1] else ():
            found.counts["inside retimes"] += 1
            if one.scene.clock.local(at) == host.retime.value(host.clock.local(at)):
                found.counts["inside retimes right"] += 1
            else:
                found.faults.append(f"{name}: {one.path} is not where its time map says at {at}")


def compare_clips(name: str, timeline: Any, hosts: list[Host], found: Agreement) -> None:
    """What is seen or heard must stand in the timeline with start, length and state, as clip or as opened stack.

    To the flick (1.4 ns): scripts write times that OpenTimelineIO's numbers do not hold.
    """
    clips = {
        (nearest_flick(clip.record_in), nearest_flick(clip.record_out), clip.enabled)
        for track in placed_tracks(timeline)
        for clip in track.clips
    }
    for track in timeline.tracks:
        for item, at, length in _items(track):
            clips.add((nearest_flick(at), nearest_flick(at + length), bool(item.enabled)))
    for host in hosts:
        if host.tag in NO_CLIPS or is_inside_retime(host.element) or not host.scene.active:
            continue
        span = max(host.span[0], Fraction(0), host.scene.picture[0]), min(host.span[1], host.scene.picture[1])
        if span[0] >= span[1]:
            continue
        found.counts["clips"] += 1
        if (*map(nearest_flick, span), host.enabled) in clips:
            found.counts["clips right"] += 1
        else:
            found.faults.append(f"{name}: no clip for {host.path} at {span[0]}")


def _items(track: Any) -> list[tuple[Any, Fraction, Fraction]]:
    at, items = Fraction(0), []
    for item in track:
        if item.schema_name() in ("Clip", "Gap", "Stack"):
            length = from_rational_time(item.duration())
            items.append((item, at, length))
            at += length
    return items
