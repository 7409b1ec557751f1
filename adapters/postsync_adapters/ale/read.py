"""A log as a timeline: its clips one after another in the order of the file, as an editor would drop a bin into a sequence.

A bin has no order in time, so the record times are ours: they begin at 00:00:00:00 unless `start` says otherwise. Picture
lies on one track, the sound of the same rows under it on another. Nothing of this is written back: a log is written from its
rows, which ride along whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any, BinaryIO

import opentimelineio as otio

from postsync.formats import ReadOptions, Timelines, decode_text, path_of
from postsync.model import (
    ClipFacts,
    MediaFacts,
    Planned,
    TimelineFacts,
    clip_members,
    media_members,
    planned_track,
    put_timeline_facts,
    stated_facts,
    stated_json,
    with_fields,
)
from postsync.report import Report
from postsync.sound import url_from_path
from postsync.timing import Rate, parse_timecode, seconds_of_frame
from postsync_adapters.ale import columns as c
from postsync_adapters.ale.cues import put_cues
from postsync_adapters.ale.log import AvidLog, parse_log
from postsync_adapters.ale.rows import LoggedClip, logged_clips

_KILOHERTZ = re.compile(r"\s*(\d+(?:\.\d+)?)\s*k", re.IGNORECASE)


@dataclass(frozen=True)
class AleReadOptions(ReadOptions):
    """`start`: label of the first clip's first frame. `encoding`: overrules the guess (`mac_roman`, `cp1252`, …)."""

    start: str = "00:00:00:00"
    encoding: str | None = None


def read(file: BinaryIO, report: Report, options: AleReadOptions) -> Timelines:
    """Read the clips of one log."""
    path = path_of(file)
    text = decode_text(file.read(), report, options.encoding)
    log = parse_log(text.text, path)
    rate, clips = logged_clips(log, options.rate, report, path)
    clips = _end_to_end(clips, rate)
    timeline = otio.schema.Timeline(name=options.name or (path.stem if path else ""))
    start = parse_timecode(options.start, rate, place="option start")
    put_timeline_facts(timeline, TimelineFacts(rate, start, _sample_rate(log), _producer(clips), "ale"))
    timeline.metadata["ale"] = _layout(log, text.encoding, text.mark)
    _lay(timeline, clips, dict(log.headings), rate)
    put_cues(timeline, clips, report)
    return [timeline]


def _layout(log: AvidLog, encoding: str, mark: bytes) -> dict[str, Any]:
    """Keep what the file looked like; a row only where its cells joined again are not it."""
    after = {str(number): row.after for number, row in enumerate(log.rows, 1) if row.after != log.line_end}
    raw = {str(number): row.raw for number, row in enumerate(log.rows, 1) if log.delimiter != "\t"}
    return {
        "heading": dict(log.headings),
        "columns": list(log.keys),
        "head": log.head,
        "delimiter": log.delimiter,
        "line_end": log.line_end,
        "encoding": encoding,
        "byte_order_mark": bool(mark),
        "after": after,
        "raw": raw,
    }


def _end_to_end(clips: list[LoggedClip], rate: Rate) -> list[LoggedClip]:
    """Lay the clips one after another, each on a whole frame of the bin."""
    laid, at = list[LoggedClip](), 0
    for clip in clips:
        laid.append(with_fields(clip, record_in=seconds_of_frame(at, rate)))
        frames = clip.duration * rate.fps
        at += -(-frames.numerator // frames.denominator)
    return laid


# ---------------------------------------------------------------------------------------------------------------- clips


def _lay(timeline: Any, clips: list[LoggedClip], headings: dict[str, str], rate: Rate) -> None:
    for kind in (otio.schema.TrackKind.Video, otio.schema.TrackKind.Audio):
        video = kind == otio.schema.TrackKind.Video
        chosen = [clip for clip in clips if (clip.picture if video else clip.sound)]
        planned = [_planned(clip, headings, video) for clip in chosen]
        if planned:
            track = planned_track("", kind, planned, [rate.fps])
            _put_nuls(track, chosen, video)
            timeline.tracks.append(track)


def _put_nuls(track: Any, clips: list[LoggedClip], video: bool) -> None:
    """Keep the cells of rows with a NUL, which OpenTimelineIO's JSON cannot hold, by its own objects."""
    damaged = {
        place for place, clip in enumerate(clips) if any("\0" in text for pair in clip.keyed.items() for text in pair)
    }
    for place, item in enumerate(track.find_clips() if damaged else ()):
        if place in damaged:
            item.metadata["ale"] = _row(clips[place], video)


def _row(logged: LoggedClip, video: bool) -> dict[str, Any]:
    whole = video or not logged.picture
    return {"row": logged.row, **({"columns": logged.keyed} if whole else {})}


def _planned(logged: LoggedClip, headings: dict[str, str], video: bool) -> Planned:
    """Plan the picture of a row, or its sound; the first of the two carries the row's cells."""
    cells, start = logged.cells, seconds_of_frame(logged.start or 0, logged.rate)
    facts = ClipFacts(
        channels=None if video else logged.sound,
        note=cells.first(c.NOTE) or None,
        link_group=f"row {logged.row}" if logged.picture and logged.sound else None,
        origin=f"line {logged.line}",
        extra={
            "scene": cells.first(c.SCENE) or None,
            "take": cells.first(c.TAKE) or None,
            "circled": cells.yes(c.CIRCLED),
        },
    )
    media = _media(logged, start, headings, video)
    members = clip_members(logged.name, stated_facts(facts), media, foreign={"ale": _row(logged, video)})
    return Planned(members, logged.record_in, logged.record_in + logged.duration, start)


def _media(logged: LoggedClip, start: Fraction, headings: dict[str, str], video: bool) -> str:
    cells = logged.cells
    roll = cells.first(c.TAPE if logged.picture else c.SOUND_ROLL) or headings.get("TAPE", "").strip()
    bits = cells.first(c.BITS)
    facts = MediaFacts(
        name=cells.first(c.SOURCE_FILE if logged.picture else c.SOUND_FILE) or logged.name,
        channels=max(logged.sound) if logged.sound else None,
        sample_rate=_hertz(cells.first(c.SAMPLE_RATE)) or _hertz(headings.get("AUDIO_FORMAT", "")),
        bits=int(bits) if re.fullmatch(r"\d{1,2}", bits) else None,
        rate=logged.rate.text,
        drop_frame=logged.rate.drop,
        tape=roll or None,
        uid=cells.first(c.UID) or None,
        kind="picture" if video else "sound",
        has_picture=logged.picture,
    )
    path = _media_path(cells)
    url = url_from_path(path) if path else None
    return media_members("", url, stated_json(facts), (start, logged.duration))


def _media_path(cells: c.Cells) -> str:
    """Give where the file lies, where the row says so by a whole path."""
    folder, name = cells.first(c.SOURCE_FOLDER), cells.first(c.SOURCE_FILE)
    whole = cells.first(c.SOURCE_PATH)
    if not whole and folder and name:
        slash = "\\" if "\\" in folder and "/" not in folder else "/"
        whole = folder if folder.endswith(name) else folder.rstrip("\\/") + slash + name
    return whole if re.match(r"(?:/|\\\\|[A-Za-z]:[\\/]|file:)", whole) else ""


@lru_cache(maxsize=256)
def _hertz(text: str) -> int | None:
    """Read `48khz`, `48000`, `48 kHz`; `44khz` is 44100."""
    match = _KILOHERTZ.match(text)
    if match is not None:
        rate = int(Fraction(match[1]) * 1000)
        return {44000: 44100, 22000: 22050, 88000: 88200}.get(rate, rate)
    return int(text) if re.fullmatch(r"\d{4,6}", text) else None


def _sample_rate(log: AvidLog) -> int | None:
    return _hertz(dict(log.headings).get("AUDIO_FORMAT", "").strip())


def _producer(clips: list[LoggedClip]) -> str | None:
    """Resolve signs its logs in every row; nobody else does."""
    resolve = "DaVinci Resolve"
    return resolve if any(clip.cells.first(c.MAKER) == resolve for clip in clips) else None
