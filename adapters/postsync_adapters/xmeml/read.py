"""From an XMEML document to timelines: one for each sequence, or for each clip where there is none."""

from __future__ import annotations

import re
from collections.abc import Sequence as Several
from copy import deepcopy
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import accumulate
from typing import Any, BinaryIO

import opentimelineio as otio
from lxml import etree

from postsync.errors import FormatError
from postsync.formats import ReadOptions, Timelines, path_of
from postsync.model import (
    NAMESPACE,
    SCHEMA,
    Attachment,
    Laid,
    TimelineFacts,
    TrackFacts,
    build_track,
    lay_without_overlaps,
    put_timeline_facts,
)
from postsync.report import Report
from postsync.timing import as_rate, from_rational_time, nearest_frame, to_rational_time
from postsync.wording import counted
from postsync_adapters.xmeml.clips import KNOWN, ClipMaker, Playing, Shown, filters_kept, playing_of
from postsync_adapters.xmeml.cuts import Mix, Span
from postsync_adapters.xmeml.document import (
    Document,
    Element,
    browser_clips,
    clock_rate,
    kept,
    line_of,
    number,
    open_document,
    parse,
    producer_of,
    rate_of,
    sequences,
    start_of,
    text,
    truth,
)
from postsync_adapters.xmeml.effects import curve_of as curve_of_effect
from postsync_adapters.xmeml.effects import decibels, effects_of
from postsync_adapters.xmeml.labels import curve_of
from postsync_adapters.xmeml.markers import Found, clip_markers, otio_marker, sequence_markers, without_repeats
from postsync_adapters.xmeml.media import Sources
from postsync_adapters.xmeml.tracks import Lane, lanes_of, link_groups

DEEPEST = 24
MOST_NESTED = 100_000
"""Items in nests of one document, counted as often as they are used; beyond, nests stay closed."""

OPENING = 20
"""What opening a nest counts for beside its items."""

LAST_RESORT = Fraction(25)
SEQUENCE_KNOWN = frozenset({"name", "duration", "rate", "timecode", "media", "marker", "file"})
TRACK_KNOWN = frozenset({"clipitem", "generatoritem", "transitionitem", "enabled", "name"})


def read(file: BinaryIO, report: Report, options: ReadOptions) -> Timelines:
    """Read every sequence of a document."""
    path = path_of(file)
    document = open_document(parse(file, path), report)
    reader = _Reader(document, report, options)
    found = list(sequences(document))
    clips = list(browser_clips(document.root))
    if found:
        if clips:
            report.note(
                "element-ignored", name=f"{counted(len(clips), 'clip')} of the bins, which no sequence is made of"
            )
        return [reader.timeline(sequence, sequence) for sequence in found]
    if not clips:
        raise FormatError("the document holds no sequence and no clip", path=path, remedy="export the sequence itself")
    return [reader.timeline(with_tracks(clip), next(clip.iter("file"), None)) for clip in clips]


def with_tracks(clip: Element) -> Element:
    """Give a clip of a bin with the tracks of a sequence; some name their file alone: it plays whole on each."""
    file = clip.find("file")
    if file is None or clip.find("media") is not None:
        return clip
    whole = deepcopy(clip)
    length = text(file, "duration") or text(clip, "duration")
    media = etree.SubElement(whole, "media")
    for word in ("video", "audio"):
        if file.find(f"media/{word}") is None:
            continue
        item = etree.SubElement(etree.SubElement(etree.SubElement(media, word), "track"), "clipitem")
        for tag, value in (("name", text(clip, "name")), ("start", "0"), ("end", length), ("in", "0"), ("out", length)):
            etree.SubElement(item, tag).text = value
        item.append(deepcopy(file))
    return whole


@dataclass
class _Scene:
    """A sequence being read: its clock, its items' maker, and the markers found in it."""

    fps: Fraction
    maker: ClipMaker
    depth: int
    shown: Shown
    links: dict[str, str]
    markers: list[Found] = field(default_factory=list[Found])


class _Reader:
    """Reads the sequences of one document; a nest is opened wherever it is used."""

    def __init__(self, document: Document, report: Report, options: ReadOptions) -> None:
        self._document = document
        self._report = report
        self._options = options
        self._sources = Sources(document)
        self._producer = producer_of(document)
        self._nested = 0

    def timeline(self, sequence: Element, clock: Element | None) -> otio.schema.Timeline:
        """Make the timeline of a sequence; `clock` is what states its timecode."""
        name = text(sequence, "name") or self._options.name or ""
        fps = self._fps(sequence, name)
        start = start_of(None if clock is None else self._document.resolved(clock), fps, self._report)
        rate = clock_rate(as_rate(fps).fps, start is not None and start.drop)
        frame = 0 if start is None else start.frame
        if start is not None and start.fps != fps:
            frame = nearest_frame(start.seconds, rate)
        audio = sequence.find("media/audio")
        sample_rate = number(text(audio, "format/samplecharacteristics/samplerate") or None)
        facts = TimelineFacts(rate, frame, int(sample_rate) if sample_rate else None, self._producer, "xmeml")
        timeline = otio.schema.Timeline(name=name)
        put_timeline_facts(timeline, facts)
        scene = self._scene(sequence, fps, 0, Shown(), "")
        timeline.tracks.extend(self._tracks(sequence, scene, facts.sample_rate))
        scene.markers += sequence_markers(sequence, fps, self._report)
        timeline.tracks.markers.extend(otio_marker(one, fps) for one in without_repeats(scene.markers, self._report))
        timeline.metadata["xmeml"] = self._about(sequence)
        return timeline

    def _scene(self, sequence: Element, fps: Fraction, depth: int, shown: Shown, use: str) -> _Scene:
        """Set a sequence up; `use` tells what is linked in one use of a nest from what is linked in another."""
        links = {item: f"{use}{group}" for item, group in link_groups(sequence).items()}
        return _Scene(fps, ClipMaker(self._document, self._sources, fps, links, shown), depth, shown, links)

    def _fps(self, sequence: Element, name: str) -> Fraction:
        stated = rate_of(sequence) or rate_of(sequence.find("timecode"))
        if stated is not None:
            return stated
        if self._options.rate is not None:
            return self._options.rate.fps
        of_items = next((found for one in sequence.iter("clipitem", "file") if (found := rate_of(one))), None)
        guess = of_items or LAST_RESORT
        why = "the first clip that states one" if of_items else "nothing in the sequence states one"
        self._report.note("rate-guessed", where=name, rate=as_rate(guess).name, why=why)
        return guess

    def _about(self, sequence: Element) -> dict[str, Any]:
        """Keep what a sequence states that we have no record for."""
        media = sequence.find("media")
        parts = {name: None if media is None else media.find(name) for name in ("video", "audio")}
        return {
            "version": self._document.root.get("version") or "",
            "attributes": {name: value for name, value in sequence.attrib.items() if name != "id"},
            "kept": kept(sequence, SEQUENCE_KNOWN),
            "media": kept(media, ("video", "audio")),
            "timecode": kept(sequence.find("timecode"), ("string", "frame", "displayformat", "rate")),
            **{name: kept(part, ("track",)) for name, part in parts.items()},
        }

    # ---------------------------------------------------------------------------------------------------------- tracks

    def _tracks(self, sequence: Element, scene: _Scene, sample_rate: int | None) -> list[otio.schema.Track]:
        preferred: list[Fraction | int] = [scene.fps] if sample_rate is None else [scene.fps, sample_rate]
        made: list[otio.schema.Track] = []
        media = sequence.find("media")
        if media is None:
            return made
        for word, kind in (("video", "Video"), ("audio", "Audio")):
            for lane in lanes_of(media.find(word), self._document, self._sources, scene.fps):
                made += self._lane(lane, kind, scene, preferred)
        return made

    def _lane(
        self, lane: Lane, kind: str, scene: _Scene, preferred: Several[Fraction | int]
    ) -> list[otio.schema.Track]:
        """Make the track of a lane; more than one where its items lie over each other."""
        element = lane.element
        name = text(element, "name") or element.get("MZ.TrackName") or f"{kind[0]}{lane.number}"
        sound = kind == "Audio"
        fades = _fades(lane.mixes) if sound else {}
        laid: list[tuple[Span, Laid]] = []
        for span, channels in zip(lane.spans, lane.channels, strict=True):
            if span.cut_out > span.cut_in:
                item = self._item(span, channels, kind, name, scene, fades.get(id(span), {}))
                laid.append((span, item))
            else:
                self._report.note(
                    "clip-below-frame", where=name, source=line_of(span.element), name=text(span.element, "name")
                )
            scene.markers += clip_markers(span, name, scene.fps, self._report)
        layers = lay_without_overlaps([(one.record_in, one.record_in + one.duration) for _, one in laid])
        facts = TrackFacts(
            channels=lane.width, muted=not truth(text(element, "enabled"), True), origin=line_of(element)
        )
        if max(layers, default=0):
            self._report.note("events-overlap", where=name, source=line_of(element), events=len(laid), track=name)
        made: list[otio.schema.Track] = []
        for layer in range(max(layers, default=0) + 1):
            ours = [one for (_, one), chosen in zip(laid, layers, strict=True) if chosen == layer]
            track = build_track(name if not layer else f"{name} {layer + 1}", kind, ours, preferred, facts=facts)
            track.metadata["xmeml"] = {"attributes": dict(element.attrib), "kept": kept(element, TRACK_KNOWN)}
            made.append(track)
        fps = scene.fps * scene.shown.pace
        _put_mixes(made[0], _shown(lane.mixes, sound), fps, preferred, self._report, name)
        return made

    def _item(
        self, span: Span, channels: tuple[int, ...] | None, kind: str, track: str, scene: _Scene, fades: dict[str, Mix]
    ) -> Laid:
        nest = span.element.find("sequence")
        if nest is not None:
            opened = self._document.resolved(nest)
            if opened is not None and self._may_open(opened, scene, span.element):
                for fade in fades.values():
                    self._report.note(
                        "fade-not-carried", where=track, source=line_of(fade.element), name=text(span.element, "name")
                    )
                return self._nest(opened, span, channels, kind, track, scene)
        return scene.maker.clip(span, channels, kind == "Audio", fades)

    # ----------------------------------------------------------------------------------------------------------- nests

    def _may_open(self, sequence: Element, scene: _Scene, item: Element) -> bool:
        """Say whether a nest is opened: not beyond the depth and number that people make."""
        self._nested += OPENING + sum(1 for _ in sequence.iter("clipitem"))
        if scene.depth < DEEPEST and self._nested <= MOST_NESTED:
            return True
        self._report.note("reference-broken", source=line_of(item), name="a nest within nests without end")
        return False

    def _nest(
        self, sequence: Element, span: Span, channels: tuple[int, ...] | None, kind: str, track: str, scene: _Scene
    ) -> Laid:
        """Make the stack of a nest: its picture tracks, or the sound tracks that go to one of its outputs."""
        name = text(span.element, "name") or text(sequence, "name")
        fps = rate_of(sequence) or scene.fps
        playing, gain = self._played(span, name, kind, track)
        item = span.element.get("id") or line_of(span.element)
        use = scene.links.get(item, item)
        inner = self._scene(sequence, fps, scene.depth + 1, scene.shown.within(playing.speed, gain), f"{use}/")
        stack = otio.schema.Stack(name=name)
        tracks = self._tracks(sequence, inner, None)
        stack.extend(one for one in tracks if one.kind == kind and (kind == "Video" or _goes_to(one, channels)))
        stack.enabled = truth(text(span.element, "enabled"), True)
        stack.metadata[NAMESPACE] = {"schema": SCHEMA, "origin": line_of(span.element)}
        stack.metadata["xmeml"] = {"kept": kept(span.element, KNOWN) + filters_kept(span.element)}
        begin, end = span.cut_in / scene.fps, span.cut_out / scene.fps
        first = playing.at(begin - span.start / scene.fps)
        found = [*inner.markers, *sequence_markers(sequence, fps, Report())]
        hung = Attachment(track, name or None)
        scene.markers += [one.moved(first, playing.speed, (begin, end), hung) for one in found]
        pace = scene.shown.pace
        return Laid(stack, begin / pace, (end - begin) / pace, first / inner.shown.pace)

    def _played(self, span: Span, name: str, kind: str, track: str) -> tuple[Playing, float]:
        """Say how a nest plays its sequence: from where, how fast and at which level; what no clip in it can say is noted."""
        effects = effects_of(span.element)
        playing = playing_of(span, None, effects)
        if playing.speed <= 0 or (playing.map is not None and playing.map.variable):
            self._report.note("nest-not-retimed", where=track, source=line_of(span.element), name=name)
            playing = Playing(span.first / span.fps)
        curve = curve_of_effect(effects.get("audiolevels"), "level") if kind == "Audio" else None
        if curve is None:
            return playing, 0.0
        levels = {decibels(value) for _, value in curve.points}
        if len(levels) > 1:
            self._report.note("gain-points-not-carried", where=track, source=line_of(span.element), name=name)
            return playing, 0.0
        return playing, levels.pop() if levels else 0.0 if curve.value is None else decibels(curve.value)


def _goes_to(track: otio.schema.Track, channels: tuple[int, ...] | None) -> bool:
    """Say whether a sound track of a nest goes to the outputs that an item plays; one that states none goes to the first."""
    output = next((one for one in _outputs(track)), 1)
    width = track.metadata[NAMESPACE].get("channels") or 1
    return channels is None or any(output <= channel < output + width for channel in channels)


def _outputs(track: otio.schema.Track) -> list[int]:
    found = re.search(r"<outputchannelindex>\s*(\d{1,4})", str(track.metadata["xmeml"]["kept"]))
    return [int(found[1])] if found else []


# ------------------------------------------------------------------------------------------------------- transitions


def _fades(mixes: Several[Mix]) -> dict[int, dict[str, Mix]]:
    """Give the fades of each span of sound: transitions with it on one side alone."""
    found: dict[int, dict[str, Mix]] = {}
    for mix in mixes:
        if mix.left is None and mix.right is not None:
            found.setdefault(id(mix.right), {})["fade_in"] = mix
        elif mix.right is None and mix.left is not None:
            found.setdefault(id(mix.left), {})["fade_out"] = mix
    return found


def _shown(mixes: Several[Mix], sound: bool) -> list[Mix]:
    return [mix for mix in mixes if not sound or (mix.left is None) == (mix.right is None)]


def _put_mixes(
    track: otio.schema.Track,
    mixes: Several[Mix],
    fps: Fraction,
    preferred: Several[Fraction | int],
    report: Report,
    where: str,
) -> None:
    """Put each transition on its cut."""
    cuts = {cut: place for place, cut in enumerate(_cuts(track))}
    placed: list[tuple[int, otio.schema.Transition]] = []
    for mix in mixes:
        place = cuts.get(mix.cut / fps)
        if place is None or mix.end <= mix.start or any(place == other for other, _ in placed):
            report.note(
                "transition-not-carried",
                where=where,
                source=line_of(mix.element),
                name=text(mix.element, "effect/name"),
            )
        else:
            placed.append((place, _transition(mix, fps, preferred)))
    for place, transition in sorted(placed, key=lambda pair: -pair[0]):
        track.insert(place, transition)


def _cuts(track: otio.schema.Track) -> list[Fraction]:
    return list(accumulate((from_rational_time(item.duration()) for item in track), initial=Fraction(0)))


def _transition(mix: Mix, fps: Fraction, preferred: Several[Fraction | int]) -> otio.schema.Transition:
    effect = mix.element.find("effect")
    name = text(effect, "name")
    wipe = text(effect, "effectcategory").lower() == "wipe"
    before, after = max(mix.cut - mix.start, Fraction(0)), max(mix.end - mix.cut, Fraction(0))
    transition = otio.schema.Transition(
        name=name,
        transition_type="SMPTE_Wipe" if wipe else otio.schema.TransitionTypes.SMPTE_Dissolve,
        in_offset=to_rational_time(before / fps, preferred[0]),
        out_offset=to_rational_time(after / fps, preferred[0]),
    )
    transition.metadata[NAMESPACE] = {"schema": SCHEMA, "curve": curve_of(effect)}
    transition.metadata["xmeml"] = {
        "alignment": text(mix.element, "alignment"),
        "kept": kept(mix.element, ("start", "end", "alignment", "rate", "cutPointTicks")),
    }
    return transition
