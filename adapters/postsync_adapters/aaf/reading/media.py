"""The media of clips as OpenTimelineIO references, made once for each source and copied for each clip."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import opentimelineio as otio

from postsync.model import NAMESPACE, SCHEMA, MediaFacts, to_json
from postsync.timing import Rate, common_rate, fraction_text, to_time_range
from postsync_adapters.aaf.reading.chains import Source

_WIDEST = 2**53


@dataclass(frozen=True)
class Template:
    """A media reference to be copied, and where its media begin by their own timecode, in seconds."""

    reference: Any
    start: Fraction
    sample_rate: int | None
    url: str | None


class Library:
    """Makes the references of one file."""

    def __init__(self) -> None:
        self._templates: dict[int, Template] = {}
        self.sources: list[Source] = []

    def template(self, source: Source) -> Template:
        """Give the reference of a source."""
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
    available = _available(source, start)
    metadata = _metadata(source, url)
    reference: Any = (
        otio.schema.MissingReference(name=source.name, available_range=available, metadata=metadata)
        if url is None
        else otio.schema.ExternalReference(target_url=url, available_range=available, metadata=metadata)
    )
    reference.name = source.name
    return Template(reference, start, source.file.sample_rate if source.file else None, url)


def _available(source: Source, start: Fraction) -> Any:
    """Give the stretch of the media, where anything about it is stated."""
    duration = (source.file.duration if source.file else None) or source.length
    if duration is None:
        return None
    preferred = [rate for rate in (source.file.sample_rate if source.file else None, source.rate) if rate]
    grid = common_rate([start, duration], preferred)
    if max(start, duration) * grid > _WIDEST:
        return None
    return to_time_range(start, duration, grid)


def media_facts_of(source: Source) -> MediaFacts:
    """Give what is known of the media of a source."""
    file = source.file
    rate = None if source.rate is None else Rate.of(source.rate)
    return MediaFacts(
        name=source.name or None,
        channels=file.channels if file else None,
        sample_rate=file.sample_rate if file else None,
        bits=file.bits if file else None,
        rate=None if rate is None else rate.text,
        drop_frame=bool(rate and source.drop and rate.nominal in (30, 60, 120)),
        tape=source.tape,
        uid=None if source.file_id is None else str(source.file_id),
        kind=file.kind if file else None,
        embedded=bool(file and file.embedded),
        extra={"columns": source.columns} if source.columns else {},
    )


def _metadata(source: Source, url: str | None) -> dict[str, Any]:
    facts = media_facts_of(source)
    stated = {name: value for name, value in to_json(facts).items() if value not in (None, False, {})}
    others = [one for one in source.urls if one != url]
    own: dict[str, Any] = {"MobID": str(source.master_id)} if source.master_id is not None else {}
    if others:
        own["Locator"] = others
    if source.tape_start:
        own["StartTime"] = fraction_text(source.tape_start)
    return {NAMESPACE: {**stated, "schema": SCHEMA}, **({"aaf": own} if own else {})}
