"""The walk over the story elements of a sequence: what is seen, what sounds and what is marked, at programme times.

Positions are given in the local time of the parent; what is contained is cut to its container, what is connected is not and
runs in the time of the storyline, untouched by its parent's conforming. Audition, multicam and sync clips show only what is
switched on in them. The rules were measured against the timecodes that Final Cut shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from postsync.errors import FormatError
from postsync.report import Report
from postsync_adapters.fcpxml.document import Asset, Element, Resources
from postsync_adapters.fcpxml.reading.attributes import (
    ANCHORABLE,
    CHANNEL_SOURCES,
    CLIPS,
    CONTAINERS,
    NESTS,
    STORY,
    begin_of,
    conform_of,
    heard_of,
    is_contained,
    lane_of,
    length_of,
    retime_of,
    start_of,
    time_of,
)
from postsync_adapters.fcpxml.reading.marking import MARKERS, take_caption, take_markers
from postsync_adapters.fcpxml.reading.nesting import anchored_scene, content_scenes, opened
from postsync_adapters.fcpxml.reading.picturing import (
    folded,
    holds_picture,
    is_seen,
    media_inside,
    picture_of,
    within,
)
from postsync_adapters.fcpxml.reading.scene import Dissolve, Host, Picture, Playing, Scene, Seen, Story
from postsync_adapters.fcpxml.reading.sounding import (
    components_of,
    in_programme,
    is_plain,
    is_untouched,
    plain_component,
)
from postsync_adapters.fcpxml.time import FOREVER, ONE, ZERO, Clock, clock_from, near_seconds, plus, share

MOST_UNFOLDED = 100_000
"""Items reached through compound and multicam clips. Those inside each other unfold without end; no programme does."""

PLAIN = frozenset(
    {
        "note", "conform-rate", "timeMap", "metadata", "keyword", "rating", "analysis-marker", "hidden-clip-marker",
        "audio-role-source", "audio-aux-source", "sync-source", "mc-source", "text", "text-style-def", "param", "mute",
        "reserved", "object-tracker", "bookmark", "locator", "data", *CHANNEL_SOURCES,
    }
)  # fmt: skip
"""Elements that are read elsewhere or say nothing of sync; those named `adjust-` and `filter-` are of their kind."""

TRANSITION_START = Fraction(3600)
"""Markers of a transition count from here, whatever its place."""

_FILES = frozenset({"asset-clip", "audio", "video"})
_LISTED = ("marker", "chapter-marker", "caption", "ref-clip", "mc-clip", "transition", "spine")
_NOTHING: dict[str, Element] = {}


def walk_sequence(
    sequence: Element,
    resources: Resources,
    report: Report,
    path: str,
    speed: Fraction,
    first: Fraction,
    *,
    keep_hosts: bool = False,
) -> Story:
    """Walk the primary storyline of a sequence and everything that hangs on it; `first` is its start timecode."""
    walk = Walk(resources, report, keep_hosts)
    scene = walk.scene(path, speed, first)
    for spine in sequence.iterchildren("spine"):
        walk.storyline(spine, scene)
    return walk.story


def walk_clip(
    clip: Element, resources: Resources, report: Report, path: str, speed: Fraction, first: Fraction
) -> Story:
    """Walk one clip that stands in no sequence, as if it were laid at its own first time."""
    walk = Walk(resources, report, False)
    walk.item(clip, clip.tag, walk.scene(path, speed, first), first, False)
    return walk.story


class Walk:
    """One walk: the resources, the report and what has been found so far."""

    def __init__(self, resources: Resources, report: Report, keep_hosts: bool) -> None:
        self.resources = resources
        self.report = report
        self.story = Story(hosts=[] if keep_hosts else None)
        self._unfolded = 0
        self._storylines = 0
        self._told: set[str] = set()

    def scene(self, path: str, speed: Fraction, first: Fraction) -> Scene:
        """Give the scene of the programme itself, which counts from its first frame."""
        return Scene(Clock(-first if first else ZERO, ONE), ONE, speed, path, self.story.seen)

    # ------------------------------------------------------------------------------------------------- story items

    def storyline(self, spine: Element, scene: Scene) -> None:
        """Walk the items of a spine or an angle."""
        self._storylines += 1
        scene = scene._replace(storyline=self._storylines)
        before: Element | None = None
        following: Fraction | None = None
        for element in spine:
            tag = element.tag
            if tag not in STORY:
                self._note_unknown(tag, element, scene)
                continue
            if tag == "transition":
                # It joins what stands before it to what stands behind, wherever it begins and ends.
                behind = self._behind(before, following, scene)
                self._transition(element, scene, self._first_after(element) if behind is None else behind)
                continue
            following = None if element.get("offset") else self._behind(before, following, scene)
            if scene.chain and self._is_aside(element, scene):
                before = element
                continue
            self.item(element, tag, scene, following, False)
            if tag != "caption":
                before = element

    def _is_aside(self, element: Element, scene: Scene) -> bool:
        """Say whether an item of an opened clip lies outside what is used of it, and carries nothing that is listed.

        A day's multicam is used in hundreds of cuts, each of which would go over all of it.
        """
        offset, length = (time_of(element, name, None, self.report) for name in ("offset", "duration"))
        if offset is None or length is None or element.get("audioStart") or len(element) > 200:
            return False
        span = scene.clock.window(offset, offset + length)
        if share(span, scene.picture) or share(span, scene.sound):
            return False
        connected = any(child.get("lane") is not None for child in element)
        return not connected and next(element.iter(*_LISTED), None) is None

    def _behind(self, element: Element | None, following: Fraction | None, scene: Scene) -> Fraction | None:
        """Give the place behind an item of a storyline, for scripts that leave offsets out."""
        if element is None:
            return None
        timed = element
        if element.tag == "audition":
            timed = next((child for child in element if child.tag in CLIPS), element)
        stated = (time_of(one, "offset", None, self.report) for one in (element, timed))
        offset = next((one for one in stated if one is not None), following or ZERO)
        return offset + length_of(timed, self.resources, scene.path)

    def _first_after(self, transition: Element) -> Fraction | None:
        """Give where the item behind the transition at the head of a storyline begins."""
        item = next((one for one in transition.itersiblings() if one.tag in STORY), None)
        return None if item is None else time_of(item, "offset", None, self.report)

    def item(self, element: Element, tag: str, scene: Scene, following: Fraction | None, anchored: bool) -> None:
        """Walk one story element and all that it holds; `following` is its place where it states none."""
        if scene.chain:
            self._unfolded += 1
            if self._unfolded > MOST_UNFOLDED:
                place = f"line {element.sourceline}"
                raise FormatError(f"compound clips unfold to more than {MOST_UNFOLDED} items", place=place)
        if tag in CLIPS:
            self._clip(self._host(element, tag, scene, following, anchored))
        elif tag == "transition":
            self._transition(element, scene, None)
        elif tag == "audition":
            self._audition(element, scene, following, anchored)
        elif tag == "spine":
            self._secondary(element, scene, anchored)
        else:
            take_caption(self._host(element, tag, scene, following, anchored), self.story)

    def _host(self, element: Element, tag: str, scene: Scene, following: Fraction | None, anchored: bool) -> Host:
        report, resources, get = self.report, self.resources, element.get
        children: Sequence[tuple[str, Element]] = ()
        parts = _NOTHING
        if len(element):
            children = [(child.tag, child) for child in element]
            parts = dict(reversed(children))
        start = near_seconds(get("start") or "")
        if start is None:
            start = start_of(element, resources)
        length = near_seconds(get("duration") or "")
        if length is None:
            length = length_of(element, resources, scene.path)
        pace = scene.pace if anchored else scene.clock.pace
        begin = begin_of(element, scene.clock, following or ZERO, report)
        end = plus(begin, length if pace is ONE else length * pace)
        span = (begin, end)
        if length.numerator < 0 or pace.numerator < 0:
            span = (min(span), max(span))
        factor = conform_of(parts, scene, report) if "conform-rate" in parts else ONE
        inner_pace = pace if factor is ONE else pace * factor
        split = get("audioStart") is not None or get("audioDuration") is not None
        heard = heard_of(element, clock_from(begin, start, inner_pace), span, pace, report) if split else span
        lane, rank = lane_of(element, scene, anchored) if anchored else (scene.lane, scene.rank)
        retime = retime_of(parts, report) if "timeMap" in parts else None
        enabled = scene.enabled and get("enabled") != "0"
        name = get("name") or ""
        # Past the tuple's own constructor, which takes five times as long: every element makes one.
        host: Host = tuple.__new__(
            Host,
            (element, tag, name, children, parts, scene, begin, start, inner_pace, span, heard, retime, enabled, lane,
             rank),
        )  # fmt: skip
        if self.story.hosts is not None and not scene.chain:
            self.story.hosts.append(host)
        return host

    def _note_unknown(self, tag: str, element: Element, scene: Scene) -> None:
        if tag in self._told:
            return
        self._told.add(tag)
        if not (tag in PLAIN or tag in MARKERS or tag.startswith(("adjust-", "filter-"))):
            self.report.note("element-ignored", source=f"{scene.path} (line {element.sourceline})", name=tag)

    # --------------------------------------------------------------------------------------------- kinds of element

    def _transition(self, element: Element, scene: Scene, behind: Fraction | None) -> None:
        offset = time_of(element, "offset", ZERO, self.report) or ZERO
        length = time_of(element, "duration", ZERO, self.report) or ZERO
        children = [(child.tag, child) for child in element]
        parts = dict(reversed(children))
        begin, span = scene.clock.programme(offset), scene.clock.window(offset, offset + length)
        sounds, shows = "filter-audio" in parts, "filter-video" in parts or "filter-audio" not in parts
        path = f"{scene.path} / transition (line {element.sourceline})"
        name = element.get("name") or ""
        cut = None if behind is None else scene.clock.programme(behind)
        dissolve = Dissolve(scene.rank, scene.storyline, name, span, sounds, shows, path, cut)
        if scene.seen is not None and shows:
            scene.seen.dissolves.append(dissolve)
        if scene.sounding and sounds:
            self.story.crossings.append(dissolve)
        clock = clock_from(begin, TRANSITION_START, scene.clock.pace)
        always = scene._replace(picture=FOREVER)
        host = Host(
            element, "transition", name, children, parts, always, clock.origin, ZERO, clock.pace, FOREVER, FOREVER,
            None, scene.enabled, scene.lane, scene.rank,
        )  # fmt: skip
        if self.story.hosts is not None and not scene.chain:
            self.story.hosts.append(host._replace(span=span))
        take_markers(host, None, self.story, self.report)

    def _audition(self, element: Element, scene: Scene, following: Fraction | None, anchored: bool) -> None:
        """Walk the first alternative, which is the active one, and the others only for their markers."""
        offset = time_of(element, "offset", following, self.report)
        inner = scene
        if anchored:
            lane, rank = lane_of(element, scene, anchored)
            inner = inner._replace(lane=lane, rank=rank)
        for child in element:
            if child.tag in CLIPS:
                self.item(child, child.tag, inner, offset, anchored)
                inner = inner._replace(active=False, seen=None, sounding=False)

    def _secondary(self, spine: Element, scene: Scene, anchored: bool) -> None:
        """Walk a spine that hangs on a clip or fills a container; its items count from its own offset."""
        offset = time_of(spine, "offset", None, self.report)
        inner = scene
        if anchored or offset is not None:
            pace = scene.pace if anchored else scene.clock.pace
            lane, rank = lane_of(spine, scene, anchored)
            inner = scene._replace(clock=Clock(scene.clock.programme(offset or ZERO), pace), lane=lane, rank=rank)
        self.storyline(spine, inner)

    def _clip(self, host: Host) -> None:
        asset = self._asset(host)
        tag = host.tag
        if not MARKERS.isdisjoint(host.parts):
            source = media_inside(host, self.resources) if tag in CONTAINERS else asset
            take_markers(host, source, self.story, self.report)
        if asset is not None and is_plain(host):
            self._plain(host, asset)
            if host.children:
                self._children(host, None)
            return
        inner = self._show(host, asset)
        if tag == "asset-clip" or tag == "audio":
            self.story.components.extend(components_of(host, asset, self.resources))
        elif tag in NESTS:
            for spine, scene in opened(host, self.resources, inner):
                self.storyline(spine, scene)
        if host.children:
            self._children(host, inner)
        if inner is not None:
            self._fold(host, inner)

    def _asset(self, host: Host) -> Asset | None:
        """Give the file that an element plays; a `video` may also show a generator, which is an effect."""
        if host.tag not in _FILES:
            return None
        ref = host.element.get("ref")
        known = self.resources.known.get(ref)
        if known is not None:
            return known
        if ref in self.resources.assets:
            return self.resources.asset(ref, "")
        return self.resources.asset(ref, host.path) if host.tag == "asset-clip" else None

    def _plain(self, host: Host, asset: Asset) -> None:
        """Take a file that plays as it is, as most clips do, by what holds for all of them; its sound may be set."""
        scene, seen = host.scene, host.scene.seen
        playing: Playing = tuple.__new__(Playing, (host.start, ONE, ()))
        if seen is not None and (asset.has_video or not asset.has_audio):
            seen.pictures.append(tuple.__new__(Picture, (host, host.span, asset, playing, None, None)))
        if not (scene.sounding and asset.has_audio):
            return
        if is_untouched(host):
            self.story.components.append(plain_component(host, asset))
        else:
            self.story.components.extend(components_of(host, asset, self.resources))

    def _children(self, host: Host, inner: Seen | None) -> None:
        """Walk what a clip contains and what hangs on it."""
        connected: Scene | None = None
        contents: list[Scene] | None = None
        for tag, child in host.children:
            if tag in self._told:
                continue
            if tag not in ANCHORABLE:
                self._note_unknown(tag, child, host.scene)
            elif is_contained(host.tag, tag, child):
                contents = content_scenes(host, inner) if contents is None else contents
                for scene in contents:
                    self.item(child, tag, scene, None, False)
            else:
                connected = anchored_scene(host) if connected is None else connected
                scene = connected
                if tag == "audio":
                    scene = connected._replace(sources=host.scene.sources, switch=host.scene.switch)
                self.item(child, tag, scene, None, True)

    # ----------------------------------------------------------------------------------------------------- pictures

    def _show(self, host: Host, asset: Asset | None) -> Seen | None:
        """Take what an element shows; where that is found by walking into it, give what is to be filled by that."""
        seen = host.scene.seen
        if seen is None or not is_seen(host, asset):
            return None
        span = in_programme(within(host.span, host), host, self.resources)
        if span is None:
            return None
        picture = picture_of(host, asset, span, self.resources)
        if picture is not None:
            seen.pictures.append(picture)
            return None
        return None if host.tag in CONTAINERS and not holds_picture(host.element) else Seen()

    def _fold(self, host: Host, inner: Seen) -> None:
        span = within(host.span, host)
        kept = None if span is None else (max(span[0], ZERO), span[1])
        picture = None if kept is None else folded(host, kept, inner, self.resources)
        if picture is not None and host.scene.seen is not None:
            host.scene.seen.pictures.append(picture)
