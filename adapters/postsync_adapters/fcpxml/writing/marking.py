"""Markers, to-dos, chapters and captions, and cues as to-dos that are done once they are recorded.

A sequence has no markers of its own in this format: each hangs on the item of the primary storyline that covers its time, in
that item's local time. A marker that lay outside the used part of its clip goes back to a clip of the same name, outside it.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from postsync.cueing import Carrier, TagLevel, lay_out, one_line
from postsync.model import (
    Character,
    Cue,
    PlainMarker,
    TimelineFacts,
    character_name,
    cue_of,
    lay_without_overlaps,
    plain_marker,
    timeline_characters,
)
from postsync.report import Report
from postsync.wording import counted
from postsync_adapters.fcpxml.document import Element
from postsync_adapters.fcpxml.reading.marking import MARKER_COLOURS
from postsync_adapters.fcpxml.writing.clips import HOUR, STYLE_OF_CAPTIONS
from postsync_adapters.fcpxml.writing.elements import clean, make, with_children
from postsync_adapters.fcpxml.writing.items import Item
from postsync_adapters.fcpxml.writing.programme import Programme
from postsync_adapters.fcpxml.writing.times import Times

CARRIER = Carrier()
POINTS = Carrier(points=True)
"""For cues whose length a reader cannot tell from a point: the tag holds the out."""

LONGEST_POINT = Fraction(1, 23)
"""Up to here readers take a length for that of a point, whatever the frames."""

RECORDED = frozenset({"recorded", "selected", "cut", "approved_final"})
CAPTION_ROLE = "iTT?captionFormat=ITT.en"
POSTER_FRAMES = 11
"""Final Cut writes the poster of a chapter this many frames after it."""


@dataclass(frozen=True)
class Text:
    """What a marker element says, wherever it is put. `duration` None is a point."""

    value: str
    note: str
    kind: str
    duration: Fraction | None
    poster: str | None = None


def shortest_length(times: Times) -> Fraction:
    """Give the length up to which readers take a marker for a point: Final Cut writes a frame of whatever it sits on."""
    return max(LONGEST_POINT, times.frame())


def cue_text(cue: Cue, characters: Mapping[str, Character], facts: TimelineFacts, tags: TagLevel, times: Times) -> Text:
    """Say a cue as a marker: number, character and line in its name; line, details and tag in its note."""
    begin, end = cue.seconds_in(facts), cue.seconds_out(facts)
    length = None if end is None else end - begin
    long = length is not None and length > shortest_length(times)
    known = dict(characters)
    text = lay_out(cue, known, CARRIER if long else POINTS, tags)
    line = cue.line or ""
    plain = one_line(line) == line and bool(line) and character_name(known, cue) != ""
    # At level full the tag holds a check of name and note as they were laid out.
    value = f"{text.name}: {line}" if plain and tags != "full" and CARRIER.shown(line) == line else text.name
    done = "completed" if cue.status in RECORDED else "to-do"
    return Text(value, text.comment, done, length if long else None)


def marker_element(text: Text, start: Fraction, pace: Fraction, times: Times, where: str, report: Report) -> Element:
    """Make a marker at a local time; a point is as long as a frame."""
    duration = times.frame() if text.duration is None else text.duration / pace
    completed = {"to-do": "0", "completed": "1"}.get(text.kind)
    return make(
        "chapter-marker" if text.kind == "chapter" else "marker",
        start=times.text(start),
        duration=times.text(duration),
        value=clean(text.value, where, report),
        completed=completed,
        posterOffset=(text.poster or times.text(POSTER_FRAMES * times.frame())) if text.kind == "chapter" else None,
        note=clean(text.note, where, report) or None,
    )


@dataclass
class Marking:
    """Puts the markers of a timeline on the items of its programme."""

    programme: Programme
    facts: TimelineFacts
    tags: TagLevel
    report: Report
    characters: dict[str, Character] = field(default_factory=dict)
    _hosts: dict[str, list[tuple[Fraction, int, Item]]] = field(default_factory=dict)
    _captions: list[PlainMarker] = field(default_factory=list)
    _unsaid: dict[str, int] = field(default_factory=dict)

    @property
    def times(self) -> Times:
        """The times of the document."""
        return self.programme.maker.times

    def put(self, timeline: Any) -> None:
        """Put every marker and cue of a timeline."""
        self.characters = timeline_characters(timeline)
        for marker in timeline.tracks.markers:
            cue = cue_of(marker)
            if cue is not None:
                self._put_cue(cue)
            else:
                self._put_plain(plain_marker(marker))
        self._put_captions()
        for what, count in self._unsaid.items():
            words = counted(count, what)
            self.report.note("feature-not-carried", feature=words, format="FCPXML", count=count)

    def _put_cue(self, cue: Cue) -> None:
        at = cue.seconds_in(self.facts)
        where = cue.number or cue.uid
        text = cue_text(cue, self.characters, self.facts, self.tags, self.times)
        if at < 0:
            self.report.note("cue-outside-timeline", where=where, time=self.facts.label(cue.record_in), name=where)
        self._on(self.programme.host_at(at), at, text, where)

    def _put_plain(self, plain: PlainMarker) -> None:
        if plain.kind == "caption":
            self._captions.append(plain)
            return
        for what in ("user", "custom_data"):
            if getattr(plain, what):
                name = f"{what.replace('_', ' ')} of a marker"
                self._unsaid[name] = self._unsaid.get(name, 0) + 1
        where = plain.name or plain.comment
        host = self.programme.host_at(plain.record_in) if plain.visible else self._unused_host(plain)
        if host is None:
            self.report.note("marker-outside-clip", where=where, name=where)
            return
        if plain.visible and plain.record_in < 0:
            self.report.note("cue-outside-timeline", where=where, name=where)
        self._on(host, plain.record_in, self._text(plain, where), where)

    def _text(self, plain: PlainMarker, where: str) -> Text:
        kind = plain.kind if plain.kind in MARKER_COLOURS else "marker"
        drawn = MARKER_COLOURS[kind]
        if plain.colour is not None and plain.colour != drawn:
            self.report.note("marker-colour-changed", where=where, was=plain.colour, now=drawn)
        length = plain.duration if plain.duration > shortest_length(self.times) else None
        if plain.duration and length is None:
            self.report.note("marker-shortened", where=where, duration=f"{float(plain.duration):.4f} s")
        return Text(plain.name, plain.comment, kind, length, plain.extra.get("poster_offset"))

    def _on(self, host: Item, at: Fraction, text: Text, where: str) -> None:
        start = host.local(at)
        host.markers.append((start, marker_element(text, start, host.pace, self.times, where, self.report)))

    # ----------------------------------------------------------------------------------------------- outside their clip

    def _unused_host(self, plain: PlainMarker) -> Item | None:
        """Give the clip of the marker's own name that is nearest and does not show it."""
        if not self._hosts:
            for number, item in enumerate([*self.programme.primary.items, *self.programme.hung]):
                if item.element.tag != "gap":
                    insort(self._hosts.setdefault(item.name, []), (item.begin, number, item))
        name = plain.attached_to.clip if plain.attached_to else None
        ours = self._hosts.get(name or "", [])
        place = bisect_left(ours, (plain.record_in, -1))
        near = [item for _, _, item in ours[max(0, place - 2) : place + 2] if not item.holds(plain.record_in)]
        return min(near, key=lambda item: abs(item.begin - plain.record_in), default=None)

    # --------------------------------------------------------------------------------------------------------- captions

    def _put_captions(self) -> None:
        shown = [plain for plain in self._captions if plain.visible]
        for plain in self._captions:
            if not plain.visible:
                self.report.note("marker-outside-clip", where=plain.name, name=plain.name or plain.comment)
        spans = [(plain.record_in, plain.record_in + plain.duration) for plain in shown]
        for plain, layer in zip(shown, lay_without_overlaps(spans), strict=True):
            lane = self.programme.lanes_above + 1 + layer
            self.programme.hang(self._caption(plain), plain.record_in, lane)

    def _caption(self, plain: PlainMarker) -> Element:
        words = clean(plain.comment, plain.name, self.report)
        element = make(
            "caption",
            name=clean(plain.name, "caption", self.report) or None,
            start=self.times.text(HOUR),
            duration=self.times.text(plain.duration),
            enabled="0" if plain.extra.get("enabled") is False else None,
            role=str(plain.extra.get("role") or CAPTION_ROLE),
        )
        return with_children(element, *self.programme.maker.text(words, STYLE_OF_CAPTIONS, plain.extra.get("runs", ())))
