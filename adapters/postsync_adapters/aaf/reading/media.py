"""The media of clips as references of OpenTimelineIO that are told once for each source."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from postsync.model import NAMESPACE, SCHEMA, MediaPlan
from postsync.timing import Rate, common_rate, fraction_text, to_time_range
from postsync_adapters.aaf.reading.chains import Source

_WIDEST = 2**53


@dataclass(frozen=True)
class Template:
    """A media reference to be made, and where its media begin by their own timecode, in seconds."""

    plan: MediaPlan
    start: Fraction
    rates: list[Fraction | int]
    url: str | None


class Library:
    """Plans the references of one file."""

    def __init__(self) -> None:
        self._templates: dict[int, Template] = {}
        self.sources: list[Source] = []

    def template(self, source: Source) -> Template:
        """Give the reference of a source to be made."""
        found = self._templates.get(id(source))
        if found is None:
            found = self._templates[id(source)] = _template(source)
            self.sources.append(source)  # An id is only good while its owner lives.
        return found


def url_of(source: Source) -> str | None:
    """Give where the media lie, as written; embedded media have no place of their own."""
    file = source.file
    if file is None or file.embedded:
        return None
    return next(iter((*file.urls, *source.urls)), None)


def _template(source: Source) -> Template:
    url = url_of(source)
    start = source.start or Fraction(0)
    metadata = {NAMESPACE: _facts(source), "aaf": _own(source, url)}
    plan = MediaPlan.of(source.name, url, metadata, _available(source, start))
    return Template(plan, start, _rates(source), url)


def _rates(source: Source) -> list[Fraction | int]:
    """Give the rates of the media, samples before frames."""
    return [rate for rate in (source.file.sample_rate if source.file else None, source.rate) if rate]


def _available(source: Source, start: Fraction) -> Any:
    """Give the stretch of the media, where anything about it is stated."""
    duration = (source.file.duration if source.file else None) or source.length
    if duration is None:
        return None
    grid = common_rate([start, duration], _rates(source))
    if max(start, duration) * grid > _WIDEST:
        return None
    return to_time_range(start, duration, grid)


def _facts(source: Source) -> dict[str, Any]:
    """Give what is known of the media as `MediaFacts` keep it, without what is as by default."""
    file = source.file
    facts: dict[str, Any] = {"schema": SCHEMA, "name": source.name, "tape": source.tape}
    if file is not None:
        facts |= {"channels": file.channels, "sample_rate": file.sample_rate, "bits": file.bits, "kind": file.kind}
        facts |= {
            "embedded": file.embedded or None,
            "frame_size": file.frame_size,
            "uid": None if source.file_id is None else str(source.file_id),
        }
    if source.rate is not None:
        rate = Rate.of(source.rate)
        facts |= {"rate": rate.text, "drop_frame": (source.drop and rate.can_drop) or None}
    if source.columns:
        facts["extra"] = {"columns": source.columns}
    return {name: value for name, value in facts.items() if value is not None}


def _own(source: Source, url: str | None) -> dict[str, Any]:
    others = [one for one in source.urls if one != url]
    own: dict[str, Any] = {"MobID": str(source.master_id)} if source.master_id is not None else {}
    if others:
        own["Locator"] = others
    if source.tape_start:
        own["StartTime"] = fraction_text(source.tape_start)
    return own
