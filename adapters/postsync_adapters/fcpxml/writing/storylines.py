"""Clips and transitions in a row: the primary storyline, and those that hang on it.

Edits of the picture go to the nearest frame, since Final Cut warns about any that are not on one, and what that moved is
noted; sound stays exact. Clips of a storyline join without holes, so a gap fills every empty stretch.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

import opentimelineio as otio

from postsync.model import PlacedClip, PlacedTrack, PlacedTransition
from postsync.report import Report
from postsync_adapters.fcpxml.document import Element
from postsync_adapters.fcpxml.writing.clips import ClipMaker, moved_to
from postsync_adapters.fcpxml.writing.elements import clean, make, with_children
from postsync_adapters.fcpxml.writing.items import Item, put_at
from postsync_adapters.fcpxml.writing.times import Times

ZERO = Fraction(0)
Run = Sequence["PlacedClip | PlacedTransition"]
MakeClip = Callable[[PlacedClip], Item]


@dataclass
class Storyline:
    """A storyline in the making; `origin` is the local time at the programme's first frame."""

    maker: ClipMaker
    origin: Fraction
    at: Fraction
    children: list[Item | Element] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)

    def add(self, item: Item) -> None:
        """Append a clip or gap, filling what is empty before it."""
        self.fill(item.begin)
        put_at(item.element, self.maker.times.text(self.origin + item.begin))
        self.children.append(item)
        self.items.append(item)
        self.at = item.end

    def fill(self, end: Fraction) -> None:
        """Fill the storyline with a gap up to a time."""
        if end > self.at:
            gap = self.maker.gap(self.at, end)
            self.at = end
            self.add(gap)

    def mix(self, element: Element) -> None:
        """Append a transition."""
        self.children.append(element)

    def finish(self, spine: Element) -> Element:
        """Put the storyline together."""
        spine.extend([one.finish() if isinstance(one, Item) else one for one in self.children])
        return spine


def lay(line: Storyline, run: Run, kind: str, make_clip: MakeClip, report: Report) -> Storyline:
    """Lay clips and transitions in order on a storyline."""
    for item in run:
        if isinstance(item, PlacedTransition):
            line.mix(_transition(line, item, kind, report))
        else:
            line.add(make_clip(item))
    return line


def settled(track: PlacedTrack, times: Times, report: Report) -> PlacedTrack:
    """Give a track with every edit where it can be: those of the picture on frames; clips that vanish are left out."""
    items = [_settled(item, track.kind, times, report) for item in track.items]
    return replace(track, items=tuple(item for item in items if item is not None))


def _settled(
    item: PlacedClip | PlacedTransition, kind: str, times: Times, report: Report
) -> PlacedClip | PlacedTransition | None:
    if isinstance(item, PlacedTransition):
        return item
    begin, end = stated = item.record_in, item.record_out
    if kind != "audio":
        begin, end = times.on_frame(begin), times.on_frame(end)
    far = max((begin - stated[0], end - stated[1]), key=abs)
    name = item.clip.name
    if end <= begin:
        report.note("clip-below-frame", where=name, name=name)
        return None
    if far:
        moved = f"{float(abs(far)):.4f} s"
        report.note("time-rounded", where=name, moved_by=far, grid="frame", moved=moved)
    return moved_to(item, begin, end)


def _transition(line: Storyline, mix: PlacedTransition, kind: str, report: Report) -> Element:
    """Make a transition; every kind but a dissolve is written as one, since Final Cut knows the others by ids of its own."""
    times, begin, end, cut = line.maker.times, mix.record_in, mix.record_in + mix.duration, mix.cut
    if kind != "audio":
        begin, end, cut = (times.on_frame(time) for time in (begin, end, cut))
    line.fill(cut)
    name = clean(mix.transition.name, "transition", report)
    if kind != "audio" and not _is_dissolve(mix.transition):
        report.note("transition-made-dissolve", where=name, name=name or mix.transition.transition_type)
    tag, effect = ("filter-audio", "sound") if kind == "audio" else ("filter-video", "picture")
    element = make(
        "transition", name=name or None, offset=times.text(line.origin + begin), duration=times.text(end - begin)
    )
    return with_children(element, make(tag, ref=line.maker.resources.effect(effect), name=name or None))


def _is_dissolve(transition: otio.schema.Transition) -> bool:
    """Say whether a transition is a dissolve, by its type and by what people call it; our readers know no other type."""
    name = transition.name.casefold()
    named = not name or any(word in name for word in ("dissolve", "fade", "cross", "mix"))
    return named and transition.transition_type in ("SMPTE_Dissolve", "")


def runs(items: Run) -> list[Run]:
    """Part the items of a track where no transition joins them: a clip alone, or clips with the transitions between."""
    found: list[list[PlacedClip | PlacedTransition]] = []
    for item in items:
        joins = bool(found) and (
            (isinstance(found[-1][-1], PlacedTransition) and _touches(found[-1], item))
            or (isinstance(item, PlacedTransition) and _touches(found[-1], item))
        )
        if joins:
            found[-1].append(item)
        else:
            found.append([item])
    return list(found)


def _touches(run: Run, item: PlacedClip | PlacedTransition) -> bool:
    """Say whether an item begins, or mixes, where a run ends."""
    last = run[-1]
    end = last.cut if isinstance(last, PlacedTransition) else last.record_out
    return end == (item.cut if isinstance(item, PlacedTransition) else item.record_in)


def span_of(run: Run) -> tuple[Fraction, Fraction]:
    """Give where a run begins and ends, its transitions included."""
    begins = [item.record_in for item in run]
    return min(begins), max(item.record_in + item.duration for item in run)
