"""Where our facts live in OpenTimelineIO metadata, and how older blocks are brought up to date.

Everything is under one key, `postsync`, on plain OTIO objects: a file that we wrote reads in any program that reads OTIO.
Each block carries a `schema` number; what a format could not be modelled by lies under that format's own name beside it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import opentimelineio as otio

from postsync.errors import FormatError
from postsync.model.records import plain

NAMESPACE = "postsync"
"""The key under which our facts lie in OTIO's metadata.

>>> sorted(timeline.metadata[NAMESPACE])[:2]
['characters', 'drop_frame']
"""
SCHEMA = 1
"""The number of our schema in metadata; older blocks are brought up to it when they are read.

>>> clip = otio.schema.Clip("12A-3")
>>> put_block(clip, {"note": "wind"})
>>> clip.metadata[NAMESPACE]["schema"] == SCHEMA
True
"""

UPGRADES: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}
"""From schema n to n + 1. Empty while there is one schema; a change adds a row here, never a branch in a reader."""


def block(holder: Any) -> dict[str, Any]:
    """Give our block of an OTIO object's metadata as plain values, brought up to the schema of today; {} where none.

    Raises FormatError where a newer postsync wrote it.

    >>> clip = otio.schema.Clip("12A-3")
    >>> put_block(clip, {"note": "wind"})
    >>> block(clip)["note"], block(otio.schema.Clip("other"))
    ('wind', {})
    """
    metadata = holder.metadata
    found = metadata.get(NAMESPACE) if len(metadata) else None  # OTIO looks up what is missing by an exception
    return {} if found is None else upgraded(plain(found))


def part(holder: Any, name: str) -> Any:
    """Give one entry of our block as plain values, None where it is not there; the rest is not looked at."""
    found = holder.metadata.get(NAMESPACE)
    if found is None:
        return None
    if found.get("schema", SCHEMA) != SCHEMA:
        return block(holder).get(name)
    return plain(found.get(name))


def small_part(holder: Any, name: str) -> Any:
    """Give one entry of our block as `part` does, for an object that holds little else, such as a marker."""
    return own_block(held_values(holder)).get(name)


def held_values(holder: Any) -> dict[str, Any]:
    """Give all that an object holds as JSON values.

    OpenTimelineIO writes JSON in C++: for a whole cue that is ten times faster than asking for it item by item.
    """
    values: dict[str, Any] = json.loads(holder.to_json_string(-1))
    return values


def own_block(values: Mapping[str, Any]) -> dict[str, Any]:
    """Give our block of an object's JSON values, brought up to the schema of today; {} where none."""
    return upgraded(values["metadata"].get(NAMESPACE) or {})


def from_plain(plain: Mapping[str, Any]) -> Any:
    """Make an OpenTimelineIO object of its JSON values.

    OpenTimelineIO reads JSON in C++: metadata are in place up to five times faster than item by item. Its reader ends a text
    at a NUL and refuses half a surrogate pair; no program means to write either.
    """
    return from_text(json_text(plain))


json_text = json.JSONEncoder(separators=(",", ":")).encode


def from_text(text: str) -> Any:
    """Make an OpenTimelineIO object of its JSON in ASCII, as `json_text` gives it; see `from_plain`."""
    if "\\u0000" in text or "\\ud" in text:
        text = json_text(readable(json.loads(text)))
    return otio.core.deserialize_json_from_string(text)


def readable(value: Any) -> Any:
    """Give JSON values without what OpenTimelineIO does not take: NUL, and half a surrogate pair."""
    if isinstance(value, str):
        return value.replace("\0", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, Mapping):
        return {readable(name): readable(item) for name, item in value.items()}
    return [readable(item) for item in value] if isinstance(value, (list, tuple)) else value


def put_block(holder: Any, facts: Mapping[str, Any]) -> None:
    """Write our block, keeping what other parts of it were there.

    Raises FormatError where a newer postsync wrote what is there.

    >>> clip = otio.schema.Clip("12A-3")
    >>> put_block(clip, {"note": "wind"})
    >>> put_block(clip, {"role": "dialogue"})
    >>> block(clip)["note"], block(clip)["role"]
    ('wind', 'dialogue')
    """
    there = holder.metadata.get(NAMESPACE)
    if there is None or there.get("schema", SCHEMA) != SCHEMA:
        holder.metadata[NAMESPACE] = {**block(holder), **facts, "schema": SCHEMA}
        return
    for name, value in facts.items():
        there[name] = value
    there["schema"] = SCHEMA


def put_block_fields(holder: Any, part: str, fields: Mapping[str, Any]) -> None:
    """Change some fields of one part of our block; the whole part where an older postsync wrote it."""
    there = holder.metadata.get(NAMESPACE)
    if there is None or there.get("schema", SCHEMA) != SCHEMA or part not in there:
        put_block(holder, {part: {**(block(holder).get(part) or {}), **fields}})
        return
    for name, value in fields.items():
        there[part][name] = value


def upgraded(facts: dict[str, Any]) -> dict[str, Any]:
    """Bring a block written by an older postsync up to date; one from a newer version is refused by name."""
    schema = facts.get("schema", SCHEMA)
    if not isinstance(schema, int) or schema < 1 or schema > SCHEMA:
        raise FormatError(
            "this file was written by a newer postsync",
            expected=f"schema {SCHEMA} or older",
            found=f"schema {schema}",
            remedy="update postsync",
        )
    while schema < SCHEMA:
        facts = UPGRADES[schema](facts)
        schema += 1
    return facts
