"""Rules of what lies in slots: lengths, transitions, and effects in places that are not theirs (Edit Protocol 234 to 244)."""

from __future__ import annotations

from collections.abc import Iterator

from postsync.findings import Finding, finding
from postsync_adapters.aaf.checking.whole import Part, Whole, number
from postsync_adapters.aaf.objects import AafObject
from postsync_adapters.aaf.reading.identifiers import PAN
from postsync_adapters.aaf.reading.layers import operation
from postsync_adapters.aaf.reading.slots import is_marker

_LENGTHS = ("Length", "StartTime", "CutPoint", "FadeInLength", "FadeOutLength")


def lengths(whole: Whole) -> Iterator[Finding]:
    """Find sequences that state another length than their components have."""
    for part in whole.parts:
        if part.class_name != "Sequence":
            continue
        stated, components = number(part.item, "Length"), _components(part)
        if stated is None or not components or any(is_marker(one) for one in components):
            continue
        found = sum(_share(one) for one in components)
        if found != stated:
            yield finding("aaf-length", whole.where(part), whole.time(part), stated=stated, found=found)


def _components(part: Part) -> list[AafObject]:
    return [one for one in part.item.get("Components", ()) if isinstance(one, AafObject)]


def _share(component: AafObject) -> int:
    """Give what a component adds to its sequence: a transition overlaps its neighbours."""
    length = number(component, "Length") or 0
    return -length if component.class_name == "Transition" else length


def impossible(whole: Whole) -> Iterator[Finding]:
    """Find lengths and positions below zero, and beyond what any timeline holds."""
    for part in whole.parts:
        for name in _LENGTHS:
            value = part.item.get(name) if name in part.item else None
            if value is None:
                continue
            # A length of -1 means unknown in MXF, and some files keep it; only media of unknown length have it.
            if number(part.item, name) is None or (isinstance(value, int) and value < 0 and name != "StartTime"):
                yield finding("aaf-length-impossible", whole.where(part), whole.time(part), what=name, stated=value)


def transitions(whole: Whole) -> Iterator[Finding]:
    """Find transitions at the ends of a sequence, beside each other, longer than what they join, or cut outside themselves."""
    for part in whole.parts:
        if part.class_name == "Sequence":
            components = _components(part)
            at = part.at
            for index, one in enumerate(components):
                at += _share(one)
                if one.class_name == "Transition":
                    place = Part(one, part.place, at, part)
                    yield from _transition(whole, place, components, index)


def _transition(whole: Whole, part: Part, components: list[AafObject], index: int) -> Iterator[Finding]:
    where, time = whole.where(part), whole.time(part)
    length, cut = number(part.item, "Length") or 0, number(part.item, "CutPoint") or 0
    before = components[index - 1] if index else None
    after = components[index + 1] if index + 1 < len(components) else None
    fault = None
    if before is None or after is None:
        fault = "begins its sequence" if before is None else "ends its sequence"
    elif "Transition" in (before.class_name, after.class_name):
        fault = "stands beside another" if after.class_name == "Transition" else None
    elif not 0 <= cut <= length:
        fault = f"of {length} has its cut at {cut}"
    if fault:
        yield finding("aaf-transition-place", where, time, fault=fault)
    for neighbour, side in ((before, "the end"), (after, "the beginning")):
        found = None if neighbour is None or neighbour.class_name == "Transition" else number(neighbour, "Length")
        if found is not None and found < length:
            yield finding("aaf-transition-long", where, time, length=length, side=side, found=found)


def clip_fades(whole: Whole) -> Iterator[Finding]:
    """Find fades that are stated on clips, as files of before the Edit Protocol do."""
    for clip in whole.clips:
        if any(number(clip.item, name) for name in ("FadeInLength", "FadeOutLength") if name in clip.item):
            yield finding("aaf-fade-on-clip", whole.where(clip), whole.time(clip))


def clip_pans(whole: Whole) -> Iterator[Finding]:
    """Find pans that lie inside a track instead of over it."""
    for part in whole.parts:
        is_pan = part.class_name == "OperationGroup" and operation(part.item) == PAN
        if is_pan and any(one.class_name in ("Sequence", "Selector", "NestedScope") for one in part.above()):
            yield finding("aaf-pan-on-clip", whole.where(part), whole.time(part))
