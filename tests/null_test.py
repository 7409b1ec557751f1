"""The null test: media in which every sample tells where it came from, turned over, and played by another program's reader.

What must sound is computed from the source timeline; what does sound is read from the written AAF by a player built on
pyaaf2 alone. The two must be the same at every sample that is asked.
"""

from __future__ import annotations

import itertools
import math
import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from adapters.aaf_player import Player, Segment, Track
from made_media import MadeFile, make_wav
from made_movies import Kind, ToneFile, make_encoded, make_movie
from postsync.delivery import Turnover
from postsync.model import PlacedClip, file_name, media_facts, placed_tracks, timeline_facts
from postsync.sound import path_from_url
from postsync.timing import from_rational_time, round_half_up
from postsync.verbs import check, opened, turnover

HANDLES = Fraction(1)
ASKED = 200
SESSION = 48000


@dataclass(frozen=True)
class Wanted:
    """What a file must be like: its place without suffix, channels, rate, length and used ranges in samples, stamp.

    `session` is the rate of the timeline that plays it.
    """

    path: Path
    number: int
    channels: int
    sample_rate: int
    length: int
    used: list[tuple[int, int]]
    stamp: int | None
    session: int = SESSION


Maker = Callable[[Wanted], MadeFile]


def wav(wanted: Wanted) -> MadeFile:
    """A sparse WAV."""
    return make_wav(
        wanted.path.with_name(f"{wanted.path.name}.wav"),
        wanted.number,
        channels=wanted.channels,
        sample_rate=wanted.sample_rate,
        length=wanted.length,
        used=wanted.used,
        time_reference=wanted.stamp,
    )


def movie(wanted: Wanted) -> MadeFile:
    """A sparse QuickTime at the session's rate, its channels in tracks of two and one; a WAV beyond what QuickTime counts."""
    length, used = _at_session(wanted)
    if length >= 2**32:
        return wav(wanted)
    tracks = [2] * (wanted.channels // 2) + [1] * (wanted.channels % 2)
    path = wanted.path.with_name(f"{wanted.path.name}.mov")
    return make_movie(path, wanted.number, tracks=tracks, sample_rate=wanted.session, length=length, used=used)


def _at_session(wanted: Wanted) -> tuple[int, list[tuple[int, int]]]:
    scale = Fraction(wanted.session, wanted.sample_rate)
    used = [(round_half_up(start * scale) - 1, round_half_up(end * scale) + 1) for start, end in wanted.used]
    return round_half_up(wanted.length * scale), used


def encoded(kind: Kind, sample_rate: int, picture: Fraction, timecode: str = "01:00:00:00") -> Maker:
    """A maker of files of a kind at a rate of sound and picture."""

    def make(wanted: Wanted) -> MadeFile:
        path = wanted.path.with_name(wanted.path.name + kind.suffix)
        length = wanted.length * sample_rate // wanted.sample_rate
        return make_encoded(
            path, wanted.number, kind, channels=wanted.channels, sample_rate=sample_rate, length=length,
            session=wanted.session, picture=picture, timecode=timecode,
        )  # fmt: skip

    return make


@dataclass
class Outcome:
    """What one turnover proved: clips and channels that must sound, those that did, and what went wrong."""

    clips: int = 0
    right: int = 0
    samples: int = 0
    faults: list[str] = field(default_factory=list)
    made: Turnover | None = None
    aaf: Path = Path()

    def player(self) -> Player:
        return Player(self.aaf)


def sound_clips(timeline: Any) -> list[PlacedClip]:
    """The clips of files of which something must sound: not the silence of lists, and nothing of no length."""
    clips = [clip for track in placed_tracks(timeline, "audio") for clip in track.clips]
    return [clip for clip in clips if (clip.url or clip.media.name) and clip.duration and not _made_up(clip)]


def _made_up(clip: PlacedClip) -> bool:
    return hasattr(clip.clip.media_reference, "generator_kind")


def parts_of(clip: PlacedClip) -> list[tuple[PlacedClip, int]]:
    """Each channel of a clip, as a clip of the file that it lies in, with its number there."""
    if not clip.facts.sources:
        return [(clip, channel) for channel in _channels(clip)]
    return [(_of_source(clip, source), source.file_channel) for source in clip.facts.sources]


def _of_source(clip: PlacedClip, source: Any) -> PlacedClip:
    reference = clip.clip.media_references().get(source.media) or clip.clip.media_reference
    available = reference.available_range
    begin = Fraction(0) if available is None else from_rational_time(available.start_time)
    return replace(
        clip, url=getattr(reference, "target_url", None), media=media_facts(reference), media_start=begin,
        source_in=clip.source_start + source.offset - begin,
        media_duration=None if available is None else from_rational_time(available.duration),
    )  # fmt: skip


def media_key(clip: PlacedClip) -> str | None:
    return clip.url or clip.media.name


def make_media(timeline: Any, folder: Path, maker: Maker = wav) -> dict[str | None, MadeFile]:
    """Make a file for every asset, under its own path below `folder`, whatever the real one was."""
    groups: dict[str | None, list[tuple[PlacedClip, int]]] = {}
    for part, channel in (part for clip in sound_clips(timeline) for part in parts_of(clip)):
        groups.setdefault(media_key(part), []).append((part, channel))
    made: dict[str | None, MadeFile] = {}
    session = timeline_facts(timeline).sample_rate or SESSION
    for number, (key, parts) in enumerate(groups.items(), start=1):
        made[key] = maker(replace(_wanted(number, parts, folder), session=session))
    return made


def _wanted(number: int, parts: list[tuple[PlacedClip, int]], folder: Path) -> Wanted:
    clips = [clip for clip, _ in parts]
    first = clips[0]
    rate = first.media.sample_rate or 48000
    channels = max([first.media.channels or 1, *(channel for _, channel in parts)])
    needed = [(min(_places(clip)) - 2 * HANDLES, max(_places(clip)) + 2 * HANDLES) for clip in clips]
    length = max(first.media_duration or Fraction(0), Fraction(1))
    used = [(round_half_up(start * rate), round_half_up(end * rate)) for start, end in needed]
    stamp = round_half_up(first.media_start * rate) if first.media_start > 0 else None
    return Wanted(folder / _relative(first, number), number, channels, rate, round_half_up(length * rate), used, stamp)


def _places(clip: PlacedClip) -> list[Fraction]:
    """What a clip plays from its file, at its own speed and at that of its timeline, in seconds."""
    ends = [clip.source_in + clip.duration, clip.source_in + clip.duration * clip.facts.speed]
    return [clip.source_in, *ends, *(place for _, place in clip.facts.retime)]


def _relative(clip: PlacedClip, number: int) -> Path:
    """The last two parts of the asset's path, without suffix."""
    parts = [part for part in path_from_url(clip.url or "").split("/") if part not in ("", ".", "..")][-2:]
    parts = parts or [file_name(clip.media.name or f"asset {number}")]
    return Path(*parts[:-1]) / (parts[-1].rsplit(".", 1)[0] if "." in parts[-1] else parts[-1])


def null_test(
    source: Path,
    work: Path,
    *,
    mode: str = "copy",
    timeline_name: str | None = None,
    seed: int = 1,
    maker: Maker = wav,
    profile: str = "pro-tools",
    channels: str | None = None,
    checked: bool = False,
) -> Outcome:
    """Turn a timeline over on made media and compare what sounds with what must.

    `checked` says that the AAF must also pass the check for its own application.
    """
    timeline = opened(source).choose(timeline_name)
    source = _alone(source, work / "source")
    (work / "media").mkdir()
    made = make_media(timeline, work / "media", maker)
    turned = turnover(
        source,
        work / "turnover",
        search=[work / "media"],
        handles=HANDLES,
        media=mode,
        timeline=timeline_name,
        date="2026-01-01",
        all_markers=True,
        options={"profile": profile} | ({"channels": channels} if channels else {}),
    )
    outcome = Outcome(made=turned)
    aaf = outcome.aaf = next(file.path for file in turned.files if file.path.suffix == ".aaf")
    if checked:
        application = "nuendo" if profile == "generic" else profile
        found = check(aaf, application=application).findings
        outcome.faults += [one.sentence() for one in found if one.rated == "error"]
    with Player(aaf) as player:
        segments = [(track, segment) for track in player.tracks for segment in track.segments]
        expected = [part for clip in sound_clips(timeline) for part in parts_of(clip)]
        if len(segments) != len(expected):
            outcome.faults.append(f"{len(segments)} clips in the AAF, {len(expected)} in the timeline")
        outcome.faults += [
            loss.sentence() for loss in turned.report.of_level("loss") if loss.code.startswith(("media-", "sound-"))
        ]
        chance = random.Random(seed)
        expected = [(clip, channel) for clip, channel in expected if not clip.media.embedded]
        outcome.clips = len(expected)
        for clip, channel in expected:
            _check(player, segments, clip, channel, made[media_key(clip)], chance, outcome)
    return outcome


def _alone(source: Path, folder: Path) -> Path:
    """Copy a file to a folder of its own, where no real media lie beside it."""
    if source.is_dir():
        return source
    folder.mkdir(exist_ok=True)
    return Path(shutil.copy(source, folder / source.name))


def _channels(clip: PlacedClip) -> tuple[int, ...]:
    return clip.facts.channels or tuple(range(1, (clip.media.channels or 1) + 1))


def _check(
    player: Player,
    segments: list[tuple[Track, Segment]],
    clip: PlacedClip,
    channel: int,
    file: MadeFile,
    chance: random.Random,
    outcome: Outcome,
) -> None:
    """Find the segment of a clip by its place and by what sounds first, then ask at random samples.

    Where edits fall on frames the boundaries of a clip move to the nearest, and what sounds between them does not.
    """
    for index, (track, segment) in enumerate(segments):
        start, end = (round_half_up(time * track.rate) for time in (clip.record_in, clip.record_out))
        if track.rate < 1000:  # A file that begins between two frames sounds from the next frame on.
            start = max(start, math.ceil((clip.record_in - clip.source_in) * track.rate))
        if segment.start > start or segment.start + segment.length < end:
            continue
        per = SESSION / track.rate if track.rate < 1000 else Fraction(1)
        first, last = math.ceil(start * per), math.ceil(end * per)
        asked = sorted({first, last - 1, *(chance.randrange(first, last) for _ in range(ASKED))})
        if any(
            all(_right(player, track, segment, one / per, clip, channel, file, shift) for one in asked)
            for shift in _shifts(per)
        ):
            outcome.right += 1
            outcome.samples += len(asked)
            del segments[index]
            return
    outcome.faults.append(f"{clip.clip.name} channel {channel} at {clip.record_in} s does not sound right")


def _shifts(per: Fraction) -> list[Fraction]:
    """What a clip may be off as one whole, in samples: nothing, but where frames begin between samples.

    At 29.97 a frame is 1601.6 samples. A file begins on the sample nearest to its frame, the clip on the nearest in the file.
    """
    steps = per.denominator
    return sorted((Fraction(step, steps) for step in range(1 - steps, steps)), key=abs)


def _right(
    player: Player,
    track: Track,
    segment: Segment,
    at: Fraction,
    clip: PlacedClip,
    channel: int,
    file: MadeFile,
    shift: Fraction = Fraction(0),
) -> bool:
    """Whether what sounds at a place of the track, in its edit units, is what the clip plays there, some samples later."""
    rate = file.sample_rate
    if track.rate < 1000:
        seconds = at / track.rate - clip.record_in
        place = (clip.source_in + _into(clip, seconds, segment)) * rate
    else:
        start = round_half_up(clip.record_in * track.rate)
        begin = Fraction(round_half_up(clip.source_in * track.rate)) / track.rate
        place = (begin + _into(clip, (at - start) / track.rate, segment)) * rate
    heard = _heard(player, track, segment, at)
    if isinstance(file, ToneFile):
        return file.near(channel, place + shift * rate / SESSION, heard)
    exact = place.denominator == 1 and track.rate >= 1000 and segment.warp is None
    near = {round_half_up(place)} if exact else {place.__floor__() + step for step in (-1, 0, 1, 2)}
    return heard in {file.value(channel, index) for index in near}


def _into(clip: PlacedClip, seconds: Fraction, segment: Segment) -> Fraction:
    """How far into its source a clip is after so many seconds: at the speed of its timeline, where the file states one."""
    pairs = clip.facts.retime
    if segment.warp is None:
        return seconds
    if not pairs:
        return seconds * clip.facts.speed
    places = [pairs[0], *pairs[1:]]
    (left, low), (right, high) = next(
        (pair for pair in itertools.pairwise(places) if seconds <= pair[1][0]), (places[-2], places[-1])
    )
    return low + (high - low) * (seconds - left) / (right - left) - clip.source_in


def _heard(player: Player, track: Track, segment: Segment, at: Fraction) -> int:
    """The value that sounds, silence where the file has no such sample."""
    raw = player.bytes_of(player._sound(segment, at - segment.start, track))
    return 0 if raw is None else int.from_bytes(raw, "little", signed=True)
