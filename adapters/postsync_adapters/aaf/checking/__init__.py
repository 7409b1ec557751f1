"""What in an AAF breaks the rules of the AAF Edit Protocol, or what applications need of it, whatever its timelines are.

`whole` walks the file once; `header`, `mobs`, `references`, `slots`, `segments`, `essence`, `definitions` and `markers` hold
the rules by subject, one small function each. A place that cannot be read is a finding like any other: the rest is looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import BinaryIO

from postsync.errors import FormatError
from postsync.findings import Finding, finding
from postsync_adapters.aaf.checking import definitions, essence, header, markers, mobs, references, segments, slots
from postsync_adapters.aaf.checking.whole import Whole
from postsync_adapters.aaf.objects import AafFile

Rule = Callable[[Whole], Iterator[Finding]]

RULES: tuple[Rule, ...] = (
    header.container,
    header.pattern,
    header.producer,
    mobs.top_levels,
    mobs.ids,
    mobs.names,
    mobs.unused,
    mobs.usages,
    references.broken,
    references.circles,
    references.order,
    references.origins,
    references.beyond,
    slots.numbers,
    slots.empty,
    slots.track_numbers,
    slots.timecodes,
    slots.rates,
    segments.lengths,
    segments.impossible,
    segments.transitions,
    segments.clip_fades,
    segments.clip_pans,
    essence.descriptors,
    essence.containers,
    essence.summaries,
    essence.places,
    essence.inside,
    essence.lost,
    definitions.missing,
    definitions.unnamed,
    definitions.old,
    definitions.tags,
    markers.places,
    markers.tracks,
)
"""Every rule. Each goes over the mobs or the parts of the file once."""


def check(file: BinaryIO) -> list[Finding]:
    """Give everything that an open AAF breaks, in the order of the rules. Raises FormatError where it is no AAF."""
    whole = Whole(AafFile.open(file))
    found = [one for rule in RULES for one in _kept(rule, whole)]
    return [*(finding("aaf-damaged", place, fault=fault) for place, fault in whole.faults.items()), *found]


def _kept(rule: Rule, whole: Whole) -> Iterator[Finding]:
    """Yield what a rule finds; where it meets a place that cannot be read, that place is noted and the rule ends."""
    try:
        yield from rule(whole)
    except FormatError as fault:
        whole.note(fault)
