"""A log from a timeline: the rows that it was read from as they stand, and one row for each source of clips from elsewhere.

A log is a list of sources, not an edit: two clips of one file are one row from the first frame of the file to its last, or of
what is used of it where the timeline does not say how long the file is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, BinaryIO, Literal

from postsync.cueing import one_line
from postsync.formats import MARKS, Options, encode_text, known_encoding
from postsync.model import (
    Cue,
    MediaFacts,
    PlacedClip,
    PlacedTrack,
    TimelineFacts,
    character_name,
    placed_tracks,
    plain,
    timeline_characters,
    timeline_facts,
)
from postsync.report import Report
from postsync.sound import path_from_url
from postsync.sound.places import is_windows
from postsync.timing import Rate, as_rate, format_timecode, frame_at, seconds_of_frame
from postsync.wording import counted
from postsync_adapters.ale import columns as c
from postsync_adapters.ale.cues import CUE_COLUMNS, cues_outside_rows, reason_cell, rows_with_cues
from postsync_adapters.ale.log import cells_in_order, join_cells, parse_log, split_cells

Row = dict[str, str]

BASE = ("Name", "Tracks", "Start", "End", "Duration", "Tape", "Source File")
"""The columns of a log that we make; Media Composer refuses one without the first four."""

FURTHER = ("Source Path", "Scene", "Take", "Soundroll", "FPS", "Comments")
"""Columns that are only there when a row fills them."""


@dataclass(frozen=True)
class AleWriteOptions(Options):
    """How a log is written that was not read from one.

    `video_format` is what Media Composer takes for the project: `1080`, `720`, `NTSC`, `PAL`, `CUSTOM`. `encoding` is the
    file's. `cues`: `rows` adds a row for each cue at its place in the sequence, so that a bin of cues can be made of it.
    """

    video_format: str = "1080"
    encoding: str | None = None
    cues: Literal["none", "rows"] = "none"


@dataclass(frozen=True)
class Layout:
    """What the file looked like that the timeline was read from; ours where there was none."""

    heading: dict[str, str] = field(default_factory=dict)
    columns: tuple[str, ...] = ()
    head: str = ""
    delimiter: str = "\t"
    line_end: str = "\r\n"
    encoding: str = "utf-8"
    byte_order_mark: bool = False
    after: dict[str, str] = field(default_factory=dict)
    raw: dict[str, str] = field(default_factory=dict)


def write(timeline: Any, file: BinaryIO, report: Report, options: AleWriteOptions) -> None:
    """Write the sources of a timeline."""
    facts = timeline_facts(timeline)
    tracks = placed_tracks(timeline)
    logged = _logged_rows(tracks)
    made = _made_rows(tracks, facts, report)
    layout = _layout(timeline, bool(logged) or not made)
    logged = rows_with_cues(timeline, logged, layout.columns)
    made += _cue_rows(timeline, facts, report, options)
    columns = _columns(layout, [row for row, _ in made])
    lines = [_logged_line(number, row, layout, columns, report) for number, row in logged]
    lines += [_line(row, where, columns, layout, report) + layout.line_end for row, where in made]
    text = _head(layout, columns, facts, options) + "".join(lines)
    file.write(_bytes(text, layout, options, report))


def _layout(timeline: Any, is_log: bool) -> Layout:
    kept = plain(timeline.metadata.get("ale") or {})
    if not is_log or "head" not in kept:
        return Layout()
    known: dict[str, Any] = {name: kept[name] for name in Layout.__dataclass_fields__ if name in kept}
    known["columns"] = tuple(known.get("columns", ()))
    return Layout(**known)


def _bytes(text: str, layout: Layout, options: AleWriteOptions, report: Report) -> bytes:
    encoding = known_encoding(options.encoding) if options.encoding else layout.encoding
    mark = MARKS.get(encoding, b"") if layout.byte_order_mark else b""
    data = encode_text(text, encoding, mark)
    if data is None:
        report.note("text-encoding-changed", was=encoding, now="utf-8")
        return text.encode("utf-8", "replace")
    return data


# ---------------------------------------------------------------------------------------------------- rows that were read


def _clips(tracks: Iterable[PlacedTrack]) -> Iterable[tuple[PlacedTrack, PlacedClip]]:
    for track in tracks:
        for clip in track.clips:
            yield track, clip


def _logged_rows(tracks: list[PlacedTrack]) -> list[tuple[int, Row]]:
    """Give the rows that clips carry, each once, in the order of their numbers."""
    found: dict[tuple[int, tuple[tuple[str, str], ...]], Row] = {}
    for _, clip in _clips(tracks):
        block = plain(clip.clip.metadata.get("ale") or {})
        if "columns" in block:
            row = {str(key): str(cell) for key, cell in block["columns"].items()}
            found.setdefault((int(block.get("row", 0)), tuple(sorted(row.items()))), row)
    return [(number, row) for (number, _), row in sorted(found.items(), key=lambda one: one[0][0])]


def _logged_line(number: int, row: Row, layout: Layout, columns: tuple[str, ...], report: Report) -> str:
    after = layout.after.get(str(number), layout.line_end)
    raw = layout.raw.get(str(number))
    if raw is not None and list(split_cells(raw, layout.delimiter)) == cells_in_order(row, columns):
        return raw + after
    return _line(row, row.get("Name", ""), columns, layout, report) + after


def _line(row: Row, where: str, columns: tuple[str, ...], layout: Layout, report: Report) -> str:
    cells: list[str] = []
    for cell in cells_in_order(row, columns):
        clean = one_line(cell) if any(letter in cell for letter in "\t\r\n") else cell
        if clean != cell:
            report.note("text-replaced", where=where, was=repr(cell), now=repr(clean))
        cells.append(clean)
    return join_cells(cells, layout.delimiter)


# ------------------------------------------------------------------------------------------------------------------ head


def _columns(layout: Layout, made: list[Row]) -> tuple[str, ...]:
    """Give the columns that were there, and those that rows from elsewhere need."""
    if layout.head and not made:
        return layout.columns
    filled = {key for row in made for key, cell in row.items() if cell}
    wanted = [*BASE, *(key for key in (*FURTHER, *CUE_COLUMNS) if key in filled)]
    here = {c.folded(key) for key in layout.columns}
    return (*layout.columns, *(key for key in wanted if c.folded(key) not in here))


def _head(layout: Layout, columns: tuple[str, ...], facts: TimelineFacts, options: AleWriteOptions) -> str:
    """Give what was there before the first row, unless somebody changed a heading or rows need further columns."""
    if layout.head:
        log = parse_log(layout.head)
        if dict(log.headings) == layout.heading and log.keys == columns:
            return layout.head
        headings = {**{key: layout.heading[key] for key, _ in log.headings if key in layout.heading}, **layout.heading}
        names = (*log.columns, *columns[len(log.columns) :]) if log.keys == columns[: len(log.keys)] else columns
    else:
        headings, names = _headings(facts, options), columns
    end = layout.line_end
    lines = ["Heading", *(f"{key}\t{value}" for key, value in headings.items()), ""]
    return end.join([*lines, "Column", join_cells(names, layout.delimiter), "", "Data", ""])


def _headings(facts: TimelineFacts, options: AleWriteOptions) -> dict[str, str]:
    kilohertz = Fraction(facts.sample_rate or 48000, 1000)
    return {
        "FIELD_DELIM": "TABS",
        "VIDEO_FORMAT": options.video_format,
        "AUDIO_FORMAT": f"{int(kilohertz)}khz",
        "FPS": facts.rate.with_drop(False).name,
    }


# --------------------------------------------------------------------------------------------------- rows that we make


@dataclass(frozen=True)
class _Source:
    """One source of a timeline: the clip that it was first met in, its tracks and its span in seconds of its timecode."""

    clip: PlacedClip
    picture: bool
    sound: tuple[int, ...]
    start: Fraction
    end: Fraction
    clips: int = 1


def _made_rows(tracks: list[PlacedTrack], facts: TimelineFacts, report: Report) -> list[tuple[Row, str]]:
    """Make a row for each source of the clips that no log is behind."""
    sources: dict[tuple[str, ...], _Source] = {}
    for track, clip in _clips(tracks):
        if "ale" not in clip.clip.metadata:
            key = _key(clip)
            source = _source(track, clip)
            sources[key] = _joined(sources[key], source) if key in sources else source
    clips = sum(source.clips for source in sources.values())
    if clips > len(sources):
        report.note("edit-left-out", clips=clips, sources=len(sources))
    return [(_row(source, facts, report), source.clip.clip.name) for source in sources.values()]


def _key(clip: PlacedClip) -> tuple[str, ...]:
    """Tell sources apart: by file, by id, else by tape and name."""
    media = clip.media
    if clip.url:
        return ("file", path_from_url(clip.url))
    if media.uid:
        return ("id", media.uid)
    return ("tape", media.tape or "", media.name or clip.clip.name)


def _source(track: PlacedTrack, clip: PlacedClip) -> _Source:
    start, end = clip.source_start, clip.source_start + clip.duration * abs(clip.facts.speed)
    if clip.media_duration:
        start, end = clip.media_start, clip.media_start + clip.media_duration
    sound = clip.facts.channels or tuple(range(1, (clip.media.channels or 1) + 1))
    return _Source(clip, track.kind != "audio", sound if track.kind == "audio" else (), start, end)


def _joined(one: _Source, other: _Source) -> _Source:
    return replace(
        one,
        picture=one.picture or other.picture,
        sound=tuple(sorted({*one.sound, *other.sound})),
        start=min(one.start, other.start),
        end=max(one.end, other.end),
        clips=one.clips + 1,
    )


def _row(source: _Source, facts: TimelineFacts, report: Report) -> Row:
    media, extra = source.clip.media, source.clip.facts.extra
    rate = _media_rate(media, facts.rate)
    path = path_from_url(source.clip.url) if source.clip.url else ""
    folder, _, name = path.rpartition("/")
    row = {
        "Name": source.clip.clip.name or media.name or name,
        "Tracks": c.tracks_text(source.picture, source.sound),
        **_times(source.start, source.end, rate, source.clip.clip.name, report),
        "Tape": (media.tape or "") if source.picture else "",
        "Soundroll": "" if source.picture else (media.tape or ""),
        "Source File": name or media.name or "",
        "Source Path": f"{folder}/" if folder.startswith("/") or is_windows(folder) else "",
        "FPS": "" if rate.fps == facts.rate.fps else rate.with_drop(False).name,
        "Scene": str(extra.get("scene") or ""),
        "Take": str(extra.get("take") or ""),
        "Comments": source.clip.facts.note or "",
    }
    return {key: one_line(cell) for key, cell in row.items()}


def _media_rate(media: MediaFacts, rate: Rate) -> Rate:
    """Give the rate that the source counts at: a picture's own, ours for sound."""
    if media.rate is None or media.kind == "sound":
        return rate
    own = as_rate(media.rate)
    return own.with_drop(media.drop_frame and own.can_drop)


def _times(start: Fraction, end: Fraction, rate: Rate, where: str, report: Report) -> Row:
    first = frame_at(start, rate)
    last = -frame_at(-end, rate)
    moved = seconds_of_frame(first, rate) - start
    if moved:
        report.note("time-rounded", where=where, moved_by=moved, grid="frame", moved=f"{float(-moved):.4f} s")
    return {
        "Start": format_timecode(first, rate),
        "End": format_timecode(last, rate),
        "Duration": format_timecode(last - first, rate),
    }


def _cue_rows(timeline: Any, facts: TimelineFacts, report: Report, options: AleWriteOptions) -> list[tuple[Row, str]]:
    """Make a row for each cue that none is behind, where asked; else say that they are not there."""
    cues = [cue for _, cue in cues_outside_rows(timeline)]
    if options.cues == "none":
        if cues:
            words = counted(len(cues), "cue")
            report.note("feature-not-carried", feature=words, format="Avid Log Exchange", count=len(cues))
        return []
    cast = timeline_characters(timeline)
    return [(_cue_row(cue, cast, timeline.name, facts, report), cue.number or cue.uid) for cue in cues]


def _cue_row(cue: Cue, cast: Mapping[str, Any], tape: str, facts: TimelineFacts, report: Report) -> Row:
    who = character_name(dict(cast), cue)
    last = max(cue.record_in + 1, cue.record_out or 0)
    start, end = (seconds_of_frame(facts.start_frame + frame, facts.rate) for frame in (cue.record_in, last))
    row = {
        "Name": " ".join(part for part in (cue.number, who) if part) or cue.uid,
        "Tracks": "V",
        **_times(start, end, facts.rate, cue.number or cue.uid, report),
        "Tape": tape,
        "Scene": cue.scene,
        "ADR Cue": cue.number,
        "Character": who,
        "Line": cue.line,
        "Reason": reason_cell(cue),
        "Cue Note": cue.note,
        "Cue In": facts.label(cue.record_in),
        "Cue Out": "" if cue.record_out is None else facts.label(cue.record_out),
        "Cue UID": cue.uid,
    }
    return {key: one_line(cell or "") for key, cell in row.items()}
