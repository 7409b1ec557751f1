"""Everything that a timeline can hold, one thing at a time, through every format that reads and writes.

A probe is a small timeline with one thing more than another. Both are written and read back: either that thing is there again,
or the report names more than it did without it. The suite runs them all; `python benchmarks/nothing_lost.py` writes the table.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import opentimelineio as otio

from postsync.cueing import spot
from postsync.errors import PostsyncError
from postsync.formats import Format
from postsync.formats.conversion import read_file, write_file
from postsync.model import (
    Character,
    ClipFacts,
    Cue,
    Fade,
    Laid,
    MediaFacts,
    PlacedClip,
    PlacedTransition,
    PlainMarker,
    Project,
    TimelineFacts,
    TrackFacts,
    build_track,
    character_name,
    cue_marker,
    placed_tracks,
    put_characters,
    put_clip_facts,
    put_media_facts,
    put_timeline_facts,
    timeline_characters,
    timeline_cues,
    timeline_facts,
    timeline_markers,
    to_otio_marker,
    with_lifted_markers,
)
from postsync.report import Report
from postsync.sound import path_from_url, url_from_path
from postsync.timing import as_rate, to_rational_time, to_time_range

ARRIVED, NAMED, REFUSED, SILENT = "arrived", "named", "refused", "SILENT"

CLIPS, MARKS = ("clips-not-in-list",), ("feature-not-carried marker",)
WHOLE = {
    "clips": CLIPS, "sound": CLIPS, "tracks": CLIPS, "media": CLIPS, "markers": MARKS, "time": MARKS,
    "picture": (*CLIPS, "feature-not-carried picture clip"),
    "names": (*CLIPS, "feature-not-carried track name"),
    "curves": (*CLIPS, "feature-not-carried fade"),
}  # fmt: skip
"""What says of a group that all of it stays behind, and with it what each probe adds."""

UID = "ABCDEFGH"
NEAR_DB = 0.05


MONO = MediaFacts(name="12A-3.wav", channels=1, sample_rate=48_000, bits=24)
CLOCK = TimelineFacts(as_rate("24"), 0, sample_rate=48_000)


@dataclass(frozen=True)
class Piece:
    """A clip to be laid: seconds of the timeline, of its media file, and what is known of it."""

    name: str = "12A-3"
    at: Fraction = Fraction(1)
    length: Fraction = Fraction(2)
    source: Fraction = Fraction(1)
    facts: ClipFacts = field(default_factory=ClipFacts)
    media: MediaFacts = MONO
    url: str | None = url_from_path("/sound/12A-3.wav")
    stamp: Fraction = Fraction(0)
    enabled: bool = True


PICTURE = Piece(
    "12A-3 cam", media=MediaFacts(name="A012C003.mov", rate="24", kind="picture", frame_size="1920x1080"),
    url=url_from_path("/picture/A012C003.mov"),
)  # fmt: skip
MARKER = PlainMarker(Fraction(1), name="door")
CUE = Cue(uid=UID, number="R101", record_in=36, record_out=60, character="robin", line="Who goes there?")


@dataclass(frozen=True)
class Plan:
    """What one timeline of a probe holds."""

    clock: TimelineFacts = CLOCK
    name: str = "Reel 1"
    picture: tuple[Piece, ...] = (PICTURE,)
    sound: tuple[Piece, ...] = (Piece(),)
    tracks: tuple[str, str] = ("V1", "A1")
    track: TrackFacts | None = None
    transition: str | None = None
    nested: bool = False
    markers: tuple[PlainMarker, ...] = (MARKER,)
    hangs: bool = False
    cues: tuple[Cue, ...] = ()
    extra: dict[str, Any] = field(default_factory=dict)

    def made(self) -> otio.schema.Timeline:
        """Make the timeline."""
        timeline = otio.schema.Timeline(self.name)
        put_timeline_facts(timeline, self.clock)
        for kind, name, pieces in zip(("Video", "Audio"), self.tracks, (self.picture, self.sound), strict=True):
            if pieces:
                facts = self.track if kind == "Audio" else None
                track = build_track(
                    name,
                    kind,
                    [_laid(one, self.clock.rate.fps) for one in pieces],
                    [self.clock.rate.fps, 48_000],
                    facts=facts,
                )
                if self.transition == kind:
                    track.insert(len(track) - 1, _dissolve())
                timeline.tracks.append(track)
        if self.nested:
            _nest(timeline.tracks[-1])
        markers = [to_otio_marker(one, self.clock.rate.fps) for one in self.markers]
        if self.hangs:
            clip = next(iter(timeline.find_clips()))
            clip.markers.extend(markers)
        else:
            timeline.tracks.markers.extend(markers)
        if self.cues:
            put_characters(timeline, [Character("robin", "Robin", "R")])
            timeline.tracks.markers.extend(cue_marker(one, self.clock, "Robin") for one in self.cues)
        timeline.metadata.update(self.extra)
        return timeline


def _laid(piece: Piece, fps: Fraction) -> Laid:
    if piece.url is None:
        media: Any = otio.schema.MissingReference(piece.name)
    else:
        media = otio.schema.ExternalReference(piece.url, to_time_range(piece.stamp, 1440 / fps, fps))
    put_media_facts(media, piece.media)
    clip = otio.schema.Clip(piece.name, media)
    clip.enabled = piece.enabled
    put_clip_facts(clip, piece.facts)
    return Laid(clip, piece.at, piece.length, piece.stamp + piece.source)


def _dissolve() -> otio.schema.Transition:
    kind = otio.schema.TransitionTypes.SMPTE_Dissolve
    return otio.schema.Transition(
        "dissolve", kind, to_rational_time(Fraction(1, 4), 24), to_rational_time(Fraction(1, 4), 24)
    )


def _nest(track: otio.schema.Track) -> None:
    """Put the last clip of a track into a timeline of its own, which plays in its place."""
    clip = track[-1]
    inner = otio.schema.Track(name="inner", kind=track.kind)
    track[-1:] = [otio.schema.Stack("Scene 12", [inner], source_range=to_time_range(Fraction(0), Fraction(2), 24))]
    inner.append(clip)


def _clips(timeline: Any, kind: str) -> list[PlacedClip]:
    return sorted(
        (clip for track in placed_tracks(timeline, kind) for clip in track.clips), key=lambda one: one.record_in
    )


def _each(kind: str, value: Callable[[PlacedClip], Any]) -> Callable[[Any], Any]:
    return lambda timeline: [value(clip) for clip in _clips(timeline, kind)]


def _places(kind: str) -> Callable[[Any], Any]:
    """Read where clips play by the labels of both sides, for lists begin where their first clip does."""
    return lambda timeline: [
        (_label(timeline, clip.record_in), clip.duration, clip.source_start) for clip in _clips(timeline, kind)
    ]


def _label(timeline: Any, seconds: Fraction) -> Fraction:
    facts = timeline_facts(timeline)
    return seconds + Fraction(facts.start_frame) / facts.rate.fps


def _first_label(timeline: Any) -> Any:
    places = [clip.record_in for kind in ("video", "audio") for clip in _clips(timeline, kind)]
    places += [plain.record_in for _, plain in timeline_markers(timeline)]
    return _label(timeline, min(places)) if places else None


def _channels(timeline: Any) -> list[int]:
    return sorted(
        {
            channel
            for clip in _clips(timeline, "audio")
            for channel in clip.facts.channels or range(1, (clip.media.channels or 1) + 1)
        }
    )


def _track_names(timeline: Any) -> list[bool]:
    return ["Boom α" in track.name for track in placed_tracks(timeline, "audio")]


def _path(clip: PlacedClip) -> str | None:
    return path_from_url(clip.url) if clip.url else None


def _transitions(kind: str) -> Callable[[Any], Any]:
    return lambda timeline: [
        (_label(timeline, one.record_in), one.duration)
        for track in placed_tracks(timeline, kind) for one in track.items if isinstance(one, PlacedTransition)
    ]  # fmt: skip


def _marks(value: Callable[[Any, PlainMarker], Any]) -> Callable[[Any], Any]:
    return lambda timeline: sorted((value(timeline, plain) for _, plain in timeline_markers(timeline)), key=repr)


def _says(*texts: str) -> Callable[[Any], Any]:
    """Ask for texts of markers, whether a program keeps them as name or as comment; also of those that hang on clips."""
    return lambda timeline: [
        any(text in f"{plain.name}\n{plain.comment}" for _, plain in timeline_markers(with_lifted_markers(timeline)))
        for text in texts
    ]


def _cues(*names: str) -> Callable[[Any], Any]:
    """Read cues as every job does that wants some: spotted from tags where the file has no records of them."""

    def read(timeline: Any) -> Any:
        spot(timeline, Project(), Report())
        cast, start = timeline_characters(timeline), timeline_facts(timeline).start_frame
        special: dict[str, Callable[[Cue], Any]] = {
            "character": lambda cue: character_name(cast, cue),
            "labels": lambda cue: (start + cue.record_in, cue.record_out and start + cue.record_out),
        }
        return [
            tuple(special[name](cue) if name in special else getattr(cue, name) for name in names)
            for cue in timeline_cues(timeline)
        ]

    return read


def _levels(value: Any) -> Any:
    return None if value is None else round(value, 1)


def _track_state(name: str) -> Callable[[Any], Any]:
    return lambda timeline: [getattr(track.facts, name) for track in placed_tracks(timeline, "audio") if track.clips][
        :1
    ]


def _sound(**facts: Any) -> dict[str, Any]:
    return {"sound": (replace(Piece(), facts=ClipFacts(**facts)),)}


TWO_CUTS = tuple(replace(PICTURE, at=Fraction(at), source=Fraction(10)) for at in (1, 3))
TWO_SOUNDS = tuple(replace(Piece(), at=Fraction(at), source=Fraction(10)) for at in (1, 3))
STEREO = replace(MONO, channels=2)


@dataclass(frozen=True)
class Probe:
    """One thing: the plan that holds it, the one that does not, and how it is read off a timeline."""

    name: str
    group: str
    plan: Plan
    value: Callable[[Any], Any]
    without: Plan = Plan()


def _probe(
    group: str, name: str, value: Callable[[Any], Any], without: dict[str, Any] | None = None, **plan: Any
) -> Probe:
    return Probe(name, group, Plan(**plan), value, Plan(**(without or {})))


PROBES = (
    _probe("picture", "picture clip in its place", _places("video"), {"picture": ()}),
    _probe("clips", "sound clip in its place", _places("audio"), {"sound": ()}),
    _probe(
        "clips", "name of a clip", _each("audio", lambda clip: clip.clip.name),
        sound=(replace(Piece(), name="Łódź 李雷 ליל"),),
    ),
    _probe("clips", "note on a clip", _each("audio", lambda clip: clip.facts.note), **_sound(note="use the boom")),
    _probe("clips", "role", _each("audio", lambda clip: clip.facts.role), **_sound(role="dialogue.boom")),
    _probe(
        "picture", "disabled picture clip", _each("video", lambda clip: clip.enabled),
        picture=(replace(PICTURE, enabled=False),),
    ),
    _probe(
        "clips", "muted sound clip", _each("audio", lambda clip: not clip.enabled or clip.facts.muted),
        sound=(replace(Piece(), enabled=False),),
    ),
    _probe("clips", "speed", _each("audio", lambda clip: clip.facts.speed), **_sound(speed=Fraction(2))),
    _probe("picture", "clip played backwards", _each("video", lambda clip: clip.facts.speed),
           picture=(replace(PICTURE, facts=ClipFacts(speed=Fraction(-1))),)),
    _probe(
        "picture", "speed that changes", _each("video", lambda clip: len(clip.facts.retime)),
        picture=(
            replace(
                PICTURE,
                facts=ClipFacts(retime=((Fraction(0), Fraction(1)), (Fraction(1), Fraction(2)), (Fraction(2), Fraction(4)))),
            ),
        ),
    ),
    _probe(
        "clips", "timeline within the timeline", _places("audio"), {"sound": ()}, nested=True,
    ),
    _probe(
        "clips", "clip of a cue", _each("audio", lambda clip: clip.facts.cue_uid), {"cues": (CUE,)},
        cues=(CUE,), **_sound(cue_uid=UID),
    ),
    _probe("sound", "stereo clip", _channels, sound=(replace(Piece(), media=STEREO),)),
    _probe(
        "sound", "second channel alone", _channels, {"sound": (replace(Piece(), media=STEREO),)},
        sound=(replace(Piece(), media=STEREO, facts=ClipFacts(channels=(2,))),),
    ),
    _probe("sound", "level of a clip", _each("audio", lambda clip: _levels(clip.facts.gain_db)), **_sound(gain_db=-4.5)),
    _probe(
        "sound", "level curve", _each("audio", lambda clip: [(at, _levels(db)) for at, db in clip.facts.gain_points]),
        **_sound(gain_points=((Fraction(0), -6.0), (Fraction(1), 0.0), (Fraction(2), -12.0))),
    ),
    _probe(
        "sound", "fade", _each("audio", lambda clip: (clip.facts.fade_in and clip.facts.fade_in.duration,
                                                     clip.facts.fade_out and clip.facts.fade_out.duration)),
        **_sound(fade_in=Fade(Fraction(1, 4)), fade_out=Fade(Fraction(1, 2))),
    ),
    _probe(
        "curves", "curve of a fade", _each("audio", lambda clip: clip.facts.fade_in and clip.facts.fade_in.curve),
        _sound(fade_in=Fade(Fraction(1, 4))), **_sound(fade_in=Fade(Fraction(1, 4), "equal-power")),
    ),
    _probe("sound", "cross fade", _transitions("audio"), {"sound": TWO_SOUNDS}, sound=TWO_SOUNDS, transition="Audio"),
    _probe("picture", "dissolve", _transitions("video"), {"picture": TWO_CUTS}, picture=TWO_CUTS, transition="Video"),
    _probe(
        "sound", "sample between frames", _places("audio"),
        sound=(replace(Piece(), at=Fraction(48_517, 48_000), source=Fraction(48_011, 48_000)),),
    ),
    _probe(
        "names", "name of a track", _track_names,
        tracks=("V1", "Boom α"),
    ),
    _probe("tracks", "muted track", _track_state("muted"), track=TrackFacts(muted=True)),
    _probe("tracks", "soloed track", _track_state("soloed"), track=TrackFacts(soloed=True)),
    _probe("tracks", "pan of a track", _track_state("pan"), track=TrackFacts(pan=-0.5)),
    _probe("tracks", "level of a track", _track_state("gain_db"), track=TrackFacts(gain_db=-3.0)),
    _probe(
        "time", "start timecode", _first_label,
        clock=TimelineFacts(as_rate("24"), 86_400, sample_rate=48_000),
    ),
    _probe(
        "time", "drop frame", lambda timeline: (timeline_facts(timeline).rate.text, timeline_facts(timeline).rate.drop),
        {"clock": TimelineFacts(as_rate("29.97"), 0, sample_rate=48_000)},
        clock=TimelineFacts(as_rate("29.97 drop"), 0, sample_rate=48_000),
    ),
    _probe(
        "time", "frame rate", lambda timeline: timeline_facts(timeline).rate.fps,
        clock=TimelineFacts(as_rate("23.976"), 0, sample_rate=48_000),
    ),
    _probe("media", "place of the media", _each("audio", _path), {"sound": (replace(Piece(), url=None),)}),
    _probe(
        "media", "source timecode", _each("audio", lambda clip: clip.source_start),
        sound=(replace(Piece(), stamp=Fraction(36_000), source=Fraction(0)),),
    ),
    _probe(
        "media", "reel or sound roll", _each("audio", lambda clip: clip.media.tape),
        sound=(replace(Piece(), media=replace(MONO, tape="S012")),),
    ),
    _probe("markers", "marker in its place", _marks(lambda timeline, one: _label(timeline, one.record_in)), {"markers": ()}),
    _probe("markers", "name of a marker", _says("Tür öffnet 门"), markers=(replace(MARKER, name="Tür öffnet 门"),)),
    _probe("markers", "comment", _says("creaks, loop it"), markers=(replace(MARKER, comment="creaks, loop it"),)),
    _probe(
        "markers", "length of a marker", _marks(lambda _, one: one.duration),
        markers=(replace(MARKER, duration=Fraction(1)),),
    ),
    _probe("markers", "colour", _marks(lambda _, one: one.colour), markers=(replace(MARKER, colour="green"),)),
    _probe(
        "markers", "two markers on one frame", _says("door", "window"),
        markers=(MARKER, replace(MARKER, name="window")),
    ),
    _probe(
        "markers", "marker between frames", _marks(lambda timeline, one: _label(timeline, one.record_in)),
        markers=(replace(MARKER, record_in=Fraction(60_517, 48_000)),),
    ),
    _probe("markers", "marker on a clip", _says("door"), {"markers": ()},
           markers=(replace(MARKER, record_in=Fraction(3, 2)),), hangs=True),
    _probe("cues", "cue: uid, in, out", _cues("uid", "labels"), {"markers": ()}, markers=(), cues=(CUE,)),
    _probe("cues", "number, character, line", _cues("number", "character", "line"), {"markers": ()}, markers=(), cues=(CUE,)),
    _probe(
        "cues", "priority, status, reasons", _cues("priority", "status", "reasons"), {"markers": (), "cues": (CUE,)},
        markers=(), cues=(replace(CUE, priority=1, status="recorded", reasons=("noise",)),),
    ),
    _probe(
        "cues", "notes and directions", _cues("note", "direction", "engineer_note"), {"markers": (), "cues": (CUE,)},
        markers=(), cues=(replace(CUE, note="plane", direction="softer", engineer_note="boom 416"),),
    ),
    _probe(
        "cues", "scene, reel, version", _cues("scene", "reel", "picture_version"), {"markers": (), "cues": (CUE,)},
        markers=(), cues=(replace(CUE, scene="12A", reel="1", picture_version="3"),),
    ),
    _probe(
        "cues", "takes", _cues("takes"), {"markers": (), "cues": (CUE,)},
        markers=(), cues=(replace(CUE, takes=({"name": "R101_tk3", "selected": True},)),),
    ),
    _probe(
        "other", "metadata of other programs", lambda timeline: dict(timeline.metadata.get("studio", {})),
        extra={"studio": {"project": "Sherwood"}},
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """What became of a probe in one format: one of the four words, and what was said or lost."""

    verdict: str
    said: str = ""


def probed(probe: Probe, fmt: Format, folder: Path) -> Finding:
    """Write and read a probe and its timeline without the thing, and say what became of it."""
    before = _said_without(probe.without, fmt, folder)
    try:
        back, said = _through(probe.plan, fmt, folder)
    except PostsyncError as refused:
        return Finding(REFUSED, str(refused))
    wanted = probe.value(probe.plan.made())
    got = None if back is None else probe.value(back)
    if got == wanted:
        return Finding(ARRIVED)
    more = Counter(said) - before
    if not more:
        more = Counter(one for one in said if one.startswith(WHOLE.get(probe.group, ())))
    return Finding(NAMED, "; ".join(sorted(more))) if more else Finding(SILENT, f"{wanted} became {got}")


_SAID: dict[tuple[str, str], Counter[str]] = {}
"""What was said of the plans without the thing, for most probes share one: by format and plan."""


def _said_without(plan: Plan, fmt: Format, folder: Path) -> Counter[str]:
    key = fmt.name, repr(plan)
    if key not in _SAID:
        try:
            _SAID[key] = Counter(_through(plan, fmt, folder)[1])
        except PostsyncError:
            _SAID[key] = Counter()
    return _SAID[key]


def _through(plan: Plan, fmt: Format, folder: Path) -> tuple[Any, list[str]]:
    report = Report()
    path = folder / f"probe{fmt.suffixes[0]}"
    write_file(plan.made(), path, report, as_format=fmt.name)
    timelines = read_file(path, report, from_format=fmt.name, rate=plan.clock.rate).timelines
    back = timelines[0] if timelines else None
    return back, [_key(loss) for loss in report for _ in range(int(loss.facts.get("count", 1)))]


def _key(loss: Any) -> str:
    """Name a loss by its code and what tells it from others of the same code."""
    told = [str(loss.facts[name]).lstrip("0123456789 ") for name in ("feature", "field") if name in loss.facts]
    return " ".join([loss.code, *told])


def probed_by_peer(probe: Probe, adapter: str, folder: Path) -> Finding:
    """Send a probe through an adapter of OpenTimelineIO's own, which reports nothing: it arrives, is lost, or fails."""
    path = folder / f"peer{PEERS[adapter]}"
    try:
        otio.adapters.write_to_file(probe.plan.made(), str(path), adapter_name=adapter, **PEER_OPTIONS.get(adapter, {}))
        back = otio.adapters.read_from_file(str(path), adapter_name=adapter)
        timelines = [back] if isinstance(back, otio.schema.Timeline) else list(back.find_children(otio.schema.Timeline))
        got = probe.value(timelines[0])
    except Exception as fault:  # noqa: BLE001 - whatever an adapter raises, its user sees
        return Finding(REFUSED, f"{type(fault).__name__}: {fault}")
    wanted = probe.value(probe.plan.made())
    return Finding(ARRIVED) if got == wanted else Finding(SILENT, f"{wanted} became {got}")


PEER_OPTIONS = {"AAF": {"use_empty_mob_ids": True}}

PEERS = {"AAF": ".aaf", "fcpx_xml": ".fcpxml", "fcp_xml": ".xml", "cmx_3600": ".edl"}
"""OpenTimelineIO's own adapters by the name it knows them by, and the ending of their files."""
