"""OpenTimelineIO's JSON from files that may be damaged."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, BinaryIO

import opentimelineio as otio

from postsync.errors import FormatError


def read_otio_json(file: BinaryIO, path: Path | None) -> Any:
    """Give what a file of OpenTimelineIO JSON holds; FormatError where it is none.

    OpenTimelineIO's own reader (0.18) takes the whole process down at some errors of syntax within an object, so that the
    text is parsed here first.
    """
    try:
        text = file.read().decode("utf-8-sig")
        json.loads(text)
        return otio.adapters.otio_json.read_from_string(text)
    except (ValueError, KeyError, otio.exceptions.OTIOError) as fault:
        raise FormatError(f"not OpenTimelineIO JSON: {fault}", path=path) from fault
