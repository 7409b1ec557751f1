"""Markers of sequences and clip items, at their place in the programme.

A sequence's markers count from its first frame, a clip's frames of its media: they play at `start + (marker in - clip in)`.
Final Cut 7 repeats a media's markers on every clip cut from it, most of them outside the part that is used.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

import opentimelineio as otio

from postsync.model import Attachment, PlainMarker, to_otio_marker
from postsync.report import Report
from postsync_adapters.xmeml.cuts import Span
from postsync_adapters.xmeml.document import Element, kept, line_of, number, text
from postsync_adapters.xmeml.labels import colour_of

KNOWN = ("name", "comment", "in", "out")
CHAPTER = "<CHAPTER>"
"""What Final Cut 7 writes into the comment of a chapter marker."""


@dataclass(frozen=True)
class Found:
    """A marker with what its element held beside its text."""

    plain: PlainMarker
    rest: str = ""

    def moved(self, first: Fraction, pace: Fraction, shown: tuple[Fraction, Fraction], hung: Attachment) -> Found:
        """Give the marker of a nest where the clip of the nest shows it: `first` plays at its start, `pace` as fast."""
        at = shown[0] + (self.plain.record_in - first) / pace
        visible = self.plain.visible and shown[0] <= at < shown[1]
        length = self.plain.duration / pace
        return replace(
            self, plain=replace(self.plain, record_in=at, duration=length, visible=visible, attached_to=hung)
        )


def sequence_markers(sequence: Element, fps: Fraction, report: Report) -> list[Found]:
    """Give the markers of a sequence itself."""
    return [one for marker in sequence.iterchildren("marker") if (one := _found(marker, fps, report)) is not None]


def clip_markers(span: Span, track: str, fps: Fraction, report: Report) -> list[Found]:
    """Give the markers of an item where they play."""
    found: list[Found] = []
    for marker in span.element.iterchildren("marker"):
        one = _found(marker, span.fps, report)
        if one is None:
            continue
        at = span.start / fps + one.plain.record_in - span.first / span.fps
        visible = span.start / fps <= at < span.end / fps
        name = text(span.element, "name")
        hung = Attachment(track, name or None)
        found.append(replace(one, plain=replace(one.plain, record_in=at, visible=visible, attached_to=hung)))
    return found


def _found(marker: Element, fps: Fraction, report: Report) -> Found | None:
    frame, end = number(marker.findtext("in")), number(marker.findtext("out"))
    if frame is None:
        report.note("value-unreadable", source=line_of(marker), name="in", value=text(marker, "in"))
        return None
    colour, rgb = colour_of(marker)
    said = text(marker, "comment")
    comment = said.replace(CHAPTER, "").strip()
    plain = PlainMarker(
        record_in=frame / fps,
        duration=Fraction(0) if end is None or end <= frame else (end - frame) / fps,
        name=text(marker, "name"),
        comment=comment,
        colour=colour,
        colour_rgb=rgb,
        kind="chapter" if CHAPTER in said else "marker",
        origin=line_of(marker),
    )
    return Found(plain, kept(marker, KNOWN))


def without_repeats(found: list[Found], report: Report) -> list[Found]:
    """Give markers in order of time; the copies that linked picture and sound carry of one are noted and left out."""
    kept_ones: dict[tuple[object, ...], Found] = {}
    for one in found:
        plain = one.plain
        on_clip = plain.attached_to is not None
        key = (plain.record_in, plain.duration, plain.name, plain.comment, on_clip or plain.origin)
        there = kept_ones.get(key)
        if there is None:
            kept_ones[key] = one
            continue
        if plain.visible and not there.plain.visible:
            kept_ones[key] = one
        report.note("cue-repeated", source=plain.origin, name=plain.name or plain.comment)
    return sorted(kept_ones.values(), key=lambda one: one.plain.record_in)


def otio_marker(found: Found, fps: Fraction) -> otio.schema.Marker:
    """Make the marker of a timeline."""
    marker = to_otio_marker(found.plain, fps)
    if found.rest:
        marker.metadata["xmeml"] = {"kept": found.rest}
    return marker
