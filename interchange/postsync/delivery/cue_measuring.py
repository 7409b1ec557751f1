"""Takes that are being placed, measured against the guide of their cue: what `place --by sync` slips them by."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from postsync.delivery.sync_guides import OpenGuide, files_guide, open_guide, timeline_guide
from postsync.delivery.syncing import SyncPlan, measure_take
from postsync.errors import MediaError, PostsyncError
from postsync.model import Cue, Project, TimelineFacts, timeline_facts
from postsync.placing import Anchor, Measure, Measured, Pairing, Piece
from postsync.sound import MediaFinder
from postsync.sound.alignment import Alignment, Limits, edits

SLIPPING = SyncPlan(limits=Limits(believed=0.7))
"""A clip is moved from a confidence of 0.7 on, of which 95 in 100 are right; between 0.5 and 0.7 not one in two is."""


@contextmanager
def guide_measure(
    timeline: Any, work: Path, files: Sequence[Path], finder: MediaFinder, inside: Mapping[str, Path], project: Project
) -> Generator[tuple[Measure | None, str]]:
    """Give what measures takes against named files, else against the timeline's own production sound, and what that is.

    `inside` are files taken out of the work, by id. It can be asked while the block lasts. Where the timeline has no sound at
    hand there is nothing to measure against, and the words say why. MediaError where a named file cannot be read.
    """
    facts = timeline_facts(timeline)
    if files:
        with files_guide(timeline, files, project) as guide:
            yield _GuideMeasure(guide, facts), ", ".join(path.name for path in files)
        return
    try:
        own = timeline_guide(timeline, work, finder, inside)
    except MediaError as fault:
        yield None, f"{fault.message}: {fault.found}"
    else:
        yield _GuideMeasure(own, facts), "the production sound of the work"


@dataclass(frozen=True)
class _GuideMeasure:
    guide: OpenGuide
    facts: TimelineFacts

    def __call__(self, cue: Cue, pairing: Pairing, start: Anchor) -> Measured:
        """Give how late a take lies by its sound."""
        cued = self.guide.line_of(cue.uid)
        if cued is None:
            return Measured.nothing("its cue has no length")
        line_in, line_out = cued.start, cued.end
        if cue.seconds_out(self.facts) is None:
            line_out = min(line_out, line_in + pairing.recorded.duration)
        anywhere = start.placed_by == "cue"
        try:
            with open_guide(pairing.recorded.path) as sound:
                found, _ = measure_take(
                    self.guide, sound, (line_in, line_out), start.place, SLIPPING, anywhere=anywhere
                )
        except PostsyncError as fault:
            return Measured.nothing(fault.sentence())
        return _measured(found)


def _measured(found: Alignment) -> Measured:
    """Give what an alignment says."""
    if found.reason:
        return Measured.nothing(found.reason)
    offset, rate = found.offset_seconds, found.sample_rate
    late = "late" if offset > 0 else "early"
    said = "unsure" if not found.sure else "the guide's own recording" if found.same_recording else found.verdict
    words = f"the take lay {float(abs(offset)) * 1000:.1f} ms {late}, {said}, sure {found.confidence:.2f}"
    pieces = tuple(
        Piece(*(Fraction(samples, rate) for samples in (one.take_in, one.take_out, one.earlier)))
        for one in edits(found.phrases)
    )
    return Measured(offset, found.confidence, found.sure, words, pieces)
