"""One story element in the making: where it stands, its local time, and what hangs on it.

Children come in an order that the DTD fixes, but they are found in any: what hangs on an item and its markers are kept apart
until the document is put together, then sorted by time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from postsync_adapters.fcpxml.document import Element
from postsync_adapters.fcpxml.time import ONE

Timed = tuple[Fraction, Element]


@dataclass
class Item:
    """A story element from `begin` to `end` in seconds from the programme's first frame, showing `start` at its begin."""

    element: Element
    begin: Fraction
    end: Fraction
    start: Fraction
    pace: Fraction = ONE
    name: str = ""
    tail: list[Element] = field(default_factory=list)
    anchored: list[Timed] = field(default_factory=list)
    markers: list[Timed] = field(default_factory=list)

    def local(self, time: Fraction) -> Fraction:
        """Give the local time at a time of the programme."""
        return self.start + (time - self.begin) / self.pace

    def holds(self, time: Fraction) -> bool:
        """Say whether a time is inside; the end is not."""
        return self.begin <= time < self.end

    def finish(self) -> Element:
        """Put the children in their order and give the element."""
        for hung in (self.anchored, self.markers):
            self.element.extend([element for _, element in sorted(hung, key=lambda one: one[0])])
        self.element.extend(self.tail)
        return self.element


def put_at(element: Element, offset: str, lane: int | None = None) -> Element:
    """Give an element its place among its attributes, where people look for it: behind what it refers to."""
    attributes = dict(element.attrib)
    head = {name: attributes.pop(name) for name in ("ref",) if name in attributes}
    if lane is not None:
        head["lane"] = str(lane)
    element.attrib.clear()
    element.attrib.update({**head, "offset": offset, **attributes})
    return element
