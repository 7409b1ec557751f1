"""Writing: the timeline as Resolve itself writes one, so that it takes it back as a new timeline.

Every track is filled up to the end with a gap; picture lies before sound; a position is a frame of the timeline, and where
a clip plays in its media stands in the media's own timecode, at the timeline's rate.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, BinaryIO, Literal

import opentimelineio as otio

from postsync.cueing import TagLevel
from postsync.formats import Options
from postsync.model import TimelineFacts, timeline_facts
from postsync.report import Report
from postsync.timing import Rate, from_rational_time, rate_of_float, seconds_of_frame
from postsync_adapters.resolve_otio.dialect import CHANNELS_OF_TYPES, DIALECT, MIXES, TITLE, VERSION, channels_of
from postsync_adapters.resolve_otio.effects import effects_of, kept_effects, kept_facts, parameter
from postsync_adapters.resolve_otio.markers import markers_of
from postsync_adapters.resolve_otio.media import Media, range_of, time_of
from postsync_adapters.resolve_otio.plan import Joint, Nest, Piece, Row, rows_of

Json = dict[str, Any]


@dataclass(frozen=True)
class WriteOptions(Options):
    """`tags`: what is written behind a cue's line so that the cue is known again when the timeline comes back.

    `offline`: keep clips without a file, such as titles of Fusion, or leave a gap. For one of them Resolve was seen to refuse a
    whole timeline.
    """

    tags: TagLevel = "uid"
    offline: Literal["keep", "gap"] = "keep"


def write(timeline: otio.schema.Timeline, file: BinaryIO, report: Report, options: WriteOptions) -> None:
    """Write the timeline with its cues as markers."""
    facts = timeline_facts(timeline)
    rows = rows_of(timeline, facts, report, gaps=options.offline == "gap")
    _note_reels(rows, report)
    markers, on_clips = markers_of(timeline, rows, facts, options.tags, report)
    document = _Document(rows, on_clips, facts, report)
    whole = {
        "OTIO_SCHEMA": "Timeline.1",
        "metadata": {DIALECT: VERSION},
        "name": timeline.name,
        "global_start_time": time_of(seconds_of_frame(facts.start_frame, facts.rate), facts.rate.fps),
        "tracks": _stack([document.track(row) for row in rows], markers),
    }
    file.write(_text(whole).encode("utf-8", "replace"))


_dumps = json.JSONEncoder(ensure_ascii=False).encode
"""Without indents, which Python writes in Python: they would take half of all the time."""


def _text(item: Json) -> str:
    """Give the JSON of an object with what it holds on lines of their own."""
    for name in ("children", "tracks"):
        if name in item:
            rest = {key: value for key, value in item.items() if key != name}
            held = item[name]
            inner = _text(held) if isinstance(held, dict) else "[\n" + ",\n".join(map(_text, held)) + "\n]"
            return f'{_dumps(rest)[:-1]}, "{name}": {inner}}}'
    return _dumps(item)


def _note_reels(rows: list[Row], report: Report) -> None:
    """Name the reels and sound rolls, for which this file has no place; Resolve reads them from the media."""
    tapes = {piece.placed.media.tape for row in rows for piece in row.pieces if piece.placed.media.tape}
    if tapes:
        words = "reel or sound roll" if len(tapes) == 1 else "reels and sound rolls"
        report.note("feature-not-carried", feature=f"{len(tapes)} {words}", format=TITLE, count=len(tapes))


def _stack(tracks: list[Json], markers: list[Json]) -> Json:
    return {
        "OTIO_SCHEMA": "Stack.1",
        "metadata": {},
        "name": "",
        "source_range": None,
        "effects": [],
        "markers": markers,
        "enabled": True,
        "children": tracks,
    }


class _Document:
    """The tracks of one file: what they share are media, links and the end that all are filled up to."""

    def __init__(self, rows: list[Row], on_clips: dict[int, list[Json]], facts: TimelineFacts, report: Report) -> None:
        pieces = [piece for row in rows for piece in row.pieces]
        self._on_clips = on_clips
        self._facts = facts
        self._fps = facts.rate.fps
        self._report = report
        self._media = Media(pieces, facts, report)
        self._groups = _link_groups(pieces)
        self._end = max((one.end for row in rows for one in row.laid), default=0)

    def track(self, row: Row) -> Json:
        """Give one track with its clips, gaps and transitions."""
        sound = row.source.kind == "audio"
        return {
            "OTIO_SCHEMA": "Track.1",
            "metadata": {DIALECT: _track_facts(row, sound)},
            "name": row.name,
            "source_range": None,
            "effects": [],
            "markers": [],
            "enabled": not row.source.facts.muted,
            "children": list(self._children(row, "audio" if sound else "video")),
            "kind": "Audio" if sound else "Video",
        }

    def _children(self, row: Row, kind: str) -> Iterator[Json]:
        at = 0
        for item in row.ordered():
            start = item.cut if isinstance(item, Joint) else item.start
            if start > at:
                yield self._gap(start - at)
                at = start
            if isinstance(item, Joint):
                yield self._transition(item, kind, row)
                continue
            yield self._clip(item, kind) if isinstance(item, Piece) else self._compound(item)
            at = item.end
        if at < self._end:
            yield self._gap(self._end - at)

    def _gap(self, frames: int) -> Json:
        return {
            "OTIO_SCHEMA": "Gap.1",
            "metadata": {},
            "name": "",
            "source_range": range_of(Fraction(0), frames / self._fps, self._fps),
            "effects": [],
            "markers": [],
            "enabled": True,
        }

    def _clip(self, piece: Piece, kind: str) -> Json:
        placed = piece.placed
        about = kept_facts(placed.clip)
        about.pop("Link Group ID", None)
        if piece.channels is not None and piece.channels != channels_of(about.get("Channels")):
            about["Channels"] = [{"Source Channel ID": one - 1, "Source Track ID": 0} for one in piece.channels]
        group = self._groups.get(placed.facts.link_group or "")
        if group is not None:
            about["Link Group ID"] = group
        return {
            "OTIO_SCHEMA": "Clip.2",
            "metadata": {DIALECT: about},
            "name": placed.clip.name,
            "source_range": range_of(placed.source_start, (piece.end - piece.start) / self._fps, self._fps),
            "effects": effects_of(piece, kind, self._facts, self._report),
            "markers": self._on_clips.get(id(piece), []),
            "enabled": placed.enabled and not placed.facts.muted,
            "media_references": {"DEFAULT_MEDIA": self._media.reference(piece)},
            "active_media_reference_key": "DEFAULT_MEDIA",
        }

    def _compound(self, nest: Nest) -> Json:
        """Give a compound clip with its own timeline inside, at its own rate."""
        stack, about = nest.stack, kept_facts(nest.stack)
        inner = otio.schema.Timeline(stack.name)
        inner.tracks = stack.deepcopy()
        inner.tracks.source_range = None
        stated = rate_of_float(float(about.get("Sequence Fps") or float(self._fps)))
        facts = TimelineFacts(Rate.of(stated))
        rows = rows_of(inner, facts, self._report)
        tracks = _Document(rows, {}, facts, self._report)
        used = stack.source_range
        begin = Fraction(0) if used is None else from_rational_time(used.start_time)
        return {
            **_stack([tracks.track(row) for row in rows], []),
            "metadata": {DIALECT: about},
            "name": stack.name,
            "source_range": range_of(begin, (nest.end - nest.start) / self._fps, self._fps),
            "effects": kept_effects(stack),
            "enabled": bool(stack.enabled),
        }

    def _transition(self, joint: Joint, kind: str, row: Row) -> Json:
        kept, mix = kept_facts(joint.transition), MIXES[kind]
        name, kind_of = joint.transition.name, joint.transition.transition_type
        if not kept:
            name, kind_of = mix.name, "SMPTE_Dissolve"
            self._note_change(joint, kind, row)
            about = {"Effect Name": mix.effect, "Enabled": True, "Name": mix.shown}
            kept = {
                "Effects": {**about, "Parameters": _progress(joint, kind), "Type": mix.number},
                "Transition Type": mix.kind,
            }
        return {
            "OTIO_SCHEMA": "Transition.1",
            "metadata": {DIALECT: kept},
            "name": name,
            "in_offset": time_of(joint.before / self._fps, self._fps),
            "out_offset": time_of(joint.after / self._fps, self._fps),
            "transition_type": kind_of,
        }

    def _note_change(self, joint: Joint, kind: str, row: Row) -> None:
        transition = joint.transition
        if transition.transition_type not in ("SMPTE_Dissolve", ""):
            name = transition.name or transition.transition_type
            self._report.note("transition-made-dissolve", where=row.name, name=name)
        if kind == "audio" and joint.curve != "linear":
            self._report.note("fade-curve-changed", where=row.name, was=joint.curve, now="linear")


def _progress(joint: Joint, kind: str) -> list[Json]:
    """Give the curve by which a dissolve runs, which Resolve writes out from nothing to all."""
    if kind == "audio":
        return []
    keys = {"0": 0.0, str(joint.before + joint.after): 1.0}
    values = {frame: {"Value": value, "Variant Type": "Double"} for frame, value in keys.items()}
    return [parameter("transitionCustomCurvesKeyframes", 0.0, 0.0, 1.0, values)]


def _track_facts(row: Row, sound: bool) -> Json:
    about = {"Locked": False, **kept_facts(row.source.track)}
    if not sound:
        return about
    stated = str(about.get("Audio Type") or "").lower()
    if CHANNELS_OF_TYPES.get(stated) != row.width:
        about["Audio Type"] = row.track_type
    about["SoloOn"] = row.source.facts.soloed
    return about


def _link_groups(pieces: list[Piece]) -> dict[str, int]:
    """Number the groups of clips that belong together, from 1; a clip that is alone in its group belongs to nothing."""
    counts = Counter(piece.placed.facts.link_group for piece in pieces)
    groups = [name for name, count in counts.items() if name and count > 1]
    return {name: number for number, name in enumerate(groups, 1)}
