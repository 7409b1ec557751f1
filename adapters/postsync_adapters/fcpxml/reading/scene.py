"""The records of the walk: where story elements stand, what they are, and what was found.

They are named tuples where one is made for every element: documents hold tens of thousands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, NamedTuple

from postsync.model import PlainMarker
from postsync_adapters.fcpxml.document import Asset, Element
from postsync_adapters.fcpxml.reading.levels import Level
from postsync_adapters.fcpxml.reading.roles import Switch
from postsync_adapters.fcpxml.time import FOREVER, ONE, ZERO, Clock, TimeMap, Window, clock_from, plus, precedes

Parts = Mapping[str, Element]
"""The first child of an element for each tag."""


@dataclass(frozen=True)
class Seen:
    """What one level of the programme shows: its sequence, or a compound clip that is opened."""

    pictures: list[Picture] = field(default_factory=list)
    dissolves: list[Dissolve] = field(default_factory=list)


class Scene(NamedTuple):
    """Where story elements stand: the clock of their parent and what holds for everything below it.

    `pace` is that of the storyline that connected items run in. `picture` and `sound` are the parts of the programme that
    the containers around show and let be heard; `seen` takes what is shown, None where nothing is. `connected` are the role
    settings of a sync clip for what hangs on its storyline, `switch` those that hold here, `switches` those of the
    containers further out. `storyline` tells storylines apart: a transition joins only clips of one.
    """

    clock: Clock
    pace: Fraction
    speed: Fraction
    path: str
    seen: Seen | None
    picture: Window = FOREVER
    sound: Window = FOREVER
    enabled: bool = True
    active: bool = True
    sounding: bool = True
    rank: int = 0
    lane: int | None = None
    storyline: int = 0
    chain: tuple[Element, ...] = ()
    levels: tuple[Level, ...] = ()
    sources: tuple[Element, ...] = ()
    switch: Switch = ()
    connected: Switch = ()
    switches: tuple[Switch, ...] = ()


class Host(NamedTuple):
    """One story element at its place. `span` is its part of the programme, `heard` that of its sound (split edits).

    Its local time is `start` at the programme time `begin` and runs at `pace` programme seconds per local second.
    `children` are its child elements with their tags, `parts` the first of each tag.
    """

    element: Element
    tag: str
    name: str
    children: Sequence[tuple[str, Element]]
    parts: Parts
    scene: Scene
    begin: Fraction
    start: Fraction
    pace: Fraction
    span: Window
    heard: Window
    retime: TimeMap | None
    enabled: bool
    lane: int | None
    rank: int

    @property
    def clock(self) -> Clock:
        """Its local time."""
        return clock_from(self.begin, self.start, self.pace)

    @property
    def path(self) -> str:
        """Where it stands in the document."""
        return f"{self.scene.path} / {self.tag} {self.name!r} (line {self.element.sourceline})"

    def original(self, local: Fraction) -> Fraction:
        """Give the time before retiming of a local time."""
        return local if self.retime is None else self.retime.value(local)

    def named(self, tag: str) -> list[Element]:
        """Give all children of one tag."""
        return [child for kind, child in self.children if kind == tag] if tag in self.parts else []


class Playing(NamedTuple):
    """How the media of an element runs under it: the place where it begins, its speed, and where that changes."""

    source_start: Fraction
    speed: Fraction
    retime: tuple[tuple[Fraction, Fraction], ...] = ()


class Picture(NamedTuple):
    """One thing seen: an item of a storyline or a connected one.

    `inner` is what a compound or multicam clip shows where that is more than one whole file.
    """

    host: Host
    span: Window
    asset: Asset | None
    playing: Playing
    text: str | None = None
    inner: Seen | None = None


class Dissolve(NamedTuple):
    """A transition on a storyline. `sounds` where it crosses the sound too, `shows` where it crosses the picture.

    `cut` is where the item before it ends, or, at the head of a storyline, the one behind it begins.
    """

    rank: int
    storyline: int
    name: str
    span: Window
    sounds: bool
    shows: bool
    path: str
    cut: Fraction | None = None


class Component(NamedTuple):
    """One thing that sounds: a file, its channels, and where it plays. `source_start` is in the media's timecode."""

    record_in: Fraction
    record_out: Fraction
    source_start: Fraction
    asset: Asset | None
    name: str
    role: str
    channels: tuple[int, ...] | None
    enabled: bool
    lane: int | None
    host: Host
    speed: Fraction = ONE
    retime: tuple[tuple[Fraction, Fraction], ...] = ()
    levels: Mapping[str, Any] = {}


@dataclass
class Story:
    """What a walk found, in programme seconds that include the start timecode. `hosts` holds every element if asked for."""

    seen: Seen = field(default_factory=Seen)
    components: list[Component] = field(default_factory=list)
    crossings: list[Dissolve] = field(default_factory=list)
    markers: dict[tuple[Any, ...], PlainMarker] = field(default_factory=dict)
    hosts: list[Host] | None = None


def playing_of(host: Host, span: Window, media_start: Fraction, later: Fraction = ZERO) -> Playing:
    """Say how a file runs over a programme span; its time is the element's own before retiming, or so much `later`.

    In the common cases without arithmetic.
    """
    pace = host.pace
    if host.retime is not None or (pace is not ONE and (pace.numerator <= 0 or span[0] == span[1])):
        return _retimed(host, span, media_start, later)
    start = host.start if span[0] is host.span[0] else host.clock.local(span[0])
    begin = start if later is ZERO else plus(later, start)
    playing: Playing = tuple.__new__(Playing, (begin, ONE if pace is ONE else 1 / pace, ()))
    return playing


def _retimed(host: Host, span: Window, media_start: Fraction, later: Fraction) -> Playing:
    clock, retime = host.clock, host.retime
    duration = span[1] - span[0]
    begin, end = clock.local(span[0]), clock.local(span[1])
    first, last = later + host.original(begin), later + host.original(end)
    speed = (last - first) / duration if duration else ONE
    low, high = (end, begin) if precedes(end, begin) else (begin, end)
    if retime is None or retime.is_steady(low, high):
        if speed >= 0:
            return Playing(first, speed)
        # What is used begins at its lowest moment, as everywhere; the map says that it is played last.
        return Playing(last, speed, ((ZERO, first - media_start), (duration, last - media_start)))
    turns = sorted(clock.programme(time) for time in retime.times_within(low, high))
    times = [span[0], *turns, span[1]]
    points = tuple((at - span[0], later + host.original(clock.local(at)) - media_start) for at in times)
    return Playing(first, speed, points)
