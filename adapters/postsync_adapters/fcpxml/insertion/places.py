"""The items of the primary storyline of an existing document, and the one that holds a time.

An item may be a clip, a compound or multicam clip, conformed or retimed: its own clock says which of its local times stands at
a moment of the programme. Holes, and what lies beyond the last item, get a gap.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from fractions import Fraction

from postsync.report import Report
from postsync_adapters.fcpxml.document import Element
from postsync_adapters.fcpxml.insertion.document import Existing, put, put_before
from postsync_adapters.fcpxml.reading.scene import Host
from postsync_adapters.fcpxml.time import ONE, Clock, Window, clock_from, seconds
from postsync_adapters.fcpxml.writing.clips import HOUR
from postsync_adapters.fcpxml.writing.elements import make
from postsync_adapters.fcpxml.writing.times import Times


@dataclass(frozen=True)
class Place:
    """One item of the storyline in the tree that is changed; `span` in seconds from the first frame."""

    element: Element
    span: Window
    clock: Clock

    def holds(self, time: Fraction) -> bool:
        """Say whether a time is inside it."""
        return self.span[0] <= time < self.span[1]

    def put(self, child: Element) -> None:
        """Put a child into it."""
        put(self.element, child)


@dataclass
class Places:
    """The storyline of one sequence, in order of time."""

    document: Existing
    sequence: Element
    times: Times
    report: Report
    items: list[Place] = field(default_factory=list)
    needed: Fraction = Fraction(0)
    """How far the programme must reach for all that goes in."""

    @classmethod
    def of(cls, document: Existing, sequence: Element, hosts: list[Host], times: Times, report: Report) -> Places:
        """Find the items among all elements of a walk: those that stand in the spine itself."""
        spine = sequence.find("spine")
        items = [
            Place(document.twin(host.element), host.span, host.clock)
            for host in hosts
            if host.tag != "transition" and host.scene.active and _stands_in(host.element, spine)
        ]
        return cls(document, document.twin(sequence), times, report, sorted(items, key=lambda one: one.span))

    def at(self, time: Fraction, length: Fraction) -> Place:
        """Give the item that holds a time; what is empty there is filled with a gap long enough for `length`."""
        index = bisect_right([item.span[0] for item in self.items], time) - 1
        near = self.items[max(index, 0)] if self.items else None
        if near is not None and not near.holds(time):
            # Scripts lay clips over each other.
            near = next((item for item in self.items if item.holds(time)), near)
        if near is not None and (near.holds(time) or time < 0):
            return near
        begin = self.items[index].span[1] if index >= 0 else Fraction(0)
        following = self.items[index + 1].span[0] if index + 1 < len(self.items) else None
        reach = max(self.needed, time + max(length, self.times.frame()))
        return self._filled(index, begin, self.times.up_to_frame(reach) if following is None else following)

    @property
    def start(self) -> Fraction:
        """The timecode of the first frame, which offsets of items count in."""
        return seconds(self.sequence.get("tcStart") or "0s") or Fraction(0)

    def _filled(self, index: int, begin: Fraction, end: Fraction) -> Place:
        text = self.times.text
        gap = make("gap", name="Gap", offset=text(self.start + begin), start=text(HOUR), duration=text(end - begin))
        spine = self.sequence.find("spine")
        place = spine.index(self._child_of(spine, self.items[index].element)) + 1 if index >= 0 else 0
        put_before(spine, gap, place)
        made = Place(gap, (begin, end), clock_from(begin, HOUR, ONE))
        self.items.insert(index + 1, made)
        self.report.note(
            "storyline-extended", where=self.sequence.getparent().get("name") or "", name=text(self.start + begin)
        )
        self._lengthen(end)
        return made

    @staticmethod
    def _child_of(spine: Element, element: Element) -> Element:
        """Give the item of the spine that an element is, or is an alternative of."""
        return element if element.getparent() is spine else element.getparent()

    def _lengthen(self, end: Fraction) -> None:
        """Let the sequence be as long as its storyline now is."""
        stated = seconds(self.sequence.get("duration") or "")
        if stated is not None and stated < end:
            self.sequence.set("duration", self.times.text(end))


def _stands_in(element: Element, spine: Element) -> bool:
    """Say whether an element is an item of a spine, or the active alternative of an audition there."""
    parent = element.getparent()
    return parent is spine or (parent is not None and parent.tag == "audition" and parent.getparent() is spine)
