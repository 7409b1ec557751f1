"""Cues and takes put into existing documents, and what else that changed: nothing, if it is right.

The suite runs a sample; `python benchmarks/fcpxml_writing.py CORPUS` puts cues into every document.
"""

from __future__ import annotations

import io
import tempfile
from collections import Counter
from copy import deepcopy
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import opentimelineio as otio
from lxml import etree

from fcpxml_written import dtd_of, read_back
from postsync.cueing import find_tag
from postsync.formats import ReadOptions
from postsync.formats.format import read_with, write_to
from postsync.model import (
    Character,
    ClipFacts,
    Cue,
    Laid,
    MediaFacts,
    PlainMarker,
    build_track,
    cue_marker,
    placed_tracks,
    put_characters,
    put_clip_facts,
    put_media_facts,
    timeline_cues,
    timeline_duration,
    timeline_facts,
    timeline_markers,
)
from postsync.report import Report
from postsync.timing import frame_at, to_time_range
from postsync_adapters.fcpxml import FORMAT
from postsync_adapters.fcpxml.writing import FcpxmlWriteOptions

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


def with_cues(path: Path, name: str | None = None, count: int = 7) -> Any:
    """Read a document and give its timeline with new cues all over it, and a take for every second one."""
    found = read_with(FORMAT, path, Report(), ReadOptions())
    timeline = next((one for one in found if name is None or one.name == name), found[0])
    facts, length = timeline_facts(timeline), timeline_duration(timeline)
    last = max(frame_at(length, facts.rate) - 1, 0)
    put_characters(timeline, [Character("robin", "ROBIN")])
    laid: list[Laid] = []
    for number in range(count):
        at = last * number // max(count - 1, 1)
        uid = "K7Q2M9X" + LETTERS[number]
        cue = Cue(
            uid=uid, number=f"R{100 + number}", record_in=at, record_out=at + 30, character="robin", line="Hold there!"
        )
        if number % 3 == 2:
            cue = replace(cue, record_out=None, status="recorded")
        timeline.tracks.markers.append(cue_marker(cue, facts, "ROBIN"))
        if number % 2 == 0:
            laid.append(_take(cue, Fraction(at, 1) / facts.rate.fps + Fraction(1, 48000)))
    tracks = [build_track(f"ADR {one.item.name}", "Audio", [one], [48000]) for one in laid]
    timeline.tracks.extend(tracks)
    return timeline


def _take(cue: Cue, at: Fraction) -> Laid:
    media = otio.schema.ExternalReference(
        target_url=f"file:///Stage/{cue.number}%20take%201.wav",
        available_range=to_time_range(Fraction(3600), Fraction(20)),
    )
    media.name = f"{cue.number} take 1"
    put_media_facts(media, MediaFacts(name=media.name, channels=1, sample_rate=48000, kind="sound"))
    clip = otio.schema.Clip(name=f"{cue.number}_T1", media_reference=media)
    put_clip_facts(clip, ClipFacts(cue_uid=cue.uid, gain_db=-3.0))
    return Laid(clip, at, Fraction(2), Fraction(3601))


def inserted(timeline: Any, into: Path, report: Report | None = None, **options: Any) -> bytes:
    """Put a timeline's cues and takes into a document and give it."""
    file = io.BytesIO()
    write_to(
        FORMAT, timeline, file, report if report is not None else Report(), FcpxmlWriteOptions(into=into, **options)
    )
    return file.getvalue()


def gaps_in(data: bytes) -> frozenset[str]:
    """Give the places of the gaps of a document."""
    return frozenset(gap.get("offset") or "" for gap in etree.fromstring(data).iter("gap"))


def canonical(data: bytes, uids: frozenset[str] = frozenset(), gaps: frozenset[str] | None = None) -> bytes:
    """Give a document in canonical form, without what carries the tags of some cues and without white space between.

    `gaps` are those that may stay: others were made to hold cues, and a sequence grew by them.
    """
    root = etree.fromstring(data, etree.XMLParser(remove_blank_text=True, resolve_entities=False))
    for element in list(root.iter("marker", "asset-clip", "clip")):
        note = element.get("note") or element.findtext("note") or ""
        tag = find_tag(note)
        if tag is not None and tag.uid in uids:
            element.getparent().remove(element)
    for asset in list(root.iter("asset")):
        if "/Stage/" in etree.tostring(asset, encoding="unicode"):
            holder = asset.getparent()
            holder.remove(asset)
            if not len(holder):
                holder.getparent().remove(holder)
    for gap in list(root.iter("gap")) if gaps is not None else []:
        if gap.get("offset") not in gaps and not len(gap):
            gap.getparent().remove(gap)
    for sequence in root.iter("sequence") if gaps is not None else []:
        sequence.attrib.pop("duration", None)
    for element in root.iter():
        element.tail = (element.tail or "").strip() or None
        if len(element) or not (element.text or "").strip():
            element.text = (element.text or "").strip() or None
    return etree.tostring(deepcopy(root), method="c14n")


UIDS = frozenset("K7Q2M9X" + letter for letter in LETTERS)
"""The uids of the cues that are made here."""


@dataclass
class Insertion:
    """What came of putting cues and takes into one document."""

    changed: bool = False
    broken: bool = False
    inexact: list[str] = field(default_factory=list)
    unsteady: bool = False
    remarks: frozenset[str] = frozenset()

    @property
    def fault(self) -> str:
        """Say in a word what is wrong; nothing where all is right."""
        said = {
            "changed": self.changed,
            "broken": self.broken,
            "inexact": bool(self.inexact),
            "unsteady": self.unsteady,
        }
        return "+".join(word for word, wrong in said.items() if wrong)

    @property
    def whole(self) -> bool:
        """Whether nothing else changed, all stands exactly, and a second time changes nothing."""
        return not self.fault


def insertion(path: Path, name: str, dtds: Path) -> Insertion | None:
    """Put cues and takes into a document twice and compare; None where it has no sequence to put them into."""
    before = path.read_bytes()
    if not any(project.find("sequence") is not None for project in etree.fromstring(before).iter("project")):
        return None
    timeline, report = with_cues(path, name), Report()
    after = inserted(timeline, path, report)
    codes = frozenset(loss.code for loss in report)
    gaps = gaps_in(before) if "storyline-extended" in codes else None
    dtd = dtd_of(dtds, etree.fromstring(before).get("version"))
    with tempfile.TemporaryDirectory() as folder:
        filled = Path(folder) / "filled.fcpxml"
        filled.write_bytes(after)
        again = inserted(timeline, filled)
    return Insertion(
        changed=canonical(after, UIDS, gaps) != canonical(before, gaps=gaps),
        broken=dtd.validate(etree.fromstring(before)) and not dtd.validate(etree.fromstring(after)),
        inexact=[] if "time-rounded" in codes else inexact(timeline, read_back(after, name)),
        unsteady=again != after,
        remarks=codes,
    )


def inexact(timeline: Any, again: Any) -> list[str]:
    """Give the cues and takes that are not where they were put, not seen, or there more than once."""
    facts = timeline_facts(timeline)
    cues: dict[str, list[PlainMarker]] = {}
    for _, plain in timeline_markers(again):
        tag = find_tag(plain.comment)
        if tag is not None and tag.uid in UIDS:
            cues.setdefault(tag.uid, []).append(plain)
    wrong = [
        cue.uid
        for cue in timeline_cues(timeline)
        if cue.uid in UIDS
        and [(one.record_in, one.duration, one.visible) for one in cues.get(cue.uid, [])]
        != [(cue.seconds_in(facts), (cue.seconds_out(facts) or cue.seconds_in(facts)) - cue.seconds_in(facts), True)]
    ]
    return wrong + sorted(str(one) for one in _takes(timeline) - _takes(again))


def _takes(timeline: Any) -> Counter[Any]:
    found: Counter[Any] = Counter()
    for track in placed_tracks(timeline, "audio"):
        for clip in track.clips:
            if clip.url and "/Stage/" in clip.url:
                place = (clip.record_in, clip.duration, clip.source_start)
                found[(clip.clip.name, *place, clip.facts.gain_db, clip.enabled)] += 1
    return found
