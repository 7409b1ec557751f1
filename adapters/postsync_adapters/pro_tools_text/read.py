"""The records of a session text as a timeline: tracks with clips, memory locations as markers, the rest in metadata.

Which clips are cues is found later, with the show's own words at hand; how far times can be trusted goes along as `precision`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, BinaryIO, Literal

import opentimelineio as otio

from postsync.cueing.reading.clip_cues import ClipCues, Grid
from postsync.formats import ReadOptions, Timelines, decode_text, path_of
from postsync.model import (
    Attachment,
    ChannelSource,
    ClipFacts,
    Dialect,
    Laid,
    MediaFacts,
    PlainMarker,
    TrackFacts,
    build_track,
    lay_without_overlaps,
    put_block,
    put_timeline_facts,
    stated_facts,
    to_json,
    to_otio_marker,
)
from postsync.model.keys import NAMESPACE, SCHEMA, from_plain
from postsync.report import Report
from postsync.timing import Rate, fraction_text, to_time_range
from postsync_adapters.pro_tools_text.clips import Crossing, Shown, listed_clips, shown_clips, track_name
from postsync_adapters.pro_tools_text.clock import ClockQuestion, SessionClock
from postsync_adapters.pro_tools_text.parse import parse_session
from postsync_adapters.pro_tools_text.raw_json import is_raw_json, session_of_json
from postsync_adapters.pro_tools_text.session import ListedClip, MarkerRow, Session, TrackBlock

METADATA = "pro_tools_text"
_MEDIA_KEY = otio.schema.Clip.DEFAULT_MEDIA_KEY
_NO_MEDIA: dict[str, Any] = {
    "OTIO_SCHEMA": "MissingReference.1", "name": "", "available_range": None, "available_image_bounds": None,
    "metadata": {},
}  # fmt: skip


@dataclass(frozen=True)
class SessionTextOptions(ReadOptions):
    """How a session text is read.

    `encoding` overrules the guess (`mac_roman`, `cp1252`, `shift_jis`, …). `start`: timecode of the session's start, where an
    old export states none. `sample_rate`, `feet_rate` (frames of film a second) and `tempo` (beats a minute, bars of four)
    where the file leaves them open. `cues`: which clips are cues: those that say so, `all` that play no file, `none`.
    `dialect`: the notation of their names.
    """

    encoding: str | None = None
    start: str | None = None
    sample_rate: int | None = None
    feet_rate: Rate | None = None
    tempo: Fraction | None = None
    cues: Literal["auto", "all", "none"] = "auto"
    dialect: Literal["auto", "tags", "edicue", "plain"] = "auto"


def read(file: BinaryIO, report: Report, options: SessionTextOptions) -> Timelines:
    """Read the session of an export."""
    path = path_of(file)
    text = decode_text(file.read(), report, options.encoding, usual="mac_roman").text.replace("\0", "")
    session = session_of_json(text, path) if is_raw_json(text) else parse_session(text, path)
    for line, ignored in session.other:
        report.note("line-ignored", source=f"line {line}", text=ignored)
    asked = ClockQuestion(options.rate, options.start, options.sample_rate, options.feet_rate, options.tempo)
    clock = SessionClock(session, asked, report, path)
    return [_Builder(session, clock, report).timeline(options, path.stem if path else "")]


class _Builder:
    """Makes the timeline of one session."""

    def __init__(self, session: Session, clock: SessionClock, report: Report) -> None:
        self.session, self.clock, self.report = session, clock, report
        self.listed = listed_clips(session.clips)
        self.locations = {one.name: one for one in session.files}
        rate = clock.facts.rate.fps
        self.preferred = (rate, clock.sample_rate, rate * 100, Fraction(1000))
        self.laid_on_beginning: list[str] = []

    def timeline(self, options: SessionTextOptions, stem: str) -> otio.schema.Timeline:
        """Give the timeline with everything in it."""
        name = self.session.stated("SESSION NAME") or options.name or stem
        stack = otio.schema.Stack("tracks")
        plain = {
            "OTIO_SCHEMA": "Timeline.1", "name": name, "global_start_time": None,
            "tracks": json.loads(stack.to_json_string()), "metadata": {METADATA: self._metadata()},
        }  # fmt: skip
        timeline: otio.schema.Timeline = from_plain(plain)
        put_timeline_facts(timeline, self.clock.facts)
        which: ClipCues = options.cues
        dialect: Dialect = options.dialect
        put_block(
            timeline,
            {"precision": fraction_text(self.clock.precision), "clip_cues": {"which": which, "dialect": dialect}},
        )
        for block in self.session.tracks:
            for track in self._tracks(block):
                timeline.tracks.append(track)
        timeline.tracks.markers.extend(self._markers())
        self._note_times()
        return timeline

    def _metadata(self) -> dict[str, Any]:
        session = self.session
        return {
            "header": dict(session.header),
            "files": [{"name": one.name, "location": one.location, "online": one.online} for one in session.files],
            "clips": [
                {"name": one.name, "source": one.source, "channel": one.channel, "online": one.online}
                for one in session.clips
            ],
            "plug_ins": [list(row) for row in session.plug_ins],
            "other": [text for _, text in session.other],
            "time_format": self.clock.form,
        }

    def _note_times(self) -> None:
        """Say how far the times can be trusted, where they are not exact."""
        rows = sum(len(block.rows) for block in self.session.tracks)
        if self.laid_on_beginning:
            for media in self.laid_on_beginning:
                self.report.note("source-in-unknown", media=media)
        precision = self.clock.precision
        if not rows or self.clock.form == "samples":
            return
        within = f"{float(precision) * 1000:.3g} ms"
        if precision > self.clock.facts.rate.seconds_per_frame * 3 / 2:
            unit = "the beat" if self.clock.form == "bars and beats" else "the second"
            self.report.note("times-too-coarse", unit=unit)
        else:
            unit = "fractions of a frame" if self.clock.fine else "the frame"
            self.report.note("times-cut", unit=unit, within=within)

    # ------------------------------------------------------------------------------------------------------ tracks

    def _tracks(self, block: TrackBlock) -> list[otio.schema.Track]:
        """Give the track of a block; more than one where clips overlap, which no track of Pro Tools does."""
        name, channels = track_name(block.name)
        clips, crossings = shown_clips(block, self.clock, self.report)
        spans = self._spans(clips, crossings)
        layers = lay_without_overlaps(spans)
        count = max(layers, default=0) + 1
        if count > 1:
            self.report.note("events-overlap", where=name, events=len(clips), track=name)
        states = {word.casefold() for word in block.states}
        channels = channels or max((len(clip.rows) for clip in clips), default=1)
        facts = TrackFacts(channels=channels, muted=bool(states & {"muted", "inactive"}), soloed="solo" in states)
        result: list[otio.schema.Track] = []
        for layer in range(count):
            laid = [
                Laid(self._clip(clip, channels), start, end - start)
                for clip, (start, end), own in zip(clips, spans, layers, strict=True)
                if own == layer
            ]
            track = build_track(name, otio.schema.TrackKind.Audio, laid, self.preferred, facts=facts)
            track.metadata[METADATA] = {
                "comments": block.comments, "user_delay": block.user_delay, "states": list(block.states),
                "plug_ins": list(block.plug_ins), "name": block.name,
            }  # fmt: skip
            result.append(track)
        if crossings:
            self._cross(result[0], crossings)
        return result

    def _spans(self, clips: Sequence[Shown], crossings: Sequence[Crossing]) -> list[tuple[Fraction, Fraction]]:
        """Give where each clip is laid: up to the middle of a cross fade, and over a frame where a form shows no length."""
        frame = self.clock.facts.rate.seconds_per_frame
        ends = {crossing.start: self._middle(crossing) for crossing in crossings}
        starts = {crossing.end: self._middle(crossing) for crossing in crossings}
        spans: list[tuple[Fraction, Fraction]] = []
        for clip in clips:
            start = starts.get(clip.start.seconds, clip.start.seconds)
            end = ends.get(clip.end.seconds, clip.end.seconds)
            if end <= start:
                end = start + frame
                moved = end - clip.end.seconds
                self.report.note(
                    "time-rounded", where=clip.name, source=f"line {clip.rows[0].line}", moved_by=moved, grid="frame",
                    moved="a frame, for a clip that is shown without length",
                )  # fmt: skip
            spans.append((start, end))
        return spans

    def _middle(self, crossing: Crossing) -> Fraction:
        """Give the cut of a cross fade: its middle, on a grid finer than the frame."""
        times = (crossing.start, crossing.end)
        fits = (one for one in self.preferred[1:] if all((time * one).denominator == 1 for time in times))
        grid = Fraction(next(fits, self.clock.sample_rate))
        return Fraction(sum(times) * grid // 2) / grid

    def _cross(self, track: otio.schema.Track, crossings: Sequence[Crossing]) -> None:
        """Put the cross fades of a track on the cuts between its clips."""
        cuts = {self._middle(crossing): crossing for crossing in crossings}
        at, items, placed = Fraction(0), list(track), 0
        for index, item in enumerate(items):
            crossing = cuts.get(at)
            if crossing is not None and index and not isinstance(items[index - 1], otio.schema.Gap):
                before, after = (
                    to_time_range(Fraction(0), span).duration for span in (at - crossing.start, crossing.end - at)
                )
                transition = otio.schema.Transition(
                    "(cross fade)", otio.schema.TransitionTypes.SMPTE_Dissolve, before, after
                )
                track.insert(index + placed, transition)
                placed += 1
                self.report.note("crossing-halved", where=track.name, time=self.clock.facts.timecode(at))
            at += _length(item)
        for _ in range(len(crossings) - placed):
            self.report.note("transition-not-carried", where=track.name, name="(cross fade) beside no clip")

    def _clip(self, clip: Shown, channels: int) -> Any:
        """Make a clip: its files where the session lists them, its fades, what else its rows say."""
        row = clip.rows[0]
        sources = [self._source(clip, row.name) for row in clip.rows]
        extra: dict[str, Any] = {"event": row.event}
        if row.timestamp:
            extra["user_timestamp"] = row.timestamp
        names = [one.name for one in clip.rows]
        if len(names) > 1:
            extra["channel_names"] = names
        facts = ClipFacts(muted=clip.muted, origin=f"line {row.line}", extra={METADATA: extra})
        if clip.fade_in is not None or clip.fade_out is not None:
            facts = replace(facts, fade_in=_fade(clip.fade_in), fade_out=_fade(clip.fade_out))
        media, facts = self._media(sources, facts)
        return from_plain(
            {
                "OTIO_SCHEMA": "Clip.2", "name": clip.name,
                "metadata": {NAMESPACE: {"schema": SCHEMA, **stated_facts(facts)}},
                "media_references": media, "active_media_reference_key": _MEDIA_KEY,
            }
        )  # fmt: skip

    def _source(self, clip: Shown, row_name: str) -> ListedClip | None:
        return self.listed.get(row_name) or self.listed.get(clip.name)

    def _media(self, sources: Sequence[ListedClip | None], facts: ClipFacts) -> tuple[dict[str, Any], ClipFacts]:
        """Give the media references of a clip: one file with its channels, or a file for each channel."""
        known = [one for one in sources if one is not None]
        if not known:
            return {_MEDIA_KEY: _NO_MEDIA}, facts
        self.laid_on_beginning.append(known[0].source)
        files = list(dict.fromkeys(one.source for one in known))
        if len(files) == 1:
            channels = tuple(one.channel for one in known if one.channel is not None)
            return {_MEDIA_KEY: self._file(files[0], len(channels) or None)}, replace(facts, channels=channels or None)
        keys = {name: _MEDIA_KEY if place == 0 else f"channel {place + 1}" for place, name in enumerate(files)}
        parts = tuple(
            ChannelSource(place, one.name, None, keys[one.source], one.channel or 1)
            for place, one in enumerate(known, 1)
        )
        facts = replace(facts, channels=tuple(range(1, len(parts) + 1)), sources=parts)
        return {key: self._file(name, 1) for name, key in keys.items()}, facts

    def _file(self, name: str, channels: int | None) -> Mapping[str, Any]:
        listed = self.locations.get(name)
        extra = {METADATA: {"location": listed.location, "online": listed.online}} if listed else {}
        facts = MediaFacts(name=name, channels=channels, kind="sound", extra=extra)
        return {**_NO_MEDIA, "name": name, "metadata": {NAMESPACE: {**to_json(facts), "schema": SCHEMA}}}

    # ----------------------------------------------------------------------------------------------------- markers

    def _markers(self) -> list[otio.schema.Marker]:
        """Make the markers, each on the frame that it stands a sample or two from."""
        found: list[otio.schema.Marker] = []
        for row in self.session.markers:
            moment = self.clock.marker(row)
            if moment is None:
                self.report.note("line-ignored", source=f"line {row.line}", text=f"{row.location} {row.name}")
                continue
            seconds = Grid(moment.above, self.clock.facts.rate).line(moment.seconds)
            if row.how != "tabs":
                time = self.clock.facts.timecode(seconds)
                self.report.note("text-joined", time=time, source=f"line {row.line}", text=row.name)
            found.append(to_otio_marker(_plain_marker(row, seconds), self.clock.facts.rate.fps))
        return found


def _plain_marker(row: MarkerRow, seconds: Fraction) -> PlainMarker:
    extra: dict[str, Any] = {"number": row.number, "units": row.units, "reference": row.reference}
    if row.track is not None:
        extra |= {"track": row.track, "track_type": row.track_type}
    hangs = Attachment(track=row.track) if row.track and row.track_type == "Track" else None
    return PlainMarker(
        seconds,
        name=row.name,
        comment=row.comments,
        attached_to=hangs,
        origin=f"line {row.line}",
        extra={METADATA: extra},
    )


def _fade(duration: Fraction | None) -> Any:
    from postsync.model import Fade

    return None if duration is None else Fade(duration)


def _length(item: Any) -> Fraction:
    from postsync.timing import from_rational_time

    return from_rational_time(item.duration())
