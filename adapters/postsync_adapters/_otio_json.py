"""OpenTimelineIO's JSON from files that may be damaged."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, BinaryIO

import opentimelineio as otio

from postsync.errors import FormatError

_SCHEMA = re.compile(r'"OTIO_SCHEMA"\s*:\s*"((?:[^"\\]|\\.)*)"')
_KNOWN = re.compile(r"[A-Za-z_][\w.]*\.[1-9]\d{0,3}")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make an object of its names, each of which may stand once."""
    made = dict(pairs)
    if len(made) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise FormatError("not OpenTimelineIO JSON", expected="each name once in an object", found=f"{twice!r} twice")
    return made


def read_otio_json(file: BinaryIO, path: Path | None) -> Any:
    """Give what a file of OpenTimelineIO JSON holds; FormatError where it is none.

    OpenTimelineIO's own reader (0.18) takes the whole process down at some errors of syntax within an object, at names
    that stand twice in one, and at versions of schemas below 1, so that the text is looked through here first.
    """
    try:
        text = file.read().decode("utf-8-sig")
        json.loads(text, object_pairs_hook=_once)
        odd = next((name for name in _SCHEMA.findall(text) if not _KNOWN.fullmatch(name)), None)
        if odd is not None:
            raise FormatError(path=path, expected="schemas such as Clip.2", found=repr(odd))
        return otio.adapters.otio_json.read_from_string(text)
    except FormatError:
        raise
    except (ValueError, KeyError, otio.exceptions.OTIOError) as fault:
        raise FormatError(f"not OpenTimelineIO JSON: {fault}", path=path) from fault
