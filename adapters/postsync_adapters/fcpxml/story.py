"""The walk over the story elements of a sequence: what is seen, what sounds and what is marked, at programme times.

Positions are given in the local time of the parent; what is contained is cut to its container, what is connected is not and
runs in the time of the storyline, untouched by its parent's conforming. Audition, multicam and sync clips show only what is
switched on in them. The rules were measured against the timecodes that Final Cut shows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

from postsync.errors import FormatError
from postsync.model import Attachment, PlainMarker
from postsync.report import Report
from postsync.timing import fraction_text
from postsync_adapters.fcpxml.document import Asset, Element, Resources, metadata, note_text
from postsync_adapters.fcpxml.scene import Dissolve, Host, Picture, Scene, Story, media_playing
from postsync_adapters.fcpxml.sound import (
    Component,
    Level,
    RoleSetting,
    Switch,
    by_sources,
    clipped,
    has_lost_fade,
    level_of,
    mixed_levels,
    role_settings,
    role_text,
    setting_for,
    source_channels,
)
from postsync_adapters.fcpxml.time import (
    FOREVER,
    ONE,
    SOURCE_RATES,
    ZERO,
    Clock,
    TimeMap,
    Window,
    clock_from,
    conform_factor,
    holds,
    meet,
    seconds,
    time_map,
)

MOST_ITEMS = 500_000
"""Compound clips inside compound clips can unfold without end; no programme has this many items."""

CLIPS = frozenset({"asset-clip", "clip", "video", "audio", "title", "gap", "mc-clip", "ref-clip", "sync-clip"})
STORY = CLIPS | {"spine", "audition", "transition", "caption"}
ANCHORABLE = STORY - {"transition"}
CONTAINERS = frozenset({"clip", "sync-clip"})
MARKERS = frozenset({"marker", "chapter-marker"})
PLAIN = frozenset(
    {
        "note", "conform-rate", "timeMap", "metadata", "keyword", "rating", "analysis-marker", "hidden-clip-marker",
        "audio-channel-source", "audio-role-source", "sync-source", "mc-source", "text", "text-style-def", "param",
        "reserved", "object-tracker",
    }
)  # fmt: skip
"""Elements that are read elsewhere or say nothing of sync; those named `adjust-` and `filter-` are of their kind."""

MARKER_COLOURS = {"marker": "blue", "to-do": "red", "completed": "green", "chapter": "orange"}
"""The format has no colours; these are the ones that Final Cut draws."""

TRANSITION_START = Fraction(3600)
"""Markers of a transition count from here, whatever its place."""

LONGEST_POINT = Fraction(1, 23)
"""Final Cut's markers are points, written as one frame of whatever they sit on."""


def walk_sequence(
    sequence: Element, resources: Resources, report: Report, path: str, speed: Fraction, first: Fraction
) -> Story:
    """Walk the primary storyline of a sequence and everything that hangs on it; `first` is its start timecode."""
    walk = _Walk(resources, report, (first, FOREVER[1]))
    scene = Scene(Clock(ZERO, ONE), ONE, speed, path)
    for spine in sequence.iterchildren("spine"):
        walk.storyline(spine, scene)
    return walk.story


def plain_text(element: Element) -> str:
    """Give the words of a title or caption; the runs of one `text` join without a separator."""
    lines = (_runs(text) for text in element.iterchildren("text"))
    return "\n".join(line for line in lines if line)


def _runs(text: Element) -> str:
    runs = [run.text or "" for run in text.iterchildren("text-style")]
    return ("".join(runs) if runs else text.text or "").strip()


class _Walk:
    """One walk: the resources, the report and what has been found so far."""

    def __init__(self, resources: Resources, report: Report, programme: Window) -> None:
        self.programme = programme
        self.resources = resources
        self.report = report
        self.story = Story()
        self._items = 0
        self._unknown: set[str] = set()

    # -------------------------------------------------------------------------------------------------- attributes

    def _time(self, element: Element, name: str, default: Fraction | None) -> Fraction | None:
        text = element.get(name)
        if text is None:
            return default
        value = seconds(text)
        if value is None:
            where = f"{element.tag} (line {element.sourceline})"
            self.report.note("value-unreadable", source=where, name=name, value=text)
            return default
        return value

    def _conform(self, element: Element, scene: Scene) -> Fraction:
        conform = element.find("conform-rate")
        if conform is None or conform.get("scaleEnabled") == "0" or conform.get("srcFrameRate") is None:
            return ONE
        source = SOURCE_RATES.get(conform.get("srcFrameRate"))
        if source is None:
            where = f"conform-rate (line {conform.sourceline})"
            self.report.note("value-unreadable", source=where, name="srcFrameRate", value=conform.get("srcFrameRate"))
            return ONE
        return conform_factor(source, scene.speed)

    def _retime(self, element: Element) -> TimeMap | None:
        found = element.find("timeMap")
        if found is None:
            return None
        points = (
            (self._time(point, "time", None), self._time(point, "value", None))
            for point in found.iterchildren("timept")
        )
        return time_map([(time, value) for time, value in points if time is not None and value is not None])

    # ------------------------------------------------------------------------------------------------- story items

    def storyline(self, spine: Element, scene: Scene) -> None:
        """Walk the items of a spine or an angle."""
        following = scene.offset
        for element in spine:
            if element.tag in STORY:
                self.item(element, replace(scene, offset=following), anchored=False)
                following = self._end(element, following, scene)
            else:
                self._note_unknown(element, scene)

    def _end(self, element: Element, following: Fraction | None, scene: Scene) -> Fraction | None:
        """Give the place of the next item of a storyline, for scripts that leave its offset out."""
        if element.tag == "transition" or element.tag == "caption":
            return following
        timed = (
            next((child for child in element if child.tag in CLIPS), element) if element.tag == "audition" else element
        )
        offset = self._time(element, "offset", None)
        if offset is None:
            offset = self._time(timed, "offset", following) or ZERO
        return offset + self._length(timed, scene)

    def item(self, element: Element, scene: Scene, *, anchored: bool) -> None:
        """Walk one story element and all that it holds."""
        self._items += 1
        if self._items > MOST_ITEMS:
            raise FormatError(f"compound clips unfold to more than {MOST_ITEMS} items", place=scene.path)
        tag = element.tag
        if tag == "transition":
            self._transition(element, scene)
        elif tag == "audition":
            self._audition(element, scene, anchored)
        elif tag == "spine":
            self._secondary(element, scene, anchored)
        elif tag == "caption":
            self._caption(self._host(element, scene, anchored))
        else:
            self._clip(self._host(element, scene, anchored))

    def _host(self, element: Element, scene: Scene, anchored: bool) -> Host:
        offset = self._time(element, "offset", scene.offset if scene.offset is not None else ZERO)
        start = self._time(element, "start", self._first_time(element))
        assert offset is not None
        assert start is not None
        pace = scene.pace if anchored else scene.clock.pace
        begin = scene.clock.programme(offset)
        clock = clock_from(begin, start, pace * self._conform(element, scene))
        length = self._length(element, scene) * pace
        span = (begin, begin + length) if length >= 0 else (begin + length, begin)
        heard = self._heard(element, clock, span, pace)
        lane, rank = _lane(element, scene, anchored)
        retime = self._retime(element)
        enabled = scene.enabled and element.get("enabled") != "0"
        return Host(element, scene, clock, start, span, heard, retime, enabled, lane, rank)

    def _first_time(self, element: Element) -> Fraction:
        """Give the start of an element that states none: the first time of a compound clip's sequence, else zero."""
        if element.tag not in ("ref-clip", "mc-clip"):
            return ZERO
        inner = self._inner(element)
        return ZERO if inner is None else seconds(inner.get("tcStart") or "0s") or ZERO

    def _inner(self, element: Element) -> Element:
        media = self.resources.media.get(element.get("ref") or "")
        return None if media is None else media.find("sequence" if element.tag == "ref-clip" else "multicam")

    def _length(self, element: Element, scene: Scene) -> Fraction:
        stated = self._time(element, "duration", None)
        if stated is not None:
            return stated
        asset = self.resources.asset(element.get("ref"), scene.path) if element.get("ref") else None
        return asset.duration if asset is not None and asset.duration is not None else ZERO

    def _heard(self, element: Element, clock: Clock, span: Window, pace: Fraction) -> Window:
        """Give the stretch in which an element sounds: its own, or that of a split edit."""
        start = self._time(element, "audioStart", None)
        length = self._time(element, "audioDuration", None)
        if start is None and length is None:
            return span
        begin = span[0] if start is None else clock.programme(start)
        end = span[1] if length is None else begin + length * pace
        return (begin, end) if begin <= end else (end, begin)

    def _note_unknown(self, element: Element, scene: Scene) -> None:
        tag = element.tag
        known = tag in PLAIN or tag in MARKERS or tag.startswith(("adjust-", "filter-"))
        if not known and tag not in self._unknown:
            self._unknown.add(tag)
            self.report.note("element-ignored", source=f"{scene.path} (line {element.sourceline})", name=tag)

    # --------------------------------------------------------------------------------------------- kinds of element

    def _transition(self, element: Element, scene: Scene) -> None:
        offset = self._time(element, "offset", ZERO) or ZERO
        length = self._time(element, "duration", ZERO) or ZERO
        begin = scene.clock.programme(offset)
        if scene.showing:
            span = scene.clock.window(offset, offset + length)
            path = f"{scene.path} / transition (line {element.sourceline})"
            sounds = element.find("filter-audio") is not None
            self.story.dissolves.append(Dissolve(scene.rank, element.get("name") or "", span, sounds, path))
        clock = clock_from(begin, TRANSITION_START, scene.clock.pace)
        always = replace(scene, picture=FOREVER)
        host = Host(element, always, clock, ZERO, FOREVER, FOREVER, None, scene.enabled, scene.lane, scene.rank)
        self._markers(host, None)

    def _audition(self, element: Element, scene: Scene, anchored: bool) -> None:
        """Walk the first alternative, which is the active one, and the others only for their markers."""
        offset = self._time(element, "offset", scene.offset)
        inner = replace(scene, offset=offset)
        if anchored:
            lane, rank = _lane(element, scene, anchored)
            inner = replace(inner, lane=lane, rank=rank)
        for child in element:
            if child.tag in CLIPS:
                self.item(child, inner, anchored=anchored)
                inner = replace(inner, active=False, showing=False, sounding=False)

    def _secondary(self, spine: Element, scene: Scene, anchored: bool) -> None:
        """Walk a spine that hangs on a clip or fills a container; its items count from its own offset."""
        offset = self._time(spine, "offset", None)
        inner = replace(scene, offset=None)
        if anchored or offset is not None:
            pace = scene.pace if anchored else scene.clock.pace
            inner = replace(inner, clock=Clock(scene.clock.programme(offset or ZERO), pace))
        if anchored:
            lane, rank = _lane(spine, scene, anchored)
            inner = replace(inner, lane=lane, rank=rank)
        self.storyline(spine, inner)

    def _caption(self, host: Host) -> None:
        words = plain_text(host.element)
        key = (*host.scene.chain, host.element)
        self.story.markers[key] = PlainMarker(
            record_in=host.span[0],
            duration=host.span[1] - host.span[0],
            name=host.name,
            comment=words,
            kind="caption",
            visible=host.scene.active and _seen(host.scene, host.span[0]),
            origin=host.path,
            extra={"role": host.element.get("role") or "", "enabled": host.enabled},
        )

    def _clip(self, host: Host) -> None:
        asset = self._asset(host)
        self._markers(host, asset)
        if host.scene.showing:
            self._show(host, asset)
        if host.tag in ("asset-clip", "audio"):
            self._sound(host, asset)
        elif host.tag == "ref-clip":
            self._compound(host)
        elif host.tag == "mc-clip":
            self._multicam(host)
        self._children(host)

    def _asset(self, host: Host) -> Asset | None:
        if host.tag == "asset-clip" or (host.tag in ("audio", "video") and self._is_asset(host)):
            return self.resources.asset(host.element.get("ref"), host.path)
        return None

    def _is_asset(self, host: Host) -> bool:
        """Say whether a `video` shows a file; it may also show a generator, which is an effect."""
        return host.element.get("ref") in self.resources.assets

    def _children(self, host: Host) -> None:
        """Walk what a clip contains and what hangs on it."""
        connected = self._anchored_scene(host)
        scenes: list[Scene] | None = None
        for child in host.element:
            if child.tag not in ANCHORABLE:
                self._note_unknown(child, host.scene)
            elif _is_contained(host.element, child):
                scenes = self._content_scenes(host) if scenes is None else scenes
                for scene in scenes:
                    self.item(child, scene, anchored=False)
            elif child.tag == "audio":
                channels = replace(connected, sources=host.scene.sources, switch=host.scene.switch)
                self.item(child, channels, anchored=True)
            else:
                self.item(child, connected, anchored=True)

    def _anchored_scene(self, host: Host) -> Scene:
        return replace(
            host.scene,
            clock=host.clock,
            enabled=host.enabled,
            rank=host.rank,
            offset=None,
            sources=(),
            switch=host.scene.connected or host.scene.switch,
        )

    # --------------------------------------------------------------------------------------------------- containers

    def _content_scenes(self, host: Host) -> list[Scene]:
        """Give the scenes of what a container holds: one, or one for each stretch of constant speed."""
        scene = replace(
            host.scene,
            enabled=host.enabled,
            showing=False,
            offset=None,
            rank=0,
            path=host.scene.path,
            levels=_with_level(host.scene.levels, level_of(host.element, host.clock, host.heard)),
            sources=tuple(host.element.iterchildren("audio-channel-source")) if host.tag == "clip" else (),
            **self._sync_switches(host),
        )
        return [
            replace(
                scene,
                clock=clock,
                pace=clock.pace,
                picture=meet(meet(host.scene.picture, host.span), window),
                sound=meet(meet(host.scene.sound, host.heard), window),
            )
            for clock, window in self._content_clocks(host)
        ]

    def _content_clocks(self, host: Host) -> Iterator[tuple[Clock, Window]]:
        """Yield clocks for the time before retiming, each with the stretch of the programme where it holds."""
        if host.retime is None:
            yield host.clock, FOREVER
            return
        whole = (min(host.span[0], host.heard[0]), max(host.span[1], host.heard[1]))
        low, high = sorted((host.clock.local(whole[0]), host.clock.local(whole[1])))
        for piece in host.retime.segments(low, high):
            if piece.speed != 0:
                pace = host.clock.pace / piece.speed
                yield (
                    clock_from(host.clock.programme(piece.anchor), piece.value, pace),
                    host.clock.window(piece.time_in, piece.time_out),
                )

    def _sync_switches(self, host: Host) -> dict[str, Any]:
        if host.tag != "sync-clip":
            return {}
        found = {
            source.get("sourceID"): role_settings(source, host.clock, host.heard)
            for source in host.element.iterchildren("sync-source")
        }
        return {
            "switches": (*host.scene.switches, host.scene.switch),
            "switch": found.get("storyline", ()),
            "connected": found.get("connected", ()),
        }

    def _compound(self, host: Host) -> None:
        """Open a compound clip to its leaves."""
        sequence = self._open(host)
        if sequence is None:
            return
        switch = role_settings(host.element, host.clock, host.heard)
        for scene in self._nested_scenes(host, sequence, switch):
            for spine in sequence.iterchildren("spine"):
                self.storyline(spine, scene)

    def _multicam(self, host: Host) -> None:
        """Walk every angle of a multicam clip for its markers, those that are switched on for their sound too."""
        multicam = self._open(host)
        if multicam is None:
            return
        angles = list(multicam.iterchildren("mc-angle"))
        chosen = {source.get("angleID"): source for source in host.element.iterchildren("mc-source")}
        if not chosen and angles:
            chosen = {angles[0].get("angleID"): angles[0]}
        first = seconds(multicam.get("tcStart") or "0s") or ZERO
        for angle in angles:
            source = chosen.get(angle.get("angleID"))
            enabled = "none" if source is None else source.get("srcEnable") or "all"
            switch = () if source is None else role_settings(source, host.clock, host.heard)
            for scene in self._nested_scenes(host, multicam, switch):
                clock = Clock(scene.clock.programme(first), scene.clock.pace)
                sounding = scene.sounding and enabled in ("all", "audio")
                active = scene.active and enabled != "none"
                self.storyline(angle, replace(scene, clock=clock, sounding=sounding, active=active))

    def _open(self, host: Host) -> Element:
        inner = self._inner(host.element)
        ref = host.element.get("ref")
        if inner is None:
            self.resources.note_broken("media", ref, host.path)
        elif any(one.get("ref") == ref and one.tag == host.tag for one in host.scene.chain):
            self.report.note("reference-broken", source=host.path, name=f"media {ref!r} inside itself")
            return None
        return inner

    def _nested_scenes(self, host: Host, inner: Element, switch: Switch) -> list[Scene]:
        """Give the scenes of a nested sequence or multicam: what its clip shows of it, and no more."""
        speed = self.resources.speed_of_format(inner.get("format")) or host.scene.speed
        heard = host.scene.sounding and host.element.get("srcEnable") in (None, "all", "audio")
        return [
            replace(
                scene,
                speed=speed,
                path=host.path,
                chain=(*scene.chain, host.element),
                sounding=heard,
                lane=None,
                sources=(),
                switches=(*host.scene.switches, host.scene.switch),
                switch=switch,
                connected=(),
            )
            for scene in self._content_scenes(host)
        ]

    # ----------------------------------------------------------------------------------------------------- findings

    def _show(self, host: Host, asset: Asset | None) -> None:
        if host.tag in ("gap", "audio") or host.element.get("srcEnable") == "audio":
            return
        sound_only = asset is not None and asset.has_audio and not asset.has_video
        lost_sound = asset is None and host.tag == "asset-clip" and (host.lane or 0) < 0
        if sound_only or lost_sound or host.span[0] >= host.span[1]:
            return
        shown, source = self._picture_source(host.element, asset)
        if shown is None and host.tag in CONTAINERS and not _holds_picture(host.element):
            return

        def media_time(local: Fraction) -> Fraction:
            return source[0] + source[1] * host.original(local)

        start = shown.start if shown is not None else ZERO
        span = self._in_programme(host.span, host)
        if span is None:
            return
        playing = media_playing(media_time, host.clock, host.retime, span, start)
        text = plain_text(host.element) if host.tag == "title" else None
        self.story.pictures.append(Picture(host, span, shown, playing, text))

    def _picture_source(self, element: Element, asset: Asset | None) -> tuple[Asset | None, tuple[Fraction, Fraction]]:
        """Find the file seen in a clip, with its time as `first + pace * (time inside the clip)`."""
        if element.tag not in CONTAINERS:
            return asset, (ZERO, ONE)
        for child in element:
            if child.tag not in ("video", "asset-clip", "clip", "sync-clip") or not _is_contained(element, child):
                continue
            found = self.resources.asset(child.get("ref"), "") if child.get("ref") in self.resources.assets else None
            shown, (first, pace) = self._picture_source(child, found)
            offset, start = self._time(child, "offset", ZERO), self._time(child, "start", ZERO)
            assert offset is not None
            assert start is not None
            return shown, (first + pace * (start - offset), pace)
        return None, (ZERO, ONE)

    def _sound(self, host: Host, asset: Asset | None) -> None:
        """Take the audible components of an element that plays a file."""
        if not host.scene.sounding or host.element.get("srcEnable") == "video":
            return
        if asset is not None and not asset.has_audio and host.tag != "audio":
            return
        if asset is None and (host.tag != "audio" and (host.lane or 0) >= 0):
            return
        tree = host.tag == "audio"
        own = tuple(host.element.iterchildren("audio-channel-source"))
        stated = source_channels(host.element.get("srcCh")) if tree else None
        every = tuple(range(1, asset.channels + 1)) if asset is not None and asset.channels else None
        for channels, source in by_sources(stated or every, own or (host.scene.sources if tree else ())):
            self._component(host, asset, channels, source)

    def _component(
        self, host: Host, asset: Asset | None, channels: tuple[int, ...] | None, source: Element | None
    ) -> None:
        stated = host.element.get("role" if host.tag == "audio" else "audioRole")
        role = (None if source is None else source.get("role")) or stated
        settings = [setting_for(role, switch) for switch in (host.scene.switch, *host.scene.switches)]
        told = [setting for setting in settings if setting is not None]
        if (source is not None and source.get("active") == "0") or any(not setting.active for setting in told):
            name = f"{host.name} {role_text(role)}".strip()
            self.report.note("clip-inactive", source=host.path, name=name)
            return
        span = self._in_programme(clipped(self._part(host, source), host.scene.sound), host)
        if span is None:
            return
        playing = media_playing(host.original, host.clock, host.retime, span, asset.start if asset else ZERO)
        if playing.speed == 0 and not playing.retime:
            return
        component = Component(
            record_in=span[0],
            duration=span[1] - span[0],
            source_start=playing.source_start,
            asset=asset,
            name=host.name or (asset.name if asset else ""),
            role=role_text(role),
            channels=channels,
            enabled=_is_enabled(host, source, told),
            lane=host.lane,
            origin=host.path,
            speed=playing.speed,
            retime=playing.retime,
            note=note_text(host.element),
            levels=self._levels(host, source, told, span),
            extra=_extra(host.element),
        )
        self.story.components.append(component)

    def _in_programme(self, span: Window | None, host: Host) -> Window | None:
        """Cut off, and note, what would lie before the first frame of the programme."""
        kept = None if span is None else clipped(span, self.programme)
        if kept != span and span is not None:
            now = "nothing" if kept is None else kept[0]
            self.report.note("value-clamped", source=host.path, where=host.name, was=f"start {span[0]} s", now=now)
        return kept

    def _part(self, host: Host, source: Element | None) -> Window:
        """Give the span of a component: that of its clip, or its own where an expanded component was trimmed."""
        if source is None:
            return host.heard
        if source.find("mute") is not None:
            self.report.note("element-ignored", source=host.path, name="mute")
        start, length = self._time(source, "start", None), self._time(source, "duration", None)
        if start is None or length is None:
            return host.heard
        return host.clock.window(start, start + length)

    def _levels(self, host: Host, source: Element | None, told: list[RoleSetting], span: Window) -> dict[str, Any]:
        """Mix the levels of the component, its clip, the containers around and the roles in them."""
        own = None if source is None else level_of(source, host.clock, host.heard)
        stated = [own, level_of(host.element, host.clock, host.heard), *host.scene.levels]
        levels = [level for level in (*stated, *(setting.level for setting in told)) if level is not None]
        mixed = mixed_levels(levels, span)
        if has_lost_fade(levels, mixed):
            self.report.note("fade-not-carried", source=host.path, name=host.name)
        return mixed

    # ------------------------------------------------------------------------------------------------------ markers

    def _markers(self, host: Host, asset: Asset | None) -> None:
        for child in host.element:
            if child.tag in MARKERS:
                self._marker(child, host, asset)

    def _marker(self, element: Element, host: Host, asset: Asset | None) -> None:
        start = self._time(element, "start", host.start)
        assert start is not None
        at = host.clock.programme(start)
        visible = host.scene.active and holds(host.span, at) and _seen(host.scene, at)
        key = (*host.scene.chain, element)
        known = self.story.markers.get(key)
        if known is not None and (known.visible or not visible):
            return
        kind = _marker_kind(element)
        length = self._time(element, "duration", ZERO) or ZERO
        extra: dict[str, Any] = {"source_time": fraction_text(host.original(start))}
        if asset is not None and asset.src:
            extra["host_src"] = asset.src
        self.story.markers[key] = PlainMarker(
            record_in=at,
            duration=abs(length * host.clock.pace) if length > max(LONGEST_POINT, 1 / host.scene.speed) else ZERO,
            name=element.get("value") or "",
            comment=element.get("note") or "",
            colour=MARKER_COLOURS[kind],
            kind=kind,
            visible=visible,
            attached_to=Attachment(clip=host.name or None),
            origin=host.path,
            extra=extra,
        )


def _is_enabled(host: Host, source: Element | None, told: list[RoleSetting]) -> bool:
    own = source is None or source.get("enabled") != "0"
    return host.enabled and own and all(setting.enabled for setting in told)


def _extra(element: Element) -> dict[str, Any]:
    source_id = element.get("srcID")
    return {**metadata(element), **({"source_id": source_id} if source_id else {})}


def _marker_kind(element: Element) -> str:
    if element.tag == "chapter-marker":
        return "chapter"
    return {"0": "to-do", "1": "completed"}.get(element.get("completed") or "", "marker")


def _seen(scene: Scene, at: Fraction) -> bool:
    return holds(scene.picture, at) or holds(scene.sound, at)


def _is_contained(parent: Element, child: Element) -> bool:
    """Say whether a child is the content of a container and not connected to it.

    In the tree form of sound, `audio` with a lane directly in a `clip` is one of its channels.
    """
    if parent.tag not in CONTAINERS:
        return False
    return child.get("lane") in (None, "0") or (parent.tag == "clip" and child.tag == "audio")


def _holds_picture(element: Element) -> bool:
    return any(found.get("lane") in (None, "0") for found in element.iter("video", "ref-clip", "mc-clip", "title"))


def _lane(element: Element, scene: Scene, anchored: bool) -> tuple[int | None, int]:
    """Give the lane as written and the rank among picture tracks: lanes count from that of the parent."""
    if not anchored:
        return scene.lane, scene.rank
    text = (element.get("lane") or "").strip()
    if not text.lstrip("-").isdigit():
        return scene.lane, scene.rank
    return int(text), scene.rank + int(text)


def _with_level(levels: tuple[Level, ...], level: Level | None) -> tuple[Level, ...]:
    return levels if level is None else (level, *levels)
