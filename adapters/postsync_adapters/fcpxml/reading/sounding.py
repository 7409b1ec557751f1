"""What sounds: the audible components of an element, each with its channels, role, state, levels, speed and place.

A clip that plays a file has one component, or one for each `audio-channel-source`; in the tree form of sound each `audio`
is one. What the containers around say of a role holds for it; what is switched off is left out and noted.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from postsync_adapters.fcpxml.document import Asset, Element, Resources
from postsync_adapters.fcpxml.reading.attributes import CHANNEL_SOURCES, time_of
from postsync_adapters.fcpxml.reading.levels import (
    Level,
    clipped,
    gain_of,
    has_lost_fade,
    is_still,
    levels_in,
    mixed_levels,
    volume,
)
from postsync_adapters.fcpxml.reading.roles import RoleSetting, role_text, setting_for
from postsync_adapters.fcpxml.reading.scene import Component, Host, playing_of
from postsync_adapters.fcpxml.time import FOREVER, ONE, ZERO, Window

Channels = tuple[int, ...] | None

PROGRAMME: Window = (ZERO, FOREVER[1])


def components_of(host: Host, asset: Asset | None, resources: Resources) -> Iterable[Component]:
    """Give the audible components of an element that plays a file."""
    if not is_heard(host, asset):
        return ()
    every = None if asset is None else asset.every_channel
    shares: Iterable[tuple[Channels, Element | None]] = ((every, None),)
    if host.tag == "audio":
        channels = source_channels(host.element.get("srcCh")) or every
        shares = by_sources(channels, channel_sources(host) or host.scene.sources)
    elif host.children:
        shares = by_sources(every, channel_sources(host))
    found = [_component(host, asset, channels, source, resources) for channels, source in shares]
    return [component for component in found if component is not None]


def is_plain(host: Host) -> bool:
    """Say whether an element plays its file as it is: whole in its place and at its speed."""
    scene, span = host.scene, host.span
    if (
        host.tag != "asset-clip"
        or host.pace is not ONE
        or host.heard is not span
        or host.retime is not None
        or scene.picture is not FOREVER
        or scene.sound is not FOREVER
        or host.element.get("srcEnable") is not None
    ):
        return False
    (begin, begin_bottom), (end, end_bottom) = span[0].as_integer_ratio(), span[1].as_integer_ratio()
    return begin >= 0 and begin * end_bottom < end * begin_bottom


def is_untouched(host: Host) -> bool:
    """Say whether neither an element nor a container around it says anything of its sound."""
    scene = host.scene
    around = scene.levels or scene.switch or scene.switches
    return not around and (not host.children or _SAYING.isdisjoint(host.parts))


_SAYING = frozenset({"adjust-volume", *CHANNEL_SOURCES})
"""Children that say something of the sound."""


def plain_component(host: Host, asset: Asset) -> Component:
    """Give the one component of an element that plays its file as it is, its sound untouched."""
    begin, end = host.span
    name, role = host.name or asset.name, role_text(host.element.get("audioRole"))
    component: Component = tuple.__new__(
        Component,
        (begin, end, host.start, asset, name, role, asset.every_channel, host.enabled, host.lane, host, ONE, (), _FLAT),
    )
    return component


def is_heard(host: Host, asset: Asset | None) -> bool:
    """Say whether an element that plays a file can be heard."""
    if not host.scene.sounding or host.element.get("srcEnable") == "video":
        return False
    if host.tag == "audio":
        return True
    # Without its file only what lies below the storyline is taken for sound.
    return asset.has_audio if asset is not None else (host.lane or 0) < 0


def channel_sources(host: Host) -> tuple[Element, ...]:
    """Give the settings of the channels of a clip."""
    return tuple([source for tag in CHANNEL_SOURCES if tag in host.parts for source in host.named(tag)])


@lru_cache(maxsize=4096)
def source_channels(text: str | None) -> Channels:
    """Read `srcCh`: `1, 2`; Resolve repeats a channel for a mono clip (`1, 1`), which is one channel."""
    if text is None:
        return None
    numbers = [int(part) for part in text.replace(" ", "").split(",") if part.isascii() and part.isdigit()]
    return tuple(dict.fromkeys(number for number in numbers if 0 < number <= _MOST_CHANNELS)) or None


_MOST_CHANNELS = 1024


def by_sources(channels: Channels, sources: Iterable[Element]) -> list[tuple[Channels, Element | None]]:
    """Split channels among the `audio-channel-source` elements of their clip; without any, they stay one component."""
    shares: list[tuple[Channels, Element | None]] = []
    for source in sources:
        asked = source_channels(source.get("srcCh"))
        share = asked or channels
        if asked and channels and asked != channels:
            share = tuple(one for one in asked if one in channels)
        if share or (asked is None and channels is None):
            shares.append((share, source))
    return shares or [(channels, None)]


def _component(
    host: Host,
    asset: Asset | None,
    channels: Channels,
    source: Element | None,
    resources: Resources,
) -> Component | None:
    scene = host.scene
    stated = host.element.get("role" if host.tag == "audio" else "audioRole")
    role = (None if source is None else source.get("role")) or stated
    told = _told(role, host) if scene.switch or scene.switches else _UNTOLD
    if (source is not None and source.get("active") == "0") or any(not setting.active for setting in told):
        name = f"{host.name} {role_text(role)}".strip()
        resources.report.note("clip-inactive", source=host.path, name=name)
        return None
    part = host.heard if source is None else _part(host, source, resources)
    span = in_programme(part if scene.sound is FOREVER else clipped(part, scene.sound), host, resources)
    if span is None:
        return None
    playing = playing_of(host, span, asset.start if asset is not None else ZERO)
    if playing.speed == 0 and not playing.retime:
        return None
    name = host.name or (asset.name if asset is not None else "")
    enabled = _is_enabled(host, source, told)
    levels = _levels(host, source, told, span, resources)
    component: Component = tuple.__new__(
        Component,
        (*span, playing.source_start, asset, name, role_text(role), channels, enabled, host.lane, host,
         playing.speed, playing.retime, levels),
    )  # fmt: skip
    return component


_UNTOLD: list[RoleSetting] = []


def _told(role: str | None, host: Host) -> list[RoleSetting]:
    settings = (setting_for(role, switch) for switch in (host.scene.switch, *host.scene.switches))
    return [setting for setting in settings if setting is not None]


def in_programme(span: Window | None, host: Host, resources: Resources) -> Window | None:
    """Cut off, and note, what would lie before the first frame of the programme."""
    if span is None or span[0].numerator >= 0:
        return span
    kept = clipped(span, PROGRAMME)
    now = "nothing" if kept is None else kept[0]
    resources.report.note("value-clamped", source=host.path, where=host.name, was=f"start {span[0]} s", now=now)
    return kept


def _part(host: Host, source: Element, resources: Resources) -> Window:
    """Give the span of a component: that of its clip, or its own where an expanded component was trimmed."""
    if source.get("start") is None or source.get("duration") is None:
        return host.heard
    start, length = (time_of(source, name, None, resources.report) for name in ("start", "duration"))
    if start is None or length is None:
        return host.heard
    return host.clock.window(start, start + length)


def _is_enabled(host: Host, source: Element | None, told: list[RoleSetting]) -> bool:
    own = source is None or source.get("enabled") != "0"
    return host.enabled and own and (not told or all(setting.enabled for setting in told))


_FLAT: dict[str, Any] = {}


def _levels(
    host: Host, source: Element | None, told: list[RoleSetting], span: Window, resources: Resources
) -> dict[str, Any]:
    """Mix the levels of the component, its clip, the containers around and the roles in them."""
    adjust = host.parts.get("adjust-volume")
    if source is None and adjust is None and not host.scene.levels and not told:
        return _FLAT
    clock = host.clock
    levels: list[Level] = [] if source is None or not len(source) else levels_in(source, clock, host.heard)
    if adjust is not None:
        levels.append(volume(adjust, clock, host.heard))
    levels += host.scene.levels
    for setting in told:
        levels += setting.levels
    if all(map(is_still, levels)):
        gain = gain_of(levels)
        return {"gain_db": gain} if gain else _FLAT
    mixed = mixed_levels(levels, span)
    if has_lost_fade(levels, mixed):
        resources.report.note("fade-not-carried", source=host.path, name=host.name)
    return mixed
