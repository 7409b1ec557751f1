"""An FCPXML document written of a timeline and read back: what is the same, and what differs without being named.

The suite runs a sample of the corpus; `python benchmarks/fcpxml_writing.py CORPUS` runs all of it in every version.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import opentimelineio as otio
from lxml import etree

from postsync.formats import ReadOptions
from postsync.formats.format import write_to
from postsync.model import (
    ClipFacts,
    Fade,
    Laid,
    MediaFacts,
    PlacedClip,
    PlacedTransition,
    PlainMarker,
    TimelineFacts,
    build_track,
    placed_tracks,
    put_clip_facts,
    put_media_facts,
    put_timeline_facts,
    timeline_facts,
    timeline_markers,
    to_otio_marker,
)
from postsync.report import Report
from postsync.timing import Rate, nearest_frame, seconds_of_frame, to_time_range
from postsync_adapters.fcpxml import FORMAT
from postsync_adapters.fcpxml.reading.roles import role_text
from postsync_adapters.fcpxml.writing import FcpxmlWriteOptions
from postsync_adapters.fcpxml.writing.channels import one_file_a_clip, without_overlaps
from postsync_adapters.fcpxml.writing.resources import address
from postsync_adapters.fcpxml.writing.roles import role_of

EXPLAINED = {
    "picture": ("time-rounded", "clip-below-frame"),
    "marker": ("marker-outside-clip", "marker-shortened", "cue-outside-timeline"),
    "transition": ("transition-not-carried", "transition-made-dissolve", "time-rounded"),
    "sound": ("time-rounded", "fade-curve-changed", "value-clamped", "clip-below-frame"),
}
"""The losses that may stand for a difference of each kind."""


@dataclass
class Agreement:
    """One document written in one version and read back."""

    version: str
    valid: bool
    fault: str = ""
    counts: Counter[str] = field(default_factory=Counter)
    unnamed: list[str] = field(default_factory=list)
    named: Counter[str] = field(default_factory=Counter)

    @property
    def whole(self) -> bool:
        """Whether it is valid and everything that differs is named."""
        return self.valid and not self.unnamed


def written(timeline: Any, report: Report | None = None, **options: Any) -> bytes:
    """Write a timeline and give the document."""
    file = io.BytesIO()
    write_to(FORMAT, timeline, file, report if report is not None else Report(), FcpxmlWriteOptions(**options))
    return file.getvalue()


def read_back(data: bytes, name: str | None = None) -> Any:
    """Read a document; the timeline of that name where there are several."""
    assert FORMAT.read is not None
    found = FORMAT.read(io.BytesIO(data), Report(), ReadOptions())
    return next((one for one in found if name is None or one.name == name), found[0])


def agreement(timeline: Any, version: str, dtd: Any, **options: Any) -> Agreement:
    """Write a timeline, validate the document and compare what is read from it."""
    report = Report()
    data = written(timeline, report, version=version, **options)
    result = Agreement(version, dtd.validate(etree.fromstring(data)))
    if not result.valid:
        result.fault = str(dtd.error_log.filter_from_errors()[0])
    result.named = Counter(loss.code for loss in report)
    again = read_back(data)
    if timeline_facts(again).rate != timeline_facts(timeline).rate:
        result.unnamed.append(f"rate {timeline_facts(timeline).rate} became {timeline_facts(again).rate}")
    if timeline_facts(again).start_frame != timeline_facts(timeline).start_frame:
        result.unnamed.append("another start")
    rounded = "time-rounded" in result.named
    for kind, ours, theirs in _kinds(timeline, again, rounded):
        result.counts[kind] = sum(ours.values())
        lost, more = ours - theirs, theirs - ours
        excused = sum(result.named[code] for code in EXPLAINED[kind])
        if max(sum(lost.values()), sum(more.values())) > excused:
            result.unnamed += [f"{kind} lost: {one}" for one in lost] + [f"{kind} new: {one}" for one in more]
    return result


def _kinds(one: Any, other: Any, rounded: bool) -> Iterator[tuple[str, Counter[Any], Counter[Any]]]:
    for kind, gather in (("picture", pictures), ("sound", sounds), ("marker", markers), ("transition", transitions)):
        yield kind, gather(one, rounded), gather(other, rounded)


def _on_frame(time: Fraction, timeline: Any, rounded: bool) -> Fraction:
    rate = timeline_facts(timeline).rate
    return seconds_of_frame(nearest_frame(time, rate), rate) if rounded else time


def pictures(timeline: Any, rounded: bool = False) -> Counter[Any]:
    """Count the picture clips by all that Final Cut keeps of them; those with nothing on their track are level 1."""
    found: Counter[Any] = Counter()
    tracks = [track for track in without_overlaps(placed_tracks(timeline, "video")) if track.clips]
    for level, track in enumerate(tracks):
        for clip in track.clips:
            begin, end = (_on_frame(time, timeline, rounded) for time in (clip.record_in, clip.record_out))
            if end > begin:
                generated = isinstance(clip.clip.media_reference, otio.schema.GeneratorReference)
                if generated and level == 0 and clip.clip.media_reference.generator_kind == "black":
                    continue
                source = () if rounded or generated else (clip.source_start, _speed(clip))
                found[(level, clip.clip.name, begin, end, source, *_about(clip))] += 1
    return found


def _about(clip: PlacedClip) -> tuple[Any, ...]:
    generated = isinstance(clip.clip.media_reference, otio.schema.GeneratorReference)
    words = clip.clip.media_reference.parameters.get("text") if generated else None
    enabled = clip.enabled and not clip.facts.muted
    url = None if clip.url is None or clip.url.startswith("file:///offline/") else address(clip.url)
    return url, enabled, clip.facts.note, generated, words


def sounds(timeline: Any, rounded: bool = False) -> Counter[Any]:
    """Count the sound clips: role, place, source, channels, speed, level and fades."""
    found: Counter[Any] = Counter()
    for track in one_file_a_clip(placed_tracks(timeline, "audio"), Report()):
        for clip in track.clips:
            facts = clip.facts
            if isinstance(clip.clip.media_reference, otio.schema.GeneratorReference):
                continue
            role = role_text(role_of(clip, track))
            level = facts.gain_db or 0.0 if not facts.gain_points else None
            level = level if level is None or level > -96 else -144.0
            name = clip.clip.name or clip.media.name or "Media"
            place = (clip.record_in, clip.duration, clip.source_start, _channels(clip), _speed(clip))
            shape = (level, _curve(clip), facts.fade_in, facts.fade_out)
            found[(role, name, *place, *shape, *_about(clip))] += 1
    return found


def _channels(clip: PlacedClip) -> tuple[int, ...] | None:
    """Give the channels that are heard; a clip that names none plays all that its file has."""
    count = clip.media.channels
    return clip.facts.channels or (tuple(range(1, count + 1)) if count else None)


def _speed(clip: PlacedClip) -> Any:
    """Give the retime where there is one; what speed a clip has beside it is only its average."""
    return clip.facts.retime or clip.facts.speed


def _curve(clip: PlacedClip) -> tuple[tuple[Fraction, float], ...]:
    """Give the level curve at its own turning points inside the clip."""
    return tuple((time, round(level, 4)) for time, level in clip.facts.gain_points if 0 < time < clip.duration)


def markers(timeline: Any, rounded: bool = False) -> Counter[Any]:
    """Count the markers by place, length, texts, kind and whether they are seen."""
    kinds = {"locator": "marker"}
    return Counter(
        (plain.record_in, plain.duration, plain.name, plain.comment, kinds.get(plain.kind, plain.kind), plain.visible)
        for _, plain in timeline_markers(timeline)
    )


def transitions(timeline: Any, rounded: bool = False) -> Counter[Any]:
    """Count the transitions: those of the picture by track, those of the sound by how many channels cross there."""
    found: Counter[Any] = Counter()
    for track in (*placed_tracks(timeline, "video"), *one_file_a_clip(placed_tracks(timeline, "audio"), Report())):
        for item in track.items:
            if isinstance(item, PlacedTransition):
                place = track.index if track.kind == "video" else None
                name = item.transition.name or "Cross Fade"
                found[track.kind, place, name, item.cut, item.before, item.after] += 1
    return found


def dtd_of(folder: Path, version: str) -> Any:
    """Load Apple's DTD of a version."""
    return etree.DTD(str(folder / f"FCPXMLv{version.replace('.', '_')}.dtd"))


def made_programme(count: int) -> Any:
    """Make a programme of so many clips, half seen with their sound and half heard alone, with markers."""
    timeline = otio.schema.Timeline("made")
    rate = Rate.of(Fraction(24000, 1001))
    put_timeline_facts(timeline, TimelineFacts(rate, 86400, 48000))
    frame = Fraction(1001, 24000)
    reference = _made_media("shot", "picture", 2)
    sound = _made_media("boom", "sound", 1)
    half = count // 4
    picture = [_made_clip("shot", reference, number, ClipFacts()) for number in range(half)]
    heard = [_made_clip("shot", reference, number, ClipFacts(role="dialogue")) for number in range(half)]
    alone = [
        _made_clip("boom", sound, number, ClipFacts(role="dialogue.Boom", gain_db=-3.0, fade_in=Fade(frame)))
        for number in range(count - 2 * half)
    ]
    for name, kind, clips in (
        ("V1", "Video", picture),
        ("Dialogue", "Audio", heard),
        ("Dialogue Boom", "Audio", alone),
    ):
        laid = [
            Laid(clip, 24 * frame * number, 24 * frame, 24 * frame * (number % 100))
            for number, clip in enumerate(clips)
        ]
        timeline.tracks.append(build_track(name, kind, laid, [rate.fps, 48000]))
    timeline.tracks.markers.extend(
        to_otio_marker(PlainMarker(24 * frame * number, name=f"M{number}"), rate.fps) for number in range(0, half, 5)
    )
    return timeline


def _made_media(name: str, kind: str, channels: int) -> Any:
    media = otio.schema.ExternalReference(
        target_url=f"file:///M/{name}.mov", available_range=to_time_range(Fraction(0), Fraction(1000))
    )
    media.name = name
    rate = "24000/1001" if kind == "picture" else None
    put_media_facts(media, MediaFacts(name=name, channels=channels, sample_rate=48000, rate=rate, kind=kind))
    return media


def _made_clip(name: str, media: Any, number: int, facts: ClipFacts) -> Any:
    clip = otio.schema.Clip(name=f"{name} {number}", media_reference=media.clone())
    put_clip_facts(clip, facts)
    return clip
