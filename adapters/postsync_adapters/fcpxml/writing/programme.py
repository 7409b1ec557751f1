"""From tracks to a programme: the first picture track is the primary storyline, everything else hangs on it.

A further picture track is a lane above, a sound track a lane below; a track with transitions gets storylines of its own in
its lane, because Final Cut has transitions nowhere else. What lies beyond the last picture hangs on a gap.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import opentimelineio as otio

from postsync.model import PlacedClip, PlacedTrack, PlacedTransition
from postsync.report import Report
from postsync_adapters.fcpxml.document import Element
from postsync_adapters.fcpxml.writing.clips import ClipMaker, Sound
from postsync_adapters.fcpxml.writing.elements import make
from postsync_adapters.fcpxml.writing.items import Item, put_at
from postsync_adapters.fcpxml.writing.linking import Links, linked
from postsync_adapters.fcpxml.writing.roles import role_of
from postsync_adapters.fcpxml.writing.storylines import ZERO, MakeClip, Run, Storyline, lay, runs, settled, span_of

BLACK = "black"
"""What our readers call a generator that shows and plays nothing."""


@dataclass
class Programme:
    """The storylines of one document while they are made. `first` is the start timecode in seconds."""

    maker: ClipMaker
    first: Fraction
    report: Report
    primary: Storyline = field(init=False)
    hung: list[Item] = field(default_factory=list)
    lanes_above: int = 0
    _begins: list[Fraction] = field(default_factory=list)
    _lines: list[tuple[Element, Storyline]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.primary = Storyline(self.maker, self.first, ZERO)

    @property
    def duration(self) -> Fraction:
        """The length of the primary storyline."""
        return self.primary.at

    def lay(self, pictures: Sequence[PlacedTrack], sounds: Sequence[PlacedTrack], end: Fraction) -> None:
        """Lay all tracks; `end` is that of the whole programme."""
        pictures, sounds = ([settled(one, self.maker.times, self.report) for one in lot] for lot in (pictures, sounds))
        links = linked(pictures, sounds)
        joined = {id(sound.placed) for found in links.values() for sound in found}
        for track in (*pictures, *sounds):
            for placed in files_of(track):
                self.maker.resources.file(placed, seen=track.kind != "audio")
        if pictures:
            lay(self.primary, without_black(pictures[0].items, self.report), "video", self._picture(links), self.report)
        self.primary.fill(max(self.maker.times.up_to_frame(end), self.primary.at, self.maker.times.frame()))
        self._begins = [item.begin for item in self.primary.items]
        for lane, track in enumerate(pictures[1:], 1):
            self._hang_track(track.items, "video", lane, self._picture(links))
        self.lanes_above = max(len(pictures) - 1, 0)
        self._hang_sounds(sounds, joined)

    def _picture(self, links: Links) -> MakeClip:
        def made(placed: PlacedClip) -> Item:
            return self.maker.picture(placed, links.get(id(placed), ()))

        return made

    def _hang_sounds(self, sounds: Sequence[PlacedTrack], joined: set[int]) -> None:
        lane = 0
        for number, track in enumerate(sounds, 1):
            items = [item for item in without_generated(track.items, self.report) if id(item) not in joined]
            lane += bool(items)
            place = number if self.maker.habits.sound_above else -lane
            self._hang_track(items, "audio", place, self._sound(track))

    def _sound(self, track: PlacedTrack) -> MakeClip:
        def made(placed: PlacedClip) -> Item:
            return self.maker.sound(Sound(placed, role_of(placed, track)))

        return made

    # ----------------------------------------------------------------------------------------------------- connecting

    def _hang_track(self, items: Run, kind: str, lane: int, make_clip: MakeClip) -> None:
        for run in runs(items):
            if len(run) == 1 and isinstance(run[0], PlacedClip):
                item = make_clip(run[0])
                self.hung.append(item)
                self.hang(item.element, item.begin, lane)
            elif any(isinstance(item, PlacedClip) for item in run):
                self._hang_storyline(run, kind, lane, make_clip)
            else:
                self.report.note("transition-not-carried", name=_name_of(run))

    def _hang_storyline(self, run: Run, kind: str, lane: int, make_clip: MakeClip) -> None:
        begin, end = span_of(run)
        if kind != "audio":
            begin, end = self.maker.times.on_frame(begin), self.maker.times.on_frame(end)
        line = Storyline(self.maker, -begin, begin)
        lay(line, run, kind, make_clip, self.report)
        line.fill(end)
        spine = make("spine")
        self.hung += line.items
        self.hang(spine, begin, lane)
        self._lines.append((spine, line))

    def host_at(self, time: Fraction) -> Item:
        """Give the item of the primary storyline that holds a time; the last one for what lies beyond it."""
        return self.primary.items[max(0, bisect_right(self._begins, time) - 1)]

    def hang(self, element: Element, time: Fraction, lane: int) -> None:
        """Connect an element to the primary storyline at a time."""
        host = self.host_at(time)
        offset = host.local(time)
        host.anchored.append((offset, put_at(element, self.maker.times.text(offset), lane)))

    def finish(self) -> Element:
        """Put all storylines together and give the primary one."""
        for spine, line in self._lines:
            line.finish(spine)
        in_lines = {id(item) for _, line in self._lines for item in line.items}
        for item in self.hung:
            if id(item) not in in_lines:
                item.finish()
        return self.primary.finish(make("spine"))


def files_of(track: PlacedTrack) -> list[PlacedClip]:
    """Give the clips of a track that play a file."""
    return [placed for placed in track.clips if generator_of(placed) is None]


def generator_of(placed: PlacedClip) -> str | None:
    """Give the kind of a generated clip; None for one that plays a file."""
    reference = placed.clip.media_reference
    return reference.generator_kind if isinstance(reference, otio.schema.GeneratorReference) else None


def without_black(items: Run, report: Report) -> list[PlacedClip | PlacedTransition]:
    """Leave the black of a primary storyline empty: that is what a gap shows, and what dissolves there begin from."""
    kept: list[PlacedClip | PlacedTransition] = []
    for item in items:
        if isinstance(item, PlacedClip) and generator_of(item) == BLACK:
            report.note("black-made-gap", where=item.clip.name, name=item.clip.name)
        else:
            kept.append(item)
    return kept


def without_generated(items: Run, report: Report) -> list[PlacedClip | PlacedTransition]:
    """Leave out sound that no file holds: black is silence, anything else is lost."""
    kept: list[PlacedClip | PlacedTransition] = []
    for item in items:
        kind = generator_of(item) if isinstance(item, PlacedClip) else None
        if kind is None or isinstance(item, PlacedTransition):
            kept.append(item)
        else:
            code = "black-made-gap" if kind == BLACK else "generator-not-carried"
            report.note(code, where=item.clip.name, name=item.clip.name)
    return kept


def _name_of(run: Run) -> str:
    return next((item.transition.name for item in run if isinstance(item, PlacedTransition)), "")
