"""What of a clip we do not model and keep: keywords, ratings, adjustments, effects and metadata, word for word.

It lies in the metadata of the OpenTimelineIO object under the format's name, and goes back out when FCPXML is written. One
text holds it all: as records it would cost more to lay than the clips themselves.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from lxml import etree

from postsync_adapters.fcpxml.document import Element, Resources
from postsync_adapters.fcpxml.reading.scene import Host

SOUND = frozenset(
    {
        "adjust-panner", "adjust-loudness", "adjust-noiseReduction", "adjust-humReduction", "adjust-EQ", "adjust-matchEQ",
        "adjust-voiceIsolation", "filter-audio",
    }
)  # fmt: skip
"""Adjustments that belong with the sound of a clip; all else belongs with its picture, where it has one."""

_WHOLE = frozenset({"keyword", "rating", "metadata", "timeMap", "conform-rate"})
_READ = frozenset({"adjust-volume"})
"""Volume is read, not kept."""


def kept_of(host: Host, *, sound: bool, alone: bool = False) -> dict[str, Any] | None:
    """Give what a clip keeps under the format's name: the part of its sound or of its picture, or both where `alone`."""
    if sound and not alone and SOUND.isdisjoint(host.parts):
        return None
    texts: list[str] = [
        etree.tostring(child, encoding="unicode", with_tail=False)
        for tag, child in host.children
        if _is_kept(tag) and (alone or (tag in SOUND) is sound)
    ]
    effect = host.element.get("ref") if host.tag in ("title", "video") and not sound else None
    if not texts and effect is None:
        return None
    kept = {"xml": "".join(texts)} if texts else {}
    if effect is not None:
        kept["effect"] = effect
    if "keyword" in host.parts and (alone or not sound):
        kept["keywords"] = ", ".join(one.get("value") or "" for one in host.named("keyword"))
    return {"fcpxml": kept}


@lru_cache(maxsize=1024)
def _is_kept(tag: str) -> bool:
    return tag in _WHOLE or (tag.startswith(("adjust-", "filter-")) and tag not in _READ)


def _value(entry: Element) -> Any:
    items = [item.text or "" for item in entry.iter("string")]
    return items or entry.get("value") or ""


def resources_kept(resources: Resources) -> dict[str, Any]:
    """Give what assets and effects state beyond what is read, by their ids."""
    assets = {
        ref: {one.get("key"): _value(one) for one in asset.iterfind("metadata/md") if one.get("key")}
        for ref, asset in resources.assets.items()
        if len(asset)
    }
    effects = {ref: dict(effect.items()) for ref, effect in resources.effects.items()}
    found = {"asset_metadata": {ref: stated for ref, stated in assets.items() if stated}, "effects": effects}
    return {name: value for name, value in found.items() if value}
