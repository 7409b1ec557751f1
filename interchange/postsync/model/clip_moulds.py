"""Many clips of one media: what they share is written once and copied, since OpenTimelineIO takes long over each value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, NamedTuple

import opentimelineio as otio

from postsync.model.facts import ClipFacts, speed_effects, stated_facts
from postsync.model.keys import NAMESPACE, SCHEMA, from_plain


class MediaPlan(NamedTuple):
    """A media reference that is still to be made: its JSON values, and the stretch that there is of it, None where unknown.

    >>> MediaPlan.of("12A-3.wav", None, {}, None).plain["OTIO_SCHEMA"]
    'MissingReference.1'
    """

    plain: Mapping[str, Any]
    available: otio.opentime.TimeRange | None = None

    @classmethod
    def of(
        cls, name: str, url: str | None, metadata: Mapping[str, Any], available: otio.opentime.TimeRange | None
    ) -> MediaPlan:
        """Plan a reference to a file, or to what has no place of its own."""
        form = {"OTIO_SCHEMA": "MissingReference.1"}
        if url is not None:
            form = {"OTIO_SCHEMA": "ExternalReference.1", "target_url": url}
        return cls({**form, **_NO_RANGES, "name": name, "metadata": metadata}, available)


_NO_RANGES: dict[str, Any] = {"available_range": None, "available_image_bounds": None}
_kept: Callable[[Any], Any] = getattr(getattr(otio, "_otio", None), "PyAny", lambda value: value)
"""What OpenTimelineIO keeps a value in. It takes one as it is, where it asks any other four times what it may be."""

_SCALARS = frozenset({str, float, int})


class ClipMould:
    """Makes many clips of one media: what they share is attached to the first and copied, which takes a fraction of the time.

    Facts that are as by default are not written; they read the same.

    >>> media = MediaPlan.of("12A-3.wav", "file:///sound/12A-3.wav", {}, None)
    >>> mould = ClipMould("12A-3", {"DEFAULT_MEDIA": media}, ClipFacts(role="dialogue"))
    >>> clip = mould.clip(timing.to_time_range(Fraction(0), Fraction(5), 24), stated_facts(ClipFacts(note="wind")))
    >>> clip_facts(clip).role, clip_facts(clip).note
    ('dialogue', 'wind')
    """

    def __init__(self, name: str, media: Mapping[str, MediaPlan], shared: ClipFacts) -> None:
        clip: otio.schema.Clip = from_plain(
            {
                "OTIO_SCHEMA": "Clip.2",
                "name": name,
                "metadata": {NAMESPACE: {"schema": SCHEMA, **stated_facts(shared)}},
                "media_references": {key: plan.plain for key, plan in media.items()},
                "active_media_reference_key": otio.schema.Clip.DEFAULT_MEDIA_KEY,
            }
        )
        # Set as objects, so that rates are the very doubles that stand for them.
        for key, reference in clip.media_references().items():
            reference.available_range = media[key].available
        self._first = clip

    def clip(self, source_range: otio.opentime.TimeRange, own: Mapping[str, Any]) -> otio.schema.Clip:
        """Give a clip with facts of its own beside the shared ones, as `stated_facts` gives them."""
        clip: otio.schema.Clip = self._first.clone()
        clip.source_range = source_range
        stated = clip.metadata[NAMESPACE]
        for name, value in own.items():
            stated[name] = _kept(value) if type(value) in _SCALARS else value
        if "speed" in own:
            clip.effects.extend(speed_effects(Fraction(own["speed"])))
        return clip
