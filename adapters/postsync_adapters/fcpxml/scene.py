"""The records of the walk: where story elements stand, what they are, and what was found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from postsync.model import PlainMarker
from postsync_adapters.fcpxml.document import Asset, Element
from postsync_adapters.fcpxml.sound import Component, Level, Switch
from postsync_adapters.fcpxml.time import FOREVER, ONE, Clock, TimeMap, Window


@dataclass(frozen=True)
class Scene:
    """Where story elements stand: the clock of their parent and what holds for everything below it.

    `pace` is that of the storyline that connected items run in. `picture` and `sound` are the parts of the programme that
    the containers around show and let be heard. `connected` are the role settings of a sync clip for what hangs on its
    storyline, `switch` those that hold here, `switches` those of the containers further out.
    """

    clock: Clock
    pace: Fraction
    speed: Fraction
    path: str
    picture: Window = FOREVER
    sound: Window = FOREVER
    enabled: bool = True
    active: bool = True
    showing: bool = True
    sounding: bool = True
    rank: int = 0
    lane: int | None = None
    offset: Fraction | None = None
    chain: tuple[Element, ...] = ()
    levels: tuple[Level, ...] = ()
    sources: tuple[Element, ...] = ()
    switch: Switch = ()
    connected: Switch = ()
    switches: tuple[Switch, ...] = ()


@dataclass(frozen=True)
class Host:
    """One story element at its place. `span` is its part of the programme, `heard` that of its sound (split edits)."""

    element: Element
    scene: Scene
    clock: Clock
    start: Fraction
    span: Window
    heard: Window
    retime: TimeMap | None
    enabled: bool
    lane: int | None
    rank: int

    @property
    def tag(self) -> str:
        """What it is."""
        return str(self.element.tag)

    @property
    def name(self) -> str:
        """What people call it."""
        return str(self.element.get("name") or "")

    @property
    def path(self) -> str:
        """Where it stands in the document."""
        return f"{self.scene.path} / {self.tag} {self.name!r} (line {self.element.sourceline})"

    def original(self, local: Fraction) -> Fraction:
        """Give the time before retiming of a local time."""
        return local if self.retime is None else self.retime.value(local)


@dataclass(frozen=True)
class Playing:
    """How the media of an element runs under it: the place where it begins, its speed, and where that changes."""

    source_start: Fraction
    speed: Fraction
    retime: tuple[tuple[Fraction, Fraction], ...] = ()


@dataclass(frozen=True)
class Picture:
    """One thing seen: an item of a storyline or a connected one, compound clips as a whole."""

    host: Host
    span: Window
    asset: Asset | None
    playing: Playing
    text: str | None = None


@dataclass(frozen=True)
class Dissolve:
    """A transition on the storyline of a rank. `sounds` where it crosses the sound too."""

    rank: int
    name: str
    span: Window
    sounds: bool
    path: str


@dataclass
class Story:
    """What a walk found, in programme seconds that include the start timecode."""

    pictures: list[Picture] = field(default_factory=list)
    components: list[Component] = field(default_factory=list)
    dissolves: list[Dissolve] = field(default_factory=list)
    markers: dict[tuple[Any, ...], PlainMarker] = field(default_factory=dict)


def media_playing(
    local_to_media: Callable[[Fraction], Fraction],
    clock: Clock,
    retime: TimeMap | None,
    span: Window,
    media_start: Fraction,
) -> Playing:
    """Say how media runs over a programme span; `local_to_media` takes local time, retiming included."""
    duration = span[1] - span[0]
    first, last = local_to_media(clock.local(span[0])), local_to_media(clock.local(span[1]))
    speed = (last - first) / duration if duration else ONE
    if retime is None:
        return Playing(first, speed)
    low, high = sorted((clock.local(span[0]), clock.local(span[1])))
    if retime.is_steady(low, high):
        return Playing(first, speed)
    turns = sorted(clock.programme(time) for time in retime.times_within(low, high))
    times = [span[0], *turns, span[1]]
    points = tuple((at - span[0], local_to_media(clock.local(at)) - media_start) for at in times)
    return Playing(first, speed, points)
