"""A session text that ptulsconv took apart and wrote as JSON (`--raw`): the same session in another syntax.

Its names of fields are those of ptulsconv's own records; times are the texts of the export.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from postsync.errors import FormatError
from postsync_adapters.pro_tools_text.session import EventRow, ListedClip, ListedFile, MarkerRow, Session, TrackBlock

_HEAD = re.compile(r'\s*\{\s*"header"\s*:\s*\{[^}]*"session_name"')


def is_raw_json(text: str) -> bool:
    """Whether a text begins as ptulsconv's raw JSON does."""
    return _HEAD.match(text) is not None


def session_of_json(text: str, path: object = None) -> Session:
    """Read the session. Raises FormatError where the JSON is cut or of another shape."""
    try:
        data = json.loads(text)
        return _session(data)
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError) as fault:
        raise FormatError(
            f"this JSON breaks off or is not what ptulsconv writes ({fault})", path=path, expected="its raw session"
        ) from fault


def _session(data: Mapping[str, Any]) -> Session:
    session = Session(header=_header(data["header"]), has_markers=True)
    session.files = [
        ListedFile(_text(one, "filename", "name"), _text(one, "path", "location")) for one in _list(data, "files")
    ]
    session.clips = [
        ListedClip(
            _text(one, "clip_name", "name"), _text(one, "file", "source_file", "source"), _number(one.get("channel"))
        )
        for one in _list(data, "clips")
    ]
    session.tracks = [_track(one, place) for place, one in enumerate(_list(data, "tracks"), 1)]
    session.markers = [
        MarkerRow(
            int(one["number"]), _text(one, "location"), _text(one, "time_reference"), _text(one, "units") or "Samples",
            _text(one, "name"), None, None, _text(one, "comments"), place,
        )
        for place, one in enumerate(_list(data, "markers"), 1)
    ]  # fmt: skip
    return session


def _header(data: Mapping[str, Any]) -> dict[str, str]:
    fps = _text(data, "timecode_fps", "timecode_format")
    drop = " Drop" if data.get("timecode_drop_frame") and fps else ""
    values = {
        "SESSION NAME": _text(data, "session_name"), "SAMPLE RATE": _text(data, "sample_rate"),
        "BIT DEPTH": _text(data, "bit_depth"), "SESSION START TIMECODE": _text(data, "start_timecode"),
        "TIMECODE FORMAT": f"{fps}{drop} Frame" if fps else "",
    }  # fmt: skip
    return {key: value for key, value in values.items() if value}


def _track(data: Mapping[str, Any], place: int) -> TrackBlock:
    rows = [
        EventRow(
            int(one["channel"]), int(one["event"]), _text(one, "clip_name"), _text(one, "start_timecode", "start_time"),
            _text(one, "finish_timecode", "finish_time"), _text(one, "duration"), one.get("timestamp"), one.get("state"), place,
        )
        for one in _list(data, "clips")
    ]  # fmt: skip
    states, plug_ins = (tuple(str(one) for one in data.get(name) or ()) for name in ("state", "plugins"))
    delay = f"{data.get('user_delay_samples') or 0} Samples"
    return TrackBlock(_text(data, "name"), place, _text(data, "comments"), delay, states, plug_ins, rows)


def _list(data: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    return list(data.get(name) or ())


def _text(data: Mapping[str, Any], *names: str) -> str:
    value = next((data[name] for name in names if data.get(name) is not None), "")
    return f"{value:.6f}" if isinstance(value, float) else str(value)


def _number(value: Any) -> int | None:
    return int(value) if isinstance(value, int) else None
