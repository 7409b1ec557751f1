"""Guides to measure takes against: a sound file, the sound of a movie, or the production tracks of a timeline.

A timeline's guide is what its production tracks play, read from the media where they are at hand, or files that were named for
it; its cues say where lines lie.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from postsync.cueing import spot
from postsync.delivery.checks.guide.guides import DAY, LaidGuide, laid, opened_guide
from postsync.delivery.checks.guide.hearing import Assembly, HeardClip, assembly_of
from postsync.delivery.media_files import at_hand
from postsync.errors import MediaError, UnknownFormat, UnknownOption
from postsync.formats.conversion import embedded_in, read_file, recognise
from postsync.model import (
    Character,
    Cue,
    Project,
    TimelineFacts,
    find_project,
    timeline_characters,
    timeline_cues,
    timeline_duration,
    timeline_facts,
)
from postsync.placing import match_takes, read_take
from postsync.report import Report
from postsync.sound import MediaFinder, read_facts
from postsync.sound.alignment.spectra import at_rate
from postsync.sound.same_recording import Sound
from postsync.timing import round_half_up, seconds_of_frame

MEASURED_AT = 48_000
"""The sample rate at which the sound of a timeline is measured."""

SHORTEST_LINE, LONGEST_OPEN_LINE = Fraction(1), Fraction(15)
"""Seconds that a line lasts at least and at most whose cue has no out."""

AFTER_CUE = Fraction(10)
"""Seconds of guide after the last cue of a list without clips."""

ADDED_WORDS = frozenset({
    "adr", "beep", "beeps", "streamer", "streamers", "music", "mx", "mus", "score", "effects", "fx", "sfx", "efx", "foley",
    "amb", "ambience", "ambiences", "atmo", "atmos", "bg", "bgs", "vo", "narration", "narrator", "loop", "grp", "walla",
})  # fmt: skip
"""Words in the names and roles of tracks whose sound was not there when the line was said."""

SAID_WORDS = frozenset(
    {"dx", "dia", "dial", "dialog", "dialogue", "prod", "production", "boom", "lav", "dialogues", "pd"}
)
"""Words that make a track count whatever else its name says."""


@dataclass(frozen=True)
class CuedLine:
    """A cue of a guide: number, uid, in and out in seconds from the guide's first sample."""

    number: str
    uid: str
    start: Fraction
    end: Fraction


@dataclass(frozen=True)
class OpenGuide:
    """A guide that is open. `length` in samples; `stamp` in seconds since midnight, None where nothing says it.

    `samples` gives so many from a sample on, silence outside. `frame_rate` is that of the picture, where it is known; `day` are
    the seconds after which stamps begin again. `names` gives the uid of the cue that a take's file says it is of.
    """

    path: Path
    sample_rate: int
    length: int
    stamp: Fraction | None
    samples: Callable[[int, int], Sound]
    cues: tuple[CuedLine, ...] = ()
    frame_rate: Fraction | None = None
    day: Fraction = DAY
    names: Callable[[Path], str | None] = lambda _: None

    def cue(self, name: str) -> CuedLine:
        """Give the cue of a number or uid; UnknownOption where there is none."""
        for one in self.cues:
            if name in (one.number, one.uid):
                return one
        raise UnknownOption(f"{self.path}: there is no cue {name!r}", remedy="postsync cues lists them")

    def cue_of(self, take: Path) -> CuedLine | None:
        """Give the cue that a take is surely of by its name, scene or folder."""
        uid = self.names(take) if self.cues else None
        return None if uid is None else self.line_of(uid)

    def line_of(self, uid: str) -> CuedLine | None:
        """Give the line of a cue; None where the cue ends before it begins, or lies outside."""
        return next((one for one in self.cues if one.uid == uid), None)

    def cue_at(self, start: Fraction, end: Fraction) -> CuedLine | None:
        """Give the cue that shares most time with a stretch."""
        shared = {one: min(one.end, end) - max(one.start, start) for one in self.cues}
        return max((one for one in shared if shared[one] > 0), key=lambda one: shared[one], default=None)


@contextmanager
def open_guide(
    path: Path, *, search: Sequence[Path] = (), timeline: str | None = None, all_markers: bool = False, **how: Any
) -> Generator[OpenGuide]:
    """Open a guide for as long as the block lasts. `search` are more folders for the media of a timeline.

    Raises MediaError or UnknownFormat for what can be neither heard nor read, MediaError for a timeline without media at hand.
    """
    if not _is_timeline(path):
        with opened_guide(path) as sound:
            yield OpenGuide(path, sound.sample_rate, sound.length, sound.stamp, sound.samples)
        return
    quiet = Report()
    opened = read_file(path, quiet, **how)
    chosen = opened.choose(timeline)
    spot(chosen, find_project(path), quiet, all_markers=all_markers)
    with (
        TemporaryDirectory(prefix="postsync guide ") as folder,
        embedded_in(opened, quiet) as sounds,
        at_hand(sounds, Path(folder), quiet, keep=False) as inside,
    ):
        yield timeline_guide(chosen, path, MediaFinder(list(search), beside=path), inside)


def _is_timeline(path: Path) -> bool:
    """Whether a file is read as a timeline; a WAV is sound, whatever marks it carries."""
    try:
        read_facts(path)
    except MediaError:
        pass
    else:
        return False
    try:
        return path.exists() and recognise(path).read is not None
    except UnknownFormat:
        return False


def timeline_guide(timeline: Any, path: Path, finder: MediaFinder, inside: Mapping[str, Path]) -> OpenGuide:
    """Give the production sound of an open timeline as a guide; `inside` are files taken out of the timeline's own, by id.

    Raises MediaError where none of its sound is at hand.
    """
    assembly = assembly_of(timeline, finder, inside, MEASURED_AT)
    assembly.clips[:] = _production(assembly.clips)
    if not assembly.audible:
        raise MediaError(
            "none of its sound is at hand", path=path, found=_why(assembly), remedy="name its folder with --media"
        )
    end = max(clip.placed.record_out for clip in assembly.audible)
    return _on_timeline(
        timeline,
        path,
        lambda start, count: assembly.samples(Fraction(start, MEASURED_AT), count),
        _length(timeline, end),
    )


def _on_timeline(timeline: Any, path: Path, samples: Callable[[int, int], Sound], length: Fraction) -> OpenGuide:
    """Give a guide that lasts so long (s), with the cues and the clock of a timeline."""
    facts, cues = timeline_facts(timeline), timeline_cues(timeline)
    return OpenGuide(
        path, MEASURED_AT, round_half_up(length * MEASURED_AT),
        seconds_of_frame(facts.start_frame, facts.rate), samples, tuple(_lines(cues, facts, length)), facts.rate.fps,
        seconds_of_frame(facts.rate.frames_per_day, facts.rate),
        partial(_named_by, cues=cues, facts=facts, cast=timeline_characters(timeline)),
    )  # fmt: skip


def _lines(cues: Sequence[Cue], facts: TimelineFacts, length: Fraction) -> Iterator[CuedLine]:
    """Yield the lines of cues; one whose cue has no out ends where the next begins, at the latest soon after."""
    starts = [cue.seconds_in(facts) for cue in cues]
    for cue, start in zip(cues, starts, strict=True):
        end = cue.seconds_out(facts)
        if end is None:
            following = (other for other in starts if other >= start + SHORTEST_LINE)
            end = min(start + LONGEST_OPEN_LINE, length, *following)
        if start < end:
            yield CuedLine(cue.number or "", cue.uid, start, end)


def _named_by(take: Path, *, cues: Sequence[Cue], facts: TimelineFacts, cast: Mapping[str, Character]) -> str | None:
    """Give the uid of the cue that a file is surely a take of, whatever its stamp says."""
    try:
        recorded = replace(read_take(take), time_reference=None)
    except MediaError:
        return None
    found = match_takes([recorded], cues, facts, cast).pairings[0]
    return found.cue.uid if found.cue is not None and found.sure else None


def _length(timeline: Any, heard: Fraction = Fraction(0)) -> Fraction:
    """Give how long a guide lasts (s): as its timeline, and a while after a cue beyond `heard`, where its sound ends.

    A list of cues has no clips, and lasts as long as they do.
    """
    facts = timeline_facts(timeline)
    ends = [cue.seconds_out(facts) or cue.seconds_in(facts) for cue in timeline_cues(timeline)]
    return max([timeline_duration(timeline), *(end if end < heard else end + AFTER_CUE for end in ends)])


def _production(clips: Sequence[HeardClip]) -> list[HeardClip]:
    """Give the clips that were there when the line was said: no ADR that was placed before, no beeps, no music, no effects.

    Tracks are known by their names and roles. Where these leave nothing, names say something else: then all count.
    """
    said = [clip for clip in clips if not clip.placed.facts.cue_uid]
    kept = [clip for clip in said if not _is_added(clip)]
    return kept if any(not clip.why for clip in kept) else said


def _is_added(clip: HeardClip) -> bool:
    words = set(re.findall("[a-z]+", f"{clip.track.name} {clip.placed.facts.role or clip.track.facts.role}".lower()))
    return bool(words & ADDED_WORDS) and not words & SAID_WORDS


def _why(assembly: Assembly) -> str:
    reasons = dict.fromkeys(clip.why for clip in assembly.clips)
    return "; ".join(reasons) or "no sound tracks"


@contextmanager
def files_guide(timeline: Any, paths: Sequence[Path], project: Project) -> Generator[OpenGuide]:
    """Open named files as the guide of an open timeline, each where its stamp, its reel or the first frame puts it.

    Any file with sound will do, a movie too; where several sound at once they are added. MediaError where one cannot be read.
    """
    clock, duration = timeline_facts(timeline), _length(timeline)
    with ExitStack() as stack:
        guides = [laid(stack.enter_context(opened_guide(path)), clock, duration, project) for path in paths]
        yield _on_timeline(timeline, paths[0], lambda start, count: _sum_of(guides, start, count), duration)


def _sum_of(guides: Sequence[LaidGuide], start: int, count: int) -> Sound:
    """Give so many samples of all guides from a sample of the timeline on, each at the rate of the measurement."""
    mix = np.zeros(count, np.float32)
    for one in guides:
        own = one.guide.sample_rate
        if start < one.end * MEASURED_AT and one.start * MEASURED_AT < start + count:
            first = round_half_up((Fraction(start, MEASURED_AT) - one.start) * own)
            sound = one.guide.samples(first, round_half_up(Fraction(count * own, MEASURED_AT)))
            sound = at_rate(sound, own, MEASURED_AT)[:count]
            mix[: len(sound)] += sound
    return mix
