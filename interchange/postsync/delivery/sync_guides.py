"""Guides to measure takes against: a sound file, the sound of a movie, or the production tracks of a timeline.

A timeline's guide is what its sound tracks play, read from the media where they are at hand; its cues say where lines lie.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from postsync.cueing import spot
from postsync.delivery.checks.guide.guides import opened_guide
from postsync.delivery.checks.guide.hearing import Assembly, assembly_of
from postsync.delivery.media_files import at_hand
from postsync.errors import MediaError, UnknownFormat, UnknownOption
from postsync.formats.conversion import embedded_in, read_file, recognise
from postsync.model import find_project, timeline_cues, timeline_duration, timeline_facts
from postsync.report import Report
from postsync.sound import MediaFinder, read_facts
from postsync.sound.same_recording import Sound
from postsync.timing import round_half_up, seconds_of_frame

MEASURED_AT = 48_000
"""The sample rate at which the sound of a timeline is measured."""


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

    `samples` gives so many from a sample on, silence outside. `frame_rate` is that of the picture, where it is known.
    """

    path: Path
    sample_rate: int
    length: int
    stamp: Fraction | None
    samples: Callable[[int, int], Sound]
    cues: tuple[CuedLine, ...] = ()
    frame_rate: Fraction | None = None

    def cue(self, name: str) -> CuedLine:
        """Give the cue of a number or uid; UnknownOption where there is none."""
        for one in self.cues:
            if name in (one.number, one.uid):
                return one
        raise UnknownOption(f"{self.path}: there is no cue {name!r}", remedy="postsync cues lists them")

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
    if _is_timeline(path):
        with _timeline_guide(path, search, timeline, how, all_markers=all_markers) as guide:
            yield guide
        return
    with opened_guide(path) as sound:
        yield OpenGuide(path, sound.sample_rate, sound.length, sound.stamp, sound.samples)


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


@contextmanager
def _timeline_guide(
    path: Path, search: Sequence[Path], name: str | None, how: Mapping[str, Any], *, all_markers: bool
) -> Generator[OpenGuide]:
    quiet = Report()
    opened = read_file(path, quiet, **how)
    timeline = opened.choose(name)
    spot(timeline, find_project(path), quiet, all_markers=all_markers)
    facts = timeline_facts(timeline)
    with (
        TemporaryDirectory(prefix="postsync guide ") as folder,
        embedded_in(opened, quiet) as sounds,
        at_hand(sounds, Path(folder), quiet, keep=False) as inside,
    ):
        assembly = assembly_of(timeline, MediaFinder(list(search), beside=path), inside, MEASURED_AT)
        # ADR that was placed before is no guide.
        assembly.clips[:] = [clip for clip in assembly.clips if not clip.placed.facts.cue_uid]
        if not assembly.audible:
            raise MediaError(
                "none of its sound is at hand", path=path, found=_why(assembly), remedy="name its folder with --media"
            )
        cues = [
            CuedLine(cue.number or "", cue.uid, start, end)
            for cue in timeline_cues(timeline)
            if (end := cue.seconds_out(facts)) is not None and (start := cue.seconds_in(facts)) < end
        ]
        yield OpenGuide(
            path, MEASURED_AT, round_half_up(timeline_duration(timeline) * MEASURED_AT),
            seconds_of_frame(facts.start_frame, facts.rate),
            lambda start, count: assembly.samples(Fraction(start, MEASURED_AT), count), tuple(cues), facts.rate.fps,
        )  # fmt: skip


def _why(assembly: Assembly) -> str:
    reasons = dict.fromkeys(clip.why for clip in assembly.clips)
    return "; ".join(reasons) or "no sound tracks"
