"""Media references of assets, as the JSON that clips are laid with."""

from __future__ import annotations

import json
from typing import Any

from postsync.model import media_members, stated_json
from postsync_adapters.fcpxml.document import Asset


def media_text(asset: Asset | None, name: str) -> str:
    """Give the reference of an asset; of one that the document does not define, a missing one with the clip's name."""
    if asset is None:
        return media_members(name, None, {}, None)
    if not asset.made:
        facts = stated_json(asset.facts, but=("name",))
        available = None if asset.duration is None else (asset.start, asset.duration)
        asset.made.append(media_members(asset.name, asset.src, facts, available))
    text: str = asset.made[0]
    return text


def generator_text(name: str, kind: str, text: str | None, runs: list[dict[str, Any]]) -> str:
    """Give the reference of a title or of another generator."""
    parameters: dict[str, Any] = {"text": text} if text else {}
    if runs:
        parameters["runs"] = runs
    return json.dumps(
        {
            "OTIO_SCHEMA": "GeneratorReference.1",
            "name": name,
            "generator_kind": kind,
            "parameters": parameters,
            "metadata": {},
            "available_range": None,
        }
    )
