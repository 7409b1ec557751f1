"""The track archive of Cubase and Nuendo, of which the marker tracks: File > Export > Selected Tracks, and back in.

A cycle marker is a cue with its length, a marker a point; both have a name and a number that counts in their track. Linear
tracks count seconds from the start of the project, musical ones ticks of 480 a quarter on the tempo track that they bring
along. The setup states start and frame rate. We write one linear track for each character, which is what Nuendo's ADR works
from. After archives of Cubase; the truth of tempo ramps lies in one that holds the same markers in both kinds of track.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import log
from pathlib import Path
from typing import Any, BinaryIO, Literal
from xml.sax.saxutils import quoteattr

import opentimelineio as otio

from postsync.cueing import NAME_ONLY, TagLevel
from postsync.errors import FormatError
from postsync.formats import (
    Claim,
    Feature,
    Format,
    Options,
    Purpose,
    Timelines,
    meant_time,
    path_of,
    rate_of_times,
    start_of_times,
)
from postsync.model import Attachment, PlainMarker, TimelineFacts, put_timeline_facts, timeline_facts, to_otio_marker
from postsync.report import Report
from postsync.timing import as_rate, frame_at, parse_timecode, seconds_of_frame
from postsync_adapters._carried import Shown, TimesReadOptions, exact_number, short_decimal_text, shown_markers
from postsync_adapters._xml import xml_root, xml_text

FRAME_TYPES = {
    2: "24", 3: "25", 4: "29.97", 5: "30", 6: "29.97 DF", 7: "30 DF", 12: "23.976", 13: "24.975", 14: "50",
    15: "59.94", 16: "60",
}  # fmt: skip
"""The code of the frame rate in the setup."""

TICKS = 480
"""Ticks of a quarter note in musical tracks."""

POINT, CYCLE = "MMarkerEvent", "MRangeMarkerEvent"

MUSICAL, LINEAR = 0, 1

GRAIN = Fraction(1, 1_000_000)
"""What is lost in the logarithm of a tempo ramp."""

FINE = Fraction(1, 10**10)
"""What is lost in a double of some hours."""


@dataclass(frozen=True)
class CubaseWriteOptions(Options):
    """`tracks`: one marker track for each character, or all in one. `tags`: what of the tag goes into names."""

    tracks: Literal["characters", "one"] = "characters"
    tags: TagLevel = "uid"


def sniff(head: bytes) -> Claim:
    """Say whether the first bytes are a track archive."""
    text = head.replace(b"\0", b"")
    if b"<tracklist" not in text:
        return Claim.NO
    return Claim.CERTAIN if b"MMarkerTrackEvent" in text or b"MMarkerEvent" in text else Claim.MAYBE


# ------------------------------------------------------------------------------------------------------------- reading


@dataclass(frozen=True)
class _Event:
    """A marker in its archive: where, from the project's start; what; on which track, from which line."""

    start: Fraction
    length: Fraction
    name: str
    id: str
    track: str
    source: str
    musical: bool


def read(file: BinaryIO, report: Report, options: TimesReadOptions) -> Timelines:
    """Read the markers of every marker track, each with its track."""
    path = path_of(file)
    root = xml_root(file, path, huge=True)
    tracks = [one for one in root.iter("obj") if one.get("class") == "MMarkerTrackEvent"]
    if not tracks:
        raise FormatError(path=path, place="line 1", expected="a marker track (MMarkerTrackEvent)", found="none")
    _note_other_tracks(root, report)
    events = sorted((event for track in tracks for event in _events(track, path)), key=lambda event: event.start)
    name = options.name or (path.stem if path else "")
    timeline = otio.schema.Timeline(name=name)
    facts, late = _facts(root, events, name, report, options)
    put_timeline_facts(timeline, facts)
    for event in events:
        timeline.tracks.markers.append(to_otio_marker(_plain(event, late, facts), facts.rate.fps))
    return [timeline]


def _note_other_tracks(root: Any, report: Report) -> None:
    for track in root.iterfind("list[@name='track']/obj"):
        if track.get("class") != "MMarkerTrackEvent":
            report.note("element-ignored", source=f"line {track.sourceline}", name=str(track.get("class")))


def _events(track: Any, path: Path | None) -> Iterator[_Event]:
    node = track.find("obj[@name='Node']")
    if node is None:
        return
    domain = node.find("member[@name='Domain']")
    musical = domain is not None and _value(domain, "int", "Type", str(LINEAR)) == str(MUSICAL)
    clock = _TempoMap(domain, path) if musical else None
    name = _value(node, "string", "Name", "")
    for event in node.iterfind("list[@name='Events']/obj"):
        if event.get("class") not in (POINT, CYCLE):
            continue
        place = f"line {event.sourceline}"
        start, length = (
            exact_number(_value(event, "float", part, "0"), part, place, path) for part in ("Start", "Length")
        )
        if clock is not None:
            end = clock.seconds(start + length)
            start = clock.seconds(start)
            length = end - start
        length = max(Fraction(0), length) if event.get("class") == CYCLE else Fraction(0)
        named, number = _value(event, "string", "Name", ""), _value(event, "int", "ID", "")
        yield _Event(start, length, named, number, name, place, musical)


def _value(element: Any, kind: str, name: str, default: str) -> str:
    child = element.find(f"{kind}[@name='{name}']")
    return default if child is None else str(child.get("value", default))


class _TempoMap:
    """Ticks to seconds over the tempo events that a musical track brings along.

    `Func` 1 at an event says that the tempo runs up to it evenly by ticks, so the time between is a logarithm.
    """

    def __init__(self, domain: Any, path: Path | None) -> None:
        self.points: list[tuple[Fraction, Fraction, Fraction, bool]] = []
        for event in domain.iterfind("obj[@name='Tempo Track']/list[@name='TempoEvent']/obj"):
            place = f"line {event.sourceline}"
            tempo, tick = (exact_number(_value(event, "float", part, ""), part, place, path) for part in ("BPM", "PPQ"))
            if tempo <= 0:
                raise FormatError(path=path, place=place, expected="a tempo above 0", found=str(float(tempo)))
            ramp = _value(event, "int", "Func", "0") == "1"
            self.points.append((tick, self._until(tick, tempo, ramp), tempo, ramp))
        self.points = self.points or [(Fraction(0), Fraction(0), Fraction(120), False)]

    def _until(self, tick: Fraction, tempo: Fraction, ramp: bool) -> Fraction:
        if not self.points:
            return tick / TICKS * 60 / tempo
        start, seconds, before, _ = self.points[-1]
        return seconds + _time(tick - start, before, tempo if ramp else before)

    def seconds(self, tick: Fraction) -> Fraction:
        """Give the time of a tick."""
        place = max((at for at, point in enumerate(self.points) if point[0] <= tick), default=0)
        start, seconds, tempo, _ = self.points[place]
        following = self.points[place + 1] if place + 1 < len(self.points) else None
        if following is None or not following[3] or following[0] == start:
            return seconds + _time(tick - start, tempo, tempo)
        here = tempo + (following[2] - tempo) * (tick - start) / (following[0] - start)
        return seconds + _time(tick - start, tempo, here)


def _time(ticks: Fraction, first: Fraction, last: Fraction) -> Fraction:
    """Give how long some ticks last while the tempo runs evenly from one value to another."""
    quarters = ticks / TICKS
    if first == last or ticks <= 0:
        return quarters * 60 / first
    return Fraction(60 * float(quarters) * log(last / first) / float(last - first))


def _facts(
    root: Any, events: Sequence[_Event], name: str, report: Report, options: TimesReadOptions
) -> tuple[TimelineFacts, Fraction]:
    """Give the clock that the setup states, and how far into its first frame the project starts."""
    setup = root.find("obj[@name='Setup']")
    start = None if setup is None else setup.find("member[@name='Start']")
    code = "" if setup is None else _value(setup, "int", "FrameType", "")
    stated = as_rate(FRAME_TYPES[int(code)]) if code.isdigit() and int(code) in FRAME_TYPES else None
    rate = options.rate or stated or rate_of_times([(event.start, GRAIN) for event in events], name, report)
    if start is None:
        first, late = start_of_times(options.start, rate, name, report), Fraction(0)
    else:
        seconds = meant_time(exact_number(_value(start, "float", "Time", "0"), "Start", "Setup"), rate, FINE)
        asked = None if options.start is None else parse_timecode(options.start, rate, place="option start")
        first = frame_at(seconds, rate) if asked is None else asked
        late = seconds - seconds_of_frame(first, rate)
    return TimelineFacts(rate, first, producer="Cubase", format=FORMAT.name), late


def _plain(event: _Event, late: Fraction, facts: TimelineFacts) -> PlainMarker:
    grain = GRAIN if event.musical else FINE
    start, end = (meant_time(time + late, facts.rate, grain) for time in (event.start, event.start + event.length))
    return PlainMarker(
        start,
        end - start,
        event.name,
        attached_to=Attachment(track=event.track) if event.track else None,
        origin=f"{event.track} {event.id}".strip(),
        extra={"cubase": {"id": event.id}},
    )


# ------------------------------------------------------------------------------------------------------------- writing

_HEAD = '<?xml version="1.0" encoding="utf-8"?>\n<tracklist2>\n    <list name="track" type="obj">\n'
_TRACK = """        <obj class="MMarkerTrackEvent" ID="{id}">
            <int name="Flags" value="1"/>
            <float name="Start" value="0"/>
            <float name="Length" value="{length}"/>
            <obj class="MListNode" name="Node" ID="{node}">
                <string name="Name" value={name} wide="true"/>
                <member name="Domain">
                    <int name="Type" value="1"/>
                    <float name="Period" value="1"/>
                </member>
                <list name="Events" type="obj">
{events}                </list>
            </obj>
            <obj class="MTrack" name="Track Device" ID="{device}">
                <int name="Connection Type" value="2"/>
            </obj>
        </obj>
"""
_EVENT = """                    <obj class="{kind}" ID="{id}">
                        <float name="Start" value="{start}"/>
                        <float name="Length" value="{length}"/>
                        <member name="Additional Attributes">
                            <member name="tAMA"/>
                        </member>
                        <string name="Name" value={name} wide="true"/>
                        <int name="ID" value="{number}"/>
                    </obj>
"""
_SETUP = """    </list>
    <obj class="PArrangeSetup" name="Setup" ID="{id}">
        <member name="Start">
            <float name="Time" value="{start}"/>
            <member name="Domain">
                <int name="Type" value="1"/>
                <float name="Period" value="1"/>
            </member>
        </member>
        <member name="Length">
            <float name="Time" value="{length}"/>
            <member name="Domain">
                <int name="Type" value="1"/>
                <float name="Period" value="1"/>
            </member>
        </member>
{frame_type}        <float name="SampleRate" value="{sample_rate}"/>
    </obj>
</tracklist2>
"""

DEFAULT_TRACK = "Markers"

PLACES = 15
"""Decimals of the seconds that we write; Cubase itself writes doubles in full."""


def write(timeline: otio.schema.Timeline, file: BinaryIO, report: Report, options: CubaseWriteOptions) -> None:
    """Write a linear marker track for each character, in order of their first cue, and one for all else."""
    facts = timeline_facts(timeline)
    shown = shown_markers(timeline, NAME_ONLY, options.tags, report)
    length = max((one.start if one.end is None else one.end for one in shown), default=Fraction(0)) + 60
    ids = iter(range(1, 10**9))
    file.write(_HEAD.encode())
    for name, markers in _by_track(shown, options).items():
        events = "".join(_written(markers, ids))
        numbers = {"id": next(ids), "node": next(ids), "device": next(ids)}
        text = _TRACK.format(**numbers, length=short_decimal_text(length, PLACES), name=_quoted(name), events=events)
        file.write(text.encode("utf-8", "replace"))
    code = next((code for code, rate in FRAME_TYPES.items() if as_rate(rate) == facts.rate), None)
    if code is None:
        report.note("feature-not-carried", feature=f"frame rate {facts.rate.name}", format=FORMAT.title, count=1)
    setup = _SETUP.format(
        id=next(ids),
        start=short_decimal_text(seconds_of_frame(facts.start_frame, facts.rate), PLACES),
        length=short_decimal_text(length, PLACES),
        frame_type="" if code is None else f'        <int name="FrameType" value="{code}"/>\n',
        sample_rate=facts.sample_rate or 48000,
    )
    file.write(setup.encode())


def _by_track(shown: Iterable[Shown], options: CubaseWriteOptions) -> dict[str, list[Shown]]:
    tracks: dict[str, list[Shown]] = {}
    for one in shown:
        own = one.plain.attached_to.track if one.plain.attached_to and "cubase" in one.plain.extra else None
        name = (own or one.character or DEFAULT_TRACK) if options.tracks == "characters" else DEFAULT_TRACK
        tracks.setdefault(name, []).append(one)
    return tracks or {DEFAULT_TRACK: []}


def _written(markers: Iterable[Shown], ids: Iterator[int]) -> Iterator[str]:
    counts = {POINT: 0, CYCLE: 0}
    for one in markers:
        kind = POINT if one.end is None else CYCLE
        counts[kind] += 1
        yield _EVENT.format(
            kind=kind,
            id=next(ids),
            start=short_decimal_text(one.start, PLACES),
            length=short_decimal_text(Fraction(0) if one.end is None else one.end - one.start, PLACES),
            name=_quoted(one.text.name),
            number=counts[kind],
        )


def _quoted(text: str) -> str:
    return quoteattr(xml_text(text), {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})


FORMAT = Format(
    name="cubase_archive",
    title="Cubase and Nuendo track archive",
    suffixes=(".cubase.xml", ".nuendo.xml"),
    sniff=sniff,
    purpose=Purpose.CUES,
    reads=Feature.MARKERS | Feature.MARKER_DURATIONS | Feature.START_TIMECODE | Feature.DROP_FRAME | Feature.SUBFRAME,
    writes=Feature.CUES
    | Feature.MARKERS
    | Feature.MARKER_COMMENTS
    | Feature.MARKER_DURATIONS
    | Feature.START_TIMECODE
    | Feature.DROP_FRAME
    | Feature.SUBFRAME,
    read_options=TimesReadOptions,
    write_options=CubaseWriteOptions,
    read=read,
    write=write,
    claims_suffixes_in_otio=False,
)
globals().update(FORMAT.otio_functions())
