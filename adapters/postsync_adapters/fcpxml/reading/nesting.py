"""What stands inside containers: the scenes of their contents, cut to what the container shows of them.

Clips and sync clips contain, compound clips play a sequence, multicam clips one angle for picture and any for sound. The
contents of a retimed container run in the time before retiming, in one scene for each stretch of constant speed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from postsync_adapters.fcpxml.document import Element, Resources
from postsync_adapters.fcpxml.reading.attributes import nested_in
from postsync_adapters.fcpxml.reading.levels import volume
from postsync_adapters.fcpxml.reading.roles import role_settings
from postsync_adapters.fcpxml.reading.scene import Host, Scene, Seen
from postsync_adapters.fcpxml.reading.sounding import channel_sources
from postsync_adapters.fcpxml.time import FOREVER, ZERO, Clock, Window, clock_from, meet, seconds

DEEPEST = 64
"""Compound clips inside compound clips; nobody works deeper, and a document can name them without end."""

_DEEP = 4
"""From here on a path names only the innermost clips: it grows with every one."""


def anchored_scene(host: Host) -> Scene:
    """Give the scene of what hangs on an element. It plays on where that is disabled: Final Cut silences the clip alone."""
    outer = host.scene
    if host.rank == outer.rank and not outer.sources and not outer.connected:
        scene: Scene = tuple.__new__(Scene, (host.clock, *outer[1:]))
        return scene
    return outer._replace(clock=host.clock, rank=host.rank, sources=(), switch=outer.connected or outer.switch)


def content_scenes(host: Host, seen: Seen | None) -> list[Scene]:
    """Give the scenes of what a container holds: one, or one for each stretch of constant speed."""
    outer = host.scene
    levels = outer.levels
    if "adjust-volume" in host.parts:
        levels = (volume(host.parts["adjust-volume"], host.clock, host.heard), *levels)
    same: dict[str, Any] = dict(
        enabled=host.enabled,
        seen=seen,
        rank=0,
        levels=levels,
        sources=channel_sources(host) if host.tag == "clip" else (),
        **_sync_switches(host),
    )
    picture, sound = meet(outer.picture, host.span), meet(outer.sound, host.heard)
    return [
        outer._replace(clock=clock, pace=clock.pace, picture=meet(picture, window), sound=meet(sound, window), **same)
        for clock, window in _content_clocks(host)
    ]


def _content_clocks(host: Host) -> Iterator[tuple[Clock, Window]]:
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


def _sync_switches(host: Host) -> dict[str, Any]:
    if host.tag != "sync-clip":
        return {}
    found = {
        source.get("sourceID"): role_settings(source, host.clock, host.heard) for source in host.named("sync-source")
    }
    return {
        "switches": (*host.scene.switches, host.scene.switch),
        "switch": found.get("storyline", ()),
        "connected": found.get("connected", ()),
    }


def opened(host: Host, resources: Resources, seen: Seen | None) -> Iterator[tuple[Element, Scene]]:
    """Yield the storylines inside a compound or multicam clip, each with its scene."""
    inner = _open(host, resources)
    if inner is None:
        return
    if host.tag == "mc-clip":
        yield from _angles(host, inner, resources, seen)
        return
    switch = role_settings(host.element, host.clock, host.heard)
    for scene in _nested_scenes(host, inner, resources, seen):
        for spine in inner.iterchildren("spine"):
            yield spine, scene._replace(switch=switch)


def _angles(host: Host, multicam: Element, resources: Resources, seen: Seen | None) -> Iterator[tuple[Element, Scene]]:
    """Yield every angle, for its markers; the chosen ones show or sound too. Angles count from zero."""
    angles = list(multicam.iterchildren("mc-angle"))
    chosen = _chosen_angles(host, angles, resources)
    first = seconds(multicam.get("tcStart") or "0s") or ZERO
    for angle in angles:
        source = chosen.get(angle.get("angleID"))
        used = "none" if source is None else source.get("srcEnable") or "all"
        switch = () if source is None else role_settings(source, host.clock, host.heard)
        for scene in _nested_scenes(host, multicam, resources, seen if used in ("all", "video") else None):
            yield (
                angle,
                scene._replace(
                    clock=Clock(scene.clock.programme(first), scene.clock.pace),
                    sounding=scene.sounding and used in ("all", "audio"),
                    active=scene.active and used != "none",
                    switch=switch,
                ),
            )


def _chosen_angles(host: Host, angles: list[Element], resources: Resources) -> dict[str | None, Element]:
    """Give what a multicam clip says of its angles; where it names none that is there, the first shows and sounds."""
    there = {angle.get("angleID") for angle in angles}
    sources = host.named("mc-source")
    for source in sources:
        if source.get("angleID") not in there:
            resources.note_broken("angle", source.get("angleID"), host.path)
    chosen = {source.get("angleID"): source for source in sources if source.get("angleID") in there}
    return chosen or {angle.get("angleID"): angle for angle in angles[:1]}


def _open(host: Host, resources: Resources) -> Element:
    inner = nested_in(host.element, resources)
    ref, chain = host.element.get("ref"), host.scene.chain
    if inner is None:
        resources.note_broken("media", ref, host.path)
    elif len(chain) >= DEEPEST or any(one.get("ref") == ref and one.tag == host.tag for one in chain):
        what = "inside itself" if len(chain) < DEEPEST else f"inside {DEEPEST} others"
        resources.report.note("reference-broken", source=host.path, name=f"media {ref!r} {what}")
        return None
    return inner


def _nested_scenes(host: Host, inner: Element, resources: Resources, seen: Seen | None) -> list[Scene]:
    """Give the scenes of a nested sequence or multicam: what its clip shows of it, and no more."""
    speed = resources.speed_of_format(inner.get("format")) or host.scene.speed
    path = (
        host.path if len(host.scene.chain) < _DEEP else f"… / {host.tag} {host.name!r} (line {host.element.sourceline})"
    )
    return [
        scene._replace(
            speed=speed,
            path=path,
            chain=(*scene.chain, host.element),
            sounding=scene.sounding and host.element.get("srcEnable") in (None, "all", "audio"),
            lane=None,
            sources=(),
            switches=(*host.scene.switches, host.scene.switch),
            switch=(),
            connected=(),
        )
        for scene in content_scenes(host, seen)
    ]
