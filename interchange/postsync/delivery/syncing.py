"""Takes measured against guides, file by file: laid by stamp or head to head, cut to the line, heard, measured."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from itertools import groupby
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from postsync.delivery.sync_guides import CuedLine, OpenGuide, open_guide
from postsync.errors import PostsyncError
from postsync.sound.alignment import LIMITS, SEARCH_SECONDS, Alignment, Edit, Limits, align, edits
from postsync.sound.alignment.measuring import HANDLE_SECONDS
from postsync.sound.alignment.spectra import at_rate
from postsync.sound.same_recording import Sound
from postsync.timing import fraction_text, round_half_up

STAMPS, HEADS, CUE = "their time stamps", "their first samples", "the in of the cue"
"""By what a take was laid against its guide."""

PICTURE_POINTS_PER_SECOND = 100
FARTHEST = Fraction(30)
"""Seconds before the cue in which the line of a take without a time stamp is looked for."""

_PICTURE_ROOM, _PICTURE_LEAD = Fraction(1), Fraction(2)

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class SyncPair:
    """A guide and a take to measure; `line` are in and out in seconds of the guide, `cue` a number or uid in a timeline's."""

    guide: Path
    take: Path
    line: tuple[Fraction, Fraction] | None = None
    cue: str | None = None


@dataclass(frozen=True)
class SyncPlan:
    """How to measure: seconds to look on either side, rate of the picture (None: the guide's, else 24), how takes are laid.

    `by` is auto (stamps where both have one that meet), stamp or head. `pictures` keeps the waveforms. `reading` is how a
    timeline is read, `media` are folders for its media.
    """

    search: Fraction = SEARCH_SECONDS
    frame_rate: Fraction | None = None
    by: str = "auto"
    limits: Limits = LIMITS
    pictures: bool = False
    media: tuple[Path, ...] = ()
    reading: dict[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True)
class Waves:
    """Waveforms to draw: peaks (0 to 127), a hundred each second, from a time of the guide on (s).

    Those of the take, as it was laid, begin `lead` seconds before those of the guide, so that it can be drawn slipped.
    """

    start: Fraction
    lead: Fraction
    guide: bytes
    take: bytes


@dataclass(frozen=True)
class SyncedPair:
    """A measurement, or in `error` why there is none. `laid_at` is where the take's first sample lay in the guide (s)."""

    pair: SyncPair
    alignment: Alignment | None = None
    laid_at: Fraction = Fraction(0)
    laid_by: str = HEADS
    cue: str | None = None
    waves: Waves | None = None
    error: dict[str, Any] | None = None
    sentence: str = ""

    @property
    def sure(self) -> bool:
        """Whether there is an offset to believe."""
        return self.alignment is not None and self.alignment.sure

    @property
    def why(self) -> str:
        """Why nothing was measured; empty where something was."""
        return self.sentence if self.alignment is None else self.alignment.reason or ""

    @property
    def edits(self) -> tuple[Edit, ...]:
        """The pieces of the take, each at its own place, where its phrases ask for several and the offset is believed."""
        made = edits(self.alignment.phrases) if self.alignment is not None and self.alignment.sure else ()
        return made if len(made) > 1 else ()

    def to_json(self) -> dict[str, Any]:
        """Give the row of the document `postsync.sync/1`."""
        return {
            "guide": str(self.pair.guide),
            "take": str(self.pair.take),
            "cue": self.cue,
            "laid_at": fraction_text(self.laid_at),
            "laid_by": self.laid_by,
            **({} if self.alignment is None else self.alignment.to_json()),
            "edits": [one.to_json() for one in self.edits],
            "error": self.error,
        }


def measure_pairs(
    pairs: Sequence[SyncPair], plan: SyncPlan, *, jobs: int = 1, progress: Progress | None = None
) -> Iterator[SyncedPair]:
    """Yield the measurement of each pair in order, `jobs` at once. A pair that fails says why, and the others are measured."""
    chunks = _chunks(pairs, jobs)
    act = partial(_measured, plan=plan)
    done = 0
    with ExitStack() as stack:
        results: Any = map(act, chunks)
        if jobs > 1 and len(pairs) > 1:
            # A fresh start of each: a fork of a program that has threads may hang.
            pool = stack.enter_context(ProcessPoolExecutor(min(jobs, len(pairs)), get_context("spawn")))
            results = pool.map(act, chunks)
        for found in results:
            done += len(found)
            if progress is not None:
                progress("takes", done, len(pairs))
            yield from found


def _chunks(pairs: Sequence[SyncPair], jobs: int) -> list[list[SyncPair]]:
    """Keep takes of one guide together, so that it is opened once, but in parts that let every process work."""
    most = max(1, min(20, -(-len(pairs) // (4 * jobs))))
    chunks: list[list[SyncPair]] = []
    for _, group in groupby(pairs, key=lambda pair: pair.guide):
        same = list(group)
        chunks += [same[at : at + most] for at in range(0, len(same), most)]
    return chunks


def _measured(pairs: Sequence[SyncPair], plan: SyncPlan) -> list[SyncedPair]:
    found: list[SyncedPair] = []
    try:
        with open_guide(pairs[0].guide, search=plan.media, **plan.reading) as guide:
            for pair in pairs:
                try:
                    found.append(measure_pair(guide, pair, plan))
                except PostsyncError as fault:
                    found.append(_failed(pair, fault))
    except PostsyncError as fault:
        found += [_failed(pair, fault) for pair in pairs[len(found) :]]
    return found


def _failed(pair: SyncPair, fault: PostsyncError) -> SyncedPair:
    return SyncedPair(pair, error=fault.facts(), sentence=fault.sentence())


def measure_pair(guide: OpenGuide, pair: SyncPair, plan: SyncPlan) -> SyncedPair:
    """Measure one take against an open guide; MediaError where it cannot be read."""
    with open_guide(pair.take) as take:
        length = Fraction(take.length, take.sample_rate)
        place, how, cue = _laid(guide, take, length, pair, plan.by)
        line = pair.line or (None if cue is None else (cue.start, cue.end))
        found, waves = measure_take(guide, take, line, place, plan, anywhere=how == CUE)
    return SyncedPair(pair, found, place, how, None if cue is None else cue.number or cue.uid, waves)


def measure_take(
    guide: OpenGuide,
    take: OpenGuide,
    line: tuple[Fraction, Fraction] | None,
    place: Fraction,
    plan: SyncPlan,
    *,
    anywhere: bool = False,
) -> tuple[Alignment, Waves | None]:
    """Measure an open take whose first sample is laid at a place of the guide (s), and draw it where pictures are wanted.

    Only what can matter is read: the guide round its line (seconds in and out; all that the take can meet where it is not
    known), and of the take what can lie there. With `anywhere` nothing says where in the take the line begins: it is looked
    for in all of it.
    """
    length, rate = Fraction(take.length, take.sample_rate), guide.sample_rate
    later = _half_of_the_rest(length, line, rate) if anywhere and line is not None else 0
    search, middle = plan.search + Fraction(later, rate), place - Fraction(later, rate)
    first, last = _stretch(guide, middle, length, line, search)
    room = search + HANDLE_SECONDS
    begin = max(Fraction(0), Fraction(first, rate) - room - middle)
    end = max(begin, min(length, Fraction(last, rate) + room - middle))
    heard = guide.samples(first, last - first)
    sound = _at(take, begin, end, rate)
    expected = round_half_up((middle + begin) * rate)
    found = align(
        heard, sound, rate, line=None if line is None else _samples(line, rate, first), expected=expected - first,
        search_seconds=search, frame_rate=plan.frame_rate or guide.frame_rate or Fraction(24), limits=plan.limits,
    ).moved(guide=first, take=round_half_up(begin * rate), length=round_half_up(length * rate))  # fmt: skip
    found = found.laid_later(later, plan.limits) if later else found
    return found, _waves(heard, sound, (first, expected + later), found) if plan.pictures else None


def _half_of_the_rest(length: Fraction, line: tuple[Fraction, Fraction], rate: int) -> int:
    """Give half of what a take is longer than its line, in samples: so far on either side of the middle the line may begin."""
    return round_half_up(min(max(length - (line[1] - line[0]), Fraction(0)), FARTHEST) * rate / 2)


def _laid(
    guide: OpenGuide, take: OpenGuide, length: Fraction, pair: SyncPair, by: str
) -> tuple[Fraction, str, CuedLine | None]:
    """Say at which second of the guide the take begins, by what, and which cue of the guide is meant."""
    named = guide.cue_of(pair.take) if pair.cue is None else guide.cue(pair.cue)
    if by != "head" and guide.stamp is not None and take.stamp is not None:
        for day in (0, guide.day, -guide.day):
            place = take.stamp - guide.stamp + day
            if by == "stamp" or (place < Fraction(guide.length, guide.sample_rate) and place + length > 0):
                meets = named is not None and named.start < place + length and place < named.end
                return place, STAMPS, named if pair.cue or meets else guide.cue_at(place, place + length)
    if named is not None and (pair.cue or by == "auto"):
        return named.start, CUE, named
    return Fraction(0), HEADS, None


def _stretch(
    guide: OpenGuide, place: Fraction, length: Fraction, line: tuple[Fraction, Fraction] | None, search: Fraction
) -> tuple[int, int]:
    """Give the samples of the guide that matter: those round the line, else those that the take can meet."""
    start, end = (place - search, place + length + search) if line is None else line
    room = 0 if line is None else HANDLE_SECONDS
    first, last = (round_half_up(edge * guide.sample_rate) for edge in (start - room, end + room))
    return max(0, min(first, guide.length)), max(0, min(last, guide.length))


def _samples(line: tuple[Fraction, Fraction], rate: int, first: int) -> tuple[int, int]:
    start, end = (round_half_up(edge * rate) - first for edge in line)
    return max(0, start), end


def _at(take: OpenGuide, begin: Fraction, end: Fraction, rate: int) -> Sound:
    """Give a stretch of a take (s) at the rate of its guide."""
    own = take.sample_rate
    sound = take.samples(round_half_up(begin * own), round_half_up((end - begin) * own))
    return at_rate(sound, own, rate)


def _waves(heard: Sound, sound: Sound, places: tuple[int, int], found: Alignment) -> Waves:
    """Draw the line with a second on either side; `places` are where guide and take begin, in samples of the whole guide."""
    rate, line = found.sample_rate, found.line
    room = round_half_up(_PICTURE_ROOM * rate)
    first = max(places[0], line[0] - room)
    last = min(places[0] + len(heard), line[1] + room)
    step = rate // PICTURE_POINTS_PER_SECOND
    guide = heard[first - places[0] : last - places[0]]
    # As much of the take as is drawn slipped, whichever way.
    seconds = max(_PICTURE_LEAD, Fraction(-(-abs(found.offset_samples) // rate)))
    lead = round_half_up(seconds * rate)
    begin = first - lead - places[1]
    take = sound[max(0, begin) : max(0, last + lead - places[1])]
    take = np.pad(take, (max(0, -begin), 0))
    return Waves(Fraction(first, rate), seconds, _peaks(guide, step), _peaks(take, step))


def _peaks(sound: Sound, step: int) -> bytes:
    whole = np.abs(sound[: len(sound) // step * step]).reshape(-1, step).max(axis=1, initial=0)
    return bytes(np.rint(whole / max(float(whole.max(initial=0)), 1e-9) * 127).astype(np.uint8))
