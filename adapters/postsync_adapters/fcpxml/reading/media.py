"""Media references of assets, as the JSON that clips are laid with."""

from __future__ import annotations

from typing import Any

import opentimelineio as otio

from postsync.model import MediaFacts, put_block, to_json
from postsync.timing import to_time_range
from postsync_adapters.fcpxml.document import Asset

_DEFAULTS = to_json(MediaFacts())


def media_text(asset: Asset | None, name: str) -> str:
    """Give the reference of an asset; of one that the document does not define, a missing one with the clip's name."""
    if asset is None:
        return _text(otio.schema.MissingReference(name=name))
    if not asset.made:
        asset.made.append(_text(_reference(asset)))
    return asset.made[0]


def generator_text(name: str, kind: str, text: str | None, runs: list[dict[str, Any]]) -> str:
    """Give the reference of a title or of another generator."""
    parameters: dict[str, Any] = {"text": text} if text else {}
    if runs:
        parameters["runs"] = runs
    return _text(otio.schema.GeneratorReference(name=name, generator_kind=kind, parameters=parameters))


def _reference(asset: Asset) -> Any:
    exact = None if asset.duration is None else to_time_range(asset.start, asset.duration)
    media: Any
    if asset.src is None:
        media = otio.schema.MissingReference(name=asset.name, available_range=exact)
    else:
        media = otio.schema.ExternalReference(target_url=asset.src, available_range=exact)
        media.name = asset.name
    facts = to_json(asset.facts)
    put_block(media, {name: value for name, value in facts.items() if value != _DEFAULTS[name]})
    return media


def _text(media: Any) -> str:
    text: str = media.to_json_string(-1)
    return text
