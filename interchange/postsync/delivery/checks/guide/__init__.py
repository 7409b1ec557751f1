"""The sound of a timeline against a guide: `check --guide`.

The first thing that a dialogue editor does with an AAF is to lay it under the guide and flip the phase. `guides` opens guides
and lays them, `hearing` gives the sound of the timeline, `measuring` finds how far they are apart, `reel_pops` looks at the
pops, `results` says what was found; `amounts` are its words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from postsync.delivery.checks.guide.guides import laid, opened_guide
from postsync.delivery.checks.guide.hearing import Assembly, assembly_of
from postsync.delivery.checks.guide.measuring import Measurement, Measuring, aligned, measured_clips
from postsync.delivery.checks.guide.reel_pops import aligned_by_pops, pops_of
from postsync.delivery.checks.guide.results import GuideResult, result_of
from postsync.model import Project, timeline_duration, timeline_facts
from postsync.sound import MediaFinder

__all__ = ["GuideResult", "Measurement", "against_guides"]


def against_guides(
    timeline: Any, guides: Sequence[Path], finder: MediaFinder, inside: Mapping[str, Path], project: Project
) -> Iterator[GuideResult]:
    """Yield for each guide how the timeline's sound lies against it; `inside` are files taken out of the timeline's own.

    Raises MediaError for a guide that cannot be read.
    """
    assemblies: dict[int, Assembly] = {}
    clock, duration = timeline_facts(timeline), timeline_duration(timeline)
    for path in guides:
        with opened_guide(path) as guide:
            rate = guide.sample_rate
            if rate not in assemblies:
                assemblies[rate] = assembly_of(timeline, finder, inside, rate)
            one = Measuring(assemblies[rate], laid(guide, clock, duration, project))
            pops = pops_of(one, clock, project)
            one.alignment = aligned(one)
            if not one.alignment.sure:
                one.alignment = aligned_by_pops(pops, one)
            measurements = list(measured_clips(one)) if one.alignment.sure else []
            yield result_of(one, measurements, pops, clock, project)
