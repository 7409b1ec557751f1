"""The sound of a turnover: each clip of one channel gets a mono WAV that the next application can open.

A file is found by its URL or name, its header read, and the part that is used written out with handles, with its time stamp
moved to the first written sample: of a WAV bit for bit and at its own rate, of everything else with sound as 24-bit PCM at the
session's rate. Originals are only ever read. Linking leaves mono files where they are; a poly file is split even then, because
Pro Tools misreads linked files of several channels. What is not WAV can only be copied or embedded.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, BinaryIO

import opentimelineio as otio

from postsync.delivery.free_names import Names
from postsync.errors import MediaError, MissingLibrary
from postsync.model import (
    PlacedClip,
    PlacedTrack,
    PlacedTransition,
    block,
    clip_facts,
    file_name,
    placed_tracks,
    put_clip_facts,
    put_media_facts,
    timeline_facts,
)
from postsync.report import Report
from postsync.sound import (
    FORMAT_TAGS,
    MediaFinder,
    Missing,
    RenderedSound,
    WavFacts,
    channel_bytes,
    consolidated_metadata,
    marks_within,
    read_facts,
    url_from_path,
    write_wav,
)
from postsync.timing import from_rational_time, round_half_up, to_time_range
from postsync.wording import UNNAMED

SAMPLE_RATE = 48000

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is."""


@dataclass
class MediaJob:
    """How the media of a turnover are to be prepared, and what was found on the way.

    `sample_rate` is the session's, in Hz: what is not WAV is rendered at it. None takes the timeline's. `several` says that
    a file of several channels may be linked as it is.

    `handles` in exact seconds; `mode` is one of `MEDIA_MODES`.

    >>> from postsync.sound import MediaFinder
    >>> job = MediaJob(MediaFinder(beside=Path("reel")), Path("R1 media"), "copy", Fraction(4), report)
    >>> job.found, job.missing
    (0, [])
    """

    finder: MediaFinder
    folder: Path
    mode: str
    handles: Fraction
    report: Report
    progress: Progress | None = None
    made: list[Path] = field(default_factory=list)
    sample_rate: int | None = None
    several: bool = False
    sources: dict[tuple[str | None, str | None], WavFacts | Path | None] = field(default_factory=dict)
    rendered: dict[Path, RenderedSound | None] = field(default_factory=dict[Path, RenderedSound | None])
    inside: Mapping[str, Path] = field(default_factory=dict[str, Path])
    names: Names | None = None
    found: int = 0
    missing: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)


@dataclass(frozen=True)
class Use:
    """One clip of one channel with the samples of its file that it needs, handles included."""

    placed: PlacedClip
    source: WavFacts
    channel: int
    start: int
    end: int


def prepare_media(timeline: otio.schema.Timeline, job: MediaJob) -> None:
    """Give every mono sound clip of a timeline a reference to a mono WAV; what cannot be had is in the report.

    The timeline is changed in place; hand in a copy of one channel a clip (`placing.mono_tracks`).

    >>> from postsync.placing import mono_tracks
    >>> from postsync.sound import MediaFinder
    >>> mono = mono_tracks(timeline, report)
    >>> Path("mono").mkdir()
    >>> job = MediaJob(MediaFinder(beside=Path("reel")), Path("mono"), "copy", Fraction(4), report)
    >>> prepare_media(mono, job)
    >>> sorted(path.name for path in job.made)[:1]
    ['12A-T3_Boom.wav']
    """
    tracks = placed_tracks(timeline, "audio")
    job.sample_rate = job.sample_rate or _session_rate(timeline, tracks, job)
    groups: dict[tuple[str, int], list[Use]] = {}
    for use in (use for track in tracks for use in _uses(track.items, job)):
        groups.setdefault((str(use.source.path), use.channel), []).append(use)
    for number, group in enumerate(groups.values()):
        if job.progress is not None:
            job.progress("writing sound", number, len(groups))
        for part in _merged(group):
            _serve(part, job)
    if job.progress is not None and groups:
        job.progress("writing sound", len(groups), len(groups))
    _close(job)


def _session_rate(timeline: otio.schema.Timeline, tracks: Iterable[PlacedTrack], job: MediaJob) -> int:
    """Give the session's rate: as the timeline states it, else that of most WAVs, else as most media are said to have."""
    clips = [clip for track in tracks for clip in track.clips if _plays_file(clip)]
    found = [source.sample_rate for clip in clips if isinstance(source := _source(clip, job), WavFacts)]
    stated = [clip.media.sample_rate for clip in clips if clip.media.sample_rate]
    usual = Counter(found or stated).most_common(1)
    return timeline_facts(timeline).sample_rate or (usual[0][0] if usual else SAMPLE_RATE)


def _close(job: MediaJob) -> None:
    """Close what was rendered from, and say what happened to its sound."""
    for path, sound in job.rendered.items():
        if sound is None:
            continue
        sound.close()
        if sound.clipped:
            job.report.note("sound-clipped", media=path.name, count=sound.clipped)
        if sound.damaged:
            job.report.note("media-damaged", media=path.name, count=sound.damaged)


def _uses(items: Iterable[PlacedClip | PlacedTransition], job: MediaJob) -> Iterable[Use]:
    """Yield the clips of a track whose file is at hand, each with its needs; cross fades widen them."""
    ordered = list(items)
    for index, item in enumerate(ordered):
        if isinstance(item, PlacedTransition) or not _plays_file(item):
            continue
        source = _facts(item, job)
        channel = (item.facts.channels or (1,))[0]
        if source is None:
            continue
        if channel > source.channels:
            job.report.note(
                "media-channel-missing", where=item.clip.name, media=_called(item), channel=f"channel {channel}"
            )
            continue
        head = _reach(ordered[index - 1] if index else None)
        tail = _reach(ordered[index + 1] if index + 1 < len(ordered) else None)
        yield _use(item, source, channel, max(head, job.handles), max(tail, job.handles), job)


def _plays_file(item: PlacedClip) -> bool:
    """Whether a clip plays a file: silence that lists call BL, tone and the like come from none."""
    made_up = isinstance(item.clip.media_reference, otio.schema.GeneratorReference)
    return not made_up and item.duration > 0 and (item.url is not None or item.media.name is not None)


def note_without_file(timeline: otio.schema.Timeline, report: Report) -> None:
    """Say which sound clips name no file at all, so that nobody waits for their sound; clips that are cues are counted.

    >>> note_without_file(timeline, report)
    >>> [loss.code for loss in report if loss.code == "clip-without-file"]
    []
    """
    cues: list[str] = []
    for track in placed_tracks(timeline, "audio"):
        for item in track.clips:
            if isinstance(item.clip.media_reference, otio.schema.GeneratorReference) or _plays_file(item):
                continue
            if block(item.clip).get("cue_clip"):
                cues.append(item.clip.name)
            elif item.duration > 0:
                where, time = track.track.name, timeline_facts(timeline).timecode(item.record_in)
                report.note("clip-without-file", where=where, time=time, name=item.clip.name)
    if cues:
        report.note("cue-clips-silent", count=len(cues), name=cues[0])


def _reach(neighbour: PlacedClip | PlacedTransition | None) -> Fraction:
    return neighbour.duration if isinstance(neighbour, PlacedTransition) else Fraction(0)


def _use(item: PlacedClip, source: WavFacts, channel: int, head: Fraction, tail: Fraction, job: MediaJob) -> Use:
    """Give the samples that a clip needs: its own even where the file has none, handles only where it has.

    A file of another rate than the session's begins where samples of both meet, so that a place counted from its begin is
    rounded as one counted from the begin of the original is.
    """
    rate = source.sample_rate
    begin, finish = _played(item)
    first, last = round_half_up(begin * rate), round_half_up(finish * rate) + 1
    if first < 0 or last - 1 > source.length_samples:
        job.report.note("clip-beyond-media", where=item.clip.name, name=_called(item))
    start = min(first, max(0, first - round_half_up(head * rate)))
    start -= start % (rate // math.gcd(rate, job.sample_rate or rate))
    end = max(last, min(source.length_samples, last + round_half_up(tail * rate)))
    return Use(item, source, channel, start, end)


def _played(item: PlacedClip) -> tuple[Fraction, Fraction]:
    """Give from where to where in its file a clip plays, at its own speed and at the one that its timeline has it run at."""
    places = [item.source_in, item.source_in + item.duration, *(place for _, place in item.facts.retime)]
    if not item.facts.retime:
        places.append(item.source_in + item.duration * item.facts.speed)
    return min(places), max(places)


def _called(item: PlacedClip) -> str:
    return item.media.name or (item.url or "").rsplit("/", 1)[-1] or item.clip.name or UNNAMED


def _facts(item: PlacedClip, job: MediaJob) -> WavFacts | None:
    """Give what is known of the file of a clip; of one that is not WAV, what its rendering will be."""
    source = _source(item, job)
    if not isinstance(source, Path):
        return source
    if source not in job.rendered:
        job.rendered[source] = _opened(source, job)
    sound = job.rendered[source]
    return None if sound is None else sound.facts


def _opened(path: Path, job: MediaJob) -> RenderedSound | None:
    """Open a file that is not WAV; noted once, and None, where its sound cannot be had."""
    if job.mode == "link":
        job.report.note("media-not-wav", media=str(path), why="linked as it is; --copy-media and --embed render it")
        return None
    try:
        sound = RenderedSound.of(path, job.sample_rate or SAMPLE_RATE)
    except MissingLibrary as fault:
        job.report.note("media-not-wav", media=str(path), why=f"{fault.message}; {fault.remedy}")
        return None
    except MediaError as fault:
        job.report.note("media-unreadable", media=str(path), why=fault.sentence())
        return None
    job.report.note("media-rendered", media=path.name, was=sound.kinds, rate=sound.facts.sample_rate)
    return sound


def _source(item: PlacedClip, job: MediaJob) -> WavFacts | Path | None:
    """Find the file of a clip, each once: a WAV's header, or the path of anything else; what is wrong is noted once."""
    key = (item.url, item.media.name)
    if key not in job.sources:
        job.sources[key] = _looked_up(item, job)
    return job.sources[key]


def _looked_up(item: PlacedClip, job: MediaJob) -> WavFacts | Path | None:
    inside = job.inside.get(item.media.uid or "")
    if inside is not None:
        job.found += 1
        return read_facts(inside, job.report)
    found = job.finder.find(item.url or "", name=item.media.name)
    if isinstance(found, Missing):
        places = job.finder.places(found)
        job.missing.append((_called(item), places))
        tried = found.reason or ", ".join(places)
        job.report.note("media-missing", media=item.url or _called(item), tried=tried)
        return None
    source: WavFacts | Path = found.path
    try:
        facts = read_facts(found.path, job.report)
        source = facts if facts.format_tag in FORMAT_TAGS else found.path
    except MediaError as fault:
        if found.path.suffix.lower() in (".wav", ".wave", ".bwf"):
            job.report.note("media-unreadable", media=str(found.path), why=fault.sentence())
            return None
    job.found += 1
    if item.url and found.path.name.casefold() != item.url.replace("\\", "/").rsplit("/", 1)[-1].casefold():
        job.report.note("media-found-elsewhere", media=_called(item), found=found.path.name, how=found.how)
    return source


def _merged(group: list[Use]) -> list[list[Use]]:
    """Join the needs of one file and channel that touch, so that shared handles are written once."""
    parts: list[list[Use]] = []
    reach = 0
    for use in sorted(group, key=lambda one: (one.start, one.end)):
        if parts and use.start <= reach:
            parts[-1].append(use)
            reach = max(reach, use.end)
        else:
            parts.append([use])
            reach = use.end
    return parts


def _serve(part: list[Use], job: MediaJob) -> None:
    """Point the clips of one part at the file to use: the original where it can be linked, else a new mono WAV."""
    source = part[0].source
    if job.mode == "link" and (source.channels == 1 or job.several):
        for use in part:
            _refer(use, source, 0, use.channel, same=True)
        return
    start, end = min(use.start for use in part), max(use.end for use in part)
    try:
        written = _written(part[0], start, end, job)
    except MediaError as fault:
        job.report.note("media-unreadable", media=str(source.path), why=fault.sentence())
        return
    whole = source.channels == 1 and start == 0 and written.length_samples == source.length_samples
    for use in part:
        _refer(use, written, start, 1, same=whole)


def _written(use: Use, start: int, end: int, job: MediaJob) -> WavFacts:
    """Write one mono WAV of a range of samples; sound that the file does not have is silence.

    What another turnover put into the folder stays, because its timeline plays it; the same sound is not written twice.
    """
    source, count = use.source, end - start
    stem = file_name(Path(str(source.path)).stem)
    wanted = f"{stem}_A{use.channel}" if source.channels > 1 else stem
    own = source.time_reference or 0
    stamp = own if source.stamped else round_half_up(use.placed.media_start * source.sample_rate)

    def fill(file: BinaryIO, name: str) -> None:
        bext, ixml = consolidated_metadata(
            source,
            start_sample=start,
            channel=use.channel,
            new_name=name,
            count=count,
            time_reference=max(0, stamp + start),
        )
        write_wav(
            file,
            sample_rate=source.sample_rate,
            bits=source.bits,
            blocks=_blocks(use, start, count, job),
            length_samples=count,
            bext=bext,
            ixml=ixml,
            float_samples=source.is_float,
            marks=marks_within(source.cue_points, start, count),
        )

    if job.names is None:
        job.names = Names(job.folder, _originals_in(job.folder, job))
    path = job.names.write(wanted, ".wav", fill)
    job.made.append(path)
    return read_facts(path)


def _blocks(use: Use, start: int, count: int, job: MediaJob) -> Iterator[bytes]:
    """Give samples of the file of a use: those of a WAV as they are, those of anything else rendered."""
    rendered = job.rendered.get(Path(str(use.source.path)))
    if rendered is not None:
        return rendered.blocks(use.channel, start, count)
    return channel_bytes(use.source, use.channel, start, count)


def _originals_in(folder: Path, job: MediaJob) -> set[str]:
    """Give the names in a folder that belong to files which we read from."""
    originals = (known.path if isinstance(known, WavFacts) else known for known in job.sources.values())
    paths = (Path(str(known)) for known in originals if known is not None)
    return {path.stem for path in paths if path.parent == folder}


def _refer(use: Use, facts: WavFacts, start: int, channel: int, *, same: bool) -> None:
    """Give a clip its new media reference; the sample that sounded first still does.

    Where the sound is the `same` from end to end, what its own format knew it by still holds.
    """
    clip, path = use.placed.clip, Path(str(facts.path))
    media_start = Fraction(facts.time_reference or 0, facts.sample_rate) if facts.stamped else use.placed.media_start
    reference = otio.schema.ExternalReference(
        target_url=url_from_path(str(path.resolve())),
        available_range=to_time_range(media_start, Fraction(facts.length_samples, facts.sample_rate)),
    )
    reference.name = path.stem
    if same:
        reference.metadata.update(use.placed.clip.media_reference.metadata)
    put_media_facts(reference, _new_facts(use, facts))
    whole = clip.trimmed_range()  # Of a clip in a nest more than what the nest shows of it: the nest cuts it again.
    source_in = from_rational_time(whole.start_time) - use.placed.media_start - Fraction(start, facts.sample_rate)
    clip.media_reference = reference
    begin = to_time_range(media_start + source_in, Fraction(0)).start_time
    clip.source_range = otio.opentime.TimeRange(begin, whole.duration)
    own = clip_facts(clip)
    retime = tuple((at, place - Fraction(start, facts.sample_rate)) for at, place in own.retime)
    put_clip_facts(clip, replace(own, channels=(channel,), retime=retime))


def _new_facts(use: Use, facts: WavFacts) -> Any:
    tape = use.placed.media.tape or facts.tape
    return replace(
        use.placed.media,
        name=use.placed.media.name or Path(str(facts.path)).stem,
        channels=facts.channels,
        embedded=False,
        sample_rate=facts.sample_rate,
        bits=facts.bits,
        tape=tape,
        kind="sound",
    )
