"""What is seen: the items of a storyline and what is connected above and below it, each with its file where it has one.

A clip in tree form, or a sync clip, is seen by the first file that it contains. What a compound or multicam clip shows is
walked like everything else and folded into it here.
"""

from __future__ import annotations

from fractions import Fraction

from postsync_adapters.fcpxml.document import Asset, Element, Resources
from postsync_adapters.fcpxml.reading.attributes import CONTAINERS, NESTS, is_contained, nested_in, time_of
from postsync_adapters.fcpxml.reading.levels import clipped
from postsync_adapters.fcpxml.reading.scene import Host, Picture, Playing, Seen, playing_of
from postsync_adapters.fcpxml.reading.words import plain_text
from postsync_adapters.fcpxml.time import FOREVER, ONE, ZERO, Window, minus, plus, precedes

_INNER = ("video", "asset-clip", "clip", "sync-clip")
_SHOWS = ("video", "ref-clip", "mc-clip", "title", "asset-clip")


def is_seen(host: Host, asset: Asset | None) -> bool:
    """Say whether an element shows anything at all."""
    if host.tag in ("gap", "audio") or host.element.get("srcEnable") == "audio" or not precedes(*host.span):
        return False
    if asset is None:
        # A file that the document does not define, below the storyline: sound, nearly always.
        return host.tag != "asset-clip" or (host.lane or 0) >= 0
    return asset.has_video or not asset.has_audio


def picture_of(host: Host, asset: Asset | None, span: Window, resources: Resources) -> Picture | None:
    """Give what an element shows over a span; None for a container whose picture is found by walking into it."""
    if host.tag in NESTS or (host.tag == "sync-clip" and host.retime is None):
        return None
    if host.tag not in CONTAINERS:
        playing = playing_of(host, span, asset.start if asset is not None else ZERO)
        text = plain_text(host.element) if host.tag == "title" else None
        picture: Picture = tuple.__new__(Picture, (host, span, asset, playing, text, None))
        return picture
    shown, later = _source_in(host.tag, host.element, None, resources)
    return None if shown is None else Picture(host, span, shown, playing_of(host, span, shown.start, later))


def _source_in(tag: str, element: Element, asset: Asset | None, resources: Resources) -> tuple[Asset | None, Fraction]:
    """Find the one file seen in a clip, and how much later its time is than the clip's; none for a storyline of several."""
    if tag not in CONTAINERS:
        return asset, ZERO
    for child in element:
        if child.tag not in _INNER or not is_contained(tag, child.tag, child):
            continue
        found = resources.asset(child.get("ref"), "") if child.get("ref") in resources.assets else None
        shown, later = _source_in(child.tag, child, found, resources)
        offset, start = (time_of(child, name, ZERO, resources.report) or ZERO for name in ("offset", "start"))
        return shown, plus(later, minus(start, offset))
    return None, ZERO


def media_inside(host: Host, resources: Resources) -> Asset | None:
    """Give the file that a container plays, by which its markers are known."""
    return _source_in(host.tag, host.element, None, resources)[0]


def holds_picture(element: Element) -> bool:
    """Say whether anything contained in a container can be seen."""
    return any(found.get("lane") in (None, "0") for found in element.iter(*_SHOWS))


def folded(host: Host, span: Window, inner: Seen, resources: Resources) -> Picture | None:
    """Give what a compound, multicam or sync clip shows: the one file where it is one, else all that it holds."""
    pace = host.pace
    nothing = Playing(host.clock.local(span[0]), ONE if pace in (ZERO, ONE) else 1 / pace)
    if not inner.pictures:
        return Picture(host, span, None, nothing) if _stands_empty(host, resources) else None
    only = inner.pictures[0]
    if len(inner.pictures) == 1 and only.span == span and not inner.dissolves:
        return Picture(host._replace(enabled=only.host.enabled), span, only.asset, only.playing, only.text, only.inner)
    return Picture(host, span, None, nothing, None, inner)


def _stands_empty(host: Host, resources: Resources) -> bool:
    """Say whether a clip of which nothing is seen is black or lost, and not sound alone."""
    nested = nested_in(host.element, resources) if host.tag in NESTS else host.element
    if nested is None:
        return True
    assets = (resources.asset(one.get("ref"), "") for one in nested.iter("asset-clip") if one.get("ref"))
    return next(nested.iter("video", "title"), None) is not None or any(one and one.has_video for one in assets)


def within(span: Window, host: Host) -> Window | None:
    """Cut a span to what the containers around show of it."""
    return span if host.scene.picture is FOREVER else clipped(span, host.scene.picture)
