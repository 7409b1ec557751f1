"""What the reader of a document kept without modelling it, put back: adjustments, effects, keywords, ratings, styles.

It goes back where the new document can hold it: in the version that it came from or a later one, on the same kind of element,
with its effects among the resources. What cannot go back is counted, and named once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from postsync.model import plain
from postsync.report import Report
from postsync.wording import counted
from postsync_adapters.fcpxml.document import Element
from postsync_adapters.fcpxml.writing.resources import Resources

FORMAT_NAME = "fcpxml"
OLDEST = (1, 6)
"""Before this version effects and adjustments were written in other words."""

TIED = ("tracking", "dataLocator")
"""Attributes that name shapes and files which are not kept."""

RANGES = ("keyword", "rating")
TIMING = ("timeMap", "conform-rate")
HOW_TO_RETIME = ("frameSampling", "preservesPitch")
_ON_SOUND = ("adjust-panner", "filter-audio")
_PLACES = ("display-style", "roll-up-height", "position", "placement", "alignment")


@dataclass
class Kept:
    """What goes back into one clip, by where it stands among its children."""

    pictures: list[Element] = field(default_factory=list)
    sounds: list[Element] = field(default_factory=list)
    ranges: list[Element] = field(default_factory=list)
    filters: list[Element] = field(default_factory=list)
    metadata: Element | None = None
    retime: dict[str, str] = field(default_factory=dict)


NOTHING = Kept()


@dataclass
class Returning:
    """Puts back what was kept; `source` is the version of the document that was read, None where it was none."""

    resources: Resources
    report: Report
    source: tuple[int, int] | None
    target: tuple[int, int]
    effects: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    lost: Counter[str] = field(default_factory=Counter)

    @property
    def fits(self) -> bool:
        """Whether elements can go back as they stand."""
        return self.source is not None and OLDEST <= self.source <= self.target

    def about(self, holder: Any) -> dict[str, Any]:
        """Give what an object keeps under the format's name."""
        found = holder.metadata.get(FORMAT_NAME) if self.source is not None and len(holder.metadata) else None
        return {} if found is None else plain(found)

    def of(self, clip: Any, *, retimed: bool, sound: bool) -> Kept:
        """Give what goes back into a clip; `retimed` says that its local times are no longer those that were read."""
        xml = self.about(clip).get("xml")
        if not xml:
            return NOTHING
        kept = Kept()
        for element in etree.fromstring(f"<kept>{xml}</kept>"):
            self._put(element, kept, retimed, sound)
        return kept

    def _put(self, element: Element, kept: Kept, retimed: bool, sound: bool) -> None:
        tag = element.tag
        if tag in RANGES and retimed and element.get("start"):
            self.lost["range of a keyword or rating"] += 1
        elif tag in RANGES:
            kept.ranges.append(element)
        elif tag in TIMING:
            kept.retime |= {name: element.get(name) for name in HOW_TO_RETIME if element.get(name)} if self.fits else {}
        elif tag == "metadata":
            kept.metadata = element
        else:
            self._adjust(element, kept, sound)

    def _adjust(self, element: Element, kept: Kept, sound: bool) -> None:
        tied = any(name in one.attrib for one in element.iter() for name in TIED)
        if not self.fits or tied or (sound and element.tag not in _ON_SOUND) or not self._refer(element):
            self.lost["effect or adjustment"] += 1
        elif element.tag.startswith("filter-"):
            kept.filters.append(element)
        else:
            (kept.sounds if sound else kept.pictures).append(element)

    def _refer(self, element: Element) -> bool:
        """Let the references of an effect name its resource in the new document; False where that is not known."""
        holders = [one for one in element.iter() if one.get("ref") is not None]
        known = [self.effects.get(one.get("ref")) for one in holders]
        if not all(effect and effect.get("uid") for effect in known):
            return False
        for holder, effect in zip(holders, known, strict=True):
            assert effect is not None
            holder.set("ref", self.resources.known_effect(effect))
        return True

    def effect_of(self, clip: Any) -> str | None:
        """Give the id of the effect that makes a title or generator, where it is known."""
        effect = self.effects.get(self.about(clip).get("effect") or "")
        return self.resources.known_effect(effect) if effect and effect.get("uid") else None

    def runs(self, stated: Iterable[Mapping[str, Any]], words: str) -> list[list[Mapping[str, Any]]]:
        """Part styled runs into texts as the words show them; nothing where they say something else than the words."""
        runs = list(stated) if self.fits else []
        if "".join(run["text"] for run in runs).strip() == words:
            return [runs] if runs else []
        if "\n".join(run["text"].strip() for run in runs) == words:
            return [[run] for run in runs]
        return []

    @staticmethod
    def place_of(run: Mapping[str, Any]) -> dict[str, str]:
        """Give what the text of a run says of its place on the screen."""
        return {name: run[name] for name in _PLACES if name in run}

    def note_lost(self) -> None:
        """Name what did not go back, counted."""
        for what, count in self.lost.items():
            words = counted(count, what, _many(what))
            self.report.note("feature-not-carried", feature=words, format="FCPXML", count=count)


def _many(what: str) -> str:
    return {"effect or adjustment": "effects and adjustments"}.get(what, what.replace("range", "ranges", 1))
