"""What of a clip we do not model and keep: keywords and ratings as records, adjustments and effects as they stand.

It lies in the metadata of the OpenTimelineIO object under the format's name, and goes back out when FCPXML is written.
"""

from __future__ import annotations

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
"""Adjustments that belong with the sound of a clip; the others belong with its picture. Volume is read, not kept."""

_RANGES = {"keyword": "keywords", "rating": "ratings"}
_TIMING = ("timeMap", "conform-rate")
_READ = frozenset({"adjust-volume"})


def kept_of(host: Host, *, sound: bool) -> dict[str, Any] | None:
    """Give what a clip keeps under the format's name; None where there is nothing."""
    if not host.children:
        return None
    kept: dict[str, Any] = {}
    if host.tag in ("title", "video") and not sound and host.element.get("ref"):
        kept["effect"] = host.element.get("ref")
    for tag, child in host.children:
        if tag in _RANGES:
            kept.setdefault(_RANGES[tag], []).append(dict(child.items()))
        elif tag in _TIMING and child.get("frameSampling"):
            kept["frame_sampling"] = child.get("frameSampling")
        elif tag.startswith(("adjust-", "filter-")) and tag not in _READ and (tag in SOUND) is sound:
            kept.setdefault("adjustments", []).append(as_text(child))
        elif tag == "metadata" and not sound:
            kept["metadata"] = {one.get("key"): _value(one) for one in child.iterchildren("md") if one.get("key")}
        elif tag == "timeMap" and child.get("preservesPitch") == "0":
            kept["preserves_pitch"] = False
    return {"fcpxml": kept} if kept else None


def _value(entry: Element) -> Any:
    items = [item.text or "" for item in entry.iter("string")]
    return items or entry.get("value") or ""


def as_text(element: Element) -> str:
    """Give an element as it stands, without what follows it."""
    text: str = etree.tostring(element, encoding="unicode", with_tail=False)
    return text


def resources_kept(resources: Resources) -> dict[str, Any]:
    """Give what assets and effects state beyond what is read, by their ids."""
    assets = {
        ref: {one.get("key"): _value(one) for one in asset.iterfind("metadata/md") if one.get("key")}
        for ref, asset in resources.assets.items()
    }
    effects = {ref: dict(effect.items()) for ref, effect in resources.effects.items()}
    found = {"asset_metadata": {ref: stated for ref, stated in assets.items() if stated}, "effects": effects}
    return {name: value for name, value in found.items() if value}
