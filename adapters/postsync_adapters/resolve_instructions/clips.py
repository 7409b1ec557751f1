"""The placed takes of a timeline as the clips that Resolve shall have, and files of them that begin on a frame.

Resolve's scripts place whole frames of a file on whole frames of a timeline, and give a WAV the rate of the project. So a take
that begins between two frames is written anew, its sound where it was, with what lies before and behind it in its own file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from postsync.errors import CannotWrite, MediaError
from postsync.formats import made_folder
from postsync.formats.files import whole_file
from postsync.model import (
    ClipFacts,
    PlacedClip,
    PlacedTrack,
    TimelineFacts,
    clip_take,
    file_name,
    placed_tracks,
    unique_name,
)
from postsync.report import Report
from postsync.sound import path_from_url, read_facts, write_wav
from postsync.sound.samples import all_bytes
from postsync.sound.wav import WavFacts
from postsync.timing import fraction_text, frame_and_rest, nearest_frame, round_half_up, samples_of_seconds

Json = dict[str, Any]


@dataclass(frozen=True)
class Laid:
    """One file of a take on one track; `rest` is how long after the beginning of `frame` its first sample plays."""

    id: str
    track: str
    placed: PlacedClip
    channels: int
    path: str
    frame: int
    rest: Fraction
    duration: int
    source_in: Fraction
    enabled: bool


def clips_of(timeline: Any, facts: TimelineFacts, media: Path | None, report: Report) -> list[Json]:
    """Give the takes of a timeline; `media` is the folder for files of them that begin on a frame."""
    laid = [one for track in placed_tracks(timeline, "audio") for one in _of_track(track, facts, report)]
    if media is not None and laid:
        folder, names = made_folder(media), dict[str, None]()
        laid = [_on_frames(one, folder, names, facts, report) for one in laid]
    return [_json(one, facts, report) for one in laid]


def _of_track(track: PlacedTrack, facts: TimelineFacts, report: Report) -> Iterator[Laid]:
    for placed in track.clips:
        take = clip_take(placed.clip)
        if take is None:
            continue
        for number, (url, source_in, channels) in enumerate(_files(placed), 1):
            if url is None:
                report.note("media-missing", where=track.name, media=placed.clip.name, tried="no address")
                continue
            frame, rest = frame_and_rest(placed.record_in, facts.rate)
            frames = placed.duration * facts.rate.fps
            enabled = placed.enabled and not placed.facts.muted and not track.facts.muted
            yield Laid(
                take if number == 1 else f"{take}/{number}",
                track.name if number == 1 else f"{track.name} {number}",
                placed,
                channels,
                path_from_url(url),
                frame,
                rest,
                max(1, -(-frames.numerator // frames.denominator)),
                source_in,
                enabled,
            )


def _files(placed: PlacedClip) -> Iterator[tuple[str | None, Fraction, int]]:
    """Yield address, source in and channels of each file that a clip plays; most play one."""
    if not placed.facts.sources:
        yield placed.url, placed.source_in, placed.media.channels or len(placed.facts.channels or (1,))
        return
    references = placed.clip.media_references()
    for key in dict.fromkeys(source.media for source in placed.facts.sources):
        ours = [source for source in placed.facts.sources if source.media == key]
        url = getattr(references.get(key), "target_url", None) or ours[0].url
        yield url, placed.source_in + ours[0].offset, len(ours)


def _json(one: Laid, facts: TimelineFacts, report: Report) -> Json:
    about: ClipFacts = one.placed.facts
    if about.gain_points:
        report.note("gain-points-not-carried", where=one.track, name=one.placed.clip.name)
    fades = [
        0 if fade is None else max(1, nearest_frame(fade.duration, facts.rate))
        for fade in (about.fade_in, about.fade_out)
    ]
    return {
        "id": one.id,
        "cue": about.cue_uid or "",
        "name": one.placed.clip.name,
        "track": one.track,
        "channels": one.channels,
        "file_path": one.path,
        "record_frame": one.frame,
        "record_rest": fraction_text(one.rest),
        "duration": one.duration,
        "source_in": fraction_text(one.source_in),
        "enabled": one.enabled,
        "gain_db": about.gain_db,
        "fade_in": fades[0],
        "fade_out": fades[1],
        "color": None,
    }


# -------------------------------------------------------------------------------------------------------- on the frame


def _on_frames(one: Laid, folder: Path, names: dict[str, None], facts: TimelineFacts, report: Report) -> Laid:
    """Give a take as a file of its own that begins on a frame, where it does not already."""
    if not one.rest and (one.source_in * facts.rate.fps).denominator == 1:
        return one
    try:
        wav = read_facts(Path(one.path))
    except (MediaError, OSError) as fault:
        report.note("media-missing", where=one.track, media=Path(one.path).name, tried=f"{one.path} ({fault})")
        return one
    frames = (one.rest + one.placed.duration) * facts.rate.fps
    whole = max(1, -(-frames.numerator // frames.denominator))
    start = round_half_up((one.source_in - one.rest) * wav.sample_rate)
    name = unique_name(
        f"{file_name(Path(one.path).stem)} {facts.label(one.frame).replace(':', '').replace(';', '')}", names
    )
    names[name] = None
    path = folder / f"{name}.wav"
    _write(wav, start, samples_of_seconds(whole / facts.rate.fps, wav.sample_rate), path)
    return replace(one, path=str(path.resolve()), rest=Fraction(0), duration=whole, source_in=Fraction(0))


def _write(wav: WavFacts, start: int, count: int, path: Path) -> None:
    """Write a stretch of a file, with silence where it reaches beyond the file."""
    if path.exists():
        path.unlink()
    with whole_file(path) as file:
        try:
            write_wav(
                file,
                sample_rate=wav.sample_rate,
                bits=wav.bytes_per_sample * 8,
                channels=wav.channels,
                blocks=all_bytes(wav, start, count),
                length_samples=count,
                bext=None
                if wav.bext is None
                else replace(wav.bext, time_reference=max(0, (wav.time_reference or 0) + start)),
                float_samples=wav.is_float,
            )
        except MediaError as fault:
            raise CannotWrite(f"the take cannot be read: {fault.sentence()}", path=path) from fault
