"""Where the items of a track lie: edges that hide under transitions, and the cut that each transition covers.

A clip's `start` or `end` of -1 is that of the transition beside it; clips then overlap by the transition. Here each clip ends
at the cut, and the transition says how far it reaches to either side. A transition with a clip on one side alone is a fade:
the clip is all of it (Final Cut 7 writes one at the head of a track with its middle as the cut, which nothing plays).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from postsync_adapters.xmeml.document import Document, Element, number, rate_of, text

TICKS = 254_016_000_000
"""Premiere's units in a second."""

UNSTATED = Fraction(-1)
LAST = 10**9
"""No sequence has more frames; above, a number means nothing."""

ITEMS = ("clipitem", "generatoritem")


@dataclass
class Span:
    """An item of a track in frames of its sequence: `start` and `end` with what transitions show of it, `cut_in` and
    `cut_out` without. `first` and `last` are its in and out points in frames of its own rate."""

    element: Element
    start: Fraction
    end: Fraction
    first: Fraction
    last: Fraction
    fps: Fraction
    hidden_start: bool = False
    hidden_end: bool = False
    cut_in: Fraction = Fraction(0)
    cut_out: Fraction = Fraction(0)


@dataclass
class Mix:
    """A transition in frames of its sequence; `left` and `right` are the clips that it joins."""

    element: Element
    start: Fraction
    end: Fraction
    cut: Fraction
    left: Span | None = None
    right: Span | None = None


def lay_out(track: Element, fps: Fraction, document: Document) -> tuple[list[Span], list[Mix]]:
    """Give the items and transitions of a track of a sequence that runs at `fps`."""
    rows: list[Span | Mix] = []
    for element in track:
        if element.tag == "transitionitem":
            rows.append(_mix(element, fps))
        elif element.tag in ITEMS and (whole := document.resolved(element)) is not None:
            rows.append(_span(whole, fps))
    spans = [row for row in rows if isinstance(row, Span)]
    for place, row in enumerate(rows):
        if isinstance(row, Span):
            before = rows[place - 1] if place else None
            after = rows[place + 1] if place + 1 < len(rows) else None
            _settle(row, before, after, fps)
    for place, row in enumerate(rows):
        if isinstance(row, Mix):
            before = rows[place - 1] if place else None
            after = rows[place + 1] if place + 1 < len(rows) else None
            _join(row, before, after)
    return spans, [row for row in rows if isinstance(row, Mix)]


def _frame(element: Element, name: str) -> Fraction:
    found = number(element.findtext(name))
    return UNSTATED if found is None or found < 0 or found > LAST else found


def _span(element: Element, fps: Fraction) -> Span:
    first, last = _frame(element, "in"), _frame(element, "out")
    own = rate_of(element) or fps
    duration = number(element.findtext("duration")) or Fraction(0)
    first = max(first, Fraction(0)) if first == UNSTATED else first
    last = first + duration if last == UNSTATED else last
    return Span(element, _frame(element, "start"), _frame(element, "end"), first, last, own)


def _mix(element: Element, fps: Fraction) -> Mix:
    start, end = _frame(element, "start"), _frame(element, "end")
    return Mix(element, start, end, _stated_cut(element, start, end, fps))


def _stated_cut(element: Element, start: Fraction, end: Fraction, fps: Fraction) -> Fraction:
    """Give where a transition says its cut is: Premiere in ticks from its start, others by its alignment."""
    ticks = number(element.findtext("cutPointTicks"))
    alignment = text(element, "alignment").lower()
    if ticks is not None:
        frame = ticks * fps / TICKS
        nearest = Fraction(round(frame))
        frame = nearest if abs(frame - nearest) < Fraction(1, 1000) else frame
        return min(max(start + frame, start), end)
    if alignment.startswith("start"):
        return start
    return end if alignment.startswith("end") else Fraction((start + end) // 2)


def _settle(span: Span, before: Span | Mix | None, after: Span | Mix | None, fps: Fraction) -> None:
    """Replace edges of -1 by those of the neighbours."""
    span.hidden_start, span.hidden_end = span.start < 0, span.end < 0
    length = Fraction(round((span.last - span.first) * fps / span.fps))
    if span.hidden_start and isinstance(before, Mix):
        span.start = before.start
    elif span.hidden_start and span.end >= 0:
        span.start = max(span.end - length, Fraction(0))
    elif span.hidden_start:
        span.start = before.end if isinstance(before, Span) else Fraction(0)
    if span.hidden_end:
        span.end = after.end if isinstance(after, Mix) else span.start + length
    span.start = max(span.start, Fraction(0))
    span.end = max(span.end, span.start)
    span.cut_in, span.cut_out = span.start, span.end


def _join(mix: Mix, before: Span | Mix | None, after: Span | Mix | None) -> None:
    """Find the cut of a transition and end the clips beside it there."""
    left = before if isinstance(before, Span) and mix.start <= before.end <= mix.end else None
    right = after if isinstance(after, Span) and mix.start <= after.start <= mix.end else None
    mix.left, mix.right = left, right
    if left is not None and right is not None:
        edges = {
            edge for edge, hidden in ((left.end, left.hidden_end), (right.start, right.hidden_start)) if not hidden
        }
        mix.cut = edges.pop() if len(edges) == 1 else mix.cut
        left.cut_out = max(min(left.end, mix.cut), left.cut_in)
        right.cut_in = min(max(right.start, mix.cut), right.end)
    elif left is not None:
        mix.cut = left.end
    elif right is not None:
        mix.cut = right.start
