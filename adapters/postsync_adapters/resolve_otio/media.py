"""The media of clips, as Resolve refers to them: a bare path, and how much of the file there is by its own timecode."""

from __future__ import annotations

import json
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import opentimelineio as otio

from postsync.model import PlacedClip, TimelineFacts
from postsync.report import Report
from postsync.sound import path_from_url
from postsync.sound.places import is_windows
from postsync.timing import as_rate
from postsync_adapters.resolve_otio.dialect import DIALECT
from postsync_adapters.resolve_otio.plan import Piece

Json = dict[str, Any]


def time_of(seconds: Fraction, fps: Fraction) -> Json:
    """Give a time as Resolve writes it: frames of a rate, both as floats."""
    return {"OTIO_SCHEMA": "RationalTime.1", "rate": float(fps), "value": float(seconds * fps)}


def range_of(start: Fraction, duration: Fraction, fps: Fraction) -> Json:
    """Give a range of exact seconds."""
    return {
        "OTIO_SCHEMA": "TimeRange.1",
        "duration": time_of(duration, fps),
        "start_time": time_of(start, fps),
    }


class Media:
    """Writes the references of one file; how much of a media file is used tells its length where nothing else does."""

    def __init__(self, pieces: Iterable[Piece], facts: TimelineFacts, report: Report) -> None:
        self._facts = facts
        self._report = report
        self._used: dict[tuple[str | None, str], Fraction] = {}
        self._unplaced: set[str] = set()
        for piece in pieces:
            key = _key(piece.placed)
            self._used[key] = max(self._used.get(key, Fraction(0)), _last_used(piece.placed))

    def reference(self, piece: Piece) -> Json:
        """Give the reference of a clip."""
        placed = piece.placed
        media = placed.clip.media_reference
        if isinstance(media, (otio.schema.GeneratorReference, otio.schema.ImageSequenceReference)):
            return _as_it_is(media)
        path = "" if placed.url is None else path_from_url(placed.url)
        if is_windows(path):
            path = path.replace("/", "\\")
        about = {"metadata": {}, "name": placed.media.name or placed.clip.name, "available_range": self._range(placed)}
        bounds = {"available_image_bounds": None}
        if placed.media.extra.get("offline") or not is_whole(path):
            self._note_unplaced(piece, path)
            known: Json = {DIALECT: {"Media Url": path}} if path else {}
            return {"OTIO_SCHEMA": "MissingReference.1", **about, **bounds, "metadata": known}
        return {"OTIO_SCHEMA": "ExternalReference.1", **about, **bounds, "target_url": path}

    def _note_unplaced(self, piece: Piece, path: str) -> None:
        name = piece.placed.media.name or piece.placed.clip.name
        if not is_whole(path) and name not in self._unplaced:
            self._unplaced.add(name)
            self._report.note("media-without-address", where=piece.where, media=name)

    def _range(self, placed: PlacedClip) -> Json:
        """Give the stretch that there is of a file: whole frames at its own rate, and no less than is played."""
        fps = as_rate(Fraction(placed.media.rate)).fps if placed.media.rate else self._facts.rate.fps
        used, known = self._used[_key(placed)], placed.media_duration
        frames = Fraction(-(-used * fps // 1))
        if known is not None:
            frames = max(Fraction(known * fps // 1), min(frames, known * fps))
        return range_of(placed.media_start, frames / fps, fps)


def is_whole(path: str) -> bool:
    """Whether a path says where a file is: for a relative one Resolve makes no timeline, and says nothing."""
    return path.startswith(("/", "\\\\")) or is_windows(path)


def _as_it_is(media: Any) -> Json:
    made: Json = json.loads(media.to_json_string(-1))
    made["metadata"] = {name: value for name, value in made["metadata"].items() if name == DIALECT}
    return made


def _key(placed: PlacedClip) -> tuple[str | None, str]:
    return placed.url, placed.media.name or placed.clip.name


def _last_used(placed: PlacedClip) -> Fraction:
    """Give the last moment of its file that a clip plays."""
    if placed.facts.retime:
        return max(value for _, value in placed.facts.retime)
    return placed.source_in + placed.duration * abs(placed.facts.speed)
